"""The profile: what matching keeps of an article. A pure function of the article, small and serialisable.

Weights are integers (a unit vector times SCALE, rounded), so that every sum of them is exact: it doesn't matter
in which order articles are added up, nor on which machine.
"""

import base64
import math
import struct
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Any

import msgpack
import numpy as np
import numpy.typing as npt

from storyline_schemas import Article
from storyline_schemas.base import to_ms

from ..sitenames import headline_of
from .facts import facts_of
from .habits import Habits, number_of, numbers_of, packed_sent, sentences, sentences_in
from .meaning import Encoder
from .text import cut, tokens
from .vectors import Direction, vectors
from .words import NOTHING, Words, words_of

SCALE = 4095
TERMS_MAX = 60
"""Terms kept of an article; 12–20 ruin recall, more cost time and gain nothing."""
TITLE_TERMS_MAX = 24
TITLE_CHARS_MAX = 400
LEAD_CHARS, BODY_CHARS = 400, 3_000
"""What is read: a 5 MB body costs what a page does."""
UNTITLED_CHARS = 150
SEVERAL_MIN, SEVERAL_RARE_MIN, TITLE_RARE_MIN = 3, 6, 1.5
"""Sentences and rare words from which on a text can tell of several things; idf of the words of a title that count."""
RARE_MIN = 4.0
"""Words of this idf name something: fewer than one text of fifty has them."""
TITLE_COUNT, LEAD_COUNT = 4, 3
"""What a word counts in halves: title 2, lead 1½, the rest ½."""
COUNT_MAX = 255
"""More repetitions of a word than this say no more."""
FORMAT = 1
FIELDS_MIN = 8
"""Fields that every profile has; later versions add more at the end, and never take one away."""
FIELDS_WRITTEN_MIN = 10
"""Fields that are written also if they are empty."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Profile:
    """One article as matching sees it.

    `terms`/`title_terms` are little-endian uint32 arrays of distinct term numbers, `weights`/`title_weights` the
    uint16 weights beside them. `time_ms` is None for an undated article: it then has no time signal.
    """

    language: str
    """Primary subtag, lower case."""
    time_ms: int | None
    has_body: bool
    length: int
    """Distinct terms before the cut to TERMS_MAX."""
    terms: bytes
    weights: bytes
    title_terms: bytes
    title_weights: bytes
    vector: bytes = b""
    """What it is about, as a direction that is alike in all languages (see `vectors`), int8; empty if not known."""
    facts: bytes = b""
    """Figures, names, places (see `facts`), uint32."""
    encoder: str = ""
    """Whose direction `vector` is (see `Encoder.name`)."""
    sent: bytes = b""
    """Source and sentences, as numbers (see `habits`), uint32."""

    def to_bytes(self) -> bytes:
        """Packed, about 500 bytes for a full article."""
        fields = [getattr(self, name) for name in self.__slots__]
        while not fields[-1] and len(fields) > FIELDS_WRITTEN_MIN:
            fields.pop()
        packed: bytes = msgpack.packb([FORMAT, *fields])
        return packed

    @classmethod
    def from_bytes(cls, value: bytes) -> "Profile":
        """The profile that `to_bytes` packed. Raises ValueError for another format, or for what is none.

        Fields that a later version has added come last and are left out; those that an earlier one didn't have are
        empty.
        """
        try:
            format_, *fields = msgpack.unpackb(value)
        except (TypeError, ValueError, msgpack.UnpackException) as problem:
            raise ValueError("not a profile: `storyline rebuild` makes profiles again") from problem
        if format_ != FORMAT:
            raise ValueError(f"profile format {format_} is not {FORMAT}: `storyline rebuild` makes profiles again")
        if len(fields) < FIELDS_MIN:
            raise ValueError(f"a profile of {len(fields)} fields: `storyline rebuild` makes profiles again")
        return cls(*fields[: len(cls.__slots__)])

    def to_json(self) -> dict[str, Any]:
        """The profile for JSON: the packed form in base64."""
        return {"v": FORMAT, "b": base64.b64encode(self.to_bytes()).decode()}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Profile":
        """The profile that `to_json` gave. Raises ValueError or KeyError for anything else."""
        return cls.from_bytes(base64.b64decode(value["b"]))

    def vector_of_terms(self) -> tuple[Ints, Ints]:
        """(terms, weights), int64 and of equal length."""
        return _ints(self.terms, "<u4"), _ints(self.weights, "<u2")

    def vector_of_title(self) -> tuple[Ints, Ints]:
        """(terms, weights) of the title, int64 and of equal length."""
        return _ints(self.title_terms, "<u4"), _ints(self.title_weights, "<u2")


def without_others_direction(profile: Profile, encoder: str) -> Profile:
    """The profile, without what another encoder than `encoder` (see `Encoder.name`) said it is about."""
    return profile if profile.encoder == encoder else replace(profile, vector=b"", encoder=encoder)


def direction_of(profile: Profile) -> Direction | None:
    """What it is about; None if that isn't known."""
    return np.frombuffer(profile.vector, np.int8) if profile.vector else None


