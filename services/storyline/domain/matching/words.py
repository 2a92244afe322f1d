"""What a word says: its term (a hashed stem) and how rare it is in general writing of its language.

The prior is the largest single gain there is: a stream of a few hundred articles can't know that "said" is
common and "Chelsea" isn't, and a language that has just begun to arrive can't either. Frequencies are those of
wordfreq (Speer 2022), summed over the forms of a stem.

    idf = ln((N + 1) / (df₀ + .5)),   df₀ = N·(1 − exp(−300·p)),   N = 5,000 documents of 300 words

Stems keep no language: a name is the same term in every language that writes it alike.
"""

import math
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import TypeVar

import Stemmer

from .reading import NOTHING, WORDS_MAX, Read, Reading
from .text import TOKEN_CHARS_MAX, plain_latin, spaced, tokens
from .vectors import vectors, weight_of

TERM_BITS = 20
"""Terms are hashed to 2²⁰ numbers (feature hashing); 2²² cost time and changed no measure by more than .001."""
TERMS = 1 << TERM_BITS

DOCUMENTS, DOCUMENT_WORDS = 5_000, 300
IDF_MIN = 0.7
"""Words in more than about half of all documents say nothing; this is the stop list of every language."""
RAREST_LISTED, COMMON_MIN = 1e-7, 1e-6
"""Relative frequencies: of the rarest word that is listed, and of the rarest that is learned with the list, not when it
first comes. Those are 20,000 to 40,000 of a language, and four of five words that an article is the first to have."""
LANGUAGES_MAX = 12
"""Languages whose priors are kept in memory, least recently used first to go (15–40 MB each)."""
WORDS_CACHED_MAX = 200_000
"""Words remembered of one language beside its common ones; they are forgotten when it is full (about 40 MB)."""
LOOKED_UP_AT_ONCE = 1_000

T = TypeVar("T")
_FALLBACK = "en"
_SAME_LIST = {"no": "nb", "nn": "nb", "tl": "fil", "hr": "sh", "bs": "sh", "sr": "sh", "iw": "he", "in": "id"}
_STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "en": "english", "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ms": "indonesian", "ga": "irish",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "nb": "norwegian", "nn": "norwegian",
    "fa": "persian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def idf(frequency: float) -> float:
    """Natural-log idf of a term whose relative frequency in general writing is `frequency` (0: not listed)."""
    expected = DOCUMENTS * (1 - math.exp(-DOCUMENT_WORDS * frequency))
    return math.log((DOCUMENTS + 1) / (expected + 0.5))


def term_of(stem: str) -> int:
    """The number of a stem, 0 ≤ term < TERMS: the low bits of its CRC-32."""
    return zlib.crc32(stem.encode("utf-8", "surrogatepass")) & (TERMS - 1)


