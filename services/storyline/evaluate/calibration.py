"""Whether a probability means what it says: of the decisions at .8, are four in five right?

Expected calibration error: decisions are put into ten bins of equal width; the mean over the bins of |mean
probability − share that was right|, weighted by their decisions (Naeini, Cooper & Hauskrecht 2015).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, NamedTuple

BINS = 10


class Judged(NamedTuple):
    """One decision: the probability given to the article belonging to the best story found, and whether it did."""

    probability: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The decisions whose probability lies in one tenth."""

    decisions: int
    probability: float
    """Their mean."""
    right_share: float


def bins_of(judged: Sequence[Judged]) -> list[Bin]:
    """The bins that hold any, lowest first. A probability of 1 counts in the last one."""
    held: dict[int, list[Judged]] = {}
    for one in judged:
        held.setdefault(_bin(one), []).append(one)
    return [
        Bin(len(some), fmean(one.probability for one in some), fmean(one.right for one in some))
        for _, some in sorted(held.items())
    ]


def _bin(one: Judged) -> int:
    return min(BINS - 1, int(one.probability * BINS))


def calibration_error(judged: Sequence[Judged]) -> float:
    """The expected calibration error, in [0, 1]. Raises ValueError if there is no decision."""
    if not judged:
        raise ValueError("there is no decision to judge")
    return sum(one.decisions * abs(one.probability - one.right_share) for one in bins_of(judged)) / len(judged)


def calibration_report(sets: Mapping[str, Sequence[Judged]]) -> dict[str, Any]:
    """The error of each set, `mean` over the sets, and `across` them; sets without any decision are left out."""
    errors = {
        name: {"ece": calibration_error(judged), "decisions": len(judged)} for name, judged in sets.items() if judged
    }
    mean = fmean(one["ece"] for one in errors.values()) if errors else None
    return {"sets": errors, "mean": mean, "across": error_across(sets) if errors else None}


def error_across(sets: Mapping[str, Sequence[Judged]]) -> float:
    """The expected calibration error of all decisions together, each set weighing the same. Raises ValueError if none.

    What one set's labels draw narrowly and another's widely evens out here; `mean` over the sets counts both.
    """
    held = [judged for judged in sets.values() if judged]
    if not held:
        raise ValueError("there is no decision to judge")
    excess = [0.0] * BINS
    for judged in held:
        for one in judged:
            excess[_bin(one)] += (one.probability - one.right) / len(judged)
    return sum(map(abs, excess)) / len(held)
