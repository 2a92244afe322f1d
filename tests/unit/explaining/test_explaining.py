"""`storyline explain`: what was stored, and what is worked out again."""

import json
from dataclasses import replace
from typing import Any

import pytest

from storyline.edges.explaining import Explained, explained, explanation_text, report
from tests.wires import Wire, article


@pytest.fixture
async def wire() -> Wire:
    wire = Wire()
    await wire.start()
    wire.feed([article("a:1"), article("b:1", "budget"), article("a:2", number=14), article("a:3", number=15)])
    await wire.run()
    return wire


async def explain(wire: Wire, uri: str) -> Explained:
    found = await explained("world", uri, wire.stores["matcher"], wire.stores["updater"])
    assert found is not None
    return found


async def test_the_stored_decision_comes_first(wire: Wire) -> None:
    found = await explain(wire, "a:2")
    [ferry] = {update.story.id for update in wire.stories().values() if update.story.article_count == 3}
    assert (found.story_id, found.stored.story_id, found.stored.opened) == (ferry, ferry, False)
    headline = wire.stories()[ferry].story.headline
    told = explanation_text(found)
    assert told.startswith(f"a:2, version 1\njoined {ferry}\n   {headline}\ndecided by body, probability ")
    assert f"1. {ferry}  probability " in told and told.count(headline) == 2


async def test_what_is_worked_out_again_is_what_was_stored_where_nothing_has_changed_since(wire: Wire) -> None:
    found = await explain(wire, "a:2")
    assert found.again is not None
    assert found.again.decision.story_id == found.stored.story_id
    assert found.again.decision.score == pytest.approx(found.stored.score)


async def test_articles_that_came_later_count_for_nothing(wire: Wire) -> None:
    found = await explain(wire, "a:2")
    assert found.again is not None
    assert found.again.candidates[0].articles == 1


async def test_the_first_article_had_nothing_to_join(wire: Wire) -> None:
    found = await explain(wire, "a:1")
    assert found.again is not None and not found.again.candidates
    assert "No story shares a word that counts." in explanation_text(found)


async def test_the_signals_add_up_to_the_probability(wire: Wire) -> None:
    found = await explain(wire, "a:3")
    assert found.again is not None
    best = found.again.candidates[0]
    log_odds = best.base + sum(added for _, added in best.signals.values())
    assert 1 / (1 + 2.718281828459045**-log_odds) == pytest.approx(best.probability, abs=1e-6)


async def test_the_words_that_decided_are_named(wire: Wire) -> None:
    found = await explain(wire, "a:3")
    assert found.again is not None
    words = {found.words.get(term) for term, _ in found.again.candidates[0].terms}
    assert words & {"ferry", "alma", "hallow", "aground"}


async def test_without_enough_of_those_words_it_would_have_gone_elsewhere(wire: Wire) -> None:
    found = await explain(wire, "a:3")
    assert found.again is not None
    changes = [each for each in found.again.changes if each.without]
    assert all(each.story_id != found.story_id for each in found.again.changes)
    assert changes or any(each.days for each in found.again.changes)


async def test_a_repeat_changes_nothing_of_it(wire: Wire) -> None:
    before = report(await explain(wire, "a:2"))
    wire.feed([article("a:2", number=14)])
    await wire.run()
    assert report(await explain(wire, "a:2")) == before


async def test_of_a_withdrawn_article_only_the_decision_is_left(wire: Wire) -> None:
    wire.feed([article("a:2", version="2", pub_status="canceled", headline="", body="")])
    await wire.run()
    found = await explain(wire, "a:2")
    assert found.again is None
    assert "was taken out (canceled)" in explanation_text(found)


async def test_an_article_nobody_has_seen_has_no_explanation(wire: Wire) -> None:
    assert await explained("world", "x:9", wire.stores["matcher"], wire.stores["updater"]) is None


async def test_the_report_is_json_with_the_stored_fields_on_top(wire: Wire) -> None:
    told: dict[str, Any] = json.loads(json.dumps(report(await explain(wire, "a:2"))))
    assert {"article_uri", "story_id", "score", "runner_up", "method", "placement", "again"} <= told.keys()
    best = told["again"]["candidates"][0]
    assert {"story_id", "probability", "method", "articles", "base", "contradicting", "signals", "words"} == best.keys()


async def test_signals_are_listed_of_the_best_and_of_what_might_be(wire: Wire) -> None:
    found = await explain(wire, "a:3")
    assert found.again is not None
    best = found.again.candidates[0]
    far, near = (replace(best, story_id=id, probability=each) for id, each in (("far", 0.04), ("near", 0.05)))
    told = explanation_text(
        replace(found, again=replace(found.again, candidates=(replace(best, probability=0.0), far, near)))
    )
    assert told.count("to begin with") == 2
    assert "2. far  probability 0.04" in told


async def test_an_article_without_a_version_is_told_by_its_time(wire: Wire) -> None:
    found = await explain(wire, "a:2")
    timed = replace(found, stored=replace(found.stored, revision=(0, 1_772_440_200_000)))
    assert explanation_text(timed).startswith("a:2, as of 2026-03-02T08:30:00.000Z\n")
