"""What "the <noun>" of a sentence points at: which of its nouns the reader is taken to know from an earlier sentence
(English)."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from . import vocabulary as v
from . import words as w
from .features import annotate
from .vocabulary import Word, stem_word, table

RUN_MAX = 5
"""Words looked at behind an article for the noun that it belongs to."""
CACHED_MAX = 5_000
"""Sentences whose definite nouns are known."""

# What follows a noun that says by itself which one is meant: "the killing of", "the man who", "the attack on"; not what
# says when: "the site until", "the vote after".
_SAYS_WHICH = (w.PREPOSITION - w.word_set("after before until since during as amid despite while than")) | w.word_set(
    "who whom whose that which where when to"
)
# One of its kind, or told by its rank: nobody asks which.
_BY_RANK = w.word_set("first last only latest next same past most second third")
# What every reader of news knows one of.
_KNOWN = w.word_set(
    """president presidents government administration minister nation country state military army world public news
    day days night morning afternoon evening dawn noon midnight week weeks weekend month months year years season spring
    summer autumn winter time times moment century future end"""
)
# What "the message" or "the reporters" are is told before, if in other words.
OF_WHAT_WAS_TOLD = w.word_set(
    """message letter letters survey poll study article story tweet tweets video videos photo photos photograph
    photographs image images recording recordings answer shot speech remark remarks comment comments memo memos
    reporter reporters author authors man woman men boy girl boys girls couple crowd driver drivers gunman gunmen"""
)
SUMS_UP = w.word_set(
    """event events occasion move moves change changes charge disaster freeze emails e-mails offer proposal request
    demand complaint suggestion step steps gesture"""
)
"""What "the move" or "the charge" is was told right before, if in other words."""
_ADVERB = w.word_set("soon anytime today tonight yesterday tomorrow early earlier late later together alone far")
_NO_NAME = w.WEEKDAY | frozenset(month.lower() for month in w.MONTH)
_ARTICLES = frozenset(("the", "other"))
_JOINS = frozenset(
    ("and", "or", "any", "no", "each", "every", "two", "three", "several", "many", "some", "most", "few")
)
"""Before "other": "hard drives and other evidence" points at nothing."""
_NOTHING: Mapping[str, str] = {}


@lru_cache(maxsize=CACHED_MAX)
def definite(text: str) -> Mapping[str, str]:
    """The nouns, by their stems, that a sentence brings as known ("the confession", "the newspaper's story", "the 529
    defendants", "other officials") and neither names nor says which they are itself."""
    features = annotate(text, "en")
    places = [i for i, word in enumerate(features.lower) if word in _ARTICLES]
    if not places:
        return _NOTHING
    read = list(map(table("en").__getitem__, features.tokens))
    found: dict[str, str] = {}
    for i in places:
        if i and read[i].lower == "other" and read[i - 1].lower in _JOINS:
            continue
        head = _head(read, i + 1, _run(read, i + 1))
        if head is not None and not [1 for before in read[:i] if before.stem == head.stem]:
            found[head.stem] = head.lower.removesuffix("'s")
    return found


_NOT_TOLD_BEFORE = w.word_set(
    """time times term round half quarter leg period phase place day days night week weeks month months year years hour
    hours minute minutes way chance"""
)
"""Of these one more is told of without a first."""
_SECOND = frozenset((("a", "second"), ("the", "second")))


@lru_cache(maxsize=CACHED_MAX)
def once_more(text: str) -> frozenset[str]:
    """The stems of the nouns of which a sentence tells one more, as if the first were told: "another bomber", "a second
    raid", "the second question"."""
    features = annotate(text, "en")
    lower = features.lower
    if ("another" not in lower and "second" not in lower) or "first" in lower:
        return frozenset()
    starts = [i + 1 for i, word in enumerate(lower) if word == "another" or lower[i - 1 : i + 1] in _SECOND]
    read = list(map(table("en").__getitem__, features.tokens))
    nouns = [
        (start, read[end - 1])
        for start in starts
        if (end := _run(read, start)) > start
        # "The second woman to be elected", "the second largest port"
        and not (lower[start - 2] == "the" and lower[end : end + 1] and lower[end] in _SAYS_WHICH)
    ]
    return frozenset(
        noun.stem
        for start, noun in nouns
        if not noun.flags & v.CAPITAL
        and noun.lower not in _NOT_TOLD_BEFORE
        and noun.stem not in {word.stem for word in read[: start - 1]}
    )


ACTS = w.word_set(
    """report decision ruling comment comments remark remarks presentation speech statement announcement proposal
    proposals plan letter interview article story verdict resignation testimony claim claims allegation allegations
    accusation accusations order threat tweet tweets post posts response apology warning call criticism vote election
    attack attacks debate hearing summit raid"""
)
"""What somebody said or did, or what happened, is told before it is spoken of as his or as last month's."""
_LAST = frozenset(("month's", "week's", "year's", "night's"))
_ENDS = frozenset((",", ".", ";", "and", "but"))


@lru_cache(maxsize=CACHED_MAX)
def acts(text: str) -> frozenset[str]:
    """The stems of what somebody did that a sentence takes as told: whose it is, if it says so ("after Holm's
    comments"), or what it is ("in his speech", "last month's ruling")."""
    features = annotate(text, "en")
    tokens, lower = features.tokens, features.lower
    found = set()
    for i, word in enumerate(lower[:-1]):
        end = i + 1 if lower[i + 1] in ACTS else i + 2
        if end >= len(lower) or lower[end] not in ACTS or not tokens[i + 1][0].islower():
            continue
        after = lower[end + 1] if end + 1 < len(lower) else "."
        timed = word in _LAST or (word.removesuffix("'s") in _NO_NAME and tokens[i][0].isupper())
        if timed and i:
            found.add(stem_word(lower[end], "en"))
        elif word.endswith("'s") and tokens[i][0].isupper() and not timed and after not in _SAYS_WHICH:
            found.add(stem_word(word, "en"))
        elif word in w.POSSESSIVE and i and lower[i - 1] in w.PREPOSITION and after in _ENDS:
            found.add(stem_word(lower[end], "en"))
    return frozenset(found)


_IN_YEAR = re.compile(r"(?:When|After|In|Since|Back|During|By)\b[^,.;]{0,110}\b(?:19|20)\d\d,")


def begins_in_year(text: str) -> bool:
    """Whether a sentence begins with what was in a year: "In 2011, …", "When the piers were built in 1911, …"."""
    return _IN_YEAR.match(text) is not None


def _run(read: Sequence[Word], start: int) -> int:
    """Where the words that may belong to the article before `start` end."""
    end = start
    while end < len(read) and end - start < RUN_MAX and _belongs(read, end, end == start):
        end += 1
    return end


def _belongs(read: Sequence[Word], i: int, first: bool) -> bool:
    word = read[i]
    if (word.flags & (v.LETTERS | v.STOP)) != v.LETTERS or word.lower in w.PREPOSITION or word.lower in _ADVERB:
        return False
    if not word.flags & v.VERB:
        # "the decrees granting him power"
        return first or not word.lower.endswith("ing")
    # "the planned summit", but "the summit planned …".
    after = read[i + 1] if i + 1 < len(read) else None
    goes_on = after is not None and (after.flags & (v.LETTERS | v.STOP | v.VERB)) == v.LETTERS
    return first and goes_on and word.lower.endswith("ed")


def _head(read: Sequence[Word], start: int, end: int) -> Word | None:
    """The noun of "the confession", or whose it is in "the court's decision"; None if a name, its rank or what follows
    says which one is meant."""
    run = read[start:end]
    if not run or _is_apposition(read, start):
        return None
    owner = next((i for i, word in enumerate(run) if word.lower.endswith("'s")), None)
    told = run if owner is None else run[: owner + 1]
    if [1 for word in told if word.flags & v.CAPITAL and word.lower not in _NO_NAME]:
        return None
    head = told[-1]
    noun = head.lower.removesuffix("'s")
    after = read[end].lower if owner is None and end < len(read) else ""
    says_which = after in _SAYS_WHICH or after.endswith("ing")
    if says_which or not noun.isalpha() or noun in _KNOWN or noun in _NO_NAME:
        return None
    ranked = [1 for word in told if word.lower in _BY_RANK or word.lower.endswith("est")]
    return None if ranked else head


def _is_apposition(read: Sequence[Word], start: int) -> bool:
    """Whether the noun says who was named just before: "the IAF, the main opposition party"."""
    return start > 2 and read[start - 2].lower == "," and bool(read[start - 3].flags & v.CAPITAL)
