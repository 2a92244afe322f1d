"""`SpaceStore` on Redis: all of a space in one slot, so that one script commits a batch whole or not at all."""

from collections.abc import Mapping, Sequence
from typing import Any

from storyline_schemas.base import DAY_MS

from ...domain.ports import Assignment, Hold, SpaceChange, SpaceLook, SpaceState
from ..lost import marker_lost, other_encoder, rebuild_unfinished, space_lost, taken_over, went_back
from . import keys
from .client import Client, as_text, lost_if_missing
from .packing import pack_assignment, pack_outputs, unpack_assignment, unpack_outputs
from .scripts import CLAIM, SPACE_ACQUIRE, SPACE_CLEAR_OUTBOX, SPACE_COMMIT, Argument, command

STAGE = "matcher"
READ_AT_ONCE = 500
"""Values read in one command at most, so that no answer is unbounded."""
REDIRECTS_MAX = 100
"""Merges followed from one story to the next at most."""


class RedisSpaceStore:
    """The matcher's state in Redis. One for each process; remembers how far each space was when it last wrote."""

    def __init__(self, client: Client, *, assignment_lifetime_ms: int = 30 * DAY_MS, encoder: str = "") -> None:
        self._client = client
        self._encoder = encoder
        """Whose directions the spaces hold (see `Encoder.name`)."""
        self._lifetime_ms = assignment_lifetime_ms
        self._commits: dict[str, tuple[int, int]] = {}
        """Space → (epoch, commits) as last seen; fewer in Redis means that it has gone back in time."""

    async def claim(self, partition: int, has_committed: bool) -> None:
        await claim(self._client, STAGE, partition, has_committed)

    async def acquire(self, partition: int, space: str, last_epoch: int | None) -> SpaceState:
        marker, field = keys.marker(STAGE, partition), keys.SPACE_FIELD + space
        claimed, known = await self._client.one("HMGET", marker, keys.CLAIMED, field)
        if claimed is None:
            raise marker_lost(STAGE, partition)
        call = SPACE_ACQUIRE.call([keys.space_meta(space)], [0 if known is None else 1, self._encoder])
        (answer,) = await self._client.run([call], replicated=True)
        if answer[0] == b"lost":
            raise space_lost(space)
        if answer[0] == b"encoder":
            raise other_encoder(space, as_text(answer[1]), self._encoder)
        before, epoch, commits, next_placement = (int(number) for number in answer[1:5])
        if known is None:
            # Only now: a space that the marker names must exist.
            await self._client.one("HSET", marker, field, "1")
        resumed = last_epoch == before and self._commits.get(space) == (before, commits)
        self._commits[space] = (epoch, commits)
        index = {} if resumed else await self._hash(keys.space_index(space))
        lives = {} if resumed else await self._hash(keys.space_lives(space))
        habits = {} if resumed else await self._hash(keys.space_habits(space))
        return SpaceState(
            epoch, resumed, next_placement, index, await self._redirects(space), unpack_outputs(answer[5]), lives,
            answer[6], {int(source): value for source, value in habits.items()},
        )  # fmt: skip

    async def _redirects(self, space: str) -> dict[str, str]:
        return {loser: as_text(winner) for loser, winner in (await self._hash(keys.space_redirects(space))).items()}

    async def look(self, space: str) -> SpaceLook:
        return SpaceLook(await self._hash(keys.space_index(space)), await self._redirects(space))

    async def _hash(self, key: str) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        cursor: Any = 0
        while True:
            cursor, page = await self._client.one("HSCAN", key, cursor, "COUNT", READ_AT_ONCE)
            found |= {as_text(name): value for name, value in page.items()}
            if int(cursor) == 0:
                return found

    async def spaces(self, partition: int) -> Sequence[str]:
        fields = map(as_text, await self._client.one("HKEYS", keys.marker(STAGE, partition)))
        return sorted(name.removeprefix(keys.SPACE_FIELD) for name in fields if name.startswith(keys.SPACE_FIELD))

    async def next_placement(self, space: str) -> int | None:
        """The number of the space's next decision, for who doesn't own it; None: nothing is known of the space."""
        (told,) = await self._client.one("HMGET", keys.space_meta(space), keys.NEXT_PLACEMENT)
        return None if told is None else int(told)

    async def assignments(self, space: str, uris: Sequence[str]) -> Mapping[str, Assignment]:
        wanted = list(dict.fromkeys(uris))
        pages = [wanted[at : at + READ_AT_ONCE] for at in range(0, len(wanted), READ_AT_ONCE)]
        calls = [command("MGET", *(keys.space_assignment(space, uri) for uri in page)) for page in pages]
        packed = [value for answer in await self._client.run(calls, at_once=4) for value in answer]
        return {uri: unpack_assignment(uri, value) for uri, value in zip(wanted, packed, strict=True) if value}

    async def members(self, space: str, story_id: str, uris: Sequence[str]) -> Mapping[str, bytes]:
        live = {uri: a for uri, a in (await self.assignments(space, uris)).items() if a.profile is not None}
        became = await self._follow(space, {a.story_id for a in live.values()})
        return {
            uri: assignment.profile
            for uri, assignment in live.items()
            if assignment.profile is not None and became[assignment.story_id] == story_id
        }

    async def _follow(self, space: str, story_ids: set[str]) -> dict[str, str]:
        """Each story id → what it has become over any number of merges."""
        became = {story_id: story_id for story_id in story_ids}
        for _ in range(REDIRECTS_MAX):
            ends = sorted(set(became.values()))
            if not ends:
                break
            into = await self._client.one("HMGET", keys.space_redirects(space), *ends)
            steps = {end: as_text(next_one) for end, next_one in zip(ends, into, strict=True) if next_one}
            if not steps:
                break
            became = {story_id: steps.get(end, end) for story_id, end in became.items()}
        return became

    async def held_until_ms(self, space: str, uri: str) -> int | None:
        """When the article's embargo ends; None if it isn't held. Nothing of the article itself is read."""
        release_ms = await self._client.one("ZSCORE", keys.space_holds(space), uri)
        return None if release_ms is None else int(float(release_ms))

    async def holds_due(self, space: str, now_ms: int, limit: int) -> Sequence[Hold]:
        found = await self._client.one(
            "ZRANGEBYSCORE", keys.space_holds(space), "-inf", now_ms, "WITHSCORES", "LIMIT", 0, limit
        )
        if not found:
            return []
        due = [(as_text(found[at]), int(float(found[at + 1]))) for at in range(0, len(found), 2)]
        records = await self._client.one("HMGET", keys.space_held(space), *(uri for uri, _ in due))
        return [
            Hold(uri, release_ms, lost_if_missing(record, f"the held article {uri}"))
            for (uri, release_ms), record in zip(due, records, strict=True)
        ]

    async def check(self, space: str, epoch: int) -> None:
        found, commits = await self._client.one("HMGET", keys.space_meta(space), keys.EPOCH, keys.COMMITS)
        if found is None:
            raise space_lost(space)
        if int(found) > epoch:
            raise taken_over(f"the space {space}")
        if int(found) < epoch or int(commits) < self._known(space, epoch):
            raise went_back(f"the space {space}")

    async def commit(self, space: str, epoch: int, change: SpaceChange) -> None:
        names = [
            keys.space_meta, keys.space_index, keys.space_redirects, keys.space_lives, keys.space_holds,
            keys.space_held, keys.space_habits,
        ]  # fmt: skip
        slot = [name(space) for name in names]
        slot += [keys.space_assignment(space, assignment.uri) for assignment in change.assignments]
        arguments: list[Argument] = [
            epoch, self._known(space, epoch), change.next_placement, pack_outputs(change.outbox), self._lifetime_ms,
            *_change_arguments(change),
        ]  # fmt: skip
        (answer,) = await self._client.run([SPACE_COMMIT.call(slot, arguments)], replicated=True)
        self._accept(space, epoch, answer)

    async def clear_outbox(self, space: str, epoch: int) -> None:
        call = SPACE_CLEAR_OUTBOX.call([keys.space_meta(space)], [epoch, self._known(space, epoch)])
        (answer,) = await self._client.run([call])
        self._accept(space, epoch, answer)

    def _known(self, space: str, epoch: int) -> int:
        known_epoch, commits = self._commits.get(space, (epoch, 0))
        return commits if known_epoch == epoch else 0

    def _accept(self, space: str, epoch: int, answer: Sequence[bytes]) -> None:
        refusals = {b"lost": space_lost(space), b"fenced": taken_over(f"the space {space}"),
                    b"back": went_back(f"the space {space}")}  # fmt: skip
        if answer[0] in refusals:
            raise refusals[answer[0]]
        self._commits[space] = (epoch, int(answer[1]))


