"""A word, read once: its lower case, its stem, and the word lists it is in, as bits."""

import re
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache, reduce
from itertools import chain
from operator import or_
from typing import NamedTuple

import Stemmer

from . import words as w
from .conditions import is_of_state
from .languages import STOP as STOP_OF
from .languages import TIME
from .patterns import is_of_junk
from .spelling import american

WORDS_CACHED_MAX = 50_000
"""Of each language, words and pieces; a table that is full starts anew."""
MASK_BITS = 512

LETTERS, CAPITAL, CONTENT, COUNT, YEAR, VERB, STOP, COMMON = (1 << i for i in range(8))
NEGATION, MODAL, FUTURE, FUTURE_HEAD, DEICTIC, PERSON, DETERMINER, PLACING = (1 << i for i in range(8, 16))
JOINER, SAYING, SPEECH, ROLE, FIRST_SECOND, LEANING, WEEKDAY, PRONOUN = (1 << i for i in range(16, 24))
SHORT, JUNK, TURNING, STATE, OTHER_SIDE, HUNTING, LOOKS, ASKING = (1 << i for i in range(24, 32))
OF_TIME, COURTESY, HALF = (1 << i for i in range(32, 35))
_ANY_LANGUAGE = ROLE | PLACING | JOINER | SAYING | COURTESY

_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_PLACING = frozenset(("in", "at", "near", "the", "across", "outside", "inside", "around", "into", "throughout"))
_NAME_JOINERS = frozenset(("of", "al", "de", "bin", "van", "von", "da", "el"))
_SAYING = frozenset(("said", "says", "added", "told"))
_LEANING = frozenset(
    ("this", "these", "those", "such", "former", "latter", "that", "same", "time", "pair", "two", "so", "others",
     "above")
)  # fmt: skip
_LISTS = (
    (STOP, w.STOP), (NEGATION, w.NEGATION), (MODAL, w.MODAL), (FUTURE, w.FUTURE),
    (FUTURE_HEAD, w.FUTURE_PHRASE_HEADS), (DEICTIC, w.WEEKDAY | w.DEICTIC), (WEEKDAY, w.WEEKDAY),
    (PERSON, w.PERSON_PRONOUN), (PRONOUN, w.PRONOUN_START), (DETERMINER, w.DETERMINER), (SPEECH, w.SPEECH),
    (ROLE, w.ROLE_SPEAKER), (FIRST_SECOND, w.FIRST_SECOND - {"us"}),
    (LEANING, _LEANING), (PLACING, _PLACING), (JOINER, _NAME_JOINERS), (SAYING, _SAYING),
    (TURNING, w.ANSWERING | w.ADDING | w.GOING_ON),
    (OTHER_SIDE, w.OTHER_SIDE), (HUNTING, w.HUNTING), (LOOKS, w.LOOKS), (ASKING, w.ASKING), (OF_TIME, w.OF_TIME),
    (COURTESY, w.COURTESY), (HALF, w.OF_HALVES),
)  # fmt: skip


_NONE: frozenset[str] = frozenset()


class Word(NamedTuple):
    """A token in its language. `stem` is empty for marks; `flags` are the bits above."""

    token: str
    lower: str
    stem: str
    flags: int


# What stands over, under or behind a letter of its word: accents apart, vowels of Arabic, Hebrew and Indian scripts.
_SIGN = (
    "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0962\u0963\u0981-\u0983\u09bc-\u09cd"
)
_IN_WORD = rf"(?:[^\W_]|[{_SIGN}])"
TOKEN = re.compile(rf"[^\W\d_]{_IN_WORD}*(?:['’.‐‑-]{_IN_WORD}+)*|\d[\d.,]*\d|\d|[^\w\s]")
_MARKS_AROUND = ",.;:!?\"'“”‘’()[]—–"
PIECE_CHARS_MAX = 24
"""A longer run without a space (of a script that has none, an address) is hardly ever seen again."""


def plain(text: str) -> str:
    """A text with plain apostrophes and hyphens inside words, so that equal words are equal."""
    return text if text.isascii() else text.replace("’", "'").replace("‑", "-").replace("‐", "-")


