"""What says that an article or a story isn't of a story's event, however many words they share.

News repeats itself: weekly figures, columns under one title, the same cup final every year. Words can't tell these
from news that goes on; dates and figures can. Each rule was looked at on the labelled sets: of 800 right joins none
is one of these, of the wrong ones some are.
"""

from collections.abc import Collection

from .facts import SEVERAL, Facts, Kind

JOIN_GAP_DAYS_MAX = 60
"""What comes so long after a story's last article is another story, whatever its words."""
SERIES_TITLE_MIN, SERIES_TEXT_MAX = 0.95, 0.6
"""The title again on another day, above another text: a column, a digest, a live blog. A figure that has changed makes
it another title."""
KNOWN_TITLE_MIN, KNOWN_TITLE_TEXT_MAX = 0.99, 0.4
"""The same, if only some of the story's articles have the title."""
GAP_DAYS_MIN = 0.5
"""On one day what differs are the sides of one event, or it goes on."""
FIGURES = (
    # days apart, likeness of titles, figures on either side: at least; whether only exact ones count
    (0.8, 0.6, 2, True),
    (2.0, 0.6, 1, True),
    (5.0, 0.4, 2, True),
    (10.0, 0.4, 2, False),
)
"""When figures that are all others mean a series: rates of each day, prices of each week, a draw.

An event that goes on has other figures too: tolls and areas grow, a projection becomes a result. So exact figures are
asked for, in an article with the titles' pattern that comes in the series' rhythm. Whole numbers, which tolls are,
count only after a silence that nothing keeps of which tolls are told.
"""
FIGURES_GAP_DAYS_MIN, FIGURES_TITLE_MIN = min(rule[0] for rule in FIGURES), min(rule[1] for rule in FIGURES)
PERIOD_TITLE_MIN, PERIOD_GAP_DAYS_MIN = 0.4, 3.0
"""Another month or year in titles that are otherwise alike, above figures: a rate of each month. Where there are no
figures a month in a title is when something is to happen, and it is put off."""
TITLE_MIN = min(SERIES_TITLE_MIN, FIGURES_TITLE_MIN, PERIOD_TITLE_MIN)
NAMES_MIN = 2
SEVERAL_TEXT_MAX, SEVERAL_COPY_MIN, COLUMN_TITLE_MIN = 0.6, 0.8, 0.4
"""A text that tells of three things and more has at most 1/√3 in common with each, a good cosine, and the second with a
copy of its own. In between is a column of another day, with much of its title again."""


def several(*, gap_days: float, coverage: float, nearest: float) -> bool:
    """Whether what tells of several things isn't a copy: a summary, a horoscope is in the story of none of them.

    Both sides have a text. It contradicts whenever it comes, also on one day. `gap_days` is 0 if a side is undated.
    """
    if nearest >= SEVERAL_COPY_MIN:
        return False
    return nearest < SEVERAL_TEXT_MAX or (coverage >= COLUMN_TITLE_MIN and gap_days >= GAP_DAYS_MIN)


# Languages of today's news that aren't written in Latin letters, or not by everybody.
_OTHER_LETTERS = frozenset(
    (
        "am", "ar", "az", "be", "bg", "bn", "bs", "dv", "dz", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka",
        "kk", "km", "kn", "ko", "ks", "ku", "ky", "lo", "mk", "ml", "mn", "mr", "my", "ne", "or", "pa", "ps",
        "ru", "sd", "si", "sr", "ta", "te", "tg", "th", "ti", "tk", "ug", "uk", "ur", "uz", "yi", "yue", "zh",
        "und",
    )
)  # fmt: skip


def unshared(mine: Collection[str], theirs: Collection[str], *, cosine: float, title: float) -> bool:
    """Whether two sides with texts in other languages, all in Latin letters, haven't one word in common.

    Of one event they have a name or a figure in common: of 720 pairs of articles on one event in two of four languages
    each had two terms and more, of other pairs 44 % had none, however alike in meaning. `mine` and `theirs` are the
    languages (primary subtags).
    """
    return not cosine and not title and _OTHER_LETTERS.isdisjoint(mine) and _OTHER_LETTERS.isdisjoint(theirs)


def contradictions(
    mine: Facts, theirs: Facts, *,
    gap_days: float | None, title: float, coverage: float, nearest: float, with_body: bool,
) -> tuple[str, ...]:  # fmt: skip
    """What contradicts: of `distance`, `series`, `figures`, `period`. `gap_days` None: a side is undated."""
    if gap_days is None or gap_days < GAP_DAYS_MIN:
        return ()
    if gap_days <= JOIN_GAP_DAYS_MAX and title < TITLE_MIN and coverage < KNOWN_TITLE_MIN:  # no rule asks for less
        return ()
    found = []
    if gap_days > JOIN_GAP_DAYS_MAX:
        found.append("distance")
    same_title = title >= SERIES_TITLE_MIN and nearest < SERIES_TEXT_MAX
    known_title = coverage >= KNOWN_TITLE_MIN and nearest < KNOWN_TITLE_TEXT_MAX
    if with_body and (same_title or known_title):
        found.append("series")
    if _figures_differ(mine, theirs, gap_days, title):
        found.append("figures")
    if title >= PERIOD_TITLE_MIN and gap_days >= PERIOD_GAP_DAYS_MIN and _periods_differ(mine, theirs):
        found.append("period")
    return tuple(found)


def merge_contradictions(mine: Facts, theirs: Facts) -> tuple[str, ...]:
    """What contradicts two stories being one, beside `contradictions`: of `several`, `places`, `names`.

    Places are those the wire itself gives; names those that at least half of a side's articles carry. A merge can't
    be taken back by the articles that follow, so that it is refused where an article would still join.
    """
    found = ["several"] if mine.of_several() or theirs.of_several() else []
    places, others = mine.all(Kind.PLACE), theirs.all(Kind.PLACE)
    if places and others and not places & others:
        found.append("places")
    names, their_names = mine.usual(Kind.NAME), theirs.usual(Kind.NAME)
    if min(len(names), len(their_names)) >= NAMES_MIN and not (
        names & theirs.all(Kind.NAME) or their_names & mine.all(Kind.NAME)
    ):
        found.append("names")
    return tuple(found)


def _figures_differ(mine: Facts, theirs: Facts, gap_days: float, title: float) -> bool:
    if gap_days < FIGURES_GAP_DAYS_MIN or title < FIGURES_TITLE_MIN:  # facts aren't told apart for what no rule asks
        return False
    if mine.all(Kind.FIGURE) & theirs.all(Kind.FIGURE):
        return False
    exact = min(len(mine.exact()), len(theirs.exact()))
    every = min(len(mine.all(Kind.FIGURE)), len(theirs.all(Kind.FIGURE)))
    return any(
        gap_days >= gap_min and title >= title_min and (exact if exact_only else every) >= least
        for gap_min, title_min, least, exact_only in FIGURES
    )


def _periods_differ(mine: Facts, theirs: Facts) -> bool:
    periods, others = mine.all(Kind.PERIOD) - {SEVERAL}, theirs.all(Kind.PERIOD) - {SEVERAL}
    if not periods or not others or periods & others:
        return False
    figures, their_figures = mine.all(Kind.FIGURE), theirs.all(Kind.FIGURE)
    differ = figures and their_figures and not figures & their_figures
    return bool(differ or (mine.exact() and theirs.exact()))
