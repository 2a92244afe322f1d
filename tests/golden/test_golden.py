"""What earlier versions have written to topics and Redis is read by this one, and the stories go on from there."""

import base64
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import msgpack
import pytest

from storyline.errors import StateLost
from storyline.infra.redis import keys
from storyline.infra.redis.client import Client
from storyline.record import Record
from storyline_schemas import Part, Story, StoryUpdate

from ..servers import EmbeddedRedis
from .make import RedisWire, second_half

FILES = sorted(Path(__file__).parent.glob("*.jsonl.gz"))
BEFORE_THE_FIRST_RELEASE = {"2026-11-24-index-1"}
"""Whose index is of a format that is no longer read: the topics are, so a rebuild makes it again."""
DATABASE = 11
SET = {"string": "SET", "hash": "HSET", "zset": "ZADD"}


class Golden:
    """One file: `records` by topic in order, and `keys` of Redis."""

    def __init__(self, path: Path) -> None:
        self.name = path.name.partition(".")[0]
        first, *lines = map(json.loads, gzip.decompress(path.read_bytes()).splitlines())
        self.clock_ms: int = first["clock_ms"]
        self.keys = [line for line in lines if "type" in line]
        self.records: dict[str, list[Record]] = {}
        for line in lines:
            if "topic" in line:
                log = self.records.setdefault(line["topic"], [])
                headers = tuple((name, bytes_of(content)) for name, content in line["headers"])
                key, value = (None if line[part] is None else bytes_of(line[part]) for part in ("key", "value"))
                log.append(Record(line["topic"], line["partition"], len(log), self.clock_ms, key, value, headers))

    async def put(self, client: Client) -> None:
        """Redis as that version left it."""
        await client.one("FLUSHDB")
        for line in self.keys:
            value = line["value"]
            content = [bytes_of(value)] if isinstance(value, str) else list(map(bytes_of, value))
            if line["type"] == "zset":
                content = [each for pair in zip(content[1::2], content[::2], strict=True) for each in pair]
            await client.one(SET[line["type"]], line["key"], *content)


def bytes_of(text: str) -> bytes:
    return base64.b64decode(text)


@pytest.fixture(params=FILES, ids=lambda path: path.name.partition(".")[0])
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(request.param)


@pytest.fixture
async def client(embedded_redis: EmbeddedRedis) -> AsyncIterator[Client]:
    client = Client.from_url(f"redis://{embedded_redis.address}/{DATABASE}")
    yield client
    await client.close()


async def test_every_record_is_read(golden: Golden, client: Client) -> None:
    assert {"story-commands", "story-updates", "stories", "story-parts"} <= golden.records.keys()
    updater = RedisWire(client)
    await client.one("FLUSHDB")
    await updater.start()
    for record in golden.records["story-commands"]:
        updater.updater.decode(record)
    updates = [StoryUpdate.model_validate_json(each.value or b"") for each in golden.records["story-updates"]]
    stories = {each.key: Story.model_validate_json(each.value) for each in golden.records["stories"] if each.value}
    assert {story.id: story for story in stories.values()} == {each.story.id: each.story for each in updates}
    for record in golden.records["story-parts"]:
        if record.value is not None and not (record.key or b"").endswith(b"/"):
            Part.model_validate_json(record.value)


async def test_stories_go_on_from_what_redis_holds(golden: Golden, client: Client) -> None:
    await golden.put(client)
    if golden.name in BEFORE_THE_FIRST_RELEASE:
        with pytest.raises(StateLost, match=r"index format 1 .* `storyline rebuild`"):
            await going_on(client, golden)
        return
    before = {each.story.id: each.story for each in map(update_of, golden.records["story-updates"])}
    wire = await going_on(client, golden)
    wire.clock_ms = golden.clock_ms
    wire.feed(second_half())
    await wire.run(size=3)

    for id, versions in wire.versions().items():
        assert id in before, "what belongs to a story of before joins it"
        first = before[id].version + 1
        assert versions == list(range(first, first + len(versions)))
    after = {id: update.story for id, update in wire.stories().items()}
    assert {id: story.article_count - before[id].article_count for id, story in after.items()} == grown(before)
    assert wire.dead == []


async def going_on(client: Client, golden: Golden) -> RedisWire:
    """Services that start on it. Their groups have offsets, so state must be there."""
    wire = RedisWire(client)
    wire.committed = {"matcher": 1, "updater": 1}
    wire.inputs, wire.logs["story-commands"] = [golden.records["story-commands"][0]], [None]  # type: ignore[list-item]
    await wire.start()
    return wire


def update_of(record: Record) -> StoryUpdate:
    return StoryUpdate.model_validate_json(record.value or b"")


def grown(before: dict[str, Story]) -> dict[str, int]:
    """Story → how many articles the second half adds: one each, and one of the ferry's is withdrawn."""
    ferry = next(story for story in before.values() if story.space == "world" and story.article_count == 4)
    return {id: 0 if id == ferry.id else 1 for id in before}


async def test_what_this_version_cannot_read_names_the_rebuild(golden: Golden, client: Client) -> None:
    await golden.put(client)
    (story, *_) = await client.one("HKEYS", keys.space_index("world"))
    await client.one("HSET", keys.space_index("world"), story, msgpack.packb([1, b"as the first version had it"]))
    with pytest.raises(StateLost, match=r"index format 1 .* `storyline rebuild`"):
        await going_on(client, golden)
