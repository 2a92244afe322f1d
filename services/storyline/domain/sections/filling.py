"""What else goes under the sections that stand: additions, denials, and what is new on a page that says little."""

from collections.abc import Iterable, Sequence

from storyline_schemas.base import DAY_MS

from . import blocks
from .drafts import Draft, line_of
from .echoing import echoes
from .features import Features
from .headings import is_to_be
from .passing import is_unplaced
from .pool import EVENT_POSITION_MAX, TOLD_WEIGHT, Candidate, denies
from .update import Update
from .worth import is_of_before

ADDITION_LINK_MIN = 330
CONTRIBUTION_CENTRAL_MIN, CONTRIBUTION_LINK_MIN, CLOSE_LINK_MIN = 150, 160, 200
"""The last for what has hardly a word of the titles."""
CORE_CENTRAL_MIN, LEAD_LINK_MIN = 300, 50
"""What belongs to no other section goes on under the lead, with hardly a word in common."""
MATTER_STEMS = 2
"""Beside what the story is about, which a sentence shares with a section below the lead to belong there."""
STRANGE_LINK_MAX, LATE_POSITION_MAX = 100, 5
"""Of what stands under a lead that doesn't cite its article: how little it may share with that, and up to where in its
article it may all the same."""
OTHERS_LINK_MIN = 250
"""Of what no sentence of its article stands in a section below the lead for, to stand there."""
DENIAL_LINK_MIN = 300
ANSWER_LINK_MIN = 60
PAGE_LINES_MIN, LINES_AN_ARTICLE, PAGE_LINES_MAX = 4, 3, 12
"""A page has as many sentences, if there is so much to say: of one article, for each further one, and at most."""
FILLED_LINES, FILLING_CENTRAL_MIN = 4, 210
"""From so many lines on, what fills a page has so much of the titles' words, unless two publishers report it."""
CARRIED_LINES = 4
"""A lead of so many sentences needs no more of an article that is cited."""
CORE_LINES = 2
"""More of them, of the story's core."""


def carry_on(update: Update) -> None:
    """An article for which no section can be headed goes on under the lead, with what follows in it; where the lead is
    short, also one that is cited (other languages than English: of their sentences hardly any makes a heading)."""
    lead = update.drafts.items[0] if update.drafts.items else None
    if lead is None or update.pool.english:
        return
    for anchor in blocks.ranked_anchors(update.pool, update.drafts.candidates(), update.drafts.cited()):
        there = [c.position for c in update.drafts.candidates() if c.n == anchor.n]
        if there and (len(lead.lines) >= CARRIED_LINES or anchor.position < max(there)):
            continue
        if not _has_room(update, lead, anchor):
            continue
        shown = update.drafts.features()
        if not update.is_known(anchor, shown) or not update.says_anew(anchor):
            continue
        block = blocks.extend(update.pool, anchor, shown, update.drafts.candidates(), update.named_above())
        for candidate in block[: blocks.BLOCK_SENTENCES_MAX]:
            if _has_room(update, lead, candidate):
                lead.lines.append(line_of(candidate))
                lead.changed = True


def extend(update: Update) -> None:
    """At most one sentence of a touched article joins each section, where the link is strong beyond the topic."""
    for draft in update.drafts.items:
        if draft.locked or len(draft.lines) > blocks.BLOCK_SENTENCES_MAX:
            continue
        for candidate in _additions(update, draft):
            if draft.length + candidate.features.length <= blocks.BLOCK_WORDS_MAX + 20:
                draft.lines.append(line_of(candidate))
                draft.changed = True
                break


def contradict(update: Update) -> None:
    """A touched article that denies what the lead says does so right under it."""
    lead = update.drafts.items[0] if update.drafts.items else None
    first = lead.lines[0] if lead else None
    if lead is None or first is None or lead.locked or not update.pool.english or denies(first.features):
        return
    there = {c.key for c in update.drafts.candidates()}
    for candidate in update.arrived:
        features = candidate.features
        if candidate.position > blocks.LEAD_POSITION_MAX or not denies(features) or candidate.key in there:
            continue
        if not blocks.can_open(update.pool, candidate) or update.pool.link(first.features, features) < DENIAL_LINK_MIN:
            continue
        if update.has_room(len(lead.lines) + 1, 0) and not update.pool.repeats(features, update.drafts.features()):
            lead.lines.insert(1, line_of(candidate))
            lead.changed = True
            _close_up(update, lead)
            return


