"""How far behind a group is."""

import pytest

from storyline.edges.lag.positions import Position, positions


@pytest.mark.parametrize(
    ("committed", "start", "end", "lag", "lost"),
    [(5, 0, 9, 4, 0), (9, 0, 9, 0, 0), (None, 3, 9, 6, 0), (2, 4, 9, 5, 2), (12, 0, 9, 0, 0), (None, 0, 0, 0, 0)],
)
def test_lag_counts_what_is_still_to_be_read(committed: int | None, start: int, end: int, lag: int, lost: int) -> None:
    position = Position("g", "articles", 0, committed, start, end)
    assert (position.lag, position.lost) == (lag, lost)


def test_every_partition_has_a_row_whether_committed_or_not() -> None:
    rows = positions("g", {("articles", 1): 4}, {}, {("articles", 1): 4, ("articles", 0): 2})
    assert [(row.partition, row.committed, row.lag) for row in rows] == [(0, None, 2), (1, 4, 0)]
