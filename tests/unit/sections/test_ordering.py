"""In which order a section tells what it has of an article. All news is invented."""

from collections.abc import Sequence

import pytest
from sections_making import article, part

from storyline.domain.sections.drafts import Draft, line_of
from storyline.domain.sections.ordering import put_in_order
from storyline.domain.sections.update import Update

PIER = (
    "Pier of Solmar burns down",
    "SOLMAR (Meridian) - The pier of Solmar burned down before dawn on Tuesday, the harbour board said.\n\n"
    "Mayor Ida Orlina promised 40 million crowns for a new bridge to the islands.\n\n"
    "But the islands of Solmar refused to pay for a bridge of wood.\n\n"
    "Harbour master Lars Brandt praised the crews of three ships that fought the fire.\n\n"
    "Brandt said that 30 boats of fishermen had been saved from the fire.",
)


def ordered(told: Sequence[int], section: int = 1, *, changed: bool = True, locked: bool = False) -> list[int]:
    """The places in their article of a section's sentences once it is put in order."""
    headline, body = PIER
    its = part(article(headline, body), 1)
    update = Update(None, {1: its}, {1}, 1, "en")
    lead, *_ = candidates = update.pool.by_part[1]
    update.drafts.items = [Draft("s1", "Pier Burns Down", 1, [line_of(lead)], changed=True)] * section
    draft = Draft("s2", "", 1, [line_of(candidates[n]) for n in told], changed=changed, locked=locked)
    update.drafts.items.append(draft)
    put_in_order(update)
    return [candidate.position for candidate in draft.candidates]


@pytest.mark.parametrize(
    ("told", "order"),
    [
        ((1, 4, 3), [1, 3, 4]),
        ((4, 3, 1), [3, 4, 1]),
        ((3, 1, 2, 4), [1, 2, 3, 4]),
        ((4, 1), [4, 1]),
    ],
)
def test_an_articles_sentences_keep_its_order_below_what_opens_their_section(
    told: Sequence[int], order: list[int]
) -> None:
    assert ordered(told) == order


def test_what_leans_on_a_sentence_stays_behind_it() -> None:
    assert ordered((3, 4, 1, 2)) == [1, 2, 3, 4]
    assert ordered((4, 1, 2)) == [4, 1, 2]


def test_what_leads_the_page_stays_first() -> None:
    assert ordered((4, 3), section=0) == [4, 3]


def test_what_stands_as_it_was_or_is_locked_is_left_alone() -> None:
    assert ordered((1, 4, 3), changed=False) == [1, 4, 3]
    assert ordered((1, 4, 3), locked=True) == [1, 4, 3]
