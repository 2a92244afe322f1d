"""Merged, split, withdrawn, dormant: what happens to a whole story."""

from storyline.domain.story import stored_bytes
from storyline_schemas import Adopt, Retract
from tests.unit.story.stories import (
    OTHER,
    STORY,
    add,
    adopt,
    after,
    close,
    merge,
    opened,
    reopen,
    retract,
    split,
    then,
)

# ---- merge


def test_a_merged_story_is_a_pointer_without_a_word_of_its_articles():
    story = after([opened(), add("a:2", 2)], merge()).story
    assert (story.status, story.redirect_to, story.article_count) == ("merged", OTHER, 0)
    assert not story.sources and not story.sections and "aground" not in story.headline


def test_a_merged_story_hands_every_article_over():
    commands = then(after([opened(), add("a:2", 2)]), merge()).commands
    assert [(each.story_id, each.article_uri, each.placement) for each in commands] == [
        (OTHER, "a:1", 1),
        (OTHER, "a:2", 2),
    ]


def test_a_merged_story_keeps_no_part():
    evolution = then(after([opened(), add("a:2", 2)]), merge())
    assert dict(evolution.changed_parts) == {"a:1": None, "a:2": None}


def test_what_is_known_of_a_retracted_article_goes_along():
    commands = then(after([opened(), add("a:2", 2)], retract("a:2", 2, 7)), merge()).commands
    assert [each.article_uri for each in commands if each.part.gone] == ["a:2"]


def test_the_winner_takes_an_article_over_under_a_number_of_its_own():
    part = after(opened("a:9", 9)).parts["a:9"]
    winner = after([opened(), add("a:2", 2)], adopt(part))
    assert [(source.n, source.article_uri) for source in winner.story.sources] == [(1, "a:1"), (2, "a:2"), (3, "a:9")]


def test_an_article_that_comes_after_the_merge_is_passed_on():
    evolution = then(after(opened(), merge()), add("a:3", 3))
    [command] = evolution.commands
    assert isinstance(command, Adopt) and command.story_id == OTHER and command.part.sentences
    assert (evolution.update, evolution.outcomes[0].kind) == (None, "forwarded")


def test_a_retraction_that_comes_after_the_merge_is_passed_on():
    [command] = then(after(opened(), merge()), retract("a:1", 1, 2)).commands
    assert isinstance(command, Retract) and command.story_id == OTHER


def test_merging_again_into_the_same_story_changes_nothing():
    assert then(after(opened(), merge()), merge()).update is None


def test_a_merge_into_itself_is_refused():
    evolution = then(after(opened()), merge(into=STORY))
    assert (evolution.update, evolution.outcomes[0].kind) == (None, "refused")


def test_a_second_merge_elsewhere_is_refused():
    assert then(after(opened(), merge()), merge(into="st-three", cause="x")).outcomes[0].kind == "refused"


# ---- split


def test_a_split_hands_the_named_articles_to_a_story_that_it_opens():
    evolution = then(after([opened(), add("a:2", 2)]), split(("a:2", 7)))
    [command] = evolution.commands
    assert (command.story_id, command.article_uri, command.placement, command.opens) == (OTHER, "a:2", 7, True)
    assert [source.article_uri for source in evolution.state.story.sources] == ["a:1"]


def test_an_article_that_was_split_off_doesnt_come_back_by_an_old_command():
    state = after([opened(), add("a:2", 2)], split(("a:2", 7)))
    assert then(state, add("a:2", 2, 5)).update is None


def test_a_split_of_what_is_known_to_be_elsewhere_is_refused():
    state = after([opened(), add("a:2", 2)], split(("a:2", 7)))
    again = split(("a:2", 7)).model_copy(update={"cause": "another request"})
    assert then(state, again).outcomes[0].kind == "refused"


def test_an_article_that_is_given_away_before_it_comes_goes_on_when_it_does():
    state = after(opened(), split(("a:9", 7)))
    assert state.story.article_count == 1
    for _ in range(2):  # also when it comes again
        evolution = then(state, adopt(_coming()))
        [command] = evolution.commands
        assert evolution.update is None
        assert (command.story_id, command.article_uri, command.placement) == (OTHER, "a:9", 7)
        assert (command.opens, command.by, command.part.placement) == (True, "split", 7)


def test_what_was_given_away_before_it_came_is_remembered_over_a_merge():
    gone = after(opened(), split(("a:9", 7))).parts["a:9"]
    [command] = then(after(opened(), adopt(gone)), adopt(_coming())).commands
    assert (command.story_id, command.placement) == (OTHER, 7)


def _coming():
    return after(opened()).parts["a:1"].model_copy(update={"article_uri": "a:9", "placement": 3})


def test_the_new_story_of_a_split_is_opened_by_what_is_handed_to_it():
    part = after(opened()).parts["a:1"]
    update = then(None, adopt(part, opens=True)).update
    assert (update.story.version, update.change.kind, update.story.article_count) == (1, "split", 1)


# ---- withdrawn, dormant, closed


def test_a_story_without_a_live_article_is_withdrawn():
    story = after(opened(), retract("a:1", 1, 2)).story
    assert (story.status, story.article_count, story.sections, story.sources) == ("retracted", 0, (), ())
    assert "aground" not in story.headline


def test_a_withdrawn_story_comes_back_with_an_article():
    state = after(opened(), retract("a:1", 1, 2), add("a:2", 2))
    assert (state.story.status, state.story.version) == ("open", 3)


def test_a_dormant_story_wakes_with_news():
    assert after(opened(), close(), add("a:2", 2)).story.status == "open"


def test_a_closed_story_stays_closed_until_it_is_reopened():
    closed = after(opened(), close("closed"), add("a:2", 2))
    assert closed.story.status == "closed"
    assert then(closed, reopen()).state.story.status == "open"


def test_a_close_that_is_delivered_again_after_the_news_doesnt_close_again():
    state = after(opened(), close(), add("a:2", 2))
    assert then(state, close()).update is None


def test_closing_leaves_the_page_as_it_is():
    open_ = after(opened())
    closed = then(open_, close())
    assert closed.state.story.sections == open_.story.sections
    assert closed.update.change.kind == "lifecycle"


def test_no_word_of_a_killed_article_stays_in_the_story_or_is_said_again():
    # Given a story in which one article alone speaks of an earthquake, and its headline leads.
    state = after([opened(about="quake"), add("a:2", 2), add("a:3", 3, about="budget")])
    assert b"Mirador" in stored_bytes(state).story
    # When it is cancelled.
    evolution = then(state, retract("a:1", 1, 2))
    # Then neither what is stored nor the update that says so has a word of it.
    stored = stored_bytes(evolution.state)
    everything = b"".join([stored.story, stored.head, *stored.parts.values(), evolution.update.to_json()])
    assert not [word for word in (b"Mirador", b"magnitude", b"villagers", b"hospital") if word in everything]


def test_no_word_of_a_replaced_version_stays_in_the_story():
    state = after([opened(about="quake"), add("a:2", 2)])
    stored = stored_bytes(then(state, add("a:1", 1, 2, about="budget")).state)
    everything = b"".join([stored.story, stored.head, *stored.parts.values()])
    assert not [word for word in (b"Mirador", b"magnitude", b"villagers", b"hospital") if word in everything]
