"""Stories that turn out to be two: two groups of articles with hardly a word in common, each of which holds together.

It is only proposed. Whether a story that has moved on is still one is for a person to say.

The articles are put together from below, those most alike first (average linkage on the cosines of their terms,
Sokal & Michener 1958), until two groups are left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from storyline_schemas.base import DAY_MS

from .profile import Profile

GROUP_MIN = 2
ARTICLES_MAX = 120
"""Of a larger story the latest are looked at."""
ACROSS_MAX = 0.06
"""Mean cosine of articles of different groups, at most."""
WITHIN_MIN = 0.2
"""Mean cosine of articles of one group, at least."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parting:
    """Two groups of a story's articles, by number, the one with the earliest article first, and what speaks for it."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    across: float
    """Mean cosine of articles of different groups."""
    within: float
    """Mean cosine of articles of one group, of the group where it is less."""
    days_apart: float | None
    """Between the end of one group and the beginning of the other; None if they overlap or aren't all dated."""


def parting_of(profiles: Sequence[Profile]) -> Parting | None:
    """Whether a story of these articles (in order of coming) looks like two; None if it doesn't.

    Only articles with a text are compared, and only those in the language that most of them have: articles in two
    languages share no words, whatever they are about.
    """
    numbers = _comparable(profiles)
    if len(numbers) < 2 * GROUP_MIN:
        return None
    alike = _cosines([profiles[number] for number in numbers])
    groups = sorted(_two_groups(alike))
    if min(map(len, groups)) < GROUP_MIN:
        return None
    one, other = groups
    across, within = float(alike[np.ix_(one, other)].mean()), min(_mean_of_pairs(alike, group) for group in groups)
    if across > ACROSS_MAX or within < WITHIN_MIN:
        return None
    first, second = [tuple(numbers[at] for at in group) for group in groups]
    return Parting(first, second, across, within, _days_apart(profiles, first, second))


def _comparable(profiles: Sequence[Profile]) -> list[int]:
    texts = [number for number, one in enumerate(profiles) if one.has_body and one.terms]
    if not texts:
        return []
    languages = [profiles[number].language for number in texts]
    usual = max(sorted(set(languages)), key=languages.count)
    return [number for number in texts if profiles[number].language == usual][-ARTICLES_MAX:]


def _cosines(profiles: Sequence[Profile]) -> Floats:
    """Of each with each."""
    columns = [one.vector_of_terms() for one in profiles]
    known, places = np.unique(np.concatenate([terms for terms, _ in columns]), return_inverse=True)
    rows = np.zeros((len(profiles), known.size))
    begin = 0
    for row, (terms, weights) in zip(rows, columns, strict=True):
        row[places[begin : begin + terms.size]] = weights
        begin += terms.size
    # Of whole numbers, so that every machine adds up the same; the norms come last.
    norms = np.sqrt((rows * rows).sum(axis=1))
    cosines: Floats = (rows @ rows.T) / np.outer(norms, norms)
    return cosines


def _two_groups(alike: Floats) -> tuple[list[int], list[int]]:
    """The last two groups of the average linkage; of equals, those that come first are put together first."""
    groups = [[at] for at in range(len(alike))]
    sums = alike.copy()
    while len(groups) > 2:
        sizes = np.array([len(group) for group in groups])
        means = np.triu(sums / np.outer(sizes, sizes), 1) - np.tri(len(groups)) * 2
        into, gone = divmod(int(means.argmax()), len(groups))
        groups[into] += groups.pop(gone)
        sums[into] += sums[gone]
        sums[:, into] += sums[:, gone]
        sums = np.delete(np.delete(sums, gone, 0), gone, 1)
    return sorted(groups[0]), sorted(groups[1])


def _mean_of_pairs(alike: Floats, group: list[int]) -> float:
    own = alike[np.ix_(group, group)]
    pairs = len(group) * (len(group) - 1)
    return float((own.sum() - np.trace(own)) / pairs)


def _days_apart(profiles: Sequence[Profile], first: Sequence[int], second: Sequence[int]) -> float | None:
    spans = []
    for group in (first, second):
        times = [time for number in group if (time := profiles[number].time_ms) is not None]
        if len(times) < len(group):
            return None
        spans.append((min(times), max(times)))
    (_, end), (begin, _) = sorted(spans)
    return (begin - end) / DAY_MS if begin > end else None
