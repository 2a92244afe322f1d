"""Who and what a story names: the concepts its articles carry, or what their wording tells."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Literal

from storyline_schemas import Concept, Entity, Part

from .features import NAMED
from .reading import Reading, read
from .vocabulary import stem_word

ENTITIES_MAX = 20
DERIVED_MAX = 12
"""Of those that no article carries."""
NAMED_MAX, KEYED_MAX = 3_000, 500
"""Articles of which it is known what they carry, and what their wording names."""

INFLECTED = frozenset(("ru",))
"""Languages in which names have endings, and adjectives in names capitals."""
_OBLIQUE = re.compile(r"(?:[ое]го|[ое]му|[ую]ю|[ыи]м|[ыи]х|[ыи]ми|ск[оа][йм]|ая|яя|[оеыи]е)$")

Kind = Literal["person", "organisation", "place", "other"]


Key = tuple[Kind, str]

_named: dict[int, tuple[Part, dict[Key, str]]] = {}


def entities(parts: Sequence[Part], read_of: Sequence[Part], language: str) -> tuple[Entity, ...]:
    """People, organisations and places, each with the number of live articles that name it, most first.

    Where no article carries any, they are read from the wording of `read_of`, which are then what is counted: in
    English by what says what they are, in some other languages as names of no kind.
    """
    named = [_names(part) for part in parts if part.people or part.organisations or part.places]
    if not named and language in ("en", "und"):
        return _derived([read(part, language) for part in read_of])
    if not named:
        return _derived_names([read(part, language) for part in read_of], language) if language in NAMED else ()
    counts = Counter(chain.from_iterable(named))
    ranked = sorted(counts, key=lambda key: (-counts[key], key))[:ENTITIES_MAX]
    spelling = {key: next(names[key] for names in named if key in names) for key in ranked}
    return tuple(Entity(kind=key[0], name=spelling[key], article_count=counts[key]) for key in ranked)


def _names(part: Part) -> dict[Key, str]:
    """What an article names, each as it spells it first; known for as long as it is among the last asked for."""
    known = _named.pop(id(part), None)
    if known is None:
        names: dict[Key, str] = {}
        for kind, concepts in _concepts(part):
            for concept in concepts:
                names.setdefault((kind, concept.name.casefold()), concept.name)
        if len(_named) >= NAMED_MAX:
            del _named[next(iter(_named))]
        known = (part, names)
    _named[id(part)] = known  # with the part, so that its id stays its own
    return known[1]


def _concepts(part: Part) -> tuple[tuple[Kind, tuple[Concept, ...]], ...]:
    return (("person", part.people), ("organisation", part.organisations), ("place", part.places))


def _derived(readings: Sequence[Reading]) -> tuple[Entity, ...]:
    """What the sentences name. A person needs a role, an age or a "said" in one of them, and counts by the surname too
    where nobody else has it; a body or a place is named in two articles, or in all there are."""
    spelling: dict[Key, str] = {}
    articles: dict[Key, set[int]] = {}
    for i, reading in enumerate(readings):
        for key, name in _keyed(reading):
            spelling.setdefault(key, name)
            articles.setdefault(key, set()).add(i)
    persons = {key: key[1].rsplit(" ", 1)[-1] for key in articles if key[0] == "person"}
    surnames = Counter(persons.values())
    alone = {last: key for key, last in persons.items() if surnames[last] == 1}
    for i, reading in enumerate(readings):
        for last in alone.keys() & reading.name_words:
            articles[alone[last]].add(i)
    need = min(2, len(readings))
    kept = [
        key
        for key, found in articles.items()
        if key[0] == "person" or (len(found) >= need and not (key[0] == "place" and key[1] in surnames))
    ]
    ranked = sorted(kept, key=lambda key: (-len(articles[key]), key))[:DERIVED_MAX]
    return tuple(Entity(kind=k[0], name=spelling[k], article_count=len(articles[k])) for k in ranked)


@lru_cache(maxsize=KEYED_MAX)
def _keyed(reading: Reading) -> tuple[tuple[Key, str], ...]:
    """What an article names, with what tells it from others: "Ida M. Brandt" is Ida Brandt."""
    found = []
    for kind, name in reading.named:
        words = name.casefold().split()
        key: Key = (kind, f"{words[0]} {words[-1]}" if kind == "person" else name.casefold())
        found.append((key, name))
    return tuple(found)


def _derived_names(readings: Sequence[Reading], language: str) -> tuple[Entity, ...]:
    """Names that two articles have, or two sentences of the only one; by their stems, for they may be inflected. What
    is the last word of just one longer name counts as that, what ends in another name of two words as the other."""
    spelt: dict[tuple[str, ...], Counter[str]] = {}
    told: dict[tuple[str, ...], set[int]] = {}
    alone = len(readings) == 1
    for i, reading in enumerate(readings):
        for j, features in enumerate(reading.features):
            for name in features.names:
                if language in INFLECTED and not _is_whole(name):
                    continue
                key = tuple(stem_word(word.lower(), language) for word in name)
                spelt.setdefault(key, Counter())[" ".join(name)] += 1
                told.setdefault(key, set()).add(j if alone else i)
    for key in sorted((key for key in told if len(key) > 2), key=len, reverse=True):
        if shorter := next((key[i:] for i in range(len(key) - 2, 0, -1) if key[i:] in told), None):
            told[shorter] |= told.pop(key)
    ends = Counter(key[-1] for key in told if len(key) > 1)
    for key in [key for key in told if len(key) > 1 and ends[key[-1]] == 1]:
        told[key] |= told.pop(key[-1:], set())
    ranked = sorted((key for key in told if len(told[key]) > 1), key=lambda key: (-len(told[key]), key))[:DERIVED_MAX]
    # The form of a name that is seen most, of equals the shortest, is most likely the one a dictionary has.
    best = {key: min(spelt[key], key=lambda form: (-spelt[key][form], len(form), form)) for key in ranked}
    return tuple(Entity(kind="other", name=best[key], article_count=1 if alone else len(told[key])) for key in ranked)


def _is_whole(name: tuple[str, ...]) -> bool:
    """Whether a name may be given as it stands: of two words that don't wait for another, or in Latin letters."""
    latin = all(word.isascii() for word in name)
    return latin or (len(name) > 1 and not _OBLIQUE.search(name[-1]))
