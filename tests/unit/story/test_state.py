"""A story as bytes and back."""

from storyline.domain.story import Evolution, state_of, stored_bytes
from storyline_schemas import StoryUpdate
from tests.unit.story.stories import add, after, opened, retract, then


def grown() -> Evolution:
    fields = {"version_created": "2026-01-01T12:00:00.123456Z", "urgency": 4, "people": ["Ada Holm"]}
    return then(after([opened(**fields), add("a:2", 2), add("b:1", 3, about="quake")]), retract("a:2", 2, 2))


def test_a_story_comes_back_from_its_bytes_as_it_was():
    state = grown().state
    assert state_of(stored_bytes(state)) == state


def test_its_bytes_are_the_same_again():
    stored = stored_bytes(grown().state)
    assert stored_bytes(state_of(stored)) == stored


def test_a_story_from_its_bytes_evolves_as_the_one_in_memory():
    state = grown().state
    loaded = state_of(stored_bytes(state))
    command = add("c:1", 4, about="budget")
    assert then(loaded, command).update.to_json() == then(state, command).update.to_json()


def test_an_update_comes_back_from_its_bytes_as_it_was():
    update = grown().update
    assert StoryUpdate.model_validate_json(update.to_json()) == update
