"""Kafka beside the stream, on Apache Kafka and on the embedded broker alike."""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from storyline.errors import Fatal, Invalid, Transient
from storyline.infra.kafka import KafkaAdmin, KafkaConnection, KafkaPublisher, KafkaReader
from storyline.record import Output
from storyline_schemas import TOPICS, PartitionCounts, Topic
from storyline_schemas.topics import ARTICLES, STORIES
from tests.servers import free_port

from .stories import with_its_own_times

COUNTS = PartitionCounts(articles=2, stories=3)


@pytest.fixture(params=[pytest.param("kafka", marks=pytest.mark.kafka), "embedded_kafka"], ids=["kafka", "embedded"])
def connection(request: pytest.FixtureRequest) -> KafkaConnection:
    return KafkaConnection(request.getfixturevalue(request.param).address)


@pytest.fixture
def unique() -> Callable[[Topic], Topic]:
    """A declared topic under a name of its own."""
    return lambda topic: replace(topic, name=f"{topic.name}-{uuid.uuid4().hex[:8]}")


async def made(connection: KafkaConnection, topic: Topic) -> Topic:
    async with KafkaAdmin(connection) as admin:
        await admin.create_topics(COUNTS, topics=[topic])
    return topic


async def contents(connection: KafkaConnection, topic: Topic) -> list[tuple[int, bytes | None]]:
    async with KafkaReader(connection) as reader:
        return [(r.partition, r.value) async for r in reader.read(await reader.partitions(topic.name))]