def _ints(value: bytes, dtype: str) -> Ints:
    return np.frombuffer(value, dtype=dtype).astype(np.int64)


def profile_of(article: Article, encoder: Encoder | None = None, habits: Habits | None = None) -> Profile:
    """The profile of an article, from its headline, summary and body, language and time.

    What it is about says `encoder`; without one the word vectors that the package brings. What `habits` knows as
    boilerplate of its source isn't read.
    """
    words = words_of(article.language)
    headline = headline_of(article)
    title = headline[: cut(headline, TITLE_CHARS_MAX)]
    title_words = tokens(title)
    text, sent = _read(article, words, title_words, habits)
    short_terms, short_weights = _titled(words, title_words or _beginning(text))
    counted, counts, in_title = _counted(words, title_words, text)
    rarities = words.rarities[counted]
    distinct, weighed = _weighed(words.terms[counted], counts, rarities)
    terms, weights = _heaviest(distinct, weighed, TERMS_MAX)
    language = article.language.split("-", 1)[0].lower()
    return Profile(
        language=language,
        time_ms=None if article.version_created is None else to_ms(article.version_created),
        has_body=bool(text),
        length=distinct.size,
        terms=terms,
        weights=weights,
        title_terms=short_terms,
        title_weights=short_weights,
        vector=encoder.direction(language, title, text) if encoder else _direction(words, language, counted, counts),
        facts=facts_of(
            title,
            text,
            (place.name for place in article.places),
            language,
            of_several=_tells_of_several(in_title, counted, counts, rarities, sentences_in(sent)),
        ),
        encoder=encoder.name if encoder else "",
        sent=sent,
    )


def _read(article: Article, words: Words, title: list[str], habits: Habits | None) -> tuple[str, bytes]:
    """The text below the headline without what its source repeats, and what of it is remembered (see `habits`)."""
    text = _text(article)
    numbers, source = numbers_of(text), number_of(article.provider.name)
    if habits is None or not habits.may_repeat(source, numbers):
        return text, packed_sent(source, numbers)
    pieces = sentences(text)

    def says(which: Set[int]) -> Set[int]:
        said = " ".join(piece for piece, number in zip(pieces, numbers, strict=True) if number in which)
        rare = set(tokens(said)) - set(tokens(article.provider.name))  # which says nothing when the source says it
        return {found[0] for found in words.look_up(rare) if found is not None and found[1] >= RARE_MIN}

    terms = {found[0] for found in words.look_up(title or _beginning(text)) if found is not None}
    unsaid = habits.unsaid(source, article.uri, terms, numbers, says)
    if without := unsaid.known | unsaid.likely:
        text = ". ".join(piece for piece, number in zip(pieces, numbers, strict=True) if number not in without)
    return text, packed_sent(source, numbers, unsaid.known)


def _tells_of_several(title: list[int], numbers: Ints, counts: Ints, rarities: Floats, sentences: int) -> bool:
    """Whether nothing holds an article together: no word of its title comes in the text, and no rare one twice.

    Of 1,972 articles of the labelled sets and pairs none is so.
    """
    if sentences < SEVERAL_MIN or not title:
        return False
    rare = counts[rarities >= RARE_MIN]
    if rare.size < SEVERAL_RARE_MIN or _REPEATED[rare].any():  # nearly always
        return False
    titled = np.isin(numbers, title) & (rarities >= TITLE_RARE_MIN)
    return bool((counts[titled] <= TITLE_COUNT).all())


def _beginning(text: str) -> list[str]:
    """What stands for a title."""
    return tokens(text[:UNTITLED_CHARS])


def _text(article: Article) -> str:
    """What is read below the headline: the summary and the body's beginning."""
    body = article.body[: BODY_CHARS + 100]
    text = f"{article.summary}\n{body}" if article.summary else body
    return text[: cut(text, BODY_CHARS)].strip()


