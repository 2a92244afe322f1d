"""Groups in every state a cluster can have them in, made on a real broker."""

from __future__ import annotations

import asyncio
import uuid
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.protocol.admin import DeleteGroupsRequest
from aiokafka.structs import OffsetAndMetadata

from storyline.edges.lag.judging import Bounds
from storyline.edges.lag.observer import Observer
from storyline.edges.lag.view import GroupView, PartitionView, View
from storyline.infra.kafka import KafkaConnection, KafkaWatcher


class Scene:
    """One topic of its own, its groups, and somebody who looks. Used as an async context manager."""

    def __init__(self, address: str, **config: str) -> None:
        self.address = address
        self.config = {name.replace("_", "."): value for name, value in config.items()}
        self.topic = f"lag-{uuid.uuid4().hex[:8]}"
        self.watcher = KafkaWatcher(KafkaConnection(address))
        self.members: list[AIOKafkaConsumer] = []

    async def __aenter__(self) -> Self:
        self.admin = AIOKafkaAdminClient(bootstrap_servers=self.address)
        await self.admin.start()
        await self.make(self.topic, 2)
        await self.watcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.watcher.__aexit__(kind, error, trace)
        for member in self.members:
            await member.stop()
        await self.admin.close()

    def observer(self, **bounds: Any) -> Observer:
        """Looks at this scene's groups alone; others use the same broker."""
        return Observer(self.watcher, Bounds(**{"groups": f"{self.topic}.*", **bounds}))

    def group(self, name: str) -> str:
        return f"{self.topic}-{name}"

    async def make(self, topic: str, partitions: int) -> None:
        await self.admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=self.config)])
        async with asyncio.timeout(30):
            while True:
                described = [each for each in await self.admin.describe_topics() if each["topic"] == topic]
                if described and all(each["leader"] >= 0 for each in described[0]["partitions"]):
                    return
                await asyncio.sleep(0.05)

    async def delete_group(self, group: str) -> None:
        topics = await self.watcher.topics()
        coordinator = (await self.watcher.groups(topics.brokers))[self.group(group)]
        await self.watcher.fetch(coordinator, DeleteGroupsRequest([self.group(group)]))

    async def add_partitions(self, count: int) -> None:
        await self.admin.create_partitions({self.topic: NewPartitions(count)})

    async def cut(self, before: int) -> None:
        """Delete the records of partition 0 before an offset, as retention does."""
        await self.admin.delete_records({TopicPartition(self.topic, 0): RecordsToDelete(before)})

    async def send(self, count: int, partition: int = 0, at_ms: int | None = None, size: int = 10) -> None:
        """One at a time, so that each is a batch."""
        producer = AIOKafkaProducer(bootstrap_servers=self.address)
        await producer.start()
        for _ in range(count):
            await producer.send_and_wait(self.topic, b"x" * size, b"k", partition, at_ms)
        await producer.stop()

    async def transaction(self, count: int, *, commit: bool) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.address, transactional_id=uuid.uuid4().hex)
        await producer.start()
        await producer.begin_transaction()
        for _ in range(count):
            await producer.send_and_wait(self.topic, b"x", b"k", 0)
        await (producer.commit_transaction() if commit else producer.abort_transaction())
        await producer.stop()
        await self._marked(count)

    async def _marked(self, count: int) -> None:
        """Until the marker is written: the coordinator does that after it has answered."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.address, group_id=None)
        await consumer.start()
        place = TopicPartition(self.topic, 0)
        async with asyncio.timeout(30):
            while (await consumer.end_offsets([place]))[place] <= count:
                await asyncio.sleep(0.05)
        await consumer.stop()

    async def commit(self, group: str, offset: int, partition: int = 0, topic: str = "") -> None:
        """As a consumer that is no member does."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.address, group_id=self.group(group), enable_auto_commit=False
        )
        await consumer.start()
        place = TopicPartition(topic or self.topic, partition)
        consumer.assign([place])
        await consumer.commit({place: OffsetAndMetadata(offset, "")})
        await consumer.stop()

    async def join(self, group: str) -> AIOKafkaConsumer:
        """A live member that reads nothing by itself."""
        member = AIOKafkaConsumer(
            self.topic, bootstrap_servers=self.address, group_id=self.group(group), enable_auto_commit=False,
            auto_offset_reset="earliest", client_id=f"client-{group}", metadata_max_age_ms=500,
        )  # fmt: skip
        await member.start()
        self.members.append(member)
        async with asyncio.timeout(30):
            while not member.assignment():
                await asyncio.sleep(0.05)
        return member

    def of(self, view: View, group: str) -> GroupView:
        return view.groups[self.group(group)]

    def row(self, view: View, group: str, partition: int = 0) -> PartitionView:
        return next(row for row in self.of(view, group).partitions if row.partition == partition)
