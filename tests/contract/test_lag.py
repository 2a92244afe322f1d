"""Lag of groups as they really are, on Apache Kafka and on the embedded broker."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from aiokafka import TopicPartition

from storyline.domain.lag.status import Status
from storyline.errors import Transient
from storyline.infra.kafka import KafkaConnection, KafkaWatcher
from tests.servers import KafkaBroker, free_port

from .lag_scene import Scene

ON_BOTH = pytest.mark.parametrize(
    "scene",
    [pytest.param("kafka", marks=pytest.mark.kafka), "embedded_kafka"],
    indirect=True,
    ids=["kafka", "embedded"],
)
ON_KAFKA = pytest.mark.parametrize("scene", [pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True, ids=[""])


@pytest.fixture
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    async with Scene(request.getfixturevalue(request.param).address) as made:
        yield made


def ago(seconds: float) -> int:
    return int((time.time() - seconds) * 1000)


@ON_BOTH
async def test_lag_is_counted_in_messages_and_in_the_age_of_the_first_unread_record(scene: Scene) -> None:
    for seconds in (300, 200, 100):
        await scene.send(1, at_ms=ago(seconds))
    await scene.commit("g", 1)
    row = scene.row(await scene.observer().look(), "g")
    assert (row.committed, row.start, row.end, row.lag) == (1, 0, 3, 2)
    assert row.seconds == pytest.approx(200, abs=2)


@ON_BOTH
async def test_who_has_read_everything_is_zero_seconds_behind(scene: Scene) -> None:
    await scene.send(3, at_ms=ago(100))
    await scene.commit("g", 3)
    group = scene.of(await scene.observer().look(), "g")
    assert (group.lag, group.seconds, group.status) == (0, 0.0, Status.OK)


@ON_BOTH
async def test_several_groups_at_several_places_of_a_partition_get_each_its_own_age(scene: Scene) -> None:
    for seconds in range(600, 0, -100):
        await scene.send(1, at_ms=ago(seconds))
    for offset in range(6):
        await scene.commit(f"g{offset}", offset)
    view = await scene.observer().look()
    seconds = [scene.row(view, f"g{offset}").seconds for offset in range(6)]
    assert seconds == pytest.approx([600, 500, 400, 300, 200, 100], abs=3)


@ON_BOTH
async def test_a_record_larger_than_the_usual_read_is_read_all_the_same(scene: Scene) -> None:
    await scene.send(1, at_ms=ago(50), size=300_000)
    await scene.send(1, partition=1, at_ms=ago(70), size=300_000)
    await scene.commit("g", 0)
    await scene.commit("g", 0, partition=1)
    view = await scene.observer().look()
    assert [row.seconds for row in scene.of(view, "g").partitions] == pytest.approx([50, 70], abs=2)


@ON_BOTH
async def test_each_partition_has_its_owner_and_a_new_member_is_a_rebalance(scene: Scene) -> None:
    observer = scene.observer()
    member = await scene.join("g")
    await member.commit({TopicPartition(scene.topic, 0): 0})
    first = await observer.look()
    assert {row.client for row in scene.of(first, "g").partitions} == {"client-g"}
    assert scene.row(first, "g").host == "127.0.0.1"
    assert (scene.of(first, "g").members, scene.of(first, "g").rebalances) == (1, 0)
    await member.stop()
    scene.members.remove(member)
    then = await observer.look()
    assert (scene.of(then, "g").members, scene.of(then, "g").rebalances) == (0, 1)
    assert scene.row(then, "g").client == ""


@ON_KAFKA
async def test_a_partition_that_was_assigned_and_never_committed_says_so(scene: Scene) -> None:
    await scene.send(4)
    await scene.join("g")
    view = await scene.observer().look()
    assert scene.row(view, "g").note == "never committed; up to 4 messages wait"
    assert scene.row(view, "g", 1).note == "nothing was written there yet"
    assert scene.of(view, "g").status is Status.NOT_FOUND
    assert scene.of(view, "g").notes[0] == "has committed nothing"


@ON_KAFKA
async def test_a_marker_alone_is_no_lag_though_kafka_counts_it(scene: Scene) -> None:
    await scene.transaction(3, commit=True)
    await scene.commit("g", 3)
    row = scene.row(await scene.observer().look(), "g")
    assert (row.lag, row.readable, row.seconds, row.status) == (1, False, 0.0, Status.OK)


@ON_KAFKA
async def test_aborted_records_are_nothing_to_read_and_what_follows_them_is(scene: Scene) -> None:
    await scene.transaction(3, commit=False)
    await scene.commit("g", 0)
    observer = scene.observer()
    row = scene.row(await observer.look(), "g")
    assert (row.lag, row.readable, row.seconds) == (4, False, 0.0)
    await scene.send(1, at_ms=ago(30))
    row = scene.row(await observer.look(), "g")
    assert (row.lag, row.readable) == (5, True)
    assert row.record_ms == pytest.approx(ago(30), abs=3_000)


@ON_KAFKA
async def test_what_was_deleted_before_it_was_read_is_an_error_with_its_number(scene: Scene) -> None:
    await scene.send(10)
    await scene.commit("g", 2)
    await scene.cut(7)
    row = scene.row(await scene.observer().look(), "g")
    assert (row.lag, row.lost, row.start, row.status) == (8, 5, 7, Status.ERROR)
    assert row.note == "5 messages were deleted before the group read them"


@ON_KAFKA
async def test_retention_ahead_is_said_with_the_time_left(kafka: KafkaBroker, scene: Scene) -> None:
    async with Scene(kafka.address, retention_ms="3600000") as short:
        await short.send(2, at_ms=ago(1_200))
        await short.commit("g", 0)
        row = short.row(await short.observer().look(), "g")
        assert row.note == "retention reaches the committed offset in 40 min"


@ON_BOTH
async def test_an_offset_beyond_the_end_is_an_error_that_says_so(scene: Scene) -> None:
    await scene.send(2)
    await scene.commit("g", 50)
    row = scene.row(await scene.observer().look(), "g")
    assert (row.lag, row.status) == (0, Status.ERROR)
    assert row.note == "committed 50 is beyond the end 2: the log was cut or made anew"


@ON_KAFKA
async def test_a_deleted_topic_and_a_deleted_group_are_gone_and_the_rest_goes_on(scene: Scene) -> None:
    observer = scene.observer()
    other = f"{scene.topic}-other"
    await scene.make(other, 1)
    await scene.send(1)
    for group in ("kept", "gone"):
        await scene.commit(group, 1)
    await scene.commit("kept", 0, topic=other)
    await observer.look()
    await scene.admin.delete_topics([other])
    await scene.delete_group("gone")
    async with asyncio.timeout(30):
        while other in (view := await observer.look()).topics:
            await asyncio.sleep(0.1)
    rows = scene.of(view, "kept").partitions
    assert [row.topic for row in rows if row.end is not None] == [scene.topic]
    assert all(row.note == "the topic is gone" for row in rows if row.end is None)
    assert scene.of(view, "kept").status is Status.OK
    assert scene.group("gone") not in view.groups


@ON_KAFKA
async def test_a_partition_that_was_added_appears_with_its_owner(scene: Scene) -> None:
    observer = scene.observer()
    member = await scene.join("g")
    await observer.look()
    await scene.add_partitions(3)
    async with asyncio.timeout(30):
        while len(member.assignment()) < 3:
            await asyncio.sleep(0.1)
        while len(scene.of(await observer.look(), "g").partitions) < 3:
            await asyncio.sleep(0.1)
    row = scene.row(await observer.look(), "g", 2)
    assert (row.client, row.end) == ("client-g", 0)


@ON_BOTH
async def test_record_times_of_long_ago_are_doubted_once_it_was_seen_when_they_came(scene: Scene) -> None:
    observer = scene.observer()
    await scene.send(1)
    await scene.commit("g", 1)
    await observer.look()
    await scene.send(1, at_ms=ago(400_000))
    row = scene.row(await observer.look(), "g")
    assert row.doubted
    assert row.seconds is not None
    assert row.seconds < 60
    assert row.note == "record times can't be right (CreateTime); the age is what was seen"


@ON_BOTH
async def test_who_stands_still_is_stalled_with_an_owner_and_stopped_without(scene: Scene) -> None:
    observer = scene.observer(window=3)
    await scene.send(2, at_ms=ago(100))
    member = await scene.join("alive")
    await member.commit({TopicPartition(scene.topic, 0): 1})
    await scene.commit("dead", 1)
    for _ in range(4):
        view = await observer.look()
    assert scene.row(view, "alive").status is Status.STALL
    assert scene.row(view, "dead").status is Status.STOP
    assert scene.of(view, "dead").status is Status.ERROR


@ON_BOTH
async def test_an_offset_that_goes_back_is_a_rewind(scene: Scene) -> None:
    observer = scene.observer()
    await scene.send(5)
    await scene.commit("g", 5)
    await observer.look()
    await scene.commit("g", 1)
    assert scene.row(await observer.look(), "g").status is Status.REWIND


async def test_a_cluster_that_is_away_is_said_in_one_line() -> None:
    watcher = KafkaWatcher(KafkaConnection(f"127.0.0.1:{free_port()}", timeout_seconds=2))
    with pytest.raises(Transient, match=r"Kafka at 127\.0\.0\.1:\d+ doesn't answer"):
        await watcher.__aenter__()
