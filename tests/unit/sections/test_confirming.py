"""What two articles say: it is cited from both, chosen rather than what one says, and told in the form both have."""

import pytest
from sections_making import pages_of, parts_of

from storyline.domain.sections import supports
from storyline.domain.sections.blocks import extend, told_by_both
from storyline.domain.sections.confirming import confirmed
from storyline.domain.sections.gathering import build
from storyline.domain.sections.reading import read

WIRE = (
    "Storm tears boats from moorings in Solmar",
    "A storm tore 12 boats from their moorings in Solmar on Monday night, the harbour master said.\n\n"
    "Two ferries in Solmar were damaged by the storm and will be taken to the yard at Orun.\n\n"
    "Mayor Ida Brandt asked fishermen to leave the yard to its welders until Friday.\n\n"
    "She said the council had found money for a new crane there and would order it this week.",
)
PAPER = (
    "Solmar counts its boats after the storm",
    "Solmar is counting its boats after a night of wind that nobody in the harbour had expected.\n\n"
    "Two ferries in Solmar were damaged by the storm and will be taken to the yard at Orun.\n\n"
    "She said the council had found money for a new crane there and would order it this week.",
)


@pytest.mark.parametrize("order", [(WIRE, PAPER), (PAPER, WIRE)])
def test_what_both_say_is_cited_from_both(order: tuple[tuple[str, str], tuple[str, str]]) -> None:
    parts = parts_of(order, houses=("Meridian", "Solmar Post"))
    page = pages_of(parts)[-1]
    shown = {sentence.text: sentence.citations for section in page.sections for sentence in section.sentences}
    both = [text for text, citations in shown.items() if len(citations) > 1]
    assert any("Two ferries" in text for text in both)
    for text, citations in shown.items():
        for n in citations:
            assert any(supports(text, kept.text, "en") for kept in parts[n - 1].sentences)


def test_a_fourth_sentence_stands_only_if_another_publisher_says_it() -> None:
    body = (
        "Mayor Ida Brandt closed the northern pier in Solmar after a storm tore at its piles.\n\n"
        "She asked fishermen to leave the yard to its welders for a week.\n\n"
        "She thanked the crews of two ferries that had towed twelve boats.\n\n"
        "She said the council had found money for another crane."
    )
    pool = build(parts_of([("Mayor closes pier in Solmar after storm", body)]), "en")
    first, *_, fourth = pool.by_part[1]
    assert fourth not in extend(pool, first, ())
    fourth.confirmed = True
    assert fourth in extend(pool, first, ())


def test_the_shorter_form_that_another_article_has_is_told() -> None:
    whole = (
        "Solmar port closed after storm",
        "The port of Solmar was closed on Monday after a storm damaged its northern pier.\n\n"
        "Divers in Solmar found 40 tonnes (44 tons) of stone on the bed of the harbour below the damaged pier.",
    )
    short = (
        "Pier in Solmar badly damaged",
        "Nobody in Solmar had seen such waves, fishermen told the council on Tuesday.\n\n"
        "Divers in Solmar found 40 tonnes of stone on the bed of the harbour below the damaged pier.",
    )
    page = pages_of(parts_of([short, whole], houses=("Solmar Post", "Meridian")))[-1]
    told = {s.text: s.citations for section in page.sections for s in section.sentences if "Divers" in s.text}
    assert told == {
        "Divers in Solmar found 40 tonnes of stone on the bed of the harbour below the damaged pier.": (1, 2)
    }


def test_a_sentence_that_stands_takes_the_shorter_form_of_an_article_that_comes() -> None:
    whole = (
        "Divers find stones in Solmar port",
        "Divers in Solmar found 40 tonnes (44 tons) of stone on the bed of the harbour below its damaged pier.\n\n"
        "Mayor Ida Brandt said the port would stay closed while the stones were lifted by a crane.",
    )
    short = (
        "Nets lost in Solmar storm",
        "Fishermen in Solmar lost nets worth a year of work.\n\n"
        "Divers in Solmar found 40 tonnes of stone on the bed of the harbour below its damaged pier.",
    )
    told = [page.sections[0].sentences[0] for page in pages_of(parts_of([whole, short], houses=("Meridian", "Post")))]
    assert "(44 tons)" in told[0].text
    assert told[1].text == "Divers in Solmar found 40 tonnes of stone on the bed of the harbour below its damaged pier."
    assert [sentence.citations for sentence in told] == [(1,), (1, 2)]


def test_a_shorter_form_without_the_first_name_is_no_such_form() -> None:
    whole = "Mayor Ida Brandt closed the northern pier in Solmar after a storm tore twelve boats from their moorings."
    short = "Brandt closed the northern pier in Solmar after a storm tore twelve boats from their moorings."
    opening = "Nobody in the harbour had expected such waves, fishermen told the council."
    texts = [("Mayor closes pier in Solmar", whole), ("Council of Solmar meets", f"{opening}\n\n{short}")]
    pool = build(parts_of(texts, houses=("Meridian", "Solmar Post")), "en")
    assert pool.by_part[2][-1].confirmed
    assert told_by_both(pool, pool.by_part[1][0]).text == whole


def test_another_claim_confirms_nothing() -> None:
    other = (WIRE[0], WIRE[1].replace("Two ferries", "Three ferries").replace("found money", "lost money"))
    one, two = parts_of([WIRE, other], houses=("Meridian", "Solmar Post"))
    places = confirmed(read(one, "en"), read(two, "en"), "en")
    said = [one.sentences[place].text for place in sorted(places)]
    assert said and not any("ferries in Solmar were" in text or "crane" in text for text in said)
