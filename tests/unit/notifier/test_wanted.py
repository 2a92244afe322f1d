"""Which updates a subscription asks for."""

import json
from typing import Any

import pytest

from storyline.domain.notify import Wanted, is_wanted
from storyline_schemas import StoryUpdate
from tests.e2e.notifier_world import update


def about(**story: Any) -> StoryUpdate:
    return update("st-1", 2, level="normal", **story)


SECTION = {"id": "s1", "heading": "Crews Walk Out", "hash": "x", "sentences": [{"text": "", "citations": [1]}]}


def says(text: str) -> StoryUpdate:
    section = json.loads(json.dumps(SECTION))
    section["sentences"][0]["text"] = text
    return about(sections=[section])


def test_an_empty_subscription_takes_everything() -> None:
    assert is_wanted(Wanted(), about())


@pytest.mark.parametrize(
    "rules",
    [
        {"stories": ["st-1"]},
        {"entities": ["ines OKARO"]},
        {"subjects": ["Transport"]},
        {"subjects": ["medtop:20000271"]},
        {"languages": ["en"]},
        {"languages": ["fr", "en-GB"]},
        {"spaces": ["invented"]},
        {"words": ["crews walk"]},
        {"level": "normal"},
        {"level": "minor", "words": ["nothing", "walk"], "languages": ["en"]},
    ],
)
def test_each_rule_takes_what_fits_it(rules: dict[str, Any]) -> None:
    subjects = [{"name": "transport", "code": "medtop:20000271", "scheme": "medtop"}]
    story = about(language="en-GB", subjects=subjects, sections=[SECTION | {"sentences": [
        {"text": "All is said.", "citations": [1]}]}])  # fmt: skip
    assert is_wanted(Wanted(**rules), story)


@pytest.mark.parametrize(
    "rules",
    [
        {"stories": ["st-2"]},
        {"entities": ["Okaro"]},
        {"subjects": ["transp"]},
        {"languages": ["eng"]},
        {"spaces": ["world"]},
        {"words": ["alk"]},
        {"level": "major"},
        {"words": ["walk"], "languages": ["fr"]},
    ],
)
def test_each_rule_leaves_what_does_not_fit_it(rules: dict[str, Any]) -> None:
    assert not is_wanted(Wanted(**rules), about())


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("Zürich", "Trams stop in ZURICH."),
        ("zurich", "Straßen in Zürich gesperrt."),
        ("strasse", "Die Straße ist gesperrt."),
        ("地震", "東部で地震が発生した。"),
        ("port lindow", "Ferries leave Port\u00a0Lindow."),
        ("U.N.", "The U.N. said so."),
        ("Москва", "МОСКВА: ничего нового."),
    ],
)
def test_words_are_found_in_any_script_case_and_accent(word: str, text: str) -> None:
    assert is_wanted(Wanted(words=(word,)), says(text))


@pytest.mark.parametrize(
    ("word", "text"), [("art", "A partial start."), ("!?", "Really!?"), ("port lindow", "Lindow port")]
)
def test_words_are_whole_and_in_order(word: str, text: str) -> None:
    assert not is_wanted(Wanted(words=(word,)), says(text))