class Words:
    """The words of one language: stemmer, priors and a bounded memory of words met before. Not thread-safe."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._stemmer = stemmer_of(language)
        self._frequencies, self._common = _listed(language, self._stemmer)
        self._vectors = vectors()
        self._forget()

    def _forget(self) -> None:
        # Python's own hash has a secret that is another in each process.
        self._reading = Reading(hash(self._language), self._vectors.mean(self._language))
        self._stems: dict[str, int] = {}
        self._size = NOTHING + 1
        """The number of the next stem."""
        self._words_max = len(self._common) + 1
        self.look_up(self._common)
        self._words_max = self._reading.words + WORDS_CACHED_MAX

    def look_up(self, words: Collection[str]) -> list[tuple[int, float] | None]:
        """(term, idf) of each lower-case word; None for one that says nothing."""
        rest, found = iter(words), []
        while some := list(islice(rest, LOOKED_UP_AT_ONCE)):  # itertools.batched is there from Python 3.12 on
            packed = spaced(word[:TOKEN_CHARS_MAX] for word in some)
            numbers = self._known(partial(Reading.numbers, words=packed))
            found += [self._reading.said(number) if number else None for number in numbers]
        return found

    def read(self, parts: Sequence[bytes]) -> Read:
        """What a text says (see `Reading.read`)."""
        return self._known(partial(Reading.read, parts=parts))

    def _known(self, ask: Callable[[Reading], T | None]) -> T:
        """The answer, for which words may have to be learned."""
        if self._reading.words >= self._words_max:
            self._forget()
        try:
            while (answer := ask(self._reading)) is None:
                unknown = self._reading.unknown()
                if unknown is None or self._size + len(unknown) > WORDS_MAX:
                    self._forget()
                else:
                    self._learn(unknown)
        except Exception:
            self._words_max = 0  # forget all: what a text that was half read left would count in the next
            raise
        return answer

    def _learn(self, words: Sequence[str]) -> None:
        first = self._size
        learned = {word: self._number_of(word) for word in words}
        self._reading.learn([learned[word] for word in words], range(first, self._size))

    def _number_of(self, word: str) -> int:
        if not says_something(word):
            return NOTHING
        stem = stem_of(word, self._stemmer)
        number = self._stems.get(stem)
        if number is None:
            number = self._stems[stem] = self._enter(stem)
        return number

    def _enter(self, stem: str) -> int:
        frequency = self._frequencies.get(stem, 0.0)
        rarity = idf(frequency)
        if rarity < IDF_MIN:
            return NOTHING
        number, row = self._size, self._vectors.find(self._language, stem)
        self._size += 1
        vector = self._vectors.row(row) if row >= 0 else b""
        meaning = weight_of(frequency) * self._vectors.scale(row) if row >= 0 else 0.0
        self._reading.describe(number, term_of(stem), rarity, meaning, vector)
        return number


def says_something(word: str) -> bool:
    """Whether a word can be a term: no single letter and no number of one or two digits."""
    return len(word) > 2 or not ((len(word) == 1 and word < "\u3041") or (word.isascii() and word.isdigit()))


def stemmer_of(language: str) -> "Stemmer.Stemmer | None":
    """The stemmer of a primary language subtag, if there is one."""
    # Without a memory of its own, which costs three times what a stem does.
    return Stemmer.Stemmer(_STEMMERS[language], 0) if language in _STEMMERS else None


def stem_of(word: str, stemmer: "Stemmer.Stemmer | None") -> str:
    """What the forms of a word have in common: its stem, Latin letters without marks."""
    word = word[:TOKEN_CHARS_MAX]
    return plain_latin(stemmer.stemWord(word) if stemmer is not None else word) or word


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, str]:
    """Language → the file of its word frequencies."""
    # Here, for it takes half a second of CPU, and who only reads profiles needs none of it.
    import wordfreq

    found: Mapping[str, str] = wordfreq.available_languages("best")
    return found


def _listed(language: str, stemmer: "Stemmer.Stemmer | None") -> tuple[dict[str, float], list[str]]:
    """Relative frequency of each stem of a language, and its common words, from wordfreq's packed lists.

    In unspaced script a word is a pair of characters.
    """
    from wordfreq import read_cBpack

    lists = _lists()
    path = lists.get(_SAME_LIST.get(language, language)) or lists[_FALLBACK]
    sums: dict[str, float] = defaultdict(float)
    common: list[str] = []
    for centibels, words in enumerate(read_cBpack(path)):
        frequency = float(10 ** (-centibels / 100))
        if frequency < RAREST_LISTED:
            break
        pieces = tokens("\n".join(words))
        for piece in pieces:
            sums[stem_of(piece, stemmer)] += frequency
        if frequency >= COMMON_MIN:
            common += pieces
    return dict(sums), common


@lru_cache(maxsize=LANGUAGES_MAX)
def _words_of(primary: str) -> Words:
    return Words(primary)


def words_of(language: str) -> Words:
    """The words of a BCP 47 language; one that nobody has a list for is read with English frequencies, unstemmed."""
    primary = language.split("-", 1)[0].lower()
    known = primary in _STEMMERS or primary in _SAME_LIST or primary in _lists()
    return _words_of(primary if known else "und")
