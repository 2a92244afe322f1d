"""Whether words look like a heading: how they begin and end, and that nothing in them is half (English)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from . import words as w
from .predicates import CLAUSE_WORDS, INCOMPLETE, RELATIVE, has_predicate, main_verb, verbal, words_of
from .vocabulary import is_verb

CONTENT_WORDS_MIN = 4
WORDS_MIN, WORDS_MAX = 4, 14
CUT_CLAUSE_WORDS = 10
"""A last clause of up to so many words without a verb has lost it."""
MARKS = re.compile(r"[\"“”‘()\[\]/]")
_BRACKETS = re.compile(r"[()\[\]/‘]")
_NO_HEADING_START = w.PREPOSITION | w.word_set(
    """while although though given as if when because once whether where which who"""
)
ING_NOUN = frozenset(
    ("shooting", "hearing", "meeting", "bombing", "building", "funding", "briefing", "killing", "hiring", "housing",
     "spending", "trading", "training", "voting", "warning", "wedding", "rating", "crossing", "mining", "morning")
)  # fmt: skip
_ADDS = re.compile(r", (?:adding|saying|noting|arguing|claiming|explaining)\b")
# "A 28th person, found dead in a house": the participle after the comma is not what the heading says.
_HANGING = re.compile(r"^[^,]+, (?:found|known|held|led|called|struck|hit|built|shot|born|sent|[A-Za-z]+ed)\b")
_NO_SUBJECT = frozenset(
    ("one", "another", "others", "some", "many", "most", "none", "note", "each", "all", "more", "elsewhere", "even")
)
_RANGE = frozenset(("varied", "varies", "ranged", "ranges", "range", "vary"))
# "Has discovered, for the first time, …" and "entered office | with …" go on behind the cut.
_OBJECT_LATER = re.compile(r"(?P<verb>[\w'’-]+), (?:for|in|at|on|with|by|after|during|despite|as)\b[^,]*$")
_SINCE_WHEN = re.compile(r"^(?:\w+ ){0,2}(?:hour|day|night|week|month|year)s? (?:after|before)\b[^,]*$")
SPANS = frozenset(("minutes", "hours", "days", "weeks", "months", "years", "decades"))
_COUNTS_SPANS = frozenset(
    ("few", "several", "many", "more", "recent", "past", "coming", "next", "last", "previous", "early", "for", "in",
     "of", "these", "all", "other", "both", "some", "consecutive")
)  # fmt: skip
_PAIRS = (("between", "and"), ("both", "and"), ("either", "or"), ("neither", "nor"))
# "Has accused the rebels …" waits for what it is of.
_OF_WHAT = frozenset(("accused", "accuses", "accusing", "suspected", "convicted", "blamed", "blames"))
_AFTER_ACCUSING = frozenset(("of", "for"))
_SPAN_OF = frozenset(
    ("just", "even", "only", "shortly", "soon", "right", "long", "moments", "minutes", "hours", "days", "weeks",
     "months", "years", "day", "hour", "week", "month", "year")
)  # fmt: skip
_ONLY_RELATIVE = re.compile(r"[^,]+, (?:which|who|whose|where)\b[^,]*$")
# "Was the first person in the country to …" and "comes about one month after …" are cut in the middle.
_FIRST = re.compile(
    r"\b(?:is|was|are|were|become|became|becomes) (?:first|only|last|latest|second|third) \w+$"
    r"|\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) (?:second|minute|hour|day|week|month|year|decade)s?$"
)
_PREVENT = frozenset(("prevent", "prevents", "prevented", "stopped", "stops", "barred", "bars", "blocked"))
_NO_HEADING_WORD = (w.FIRST_SECOND - {"us"}) | {"they", "it"}
_GOOD_END = frozenset(("killed", "dead", "injured", "arrested", "charged", "released", "died", "resigned"))
_BAD_END = frozenset(
    (
        "and",
        "or",
        "said",
        "says",
        "either",
        "more",
        "less",
        "very",
        "so",
        "also",
        "than",
        "when",
        "who",
        "which",
        "that",
        "whose",
        "most",
        "just",
        "still",
        "only",
        "about",
        "not",
        "never",
        "ever",
        # Who they are, or what they did, was cut off: "… and issued him", "the move didn't stop there".
        "him",
        "them",
        "there",
        # These wait for what was cut off: "in preparation", "issued a call", "has emerged".
        "preparation",
        "response",
        "addition",
        "effort",
        "efforts",
        "attempt",
        "attempts",
        "call",
        "chief",
        "wake",
        "midst",
        "verge",
        "brink",
        "emerged",
        "late",
        "early",
        "characterized",
        "come",
        "deal",
        "rights",
        "way",
        "concerns",
        "order",
        "part",
        "role",
        "born",
        "sworn",
        "place",
        "connection",
        "night",
        "go",
        "carry",
        "press",
        "contact",
        "even",
        "then",
        "perhaps",
        "including",
        "particularly",
        "miles",
        "kilometers",
        "kilometres",
        "km",
        "feet",
        "run",
        "both",
        "high",
        "low",
        "old",
        "new",
        "north",
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "other",
        "others",
        "several",
        "many",
        "some",
        "each",
        "such",
        "largest",
        "biggest",
        "former",
        "own",
        "likely",
        "able",
        "unable",
        "responsible",
        "willing",
        "ready",
        "aware",
        "whole",
        "main",
        "major",
        "first",
        "second",
        "last",
    )
)


class Cut(NamedTuple):
    """A heading and its words in lower case, made of `clause`, the beginning of `whole`."""

    heading: str
    words: list[str]
    clause: str
    whole: str

    @property
    def tail(self) -> str:
        """What the sentence goes on with."""
        return self.whole[len(self.clause) :]


def has_form(heading: str, words_max: int) -> bool:
    """A cheap look before `is_heading`."""
    return (
        heading.count(" ") <= 2 * words_max and ";" not in heading and heading.count(", ") < 2 and _marks_pair(heading)
    )


def is_heading(cut: Cut, words_max: int, whole: bool = False) -> bool:
    """Whether a clause may head a section; a `whole` one goes on to the end of its sentence: it wasn't cut."""
    heading, words = cut.heading, cut.words
    if not WORDS_MIN <= len(words) <= words_max or len([1 for word in words if word not in w.STOP]) < CONTENT_WORDS_MIN:
        return False
    # What is asked of single words is asked before the patterns.
    if not _starts_well(words) or not (whole or _ends_well(words)) or not has_predicate(words):
        return False
    small = heading.lower()
    if _FIRST.search(small) or _SINCE_WHEN.match(small) or ("," in heading and _hangs_at_comma(heading, small)):
        return False
    # "Issued the following statement": what follows doesn't.
    if "following" in words[2:] and is_verb(words[words.index("following", 2) - 1]):
        return False
    return not _clause_is_cut(words, whole)


