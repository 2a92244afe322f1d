"""People, bodies and places read from the wording of articles. All names are invented but for some countries'."""

import pytest
from sections_making import article, pages_of, part, parts_of

from storyline.domain.sections.features import annotate
from storyline.domain.sections.naming import names_in
from storyline_schemas import Concept, Part


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("The pier was closed by Deputy Harbour Minister Tomas Ardel.", [("person", "Tomas Ardel")]),
        ("A storm closed the pier, Ida M. Brandt said.", [("person", "Ida M. Brandt")]),
        ("It hurt Jonas Weil, 19, who fished there.", [("person", "Jonas Weil")]),
        ("It was opened by Keira Holm, the mayor of Solmar.", [("person", "Keira Holm")]),
        ("The flood reached France and the village of Orun.", [("place", "France"), ("place", "Orun")]),
        ("He asked the Velmara Harbour Committee to help.", [("organisation", "Velmara Harbour Committee")]),
        ("He read it to Green Harbour Party Chairman Jon Hask.",
         [("organisation", "Green Harbour Party"), ("person", "Jon Hask")]),
        # Somebody or something: nothing says which.
        ("They sailed with Silver Anchor into the bay.", []),
        ("The fleet of Marlow Shipping went north with Ida Brandt.", []),
        ("The National Organization for Harbours said so.", []),
        ("The Coastguard Brigade said so, as did Meridian.", []),
    ],
)  # fmt: skip
def test_a_name_is_of_the_kind_that_its_wording_tells_or_left_out(sentence: str, named: list[tuple[str, str]]) -> None:
    assert list(names_in([annotate(sentence, "en")])) == named


ONE = (
    "Storm closes the pier of Solmar",
    "A storm closed the northern pier of Solmar in Norway after it tore 12 boats loose, Mayor Ida Brandt said.\n\n"
    "The pier will stay shut until engineers have looked at all of its pillars.",
)
TWO = (
    "Pier of Solmar stays shut",
    "The northern pier of Solmar in Norway stays shut after the storm of last night, Brandt told the council.\n\n"
    "The council will pay for new pillars of the pier.",
)


def entities_of(parts: list[Part]) -> list[tuple[str, str, int]]:
    return [(entity.kind, entity.name, entity.article_count) for entity in pages_of(parts)[-1].entities]


def test_articles_without_concepts_give_the_people_and_places_that_their_words_tell() -> None:
    assert entities_of(parts_of([ONE, TWO])) == [("person", "Ida Brandt", 2), ("place", "Norway", 2)]


def test_concepts_of_the_wire_stand_alone() -> None:
    parts = parts_of([ONE, TWO])
    parts[0] = parts[0].model_copy(update={"places": (Concept(name="Solmar"),)})
    assert entities_of(parts) == [("place", "Solmar", 1)]


def test_other_languages_name_nobody_by_their_wording() -> None:
    text = "Der Sturm schloss den Pier in Norwegen, sagte Ida Brandt, 44, am Montag in der Stadt."
    assert entities_of([part(article("Sturm schließt Pier", text, language="de"), 1)]) == []
