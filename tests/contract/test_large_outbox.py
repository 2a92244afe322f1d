"""An outbox in pages whose owner dies, or whose Redis forgets, between the pages and the commit that names them."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from storyline.domain.ports import StoryPeek
from storyline.errors import StateLost, Transient
from storyline.infra.redis import keys
from storyline.infra.redis.client import Client
from storyline.infra.redis.scripts import STORY_COMMIT, Call
from storyline.infra.redis.story_store import RedisStoryStore

from ..servers import RedisServer
from .conftest import DATABASE
from .test_story_store import UPDATE, change, many

pytestmark = pytest.mark.redis
PAGES = keys.story_outbox("st-1")


class Broken(RedisStoryStore):
    """The pages get there; then `fault` happens in place of the commit: the process ends, or Redis forgets them."""

    def __init__(self, client: Client, fault: str) -> None:
        super().__init__(client)
        self._client = self  # type: ignore[assignment]
        self._real = client
        self._fault = fault

    async def run(self, calls: Sequence[Call], **options: Any) -> list[Any]:
        if calls and calls[0].script is STORY_COMMIT:
            if self._fault == "the process ends":
                raise Transient("never heard of again")
            await self._real.one("DEL", PAGES)
        return await self._real.run(calls, **options)


@pytest.fixture
async def client(redis_server: RedisServer) -> AsyncIterator[Client]:
    client = Client.from_url(f"redis://{redis_server.address}/{DATABASE}")
    await client.everywhere("FLUSHDB")
    yield client
    await client.close()


@pytest.mark.parametrize("fault", ["the process ends", "Redis forgets"])
async def test_nothing_of_the_version_is_there_and_the_owner_after_it_writes_its_own(
    client: Client, fault: str
) -> None:
    store = RedisStoryStore(client)
    await store.commit([change(1, outbox=[UPDATE])])
    with pytest.raises(Transient):
        await Broken(client, fault).commit([change(2, outbox=many())])
    assert await client.one("EXISTS", PAGES) == (fault == "the process ends")
    assert await store.peek(["st-1"]) == {"st-1": StoryPeek(1, (UPDATE,))}
    await store.commit([change(2, outbox=many(story="other"))])
    assert await store.peek(["st-1"]) == {"st-1": StoryPeek(2, many(story="other"))}
    await store.clear_outbox({"st-1": 2})
    assert not await client.one("EXISTS", PAGES)


async def test_the_same_change_again_is_written(client: Client) -> None:
    for fault in ("the process ends", "Redis forgets"):
        with pytest.raises(Transient):
            await Broken(client, fault).commit([change(1, outbox=many())])
    await RedisStoryStore(client).commit([change(1, outbox=many())])
    assert await RedisStoryStore(client).peek(["st-1"]) == {"st-1": StoryPeek(1, many())}


async def test_a_page_that_is_missing_although_its_version_is_there_is_lost_state(client: Client) -> None:
    store = RedisStoryStore(client)
    await store.commit([change(1, outbox=many())])
    await client.one("DEL", PAGES)
    with pytest.raises(StateLost, match=r"a page of what story st-1 .*storyline rebuild"):
        await store.peek(["st-1"])
