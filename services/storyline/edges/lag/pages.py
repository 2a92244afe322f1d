"""The pages: all groups, worst first, and one group with its charts and partitions. HTML and SVG without script.

Names of groups, topics and clients are chosen by strangers: every one is escaped, and the Content-Security-Policy
allows nothing but our own style sheet.
"""

from html import escape
from urllib.parse import quote

from ...domain.lag.measures import in_words
from ...domain.lag.status import Status
from .chart import chart, spark
from .history import History, Point
from .view import GroupView, PartitionView, View, span

GROUPS_SHOWN = 500
ROWS_SHOWN = 2_000
REFRESH_SECONDS = 10

STYLE = """
:root{--ink:#1b1b1a;--paper:#fdfcf9;--dim:#5c5a55;--rule:#d9d5cc;--line:#1d5fa8;--bad:#b3261e;--warn:#8a5a00;--ok:#2d6a3e}
@media(prefers-color-scheme:dark){:root{--ink:#eceae4;--paper:#161615;--dim:#a8a49b;--rule:#3a3935;--line:#7fb4f0;
--bad:#ff8a80;--warn:#f0c060;--ok:#8fd0a0}}
body{margin:0 auto;padding:1.5rem;max-width:76rem;font:16px/1.5 system-ui,sans-serif}
body{color:var(--ink);background:var(--paper)}
a{color:var(--line)}h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:1.5rem 0 .25rem}
p{margin:.25rem 0}.dim,caption{color:var(--dim);text-align:left}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;text-align:left;border-bottom:1px solid var(--rule);vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;color:var(--dim);overflow-wrap:normal}td:first-child{min-width:9rem}.n{text-align:right;white-space:nowrap}
.s{font-weight:600;white-space:nowrap}.ok{color:var(--ok)}.warning{color:var(--warn)}.error{color:var(--bad)}.none{color:var(--dim)}
.chart{width:100%;height:auto;max-width:60rem;display:block}.spark{width:7.5rem;height:1.5rem}
.line{fill:none;stroke:var(--line);stroke-width:2}.spark .line{stroke-width:1.5}.grid{stroke:var(--rule);stroke-width:1}
.axis{fill:var(--dim);font-size:11px}rect.error{fill:var(--bad)}rect.warning{fill:var(--warn)}
ul{margin:.25rem 0;padding-left:1.2rem}
"""

_NUMBERS = ("Behind#", "Lag#", "In#", "Out#", "Caught up in#")
_KINDS = {Status.NOT_FOUND: "none", Status.OK: "ok", Status.WARNING: "warning"}


def index(view: View | None, history: History, problem: str) -> str:
    """All groups. `problem`: why there is no newer look; empty if all is well."""
    if view is None:
        return _page("Consumer lag", f"<p>No look yet. {escape(problem)}</p>")
    groups = sorted(view.groups.values(), key=lambda group: (-group.status, -(group.seconds or 0), group.name))
    rows = "".join(_group_row(group, history) for group in groups[:GROUPS_SHOWN])
    more = f"<p>{len(groups) - GROUPS_SHOWN} more groups are in /metrics and /api/lag.</p>" * (
        len(groups) > GROUPS_SHOWN
    )
    head = _head("Group", "Status", *_NUMBERS, "Members", f"Last {in_words(history.shown_seconds)}")
    return _page(
        "Consumer lag",
        f"<p class=dim>{len(groups)} groups, looked at in {view.took_seconds:.2f} s. Worst first.</p>"
        f"{_problems(view, problem)}{_table(head, rows)}{more}",
    )


