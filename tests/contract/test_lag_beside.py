"""Lag beside Kafka's own tool and Burrow's rules: `python -m tests.bench.lag_beside`, with shorter beats."""

import struct

import pytest

from tests.bench.lag_beside import REASONS, play
from tests.bench.lag_burrow import Burrow, commit_of
from tests.bench.lag_groups import CASES
from tests.servers import KafkaBroker

PLACE = ("t", 0)


@pytest.mark.slow
@pytest.mark.kafka
async def test_numbers_are_those_of_kafkas_tool_and_verdicts_those_of_burrow_or_there_is_a_reason(
    kafka: KafkaBroker,
) -> None:
    # Compaction runs every 15 s on this broker, so the case with gaps is for the command.
    rows = await play(kafka.address, tuple(case for case in CASES if case != "gaps"), 0.3, 6)
    assert [row.case for row in rows if not row.numbers_agree] == []
    assert {row.case for row in rows if not row.verdicts_agree} == REASONS.keys()
    assert [row.case for row in rows if row.verdict.before != "OK"] == []
    known = [(row.seconds, row.true_seconds) for row in rows if row.true_seconds is not None]
    assert len(known) >= 7
    assert all(said == pytest.approx(true, abs=2.0) for said, true in known)
    said = {row.case: row.verdict.first for row in rows}
    assert said["stopped"] == "STOP"
    assert said["hung"] == said["stalled"] == "STALL"
    assert said["rewound"] == said["reset"] == "REWIND"
    assert (said["slow"], said["lost"], said["no commits"]) == ("WARN", "ERR", "NOTFOUND")


@pytest.mark.parametrize(
    ("case", "commits", "now", "status"),
    [
        ("nothing committed", [], 0, "NOTFOUND"),
        ("all read at the last commit", [(90, 1), (100, 2)], 3, "OK"),
        ("reading, with a lag that shrinks", [(10, 1), (30, 2)], 3, "OK"),
        ("the offset stays", [(50, 1), (50, 2)], 3, "STALL"),
        ("silent for longer than the window is long", [(10, 1), (30, 2)], 4, "STOP"),
        ("back, and not yet where it was", [(60, 1), (20, 2), (40, 3)], 4, "REWIND"),
        ("back, and where it was again", [(60, 1), (20, 2), (60, 3)], 4, "OK"),
    ],
)
def test_the_replay_says_what_burrows_wiki_says(
    case: str, commits: list[tuple[int, int]], now: int, status: str
) -> None:
    burrow = Burrow(10)
    burrow.refresh({PLACE: 100})
    for offset, at in commits:
        burrow.commit("g", PLACE, offset, at)
    assert burrow.status("g", PLACE, now) == status


def test_a_slow_group_is_a_warning_to_the_replay() -> None:
    burrow = Burrow(10)
    for beat in range(1, 5):
        burrow.refresh({PLACE: 100 * beat})
        burrow.commit("g", PLACE, 10 * beat, beat)
    assert burrow.status("g", PLACE, 5) == "WARN"


def test_a_record_that_is_no_commit_is_passed_over() -> None:
    key = struct.pack(">hh1sh1si", 1, 1, b"g", 1, b"t", 0)
    value = struct.pack(">hqih1sq", 3, 42, -1, 1, b"m", 1_000)
    assert commit_of(key, value) == ("g", PLACE, 42, 1_000)
    assert commit_of(key, None) is None
    assert commit_of(struct.pack(">hh1s", 2, 1, b"g"), value) is None
