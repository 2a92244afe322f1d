"""Headings in fewer words (English): who by the office alone, a speaker before a colon, and no circumstances.

"Port Solmar Mayor Ida Brandt said pier would be closed for a month after storm hit it" is "Port Solmar Mayor: Pier
Would Be Closed for a Month". Words are left out; none is added or changed.
"""

import re
from collections.abc import Set as AbstractSet

from . import words as w
from .clauses import graded_clauses
from .features import Features
from .naming import ROLE_OF_PERSON
from .predicates import main_verb, words_of
from .vocabulary import is_verb

WORDS_BEST_MAX, LEAD_WORDS_BEST_MAX = 10, 12
"""A longer heading is said in fewer words if it can be."""
NAMED_WORDS_MAX = 8
"""And one longer than this tells an office rather than a name."""
CUT_WORDS_MIN, LEAD_CUT_WORDS_MIN, CUT_GRADE_MAX = 5, 8, 2
NAME_WORDS_MAX = 4
CLAIM_WORDS_MIN = 3

# What a tail may not be that is left behind: a figure, or what turns the rest.
_TELLS = re.compile(
    r"\d|\b(?:and|not|no|never|nor|without|unless|if|instead|rather|despite|but|only|first|against|until|allegedly|"
    r"reportedly|alleged|would|could|may|might|says?|said|according|than|before|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|dozens|hundreds|thousands|million|billion|killing|fatally|dead|death)\b",
    re.I,
)
_SAID = re.compile(r" said, (?=[“\"])")
_OF_SENATE = frozenset(("sen.", "rep.", "gov."))


def shorter_cut(clause: str, sentence: Features, lead: bool) -> str:
    """A clause of a sentence without what only tells how, where or when, if it is long and that may go."""
    if clause.count(" ") < (LEAD_WORDS_BEST_MAX if lead else WORDS_BEST_MAX):
        return clause
    words, least = words_of(clause), LEAD_CUT_WORDS_MIN if lead else CUT_WORDS_MIN
    for grade, found in graded_clauses(sentence, "en", WORDS_BEST_MAX):
        short = words_of(found)
        if grade > CUT_GRADE_MAX or not least <= len(short) < len(words) or words[: len(short)] != short:
            continue
        if not _TELLS.search(clause[len(found) :]):
            return found
    return clause


def in_few_words(heading: str, titled: AbstractSet[str]) -> str:
    """A heading in its form (`headline`) with a shorter subject, and its speaker before a colon.

    Who is `titled` (words of the story's titles, in lower case) keeps his name.
    """
    return _with_colon(_by_office(heading, titled) if heading.count(" ") >= NAMED_WORDS_MAX else heading)


def _by_office(heading: str, titled: AbstractSet[str]) -> str:
    """ "Port Solmar Mayor Ida Brandt" is "Port Solmar Mayor", and "Sen. Ida Brandt" is "Sen. Brandt"."""
    pieces = heading.split()
    end = main_verb([piece.lower().strip(",.“”\"'") for piece in pieces])
    if end is None or not all(piece[0].isalnum() and piece[-1] not in ',;:”"' for piece in pieces[:end]):
        return heading
    start = end
    while start and pieces[start - 1][0].isupper() and pieces[start - 1].lower() not in ROLE_OF_PERSON | _OF_SENATE:
        start -= 1
    if not (2 <= end - start <= NAME_WORDS_MAX and start) or "and" in pieces[:start]:
        return heading
    role = pieces[start - 1].lower()
    if role in _OF_SENATE and end - start == 2:
        return " ".join([*pieces[:start], *pieces[end - 1 :]])
    named = any(piece.lower().rstrip(".") in titled for piece in pieces[start:end])
    if role in ROLE_OF_PERSON and start > 1 and not named:
        return " ".join([*pieces[:start], *pieces[end:]])
    return heading


def _with_colon(heading: str) -> str:
    """ "Holm said pier was unsafe" is "Holm: pier was unsafe": no "says" can be said of what was."""
    who, said, claim = _SAID.sub(" said ", heading).partition(" said ")
    claim = claim.removeprefix("that ")
    words = words_of(claim)
    if not said or len(words) < CLAIM_WORDS_MIN or not words_of(who) or any(map(is_verb, words_of(who))):
        return heading
    verb = main_verb(words)
    if verb is None or words[0] in w.PREPOSITION or not _OF_SPEAKER.isdisjoint(words[:verb]):
        return heading
    return f"{who}: {claim}"


# In front of the claim's verb these are the speaker, or what was spoken of before.
_OF_SPEAKER = w.PERSON_PRONOUN | w.DEMONSTRATIVE | {"it", "they", "there", "so", "what"}
