"""One space while it is owned: its stories in memory and its slot in the store, kept in step.

A batch is decided in memory, then committed in one script. If deciding fails, memory is rolled back. If the commit
fails, nobody knows whether it was written; the same commit, whose values are absolute, is then made again before
anything else is decided. So memory is never ahead of the store by anything but that one pending commit.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from storyline_schemas import Revision

from ...domain.placing import Space, Verdict, decide, is_older, rule
from ...domain.ports import Assignment, Hold, LostDecisions, SpaceChange, SpaceStore
from ...errors import Invalid
from ...record import Output
from ..events import command_output
from .decode import Asked, Message
from .holding import HOLDS_MAX, Held, pack, unpack

SOURCE = "/storyline/matcher"
RELEASED_MAX = 100
"""Embargoes that end at one tick; the next tick takes the next."""
RESTING_MAX = 100
"""Stories whose time comes at one tick; the next tick takes the next."""
Counts = dict[str, int]


class OwnedSpace:
    """`unsent` are outputs committed and not confirmed; they go first, and stay in the outbox until then."""

    def __init__(
        self, store: SpaceStore, space: Space, epoch: int, unsent: Sequence[Output], held: dict[str, Held],
        commands_partitions: int, counts: Counts,
    ) -> None:  # fmt: skip
        self.space = space
        self.epoch = epoch
        self.unsent = tuple(unsent)
        self.held = held
        self.pending: SpaceChange | None = None
        self.repaired = False
        """What the store may have lost has been put back."""
        self._let_out: dict[str, Revision] = {}
        """Articles that were put back on their topic and haven't come again."""
        self._ahead_ms = 0
        """By so much at least our clock is ahead of the broker's: what it let out came back still under embargo."""
        self._store = store
        self._partitions = commands_partitions
        self._counts = counts

    @property
    def name(self) -> str:
        return self.space.name

    async def handle(self, messages: Sequence[Message | Asked], repeat: bool = True) -> Sequence[Output]:
        """Decide on a batch and commit it; what is to be sent, unsent outputs first.

        Without `repeat`, stored decisions aren't sent again.
        """
        await self.settle()
        batch = _Batch(await self._known(messages))
        self.space.begin()
        try:
            for message in messages:
                if isinstance(message, Asked):
                    await self._carry_out(message, batch)
                else:
                    await self._one(message, batch, repeat)
                await asyncio.sleep(0)  # a batch takes up to a second of computing; others may go in between
        except BaseException:
            self.space.rollback()
            raise
        await self._commit(batch)
        return tuple(dict.fromkeys((*self.unsent, *batch.outputs)))

    async def settle(self) -> None:
        """Make the commit that may not have been written."""
        if self.pending is not None:
            await self._store.commit(self.name, self.epoch, self.pending)
            self._committed(self.pending)

    async def check(self) -> None:
        """It is still ours, and the store remembers all that we wrote. Raises StateLost or Fenced."""
        await self._store.check(self.name, self.epoch)

    async def confirmed(self) -> None:
        """Every output returned so far is on its topic."""
        if self.unsent:
            await self._store.clear_outbox(self.name, self.epoch)
            self.unsent = ()

    def is_due(self, now_ms: int) -> bool:
        """Whether the embargo of any held article has ended."""
        return any(held.release_ms <= now_ms - self._ahead_ms for held in self.held.values())

    async def release(self, now_ms: int) -> Sequence[Output]:
        """Put held articles whose embargo has ended back on their topic, as they came; what is to be sent.

        They are decided on when they come again: there whatever is wrong with one becomes its dead letter, and the
        broker's clock, not ours, has the last word on the embargo.
        """
        await self.settle()
        holds = await self._store.holds_due(self.name, now_ms - self._ahead_ms, RELEASED_MAX)
        batch = _Batch({})
        self.space.begin()
        for hold in holds:
            record = unpack(hold.record)
            batch.unhold.add(hold.uri)
            batch.outputs.append(Output(record.topic, record.partition, record.key, record.value, record.headers))
        sent = {hold.uri: self.held[hold.uri].revision for hold in holds if hold.uri in self.held}
        await self._commit(batch)
        self._let_out = {**self._let_out, **sent} if len(self._let_out) < HOLDS_MAX else sent
        self._count("released", len(holds))
        return self.unsent

    def is_resting(self, now_ms: int) -> bool:
        """Whether the time of any story may have come."""
        next_ms = self.space.lives.next_ms
        return next_ms is not None and next_ms <= now_ms

    async def rest(self, now_ms: int) -> Sequence[Output]:
        """Let stories rest, and close those that have rested for long; what is to be sent."""
        due = self.space.lives.due(now_ms, RESTING_MAX)
        if not due:
            return self.unsent
        await self.settle()
        batch = _Batch({})
        self.space.begin()
        commands = [command for each in due if (command := self.space.let_rest(each)) is not None]
        batch.outputs += [command_output(each, SOURCE, self._partitions) for each in commands]
        await self._commit(batch)
        self._count("rested", len(commands))
        return self.unsent

    async def restore(self, lost: LostDecisions) -> None:
        """Take in decisions that the store has lost, as they stand on `story-commands`."""
        known = {each.uri: each for each in lost.assignments}
        before = await self._store.assignments(self.name, sorted(known))
        self.space.begin()
        for assignment in lost.assignments:
            verdict = self.space.verdict_of(assignment, before.get(assignment.uri))
            members = await self._members(verdict, known)
            self.space.update(verdict, members)
            written_ms = lost.written_ms.get(assignment.uri, assignment.at_ms)
            self.space.note_exits(verdict.exits, written_ms, unknown="open")  # its beginning may be lost too
            if verdict.entry is not None:
                self.space.note_news(verdict.entry, written_ms)
        for loser, (winner, written_ms) in lost.redirects.items():
            self.space.merge(loser, winner, written_ms)
        for story_id, life in lost.lives.items():
            self.space.restore_life(story_id, life)
        for story_id, pinned in lost.pins.items():
            self.space.restore_pin(story_id, pinned)
        self.space.next_placement = max(self.space.next_placement, lost.next_placement)
        batch = _Batch(known)
        batch.assignments = known
        await self._commit(batch)

    # ---- one message

    async def _known(self, messages: Iterable[Message | Asked]) -> dict[str, Assignment]:
        uris = {uri for each in messages for uri in each.uris}
        return dict(await self._store.assignments(self.name, sorted(uris)))

    async def _carry_out(self, message: Asked, batch: "_Batch") -> None:
        request = message.request
        ruling = rule(request, batch.known, self.space)
        needed = sorted(self.space.members_of(ruling) - batch.known.keys())
        stored = await self._store.assignments(self.name, needed) if needed else {}
        self.space.carry_out(ruling, {**stored, **batch.known}, request)
        batch.take(ruling.assignments)
        self._count(f"asked to {request.edit.action}" if ruling.commands else "repeated")
        batch.asked |= bool(ruling.commands)
        for command in ruling.commands:
            batch.outputs.append(command_output(command, SOURCE, self._partitions, message.carried))

    async def _one(self, message: Message, batch: "_Batch", repeat: bool) -> None:
        arrival = message.arrival
        if message.release_ms is not None and batch.is_news(arrival.uri, arrival.revision):
            self._hold(message, message.release_ms, batch, repeat)
            return
        self._let_out.pop(arrival.uri, None)
        self._let_go(message, batch)
        verdict = decide(arrival, batch.known, self.space)
        self._count(verdict.outcome)
        if verdict.outcome == "repeated" and not repeat:
            return
        members = await self._members(verdict, batch.known)
        merges = self.space.apply(verdict, members, arrival)
        self._count("merged", len(merges))
        batch.decided(verdict)
        for command in (*verdict.commands, *merges):
            batch.outputs.append(command_output(command, SOURCE, self._partitions, message.carried))

    def _hold(self, message: Message, release_ms: int, batch: "_Batch", news: bool) -> None:
        uri, revision = message.arrival.uri, message.arrival.revision
        if self._let_out.pop(uri, None) == revision:
            self._ahead_ms = max(self._ahead_ms, release_ms - message.record.timestamp_ms)
        held = batch.holding(uri, self.held)
        if held is not None and revision < held.revision:
            self._count("older")
            return
        if held is None and len(self.held) + len(batch.held) >= HOLDS_MAX:
            raise Invalid("embargoed_until", f"is one too many: {HOLDS_MAX} articles of the space wait already")
        if news:
            # If reading its text fails or kills, that comes out now, and not when everybody waits for it.
            message.arrival.profile(self.space.encoder)
        batch.hold(uri, Held(release_ms, revision), Hold(uri, release_ms, pack(message.record)))
        self._count("held")

    def _let_go(self, message: Message, batch: "_Batch") -> None:
        """A version that may be shown, or that cancels, ends the waiting of the versions up to it."""
        held = batch.holding(message.arrival.uri, self.held)
        if held is not None and not is_older(message.arrival, held.revision):
            batch.let_go(message.arrival.uri)

    async def _members(self, verdict: Verdict, known: Mapping[str, Assignment]) -> Mapping[str, Assignment]:
        needed = self.space.needed(verdict)
        missing = sorted(needed - known.keys())
        stored = await self._store.assignments(self.name, missing) if missing else {}
        return {**stored, **known}

    def _count(self, outcome: str, times: int = 1) -> None:
        if times:
            self._counts[outcome] = self._counts.get(outcome, 0) + times

    # ---- the commit

    async def _commit(self, batch: "_Batch") -> None:
        change = SpaceChange(
            next_placement=self.space.next_placement,
            assignments=tuple(batch.assignments.values()),
            index=self.space.finish(),
            redirects=self.space.redirect_changes(),
            lives=self.space.lives.changes(),
            pace=self.space.pace_change(),
            habits=self.space.habits.finish(),
            holds=tuple(batch.holds.values()),
            unhold=tuple(sorted(batch.unhold)),
            outbox=tuple(dict.fromkeys((*self.unsent, *batch.outputs))),
        )
        self.held |= batch.held
        for uri in batch.unhold:
            self.held.pop(uri, None)
        something = change.assignments or change.index or change.redirects or change.lives
        if something or change.holds or change.unhold or batch.asked:
            self.pending = change
            await self.settle()

    def _committed(self, change: SpaceChange) -> None:
        self.unsent, self.pending = tuple(change.outbox), None


