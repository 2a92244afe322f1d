"""What heads a section where a clause would say its first sentence once more. All sentences are invented."""

import pytest
from sections_making import article, part

from storyline.domain.sections import evolve
from storyline.domain.sections.clauses import stands_in
from storyline.domain.sections.crossheads import crossheads
from storyline.domain.sections.features import annotate


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Velmara brokered a ceasefire between Orun and its rivals.", "ceasefire between Orun and its rivals"),
        ("Holm has renewed her opposition to the northern pier.", "opposition to northern pier"),
        ("The storm slowed the effort to raise the ferry.", "effort to raise ferry"),
        ("Brandt went along with sanctions on 15 banks of Orun.", "sanctions on 15 banks of Orun"),
        ("Holm praised Brandt for a lifelong love of the sea.", "lifelong love of sea"),
    ],
)  # fmt: skip
def test_a_crosshead_is_what_happened_and_to_whom(sentence: str, found: str) -> None:
    assert list(crossheads(annotate(sentence, "en"))) == [found]
    assert stands_in(found, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Holm denied the murder of a sailor.",
        "Holm is accused of the murder of a sailor.",
        "Police foiled an attack on the port of Norrin.",
        "Police thwarted an attack on the port of Norrin.",
        "Mayor Ida Brandt ended her opposition to a bridge for lorries.",
        "The court overturned the ban on plastic bags in Norrin.",
        "Holm was acquitted of the theft of two paintings.",
        "The noise was mistaken for an attack on the port.",
        "The board voted down the plan to close the northern pier.",
        "Prosecutors recommended a sentence of 40 months in prison.",
        "The board has no plan to close the pier.",
        "Holm left the department of the interior in May.",
        "Holm attended a debate between the ministers.",
        "The board discussed a threat to it.",
        "Voters in the valley asked to promote rights for sailors.",
        "The fight for bread and water goes on.",
    ],
    ids=["denied", "accused", "foiled", "thwarted", "ended", "overturned", "acquitted", "mistaken", "voted down",
         "recommended", "not", "no event", "between whom", "pronoun", "verb", "half a pair"],
)  # fmt: skip
def test_what_may_not_be_so_or_names_nothing_makes_no_crosshead(sentence: str) -> None:
    assert not crossheads(annotate(sentence, "en"))


BODY = (
    "Velmara opened the northern pier of Port Solmar after a storm had closed it for 12 days, the mayor said.\n\n"
    "Fishermen returned to the harbour of Port Solmar within an hour.\n\n"
    "{first}\n\n"
    "Keira Holm of the harbour board told reporters that the money was there."
)


@pytest.mark.parametrize(
    ("first", "heading"),
    [
        (
            "Mayor Ida Brandt praised the crew of a ferry for a quick journey.",
            "Mayor Ida Brandt Praises Crew of Ferry for Quick Journey",
        ),
        (
            "Mayor Ida Brandt renewed her opposition to a bridge for lorries.",
            "Opposition to Bridge for Lorries",
        ),
    ],
    ids=["no crosshead", "crosshead"],
)
def test_a_section_is_headed_by_a_crosshead_rather_than_by_its_first_sentence(first: str, heading: str) -> None:
    source = article("Velmara opens northern pier of Port Solmar", BODY.format(first=first))
    page = evolve(None, [part(source, 1)], {1}, 1, "en")
    assert heading in [section.heading for section in page.sections]
