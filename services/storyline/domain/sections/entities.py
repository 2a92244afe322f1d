"""Who and what a story names: the concepts its articles carry, counted by article."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Literal

from storyline_schemas import Concept, Entity, Part

ENTITIES_MAX = 20
NAMED_MAX = 3_000
"""Articles of which it is known what they name."""

Kind = Literal["person", "organisation", "place", "other"]


Key = tuple[Kind, str]

_named: dict[int, tuple[Part, dict[Key, str]]] = {}


def entities(parts: Iterable[Part]) -> tuple[Entity, ...]:
    """People, organisations and places, each with the number of live articles that name it, most first."""
    named = [_names(part) for part in parts if part.people or part.organisations or part.places]
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
