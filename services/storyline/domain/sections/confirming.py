"""Which sentences of an article another article says as well, in the strict sense of the gate."""

from functools import lru_cache

from .features import Features
from .gate import supports
from .reading import Reading

PAIRS_CACHED_MAX = 5_000
"""Of articles; every update asks again of every two that it looks at, and of all but the new one it is known."""
SHINGLES_MIN = 2
"""Runs of three content stems that two articles share at least if one says a sentence of the other."""

_NONE: frozenset[int] = frozenset()


@lru_cache(maxsize=PAIRS_CACHED_MAX)
def confirmed(article: Reading, by: Reading, language: str) -> frozenset[int]:
    """The places (`Candidate.rank`) of an article's usable sentences that stand in one sentence of another article.

    `language` is both articles' primary subtag.
    """
    common = article.shingles & by.shingles
    if len(common) < SHINGLES_MIN:
        return _NONE
    its = [features for _, features in _with(by, common)]
    return frozenset(
        [
            rank
            for rank, features in _with(article, common)
            if features.usable and any(says(features, other, language) for other in its)
        ]
    )


def _with(reading: Reading, shingles: frozenset[int]) -> list[tuple[int, Features]]:
    """The sentences that have any of these shingles, with their places."""
    pairs = zip(reading.features, reading.shingles_by_sentence, strict=True)
    return [(rank, features) for rank, (features, held) in enumerate(pairs) if not shingles.isdisjoint(held)]


def says(sentence: Features, source: Features, language: str) -> bool:
    """Whether a sentence of a source supports another sentence; most are told by a cheap look."""
    need = 7 * len(sentence.stems)
    # What the masks share bounds what the sentences can.
    if 10 * ((sentence.mask & source.mask).bit_count() + sentence.doubles) < need:
        return False
    return 10 * len(sentence.stem_set & source.stem_set) >= need and supports(sentence.text, source.text, language)
