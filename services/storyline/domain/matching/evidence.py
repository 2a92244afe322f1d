"""What speaks for an article (or a whole story) belonging to a story: one number for each signal."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .contradiction import contradictions, merge_contradictions
from .facts import NO_FACTS, Facts
from .live import Live, norm
from .vectors import Direction
from .words import TERMS

Ints = npt.NDArray[np.int64]
Scratch = npt.NDArray[np.int32]
DAY_MS = 86_400_000
GAP_DAYS_MAX = 3_650
"""Dates farther off say no more than ten years do."""
BEST_OF_LATEST = 3
RIVAL_MIN = 0.15
"""A rival as good as this is always assumed: without it the first stories of a stream would win by default."""
TERSE_TERMS = 16
"""Texts of fewer terms prove less: one rare name alone makes a high cosine. Theirs are scaled by √(terms / 16)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is compared with the candidates: one article, or a story that looks for its twin."""

    terms: Ints
    weights: Ints
    title_terms: Ints
    title_weights: Ints
    times_ms: Sequence[int]
    languages: frozenset[str]
    has_body: bool
    size: int
    direction: Direction | None = None
    facts: Facts = NO_FACTS
    """Of the article, or of the story's latest ones."""


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
    coverage: float
    """Share of the title's weight on words that at least half of the story's titles carry."""
    margin: float
    """`cosine` minus the best other candidate's, or minus RIVAL_MIN if that is more."""
    title_margin: float
    meaning: float
    """Cosine of the directions (see `vectors`), 0 if a side has none; less than 0 counts as 0."""
    meaning_nearest: float
    """The best cosine with the direction of one of the latest articles."""
    meaning_margin: float
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
    contradicting: tuple[str, ...] = ()
    """What says that it isn't the same event, whatever the words (see `contradiction`)."""
    contradicting_merge: tuple[str, ...] = ()
    """What says so of two stories beside it."""

    @property
    def gap(self) -> float:
        """ln(1 + max(0, days − 1))."""
        return math.log1p(max(0.0, self.gap_days - 1))

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


def weigh(query: Query, stories: Sequence[Live], scratch: Scratch) -> list[Evidence]:
    """The evidence for each of `stories` (at least one), in their order.

    `scratch` is zeros, one for each term and as many again for titles, and one more; it is zeros again afterwards.
    """
    compared = _compare(query, stories, scratch)
    margins = _margins([one.cosine for one in compared])
    title_margins = _margins([one.title for one in compared])
    meanings = _meanings(query.direction, stories)
    meaning_margins = _margins([meaning for meaning, _ in meanings])
    trust = math.sqrt(min(1.0, query.terms.size / TERSE_TERMS)) if query.has_body else 1.0
    found = []
    for at, (story, one) in enumerate(zip(stories, compared, strict=True)):
        margin = margins[at]
        best = sorted(one.latest, reverse=True)[:BEST_OF_LATEST]
        times = story.view.times_ms
        dated = bool(times and query.times_ms)
        gap_days = _gap_days(query.times_ms, times) if dated else 0.0
        nearest = best[0] if best else 0.0
        with_body = query.has_body and story.bodies * 2 > len(story)
        against = contradictions(
            query.facts, story.view.facts,
            gap_days=gap_days if dated else None, title=one.title, coverage=one.coverage, nearest=nearest,
            with_body=with_body,
        )  # fmt: skip
        same_language = not query.languages.isdisjoint(story.languages)
        may_merge = query.size > 1 and same_language  # names and places are written otherwise in another language
        found.append(
            Evidence(
                story.story_id,
                story.opening,
                one.cosine,
                latest=trust * sum_in_order(best) / len(best) if best else 0.0,
                nearest=nearest,
                title=one.title,
                coverage=one.coverage,
                margin=margin * trust if margin > 0 else margin,
                title_margin=title_margins[at],
                meaning=meanings[at][0],
                meaning_nearest=meanings[at][1],
                meaning_margin=meaning_margins[at],
                gap_days=gap_days,
                dated=dated,
                same_language=same_language,
                with_body=with_body,
                size=len(story),
                query_size=query.size,
                contradicting=against,
                contradicting_merge=merge_contradictions(query.facts, story.view.facts) if may_merge else (),
            )
        )
    return found


def sum_in_order(values: Iterable[float]) -> float:
    """Left to right, each step rounded: `sum` itself rounds otherwise from Python 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


def _gap_days(mine: Sequence[int], theirs: Sequence[int]) -> float:
    gap_ms = min([abs(one - other) for one in mine for other in theirs])
    return min(gap_ms / DAY_MS, GAP_DAYS_MAX)


def _margins(cosines: list[float]) -> list[float]:
    """Each one's lead over the best other: the best's over the second, the others' (negative) to the best."""
    second, best = sorted([RIVAL_MIN, RIVAL_MIN, *cosines])[-2:]
    leader = cosines.index(best) if best in cosines else -1
    return [cosine - (second if at == leader else best) for at, cosine in enumerate(cosines)]


def _meanings(direction: Direction | None, stories: Sequence[Live]) -> list[tuple[float, float]]:
    """Of each story: cosine with its direction, and the best with one of its latest articles'."""
    rows = [row for story in stories for row in story.view.directions]
    if direction is None or not rows:
        return [(0.0, 0.0)] * len(stories)
    query = direction.astype(np.float32)
    theirs = np.array(rows, np.float32)  # whole numbers of 8 bits: float32 adds them exactly
    lengths = np.sqrt(np.einsum("ij,ij->i", theirs, theirs).astype(np.float64) * float(query @ query))
    cosines = np.maximum((theirs @ query).astype(np.float64) / np.maximum(lengths, 1.0), 0.0).tolist()
    found, begin = [], 0
    for story in stories:
        end = begin + len(story.view.directions)
        found.append((cosines[begin], max(cosines[begin + 1 : end], default=0.0)) if end > begin else (0.0, 0.0))
        begin = end
    return found


class Compared(NamedTuple):
    """A story compared with the query: cosines with its sum, its latest articles, its titles; its titles' coverage."""

    cosine: float
    latest: list[float]
    title: float
    coverage: float


def _compare(query: Query, stories: Sequence[Live], scratch: Scratch) -> list[Compared]:
    views = [story.view for story in stories]
    sizes = np.array([size for view in views for size in view.sizes])
    scratch[query.terms] = query.weights
    scratch[query.title_terms + TERMS] = query.title_weights
    found = scratch.take(np.concatenate([view.terms for view in views]))
    products = np.multiply(found, np.concatenate([view.weights for view in views]), dtype=np.int64)
    scratch[query.terms] = 0
    scratch[query.title_terms + TERMS] = 0
    dots = iter(np.add.reduceat(products, np.cumsum(sizes) - sizes).tolist())
    length, title_length = norm(query.weights), norm(query.title_weights)
    total = int(query.title_weights.sum())
    return [
        Compared(
            next(dots) / (length * view.body_norm),
            [next(dots) / (length * other) for other in view.latest_norms],
            next(dots) / (title_length * view.title_norm or 1.0),
            next(dots) / (total or 1),
        )
        for view in views
    ]
