"""Who and what a story names: the concepts its articles carry, counted by article."""

from collections.abc import Iterable
from typing import Literal

from storyline_schemas import Concept, Entity, Part

ENTITIES_MAX = 20

Kind = Literal["person", "organisation", "place", "other"]


def entities(parts: Iterable[Part]) -> tuple[Entity, ...]:
    """People, organisations and places, each with the number of live articles that name it, most first."""
    counts: dict[tuple[Kind, str], int] = {}
    spelling: dict[tuple[Kind, str], str] = {}
    for part in parts:
        seen: set[tuple[Kind, str]] = set()
        for kind, concepts in _concepts(part):
            for concept in concepts:
                key = (kind, concept.name.casefold())
                spelling.setdefault(key, concept.name)
                seen.add(key)
        for key in sorted(seen):
            counts[key] = counts.get(key, 0) + 1
    ranked = sorted(counts, key=lambda key: (-counts[key], key))[:ENTITIES_MAX]
    return tuple(Entity(kind=key[0], name=spelling[key], article_count=counts[key]) for key in ranked)


def _concepts(part: Part) -> tuple[tuple[Kind, tuple[Concept, ...]], ...]:
    return (("person", part.people), ("organisation", part.organisations), ("place", part.places))
