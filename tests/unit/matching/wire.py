"""Invented articles to match, and streams of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from storyline.domain.matching import Index, Profile, profile_of
from storyline.domain.matching.words import words_of
from storyline_schemas import Article, Provider

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def article(
    headline: str = "", body: str = "", *, n: int = 1, language: str = "en", hours: float | None = 0, summary: str = ""
) -> Article:
    """An article `hours` after NOON; None: undated."""
    created = None if hours is None else NOON + timedelta(hours=hours)
    return Article(
        uri=f"urn:test:{n}", headline=headline, body=body, summary=summary, language=language, version_created=created,
        provider=Provider(name="Example Wire"),
    )  # fmt: skip


def profile(headline: str = "", body: str = "", **more: object) -> Profile:
    return profile_of(article(headline, body, **more))  # type: ignore[arg-type]


FIRE = profile(
    "Warehouse fire in Tarnova kills three",
    "A fire in a textile warehouse in Tarnova killed three workers on Sunday, the fire brigade said. "
    "Flames spread through the depot of the Velmar company before dawn. Tarnova's mayor spoke of a black day.",
)
FIRE_AGAIN = profile(
    "Tarnova mourns warehouse workers after fire",
    "Three textile workers died when fire destroyed the Velmar warehouse in Tarnova, the fire brigade said. "
    "The mayor of Tarnova promised an inquiry into the depot's sprinklers.",
    hours=5,
)
STRIKE = profile(
    "Ferry crews strike over pay in Lindholm",
    "Ferry crews in Lindholm walked out on Sunday in a dispute over pay with the operator Norvik Lines. "
    "Thousands of passengers were stranded on the islands as the union said the strike would go on.",
    hours=2,
)

LANGUAGES = ("en", "de", "xx")
for _language in LANGUAGES:  # their priors take half a second to load, which no example should be charged with
    words_of(_language)

_NOUNS = ("fire", "strike", "ferry", "mayor", "budget", "vaccine", "stadium", "quake", "trial", "glacier")
_PLACES = ("Tarnova", "Lindholm", "Velmar", "Ostrava", "Kisumu", "Cebu")


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Articles of a few words each, so that stories, near misses and ties all happen."""
    words = st.lists(st.sampled_from((*_NOUNS, *_PLACES)), min_size=0, max_size=6)
    headline, body = " ".join(draw(words)), " ".join(draw(words))
    hours = draw(st.none() | st.integers(0, 24 * 90))
    return profile(headline or "untitled", body, hours=hours, language=draw(st.sampled_from(LANGUAGES)))


streams = st.lists(profiles(), min_size=1, max_size=14)


def fed(stream: list[Profile], index: Index | None = None, start: int = 1) -> tuple[Index, list[str]]:
    """The stream through an index, merges on: the index, and where each article went."""
    index = index or Index()
    placed = []
    for n, one in enumerate(stream, start):
        story = index.decide(one).story_id or f"story-{n}"
        index.join(story, f"urn:test:{n}", one, n)
        placed.append(story)
        if (merge := index.merge_for(story)) is not None:
            index.merge(merge.loser, merge.winner)
    return index, placed


def story_ids(index: Index) -> list[str]:
    """The ids of the live stories."""
    return sorted(index._stories)
