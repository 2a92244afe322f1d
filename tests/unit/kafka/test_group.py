"""A member of a group that is no stage: what it leaves behind, and what it commits."""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, KafkaConnectionError

from storyline.errors import Fatal, Transient
from storyline.infra.kafka import KafkaConnection, group
from storyline.record import Record


class Consumer:
    """As much of aiokafka's as a member uses. `refuses`: what the brokers answer with; `has`: the topics they have."""

    def __init__(self, refuses: Exception | None = None, has: tuple[str, ...] = ("wire",)) -> None:
        self.refuses, self.has = refuses, has
        self.topics: tuple[str, ...] = ()
        self.mine = {TopicPartition("wire", 0)}
        self.stopped = False
        self.committed: list[Mapping[Any, int]] = []
        self._client = SimpleNamespace(fetch_all_metadata=self._metadata, send=None)

    async def _metadata(self) -> Any:
        if self.refuses:
            raise self.refuses
        return SimpleNamespace(partitions_for_topic=lambda topic: {0, 1} if topic in self.has else None)

    async def start(self) -> None:
        while not set(self.topics) <= set(self.has):  # so long that whoever starts it gives up
            await asyncio.sleep(1)

    def subscribe(self, topics: tuple[str, ...]) -> None:
        self.topics = topics

    async def stop(self) -> None:
        self.stopped = True

    def assignment(self) -> set[TopicPartition]:
        return self.mine

    async def commit(self, offsets: Mapping[Any, int]) -> None:
        if self.refuses:
            raise self.refuses
        self.committed.append(offsets)


def member(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> group.KafkaGroup:
    def made(*topics: str, **options: Any) -> Consumer:
        consumer.topics = topics
        return consumer

    monkeypatch.setattr(group, "AIOKafkaConsumer", made)
    return group.KafkaGroup(KafkaConnection("broker.example:9092"), "storyline.ingest", ("wire",), 10)


def records(partition: int, *offsets: int) -> list[Record]:
    return [Record("wire", partition, offset, 0, None, b"{}") for offset in offsets]


async def test_a_member_that_could_not_look_at_its_topics_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Consumer(KafkaConnectionError("gone"))
    with pytest.raises(Transient):
        await member(consumer, monkeypatch).__aenter__()
    assert consumer.stopped


async def test_a_topic_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Consumer(has=("other",))
    with pytest.raises(Fatal, match=r"topic wire is missing.*STORYLINE_INGEST_TOPICS"):
        await member(consumer, monkeypatch).__aenter__()
    assert consumer.stopped


async def test_what_is_done_is_committed_of_the_partitions_that_are_still_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Consumer()
    async with member(consumer, monkeypatch) as ours:
        assert consumer.topics == ("wire",)
        await ours.commit([*records(0, 4, 5), *records(1, 9)])
        await ours.commit(records(1, 10))
    assert consumer.committed == [{TopicPartition("wire", 0): 6}]


async def test_a_commit_during_a_rebalance_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Consumer()
    async with member(consumer, monkeypatch) as ours:
        consumer.refuses = CommitFailedError("rebalancing")
        await ours.commit(records(0, 4))
        consumer.refuses = None
