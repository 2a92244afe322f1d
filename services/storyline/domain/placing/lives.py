"""Where each story of a space is in its life, as far as the matcher must know it: running, at rest, closed, expired.

A story at rest (dormant) stays in the index and wakes with the next article. A closed one has left the index: what
comes later on the same matter opens a new story, and only a person reopens the old one. One whose last article was
withdrawn is told to expire when nobody can ask for it any more; the updater, who knows for sure whether it has
articles, then lets its records go. In the end the life itself is forgotten: when no article of the story is remembered
any more, and no command to it is kept; or earlier, where a space has more lives than it may keep. A story that nobody
remembers counts as closed. So does one that was merged into another: its life says how long the way there is known.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import msgpack

from storyline_schemas.base import HOUR_MS

DORMANT_AFTER_MS = 72 * HOUR_MS
CLOSED_AFTER_MS = 30 * 24 * HOUR_MS
EXPIRED_AFTER_MS = 30 * 24 * HOUR_MS
"""As long as the matcher remembers where an article went, and longer than any command is kept: none can be late."""
FORGOTTEN_AFTER_MS = 2 * EXPIRED_AFTER_MS
LIVES_MAX = 1_000_000
"""Lives of a space, 0.4 KB each; beyond it the stories longest without news are closed and forgotten early."""

Stage = Literal["open", "dormant", "closed"]
Turn = Literal["dormant", "closed", "expired", "forgotten"]
"""What time makes of a story."""
EARLY: tuple[Turn, ...] = ("forgotten", "closed", "dormant")
"""What comes before its time where there are too many lives, in the order in which it is tried."""


@dataclass(frozen=True, slots=True)
class Life:
    """`news_ms`: when the story's last article (or its correction) arrived, by its record's time."""

    stage: Stage
    news_ms: int
    pinned: bool = False
    """A person made it: the machine never merges it with another."""
    handed: bool = False
    """Split off another story, which hands its articles over: what it is told may come before them."""
    emptied_ms: int = 0
    """When its last article was withdrawn, by the record's time; 0: it has some. Of a story that has left the index
    any withdrawal counts, since the matcher doesn't know whether it was the last article."""
    expired: bool = False
    """It was told to expire: it may not be there any more."""

    def to_bytes(self) -> bytes:
        packed: bytes = msgpack.packb(
            [self.stage, self.news_ms, self.pinned, self.handed, self.emptied_ms, self.expired]
        )
        return packed

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Life":
        return cls(*msgpack.unpackb(packed)[:6])


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a space waits for news, in ms: until a story rests, is closed, and until a withdrawn one goes.

    `forgotten_after_ms` after its last news or withdrawal a closed one is forgotten: longer than any of its articles.
    """

    dormant_after_ms: int = DORMANT_AFTER_MS
    closed_after_ms: int = CLOSED_AFTER_MS
    expired_after_ms: int = EXPIRED_AFTER_MS
    forgotten_after_ms: int = FORGOTTEN_AFTER_MS


@dataclass(frozen=True, slots=True)
class Due:
    """A story whose time has come: what it becomes, since when that was so, and from when its time counts (ms)."""

    story_id: str
    stage: Turn
    at_ms: int
    news_ms: int


class Lives:
    """The lives of one space's stories, with a journal of the running batch."""

    def __init__(self, stored: Mapping[str, bytes], patience: Patience, lives_max: int = LIVES_MAX) -> None:
        self._lives_max = lives_max
        self._lives = {story_id: Life.from_bytes(packed) for story_id, packed in stored.items()}
        self._patience = patience
        self._before: dict[str, Life | None] = {}
        self._alarms: dict[Turn, list[tuple[int, str]]] = {turn: [] for turn in get_args(Turn)}
        """(when to look, story), a heap for each turn; what isn't so any more is dropped when its time comes."""
        for story_id in self._lives:
            self._set_alarm(story_id)

    def __len__(self) -> int:
        return len(self._lives)

    def get(self, story_id: str) -> Life | None:
        return self._lives.get(story_id)

    def stage(self, story_id: str) -> Stage:
        """That of one that is forgotten, or not yet begun: closed."""
        life = self._lives.get(story_id)
        return life.stage if life else "closed"

    def pinned(self, story_id: str) -> bool:
        life = self._lives.get(story_id)
        return life is not None and life.pinned

    def handed(self, story_id: str) -> bool:
        life = self._lives.get(story_id)
        return life is not None and life.handed

    def expired(self, story_id: str) -> bool:
        life = self._lives.get(story_id)
        return life is not None and life.expired

    # ---- a batch

    def begin(self) -> None:
        self._before = {}

    def changes(self) -> dict[str, bytes | None]:
        """Story → its life now, for every one that the batch has changed; None: it is forgotten."""
        return {id: life.to_bytes() if (life := self._lives.get(id)) else None for id in self._before}

    def rollback(self) -> None:
        for story_id, life in self._before.items():
            self._put(story_id, life)
        self._before = {}

    def news(self, story_id: str, arrived_ms: int, begins: bool = False) -> None:
        """An article has come: the story runs, unless a person or time has closed it. `begins`: it is its first."""
        known = self._lives.get(story_id) or Life("open" if begins else "closed", arrived_ms)
        life = replace(known, emptied_ms=0, expired=False)
        stage: Stage = "closed" if life.stage == "closed" else "open"
        self._change(story_id, replace(life, stage=stage, news_ms=max(life.news_ms, arrived_ms)))

    def empty(self, story_id: str, at_ms: int, unknown: Stage = "closed") -> None:
        """Its last article was withdrawn, as far as the matcher knows. `unknown`: the stage of one nobody knows."""
        life = self._lives.get(story_id) or Life(unknown, at_ms)
        self._change(story_id, replace(life, emptied_ms=at_ms))

    def expire(self, story_id: str) -> None:
        """It was told to expire."""
        life = self._lives.get(story_id)
        if life is not None:
            self._change(story_id, replace(life, expired=True))

    def turn(self, story_id: str, stage: Stage, at_ms: int) -> None:
        """The story rests, is closed, or is opened again."""
        life = self._lives.get(story_id) or Life(stage, at_ms)
        news_ms = max(life.news_ms, at_ms) if stage == "open" else life.news_ms
        self._change(story_id, replace(life, stage=stage, news_ms=news_ms))

    def begun_by_hand(self, story_id: str, at_ms: int) -> None:
        """A person has split it off another story."""
        self._change(story_id, Life("open", at_ms, pinned=True, handed=True))

    def pin(self, story_id: str, pinned: bool, at_ms: int) -> None:
        """Whether a person wants the story never merged; `at_ms` counts as its news if nothing is known of it."""
        life = self._lives.get(story_id) or Life("open", at_ms)
        self._change(story_id, replace(life, pinned=pinned))

    def restore(self, story_id: str, life: Life) -> None:
        """What the end of the topics tells, unless newer articles are known; what it doesn't tell stays."""
        known = self._lives.get(story_id) or life
        news_ms = max(life.news_ms, known.news_ms)
        pinned, handed = life.pinned or known.pinned, life.handed or known.handed
        emptied_ms, expired = max(life.emptied_ms, known.emptied_ms), life.expired or known.expired
        self._change(story_id, Life(life.stage, news_ms, pinned, handed, emptied_ms, expired))

    def give_way(self, story_id: str, at_ms: int) -> None:
        """It was merged into another: what is told of it is passed on for as long as anybody may remember it."""
        self._change(story_id, Life("closed", at_ms))

    def forget(self, story_id: str) -> None:
        self._change(story_id, None)

    def _change(self, story_id: str, life: Life | None) -> None:
        before = self._lives.get(story_id)
        if life != before:
            self._before.setdefault(story_id, before)
            self._put(story_id, life)

    def _put(self, story_id: str, life: Life | None) -> None:
        before = self._lives.get(story_id)
        if life is None:
            self._lives.pop(story_id, None)
            return
        self._lives[story_id] = life
        if before is None or (before.stage, before.emptied_ms, before.expired) != (
            life.stage, life.emptied_ms, life.expired
        ):  # fmt: skip
            self._set_alarm(story_id)

    # ---- time

    def due(self, now_ms: int, limit: int) -> list[Due]:
        """Up to `limit` stories whose time has come. They come again until it is told what became of them (`turn`)."""
        found = self._too_many(now_ms, limit)
        kept: list[tuple[Turn, tuple[int, str]]] = []
        while len(found) < limit and (ringing := self._ringing(now_ms)) is not None:
            alarm = heapq.heappop(self._alarms[ringing])
            life = self._lives.get(alarm[1])
            due = self._next(alarm[1], life) if life is not None else None
            if due is None or due.stage != ringing:
                continue  # what has changed since has set an alarm of its own
            if due.at_ms > now_ms:
                heapq.heappush(self._alarms[ringing], (due.at_ms, alarm[1]))
                continue
            kept.append((ringing, alarm))
            found.setdefault(due.story_id, due)
        for ringing, alarm in kept:
            heapq.heappush(self._alarms[ringing], alarm)
        return list(found.values())

    def _too_many(self, now_ms: int, limit: int) -> dict[str, Due]:
        """What the stories longest without news become before their time: forgotten if closed, else a step nearer.

        Not forgotten are those of which only their life says that they were begun by hand, are pinned, or may be gone.
        """
        found: dict[str, Due] = {}
        too_many = min(limit, len(self._lives) - self._lives_max)
        for turn in EARLY:
            kept: list[tuple[int, str]] = []
            alarms = self._alarms[turn]
            while len(found) < too_many and alarms:
                at_ms, story_id = heapq.heappop(alarms)
                life = self._lives.get(story_id)
                due = self._next(story_id, life) if life is not None else None
                if life is None or due is None or due.stage != turn:
                    continue
                if due.at_ms > at_ms:
                    heapq.heappush(alarms, (due.at_ms, story_id))
                    continue
                kept.append((at_ms, story_id))
                if turn != "forgotten" or not (life.handed or life.pinned or life.expired):
                    found[story_id] = replace(due, at_ms=min(due.at_ms, now_ms))
            for alarm in kept:
                heapq.heappush(alarms, alarm)
        return found

    def _ringing(self, now_ms: int) -> Turn | None:
        """Whose alarm comes first, if its time has come."""
        first, turn = min(((alarms[0], turn) for turn, alarms in self._alarms.items() if alarms), default=(None, None))
        return turn if first is not None and first[0] <= now_ms else None

    @property
    def next_ms(self) -> int | None:
        """When to look next, at the earliest."""
        if len(self._lives) > self._lives_max:
            return 0
        return min((alarms[0][0] for alarms in self._alarms.values() if alarms), default=None)

    def _next(self, story_id: str, life: Life) -> Due:
        """What time alone makes of the story next."""
        patience = self._patience
        if life.emptied_ms and not life.expired:
            # It doesn't rest any more: no command may reach it shortly before it goes, or a repeat finds it gone.
            return Due(story_id, "expired", life.emptied_ms + patience.expired_after_ms, life.emptied_ms)
        if life.stage == "closed":
            last_ms = max(life.news_ms, life.emptied_ms)
            return Due(story_id, "forgotten", last_ms + patience.forgotten_after_ms, last_ms)
        if life.stage == "open":
            return Due(story_id, "dormant", life.news_ms + patience.dormant_after_ms, life.news_ms)
        return Due(story_id, "closed", life.news_ms + patience.closed_after_ms, life.news_ms)

    def _set_alarm(self, story_id: str) -> None:
        # One that is set already rings in vain at worst, and is set anew then.
        due = self._next(story_id, self._lives[story_id])
        heapq.heappush(self._alarms[due.stage], (due.at_ms, story_id))
