"""A person's request: what is taken, what is refused and why."""

from typing import Any

import pytest
from pydantic import ValidationError

from storyline_schemas import StoryEdit
from storyline_schemas.problems import explain


def edit(**changes: Any) -> StoryEdit:
    return StoryEdit.model_validate({"action": "rename", "story_id": "st-ferry", "author": "Keira Holm", **changes})


@pytest.mark.parametrize("headline", ["", " ", "   ", "\u00a0 "])
def test_a_headline_of_nothing_is_refused(headline: str) -> None:
    with pytest.raises(ValidationError) as refused:
        edit(headline=headline)
    assert explain(refused.value) == ("headline", "is empty")


def test_no_headline_gives_the_story_its_own_again() -> None:
    assert edit().headline is None
