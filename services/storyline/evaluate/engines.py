"""Every engine over every set, each engine in a process of its own: its memory and its caches are its own.

Speed is that of one core: articles by seconds of CPU time, so that a busy machine doesn't change it.
"""

import multiprocessing
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from ..labelled import article_of
from .baselines import TextClustering, TfIdf, TitleMatch
from .calibration import Judged
from .judging import JudgingEngine
from .labelled import read_sets
from .metrics import Measures, bcubed, foreign_share, measure
from .protocol import Engine, Row, Run, in_order, mixed, run

OURS = "storyline"
ENGINES: Mapping[str, Callable[[], Engine]] = {"tfidf": TfIdf, "title": TitleMatch, "textclust": TextClustering}
"""The baselines."""
ONE_ORDER = frozenset({"textclust"})
"""Engines that compare each article with every cluster take minutes an order: they are run in the first one only."""
ORDER_SEEDS = range(1, 1_000)
WARMING_ARTICLES = 20


@dataclass(frozen=True, slots=True)
class EngineResult:
    """One engine over all sets. `found` and `judged` are there for our own engine alone, from its first order."""

    sets: Mapping[str, Any]
    mixed: Mapping[str, Any]
    orders: int
    peak_memory_mib: float
    """Of the process: the interpreter and the sets are in it too."""
    found: Mapping[str, Run] = field(default_factory=dict)
    judged: Mapping[str, Sequence[Judged]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "sets": self.sets, "mixed": self.mixed, "orders": self.orders, "peak_memory_mib": self.peak_memory_mib,
        }  # fmt: skip


def in_own_process(engine: str, files: Sequence[Path], orders: int, tell: Callable[[str], None]) -> EngineResult:
    """`run_engine` in a fresh process; `tell` goes there, so it is a function of a module. Raises what it raises."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(run_engine, engine, files, orders, tell).result()


def run_engine(engine: str, files: Sequence[Path], orders: int, tell: Callable[[str], None]) -> EngineResult:
    """One engine over the sets of these files, in several orders, and over all of them mixed."""
    sets = read_sets(files)
    seeds = ORDER_SEEDS[: 1 if engine in ONE_ORDER else orders]
    results: dict[str, Any] = {}
    found: dict[str, Run] = {}
    judged: dict[str, Sequence[Judged]] = {}
    _warm(engine, sets)
    for name, rows in sets.items():
        tell(f"{engine}: {name}")
        runs = []
        for seed in seeds:
            made = _make(engine, rows)
            runs.append(run(in_order(rows, seed), made))
            if isinstance(made, JudgingEngine) and name not in found:
                found[name], judged[name] = runs[0], made.judged
        results[name] = _report([measure(one.gold, one.found) for one in runs], [one.speed for one in runs])
    tell(f"{engine}: mixed")
    stream = [_mixed_once(sets, seed, _make(engine, [])) for seed in seeds]
    return EngineResult(results, _means(stream), len(seeds), peak_memory_mib(), found, judged)


def _make(engine: str, rows: Sequence[Row]) -> Engine:
    return JudgingEngine(rows) if engine == OURS else ENGINES[engine]()


def _warm(engine: str, sets: Mapping[str, Sequence[Row]]) -> None:
    """Load what is loaded once for each language, which is no part of what an article costs."""
    for rows in sets.values():
        a_language_each = {row.get("lang"): row for row in rows}
        some = {row["id"]: row for row in [*a_language_each.values(), *rows[:WARMING_ARTICLES]]}
        made = _make(engine, [])
        for row in some.values():
            made.take(article_of(row))


def _report(measures: Sequence[Measures], speeds: Sequence[float]) -> dict[str, Any]:
    """Means over the orders; `spread` has the lowest and the highest of each."""
    each = [one.to_json() for one in measures]
    return {**_means(each), "articles_per_second": median(speeds), "spread": _ranges(each)}


def _mixed_once(sets: Mapping[str, Sequence[Row]], seed: int, engine: Engine) -> dict[str, Any]:
    stream = mixed(sets, seed)
    names = [name for name, _ in stream]
    one = run([row for _, row in stream], engine)
    score = bcubed(list(zip(names, one.gold, strict=True)), one.found)
    return {
        "foreign_share": foreign_share(names, one.found),
        "b3": {"precision": score.precision, "recall": score.recall, "f1": score.f1},
        "articles_per_second": one.speed,
    }


def _means(values: Sequence[Any]) -> Any:
    return _fold(values, fmean)


def _ranges(values: Sequence[Any]) -> Any:
    return _fold(values, lambda numbers: [min(numbers), max(numbers)])


def _fold(values: Sequence[Any], together: Callable[[Sequence[float]], Any]) -> Any:
    if isinstance(values[0], dict):
        return {name: _fold([value[name] for value in values], together) for name in values[0]}
    return together(values)


def peak_memory_mib() -> float:
    """The most memory this process has had, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux: `ru_maxrss` of a process just started begins with that of its parent
        kibibytes = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(kibibytes) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
