"""`storyline evaluate matching`: the engine and the baselines over every set, several orders each, and mixed."""

import resource
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

from .baselines import TfIdf, TitleMatch
from .labelled import read
from .metrics import Measures, bcubed, foreign_share, measure
from .protocol import Engine, Row, Run, StreamEngine, in_order, mixed, run

ENGINES: Mapping[str, Callable[[], Engine]] = {"storyline": StreamEngine, "tfidf": TfIdf, "title": TitleMatch}
ORDER_SEEDS = range(1, 1_000)
ERRORS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SetResult:
    """One engine on one set, in each order."""

    measures: Sequence[Measures]
    articles_per_second: Sequence[float]

    def to_json(self) -> dict[str, Any]:
        """Means over the orders; `spread` is the lowest and highest BCubed F1."""
        f1s = [one.b3.f1 for one in self.measures]
        return {
            **_mean([one.to_json() for one in self.measures]),
            "spread": [min(f1s), max(f1s)],
            "articles_per_second": median(self.articles_per_second),
        }


def _mean(values: Sequence[Any]) -> Any:
    if isinstance(values[0], dict):
        return {name: _mean([value[name] for value in values]) for name in values[0]}
    return fmean(values)


def evaluate_matching(
    sets: Mapping[str, Sequence[Row]], orders: int, tell: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, Run]]:
    """The report (its JSON shape is a contract), and the engine's run of each set in its first order."""
    report: dict[str, Any] = {"sets": {}, "mixed": {}, "baselines": {}, "orders": orders}
    first: dict[str, Run] = {}
    for engine, make in ENGINES.items():
        results: dict[str, Any] = {}
        for name, rows in sets.items():
            tell(f"{engine}: {name}")
            runs = [run(in_order(rows, seed), make()) for seed in ORDER_SEEDS[:orders]]
            found = [measure(one.gold, one.found) for one in runs]
            results[name] = SetResult(found, [len(rows) / one.seconds for one in runs]).to_json()
            if engine == "storyline":
                first[name] = runs[0]
        tell(f"{engine}: mixed")
        stream = _mean([_mixed_once(sets, seed, make()) for seed in ORDER_SEEDS[:orders]])
        if engine == "storyline":
            report["sets"], report["mixed"] = results, stream
        else:
            report["baselines"][engine] = {"sets": results, "mixed": stream}
    report["peak_memory_mib"] = peak_memory_mib()
    return report, first


def _mixed_once(sets: Mapping[str, Sequence[Row]], seed: int, engine: Engine) -> dict[str, Any]:
    stream = mixed(sets, seed)
    names = [name for name, _ in stream]
    one = run([row for _, row in stream], engine)
    score = bcubed(list(zip(names, one.gold, strict=True)), one.found)
    return {
        "foreign_share": foreign_share(names, one.found),
        "b3": {"precision": score.precision, "recall": score.recall, "f1": score.f1},
        "articles_per_second": len(stream) / one.seconds,
    }


def peak_memory_mib() -> float:
    """The most memory this process has had, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def read_sets(files: Sequence[Path]) -> dict[str, list[Row]]:
    """File name without its ending → rows. Raises ValueError for unreadable lines and equal names."""
    sets: dict[str, list[Row]] = {}
    for path in files:
        if path.stem in sets:
            raise ValueError(f"{path.stem}: two files of this name; their results could not be told apart")
        sets[path.stem] = list(read(path))
        if not sets[path.stem]:
            raise ValueError(f"{path.name}: holds no articles")
        if any(row.get("story") is None for row in sets[path.stem]):
            raise ValueError(f"{path.name}: an article has no `story`, so there is nothing to compare with")
    return sets


def errors(one: Run) -> Iterator[str]:
    """The worst false merges, then the worst false splits, as an editor would read them."""
    members: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for story, label, row in zip(one.found, one.gold, one.rows, strict=True):
        members[story].append((label, row))
    wrong = {story: len(rows) - _largest(label for label, _ in rows) for story, rows in members.items()}
    for story in sorted(wrong, key=lambda story: -wrong[story])[:ERRORS_SHOWN]:
        if wrong[story]:
            yield f"false merge: {len(members[story])} articles in one story, {wrong[story]} of them of other stories"
            yield from _sides(members[story])
    found: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for story, label, row in zip(one.found, one.gold, one.rows, strict=True):
        found[label].append((story, row))
    missed = {label: len(rows) - _largest(story for story, _ in rows) for label, rows in found.items()}
    for label in sorted(missed, key=lambda label: -missed[label])[:ERRORS_SHOWN]:
        if missed[label]:
            parts = len({story for story, _ in found[label]})
            yield f"false split: {len(found[label])} articles of one story lie in {parts} stories"
            yield from _sides(found[label])


def _largest(labels: Iterator[str]) -> int:
    return max(Counter(labels).values())


def _sides(rows: Sequence[tuple[str, Row]]) -> Iterator[str]:
    sides: dict[str, list[Row]] = defaultdict(list)
    for name, row in rows:
        sides[name].append(row)
    for number, side in enumerate(sorted(sides.values(), key=len, reverse=True)[:4], 1):
        for row in side[:3]:
            title = str(row.get("title") or row.get("body") or "")[:90]
            yield f"  {number} ({len(side)}) {str(row.get('published_at') or 'undated')[:10]:10} {title}"
