"""Measures against worked examples."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from river.metrics import AdjustedRand, NormalizedMutualInfo
from scipy.optimize import linear_sum_assignment

from storyline.evaluate.metrics import (
    adjusted_rand,
    bcubed,
    ceaf_e,
    false_merges_and_splits,
    foreign_share,
    measure,
    normalised_mutual_information,
)  # fmt: skip

# Bagga and Baldwin (1998), figures 1 to 3: 12 mentions in chains of 5, 2 and 5.
TRUTH = "aaaaabbccccc"
TWO_SMALL_ONES_JOINED = "111112222222"  # {1–5}, {6, 7, 8–12}
TWO_LARGE_ONES_JOINED = "111112211111"  # {1–5, 8–12}, {6, 7}

labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)


def test_bcubed_of_the_papers_first_example() -> None:
    score = bcubed(TRUTH, TWO_SMALL_ONES_JOINED)
    assert score.precision == pytest.approx(16 / 21)
    assert score.recall == 1


def test_bcubed_of_the_papers_second_example() -> None:
    assert bcubed(TRUTH, TWO_LARGE_ONES_JOINED).precision == pytest.approx(7 / 12)


def test_ceaf_e_of_luos_first_example() -> None:
    score = ceaf_e(TRUTH, TWO_SMALL_ONES_JOINED)  # φ₄: 1 for {1–5}, 2·5/(5+7) for {8–12}
    assert score.precision == pytest.approx((1 + 10 / 12) / 2)
    assert score.recall == pytest.approx((1 + 10 / 12) / 3)


def test_adjusted_rand_of_a_worked_example() -> None:
    # Pairs together in both 2, in the first 4, in the second 3, of 10: (2 − 1.2) / (3.5 − 1.2).
    assert adjusted_rand("aaabb", "11223"[:5]) == pytest.approx((1 - 4 * 2 / 10) / (3 - 4 * 2 / 10))


def test_mutual_information_of_independent_partitions_is_none() -> None:
    assert normalised_mutual_information("aabb", "1212") == pytest.approx(0)


def test_equal_partitions_score_one_everywhere() -> None:
    found = measure(TRUTH, TRUTH.upper())
    assert found.b3.f1 == found.ceafe.f1 == found.ari == pytest.approx(found.nmi) == 1
    assert (found.false_merges, found.false_splits) == (0, 0)


def test_false_merges_and_splits_are_shares_of_pairs() -> None:
    assert false_merges_and_splits("aab", "111") == (pytest.approx(2 / 3), 0)
    assert false_merges_and_splits("aab", "123") == (0, 1)


def test_the_foreign_share_counts_articles_outside_their_storys_largest_set() -> None:
    assert foreign_share("xxyxy", "11122") == pytest.approx(2 / 5)


def test_nothing_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="not empty"):
        measure([], [])


@given(labels)
def test_ceaf_e_maps_as_well_as_trying_every_mapping(pairs: list[tuple[int, int]]) -> None:
    gold, found = [one for one, _ in pairs], [other for _, other in pairs]
    in_gold, in_found = sorted(set(gold)), sorted(set(found))

    def gain(label: int | None, cluster: int | None) -> float:
        if label is None or cluster is None:
            return 0
        return 2 * pairs.count((label, cluster)) / (gold.count(label) + found.count(cluster))

    size = max(len(in_gold), len(in_found))
    padded = [*in_found, *[None] * (size - len(in_found))]
    rows = [*in_gold, *[None] * (size - len(in_gold))]
    best = max(
        sum(gain(label, cluster) for label, cluster in zip(rows, order, strict=True))
        for order in itertools.permutations(padded)
    )
    assert ceaf_e(gold, found).recall == pytest.approx(best / len(in_gold))


@given(labels)
def test_bcubed_is_the_mean_over_items(pairs: list[tuple[int, int]]) -> None:
    items = range(len(pairs))
    precisions = [
        sum(pairs[i] == pairs[j] for j in items) / sum(pairs[i][1] == pairs[j][1] for j in items) for i in items
    ]
    score = bcubed([one for one, _ in pairs], [other for _, other in pairs])
    assert score.precision == pytest.approx(sum(precisions) / len(pairs))


@given(labels)
def test_adjusted_rand_and_mutual_information_are_symmetric(pairs: list[tuple[int, int]]) -> None:
    gold, found = [one for one, _ in pairs], [other for _, other in pairs]
    assert adjusted_rand(gold, found) == pytest.approx(adjusted_rand(found, gold))
    assert normalised_mutual_information(gold, found) == pytest.approx(normalised_mutual_information(found, gold))


# ---- a second implementation: river's measures of clusterings, scipy's assignment


@given(labels)
def test_rand_and_information_are_those_that_river_gives(pairs: list[tuple[int, int]]) -> None:
    rand, information = AdjustedRand(), NormalizedMutualInfo(average_method="arithmetic")
    for label, cluster in pairs:
        rand.update(label, cluster)
        information.update(label, cluster)
    gold, found = [one for one, _ in pairs], [other for _, other in pairs]
    if len(set(gold)) > 1 and len(set(found)) > 1:  # of one part alone the two libraries define another limit
        assert adjusted_rand(gold, found) == pytest.approx(rand.get(), abs=1e-9)
        assert normalised_mutual_information(gold, found) == pytest.approx(information.get(), abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=60))
def test_ceaf_e_is_that_of_scipys_assignment(pairs: list[tuple[int, int]]) -> None:
    gold, found = [one for one, _ in pairs], [other for _, other in pairs]
    in_gold, in_found, both = Counter(gold), Counter(found), Counter(pairs)
    gains = np.array([[2 * both[a, b] / (in_gold[a] + in_found[b]) for b in in_found] for a in in_gold])
    best = float(gains[linear_sum_assignment(gains, maximize=True)].sum())
    score = ceaf_e(gold, found)
    assert (score.precision, score.recall) == (
        pytest.approx(best / len(in_found)), pytest.approx(best / len(in_gold))
    )  # fmt: skip
