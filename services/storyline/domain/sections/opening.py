"""New sections: which sentence opens one, what stands beside it, and whose place it takes on a full page."""

from collections.abc import Sequence

from storyline_schemas.base import DAY_MS

from . import blocks
from .drafts import Draft, line_of
from .echoing import does_again
from .features import Features
from .headings import Choice, is_told
from .pool import Candidate
from .tense import rests_on
from .update import Key, Update

COMPANY_LINK_MIN, COMPANY_POSITION_MAX = 220, 2
LEANING_MAX, LEANING_BELOW = 3, 3
"""Of the anchors passed over for those whose heading stands alone; a page of so many sections goes without them."""


def refill(update: Update) -> None:
    """New sections from the best anchors while there is room."""
    if not update.drafts.items:
        return
    tried: set[Key] = set()
    leaning: list[Candidate] = []
    while len(update.drafts.items) < update.cap():
        anchors = blocks.ranked_anchors(update.pool, update.drafts.candidates(), update.drafts.cited())
        draft = next((d for a in anchors if a.key not in tried and (d := _try(update, a, tried, leaning))), None)
        if draft is None:
            break
        update.drafts.items.append(draft)
    # Better a heading that leans on what stood before, or tells little, than a page of two sections or without the
    # article, but not before one that stands alone.
    for anchor in leaning:
        few = len(update.drafts.items) < LEANING_BELOW or anchor.n not in update.drafts.cited()
        if few and len(update.drafts.items) < update.cap() and (draft := _try(update, anchor, tried)):
            update.drafts.items.append(draft)


def _try(update: Update, anchor: Candidate, tried: set[Key], leaning: list[Candidate] | None = None) -> Draft | None:
    """The section an anchor would open, if it says something new, has company and can be headed.

    The first few whose heading leans on what stood before it are put into `leaning` instead.
    """
    tried.add(anchor.key)
    shown = update.drafts.features()
    if not update.is_known(anchor, shown):
        return None
    if not update.says_anew(anchor) or does_again(update.pool, anchor, update.drafts.candidates()):
        return None
    block = blocks.extend(update.pool, anchor, shown, update.drafts.candidates(), update.named_above())
    if blocks.withholds(update.pool, anchor, block):
        return None
    company = _company(update, anchor, shown) if len(block) < 2 else []
    if len(block) + len(company) < 2:
        return None
    draft = Draft("", "", 0, [line_of(c) for c in block], changed=True)
    found = update.head(draft, lead=False)
    draft.lines += [line_of(c) for c in company]
    if found is None or _is_headed_by_old(update, found, anchor):
        return None
    if found.leans and leaning is not None:
        if len(leaning) < LEANING_MAX:
            leaning.append(anchor)
        return None
    _open_as_headed(update, draft)
    draft.id = update.drafts.new_id()
    return draft


def _open_as_headed(update: Update, draft: Draft) -> None:
    """What a section is headed by opens it, with what goes on from that, if all still stands on what is above it."""
    lines = draft.lines
    at = next((i for i, line in enumerate(lines) if rests_on(draft.heading, line.text)), 0)
    first = lines[at].candidate
    if not at or first is None or not blocks.can_open(update.pool, first):
        return
    turned, shown = [*lines[at:], *lines[:at]], update.drafts.features()
    for i, line in enumerate(turned):
        if line.candidate and not update.is_known(line.candidate, [*shown, *(each.features for each in turned[:i])]):
            return
    draft.lines = turned


def _is_headed_by_old(update: Update, heading: Choice, anchor: Candidate) -> bool:
    """Whether what another article says elsewhere on the page is what a section would stand under (English)."""
    others = [c.features for c in update.drafts.candidates() if c.n != anchor.n] if update.pool.english else []
    return is_told(heading.text, others)


def _company(update: Update, anchor: Candidate, shown: Sequence[Features]) -> list[Candidate]:
    """For news that its next sentences don't go on from: what its article tells of it later, or another does."""
    if anchor.position > COMPANY_POSITION_MAX:
        return []
    found = []
    there = {candidate.key for candidate in update.drafts.candidates()} | {anchor.key}
    for candidate in update.pool.candidates:
        if candidate.key in there or abs(candidate.at_ms - anchor.at_ms) > DAY_MS:
            continue
        link = _company_link(update, anchor, candidate)
        if link < COMPANY_LINK_MIN or not _may_accompany(update, anchor, candidate, shown):
            continue
        found.append((link, -candidate.position, -candidate.n, candidate))
    return [max(found, key=lambda each: each[:3])[3]] if found else []


def _company_link(update: Update, anchor: Candidate, candidate: Candidate) -> int:
    """How far a sentence is about what the anchor is; of another article it must share more than the topic."""
    if candidate.n != anchor.n:
        return update.pool.specific_link(candidate.features, anchor.features)
    shared = anchor.features.stem_set & candidate.features.stem_set
    return update.pool.link(anchor.features, candidate.features) if len(shared) > 1 else 0


def _may_accompany(update: Update, anchor: Candidate, candidate: Candidate, shown: Sequence[Features]) -> bool:
    features = candidate.features
    length = anchor.features.length + features.length
    if length > blocks.BLOCK_WORDS_MAX or not blocks.can_open(update.pool, candidate):
        return False
    if not update.says_anew(candidate) or update.pool.repeats(features, [anchor.features]):
        return False
    if candidate.n != anchor.n and update.pool.tells_again(candidate, [anchor]):
        return False
    return update.is_known(candidate, (*shown, anchor.features))


def swap(update: Update) -> None:
    """On a full page one new section an update may take the weakest one's place, if it is worth much more."""
    items = update.drafts.items
    if len(items) < update.cap() or len(items) < 2 or not update.arrived:
        return
    weakest = min((d for d in items[1:] if not d.locked and d.before), key=update.worth_of, default=None)
    anchor = _better_than(update, weakest) if weakest else None
    if weakest is None or anchor is None:
        return
    place = items.index(weakest)
    items.remove(weakest)
    draft = _try(update, anchor, set())
    items.insert(len(items) if draft else place, draft or weakest)


def _better_than(update: Update, weakest: Draft) -> Candidate | None:
    """A touched article's best anchor, if it is among the best of all and worth much more than a section."""
    cited, least = update.drafts.cited(), update.worth_of(weakest) + blocks.SWAP_MARGIN
    worth = {
        c.key: score + (c.n not in cited) * blocks.NEW_SOURCE
        for score, c in blocks.openers(update.pool, update.arrived)
    }
    # Most updates bring none that is, and all others needn't be looked at.
    if max(worth.values(), default=least) <= least:
        return None
    ranked = blocks.ranked_anchors(update.pool, update.drafts.candidates(), cited)
    best = next((anchor for anchor in ranked if anchor.n in update.touched), None)
    return best if best is not None and worth[best.key] > least else None
