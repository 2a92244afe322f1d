"""What a word means, as a direction: words that mean alike in any language lie near each other.

The vectors were distilled once from a sentence encoder (`storyline.training.vectors` makes them again); nothing of
it is needed at run time. A text's direction is the weighted sum of its words', minus what its language alone adds:

    v = Σ w·row − (Σ w)·mean of the language,   w = tf · ln(1/(p + 10⁻⁷))^1.5

Rows are whole numbers of 4 bits and weights whole numbers below 256, so that sums are exact whatever the order of
adding: every machine gives the same direction.
"""

import math
import zlib
from array import array
from bisect import bisect_left
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

DIMENSIONS = 128
LENGTH = 320
"""A direction is a unit vector times this, rounded, in int8; components beyond ±127 are cut (there are hardly any)."""
WEIGHT_MAX = 255
MEAN_SCALE = 256
FILE = "vectors.npz"

Direction = npt.NDArray[np.int8]


def key_of(stem: str, language: str = "") -> int:
    """The key of a stem: in all languages, or in one, where it means something else."""
    return zlib.crc32(f"{language}:{stem}".encode("utf-8", "surrogatepass"))


def weight_of(frequency: float) -> float:
    """What a word of this relative frequency counts in a text's direction."""
    return float(math.log(1 / (frequency + 1e-7)) ** 1.5)


class Vectors:
    """Rows by key, and the mean of each language. About 7 MB, as they lie in the file."""

    def __init__(self, content: bytes) -> None:
        with np.load(BytesIO(content), allow_pickle=False) as arrays:
            self._keys = memoryview(arrays["keys"])  # numpy would copy all of it to look for a number of Python
            starts = np.searchsorted(arrays["keys"], np.arange(1 << 16, dtype=np.uint32) << 16)
            self._starts = array("i", [*starts.tolist(), len(self._keys)])
            """Of the keys with the same upper 16 bits, which are one or two: where they begin."""
            self._rows = arrays["rows"]
            self._scales = arrays["scales"].tobytes()
            means = arrays["means"].astype(np.int64)
            self._means = dict(zip(arrays["languages"].tolist(), means, strict=True))

    def find(self, language: str, stem: str) -> int:
        """The row of a stem, −1 if it has none."""
        for key in (key_of(stem, language), key_of(stem)):
            begin, end = self._starts[key >> 16], self._starts[(key >> 16) + 1]
            at = bisect_left(self._keys, key, begin, end)
            if at < end and self._keys[at] == key:
                return at
        return -1

    def scale(self, row: int) -> float:
        """The length of a row's unit, relative to the longest."""
        return float(self._scales[row] / 255)

    def row(self, row: int) -> bytes:
        """Numbers of 4 bits, 8 higher than they are: first the lower ones of all bytes, then the upper ones."""
        return bytes(self._rows[row])

    def mean(self, language: str) -> npt.NDArray[np.int64] | None:
        """What a language alone adds to a direction, MEAN_SCALE times; None if that isn't known."""
        return self._means.get(language)


def unit(vector: npt.NDArray[np.int64]) -> Direction:
    """The direction of a vector of whole numbers; of zeros, zeros."""
    length = math.sqrt(int(np.dot(vector, vector))) or 1.0
    direction: Direction = np.minimum(np.maximum(np.rint(vector * (LENGTH / length)), -127), 127).astype(np.int8)
    return direction


@lru_cache(maxsize=1)
def vectors() -> Vectors:
    """The vectors that the package brings, read when first needed."""
    return Vectors(files(__package__).joinpath(FILE).read_bytes())
