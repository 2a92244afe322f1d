"""Short reports of look-alikes (tests/data/reports, all invented): how much is found, and how little is mixed up."""

from pathlib import Path
from statistics import fmean

from storyline.evaluate.labelled import read_sets
from storyline.evaluate.metrics import bcubed
from storyline.evaluate.protocol import StreamEngine, in_order, run

FILES = sorted((Path(__file__).parents[2] / "data" / "reports").glob("*.jsonl"))


def test_most_of_what_is_together_belongs_together_and_more_than_half_is_found() -> None:
    found = [run(in_order(list(rows), 1), StreamEngine()) for rows in read_sets(FILES).values()]
    measured = [bcubed(one.gold, one.found) for one in found]
    assert fmean(one.precision for one in measured) >= 0.94
    assert fmean(one.recall for one in measured) >= 0.62


def test_every_report_is_marked_as_invented() -> None:
    streams = read_sets(FILES)
    assert len(streams) == 24
    assert all(row["invented"] is True for rows in streams.values() for row in rows)
