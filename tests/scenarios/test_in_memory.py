"""Each row of the table through the rules of both stages, over stores in memory: no server, no clock but the row's."""

import pytest

from storyline.domain.placing import Patience
from storyline.errors import Invalid
from tests.wires import Wire, record

from .playing import Scenario, Seen, at, complaints, scenarios

ROWS = scenarios()


def test_the_table_has_its_rows() -> None:
    assert len(ROWS) >= 60
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_subscriber_sees_what_the_row_says(row: Scenario) -> None:
    assert complaints(row, await played(row)) == []


async def played(row: Scenario) -> Seen:
    usual = Patience()
    rests = usual.dormant_after_ms if row.rests is None else int(row.rests * 1000)
    closes = usual.closed_after_ms if row.closes is None else int(row.closes * 1000)
    expires = usual.expired_after_ms if row.expires is None else int(row.expires * 1000)
    wire, seen = Wire(patience=Patience(rests, closes, expires)), Seen()
    await wire.start()
    for round_ in row.rounds:
        seen.before_last_round = len(wire.logs["story-updates"])
        for step in round_:
            if "wait" in step:
                await wire.tick(wire.clock_ms + step["wait"] * 1000)
                await wire.tick(wire.clock_ms)  # what has just come to rest may have rested for long
                continue
            await _feed(row, step, wire, seen)
        await wire.run()
    seen.updates = wire.updates()
    seen.dead += wire.dead
    last = {output.key: output.value for output in wire.logs["stories"]}
    seen.gone = sum(value is None for value in last.values())
    seen.held = sum(len(space.holds) for space in wire.backing.spaces.values())
    return seen


async def _feed(row: Scenario, step: dict[str, object], wire: Wire, seen: Seen) -> None:
    """As the shell does it: what can't be decoded is a dead letter, and the rest goes on."""
    event = row.event(step, at(wire.clock_ms), wire.updates())
    assert event is not None
    sent = record(
        event[0],
        len(wire.inputs),
        key=row.space.encode(),
        timestamp_ms=wire.clock_ms,
        partition=wire.partition(row.space),
        headers=event[1],
    )
    try:
        wire.matcher.decode(sent)
        if "edit" in step:
            await wire.run()  # what is refused while it is carried out must not take others along
            wire.feed([sent])
            await wire.run()
            return
    except Invalid as error:
        seen.dead.append(error.field)
        if wire.inputs and wire.inputs[-1] is sent:
            wire.committed["matcher"] = len(wire.inputs)
    else:
        wire.feed([sent])
