"""Measures of a clustering against gold labels, for sets in which every item has one label and one cluster.

Sources: BCubed, Bagga & Baldwin 1998 (and Amigó et al. 2009); CEAF-e, Luo 2005; adjusted Rand index, Hubert & Arabie
1985; normalised mutual information with arithmetic means, Strehl & Ghosh 2002.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Labels = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean, each in [0, 1]."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, precision: float, recall: float) -> "Score":
        both = precision + recall
        return cls(precision, recall, 2 * precision * recall / both if both else 0.0)


@dataclass(frozen=True, slots=True)
class Measures:
    """All measures of one run."""

    articles: int
    stories: int
    """Gold labels."""
    clusters: int
    """Stories found."""
    b3: Score
    ceafe: Score
    ari: float
    nmi: float
    false_merges: float
    """Share of the pairs put together that don't belong together."""
    false_splits: float
    """Share of the pairs belonging together that were not put together."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def measure(gold: Labels, found: Labels) -> Measures:
    """All measures; `gold[i]` and `found[i]` belong to the same item. Raises ValueError if lengths differ or are 0."""
    if len(gold) != len(found) or not gold:
        raise ValueError("gold and found must be of one length, and not empty")
    merged, split = false_merges_and_splits(gold, found)
    return Measures(
        articles=len(gold),
        stories=len(set(gold)),
        clusters=len(set(found)),
        b3=bcubed(gold, found),
        ceafe=ceaf_e(gold, found),
        ari=adjusted_rand(gold, found),
        nmi=normalised_mutual_information(gold, found),
        false_merges=merged,
        false_splits=split,
    )


def bcubed(gold: Labels, found: Labels) -> Score:
    """BCubed: precision and recall of each item's cluster, averaged over the items."""
    in_gold, in_found, in_both = Counter(gold), Counter(found), Counter(zip(gold, found, strict=True))
    items = len(gold)
    precision = math.fsum(n * n / in_found[cluster] for (_, cluster), n in in_both.items()) / items
    recall = math.fsum(n * n / in_gold[label] for (label, _), n in in_both.items()) / items
    return Score.of(precision, recall)


def ceaf_e(gold: Labels, found: Labels) -> Score:
    """CEAF with φ₄: clusters are mapped one to one to labels so that the sum of 2·|both|/(|a|+|b|) is largest."""
    in_gold, in_found = Counter(gold), Counter(found)
    gains = {
        (label, cluster): 2 * n / (in_gold[label] + in_found[cluster])
        for (label, cluster), n in Counter(zip(gold, found, strict=True)).items()
    }
    best = math.fsum(_best_mapping(part) for part in _connected(gains))
    return Score.of(best / len(in_found), best / len(in_gold))


def _connected(gains: dict[tuple[Hashable, Hashable], float]) -> list[dict[tuple[Hashable, Hashable], float]]:
    """The gains, taken apart into groups of labels and clusters that share no item: each can be mapped alone."""
    parent: dict[tuple[int, Hashable], tuple[int, Hashable]] = {}

    def root(node: tuple[int, Hashable]) -> tuple[int, Hashable]:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = parent[above]
            node = above
        return node

    for label, cluster in gains:
        parent[root((0, label))] = root((1, cluster))
    parts: dict[tuple[int, Hashable], dict[tuple[Hashable, Hashable], float]] = defaultdict(dict)
    for (label, cluster), gain in gains.items():
        parts[root((0, label))][label, cluster] = gain
    return list(parts.values())


def _best_mapping(gains: dict[tuple[Hashable, Hashable], float]) -> float:
    """The largest sum of gains with every row and column used at most once (Kuhn 1955)."""
    if len(gains) == 1:
        return next(iter(gains.values()))
    rows = list(dict.fromkeys(row for row, _ in gains))
    columns = list(dict.fromkeys(column for _, column in gains))
    if len(rows) > len(columns):
        return _best_mapping({(column, row): gain for (row, column), gain in gains.items()})
    costs = [[-gains.get((row, column), 0.0) for column in columns] for row in rows]
    return -_assign(costs)


def _assign(costs: list[list[float]]) -> float:
    """The least total cost of giving each row a column of its own; rows ≤ columns. O(rows² · columns)."""
    columns = len(costs[0])
    row_price, column_price = [0.0] * (len(costs) + 1), [0.0] * (columns + 1)
    row_of, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, len(costs) + 1):
        row_of[0], at = row, 0
        least, used = [math.inf] * (columns + 1), [False] * (columns + 1)
        while row_of[at]:
            at = _next_column(costs, at, row_price, column_price, row_of, way, least, used)
        while at:
            row_of[at] = row_of[way[at]]
            at = way[at]
    return math.fsum(costs[row_of[column] - 1][column - 1] for column in range(1, columns + 1) if row_of[column])


def _next_column(
    costs: list[list[float]], at: int, row_price: list[float], column_price: list[float],
    row_of: list[int], way: list[int], least: list[float], used: list[bool],
) -> int:  # fmt: skip
    """One step of the shortest augmenting path: relax from column `at`, raise the prices, return the nearest column."""
    used[at] = True
    row = row_of[at]
    free = [column for column in range(1, len(column_price)) if not used[column]]
    for column in free:
        reduced = costs[row - 1][column - 1] - row_price[row] - column_price[column]
        if reduced < least[column]:
            least[column], way[column] = reduced, at
    nearest = min(free, key=least.__getitem__)
    step = least[nearest]
    for column, taken in enumerate(used):
        if taken:
            row_price[row_of[column]] += step
            column_price[column] -= step
        else:
            least[column] -= step
    return nearest


def _pairs(counts: Counter[Any]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


def adjusted_rand(gold: Labels, found: Labels) -> float:
    """Adjusted Rand index: 1 for equal partitions, 0 for what chance gives; may be negative."""
    together = _pairs(Counter(zip(gold, found, strict=True)))
    in_gold, in_found = _pairs(Counter(gold)), _pairs(Counter(found))
    every = len(gold) * (len(gold) - 1) // 2
    expected = in_gold * in_found / every if every else 0.0
    most = (in_gold + in_found) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def normalised_mutual_information(gold: Labels, found: Labels) -> float:
    """Mutual information over the mean of the two entropies; 1 for equal partitions."""
    items = len(gold)
    in_gold, in_found = Counter(gold), Counter(found)
    shared = math.fsum(
        n / items * math.log(n * items / (in_gold[label] * in_found[cluster]))
        for (label, cluster), n in Counter(zip(gold, found, strict=True)).items()
    )
    mean = (_entropy(in_gold, items) + _entropy(in_found, items)) / 2
    return shared / mean if mean else 1.0


def _entropy(counts: Counter[Any], items: int) -> float:
    return -math.fsum(n / items * math.log(n / items) for n in counts.values())


def false_merges_and_splits(gold: Labels, found: Labels) -> tuple[float, float]:
    """(share of found pairs that are wrong, share of gold pairs that are missed); 0 where there are no pairs."""
    together = _pairs(Counter(zip(gold, found, strict=True)))
    in_gold, in_found = _pairs(Counter(gold)), _pairs(Counter(found))
    return (1 - together / in_found if in_found else 0.0), (1 - together / in_gold if in_gold else 0.0)


def foreign_share(sets: Labels, found: Labels) -> float:
    """Share of the articles of a mixed stream that lie in a story most of whose articles come from another set."""
    by_story: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for name, story in zip(sets, found, strict=True):
        by_story[story][name] += 1
    foreign = sum(sum(names.values()) - max(names.values()) for names in by_story.values())
    return foreign / len(found) if found else 0.0
