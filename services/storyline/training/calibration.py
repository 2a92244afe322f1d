"""How sure a score may be: `python -m storyline.training.calibration FILE… [--reliability FILE.png] [--json]`.

FILEs are labelled streams as for `storyline evaluate matching`. Each set is fed through the engine once, every best
candidate is judged by the labels, and `CERTAINTY` (see `domain.matching.scoring`) is the factor of least logistic loss,
sets weighted as in `storyline.training.scorer`. It is learned without each set in turn and tried on that one: those
are the errors shown and drawn. The weights of the signals stay as they are; only what turns them into a probability
is left out.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from ..domain.matching import Index
from ..domain.matching.scoring import CERTAINTY, Scorer, logistic
from ..evaluate.calibration import Judged, calibration_error, error_across
from ..evaluate.judging import JudgingEngine
from ..evaluate.labelled import read_sets
from ..evaluate.protocol import Row, in_order, run
from ..evaluate.reliability import check_plotting, plot_reliability
from .scorer import SET_WEIGHT_POWER

TRIED = tuple(hundredths / 100 for hundredths in range(30, 151))
ORDERS = (1, 2)
NEARLY = 1e-12
"""Probabilities this near to 0 or 1 count as this far from it: a loss is finite."""

JudgedSets = Mapping[str, Sequence[Judged]]


def judged_raw(rows: Sequence[Row], orders: Sequence[int] = ORDERS) -> list[Judged]:
    """Every best candidate of these passes, with the probability that the weights alone give."""
    found: list[Judged] = []
    for order in orders:
        engine = JudgingEngine(rows, Index(Scorer(certainty=1.0)))
        run(in_order(rows, order), engine)
        found += engine.judged
    return found


def tempered(one: Judged, certainty: float) -> Judged:
    """The decision, its log-odds for joining times `certainty`."""
    if one.probability <= 0.5:
        return one
    probability = min(one.probability, 1 - NEARLY)
    return Judged(logistic(certainty * math.log(probability / (1 - probability))), one.right)


def learned(sets: JudgedSets) -> float:
    """The certainty of least loss. Raises ValueError if no set has a decision for joining."""
    sure = {name: [one for one in judged if one.probability > 0.5] for name, judged in sets.items()}
    if not any(sure.values()):
        raise ValueError("no article of these sets joins a story, so there is nothing to learn from")
    weights = {name: math.pow(len(sets[name]), SET_WEIGHT_POWER - 1) for name, its in sure.items() if its}

    def loss(certainty: float) -> float:
        return sum(
            weight * math.fsum(_loss(tempered(one, certainty)) for one in sure[name])
            for name, weight in weights.items()
        )

    return min(TRIED, key=loss)


def _loss(one: Judged) -> float:
    return -math.log(max(NEARLY, one.probability if one.right else 1 - one.probability))


def held_out(sets: JudgedSets) -> tuple[dict[str, Any], dict[str, list[Judged]]]:
    """The report, and each set's decisions with the certainty that the others taught. Two sets at least."""
    if len(sets) < 2:
        raise ValueError("a set can only be left out if there is another: name two files or more")
    errors, tried = {}, {}
    for name, judged in sets.items():
        certainty = learned({other: its for other, its in sets.items() if other != name})
        tried[name] = [tempered(one, certainty) for one in judged]
        errors[name] = {
            "certainty": certainty, "ece": calibration_error(tried[name]), "ece_raw": calibration_error(judged),
            "decisions": len(judged),
        }  # fmt: skip
    report = {
        "certainty": {"learned": learned(sets), "in_use": CERTAINTY},
        "held_out": errors,
        "mean": fmean(one["ece"] for one in errors.values()),
        "mean_raw": fmean(one["ece_raw"] for one in errors.values()),
        "across": error_across(tried),
        "across_raw": error_across(sets),
    }
    return report, tried


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--reliability", type=Path, help="draw what was held out here, as a PNG")
    parser.add_argument("--json", action="store_true", help="one JSON object, as the last line of stdout")
    options = parser.parse_args(arguments)
    if options.reliability is not None:
        check_plotting()
    sets = {}
    for name, rows in read_sets(options.files).items():
        print(f"judged: {name}", file=sys.stderr, flush=True)
        sets[name] = judged_raw(rows)
    report, tried = held_out(sets)
    print("\n".join(_table(report)))
    if options.reliability is not None:
        plot_reliability(tried, options.reliability)
    if options.json:
        print(json.dumps(report))


def _table(report: Mapping[str, Any]) -> Sequence[str]:
    lines = [f"{'set left out':18} {'certainty':>9} {'error':>6} {'raw':>6} {'decisions':>9}"]
    lines += [
        f"{name[:18]:18} {one['certainty']:9.2f} {one['ece']:6.3f} {one['ece_raw']:6.3f} {one['decisions']:9,}"
        for name, one in report["held_out"].items()
    ]
    lines += [
        f"{said:18} {'':9} {report[name]:6.3f} {report[f'{name}_raw']:6.3f}"
        for said, name in (("mean of the sets", "mean"), ("across the sets", "across"))
    ]
    return [*lines, f"learned of all sets: {report['certainty']['learned']:.2f}; in use: {CERTAINTY:.2f}"]


if __name__ == "__main__":
    main()
