"""The notifier as a whole, with a group, a ledger and a channel that are made of a few lines each."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest

from storyline.domain.notify import Entry
from storyline.domain.notify.ports import Key, Memory, Settled, Taken
from storyline.edges.notifier.channels.base import DELIVERED, Channel, Result
from storyline.edges.notifier.channels.webhook import WebhookTarget
from storyline.edges.notifier.directory import Directory
from storyline.edges.notifier.message import Message
from storyline.edges.notifier.service import Notifier, ServiceSettings
from storyline.errors import Fatal
from storyline.record import Record
from tests.e2e.notifier_world import SECRET, output, update

GONE = Result("gone", "410: it wants no more")
RULES = {"id": "desk", "stories": ["st-1"], "pace": "every", "webhook": {"url": "https://a.example/", "secret": SECRET}}


class Group:
    """Partition 0 of `story-updates`, which is ours; `coming` are its records."""

    partitions = frozenset({0})

    def __init__(self) -> None:
        self.coming: list[Record] = []
        self._new = {0}
        self.stopped = False

    async def start(self) -> None: ...

    async def stop(self) -> None:
        self.stopped = True

    async def assigned(self) -> set[int]:
        new, self._new = self._new, set()
        return new

    async def batch(self, wait_seconds: float, records_max: int) -> dict[int, list[Record]]:
        await asyncio.sleep(0.001)
        records, self.coming = self.coming, []
        return {0: records} if records else {}

    async def commit(self, offsets: dict[int, int]) -> None: ...

    def publish(self, story: str, version: int) -> None:
        made = output(update(story, version), partitions=1)
        self.coming.append(Record(made.topic, 0, version, 0, made.key, made.value, made.headers))


class Book:
    """A ledger that remembers versions, as long as it is there."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}

    async def acquire(self, partition: int) -> tuple[int, dict[Key, Entry]]:
        return 1, {}

    async def stories(self, partition: int, story_ids: Sequence[str]) -> dict[str, Memory]:
        return {id: Memory(self.versions.get(id, 0)) for id in story_ids}

    async def take(self, partition: int, epoch: int, taken: Sequence[Taken]) -> None:
        self.versions |= {each.story_id: each.version for each in taken}

    async def settle(self, partition: int, epoch: int, settled: Sequence[Settled]) -> None: ...


class Shelf:
    """Subscriptions made by the API."""

    def __init__(self, *given: Any) -> None:
        self._given = {each["id"]: each for each in given}
        self._revision = 1

    async def revision(self) -> int:
        return self._revision

    async def all(self) -> dict[str, Any]:
        return dict(self._given)

    async def count(self) -> int:
        return len(self._given)

    async def put(self, id: str, given: Any) -> bool:
        self._given[id], self._revision = given, self._revision + 1
        return False

    async def delete(self, id: str) -> bool:
        self._revision += 1
        return self._given.pop(id, None) is not None


class Hooks:
    """A channel that says in turn what `results` has, and delivers then."""

    name, on_doubt, batch_max, target = "webhook", "repeat", 1, WebhookTarget

    def __init__(self, *results: Result) -> None:
        self._results = list(results)
        self.sent: list[tuple[str, int]] = []

    def check(self, target: Any) -> None: ...

    def endpoint(self, target: WebhookTarget) -> str:
        return target.url

    async def send(self, target: WebhookTarget, messages: Sequence[Message]) -> Result:
        self.sent += [(each.owed.story_id, each.owed.version) for each in messages]
        return self._results.pop(0) if self._results else DELIVERED

    async def close(self) -> None: ...


@asynccontextmanager
async def running(group: Group, directory: Directory, hooks: Hooks) -> AsyncIterator[None]:
    kinds = {"webhook": cast(Channel, hooks)}
    settings = ServiceSettings(refresh_seconds=0.01)
    notifier = Notifier(lambda revoked: cast(Any, group), Book(), directory, kinds, settings, lambda: 0)
    task = asyncio.create_task(notifier.run())
    try:
        yield
    finally:
        notifier.leave()
        await task


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not reached():
            await asyncio.sleep(0.005)


async def test_an_endpoint_that_wanted_no_more_is_asked_again_once_its_subscription_is_put_again() -> None:
    group, shelf, hooks = Group(), Shelf(RULES), Hooks(GONE)
    directory = Directory(None, shelf, {"webhook": cast(Channel, hooks)})
    versions = count(1)

    def told(times: int) -> bool:
        group.publish("st-1", next(versions))
        return len(hooks.sent) >= times

    async with running(group, directory, hooks):
        await until(lambda: told(1))
        # As the API does: it reads what it wrote at once, and so before the service looks.
        await shelf.put("desk", RULES)
        await directory.refresh()
        await until(lambda: told(2))


async def test_subscriptions_that_cant_be_read_end_it_and_leave_no_consumer_open(tmp_path: Path) -> None:
    group, hooks = Group(), Hooks()
    (tmp_path / "subscriptions.toml").write_text('[[subscription]]\nid = "desk"\nlevl = "major"\n')
    directory = Directory(tmp_path / "subscriptions.toml", Shelf(), {"webhook": cast(Channel, hooks)})
    with pytest.raises(Fatal, match="desk"):
        async with running(group, directory, hooks):
            await until(lambda: group.stopped)


async def test_an_endpoint_that_no_subscription_names_any_more_is_forgotten() -> None:
    group, shelf, hooks = Group(), Shelf(RULES), Hooks()
    directory = Directory(None, shelf, {"webhook": cast(Channel, hooks)})
    versions = count(1)

    def at_work() -> int:
        return sum("Desk._work" in repr(task) for task in asyncio.all_tasks())

    async with running(group, directory, hooks):
        for turn in range(1, 6):
            moved = {**RULES, "webhook": {**cast(dict[str, Any], RULES["webhook"]), "url": f"https://{turn}.example/"}}
            await shelf.put("desk", moved)
            await directory.refresh()
            sent = len(hooks.sent)
            group.publish("st-1", next(versions))
            await until(lambda sent=sent: len(hooks.sent) > sent)  # type: ignore[misc]
        await shelf.put("desk", moved)
        await until(lambda: at_work() == 1)


async def test_a_fault_in_reading_subscriptions_again_ends_it_instead_of_its_going_on_with_the_old_ones() -> None:
    group, shelf, hooks = Group(), Shelf(RULES), Hooks()
    directory = Directory(None, shelf, {"webhook": cast(Channel, hooks)})

    async def faulty() -> int:
        raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        async with running(group, directory, hooks):
            await until(lambda: not group._new)
            shelf.revision = faulty  # type: ignore[method-assign]
            await until(lambda: group.stopped)
