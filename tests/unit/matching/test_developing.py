"""Stories that develop (tests/data/developing, all invented): tolls grow, dates are put off, and it stays one story."""

from pathlib import Path

import pytest

from storyline.evaluate.labelled import read_sets
from storyline.evaluate.protocol import Row, StreamEngine, in_order, run

FOLDER = Path(__file__).parents[2] / "data" / "developing"
STREAMS: dict[str, list[Row]] = {name: list(rows) for name, rows in read_sets(sorted(FOLDER.glob("*.jsonl"))).items()}


def test_every_article_is_marked_as_invented() -> None:
    assert len(STREAMS) >= 10
    assert all(row["invented"] is True for rows in STREAMS.values() for row in rows)


@pytest.mark.parametrize("name", STREAMS)
def test_a_story_that_develops_stays_one(name: str) -> None:
    assert set(run(in_order(STREAMS[name], 1), StreamEngine()).found) == {"story-1"}
