"""From the page as it was to the page as it is: the one function that decides what a story says.

An update changes as little as the news asks for. A section is written again only if it gains a sentence of a touched
article, loses one (source gone or revised, sentence overtaken), or a touched article also says what it says.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from storyline_schemas import Entity, Part, Section, TimelineEntry

from . import blocks
from . import words as w
from .dating import happened_at
from .drafts import Draft, Drafts, Line, cite, drop, load, verify
from .entities import entities
from .features import LONG_QUOTE_WORDS, Features, annotate
from .gate import supports
from .headings import (
    Choice,
    Heading,
    age_penalty,
    choose,
    headline_score,
    is_headline,
    is_told,
    read_heading,
    titles_block,
)
from .hunts import hunted_before
from .opinion import is_attributed
from .passing import over
from .pool import DAY_MS, Candidate, Pool, build, denies, window
from .states import Overtaken, leaves_open, outdated, overtaken, settles, unsettled
from .telling import only_talks
from .tense import rests_on
from .text import primary
from .titles import clean_title, told_title

SECTIONS_MAX = 5
RETIRED_MAX = 60
TIMELINE_MAX = 30
HEADLINE_INERTIA = 120
ADDITION_LINK_MIN = 330
CONTRIBUTION_CENTRAL_MIN, CONTRIBUTION_LINK_MIN, LEAD_CENTRAL_MIN = 150, 160, 250
LEAD_LINK_MIN = 120
CORE_CENTRAL_MIN, LEAD_CORE_LINK_MIN = 300, 50
"""For a sentence of the story's core, which belongs under the lead whatever else it shares with that."""
COMPANY_LINK_MIN, COMPANY_POSITION_MAX = 220, 2
NEXT_DAY_MS = 18 * 3_600_000
"""From which a lead of a later day needs no more than to be better."""
LEANING_MAX, LEANING_BELOW = 3, 3
"""Of the anchors passed over for those whose heading stands alone; a page of so many sections goes without them."""
DENIAL_LINK_MIN, DENIED_LINES_MAX = 300, 5
ANSWER_LINK_MIN = 60
LEAD_LINES_MAX, LEAD_WORDS_MAX = 4, 110
THIN_PAGE_LINES = 3
PAGE_LINES_MIN, LINES_AN_ARTICLE, PAGE_LINES_MAX = 2, 3, 12
"""A page has as many sentences, if there is so much to say: of one article, for each further one, and at most."""
CORE_LINES = 2
"""More of them, of the story's core."""
STATE_VERSION = 1

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Page:
    """What a story says at one version.

    `state` (JSON values only, bounded) with the sections is all that the next update needs besides the articles.
    `superseded` tells figures that this update replaced, for example "12 dead, now 15".
    """

    headline: str
    sections: tuple[Section, ...]
    state: dict[str, Any]
    timeline: tuple[TimelineEntry, ...] = ()
    entities: tuple[Entity, ...] = ()
    superseded: tuple[str, ...] = ()


def evolve(
    previous: Page | None, parts: Sequence[Part], touched: AbstractSet[int], story_version: int, language: str
) -> Page:
    """The page after an update.

    `parts` are the story's live articles (each with n; order doesn't matter), `touched` the n that arrived, were
    revised or were removed since `previous`. The same arguments give the same page on any machine; with nothing
    touched the page is returned as it is.
    """
    live = {
        part.n: part for part in sorted(parts, key=lambda part: part.n or 0) if part.n is not None and not part.gone
    }
    touched = set(touched)
    if previous is not None:
        touched |= {n for n in _used(previous) if n not in live}
        if not touched:
            return previous
        if _only_copies(previous, live, touched):
            keep = (touched | _used(previous)) & live.keys()
            named = entities(list(live.values()), window(list(live.values()), keep, language), primary(language))
            return replace(previous, entities=named, superseded=())
    return _Update(previous, live, touched, story_version, language).run()


def _used(page: Page) -> set[int]:
    """The articles that anything on the page comes from."""
    cited = {n for section in page.sections for sentence in section.sentences for n in sentence.citations}
    cited |= {n for n in page.state.get("headings", {}).values() if n}
    cited |= {n for entry in page.timeline for n in entry.citations}
    return cited | ({page.state["headline_n"]} if page.state.get("headline_n") else set())


def _only_copies(page: Page, live: dict[int, Part], touched: set[int]) -> bool:
    used = _used(page)
    return bool(page.sections) and all(
        n in live and n not in used and live[n].relation == "copy" and live[n].copy_of in live for n in touched
    )


