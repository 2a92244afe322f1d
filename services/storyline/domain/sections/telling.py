"""How much a clause tells (English): that something happened, or only what something is, has or stands beside.

A heading is read for news. "Prison is run by state", "Track has third-longest straight" and "Changes came amid
backlash" are true on any day; so is what "initially" was so. They head a section only where nothing better does.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from . import words as w
from .features import Features
from .headlining import LASTING
from .predicates import main_verb, words_of
from .vocabulary import is_verb, stem_word

STATE, WOULD_BE, RELATION, UNDER_WAY, BEFOREHAND, NAMELESS, HABIT = 34, 22, 18, 18, 14, 14, 6

BY_NOW = 14
"""What a section's heading loses for telling what "has" been so by now."""

_BE = frozenset(("is", "are", "was", "were", "be", "been"))
_WAS = frozenset(("was", "were"))
_HAVE = frozenset(("has", "have", "had"))
# Verbs of being and of standing to something, which tell no event.
_RELATIONAL = w.word_set(
    """come comes came follow follows followed include includes included involve involves involved contain contains
    contained feature features featured appear appears appeared seem seems seemed remain remains remained belong
    belongs belonged consist consists consisted depend depends depended refer refers referred reflect reflects
    reflected mean means meant represent represents represented touch touches touched focus focuses focused produce
    produces produced vary varies varied range ranges ranged alluded echoed stands stood lies lay know knows knew marks
    marked looks looked tends tended relates applies lives lived discuss discusses discussed address addresses addressed
    answers answered responds responded reacts reacted relays relayed"""
)
# The passives of what is so for long, or of what somebody only has to do.
_HELD_SO = LASTING | w.word_set(
    """run led owned known considered made composed governed headed operated managed tasked designed intended meant born
    raised aimed asked quoted prepared created invented built written involved engaged held kept"""
)
_EARLIER = frozenset(
    ("initially", "originally", "once", "previously", "formerly", "earlier", "first", "last", "briefly")
)
_EARLIER_THIS_YEAR, _LAST_YEAR = ("earlier", "this", "year"), ("last", "year")
_HABITUAL = frozenset(
    ("often", "frequently", "always", "typically", "usually", "generally", "repeatedly", "regularly", "sometimes",
     "still", "long")
)  # fmt: skip
_HOW = (
    frozenset(("not", "also", "never", "even", "just", "only", "now", "all", "both", "so", "too"))
    | _EARLIER
    | _HABITUAL
)


def tells_little(words: Sequence[str], sentence: Features, known: AbstractSet[str], place: int | None = None) -> int:
    """What a clause loses, in hundredths, for telling no event of anybody in particular.

    `words` are its words in lower case, `known` the stems of the titles, `place` is where its main verb stands if that
    has been looked for.
    """
    place = main_verb(list(words)) if place is None else place
    if place is None:
        return 0
    lost = _verb_lacks(words, place) + _nameless(words[:place], sentence, known)
    beside = {*words[max(0, place - 2) : place], *words[place + 1 : place + 3]}
    before = not _EARLIER.isdisjoint(beside) or words[-1] == "ago" or _since_long(words)
    lost += BEFOREHAND if before else 0
    return lost + (HABIT if not _HABITUAL.isdisjoint(beside) else 0)


def tells_by_now(heading: str) -> int:
    """What a heading below the lead loses, in hundredths, if it tells what was so up to now and no act: "Orun has long
    had a pier"."""
    words = words_of(heading)
    place = main_verb(words)
    verbs = words[place : place + 3] if place else []
    return BY_NOW if verbs and verbs[0] in ("has", "have") and w.SPEECH.isdisjoint(verbs) else 0


def _since_long(words: Sequence[str]) -> bool:
    """Whether a clause ends with "earlier this year" or "last year"."""
    end = tuple(words[-3:])
    return end == _EARLIER_THIS_YEAR or (end[1:] == _LAST_YEAR and end[0] not in ("since", "from", "than"))


def _verb_lacks(words: Sequence[str], place: int) -> int:
    """What a main verb at `place` lacks of an event."""
    end = place
    while end < len(words) and (words[end] in w.AUXILIARY or words[end] in _HOW or words[end].endswith("ly")):
        end += 1
    helper = next((word for word in reversed(words[place:end]) if word in w.AUXILIARY), "")
    verb = words[end] if end < len(words) else ""
    if helper in _BE:
        if verb == "to" or (verb.endswith("ing") and len(verb) > 5):
            return UNDER_WAY if helper in _WAS or "had" in words[place:end] else 0
        if _is_participle(verb) and verb not in _HELD_SO:
            return 0
        return STATE if w.MODAL.isdisjoint(words[place:end]) else WOULD_BE
    if helper in _HAVE:
        return RELATION if verb in _RELATIONAL else 0 if verb == "to" or _is_participle(verb) else STATE
    return RELATION if verb in _RELATIONAL else 0


# Verbs of talk that leave open what was said.
_TALKS = w.word_set("answered discussed relayed")
_REPLIES = w.word_set("addressed responded reacted commented")
_MATTERS = w.word_set(
    "allegations accusations criticism questions claims comments remarks concerns controversy charges reports"
)
_SAYS_WHAT = w.word_set("that saying calling asserting arguing insisting telling describing by with whether :")


def only_talks(features: Features) -> bool:
    """Whether a sentence tells that something was answered or talked about and not what was said: "The ministry
    answered some of those questions"."""
    lower = features.lower
    if (_TALKS.isdisjoint(lower) and _REPLIES.isdisjoint(lower)) or features.quote_words:
        return False
    i = next(i for i, word in enumerate(lower) if word in _TALKS or word in _REPLIES)
    if lower[i] in _REPLIES and _MATTERS.isdisjoint(lower[i + 1 : i + 7]):
        return False
    active = i > 0 and lower[i - 1] not in _BE and _is_main(lower, i)
    return active and _SAYS_WHAT.isdisjoint(lower) and w.SPEECH.isdisjoint(lower)


def _is_main(lower: Sequence[str], i: int) -> bool:
    """Whether no other verb stands before the one at `i` but its helpers."""
    return not any(is_verb(word) for word in lower[:i] if word not in _HAVE)


_PARTICIPLES = w.word_set(
    """done gone seen taken given known shown grown thrown drawn fallen risen driven eaten beaten broken chosen frozen
    spoken stolen woken worn torn sworn born written hidden forgotten become come run begun sunk swum rung sung drunk
    overrun overcome overthrown withdrawn undertaken forbidden shaken proven let cut hit put set shut hurt cost burst
    cast spread split quit read"""
)


def _is_participle(word: str) -> bool:
    return word in _PARTICIPLES or (is_verb(word) and word not in w.AUXILIARY and not word.endswith("s"))


def _nameless(subject: Sequence[str], sentence: Features, known: AbstractSet[str]) -> int:
    """What a subject of one common noun lacks that the titles don't have, or "a handful of" many: which man, whose
    relatives."""
    if tuple(subject[1:2]) == ("of",) and subject[0] in _SOME:
        return NAMELESS
    if len(subject) != 1 or subject[0] not in sentence.lower:
        return 0
    at = sentence.lower.index(subject[0])
    if not at or sentence.tokens[at][0].isupper() or subject[0] in _NEEDS_NO_NAME:
        return 0
    return 0 if stem_word(subject[0], "en") in known else NAMELESS


_SOME = w.word_set("handful number group list chorus series string couple host slew ranks lot kind sort range variety")
_NEEDS_NO_NAME = w.word_set(
    "police firefighters prosecutors republicans democrats scientists thousands hundreds dozens"
)
