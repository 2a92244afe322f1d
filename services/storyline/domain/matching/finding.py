"""Finds the live stories that come into question. What does it is `finding.c`, compiled (see `compiled`).

By words: an inverted index. A posting is one number of 64 bits: the story's slot, its weight, and the place of the term
in the story, which holds the posting's place in turn; so one is taken out at a cost that doesn't depend on how many
stories share the term. The rarest terms are read, and of the stories in them only those are looked at that can be among
the best.

By meaning alone, for articles in another language: locality-sensitive hashing by random hyperplanes (Charikar 2002)
with probes in the order of their likelihood (Lv et al. 2007, "Multi-Probe LSH"). Each story lies in one bucket of each
table, by the signs of its direction's products with BITS planes; a search reads its own bucket and those that differ in
up to two signs, the least certain first, until NEAR_READ_MAX stories are read.

So what an article costs is bounded however many stories are live.
"""

import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...errors import Fatal
from .compiled import Compiled
from .live import MEMBERS_MAX, TERMS_KEPT_MAX, Meaning
from .vectors import DIMENSIONS

FILE = "finding.wasm"
POSTINGS_READ_MAX = 3_000
"""Postings read to find candidates, those of the rarest terms first. Terms left out still count for the candidates
found."""
COSINE_SHARE_MIN = 0.25
"""Stories with less than this of the best one's cosine aren't weighed."""
WEIGHT_MAX = (1 << 28) - 1
"""Larger weights are entered as this."""
TABLES, BITS = 6, 14
NEAR_READ_MAX = 2_000
NEAREST_MAX, MEANING_MIN = 12, 0.4
"""Stories that are looked at of those about the same; the least cosine."""
FOUND_MAX = 16
STORIES_BYTES_MAX = 1 << 20
"""Written at once."""
GROWS_BY = 1 << 24
"""Bytes of memory at least; those that nothing is written to take none."""
_PUT = struct.Struct("<4iqd")
_COLUMNS: Mapping[str, tuple[str, int]] = {
    "asked": ("<i8", 8), "stories": ("u1", STORIES_BYTES_MAX),
    "terms": ("u1", 4 * TERMS_KEPT_MAX), "weights": ("u1", 4 * TERMS_KEPT_MAX),
    "direction": ("u1", DIMENSIONS), "planes": ("i1", TABLES * BITS * DIMENSIONS),
    "told": ("<i8", 4), "found": ("<i4", FOUND_MAX), "directions": ("u1", FOUND_MAX * DIMENSIONS),
}  # fmt: skip
"""Name → type and length, in the order of the C source."""


