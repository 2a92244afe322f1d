"""A person's lock on a section: the machine writes on around it."""

import json
from pathlib import Path

from storyline_schemas import Section, Story
from storyline_schemas.events import STORY_EDIT, binary_headers
from tests.wires import Wire, record

SAMPLE = Path(__file__).parents[3] / "services/storyline/demo/wire.jsonl"


def lock(wire: Wire, story: Story, section: Section) -> None:
    number = len(wire.inputs)
    edit = {"action": "lock", "story_id": story.id, "section": section.id, "author": "desk"}
    headers = binary_headers(STORY_EDIT, f"lock-{number}", story.id, None, "/test")
    wire.feed([record(edit, number, timestamp_ms=wire.clock_ms, headers=headers)])


def versions(story: Story, section: Section) -> dict[str, str | None]:
    """Article → version, of those that the section cites."""
    cited = {n for sentence in section.sentences for n in sentence.citations}
    return {source.article_uri: source.version for source in story.sources if source.n in cited}


async def test_a_locked_section_is_not_written_again_while_its_sources_stand() -> None:
    # Given the stories of half the sample wire, all their sections locked.
    values = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
    wire = Wire()
    await wire.start()
    wire.feed(values[: len(values) // 2])
    await wire.run()
    before = {id: update.story for id, update in wire.stories().items()}
    for story in before.values():
        for section in story.sections:
            lock(wire, story, section)
    await wire.run()
    # When the other half comes.
    wire.feed(values[len(values) // 2 :])
    await wire.run()
    # Then the stories have grown, and every locked section whose articles are as they were stands, byte for byte.
    after = {id: update.story for id, update in wire.stories().items()}
    compared = 0
    for id, story in before.items():
        now = {source.article_uri: source.version for source in after[id].sources}
        for section in story.sections:
            if after[id].article_count > story.article_count and versions(story, section).items() <= now.items():
                assert section.model_copy(update={"locked": True}) in after[id].sections
                compared += 1
    assert compared > 10
