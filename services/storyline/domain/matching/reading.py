"""Reads a text word by word: counts, weighs, adds up. What does it is `reading.c`, compiled (see `compiled`)."""

import math
import struct
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .compiled import Compiled
from .vectors import DIMENSIONS

SCALE = 4095
TERMS_MAX = 60
"""Terms kept of an article; 12–20 ruin recall, more cost time and gain nothing."""
TITLE_TERMS_MAX = 24
TITLE_COUNT, LEAD_COUNT = 4, 3
"""What a word counts in halves: title 2, lead 1½, the rest ½."""
COUNT_MAX = 255
"""More repetitions of a word than this say no more."""
RARITY_SCALE = 27
"""What an idf is told in: the largest, of what no list has, fills a byte."""
RARE_MIN = 4.0
"""Words of this idf name something: fewer than one text of fifty has them."""
SEVERAL_RARE_MIN, TITLE_RARE_MIN = 6, 1.5
"""Rare words from which on a text can tell of several things; idf of the words of a title that count."""
NOTHING = 0
"""The number of all words that say nothing."""

FILE = "reading.wasm"
WORDS_MAX, TEXT_BYTES_MAX = 1 << 18, 1 << 18
"""Remembered of a language, and as many stems of them, a power of two; read at once."""
_STEM = struct.Struct(f"<ddIIQ{DIMENSIONS // 2}s")
"""Of a stem: its idf, what its vector counts, its term, whether it has one, what the C source notes, the vector."""
_COLUMNS: Mapping[str, tuple[str, int]] = {
    "asked": ("<i8", 7), "told": ("<i8", 7), "secret": ("<i8", 1), "text": ("u1", TEXT_BYTES_MAX),
    "stems": ("u1", WORDS_MAX * _STEM.size), "damped": ("<f8", COUNT_MAX + 1), "mean": ("<i8", DIMENSIONS),
    "found": ("<i4", TEXT_BYTES_MAX // 2), "missing": ("(2,)<u4", TEXT_BYTES_MAX // 2),
    "top_terms": ("u1", 4 * TERMS_MAX), "top_weights": ("u1", 2 * TERMS_MAX),
    "title_terms": ("u1", 4 * TITLE_TERMS_MAX), "title_weights": ("u1", 2 * TITLE_TERMS_MAX),
    "direction": ("i1", DIMENSIONS), "top_rarities": ("u1", TERMS_MAX),
}  # fmt: skip
"""Name → type and length, in the order of the C source."""
_DAMPED = [0.0, *(1 + math.log(n / 2) for n in range(1, COUNT_MAX + 1))]
"""1 + ln of a count, by the count in halves."""


class Read(NamedTuple):
    """What a text says. Terms (uint32) go from the heaviest down, of equals from the lowest up.

    Their weights (uint16) are those of a unit vector times SCALE.
    """

    length: int
    """Distinct terms of all of it."""
    terms: bytes
    weights: bytes
    rarities: bytes
    """Of the terms: idf times RARITY_SCALE, uint8."""
    title_terms: bytes
    title_weights: bytes
    direction: bytes
    """int8 (see `vectors`); empty if no word of it has one."""
    of_several: bool
    """No rare word of it comes twice, and none of the title's in the text."""


class Reading:
    """What is remembered of the words of one language, by which its texts are read. Not thread-safe.

    Words of one stem have one number. Memory: 6 MB for the tables, 32 bytes a word and 96 a stem. What was remembered
    is forgotten by taking another one.
    """

    def __init__(self, secret: int, mean: npt.NDArray[np.int64] | None) -> None:
        """`secret` begins the hash of each word; `mean` is what the language alone adds to a direction.

        Raises Fatal where this process may not run what reads texts.
        """
        self._compiled = Compiled(FILE, _COLUMNS)
        column, view = self._compiled.columns, self._compiled.views
        column["secret"][:] = secret
        column["damped"][:] = _DAMPED
        column["mean"][:] = 0 if mean is None else mean
        self._asked, self._told, self._text = view["asked"], view["told"], view["text"]
        self._stems, self._direction, self._rarities = view["stems"], view["direction"], view["top_rarities"]
        self._top, self._title = ((view[f"{of}_terms"], view[f"{of}_weights"]) for of in ("top", "title"))
        self._found, self._missing = column["found"], column["missing"]
        self.words = 0
        """How many are remembered."""
        self._learned = (0, 0, 0)

    def _ask(self, name: str, *ends: int) -> bool:
        """Call a function; False if there are words that aren't known."""
        for at, number in enumerate((*self._learned, *ends)):
            self._asked[at] = number
        self._learned = (0, 0, 0)
        self._compiled.call(name)
        unknown, self.words, *_ = self._told
        return bool(unknown == 0)

    def read(self, parts: Sequence[bytes]) -> Read | None:
        """What a text says; None if it has words that aren't known (see `unknown`).

        `parts` have a space behind each word: what stands below the lead, the lead, the title, and what stands for a
        title where there is none.
        """
        ends = list(accumulate(map(len, parts)))
        self._text[: ends[-1]] = b"".join(parts)
        if not self._ask("read", *ends):
            return None
        *_, length, top, title, directed, of_several = self._told
        (terms, weights), (title_terms, title_weights) = self._top, self._title
        return Read(
            length, bytes(terms[: 4 * top]), bytes(weights[: 2 * top]), bytes(self._rarities[:top]),
            bytes(title_terms[: 4 * title]), bytes(title_weights[: 2 * title]),
            bytes(self._direction) if directed else b"", bool(of_several),
        )  # fmt: skip

    def numbers(self, words: bytes) -> list[int] | None:
        """The number of each of the words, which have a space behind them; None if some aren't known."""
        self._text[: len(words)] = words
        if not self._ask("look_up", len(words)):
            return None
        found: list[int] = self._found[: self._told[2]].tolist()
        return found

    def unknown(self) -> list[str] | None:
        """The words that aren't known of what was read last; None: there was no room for those learned before."""
        if self._told[0] < 0:
            return None
        places = self._missing[: self._told[0]].tolist()
        return [bytes(self._text[begin : begin + size]).decode() for begin, size in places]

    def describe(self, number: int, term: int, rarity: float, meaning: float, row: bytes) -> None:
        """What is known of a new stem; `row` is its vector, `meaning` what that counts; empty: it has none."""
        _STEM.pack_into(self._stems, number * _STEM.size, rarity, meaning, term, bool(row), 0, row)

    def learn(self, numbers: Sequence[int], fresh: range) -> None:
        """Remember the numbers of the words that were unknown; `fresh` are those of new stems. Ask again now."""
        self._found[: len(numbers)] = numbers
        self._learned = (len(numbers), fresh.start, fresh.stop)

    def said(self, number: int) -> tuple[int, float]:
        """(term, idf) of a stem."""
        rarity, _, term, *_ = _STEM.unpack_from(self._stems, number * _STEM.size)
        return term, rarity
