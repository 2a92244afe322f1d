"""What the charts show: each group's lag and verdict over the last hours, a point a minute or so, in a bounded ring."""

import math
from array import array
from collections.abc import Iterator
from typing import NamedTuple

from ...domain.lag.status import Status
from .view import View

POINTS = 360
"""Kept for each group: 28 bytes a point, about 5 MB for 500 groups."""
SHOWN_LEAST_SECONDS = 600.0
"""A chart is never shorter, however short a time we have looked."""


class Point(NamedTuple):
    """One sample; `seconds` None where the age wasn't known."""

    at_seconds: float
    lag: int
    seconds: float | None
    status: Status


class _Ring:
    __slots__ = ("lag", "seconds", "status", "times")

    def __init__(self) -> None:
        self.times, self.lag, self.seconds = array("d"), array("d"), array("d")
        self.status = array("b")

    def add(self, at: float, lag: int, seconds: float | None, status: Status) -> None:
        self.times.append(at)
        self.lag.append(lag)
        self.seconds.append(math.nan if seconds is None else seconds)
        self.status.append(status)
        if len(self.times) > POINTS:
            del self.times[0], self.lag[0], self.seconds[0], self.status[0]


class History:
    """Samples views. A group that is gone is kept until its last point is too old to be shown."""

    def __init__(self, hours: float) -> None:
        self.seconds = hours * 3600
        self.step_seconds = self.seconds / POINTS
        self._rings: dict[str, _Ring] = {}
        self._worst: dict[str, tuple[int, float | None, Status]] = {}
        self._sampled = -math.inf
        self._looked: tuple[float, float] | None = None
        """The times of the first look and of the last."""

    @property
    def shown_seconds(self) -> float:
        """How long a time a chart shows: as long as we have looked, within bounds."""
        first, last = self._looked or (0.0, 0.0)
        return min(self.seconds, max(SHOWN_LEAST_SECONDS, last - first))

    def add(self, view: View) -> None:
        """Take a look in; between two samples the worst one of each group is kept, so that no spike is missed."""
        self._looked = (self._looked[0] if self._looked else view.at_seconds, view.at_seconds)
        for name, group in view.groups.items():
            self._worst[name] = _worse(self._worst.get(name), (group.lag, group.seconds, group.status))
        if view.at_seconds - self._sampled < self.step_seconds:
            return
        self._sampled = view.at_seconds
        for name, (lag, seconds, status) in self._worst.items():
            self._rings.setdefault(name, _Ring()).add(view.at_seconds, lag, seconds, status)
        self._worst = {}
        oldest = view.at_seconds - self.seconds
        self._rings = {name: ring for name, ring in self._rings.items() if ring.times[-1] >= oldest}

    def points(self, group: str) -> Iterator[Point]:
        """The group's samples, oldest first, and what was seen since the last of them."""
        ring = self._rings.get(group) or _Ring()
        for at, lag, seconds, status in zip(ring.times, ring.lag, ring.seconds, ring.status, strict=True):
            yield Point(at, int(lag), None if math.isnan(seconds) else seconds, Status(status))
        if self._looked is not None and group in self._worst:
            yield Point(self._looked[1], *self._worst[group])


def _worse(
    one: tuple[int, float | None, Status] | None, other: tuple[int, float | None, Status]
) -> tuple[int, float | None, Status]:
    if one is None:
        return other
    known = [each for each in (one[1], other[1]) if each is not None]
    return max(one[0], other[0]), max(known, default=None), max(one[2], other[2])
