"""The lead: which sentence tells what the story is now, and what becomes of the one before."""

from collections.abc import Sequence

from storyline_schemas.base import DAY_MS, HOUR_MS

from . import blocks
from .drafts import Draft, Line, drop, line_of
from .headings import age_penalty, titles_block
from .introducing import introduced
from .pool import Candidate
from .retiring import overtake
from .states import leaves_open, settles, unsettled
from .update import Update
from .worth import tells_of_harm

NEXT_DAY_MS = 18 * HOUR_MS
"""From which a lead of a later day needs no more than to be better."""


def lead(update: Update) -> None:
    """A touched article's sentence takes the lead if it is clearly better; a lost lead is found again.

    What is more than a day older than the lead comes late, and doesn't turn it back.
    """
    items = update.drafts.items
    current = items[0].lines[0].candidate if items else None
    if not items or items[0].id != update.state.get("lead"):
        _find_lead(update)
        return
    if items[0].locked:
        return
    arrived = [c for c in update.arrived if current is None or current.at_ms - c.at_ms <= DAY_MS]
    best = blocks.best_lead(update.pool, arrived)
    if best is None or (current and best.key == current.key):
        return
    bar = _bar(update, best, current) if current and blocks.can_open(update.pool, current) else -10_000
    if current is not None and update.pool.english:
        ends = [c for c in arrived if blocks.can_lead(update.pool, c) and settles(c, current)]
        if ends:
            best, bar = ends[-1], -10_000
            update.settled = best.n
            overtake(update, unsettled(update.pool, best))
    if blocks.lead_score(update.pool, best) > bar:
        _new_lead(update, best)


def _bar(update: Update, best: Candidate, current: Candidate) -> int:
    """What the score of a new lead must exceed: the present one's, and what it has for being there."""
    bar = blocks.lead_score(update.pool, current) + blocks.LEAD_INERTIA
    undated = update.undated(best.n)
    if undated:
        # What has no date isn't newer than the lead.
        bar += age_penalty(update.pool.newest_ms - current.at_ms)
    next_day = not undated and best.at_ms - current.at_ms >= NEXT_DAY_MS
    if next_day:
        # How well the last lead tells its headline holds back no news of another day.
        bar -= max(0, blocks.own_title(update.pool, current) - blocks.own_title(update.pool, best))
    if next_day and blocks.is_of_today(best):
        return bar - blocks.LEAD_INERTIA
    in_other_words = update.pool.same_event(best, current) or _is_rewritten(update, best)
    return bar + blocks.SAME_EVENT_INERTIA if in_other_words else bar


def _is_rewritten(update: Update, candidate: Candidate) -> bool:
    """Whether a sentence is of an article that tells what an earlier one did in other words."""
    return update.pool.parts[candidate.n].relation == "rewrite"


def _find_lead(update: Update) -> None:
    """No lead stands: the best sentence of all takes it; a section that has it already moves up as it is."""
    candidates = update.pool.candidates
    best = blocks.best_lead(update.pool, candidates) or blocks.best_opening(update.pool, candidates)
    best = _ended(update, best) if best is not None else None
    holder = next((d for d in update.drafts.items if best and any(line.candidate is best for line in d.lines)), None)
    if holder is not None:
        update.drafts.items.remove(holder)
        update.drafts.items.insert(0, holder)
    elif best is not None:
        _new_lead(update, best)


def _ended(update: Update, best: Candidate) -> Candidate:
    """What leads where the best sentence leaves open what a later article of the same batch settles."""
    if not update.pool.english:
        return best
    able = [c for c in update.arrived if blocks.can_lead(update.pool, c)]
    open_still = [best] if leaves_open(best) else [c for c in able if leaves_open(c) and settles(best, c)]
    ends = [c for c in able if open_still and settles(c, open_still[0])]
    if not ends:
        return best
    end = best if best in ends else max(ends, key=lambda c: (blocks.lead_score(update.pool, c), -c.n))
    update.settled = end.n
    overtake(update, unsettled(update.pool, end))
    return end


