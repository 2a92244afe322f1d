"""What Storyline says in words of its own, in the story's language."""

import string
from typing import get_args

import pytest
from sections_making import EVENT, article, pages_of, part

from storyline.domain.sections import Page, change_summary
from storyline.domain.sections.phrases import _PHRASES, Key, phrase


@pytest.mark.parametrize("language", sorted(_PHRASES))
def test_every_language_says_everything_with_the_same_values(language: str) -> None:
    said = _PHRASES[language]
    assert set(said) == set(get_args(Key))
    for key, text in said.items():
        assert values(text) == values(_PHRASES["en"][key]), key


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name and name not in ("one", "many")}


def test_a_language_without_phrases_gets_english() -> None:
    assert phrase("copy", "fi", n=3) == phrase("copy", "en-GB", n=3) == "Same text as [3]."
    assert phrase("copy", "pt-BR", n=3) == "Mesmo texto que [3]."


def test_one_and_many_are_told_apart() -> None:
    said = [phrase("added", "en", count=count, names="Meridian", said="{x}") for count in (1, 2)]
    assert said == ["Meridian adds: {x}", "Meridian add: {x}"]
    assert phrase("sections_gone", "de", count=2, n=2) == ", damit auch 2 Abschnitte"


BODY = (
    "Ein Sturm hat in Solmar zwölf Boote von ihren Ankern gerissen und den nördlichen Pier beschädigt.\n\n"
    "Der Stadtrat von Solmar ordnete an, dass 300 Bewohner ihre Häuser am Fluss verlassen müssen."
)


def test_what_a_source_is_and_what_changed_is_told_in_the_storys_language() -> None:
    first = part(article("Sturm in Solmar", BODY, language="de"), 1)
    copy = part(article("Sturm in Solmar", BODY, uri="urn:test:2", language="de", house="Küste"), 2, [first])
    assert copy.adds == "Derselbe Text wie [1]."
    page = pages_of([first], "de")[0]
    assert change_summary(None, page, [first], [], language="de").startswith("Begonnen mit Meridian: ")
    assert change_summary(page, page, [], [first], language="de") == "Zurückgezogen: Meridian."
    assert change_summary(page, page, [copy], [], language="de") == "Von Küste kam nur, was schon hier steht."


def test_a_copy_in_a_story_of_another_language_is_told_in_the_storys() -> None:
    first = part(article("Sturm in Solmar", BODY, language="de"), 1)
    english = part(article(*EVENT, uri="urn:test:2"), 2, [first])
    again = part(article(*EVENT, uri="urn:test:3", house="Coast"), 3, [first, english])
    assert (again.relation, again.adds) == ("copy", "Derselbe Text wie [2].")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("hi", "पुल के गिरने से नदी के दोनों किनारों के बीच का रास्ता बंद हो गया।"),
        ("ur", "دریا کے دونوں کناروں کے درمیان کا راستہ پل گرنے سے بند ہو گیا۔"),
        ("ja", "町長は記者会見で「橋は春まで閉じる。」"),
        ("fr", "Le maire de Solmar a répondu aux pêcheurs du port : « Le pont reste fermé jusqu'au printemps. »"),
    ],
)
def test_a_summary_has_no_full_stop_behind_the_mark_that_ends_its_sentence(language: str, sentence: str) -> None:
    only = part(article("Solmar", sentence, language=language), 1).model_copy(update={"adds": sentence})
    said = change_summary(None, Page("Solmar", (), {}), [only], [], language=language)
    assert said.endswith(f"Meridian: {sentence}") or said.endswith(f"Meridian : {sentence}")
