"""The profile: what matching keeps of an article. A pure function of the article, small and serialisable.

Weights are integers (a unit vector times SCALE, rounded), so that every sum of them is exact: it doesn't matter
in which order articles are added up, nor on which machine.
"""

import base64
from collections.abc import Set
from dataclasses import dataclass, field, replace
from typing import Any

import msgpack
import numpy as np
import numpy.typing as npt

from storyline_schemas import Article
from storyline_schemas.base import to_ms

from ..sitenames import headline_of
from .datelines import begun_ms, named_ms
from .facts import facts_of
from .habits import Habits, number_of, numbers_of, packed_sent, sentences, sentences_in
from .meaning import Encoder
from .reading import RARE_MIN
from .text import cut, parted, tokens
from .words import Words, words_of

TITLE_CHARS_MAX = 400
LEAD_CHARS, BODY_CHARS = 400, 3_000
"""What is read: a 5 MB body costs what a page does."""
UNTITLED_CHARS = 150
SEVERAL_MIN = 3
"""Sentences from which on a text can tell of several things."""
ITEM_TERMS_MAX, SEVERAL_TERMS_MIN = 6, 150
"""Terms of each of them, in the mean, if they are the items of a list; of a text that nothing holds together though its
sentences are whole. A short report has no room to say a name twice."""
FORMAT = 1
FIELDS_MIN = 8
"""Fields that every profile has; later versions add more at the end, and never take one away."""
FIELDS_WRITTEN_MIN = 10
"""Fields that are written also if they are empty."""

Ints = npt.NDArray[np.int64]


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
    rarities: bytes = field(default=b"", compare=False)
    """Of the terms, until they are weighed among the live stories (see `weighing`), uint8; isn't packed."""

    def to_bytes(self) -> bytes:
        """Packed, about 500 bytes for a full article."""
        fields = [getattr(self, name) for name in _PACKED]
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
        return cls(*fields[: len(_PACKED)])

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


_PACKED = Profile.__slots__[:-1]


def without_others_direction(profile: Profile, encoder: str) -> Profile:
    """The profile, without what another encoder than `encoder` (see `Encoder.name`) said it is about."""
    return profile if profile.encoder == encoder else replace(profile, vector=b"", encoder=encoder)


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
    title_words = parted(title)
    text, sent = _read(article, words, title_words, habits)
    read = words.read(_parts(title_words, text))
    language = article.language.split("-", 1)[0].lower()
    return Profile(
        language=language,
        time_ms=_time_ms(article, text, language),
        has_body=bool(text),
        length=read.length,
        terms=read.terms,
        weights=read.weights,
        title_terms=read.title_terms,
        title_weights=read.title_weights,
        vector=encoder.direction(language, title, text) if encoder else read.direction,
        facts=facts_of(
            title,
            text,
            (place.name for place in article.places),
            language,
            of_several=read.of_several and _is_list(read.length, sentences_in(sent)),
        ),
        encoder=encoder.name if encoder else "",
        sent=sent,
        rarities=read.rarities,
    )


def _time_ms(article: Article, text: str, language: str) -> int | None:
    """When it was written as far as it says: its own time, else the day that its text or its address gives."""
    if article.version_created is not None:
        return to_ms(article.version_created)
    begun = begun_ms(text, language)
    return named_ms(article.url) if begun is None and article.url is not None else begun


def _is_list(terms: int, sentences: int) -> bool:
    """Whether a text whose sentences share no rare word is a list of items, or so long that it would share one."""
    return sentences >= SEVERAL_MIN and (terms <= ITEM_TERMS_MAX * sentences or terms >= SEVERAL_TERMS_MIN)


def _read(article: Article, words: Words, title: bytes, habits: Habits | None) -> tuple[str, bytes]:
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

    title_words = title.decode().split() or tokens(text[:UNTITLED_CHARS])
    terms = {found[0] for found in words.look_up(title_words) if found is not None}
    unsaid = habits.unsaid(source, article.uri, terms, numbers, says)
    if without := unsaid.known | unsaid.likely:
        text = ". ".join(piece for piece, number in zip(pieces, numbers, strict=True) if number not in without)
    return text, packed_sent(source, numbers, unsaid.known)


def _text(article: Article) -> str:
    """What is read below the headline: the summary and the body's beginning."""
    body = article.body[: BODY_CHARS + 100]
    text = f"{article.summary}\n{body}" if article.summary else body
    return text[: cut(text, BODY_CHARS)].strip()


def _parts(title: bytes, text: str) -> tuple[bytes, bytes, bytes, bytes]:
    """What `Words.read` reads of a title's words and the text below it."""
    lead_end = cut(text, LEAD_CHARS)
    instead = b"" if title.strip() else parted(text[:UNTITLED_CHARS])
    return parted(text[lead_end:]), parted(text[:lead_end]), title, instead


def direction_of_words(language: str, title: str, text: str) -> bytes:
    """The direction of a text by its words' vectors alone."""
    parts = _parts(parted(title[: cut(title, TITLE_CHARS_MAX)]), text[:BODY_CHARS])
    return words_of(language).read(parts).direction
