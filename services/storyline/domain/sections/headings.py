"""Headings and headlines: a source's title, or a clause of the sentences below, its news in the present (`tense`).

No other word of our own.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from storyline_schemas import Part
from storyline_schemas.base import HOUR_MS

from . import words as w
from .brevity import in_few_words, shorter_cut
from .clauses import graded_clauses, stands_in
from .dependence import turns
from .elsewhere import NOT_HEADLINE
from .features import TOKEN, Features, annotate, content_of, plain
from .forms import WORDS_MAX
from .gate import is_deletion
from .headlining import Told, headline, told_when
from .passing import title_is_done
from .pool import Candidate, Pool
from .predicates import words_of
from .spelling import letters_of
from .standing import leaning, plain_weight, unknown_people, weight
from .telling import tells_by_now, tells_little
from .tense import past_subject, rests_on
from .text import OPENING_POSITION_MAX
from .trimming import undated
from .vocabulary import is_verb, stem_word, table

LEAD_WORDS_MAX = 15
TITLES_CACHED_MAX, HEADINGS_CACHED_MAX = 5_000, 10_000
TITLE_WORDS_MAX = 15
HEADED_BY_MAX = 3
"""A section below the lead may be headed by one of so many sentences."""
TOLD_BY_LEAD = 300
"""What it is worth in a headline, in thousandths, that the page's first sentence tells all of it."""
TITLE, TITLE_TOLD = 100, 70
"""What a title is worth, in hundredths, and how much of it must be told for that."""
GRADES = (82, 76, 66, 50, 42)
"""What a clause is worth by its grade, see `graded_clauses`."""
EXCELLENT, GOOD, STANDS, WORTH_MIN, LEAD_WORTH_MIN = 90, 74, 60, 50, 40
"""Better than the first isn't looked for, nor in further sentences better than the second; what is below the third
comes last, and what is below the others not at all."""
FURTHER, LEANS, UNKNOWN = 9, 10, 15
BESIDE = 24
"""What a section's heading loses for telling what somebody did at another time, beside what the titles tell."""
OF_BEFORE = 21
"""And for telling what was a month ago, in another year or "at the time", as its sentence says and it doesn't."""
ECHO, ECHOES = 15, 80
"""What a section's heading loses beside others for having so much (hundredths) of its sentence, which would be read
twice, a third of it if that isn't the first."""
CLASHES, SAME, SHORT_LEAD, NEVER = 12, 16, 10, 1_000
LEAD_STEMS_MIN = 5
"""A lead's heading says more than "Company Raised Its Offer", or repeats the headline instead."""
OWN_TITLE, OWN_TITLE_OPENING, OWN_TITLE_BELOW = 450, 500, 650
OWN_TITLE_ACTS, OWN_TITLE_SILENT, OTHER_TITLE = 560, 800, 750
"""Of the stems of an article's title, in thousandths, that its sentences must have for it to head them: the lead, a
section that opens as the article does, and one that begins further down; there, if it tells the title's act or has none
of its verbs. Of another article's title it must have the last."""
OWN_TITLE_BELOW_MIN, OPENS_WITH_TITLE = 500, 400
"""What a section must tell of its article's title to stand under that once nothing more joins it, and its first
sentence to open with it."""
OWN_TITLE_ELSEWHERE = 250
"""The same in other languages than English, whose titles and texts share less, of a section that opens as its article
does."""
OWN_WORDS_MIN = 2
DONE = 300
"""What a headline loses for looking forward to what another title tells as done."""
NAMELESS = 100
"""And for naming nobody whom half of the titles name: "Former senator dies at 90"."""
# "Ships wait off the port after the vote last year": what the time is told of.
_BESIDE_OTHER = frozenset(("after", "before", "since", "following", "until"))
_TITLE_QUOTE = re.compile(r"(?<!\w)['‘\"“]([^'‘’\"“”]{3,})['’\"”](?!\w)")
CLASH, CLASH_WITH_VERB, CLASH_STEMS = 600, 450, 3
"""Two headings clash if they share this much (thousandths) of the smaller one's stems; the second of these, and the
third in number, if a verb is among them."""

