"""A clause in the form of a headline (English): without courtesy, "that" and "was", and with its news in the present.

"Mr. Brandt was badly hurt by a falling crane" is "Brandt Badly Hurt by Falling Crane" over a section, and "Mr. Brandt
has left Solmar" is "Brandt Leaves Solmar". What it says stays what the sentence says; it is the clause as it was that
passes the gate.
"""

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from enum import IntEnum
from functools import lru_cache

from . import words as w
from .features import Features
from .naming import TITLE_OF_PERSON
from .predicates import main_verb, words_of
from .reading import READ_MAX, Reading
from .tense import SUBORDINATE, in_present, is_of_many
from .vocabulary import OF_TIME, is_verb

_COURTESY = re.compile(r"\b(?:Mr|Mrs|Ms)\.? (?=[A-Z])")
# Not after "warned" or "denied": "Denied Journalists Were Target" reads as if they were denied.
_THAT = re.compile(
    r"\b(?P<says>said|says|say|announced|insisted|tweeted|vowed|believes?|thinks?) that (?=(?P<next>[\w'’]+))"
)
# "A number of states", "a total of 94 grams"; but "a majority of" is how many.
_NUMBER_OF = re.compile(r"^(?:[Nn]umber of (?=[a-z]+s\b)|[Tt]otal of (?=(?:about |nearly |some |over )?\d))")
# To whom and on what occasion somebody spoke: not what was said.
_OCCASION_AT_END = re.compile(
    r"(?: to reporters"
    r"| in (?:[a-z][\w'’-]+ ){0,2}(?:statement|interview|tweet|letter|memo|speech|address|broadcast|post)"
    r"(?: with (?:[A-Z][\w'’.-]*)(?: [A-Z][\w'’.-]*)*)?| on (?:Twitter|Facebook|YouTube|Instagram|CNN)"
    r"| (?:at|during|in) (?:[a-z][\w'’-]+ ){0,2}(?:news|press) (?:conference|briefing)"
    r"(?: (?:in|at) (?:[A-Z][\w'’.-]*)(?: [A-Z][\w'’.-]*)*)?| (?:at|from) White House)+$"
)
_ADVERB_FIRST = re.compile(
    r"^(?:Overall|Consequently|Accordingly|Additionally|Ultimately), (?=\w)|^(?:Recently|Currently),? (?=\w)"
    r"|^(?!(?:Alleged|Reported|Apparent|Possib|Probab|Presumab|Supposed|Like)ly)(?:Overnight|[A-Z][a-z]+ly), (?=[A-Z])"
)
_RECENTLY = re.compile(r" (has|have) (?:recently|now|just) (?=[a-z])")
_OFFICE = re.compile(r"^(?:(?:US|U\.S\.) )?President (?:[A-Z][\w'’.-]* ){0,2}(?P<last>[A-Z][\w’'-]+)(?= [a-z])")
_OF_OFFICE = TITLE_OF_PERSON | w.word_set(
    "host star tycoon candidate challenger rival businessman businesswoman billionaire real estate"
)

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_LONG_AGO = (
    r"(?:(?:(?:[Ee]arlier|[Ll]ate|[Ee]arly) )?[Ll]ast (?:month|year|spring|summer|autumn|fall|winter|season"
    rf"|{_MONTHS})"
    r"|[Ee]arlier this (?:month|year|season|spring|summer|autumn|winter)"
    r"|(?:\w+ ){1,3}(?:weeks|months?|years?|decades?) (?:ago|earlier|before))"
)
_OLD_OPENING = re.compile(rf"{_LONG_AGO}\b|(?:(?:Back )?[Ii]n|Since) (?:\w+ )?(?:19|20)\d\d\b")
_OLD_END = re.compile(rf"\b{_LONG_AGO}[.”\"]*$")
# What such an end ends in: looked at before the pattern, which would try every word.
_OLD_LAST = (
    "month", "year", "spring", "summer", "autumn", "fall", "winter", "season", "ago", "earlier", "before",
    *_MONTHS.split("|"),
)  # fmt: skip
_MONTH = rf"(?:{_MONTHS}|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
_YEAR = r"(?:1[89]|20)\d\d(?:s\b|\b(?! [a-z]))"
_SPAN = r"(?:\w+ )?(?:\w+day|weeks?|weekend|months?|years?|decades?|season|spring|summer|autumn|fall|winter|term)"


def _behind(words: str) -> str:
    """A pattern for where one of some words (each a pattern of one length) and a space have just been."""
    return "|".join(rf"(?<=\b{word} )" for word in words.split())


