"""The notifier's ledger tells a takeover from a Redis that lost it; and what `explain` says of a held article."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from storyline.cli.stories import not_decided
from storyline.domain.notify.ports import Taken
from storyline.domain.ports import Hold, SpaceChange
from storyline.edges.notifier.book import Book
from storyline.edges.notifier.service import Notifier, ServiceSettings
from storyline.errors import Fenced, StateLost
from storyline.infra.redis.client import Client
from storyline.infra.redis.notify_ledger import RedisLedger
from storyline.infra.redis.space_store import RedisSpaceStore

from ..servers import RedisServer
from .conftest import DATABASE


@pytest.fixture
async def client(embedded_redis: RedisServer) -> AsyncIterator[Client]:
    client = Client.from_url(f"redis://{embedded_redis.address}/{DATABASE}")
    await client.one("FLUSHDB")
    yield client
    await client.close()


@pytest.fixture
def ledger(client: Client) -> RedisLedger:
    return RedisLedger(client, lifetime_ms=60_000, log_max=10)


TAKEN = [Taken("st-1", 1, {})]


async def test_a_newer_owner_fences_the_one_before(ledger: RedisLedger) -> None:
    old, _ = await ledger.acquire(3)
    await ledger.acquire(3)
    with pytest.raises(Fenced, match="another notifier has taken over partition 3"):
        await ledger.take(3, old, TAKEN)


async def test_a_ledger_that_is_gone_is_no_takeover_and_can_be_acquired_again(
    client: Client, ledger: RedisLedger
) -> None:
    epoch, _ = await ledger.acquire(3)
    await client.one("FLUSHDB")
    with pytest.raises(StateLost, match=r"partition 3 is missing in Redis.*not yet sent.*restart the notifier"):
        await ledger.take(3, epoch, TAKEN)
    again, _ = await ledger.acquire(3)
    await ledger.take(3, again, TAKEN)
    assert (await ledger.stories(3, ["st-1"]))["st-1"].version == 1


class Group:
    """One partition, given to us, of which nothing comes."""

    partitions = frozenset({3})

    def __init__(self) -> None:
        self.new = {3}

    async def start(self) -> None: ...
    async def stop(self) -> None: ...

    async def assigned(self) -> set[int]:
        new, self.new = self.new, set()
        return new

    async def batch(self, wait_seconds: float, records_max: int) -> dict[int, Any]:
        await asyncio.sleep(0)
        return {}


class NoSubscriptions:
    def find(self, id: str) -> None: ...

    def all(self) -> list[Any]:
        return []


def a_notifier(ledger: RedisLedger) -> Notifier:
    return Notifier(
        lambda revoked: cast(Any, Group()), ledger, cast(Any, NoSubscriptions()), {}, ServiceSettings(), lambda: 0
    )


async def opened(ledger: RedisLedger) -> tuple[Notifier, Book]:
    notifier = a_notifier(ledger)
    notifier._started = True
    await notifier._round()
    return notifier, notifier._books[3]


async def test_a_notifier_whose_ledger_is_gone_ends_and_says_so(client: Client, ledger: RedisLedger) -> None:
    notifier, book = await opened(ledger)
    assert notifier.standing().owned == {3}
    await client.one("FLUSHDB")
    assert not await notifier._persist(book, lambda: ledger.take(3, book._epoch, TAKEN))
    assert isinstance(notifier.failure, StateLost)
    assert notifier.standing().leaving


async def test_a_partition_that_another_took_is_assigned_and_not_owned(ledger: RedisLedger) -> None:
    notifier, book = await opened(ledger)
    await ledger.acquire(3)
    assert not await notifier._persist(book, lambda: ledger.take(3, book._epoch, TAKEN))
    standing = notifier.standing()
    assert (notifier.failure, standing.assigned, standing.owned) == (None, {3}, frozenset())
    assert await notifier.position(3) is None


async def test_a_held_article_is_known_by_its_moment_of_release(client: Client) -> None:
    spaces = RedisSpaceStore(client)
    await spaces.claim(0, False)
    epoch = (await spaces.acquire(0, "world", None)).epoch
    await spaces.commit("world", epoch, SpaceChange(1, holds=[Hold("urn:a", 1_700_000_000_000, b"a")]))
    assert await spaces.held_until_ms("world", "urn:b") is None
    release_ms = await spaces.held_until_ms("world", "urn:a")
    assert not_decided("urn:a", "world", release_ms).endswith("held under embargo until 2023-11-14T22:13:20+00:00")
    assert "held under embargo" in not_decided("urn:b", "world")
