"""The order of things for one batch, with everything around it in memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.errors import Conflict, Fatal, Fenced, Invalid, Transient
from storyline.stream.crash_points import CrashPoints
from storyline.stream.patience import Abandoned
from storyline.stream.poison import Suspicion

from .fakes import GROUP, Bench, Copy, NoWatch, Sent, record


async def test_a_batch_is_handled_whole_sent_and_acknowledged_in_order() -> None:
    bench = Bench()
    await bench.finish([record(n, f"v{n}".encode()) for n in range(3)])
    assert bench.stage.batches == [[b"v0", b"v1", b"v2"]]
    assert bench.sent.values("free") == [b"v0", b"v1", b"v2"]
    assert bench.acked == [0, 1, 2]
    assert bench.stage.confirmations == 1


async def test_transactional_topics_go_in_one_transaction_before_the_others() -> None:
    bench = Bench(sent=Sent())
    await bench.finish([record(0, b"o1"), record(1, b"v"), record(2, b"o2")])
    assert [[output.value for output in one] for one in bench.sent.transactions] == [[b"o1", b"o2"]]
    assert bench.sent.values("free") == [b"v"]


async def test_a_stage_that_is_not_transactional_sends_everything_freely() -> None:
    bench = Bench()
    bench.stage.transactional = False
    await bench.finish([record(0, b"o1")])
    assert bench.sent.transactions == []
    assert bench.sent.values("owned") == [b"o1"]


async def test_what_cannot_be_decoded_is_a_dead_letter_before_anything_is_acknowledged() -> None:
    bench = Bench(sent=Sent())
    await bench.finish([record(0), record(1, None), record(2)])
    (dead,) = [output for output in bench.sent.free if output.topic == "in.dlq"]
    assert (dead.key, dead.value, dead.headers[:1]) == (b"k", None, (("h", b"\xff"),))
    assert bench.acked == [0, 1, 2]
    assert bench.metrics.dead_letters == {"invalid": 1}


async def test_transient_errors_are_tried_again_until_they_stop() -> None:
    bench = Bench(Copy({b"v": [Transient("away")] * 5}), Sent([Transient("away"), Transient("away")]))
    await bench.finish([record(0)])
    assert bench.acked == [0]
    assert bench.metrics.retries == {"handle": 5, "send": 2}


async def test_a_broken_connection_is_transient_also_where_nobody_said_so() -> None:
    bench = Bench(Copy({b"v": [ConnectionResetError(), TimeoutError()]}))
    await bench.finish([record(0)])
    assert bench.metrics.retries == {"handle": 2}


async def test_leaving_in_a_retry_acknowledges_nothing() -> None:
    bench = Bench(Copy({b"v": [Transient("away")] * 100}))
    bench.leave_after_pauses = 3
    with pytest.raises(Abandoned):
        await bench.finish([record(0), record(1)])
    assert bench.acked == []


async def test_a_conflict_is_handled_again() -> None:
    bench = Bench(Copy({b"v": [Conflict(), Conflict()]}))
    await bench.finish([record(0)])
    assert bench.acked == [0]
    assert bench.metrics.conflicts == 2


async def test_a_conflict_without_end_becomes_a_dead_letter() -> None:
    bench = Bench(Copy({b"v": [Conflict()] * 100}), conflicts_max=2, tries_alone=2)
    await bench.finish([record(0)])
    assert bench.sent.values("in.dlq") == [b"v"]


async def test_one_bad_message_does_not_take_its_batch_along() -> None:
    bench = Bench(Copy({b"bad": [ValueError("no")] * 100}), tries_alone=3)
    await bench.finish([record(0, b"a"), record(1, b"bad"), record(2, b"b")])
    assert bench.sent.values("free") == [b"a", b"b"]
    assert bench.sent.values("in.dlq") == [b"bad"]
    assert bench.acked == [0, 1, 2]
    assert bench.stage.batches.count([b"bad"]) == 3


async def test_an_invalid_message_is_not_tried_again_alone() -> None:
    bench = Bench(Copy({b"bad": [Invalid("body", "is odd")] * 100}))
    await bench.finish([record(0, b"a"), record(1, b"bad")])
    assert bench.stage.batches.count([b"bad"]) == 1
    (dead,) = [output for output in bench.sent.free if output.topic == "in.dlq"]
    assert dict(dead.headers)["storyline-dlq-field"] == b"body"


async def test_a_message_that_works_alone_comes_out() -> None:
    bench = Bench(Copy({b"rare": [ValueError("once")]}))
    await bench.finish([record(0, b"a"), record(1, b"rare")])
    assert bench.sent.values("free") == [b"a", b"rare"]
    assert bench.sent.values("in.dlq") == []


@pytest.mark.parametrize("error", [Fatal("end"), Fenced("gone")])
async def test_a_fatal_error_leaves_at_once_and_is_never_a_dead_letter(error: Fatal) -> None:
    bench = Bench(Copy({b"v": [error]}))
    with pytest.raises(type(error)):
        await bench.finish([record(0)])
    assert bench.acked == []
    assert bench.sent.free == []


async def test_a_killer_is_narrowed_down_and_buried_unhandled() -> None:
    records = [record(n, f"v{n}".encode()) for n in range(100)]
    handled_with_killer, tries = [], 0
    suspicion: Suspicion | None = None
    while tries < 20:
        tries += 1
        bench = Bench(Copy({b"v42": [KeyboardInterrupt()]}), kills_max=4)  # type: ignore[list-item]
        bench.claim.suspicion = suspicion
        try:
            await bench.finish(records)
        except KeyboardInterrupt:  # stands for the end of the process: passes every handler
            suspicion = bench.counter.entries[GROUP, 0]
            handled_with_killer.append(suspicion.size)
        else:
            break
    assert handled_with_killer == [100, 13, 2, 1]
    assert bench.sent.values("in.dlq") == [b"v42"]
    assert bench.acked == list(range(100))


async def test_what_cant_be_sent_is_not_blamed_however_often_its_partition_moves_on() -> None:
    # Given outputs that Kafka doesn't take for hours, and a rebalance after each few tries.
    records = [record(n) for n in range(64)]
    suspicion: Suspicion | None = None
    for _ in range(12):
        bench = Bench(sent=Sent([Transient("too few replicas")] * 100), kills_max=3)
        bench.claim.suspicion, bench.leave_after_pauses = suspicion, 2
        with pytest.raises(Abandoned):
            await bench.finish(records)
        suspicion = bench.counter.entries[GROUP, 0]
    # When it takes them again, nothing is a dead letter.
    bench = Bench(kills_max=3)
    bench.claim.suspicion = suspicion
    await bench.finish(records)
    assert bench.sent.values("in.dlq") == []
    assert bench.acked == list(range(64))


async def test_after_the_suspected_records_are_over_nothing_is_suspected_any_more() -> None:
    bench = Bench()
    bench.claim.suspicion = Suspicion(0, 15, 1)
    await bench.finish([record(n) for n in range(8)])
    assert bench.claim.suspicion is not None
    await bench.finish([record(n) for n in range(8, 20)])
    assert bench.claim.suspicion is None
    assert bench.acked == list(range(20))


async def test_a_tick_sends_what_has_come_due() -> None:
    bench = Bench()
    await bench.batches.tick(bench.claim, 77)
    assert bench.sent.values("free") == [b"77"]
    assert bench.stage.confirmations == 1


async def test_the_watchdog_watches_the_stage_and_not_the_pauses_for_a_server_that_is_away() -> None:
    bench = Bench(Copy({b"v": [Transient("away")]}), Sent([Transient("away")]))
    watched, pauses = NoWatch(), []
    bench.batches.watchdog = watched
    bench.batches.patience.pause = lambda n, abandoned: _noted(pauses, watched)  # type: ignore[method-assign]
    away = [Transient("away")] * 2

    async def confirmed(partition: int, outputs: object) -> None:
        assert watched.on, "what may hang is watched"
        if away:
            raise away.pop()

    bench.stage.confirmed = confirmed  # type: ignore[method-assign]
    await bench.finish([record(0)])
    assert pauses == [0, 0, 0, 0]


async def _noted(pauses: list[int], watched: NoWatch) -> None:
    pauses.append(watched.on)


async def test_the_points_of_sending_are_reached_only_where_something_was_sent() -> None:
    reached: list[str] = []

    class Points(CrashPoints):
        def reach(self, point: str) -> None:
            reached.append(point)

    bench = Bench()
    bench.batches.crash = Points()
    await bench.batches.publish(bench.claim, ())
    assert reached == []
    await bench.batches.tick(bench.claim, 77)
    assert reached == ["after-send", "after-confirmed"]


VALUES = st.lists(st.sampled_from([b"a", b"o", b"bad", b"invalid", b"flaky", None]), min_size=1, max_size=30)


@given(VALUES, st.booleans())
async def test_every_record_is_sent_or_buried_once_acknowledged_and_in_order(
    values: list[bytes | None], suspected: bool
) -> None:
    faults: dict[bytes, list[Exception]] = {
        b"bad": [ValueError()] * 1_000,
        b"invalid": [Invalid("f", "x")] * 1_000,
        b"flaky": [Transient("x"), ValueError()],
    }
    bench = Bench(Copy(faults), Sent([Transient("x")]))
    if suspected:
        bench.claim.suspicion = Suspicion(3, 20, 1)
    await bench.finish([record(n, value) for n, value in enumerate(values)])
    assert bench.acked == list(range(len(values)))
    assert bench.sent.values("in.dlq") == [value for value in values if value in (b"bad", b"invalid", None)]
    assert bench.sent.values("free") == [value for value in values if value in (b"a", b"flaky")]
    assert [o.value for one in bench.sent.transactions for o in one] == [value for value in values if value == b"o"]
