"""Several runs as one table: `python -m tests.chaos.table FILE…`, each with the JSON that a run ended with.

A row a run and one for all; exit code 1 if anything that must be 0 isn't, or a run was stuck.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

COUNTS = (
    "rounds", "kills", "articles", "lost", "doubled", "version_gaps", "poison_acked", "untouched_changed",
    "zombie_writes",
)  # fmt: skip
MUST_BE_NONE = COUNTS[3:]

Report = Mapping[str, Any]


def reports_in(files: Iterable[Path]) -> list[Report]:
    """The last line of each file that has one; a run that was broken off has none."""
    lines = (file.read_text().strip().splitlines() for file in files)
    return [json.loads(each[-1]) for each in lines if each]


def together(reports: Sequence[Report]) -> dict[str, Any]:
    """All runs as one: sums, the longest recovery, faults by name."""
    faults: Counter[str] = Counter()
    for report in reports:
        faults.update(report["faults"])
    longest = [report["recovery_seconds"]["max"] for report in reports if report["recovery_seconds"]["max"] is not None]
    return {
        "seed": "all", **{name: sum(report[name] for report in reports) for name in COUNTS},
        "recovery_seconds": {"p50": None, "max": max(longest, default=None)},
        "faults": dict(sorted(faults.items())), "stuck": [each for report in reports for each in report["stuck"]],
    }  # fmt: skip


def table(reports: Sequence[Report]) -> str:
    """In Markdown: a row a run, one for all of them, and how often each fault struck."""
    names = ("seed", *COUNTS, "recovery p50", "max")
    whole = together(reports)
    rows = [names, tuple("---" for _ in names), *map(_row, reports), _row(whole)]
    struck = ", ".join(f"{fault} {times}" for fault, times in whole["faults"].items())
    return "\n".join(["| " + " | ".join(map(str, row)) + " |" for row in rows] + ["", f"Faults: {struck}"])


def _row(report: Report) -> tuple[object, ...]:
    recovery = report["recovery_seconds"]
    return (report["seed"], *(report[name] for name in COUNTS), recovery["p50"], recovery["max"])


def well(reports: Sequence[Report]) -> bool:
    """There are runs, and nothing that must not be."""
    whole = together(reports)
    return bool(reports) and not any(whole[name] for name in MUST_BE_NONE) and not whole["stuck"]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.table", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    reports = reports_in(parser.parse_args(arguments).files)
    sys.stdout.write(table(reports) + "\n")
    return 0 if well(reports) else 1


if __name__ == "__main__":
    raise SystemExit(main())
