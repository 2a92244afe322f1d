"""What speaks for an article (or a whole story) belonging to a story: one number for each signal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .live import Live

Ints = npt.NDArray[np.int64]
DAY_MS = 86_400_000
GAP_DAYS_MAX = 3_650
"""Dates farther off say no more than ten years do."""
BEST_OF_LATEST = 3


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
    length: int
    size: int
    compare_latest: bool


@dataclass(frozen=True, slots=True)
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
    """`cosine` minus the best other candidate's."""
    title_margin: float
    gap_days: float
    """Days to the nearest of the story's latest articles; 0 if either side is undated."""
    dated: bool
    """Both sides have a time."""
    same_language: bool
    with_body: bool
    """Both sides have text below their headlines."""
    length: int
    size: int
    """Articles in the story."""
    query_size: int


def weigh(query: Query, stories: Sequence[Live], scratch: Ints, title_scratch: Ints) -> list[Evidence]:
    """The evidence for each of `stories`, in their order.

    `scratch` and `title_scratch` are zeros, one for each term; they are zeros again afterwards.
    """
    scratch[query.terms] = query.weights
    title_scratch[query.title_terms] = query.title_weights
    norm = math.sqrt(int(np.dot(query.weights, query.weights)))
    title_norm = math.sqrt(int(np.dot(query.title_weights, query.title_weights)))
    cosines = [_cosine(scratch, norm, one.body.terms, one.body.weights) for one in stories]
    titles = [_cosine(title_scratch, title_norm, one.title.terms, one.title.weights) for one in stories]
    found = [
        _evidence(query, one, cosines, titles, at, _latest(scratch, norm, one) if query.compare_latest else [0.0],
                  _coverage(title_scratch, query, one))
        for at, one in enumerate(stories)
    ]  # fmt: skip
    scratch[query.terms] = 0
    title_scratch[query.title_terms] = 0
    return found


def _evidence(
    query: Query, story: Live, cosines: list[float], titles: list[float], at: int, latest: list[float], coverage: float
) -> Evidence:
    times = story.times_ms()
    dated = bool(times and query.times_ms)
    gap_ms = min(abs(mine - theirs) for mine in query.times_ms for theirs in times) if dated else 0
    return Evidence(
        story_id=story.story_id,
        opening=story.opening,
        cosine=cosines[at],
        latest=sum_in_order(latest[:BEST_OF_LATEST]) / min(len(latest), BEST_OF_LATEST),
        nearest=latest[0],
        title=titles[at],
        coverage=coverage,
        margin=cosines[at] - max((cosine for i, cosine in enumerate(cosines) if i != at), default=0.0),
        title_margin=titles[at] - max((cosine for i, cosine in enumerate(titles) if i != at), default=0.0),
        gap_days=min(gap_ms / DAY_MS, GAP_DAYS_MAX),
        dated=dated,
        same_language=not query.languages.isdisjoint(story.languages),
        with_body=query.has_body and story.bodies * 2 > len(story),
        length=query.length,
        size=len(story),
        query_size=query.size,
    )


def sum_in_order(values: Sequence[float]) -> float:
    """Left to right, each step rounded: `sum` itself rounds otherwise from Python 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


def _cosine(scratch: Ints, norm: float, terms: Ints, weights: Ints) -> float:
    squared = int(np.dot(weights, weights))
    return int(np.dot(scratch[terms], weights)) / (norm * math.sqrt(squared)) if squared and norm else 0.0


def _latest(scratch: Ints, norm: float, story: Live) -> list[float]:
    """Cosines with the story's latest articles, best first."""
    return sorted((_cosine(scratch, norm, one.terms, one.weights) for one in story.latest), reverse=True)


def _coverage(title_scratch: Ints, query: Query, story: Live) -> float:
    total = int(query.title_weights.sum())
    carried = story.title.terms[story.title.counts * 2 >= len(story)]
    return int(title_scratch[carried].sum()) / total if total else 0.0
