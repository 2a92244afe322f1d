"""The part: what a story keeps of one article, made from a command, and its tombstone."""

from collections.abc import Iterable

from storyline_schemas import Add, Article, Moved, Open, Part
from storyline_schemas.article import Revision
from storyline_schemas.base import from_ms

from ..sections import credited, extract

Order = tuple[int, Revision]
"""(placement, revision): what a story hears of an article is ordered by it; equal or older is a no-op."""


def order_of(placed: Part | Open | Add) -> Order:
    return (placed.placement, placed.revision)


def part_of(command: Open | Add) -> Part:
    """What is kept of the article that the command brings. It has no number yet."""
    article = command.article
    return Part(
        article_uri=command.article_uri,
        placement=command.placement,
        revision=command.revision,
        version=article.version,
        headline=article.headline,
        language=article.language,
        provider=article.provider.name,
        family=article.provider.family_key,
        agencies=credited(article),
        url=article.url,
        published_at=from_ms(command.at_ms) if _is_dated(article) else None,
        at_ms=command.at_ms,
        urgency=article.urgency,
        slugline=article.slugline,
        correction=article.correction,
        sentences=extract(article),
        people=article.people,
        organisations=article.organisations,
        places=article.places,
        subjects=article.subjects,
        profile=command.profile,
        match=command.match,
    )


def _is_dated(article: Article) -> bool:
    return article.version_created is not None or article.first_created is not None


def tombstone(uri: str, placement: int, revision: Revision, moved: Moved | None = None) -> Part:
    """What stays of an article that left: the pair that keeps a late older command a no-op, and no text.

    With `moved`, a late older command isn't one for this story, but for the one that the article was given to.
    """
    return Part(article_uri=uri, placement=placement, revision=revision, gone=True, moved=moved)


def handed_over(part: Part) -> Part:
    """The part as another story receives it: its number and its standing among the sources belong to this one."""
    return part.model_copy(update={"n": None, "relation": "original", "copy_of": None, "adds": ""})


def live_parts(parts: Iterable[Part]) -> list[Part]:
    """Those that are no tombstones, in the order of their numbers."""
    return sorted((part for part in parts if not part.gone), key=lambda part: part.n or 0)


def is_independent(part: Part) -> bool:
    """Copies, translations and rewrites of an agency's text repeat its report; everything else is one of its own."""
    return part.copy_of is None and part.relation not in ("copy", "translation")
