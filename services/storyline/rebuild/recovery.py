"""What a failover lost, from the tail of the topics: the adapter of the port `Recovery`."""

import logging
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping, Sequence

from pydantic import ValidationError

from storyline_schemas import Adopt, Split
from storyline_schemas.commands import Placed
from storyline_schemas.topics import ARTICLES, STORIES, STORY_COMMANDS, STORY_PARTS

from ..domain.ports import Assignment, LostDecisions, SpaceStore, StoredStory, StoryStore
from ..infra.kafka import KafkaAdmin, KafkaConnection, KafkaReader
from ..infra.lost import space_far_back, went_far_back
from ..record import Record
from .decisions import DECISION, Decision, SpaceDecisions, order_of
from .records import Story, stories_in
from .whole import MATCHER_GROUP

CHECK_SECONDS = 5.0
"""Redis loses about a second at a failover (AOF, asynchronous replicas), always the last one of a server. So if all
of these last seconds is there, nothing is missing, and the rest of the tail needn't be read. Where a partition's
stories lie on several servers, others may have gone on meanwhile: there the whole tail is read."""
TAIL_SECONDS = 60.0
"""What is put back once anything is missing: ample."""
REACH_SECONDS = (2 * TAIL_SECONDS, 3_600.0, 1e9)
"""How far back is looked until something is there that the store has as well; the last is everything."""
ACKNOWLEDGED_MAX = 5_000
"""Articles handled again at most: several seconds of a busy matcher."""
MARGIN_SECONDS = 10.0
"""A part's record may be a little older than its story's, which went in the same transaction."""

log = logging.getLogger(__name__)