def _close_up(update: Update, lead: Draft) -> None:
    """What leaned on the sentence before a new second one goes."""
    while len(lead.lines) > 2 and lead.lines[2].features.dependence:
        del lead.lines[2]


def contribute(update: Update) -> None:
    """An article that came or lost its place, and isn't on the page, adds its best sentence where it belongs."""
    if not update.drafts.items:
        return
    was = {n for s in (update.previous.sections if update.previous else ()) for t in s.sentences for n in t.citations}
    for n in sorted((update.touched | was) & update.pool.by_part.keys() - update.drafts.cited()):
        found = _contribution(update, n, strange=False) or _contribution(update, n, strange=True)
        if found is not None:
            _add(update, found[1], found[0])


def _contribution(update: Update, n: int, strange: bool) -> tuple[Candidate, Draft] | None:
    """The best sentence that an article could add, and where; if `strange`, of those that are so to the lead, which
    may then stand there, too."""
    found = None
    for candidate in blocks.best_first(update.pool, update.pool.by_part[n]):
        if strange and not _is_strange(update, candidate):
            continue
        # Fewest have a home, so that is asked first, here and below.
        more = int(_is_core(update, candidate))
        draft = _home(update, candidate, more=more, strange=strange) if _is_news(update, candidate) else None
        if draft is None or not _tells_anew(update, candidate):
            continue
        # What the page half tells already is better than nothing of the article, but not than what is new.
        new = _is_new(update, candidate)
        found = (candidate, draft) if new or found is None else found
        if new:
            break
    return found


def oppose(update: Update) -> None:
    """Where nobody answers on a page, the best sentence in which somebody denies, criticises or defends has its place,
    whatever words it shares with the titles."""
    pool = update.pool
    if not pool.english or any(pool.is_answer(f) or denies(f) for f in update.drafts.features()):
        return
    for candidate in blocks.best_first(pool, (c for c in pool.candidates if pool.is_answer(c.features))):
        of_now = _may_be_told(update, candidate) and not is_of_before(candidate.features)
        of_now = of_now and not is_unplaced(pool, candidate)
        draft = _home(update, candidate) if of_now else None
        if draft is not None and _tells_anew(update, candidate):
            _add(update, draft, candidate)
            return


def _add(update: Update, draft: Draft, candidate: Candidate) -> None:
    at = _place(update, draft, candidate)
    draft.lines[at:at] = [line_of(each) for each in _with_answer(update, candidate)]
    draft.changed = True


def _place(update: Update, draft: Draft, candidate: Candidate) -> int:
    """Where a sentence stands in a section: behind what its article has before it, if all that it takes as known stands
    above that; else last."""
    lines, last = draft.lines, len(draft.lines)
    its = [(i, line.candidate) for i, line in enumerate(lines, 1) if line.candidate and line.candidate.n == candidate.n]
    at = max((i for i, other in its if other.position < candidate.position), default=last)
    while at < last and lines[at].features.dependence:
        at += 1
    return at if at == last or _is_introduced(update, candidate, draft, at) else last


def thicken(update: Update) -> None:
    """A page that says little for its articles goes on with what else is new, the best first, each sentence in the
    section that it is closest to: what is of the story, then what has no word of its titles but is close to a section,
    then what leans on a section's last sentence."""
    if not update.drafts.items or update.line_count() >= _enough(update) + CORE_LINES:
        return
    _go_on(update, [c for c in update.pool.candidates if _is_news(update, c)], CONTRIBUTION_LINK_MIN)
    if update.line_count() < _enough(update):
        _go_on(update, [c for c in update.pool.candidates if not _is_of_story(c)], CLOSE_LINK_MIN)
    for draft in update.drafts.items:
        if update.line_count() < _enough(update) and (after := _after_last(update, draft)) is not None:
            draft.lines.append(line_of(after))
            draft.changed = True


def _go_on(update: Update, candidates: Iterable[Candidate], least: int) -> None:
    """Add the best of these to the sections to which they have that link, until the page says enough."""
    enough = _enough(update)
    for candidate in blocks.best_first(update.pool, candidates):
        lines = update.line_count()
        if lines >= enough + CORE_LINES:
            return
        if lines >= enough and not _is_core(update, candidate):
            continue
        # Only touched articles go on under a section that stands as it was.
        if candidate.n not in update.touched and all(d.before and not d.changed for d in update.drafts.items):
            continue
        draft = _home(update, candidate, least) if _may_fill(update, candidate, lines) else None
        if draft is not None and _is_new(update, candidate) and _tells_anew(update, candidate):
            _add(update, draft, candidate)


