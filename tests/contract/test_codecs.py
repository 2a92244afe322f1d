"""Producers compress as their clients please; what they send is read, on both brokers."""

import uuid

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from storyline.infra.kafka import KafkaConnection, KafkaReader


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
@pytest.mark.parametrize(
    "broker",
    [pytest.param("kafka", marks=pytest.mark.kafka, id="apache"), pytest.param("embedded_kafka", id="embedded")],
)
async def test_what_a_producer_has_compressed_is_read(broker: str, codec: str, request: pytest.FixtureRequest) -> None:
    address, topic = request.getfixturevalue(broker).address, f"codecs-{uuid.uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()
    values = [f"article {number} ".encode() * 50 for number in range(20)]
    async with AIOKafkaProducer(bootstrap_servers=address, compression_type=codec, linger_ms=50) as producer:
        for confirmed in [await producer.send(topic, value) for value in values]:
            await confirmed
    async with KafkaReader(KafkaConnection(address)) as reader:
        assert [record.value async for record in reader.read([(topic, 0)])] == values