def _planes() -> npt.NDArray[np.int8]:
    """±1, the same on every machine; a row each."""
    bits = hashlib.shake_128(b"storyline neighbours").digest(DIMENSIONS * TABLES * BITS // 8)
    signs = np.unpackbits(np.frombuffer(bits, np.uint8)).astype(np.int8) * 2 - 1
    return np.ascontiguousarray(signs.reshape(DIMENSIONS, TABLES * BITS).T)


_PLANES = _planes().ravel()


class Put(NamedTuple):
    """A story that is entered, or what has come to it. Columns are uint32."""

    slot: int
    size: int
    """Articles."""
    opening: int
    norm: float
    meaning: Meaning
    """Sum of its articles' directions; of zeros: it has none."""
    terms: bytes
    """That are new."""
    weights: bytes
    raised: bytes = b""
    """Terms that are known, distinct."""
    places: bytes = b""
    """Where they stand among the story's."""
    raised_by: bytes = b""

    def packed(self) -> bytes:
        """As the C source has it."""
        head = _PUT.pack(
            self.slot, self.size, len(self.terms) // 4, len(self.raised) // 4, self.opening, self.norm
        )  # fmt: skip
        columns = (self.terms, self.weights, self.raised, self.places, self.raised_by)
        found = b"".join((head, self.meaning.astype("<i4").tobytes(), *columns))
        return found + bytes(-len(found) % 8)


class Found(NamedTuple):
    """The slots of stories; the direction of each, of zeros if it has none."""

    slots: list[int]
    directions: bytes
    own: bytes
    """The direction of what they were found for; empty if it has none."""


class Finding:
    """What is found of live stories, by slot. About 1½ KB a story, of 4 GB in all. Not thread-safe."""

    def __init__(self) -> None:
        """Raises Fatal where this process may not run it."""
        self._compiled = Compiled(FILE, _COLUMNS)
        self._compiled.columns["planes"][:] = _PLANES
        self._look()

    def _look(self) -> None:
        view = self._compiled.views
        self._asked, self._told, self._stories = view["asked"], view["told"], view["stories"]
        self._terms, self._weights, self._direction = view["terms"], view["weights"], view["direction"]
        self._found, self._directions = view["found"], view["directions"]

    def put(self, stories: Iterable[Put]) -> None:
        """Enter stories, or what has come to them; many at once cost less."""
        waiting: list[bytes] = []
        size = 0
        for one in map(Put.packed, stories):
            if size + len(one) > STORIES_BYTES_MAX:
                self._write(waiting)
                waiting, size = [], 0
            waiting.append(one)
            size += len(one)
        self._write(waiting)

    def _write(self, stories: Sequence[bytes]) -> None:
        written, done = b"".join(stories), 0
        self._stories[: len(written)] = written
        while done < len(stories):
            self._asked[0], self._asked[1] = len(stories), done
            self._change("put")
            done, missing, *_ = self._told
            if missing > 0:
                self._compiled.grow(max(missing, GROWS_BY))
                self._look()

    def take(self, slot: int, terms: bytes) -> None:
        """Take a story out; `terms` (uint32) are all that were put, in their order."""
        self._terms[: len(terms)] = terms
        self._asked[0] = slot
        self._change("take")

    def _change(self, how: str) -> None:
        """Raises Fatal if it broke off: what is half changed would find wrong stories without a word."""
        from wasmtime import Trap

        try:
            self._compiled.call(how)
        except Trap as broken:
            why = broken.trap_code.name.lower() if broken.trap_code else broken.message
            raise Fatal(
                f"the index of live stories broke ({why}): start this process again, which "
                "makes it anew, and report the defect"
            ) from broken

    def carried(self, terms: bytes) -> list[int]:
        """In how many stories each of the terms is; at most TERMS_KEPT_MAX, uint32."""
        self._terms[: len(terms)] = terms
        self._asked[0] = len(terms) // 4
        self._compiled.call("carried")
        return list(struct.unpack(f"<{len(terms) // 4}I", self._weights[: len(terms)]))

    def find(
        self, terms: bytes, weights: bytes, direction: bytes, *, limit: int, more: int, size_max: int = MEMBERS_MAX
    ) -> Found:
        """At most `limit` stories that share the rarest terms, by cosine; then `more` by meaning, the nearest first.

        Of equals the older come first. Stories of more than `size_max` articles are left out. Columns are uint32.
        Without a direction (empty) nothing is found by meaning.
        """
        if direction:
            self._direction[:] = direction
        return self._find(
            terms, weights, TERMS_KEPT_MAX, limit, size_max, -1, more if direction else 0, own=False
        )._replace(own=direction)

    def like(
        self, slot: int, terms: bytes, weights: bytes, *, terms_max: int, limit: int, more: int, size_max: int
    ) -> Found:
        """`find` for a story, which is left out itself, by its `terms_max` heaviest terms and its own direction."""
        return self._find(terms, weights, terms_max, limit, size_max, slot, more, own=True)

    def _find(
        self, terms: bytes, weights: bytes, terms_max: int, limit: int, size_max: int, but: int, more: int, own: bool
    ) -> Found:
        self._terms[: len(terms)], self._weights[: len(weights)] = terms, weights
        for at, number in enumerate((len(terms) // 4, terms_max, limit, size_max, but, more, own)):
            self._asked[at] = number
        self._compiled.call("find")
        count, _, _, directed = self._told
        return Found(
            self._found[:count].tolist(), bytes(self._directions[: count * DIMENSIONS]),
            bytes(self._direction) if directed else b"",
        )  # fmt: skip

    @property
    def postings_read(self) -> int:
        """By the latest search."""
        read: int = self._told[2]
        return read
