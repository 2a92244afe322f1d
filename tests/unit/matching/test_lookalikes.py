"""Streams of look-alikes (tests/data/lookalikes, all invented): what is alike and isn't one story stays apart."""

from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from storyline.evaluate.labelled import read_sets
from storyline.evaluate.metrics import bcubed, foreign_share
from storyline.evaluate.protocol import Row, StreamEngine, in_order, mixed, run

FOLDER = Path(__file__).parents[2] / "data" / "lookalikes"
FILES = sorted(FOLDER.glob("*.jsonl"))
ORDERS = (1, 2, 3)
RECALL_MIN = 0.8
"""Keeping everything apart is no answer: so much of each story must still be together (BCubed recall)."""

KNOWN_WEAK = {
    "results": (2, "two companies' results of one day follow one pattern: it takes who speaks"),
}
"""Stream → (articles in a foreign story at most, what the engine would have to see)."""
ALL_IN_ONE = {
    "crashes": "same road, same town, ten days apart, no figure twice on either side: it takes who was in the crash",
    "pozhary": "two fires in one town within three days: it takes what burns, which is one word of many",
    "trials": "one man is the rarest word of both trials: it takes the charge",
    "trials_ar": "the family name is the rarest word of both trials, and Arabic has no capitals to tell names by",
}
"""Streams where the engine keeps nothing apart. They test nothing but that the reports of one event are together; the
day one of them holds, its `xfail` fails."""
WEAK = {name: why for name, (_, why) in KNOWN_WEAK.items()} | ALL_IN_ONE
SPLIT = {"quakes_zh": 0.5}
"""Stream → recall, where the engine opens stories that aren't needed: Chinese texts this short share few pairs."""


@lru_cache(maxsize=1)
def streams() -> dict[str, list[Row]]:
    return {name: list(rows) for name, rows in read_sets(FILES).items()}


def placed(name: str, order: int) -> tuple[list[str], list[str]]:
    """(label, story) of each article of a stream."""
    found = run(in_order(streams()[name], order), StreamEngine())
    return found.gold, found.found


def foreign(gold: list[str], found: list[str]) -> int:
    """Articles in a story that holds more of another label."""
    stories: dict[str, Counter[str]] = {}
    for label, story in zip(gold, found, strict=True):
        stories.setdefault(story, Counter())[label] += 1
    return sum(labels.total() - labels.most_common(1)[0][1] for labels in stories.values())


NAMES = [path.stem for path in FILES]


def test_every_article_is_marked_as_invented_and_its_story_named_for_its_stream() -> None:
    assert len(NAMES) >= 25
    for name, rows in streams().items():
        assert all(row["invented"] is True and str(row["story"]).startswith(f"{name}/") for row in rows)
        assert len({row["story"] for row in rows}) >= 2
    spoken = {row["lang"] for rows in streams().values() for row in rows}
    assert spoken == {"en", "de", "es", "fr", "it", "ru", "ar", "zh"}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=WEAK[name])) if name in WEAK else name
        for name in NAMES
    ],
)
def test_no_article_is_in_a_story_of_another_event(name: str) -> None:
    assert [foreign(*placed(name, order)) for order in ORDERS] == [0] * len(ORDERS)


@pytest.mark.parametrize("name", sorted(KNOWN_WEAK))
def test_where_the_line_does_not_hold_it_is_known_by_how_much(name: str) -> None:
    most, _ = KNOWN_WEAK[name]
    labels = [str(row["story"]) for row in streams()[name]]
    assert most < foreign(labels, ["one"] * len(labels)), "a bound that everything in one story keeps says nothing"
    assert max(foreign(*placed(name, order)) for order in ORDERS) <= most


@pytest.mark.parametrize("name", NAMES)
def test_reports_of_one_event_are_together(name: str) -> None:
    least = min(bcubed(*placed(name, order)).recall for order in ORDERS)
    assert least >= SPLIT.get(name, RECALL_MIN)


MIXED_FOREIGN_MAX = 5
"""An invented country weighs like a village, because no list of words has it: its quake and its unemployment rate of
the same day share the rarest word there is. And petrol prices in two languages have no title in common that would
show a series."""


@pytest.mark.parametrize("order", ORDERS)
def test_streams_that_come_at_once_do_not_mix(order: int) -> None:
    stream = mixed(streams(), order)
    found = run([row for _, row in stream], StreamEngine()).found
    assert foreign_share([name for name, _ in stream], found) <= MIXED_FOREIGN_MAX / len(stream)
