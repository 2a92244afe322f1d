"""The state of things: later figures and states that retire the sentences they overtake.

A later figure replaces an earlier one only with the same thing counted, the same scope (names in the sentence that
are not common to the story) and the same speaker; otherwise both stand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .features import CACHE_SENTENCES_MAX, Features
from .pool import Candidate, Pool

GROWTH_MAX = 8
PREVIEW_MS, DATED_PREVIEW_MS = 5 * 86_400_000, 2 * 86_400_000
PREVIEW_SHARE = 400

_NUMBER = r"(?P<value>\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_PEOPLE = (
    r"(?: (?:other |more )?(?:people|persons|men|women|children|civilians|soldiers|passengers|workers|"
    r"others|victims|students|migrants|troops|officers|miners|bodies|residents))"
)
_KINDS = (
    (
        "dead",
        r"(?:killed|dead|died|deaths)",
        r"(?:killed|killing|kills|death toll\b[^,.;]{0,40}?|claimed the lives of|claiming)",
    ),
    ("injured", r"(?:injured|wounded|hurt|injuries)", r"(?:injured|injuring|wounded|wounding|hurt)"),
    ("missing", r"(?:missing|unaccounted for)", r"(?:missing)"),
    ("displaced", r"(?:displaced|homeless|evacuated)", r"(?:displaced|displacing|evacuated)"),
    ("arrested", r"(?:arrested|detained|arrests)", r"(?:arrested|arresting|detained|detaining)"),
)
_QUALIFIER = r"(?:at least |about |around |some |more than |nearly |up to |another |a total of )?"
_FIGURES = tuple(
    (
        kind,
        re.compile(
            rf"\b{_NUMBER}{_PEOPLE}?(?: (?:were|was|are|is|have been|had been|have|had|remain|remained|confirmed"
            rf"|reported|people))*,? {after}\b", re.I),
        re.compile(rf"\b{before} {_QUALIFIER}{_NUMBER}(?!\s*(?:%|percent|years?|days?|hours?|times|miles|km))\b", re.I),
    )
    for kind, after, before in _KINDS
)  # fmt: skip
_WORD_VALUE = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip

_STATES = (
    (re.compile(r"\b(?:missing|disappeared|search(?:ing)? for|trapped)\b", re.I),
     re.compile(
         r"\b(?:found (?:dead|alive|safe)|body (?:was|of|has been) |bodies (?:were|have been)|rescued"
         r"|recovered)\b", re.I)),
    (re.compile(r"\b(?:at large|on the run|manhunt|fugitive|still searching for)\b", re.I),
     re.compile(r"\b(?:arrested|captured|caught|detained|in custody|shot dead)\b", re.I)),
    (re.compile(r"\b(?:was being held|is being held|remains? in custody|held hostage|captive|in detention)\b", re.I),
     re.compile(r"\b(?:was|were|been|has been) (?:released|freed)\b", re.I)),
    (re.compile(r"\b(?:in (?:critical|serious|stable) condition|in hospital|hospitali[sz]ed)\b", re.I),
     re.compile(r"\b(?:died|has died|dies|passed away|pronounced dead)\b", re.I)),
    (re.compile(r"\b(?:suspect(?:ed)?|questioned|awaiting charges)\b", re.I),
     re.compile(
         r"\b(?:was|were|been|has been) (?:formally )?charged\b|\b(?:convicted|acquitted|found guilty)\b", re.I)),
    (re.compile(r"\b(?:on trial|stand(?:s|ing)? trial|awaiting (?:trial|verdict))\b", re.I),
     re.compile(r"\b(?:convicted|acquitted|found guilty|found not guilty|sentenced)\b", re.I)),
    (re.compile(r"\b(?:(?:calls|pressure|urged|called on) (?:for|on|to)?.{0,40}\b(?:resign|step down|quit))\b", re.I),
     re.compile(r"\b(?:has resigned|resigned|stepped down|announced (?:his|her) resignation)\b", re.I)),
    (re.compile(r"\b(?:remain(?:s|ed)? closed|is closed|was shut|grounded)\b", re.I),
     re.compile(r"\b(?:reopened|resumed|restored|back to normal)\b", re.I)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of people: how many are what, and where (`scope`: lower-case names not common to the story)."""

    kind: str
    value: int
    scope: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one sentence says of states: counts of people, and bit masks of the old and new states of `_STATES`."""

    counts: tuple[tuple[str, int], ...]
    old: int
    new: int


_NOTHING = _Reading((), 0, 0)
# A sentence with none of these word beginnings is in no state that we know; most sentences are read no further.
_TRIGGER = re.compile(
    r"\b(?:kill|dead|die|death|claim|injur|wound|hurt|missing|unaccounted|displac|homeless|evacuat"
    r"|arrest|detain|disappear"
    r"|search|trapped|found|bod(?:y|ies)|rescu|recover|large|run|manhunt|fugitive|captur|caught|custody"
    r"|shot|held|hostage"
    r"|captive|detention|releas|freed|condition|hospital|pass|pronounc|suspect|question|charg|convict|"
    r"acquit|trial|verdict"
    r"|sentenc|resign|step|quit|clos|shut|ground|reopen|resum|restor|normal)",
    re.I,
)


@lru_cache(maxsize=CACHE_SENTENCES_MAX)
def _read(text: str) -> _Reading:
    if not _TRIGGER.search(text):
        return _NOTHING
    counts = []
    for kind, before, after in _FIGURES:
        values = {_value(match["value"]) for match in (before.search(text), after.search(text)) if match}
        if len(values) == 1:
            counts.append((kind, values.pop()))
    old = sum(1 << i for i, (pattern, _) in enumerate(_STATES) if pattern.search(text))
    new = sum(1 << i for i, (_, pattern) in enumerate(_STATES) if pattern.search(text))
    return _Reading(tuple(counts), old, new)


def figures(features: Features, common: frozenset[str]) -> tuple[Figure, ...]:
    """The counts in an English sentence; one that gives two values of a kind has none that can be compared."""
    counts = _read(features.text).counts
    if not counts:
        return ()
    scope = frozenset(word.lower() for name in features.names for word in name) - common
    return tuple(Figure(kind, value, scope) for kind, value in counts)


def _value(text: str) -> int:
    return _WORD_VALUE.get(text.lower()) or int(text.replace(",", "") or 0)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A sentence that is no longer so, the one that says what is, and the change in a few words (may be empty)."""

    old: tuple[int, int]
    by: tuple[int, int]
    what: str


