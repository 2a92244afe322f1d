"""What a reader hasn't been told yet of a story: versions that come in the meantime become one notification."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from storyline_schemas import StoryStatus, StoryUpdate
from storyline_schemas.base import Contract, StoryId, Time
from storyline_schemas.update import LEVELS, Level

from .timing import Timing
from .wanted import Wanted, is_about, is_significant

SUMMARIES_MAX = 12
"""Joined summaries; of more, the newest are kept, since a reader wants to know how it stands now."""
KEYS_MAX = 8
"""Dedupe keys remembered: a story that goes to and fro repeats one of its last states."""
TIMES_MAX = 1_000
_OVER = (StoryStatus.RETRACTED, StoryStatus.MERGED)


class Owed(Contract):
    """One notification that is due: the story as it stands at `version`, and all that is new since `from_version`.

    It holds nothing of the story but what is shown in the notification, so that a later kill has little to take back.
    """

    story_id: StoryId
    from_version: int
    version: int
    ce_id: str
    """Of the newest update in it: what the notification's own id is made from."""
    headline: str
    status: Annotated[StoryStatus, Field(strict=False)]
    language: str
    space: str
    article_count: int
    source_count: int
    updated_at: Time
    redirect_to: StoryId | None = None
    kinds: Annotated[tuple[str, ...], Field(strict=False)]
    level: Level
    reasons: Annotated[tuple[str, ...], Field(strict=False)] = ()
    summaries: Annotated[tuple[str, ...], Field(strict=False)] = ()
    dedupe_key: str
    due_ms: int
    since_ms: int
    """When the oldest version in it was taken up: its age, and so its end, counts from there."""
    tries: int = 0
    """Attempts that failed while its endpoint took others."""

    @classmethod
    def of(cls, update: StoryUpdate, ce_id: str, *, from_version: int, due_ms: int, now_ms: int) -> "Owed":
        story, change = update.story, update.change
        return cls(
            story_id=story.id, from_version=from_version, version=story.version, ce_id=ce_id,
            headline=story.headline, status=story.status, language=story.language, space=story.space,
            article_count=story.article_count, source_count=story.source_count, updated_at=story.updated_at,
            redirect_to=story.redirect_to, kinds=(change.kind,), level=update.significance.level,
            reasons=update.significance.reasons, summaries=(change.summary,) if change.summary else (),
            dedupe_key=update.notify.dedupe_key, due_ms=due_ms, since_ms=now_ms,
        )  # fmt: skip

    def then(self, newer: "Owed") -> "Owed":
        """Both as one: the newest state, the strongest level, the earliest time, all reasons and summaries.

        After a retraction nothing said before it is repeated: it may be what was withdrawn.
        """
        forget = "retraction" in newer.kinds
        before = () if forget else self.summaries
        return newer.model_copy(
            update={
                "from_version": min(self.from_version, newer.from_version),
                "kinds": _joined(self.kinds, newer.kinds),
                "level": max(self.level, newer.level, key=LEVELS.index),
                "reasons": _joined(() if forget else self.reasons, newer.reasons),
                "summaries": _joined(before, newer.summaries)[-SUMMARIES_MAX:],
                "due_ms": min(self.due_ms, newer.due_ms),
                "since_ms": min(self.since_ms, newer.since_ms),
                "tries": self.tries if self.version == newer.version else 0,
            }
        )


class Told(Contract):
    """What a reader was told of a story: up to which version, when, and by which keys."""

    version: int
    at_ms: Annotated[tuple[int, ...], Field(strict=False)] = ()
    keys: Annotated[tuple[str, ...], Field(strict=False)] = ()

    @staticmethod
    def after(before: "Told | None", owed: Owed, now_ms: int, times_max: int) -> "Told":
        """`times_max`: how many times of telling the budget looks back at."""
        times = (*(before.at_ms if before else ()), now_ms)[-min(times_max, TIMES_MAX) :]
        keys = _joined(before.keys if before else (), (owed.dedupe_key,))[-KEYS_MAX:]
        return Told(version=max(owed.version, before.version if before else 0), at_ms=times, keys=keys)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one subscription is owed of one story. `sent` is on its way just now; `waiting` comes after it."""

    waiting: Owed | None = None
    sent: Owed | None = None

    def depart(self) -> "Entry":
        """What waits goes on its way."""
        return Entry(None, self.waiting)

    def arrived(self) -> "Entry":
        """What was on its way is there; what waits begins after it."""
        return Entry(self.waiting, None)

    def returned(self, tries: int, due_ms: int) -> "Entry":
        """What was on its way didn't arrive, or nobody knows: it waits again, together with what came since."""
        assert self.sent is not None, "nothing was on its way"
        back = self.sent.model_copy(update={"tries": tries, "due_ms": due_ms})
        return Entry(back.then(self.waiting) if self.waiting else back, None)

    @property
    def empty(self) -> bool:
        return self.waiting is None and self.sent is None


def take(
    entry: Entry, told: Told | None, update: StoryUpdate, ce_id: str, wanted: Wanted, timing: Timing, now_ms: int
) -> Entry:
    """What a subscription is owed once this update has come; the same entry if the update changes nothing for it.

    A reader who was told of a story goes on hearing of it, also when its words have changed. Whatever is owed is
    replaced by each newer version, even by one that would not be told by itself: nobody is told what is over.
    """
    known = told is not None or not entry.empty
    if entry.waiting is not None:
        return _replaced(entry, entry.waiting, told, update, ce_id, timing, now_ms)
    if not (known or is_about(wanted, update.story)) or not is_significant(wanted, update):
        return entry
    if not known and update.story.status in _OVER:
        return entry
    if timing.pace != "every" and update.notify.dedupe_key in _keys(entry, told):
        return entry
    due_ms = timing.due_ms(update, now_ms, told.at_ms if told else ())
    if due_ms is None:
        return entry
    return replace(entry, waiting=_owed(entry, told, update, ce_id, due_ms, now_ms))


def _replaced(
    entry: Entry, waiting: Owed, told: Told | None, update: StoryUpdate, ce_id: str, timing: Timing, now_ms: int
) -> Entry:
    never_told = told is None and entry.sent is None and timing.pace != "every"
    if never_told and update.story.status in _OVER:
        return replace(entry, waiting=None)
    due_ms = timing.due_ms(update, now_ms, told.at_ms if told else ())
    newer = _owed(entry, told, update, ce_id, waiting.due_ms if due_ms is None else due_ms, now_ms)
    return replace(entry, waiting=waiting.then(newer))


def _owed(entry: Entry, told: Told | None, update: StoryUpdate, ce_id: str, due_ms: int, now_ms: int) -> Owed:
    return Owed.of(update, ce_id, from_version=_next_version(entry, told, update), due_ms=due_ms, now_ms=now_ms)


def _next_version(entry: Entry, told: Told | None, update: StoryUpdate) -> int:
    """The first version that the reader hasn't heard of; the update's own for one who hears of the story anew."""
    if entry.sent is not None:
        return entry.sent.version + 1
    return told.version + 1 if told else update.story.version


def _keys(entry: Entry, told: Told | None) -> Sequence[str]:
    on_its_way = (entry.sent.dedupe_key,) if entry.sent else ()
    return (*(told.keys if told else ()), *on_its_way)


def _joined(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """In order, each once, at its newest place."""
    return tuple(each for each in before if each not in after) + tuple(dict.fromkeys(after))
