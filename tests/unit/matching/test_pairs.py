"""Pairs of like events and events in three languages (tests/data/pairs, all invented): each kind as one stream."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from statistics import fmean

import pytest

from storyline.evaluate.labelled import read_sets
from storyline.evaluate.metrics import Score, bcubed
from storyline.evaluate.protocol import Row, StreamEngine, in_order, run

FILES = sorted((Path(__file__).parents[2] / "data" / "pairs").glob("*.jsonl"))
LANGUAGES = "languages_"
ORDERS = (1, 2, 3, 4, 5, 6)


@lru_cache(maxsize=1)
def streams() -> Mapping[str, Sequence[Row]]:
    return read_sets(FILES)


def measured(*, languages: bool) -> list[Score]:
    rows = [row for name, of_one in streams().items() if name.startswith(LANGUAGES) is languages for row in of_one]
    found = [run(in_order(rows, order), StreamEngine()) for order in ORDERS]
    return [bcubed(one.gold, one.found) for one in found]


@pytest.mark.parametrize(("languages", "precision", "recall"), [(False, 0.86, 0.87), (True, 0.98, 0.87)])
def test_most_of_what_is_together_belongs_together_and_most_is_found(
    languages: bool, precision: float, recall: float
) -> None:
    scores = measured(languages=languages)
    assert fmean(one.precision for one in scores) >= precision
    assert fmean(one.recall for one in scores) >= recall


def test_every_article_is_marked_as_invented_and_only_those_of_pairs_are_undated() -> None:
    assert len(FILES) == 10
    for name, rows in streams().items():
        assert all(row["invented"] is True and str(row["story"]).startswith(f"{name}/") for row in rows)
        assert all(bool(row["published_at"]) is name.startswith(LANGUAGES) for row in rows)
        assert {row["lang"] for row in rows} == ({"en", "es", "de"} if name.startswith(LANGUAGES) else {"en"})
