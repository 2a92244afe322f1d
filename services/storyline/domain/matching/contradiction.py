"""What says that an article or a story isn't of a story's event, however many words they share.

News repeats itself: weekly figures, columns under one title, the same cup final every year. Words can't tell these
from news that goes on; dates and figures can. Each rule was looked at on the labelled sets: of 800 right joins none
is one of these, of the wrong ones some are.
"""

from collections.abc import Set

from .facts import Facts, Kind

JOIN_GAP_DAYS_MAX = 60
"""What comes so long after a story's last article is another story, whatever its words."""
SERIES_TITLE_MIN, SERIES_TEXT_MAX, SERIES_GAP_DAYS_MIN = 0.8, 0.6, 0.5
"""The title again on another day, above another text: a column, a digest, a live blog."""
KNOWN_TITLE_MIN, KNOWN_TITLE_TEXT_MAX = 0.99, 0.4
"""The same, if only some of the story's articles have the title."""
FIGURES_MIN, FIGURES_GAP_DAYS_MIN = 2, 0.5
ONE_FIGURE_GAP_DAYS_MIN = 2.0
"""On one day different figures are different sides of one event, or it goes on; days later one of them comes again."""
PERIOD_TITLE_MIN, PERIOD_GAP_DAYS_MIN = 0.4, 3.0
"""Titles that are otherwise alike, and another month or year."""
NAMES_MIN = 2


def contradictions(
    mine: Facts, theirs: Facts, *,
    gap_days: float | None, title: float, coverage: float, nearest: float, with_body: bool,
) -> tuple[str, ...]:  # fmt: skip
    """What contradicts: of `distance`, `series`, `figures`, `period`. `gap_days` None: a side is undated."""
    if gap_days is None or gap_days < FIGURES_GAP_DAYS_MIN:
        return ()
    found = []
    if gap_days > JOIN_GAP_DAYS_MAX:
        found.append("distance")
    same_title = title >= SERIES_TITLE_MIN and nearest < SERIES_TEXT_MAX
    known_title = coverage >= KNOWN_TITLE_MIN and nearest < KNOWN_TITLE_TEXT_MAX
    if with_body and gap_days >= SERIES_GAP_DAYS_MIN and (same_title or known_title):
        found.append("series")
    if _figures_differ(mine.all(Kind.FIGURE), theirs.all(Kind.FIGURE), gap_days):
        found.append("figures")
    if title >= PERIOD_TITLE_MIN and gap_days >= PERIOD_GAP_DAYS_MIN:
        periods, others = mine.all(Kind.PERIOD), theirs.all(Kind.PERIOD)
        if periods and others and not periods & others:
            found.append("period")
    return tuple(found)


def merge_contradictions(mine: Facts, theirs: Facts) -> tuple[str, ...]:
    """What contradicts two stories being one, beside `contradictions`: of `places`, `names`.

    Places are those the wire itself gives; names those that at least half of a side's articles carry. A merge can't
    be taken back by the articles that follow, so that it is refused where an article would still join.
    """
    found = []
    places, others = mine.all(Kind.PLACE), theirs.all(Kind.PLACE)
    if places and others and not places & others:
        found.append("places")
    names, their_names = mine.usual(Kind.NAME), theirs.usual(Kind.NAME)
    if min(len(names), len(their_names)) >= NAMES_MIN and not (
        names & theirs.all(Kind.NAME) or their_names & mine.all(Kind.NAME)
    ):
        found.append("names")
    return tuple(found)


def _figures_differ(mine: Set[int], theirs: Set[int], gap_days: float) -> bool:
    fewest = min(len(mine), len(theirs))
    enough = FIGURES_MIN if gap_days < ONE_FIGURE_GAP_DAYS_MIN else 1
    return fewest >= enough and not mine & theirs
