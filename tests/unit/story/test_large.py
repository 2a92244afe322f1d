"""A story with very many articles stays one that can be sent, kept and shown."""

from functools import cache

import pytest

from storyline.domain.story import StoryState, live_parts, state_of, stored_bytes
from storyline.edges.page.html import story_html
from storyline.edges.page.text import story_text
from storyline_schemas import Adopt, Merge, Story
from storyline_schemas.story import SOURCES_MAX

from .stories import add, after, opened, retract, then

BYTES_MAX = 1024 * 1024


@cache
def grown(articles: int) -> StoryState:
    """A story of so many articles, as merges by persons make it; only its first 19 were written out."""
    small = after(opened("a:1", 1), [add(f"a:{number}", number) for number in range(2, 20)])
    first = list(small.parts.values())
    parts = dict(small.parts)
    for number in range(20, articles + 1):
        uri = f"urn:invented:wire:{number}"
        like = first[number % len(first)]
        parts[uri] = like.model_copy(update={"article_uri": uri, "n": number, "placement": number})
    return StoryState(small.story, small.head.model_copy(update={"next_n": articles + 1}), parts)


def with_one_more(articles: int) -> StoryState:
    state = then(grown(articles), add("a:new", articles + 1)).state
    assert state is not None
    return state


def test_up_to_the_limit_every_source_is_listed() -> None:
    story = with_one_more(SOURCES_MAX - 1).story
    assert len(story.sources) == story.article_count == SOURCES_MAX
    assert story.sources_omitted is None


@pytest.mark.parametrize("articles", [SOURCES_MAX, 5_000, 50_000])
def test_beyond_it_the_cited_ones_and_the_newest_are_listed_and_the_rest_is_summed_up(articles: int) -> None:
    state = with_one_more(articles)
    story = state.story
    assert story.article_count == articles + 1
    assert story.sources_omitted is not None
    assert len(story.sources) == SOURCES_MAX == story.article_count - story.sources_omitted.count
    numbers = [source.n for source in story.sources]
    assert numbers == sorted(numbers) and numbers[-1] == articles + 1
    cited = {n for section in story.sections for sentence in section.sentences for n in sentence.citations}
    assert cited and cited <= set(numbers)
    assert sum(each.article_count for each in story.sources_omitted.families) <= story.sources_omitted.count
    assert len(story.to_json()) < BYTES_MAX


def test_a_source_that_is_not_listed_can_be_withdrawn_and_counts_no_more() -> None:
    state = with_one_more(SOURCES_MAX + 100)
    listed = {source.article_uri for source in state.story.sources}
    hidden = next(part for part in live_parts(state.parts.values()) if part.article_uri not in listed)
    after = then(state, retract(hidden.article_uri, hidden.placement, 99)).state
    assert after is not None
    assert after.story.article_count == state.story.article_count - 1
    assert hidden.article_uri not in {source.article_uri for source in after.story.sources}


def test_its_page_says_what_it_leaves_out() -> None:
    story = with_one_more(50_000).story
    for page in (story_text(story), story_html(story)):
        assert "and 49,001 more" in page
        assert len(page) < 3 * BYTES_MAX


def test_it_is_the_same_after_it_was_stored() -> None:
    state = with_one_more(SOURCES_MAX + 1)
    assert state_of(stored_bytes(state)) == state
    assert Story.model_validate_json(state.story.to_json()) == state.story


def test_a_merge_of_two_very_large_stories_stays_one_that_can_be_sent() -> None:
    loser = grown(12_000)
    id, space = loser.story.id, loser.story.space
    merge = Merge(story_id=id, space=space, at_ms=0, cause="c", into="st-2", reason="one matter")
    merged = then(loser, merge)
    assert merged.update is not None and merged.state is not None
    assert (len(merged.update.change.articles), merged.update.change.articles_omitted) == (5_000, 7_000)
    assert len(merged.update.to_json()) < BYTES_MAX
    assert len(merged.commands) == 12_000
    assert max(len(each.to_json()) for each in merged.commands) < 4_096, "each article goes in a record of its own"
    assert merged.state.story.redirect_to == "st-2"
    winner = grown(12_000)
    adopt = merged.commands[0]
    assert isinstance(adopt, Adopt)
    part = adopt.part.model_copy(update={"article_uri": "urn:x:adopted"})
    to_winner = {"story_id": winner.story.id, "article_uri": "urn:x:adopted", "part": part}
    grew = then(winner, adopt.model_copy(update=to_winner)).state
    assert grew is not None and grew.story.article_count == 12_001
    assert len(grew.story.to_json()) < BYTES_MAX
