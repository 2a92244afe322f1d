"""A member of a group that is no stage: what it leaves behind, and what it commits."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, KafkaConnectionError

from storyline.errors import Transient
from storyline.infra.kafka import KafkaConnection, group
from storyline.record import Record


class Consumer:
    """As much of aiokafka's as a member uses. `refuses`: what the brokers answer with."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self.refuses = refuses
        self.mine = {TopicPartition("wire", 0)}
        self.stopped = False
        self.committed: list[Mapping[Any, int]] = []
        self._client = SimpleNamespace(fetch_all_metadata=self._metadata, send=None)

    async def _metadata(self) -> Any:
        if self.refuses:
            raise self.refuses
        return SimpleNamespace(partitions_for_topic=lambda topic: {0, 1})

    async def start(self) -> None: ...

    async def stop(self) -> None:
        self.stopped = True

    def assignment(self) -> set[TopicPartition]:
        return self.mine

    async def commit(self, offsets: Mapping[Any, int]) -> None:
        if self.refuses:
            raise self.refuses
        self.committed.append(offsets)


def member(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> group.KafkaGroup:
    monkeypatch.setattr(group, "AIOKafkaConsumer", lambda *topics, **options: consumer)
    return group.KafkaGroup(KafkaConnection("broker.example:9092"), "storyline.ingest", ("wire",), 10)


def records(partition: int, *offsets: int) -> list[Record]:
    return [Record("wire", partition, offset, 0, None, b"{}") for offset in offsets]


async def test_a_member_that_could_not_look_at_its_topics_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Consumer(KafkaConnectionError("gone"))
    with pytest.raises(Transient):
        await member(consumer, monkeypatch).__aenter__()
    assert consumer.stopped


async def test_what_is_done_is_committed_of_the_partitions_that_are_still_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Consumer()
    async with member(consumer, monkeypatch) as ours:
        await ours.commit([*records(0, 4, 5), *records(1, 9)])
        await ours.commit(records(1, 10))
    assert consumer.committed == [{TopicPartition("wire", 0): 6}]


async def test_a_commit_during_a_rebalance_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Consumer()
    async with member(consumer, monkeypatch) as ours:
        consumer.refuses = CommitFailedError("rebalancing")
        await ours.commit(records(0, 4))
        consumer.refuses = None