def overtaken(pool: Pool, newer: Sequence[Candidate], older: Sequence[Candidate]) -> list[Overtaken]:
    """The sentences of `older` that one of `newer` overtakes (English only; never an equally old or newer one)."""
    if pool.language not in ("en", "und"):
        return []
    if pool.common_words is None:
        pool.common_words = _common_words(pool)
    common = pool.common_words
    # Most sentences hold no state; only those that do, and previews, are compared.
    olds = [(c, figures(c.features, common)) for c in older if _read(c.text) is not _NOTHING or c.features.future]
    found = []
    for new in newer:
        reading = _read(new.text)
        news = figures(new.features, common)
        for old, counts in olds:
            if old.n == new.n or (old.at_ms, old.n) >= (new.at_ms, new.n):
                continue
            what = _figure_changed(counts, news) if news and counts else ""
            if what or (reading.new and _state_changed(pool, old, new)) or _held(pool, old, new):
                found.append(Overtaken(old.key, new.key, what))
    return found


def outdated(pool: Pool) -> list[tuple[int, int]]:
    """Previews whose time is over: five days older than the newest article, or two days and they name a weekday."""
    found = []
    for candidate in pool.candidates:
        gap = pool.newest_ms - candidate.at_ms
        if candidate.features.future and gap >= (DATED_PREVIEW_MS if candidate.features.deictic else PREVIEW_MS):
            found.append(candidate.key)
    return found


def _common_words(pool: Pool) -> frozenset[str]:
    """Words of names in at least half of the articles (and in two): they don't tell one scope from another."""
    spread: dict[str, set[int]] = {}
    for candidate in pool.candidates:
        for name in candidate.features.names:
            for word in name:
                spread.setdefault(word.lower(), set()).add(candidate.n)
    need = max(2, (len(pool.by_part) + 1) // 2)
    return frozenset(word for word, where in spread.items() if len(where) >= need)


def _figure_changed(old: Sequence[Figure], new: Sequence[Figure]) -> str:
    for before in old:
        for after in new:
            same = before.kind == after.kind and before.scope == after.scope
            if same and before.value < after.value <= GROWTH_MAX * max(1, before.value):
                return f"{before.value:,} {before.kind}, now {after.value:,}"
    return ""


def _state_changed(pool: Pool, old: Candidate, new: Candidate) -> bool:
    before, after = _read(old.text), _read(new.text)
    if not before.old & after.new or before.new:
        return False
    strong = [s for s in old.features.stems if s in new.features.stem_set and pool.weights.get(s, 1000) >= 450]
    names_old = {name[-1].lower() for name in old.features.names}
    return len(strong) >= 2 and any(name[-1].lower() in names_old for name in new.features.names)


def _held(pool: Pool, old: Candidate, new: Candidate) -> bool:
    """A preview of what the newer sentence reports as having happened."""
    if not old.features.future or new.features.future:
        return False
    return pool.near(old, new) and pool.redundancy(old.features, new.features) >= PREVIEW_SHARE