def _hangs_at_comma(heading: str, small: str) -> bool:
    """Whether what stands behind a heading's comma leans on more than it, or waits for more; `small` is it in small
    letters."""
    if _ADDS.search(small) or _ONLY_RELATIVE.match(heading) or _HANGING.search(heading):
        return True
    # "Charities linked to Orun, group behind continued raids": the verb is still to come.
    before = len(words_of(heading.partition(", ")[0]))
    if before > 1 and (main_verb(words_of(heading)) or 0) >= before:
        return True
    later = _OBJECT_LATER.search(heading)
    return later is not None and is_verb(later["verb"])


def _marks_pair(heading: str) -> bool:
    """Whether there are no brackets, and every quotation that begins ends, too."""
    if not MARKS.search(heading):
        return True
    return (
        not _BRACKETS.search(heading)
        and heading[0].isalnum()
        and heading.count('"') % 2 == 0
        and heading.count("“") == heading.count("”")
    )


def _starts_well(words: list[str]) -> bool:
    """Whether a clause has a subject of its own and leans on nothing that isn't there."""
    if not w.PERSON_PRONOUN.isdisjoint(words[:2]):
        return False
    if not _NO_HEADING_WORD.isdisjoint(words) and any(
        word in _NO_HEADING_WORD and not _is_speaker(words, i) for i, word in enumerate(words)
    ):
        return False
    if "him" in words or "them" in words:
        # "The mayor left after it hit him" says who: nothing before a first clause does.
        first = next((i for i, word in enumerate(words) if word in CLAUSE_WORDS), len(words))
        if any(word in ("him", "them") for word in words[:first]):
            return False
    if not _ASKS.isdisjoint(words) and any(
        word in ("he", "she") and not _ASKS.isdisjoint(words[max(0, i - 2) : i]) for i, word in enumerate(words)
    ):
        return False  # "Holm urged that he read report"
    if words[0].endswith("s") and words[0] not in w.KNOWN_PLACE and ("his" in words[1:4] or "her" in words[1:7]):
        return False  # "Monks took his body", "deputies are calling her evasive"
    if "what" in words or (words[0].endswith("ing") and words[0] not in ING_NOUN):
        return False
    if (
        words[0] in w.DEMONSTRATIVE
        or "their" in words[:3]
        or "its" in words[:2]
        or (words[0] in _NO_SUBJECT and words[:2] != ["more", "than"])
    ):
        return False
    if words[0] in _SPAN_OF and words[1] in CLAUSE_WORDS:
        return False
    counted = words[0] not in RELATIVE and w.is_number(words[1])
    return words[0] not in _NO_HEADING_START or counted


