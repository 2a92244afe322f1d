"""The state of things: later figures and states that retire the sentences they overtake.

A later figure replaces an earlier one only with the same thing counted, the same scope (names in the sentence that
are not common to the story) and the same speaker; otherwise both stand.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from storyline_schemas.base import DAY_MS

from . import words as w
from .conditions import NOTHING, Told, told
from .features import CACHE_SENTENCES_MAX, Features
from .pool import Candidate, Pool
from .reading import READ_MAX, Reading, read
from .tense import pasts_of
from .text import OPENING_POSITION_MAX
from .tolls import corrects, tolls
from .vocabulary import STATE, stem_word

GROWTH_MAX = 8
PREVIEW_MS, DATED_PREVIEW_MS = 2 * DAY_MS, DAY_MS
PREVIEW_SHARE = 400
NEWS_POSITION_MAX = 2
"""Of what may overtake the opening of another article."""
OUTCOME_WORDS_MAX = 16
_FAVOUR = frozenset(("support", "backing", "praise", "approval", "time"))
_OPEN = re.compile(
    r"\b(?:still|so far|too early|yet to|to come|under ?way|neck and neck|too close|front-?runner|undecided"
    r"|(?:with|of) \S+ (?:percent|per cent|%) of (?:the )?(?:votes?|ballots|precincts)(?: \w+)? (?:count|report)\w*"
    r"|with \S+ (?:percent|per cent|%) (?:counted|reporting)"
    r"|polls? (?:\w+ )?(?:put|shows?|showed|suggest(?:s|ed)?|gave|gives?)|in the (?:\w+ )?(?:opinion )?polls"
    r"|(?:results?|votes?|ballots?|decision|verdict|ruling) (?:is|are|was|were) (?:expected|due|being counted)"
    r"|(?:is|are|was|were) expected to|hop(?:es?|ing) to|deliberat\w+|whether"
    r"|(?:is|are) (?:calling|pressing|pushing) (?:on|for)"
    r"|faces? (?:the |a )?(?:death|charges|trial|prospect|pressure))\b",
)
# Looked for before the pattern, which would try every word: most sentences hold none of them.
_OPEN_SIGNS = (
    "still", "so far", "too ", "yet to", "to come", "way", "neck", "runner", "undecided", "percent", "per cent", "%",
    "poll", "expected", " due", "being counted", "hop", "deliberat", "whether", "calling", "pressing", "pushing",
    "face",
)  # fmt: skip
_SUBORDINATE = frozenset(("who", "which", "whose", "whom", "that", "if", "after", "when", "before", "as", "while"))


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of people: how many are what, and where (`scope`: lower-case names not common to the story)."""

    kind: str
    value: int
    scope: frozenset[str]


@lru_cache(maxsize=READ_MAX)
def _telling(reading: Reading) -> Mapping[int, Told]:
    """What an article's sentences say of states: by their places, of those that say anything."""
    able = ((rank, each) for rank, each in enumerate(reading.features) if each.held & STATE)
    found = ((rank, told(each.text.lower())) for rank, each in able)
    return {rank: each for rank, each in found if each is not NOTHING}


def _told_by(pool: Pool, candidate: Candidate) -> Told:
    return _telling(pool.reading_of(candidate.n)).get(candidate.rank, NOTHING)


