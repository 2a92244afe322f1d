"""A live story as the index keeps it: sums over its articles, its latest articles, and who they are.

Everything is a function of the set of (uri, profile, placement), not of the order of joining (until TERMS_KEPT_MAX
is reached): sums are sums of integers, the latest articles those with the highest placements.

Most stories of a space are at rest at any time. They lie `Folded`: packed, a fifth of the memory, and found like all
others, because the inverted index still has their terms.
"""

import math
import struct
from array import array
from collections.abc import Collection, Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import msgpack
import numpy as np
import numpy.typing as npt

from .facts import Facts
from .profile import Profile
from .vectors import DIMENSIONS

Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.int16]
"""Up to TERMS_KEPT_MAX."""
Meaning = npt.NDArray[np.int32]
"""A sum of directions."""

RECENT_MAX = 8
"""Articles compared one by one: a running story moves on, and its latest articles say where it is."""
MEMBERS_MAX = 1_000
"""A story with so many articles takes no more: the next one opens a new story. No story eats everything."""
TERMS_KEPT_MAX = 2_000
"""Terms summed of a story; new terms of a later article are left out beyond it."""
FORMAT = 4
FORMAT_WITHOUT_FACTS, FORMAT_WITHOUT_MEANING = 3, 2
"""Are read as well; what they tell has no facts, and no direction, until articles join it."""
_NONE = np.zeros(0, np.int64)


class Latest(NamedTuple):
    """One of a story's latest articles, as it is packed."""

    placement: int
    time_ms: int | None
    terms: bytes
    """uint32."""
    weights: bytes
    """uint16."""
    direction: bytes
    """int8; empty if it has none."""
    facts: bytes
    """uint32 (see `facts`)."""


_CODES = {2: "H", 4: "I"}


def pack(column: Collection[int], width: int) -> bytes:
    """Unsigned integers of `width` bytes, little-endian."""
    return struct.pack(f"<{len(column)}{_CODES[width]}", *column)


def unpack(value: bytes, width: int) -> Ints:
    """What `pack` packed, as int64."""
    return np.frombuffer(value, f"<u{width}").astype(np.int64)


def norm(weights: Ints) -> float:
    """The Euclidean length of a weight column."""
    return math.sqrt(int(np.dot(weights, weights)))


class Sums:
    """Sums of weights and counts of articles by term, terms in order of appearance."""

    __slots__ = ("_packed", "counts", "terms", "weights")

    def __init__(self, terms: Ints = _NONE, weights: Ints = _NONE, counts: Ints = _NONE) -> None:
        self.terms, self.weights, self.counts = [array("q", column.tobytes()) for column in (terms, weights, counts)]
        self._packed: list[bytes] | None = None

    def __len__(self) -> int:
        return len(self.terms)

    def add(self, terms: Ints, weights: Sequence[int], counts: Sequence[int], scratch: Places) -> list[int]:
        """Add up; returns the places of `terms` that were known, −1 for the rest, which are appended in their order.

        `scratch` is zeros, one for each term; it is zeros again afterwards.
        """
        self._packed = None
        if not self.terms:
            self.terms.frombytes(terms[:TERMS_KEPT_MAX].tobytes())
            self.weights.extend(weights[:TERMS_KEPT_MAX])
            self.counts.extend(counts[:TERMS_KEPT_MAX])
            return [-1] * terms.size
        places = self._places(terms, scratch)
        for at, weight, count in zip(places, weights, counts, strict=True):
            if at >= 0:
                self.weights[at] += weight
                self.counts[at] += count
        fresh = [number for number, at in enumerate(places) if at < 0][: TERMS_KEPT_MAX - len(self)]
        of_terms = terms.tolist()
        self.terms.extend([of_terms[number] for number in fresh])
        self.weights.extend([weights[number] for number in fresh])
        self.counts.extend([counts[number] for number in fresh])
        return places

    def _places(self, terms: Ints, scratch: Places) -> list[int]:
        own = np.array(self.terms, np.int64)
        scratch[own] = _NUMBERED[: own.size]
        places: list[int] = (scratch[terms] - 1).tolist()
        scratch[own] = 0
        return places

    def vector(self) -> tuple[Ints, Ints]:
        """(terms, weights)."""
        return np.array(self.terms, np.int64), np.array(self.weights, np.int64)

    def norm(self) -> float:
        """The Euclidean length."""
        return norm(np.array(self.weights, np.int64))

    def packed(self) -> list[bytes]:
        """Three little-endian columns: terms uint32, weights uint32, counts uint16; made once after each change."""
        if self._packed is None:
            columns = zip((self.terms, self.weights, self.counts), ("<u4", "<u4", "<u2"), strict=True)
            self._packed = [np.frombuffer(column, np.int64).astype(dtype).tobytes() for column, dtype in columns]
        return self._packed

    @classmethod
    def unpacked(cls, columns: Sequence[bytes]) -> "Sums":
        """The sums that `packed` gave."""
        return cls(*(unpack(column, width) for column, width in zip(columns, (4, 4, 2), strict=True)))