def _change_arguments(change: SpaceChange) -> list[Argument]:
    """The change as `space_commit.lua` takes it: how many of each, then their values in the same order."""
    kept = [(story_id, value) for story_id, value in change.index.items() if value is not None]
    gone = [story_id for story_id, value in change.index.items() if value is None]
    merged = [(loser, winner) for loser, winner in change.redirects.items() if winner is not None]
    unmerged = [loser for loser, winner in change.redirects.items() if winner is None]
    begun = [(story_id, life) for story_id, life in change.lives.items() if life is not None]
    ended = [story_id for story_id, life in change.lives.items() if life is None]
    learned = [(source, value) for source, value in change.habits.items() if value is not None]
    forgotten = [source for source, value in change.habits.items() if value is None]
    arguments: list[Argument] = [
        len(change.assignments), len(kept), len(gone), len(merged), len(unmerged), len(begun), len(ended),
        len(change.unhold), len(change.holds), change.pace or b"", len(learned), len(forgotten),
        *map(pack_assignment, change.assignments),
    ]  # fmt: skip
    for story_id, value in kept:
        arguments += (story_id, value)
    arguments += gone
    for loser, winner in merged:
        arguments += (loser, winner)
    arguments += unmerged
    for story_id, life in begun:
        arguments += (story_id, life)
    arguments += ended
    arguments += change.unhold
    for hold in change.holds:
        arguments += (hold.uri, hold.release_ms, hold.record)
    for source, value in learned:
        arguments += (source, value)
    arguments += forgotten
    return arguments


async def claim(client: Client, stage: str, partition: int, has_committed: bool) -> None:
    """Set or check a stage's marker of a partition. Raises StateLost, also while a rebuild is under way."""
    if await client.one("EXISTS", keys.REBUILDING):
        raise rebuild_unfinished()
    (answer,) = await client.run([CLAIM.call([keys.marker(stage, partition)], [int(has_committed)])])
    if answer == b"lost":
        raise marker_lost(stage, partition)