def group_page(group: GroupView, view: View, history: History, problem: str) -> str:
    """One group."""
    points = list(history.points(group.name))
    notes = "".join(f"<li>{escape(note)}</li>" for note in group.notes)
    head = _head(
        "Topic", "Partition#", "Status", "Behind#", "Lag#", "Committed#", "Start#", "End#", "In#", "Out#", "Owner"
    )
    rows = "".join(_partition_row(row) for row in group.partitions[:ROWS_SHOWN])
    left = len(group.partitions) - ROWS_SHOWN
    return _page(
        group.name,
        f"<p><a href='/'>All groups</a></p><p>{_status(group.status)} · behind {span(group.seconds)} · lag {group.lag}"
        f" · in {group.rate_in:.1f}/s, out {group.rate_out:.1f}/s · caught up in {_catching_up(group)}"
        f" · {escape(group.state)}, {group.members} members, {group.rebalances} rebalances seen</p>"
        f"{_problems(view, problem)}{f'<ul>{notes}</ul>' if notes else ''}"
        f"<h2>Age of the first unread message</h2>{_seconds_chart(points, view, history)}"
        f"<h2>Messages to read</h2>{_messages_chart(points, view, history)}"
        f"<h2>Partitions</h2>{_table(head, rows)}"
        + (f"<p>{left} more partitions are in /api/lag.</p>" if left > 0 else ""),
    )


def missing(name: str) -> str:
    """For a group that the last look didn't find."""
    return _page("No such group", f"<p>{escape(name)} is not among the groups. <a href='/'>All groups</a></p>")


def address(group: str) -> str:
    """Where a group's page is."""
    return f"/group?name={quote(group, safe='')}"


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">'
        f'<title>{escape(title)} · Storyline lag</title><link rel="stylesheet" href="/style.css"></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def _head(*names: str) -> str:
    """A head row; `#` marks a column of numbers."""
    return "".join(f"<th class=n>{name[:-1]}" if name.endswith("#") else f"<th>{name}" for name in names)


def _table(head: str, rows: str) -> str:
    return f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"


def _problems(view: View, problem: str) -> str:
    lines = [*view.problems, *([f"The figures are old: {problem}"] if problem else [])]
    return "".join(f"<p class=error>{escape(line)}</p>" for line in lines)


def _group_row(group: GroupView, history: History) -> str:
    line = spark(list(history.points(group.name)), lambda point: point.seconds)
    notes = "".join(f"<br><span class=dim>{escape(note)}</span>" for note in group.notes[:2])
    return (
        f"<tr><td><a href='{escape(address(group.name))}'>{escape(group.name) or '(empty name)'}</a>{notes}"
        f"<td>{_status(group.status)}<td class=n>{span(group.seconds)}<td class=n>{group.lag}"
        f"<td class=n>{group.rate_in:.1f}/s<td class=n>{group.rate_out:.1f}/s<td class=n>{_catching_up(group)}"
        f"<td>{escape(group.state)}, {group.members}<td>{line}</tr>"
    )


def _partition_row(row: PartitionView) -> str:
    owner = f"{escape(row.client)} {escape(row.host)}".strip() or "-"
    behind = ("≤ " if row.at_most and row.seconds is not None else "") + span(row.seconds)
    numbers = "".join(f"<td class=n>{'-' if each is None else each}" for each in (row.committed, row.start, row.end))
    rates = "".join(f"<td class=n>{'-' if each is None else f'{each:.1f}/s'}" for each in (row.rate_in, row.rate_out))
    return (
        f"<tr><td>{escape(row.topic)}<td class=n>{row.partition}<td>{_status(row.status)}<td class=n>{behind}"
        f"<td class=n>{'-' if row.lag is None else row.lag}{numbers}{rates}<td>{owner}</tr>"
    )


def _status(status: Status) -> str:
    return f'<span class="s {_KINDS.get(status, "error")}">{status.shown}</span>'


def _catching_up(group: GroupView) -> str:
    return "0 s" if not group.lag else span(group.catch_up_seconds)


def _seconds_chart(points: list[Point], view: View, history: History) -> str:
    shown = history.shown_seconds
    label = f"Age of the first unread message over the last {in_words(shown)}"
    return chart(points, lambda point: point.seconds, label, in_words, view.at_seconds, shown, of_seconds=True)


def _messages_chart(points: list[Point], view: View, history: History) -> str:
    shown = history.shown_seconds
    label = f"Messages to read over the last {in_words(shown)}"
    return chart(points, lambda point: float(point.lag), label, _count, view.at_seconds, shown)


def _count(messages: float) -> str:
    """`1,500,000`, and of a small scale its steps: `0.25`."""
    return f"{messages:,.2f}".rstrip("0").rstrip(".")
