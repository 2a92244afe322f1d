"""One word as different houses write it: British or American, "17" or "seventeen", "Sen." or "Senator" (English); and
what a text is beside capitals, spaces and marks."""

import re
from collections.abc import Sequence
from functools import lru_cache

from . import words as w

WRITTEN_MAX, SPELT_MAX = 5_000, 20_000

# All forms of a word alike, so that it stays one word: "surprise" may well become what nobody writes.
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|ingly|able|ations?)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})ys(?=(?:e|ed|es|er|ers|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|ers?|able|ful|less|ites?|hoods?|ly|y)?$)"), "or"),
    (re.compile(r"(?<=[aeioun])([bt])re(?=s?$)"), r"\1er"),
    (re.compile(r"^(def|off|lic|pret)ence(?=s?$|less$)"), r"\1ense"),
    (re.compile(r"(?<=[aeiou][b-df-hj-np-tv-z]e)ll(?=(?:ed|ing|ers?)$)"), "l"),
    (re.compile(r"(?<=[aeiou][b-df-hj-np-tv-z]{2}e)ll(?=(?:ed|ing|ers?)$)"), "l"),
)
_MAY_DIFFER = re.compile(r"(?:[iy]s[eia]|our|[bt]re|ence|ell)")
_SAME = {
    "jan": "january", "feb": "february", "apr": "april", "aug": "august", "sept": "september", "sep": "september",
    "oct": "october", "nov": "november", "dec": "december",
    "sen": "senator", "rep": "representative", "gov": "governor", "gen": "general", "lt": "lieutenant",
    "col": "colonel", "sgt": "sergeant", "capt": "captain", "prof": "professor", "dr": "doctor", "adm": "admiral",
    "%": "percent", "says": "said", "tells": "told", "nearly": "almost",
}  # fmt: skip
_ABOUT = frozenset(("approximately", "roughly", "around"))
_INITIALS = re.compile(r"[a-z](?:\.[a-z])+\.?$")


def letters_of(text: str) -> str:
    """Its letters and digits, small: alike where two texts differ in capitals, spaces or marks alone."""
    return "".join(filter(str.isalnum, text.casefold()))


@lru_cache(maxsize=SPELT_MAX)
def american(word: str) -> str:
    """An English word (lower case), the same for its British and its American spelling."""
    if _MAY_DIFFER.search(word) is None:
        return word
    for pattern, by in _SPELLINGS:
        word = pattern.sub(by, word, count=1)
    return word


@lru_cache(maxsize=WRITTEN_MAX)
def as_written_by_all(lower: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens of a sentence (lower case), each in the one spelling, of as many: numbers as digits, "says" as "said",
    abbreviated months and titles in full, "F.B.I." as "fbi", "per cent" and "%" as "percent"."""
    return tuple(map(_written, lower, ("", *lower), (*lower[1:], "")))


def words_as_written(lower: tuple[str, ...]) -> list[str]:
    """Those that are no marks."""
    return [word for word in as_written_by_all(lower) if word[0].isalnum()]


def _written(word: str, before: str, after: str) -> str:
    if not word[0].isalpha():
        return _SAME.get(word, word.replace(",", "") if word[0].isdigit() else word)
    if word in _ABOUT:
        return "about" if w.is_number(after) else word
    if word == "cent":
        return "percent" if before == "per" else word
    if word in w.NUMBER_WORD:
        return w.NUMBER_WORD[word]
    if "." in word and _INITIALS.match(word):
        short = word.replace(".", "")
        return word if short in w.STOP else short  # "U.S." isn't us
    return _SAME.get(word) or american(word)


def says_told(tokens: Sequence[str]) -> tuple[str, ...]:
    """The tokens with "said" for each "told" of who tells, not of who is told: who told somebody said it."""
    return tuple(
        "said" if word == "told" and before not in _PASSIVE else word
        for word, before in zip(tokens, ("", *tokens), strict=False)
    )


_PASSIVE = frozenset(("is", "are", "was", "were", "be", "been", "being", "get", "got", "and", "or", ","))
