"""Under which section a sentence goes that a page has room for."""

import pytest
from sections_making import article, part

from storyline.domain.sections import filling
from storyline.domain.sections.drafts import Draft, line_of
from storyline.domain.sections.features import annotate
from storyline.domain.sections.pool import Candidate
from storyline.domain.sections.update import Update

PIER = (
    "Pier of Solmar burns down",
    "SOLMAR (Meridian) - The pier of Solmar burned down before dawn on Tuesday, the harbour board said.\n\n"
    "Mayor Ida Orlina promised 40 million crowns for a new bridge to the islands.\n\n"
    "Orlina had asked the islands for money for the bridge in spring.\n\n"
    "{further}",
)


def update_with(further: str) -> Update:
    headline, body = PIER
    its = part(article(headline, body.format(further=further)), 1)
    update = Update(None, {1: its}, {1}, 1, "en")
    lead, promise, asked, _ = update.pool.by_part[1]
    update.drafts.items = [
        Draft("s1", "Pier Burns Down", 1, [line_of(lead)], changed=True),
        Draft("s2", "Mayor Promises New Bridge", 1, [line_of(promise), line_of(asked)], changed=True),
    ]
    return update


@pytest.mark.parametrize(
    ("further", "home"),
    [
        ("The islands had offered money for a bridge of stone, said Lars Brandt, their speaker.", "s2"),
        ("Ida Orlina said the pier of Solmar had been checked by the harbour board every autumn.", "s1"),
    ],
)
def test_a_sentence_goes_under_the_section_whose_matter_it_shares_and_else_under_the_lead(
    further: str, home: str
) -> None:
    update = update_with(further)
    found = filling._home(update, update.pool.by_part[1][3])
    assert found is not None and found.id == home


LONG_PIER = (
    "Pier of Solmar burns down",
    "SOLMAR (Meridian) - The pier of Solmar burned down before dawn on Tuesday, the harbour board said.\n\n"
    "Mayor Ida Orlina promised 40 million crowns, stone from two quarries, cranes and barges for a new bridge to the"
    " islands.\n\n"
    "Orlina had asked the islands for money, timber, workers, tents and three ships for the bridge in spring, letters"
    " printed by a paper show.",
)


def second_article(tells: str) -> Update:
    first = part(article(*LONG_PIER), 1)
    other = part(article("Pier of Solmar burned down", tells, uri="urn:test:2", hours=2, house="Lantern"), 2, [first])
    update = Update(None, {1: first, 2: other}, {1, 2}, 1, "en")
    lead, promise, asked = update.pool.by_part[1]
    update.drafts.items = [
        Draft("s1", "Pier Burns Down", 1, [line_of(lead)], changed=True),
        Draft("s2", "Mayor Promises New Bridge", 1, [line_of(promise), line_of(asked)], changed=True),
    ]
    return update


@pytest.mark.parametrize(
    ("tells", "home"),
    [
        ("The islands had asked for 40 million crowns for a new bridge, said Lars Brandt of the harbour board.", "s2"),
        (
            "Tents and timber of guests from hotels and breweries on the northern coast stood there in spring, before"
            " nets, ropes, engines and boats of fishing crews drifted off the pier, Lars Brandt recalled.",
            "s1",
        ),
    ],
)
def test_what_another_article_tells_must_be_closer_to_a_section_below_the_lead(tells: str, home: str) -> None:
    update = second_article(tells)
    found = filling._home(update, update.pool.by_part[2][0])
    assert found is not None and found.id == home


def test_an_article_that_is_not_cited_may_have_one_sentence_more_under_the_lead() -> None:
    update = second_article("Spring tides hurt the pier of Solmar, said Lars Brandt of the harbour board.")
    candidate = update.pool.by_part[2][0]
    lead = update.drafts.items[0]
    lead.lines = lead.lines * 5
    assert filling._home(update, candidate) is None
    assert filling._home(update, candidate, more=1) is lead


def test_what_is_far_down_in_its_article_and_strange_to_the_lead_stands_there_only_for_want_of_better() -> None:
    above = [f"A crew of firefighters from village {n} of the coast carried water to the harbour." for n in range(6)]
    strange = "Schools, churches, hotels and shops of Solmar opened their halls to guests, cooks and nurses."
    update = second_article(" ".join([*above, strange]))
    candidate = update.pool.by_part[2][-1]
    assert candidate.text == strange
    assert filling._home(update, candidate, 0) is None
    assert filling._home(update, candidate, 0, strange=True) is update.drafts.items[0]


@pytest.mark.parametrize(
    ("lines", "central", "publishers", "fills"),
    [(3, 160, None, True), (4, 160, None, False), (4, 160, {"Meridian", "Corvane"}, True), (4, 220, None, True)],
)
def test_what_fills_a_longer_page_has_more_of_what_the_story_is_about(
    lines: int, central: int, publishers: set[str] | None, fills: bool
) -> None:
    update = second_article("The owner of the ferry said so.")
    candidate = update.pool.by_part[1][0]
    candidate.central, candidate.publishers = central, publishers
    assert filling._may_fill(update, candidate, lines) is fills


OPENS = "The harbour board of Solmar met on Tuesday. Guests filled the hall. Ida Orlina spoke for an hour. "
AHEAD = "The harbour board will vote on a bridge of stone, said Lars Brandt, its speaker."


def looks_ahead(headline: str, hours: int, place: int) -> tuple[Update, Candidate]:
    """An update of three articles, and what the second one says of the time to come at a place."""
    first = part(article(*LONG_PIER, hours=hours), 1)
    sentences = OPENS.split(". ")[:-1]
    body = ". ".join([*sentences[:place], AHEAD.rstrip("."), *sentences[place:], ""])
    second = part(article(headline, body, uri="urn:test:2", house="Lantern"), 2, [first])
    update = Update(None, {1: first, 2: second}, {1, 2}, 1, "en")
    return update, next(c for c in update.pool.by_part[2] if c.text == AHEAD)


@pytest.mark.parametrize(
    ("headline", "hours", "place", "told"),
    [
        ("Harbour board meets on pier of Solmar", 0, 3, True),
        ("Harbour board meets on pier of Solmar", 11, 3, True),
        ("Harbour board meets on pier of Solmar", 13, 3, False),
        ("Harbour board meets on pier of Solmar", 0, 0, False),
        ("Harbour board to meet on pier of Solmar", 0, 3, False),
    ],
)
def test_what_looks_ahead_goes_on_below_while_it_may_still_come_and_is_not_the_news_itself(
    headline: str, hours: int, place: int, told: bool
) -> None:
    update, candidate = looks_ahead(headline, hours, place)
    assert candidate.features.future
    assert filling._may_be_told(update, candidate) is told


@pytest.mark.parametrize(
    ("sentence", "ahead"),
    [
        ("The ferry will leave the pier of Solmar at noon, the harbour board said.", True),
        ("The resolution calls on all people of good will to help the islands of Solmar.", False),
        ("Ida Orlina was taken off the board against her will, Lars Brandt recalled.", False),
        ("Her cousin Will Brandt mended the nets of the harbour crew in spring.", False),
        ("Orlina will, Brandt said, ask the islands for money for the bridge.", True),
    ],
)
def test_a_will_that_somebody_has_is_no_time_to_come(sentence: str, ahead: bool) -> None:
    assert annotate(sentence, "en").future is ahead
