"""Captions, blurbs and standfirsts around a story. All texts are invented."""

import pytest
from sections_making import article

from storyline.domain.sections import extract

LEAD = "A storm tore 12 boats from their moorings in Port Solmar and closed the northern pier."
NEXT = "The council ordered 300 residents to leave their homes near the river."
REST = "Crews worked through the night to clear the coast road, which had been under water since the morning."
CAPTION = "A boat lies on its side in the harbour of Port Solmar after the storm broke its moorings."


def kept(*paragraphs: str) -> list[str]:
    return [sentence.text for sentence in extract(article("Storm in Port Solmar", "\n\n".join(paragraphs)))]


@pytest.mark.parametrize(
    "credit",
    [
        " Photograph: Meridian",
        " Photo: Ida Brandt /Getty",
        " – AFP",
        " (Reuters/Ida Brandt)",
        " Ida Brandt, File / AP",
        " —File",
        " (Source: Solmar TV)",
        " AFP PHOTO / Ida BRANDT (Photo credit should read Ida BRANDT/AFP/Getty Images)",
    ],
)
def test_a_paragraph_that_ends_in_a_credit_is_a_caption(credit: str) -> None:
    assert kept(CAPTION + credit, LEAD, NEXT) == [LEAD, NEXT]


LONG = " ".join([REST] * 6)


@pytest.mark.parametrize(
    "caption",
    [
        f"{CAPTION} {LONG} (AP Photo/Ida Brandt, File)",
        f"{CAPTION} {LONG} (Photo by Ida Brandt/Getty Images)",
        f"FILE - In this March 3, 2031 file photo, boats lie in the harbour. {LONG}",
        f"In this March 3, 2031 photo, a boat lies in the harbour. {LONG}",
        "Mayor Ida Brandt greets owners of boats in Port Solmar, Velmara, March 3, 2031. AP Photo/Tomas Ardel",
        "A boat on its side in the harbour of Port Solmar after the storm. Photo: Meridian/Tomas E. J.",
    ],
)
def test_a_pictures_credit_tells_at_whatever_length_and_place(caption: str) -> None:
    assert kept(LEAD, caption, NEXT) == [LEAD, NEXT]
    assert kept(caption, LEAD, NEXT) == [LEAD, NEXT]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor took credit for the new pier when she spoke to the council of Port Solmar in the evening.",
        "The council was told of the damage to the pier by officials who spoke to the mayor and to Mr. Bloomberg.",
        "This week the council of Port Solmar showed its picture of how the northern pier may look in ten years.",
        "The pier had been damaged before, and the council knew of it, the mayor of Port Solmar told Reuters.",
    ],
)
def test_names_of_agencies_and_words_of_pictures_alone_make_no_caption(text: str) -> None:
    assert kept(LEAD, text, NEXT) == [LEAD, text, NEXT]


def test_whose_a_text_is_may_stand_at_its_end() -> None:
    assert kept(LEAD, NEXT + " (AFP)") == [LEAD, NEXT]


@pytest.mark.parametrize(
    "caption",
    [
        "Mayor Ida Brandt makes remarks on the storm, while walking through Port Solmar, Monday, Sept. 1, 2031.",
        "Owners of boats that were lost gather on the northern pier in Port Solmar April 25, 2031.",
        "A view of the northern pier, in Port Solmar, Monday, Nov. 19, 2031.",
    ],
)
def test_what_is_to_be_seen_on_a_day_is_a_caption(caption: str) -> None:
    assert kept(LEAD, caption, NEXT) == [LEAD, NEXT]


@pytest.mark.parametrize(
    "told",
    [
        "Sixteen people were killed when the ferry struck the northern pier of Port Solmar on April 1, 2029.",
        "The daughter of a dockhand who came from Kell, Brandt was born in Port Solmar on July 19, 1982.",
        "Brandt sent the council a letter about the pier on August 24, 2029.",
        "Velmara ratified the treaty on the northern straits on June 14, 2029.",
    ],
)
def test_what_happened_on_a_day_is_none(told: str) -> None:
    assert kept(LEAD, told, NEXT) == [LEAD, told, NEXT]


def test_of_a_file_photos_text_nothing_is_the_story() -> None:
    caption = "FILE - In this March 5 file photo, boats lie in the harbour. The council closed the pier last winter."
    assert kept(LEAD, caption, NEXT) == [LEAD, NEXT]


def test_what_stands_twice_the_second_time_with_a_day_is_a_caption() -> None:
    assert kept(CAPTION, f"March 5, 2031 {CAPTION} Ida Brandt for Meridian", LEAD, NEXT) == [LEAD, NEXT]


def test_what_stands_above_the_dateline_is_not_the_story() -> None:
    blurb = "The storm has broken the moorings of boats up and down the coast this winter."
    assert kept(blurb, f"PORT SOLMAR (Meridian) - {LEAD}", NEXT, REST) == [LEAD, NEXT, REST]
    assert kept(blurb, f"— {LEAD}", NEXT, REST) == [LEAD, NEXT, REST]
    assert kept(blurb, f"Reporting from Port Solmar — {LEAD}", NEXT, REST) == [LEAD, NEXT, REST]


def test_a_dateline_near_the_end_begins_another_item() -> None:
    assert kept(LEAD, NEXT, REST, "TANSY VALE — Snow closed the valley road for a second day.")[:3] == [
        LEAD,
        NEXT,
        REST,
    ]


def test_videos_stacked_above_a_story_go_with_all_between_them() -> None:
    videos = (
        "Old coins from the collection of a miller go up for sale in Kell. Ida Brandt reports.",
        "The miller of Kell has told of his forty years among old coins and older mills.",
        "Snow fell on the valley for the ninth day, and the road to Tansy Vale was closed. (March 4)",
    )
    assert kept(*videos, LEAD, NEXT, REST) == [LEAD, NEXT, REST]


@pytest.mark.parametrize(
    "slip",
    [
        "The mayor used a speech in the evening to revealed that the council had closed the northern pier.",
        "The council said the the northern pier would stay closed for the winter.",
        "The cost is thought to be have been the reason for closing the northern pier.",
        '"No decision has been made on any of these plans,", the mayor of Port Solmar said.',
        "No other details of the damage to the pier are available at the time of reporting this story.",
        "As the town looks to the vote in May, the BBC profiles the contenders for the office of mayor.",
    ],
)
def test_slips_and_what_is_about_the_report_are_left_out(slip: str) -> None:
    assert kept(LEAD, slip, NEXT) == [LEAD, NEXT]


def test_marks_and_hyphens_that_came_apart_are_closed_up() -> None:
    told = 'Brandt told the council at Port-a - Vale that she wants a " new deal " for the boats of the harbour.'
    closed = 'Brandt told the council at Port-a-Vale that she wants a "new deal" for the boats of the harbour.'
    assert kept('The mayor said: "We saw it coming.', told, NEXT)[0] == closed


def test_positions_begin_where_the_story_does() -> None:
    body = f"{CAPTION} Photograph: Meridian\n\n{CAPTION} – AFP\n\nPORT SOLMAR — {LEAD}\n\n{NEXT}\n\n{REST}"
    sentences = extract(article("Storm in Port Solmar", body))
    assert [sentence.position for sentence in sentences] == [0, 1, 2]
