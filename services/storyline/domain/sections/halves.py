"""Whether a sentence tells the second half of something whose first half was told before it (English): what came later
than what, who does so similarly, "them" of whom, "both cases" of which."""

from collections.abc import Callable, Sequence

from . import words as w
from .vocabulary import CAPITAL, COUNT, LETTERS, MODAL, SAYING, SPEECH, STOP, VERB, YEAR, is_plural

OPENING_WORDS = 6
"""Within so many of a sentence's words it has told of no place that "there" may be, nor whose "it" is."""

# Behind one of these, what comes later comes later than what the sentence itself told.
_TELLS_FIRST = frozenset(
    ("and", "but", "or", "who", "which", "that", "when", "after", "before", "as", "while", "once", "until", "first",
     "initially", "originally", "then", "if", "because", ",", ";", "—", "–")
)  # fmt: skip
_TELLS_ALIKE = frozenset(("and", "but", "while", "as", "when", "if", ";", "—", "–"))
_ALIKE = frozenset(("similarly", "likewise"))
_AFTER = frozenset(("subsequently", "similarly", "likewise", "thereafter", "afterwards", "afterward"))
_UNITS = frozenset(
    ("day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "minute", "minutes", "decade",
     "decades", "century", "centuries", "sooner", "much", "no")
)  # fmt: skip
_WAYS = frozenset(("tack", "approach", "view", "tone", "stance", "path", "route", "course", "line", "story", "picture"))
_THAN_WHAT = frozenset(("from", "than", "to", "that", "of", "for"))
# Those of whom a plain plural isn't written with an s.
_SEVERAL = frozenset(
    ("people", "men", "women", "children", "police", "media", "those", "they", "these", "who", "anyone", "everyone",
     "someone", "both", "many", "all", "some", "others", "and")
)  # fmt: skip
_NOBODY_IS_IT = frozenset(
    ("take", "takes", "clear", "unclear", "likely", "unlikely", "possible", "impossible", "time", "too", "hard",
     "difficult", "important", "necessary")
)  # fmt: skip
_NOT_THERE = w.AUXILIARY | w.PREPOSITION | frozenset(("seem", "seems", "seemed", "appear", "appears", "appeared", "'s"))
# Known as two to every reader, or of what the sentence itself has two.
_KNOWN_PAIR = frozenset(("sides", "houses", "chambers", "parties", "ends", "directions", "hands", "ways", "sexes"))


def lacks_half(lower: Sequence[str], flags: Sequence[int]) -> bool:
    """`lower` are a sentence's words, `flags` their bits; one of `words.OF_HALVES` is among them."""
    return any(word in w.OF_HALVES and _READS[word](lower, flags, i) for i, word in enumerate(lower[:-1]))


def _goes_on_after(lower: Sequence[str], _: Sequence[int], i: int) -> bool:
    # Whoever was named with an aside does nothing "similarly" to himself.
    first = _TELLS_ALIKE if lower[i] in _ALIKE else _TELLS_FIRST
    return i > 0 and first.isdisjoint(lower[:i])


def _is_since_then(lower: Sequence[str], flags: Sequence[int], i: int) -> bool:
    """ "Several times since, …", which tells itself of no time or course of things."""
    dated = any(bits & (YEAR | COUNT) for bits in flags[:i])
    return i > 0 and lower[i + 1] in (",", ".", ";") and not dated and _TELLS_FIRST.isdisjoint(lower[:i])


def _is_other_way(lower: Sequence[str], _: Sequence[int], i: int) -> bool:
    return lower[i + 1] in _WAYS and not _THAN_WHAT.intersection(lower[i + 2 : i + 3])


def _is_them(lower: Sequence[str], flags: Sequence[int], i: int) -> bool:
    """ "Holm did not mention them": nothing before it is several, nor anybody's who may be."""
    named = any(bits & CAPITAL for bits in flags[1:i])
    return i > 0 and not named and not any(map(_may_be_several, lower[:i], flags))


def _comes_later(lower: Sequence[str], flags: Sequence[int], i: int) -> bool:
    """ "An aide later made clear", "the House voted later to override it", but no "days later", no "later stage"."""
    if i < 2 or lower[i - 1] in _UNITS or not _TELLS_FIRST.isdisjoint(lower[:i]):
        return False
    after = flags[i + 1] & VERB
    return bool(after) or (bool(flags[i - 1] & VERB) and lower[i + 1] in ("to", ".", ","))


def _may_be_several(word: str, bits: int) -> bool:
    plural = bits & (LETTERS | STOP) == LETTERS and is_plural(word)
    return plural or bool(bits & COUNT) or word in _SEVERAL


def _is_of_none_who_say(lower: Sequence[str], flags: Sequence[int], i: int) -> bool:
    """Whether several say something of an "it" or "he" before they name anything: "Officials suspect it may sink"."""
    if i > OPENING_WORDS or i < 2 or (not flags[i + 1] & MODAL and lower[i + 1] not in w.AUXILIARY):
        return False
    said = i - 2 if lower[i - 1] == "that" else i - 1
    if said < 1 or not (flags[said] & (SPEECH | SAYING) or lower[said] in _SUSPECT):
        return False
    who = lower[said - 1]
    if who != _WEST and (any(bits & CAPITAL for bits in flags[1:said]) or "of" in lower[:said]):
        return False
    # "Officials", but not "Hamas".
    several = _may_be_several(who, flags[said - 1]) and (said > 1 or who in w.ROLE_SPEAKER | w.SIDES)
    return (several or who == _WEST) and _NOBODY_IS_IT.isdisjoint(lower[i + 1 : i + 5])


_WEST = "west"
"""A name, and of several: "The West suspects it is a plan"."""
_SUSPECT = frozenset(("suspect", "suspects", "suspected", "fear", "fears", "feared", "say", "hope", "believed"))


def _is_elsewhere(lower: Sequence[str], flags: Sequence[int], i: int) -> bool:
    """Whether "there" is a place that was named before: "The fighting there also cost a life"."""
    if not 0 < i < OPENING_WORDS or flags[i - 1] & (VERB | STOP) or lower[i - 1] in w.PREPOSITION:
        return False
    named = any(bits & CAPITAL for bits in flags[1:i]) or not w.PREPOSITION.isdisjoint(lower[:i])
    return not named and lower[i + 1] not in _NOT_THERE and lower[i - 1] != ","


def _is_pair(lower: Sequence[str], flags: Sequence[int], i: int) -> bool:
    """ "In both cases": which these are was told before, unless the sentence itself tells of one and another."""
    if not i or "and" in lower or lower[i + 1] in w.DETERMINER:
        return False
    for word, bits in zip(lower[i + 1 : i + 3], flags[i + 1 : i + 3], strict=False):
        if bits & (LETTERS | STOP) != LETTERS or bits & VERB or word in _KNOWN_PAIR:
            return False
        if is_plural(word):
            return sum(bits & CAPITAL != 0 for bits in flags[1:i]) < 2
    return False


_READS: dict[str, Callable[[Sequence[str], Sequence[int], int], bool]] = {
    **dict.fromkeys(_AFTER, _goes_on_after),
    "later": _comes_later,
    "since": _is_since_then,
    "different": _is_other_way,
    "them": _is_them,
    **dict.fromkeys(("it", "he", "she"), _is_of_none_who_say),
    "there": _is_elsewhere,
    "both": _is_pair,
}