async def test_missing_topics_are_created_once_as_declared(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topics = [unique(ARTICLES), unique(STORIES)]
    async with KafkaAdmin(connection) as admin:
        assert sorted(await admin.create_topics(COUNTS, topics=topics)) == sorted(topic.name for topic in topics)
        assert await admin.create_topics(COUNTS, topics=topics) == []
        states = await admin.topics(topic.name for topic in topics)
        assert [states[topic.name].partitions for topic in topics] == [2, 3]
        assert await admin.findings(COUNTS, topics) == []


async def test_a_missing_topic_is_found(connection: KafkaConnection, unique: Callable[[Topic], Topic]) -> None:
    topic = unique(ARTICLES)
    async with KafkaAdmin(connection) as admin:
        assert await admin.findings(COUNTS, [topic]) == [
            f"topic {topic.name} is missing; run `storyline topics create`"
        ]
        assert await admin.topics([topic.name]) == {}, "asking made it"


async def test_a_wrong_partition_count_is_found_and_never_changed(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, unique(STORIES))
    other = PartitionCounts(articles=2, stories=8)
    async with KafkaAdmin(connection) as admin:
        await admin.create_topics(other, topics=[topic])
        (finding,) = await admin.findings(other, [topic])
    assert f"{topic.name} has 3 partitions, not 8; set STORYLINE_STORIES_PARTITIONS=3" in finding


async def test_a_topic_of_articles_with_fewer_partitions_than_wanted_may_be_given_more(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, unique(ARTICLES))
    async with KafkaAdmin(connection) as admin:
        (fewer,) = await admin.findings(PartitionCounts(articles=8, stories=3), [topic])
        (more,) = await admin.findings(PartitionCounts(articles=1, stories=3), [topic])
    assert "set STORYLINE_ARTICLES_PARTITIONS=2, or" in fewer and f"--topic {topic.name} --partitions 8" in fewer
    assert more.endswith("set STORYLINE_ARTICLES_PARTITIONS=2")


@pytest.mark.kafka
async def test_wrong_settings_are_found(kafka: object, unique: Callable[[Topic], Topic]) -> None:
    connection = KafkaConnection(kafka.address)  # type: ignore[attr-defined]
    topic = unique(ARTICLES)
    await made(connection, replace(topic, config={"cleanup.policy": "compact"}))
    async with KafkaAdmin(connection) as admin:
        findings = await admin.findings(COUNTS, [topic])
    assert [finding.split("; ")[0] for finding in findings] == [
        f"topic {topic.name} has cleanup.policy=compact, not delete",
        f"topic {topic.name} has message.timestamp.type=CreateTime, not LogAppendTime",
        f"topic {topic.name} has max.message.bytes=17825792, not 16777216",
    ]


async def test_what_is_published_is_read_as_it_was(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, with_its_own_times(unique(STORIES)))
    sent = [
        Output(topic.name, 0, b"k", b"\x00\xff", (("a", b"\xff"), ("a", b""))),
        Output(topic.name, 2, b"k", b"v"), Output(topic.name, 2, b"k", None),
    ]  # fmt: skip
    async with KafkaPublisher(connection) as publisher:
        await publisher.send(sent)
    async with KafkaReader(connection) as reader:
        read = [record async for record in reader.read(await reader.partitions(topic.name))]
    found = sorted((Output(r.topic, r.partition, r.key, r.value, r.headers) for r in read), key=lambda o: o.partition)
    assert found == sent


async def test_more_than_may_be_in_flight_is_published_in_order(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, unique(STORIES))
    async with KafkaPublisher(connection, in_flight_max=50) as publisher:
        await publisher.send([Output(topic.name, 1, b"k", b"%d" % n) for n in range(1_230)])
    assert await contents(connection, topic) == [(1, b"%d" % n) for n in range(1_230)]


async def test_a_record_larger_than_the_producer_takes_is_invalid(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, unique(STORIES))
    async with KafkaPublisher(connection) as publisher:
        with pytest.raises(Invalid, match="larger"):
            await publisher.send([Output(topic.name, 0, b"k", b"x" * 17_000_000)])


async def test_an_empty_topic_is_read_at_once(connection: KafkaConnection, unique: Callable[[Topic], Topic]) -> None:
    assert await contents(connection, await made(connection, unique(STORIES))) == []


async def test_reading_ends_behind_the_markers_of_transactions_and_shows_no_aborted_record(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, unique(STORIES))
    producer = AIOKafkaProducer(bootstrap_servers=connection.bootstrap_servers, transactional_id=uuid.uuid4().hex)
    await producer.start()
    for value, commit in ((b"1", True), (b"2", False), (b"3", True), (b"4", False)):
        await producer.begin_transaction()
        await producer.send_and_wait(topic.name, value, b"k", partition=0)
        await (producer.commit_transaction() if commit else producer.abort_transaction())
    await producer.stop()
    async with asyncio.timeout(30):
        assert await contents(connection, topic) == [(0, b"1"), (0, b"3")]


async def test_reading_ends_where_the_end_was_when_it_began(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, unique(STORIES))
    async with KafkaPublisher(connection) as publisher, KafkaReader(connection) as reader:
        await publisher.send([Output(topic.name, 0, b"k", b"%d" % n) for n in range(3)])
        read = []
        async for record in reader.read(await reader.partitions(topic.name)):
            read.append(record.value)
            await publisher.send([Output(topic.name, 0, b"k", b"later")])
    assert read == [b"0", b"1", b"2"]


async def test_reading_waits_for_a_transaction_that_is_open(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, unique(STORIES))
    producer = AIOKafkaProducer(bootstrap_servers=connection.bootstrap_servers, transactional_id=uuid.uuid4().hex)
    await producer.start()
    await producer.begin_transaction()
    await producer.send_and_wait(topic.name, b"1", b"k", partition=0)
    async with asyncio.timeout(30):
        reading = asyncio.create_task(contents(connection, topic))
        done, _ = await asyncio.wait([reading], timeout=0.7)
        assert not done
        await producer.commit_transaction()
        assert await reading == [(0, b"1")]
    await producer.stop()


async def test_the_tail_counts_back_from_each_partitions_own_last_record(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, with_its_own_times(unique(STORIES)))
    base_ms = 1_700_000_000_000
    producer = AIOKafkaProducer(bootstrap_servers=connection.bootstrap_servers, transactional_id=uuid.uuid4().hex)
    await producer.start()
    for partition, begin in ((0, 0), (1, 500)):
        await producer.begin_transaction()
        for second in range(begin, begin + 100):
            await producer.send(
                topic.name, b"%d" % second, b"k", partition=partition, timestamp_ms=base_ms + second * 1000
            )  # fmt: skip
        await producer.commit_transaction()
    await producer.stop()
    async with KafkaReader(connection) as reader:
        read = [(r.partition, int(r.value or b"")) async for r in reader.tail(await reader.partitions(topic.name), 10)]
    assert sorted(read) == [(0, n) for n in range(89, 100)] + [(1, n) for n in range(589, 600)]


@pytest.mark.kafka
@pytest.mark.parametrize("declared", TOPICS, ids=lambda topic: topic.name)
async def test_a_service_whose_clock_is_days_ahead_or_behind_is_not_refused(
    kafka: object, unique: Callable[[Topic], Topic], declared: Topic
) -> None:
    connection = KafkaConnection(kafka.address)  # type: ignore[attr-defined]
    topic = await made(connection, unique(declared))
    async with AIOKafkaProducer(bootstrap_servers=connection.bootstrap_servers) as producer:
        for days in (2, -400):
            wrong_ms = int((time.time() + days * 86_400) * 1000)
            sent = await producer.send_and_wait(topic.name, b"v", b"k", partition=0, timestamp_ms=wrong_ms)
            assert abs(sent.timestamp - time.time() * 1000) < 3_600_000


async def test_a_missing_topic_is_not_read(connection: KafkaConnection) -> None:
    async with KafkaReader(connection) as reader:
        with pytest.raises(Fatal, match="storyline topics create"):
            await reader.partitions("no-such-topic")


async def test_a_groups_offsets_and_members_are_seen(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, unique(ARTICLES))
    group = f"group-{uuid.uuid4().hex[:8]}"
    async with KafkaPublisher(connection) as publisher:
        await publisher.send([Output(topic.name, n % 2, None, b"%d" % n) for n in range(4)])
    async with KafkaAdmin(connection) as admin:
        assert (await admin.committed(group), await admin.members(group)) == ({}, 0)
        consumer = AIOKafkaConsumer(
            topic.name, bootstrap_servers=connection.bootstrap_servers, group_id=group, auto_offset_reset="earliest",
            enable_auto_commit=False,
        )  # fmt: skip
        await consumer.start()
        for _ in range(4):
            await consumer.getone()
        await consumer.commit()
        assert await admin.members(group) == 1
        await consumer.stop()
        assert await admin.members(group) == 0
        assert await admin.committed(group) == {(topic.name, 0): 2, (topic.name, 1): 2}


async def test_a_reader_that_reads_nothing_closes(connection: KafkaConnection) -> None:
    async with KafkaReader(connection) as reader:
        pass
    assert connected(reader) == []


async def test_a_reader_whose_fetch_waits_for_its_next_try_closes(
    connection: KafkaConnection, unique: Callable[[Topic], Topic]
) -> None:
    topic = await made(connection, unique(ARTICLES))
    async with KafkaReader(connection) as reader:
        await reader.end_offsets(await reader.partitions(topic.name))
        # As aiokafka's fetcher does when its broker has just gone.
        waiting = asyncio.create_task(asyncio.sleep(60))
        await asyncio.sleep(0)
        reader._consumer._fetcher._pending_tasks.add(waiting)
    assert connected(reader) == []


def connected(reader: KafkaReader) -> list[object]:
    """The connections that it left open."""
    clients = (reader._consumer._client, reader._ends._client)
    return [one for client in clients for one in client._conns.values() if one.connected()]


async def test_a_broker_that_is_down_is_named_with_what_to_do() -> None:
    connection = KafkaConnection(f"127.0.0.1:{free_port()}", timeout_seconds=5)
    with pytest.raises(Transient, match="STORYLINE_KAFKA_BOOTSTRAP_SERVERS"):
        async with KafkaPublisher(connection):
            pass


async def test_a_connection_shows_no_password() -> None:
    connection = KafkaConnection("localhost:9092", "SASL_PLAINTEXT", "PLAIN", "someone", "a secret")
    assert "secret" not in repr(connection)
    assert connection.arguments()["sasl_plain_password"] == "a secret"


async def test_certificates_that_cannot_be_read_are_named() -> None:
    with pytest.raises(Fatal, match=r"missing\.pem"):
        KafkaConnection("localhost:9092", "SSL", ssl_ca_file="missing.pem").arguments()