_BEHIND_IN = _behind(
    "[Ii]n [Ss]ince [Ll]ast [Ee]arly [Ll]ate [Mm]id [Tt]his [Oo]f [Uu]ntil [Bb]y [Dd]uring [Ff]rom [Aa] [Aa]n [Tt]he"
)
_BEHIND_ON = _behind("[Oo]n [Ss]ince [Uu]ntil [Bb]y [Ff]rom")
# Each begins with the space before its month, year or century: what stands before that is looked at only there.
_OF_DATE = re.compile(
    rf" (?:(?={_MONTH}(?! \d)\b)(?:{_BEHIND_IN})|(?={_MONTH} \d)(?:(?<=, )|{_BEHIND_ON})"
    rf"|(?={_YEAR})(?:(?<=, )|{_BEHIND_IN})|century\b(?<=\b\d\d(?:st|nd|rd|th) century))"
)
_BEFORE = re.compile(
    rf"{_OF_DATE.pattern}"
    rf"|\b(?:[Ll]ast|[Pp]ast|[Pp]revious|[Rr]ecent|[Tt]hose|[Oo]ver the) {_SPAN}\b"
    r"|\b[Ee]arlier (?:in|that|this (?:month|year|season))\b|\b[Ww]hen (?:he|she) was\b"
    r"|\b(?:ago|[Oo]nce|[Aa]t the time|[Bb]ack then|[Aa]s president|(?:his|her|its|their) original)\b"
    r"|\b(?:[Ii]f|[Uu]nless)\b|^After (?:growing|graduating|serving|working|leaving school)\b"
)
# One of `words.OF_TIME`, or a year, is in whatever the two patterns find; and one of these in what the one finds, and
# the other.
_OF_OLD_WORDS = w.word_set("last earlier ago before")
_OF_DATE_WORDS = frozenset(
    f"{month.lower()}{ending}" for month in (*w.MONTH, "May") for ending in ("", "'s")
) | w.word_set("century century's")
# How somebody did it: never how much, how surely or when.
_MANNER = w.word_set(
    """forcefully swiftly strongly sharply fiercely vehemently angrily bluntly harshly vigorously flatly firmly loudly
    boldly briskly bitterly passionately proudly warmly openly squarely roundly promptly quickly officially formally
    actually certainly clearly currently now"""
)
# When it was told, beside what it was: nothing in a heading says later than what.
_WHEN = frozenset(("later", "recently", "subsequently", "immediately", "eventually"))
# "The law signed Friday protects …": a heading without the day would take "signed" for what the law does.
_DAY_OF_PARTICIPLE = re.compile(
    r"[a-z]ed (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day [a-z]+s (?!to |of |for |in |on |that |by |with |from )"
)
_NEXT_CLAUSE = re.compile(r", (?:but|and|which|who|whose|although|though|while|the)\b")
NEWS_POSITION_MAX = 3
WORDS_LEFT_MIN = 4
"""Of a clause without the occasion at its end."""

_BE = frozenset(("is", "are", "was", "were"))
_HAVE = frozenset(("has", "have"))
_PARTICIPLE = frozenset(("shot", "found", "held", "hit", "struck", "sent", "taken", "beaten", "stolen", "seen", "hurt"))
LASTING = frozenset(
    ("married", "located", "based", "supposed", "related", "opposed", "used", "situated", "named", "called", "titled",
     "retired", "interested", "pleased", "divided", "united", "limited", "scared", "seen", "tired", "convinced")
)  # fmt: skip
"""Participles of what lasts: "was married to" isn't "married"."""


class Told(IntEnum):
    """When what a sentence tells happened, as far as a headline has to know."""

    OF_OLD = 0
    """A month or more ago, as it says itself."""
    BEFORE = 1
    """Not now: it names a month, a year or what was "at the time", or tells what would be so if something were."""
    SOMETIME = 2
    NOW = 3
    """It is among the first of its article or names a day of the week."""


def headline(clause: str, titled: AbstractSet[str], alone: Callable[[str], bool], told: Told = Told.SOMETIME) -> str:
    """A clause as a headline has it: its words in their order, some left out, and its news in the present.

    `titled` are words (lower case) of the story's titles by which a president is known without his office; `alone`
    tells of a surname (lower case) whether anybody is. What is of old keeps its "was": "Mayor Accused of Fraud" is
    news.
    """
    text = _COURTESY.sub("", clause)
    text = _THAT.sub(lambda found: found[0] if is_verb(found["next"].lower()) else f"{found['says']} ", text)
    text = _without_occasion(_ADVERB_FIRST.sub("", _NUMBER_OF.sub("", text)))
    office = _OFFICE.match(text)
    if office and office["last"].lower().removesuffix("'s").removesuffix("’s") in titled:
        text = text[office.start("last") :]
    return _in_form(text, told).split(" ", _before_surname(text, alone))[-1]


