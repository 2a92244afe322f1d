"""Whether a sentence hardly adds to what another article says on the page (English).

The words of two articles differ more than those of one, most of all where they open: what is told twice in them shares
less than what `Pool.tells_again` asks for.
"""

from collections.abc import Iterable
from functools import lru_cache

from . import words as w
from .features import CACHE_SENTENCES_MAX, Features
from .pool import EVENT_POSITION_MAX, Candidate, Pool
from .predicates import main_verb
from .vocabulary import stem_word, time_stems

HELD, OPENING_POSITION_MAX = 450, 1
"""Of what a sentence says, names counted twice (thousandths), what opens another article holds if it hardly adds."""
EARLY_ALIKE, CORE_OF_EARLY = 150, 140
"""Redundancy from which one of two early sentences hardly adds to the other, if they share so much beside names."""
_BESIDE_VERB = frozenset(("not", "also"))


def echoes(pool: Pool, candidate: Candidate, shown: Iterable[Candidate]) -> bool:
    """Whether a sentence hardly adds to one of another article that is shown, in any of these ways."""
    there = list(shown)
    return any(way(pool, candidate, there) for way in (does_again, opens_again, _is_held))


def does_again(pool: Pool, candidate: Candidate, shown: Iterable[Candidate]) -> bool:
    """Whether another article's sentence has the verb of an early one, a name and another word of its."""
    if not pool.english or candidate.position > EVENT_POSITION_MAX:
        return False
    features = candidate.features
    deed = _verb(features.lower)
    return deed in features.stem_set and any(
        _tells_of_deed(features, deed, other.features) for other in shown if other.n != candidate.n
    )


def _tells_of_deed(features: Features, deed: str, other: Features) -> bool:
    """Whether another sentence has a deed with a name of its sentence, and another word of that."""
    told = deed in other.stem_set and not features.name_stems.isdisjoint(other.stem_set)
    return told and len(features.core & other.core) > 1


def opens_again(pool: Pool, candidate: Candidate, shown: Iterable[Candidate]) -> bool:
    """Whether two articles have much the same early on."""
    if not pool.english or candidate.position > EVENT_POSITION_MAX:
        return False
    early = [other for other in shown if other.n != candidate.n and other.position <= EVENT_POSITION_MAX]
    return any(pool.alike(other.features, candidate.features, EARLY_ALIKE, CORE_OF_EARLY) for other in early)


def _is_held(pool: Pool, candidate: Candidate, shown: Iterable[Candidate]) -> bool:
    """Whether what opens another article holds nearly half of a sentence in which nobody answers."""
    if not pool.english:
        return False
    features = candidate.features
    said = features.stem_set - time_stems("en")
    names = said & features.name_stems
    least = HELD * (len(said) + len(names))
    openings = [c.features.stem_set for c in shown if c.n != candidate.n and c.position <= OPENING_POSITION_MAX]
    held = any(1000 * (len(said & its) + len(names & its)) >= least for its in openings)
    return held and not pool.is_answer(features)


@lru_cache(maxsize=CACHE_SENTENCES_MAX)
def _verb(lower: tuple[str, ...]) -> str:
    """The stem of a sentence's main verb; "" if none is found."""
    at = main_verb(list(lower))
    while at is not None and at + 1 < len(lower) and (lower[at] in w.AUXILIARY or lower[at] in _BESIDE_VERB):
        at += 1
    return "" if at is None else stem_word(lower[at], "en")
