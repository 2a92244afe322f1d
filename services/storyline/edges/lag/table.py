"""A look as a table: the columns of Kafka's `kafka-consumer-groups.sh --describe`, and seconds, status, log start."""

from collections.abc import Mapping, Sequence

from ...domain.lag.measures import in_words
from ...domain.lag.status import Status
from .view import GroupView, PartitionView, View, span

HEAD = (
    "GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "SECONDS", "STATUS", "LOG-START",
    "CONSUMER-ID", "HOST", "CLIENT-ID",
)  # fmt: skip
_LEAST = ("CLIENT-ID", "HOST", "LOG-START", "CONSUMER-ID")
"""What a narrow terminal does without, first to last: none of it says how far behind a group is."""
_SHORT = {"PARTITION": "PART", "CURRENT-OFFSET": "CURRENT", "LOG-END-OFFSET": "LOG-END"}
"""What some columns are called where there is no room for more."""
_TO_THE_RIGHT = {"PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "SECONDS", "LOG-START"}
NOTHING_YET = "NOTHING YET"
TEXT_MAX = 80
"""Longest name shown; groups and clients choose their own."""


def table(view: View, columns: int | None = None) -> str:
    """All groups' partitions, then a line for each group, then what a person should know.

    `columns`: the terminal's width, in which the partitions then stand without what has no room; None: all of it.
    """
    rows = [_cells(group, row) for group in view.groups.values() for row in group.partitions]
    lines = [*_fitting(rows, columns), ""] if rows else []
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


def _fitting(rows: Sequence[tuple[str, ...]], columns: int | None) -> list[str]:
    """The partitions under their heads, as many columns of them as the width holds."""
    shown = dict(zip(HEAD, zip(HEAD, *rows, strict=True), strict=True))
    left: list[str] = []
    for least in _LEAST:
        if columns is None or _width(shown) <= columns:
            break
        del shown[least]
        left.append(least)
    if columns is not None and _width(shown) > columns:
        shown = {name: (_SHORT.get(name, name), *cells[1:]) for name, cells in shown.items()}
    lines = _aligned(shown)
    return [*lines, f"(no room for {', '.join(name for name in HEAD if name in left)})"] if left else lines


def _width(shown: Mapping[str, Sequence[str]]) -> int:
    return sum(max(map(len, cells)) + 1 for cells in shown.values()) - 1


def _aligned(shown: Mapping[str, Sequence[str]]) -> list[str]:
    """Lines of the columns in `shown`, each by its name with its head and cells."""
    padded = [
        [cell.rjust(width) if name in _TO_THE_RIGHT else cell.ljust(width) for cell in cells]
        for name, cells in shown.items()
        for width in [max(map(len, cells))]
    ]
    return [" ".join(line).rstrip() for line in zip(*padded, strict=True)]


def _summary(group: GroupView) -> str:
    said = [f"{plain(group.name)}: {group.status.shown}", f"lag {group.lag}"]
    if group.seconds is not None:
        said.append(f"behind {in_words(group.seconds)}")
    said.append(f"in {group.rate_in:.1f}/s, out {group.rate_out:.1f}/s")
    if group.lag and group.catch_up_seconds:
        said.append(f"caught up in {span(group.catch_up_seconds)}")
    said.append(f"{group.state or 'state unknown'}, {_of(group.members, 'member')}")
    if group.rebalances:
        said.append(f"{_of(group.rebalances, 'rebalance')} seen")
    return "; ".join(said)


def _of(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
