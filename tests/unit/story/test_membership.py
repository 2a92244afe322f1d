"""Which articles are in a story, and in what order it listens to them."""

import pytest

from storyline.domain.story import live_parts
from storyline.errors import StateLost
from tests.unit.story.stories import add, after, opened, retract, then


def uris(state):
    return [part.article_uri for part in live_parts(state.parts.values())]


def test_open_creates_a_story_at_version_1():
    state = after(opened())
    assert (state.story.version, uris(state)) == (1, ["a:1"])


def test_a_batch_of_many_articles_is_one_version():
    assert after([opened(), add("a:2", 2), add("a:3", 3)]).story.version == 1


def test_add_to_a_missing_story_is_lost_state_and_names_the_way_out():
    with pytest.raises(StateLost, match="storyline rebuild"):
        then(None, add("a:1", 1))


def test_the_same_command_again_changes_nothing():
    state = after(opened())
    again = then(state, opened())
    assert again.update is None and again.state is state
    assert [outcome.kind for outcome in again.outcomes] == ["duplicate"]


def test_an_older_revision_changes_nothing():
    again = then(after(opened(), add("a:1", 1, 3)), add("a:1", 1, 2))
    assert (again.update, again.outcomes[0].kind) == (None, "older")


def test_an_older_placement_changes_nothing_whatever_its_revision():
    again = then(after(opened(), add("a:1", 5)), add("a:1", 4, 9))
    assert again.update is None


def test_a_revision_keeps_its_number():
    state = after(opened(), add("a:2", 2), add("a:1", 1, 2))
    assert [(source.n, source.version) for source in state.story.sources] == [(1, "2"), (2, "1")]


def test_a_retracted_article_leaves_a_tombstone_without_text():
    part = after(opened(), add("a:2", 2), retract("a:1", 1, 2)).parts["a:1"]
    assert part.gone and part.revision == (0, 2)
    assert not (part.headline or part.sentences or part.provider)


def test_a_late_older_version_of_a_retracted_article_stays_out():
    state = after(opened(), add("a:2", 2), retract("a:1", 1, 3), add("a:1", 1, 2))
    assert uris(state) == ["a:2"]


def test_a_retraction_that_overtakes_its_article_keeps_it_out():
    assert uris(after(opened(), retract("a:2", 2, 5), add("a:2", 2, 4))) == ["a:1"]


def test_a_number_is_never_given_twice():
    state = after(opened(), add("a:2", 2), retract("a:2", 2, 2), add("a:3", 3))
    assert [source.n for source in state.story.sources] == [1, 3]


def test_an_article_that_comes_back_gets_a_new_number():
    state = after(opened(), add("a:2", 2), retract("a:2", 2, 2), add("a:2", 9))
    assert [source.n for source in state.story.sources] == [1, 3]


def test_counts_are_of_live_articles_and_publisher_families():
    family = {"provider": {"name": "x", "family": "group"}}
    state = after([opened(**family), add("a:2", 2, **family), add("a:3", 3)], retract("a:1", 1, 2))
    assert (state.story.article_count, state.story.source_count) == (2, 2)


def test_times_never_go_back():
    state = after(opened(at_ms=2_000), add("a:2", 2, at_ms=1_000), add("a:3", 3, at_ms=1_500))
    assert (state.head.first_ms, state.head.updated_ms) == (1_000, 2_000)


def test_the_language_is_the_first_articles():
    assert after(opened(language="de"), add("a:2", 2), add("a:3", 3)).story.language == "de"


def test_without_its_first_article_a_story_speaks_the_language_of_most():
    state = after([opened(language="de"), add("a:2", 2, language="fr"), add("a:3", 3), add("a:4", 4)])
    assert then(state, retract("a:1", 1, 2)).state.story.language == "en"
