"""Records of other shapes: through a reader onto articles, or a dead letter; committed only when confirmed."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from storyline.edges.ingest.foreign import Foreign, formats_of
from storyline.errors import Fatal
from storyline.record import Record
from storyline_schemas import PartitionCounts

from .senders import Collecting

NINJS = {"uri": "tag:example", "type": "text", "headline": "Bridge", "versioncreated": "2026-01-02T03:04:05Z"}


class Records:
    def __init__(self, stop: asyncio.Event, *values: bytes | None) -> None:
        self.stop, self.committed = stop, list[int]()
        self.left = [Record("wire.ninjs", 0, n, 1_767_312_000_000, None, value) for n, value in enumerate(values)]

    async def some(self) -> Sequence[Record]:
        found, self.left = self.left, []
        if not found:
            self.stop.set()
        return found

    async def commit(self, records: Sequence[Record]) -> None:
        self.committed += [record.offset for record in records]


async def handled(sender: Collecting, *values: bytes | None) -> Records:
    stop = asyncio.Event()
    records = Records(stop, *values)
    async with asyncio.timeout(20):
        await Foreign(records, sender, PartitionCounts(), {"wire.ninjs": "ninjs"}).run(stop)
    return records


async def test_a_ninjs_record_becomes_an_article_and_is_committed() -> None:
    sender = Collecting()
    records = await handled(sender, json.dumps(NINJS).encode())
    assert sender.uris == ["tag:example"] and records.committed == [0]


@pytest.mark.parametrize("value", [b"{bad", None, json.dumps({**NINJS, "type": "picture"}).encode()])
async def test_what_cannot_be_used_is_a_dead_letter_byte_for_byte(value: bytes | None) -> None:
    sender = Collecting()
    records = await handled(sender, value)
    (letter,) = sender.outputs
    assert (letter.topic, letter.value) == ("articles.dlq", value)
    assert dict(letter.headers)["storyline-dlq-topic"] == b"wire.ninjs" and records.committed == [0]


async def test_a_record_with_a_time_that_can_not_be_stops_nobody() -> None:
    sender, stop = Collecting(), asyncio.Event()
    records = Records(stop, json.dumps(NINJS).encode())
    records.left = [replace(each, timestamp_ms=1 << 62) for each in records.left]
    await Foreign(records, sender, PartitionCounts(), {"wire.ninjs": "ninjs"}).run(stop)
    assert sender.uris == ["tag:example"] and records.committed == [0]


async def test_what_is_too_large_for_our_topics_is_refused_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("foreign", "outgoing"):
        monkeypatch.setattr(f"storyline.edges.ingest.{module}.RAW_BYTES_MAX", 2_000)
    sender = Collecting()
    large = json.dumps({**NINJS, "uri": "tag:large", "bodies": [{"value": "word " * 500}]}).encode()
    records = await handled(sender, large, json.dumps(NINJS).encode())
    letter, article = sender.outputs
    assert (letter.topic, letter.value) == ("articles.dlq", None)
    assert b"too large for a letter" in dict(letter.headers)["storyline-dlq-reason"]
    assert article.topic == "articles" and records.committed == [0, 1]


async def test_while_kafka_is_away_the_same_is_tried_again_and_nothing_committed_before() -> None:
    sender = Collecting(away=1)
    records = await handled(sender, json.dumps(NINJS).encode())
    assert sender.batches == [1] and records.committed == [0]


def test_topics_and_formats_are_read_and_our_own_refused() -> None:
    assert formats_of("a=ninjs, b") == {"a": "ninjs", "b": "auto"}
    with pytest.raises(Fatal, match="loop"):
        formats_of("articles")
    with pytest.raises(Fatal, match="no format"):
        formats_of("a=nonsense")
