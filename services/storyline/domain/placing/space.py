"""The live stories of one space in memory: carries out what was decided, batch by batch."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from storyline_schemas import Close, Expire, Merge, event_id

from ..matching import Encoder, Habits, Index, MergeDecision, Profile
from ..ports import Assignment
from .arrival import Arrival
from .decide import Entry, Exit, Verdict
from .edits import Request, Ruling
from .lives import LIVES_MAX, Due, Life, Lives, Patience, Stage
from .pace import Pace

LIVE_MAX = 300_000
"""Stories kept in memory, nearly all of them packed; beyond it, at the end of a batch, those that grew least recently
leave: what comes later on their matter opens a new story, and a person can still reopen them."""

RESTED = "storyline.story.rested"
"""What the id of a command is made from that time alone gave rise to."""


@dataclass(slots=True)
class Journal:
    """What the running batch has changed, and what it takes to undo it."""

    next_placement: int
    pace: Pace
    """As it was before the batch."""
    values: dict[str, bytes | None] = field(default_factory=dict)
    """Story id → its value in the index before the batch; None: it wasn't live."""
    redirects: dict[str, str | None] = field(default_factory=dict)
    """Merged story → its successor before the batch; None: it had none."""
    opened: set[str] = field(default_factory=set)


class Space:
    """Decisions of one batch see those before them in it. `begin` starts a batch; `rollback` takes it back whole."""

    def __init__(
        self,
        name: str,
        next_placement: int = 1,
        index: Mapping[str, bytes] | None = None,
        redirects: Mapping[str, str] | None = None,
        live_max: int = LIVE_MAX,
        lives: Mapping[str, bytes] | None = None,
        lives_max: int = LIVES_MAX,
        patience: Patience | None = None,
        pace: bytes = b"",
        encoder: Encoder | None = None,
        habits: Mapping[int, bytes] | None = None,
    ) -> None:
        self.name = name
        self.encoder = encoder
        """What says what an article is about; None: the word vectors of the package."""
        self.next_placement = next_placement
        self.index = Index()
        self._redirects = dict(redirects or {})
        self._live_max = live_max
        self.left = 0
        """Stories that have left since the start because there were too many."""
        self.lives = Lives(lives or {}, patience or Patience(), lives_max)
        self.index.load_all((index or {}).items())
        self.pace = Pace.from_bytes(pace)
        self.habits = Habits(habits)
        self._journal = Journal(next_placement, self.pace.copy())

    def current(self, story_id: str) -> str:
        """The story that this one has become, over any number of merges; itself if there was none."""
        while (into := self._redirects.get(story_id)) is not None:
            story_id = into
        return story_id

    def profile_of(self, arrival: Arrival) -> Profile:
        """What matching keeps of an arrival, weighed among the stories that are live now."""
        return self.index.weighed(arrival.profile(self.encoder, self.habits))

    # ---- a batch

    def begin(self) -> None:
        """What changes from here on is one batch."""
        self._journal = Journal(self.next_placement, self.pace.copy())
        self.lives.begin()
        self.habits.begin()

    def finish(self) -> dict[str, bytes | None]:
        """End the batch, which can't be taken back afterwards: stories beyond `live_max` leave.

        Gives story id → its value now, for every story the batch has touched; None: it isn't live any more.
        """
        if len(self.index) > self._live_max:
            # A twentieth at once, because choosing them costs a sort over all.
            gone = self.index.evict(self._live_max - self._live_max // 20)
            self.left += len(gone)
            for story_id in gone:
                self._journal.values.setdefault(story_id, None)
        return {id: self.index.dump(id) if id in self.index else None for id in self._journal.values}

    def redirect_changes(self) -> dict[str, str | None]:
        """What the batch has changed: loser → winner; None: it is known no longer."""
        return {loser: self._redirects.get(loser) for loser in self._journal.redirects}

    def pace_change(self) -> bytes | None:
        """The pace, if the batch has changed it."""
        return None if self.pace == self._journal.pace else self.pace.to_bytes()

    def rollback(self) -> None:
        """Forget the batch: memory is again as it was at `begin`."""
        journal = self._journal
        for story_id in journal.values:
            self.index.remove(story_id)
        for story_id, value in journal.values.items():
            if value is not None:
                self.index.load(story_id, value)
        for loser, winner in journal.redirects.items():
            self._put_redirect(loser, winner)
        self.next_placement = journal.next_placement
        self.lives.rollback()
        self.habits.rollback()
        self.pace = journal.pace
        self.begin()

    # ---- what was decided

    def needed(self, verdict: Verdict) -> set[str]:
        """The uris whose assignments `apply` needs: the members of the stories that are to be folded again."""
        changes: list[Entry | Exit] = [*verdict.exits, *([verdict.entry] if verdict.entry else [])]
        stories = {each.story_id for each in changes if self._is_member(each)}
        return {uri for story_id in stories for uri in self.index.members(story_id)}

    def apply(self, verdict: Verdict, members: Mapping[str, Assignment], arrival: Arrival) -> list[Merge]:
        """Carry out a verdict; `members` are the assignments of `needed`. Gives the merges that follow from it."""
        self.next_placement = verdict.next_placement
        grown = self.update(verdict, members)
        arrived_ms = arrival.arrived_ms or arrival.at_ms
        self.note_exits(verdict.exits, arrived_ms)
        if verdict.entry is not None:
            self._note_news(verdict.entry, arrived_ms, verdict.outcome)
        if verdict.outcome == "opened" and grown:
            self._journal.opened.add(grown)
        proposed = self.index.merge_for(grown) if grown else None
        if proposed is None or self.lives.pinned(proposed.loser) or self.lives.pinned(proposed.winner):
            return []
        return [self._merge(proposed, arrival, arrived_ms)]

    def note_exits(self, exits: Iterable[Exit], at_ms: int, unknown: Stage = "closed") -> None:
        """Articles have left their stories (the index is up to date): those that have none left wait for their end."""
        for story_id in {each.story_id for each in exits}:
            if story_id not in self.index or not self.index.members(story_id):
                self.lives.empty(story_id, at_ms, unknown)

    def _note_news(self, entry: Entry, arrived_ms: int, outcome: str) -> None:
        if outcome != "revised":
            life = self.lives.get(entry.story_id)
            self.pace.note(arrived_ms, life.news_ms if life is not None else None)
        self.note_news(entry, arrived_ms)

    def note_news(self, entry: Entry, arrived_ms: int) -> None:
        """An article has entered its story (the index is up to date)."""
        self.lives.news(entry.story_id, arrived_ms, begins=entry.story_id in self.index)
        self.habits.note(entry.uri, entry.profile.title_terms, entry.profile.sent, entry.placement)

    def update(self, verdict: Verdict, members: Mapping[str, Assignment]) -> str | None:
        """Bring the index up to date with a verdict; gives the story that an article joined."""
        entry = verdict.entry
        for leaving in verdict.exits:
            if self._is_member(leaving):
                replaced = entry is not None and entry.story_id == leaving.story_id
                self._fold(leaving.story_id, members, {leaving.uri}, entry if replaced else None)
                entry = None if replaced else entry
        return self._enter(entry, members, verdict.outcome) if entry else None

    def _is_member(self, each: Entry | Exit) -> bool:
        return each.story_id in self.index and each.uri in self.index.members(each.story_id)

    def _enter(self, entry: Entry, members: Mapping[str, Assignment], outcome: str) -> str | None:
        if self._is_member(entry):
            self._fold(entry.story_id, members, {entry.uri}, entry)
            return None
        if entry.story_id not in self.index and not self._may_return(entry.story_id, outcome):
            return None
        self._touch(entry.story_id)
        self.index.join(entry.story_id, entry.uri, entry.profile, entry.placement)
        return entry.story_id

    def _may_return(self, story_id: str, outcome: str) -> bool:
        """Whether a story that isn't in the index enters it: a new one, or one that left and isn't closed.

        A correction alone brings none back. An article takes another's place only in a story that was begun, so if
        nobody knows of that, it is closed.
        """
        if self.lives.get(story_id) is None:
            return outcome not in ("revised", "evolved")
        return outcome != "revised" and self.lives.stage(story_id) != "closed"

    def _fold(self, story_id: str, members: Mapping[str, Assignment], without: Set[str], also: Entry | None) -> None:
        """Make a story's value again from its members. One whose assignment has expired no longer counts in it."""
        self._touch(story_id)
        kept = [
            (uri, Profile.from_bytes(member.profile), member.placement)
            for uri in self.index.members(story_id)
            if uri not in without and (member := members.get(uri)) is not None and member.profile is not None
        ]
        if also is not None:
            kept.append((also.uri, also.profile, also.placement))
        self.index.refold(story_id, sorted(kept, key=lambda one: one[2]))

    def _merge(self, proposed: MergeDecision, arrival: Arrival, arrived_ms: int) -> Merge:
        loser, winner = proposed.loser, proposed.winner
        self.merge(loser, winner, arrived_ms)
        return Merge(
            story_id=loser,
            space=self.name,
            at_ms=arrival.at_ms,
            cause=arrival.cause,
            into=winner,
            into_opened=winner in self._journal.opened or self.lives.handed(winner),
            handed=self.lives.handed(loser),
            expired=self.lives.expired(loser),
            score=min(1.0, proposed.score),
            reason=proposed.reason,
        )

    def merge(self, loser: str, winner: str, at_ms: int) -> None:
        """The winner takes over; whoever asks for the loser is sent to it from now on. A cycle is refused.

        For as long as an article of the loser may be remembered: afterwards nobody here asks. Readers are sent on for
        ever, by the loser's own record.
        """
        live = self.current(winner)
        if live == self.current(loser):
            return
        self._touch(loser)
        if live in self.index and loser in self.index:
            self._touch(live)
            self.index.merge(loser, live)
        self.index.remove(loser)
        self._redirect(loser, winner)
        self.lives.give_way(loser, at_ms)

    def _redirect(self, loser: str, winner: str | None) -> None:
        self._journal.redirects.setdefault(loser, self._redirects.get(loser))
        self._put_redirect(loser, winner)

    def _put_redirect(self, loser: str, winner: str | None) -> None:
        if winner is None:
            self._redirects.pop(loser, None)
        else:
            self._redirects[loser] = winner

    # ---- what a person asked for

    def members_of(self, ruling: Ruling) -> set[str]:
        """The uris whose assignments `carry_out` needs."""
        stories = {each.story_id for each in ruling.exits if self._is_member(each)}
        return {uri for story_id in stories for uri in self.index.members(story_id)}

    def carry_out(self, ruling: Ruling, members: Mapping[str, Assignment], request: Request) -> None:
        """Bring the index up to date with a ruling; `members` are the assignments of `members_of`."""
        self.next_placement = ruling.next_placement
        for story_id in {each.story_id for each in ruling.exits if self._is_member(each)}:
            leaving = {each.uri for each in ruling.exits if each.story_id == story_id}
            self._fold(story_id, members, leaving, None)
        self.note_exits(ruling.exits, request.at_ms)
        if ruling.opens is not None:
            self.lives.begun_by_hand(ruling.opens, request.at_ms)
        if ruling.closes is not None:
            self._close(ruling.closes, request.at_ms)
        if ruling.reopens is not None:
            self.lives.turn(ruling.reopens, "open", request.at_ms)
        if ruling.pins is not None:
            self.lives.pin(*ruling.pins, request.at_ms)
        for entry in ruling.entries:
            if not self._is_member(entry):
                self._touch(entry.story_id)
                self.index.join(entry.story_id, entry.uri, entry.profile, entry.placement)
            self.note_news(entry, request.at_ms)
        if ruling.merged is not None:
            self.merge(*ruling.merged, request.at_ms)

    def _close(self, story_id: str, at_ms: int) -> None:
        """It takes no articles any more."""
        self._touch(story_id)
        self.index.remove(story_id)
        self.lives.turn(story_id, "closed", at_ms)

    # ---- time

    def let_rest(self, due: Due) -> Close | Expire | None:
        """Nothing has come for long: the story rests, is closed, or goes. The command follows from its last news.

        No command: it is told nothing any more, and was forgotten.
        """
        if due.stage == "forgotten":
            self.lives.forget(due.story_id)
            if due.story_id in self._redirects:
                self._redirect(due.story_id, None)
            return None
        story_id, expired = due.story_id, self.lives.expired(due.story_id)
        cause = event_id(RESTED, f"{story_id}\n{due.stage}\n{due.news_ms}", 0)
        handed = self.lives.handed(story_id)
        if due.stage == "expired":
            self.lives.expire(story_id)
            return Expire(
                story_id=story_id, space=self.name, at_ms=due.at_ms, cause=cause, handed=handed,
                reason="withdrawn, and no article for a while",
            )  # fmt: skip
        if due.stage == "closed":
            self._close(story_id, due.at_ms)
        else:
            self.lives.turn(story_id, "dormant", due.at_ms)
        return Close(
            story_id=story_id, space=self.name, at_ms=due.at_ms, cause=cause, handed=handed, expired=expired,
            status=due.stage, reason="no news for a while",
        )  # fmt: skip

    def restore_life(self, story_id: str, packed: bytes) -> None:
        """Where a story was in its life, as the topics tell it."""
        life = Life.from_bytes(packed)
        if life.stage == "closed":
            self._close(story_id, life.news_ms)
        if self.current(story_id) == story_id:
            self.lives.restore(story_id, life)

    def restore_pin(self, story_id: str, pinned: bool) -> None:
        """Whether a story was pinned, as the topics tell it; one that is merged or unknown is left alone."""
        life = self.lives.get(story_id)
        if life is not None and self.current(story_id) == story_id:
            self.lives.pin(story_id, pinned, life.news_ms)

    def verdict_of(self, assignment: Assignment, before: Assignment | None = None) -> Verdict:
        """A decision made before, as a verdict: for putting it into the index again.

        `before` is what the store still knows: the article may have been in another story then.
        """
        story, uri = self.current(assignment.story_id), assignment.uri
        following = max(self.next_placement, assignment.placement + 1)
        if assignment.profile is None:
            return Verdict("retracted", following, exits=(Exit(story, uri),) if assignment.story_id else ())
        profile = Profile.from_bytes(assignment.profile)
        left = self.current(before.story_id) if before is not None and before.story_id else story
        exits = (Exit(left, uri),) if left != story else ()
        return Verdict("joined", following, entry=Entry(story, uri, profile, assignment.placement), exits=exits)

    def _touch(self, story_id: str) -> None:
        """Remember a story's value before the batch first changes it."""
        values = self._journal.values
        if story_id not in values:
            values[story_id] = self.index.dump(story_id) if story_id in self.index else None