def figures(features: Features, counts: Iterable[tuple[str, int]], common: frozenset[str]) -> tuple[Figure, ...]:
    """The counts of a sentence with their scope: the names that others don't share."""
    if not counts:
        return ()
    scope = frozenset(word.lower() for name in features.names for word in name) - common
    return tuple(Figure(kind, value, scope) for kind, value in counts)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A sentence that is no longer so, the one that says what is, and the change in a few words (may be empty)."""

    old: tuple[int, int]
    by: tuple[int, int]
    what: str


def overtaken(pool: Pool, newer: Sequence[Candidate], older: Sequence[Candidate]) -> list[Overtaken]:
    """The sentences of `older` that one of `newer` overtakes (never a newer one; elsewhere by counts of people).

    Of two equally old ones, only a change of state that can't be undone ("missing" → "found dead") tells which was
    before.
    """
    if not pool.english:
        return _outnumbered(pool, newer, older)
    if pool.common_words is None:
        pool.common_words = _common_words(pool)
    common = pool.common_words
    # Most sentences hold no state; only those that do, and previews, are compared.
    olds = [(c, figures(c.features, _told_by(pool, c).counts, common)) for c in _holding(pool, older)]
    previews = [old for old in olds if old[0].features.future]
    found = []
    for new in newer if previews else _holding(pool, newer) if olds else ():
        told_now = _told_by(pool, new)
        plain = told_now is NOTHING
        news = figures(new.features, told_now.counts, common)
        for old, counts in previews if plain else olds:
            if old.n == new.n or old.at_ms > new.at_ms:
                continue
            if old.at_ms == new.at_ms and old.n > new.n:
                # Of one time, or without any: only what can't be so any more shows which was before; tolls rise.
                grown = _figure_changed(counts, news) if news and counts else ""
                if grown or (not plain and _state_changed(pool, old, new)):
                    found.append(Overtaken(old.key, new.key, ""))
                continue
            what = _figure_changed(counts, news) if news and counts else ""
            # What an article opens with is overtaken by what another opens with, not in passing further down.
            in_passing = old.position <= OPENING_POSITION_MAX and new.position > NEWS_POSITION_MAX
            changed = not in_passing and ((not plain and _state_changed(pool, old, new)) or _held(pool, old, new))
            if what or changed:
                found.append(Overtaken(old.key, new.key, what))
    return found


def _outnumbered(pool: Pool, newer: Sequence[Candidate], older: Sequence[Candidate]) -> list[Overtaken]:
    """The sentences of `older` whose count of people a later article has higher, in another language than English; what
    its verbs say of the rest isn't known, so a sentence goes only if each of its counts is overtaken."""
    news = [(c, counts) for c in newer if (counts := tolls(c.text, c.features.lower, pool.language))]
    if not news:
        return []
    if pool.common_words is None:
        pool.common_words = _common_words(pool)
    found = []
    for old in older:
        counts = tolls(old.text, old.features.lower, pool.language)
        before = figures(old.features, counts, pool.common_words)
        for new, later in news if before else ():
            if new.n == old.n or new.at_ms <= old.at_ms or pool.link(old.features, new.features) < SAME_TOLL_LINK:
                continue
            after = figures(new.features, later, pool.common_words)
            if all(_figure_changed([figure], after) or _is_corrected(pool, figure, new, after) for figure in before):
                found.append(Overtaken(old.key, new.key, ""))
                break
    return found


def _is_corrected(pool: Pool, figure: Figure, new: Candidate, after: Iterable[Figure]) -> bool:
    """Whether a sentence gives a lower count and takes the one before back."""
    lower = [each for each in after if each.kind == figure.kind and each.scope == figure.scope]
    fewer = any(0 < each.value < figure.value for each in lower)
    return fewer and corrects(new.features.lower, figure.value, pool.language)


SAME_TOLL_LINK = 150
"""How far two sentences of other languages must be about the same for one to have the other's count anew."""


def counted_anew(pool: Pool, retired: Mapping[tuple[int, int], tuple[int, int]]) -> frozenset[int]:
    """The articles whose headline counts people as a sentence did that a higher count of a later article overtook."""
    places = {candidate.key: candidate for candidate in pool.candidates} if retired else {}
    since: dict[tuple[str, int], int] = {}
    for old_key, new_key in retired.items():
        old, new = places.get(old_key), places.get(new_key)
        if old is None or new is None:
            continue
        later = _counts(pool, new.features)
        for kind, value in _counts(pool, old.features) if later else ():
            fewer = corrects(new.features.lower, value, pool.language)
            if any(kind == other and (value < more or (fewer and value > more)) for other, more in later):
                since[kind, value] = max(since.get((kind, value), 0), new.at_ms)
    if not since:
        return frozenset()
    return frozenset(
        n
        for n, title in pool.titles.items()
        if any(pool.parts[n].at_ms < since.get(figure, 0) for figure in _counts(pool, title))
    )


def _counts(pool: Pool, features: Features) -> Sequence[tuple[str, int]]:
    if pool.english:
        return told(features.text.lower()).counts if features.held & STATE else ()
    return tolls(features.text, features.lower, pool.language)


