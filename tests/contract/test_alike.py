"""Memory and Redis answer any sequence of operations alike: what is tested in memory holds for Redis."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyline.domain.ports import Assignment, Hold, SpaceChange, SpaceStore, StoredStory, StoryChange, StoryStore
from storyline.errors import Conflict, Fatal
from storyline.infra.redis.client import Client
from storyline.record import Output

from .conftest import MemoryWorld, RedisWorld, World

pytestmark = pytest.mark.redis

DATABASE = 7
SPACE = "world"
OWNERS = st.integers(0, 1)
URIS = st.sampled_from(["urn:a", "urn:b", "urn:c"])
STORIES = st.sampled_from(["st-1", "st-2", "st-3"])
BYTES = st.binary(max_size=3)
OUTPUTS = st.lists(st.builds(Output, st.just("t"), st.integers(0, 3), BYTES, st.none() | BYTES), max_size=2).map(tuple)
ASSIGNMENTS = st.builds(
    Assignment, URIS, STORIES, st.integers(1, 9), st.tuples(st.just(0), st.integers(0, 9)),
    st.booleans(), st.booleans(), st.just(0.5),
    st.none() | STORIES, st.none(), st.just("body"), st.integers(0, 9), st.none() | BYTES,
)  # fmt: skip
SPACE_CHANGES = st.builds(
    SpaceChange,
    next_placement=st.integers(1, 99),
    assignments=st.lists(ASSIGNMENTS, max_size=3, unique_by=lambda a: a.uri),
    index=st.dictionaries(STORIES, st.none() | BYTES),
    redirects=st.sampled_from([{}, {"st-2": "st-1"}, {"st-3": "st-2"}, {"st-2": None}, {"st-3": "st-1", "st-2": None}]),
    holds=st.lists(st.builds(Hold, URIS, st.integers(0, 9), BYTES), max_size=2, unique_by=lambda h: h.uri),
    unhold=st.lists(URIS, max_size=2),
    outbox=OUTPUTS,
)
PARTS = st.dictionaries(URIS, st.none() | BYTES)
STORY_CHANGES = st.builds(
    lambda story_id, expected, *rest: StoryChange(story_id, expected, expected + 1, *rest),
    STORIES, st.integers(0, 3), BYTES, BYTES, PARTS, OUTPUTS,
)  # fmt: skip
RESTORED = st.builds(StoredStory, st.integers(1, 4), BYTES, BYTES, st.dictionaries(URIS, BYTES))

SPACE_STEPS = st.one_of(
    st.tuples(st.just("acquire"), OWNERS, st.just(None)),
    st.tuples(st.just("commit"), OWNERS, SPACE_CHANGES),
    st.tuples(st.just("clear"), OWNERS, st.just(None)),
    st.tuples(st.just("members"), OWNERS, STORIES),
    st.tuples(st.just("due"), OWNERS, st.integers(0, 9)),
    st.tuples(st.just("wipe"), OWNERS, st.just(None)),
)
STORY_STEPS = st.one_of(
    st.tuples(st.just("commit"), OWNERS, st.lists(STORY_CHANGES, max_size=3, unique_by=lambda c: c.story_id)),
    st.tuples(st.just("clear"), OWNERS, st.dictionaries(STORIES, st.integers(1, 3))),
    st.tuples(st.just("restore"), OWNERS, st.tuples(STORIES, RESTORED)),
    st.tuples(st.just("wipe"), OWNERS, st.just(None)),
)
ALL_URIS, ALL_STORIES = ["urn:a", "urn:b", "urn:c"], ["st-1", "st-2", "st-3"]


async def told(asked: Awaitable[Any]) -> Any:
    """The answer, or what kind of refusal."""
    try:
        return await asked
    except (Fatal, Conflict) as error:
        return type(error).__name__


class SpaceRun:
    """Two owners of one space; epochs aren't compared, they follow each server's clock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.owners: list[SpaceStore] = [world.spaces(), world.spaces()]
        self.epochs: list[int | None] = [None, None]

    async def step(self, kind: str, owner: int, argument: Any) -> Any:
        store, epoch = self.owners[owner], self.epochs[owner]
        match kind:
            case "wipe":
                return await self.world.wipe()
            case "acquire":
                await store.claim(0, has_committed=False)
                return await told(self.acquire(owner))
            case "members":
                return await store.members(SPACE, argument, ALL_URIS)
            case "due":
                return list(await store.holds_due(SPACE, argument, 2))
        if epoch is None:
            return "not an owner"
        return await told(
            store.commit(SPACE, epoch, argument) if kind == "commit" else store.clear_outbox(SPACE, epoch)
        )

    async def acquire(self, owner: int) -> Any:
        state = await self.owners[owner].acquire(0, SPACE, self.epochs[owner])
        self.epochs[owner] = state.epoch
        return (state.resumed, state.next_placement, dict(state.index), dict(state.redirects), state.outbox)

    async def seen(self) -> Any:
        return (await self.owners[0].assignments(SPACE, ALL_URIS), await self.owners[0].spaces(0))


class StoryRun:
    def __init__(self, world: World) -> None:
        self.world = world
        self.owners: list[StoryStore] = [world.stories(), world.stories()]

    async def step(self, kind: str, owner: int, argument: Any) -> Any:
        store = self.owners[owner]
        match kind:
            case "wipe":
                return await self.world.wipe()
            case "commit":
                return await told(store.commit(argument))
            case "clear":
                return await store.clear_outbox(argument)
        return await store.restore(*argument)

    async def seen(self) -> Any:
        return (await self.owners[0].load(ALL_STORIES), await self.owners[0].peek(ALL_STORIES))


async def compare(address: str, run: Callable[[World], Any], steps: Sequence[tuple[str, int, Any]]) -> None:
    client = Client.from_url(f"redis://{address}/{DATABASE}")
    try:
        await client.one("FLUSHDB")
        memory, redis = run(MemoryWorld()), run(RedisWorld(client))
        for step in steps:
            assert await memory.step(*step) == await redis.step(*step), step
            assert await memory.seen() == await redis.seen(), step
    finally:
        await client.close()


ALIKE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@ALIKE
@given(steps=st.lists(SPACE_STEPS, min_size=2, max_size=12))
def test_spaces_are_alike(redis_server: Any, steps: list[tuple[str, int, Any]]) -> None:
    both_acquire = [("acquire", 0, None), ("acquire", 1, None)]
    asyncio.run(compare(redis_server.address, SpaceRun, [*both_acquire, *steps]))


@ALIKE
@given(steps=st.lists(STORY_STEPS, max_size=12))
def test_stories_are_alike(redis_server: Any, steps: list[tuple[str, int, Any]]) -> None:
    asyncio.run(compare(redis_server.address, StoryRun, steps))
