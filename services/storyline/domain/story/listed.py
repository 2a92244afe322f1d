"""Which sources a story lists: all of them, or of a very large one those that its text cites and the newest."""

from collections import Counter
from collections.abc import Sequence

from storyline_schemas import Part, Section, Source
from storyline_schemas.story import OMITTED_FAMILIES_MAX, SOURCES_MAX, FamilyCount, OmittedSources, TimelineEntry

from ..sections import bare_title, told_title


def listed(
    live: Sequence[Part], sections: Sequence[Section], timeline: Sequence[TimelineEntry]
) -> tuple[tuple[Source, ...], OmittedSources | None]:
    """The sources as the public sees them, by number, and what is left out of them."""
    if len(live) <= SOURCES_MAX:
        return tuple(map(source_of, live)), None
    # Far fewer than are listed.
    cited = {n for section in sections for sentence in section.sentences for n in sentence.citations}
    cited |= {n for entry in timeline for n in entry.citations}
    by_use = sorted(live, key=lambda part: (part.n in cited, part.n or 0), reverse=True)
    kept = sorted(by_use[:SOURCES_MAX], key=lambda part: part.n or 0)
    families = Counter(part.family for part in by_use[SOURCES_MAX:])
    most = sorted(families.items(), key=lambda each: (-each[1], each[0]))[:OMITTED_FAMILIES_MAX]
    omitted = OmittedSources(
        count=len(live) - SOURCES_MAX,
        families=tuple(FamilyCount(family=family, article_count=count) for family, count in most),
    )
    return tuple(map(source_of, kept)), omitted


def source_of(part: Part) -> Source:
    """A live part as a source. What it adds isn't told where that is its headline once more."""
    sent = bare_title(part)
    headline = sent if sent.strip() else told_title(part)
    again = _plain(part.adds) in (_plain(headline), _plain(told_title(part)))
    if headline != sent:
        again = part.adds.startswith(headline.rstrip(" …"))
    return Source(
        n=part.n or 0,
        article_uri=part.article_uri,
        version=part.version,
        provider=part.provider,
        family=part.family,
        headline=headline,
        language=part.language,
        adds="" if again else part.adds,
        relation=part.relation,
        url=part.url,
        published_at=part.published_at,
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(". ").casefold()
