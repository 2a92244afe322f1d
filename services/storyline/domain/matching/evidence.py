"""What speaks for an article (or a whole story) belonging to a story: one number for each signal."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .contradiction import GAP_DAYS_MIN, contradictions, several
from .facts import NO_FACTS, Facts
from .live import TitleSums, View, norm
from .vectors import DIMENSIONS, Direction

Ints = npt.NDArray[np.int64]
Scratch = npt.NDArray[np.int64]
Directions = npt.NDArray[np.int8]
"""A row for each story."""
DAY_MS = 86_400_000
GAP_DAYS_MAX = 3_650
"""Dates farther off say no more than ten years do."""
NIGHT_DAYS = 0.5
"""A night is no silence."""
BEST_OF_LATEST = 3
RIVAL_MIN, MEANING_RIVAL_MIN = 0.15, 0.3
"""A rival as good as this is always assumed: without it the first stories of a stream would win by default. Texts that
have nothing to do with each other share no words, but their directions are a little alike."""
TERSE_TERMS = 16
"""Texts of fewer terms prove less: one rare name alone makes a high cosine. Theirs are scaled by √(terms / 16)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is compared with the candidates: one article, or a story that looks for its twin."""

    terms: Ints
    weights: Ints
    title: TitleSums
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
    title_single: float
    """Share of `title` that one word alone makes; 0 if the titles share none."""
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
    """As `margin`, above MEANING_RIVAL_MIN; 0 if what is compared has no direction."""
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
    return _case(one.same_language, one.with_body)


def case_between(query: Query, story: View) -> str:
    """The same before they are compared."""
    return _case(not query.languages.isdisjoint(story.languages), query.has_body and story.has_body)


def _case(same_language: bool, with_body: bool) -> str:
    if not same_language:
        return "language"
    return "body" if with_body else "title"


def weigh(query: Query, stories: Sequence[View], directions: Directions | None, scratch: Scratch) -> list[Evidence]:
    """The evidence for each of `stories` (at least one), in their order; `directions` are theirs, of zeros if unknown.

    None: nobody asks what they are about, and the signals of it are 0.

    `scratch` is zeros, one for each term; it is zeros again afterwards.
    """
    compared, titles = _compare(query, stories, scratch), _compare_titles(query, stories)
    margins = _margins([one.cosine for one in compared])
    title_margins = _margins([one.cosine for one in titles])
    meanings = _meanings(query.direction, stories, directions)
    known = query.direction is not None and directions is not None
    meaning_margins = (
        _margins([meaning for meaning, _ in meanings], MEANING_RIVAL_MIN) if known else [0.0] * len(stories)
    )
    trust = math.sqrt(min(1.0, query.terms.size / TERSE_TERMS)) if query.has_body else 1.0
    own_times = query.times_ms
    own_first, own_last = (min(own_times), max(own_times)) if own_times else (0, 0)
    of_several = query.has_body and query.facts.of_several()
    found = []
    for at, (story, one, title) in enumerate(zip(stories, compared, titles, strict=True)):
        margin = margins[at]
        best = sorted(one.latest, reverse=True)[:BEST_OF_LATEST] if len(one.latest) > 1 else one.latest
        dated = bool(story.times_ms and own_times)
        if not dated:
            gap_ms = 0
        elif (gap_ms := max(own_first - story.last_ms, story.first_ms - own_last)) < 0:  # they overlap
            gap_ms = min([abs(one - other) for one in own_times for other in story.times_ms])
        gap_days = min(gap_ms / DAY_MS, GAP_DAYS_MAX)
        nearest = best[0] if best else 0.0
        with_body = query.has_body and story.has_body
        against: tuple[str, ...] = ()
        if gap_days >= GAP_DAYS_MIN:
            against = contradictions(
                query.facts, story.facts,
                gap_days=gap_days, title=title.cosine, coverage=title.coverage, nearest=nearest, with_body=with_body,
            )  # fmt: skip
        if of_several and with_body and several(gap_days=gap_days, coverage=title.coverage, nearest=nearest):
            against = ("several", *against)
        found.append(
            Evidence(
                story.story_id,
                story.opening,
                one.cosine,
                trust * sum_in_order(best) / len(best) if best else 0.0,
                nearest,
                title.cosine,
                title.single,
                title.coverage,
                margin * trust if margin > 0 else margin,
                title_margins[at],
                *meanings[at],
                meaning_margins[at],
                gap_days,
                dated,
                not query.languages.isdisjoint(story.languages),
                with_body,
                story.size,
                query.size,
                max(own_last - own_first, story.last_ms - story.first_ms) / DAY_MS if dated else 0.0,
                against,
            )
        )
    return found


def sum_in_order(values: Iterable[float]) -> float:
    """Left to right, each step rounded: `sum` itself rounds otherwise from Python 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


