"""Articles and parts for the tests of sections; all of their news is invented."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from storyline.domain.sections import Page, added, describe, evolve, extract
from storyline_schemas import Article, Part

DAY = datetime(2031, 3, 3, 9, tzinfo=UTC)

ADVANCE = (
    "Velmara, Karsund to hold talks on North Norrin policy",
    "LINDEN CITY, March 3 (Meridian) - Velmara and Karsund will hold talks this "
    "week to coordinate their policy toward "
    "North Norrin, the first such meeting since the government of Prime Minister Sena Marlow took office.\n\n"
    "Deputy Foreign Minister Tomas Ardel will lead the Velmaran side in Linden City, the foreign ministry said.\n\n"
    "The Reconciliation Ministry, which handles relations with North Norrin, will not attend the talks.",
)
EVENT = (
    "Velmara and Karsund launch talks on North Norrin policy",
    "LINDEN CITY, March 5 (Meridian) - Velmara and Karsund held their first coordinated talks on North Norrin policy "
    "in Linden City on Wednesday, led by Deputy Foreign Minister Tomas Ardel and Karsund's acting "
    "ambassador, Keira Holm.\n\n"
    "The two governments discussed measures to bring North Norrin back to negotiations that broke off "
    "three years ago.\n\n"
    "The meeting follows a joint fact sheet in which the allies agreed to close consultations on "
    "security policy.\n\n"
    "The Reconciliation Ministry publicly objected to the talks and said it would hold separate "
    "discussions with Karsund.\n\n"
    "It has argued that a channel led by diplomats could undermine direct contact with North Norrin.",
)
FOLLOW_UP = (
    "Velmara, Karsund in talks for regular meeting on North Norrin",
    "LINDEN CITY, March 6 (Meridian) - The foreign ministry said Thursday that "
    "the allies plan regular consultations on "
    "North Norrin and would not create a permanent body.\n\n"
    "Acting ambassador Keira Holm said complete disarmament of North Norrin remained the shared goal of Karsund and "
    "Velmara.\n\n"
    "Sanctions on North Norrin will be coordinated at working level every two months, a senior official said.",
)
WIRE = (ADVANCE, EVENT, FOLLOW_UP)


def article(
    headline: str, body: str, *, uri: str = "urn:test:1", language: str = "en", hours: int = 0, house: str = "Meridian"
) -> Article:
    at = (DAY + timedelta(hours=hours)).isoformat()
    value = {
        "uri": uri,
        "headline": headline,
        "body": body,
        "language": language,
        "version_created": at,
        "provider": {"name": house},
    }
    return Article.model_validate_json(json.dumps(value))


def part(source: Article, n: int, earlier: Sequence[Part] = ()) -> Part:
    """The article as a story keeps it, described against the earlier parts."""
    assert source.version_created is not None
    bare = Part(
        article_uri=source.uri,
        placement=n,
        revision=(0, 1),
        n=n,
        headline=source.headline,
        language=source.language,
        provider=source.provider.name,
        family=source.provider.family_key,
        published_at=source.version_created,
        at_ms=int(source.version_created.timestamp()) * 1000,
        sentences=extract(source),
        people=source.people,
        organisations=source.organisations,
        places=source.places,
    )
    standing = describe(bare, earlier)
    placed = bare.model_copy(update={"relation": standing.relation, "copy_of": standing.copy_of})
    return placed.model_copy(update={"adds": added(placed, earlier)})


def parts_of(texts: Sequence[tuple[str, str]], *, houses: Sequence[str] = ("Meridian",)) -> list[Part]:
    """One part for each (headline, body), a day apart."""
    made: list[Part] = []
    for i, (headline, body) in enumerate(texts):
        source = article(headline, body, uri=f"urn:test:{i + 1}", hours=24 * i, house=houses[i % len(houses)])
        made.append(part(source, i + 1, made))
    return made


def pages_of(parts: Sequence[Part], language: str = "en") -> list[Page]:
    """The page after each arrival."""
    pages: list[Page] = []
    for i, arriving in enumerate(parts):
        assert arriving.n is not None
        pages.append(evolve(pages[-1] if pages else None, parts[: i + 1], {arriving.n}, i + 1, language))
    return pages


def texts_of(page: Page) -> list[str]:
    return [sentence.text for section in page.sections for sentence in section.sentences]