def _may_fill(update: Update, candidate: Candidate, lines: int) -> bool:
    """Whether a sentence may fill a page of so many: a longer one only with more words of what the story is about."""
    if not _may_be_told(update, candidate) or is_unplaced(update.pool, candidate):
        return False
    if lines < FILLED_LINES or not update.pool.english:
        return True
    return candidate.support > 1 or candidate.central >= FILLING_CENTRAL_MIN


def _after_last(update: Update, draft: Draft) -> Candidate | None:
    """The sentence that leans on a section's last one in its article, if it says something new and there is room."""
    last = draft.lines[-1].candidate
    after = update.pool.by_part[last.n][last.rank + 1 : last.rank + 2] if last else []
    if last is None or not after or after[0].position != last.position + 1 or not after[0].features.dependence:
        return None
    candidate = after[0]
    if candidate.features.future or blocks.beside_place(update.pool, candidate) < 0:
        return None
    if not _has_room(update, draft, candidate) or blocks.answered_by(update.pool, candidate) is not None:
        return None
    if not blocks.follows(update.pool, [last], candidate, 1) or not _is_new(update, candidate):
        return None
    told = update.is_known(candidate, [line.features for line in draft.lines])
    return candidate if told and update.says_anew(candidate) else None


def _enough(update: Update) -> int:
    return min(PAGE_LINES_MAX, PAGE_LINES_MIN + LINES_AN_ARTICLE * (update.originals() - 1))


def _is_new(update: Update, candidate: Candidate) -> bool:
    # Who answers what is told says it in the words of what he answers.
    features = candidate.features
    answers = denies(features) or update.pool.is_answer(features)
    new = answers or update.pool.is_new(features, update.drafts.features())
    return new and not echoes(update.pool, candidate, update.drafts.candidates())


def _tells_anew(update: Update, candidate: Candidate) -> bool:
    """Whether a sentence says what it is about, and that nothing on the page tells it."""
    if blocks.withholds(update.pool, candidate, ()):
        return False
    if any(update.pool.leads_alike(candidate, other) for other in update.drafts.candidates()):
        return False
    return update.says_anew(candidate)


def _is_news(update: Update, candidate: Candidate) -> bool:
    """Whether a sentence tells news of what the story is about."""
    return _may_be_told(update, candidate) and _is_of_story(candidate)


def _may_be_told(update: Update, candidate: Candidate) -> bool:
    if candidate.features.future and _is_preview(update, candidate):
        return False
    return candidate.n not in update.pool.apart


def _is_preview(update: Update, candidate: Candidate) -> bool:
    """Whether what a sentence looks ahead to may be over, or is the story's news itself: it is older than half a day,
    opens its article, or stands in one that announces what another article's title doesn't (English)."""
    pool = update.pool
    if pool.newest_ms - candidate.at_ms >= blocks.AHEAD_MS or candidate.position <= EVENT_POSITION_MAX:
        return True
    return is_to_be(pool.cleaned[candidate.n]) and not all(is_to_be(title) for title in pool.cleaned.values() if title)


def _is_of_story(candidate: Candidate) -> bool:
    return candidate.central >= CONTRIBUTION_CENTRAL_MIN or candidate.support > 1


def _is_core(update: Update, candidate: Candidate) -> bool:
    """Whether a page is longer for a sentence: of the other side; or no background, and of the core, which several
    publishers report or the titles tell."""
    worth = blocks.beside_place(update.pool, candidate)
    return worth > 0 or (worth == 0 and (candidate.central >= CORE_CENTRAL_MIN or candidate.support > 1))


def _is_introduced(update: Update, candidate: Candidate, draft: Draft, at: int | None = None) -> bool:
    """Whether a sentence is whole at the end of a section, or behind so many of its sentences, and who and what it
    takes as known is so there."""
    section = draft.lines[:at]
    above = [line for each in update.drafts.items[: update.drafts.items.index(draft)] for line in each.lines]
    shown = [line.features for line in (*above, *section)]
    there = [line.candidate for line in (*above, *section) if line.candidate]
    if not blocks.stands_below(update.pool, candidate, [line.features for line in section], there):
        return False
    *_, answer = _with_answer(update, candidate)
    if answer is not candidate and not _is_introduced_answer(update, candidate, answer, draft, shown):
        return False
    return update.is_known(candidate, shown)