class _Table(dict[str, Word]):
    """Token → word for one language, filled as tokens come."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.english = language in ("en", "und")
        self._pieces = _Pieces(self)

    def read(self, text: str) -> list[Word]:
        """The words of a text (`plain`), marks among them, in order."""
        # No token goes over a space, and most of what stands between two spaces has been read before.
        return list(chain.from_iterable(map(self._pieces.__getitem__, text.split())))

    def __missing__(self, token: str) -> Word:
        if len(self) >= WORDS_CACHED_MAX:
            self.clear()
        lower = token.lower()
        if lower != token and (known := self.get(lower)) is not None:
            # Only what its capitals say is new.
            found = Word(token, lower, known.stem, known.flags | _capital_flags(token, lower, self.english))
        else:
            found = _read(token, lower, self.language, self.english)
        self[token] = found
        return found


class _Pieces(dict[str, tuple[Word, ...]]):
    """What stands between two spaces → its words."""

    def __init__(self, words: _Table) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, piece: str) -> tuple[Word, ...]:
        # What most pieces are needs no pattern: letters, alone or with marks around them.
        if piece.isalpha():
            found: tuple[Word, ...] = (self._words[piece],)
        elif (bare := piece.strip(_MARKS_AROUND)).isalpha():
            before, _, after = piece.partition(bare)
            found = tuple([self._words[token] for token in (*before, bare, *after)])
        else:
            found = tuple([self._words[token] for token in TOKEN.findall(piece)])
        if len(piece) <= PIECE_CHARS_MAX:
            if len(self) >= WORDS_CACHED_MAX:
                self.clear()
            self[piece] = found
        return found


@lru_cache(maxsize=64)
def table(language: str) -> _Table:
    """The words of a language (primary subtag); `table(language)[token]` reads one."""
    return _Table(language)


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Callable[[str], str]:
    # Word forms of every language that Snowball has; any other language is compared as it is written.
    try:
        # The tables are its cache. Snowball knows both written forms of Norwegian by the older tag.
        stem: Callable[[str], str] = Stemmer.Stemmer("no" if language in ("nb", "nn") else language, 0).stemWord
    except KeyError:
        return lambda word: word
    return stem


# "L'aide", "d'aide" and "aide" are one word; so are "актёр" and "актер".
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu|un|(?:a|da|de|ne|su)ll|quest|quell)'(?=\w{2})")


def stem_word(word: str, language: str) -> str:
    """The stem of a lower-case word; English word families of news are one stem (`kill`, `death` → `dead`)."""
    if word.endswith("'s"):
        word = word[:-2]
    if language in ("fr", "it") and "'" in word:
        word = _ELIDED.sub("", word, count=1)
    elif language == "ru":
        word = word.replace("ё", "е")
    elif language == "en":
        word = american(word)
    stem = _stemmer(language)(word)
    return w.CANON.get(stem, stem) if language == "en" else stem


def is_plural(word: str) -> bool:
    """Whether a lower-case English word ends as a plain plural does: "raids", but not "boss" or "virus"."""
    return len(word) > 3 and word[-1] == "s" and word[-2] not in "su"


@lru_cache(maxsize=WORDS_CACHED_MAX)
def is_verb(word: str) -> bool:
    """Whether a lower-case English word is, by its form, most likely a finite verb or participle."""
    if word in w.NOT_VERB:
        return False
    return _looks_like_verb(word) or word in w.AUXILIARY or word in w.IRREGULAR or word in w.PRESENT or word in w.PLAIN


def _looks_like_verb(word: str) -> bool:
    return len(word) > 4 and word.endswith("ed")


def _read(token: str, lower: str, language: str, english: bool) -> Word:
    letters = lower[0].isalnum()
    # "F.B.I" is the FBI.
    short = english and lower[1:2] == "." and lower.isascii() and all(mark == "." for mark in lower[1::2])
    stem = (lower.replace(".", "") if short else stem_word(lower, language)) if letters else ""
    return Word(token, lower, stem, _flags(token, lower, language))


_BITS = tuple([1 << place for place in range(MASK_BITS)])


class _Bits(dict[str, int]):
    """Stem → an int with one bit set."""

    def __missing__(self, stem: str) -> int:
        if len(self) >= WORDS_CACHED_MAX:
            self.clear()
        # By the letters: the same in every process, unlike `hash`.
        bit = self[stem] = _BITS[zlib.crc32(stem.encode()) % MASK_BITS]
        return bit


_bits = _Bits()


def mask_of(stems: Iterable[str]) -> int:
    """One bit of 512 for each stem, for a cheap look at what two sentences may share."""
    return reduce(or_, map(_bits.__getitem__, stems), 0)


@lru_cache(maxsize=64)
def time_stems(language: str) -> frozenset[str]:
    """Stems of words of time, which two sentences may share without telling the same."""
    if language in ("en", "und"):
        return w.TIME_STEM
    return frozenset([stem_word(word, language) for word in TIME.get(language, ())])


_ARABIC_ARTICLES = frozenset(("al", "el", "ad", "an", "ar", "as", "at", "az"))


def _capital_flags(token: str, lower: str, english: bool) -> int:
    if not token[0].isupper():
        # "Bashar al-Assad" is one name.
        return CAPITAL if token[2:3] == "-" and token[3:4].isupper() and lower[:2] in _ARABIC_ARTICLES else 0
    short = english and 2 <= len(token) <= 6 and token.isalpha() and token.isupper() and lower not in w.KNOWN_SHORT
    return CAPITAL | SHORT if short else CAPITAL


def _flags(token: str, lower: str, language: str) -> int:
    english = language in ("en", "und")
    stop = w.STOP if english else STOP_OF.get(language, _NONE)
    flags = (LETTERS if lower[0].isalnum() else 0) | (JUNK if is_of_junk(lower) else 0)
    flags |= _capital_flags(token, lower, english)
    if flags & LETTERS and (len(lower) > 1 or lower.isdigit()) and lower not in stop:
        flags |= CONTENT
    if w.is_number(lower):
        flags |= COUNT
        if len(lower) == 4 and _YEAR.match(lower):
            flags |= YEAR
    listed = _LISTED.get(lower)
    if not english:
        return flags | ((listed or 0) & _ANY_LANGUAGE) | (STOP | COMMON if lower in stop else 0)
    if lower.endswith("'s") and lower[:-2] in _LEANING:
        flags |= LEANING
    if is_of_state(lower):
        flags |= STATE
    if listed is None:
        return flags | VERB | COMMON if _looks_like_verb(lower) else flags
    return flags | listed


def _listed() -> dict[str, int]:
    """For each word of the lists its bits."""
    found: dict[str, int] = {}
    for bit, words in _LISTS:
        for word in words:
            found[word] = found.get(word, 0) | bit
    common = w.STOP | w.NUMBER_WORD.keys() | w.ROLE_SPEAKER | w.PREPOSITION
    # Every word that is a verb or isn't against its form is among them, so that any other can be told by its form.
    for word in {*found, *common, *w.NOT_VERB, *w.AUXILIARY, *w.IRREGULAR, *w.PRESENT, *w.PLAIN}:
        bits = found.get(word, 0) | (VERB if is_verb(word) else 0)
        found[word] = bits | (COMMON if bits & VERB or word in common else 0)
    return found


_LISTED = _listed()
