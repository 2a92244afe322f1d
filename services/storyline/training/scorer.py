"""Learn the weights of the scorer again: `python -m storyline.training.scorer FILE… [--held-out]`.

FILEs are labelled streams as for `storyline evaluate matching`. Every set is fed through the engine as it is and in
variants (titles alone, undated, bodies cut short, excerpts, no titles, thinned out), and each comparison that the
engine makes becomes an example: one, if most of the story's articles have the article's label. Logistic loss;
similarities never count against, distance in time never for; a set and each of its variants weigh (articles)^0.3
together. Two rounds, the second on the decisions that the weights of the first lead to.

`--held-out` learns without each set in turn and measures that set, which is all that these figures can say about
sets that nobody has seen.
"""

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import numpy.typing as npt

from ..domain.matching import Index, Profile, profile_of
from ..domain.matching.evidence import Evidence, case_of
from ..domain.matching.scoring import JOIN, MERGE, Scorer
from ..evaluate.labelled import read_sets
from ..evaluate.metrics import bcubed
from ..evaluate.protocol import Row, in_order
from ..labelled import article_of

Weights = Mapping[str, Mapping[str, float]]
Floats = npt.NDArray[np.float64]

NEVER_AGAINST = frozenset(
    ("cosine", "latest", "nearest", "title", "coverage", "familiarity", "margin", "title_margin", "meaning",
     "meaning_nearest", "meaning_margin", "cosine_log_smaller", "latest_brevity", "linkage")
)  # fmt: skip
NEVER_FOR = frozenset(("gap", "lull", "title_single"))
SET_WEIGHT_POWER = 0.3
ROUNDS = 2
SHORT_BODY_CHARS = 600
EXCERPT_WORDS, EXCERPT_BEGINS_MAX = 60, 240
"""Of an excerpt, as of a short report that picks another part of what happened."""
PENALTY = 0.01
"""Of the squared weights of standardised signals, beside a mean loss."""
STEPS = 1_500
ORDER = 1


def variants(rows: Sequence[Row], seed: int) -> dict[str, list[Row]]:
    """The rows as they are, and made harder in ways that news comes in."""
    dice = random.Random(seed)
    found = {
        "full": [dict(row) for row in rows],
        "undated": [{**row, "published_at": None} for row in rows],
        "thinned": [dict(row) for row in rows if dice.random() < 0.5],
    }
    if any(row.get("body") for row in rows):
        found["titles"] = [{**row, "body": ""} for row in rows]
        found["short"] = [{**row, "body": str(row.get("body") or "")[:SHORT_BODY_CHARS]} for row in rows]
        found["excerpts"] = [{**row, "body": _excerpt(str(row.get("body") or ""), dice)} for row in rows]
        found["untitled"] = [{**row, "title": ""} for row in rows]
    return {name: [row for row in its if row.get("title") or row.get("body")] for name, its in found.items()}


def _excerpt(body: str, dice: random.Random) -> str:
    words = body.split()
    begin = dice.randint(0, max(0, min(EXCERPT_BEGINS_MAX, len(words) - EXCERPT_WORDS)))
    return " ".join(words[begin : begin + EXCERPT_WORDS])


@dataclass(slots=True)
class Examples:
    """What was compared, in one set: (evidence, whether it was right), by `join` or `merge` and case."""

    set_name: str
    articles: int
    found: dict[tuple[str, str], list[tuple[Evidence, bool]]] = field(default_factory=lambda: defaultdict(list))


class Watching(Scorer):
    """A scorer that remembers what it was asked."""

    def __init__(self, join: Weights, merge: Weights) -> None:
        super().__init__(join, merge)
        self.watched: list[tuple[str, Evidence]] = []

    def join(self, one: Evidence) -> tuple[float, str]:
        self.watched.append(("join", one))
        return super().join(one)

    def merge(self, one: Evidence) -> float:
        self.watched.append(("merge", one))
        return super().merge(one)


def stream(profiles: Sequence[tuple[Row, Profile]], join: Weights, merge: Weights, keep: Examples | None) -> list[str]:
    """Feed the articles through the engine; gives the story of each, and puts what was compared into `keep`."""
    scorer = Watching(join, merge)
    index = Index(scorer)
    placed: dict[str, str] = {}
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    into: dict[str, str] = {}
    for n, (row, read) in enumerate(profiles):
        label, uri, profile = str(row["story"]), f"urn:training:{n}", index.weighed(read)
        story = index.decide(profile).story_id or f"story-{n}"
        _keep(keep, scorer, labels, label)
        index.join(story, uri, profile, n + 1)
        labels[story][label] += 1
        placed[uri] = story
        twins = index.merge_for(story)
        _keep(keep, scorer, labels, labels[story].most_common(1)[0][0])
        if twins is not None:
            index.merge(twins.loser, twins.winner)
            labels[twins.winner].update(labels.pop(twins.loser))
            into[twins.loser] = twins.winner
    return [_followed(story, into) for story in placed.values()]


