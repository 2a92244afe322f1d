"""Under which section a sentence goes that a page has room for."""

import pytest
from sections_making import article, part

from storyline.domain.sections import filling
from storyline.domain.sections.drafts import Draft, line_of
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
