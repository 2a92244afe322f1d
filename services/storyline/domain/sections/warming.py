"""What the first sentence of a language would wait for, loaded before: splitter, stemmer, word tables, patterns."""

from collections.abc import Iterable
from datetime import UTC, datetime

from storyline_schemas import Article, Part, Provider

from . import words as w
from .adding import added
from .describe import describe
from .evolving import evolve
from .text import extract
from .vocabulary import table

LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "ru", "ar", "zh", "ja", "ko")
_AT = datetime(2031, 3, 3, tzinfo=UTC)
_TEXT = (
    "A storm tore 12 boats from their moorings in Port Solmar and closed the northern pier, Mayor Ida Brandt said.\n\n"
    "The council ordered 300 residents to leave their homes near the river. Two people were killed and 5 injured.\n\n"
    "“Nobody expected the water to rise so fast,” Brandt told reporters after the council had met."
)


def warm(languages: Iterable[str] = LANGUAGES) -> None:
    """Take a short invented story of each language all the way, and throw it away.

    Takes about a tenth of a second. The first article after it costs what any other does.
    """
    english = table("en")
    for word in (*w.STOP, *w.AUXILIARY, *w.IRREGULAR, *w.PRESENT, *w.PLAIN, *w.SPEECH, *w.ROLE_SPEAKER):
        english[word]
        english[word.capitalize()]
    for language in languages:
        _take_along(language)


def _take_along(language: str) -> None:
    parts: list[Part] = []
    page = None
    for n, text in enumerate((_TEXT, _TEXT.replace("12 boats", "19 boats").replace("Two people", "Three people")), 1):
        article = Article(
            uri=f"urn:warm:{n}", headline="Storm closes northern pier in Port Solmar", body=text, language=language,
            version_created=_AT, provider=Provider(name=f"House {n}"),
        )  # fmt: skip
        part = Part(
            article_uri=article.uri, placement=n, revision=(0, 1), n=n, headline=article.headline, language=language,
            provider=article.provider.name, family=article.provider.family_key, published_at=_AT, at_ms=n,
            sentences=extract(article),
        )  # fmt: skip
        parts.append(part.model_copy(update={"relation": describe(part, parts).relation}))
        page = evolve(page, parts, {n}, n, language)
        added(parts[-1], parts[:-1], page.sections)
