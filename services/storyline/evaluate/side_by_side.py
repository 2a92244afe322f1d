"""The worst false merges and false splits of a run, two stories beside each other, as an editor would read them."""

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from .protocol import Row, Run

SHOWN = 5
ARTICLES_SHOWN = 3
LEAD_CHARS = 160
GAP = "  │  "
FALSE_MERGE = "false merge: {articles} articles in one story, {wrong} of them of other stories"
FALSE_SPLIT = "false split: {articles} articles of one story lie in {parts} stories"


def errors(one: Run, columns: int = 120) -> Iterator[str]:
    """Lines of at most `columns` characters: the worst false merges, then the worst false splits."""
    yield from _worst(one, columns, one.found, one.gold, FALSE_MERGE)
    yield from _worst(one, columns, one.gold, one.found, FALSE_SPLIT)


def _worst(one: Run, columns: int, whole: Sequence[str], part: Sequence[str], said: str) -> Iterator[str]:
    """Of the groups by `whole`, those of which most lies outside the largest of their groups by `part`."""
    groups: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for group, side, row in zip(whole, part, one.rows, strict=True):
        groups[group][side].append(row)
    wrong = Counter({name: _outside(sides) for name, sides in groups.items()})
    for name, count in sorted(wrong.items(), key=lambda item: -item[1])[:SHOWN]:
        if count:
            sides = sorted(groups[name].values(), key=len, reverse=True)
            yield said.format(articles=sum(map(len, sides)), wrong=count, parts=len(sides))
            yield from beside(sides[0], sides[1], columns)


def _outside(sides: dict[str, list[Row]]) -> int:
    sizes = [len(rows) for rows in sides.values()]
    return sum(sizes) - max(sizes)


def beside(left: Sequence[Row], right: Sequence[Row], columns: int) -> Iterator[str]:
    """Two groups of articles in two columns, the first few of each."""
    width = max(20, (columns - len(GAP)) // 2)
    for one, other in zip_longest(_column(left, width), _column(right, width), fillvalue=""):
        yield f"{one:{width}}{GAP}{other}".rstrip()


def _column(rows: Sequence[Row], width: int) -> Iterator[str]:
    for row in rows[:ARTICLES_SHOWN]:
        when, where = str(row.get("published_at") or "undated")[:10], str(row.get("source") or "")
        yield f"{when} {where}"[:width]
        yield from textwrap.wrap(_plain(row.get("title")) or "(no title)", width)
        yield from textwrap.wrap(textwrap.shorten(_plain(row.get("body")), LEAD_CHARS, placeholder=" …"), width)
        yield ""
    if len(rows) > ARTICLES_SHOWN:
        yield f"and {len(rows) - ARTICLES_SHOWN} more"


def _plain(text: object) -> str:
    """On one line, without characters that a terminal would obey."""
    return " ".join("".join(char if char.isprintable() else " " for char in str(text or "")).split())