_NUMBERED = np.arange(1, TERMS_KEPT_MAX + 1, dtype=np.int16)


class TitleSums:
    """Sums over titles: term → (weight, articles that carry it), terms in order of appearance.

    Titles have few words, and each is asked for by itself.
    """

    __slots__ = ("_square", "of")

    def __init__(
        self, terms: Sequence[int] = (), weights: Sequence[int] = (), counts: Iterable[int] = repeat(1)
    ) -> None:
        self.of = dict(zip(terms, zip(weights, counts, strict=False), strict=True))
        self._square = sum([weight * weight for weight in weights])

    def add(self, terms: Iterable[int], weights: Iterable[int], counts: Iterable[int] = repeat(1)) -> None:
        """Add up; beyond TERMS_KEPT_MAX those that are new are left out."""
        of = self.of
        for term, weight, count in zip(terms, weights, counts, strict=False):
            known, articles = of.get(term, (0, 0))
            if articles or len(of) < TERMS_KEPT_MAX:
                of[term] = known + weight, articles + count
                self._square += weight * (2 * known + weight)

    def absorb(self, other: "TitleSums") -> None:
        """`add` all that another has."""
        sums = other.of.values()
        self.add(other.of, [weight for weight, _ in sums], [count for _, count in sums])

    @property
    def norm(self) -> float:
        """The Euclidean length."""
        return math.sqrt(self._square)

    def packed(self) -> list[bytes]:
        """Three columns (see `Sums.packed`)."""
        sums = self.of.values()
        return [pack(self.of, 4), pack([weight for weight, _ in sums], 4), pack([count for _, count in sums], 2)]

    @classmethod
    def unpacked(cls, columns: Sequence[bytes]) -> "TitleSums":
        """The sums that `packed` gave."""
        terms, weights, counts = (
            unpack(column, width).tolist() for column, width in zip(columns, (4, 4, 2), strict=True)
        )
        return cls(terms, weights, counts)


def packed(
    size: int, bodies: int, body: Sequence[bytes] | None, title: Sequence[bytes], latest: Sequence[Sequence[Any]]
) -> bytes:
    """A side of a comparison: the columns of a story, or of an article as a story of one, end to end.

    `body` and `title` as from `Sums.packed`, `latest` as in `Latest`. First come counts (see `comparing.c`), then what
    takes the most bytes, so that each number lies at a multiple of its size.
    """
    terms, weights, *_ = body if body is not None else (b"", b"")
    title_terms, title_weights, title_articles = title
    times = [one[1] for one in latest if one[1] is not None]
    worded = [one for one in latest if one[2]]
    latest_terms = b"".join([one[2] for one in worded])
    directions = b"".join([one[4] for one in latest])
    head = struct.pack(
        f"<8i{len(times)}q{len(worded)}i",
        size, bodies * 2 > size, len(terms) // 4, len(title_terms) // 4, len(worded), len(latest_terms) // 4,
        len(times), len(directions) // DIMENSIONS, *times, *[len(one[2]) // 4 for one in worded],
    )  # fmt: skip
    latest_weights = b"".join([one[3] for one in worded])
    columns = (terms, weights, title_terms, title_weights, latest_terms, title_articles, latest_weights, directions)
    found = b"".join((head, *columns))
    return found + bytes(-len(found) % 8)


