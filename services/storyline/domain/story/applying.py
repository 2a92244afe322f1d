"""One rule for each command: what it does to the members and the status of a story."""

from collections.abc import Callable
from typing import Any

from storyline_schemas import (
    Add,
    Adopt,
    Close,
    Expire,
    Lock,
    Merge,
    Moved,
    Open,
    Part,
    Pin,
    Rename,
    Reopen,
    Retract,
    Split,
    StoryCommand,
    StoryStatus,
)  # fmt: skip

from ...errors import StateLost
from .draft import APPLIED, DUPLICATE, Draft, Outcome
from .parts import live_parts, order_of, part_of, tombstone


def apply(draft: Draft, command: StoryCommand) -> Outcome:
    """Apply one command (any but `propose`, see `wording`) and say what became of it.

    Raises StateLost if the story must exist and doesn't.
    """
    if draft.expired or (command.expired and not draft.exists):
        return EXPIRED
    if not draft.exists and not draft.untold and not may_come_first(command):
        raise StateLost(
            f"story {draft.story_id} is missing, though it was told to {command.type}: "
            "stop the services and run `storyline rebuild`"
        )
    rule: Callable[[Draft, Any], Outcome] = _RULES[type(command)]
    return rule(draft, command)


def may_come_first(command: StoryCommand) -> bool:
    """Whether there need not be a story yet."""
    # Of a story that was split off, anything may come before the articles it was given; and one that has expired is
    # told so again after a fault.
    return command.handed or isinstance(command, Open | Expire) or (isinstance(command, Adopt) and command.opens)


def _add(draft: Draft, command: Open | Add) -> Outcome:
    if draft.merged:
        return draft.send_on(_as_adopt(draft, command))
    if no_news := draft.is_news(command.article_uri, order_of(command)):
        return no_news
    return _take(draft, command, part_of(command), "added")


def _as_adopt(draft: Draft, command: Open | Add) -> Adopt:
    return Adopt(
        story_id=command.story_id, space=draft.space, at_ms=command.at_ms, cause=command.cause,
        article_uri=command.article_uri, placement=command.placement, revision=command.revision,
        from_story_id=draft.story_id, part=part_of(command),
    )  # fmt: skip


def _take(draft: Draft, command: Open | Add | Adopt, part: Part, action: Any) -> Outcome:
    draft.put(part, action)
    if draft.status in (StoryStatus.DORMANT, StoryStatus.RETRACTED):
        draft.status = StoryStatus.OPEN
    return draft.note(command)


def _adopt(draft: Draft, command: Adopt) -> Outcome:
    if draft.merged:
        return draft.send_on(command)
    no_news = draft.is_news(command.article_uri, (command.placement, command.revision))
    if no_news and not draft.comes_back(command):
        return draft.hand_on(command) or no_news
    draft.pinned |= command.by == "split" and not draft.exists
    if not command.part.gone:
        return _take(draft, command, command.part, "adopted")
    return _bury(draft, command, "retracted")


def _bury(draft: Draft, command: Retract | Adopt, action: Any) -> Outcome:
    moved = command.part.moved if isinstance(command, Adopt) else None
    draft.bury(tombstone(command.article_uri, command.placement, command.revision, moved), action)
    draft.headline = None  # a person's headline may tell what was withdrawn
    _retract_if_empty(draft)
    return draft.note(command)


EXPIRED = Outcome("refused", "the story was withdrawn long ago, and its records are gone")
NOT_YET = Outcome("refused", "the story's articles are still on their way")


def _retract_if_empty(draft: Draft) -> None:
    if all(part.gone for part in draft.parts.values()):
        draft.status = StoryStatus.RETRACTED


def _retract(draft: Draft, command: Retract) -> Outcome:
    if draft.merged:
        return draft.send_on(command)
    if no_news := draft.is_news(command.article_uri, (command.placement, command.revision)):
        return no_news
    if command.reason == "superseded":
        draft.replaced.add(command.article_uri)
    return _bury(draft, command, "moved" if command.reason == "moved" else "retracted")


def _merge(draft: Draft, command: Merge) -> Outcome:
    if command.into == draft.redirect_to:
        return DUPLICATE
    if draft.merged:
        return Outcome("refused", "merged into another story already")
    if command.into == draft.story_id:
        return Outcome("refused", "a story can't be merged into itself", "into")
    return draft.once(command, lambda: _become(draft, command))


