"""A live story as the index keeps it: sums over its articles, its latest articles, and who they are.

Everything is a function of the set of (uri, profile, placement), not of the order of joining (until TERMS_KEPT_MAX
is reached): sums are sums of integers, the latest articles those with the highest placements.

Most stories of a space are at rest at any time. They lie `Folded`: packed, a fifth of the memory, and found like all
others, because the inverted index still has their terms.
"""

import math
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np
import numpy.typing as npt

from .facts import Facts
from .profile import Profile
from .vectors import DIMENSIONS, Direction, unit
from .words import TERMS

Ints = npt.NDArray[np.int64]
Which = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int32]

RECENT_MAX = 8
"""Articles compared one by one: a running story moves on, and its latest articles say where it is."""
MEMBERS_MAX = 1_000
"""A story with so many articles takes no more: the next one opens a new story. No story eats everything."""
TERMS_KEPT_MAX = 2_000
"""Terms summed of a story; new terms of a later article are left out beyond it."""
FORMAT = 4
FORMAT_WITHOUT_FACTS, FORMAT_WITHOUT_MEANING = 3, 2
"""Are read as well; what they tell has no facts, and no direction, until articles join it."""
NO_TERM = 2 * TERMS
"""A term that nothing has."""
_NO_TERM = np.array([NO_TERM])
_NONE = np.zeros(0, np.int64)
_ONES = np.ones(TERMS_KEPT_MAX, np.int64)
NO_OFFSETS = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Latest:
    """One of a story's latest articles."""

    placement: int
    time_ms: int | None
    terms: Ints
    weights: Ints
    direction: bytes
    """int8; empty if it has none."""
    facts: bytes
    """uint32 (see `facts`)."""


def pack(column: Ints, width: int) -> bytes:
    """Unsigned integers of `width` bytes, little-endian."""
    return column.astype(f"<u{width}").tobytes()


def unpack(value: bytes, width: int) -> Ints:
    """What `pack` packed, as int64."""
    return np.frombuffer(value, f"<u{width}").astype(np.int64)


def norm(weights: Ints) -> float:
    """The Euclidean length of a weight column."""
    return math.sqrt(int(np.dot(weights, weights)))


class Sums:
    """Sums of weights and counts of articles by term, terms in order of appearance."""

    __slots__ = ("counts", "terms", "weights")

    def __init__(self, terms: Ints = _NONE, weights: Ints = _NONE, counts: Ints = _NONE) -> None:
        self.terms, self.weights, self.counts = terms, weights, counts

    def add(self, terms: Ints, weights: Ints, counts: Ints, scratch: Places) -> tuple[Which, Places]:
        """Add up; returns (which of `terms` were known, their places), the rest being appended in their order.

        `scratch` is zeros, one for each term; it is zeros again afterwards.
        """
        scratch[self.terms] = np.arange(1, self.terms.size + 1)
        places = scratch[terms] - 1
        scratch[self.terms] = 0
        known = places >= 0
        old = places[known]
        self.weights[old] += weights[known]
        self.counts[old] += counts[known]
        fresh = np.flatnonzero(~known)[: max(0, TERMS_KEPT_MAX - self.terms.size)]
        if fresh.size:
            self.terms = np.concatenate((self.terms, terms[fresh]))
            self.weights = np.concatenate((self.weights, weights[fresh]))
            self.counts = np.concatenate((self.counts, counts[fresh]))
        return known, old

    def packed(self) -> list[bytes]:
        """Three little-endian columns: terms uint32, weights uint32, counts uint16."""
        return [pack(column, width) for column, width in zip(self._columns(), (4, 4, 2), strict=True)]

    def _columns(self) -> tuple[Ints, Ints, Ints]:
        return self.terms, self.weights, self.counts

    @classmethod
    def unpacked(cls, columns: list[bytes]) -> "Sums":
        """The sums that `packed` gave."""
        return cls(*(unpack(column, width) for column, width in zip(columns, (4, 4, 2), strict=True)))


class View:
    """What comparing an article with a story reads, laid out for one pass over it.

    `terms` and `weights` are columns of vectors laid end to end: the story's sum, its latest articles, the sum of its
    titles, and ones for the title words that at least half of its articles carry. Title terms are raised by TERMS;
    each of the two title vectors ends in NO_TERM, so that none is empty.
    """

    __slots__ = (
        "body_norm", "directions", "facts", "latest_norms", "sizes", "terms", "times_ms", "title_norm", "weights",
    )  # fmt: skip

    def __init__(self, story: "Live") -> None:
        self.times_ms = [one.time_ms for one in story.latest if one.time_ms is not None]
        self.facts = Facts([one.facts for one in story.latest])
        worded = [one for one in story.latest if one.terms.size]
        title = story.title
        alone = len(story) == 1  # most stories at rest: its sums are its only article's
        carried = title.terms if alone else title.terms[title.counts * 2 >= len(story)]
        latest_terms, latest_weights = [one.terms for one in worded], [one.weights for one in worded]
        terms = [story.body.terms, *latest_terms, title.terms + TERMS, _NO_TERM, carried + TERMS, _NO_TERM]
        weights = [story.body.weights, *latest_weights, title.weights, _NO_TERM, _ONES[: carried.size], _NO_TERM]
        self.terms = np.concatenate(terms).astype(np.int32)
        self.weights = np.concatenate(weights).astype(np.int32)
        self.sizes = [story.body.terms.size, *map(len, latest_terms), title.terms.size + 1, carried.size + 1]
        self.body_norm = norm(story.body.weights)
        self.latest_norms = [self.body_norm] * len(worded) if alone else [norm(one.weights) for one in worded]
        self.title_norm = norm(title.weights)
        directions = [story.direction, *(np.frombuffer(one.direction, np.int8) for one in story.latest)]
        self.directions = [one for one in directions if one is not None and one.size]
        """Of the story's sum, then of its latest articles; those that have none are left out."""


