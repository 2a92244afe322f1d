"""A look as a table: the columns of Kafka's `kafka-consumer-groups.sh --describe`, and seconds, status, log start."""

from collections.abc import Iterable, Sequence

from ...domain.lag.measures import in_words
from ...domain.lag.status import Status
from .view import GroupView, PartitionView, View, span

HEAD = (
    "GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "SECONDS", "STATUS", "LOG-START",
    "CONSUMER-ID", "HOST", "CLIENT-ID",
)  # fmt: skip
_TO_THE_RIGHT = {"PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "SECONDS", "LOG-START"}
NOTHING_YET = "NOTHING YET"
TEXT_MAX = 80
"""Longest name shown; groups and clients choose their own."""


def table(view: View) -> str:
    """All groups' partitions, then a line for each group, then what a person should know."""
    rows = [HEAD, *(_cells(group, row) for group in view.groups.values() for row in group.partitions)]
    lines = [*_aligned(rows), ""] if len(rows) > 1 else []
    for group in view.groups.values():
        lines.append(_summary(group))
        lines += [f"  {plain(note, 300)}" for note in group.notes]
    if not view.groups:
        lines.append("no group commits offsets in this cluster")
    return "\n".join(lines + [f"storyline: {problem}" for problem in view.problems])


def plain(text: str, most: int = TEXT_MAX) -> str:
    """Text that others chose, for a terminal: one line, no control characters, not endless."""
    shown = "".join(each if each.isprintable() else "?" for each in text)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _cells(group: GroupView, row: PartitionView) -> tuple[str, ...]:
    seconds = "-" if row.seconds is None else f"{'<=' if row.at_most else ''}{row.seconds:.1f}"
    return (
        plain(group.name), plain(row.topic), str(row.partition), _number(row.committed), _number(row.end),
        _number(row.lag), seconds, _status(row), _number(row.start), plain(row.member) or "-",
        f"/{plain(row.host)}" if row.host else "-", plain(row.client) or "-",
    )  # fmt: skip


def _status(row: PartitionView) -> str:
    """The verdict; of a partition that nobody has ever written to there is none to give."""
    never = row.status is Status.NOT_FOUND and row.end == 0
    return NOTHING_YET if never else row.status.shown


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    for row in rows:
        cells = (
            cell.rjust(width) if name in _TO_THE_RIGHT else cell.ljust(width)
            for name, cell, width in zip(HEAD, row, widths, strict=True)
        )
        yield " ".join(cells).rstrip()


def _summary(group: GroupView) -> str:
    said = [f"{plain(group.name)}: {group.status.shown}", f"lag {group.lag}"]
    if group.seconds is not None:
        said.append(f"behind {in_words(group.seconds)}")
    said.append(f"in {group.rate_in:.1f}/s, out {group.rate_out:.1f}/s")
    if group.lag and group.catch_up_seconds:
        said.append(f"caught up in {span(group.catch_up_seconds)}")
    said.append(f"{group.state or 'state unknown'}, {group.members} members")
    if group.rebalances:
        said.append(f"{group.rebalances} rebalances seen")
    return "; ".join(said)