def _margins(cosines: list[float], rival_min: float = RIVAL_MIN) -> list[float]:
    """Each one's lead over the best other: the best's over the second, the others' (negative) to the best."""
    second, best = sorted([rival_min, rival_min, *cosines])[-2:]
    leader = cosines.index(best) if best in cosines else -1
    return [cosine - (second if at == leader else best) for at, cosine in enumerate(cosines)]


def _meanings(
    direction: Direction | None, stories: Sequence[View], directions: Directions | None
) -> Sequence[tuple[float, float]]:
    """Of each story: cosine with its direction, and the best with one of its latest articles'."""
    if direction is None or directions is None or not directions.any():
        return [(0.0, 0.0)] * len(stories)
    query = direction.astype(np.float32)
    latest = np.frombuffer(b"".join([one for story in stories for one in story.directions]), np.int8)
    theirs = np.concatenate((directions, latest.reshape(-1, DIMENSIONS))).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", theirs, theirs).astype(np.float64) * float(query @ query))
    # Whole numbers of 8 bits: float32 adds them exactly.
    cosines = np.maximum((theirs @ query).astype(np.float64) / np.maximum(lengths, 1.0), 0.0).tolist()
    found, begin = [], len(stories)
    for at, story in enumerate(stories):
        end = begin + len(story.directions)
        found.append((cosines[at], max(cosines[begin:end], default=0.0)))
        begin = end
    return found


class Compared(NamedTuple):
    """A story's texts compared with the query's: cosines with the sum of them, and with the latest ones."""

    cosine: float
    latest: Sequence[float]


def _compare(query: Query, stories: Sequence[View], scratch: Scratch) -> list[Compared]:
    """Columns of all stories laid end to end and compared in one pass: first sums, then articles."""
    sums = [story.body for story in stories if story.body is not None]
    sizes = [len(terms) // 4 for terms, *_ in sums]
    for story in stories:
        sizes += story.latest_sizes
    if not sizes:
        return [Compared(0.0, ())] * len(stories)
    terms = _joined([*(terms for terms, *_ in sums), *(story.latest_terms for story in stories)], "<u4")
    weights = np.concatenate(
        (
            _joined((weights for _, weights, *_ in sums), "<u4"),
            _joined((story.latest_weights for story in stories), "<u2"),
        ),
        dtype=np.int64,
    )
    *starts, _ = accumulate(sizes, initial=0)
    scratch[query.terms] = query.weights
    products = scratch.take(terms.astype(np.int64)) * weights
    scratch[query.terms] = 0
    norms = np.sqrt(np.add.reduceat(weights * weights, starts)) * norm(query.weights)
    cosines = (np.add.reduceat(products, starts) / np.maximum(norms, 1.0)).tolist()
    compared, at = [], len(sums)
    of_sums = iter(cosines)
    for story in stories:
        latest = cosines[at : at + len(story.latest_sizes)]
        at += len(latest)
        compared.append(Compared(next(of_sums) if story.body is not None else max(latest, default=0.0), latest))
    return compared


def _joined(columns: Iterable[bytes], dtype: str) -> npt.NDArray[Any]:
    return np.frombuffer(b"".join(columns), dtype)


class Titles(NamedTuple):
    """A story's titles compared with the query's (see `Evidence`)."""

    cosine: float
    single: float
    coverage: float


def _compare_titles(query: Query, stories: Sequence[View]) -> list[Titles]:
    """A title has so few words that they are looked up one by one."""
    words, length = query.title.of, query.title.norm
    whole = sum([weight for weight, _ in words.values()]) or 1
    compared = []
    for story in stories:
        its, half = story.title.of, story.size / 2
        dot = single = covered = 0
        fewer, more = (words, its) if len(words) <= len(its) else (its, words)
        for term in fewer:
            if term not in more:
                continue
            (weight, articles), (own, _) = its[term], words[term]
            product = own * weight
            dot += product
            if product > single:
                single = product
            if articles >= half:
                covered += own
        cosine = dot / max(story.title.norm * length, 1.0) if dot else 0.0
        compared.append(Titles(cosine, single / max(dot, 1), covered / whole))
    return compared
