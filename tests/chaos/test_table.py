"""What several runs come to."""

import json
from pathlib import Path
from typing import Any

import pytest

from .table import COUNTS, main, table, together, well


def report(seed: int, longest: float | None = 2.0, **counts: Any) -> dict[str, Any]:
    return {
        "seed": seed, **dict.fromkeys(COUNTS, 0), "rounds": 2, "kills": 30, "stuck": [],
        "recovery_seconds": {"p50": 1.0, "max": longest}, "faults": {"kill9-two": 1, f"fault-{seed}": 2}, **counts,
    }  # fmt: skip


def test_runs_are_added_up_and_the_longest_recovery_counts() -> None:
    whole = together([report(1), report(2, longest=9.5), report(3, longest=None)])
    assert (whole["rounds"], whole["kills"], whole["lost"]) == (6, 90, 0)
    assert whole["recovery_seconds"]["max"] == 9.5
    assert whole["faults"] == {"fault-1": 2, "fault-2": 2, "fault-3": 2, "kill9-two": 3}


def test_each_run_has_a_row_and_all_of_them_one() -> None:
    rows = table([report(7), report(8)]).splitlines()
    assert [row.split(" | ")[0].strip("| ") for row in rows[:5]] == ["seed", "---", "7", "8", "all"]
    assert rows[-1] == "Faults: fault-7 2, fault-8 2, kill9-two 2"


@pytest.mark.parametrize("bad", [{"lost": 1}, {"zombie_writes": 1}, {"stuck": ["round 1"]}])
def test_one_run_that_is_not_well_is_enough(bad: dict[str, Any]) -> None:
    assert well([report(1)]) and not well([report(1), report(2, **bad)])


def test_a_run_that_was_broken_off_is_left_out_and_none_at_all_is_no_proof(tmp_path: Path) -> None:
    done, broken = tmp_path / "1.json", tmp_path / "2.json"
    done.write_text(json.dumps(report(1)) + "\n")
    broken.write_text("")
    assert main([str(done), str(broken)]) == 0
    assert main([str(broken)]) == 1