def _without_occasion(text: str) -> str:
    """A clause without the occasion that it ends with, if an object stands before that."""
    found = _OCCASION_AT_END.search(text)
    if found is None:
        return text
    left = text[: found.start()]
    words = words_of(left)
    verb = main_verb(words)
    return left if len(words) >= WORDS_LEFT_MIN and verb is not None and verb + 1 < len(words) else text


def _in_form(text: str, told: Told) -> str:
    text = _without_possessive(_without_manner(_RECENTLY.sub(r" \1 ", text), _MANNER))
    if told is not Told.OF_OLD:
        short = _without_auxiliary(text)
        text = short if short != text or told is Told.BEFORE else in_present(text, fresh=told is Told.NOW)
    # Only now: what was "later" isn't told in the present.
    return _without_manner(text, _WHEN)


def _without_manner(text: str, adverbs: AbstractSet[str]) -> str:
    """ "Marlow forcefully attacked plan" without its adverb: right before the main verb, behind its "has" or "is", or
    between it and its "to" or "that"."""
    words = text.split()
    at = next((i for i, word in enumerate(words) if word in adverbs), 0)
    if not at or at + 1 == len(words):
        return text
    first = _first_verb(words)
    if words[at + 1] in ("to", "that"):
        beside = first == at - 1 and words[first] not in w.AUXILIARY
    else:
        helped = first == at - 1 and (words[first] in _HAVE or words[first] in _BE)
        verb = is_verb(words[at + 1]) or words[at + 1] == "being"
        beside = verb and (first == at + 1 or helped)
    return " ".join([*words[:at], *words[at + 1 :]]) if beside else text


def _first_verb(words: Sequence[str]) -> int:
    """The place of the first word behind the subject that may be its verb; 0 if there is none."""
    return next((i for i, word in enumerate(words) if i and _verbal(word)), 0)


def _without_possessive(text: str) -> str:
    """ "Holm announced her departure" without its "her", which is the subject's: only whose kin it is must be said."""
    words = text.split()
    at = next((i for i, word in enumerate(words) if word in w.POSSESSIVE), 0)
    if not at or at + 1 == len(words) or words[at - 1] in w.SPEECH:
        return text
    first = _first_verb(words)
    if first != at - 1 and not (first == at - 2 and (words[first] in _HAVE or words[at - 1] in _PARTICLES)):
        return text
    noun = words[at + 1 : at + 4]
    if not _KIN.isdisjoint(noun) or noun[0][0].isupper() or is_of_many(words[:first]) is not (words[at] == "their"):
        return text
    return " ".join([*words[:at], *words[at + 1 :]])


_PARTICLES = frozenset(("up", "off", "out", "down", "back"))
_KIN = w.word_set(
    """own wife husband son sons daughter daughters child children mother father parents brother brothers sister sisters
    family families relatives baby girlfriend boyfriend partner people way first second last best most"""
)


def _before_surname(text: str, alone: Callable[[str], bool]) -> int:
    """How many words, of office and first names, stand before a subject's surname that is enough."""
    words = text.split()
    end = next((i for i, word in enumerate(words) if i and word[:1].islower() and _verbal(word)), 0)
    name = words[:end]
    if end < 2 or not (name[-2][0].isupper() and name[-1].isalpha() and name[-1][0].isupper()):
        return 0
    named = all(word[0].isupper() or word in _OF_OFFICE for word in name) and not name[-1].isupper()
    return end - 1 if named and alone(name[-1].lower()) else 0


def told_when(clause: str, sentence: Features, position: int) -> Told:
    """When that happened which a clause of a sentence tells, the `position`-th of its article, from 0."""
    if sentence.background or sentence.held & OF_TIME:
        text = _as_far_as(clause, sentence.text)
        if is_of_old(text):
            return Told.OF_OLD
        if _BEFORE.search(text):
            return Told.BEFORE
    dated = not w.WEEKDAY.isdisjoint(sentence.lower)
    if dated and _DAY_OF_PARTICIPLE.search(sentence.text):
        return Told.BEFORE
    return Told.NOW if dated or position <= NEWS_POSITION_MAX else Told.SOMETIME