def _new_lead(update: Update, best: Candidate) -> None:
    """Put the lead's block first. What said the same goes; the last lead otherwise stands below it as it was."""
    rewritten, rest = _restated(update, best)
    # A lead may go without a heading, a section below it may not.
    update.drafts.items = [draft for draft in update.drafts.items if draft.heading or draft.locked]
    _tell_once(update, best)
    block = blocks.extend(
        update.pool, best, update.drafts.features(), update.drafts.candidates(), update.named_above(best.n)
    )
    draft = Draft(
        rewritten.id if rewritten else update.drafts.new_id(), "", 0, [line_of(c) for c in block], changed=True
    )
    draft.before = rewritten.before if rewritten else None
    _go_on(update, draft, rest)
    _demote(update)
    update.drafts.items.insert(0, draft)
    while len(update.drafts.items) > update.cap():
        loose = [d for d in update.drafts.items[1:] if not d.locked]
        if not loose:
            break
        update.drafts.items.remove(min(loose, key=update.worth_of))
    update.head(draft, lead=True)


def _demote(update: Update) -> None:
    """A lead that stood under its article's title goes on below the next only if it says what that title does:
    else as another section, under another heading, or not at all."""
    last = next((d for d in update.drafts.items if d.id == update.state.get("lead") and not d.locked), None)
    block = last.candidates if last else []
    if last is None or not block or not last.heading_n or titles_block(update.pool, last.heading, block):
        return
    place = update.drafts.items.index(last)
    update.drafts.items.remove(last)
    again = Draft("", "", 0, last.lines, changed=True)
    if len(again.lines) > 1 and update.head(again, lead=False):
        again.id = update.drafts.new_id()
        update.drafts.items.insert(place, again)


def _restated(update: Update, best: Candidate) -> tuple[Draft | None, list[Line]]:
    """Take what says the same as a new lead off the page. Gives the last lead's section if that was among it, and
    what is left of it."""
    items = update.drafts.items
    first = items[0] if items and not items[0].locked else None
    again = {
        line.candidate.key
        for draft in items
        if not draft.locked
        for line in draft.lines
        if line.candidate and _says(update, best, line)
    }
    rewritten = None
    rest: list[Line] = []
    if first is not None and any(line.candidate and line.candidate.key in again for line in first.lines):
        rewritten = first
        rest = [line for line in first.lines if line.candidate and line.candidate.key not in again]
        items.remove(first)
    drop(update.drafts, again)
    update.mend()
    return rewritten, rest


def _says(update: Update, best: Candidate, line: Line) -> bool:
    return update.pool.same(best.features, line.features) or (
        line.candidate is not None and update.pool.opens_alike(best, [line.candidate])
    )


def _go_on(update: Update, draft: Draft, rest: Sequence[Line]) -> None:
    """Under a lead that tells the last one anew, what that one's section said beside it goes on."""
    length = draft.length
    for line in rest:
        candidate, features = line.candidate, line.features
        there = draft.candidates
        if candidate is None or features.dependence or not introduced(update.pool, features, there):
            continue
        if not _is_of_story_still(update, candidate):
            continue
        if not update.has_room(len(draft.lines) + 1, length + features.length):
            continue
        again = update.pool.tells_again(candidate, [each for each in there if each.n != candidate.n])
        shown = [*update.drafts.features(), *(each.features for each in draft.lines)]
        if not (again or update.pool.repeats(features, shown)):
            draft.lines.append(line_of(candidate))
            length += features.length


def _is_of_story_still(update: Update, candidate: Candidate) -> bool:
    """Whether what stood beside the last lead is worth a place beside the next: no colour or background, and of what
    the titles tell, of what others report, too, or of who was hurt or held (English)."""
    if not update.pool.english:
        return True
    if blocks.beside_place(update.pool, candidate) < 0:
        return False
    return candidate.central > 0 or candidate.support > 1 or tells_of_harm(candidate.features)


def _tell_once(update: Update, lead: Candidate) -> None:
    """Another lead of the same event, in other words, goes; what its article says beside it may stand."""
    lines = [line for draft in update.drafts.items if not draft.locked for line in draft.lines if line.candidate]
    again = {line.candidate.key for line in lines if line.candidate and update.pool.tells_again(lead, [line.candidate])}
    if again:
        drop(update.drafts, again)
        update.mend()