def _counted(words: Words, title: list[str], text: str) -> tuple[Ints, Ints, list[int]]:
    """(numbers of the words, see `Words`; the count of each in halves; numbers of the title's words, in order).

    Counted in C, however often a word comes.
    """
    lead_end = cut(text, LEAD_CHARS)
    lead, rest = tokens(text[:lead_end]), tokens(text[lead_end:])
    numbers = words.numbers(rest + lead + title)
    in_lead, in_title = numbers[len(rest) : len(rest) + len(lead)], numbers[len(rest) + len(lead) :]
    counts = Counter(numbers + in_lead * (LEAD_COUNT - 1) + in_title * (TITLE_COUNT - 1))
    del counts[NOTHING]
    distinct, halves = (np.fromiter(column, np.int64, len(counts)) for column in (counts.keys(), counts.values()))
    return distinct, np.minimum(halves, COUNT_MAX), in_title


def _weighed(terms: Ints, counts: Ints, rarities: Floats) -> tuple[Ints, Floats]:
    """(distinct terms, weight of each)."""
    if len(set(terms.tolist())) < terms.size:
        terms, counts, rarities = _as_one(terms, counts, rarities)
    return terms, _DAMPED[counts] * rarities


def _as_one(terms: Ints, counts: Ints, rarities: Floats) -> tuple[Ints, Ints, Floats]:
    """Words that share a term number are one word, as rare as the last of them."""
    together: dict[int, int] = {}
    for term, n in zip(terms.tolist(), counts.tolist(), strict=True):
        together[term] = min(together.get(term, 0) + n, COUNT_MAX)
    rarity = dict(zip(terms.tolist(), rarities.tolist(), strict=True))
    return np.array(list(together)), np.array(list(together.values())), np.array(list(rarity.values()))


def _titled(words: Words, title: list[str]) -> tuple[bytes, bytes]:
    """`_heaviest` of a title's terms by their idf. Of words that share a term number the rarer one stands.

    They are so few that numpy would take longer.
    """
    rarity = dict(sorted({found for found in words.look_up(title) if found is not None}))
    top = sorted(rarity, key=lambda term: (-rarity[term], term))[:TITLE_TERMS_MAX]
    norm = math.sqrt(math.fsum([rarity[term] * rarity[term] for term in top])) or 1.0
    weights = [round(rarity[term] * SCALE / norm) for term in top]
    return struct.pack(f"<{len(top)}I", *top), struct.pack(f"<{len(top)}H", *weights)


def direction_of_words(language: str, title: str, text: str) -> bytes:
    """The direction of a text by its words' vectors alone."""
    words = words_of(language)
    title_words = tokens(title[: cut(title, TITLE_CHARS_MAX)])
    numbers, counts, _ = _counted(words, title_words, text[:BODY_CHARS])
    return _direction(words, language.split("-", 1)[0].lower(), numbers, counts)


def _direction(words: Words, language: str, numbers: Ints, counts: Ints) -> bytes:
    rows = words.rows[numbers]
    known = np.flatnonzero(rows >= 0)
    weights = words.meanings[numbers[known]] * _DAMPED[counts[known]]
    return vectors().direction(language, rows[known], weights)


_REPEATED = np.array([n not in (1, LEAD_COUNT, TITLE_COUNT) for n in range(COUNT_MAX + 1)])
"""Whether a word comes twice, by its count in halves (once in the lead and once below isn't told apart)."""
_DAMPED = np.array([0.0, *(1 + math.log(n / 2) for n in range(1, COUNT_MAX + 1))])
"""1 + ln of a count, by the count in halves."""


def heaviest(terms: Ints, weights: Ints | Floats, terms_max: int) -> Ints:
    """Where the heaviest of distinct terms are, at most `terms_max`, heaviest first; of equals the lowest first."""
    if terms.size < 2 * terms_max:
        return np.lexsort((terms, -weights))[:terms_max]
    # Finding the least of those kept costs less than putting all in order.
    places = np.flatnonzero(weights >= np.partition(weights, -terms_max)[-terms_max])
    return places[np.lexsort((terms[places], -weights[places]))[:terms_max]]


def _heaviest(terms: Ints, weights: Floats, terms_max: int) -> tuple[bytes, bytes]:
    """The heaviest of distinct terms as a unit vector times SCALE: uint32 terms and uint16 weights, heaviest first."""
    order = heaviest(terms, weights, terms_max)
    top = weights[order]
    norm = math.sqrt(math.fsum((top * top).tolist()))  # `sum` rounds otherwise from 3.12 on
    return terms[order].astype("<u4").tobytes(), np.rint(top * SCALE / (norm or 1.0)).astype("<u2").tobytes()
