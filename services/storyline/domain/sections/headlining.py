"""A clause in the form of a headline (English), by leaving words out: without courtesy, "that" and "was".

"Mr. Brandt was badly hurt by a falling crane" is "Brandt Badly Hurt by Falling Crane" over a section. What it says
stays what the sentence says; it is the clause as it was that passes the gate.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from . import words as w
from .vocabulary import is_verb

_COURTESY = re.compile(r"\b(?:Mr|Mrs|Ms)\.? (?=[A-Z])")
# Not after "warned" or "denied": "Denied Journalists Were Target" reads as if they were denied.
_THAT = re.compile(
    r"\b(?P<says>said|says|say|announced|insisted|tweeted|vowed|believes?|thinks?) that (?=(?P<next>[\w'’]+))"
)
# "A number of states", "a total of 94 grams"; but "a majority of" is how many.
_NUMBER_OF = re.compile(r"^(?:[Nn]umber of (?=[a-z]+s\b)|[Tt]otal of (?=(?:about |nearly |some |over )?\d))")
_STATEMENT_AT_END = re.compile(r" in (?:(?:written|televised|joint|brief|prepared|short) )?statement$")
_ADVERB_FIRST = re.compile(r"^(?:Overall|Overnight|[A-Z][a-z]+ly), (?=[A-Z])")
_OFFICE = re.compile(r"^(?:(?:US|U\.S\.) )?President (?:[A-Z][\w'’.-]* ){0,2}(?P<last>[A-Z][\w’'-]+)(?= [a-z])")

_LONG_AGO = (
    r"(?:(?:(?:[Ee]arlier|[Ll]ate|[Ee]arly) )?[Ll]ast (?:month|year|spring|summer|autumn|fall|winter|season"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)"
    r"|[Ee]arlier this (?:month|year|season|spring|summer|autumn|winter)"
    r"|(?:\w+ ){1,3}(?:weeks|months?|years?|decades?) (?:ago|earlier|before))"
)
_OF_OLD = re.compile(rf"^{_LONG_AGO}\b|^(?:(?:Back )?[Ii]n|Since) (?:\w+ )?(?:19|20)\d\d\b|\b{_LONG_AGO}[.”\"]*$")

_BE = frozenset(("is", "are", "was", "were"))
_HAVE = frozenset(("has", "have"))
_PARTICIPLE = frozenset(("shot", "found", "held", "hit", "struck", "sent", "taken", "beaten", "stolen", "seen", "hurt"))
LASTING = frozenset(
    ("married", "located", "based", "supposed", "related", "opposed", "used", "situated", "named", "called", "titled",
     "retired", "interested", "pleased", "divided", "united", "limited", "scared", "seen", "tired", "convinced")
)  # fmt: skip
"""Participles of what lasts: "was married to" isn't "married"."""


def headline(clause: str, titled: AbstractSet[str], of_old: bool = False) -> str:
    """A clause as a headline has it; its words in their order, some left out.

    `titled` are words (lower case) of the story's titles by which people are known without their office. What is
    `of_old` keeps its "was": "Mayor Accused of Fraud" is news.
    """
    text = _COURTESY.sub("", clause)
    text = _THAT.sub(lambda found: found[0] if is_verb(found["next"].lower()) else f"{found['says']} ", text)
    text = _STATEMENT_AT_END.sub("", _ADVERB_FIRST.sub("", _NUMBER_OF.sub("", text)))
    office = _OFFICE.match(text)
    if office and office["last"].lower().removesuffix("'s").removesuffix("’s") in titled:
        text = text[office.start("last") :]
    return text if of_old else _without_auxiliary(text)


def is_of_old(sentence: str) -> bool:
    """Whether a sentence begins or ends by saying that what it tells was a month or more ago: "Last year, …"."""
    return _OF_OLD.search(sentence) is not None


def _without_auxiliary(text: str) -> str:
    """ "Four soldiers were injured in raid" without its "were": if the participle is the only verb and stays one."""
    words = text.split(" ")
    lower = [word.lower().strip(",\"“”'’") for word in words]
    start = next((i for i, word in enumerate(lower) if i and _verbal(word)), len(words))
    end = _auxiliary_end(lower, start)
    if end == start or end >= len(words) - 1:
        return text
    last = end + 1 if lower[end].endswith("ly") else end
    if last >= len(words) - 1 or not _is_participle(lower[last]) or not _SUBORDINATE.isdisjoint(lower[:start]):
        return text
    if any(word in _BE or word in _HAVE or word == "had" for word in lower[end:]):
        return text
    follows = lower[last + 1]
    if not (follows in w.PREPOSITION or follows in _AFTER or words[last].endswith(",")):
        return text
    return " ".join([*words[:start], *words[end:]])


_SUBORDINATE = frozenset(("that", "who", "which", "whose", "where", "how", "why", "what", "when", "as", "while"))
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