def _holding(pool: Pool, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that hold a state or look ahead."""
    if pool.states is None:
        pool.states = dict(zip(pool.by_part, map(_states_of, pool.readings), strict=True))
    states = pool.states
    return [c for c in candidates if c.rank in states[c.n]]


@lru_cache(maxsize=READ_MAX)
def _states_of(reading: Reading) -> frozenset[int]:
    return frozenset(_telling(reading)).union([rank for rank, each in enumerate(reading.features) if each.future])


def settles(new: Candidate, old: Candidate) -> bool:
    """Whether `new` tells how the matter ended that `old` reports as still open: the opening of a later article on the
    same people or things, with the outcome in its main clause (English)."""
    later = (new.at_ms, new.n) > (old.at_ms, old.n) and new.n != old.n
    shared = len(new.features.name_stems & old.features.name_stems)
    # What says itself that it is open needs less: "with 40 percent of votes counted".
    share = 400 if shared > 1 and leaves_open(old) else 600
    if not later or new.rank or new.features.future or 1000 * new.central < share * old.central:
        return False
    if not _has_outcome(new.features) or _has_outcome(old.features):
        return False
    return shared >= 1


def leaves_open(candidate: Candidate) -> bool:
    """Whether a sentence reports a matter as not yet decided: a partial count, a race still on."""
    return _leaves_open(candidate.text)


@lru_cache(maxsize=CACHE_SENTENCES_MAX)
def _leaves_open(text: str) -> bool:
    lower = text.lower()
    return [sign for sign in _OPEN_SIGNS if sign in lower] != [] and _OPEN.search(lower) is not None


def _has_outcome(features: Features) -> bool:
    lower = features.lower[:OUTCOME_WORDS_MAX]
    for i, word in enumerate(lower):
        if word in _SUBORDINATE:
            return False
        if word == "decision" and lower[i + 1 : i + 2] == ("to",) and lower[max(0, i - 2) : i - 1] == ("announced",):
            return True
        if word in w.OUTCOME and _FAVOUR.isdisjoint(lower[i + 1 : i + 4]):
            return True
    return False


def unsettled(pool: Pool, by: Candidate) -> list[Overtaken]:
    """What older articles said of the matter as open ("still to come", "too early", "ahead in the polls") once `by` has
    told its outcome."""
    return [
        Overtaken(old.key, by.key, "")
        for old in pool.candidates
        if (old.at_ms, old.n) < (by.at_ms, by.n)
        and old.n != by.n
        and leaves_open(old)
        and not (old.features.name_stems.isdisjoint(by.features.name_stems) and old.central < by.central // 2)
    ]


def outdated(pool: Pool) -> list[tuple[int, int]]:
    """Previews whose time is over: two days older than the newest article, or one and they name a weekday, or
    what an advance notice looks forward to once the event itself is reported."""
    over = _announced(pool)
    found = [
        c.key for n in over for c in pool.by_part[n] if c.features.future or not _AHEAD.isdisjoint(c.features.lower)
    ]
    for candidate in pool.candidates:
        gap = pool.newest_ms - candidate.at_ms
        if candidate.features.future and gap >= (DATED_PREVIEW_MS if candidate.features.deictic else PREVIEW_MS):
            found.append(candidate.key)
    return found


_AHEAD = frozenset(
    ("will", "would", "won't", "expect", "expects", "expected", "plan", "plans", "planned", "set", "scheduled", "due",
     "intend", "intends", "prepare", "prepares", "preparing", "upcoming")
)  # fmt: skip
SAME_MATTER = 600


def _announced(pool: Pool) -> list[int]:
    """Advance notices whose event a later article under much the same title reports in the past tense."""
    opens = {n: group[0].features for n, group in pool.by_part.items() if group}
    told = [n for n, first in opens.items() if not first.future and pool.parts[n].relation != "advance"]
    return [
        n
        for n, first in opens.items()
        if first.future
        and pool.parts[n].relation == "advance"
        and any(pool.parts[m].at_ms > pool.parts[n].at_ms and _same_title(pool, n, m) for m in told)
    ]


def _same_title(pool: Pool, a: int, b: int) -> bool:
    """Whether two titles have most of their words in common, and not names alone: who is to buy and who protests
    against it may be the same people."""
    left, right = pool.titles[a].stem_set, pool.titles[b].stem_set
    least, shared = min(len(left), len(right)), left & right
    if least < 3 or 1000 * len(shared) < SAME_MATTER * least:
        return False
    named = frozenset().union(*(reading.name_words for reading in pool.readings))
    return not shared <= {stem_word(word, pool.language) for word in named}


def _common_words(pool: Pool) -> frozenset[str]:
    """Words of names in at least half of the articles (and in two): they don't tell one scope from another."""
    spread = Counter(chain.from_iterable(read(part, pool.language).name_words for part in pool.parts.values()))
    need = max(2, (len(pool.parts) + 1) // 2)
    return frozenset(word for word, count in spread.items() if count >= need)


def _figure_changed(old: Sequence[Figure], new: Sequence[Figure]) -> str:
    for before in old:
        for after in new:
            same = before.kind == after.kind and before.scope == after.scope
            if same and before.value < after.value <= GROWTH_MAX * max(1, before.value):
                return f"{before.value:,} {before.kind}, now {after.value:,}"
    return ""


def _state_changed(pool: Pool, old: Candidate, new: Candidate) -> bool:
    before, after = _told_by(pool, old), _told_by(pool, new)
    changed = before.old & after.new
    if not changed or before.new:
        return False
    if changed & after.old and not _STILL.search(new.text) and not after.counts and not before.counts:
        # "The hiker who had been missing was found dead" says itself which state is over.
        return _same_subject(old, new)
    strong = [s for s in old.features.stems if s in new.features.stem_set and pool.weights.get(s, 1000) >= 450]
    names_old = {name[-1].lower() for name in old.features.names}
    if strong and changed & _SOUGHT and min(old.central, new.central) >= SOUGHT_CENTRAL_MIN:
        return True  # the one that the story is about
    return len(strong) >= 2 and any(name[-1].lower() in names_old for name in new.features.names)


_SOUGHT = 1 << 1
"""The change of states from somebody sought to somebody held."""
SOUGHT_CENTRAL_MIN = 100
ACT_WORDS = 4
"""Behind "will" that say what is to come."""


# "Two were found, four are still missing": the old state goes on for some.
_STILL = re.compile(
    r"\b(?:still|remain(?:s|ed|ing)?|others?|continu(?:e|es|ed|ing))\b|\b(?:is|are|were) (?:missing|trapped)\b", re.I
)


def _same_subject(old: Candidate, new: Candidate) -> bool:
    """Whether two sentences may be about the same one: no other name in the old one than in the new one's article."""
    return len(old.features.stem_set & new.features.stem_set) >= 1 and (
        not old.features.names
        or not old.features.name_stems.isdisjoint(new.features.name_stems)
        or all(len(name) == 1 for name in old.features.names)
    )


def _held(pool: Pool, old: Candidate, new: Candidate) -> bool:
    """A preview of what the newer sentence reports as having happened."""
    if not old.features.future or new.features.future:
        return False
    if not pool.near(old, new) or pool.redundancy(old.features, new.features) < PREVIEW_SHARE:
        return False
    # That workers protest against the company that will buy theirs isn't that it did.
    return not _to_come(old.features).isdisjoint(new.features.stem_set.union(new.features.lower))


_BEGUN = frozenset(("announced", "unveiled", "launched", "began", "opened"))
"""What tells of any plan that it has come."""


def _is_ahead(word: str, after: str) -> bool:
    return word in w.FUTURE_PHRASE_HEADS and after == "to"


@lru_cache(maxsize=READ_MAX)
def _to_come(preview: Features) -> frozenset[str]:
    """What tells that a preview has come: what it has right behind its "will" or "to", names aside ("hold", "held",
    "talk"), or that it began."""
    lower = preview.lower
    marks = (i for i, (word, after) in enumerate(pairwise(lower)) if word in w.FUTURE or _is_ahead(word, after))
    at = next(marks, -1)
    acts = [word for word in lower[at + 1 :] if word[0].isalpha() and word not in w.STOP][:ACT_WORDS]
    stems = {stem_word(word, "en") for word in acts} - preview.name_stems
    return _BEGUN.union(stems, *(pasts_of(word) for word in acts))