def _become(draft: Draft, command: Merge) -> None:
    # Tombstones go along, so that a late older command finds them there as well.
    gone = [part for part in draft.parts.values() if part.gone]
    for part in (*live_parts(draft.parts.values()), *gone):
        draft.hand_over(part, command.into, part.placement, command, command.into_opened)
        if part.n is not None:
            draft.touched.add(part.n)
            draft.actions[part.article_uri] = "moved"
    draft.parts.clear()
    draft.status, draft.redirect_to = StoryStatus.MERGED, command.into


def _split(draft: Draft, command: Split) -> Outcome:
    if command.into == draft.story_id:
        return Outcome("refused", "a story can't be split into itself", "into")
    if not draft.exists:
        return NOT_YET
    return _unless_merged(draft, command, lambda: _give_away(draft, command))


def _give_away(draft: Draft, command: Split) -> Outcome | None:
    handed = 0
    for hand in command.articles:
        part = draft.parts.get(hand.article_uri)
        if part is not None and hand.placement <= part.placement:
            continue
        handed += 1
        if part is None or part.gone:
            # It is still on its way, from a story that was merged into this one.
            moved = Moved(into=command.into, moves=command.moves, reason=command.reason, author=command.author)
            revision = part.revision if part else (0, 0)
            draft.bury(tombstone(hand.article_uri, hand.placement, revision, moved), "moved")
            continue
        draft.hand_over(part, command.into, hand.placement, command, opens=True)
        draft.bury(tombstone(part.article_uri, hand.placement, part.revision), "moved")
    if not handed:
        return Outcome("refused", "none of the articles is in the story", "articles")
    _retract_if_empty(draft)
    return None


def _close(draft: Draft, command: Close) -> Outcome:
    if not draft.exists:
        return NOT_YET
    return _unless_merged(draft, command, lambda: _turn(draft, StoryStatus(command.status)))


def _reopen(draft: Draft, command: Reopen) -> Outcome:
    if not draft.exists:
        return NOT_YET
    return _unless_merged(draft, command, lambda: _turn(draft, StoryStatus.OPEN))


def _expire(draft: Draft, command: Expire) -> Outcome:
    if not draft.exists:
        return DUPLICATE
    if draft.status is not StoryStatus.RETRACTED:
        return Outcome("refused", "the story has an article")
    draft.expired = True
    return APPLIED


def _rename(draft: Draft, command: Rename) -> Outcome:
    if not draft.exists:
        return NOT_YET

    def name() -> Outcome | None:
        if draft.headline == command.headline:
            return DUPLICATE
        draft.headline = command.headline
        return None

    return _unless_merged(draft, command, name)


def _pin(draft: Draft, command: Pin) -> Outcome:
    if not draft.exists:
        return NOT_YET

    def pin() -> Outcome | None:
        if draft.pinned == command.pinned:
            return DUPLICATE
        draft.pinned = command.pinned
        return None

    return _unless_merged(draft, command, pin)


def _lock(draft: Draft, command: Lock) -> Outcome:
    if not draft.exists:
        return NOT_YET

    def lock() -> Outcome | None:
        known = draft.locks.get(command.section_id)
        if known is None:
            return Outcome("refused", "the story has no such section (any more)", "section")
        if known == command.locked:
            return DUPLICATE
        draft.locks[command.section_id] = command.locked
        return None

    return _unless_merged(draft, command, lock)


def _turn(draft: Draft, status: StoryStatus) -> Outcome | None:
    if draft.status is StoryStatus.RETRACTED:
        return Outcome("refused", "the story has no article left")
    if draft.status is status:
        return DUPLICATE
    draft.status = status
    return None


def _unless_merged(draft: Draft, command: StoryCommand, change: Callable[[], Outcome | None]) -> Outcome:
    if draft.merged:
        return Outcome("refused", "the story is merged")
    return draft.once(command, change)


_RULES: dict[type, Callable[[Draft, Any], Outcome]] = {
    Open: _add, Add: _add, Retract: _retract, Adopt: _adopt, Merge: _merge, Split: _split,
    Close: _close, Reopen: _reopen, Expire: _expire, Rename: _rename, Pin: _pin, Lock: _lock,
}  # fmt: skip
