"""The producers on a real broker: fenced, whole or not at all, in order, of any size that a topic takes."""

import pytest
from aiokafka.errors import KafkaError

from storyline.errors import Fatal, Fenced
from storyline.record import Output
from storyline.stream.producers import Producers
from storyline.stream.settings import ShellSettings

from ..servers import KafkaBroker
from .harness import Line

pytestmark = pytest.mark.kafka


@pytest.fixture
async def line(kafka: KafkaBroker) -> Line:
    return await Line(kafka.address, "none").create()


def producers(line: Line) -> Producers:
    settings = ShellSettings(kafka=line.kafka, transactional_topics=frozenset({line.writes}))
    return Producers(settings, f"storyline.{line.name}", transactional=True)


def outputs(line: Line, *values: bytes | None) -> list[Output]:
    return [Output(line.writes, 0, b"k", value, (("h", b"\xff"),)) for value in values]


async def test_outputs_arrive_byte_for_byte_and_in_order_small_and_large(line: Line) -> None:
    values = [*(str(n).encode() for n in range(2_000)), b"x" * 16_000_000, None, b"last"]
    mine = producers(line)
    await mine.open(0)
    await mine.commit(0, outputs(line, *values))
    await mine.stop()
    # A broker has said that a transaction of many bytes is committed before a reader of the committed sees its end.
    await line.until_out([b"last"])
    rows = await line.get(line.writes)
    assert [row.value for row in rows] == values
    assert {row.headers for row in rows} == {(("h", b"\xff"),)}


async def test_an_earlier_owner_is_fenced_and_writes_nothing(line: Line) -> None:
    zombie, heir = producers(line), producers(line)
    await zombie.open(0)
    await zombie.commit(0, outputs(line, b"before"))
    await heir.open(0)
    with pytest.raises(Fenced):
        await zombie.commit(0, outputs(line, b"zombie"))
    await heir.commit(0, outputs(line, b"heir"))
    await zombie.stop()
    await heir.stop()
    assert await line.values() == [b"before", b"heir"]


async def test_a_partition_opened_again_by_its_owner_works(line: Line) -> None:
    mine = producers(line)
    for value in (b"one", b"two"):
        await mine.open(0)
        await mine.commit(0, outputs(line, value))
    await mine.stop()
    assert await line.values() == [b"one", b"two"]


async def test_a_transaction_with_an_output_too_large_leaves_nothing_visible(line: Line) -> None:
    mine = producers(line)
    await mine.open(0)
    with pytest.raises(Fatal, match="too large"):
        await mine.commit(0, outputs(line, b"small", b"x" * 18_000_000))
    await mine.stop()
    assert await line.values() == []


async def test_a_new_shared_producer_is_made_after_a_failure(line: Line) -> None:
    mine = producers(line)
    await mine.send(outputs(line, b"one"))
    assert mine._shared is not None
    mine._shared._message_accumulator.fail_all(KafkaError("the sender has died"))
    with pytest.raises(Exception, match="Kafka"):
        await mine.send(outputs(line, b"two"))
    await mine.send(outputs(line, b"two"))
    await mine.stop()
    assert await line.values() == [b"one", b"two"]
