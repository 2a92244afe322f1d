"""Burrow's rules, one by one and in their order. Windows are written as offset@second/lag."""

import pytest

from storyline.domain.lag.rules import Commit, evaluate
from storyline.domain.lag.status import Status, group_status


def window(text: str) -> list[Commit]:
    commits = []
    for each in text.split():
        offset, _, rest = each.partition("@")
        at, _, lag = rest.partition("/")
        commits.append(Commit(int(offset), float(at), int(lag)))
    return commits


STEADY = "10@0/5 20@10/5 30@20/5 40@30/5"


@pytest.mark.parametrize(
    ("rule", "commits", "lag", "now", "ends", "status"),
    [
        ("nothing seen", "", 5, 0, [], Status.NOT_FOUND),
        ("no lag now", "10@0/5 10@10/5 10@20/5", 0, 500, [100], Status.OK),
        ("wiki 1: no lag once in the window", "10@0/5 20@10/0 30@20/5", 5, 21, [99], Status.OK),
        ("wiki 2: the offset stays, the lag grows", "10@0/5 10@10/6 10@20/7", 7, 21, [99], Status.STALL),
        ("wiki 2: the offset stays, the lag too", "10@0/5 10@10/5 10@20/5", 5, 21, [99], Status.STALL),
        ("wiki 3: the offset goes on, the lag grows", "10@0/5 20@10/6 30@20/7", 7, 21, [99], Status.WARNING),
        ("wiki 3: the offset goes on, the lag stays", STEADY, 5, 31, [99], Status.WARNING),
        ("wiki 3: the lag shrinks once", "10@0/5 20@10/4 30@20/7", 7, 21, [99], Status.OK),
        ("wiki 4: silence longer than the window", STEADY, 5, 61, [99], Status.STOP),
        ("wiki 4: silence as long as the window", STEADY, 5, 60, [99], Status.WARNING),
        ("wiki 4: silence, though once without lag", "10@0/0 20@10/0 30@20/5", 5, 41, [99], Status.STOP),
        ("pull 338: at the end a moment ago", "10@0/0 20@10/0 30@20/0", 5, 300, [30, 30, 35], Status.OK),
        ("pull 338: at the end too long ago", "10@0/0 20@10/0 30@20/0", 5, 300, [31, 33, 35], Status.STOP),
        ("rewind: an offset goes back", "10@0/5 20@10/5 15@20/9", 9, 21, [99], Status.REWIND),
        ("rewind is worse than a stall", "20@0/5 10@10/5 10@20/9 10@30/9", 9, 31, [99], Status.REWIND),
        ("pull 716: rewound from the end", "20@0/0 20@10/0 2@20/18", 18, 21, [20], Status.REWIND),
        ("pull 716: back where it was", "20@0/5 10@10/15 20@20/5", 5, 21, [99], Status.OK),
        ("rewound, then silent", "20@0/5 10@10/15", 15, 30, [99], Status.STOP),
    ],
)
def test_a_rule(rule: str, commits: str, lag: int, now: float, ends: list[int], status: Status) -> None:
    assert evaluate(window(commits), lag, ends, now) is status


@pytest.mark.parametrize(
    ("partitions", "group"),
    [
        ([], Status.NOT_FOUND),
        ([Status.NOT_FOUND], Status.NOT_FOUND),
        ([Status.NOT_FOUND, Status.OK], Status.OK),
        ([Status.OK, Status.WARNING], Status.WARNING),
        ([Status.WARNING, Status.STOP], Status.ERROR),
        ([Status.STALL], Status.ERROR),
        ([Status.OK, Status.REWIND], Status.ERROR),
        ([Status.ERROR], Status.ERROR),
    ],
)
def test_a_group_is_as_bad_as_its_worst_partition_and_never_worse_than_error(
    partitions: list[Status], group: Status
) -> None:
    assert group_status(partitions) is group


def test_verdicts_have_the_names_and_numbers_of_burrow() -> None:
    expected = ["NOTFOUND", "OK", "WARN", "ERR", "STOP", "STALL", "REWIND"]
    assert [status.in_burrow for status in sorted(Status)] == expected
    assert [int(status) for status in sorted(Status)] == list(range(7))
