"""What can head a page or a section. All sentences are invented."""

import pytest

from storyline.domain.sections.clauses import undated
from storyline.domain.sections.cuts import waits
from storyline.domain.sections.features import annotate
from storyline.domain.sections.headings import clean_title, is_headline


@pytest.mark.parametrize(
    "title",
    ["Oil price soars", "Volcano on island erupts", "Third suspect confesses", "Ferry with 200 aboard capsizes"],
)
def test_a_title_may_end_with_its_verb(title: str) -> None:
    assert is_headline(title, "en")


def test_a_plural_at_the_end_is_no_verb() -> None:
    assert not is_headline("Harbour of Solmar: ten photographs", "en")


def test_a_title_is_told_without_its_site_its_full_stop_and_the_spaces_in_its_quotation_marks() -> None:
    assert clean_title("Pier that Marlow calls ' unsafe '.") == "Pier that Marlow calls 'unsafe'"
    assert clean_title("Storm closes pier - KXYZ.com-Solmar, Orun") == "Storm closes pier"


def test_the_weekday_at_a_titles_end_goes_with_its_preposition() -> None:
    assert undated("Marlow Will Meet With Brandt On Thursday") == "Marlow Will Meet With Brandt"


@pytest.mark.parametrize(
    ("heading", "waiting"),
    [
        ("Founded in 1990, the harbour board of Solmar runs six piers", True),
        ("Mohammed Brandt scored twice on Sunday, and Solmar won the cup final", False),
        ("Injured passengers left the train, and police closed the line", False),
        ("Estate will be divided equally among four heirs", False),
        ("Similarly the harbour of Solmar was closed", True),
    ],
)
def test_an_aside_at_the_beginning_waits_for_its_subject_and_a_subject_is_no_aside(heading: str, waiting: bool) -> None:
    assert waits(heading, heading.lower().split(), heading, "", frozenset()) == waiting


@pytest.mark.parametrize(
    "sentence",
    [
        "When that happens, the pier is closed.",
        "If that fails, the board must pay.",
        "Additional trains were put on.",
        "Further talks were held on the pier.",
        "With help from the army, they cleared the pier.",
        "Among the boats in the harbour, it was the oldest.",
        "Until then the pier stays shut.",
        "Two days later the pier was open.",
        "Some piers, for example, have been shut.",
        "Soon after, Keira Holm closed the pier.",
        "Around the same time, Keira Holm closed the pier.",
        "There was one problem: Keira Holm had never been to sea.",
        "There was another storm in Orun.",
        "The boats were then moved to Orun.",
        "Keira Holm is nonetheless the favourite.",
        "Jonas Weil left the board, too.",
        "Using charts, a model and his old lantern, he showed where the pier broke.",
    ],
)
def test_an_opening_that_leans_on_the_sentence_before_is_told(sentence: str) -> None:
    assert annotate(sentence, "en").dependence


@pytest.mark.parametrize(
    "sentence",
    [
        "When the storm came, the harbour board closed the pier.",
        "With help from the army, Solmar won.",
        "When the storm had passed, the boats were then moved to Orun.",
        "Keira Holm stopped in Orun and then moved on to Solmar.",
        "Keira Holm did not resign but instead closed the pier.",
        "Although the pier was shut, Keira Holm is nonetheless the favourite.",
        "The price of the new pier is far too high.",
    ],
)
def test_one_that_brings_its_own_subject_is_not(sentence: str) -> None:
    assert not annotate(sentence, "en").dependence
