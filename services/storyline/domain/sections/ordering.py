"""The order of a section's sentences: those of one article as it has them, for who reads on knows what stood before."""

from collections.abc import Sequence

from . import blocks
from .drafts import Line
from .features import Features
from .introducing import introduced
from .update import Update


def put_in_order(update: Update) -> None:
    """Within each section that is written anew an article's sentences stand in its order, if all that they take as
    known still stands above them. What opens the section stays there, but for what its article has right before it."""
    above: list[Line] = []
    for draft in update.drafts.items:
        if draft.changed and not draft.locked and len(draft.lines) > 1:
            units = _units(draft.lines)
            opening = units[:1] if draft is update.drafts.items[0] else _opening(update, units)
            rest = [unit for unit in units if unit not in opening]
            for ordered in (_flat(opening, rest), _flat(units[:1], units[1:])):
                if ordered == draft.lines:
                    break
                if _stands(update, ordered, above):
                    draft.lines = ordered
                    break
        above += draft.lines


def _opening(update: Update, units: Sequence[list[Line]]) -> list[list[Line]]:
    """What opens a section, behind what its article has right before that, if it stands in the section and can open
    one, with what leans on it."""
    first = units[0][0].candidate
    for unit in units[1:] if first else ():
        candidate, last = unit[0].candidate, unit[-1].candidate
        before = last is not None and first is not None and last.key == (first.n, first.position - 1)
        if candidate and before and blocks.can_open(update.pool, candidate):
            return [unit, units[0]]
    return [units[0]]


def _flat(opening: Sequence[list[Line]], rest: Sequence[list[Line]]) -> list[Line]:
    """The lines of these units, of the rest those of each article in its order, on the places that this article has."""
    by_article: dict[int, list[list[Line]]] = {}
    for unit in rest:
        by_article.setdefault(_place(unit)[0], []).append(unit)
    turns = {n: iter(sorted(its, key=_place) if n else its) for n, its in by_article.items()}
    return [line for unit in (*opening, *(next(turns[_place(unit)[0]]) for unit in rest)) for line in unit]


def _place(unit: Sequence[Line]) -> tuple[int, int]:
    """The article and the place in it of a unit's first sentence."""
    first = unit[0].candidate
    return first.key if first else (0, 0)


def _units(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines, each with those behind it that lean on it."""
    units: list[list[Line]] = []
    for line in lines:
        if units and line.features.dependence:
            units[-1].append(line)
        else:
            units.append([line])
    return units


def _stands(update: Update, lines: Sequence[Line], above: Sequence[Line]) -> bool:
    """Whether all that sentences take as known stands above each."""
    shown: list[Features] = [line.features for line in above]
    there = [line.candidate for line in above if line.candidate]
    for line in lines:
        if line.candidate is not None:
            if not update.is_known(line.candidate, shown):
                return False
            if not line.features.dependence and not introduced(update.pool, line.features, there):
                return False
            there.append(line.candidate)
        shown.append(line.features)
    return True
