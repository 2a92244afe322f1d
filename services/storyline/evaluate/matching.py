"""`storyline evaluate matching`: our engine and the baselines, side by side, as one report."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from .calibration import calibration_report
from .engines import ENGINES, OURS, EngineResult, in_own_process


def evaluate_matching(
    files: Sequence[Path], orders: int, tell: Callable[[str], None], baselines: Collection[str] = tuple(ENGINES)
) -> tuple[dict[str, Any], EngineResult]:
    """The report (its JSON shape is a contract), and what our own engine did. Raises ValueError for unreadable sets.

    `tell` is a function of a module: it is called in other processes.
    """
    ours = in_own_process(OURS, files, orders, tell)
    report = {
        **ours.to_json(),
        "calibration": calibration_report(ours.judged),
        "baselines": {engine: in_own_process(engine, files, orders, tell).to_json() for engine in baselines},
    }
    return report, ours