class View:
    """What comparing an article with a story reads: columns as they are packed, so that no story is unpacked for it."""

    __slots__ = ("facts", "has_body", "languages", "opening", "packed", "slot", "story_id")

    def __init__(
        self, story: "Live | Folded", bodies: int, languages: Collection[str],
        body: Sequence[bytes] | None, title: Sequence[bytes], latest: Sequence[Sequence[Any]],
    ) -> None:  # fmt: skip
        self.story_id, self.slot, self.opening = story.story_id, story.slot, story.opening
        self.languages = languages
        self.has_body = bodies * 2 > len(story)
        self.packed = packed(len(story), bodies, body, title, latest)
        self.facts = Facts([one[5] for one in latest])


class Folded:
    """A live story, packed. `slot` as in `Live`."""

    __slots__ = ("languages", "opening", "recent", "size", "slot", "story_id", "value")

    def __init__(
        self, story_id: str, value: bytes, opening: int, recent: int, size: int, languages: tuple[str, ...]
    ) -> None:
        self.story_id, self.value, self.languages = story_id, value, languages
        self.opening, self.recent, self.size = opening, recent, size
        self.slot = -1

    def __len__(self) -> int:
        return self.size

    @property
    def view(self) -> View:
        """What a comparison reads of the story."""
        _, bodies, _, body, title, latest, _ = _fields(self.value)
        return View(self, bodies, self.languages, body, title, latest)

    def unfold(self) -> "Live":
        """The same story, ready to be compared and to grow."""
        live = Live.from_bytes(self.story_id, self.value)
        live.slot = self.slot
        return live

    @classmethod
    def of(cls, live: "Live") -> "Folded":
        """A story that lies packed from now on."""
        folded = cls(live.story_id, live.to_bytes(), live.opening, live.recent, len(live), tuple(live.languages))
        folded.slot = live.slot
        return folded

    @classmethod
    def from_bytes(cls, story_id: str, value: bytes) -> tuple["Folded", Sums, Meaning]:
        """The story that `Live.to_bytes` packed, its terms, what it is about. Raises ValueError for another format."""
        members, _, languages, body, _, latest, meaning = _fields(value)
        placements = [placement for _, placement in members]
        spoken = tuple(language for language, _ in languages)
        folded = cls(story_id, value, min(placements), max(placements), len(placements), spoken)
        return folded, _body(body, latest), _meaning(meaning, latest, len(folded))


