"""Versions side by side, and the history, without what was withdrawn since."""

import pytest

from storyline.edges.page.comparing import Past, comparison_text, history_rows, history_text
from storyline.errors import Fatal
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
    assert "runk" not in history_text(history_rows(found.updates, found.now))


async def test_the_history_has_a_line_for_each_version() -> None:
    found = await past([article("a:1")], [article("a:2", number=14)])
    rows = history_rows(found.updates, found.now)
    assert [(row["version"], row["kind"]) for row in rows] == [(1, "opened"), (2, "articles")]


async def test_a_version_that_isnt_kept_is_said() -> None:
    found = await past([article("a:1")])
    with pytest.raises(Fatal, match="kept: 1 to 1"):
        found.at(7)
