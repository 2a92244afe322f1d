"""Ids and hashes follow from what they name: the same on any machine, in any version to come."""

from hypothesis import given
from hypothesis import strategies as st

from storyline_schemas import canonical_json, event_id, section_hash, story_id

from .strategies import sections


def test_the_id_of_an_event_never_changes() -> None:
    assert event_id("storyline.story.updated.v1", "st-1", 1) == "d9e6a12a-afd8-56e4-982b-16376742779f"


def test_the_id_of_a_story_never_changes() -> None:
    assert story_id("world", "urn:invented:1", 1) == "st-877c9d6d2bea566a817b"


def test_the_hash_of_a_section_never_changes() -> None:
    assert section_hash("s1", "Überschrift", [("Ein Satz.", (1, 2))]) == "41baabf2320c4bc6177b8f8c60ed3621"


def test_another_placement_opens_another_story() -> None:
    assert story_id("world", "urn:invented:1", 1) != story_id("world", "urn:invented:1", 2)


@given(sections())
def test_a_sections_hash_sees_its_text_and_its_citations(section: object) -> None:
    said = [(one.text, one.citations) for one in section.sentences]  # type: ignore[attr-defined]
    more = [*said, ("One more.", (1,))]
    assert section_hash("s1", "h", said) != section_hash("s1", "h", more)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers()))
def test_canonical_json_does_not_depend_on_the_order_of_fields(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)
