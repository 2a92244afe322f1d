"""What Burrow would say: its rules, replayed on the commits that lie in `__consumer_offsets`.

Burrow 1.2 can't talk to Kafka 4, so this reads what it would have read: every commit with the time the broker wrote,
and the ends of the logs at each refresh. It is written from Burrow's own description (wiki, "Consumer Lag Evaluation
Rules", and pull requests 338 and 716) and shares nothing with `storyline.domain.lag`, which it is compared with.
"""

from __future__ import annotations

import struct
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import TracebackType
from typing import NamedTuple, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

OFFSETS = "__consumer_offsets"
Place = tuple[str, int]


class Kept(NamedTuple):
    """A commit as Burrow stores it; `lag` against the end it knew when the commit came."""

    offset: int
    at_ms: int
    lag: int


class Burrow:
    """Its storage and its evaluator. `intervals`: commits, and ends of a log, that it keeps of each partition."""

    def __init__(self, intervals: int) -> None:
        self._ends: defaultdict[Place, deque[int]] = defaultdict(lambda: deque(maxlen=intervals))
        self._commits: defaultdict[tuple[str, Place], deque[Kept]] = defaultdict(lambda: deque(maxlen=intervals))

    def refresh(self, ends: Mapping[Place, int]) -> None:
        """The brokers' answer to one of its regular questions."""
        for place, end in ends.items():
            self._ends[place].append(end)

    def commit(self, group: str, place: Place, offset: int, at_ms: int) -> None:
        """A commit; dropped, as Burrow does, as long as it doesn't know the partition's end."""
        if self._ends[place]:
            self._commits[group, place].append(Kept(offset, at_ms, max(0, self._ends[place][-1] - offset)))

    def lag(self, group: str, place: Place) -> int | None:
        """Of the last commit against the last known end; None without a commit."""
        commits = self._commits.get((group, place))
        return max(0, self._ends[place][-1] - commits[-1].offset) if commits else None

    def status(self, group: str, place: Place, now_ms: float) -> str:
        """OK, WARN, STOP, STALL, REWIND, or NOTFOUND."""
        commits = self._commits.get((group, place))
        if not commits:
            return "NOTFOUND"
        if not self.lag(group, place):
            return "OK"
        return next((name for name, found in self._checks(list(commits), place, now_ms) if found), "OK")

    def _checks(self, commits: list[Kept], place: Place, now_ms: float) -> Iterator[tuple[str, bool]]:
        """The checks in Burrow's order; the first that holds decides."""
        silence, span = now_ms - commits[-1].at_ms, commits[-1].at_ms - commits[0].at_ms
        yield "STOP", silence > span and min(self._ends[place]) > commits[-1].offset
        highest = max((a.offset for a, b in pairwise(commits) if b.offset < a.offset), default=-1)
        yield "REWIND", commits[-1].offset < highest
        yield "OK", any(not each.lag for each in commits)
        yield "STALL", len({each.offset for each in commits}) == 1
        lags = [each.lag for each in commits]
        yield "WARN", lags == sorted(lags)


class Commits:
    """Reads `__consumer_offsets` from where it ends when this is entered. An async context manager."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._consumer = AIOKafkaConsumer(bootstrap_servers=address, group_id=None, auto_offset_reset="latest")

    async def __aenter__(self) -> Self:
        admin = AIOKafkaAdminClient(bootstrap_servers=self._address)
        await admin.start()
        described = await admin.describe_topics([OFFSETS])
        await admin.close()
        self._places = [TopicPartition(OFFSETS, each["partition"]) for each in described[0]["partitions"]]
        await self._consumer.start()
        self._consumer.assign(self._places)
        await self._consumer.seek_to_end(*self._places)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._consumer.stop()

    async def into(self, burrow: Burrow) -> None:
        """Hand over every commit that is there by now."""
        ends = await self._consumer.end_offsets(self._places)
        deadline = time.monotonic() + 30
        while any([await self._consumer.position(place) < end for place, end in ends.items()]):
            assert time.monotonic() < deadline, f"{OFFSETS} can't be read to its end"
            for records in (await self._consumer.getmany(timeout_ms=100)).values():
                for record in records:
                    found = commit_of(record.key, record.value)
                    if found is not None:
                        burrow.commit(*found)


def commit_of(key: bytes | None, value: bytes | None) -> tuple[str, Place, int, int] | None:
    """Group, place, offset and time in ms of one record; None if it is no commit (a member list, a deletion).

    Kafka's OffsetCommitKey (versions 0 and 1) and OffsetCommitValue (3, and 4 with its shorter strings).
    """
    if not key or not value or struct.unpack_from(">h", key)[0] > 1:
        return None
    group, at = _text(key, 2)
    topic, at = _text(key, at)
    (partition,) = struct.unpack_from(">i", key, at)
    version, offset, _ = struct.unpack_from(">hqi", value)
    assert version in (3, 4), f"a commit of version {version}"
    (length,) = struct.unpack_from(">h", value, 14) if version == 3 else (value[14] - 1,)
    (at_ms,) = struct.unpack_from(">q", value, (16 if version == 3 else 15) + length)
    return group, (topic, partition), offset, at_ms


def _text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from(">h", data, at)
    return data[at + 2 : at + 2 + length].decode(), at + 2 + length
