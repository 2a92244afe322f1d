"""The stage: owns the spaces of its partitions, and takes each batch to its spaces."""

import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence

from storyline_schemas import PartitionCounts, Revision, partition_of
from storyline_schemas.resembling import said_of
from storyline_schemas.topics import ARTICLES

from ...domain.matching import Encoder
from ...domain.placing import Patience, Space
from ...domain.placing.lives import LIVES_MAX
from ...domain.placing.space import LIVE_MAX
from ...domain.ports import Hold, Recovery, SpaceStore
from ...errors import Invalid, StateLost
from ...record import Output, Record
from .decode import Asked, Forward, Message, decode, revision_of
from .holding import HOLDS_MAX, Held, unpack
from .owned import OwnedSpace

SPACES_MAX = 64
"""Spaces of one partition; each keeps an index of its own in memory."""
SAID_MAX = 100
"""Misspelt fields that the log names; all are counted."""
KEPT_MS = 60_000
"""How long a space stays in memory that others may own: most come back within one rebalance."""
_FOR_EVER_MS = 1 << 53

log = logging.getLogger(__name__)


class Matcher:
    """`Stage` for `articles`. Not safe for two calls at once on one partition; the shell holds a lock for each.

    `counts` counts what became of the arrivals, by outcome; `doubtful` fields that look misspelt, by the one meant.
    """

    name = "matcher"
    reads = ARTICLES.name
    transactional = False

    def __init__(
        self,
        store: SpaceStore,
        recovery: Recovery | None = None,
        partitions: PartitionCounts | None = None,
        live_max: int = LIVE_MAX,
        lives_max: int = LIVES_MAX,
        patience: Callable[[str], Patience] = lambda space: Patience(),
        encoder: Encoder | None = None,
    ) -> None:
        self.counts: dict[str, int] = {}
        self.doubtful: dict[str, int] = {}
        self._said: set[str] = set()
        self._store = store
        self._recovery = recovery
        self._partitions = partitions or PartitionCounts()
        self.live_max = live_max
        self.lives_max = lives_max
        self._encoder = encoder
        self._patience = patience
        """How long each space waits for news of a story."""
        self._owned: dict[int, dict[str, OwnedSpace]] = {}
        self._kept: dict[str, OwnedSpace] = {}
        """Spaces owned before: if nobody had them since, their index needn't be loaded again."""
        self._kept_until_ms: dict[str, int] = {}

    def decode(self, record: Record) -> Message | Asked | Forward:
        message = decode(record, self._partitions.articles)
        if isinstance(message, Message):
            for name, known in message.doubtful.items():
                self._doubt(name, known)
        return message

    def _doubt(self, name: str, known: str) -> None:
        """Count a field that is probably misspelt, and say it the first time."""
        self.doubtful[known] = self.doubtful.get(known, 0) + 1
        if name not in self._said and len(self._said) < SAID_MAX:
            self._said.add(name)
            log.warning("articles have a field %r, which %s; without it it is ignored", name, said_of(known))

    def _all(self) -> list[OwnedSpace]:
        """The owned spaces, copied: they may change while somebody looks."""
        return [owned for spaces in list(self._owned.values()) for owned in list(spaces.values())]

    @property
    def live_stories(self) -> int:
        """Stories in memory, of all owned spaces."""
        return sum(len(owned.space.index) for owned in self._all())

    @property
    def lives(self) -> int:
        """Stories known to be running, at rest or closed, of all owned spaces."""
        return sum(len(owned.space.lives) for owned in self._all())

    @property
    def stories_left(self) -> int:
        """Stories that left memory since the start because there were more than `live_max`, of all owned spaces."""
        return sum(owned.space.left for owned in self._all())

    @property
    def merges_refused(self) -> Counter[str]:
        """Likely merges refused since the start, of all owned spaces, by what forbade them."""
        return sum((owned.space.index.merges_refused for owned in self._all()), Counter())

    @property
    def held_articles(self) -> int:
        """Articles that wait for their embargo."""
        return sum(len(owned.held) for owned in self._all())

    # ---- owning

    async def acquire(self, partition: int, has_committed: bool) -> Sequence[Output]:
        # Called again after a failure, it goes on where it was: a space's epoch is raised once.
        await self._store.claim(partition, has_committed)
        owned = self._owned.setdefault(partition, {})
        for name in await self._store.spaces(partition):
            if moved := moved_space(name, partition, self._partitions.articles):
                raise moved
            await self._space(partition, name)
        await self._handle_again(partition)
        return [output for each in owned.values() for output in each.unsent]

    async def release(self, partition: int) -> None:
        self._kept |= self._owned.pop(partition, {})

    async def _space(self, partition: int, name: str) -> OwnedSpace:
        """The space, owned and repaired."""
        spaces = self._owned[partition]
        if name not in spaces:
            if len(spaces) >= SPACES_MAX:
                raise Invalid("space", f"is one too many: partition {partition} has {SPACES_MAX} spaces already")
            spaces[name] = await self._own(partition, name)
        owned = spaces[name]
        if not owned.repaired:
            if self._recovery is not None:
                lost = await self._recovery.lost_decisions(name, owned.space.next_placement)
                if lost:
                    await owned.restore(lost)
            owned.repaired = True
        return owned

    async def _own(self, partition: int, name: str) -> OwnedSpace:
        """Become a space's owner."""
        held = await self._held(name)
        kept = self._kept.pop(name, None)
        self._kept_until_ms.pop(name, None)
        last_epoch = kept.epoch if kept is not None and kept.pending is None else None
        state = await self._store.acquire(partition, name, last_epoch)
        if kept is not None and state.resumed:
            space = kept.space
        else:
            try:
                space = Space(
                    name, state.next_placement, state.index, state.redirects, self.live_max, state.lives,
                    self.lives_max, self._patience(name), state.pace, self._encoder, state.habits,
                )  # fmt: skip
            except ValueError as error:  # written by a version with which this one shares no format
                raise StateLost(f"the index of {name} in Redis is of another version; {error}") from None
        return OwnedSpace(self._store, space, state.epoch, state.outbox, held, self._partitions.stories, self.counts)

    async def _held(self, name: str) -> dict[str, Held]:
        holds = await self._store.holds_due(name, _FOR_EVER_MS, HOLDS_MAX)
        return {hold.uri: Held(hold.release_ms, _revision_held(hold)) for hold in holds}

    async def _handle_again(self, partition: int) -> None:
        """Bring back what leaves no command: holds and remembered cancellations of the last minute.

        Nothing else: an article whose matching ended us has its dead letter, and would end every owner to come.
        """
        if self._recovery is None:
            return
        async with contextlib.aclosing(self._recovery.recent_articles(partition)) as records:
            async for record in records:
                with contextlib.suppress(Invalid):  # it has its dead letter already
                    message = self.decode(record)
                    if isinstance(message, Message) and message.leaves_no_command:
                        owned = await self._space(partition, message.space)
                        await owned.handle([message], repeat=False)

    # ---- handling

    async def handle(self, partition: int, batch: Sequence[Message | Asked | Forward]) -> Sequence[Output]:
        outputs = [message.output for message in batch if isinstance(message, Forward)]
        for name, messages in _by_space(batch).items():
            owned = await self._space(partition, name)
            outputs += await owned.handle(messages)
        return self._with_unsent(partition, outputs)

    def _with_unsent(self, partition: int, outputs: Sequence[Output]) -> Sequence[Output]:
        """What is to be sent, behind what no space has sent yet.

        If a batch of several spaces fails in the middle, those before have committed, and what they have to send must
        go out before `confirmed` is called for the partition.
        """
        unsent = [output for owned in self._owned[partition].values() for output in owned.unsent]
        return list(dict.fromkeys((*unsent, *outputs)))

    async def confirmed(self, partition: int, outputs: Sequence[Output]) -> None:
        for owned in self._owned[partition].values():
            await owned.confirmed()

    def _let_kept_go(self, now_ms: int) -> None:
        """Forget the spaces that didn't come back, counted from the first tick after they were given up."""
        for name in list(self._kept):
            if self._kept_until_ms.setdefault(name, now_ms + KEPT_MS) <= now_ms:
                del self._kept[name], self._kept_until_ms[name]

    async def tick(self, partition: int, now_ms: int) -> Sequence[Output]:
        self._let_kept_go(now_ms)
        # Since it was acquired the partition has its marker: lost state is noticed also while nothing comes in.
        await self._store.claim(partition, has_committed=True)
        outputs: list[Output] = []
        for owned in self._owned[partition].values():
            await owned.settle()  # a tick whose commit failed is over in memory, and maybe nothing else is due
            # A space that is quiet wouldn't notice a failover until what it lost has left the tail that repairs it.
            await owned.check()
            if owned.is_due(now_ms):
                outputs += await owned.release(now_ms)
            if owned.is_resting(now_ms):
                outputs += await owned.rest(now_ms)
        return self._with_unsent(partition, outputs)


def moved_space(name: str, partition: int, partitions: int) -> StateLost | None:
    """What is wrong if a space was owned with a partition that isn't its own any more: it would have two owners."""
    if (right := partition_of(name, partitions)) == partition:
        return None
    return StateLost(
        f"the space {name} was on partition {partition} of {ARTICLES.name}, and with {partitions} partitions belongs "
        f"to {right}: stop the services and run `storyline rebuild`"
    )


def _revision_held(hold: Hold) -> Revision:
    """Of what this version can't read, the lowest: anything newer comes before it, and it is refused when it comes."""
    try:
        return revision_of(unpack(hold.record))
    except Invalid:
        return (0, 0)


def _by_space(batch: Sequence[Message | Asked | Forward]) -> dict[str, list[Message | Asked]]:
    grouped: dict[str, list[Message | Asked]] = {}
    for message in batch:
        if not isinstance(message, Forward):
            grouped.setdefault(message.space, []).append(message)
    return grouped
