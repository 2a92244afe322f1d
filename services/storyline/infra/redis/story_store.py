"""`StoryStore` on Redis: each story in a slot of its own, one script a story, a batch in one round trip."""

from collections.abc import Mapping, Sequence

from ...domain.ports import StoredStory, StoryChange, StoryPeek
from ..lost import commit_refused, marker_lost, raise_worst
from . import keys
from .client import Client, as_text, lost_if_missing
from .packing import pack_outputs, unpack_outputs
from .scripts import STORY_CLEAR_OUTBOX, STORY_COMMIT, STORY_RESTORE, Argument, Call, command
from .space_store import claim

STAGE = "updater"
LOAD_AT_ONCE = 40
"""Commands in one round trip when whole stories are read: two a story."""
REPEATED = -1


class RedisStoryStore:
    """The updater's state in Redis."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def claim(self, partition: int, has_committed: bool) -> None:
        await claim(self._client, STAGE, partition, has_committed)

    async def check(self, partition: int) -> str:
        if not await self._client.one("EXISTS", keys.marker(STAGE, partition)):
            raise marker_lost(STAGE, partition)
        return await self._client.run_id()

    async def peek(self, story_ids: Sequence[str]) -> Mapping[str, StoryPeek]:
        calls = [command("HMGET", keys.story_head(story_id), keys.VERSION, keys.OUTBOX) for story_id in story_ids]
        answers = await self._client.run(calls)
        return {
            story_id: StoryPeek(int(version or 0), unpack_outputs(outbox))
            for story_id, (version, outbox) in zip(story_ids, answers, strict=True)
        }

    async def load(self, story_ids: Sequence[str]) -> Mapping[str, StoredStory]:
        calls: list[Call] = []
        for story_id in story_ids:
            calls.append(command("HMGET", keys.story_head(story_id), keys.VERSION, keys.STORY, keys.HEAD, keys.OUTBOX))
            calls.append(command("HGETALL", keys.story_parts(story_id)))
        answers = await self._client.run(calls, at_once=LOAD_AT_ONCE)
        found: dict[str, StoredStory] = {}
        for story_id, (version, story, head, outbox), parts in zip(story_ids, answers[::2], answers[1::2], strict=True):
            if version is not None and story != b"":
                what = f"a field of story {story_id}"
                found[story_id] = StoredStory(
                    int(version), lost_if_missing(story, what), lost_if_missing(head, what),
                    {as_text(uri): part for uri, part in parts.items()}, unpack_outputs(outbox),
                )  # fmt: skip
        return found

    async def commit(self, changes: Sequence[StoryChange]) -> None:
        answers = await self._client.run([_commit_call(change) for change in changes], replicated=True)
        raise_worst(
            commit_refused(change.story_id, change.expected, found)
            for change, found in zip(changes, answers, strict=True)
            if found not in (change.expected, REPEATED)
        )

    async def clear_outbox(self, versions: Mapping[str, int]) -> None:
        await self._client.run(
            [STORY_CLEAR_OUTBOX.call(_slot(story_id), [version]) for story_id, version in versions.items()]
        )

    async def restore(self, story_id: str, stored: StoredStory) -> bool:
        return bool(await self.restore_all({story_id: stored}))

    async def forget(self, story_id: str) -> None:
        await self._client.one("DEL", *_slot(story_id))

    async def restore_all(self, stories: Mapping[str, StoredStory]) -> int:
        """`restore` for many; how many of them were put back."""
        calls = [_restore_call(story_id, stored) for story_id, stored in stories.items()]
        return sum(await self._client.run(calls, replicated=True))


def _slot(story_id: str) -> list[str]:
    return [keys.story_head(story_id), keys.story_parts(story_id)]


def _commit_call(change: StoryChange) -> Call:
    """The change as `story_commit.lua` takes it."""
    kept = [(uri, part) for uri, part in change.parts.items() if part is not None]
    arguments: list[Argument] = [
        change.expected, change.version, change.story, change.head, pack_outputs(change.outbox), len(kept),
    ]  # fmt: skip
    for uri, part in kept:
        arguments += (uri, part)
    arguments += [uri for uri, part in change.parts.items() if part is None]
    return STORY_COMMIT.call(_slot(change.story_id), arguments)


def _restore_call(story_id: str, stored: StoredStory) -> Call:
    """The story as `story_restore.lua` takes it."""
    arguments: list[Argument] = [stored.version, stored.story, stored.head, pack_outputs(stored.outbox)]
    for uri, part in stored.parts.items():
        arguments += (uri, part)
    return STORY_RESTORE.call(_slot(story_id), arguments)