class _Batch:
    """What one batch has decided so far; later messages of the batch see it."""

    def __init__(self, known: dict[str, Assignment]) -> None:
        self.known = known
        self.assignments: dict[str, Assignment] = {}
        self.outputs: list[Output] = []
        self.held: dict[str, Held] = {}
        self.holds: dict[str, Hold] = {}
        self.unhold: set[str] = set()
        self.asked = False
        """A person's request led to a command, which is kept until it is sent, also if nothing else changed."""

    def is_news(self, uri: str, revision: Revision) -> bool:
        known = self.known.get(uri)
        return known is None or revision > known.revision

    def decided(self, verdict: Verdict) -> None:
        self.take(verdict.assignments)

    def take(self, assignments: Iterable[Assignment]) -> None:
        for each in assignments:
            self.known[each.uri] = self.assignments[each.uri] = each

    def holding(self, uri: str, stored: Mapping[str, Held]) -> Held | None:
        if uri in self.unhold:
            return None
        return self.held.get(uri) or stored.get(uri)

    def hold(self, uri: str, held: Held, hold: Hold) -> None:
        self.unhold.discard(uri)
        self.held[uri], self.holds[uri] = held, hold

    def let_go(self, uri: str) -> None:
        self.held.pop(uri, None)
        self.holds.pop(uri, None)
        self.unhold.add(uri)
