"""Words of any script, folded so that a reader's search finds them, and an index from words to stories.

Letters are compared without case, width and vowel marks or accents. Scripts that write no spaces, and Korean, whose
words carry endings, are indexed by one and two neighbouring characters instead of words.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable

WORDS_MAX = 400
"""Most different words that one story is found by."""
SWEPT_AT_ONCE = 2_000
"""Entries of lists looked at with each change: five times what a story adds, so the dead stay few."""

# Accents, and the vowel points of Hebrew and Arabic. Vowel signs of Indic scripts are letters to their readers.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]+")
_WORD = re.compile(r"[^\W_]+(?:[\u0900-\u0dff]+[^\W_]*)*")
# Thai, Lao, Myanmar, Khmer, kana, Han, Hangul.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+")


def fold(text: str) -> str:
    """Text as it is compared: compatibility forms, no case, no accents."""
    if text.isascii():
        return text.casefold()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKC", _MARKS.sub("", folded))


def index_words(texts: Iterable[str], limit: int = WORDS_MAX) -> list[str]:
    """The different words that these texts are found by, in order, at most `limit`."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _pieces(text, singles=True):
            found[word] = None
            if len(found) >= limit:
                return list(found)
    return list(found)


def query_words(text: str) -> tuple[str, ...]:
    """The different words that all must be found."""
    return tuple(dict.fromkeys(_pieces(text, singles=False)))


def _pieces(text: str, singles: bool) -> Iterable[str]:
    folded = fold(text)
    if folded.isascii():
        yield from _WORD.findall(folded)
        return
    for run in _UNSPACED.findall(folded):
        if singles or len(run) == 1:
            yield from run
        yield from (run[at : at + 2] for at in range(len(run) - 1))
    yield from _WORD.findall(_UNSPACED.sub(" ", folded))


class WordIndex:
    """Which stories have these words.

    A story that is put again gets a new number; the old one is dead, and swept from the lists a few words at a time.
    So each list stays sorted, and four bytes a word and story are enough.
    """

    def __init__(self) -> None:
        self._lists: dict[str, array[int]] = {}
        self._numbers: dict[str, int] = {}
        self._stories: dict[int, str] = {}
        self._next = 0
        self._to_sweep: list[str] = []

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def words(self) -> int:
        """How many different words it holds."""
        return len(self._lists)

    def put(self, story: str, words: Iterable[str]) -> None:
        """The story is found by these words and no others."""
        self.remove(story)
        number = self._next
        self._next += 1
        self._numbers[story] = number
        self._stories[number] = story
        for word in words:
            self._lists.setdefault(word, array("Q")).append(number)

    def remove(self, story: str) -> None:
        """The story is found no more."""
        number = self._numbers.pop(story, None)
        if number is not None:
            del self._stories[number]
        self._sweep()

    def find(self, words: Iterable[str]) -> list[str]:
        """The stories that have all of the words; none for no words."""
        lists = sorted((self._lists.get(word, array("Q")) for word in words), key=len)
        if not lists:
            return []
        return [self._stories[n] for n in lists[0] if n in self._stories and all(_has(each, n) for each in lists[1:])]

    def _sweep(self) -> None:
        if not self._to_sweep:
            self._to_sweep = list(self._lists)
        looked_at = 0
        while self._to_sweep and looked_at < SWEPT_AT_ONCE:
            word = self._to_sweep.pop()
            looked_at += len(self._lists[word])
            live = array("Q", (number for number in self._lists[word] if number in self._stories))
            if live:
                self._lists[word] = live
            else:
                del self._lists[word]


def _has(numbers: "array[int]", number: int) -> bool:
    at = bisect_left(numbers, number)
    return at < len(numbers) and numbers[at] == number