def is_dated_before(sentence: Features) -> bool:
    """Whether a sentence says that what it tells was a month or more ago, or in a month or year that it names."""
    year, lower = sentence.background, sentence.lower
    if not (year or sentence.held & OF_TIME):
        return False
    if (year or not _OF_OLD_WORDS.isdisjoint(lower)) and is_of_old(sentence.text):
        return True
    return (year or not _OF_DATE_WORDS.isdisjoint(lower)) and _OF_DATE.search(sentence.text) is not None


@lru_cache(maxsize=READ_MAX)
def dated_before(reading: Reading) -> frozenset[int]:
    """The places (`Candidate.rank`) of an article's sentences that do so."""
    return frozenset([rank for rank, sentence in enumerate(reading.features) if is_dated_before(sentence)])


def is_of_old(sentence: str) -> bool:
    """Whether a sentence begins or ends by saying that what it tells was a month or more ago: "Last year, …"."""
    if _OLD_OPENING.match(sentence):
        return True
    return sentence.rstrip('.”"').endswith(_OLD_LAST) and _OLD_END.search(sentence) is not None


def _as_far_as(clause: str, sentence: str) -> str:
    """A sentence up to where another clause begins behind this one: that may tell of any time."""
    end = max(0, sentence.rfind(clause.rsplit(" ", 1)[-1]))
    following = _NEXT_CLAUSE.search(sentence, end)
    return sentence[: following.start()] if following else sentence


def _without_auxiliary(text: str) -> str:
    """ "Four soldiers were injured in raid" without its "were": if the participle is the only verb and stays one."""
    words = text.split()
    lower = [word.lower().strip(",\"“”'’") for word in words]
    start = next((i for i, word in enumerate(lower) if i and _verbal(word)), len(words))
    if lower[start : start + 1] and lower[start] in w.PLAIN_IN_HEADING and _auxiliary_end(lower, start + 1) > start + 1:
        start += 1  # "The move has been welcomed"
    end = _auxiliary_end(lower, start)
    if end == start or end >= len(words) - 1:
        return text
    last = end + 1 if lower[end].endswith("ly") and lower[end] not in _TO_DO else end
    if last >= len(words) - 1 or not SUBORDINATE.isdisjoint(lower[:start]):
        return text
    if _is_under_way(words[:start], lower, start, last) or (lower[last] in _TO_DO and lower[last + 1] == "to"):
        return text if lower[start] in ("was", "were") else " ".join([*words[:start], *words[end:]])
    if not _is_participle(lower[last]):
        return text
    if any(word in _BE or word in _HAVE or word == "had" for word in lower[end:]):
        return text
    follows = lower[last + 1]
    if not (follows in w.PREPOSITION or follows in _AFTER or words[last].endswith(",")):
        return text
    return " ".join([*words[:start], *words[end:]])


_TO_DO = frozenset(("likely", "unlikely", "ready", "eager", "set", "due", "poised"))


def _is_under_way(subject: Sequence[str], lower: Sequence[str], start: int, at: int) -> bool:
    """Whether the word at `at` is what somebody is doing: "Orun is closing its pier", not "the aim is closing it"."""
    if not lower[at].endswith("ing") or len(lower[at]) < _ING_MIN or lower[at] in w.PREPOSITION:
        return False
    end = next((i for i, word in enumerate(subject) if i and word.lower() in w.PREPOSITION), len(subject))
    head = subject[end - 1]
    many = is_of_many(subject) or (head.endswith("s") and not head.endswith(("ss", "'s", "’s")))
    return many or head.lower() in w.ROLE_SPEAKER | w.KNOWN_PLACE or (head[0].isupper() and (end > 1 or head.isupper()))


_ING_MIN = 6
_AFTER = frozenset(("to", "as", "after", "before", "while", "when", "amid", "following", "because", "over", "on"))


def _verbal(word: str) -> bool:
    return is_verb(word) or word in w.PLAIN_IN_HEADING


def _auxiliary_end(lower: Sequence[str], start: int) -> int:
    """Where "is", "were" or "has been" at `start` ends; `start` if there is none."""
    if start < len(lower) and lower[start] in _BE:
        return start + 1
    perfect = lower[start : start + 2]
    return start + 2 if len(perfect) == 2 and perfect[0] in _HAVE and perfect[1] == "been" else start


def _is_participle(word: str) -> bool:
    return word not in LASTING and (word in _PARTICIPLE or (word.endswith("ed") and is_verb(word)))