class Live:
    """A live story. `slot` is its number in the index, kept by that."""

    __slots__ = (
        "_value",
        "_view",
        "bodies",
        "body",
        "languages",
        "latest",
        "meaning",
        "members",
        "opening",
        "recent",
        "slot",
        "story_id",
        "title",
    )

    def __init__(self, story_id: str) -> None:
        self.story_id = story_id
        self.slot = -1
        self.members: dict[str, int] = {}
        """uri → placement, in join order."""
        self.opening = 0
        self.recent = 0
        self.bodies = 0
        self.languages: dict[str, int] = {}
        self.body = Sums()
        self.title = TitleSums()
        self.meaning = np.zeros(DIMENSIONS, np.int32)
        """Sum of its articles' directions."""
        self.latest: list[Latest] = []
        self._view: View | None = None
        self._value: bytes | None = None

    def __len__(self) -> int:
        return len(self.members)

    def note(self, uri: str, profile: Profile, placement: int) -> None:
        """Everything a joining article changes except the summed terms."""
        self.opening = min(self.opening, placement) if self.members else placement
        self.recent = max(self.recent, placement) if self.members else placement
        self.members[uri] = placement
        self.bodies += profile.has_body
        self.languages[profile.language] = self.languages.get(profile.language, 0) + 1
        if profile.vector:
            self.meaning += np.frombuffer(profile.vector, np.int8)
        self._keep_latest(
            [Latest(placement, profile.time_ms, profile.terms, profile.weights, profile.vector, profile.facts)]
        )

    def absorb(self, other: "Live") -> None:
        """`note` for every article of another story."""
        self.opening = min(self.opening, other.opening)
        self.recent = max(self.recent, other.recent)
        self.members = dict(sorted((self.members | other.members).items(), key=lambda item: item[1]))
        self.bodies += other.bodies
        self.meaning += other.meaning
        for language, count in other.languages.items():
            self.languages[language] = self.languages.get(language, 0) + count
        self._keep_latest(other.latest)

    def _keep_latest(self, more: list[Latest]) -> None:
        self.latest = sorted([*self.latest, *more], key=lambda one: one.placement)[-RECENT_MAX:]

    @property
    def view(self) -> View:
        """What a comparison reads of the story as it is now; made once after each change."""
        if self._view is None:
            self._view = View(self, self.bodies, self.languages, self._packed_body(), self.title.packed(), self.latest)
        return self._view

    def _packed_body(self) -> list[bytes] | None:
        return None if len(self) == 1 else self.body.packed()

    def changed(self) -> None:
        """Its sums or articles are no longer what they were."""
        self._view = self._value = None

    def to_bytes(self) -> bytes:
        """All of it, packed (msgpack, little-endian columns); made once after each change."""
        if self._value is None:
            members, languages = list(self.members.items()), list(self.languages.items())
            body, title = self._packed_body(), self.title.packed()
            meaning = self.meaning.astype("<i4").tobytes() if len(self) > 1 and self.meaning.any() else b""
            self._value = msgpack.packb([FORMAT, members, self.bodies, languages, body, title, self.latest, meaning])
        return self._value

    @classmethod
    def from_bytes(cls, story_id: str, value: bytes) -> "Live":
        """The story that `to_bytes` packed, not yet in an index. Raises ValueError for another format."""
        members, bodies, languages, body, title, latest, meaning = _fields(value)
        live = cls(story_id)
        live.members = dict(members)
        live.opening, live.recent = min(live.members.values()), max(live.members.values())
        live.bodies, live.languages = bodies, dict(languages)
        live.body, live.title = _body(body, latest), TitleSums.unpacked(title)
        live.latest = [Latest(*one) for one in latest]
        live.meaning = _meaning(meaning, latest, len(live))
        live._value = value
        return live


def _fields(value: bytes) -> list[Any]:
    format_, *fields = msgpack.unpackb(value)
    if format_ == FORMAT_WITHOUT_MEANING:
        return [*fields[:5], [(*one, b"", b"") for one in fields[5]], b""]
    if format_ == FORMAT_WITHOUT_FACTS:
        return [*fields[:5], [(*one, b"") for one in fields[5]], fields[6]]
    if format_ != FORMAT:
        raise ValueError(f"index format {format_} is not {FORMAT}: stop the services and run `storyline rebuild`")
    return list(fields)


def _body(packed: list[bytes] | None, latest: list[Any]) -> Sums:
    """The sums over the articles; of a story of one article they are that article's own terms."""
    if packed is not None:
        return Sums.unpacked(packed)
    [(_, _, terms, weights, *_)] = latest
    column = unpack(terms, 4)
    return Sums(column, unpack(weights, 2), np.ones(column.size, np.int64))


def _meaning(packed: bytes, latest: list[Any], size: int) -> Meaning:
    """The sum of the directions; of a story of one article it is that article's own."""
    if packed:
        return np.frombuffer(packed, "<i4").astype(np.int32)
    if size == 1 and latest[0][4]:
        return np.frombuffer(latest[0][4], np.int8).astype(np.int32)
    return np.zeros(DIMENSIONS, np.int32)
