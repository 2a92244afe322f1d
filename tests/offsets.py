"""Committed and end offsets, as one outside sees them."""

from collections.abc import Mapping
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient


class Offsets:
    """Committed and end offsets over kept connections."""

    def __init__(self, kafka: str) -> None:
        self._admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
        self._consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=None)

    async def __aenter__(self) -> Self:
        await self._admin.start()
        await self._consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._admin.close()
        await self._consumer.stop()

    async def ends(self, topic: str) -> dict[int, int]:
        places = await _places(self._admin, topic)
        return {place.partition: end for place, end in (await self._consumer.end_offsets(places)).items()}

    async def places(self, topic: str) -> list[TopicPartition]:
        return await _places(self._admin, topic)

    async def lag(self, group: str, topic: str) -> int:
        return await self.behind(group, topic, await self.ends(topic))

    async def behind(self, group: str, topic: str, ends: Mapping[int, int]) -> int:
        """How many records before `ends` the group hasn't committed."""
        found = await self._admin.list_consumer_group_offsets(group)
        committed = {place.partition: at.offset for place, at in found.items() if place.topic == topic}
        return sum(max(0, end - max(0, committed.get(partition, 0))) for partition, end in ends.items())


async def _places(admin: AIOKafkaAdminClient, topic: str) -> list[TopicPartition]:
    described = await admin.describe_topics([topic])
    numbers = [partition["partition"] for each in described for partition in each["partitions"]]
    assert numbers, f"there is no topic {topic}"  # an audit of nothing must not pass
    return [TopicPartition(topic, number) for number in sorted(numbers)]
