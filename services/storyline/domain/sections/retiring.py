"""What is no longer so goes off the page, and what a new version of an article says in its place goes on."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from . import blocks
from .drafts import drop, line_of
from .features import Features
from .hunts import hunted_before
from .introducing import introduced_among, points_only_above
from .opinion import is_attributed, judging
from .passing import over
from .pool import Candidate
from .states import Overtaken, outdated, overtaken
from .update import Key, Update

FEW_ARTICLES = 3
"""Of so few, half may know somebody without readers doing so."""


def retire(update: Update) -> None:
    """Mark the sentences that newer ones overtake, here and in earlier updates, and take them off the page."""
    for n, position, by_n, by_position in update.state.get("retired", ()):
        if {n, by_n} <= update.live.keys() and not {n, by_n} & update.touched:
            update.retired[n, position] = (by_n, by_position)
    shown = {candidate.key for candidate in update.drafts.candidates()}
    newer = [c for c in update.arrived if c.features.sentence_like or c.features.usable]
    for found in [*overtaken(update.pool, newer, update.pool.candidates), *_late(update)]:
        update.retired[found.old] = found.by
        if found.what and found.old in shown:
            update.superseded.append(found.what)
    past = over(update.pool) | hunted_before(update.pool)
    gone = update.retired.keys() | set(outdated(update.pool)) | past | _opinions(update)
    for candidate in update.pool.candidates:
        candidate.stale = candidate.key in gone
    drop(update.drafts, gone)


def _opinions(update: Update) -> set[Key]:
    """What columns say without saying who says so, and reports in their authors' name."""
    told = [c for n in update.pool.opinions for c in update.pool.by_part[n]]
    found = {c.key for c in told if not is_attributed(c.features, update.pool.language)}
    if update.pool.english:
        for n, group in update.pool.by_part.items():
            found |= {group[rank].key for rank in judging(update.pool.reading_of(n))}
    return found


def overtake(update: Update, found: Sequence[Overtaken]) -> None:
    """Take what turned out to be over off the page, and keep it off."""
    for each in found:
        update.retired[each.old] = each.by
    for candidate in update.pool.candidates:
        candidate.stale = candidate.stale or candidate.key in update.retired
    update.pool.openers = None
    drop(update.drafts, update.retired.keys())
    update.mend()


def _late(update: Update) -> list[Overtaken]:
    """An article that arrives late may itself be overtaken by what the story knows."""
    others = [c for c in update.pool.candidates if c.n not in update.touched and c.features.sentence_like]
    return overtaken(update.pool, others, update.arrived)


def regrow(update: Update) -> None:
    """What a new version of an article says in place of what it took back goes on after the same opening."""
    for draft in update.drafts.items:
        first = draft.lines[0].candidate if draft.lines else None
        if not draft.changed or draft.locked or first is None or draft.cited - update.touched:
            continue
        if any(line.candidate is None or line.candidate.n != first.n for line in draft.lines):
            continue
        if first.stale or first.text != (draft.before.sentences[0].text if draft.before else ""):
            continue
        block = blocks.extend(
            update.pool, first, update.drafts.features(but=draft), headline=update.named_above(first.n)
        )
        there = {line.text for line in draft.lines}
        if there < {c.text for c in block}:
            draft.lines = [line_of(c) for c in block]


def let_go(update: Update) -> None:
    """What takes as known what the page no longer tells above it goes: the section that told it went or stands below,
    or the headline is another one."""
    while unknown := _unknown(update):
        drop(update.drafts, unknown)
        update.mend(but=update.drafts.items[0])


def _unknown(update: Update) -> set[Key]:
    """The sentences whose people aren't introduced above them, and those that have a noun as known without a sentence
    of their article right above them, which may tell of it in other words."""
    known = update.named_above()
    if len(update.pool.parts) > FEW_ARTICLES:
        known |= update.pool.common_names
    shown: list[Features] = []
    unknown: set[Key] = set()
    for draft in update.drafts.items:
        last: Candidate | None = None
        for line in draft.lines:
            candidate = line.candidate if shown and not draft.locked else None
            alone = candidate is not None and (last is None or last.n != candidate.n)
            if candidate is None or _is_told(update, candidate, shown, known, alone):
                shown.append(line.features)
            else:
                unknown.add(candidate.key)
            last = line.candidate
    return unknown


def _is_told(
    update: Update, candidate: Candidate, shown: Sequence[Features], known: AbstractSet[str], alone: bool
) -> bool:
    if not introduced_among(update.pool, candidate.features, shown, known):
        return False
    return not alone or points_only_above(update.pool, candidate, shown, known)
