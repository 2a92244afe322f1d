"""A histogram as plain numbers: what observing costs is one bisection."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence


class Histogram:
    """`bounds` rise; a value on a bound falls into its bucket (Prometheus' `le`). The last bucket has no bound."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        return sum(self.counts)

    def cumulative(self) -> Iterator[tuple[str, int]]:
        """(`le`, observations up to it), ending with `+Inf`."""
        seen = 0
        for bound, count in zip((*map(str, self.bounds), "+Inf"), list(self.counts), strict=True):
            seen += count
            yield bound, seen
