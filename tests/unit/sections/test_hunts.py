"""Hunts that are over once another article opens with the arrest. All news is invented."""

from collections.abc import Sequence

import pytest
from sections_making import article, part

from storyline.domain.sections.gathering import build
from storyline.domain.sections.hunts import hunted_before
from storyline.domain.sections.pool import Pool
from storyline_schemas import Part

APPEAL_TITLE = "Police appeal after robbery at Solmar bakery"
OPENING = "A baker was tied up and robbed in her shop on the harbour of Solmar."
ARREST = (
    "Man arrested after Solmar bakery robbery",
    "Police have arrested a man over the robbery of a bakery in Solmar.\n\n"
    "The baker, who was tied up for an hour, is at home with her family.",
)


def told(*news: tuple[tuple[str, str], int]) -> Pool:
    """The pool of these titles and bodies, each so many hours after the first day's morning."""
    parts: list[Part] = []
    for n, ((title, body), hours) in enumerate(news, 1):
        source = article(title, body, uri=f"urn:test:{n}", hours=hours, house=f"House {n}")
        parts.append(part(source, n, parts))
    return build(parts, "en")


def texts_over(pool: Pool) -> Sequence[str]:
    gone = hunted_before(pool)
    return [c.text for c in pool.candidates if c.key in gone]


@pytest.mark.parametrize(
    "sentence",
    [
        "Detectives are examining footage from the harbour in an attempt to identify the robber.",
        "Officers are looking for two men who ran towards the harbour with the till.",
        "The robber was described as wearing a dark jacket with a blue logo on it.",
        "The man was said to have long brown hair and a limp in his left leg.",
        "The police of Solmar said that the inquiry into the robbery was ongoing.",
        "Anyone who saw two men on the quay is asked to call the police of Solmar.",
    ],
)
def test_hunt_is_over_once_another_article_opens_with_the_arrest(sentence: str) -> None:
    appeal = (APPEAL_TITLE, f"{OPENING}\n\n{sentence}")
    assert texts_over(told((appeal, 0), (ARREST, 20))) == [sentence]
    # Of one time, too, whichever came first: who knows of the arrest wrote later.
    assert texts_over(told((ARREST, 0), (appeal, 0))) == [sentence]


HUNT = "Detectives are examining footage from the harbour in an attempt to identify the robber."


def test_hunt_stands_where_the_arrest_came_before_it() -> None:
    assert not texts_over(told((ARREST, 0), ((APPEAL_TITLE, f"{OPENING}\n\n{HUNT}"), 20)))


def test_hunt_stands_where_its_article_knows_of_the_arrest() -> None:
    knows = "A first man has been arrested, but his companion got away by boat."
    assert not texts_over(told(((APPEAL_TITLE, f"{OPENING}\n\n{knows}\n\n{HUNT}"), 0), (ARREST, 20)))


def test_hunt_stands_where_somebody_is_still_at_large() -> None:
    title, body = ARREST
    second = (title, f"{body}\n\nA second man is still on the run with the money of the bakery.")
    assert not texts_over(told(((APPEAL_TITLE, f"{OPENING}\n\n{HUNT}"), 0), (second, 20)))


@pytest.mark.parametrize(
    ("title", "opening"),
    [
        ("Solmar bakery robbery: no arrests", "Nobody has been arrested over the robbery of a bakery in Solmar."),
        ("Baker speaks of Solmar robbery", "The baker of Solmar, who saw her robber arrested once before, spoke."),
        ("Man arrested over fire on Velm", "Police on the island of Velm have arrested a man over a fire at a mill."),
    ],
)
def test_only_the_arrest_on_the_matter_ends_the_hunt(title: str, opening: str) -> None:
    appeal = (APPEAL_TITLE, f"{OPENING}\n\n{HUNT}")
    assert not texts_over(told((appeal, 0), ((title, opening), 20)))
