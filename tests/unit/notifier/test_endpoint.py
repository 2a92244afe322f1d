"""One endpoint's queue: what is due comes out, once, and what waits takes room once."""

from typing import cast

from storyline.domain.notify import Entry, Owed
from storyline.domain.notify.ports import Key
from storyline.edges.notifier.book import Book
from storyline.edges.notifier.endpoint import OVERTAKEN_MAX, Endpoint
from storyline.edges.notifier.health import Health, Patience
from tests.e2e.notifier_world import update


class Owing:
    """A partition's book, of which a queue only reads what is owed."""

    partition, closed = 0, False

    def __init__(self) -> None:
        self.entries: dict[Key, Entry] = {}

    def owe(self, story: str, version: int, due_ms: int) -> Key:
        owed = Owed.of(update(story, version), "ce", from_version=version, due_ms=due_ms, now_ms=0)
        self.entries["desk", story] = Entry(owed)
        return "desk", story


def queue(now_ms: int) -> Endpoint:
    return Endpoint("https://a.example", "webhook", Health(Patience(), lambda: 0.0), lambda: now_ms)


async def test_what_is_due_comes_out_earliest_first_and_as_it_stands_then() -> None:
    owing, endpoint = Owing(), queue(now_ms=100)
    for story, version, due_ms in (("st-1", 1, 90), ("st-2", 1, 80), ("st-1", 2, 70), ("st-3", 1, 101)):
        endpoint.add(cast(Book, owing), owing.owe(story, version, due_ms))
    found = [(await endpoint.next(1))[0].owed for _ in range(2)]
    assert [(each.story_id, each.version) for each in found] == [("st-1", 2), ("st-2", 1)]
    assert len(endpoint) == 1


async def test_a_queue_of_an_endpoint_that_is_down_does_not_grow_with_each_update() -> None:
    owing, endpoint = Owing(), queue(now_ms=0)
    for version in range(1, 5_000):
        endpoint.add(cast(Book, owing), owing.owe(f"st-{version % 3}", version, due_ms=1_000 + version % 2))
    assert len(endpoint) == 3
    assert len(endpoint._heap) <= OVERTAKEN_MAX + 2 * 3


async def test_what_was_dropped_for_want_of_room_leaves_nothing_behind() -> None:
    owing, endpoint = Owing(), queue(now_ms=0)
    for number in range(5_000):
        endpoint.add(cast(Book, owing), owing.owe(f"st-{number}", 1, due_ms=1_000))
        if len(endpoint) > 10:
            endpoint.oldest()
    assert len(endpoint._heap) <= OVERTAKEN_MAX + 2 * 11


async def test_sweeping_loses_nothing_that_waits() -> None:
    owing, endpoint = Owing(), queue(now_ms=1_000)
    for version in range(1, 500):
        for story in ("st-1", "st-2"):
            endpoint.add(cast(Book, owing), owing.owe(story, version, due_ms=version))
    found = [(await endpoint.next(1))[0].owed for _ in range(2)]
    assert {(each.story_id, each.version) for each in found} == {("st-1", 499), ("st-2", 499)}
    assert len(endpoint) == 0