TOLD, TOLD_STEMS = 650, 4
"""A heading tells nothing new if another article's sentence elsewhere on the page has this share (thousandths) of what
it says beside who says it, and so many stems."""
_SAYER = re.compile(r"^.{2,80}?(?:\b(?:said|says|say|announced|insisted) (?:that )?|\w: )", re.I)
_NOT = re.compile(r"\b(?:no|not|never|denie[sd]|rejects?|rejected)\b|n['’]t\b", re.I)

_NOT_TITLE = re.compile(
    r"\?|!|\.\.\.|…|^(?:why|how|what|when|who|where|live|opinion|video|watch|photos?|in pictures"
    r"|analysis|profile|q&a|factbox|timeline|readers|letters|editorial|comment|blog|podcast|transcript"
    r"|full "
    r"text|review)\b"
    r"|\b(?:live updates|as it happened|in pictures|video|photos|opinion|watch live|you need to know"
    r"|explained|what to know|what we know)\b"
    r"|\b(?:news|reviews|features),? (?:&|and) (?:news|reviews|interviews|features)\b"
    r"|^\d+ (?:things|ways|reasons)|\breasons (?:why|to)\b|\btop (?:\d+|ten|five)\b|^[a-z .,]+—$"
)


@lru_cache(maxsize=TITLES_CACHED_MAX)
def is_headline(title: str, language: str) -> bool:
    """Whether a cleaned title reads like a news headline: a statement, not a question, label or dateline."""
    if not title or _NOT_TITLE.search(title.lower()):
        return False
    if language not in ("en", "und"):
        return NOT_HEADLINE.match(title) is None
    words = [word.lower for word in table("en").read(plain(title))]
    count = sum(word[0].isalnum() for word in words)
    if not 3 <= count <= TITLE_WORDS_MAX or any(word in w.FIRST_SECOND and word != "us" for word in words):
        return False
    return any(is_verb(word) or word == "to" or _may_tell(words, i) for i, word in enumerate(words))


_SHORT_PRESENT = w.word_set(
    """airs asks bans bids cuts dies ends eyes gets hits lets nabs nods opts pays puts quits rips sees sues taps tops
    vows"""
)
# What titles write of many, and what they write without "is": "Singer dead at 90".
_OF_MANY = w.word_set(
    "defy rally die flee launch kill crack clash storm mourn hit win lose fall rise beat sue quit eye ban"
)
_WITHOUT_IS = frozenset(("dead", "guilty", "sorry", "missing", "alive", "safe"))
_GOES_ON = w.PREPOSITION | {"out", "up", "down", "back", "the", "a", "an", "new"}


def _may_tell(words: list[str], i: int) -> bool:
    """Whether a word may be a title's verb: one in -s that is no plural, -ing before what it does, a plain form after a
    plural, or what stands without its "is"."""
    word, before, after = words[i], words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
    if not before or not before[0].isalpha() or before.endswith("'s"):
        return False
    if before in w.PREPOSITION or before in w.DETERMINER:
        return False
    if word.endswith("izes") and len(word) > 7:
        return True
    if not after:
        return False
    if word in _WITHOUT_IS:
        return after in w.PREPOSITION
    if word.endswith("ing") and len(word) > 5:
        return after in _GOES_ON and after not in ("of", "for")
    if (before.endswith("s") or before in _PEOPLE) and (word in _OF_MANY or word in w.PLAIN_IN_HEADING):
        return True
    counted = before in w.NUMBER_WORD and not before.endswith("s")
    return word in _SHORT_PRESENT or (len(word) > 4 and word.endswith("s") and not counted)


_PEOPLE = frozenset(("police", "people", "children", "women", "men"))


def grounded(heading: str, part: Part) -> bool:
    """Whether a heading still rests on the article's title or on one of its sentences."""
    return is_deletion(heading, part.headline) or any(rests_on(heading, kept.text) for kept in part.sentences)


@dataclass(frozen=True, eq=False)
class Heading:
    """A heading or headline as far as it is compared: its distinct content stems, and those of its verbs (English)."""

    text: str
    language: str
    stems: tuple[str, ...]
    stem_set: frozenset[str]

    @cached_property
    def verbs(self) -> frozenset[str]:
        """Of most nobody asks."""
        if self.language not in ("en", "und"):
            return frozenset()
        found = [word for word in words_of(self.text) if is_verb(word) and word not in w.STOP]
        return frozenset([stem_word(word, "en") for word in found])