def _is_speaker(words: Sequence[str], i: int) -> bool:
    """Whether "it" or "they" at `i` is who has just been named: "Board said it will close pier", not "it is late"."""
    after = words[i + 1 : i + 3]
    return (
        words[i] in ("it", "they")
        and i > 1
        and words[i - 1] in _SAYS_OF_ITSELF
        and len(after) == 2
        and (after[0] in ("will", "would", "has", "had", "have") or after[1].endswith("ing") or after[0].endswith("ed"))
        and after[1] not in ("be", "been")
    )


_ASKS = w.word_set("urged urges asked asks demanded demands ordered orders told tells suggested requested insisted")
_SAYS_OF_ITSELF = frozenset(("said", "says", "say", "announced", "insisted"))


def _clause_is_cut(words: list[str], whole: bool = False) -> bool:
    """Whether a last clause has lost its verb ("…, while poll"), a verb its "from" ("prevents countries …"), or a pair
    its other half ("both the old …")."""
    if not (whole or CLAUSE_WORDS.isdisjoint(words)):
        opened = max(i for i, word in enumerate(words) if word in CLAUSE_WORDS)
        last = words[opened + 1 :]
        if len(last) < CUT_CLAUSE_WORDS and not any(verbal(word) or word.endswith("ing") for word in last):
            return True
    if [1 for first, second in _PAIRS if first in words and second not in words[words.index(first) :]]:
        return True
    accusing = [] if _OF_WHAT.isdisjoint(words) else [i for i, word in enumerate(words) if word in _OF_WHAT]
    if [1 for i in accusing if _AFTER_ACCUSING.isdisjoint(words[i + 1 :])]:
        return True
    if "if" in words or "unless" in words:
        return True
    if "not" in words and words[words.index("not") + 1 :][:1] == ["only"] and "but" not in words:
        return True
    if not _RANGE.isdisjoint(words) and "from" in words and "to" not in words:
        return True
    return not _PREVENT.isdisjoint(words) and "from" not in words


def _ends_well(words: list[str]) -> bool:
    """Whether a clause wasn't cut in the middle of a phrase."""
    last, before = words[-1], words[-2]
    if last in w.PREPOSITION or last in w.DETERMINER or last in w.AUXILIARY or last in _BAD_END:
        return False
    if last in SPANS and not (w.is_number(before) or before in _COUNTS_SPANS):
        return False
    if last == "time" and before == "at":
        return False
    passive = last.endswith("ed") and before in w.AUXILIARY and last not in INCOMPLETE
    if (is_verb(last) or last.endswith("ly")) and last not in _GOOD_END and not passive:
        return False
    if (last.endswith("ing") and last not in ING_NOUN) or last in w.PLAIN:
        return False
    return not (last in w.PLAIN_IN_HEADING and (before in w.AUXILIARY or before in ("to", "likely")))