class _Update:
    """One update on its way; the steps of `run` are its table of contents."""

    def __init__(
        self, previous: Page | None, live: dict[int, Part], touched: set[int], story_version: int, language: str
    ) -> None:
        self.previous, self.live, self.touched = previous, live, touched
        self.version, self.language = story_version, language
        keep = (touched | (_used(previous) if previous else set())) & live.keys()
        self.pool: Pool = build(window(list(live.values()), keep, language), language)
        self.state: dict[str, Any] = previous.state if previous else {}
        self.drafts: Drafts = load(
            previous.sections if previous else (), self.state.get("headings", {}), self.state.get("next", 1), self.pool
        )
        self.arrived: list[Candidate] = [c for n in sorted(touched & live.keys()) for c in self.pool.by_part.get(n, ())]
        self.retired: dict[Key, Key] = {}
        self.superseded: list[str] = []
        self.settled = 0
        """The article that tells how the matter ended, if one arrived."""
        self.headlines: dict[tuple[Key | None, int], int] = {}
        """What was found for a lead, and the article that settles the matter."""
        self.named: dict[tuple[int, int | None], frozenset[str]] = {}
        """The words of headlines that stand or may stand over the page, by their articles."""

    def run(self) -> Page:
        verify(self.drafts, self.live, self.touched, self.language)
        self._retire()
        self._regrow()
        self._mend()
        self._lead()
        self._refill()
        self._swap()
        self._extend()
        self._contradict()
        self._contribute()
        self._thicken()
        self._cite()
        self._dissolve()
        headline_n = self._headline_n()
        sections = tuple(draft.section() for draft in self.drafts.items)
        return Page(
            headline=self._headline(headline_n),
            sections=sections,
            state=self._next_state(headline_n),
            timeline=self._timeline(sections),
            entities=entities(list(self.live.values()), list(self.pool.parts.values()), self.pool.language),
            superseded=tuple(dict.fromkeys(self.superseded)),
        )

    # -- what is no longer so -----------------------------------------------------------------------------------

    def _retire(self) -> None:
        """Mark the sentences that newer ones overtake, here and in earlier updates, and take them off the page."""
        for n, position, by_n, by_position in self.state.get("retired", ()):
            if {n, by_n} <= self.live.keys() and not {n, by_n} & self.touched:
                self.retired[n, position] = (by_n, by_position)
        shown = {candidate.key for candidate in self.drafts.candidates()}
        newer = [c for c in self.arrived if c.features.sentence_like or c.features.usable]
        for found in [*overtaken(self.pool, newer, self.pool.candidates), *self._late()]:
            self.retired[found.old] = found.by
            if found.what and found.old in shown:
                self.superseded.append(found.what)
        past = over(self.pool) | hunted_before(self.pool)
        gone = self.retired.keys() | set(outdated(self.pool)) | past | self._opinions()
        for candidate in self.pool.candidates:
            candidate.stale = candidate.key in gone
        drop(self.drafts, gone)

    def _opinions(self) -> set[Key]:
        """What columns say without saying who says so."""
        told = [c for n in self.pool.opinions for c in self.pool.by_part[n]]
        return {c.key for c in told if not is_attributed(c.features)}

    def _overtake(self, found: Sequence[Overtaken]) -> None:
        """Take what turned out to be over off the page, and keep it off."""
        for each in found:
            self.retired[each.old] = each.by
        for candidate in self.pool.candidates:
            candidate.stale = candidate.stale or candidate.key in self.retired
        self.pool.openers = None
        drop(self.drafts, self.retired.keys())
        self._mend()

    def _late(self) -> list[Overtaken]:
        """An article that arrives late may itself be overtaken by what the story knows."""
        others = [c for c in self.pool.candidates if c.n not in self.touched and c.features.sentence_like]
        return overtaken(self.pool, others, self.arrived)

    def _regrow(self) -> None:
        """What a new version of an article says in place of what it took back goes on after the same opening."""
        for draft in self.drafts.items:
            first = draft.lines[0].candidate if draft.lines else None
            if not draft.changed or draft.locked or first is None or draft.cited - self.touched:
                continue
            if any(line.candidate is None or line.candidate.n != first.n for line in draft.lines):
                continue
            if first.stale or first.text != (draft.before.sentences[0].text if draft.before else ""):
                continue
            block = blocks.extend(
                self.pool, first, self.drafts.features(but=draft), headline=self._named_above(first.n)
            )
            there = {line.text for line in draft.lines}
            if there < {c.text for c in block}:
                draft.lines = [_line(c) for c in block]

    def _mend(self) -> None:
        """What sections lost may have carried the rest: one that can't open or be headed now goes."""
        for draft in list(self.drafts.items):
            if not draft.changed or draft.locked:
                continue
            first = draft.lines[0].candidate
            opens = first is not None and blocks.can_open(self.pool, first)
            kept_opening = draft.before is not None and draft.lines[0].text == draft.before.sentences[0].text
            lead = kept_opening and draft.id == self.state.get("lead")
            thin = len(draft.lines) < 2 and not lead
            if thin or not opens or not (draft.heading or self._head(draft, lead) or lead):
                self.drafts.items.remove(draft)

    def _head(self, draft: Draft, lead: bool) -> Choice | None:
        block = [line.candidate for line in draft.lines if line.candidate]
        taken = self.drafts.headings(self.pool, but=draft)
        headline = self._headline_n()
        # Twice, so that a lead, which may stand under the page's headline, doesn't stand under another section's.
        taken = [*taken, *taken] if lead else taken
        found = choose(self.pool, block, [*taken, *self._headline_read()], lead, headline) if block else None
        if found:
            draft.heading, draft.heading_n = found.text, found.n
        return found

    def _named_above(self, lead: int | None = None) -> frozenset[str]:
        """The words (lower case) and stems that the page's headline has, and the title of `lead`, which may be the next
        one."""
        key = (self._headline_n(), lead)
        if key not in self.named:
            titles = [self.pool.titles[n] for n in key if n in self.pool.titles]
            words = frozenset(word.removesuffix("'s") for title in titles for word in title.lower)
            self.named[key] = words.union(*(title.stem_set for title in titles))
        return self.named[key]

    def _headline_read(self) -> list[Heading]:
        n = self._headline_n()
        return [read_heading(self.pool.titles[n].text, self.pool.language)] if n in self.pool.titles else []

    # -- the lead -----------------------------------------------------------------------------------------------

    def _lead(self) -> None:
        """A touched article's sentence takes the lead if it is clearly better; a lost lead is found again.

        What is more than a day older than the lead comes late, and doesn't turn it back.
        """
        items = self.drafts.items
        current = items[0].lines[0].candidate if items else None
        if not items or items[0].id != self.state.get("lead"):
            self._find_lead()
            return
        if items[0].locked:
            return
        arrived = [c for c in self.arrived if current is None or current.at_ms - c.at_ms <= DAY_MS]
        best = blocks.best_lead(self.pool, arrived)
        if best is None or (current and best.key == current.key):
            return
        bar = (
            blocks.lead_score(self.pool, current) + blocks.LEAD_INERTIA
            if current and blocks.can_open(self.pool, current)
            else -10_000
        )
        undated = self._undated(best.n)
        if current is not None and undated:
            # What has no date isn't newer than the lead.
            bar += age_penalty(self.pool.newest_ms - current.at_ms)
        next_day = current is not None and not undated and best.at_ms - current.at_ms >= NEXT_DAY_MS
        if next_day and blocks.is_of_today(best):
            bar -= blocks.LEAD_INERTIA
        elif current is not None and self.pool.same_event(best, current):
            bar += blocks.SAME_EVENT_INERTIA
        if current is not None and self.pool.english:
            ends = [c for c in arrived if blocks.can_lead(self.pool, c) and settles(c, current)]
            if ends:
                best, bar = ends[-1], -10_000
                self.settled = best.n
                self._overtake(unsettled(self.pool, best))
        if blocks.lead_score(self.pool, best) > bar:
            self._new_lead(best)

    def _undated(self, n: int) -> bool:
        return self.live[n].published_at is None

    def _find_lead(self) -> None:
        """No lead stands: the best sentence of all takes it; a section that has it already moves up as it is."""
        candidates = self.pool.candidates
        best = blocks.best_lead(self.pool, candidates) or blocks.best_opening(self.pool, candidates)
        best = self._ended(best) if best is not None else None
        holder = next((d for d in self.drafts.items if best and any(line.candidate is best for line in d.lines)), None)
        if holder is not None:
            self.drafts.items.remove(holder)
            self.drafts.items.insert(0, holder)
        elif best is not None:
            self._new_lead(best)

    def _ended(self, best: Candidate) -> Candidate:
        """What leads where the best sentence leaves open what a later article of the same batch settles."""
        if not self.pool.english:
            return best
        able = [c for c in self.arrived if blocks.can_lead(self.pool, c)]
        open_still = [best] if leaves_open(best) else [c for c in able if leaves_open(c) and settles(best, c)]
        ends = [c for c in able if open_still and settles(c, open_still[0])]
        if not ends:
            return best
        end = best if best in ends else max(ends, key=lambda c: (blocks.lead_score(self.pool, c), -c.n))
        self.settled = end.n
        self._overtake(unsettled(self.pool, end))
        return end

    def _new_lead(self, best: Candidate) -> None:
        """Put the lead's block first. What said the same goes; the last lead otherwise stands below it as it was."""
        rewritten, rest = self._restated(best)
        # A lead may go without a heading, a section below it may not.
        self.drafts.items = [draft for draft in self.drafts.items if draft.heading or draft.locked]
        self._tell_once(best)
        block = blocks.extend(
            self.pool, best, self.drafts.features(), self.drafts.candidates(), self._named_above(best.n)
        )
        draft = Draft(
            rewritten.id if rewritten else self.drafts.new_id(), "", 0, [_line(c) for c in block], changed=True
        )
        draft.before = rewritten.before if rewritten else None
        self._go_on(draft, rest)
        self._demote()
        self.drafts.items.insert(0, draft)
        while len(self.drafts.items) > self._cap():
            loose = [d for d in self.drafts.items[1:] if not d.locked]
            if not loose:
                break
            self.drafts.items.remove(min(loose, key=self._worth))
        self._head(draft, lead=True)

    def _demote(self) -> None:
        """A lead that stood under its article's title goes on below the next only if it says what that title does:
        else as another section, under another heading, or not at all."""
        last = next((d for d in self.drafts.items if d.id == self.state.get("lead") and not d.locked), None)
        block = [line.candidate for line in last.lines if line.candidate] if last else []
        if last is None or not block or not last.heading_n or titles_block(self.pool, last.heading, block):
            return
        place = self.drafts.items.index(last)
        self.drafts.items.remove(last)
        again = Draft("", "", 0, last.lines, changed=True)
        if len(again.lines) > 1 and self._head(again, lead=False):
            again.id = self.drafts.new_id()
            self.drafts.items.insert(place, again)

    def _restated(self, best: Candidate) -> tuple[Draft | None, list[Line]]:
        """Take what says the same as a new lead off the page. Gives the last lead's section if that was among it, and
        what is left of it."""
        items = self.drafts.items
        first = items[0] if items and not items[0].locked else None
        again = {
            line.candidate.key
            for draft in items
            if not draft.locked
            for line in draft.lines
            if line.candidate and self._says(best, line)
        }
        rewritten = None
        rest: list[Line] = []
        if first is not None and any(line.candidate and line.candidate.key in again for line in first.lines):
            rewritten = first
            rest = [line for line in first.lines if line.candidate and line.candidate.key not in again]
            items.remove(first)
        drop(self.drafts, again)
        self._mend()
        return rewritten, rest

    def _says(self, best: Candidate, line: Line) -> bool:
        return self.pool.same(best.features, line.features) or (
            line.candidate is not None and self.pool.opens_alike(best, [line.candidate])
        )

    def _go_on(self, draft: Draft, rest: Sequence[Line]) -> None:
        """Under a lead that tells the last one anew, what that one's section said beside it goes on."""
        length = sum(line.features.length for line in draft.lines)
        for line in rest:
            candidate, features = line.candidate, line.features
            there = [each.candidate for each in draft.lines if each.candidate]
            if candidate is None or features.dependence or not blocks.introduced(self.pool, features, there):
                continue
            if len(draft.lines) >= LEAD_LINES_MAX or length + features.length > LEAD_WORDS_MAX:
                continue
            again = self.pool.tells_again(candidate, [each for each in there if each.n != candidate.n])
            shown = [*self.drafts.features(), *(each.features for each in draft.lines)]
            if not (again or self.pool.repeats(features, shown)):
                draft.lines.append(_line(candidate))
                length += features.length

    def _tell_once(self, lead: Candidate) -> None:
        """Another lead of the same event, in other words, goes; what its article says beside it may stand."""
        lines = [line for draft in self.drafts.items if not draft.locked for line in draft.lines if line.candidate]
        again = {
            line.candidate.key for line in lines if line.candidate and self.pool.tells_again(lead, [line.candidate])
        }
        if again:
            drop(self.drafts, again)
            self._mend()

    # -- the other sections -------------------------------------------------------------------------------------

    def _cap(self) -> int:
        return min(SECTIONS_MAX, 2 + self._originals())

    def _originals(self) -> int:
        return sum(part.relation != "copy" for part in self.pool.parts.values())

    def _refill(self) -> None:
        """New sections from the best anchors while there is room."""
        if not self.drafts.items:
            return
        tried: set[Key] = set()
        leaning: list[Candidate] = []
        while len(self.drafts.items) < self._cap():
            anchors = blocks.ranked_anchors(self.pool, self.drafts.candidates(), self.drafts.cited())
            draft = next((d for a in anchors if a.key not in tried and (d := self._try(a, tried, leaning))), None)
            if draft is None:
                break
            self.drafts.items.append(draft)
        # Better a heading that leans on what stood before, or tells little, than a page of two sections or without the
        # article, but not before one that stands alone.
        for anchor in leaning:
            few = len(self.drafts.items) < LEANING_BELOW or anchor.n not in self.drafts.cited()
            if few and len(self.drafts.items) < self._cap() and (draft := self._try(anchor, tried)):
                self.drafts.items.append(draft)

    def _try(self, anchor: Candidate, tried: set[Key], leaning: list[Candidate] | None = None) -> Draft | None:
        """The section an anchor would open, if it says something new, has company and can be headed.

        The first few whose heading leans on what stood before it are put into `leaning` instead.
        """
        tried.add(anchor.key)
        shown = self.drafts.features()
        if not self._is_known(anchor, shown):
            return None
        if not self._says_anew(anchor):
            return None
        block = blocks.extend(self.pool, anchor, shown, self.drafts.candidates(), self._named_above())
        if self._withholds(anchor, block):
            return None
        company = self._company(anchor, shown) if len(block) < 2 else []
        if len(block) + len(company) < 2:
            return None
        draft = Draft("", "", 0, [_line(c) for c in block], changed=True)
        found = self._head(draft, lead=False)
        draft.lines += [_line(c) for c in company]
        if found is None or self._is_headed_by_old(found, anchor):
            return None
        if found.leans and leaning is not None:
            if len(leaning) < LEANING_MAX:
                leaning.append(anchor)
            return None
        draft.id = self.drafts.new_id()
        return draft

    def _is_headed_by_old(self, heading: Choice, anchor: Candidate) -> bool:
        """Whether what another article says elsewhere on the page is what a section would stand under (English)."""
        others = [c.features for c in self.drafts.candidates() if c.n != anchor.n] if self.pool.english else []
        return is_told(heading.text, others)

    def _withholds(self, anchor: Candidate, block: Sequence[Candidate]) -> bool:
        """Whether an anchor says that something was answered, and what comes right after it in its article isn't there
        to say what."""
        if not self.pool.english or not only_talks(anchor.features):
            return False
        return not any(c.n == anchor.n and c.position == anchor.position + 1 for c in block[1:2])

    def _company(self, anchor: Candidate, shown: Sequence[Features]) -> list[Candidate]:
        """For news that its next sentences don't go on from: what its article tells of it later, or another does."""
        if anchor.position > COMPANY_POSITION_MAX:
            return []
        found = []
        there = {candidate.key for candidate in self.drafts.candidates()} | {anchor.key}
        for candidate in self.pool.candidates:
            if candidate.key in there or abs(candidate.at_ms - anchor.at_ms) > DAY_MS:
                continue
            link = self._company_link(anchor, candidate)
            if link < COMPANY_LINK_MIN or not self._may_accompany(anchor, candidate, shown):
                continue
            found.append((link, -candidate.position, -candidate.n, candidate))
        return [max(found, key=lambda each: each[:3])[3]] if found else []

    def _company_link(self, anchor: Candidate, candidate: Candidate) -> int:
        """How far a sentence is about what the anchor is; of another article it must share more than the topic."""
        if candidate.n != anchor.n:
            return self._specific_link(candidate, _line(anchor))
        shared = anchor.features.stem_set & candidate.features.stem_set
        return self.pool.link(anchor.features, candidate.features) if len(shared) > 1 else 0

    def _may_accompany(self, anchor: Candidate, candidate: Candidate, shown: Sequence[Features]) -> bool:
        features = candidate.features
        length = anchor.features.length + features.length
        if length > blocks.BLOCK_WORDS_MAX or not blocks.can_open(self.pool, candidate):
            return False
        if not self._says_anew(candidate) or self.pool.repeats(features, [anchor.features]):
            return False
        if candidate.n != anchor.n and self.pool.tells_again(candidate, [anchor]):
            return False
        return blocks.introduced_among(self.pool, features, (*shown, anchor.features), self._named_above())

    def _swap(self) -> None:
        """On a full page one new section an update may take the weakest one's place, if it is worth much more."""
        items = self.drafts.items
        if len(items) < self._cap() or len(items) < 2 or not self.arrived:
            return
        weakest = min((d for d in items[1:] if not d.locked and d.before), key=self._worth, default=None)
        anchor = self._better_than(weakest) if weakest else None
        if weakest is None or anchor is None:
            return
        place = items.index(weakest)
        items.remove(weakest)
        draft = self._try(anchor, set())
        items.insert(len(items) if draft else place, draft or weakest)

    def _better_than(self, weakest: Draft) -> Candidate | None:
        """A touched article's best anchor, if it is among the best of all and worth much more than a section."""
        cited, least = self.drafts.cited(), self._worth(weakest) + blocks.SWAP_MARGIN
        worth = {
            c.key: score + (c.n not in cited) * blocks.NEW_SOURCE
            for score, c in blocks.openers(self.pool, self.arrived)
        }
        # Most updates bring none that is, and all others needn't be looked at.
        if max(worth.values(), default=least) <= least:
            return None
        ranked = blocks.ranked_anchors(self.pool, self.drafts.candidates(), cited)
        best = next((anchor for anchor in ranked if anchor.n in self.touched), None)
        return best if best is not None and worth[best.key] > least else None

    def _worth(self, draft: Draft) -> int:
        anchor = draft.lines[0].candidate
        return blocks.anchor_score(self.pool, anchor) + 80 * len(draft.lines) if anchor else -1000

    def _extend(self) -> None:
        """At most one sentence of a touched article joins each section, where the link is strong beyond the topic."""
        for draft in self.drafts.items:
            if draft.locked or len(draft.lines) > blocks.BLOCK_SENTENCES_MAX:
                continue
            length = sum(line.features.length for line in draft.lines)
            for candidate in self._additions(draft):
                if length + candidate.features.length <= blocks.BLOCK_WORDS_MAX + 20:
                    draft.lines.append(_line(candidate))
                    draft.changed = True
                    break

    def _contradict(self) -> None:
        """A touched article that denies what the lead says does so right under it."""
        lead = self.drafts.items[0] if self.drafts.items else None
        first = lead.lines[0] if lead else None
        if lead is None or first is None or lead.locked or not self.pool.english or denies(first.features):
            return
        there = {c.key for c in self.drafts.candidates()}
        for candidate in self.arrived:
            features = candidate.features
            if candidate.position > blocks.LEAD_POSITION_MAX or not denies(features) or candidate.key in there:
                continue
            if not blocks.can_open(self.pool, candidate) or self.pool.link(first.features, features) < DENIAL_LINK_MIN:
                continue
            if len(lead.lines) < DENIED_LINES_MAX and not self.pool.repeats(features, self.drafts.features()):
                lead.lines.insert(1, _line(candidate))
                lead.changed = True
                self._close_up(lead)
                return

    def _close_up(self, lead: Draft) -> None:
        """What leaned on the sentence before a new second one goes."""
        while len(lead.lines) > 2 and lead.lines[2].features.dependence:
            del lead.lines[2]

    def _contribute(self) -> None:
        """An article that came or lost its place, and isn't on the page, adds its best sentence where it belongs."""
        was = {n for s in (self.previous.sections if self.previous else ()) for t in s.sentences for n in t.citations}
        for n in sorted((self.touched | was) & self.pool.by_part.keys() - self.drafts.cited()):
            found = None
            for candidate in blocks.best_first(self.pool, self.pool.by_part[n]):
                draft = self._home(candidate) if self._may_contribute(candidate) else None
                if draft is None:
                    continue
                # What the page half tells already is better than nothing of the article, but not than what is new.
                new = self._is_new(candidate)
                found = (candidate, draft) if new or found is None else found
                if new:
                    break
            if found is not None:
                found[1].lines += [_line(each) for each in self._with_answer(found[0])]
                found[1].changed = True

    def _thicken(self) -> None:
        """A page that says little for its articles goes on with what else is new, the best first, each sentence in the
        section that it is closest to.

        The second article of most stories brings what a page of the first lacks; room is left for that.
        """
        if len(self.pool.parts) < 2 or not self.drafts.items:
            return
        enough = self._enough()
        if self._lines() >= enough + CORE_LINES:
            return
        for candidate in blocks.best_first(self.pool, filter(self._is_news, self.pool.candidates)):
            lines = self._lines()
            if lines >= enough + CORE_LINES:
                return
            if lines >= enough and not self._is_core(candidate):
                continue
            # Only touched articles go on under a section that stands as it was.
            if candidate.n not in self.touched and all(d.before and not d.changed for d in self.drafts.items):
                continue
            draft = self._home(candidate) if self._may_go_on(candidate) else None
            if draft is not None:
                draft.lines += [_line(each) for each in self._with_answer(candidate)]
                draft.changed = True

    def _with_answer(self, candidate: Candidate) -> list[Candidate]:
        """A sentence with the one that says "But" to it."""
        answer = blocks.answered_by(self.pool, candidate)
        return [candidate] if answer is None else [candidate, answer]

    def _lines(self) -> int:
        return sum(len(draft.lines) for draft in self.drafts.items)

    def _enough(self) -> int:
        return min(PAGE_LINES_MAX, PAGE_LINES_MIN + LINES_AN_ARTICLE * (self._originals() - 1))

    def _may_go_on(self, candidate: Candidate) -> bool:
        return self._is_new(candidate) and self._may_contribute(candidate)

    def _is_new(self, candidate: Candidate) -> bool:
        # Who answers what is told says it in the words of what he answers.
        features = candidate.features
        answers = denies(features) or self.pool.is_answer(features)
        return answers or self.pool.is_new(features, self.drafts.features())

    def _may_contribute(self, candidate: Candidate) -> bool:
        """Whether a sentence can stand at the end of a section, of news and of what the story is about."""
        if not self._is_news(candidate):
            return False
        if not blocks.can_open(self.pool, candidate) or self._withholds(candidate, ()):
            return False
        if any(self.pool.leads_alike(candidate, other) for other in self.drafts.candidates()):
            return False
        return self._says_anew(candidate)

    def _is_news(self, candidate: Candidate) -> bool:
        """Whether a sentence tells news of what the story is about; a cheap look before `_may_contribute`."""
        of_story = candidate.central >= CONTRIBUTION_CENTRAL_MIN or candidate.support > 1
        return not candidate.features.future and of_story and candidate.n not in self.pool.apart

    def _is_of_core(self, candidate: Candidate) -> bool:
        """Whether several publishers report a sentence, or it holds much of what the titles say."""
        return candidate.central >= CORE_CENTRAL_MIN or candidate.support > 1

    def _is_core(self, candidate: Candidate) -> bool:
        """Whether a page is longer for a sentence: of the core or of the other side, and no background."""
        worth = blocks.beside_place(self.pool, candidate)
        return worth > 0 or (worth == 0 and self._is_of_core(candidate))

    def _is_introduced(self, candidate: Candidate, draft: Draft) -> bool:
        """Whether a sentence is whole at the end of a section, and who and what it takes as known is so there."""
        above = self.drafts.items[: self.drafts.items.index(draft) + 1]
        shown = [line.features for each in above for line in each.lines]
        *_, answer = self._with_answer(candidate)
        if answer is not candidate and not self._is_introduced_answer(candidate, answer, draft, shown):
            return False
        return self._is_known(candidate, shown)

    def _is_introduced_answer(
        self, candidate: Candidate, answer: Candidate, draft: Draft, shown: Sequence[Features]
    ) -> bool:
        """Whether a section has room for a sentence and what says "But" to it, which is new and takes none as known."""
        length = sum(line.features.length for line in draft.lines) + candidate.features.length + answer.features.length
        if len(draft.lines) + 2 > LEAD_LINES_MAX or length > LEAD_WORDS_MAX or answer.features.pronoun:
            return False
        if self.pool.link(candidate.features, answer.features) < ANSWER_LINK_MIN:
            return False
        again = self.pool.repeats(answer.features, self.drafts.features())
        return not again and self._is_known(answer, [*shown, candidate.features])

    def _is_known(self, candidate: Candidate, shown: Sequence[Features]) -> bool:
        """Whether the page says before a sentence who and what it takes as known."""
        return blocks.is_known(self.pool, candidate, shown, self._named_above())

    def _says_anew(self, candidate: Candidate) -> bool:
        """Whether nothing on the page says the same, in these words or in others."""
        shown = self.drafts.features()
        repeats = self.pool.repeats(candidate.features, shown) or self.pool.told_in_parts(candidate.features, shown)
        return not (repeats or self.pool.tells_again(candidate, self.drafts.candidates()))

    def _home(self, candidate: Candidate) -> Draft | None:
        """The section with room whose sentences a candidate is closest to; the lead's, if it is about the story or the
        page says hardly anything yet."""
        room = [d for d in self.drafts.items if self._has_room(d, candidate) and self._is_introduced(candidate, d)]
        links = [
            (max(self.pool.link(candidate.features, line.features) for line in draft.lines), draft)
            for draft in room
            if blocks.goes_on(self.pool, candidate.features, [line.features for line in draft.lines])
        ]
        link, draft = max(links, key=lambda each: each[0], default=(0, None))
        if draft is not None and link >= CONTRIBUTION_LINK_MIN:
            return draft
        lead = next((each for each in links if each[1] is self.drafts.items[0]), None)
        of_story = candidate.central >= LEAD_CENTRAL_MIN or candidate.support > 1 or self._lines() < THIN_PAGE_LINES
        least = LEAD_CORE_LINK_MIN if self._is_of_core(candidate) else LEAD_LINK_MIN
        return lead[1] if lead and lead[0] >= least and of_story else None

    def _has_room(self, draft: Draft, candidate: Candidate) -> bool:
        first = draft.lines[0].candidate
        late = first is not None and first.at_ms - candidate.at_ms > DAY_MS
        length = sum(line.features.length for line in draft.lines) + candidate.features.length
        stands = candidate.n not in self.touched and not draft.changed and draft.before is not None
        return not (draft.locked or late or stands) and len(draft.lines) < LEAD_LINES_MAX and length <= LEAD_WORDS_MAX

    def _additions(self, draft: Draft) -> list[Candidate]:
        """Sentences of touched articles that belong under a section and say something new, best first."""
        if draft.cited & self.touched and len(draft.lines) >= blocks.BLOCK_SENTENCES_MAX:
            return []
        shown = self.drafts.features()
        there = {c.key: c for c in self.drafts.candidates()}
        found = []
        for candidate in self.arrived:
            if candidate.key in there or not blocks.can_open(self.pool, candidate) or candidate.n in draft.cited:
                continue
            if blocks.answered_by(self.pool, candidate) is not None:
                continue
            link = max([self._specific_link(candidate, line) for line in draft.lines])
            if link < ADDITION_LINK_MIN:
                continue
            again = self.pool.repeats(candidate.features, shown) or self.pool.told_in_parts(candidate.features, shown)
            if not (again or self.pool.tells_again(candidate, there.values())) and self._is_introduced(
                candidate, draft
            ):
                found.append((-link, candidate.n, candidate.position, candidate))
        return [entry[3] for entry in sorted(found, key=lambda entry: entry[:3])]

    def _specific_link(self, candidate: Candidate, line: Line) -> int:
        """The link if at least three telling stems outside the topic are shared (or two and a full name), else 0."""
        a, b = candidate.features, line.features
        shared = a.stem_set & b.stem_set
        if len(shared) < 2:
            return 0
        weights, topic = self.pool.weights, self.pool.title_weights
        telling = len([stem for stem in shared if stem not in topic and weights[stem] >= 500])
        if telling < 2:
            return 0
        full = telling > 2 or {name for name in a.names if len(name) > 1} & {name for name in b.names if len(name) > 1}
        return self.pool.link(a, b) if full else 0

    # -- citations, headline, the rest --------------------------------------------------------------------------

    def _cite(self) -> None:
        """Second citations: touched articles for sentences that stand, all articles for new ones."""
        for draft in self.drafts.items:
            if draft.locked:
                continue
            fresh = draft.changed or draft.before is None
            also = self.pool.by_part.keys() if fresh else sorted(self.touched & self.pool.by_part.keys())
            for line in draft.lines:
                self._by_both(draft, line, also)
                cite(line, self.pool, also)

    def _by_both(self, draft: Draft, line: Line, also: AbstractSet[int] | Sequence[int]) -> None:
        """A line in the form in which one of these articles has it, too, if that says nearly as much, and all that the
        heading took of it."""
        form = blocks.told_by_both(self.pool, line.candidate) if line.candidate else None
        if form is None or form is line.candidate or form.n not in also:
            return
        if rests_on(draft.heading, form.text) or not rests_on(draft.heading, line.text):
            line.text, line.features, line.candidate = form.text, form.features, form
            line.citations = tuple(sorted({*line.citations, form.n}))

    def _dissolve(self) -> None:
        """A changed section of one sentence that isn't the lead goes: too thin for a heading."""
        keep = self.drafts.items[:1]
        self.drafts.items = keep + [d for d in self.drafts.items[1:] if len(d.lines) > 1 or not d.changed or d.locked]

    def _headline_n(self) -> int:
        """The article whose title heads the story: it changes only for a clearly better one of a touched article."""
        first = self.drafts.items[0].lines[0] if self.drafts.items else None
        lead = first.candidate if first else None
        key = (lead.key if lead else None, self.settled)
        if key not in self.headlines:
            self.headlines[key] = self._best_headline(lead)
        return self.headlines[key]

    def _best_headline(self, lead: Candidate | None) -> int:
        if not self.pool.parts:
            return min(self.live, default=0)
        able = [n for n, title in self.pool.cleaned.items() if title and n not in self.pool.opinions]
        scores = {n: headline_score(self.pool, n, lead) for n in able}
        current = self.state.get("headline_n")
        if self.settled in scores and is_headline(clean_title(self.live[self.settled]), self.pool.language):
            return self.settled
        if current in scores and self.previous and self._headline(current) == self.previous.headline:
            since_ms = self.pool.parts[current].at_ms - DAY_MS
            aged = age_penalty(self.pool.newest_ms - self.pool.parts[current].at_ms)
            contenders = [
                n
                for n in scores
                if n in self.touched
                and scores[n] - (aged if self._undated(n) else 0) > scores[current] + HEADLINE_INERTIA
                and self.pool.parts[n].at_ms >= since_ms
            ]
            return max(contenders, key=lambda n: (scores[n], -n), default=current)
        return max(scores, key=lambda n: (scores[n], -n), default=min(self.live, default=0))

    def _headline(self, n: int) -> str:
        part = self.live.get(n)
        return told_title(part) if part else ""

    def _next_state(self, headline_n: int) -> dict[str, Any]:
        retired = sorted([*old, *by] for old, by in self.retired.items())
        return {
            "v": STATE_VERSION,
            "next": self.drafts.next_id,
            "lead": self.drafts.items[0].id if self.drafts.items else "",
            "headings": {draft.id: draft.heading_n for draft in self.drafts.items},
            "headline_n": headline_n,
            "retired": retired[-RETIRED_MAX:],
        }

    def _timeline(self, sections: tuple[Section, ...]) -> tuple[TimelineEntry, ...]:
        """What each new lead said, on the day that it names, else at its article's time; entries whose source is gone
        or says otherwise go."""
        before = self.previous.timeline if self.previous else ()
        entries = [entry for entry in before if not set(entry.citations) & self.touched or self._still_said(entry)]
        lead = sections[0].sentences[0] if sections else None
        source = self.live.get(lead.citations[0]) if lead else None
        new = lead is not None and all(entry.text != lead.text for entry in entries)
        at = source.published_at if source else None
        if lead and new and source and at and is_of_its_day(lead.text, source, self.pool.language):
            when = happened_at(annotate(lead.text, self.pool.language), at) if self.pool.english else at
            if when is not None:
                entries.append(
                    TimelineEntry(at=when, text=lead.text, citations=lead.citations[:1], story_version=self.version)
                )
        return tuple(sorted(entries, key=lambda entry: (entry.at, entry.story_version))[-TIMELINE_MAX:])

    def _still_said(self, entry: TimelineEntry) -> bool:
        parts = [self.live.get(n) for n in entry.citations]
        return all(
            part and any(supports(entry.text, kept.text, self.language) for kept in part.sentences) for part in parts
        )


def is_of_its_day(text: str, source: Part, language: str) -> bool:
    """Whether a lead tells what happened when its article came: no mere quote, and no year or month in it but those of
    that day, the day before or, of months, the next."""
    features = annotate(text, primary(language))
    if features.quote_words >= LONG_QUOTE_WORDS or source.published_at is None:
        return False
    years = {token for token in features.tokens if len(token) == 4 and token.isdigit() and token[:2] in ("19", "20")}
    months = {w.MONTH[token] for token in features.tokens if token in w.MONTH}
    at = source.published_at
    eve = at - timedelta(days=1)
    of_the_day = not years or not years.isdisjoint({str(at.year), str(eve.year)})
    return of_the_day and (not months or not months.isdisjoint({eve.month, at.month, at.month % 12 + 1}))


def _line(candidate: Candidate) -> Line:
    return Line(candidate.text, (candidate.n,), candidate.features, candidate)
