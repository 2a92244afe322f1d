"""Versions side by side, and the history, without what was withdrawn since."""

from dataclasses import replace

import pytest

from storyline.edges.page.comparing import Past, comparison_text, history_rows, history_text
from storyline.errors import Fatal
from storyline_schemas import Edited
from tests.wires import Wire, article

SECRET = "Captain Orla Brandt was drunk, witnesses told the coast guard of Port Hallow."


async def past(*rounds: list[dict[str, object]]) -> Past:
    wire = Wire()
    await wire.start()
    for values in rounds:
        wire.feed(values)
        await wire.run()
    updates = {update.story.version: update for update in wire.updates()}
    return Past(updates[max(updates)].story, None, updates)


def with_secret() -> dict[str, object]:
    value = article("a:2", number=31)
    return {
        **value,
        "body": f"{SECRET}\n\n{value['body']}",
        "headline": "Drunk captain ran ferry aground off Port Hallow",
    }


def kill() -> dict[str, object]:
    return article("a:2", version="2", pub_status="canceled")


async def test_a_diff_tells_what_came_and_what_went_sentence_by_sentence() -> None:
    found = await past([article("a:1", number=12)], [article("a:1", version="2", number=31)])
    text = comparison_text(found.at(1), found.at(2))
    assert any(line.startswith("- ") and "12 passengers" in line for line in text.splitlines())
    assert any(line.startswith("+ ") and "31 passengers" in line for line in text.splitlines())


async def test_a_version_against_itself_has_no_difference() -> None:
    found = await past([article("a:1")])
    assert not [line for line in comparison_text(found.at(1), found.at(1)).splitlines()[2:] if line[0] in "+-"]


async def test_an_earlier_version_has_no_word_of_what_was_killed_later() -> None:
    found = await past([article("a:1"), with_secret()], [kill()])
    assert "runk" in found.updates[1].story.to_json().decode()
    assert "runk" not in found.at(1).to_json().decode()
    assert "runk" not in comparison_text(found.at(1), found.at(2))
    assert "runk" not in history_text(history_rows(found))


async def test_the_history_has_a_line_for_each_version() -> None:
    found = await past([article("a:1")], [article("a:2", number=14)])
    rows = history_rows(found)
    assert [(row["version"], row["kind"]) for row in rows] == [(1, "opened"), (2, "articles")]


async def test_a_correction_keeps_its_summary_when_another_article_is_withdrawn() -> None:
    corrected = article("a:1", version="2", number=31, correction={"severity": "correction", "note": "31, not 12"})
    found = await past([article("a:1", number=12), with_secret()], [corrected], [kill()])
    opened, correction, *_ = history_rows(found)
    assert opened["summary"] == ""
    assert "31, not 12" in correction["summary"]


async def test_a_version_is_listed_at_the_time_it_was_published() -> None:
    found = await past([article("a:1")])
    [row] = history_rows(replace(found, published_ms={1: 1_772_482_747_000}))
    assert row["published_at"] == "2026-03-02T20:19:07+00:00" != row["at"]
    assert "2026-03-02T20:19:07Z" in history_text([row])


async def test_a_version_that_isnt_kept_is_said() -> None:
    found = await past([article("a:1")])
    with pytest.raises(Fatal, match="kept: 1 to 1"):
        found.at(7)


async def test_the_history_names_the_other_story_of_an_edit() -> None:
    found = await past([article("a:1")])
    edited = Edited(action="split", author="desk", reason="two matters", story_id="st-1b2c64f331585e8ce1aa")
    update = found.updates[1]
    changed = update.model_copy(update={"change": update.change.model_copy(update={"edits": (edited,)})})
    told = history_text(history_rows(replace(found, updates={1: changed})))
    assert "split (st-1b2c64f331585e8ce1aa) by desk: two matters" in told
