"""What speaks for an article (or a whole story) belonging to a story: one number for each signal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .comparing import NIGHT_DAYS, Query, Told
from .contradiction import GAP_DAYS_MIN, contradictions, several, unshared
from .live import View

ROUNDED_MAX = 1e-9
"""Two ways of adding up a model's signals differ by less."""


@dataclass(slots=True)
class Evidence:
    """The signals for one candidate story. Cosines are in [0, 1]."""

    story_id: str
    opening: int
    cosine: float
    """With the sum of the story's articles."""
    latest: float
    """Mean of the best three cosines with the story's latest articles."""
    nearest: float
    """The best cosine with one of the latest articles."""
    title: float
    """Cosine of the titles."""
    title_single: float
    """Share of `title` that one word alone makes; 0 if the titles share none."""
    coverage: float
    """Share of the title's weight on words that at least half of the story's titles carry."""
    familiarity: float
    """How well the titles of the larger of two stories know those of the smaller: the share of these titles' weight on
    words that those carry, each by the fourth root of the share of titles that do. A cosine asks for the words that all
    have; of a large story the rarer ones say as well what belongs to it. 0 for an article, and where both sides have a
    text.
    """
    margin: float
    """`cosine` minus the best other candidate's, or minus RIVAL_MIN if that is more."""
    title_margin: float
    meaning: float
    """Cosine of the directions (see `vectors`), 0 if a side has none; less than 0 counts as 0."""
    meaning_nearest: float
    """The best cosine with the direction of one of the latest articles."""
    meaning_margin: float
    """As `margin`, above MEANING_RIVAL_MIN; 0 if what is compared has no direction. Without a common language at most
    how far it is above MEANING_RIVAL_ABROAD_MIN."""
    latest_brevity: float
    """`latest` times how far the shorter side's latest articles are, in the mean, from as many terms as an article can
    have, as a share, at most BREVITY_MAX; 0 if a side has no text. Each short report tells another part of what
    happened, so that what they do share says more.
    """
    linkage: float
    """Mean cosine of each article of one side with each of the other (average linkage, Sokal & Michener 1958).
    `cosine` grows with the articles of either side, for all of a subject's usual words are between them; this doesn't.
    """
    gap_days: float
    """Days between the nearest of either side's latest articles; 0 if a side is undated."""
    dated: bool
    """Both sides have a time."""
    same_language: bool
    with_body: bool
    """Both sides have text below their headlines."""
    size: int
    """Articles in the story."""
    query_size: int
    """Articles in what is compared with it: 1, or those of the other story."""
    span_days: float = 0.0
    """Days from the first to the last of the latest articles, of the side where it is more; 0 if one is undated."""
    contradicting: tuple[str, ...] = ()
    """What says that it isn't the same event, whatever the words (see `contradiction`)."""
    contradicting_merge: tuple[str, ...] = ()
    """What says so of two stories beside it; it is asked for likely merges only."""

    @property
    def gap(self) -> float:
        """ln(1 + max(0, days − 1))."""
        return math.log1p(max(0.0, self.gap_days - 1))

    @property
    def lull(self) -> float:
        """How much longer the silence is than the longer side ran: ln((gap + 1 − a night) / (1 + span)), at least 0.

        What came within hours and was followed by days of silence is over; what has run for a week may pause for
        days. 0 between two single articles, which have no rhythm yet.
        """
        if max(self.size, self.query_size) < 2 or self.gap_days <= NIGHT_DAYS:
            return 0.0
        return max(0.0, math.log((self.gap_days + 1 - NIGHT_DAYS) / (1 + self.span_days)))

    @property
    def contradictions(self) -> int:
        """How many things contradict."""
        return len(self.contradicting)

    @property
    def log_size(self) -> float:
        return math.log(self.size)

    @property
    def log_smaller(self) -> float:
        return math.log(min(self.size, self.query_size))

    @property
    def log_larger(self) -> float:
        return math.log(max(self.size, self.query_size))

    @property
    def cosine_log_smaller(self) -> float:
        return self.cosine * self.log_smaller


def case_of(one: Evidence) -> str:
    """Which model is asked: `language` if the two sides share none, `title` if one has no text, else `body`."""
    if not one.same_language:
        return "language"
    return "body" if one.with_body else "title"


class Candidates:
    """Stories compared with what came; the evidence for one is put together when it is asked for."""

    def __init__(self, query: Query, stories: Sequence[View], told: Sequence[Told]) -> None:
        self.stories, self._query, self._told = stories, query, told

    def __len__(self) -> int:
        return len(self.stories)

    def at_most(self, at: int) -> float:
        """The log-odds if no facts contradict, or a little more."""
        return self._told[at].at_most + ROUNDED_MAX

    def evidence(self, at: int) -> Evidence:
        """The evidence for one of the stories."""
        story, told, query = self.stories[at], self._told[at], self._query
        against: tuple[str, ...] = ()
        if told.gap_days >= GAP_DAYS_MIN:
            against = contradictions(
                query.facts, story.facts, gap_days=told.gap_days, title=told.title, coverage=told.coverage,
                nearest=told.nearest, with_body=told.with_body,
            )  # fmt: skip
        if (
            told.with_body
            and query.facts.of_several()
            and several(gap_days=told.gap_days, coverage=told.coverage, nearest=told.nearest)
        ):
            against = ("several", *against)
        if (
            told.with_body
            and not told.same_language
            and unshared(query.languages, story.languages, cosine=told.cosine, title=told.title)
        ):
            against = ("words", *against)
        return Evidence(story.story_id, story.opening, *told[:-1], against)

    def all(self) -> list[Evidence]:
        """The evidence for each of the stories, in their order."""
        return [self.evidence(at) for at in range(len(self))]
