"""The table of `storyline lag`, piped and in terminals of several widths."""

from storyline.domain.lag.status import Status
from storyline.edges.lag.table import table
from storyline.edges.lag.view import GroupView, PartitionView, View

OWNER = "storyline.matcher-0b0c5d1e-5f6a-4d0e-9b5e-6f1c2d3e4f5a"


def of_one_group(members: int = 1) -> View:
    row = PartitionView(
        "articles", 0, committed=1_234_567, start=0, end=1_234_599, status=Status.OK, lag=32, seconds=4.2,
        member=OWNER, client="storyline.matcher", host="127.0.0.1",
    )  # fmt: skip
    group = GroupView("storyline.matcher", "Stable", members=members, partitions=[row], status=Status.OK, lag=32)
    return View(0.0, 0.0, {group.name: group}, {})


def test_what_is_piped_has_every_column() -> None:
    head, row, *_ = table(of_one_group()).splitlines()
    assert head.split()[-4:] == ["LOG-START", "CONSUMER-ID", "HOST", "CLIENT-ID"]
    assert OWNER in row


def test_a_terminal_gets_the_columns_it_has_room_for_and_is_told_which_are_missing() -> None:
    for columns in (80, 100, 120, 160):
        head, row, *rest = table(of_one_group(), columns).splitlines()
        assert max(len(head), len(row)) <= columns
        assert {"GROUP", "TOPIC", "LAG", "SECONDS", "STATUS"} <= set(head.split())
        assert rest[0].startswith("(no room for ") and "CLIENT-ID" in rest[0]


def test_a_wide_terminal_gets_all_of_it() -> None:
    assert table(of_one_group(), 250) == table(of_one_group())


def test_offsets_keep_their_place_under_short_heads() -> None:
    head, row, *_ = table(of_one_group(), 80).splitlines()
    assert head.split() == ["GROUP", "TOPIC", "PART", "CURRENT", "LOG-END", "LAG", "SECONDS", "STATUS"]
    assert head.index("CURRENT") + len("CURRENT") == row.index("1234567") + len("1234567")


def test_one_is_said_as_one() -> None:
    assert table(of_one_group()).endswith("Stable, 1 member")
    assert table(of_one_group(2)).endswith("Stable, 2 members")