class Choice(NamedTuple):
    """A heading and the article it comes from; whether it leans on what stands before it there."""

    text: str
    n: int
    leans: bool


@lru_cache(maxsize=HEADINGS_CACHED_MAX)
def read_heading(text: str, language: str) -> Heading:
    """The stems of a heading; what else `annotate` finds is of no use there."""
    stems = tuple(dict.fromkeys(content_of(text, language)))
    return Heading(text, language, stems, frozenset(stems))


def clashes(pool: Pool, heading: Heading, others: Iterable[Heading], lead: bool = False) -> bool:
    """Whether a heading says much the same as another one; what all titles are about counts half. A lead's may do what
    the headline does, in other words."""
    for other in others:
        least = min(_heading_weight(pool, heading.stems), _heading_weight(pool, other.stems))
        both = [stem for stem in heading.stems if stem in other.stem_set]
        same_act = not lead and len(both) >= CLASH_STEMS and not heading.verbs.isdisjoint(other.verbs)
        if least and 1000 * _heading_weight(pool, both) >= (CLASH_WITH_VERB if same_act else CLASH) * least:
            return True
    return False


def _heading_weight(pool: Pool, stems: Iterable[str]) -> int:
    return sum(1 if stem in pool.title_weights else 2 for stem in stems)


def choose(
    pool: Pool,
    block: Sequence[Candidate],
    taken: Sequence[Heading],
    lead: bool,
    headline_n: int = 0,
) -> Choice | None:
    """The best heading for a block and the article it comes from, or None if none stands alone.

    `headline_n` is the article whose title heads the story. A lead may rather clash, or stand under a weak one, than go
    without: in the end under its own article's title, or the story's if that is a label. One that would say the story's
    headline in other words, or its first sentence again, is headed by the headline, which the page shows once.
    """
    search = _Search(pool, block, taken, lead)
    found = search.run()
    story = pool.cleaned.get(headline_n, "") if found and lead else ""
    if found and story and _does_as_well(pool, found, story, block, taken):
        return Choice(title_case(story, pool.language), headline_n, leans=False)
    if found is None and lead and (own := pool.cleaned[block[0].n]):
        return _instead(pool, own, block, taken, headline_n)
    if not lead and (found is None or found.leans):
        # Not what another article's title says as well: that may be what the lead tells.
        others = [read_heading(title, pool.language) for n, title in pool.cleaned.items() if n != block[0].n]
        return own_title(pool, block, [*taken, *others]) or found
    return found


def own_title(pool: Pool, block: Sequence[Candidate], taken: Sequence[Heading]) -> Choice | None:
    """The title of the article with which a section below the lead begins, if the section as it has become tells half
    of it and nothing else on the page says the same: written to be read alone, it is better than a clause (English)."""
    n = block[0].n
    title = pool.cleaned.get(n, "")
    if not pool.english or n in pool.opinions or not is_headline(title, pool.language):
        return None
    read, held = read_heading(title, pool.language), _held(block)
    if not (_covers(read, held, OWN_TITLE_BELOW_MIN, digits=True) and _fits(title, held)) or _comes_late(
        pool, title, block[0]
    ):
        return None
    shared = max((len(read.stem_set & other.stem_set) for other in taken), default=0)
    if shared >= CLASH_STEMS or 2 * shared >= len(read.stems) or clashes(pool, read, taken):
        return None
    new = (read.stem_set & held).difference(*(other.stem_set for other in taken))
    opens = 1000 * len(read.stem_set & block[0].features.stem_set) >= OPENS_WITH_TITLE * len(read.stems)
    if len(new) >= (1 if opens else OWN_WORDS_MIN):
        return Choice(title_case(undated(title), pool.language), n, leans=False)
    return None


