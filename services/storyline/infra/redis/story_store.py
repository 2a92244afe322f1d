"""`StoryStore` on Redis: each story in a slot of its own, one script a story, a batch in one round trip."""

from collections.abc import Iterator, Mapping, Sequence

from ...domain.ports import StoredStory, StoryChange, StoryPeek
from ...errors import Transient
from ...record import Output
from ..lost import commit_refused, marker_lost, raise_worst
from . import keys
from .client import Client, as_text, lost_if_missing
from .packing import Outbox, outbox_of, pages_of, unpack_outputs
from .scripts import STORY_CLEAR_OUTBOX, STORY_COMMIT, STORY_RESTORE, Argument, Call, command
from .space_store import claim

STAGE = "updater"
LOAD_AT_ONCE = 40
"""Commands in one round trip when whole stories are read: two a story."""
PAGES_AT_ONCE = 8
"""Pages of an outbox in one answer."""
REPEATED, PAGE_MISSING = -1, -2


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
            story_id: StoryPeek(int(version or 0), await self._outputs(story_id, outbox))
            for story_id, (version, outbox) in zip(story_ids, answers, strict=True)
        }

    async def _outputs(self, story_id: str, outbox: bytes | None) -> tuple[Output, ...]:
        """What an outbox's value holds, or the pages that it names."""
        if (named := pages_of(outbox)) is None:
            return unpack_outputs(outbox)
        digest, count = named
        calls = [
            command("HGET", keys.story_outbox(story_id), keys.outbox_page(digest, number))
            for number in range(1, count + 1)
        ]
        pages = await self._client.run(calls, at_once=PAGES_AT_ONCE)
        if None in pages and await self._client.one("HGET", keys.story_head(story_id), keys.OUTBOX) != outbox:
            raise Transient(f"the outbox of story {story_id} has changed while it was read")
        what = f"a page of what story {story_id} has to send"
        return tuple(output for page in pages for output in unpack_outputs(lost_if_missing(page, what)))

    async def load(self, story_ids: Sequence[str]) -> Mapping[str, StoredStory]:
        calls: list[Call] = []
        for story_id in story_ids:
            calls.append(command("HMGET", keys.story_head(story_id), keys.VERSION, keys.STORY, keys.HEAD))
            calls.append(command("HGETALL", keys.story_parts(story_id)))
        answers = await self._client.run(calls, at_once=LOAD_AT_ONCE)
        found: dict[str, StoredStory] = {}
        for story_id, (version, story, head), parts in zip(story_ids, answers[::2], answers[1::2], strict=True):
            if version is not None and story != b"":
                what = f"a field of story {story_id}"
                found[story_id] = StoredStory(
                    int(version), lost_if_missing(story, what), lost_if_missing(head, what),
                    {as_text(uri): part for uri, part in parts.items()},
                )  # fmt: skip
        return found

    async def commit(self, changes: Sequence[StoryChange]) -> None:
        outboxes = {change.story_id: outbox_of(change.outbox) for change in changes}
        # Pages first: until the script names them they belong to no version, and what is left of a crash goes with it.
        await self._client.run([call for id, outbox in outboxes.items() for call in _page_calls(id, outbox)])
        calls = [_commit_call(change, outboxes[change.story_id]) for change in changes]
        answers = await self._client.run(calls, replicated=True)
        if PAGE_MISSING in answers:
            raise Transient("pages of an outbox are gone again: another owner has begun, or Redis failed over")
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
    return [keys.story_head(story_id), keys.story_parts(story_id), keys.story_outbox(story_id)]


def _page_calls(story_id: str, outbox: Outbox) -> Iterator[Call]:
    for number, page in enumerate(outbox.pages, 1):
        yield command("HSET", keys.story_outbox(story_id), keys.outbox_page(outbox.digest, number), page)


def _commit_call(change: StoryChange, outbox: Outbox) -> Call:
    """The change as `story_commit.lua` takes it."""
    kept = [(uri, part) for uri, part in change.parts.items() if part is not None]
    arguments: list[Argument] = [
        change.expected, change.version, change.story, change.head, outbox.value, outbox.named, len(kept),
    ]  # fmt: skip
    for uri, part in kept:
        arguments += (uri, part)
    arguments += [uri for uri, part in change.parts.items() if part is None]
    return STORY_COMMIT.call(_slot(change.story_id), arguments)


def _restore_call(story_id: str, stored: StoredStory) -> Call:
    """The story as `story_restore.lua` takes it."""
    arguments: list[Argument] = [stored.version, stored.story, stored.head]
    for uri, part in stored.parts.items():
        arguments += (uri, part)
    return STORY_RESTORE.call(_slot(story_id), arguments)