def _keep(keep: Examples | None, scorer: Watching, labels: Mapping[str, Counter[str]], label: str) -> None:
    if keep is not None:
        for kind, one in scorer.watched:
            right = labels[one.story_id].most_common(1)[0][0] == label
            keep.found[kind, case_of(one)].append((one, right))
    scorer.watched.clear()


def _followed(story: str, into: Mapping[str, str]) -> str:
    while story in into:
        story = into[story]
    return story


def learn(examples: Iterable[Examples], weights: Weights, kind: str) -> dict[str, dict[str, float]]:
    """Weights for the signals that `weights` names, in each case; a case without examples keeps its own."""
    by_case: dict[str, list[tuple[list[tuple[Evidence, bool]], float]]] = defaultdict(list)
    for one in examples:
        for (its_kind, case), found in one.found.items():
            if its_kind == kind:
                by_case[case].append((found, one.articles**SET_WEIGHT_POWER / len(found)))
    return {
        case: _fitted(names, by_case[case]) if by_case.get(case) else dict(names) for case, names in weights.items()
    }


def _fitted(
    weights: Mapping[str, float], parts: Sequence[tuple[list[tuple[Evidence, bool]], float]]
) -> dict[str, float]:
    names = [name for name in weights if name != "bias"]
    signals = np.array([[float(getattr(one, name)) for name in names] for found, _ in parts for one, _ in found])
    right = np.array([float(is_right) for found, _ in parts for _, is_right in found])
    importance = np.array([weight for found, weight in parts for _ in found])
    fitted = logistic_regression(names, signals, right, importance / importance.sum())
    return {name: round(value, 3) for name, value in zip([*names, "bias"], fitted, strict=True)}


def logistic_regression(names: Sequence[str], signals: Floats, right: Floats, importance: Floats) -> list[float]:
    """Weights and bias of least logistic loss within the signs allowed (accelerated projected gradient, FISTA)."""
    mean, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    standard = np.column_stack(((signals - mean) / spread, np.ones(len(right))))
    low = np.array([0.0 if name in NEVER_AGAINST else -np.inf for name in names] + [-np.inf])
    high = np.array([0.0 if name in NEVER_FOR else np.inf for name in names] + [np.inf])
    penalty = np.array([PENALTY] * len(names) + [0.0]) * 0.02
    curve = np.linalg.eigvalsh((standard * importance[:, None]).T @ standard)[-1] / 4 + penalty.max()
    at = ahead = np.zeros(len(names) + 1)
    pace = 1.0
    for _ in range(STEPS):
        guess = 1 / (1 + np.exp(-np.clip(standard @ ahead, -40, 40)))
        slope = standard.T @ (importance * (guess - right)) + penalty * ahead
        following = np.clip(ahead - slope / curve, low, high)
        next_pace = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead = following + (pace - 1) / next_pace * (following - at)
        if np.abs(following - at).max() < 1e-6:
            break
        at, pace = following, next_pace
    weights = at[:-1] / spread
    return [*map(float, weights), float(at[-1] - weights @ mean)]


@dataclass(slots=True)
class School:
    """The sets, their variants and their profiles, made once."""

    sets: Mapping[str, Sequence[Row]]
    tell: Callable[[str], None]
    streams: dict[tuple[str, str], list[tuple[Row, Profile]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, rows in self.sets.items():
            self.tell(f"profiles: {name}")
            for variant, its in variants(rows, ORDER).items():
                self.streams[name, variant] = [
                    (row, profile_of(article_of(row))) for row in in_order(its, ORDER)
                ]  # fmt: skip

    def taught(self, but: str | None = None, rounds: int = ROUNDS) -> tuple[Weights, Weights]:
        """Weights for joining and merging, learned without the set `but`."""
        join: Weights = JOIN
        merge: Weights = MERGE
        for number in range(rounds):
            seen = []
            for (name, variant), profiles in self.streams.items():
                if name != but:
                    seen.append(Examples(name, len(profiles)))
                    stream(profiles, join, merge, seen[-1])
                    self.tell(f"round {number + 1} without {but}: {name}, {variant}")
            join, merge = learn(seen, join, "join"), learn(seen, merge, "merge")
        return join, merge

    def measured(self, name: str, join: Weights, merge: Weights, orders: Sequence[int] = (1, 2, 3, 4)) -> float:
        """BCubed F1 of a set, mean over orders."""
        profiles = {id(row): profile for row, profile in self.streams[name, "full"]}
        rows = [row for row, _ in self.streams[name, "full"]]
        found = []
        for order in orders:
            ordered = in_order(rows, order)
            stories = stream([(row, profiles[id(row)]) for row in ordered], join, merge, None)
            found.append(bcubed([str(row["story"]) for row in ordered], stories).f1)
        return fmean(found)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--held-out", action="store_true", help="also learn without each set, and measure that set")
    options = parser.parse_args(arguments)

    def tell(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    school = School(read_sets(options.files), tell)
    join, merge = school.taught()
    report: dict[str, Any] = {"join": join, "merge": merge}
    report["b3_f1"] = {name: school.measured(name, join, merge) for name in school.sets}
    if options.held_out:
        report["held_out_b3_f1"] = {
            name: school.measured(name, *school.taught(name)) for name in school.sets
        }  # fmt: skip
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