class _Search:
    """The search for a block's heading: likely ones are looked at first, and none that can't be better."""

    def __init__(self, pool: Pool, block: Sequence[Candidate], taken: Sequence[Heading], lead: bool) -> None:
        self._pool, self._block, self._taken, self._lead = pool, block, taken, lead
        self._held = _held(block)
        self._best: Choice | None = None
        self._least = LEAD_WORTH_MIN if lead else WORTH_MIN
        self._worth = self._least - 1

    def run(self) -> Choice | None:
        """The best: the own title, clauses of the first sentence, other titles, and clauses of what follows."""
        self._own_title()
        if self._worth < EXCELLENT:
            self._clauses_of(self._block[0], 0)
        if self._worth < GRADES[0]:
            self._other_titles()
        # What leads is what its heading must say; a section below may be headed by what follows.
        for place, candidate in enumerate(() if self._lead else self._block[1:HEADED_BY_MAX], 1):
            if self._worth < (GOOD if place == 1 else STANDS):
                self._clauses_of(candidate, place)
        return self._best

    def _consider(self, worth: int, text: str, n: int, echo: int = 0, lacks: int = 0) -> None:
        """Take a heading if it is better; one that is an `echo` or `lacks` news comes behind others, and stands if
        there are none."""
        if worth > self._worth:
            worth -= _cost_beside(self._pool, read_heading(text, self._pool.language), self._taken, self._lead)
            beside = max(min(worth, self._least), worth - echo - lacks)
            if beside > self._worth:
                self._best, self._worth = Choice(text, n, worth - lacks < STANDS), beside

    def _own_title(self) -> None:
        anchor, language = self._block[0], self._pool.language
        own = self._pool.cleaned[anchor.n]
        if not is_headline(own, language):
            return
        if not self._pool.english and anchor.position <= OPENING_POSITION_MAX:
            # What opens an article stands under its title, in whatever words that tells it.
            if self._lead or _is_told(self._pool, own, self._block[:2], lead=False):
                self._title(own, anchor.n, self._block[:2], least=EXCELLENT if self._lead else GOOD)
        elif self._lead:
            self._title(own, anchor.n, self._block[:2])
        elif not (is_to_be(own) and not anchor.features.future and self._pool.english):
            if anchor.position <= 2 and _is_told(self._pool, own, self._block[:2], lead=False):
                self._title(own, anchor.n, self._block[:2])
            elif self._pool.english and _is_told_below(self._pool, anchor.n, self._held):
                self._title(own, anchor.n, self._block)

    def _other_titles(self) -> None:
        anchor, language = self._block[0], self._pool.language
        for n, title in self._pool.cleaned.items():
            if n == anchor.n or n in self._pool.opinions or (_looks_ahead(title) and not anchor.features.future):
                continue
            if _covers(read_heading(title, language), self._held, OTHER_TITLE, digits=True) and is_headline(
                title, language
            ):
                self._title(title, n, self._block)

    def _title(self, title: str, n: int, block: Sequence[Candidate], least: int = 0) -> None:
        """A title is written to be read alone; one of which little is told is worth less than a clause, but not less
        than `least`."""
        read = read_heading(title, self._pool.language)
        told = 100 * len(read.stem_set & _held(block)) // max(1, len(read.stems))
        worth = max(least, TITLE - 3 * max(0, TITLE_TOLD - told) // 2)
        self._consider(worth, title_case(undated(title), self._pool.language), n)

    def _clauses_of(self, candidate: Candidate, place: int) -> None:
        """The clauses of a sentence, the `place`-th of its block."""
        pool, features = self._pool, candidate.features
        if turns(features.lower):
            return
        most = -FURTHER * place - (LEANS if features.dependence else 0)
        if most + GRADES[0] <= self._worth:
            return
        for grade, text in graded_clauses(features, pool.language, LEAD_WORDS_MAX if self._lead else WORDS_MAX):
            worth = most + GRADES[grade]
            if worth <= self._worth:
                continue
            stems = read_heading(text, pool.language).stem_set
            if not pool.english:
                worth += plain_weight(text, pool.language, stems, pool.title_stems, self._lead)
            else:
                worth += weight(text, stems, features, pool.title_stems, self._lead)
                if worth > self._worth:
                    worth -= tells_little(words_of(text), features, pool.title_stems) // (2 if self._lead else 1)
                if worth > self._worth:
                    worth -= leaning(text, stems, features.text, pool.title_stems)
                if worth > self._worth:
                    worth -= UNKNOWN * unknown_people(text, features, pool)
            if worth > self._worth and (
                stands_in(text, features.text) if pool.english else is_deletion(text, features.text)
            ):
                when = told_when(text, features, candidate.position)
                told = self._told(text, features, when)
                worth -= BESIDE if self._is_beside(told, stems, features) else 0
                lacks = self._lacks(told, features, when)
                text = title_case(told, pool.language)
                self._consider(worth, text, candidate.n, self._echo(told, features, place), lacks)

    def _is_beside(self, heading: str, stems: frozenset[str], sentence: Features) -> bool:
        """Whether a heading below the lead tells what somebody did at another time, and of what the titles tell nothing
        but names: where the new minister went to school."""
        who = past_subject(heading) if self._pool.english and not self._lead else ""
        if not who or who.lower() not in self._pool.persons:
            return False
        names = {stem_word(word.lower().removesuffix("'s"), "en") for name in sentence.names for word in name}
        return stems & self._pool.title_stems <= names | {stem_word(who.lower(), "en")}

    def _echo(self, heading: str, features: Features, place: int) -> int:
        """What a heading loses for having most of its sentence, the `place`-th of a section below the lead."""
        if self._lead or not self._pool.english:
            return 0
        held = len(read_heading(heading, "en").stem_set & features.stem_set)
        return (ECHO // 3 if place else ECHO) if 100 * held >= ECHOES * len(features.stems) else 0

    def _lacks(self, heading: str, sentence: Features, when: Told) -> int:
        """What a heading below the lead lacks of news: an act, or a time that is now."""
        if self._lead or not self._pool.english:
            return 0
        before = when <= Told.BEFORE and not sentence.future and _BESIDE_OTHER.isdisjoint(sentence.lower)
        return tells_by_now(heading) + (OF_BEFORE if before else 0)

    def _told(self, clause: str, sentence: Features, when: Told) -> str:
        """A clause of a sentence as a headline has it."""
        if not self._pool.english:
            return clause
        short = shorter_cut(clause, sentence, self._lead)
        if short != clause and stands_in(short, sentence.text):
            clause = short
        return in_few_words(headline(clause, self._pool.titled, self._pool.known_alone, when), self._pool.titled)


def _cost_beside(pool: Pool, heading: Heading, taken: Sequence[Heading], lead: bool) -> int:
    """What a heading loses, in hundredths, for saying what another one on the page does."""
    if not clashes(pool, heading, taken, lead):
        return SHORT_LEAD if lead and pool.english and len(heading.stems) < LEAD_STEMS_MIN else 0
    if not lead:
        return NEVER
    same = _times(heading.text, taken)
    # Once it may be the page's headline; a section that has it, too, would stand there twice.
    return NEVER if same > 1 else CLASHES + SAME * same


def is_told(heading: str, shown: Iterable[Features]) -> bool:
    """Whether one of these sentences says most of what an English heading does, whoever says it, and all numbers."""
    said = read_heading(_SAYER.sub("", heading), "en")
    read = said if len(said.stems) >= TOLD_STEMS else read_heading(heading, "en")
    if _NOT.search(heading):
        return False
    numbers = _numbers(read)
    for features in shown:
        held = len(read.stem_set & features.stem_set)
        if held >= TOLD_STEMS and 1000 * held >= TOLD * len(read.stems) and numbers <= features.stem_set:
            return True
    return False


def _numbers(heading: Heading) -> set[str]:
    return {stem for stem in heading.stems if any(character.isdigit() for character in stem)}


def _times(text: str, taken: Sequence[Heading]) -> int:
    return sum(letters_of(text) == letters_of(other.text) for other in taken)


def _does_as_well(pool: Pool, found: Choice, story: str, block: Sequence[Candidate], taken: Sequence[Heading]) -> bool:
    """Whether a lead tells the story's headline, and its heading says much the same or is but a clause of its sentence;
    no other section has it."""
    if not pool.english or not is_headline(story, pool.language) or _times(story, taken) > 1:
        return False
    read = read_heading(story, pool.language)
    heads = read_heading(found.text, pool.language)
    both = len(read.stem_set & heads.stem_set)
    alike = both >= CLASH_STEMS and 2 * both >= min(len(read.stems), len(heads.stems))
    title = letters_of(found.text)
    alike = alike or all(letters_of(undated(other)) != title for other in pool.cleaned.values())
    return alike and _covers(read, _held(block), OWN_TITLE, digits=True)


def _instead(pool: Pool, own: str, block: Sequence[Candidate], taken: Sequence[Heading], headline_n: int) -> Choice:
    """What a lead stands under that nothing fits: its article's title, or another's if that is no headline."""
    n = block[0].n
    if not is_headline(own, pool.language):
        others = ((title, other) for other, title in pool.cleaned.items())
        there = {letters_of(other.text) for other in taken}
        free = [(t, m) for t, m in others if letters_of(undated(t)) not in there and _months_held(t, block)]
        held = _held(block)
        read = [(t, m, read_heading(t, pool.language)) for t, m in free if is_headline(t, pool.language)]
        fits = [(t, m) for t, m, heading in read if _covers(heading, held, OWN_TITLE)]
        story = pool.cleaned.get(headline_n, "")
        if fits:
            own, n = fits[0]
        elif is_headline(story, pool.language) and _times(story, taken) <= 1:
            own, n = story, headline_n
    return Choice(title_case(undated(own), pool.language), n, leans=False)


def _months_held(title: str, block: Sequence[Candidate]) -> bool:
    """Whether a block names the months that a title does: of the day before, "in February" is the date of old."""
    held = {token for candidate in block for token in candidate.features.tokens}
    return all(token in held for token in TOKEN.findall(title) if token in w.MONTH)


def _is_told(pool: Pool, title: str, block: Sequence[Candidate], lead: bool) -> bool:
    """Whether a block says what its article's title does. Below the lead: most of it, its quotes and, unless the block
    opens as the article does, which tells the title's news in other words, its verb."""
    read, held = read_heading(title, pool.language), _held(block)
    if not pool.english and block[0].position <= OPENING_POSITION_MAX and title == pool.cleaned[block[0].n]:
        return _covers(read, held, OWN_TITLE_ELSEWHERE)
    if lead or not pool.english:
        return _covers(read, held, OWN_TITLE)
    if block[0].position == 0 and title == pool.cleaned[block[0].n]:
        told = _covers(read, held, OWN_TITLE_OPENING, digits=True)
    else:
        told = (not read.verbs or not read.verbs.isdisjoint(held)) and _covers(read, held, OWN_TITLE_BELOW)
    return told and _fits(title, held)


def _fits(title: str, held: AbstractSet[str]) -> bool:
    """Whether an English title is no longer than a heading and what it quotes is told."""
    return len(words_of(title)) <= WORDS_MAX and _quoted_stems(title) <= held


def _is_told_below(pool: Pool, n: int, held: AbstractSet[str]) -> bool:
    """Whether a section further down article `n` tells the news of its title all the same: it has most of its stems and
    its numbers, and most of those in no other article's title: what all are about, the lead tells."""
    title = pool.cleaned[n]
    read = read_heading(title, "en")
    least = OWN_TITLE_BELOW if not read.verbs else OWN_TITLE_SILENT if read.verbs.isdisjoint(held) else OWN_TITLE_ACTS
    if not _covers(read, held, least, digits=True):
        return False
    told = read.stem_set & held
    own = told.difference(*(other.stem_set for m, other in pool.titles.items() if m != n))
    return len(own) >= OWN_WORDS_MIN and 2 * len(own) > len(told) and _fits(title, held)


def _quoted_stems(title: str) -> set[str]:
    return {stem for quote in _TITLE_QUOTE.findall(title) for stem in content_of(quote, "en")}


def titles_block(pool: Pool, heading: str, block: Sequence[Candidate]) -> bool:
    """Whether a heading may stand over a block below the lead: none that is a title which the block doesn't tell."""
    title = next((title for title in pool.cleaned.values() if letters_of(undated(title)) == letters_of(heading)), None)
    if title is None:
        return True
    fits = is_headline(heading, pool.language) and not _comes_late(pool, title, block[0])
    return fits and _is_told(pool, title, block, lead=False)


def _comes_late(pool: Pool, title: str, anchor: Candidate) -> bool:
    """Whether a title announces what its section, below the lead, tells as done."""
    return pool.english and not anchor.features.future and is_to_be(title)


@lru_cache(maxsize=TITLES_CACHED_MAX)
def _looks_ahead(title: str) -> bool:
    return re.search(r"\b(?:to|will) [a-z]+", title.lower()) is not None


@lru_cache(maxsize=TITLES_CACHED_MAX)
def is_to_be(title: str) -> bool:
    """Whether an English title tells what somebody is to do: "Marlow to open pier", not "Marlow vows to open pier"."""
    words = words_of(title)
    at = words.index("to") if "to" in words[1:8] else 0
    if not at or at + 1 == len(words) or words[at + 1] in w.DETERMINER:
        return False
    # "Aide to senator apologizes" has its verb further on.
    end = next((i for i in range(at + 2, len(words)) if words[i] in _AND_THEN), len(words))
    others = (*range(at), *range(at + 2, end))
    return words[at - 1] not in _TO_WHAT and not any(is_verb(words[i]) or _may_tell(words, i) for i in others)


_AND_THEN = frozenset(("as", "and", "but", "while", "after", "before", "despite", "amid", "over"))


_TO_WHAT = w.PLAIN_IN_HEADING | {"according", "due", "back", "up", "ready", "next"}


def _held(block: Sequence[Candidate]) -> frozenset[str]:
    return frozenset().union(*(candidate.features.stem_set for candidate in block))


def _covers(read: Heading, held: AbstractSet[str], share: int, digits: bool = False) -> bool:
    """Whether what a block holds is that share (thousandths) of a title's stems, and all of its numbers."""
    told = len(read.stem_set & held)
    return told > 0 and 1000 * told >= share * len(read.stems) and (not digits or _numbers(read) <= held)


def title_case(text: str, language: str) -> str:
    """English headings in title case: the first letters of all but small words; capitals that are there stay."""
    if language not in ("en", "und"):
        return text
    words = text.split(" ")
    last = len(words) - 1
    return " ".join(
        word if i not in (0, last) and word.lower() in w.TITLE_SMALL else _capital(word) for i, word in enumerate(words)
    )


def _capital(word: str) -> str:
    if "." in word[:-1] and len(word) <= 5:
        return word
    for i, character in enumerate(word):
        if character.isalpha():
            return word[:i] + character.upper() + word[i + 1 :] if not word[:i].isdigit() else word
        if character.isdigit():
            return word
    return word


def headline_score(pool: Pool, n: int, lead: Candidate | None) -> int:
    """How good the title of article `n` is as the story's headline now, in thousandths: best the news that `lead`, the
    page's first sentence, bears out."""
    title = pool.cleaned[n]
    read = annotate(title, pool.language)
    score = 1200 * pool.centrality(read) // 1000 - age_penalty(pool.newest_ms - pool.parts[n].at_ms)
    score += 250 if is_headline(title, pool.language) else -250
    score -= 60 * max(0, read.length - 12)
    score -= 200 if title.startswith("The ") else 0
    score -= DONE if title_is_done(pool, n) else 0
    score -= NAMELESS if _names_nobody(pool, n) else 0
    score -= 100 if read.future or (" to " in title[:60] and pool.parts[n].relation == "advance") else 0
    if lead is None:
        return score
    if pool.english and read.stems:
        score += TOLD_BY_LEAD * sum(stem in lead.features.stem_set for stem in read.stems) // len(read.stems)
    return score + (120 if n == lead.n else 0)


def _names_nobody(pool: Pool, n: int) -> bool:
    """Whether a title names none of the people whom half of the titles, and of the texts, name (English)."""
    people = pool.title_people
    return bool(people) and people.isdisjoint([word.removesuffix("'s") for word in pool.titles[n].lower])


def age_penalty(gap_ms: int) -> int:
    """What age takes off, in thousandths: 8 an hour for two days, then 3 an hour up to 744 at a week."""
    hours = gap_ms // HOUR_MS
    if hours <= 48:
        return 8 * hours if hours > 0 else 0
    return 8 * 48 + 3 * (min(hours, 168) - 48)