class TopicRecovery:
    """Reads tails with a consumer of its own for each call. May raise Transient, Fatal.

    `spread`: the stories of one partition lie on several servers, of which one may fail alone.
    """

    def __init__(
        self, connection: KafkaConnection, stories: StoryStore, spaces: SpaceStore, *, spread: bool = False
    ) -> None:
        self._connection = connection
        self._check_seconds = TAIL_SECONDS if spread else CHECK_SECONDS
        self._stories = stories
        self._spaces = spaces

    # ---- the updater's

    async def restore_stories(self, partition: int) -> int:
        async with KafkaReader(self._connection) as reader:
            last_ms = max((await reader.last_times(_places(partition))).values(), default=0)
            if not await self._behind(await _tail(reader, partition, last_ms, self._check_seconds)):
                return 0
            tail, behind = await self._all_behind(reader, partition, last_ms)
            # The tail must reach back to where Redis stands; else the story's parts are read from the beginning.
            gaps = [story_id for story_id, version in behind.items() if _has_gap(tail[story_id], version)]
            if gaps:
                tail |= await stories_in(reader.read(_places(partition)), wanted=gaps)
        before = await self._stories.load([story_id for story_id in behind if story_id not in gaps])
        restored = [await self._restore(story_id, tail[story_id], before.get(story_id)) for story_id in behind]
        log.warning("Redis had lost the last version of %d stories of partition %d", sum(restored), partition)
        return sum(restored)

    async def untold_stories(self, partition: int, story_ids: Collection[str]) -> Collection[str]:
        async with KafkaReader(self._connection) as reader:
            told = {record.key async for record in reader.read([(STORIES.name, partition)])}
        return {story_id for story_id in story_ids if story_id.encode() not in told}

    async def _all_behind(
        self, reader: KafkaReader, partition: int, last_ms: int
    ) -> tuple[dict[str, Story], dict[str, int]]:
        """A tail that begins with a story that isn't behind, and those that are.

        Raises StateLost if they reach back for more than TAIL_SECONDS: that was no failover but an older copy of Redis,
        and what else it lacks (holds, decisions) only a rebuild can tell.
        """
        tail: dict[str, Story] = {}
        behind: dict[str, int] = {}
        for seconds in REACH_SECONDS:
            tail = await _tail(reader, partition, last_ms, seconds)
            behind = await self._behind(tail)
            if any(tail[story_id].told_ms < last_ms - TAIL_SECONDS * 1000 for story_id in behind):
                raise went_far_back(partition)
            if min(tail, key=lambda story_id: tail[story_id].told_ms) not in behind:
                break
        return tail, behind

    async def _behind(self, tail: Mapping[str, Story]) -> dict[str, int]:
        """The stories of which the store has an older version than the tail, or still one that ended; that version."""
        peeks = await self._stories.peek(list(tail))
        return {
            story_id: peek.version
            for story_id, peek in peeks.items()
            if peek.version < tail[story_id].version or (tail[story_id].ended and peek.version)
        }

    async def _restore(self, story_id: str, story: Story, before: StoredStory | None) -> bool:
        if story.ended:
            await self._stories.forget(story_id)
            return True
        stored = story.stored(before.parts if before else None)
        return stored is not None and await self._stories.restore(story_id, stored)

    # ---- the matcher's

    async def lost_decisions(self, space: str, next_placement: int) -> LostDecisions:
        async with KafkaReader(self._connection) as reader:
            partitions = await reader.partitions(STORY_COMMANDS.name)
            for seconds in (CHECK_SECONDS, TAIL_SECONDS):
                decisions = await self._decisions(reader, partitions, space, seconds)
                lost = await self._lost(decisions)
                if decisions.assignments and not lost:
                    break
            else:
                if lost:
                    await self._refuse_if_far_back(reader, partitions, space, next_placement)
        lives = {story: life.to_bytes() for story, life in decisions.lives.items()}
        written_ms = {each.uri: decisions.written_ms[each.uri] for each in lost}
        merges = {loser: (winner, decisions.merged_ms[loser]) for loser, winner in decisions.redirects.items()}
        return LostDecisions(decisions.next_placement, lost, merges, lives, decisions.pins, written_ms)

    async def _decisions(
        self, reader: KafkaReader, partitions: Sequence[tuple[str, int]], space: str, seconds: float
    ) -> SpaceDecisions:
        """What the tail of `story-commands` says of the space."""
        decisions = SpaceDecisions(space, next_placement=0)
        found = [_told(space, record) async for record in reader.tail(partitions, seconds)]
        told = [each for each in found if each is not None]
        await self._note_before_splits(decisions, [command for command, _ in told])
        for command, told_ms in told:
            decisions.note_command(command, told_ms)
        return decisions

    async def _refuse_if_far_back(
        self, reader: KafkaReader, partitions: Sequence[tuple[str, int]], space: str, next_placement: int
    ) -> None:
        """Raises StateLost if the decisions that the store was never asked to keep took more than TAIL_SECONDS.

        Placements are counted, so this can't be an article that a dead letter kept out of its story, or one that
        expired. As long as the first of them isn't there, a quiet partition's tail or a busy one's may begin behind it:
        then it is looked for farther back.
        """
        for seconds in REACH_SECONDS:
            unseen: dict[int, int] = {}  # when it was told first: a newer version of an article keeps its placement
            async for record in reader.tail(partitions, seconds):
                told = _told(space, record)
                for placement in _placements(told[0]) if told else ():
                    if placement >= next_placement:
                        unseen.setdefault(placement, record.timestamp_ms)
            if unseen and min(unseen.values()) < max(unseen.values()) - TAIL_SECONDS * 1000:
                raise space_far_back(space)
            if not unseen or min(unseen) == next_placement:
                return

    async def _note_before_splits(self, decisions: SpaceDecisions, told: Sequence[Decision]) -> None:
        """A split tells where articles went, not what they are: that is in the store, if not in the tail."""
        uris = {hand.article_uri for each in told if isinstance(each, Split) for hand in each.articles}
        decisions.assignments |= await self._spaces.assignments(decisions.space, sorted(uris)) if uris else {}

    async def _lost(self, decisions: SpaceDecisions) -> list[Assignment]:
        """The decisions of which the store has none or an older one, in placement order."""
        stored = await self._spaces.assignments(decisions.space, list(decisions.assignments))
        lost = [
            each
            for uri, each in decisions.assignments.items()
            if uri not in stored or order_of(stored[uri]) < order_of(each)
        ]
        return sorted(lost, key=lambda each: each.placement)

    async def recent_articles(self, partition: int) -> AsyncGenerator[Record, None]:
        place = (ARTICLES.name, partition)
        async with KafkaAdmin(self._connection) as admin:
            end = {place: (await admin.committed(MATCHER_GROUP)).get(place, 0)}
        async with KafkaReader(self._connection) as reader:
            last_ms = (await reader.last_times([place], end)).get(place)
            if last_ms is None:
                return
            since = await reader.offsets_since({place: max(0, last_ms - int(TAIL_SECONDS * 1000))})
            begin = {place: max(since[place], end[place] - ACKNOWLEDGED_MAX)}
            async for record in reader.read(begin, end):
                yield record


async def _tail(reader: KafkaReader, partition: int, last_ms: int, seconds: float) -> dict[str, Story]:
    """What the partition says of its stories in the `seconds` before `last_ms`."""
    since_ms = max(0, last_ms - int(seconds * 1000))
    margin_ms = max(0, since_ms - int(MARGIN_SECONDS * 1000))
    begins = await reader.offsets_since({(STORIES.name, partition): since_ms, (STORY_PARTS.name, partition): margin_ms})
    found = await stories_in(reader.read(begins))
    return {story_id: story for story_id, story in found.items() if story.public is not None or story.ended}


def _placements(command: Decision) -> Iterator[int]:
    if isinstance(command, Placed):
        yield command.placement
    elif isinstance(command, Split):
        yield from (hand.placement for hand in command.articles)


def _places(partition: int) -> list[tuple[str, int]]:
    return [(STORIES.name, partition), (STORY_PARTS.name, partition)]


def _has_gap(story: Story, stored_version: int) -> bool:
    if story.ended:
        return False
    return story.first_version is None or story.first_version > stored_version + 1 or story.head is None


def _told(space: str, record: Record) -> tuple[Decision, int] | None:
    """A command of the space that the matcher gave, and when; None for any other record."""
    try:
        command = DECISION.validate_json(record.value or b"")
    except ValidationError:
        return None  # no command: the updater makes it a dead letter
    # An adopt is the updater's: it follows from a merge or a split, which is here as well.
    if command.space != space or isinstance(command, Adopt):
        return None
    return command, record.timestamp_ms
