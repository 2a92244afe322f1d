"""One update of a page on its way: what its steps work on, and what several of them ask."""

from collections.abc import Sequence
from typing import Any

from storyline_schemas import Part
from storyline_schemas.base import DAY_MS

from . import blocks
from .drafts import Draft, Drafts, load
from .features import Features
from .gathering import build, window
from .headings import Choice, Heading, age_penalty, choose, headline_score, is_headline, own_title, read_heading
from .introducing import is_known
from .page import Page, used_by
from .pool import Candidate, Pool
from .spelling import letters_of
from .states import counted_anew
from .titles import clean_title, told_title
from .trimming import undated

SECTIONS_MAX = 5
HEADLINE_INERTIA = 120
SECTION_LINES_MAX, SECTION_WORDS_MAX = 5, 140
"""Of the lead's section, and of any other that goes on."""
LINE_WORDS = 30
"""Of one sentence more."""
PLAIN_LINES_MAX, PLAIN_WORDS_MAX = 9, 190
"""Of a section in another language than English, where few other sections can be headed and the lead has most of the
page."""

Key = tuple[int, int]


class Update:
    """The page as it was, the live articles, those touched, and the drafts that the steps turn into the new page."""

    def __init__(
        self, previous: Page | None, live: dict[int, Part], touched: set[int], story_version: int, language: str
    ) -> None:
        self.previous, self.live, self.touched = previous, live, touched
        self.version, self.language = story_version, language
        keep = (touched | (used_by(previous) if previous else set())) & live.keys()
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

    def mend(self, but: Draft | None = None) -> None:
        """What sections lost may have carried the rest: one that can't open or be headed now goes, but not a lead that
        has just been found."""
        for draft in list(self.drafts.items):
            if not draft.changed or draft.locked or draft is but:
                continue
            first = draft.lines[0].candidate
            opens = first is not None and blocks.can_open(self.pool, first)
            kept_opening = draft.before is not None and draft.lines[0].text == draft.before.sentences[0].text
            lead = kept_opening and draft.id == self.state.get("lead")
            thin = len(draft.lines) < 2 and not lead
            if thin or not opens or not (draft.heading or self.head(draft, lead) or lead):
                self.drafts.items.remove(draft)

    def head(self, draft: Draft, lead: bool) -> Choice | None:
        """Put the best heading over a section, and tell which; None where none stands."""
        block = draft.candidates
        taken = self.drafts.headings(self.pool, but=draft)
        headline = self.headline_n()
        # Twice, so that a lead, which may stand under the page's headline, doesn't stand under another section's.
        taken = [*taken, *taken] if lead else taken
        found = choose(self.pool, block, [*taken, *self._headline_read()], lead, headline) if block else None
        if found:
            draft.heading, draft.heading_n = found.text, found.n
        return found

    def title(self, draft: Draft) -> None:
        """Put its article's own title over a section that is whole now, if that says more than a clause does."""
        if not draft.candidates:
            return
        taken = [*self.drafts.headings(self.pool, but=draft), *self._headline_read()]
        found = own_title(self.pool, draft.candidates, taken)
        if found and letters_of(draft.heading) not in {letters_of(undated(t)) for t in self.pool.cleaned.values()}:
            draft.heading, draft.heading_n = found.text, found.n

    def named_above(self, lead: int | None = None) -> frozenset[str]:
        """The words (lower case) and stems that the page's headline has, and the title of `lead`, which may be the next
        one."""
        key = (self.headline_n(), lead)
        if key not in self.named:
            titles = [self.pool.titles[n] for n in key if n in self.pool.titles]
            words = frozenset(word.removesuffix("'s") for title in titles for word in title.lower)
            self.named[key] = words.union(*(title.stem_set for title in titles))
        return self.named[key]

    def _headline_read(self) -> list[Heading]:
        n = self.headline_n()
        return [read_heading(self.pool.titles[n].text, self.pool.language)] if n in self.pool.titles else []

    def undated(self, n: int) -> bool:
        """Whether it isn't known when an article came out."""
        return self.live[n].published_at is None

    def originals(self) -> int:
        """How many of the articles looked at are no copies."""
        return sum(part.relation != "copy" for part in self.pool.parts.values())

    def cap(self) -> int:
        """How many sections the page may have."""
        return min(SECTIONS_MAX, 2 + self.originals())

    def has_room(self, lines: int, words: int, more: int = 0) -> bool:
        """Whether a section may have so many sentences and words, or so many more (English)."""
        if self.pool.english:
            return lines <= SECTION_LINES_MAX + more and words <= SECTION_WORDS_MAX + more * LINE_WORDS
        return lines <= PLAIN_LINES_MAX and words <= PLAIN_WORDS_MAX

    def line_count(self) -> int:
        """How many sentences the page has."""
        return sum(len(draft.lines) for draft in self.drafts.items)

    def worth_of(self, draft: Draft) -> int:
        """What a section is worth beside others, in thousandths."""
        anchor = draft.lines[0].candidate
        return blocks.anchor_score(self.pool, anchor) + 80 * len(draft.lines) if anchor else -1000

    def is_known(self, candidate: Candidate, shown: Sequence[Features]) -> bool:
        """Whether the page says before a sentence who and what it takes as known."""
        return is_known(self.pool, candidate, shown, self.named_above())

    def says_anew(self, candidate: Candidate) -> bool:
        """Whether nothing on the page says the same, in these words or in others."""
        shown = self.drafts.features()
        repeats = self.pool.repeats(candidate.features, shown) or self.pool.told_in_parts(candidate.features, shown)
        return not (repeats or self.pool.tells_again(candidate, self.drafts.candidates()))

    def headline_n(self) -> int:
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
        anew = counted_anew(self.pool, self.retired)
        able = [n for n in able if n not in anew] or able
        scores = {n: headline_score(self.pool, n, lead) for n in able}
        current = self.state.get("headline_n")
        if self.settled in scores and is_headline(clean_title(self.live[self.settled]), self.pool.language):
            return self.settled
        if current in scores and self.previous and self.headline(current) == self.previous.headline:
            since_ms = self.pool.parts[current].at_ms - DAY_MS
            aged = age_penalty(self.pool.newest_ms - self.pool.parts[current].at_ms)
            contenders = [
                n
                for n in scores
                if n in self.touched
                and scores[n] - (aged if self.undated(n) else 0) > scores[current] + HEADLINE_INERTIA
                and self.pool.parts[n].at_ms >= since_ms
            ]
            return max(contenders, key=lambda n: (scores[n], -n), default=current)
        return max(scores, key=lambda n: (scores[n], -n), default=min(self.live, default=0))

    def headline(self, n: int) -> str:
        """What heads the story if it is the title of article `n`."""
        part = self.live.get(n)
        return told_title(part) if part else ""