class Folded:
    """A live story, packed. `slot` and `offsets` as in `Live`: the index keeps them up to date in both."""

    __slots__ = ("languages", "offsets", "opening", "recent", "size", "slot", "story_id", "value")

    def __init__(
        self, story_id: str, value: bytes, opening: int, recent: int, size: int, languages: tuple[str, ...]
    ) -> None:
        self.story_id, self.value, self.languages = story_id, value, languages
        self.opening, self.recent, self.size = opening, recent, size
        self.slot = -1
        self.offsets = NO_OFFSETS

    def __len__(self) -> int:
        return self.size

    def unfold(self) -> "Live":
        """The same story, ready to be compared and to grow."""
        live = Live.from_bytes(self.story_id, self.value)
        live.slot, live.offsets = self.slot, self.offsets
        return live

    @classmethod
    def of(cls, live: "Live") -> "Folded":
        """A story that lies packed from now on."""
        folded = cls(live.story_id, live.to_bytes(), live.opening, live.recent, len(live), tuple(live.languages))
        folded.slot, folded.offsets = live.slot, live.offsets
        return folded

    @classmethod
    def from_bytes(cls, story_id: str, value: bytes) -> tuple["Folded", Sums, Direction | None]:
        """The story that `Live.to_bytes` packed, its terms and direction. Raises ValueError for another format."""
        members, _, languages, body, _, latest, meaning = _fields(value)
        placements = [placement for _, placement in members]
        spoken = tuple(language for language, _ in languages)
        folded = cls(story_id, value, min(placements), max(placements), len(placements), spoken)
        return folded, _body(body, latest), _direction(_meaning(meaning, latest, len(folded)))


class Live:
    """A live story. `offsets` are the places of its terms in the inverted index, kept by the index."""

    __slots__ = (
        "_value",
        "_view",
        "bodies",
        "body",
        "languages",
        "latest",
        "meaning",
        "members",
        "offsets",
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
        self.title = Sums()
        self.meaning = np.zeros(DIMENSIONS, np.int32)
        """Sum of its articles' directions."""
        self.offsets = NO_OFFSETS
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
            [Latest(placement, profile.time_ms, *profile.vector_of_terms(), profile.vector, profile.facts)]
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
    def direction(self) -> Direction | None:
        """What it is about; None if no article of it has a direction."""
        return _direction(self.meaning)

    @property
    def view(self) -> "View":
        """What a comparison reads of the story as it is now; made once after each change."""
        if self._view is None:
            self._view = View(self)
        return self._view

    def changed(self) -> None:
        """Its sums or articles are no longer what they were."""
        self._view = self._value = None

    def to_bytes(self) -> bytes:
        """All of it, packed (msgpack, little-endian columns); made once after each change."""
        if self._value is None:
            latest = [
                (one.placement, one.time_ms, pack(one.terms, 4), pack(one.weights, 2), one.direction, one.facts)
                for one in self.latest
            ]  # fmt: skip
            members, languages = list(self.members.items()), list(self.languages.items())
            body = None if len(self) == 1 else self.body.packed()
            meaning = self.meaning.astype("<i4").tobytes() if len(self) > 1 and self.meaning.any() else b""
            self._value = msgpack.packb(
                [FORMAT, members, self.bodies, languages, body, self.title.packed(), latest, meaning]
            )  # fmt: skip
        return self._value

    @classmethod
    def from_bytes(cls, story_id: str, value: bytes) -> "Live":
        """The story that `to_bytes` packed, not yet in an index. Raises ValueError for another format."""
        members, bodies, languages, body, title, latest, meaning = _fields(value)
        live = cls(story_id)
        live.members = dict(members)
        live.opening, live.recent = min(live.members.values()), max(live.members.values())
        live.bodies, live.languages = bodies, dict(languages)
        live.body, live.title = _body(body, latest), Sums.unpacked(title)
        live.latest = [
            Latest(at, when, unpack(terms, 4), unpack(weights, 2), direction, facts)
            for at, when, terms, weights, direction, facts in latest
        ]
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


def _meaning(packed: bytes, latest: list[Any], size: int) -> npt.NDArray[np.int32]:
    """The sum of the directions; of a story of one article it is that article's own."""
    if packed:
        return np.frombuffer(packed, "<i4").astype(np.int32)
    if size == 1 and latest[0][4]:
        return np.frombuffer(latest[0][4], np.int8).astype(np.int32)
    return np.zeros(DIMENSIONS, np.int32)


def _direction(meaning: npt.NDArray[np.int32]) -> Direction | None:
    return unit(meaning.astype(np.int64)) if meaning.any() else None