def _is_introduced_answer(
    update: Update, candidate: Candidate, answer: Candidate, draft: Draft, shown: Sequence[Features]
) -> bool:
    """Whether a section has room for a sentence and what says "But" to it, which is new and takes none as known."""
    length = draft.length + candidate.features.length + answer.features.length
    if not update.has_room(len(draft.lines) + 2, length) or answer.features.pronoun:
        return False
    if update.pool.link(candidate.features, answer.features) < ANSWER_LINK_MIN:
        return False
    again = update.pool.repeats(answer.features, update.drafts.features())
    return not again and update.is_known(answer, [*shown, candidate.features])


def _with_answer(update: Update, candidate: Candidate) -> list[Candidate]:
    """A sentence with the one that says "But" to it."""
    answer = blocks.answered_by(update.pool, candidate)
    return [candidate] if answer is None else [candidate, answer]


def _home(
    update: Update,
    candidate: Candidate,
    least: int = CONTRIBUTION_LINK_MIN,
    *,
    more: int = 0,
    strange: bool = False,
) -> Draft | None:
    """The section with room whose sentences a candidate is closest to, at least so close, below the lead one whose
    matter it shares; else the lead's, if the story is about it or somebody answers. In other languages than English
    else one with which it shares less. The lead's may have so many sentences `more`, and `strange` ones."""
    least_to_lead = LEAD_LINK_MIN if least <= CONTRIBUTION_LINK_MIN else least
    matter_min = MATTER_STEMS if update.pool.english else 1
    homes: list[tuple[bool, int, int]] = []
    for i, draft in enumerate(update.drafts.items):
        if i == 0 and not strange and _is_strange(update, candidate):
            continue
        matter = MATTER_STEMS if i == 0 else _of_its_matter(update, candidate, draft)
        if matter < matter_min or not _has_room(update, draft, candidate, 0 if i else more):
            continue
        link = max([update.pool.link(candidate.features, line.features) for line in draft.lines])
        # What another article tells reads soonest as another matter.
        others = update.pool.english and candidate.n not in draft.cited
        if link >= (max(least, OTHERS_LINK_MIN if others else 0) if i else least_to_lead):
            homes.append((matter >= MATTER_STEMS, link, -i))
    # What takes longest is asked last.
    found = (update.drafts.items[-i] for _, _, i in sorted(homes, reverse=True))
    return next((draft for draft in found if _is_introduced(update, candidate, draft)), None)


def _is_strange(update: Update, candidate: Candidate) -> bool:
    """Whether a sentence far down in an article that the lead's section doesn't cite has hardly a word of that."""
    lead = update.drafts.items[0]
    if candidate.position <= LATE_POSITION_MAX or candidate.n in lead.cited or not update.pool.english:
        return False
    return max([update.pool.link(candidate.features, line.features) for line in lead.lines]) < STRANGE_LINK_MAX


def _of_its_matter(update: Update, candidate: Candidate, draft: Draft) -> int:
    """How many telling stems a sentence shares with a section that aren't what the whole story is about."""
    own = candidate.features.stem_set - update.pool.title_stems
    shared = {stem for line in draft.lines for stem in own & line.features.stem_set}
    return sum(update.pool.weights[stem] >= TOLD_WEIGHT for stem in shared)


def _has_room(update: Update, draft: Draft, candidate: Candidate, more: int = 0) -> bool:
    first = draft.lines[0].candidate
    late = first is not None and first.at_ms - candidate.at_ms > DAY_MS
    length = draft.length + candidate.features.length
    stands = candidate.n not in update.touched and not draft.changed and draft.before is not None
    return not (draft.locked or late or stands) and update.has_room(len(draft.lines) + 1, length, more)


def _additions(update: Update, draft: Draft) -> list[Candidate]:
    """Sentences of touched articles that belong under a section and say something new, best first."""
    if draft.cited & update.touched and len(draft.lines) >= blocks.BLOCK_SENTENCES_MAX:
        return []
    there = {c.key for c in update.drafts.candidates()}
    found = []
    for candidate in update.arrived:
        if candidate.key in there or not blocks.can_open(update.pool, candidate) or candidate.n in draft.cited:
            continue
        if blocks.answered_by(update.pool, candidate) is not None:
            continue
        link = max([update.pool.specific_link(candidate.features, line.features) for line in draft.lines])
        if link < ADDITION_LINK_MIN:
            continue
        if update.says_anew(candidate) and _is_introduced(update, candidate, draft):
            found.append((-link, candidate.n, candidate.position, candidate))
    return [entry[3] for entry in sorted(found, key=lambda entry: entry[:3])]
