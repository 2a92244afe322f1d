"""What a story is about: the subjects its articles are filed under, counted by article."""

from collections.abc import Iterable

from storyline_schemas import Concept, Part

SUBJECTS_MAX = 20

Key = tuple[str, str]
"""Scheme and code, or no scheme and the name without its case: what makes two providers' entries one subject."""


def subjects(parts: Iterable[Part]) -> tuple[Concept, ...]:
    """At most `SUBJECTS_MAX`, those of most live articles first, among equals by key. Spelt as first met."""
    counts: dict[Key, int] = {}
    first: dict[Key, Concept] = {}
    for part in parts:
        for key, concept in {_key(concept): concept for concept in part.subjects}.items():
            first.setdefault(key, concept)
            counts[key] = counts.get(key, 0) + 1
    return tuple(first[key] for key in sorted(counts, key=lambda key: (-counts[key], key))[:SUBJECTS_MAX])


def _key(concept: Concept) -> Key:
    return (concept.scheme or "", concept.code) if concept.code else ("", concept.name.casefold())
