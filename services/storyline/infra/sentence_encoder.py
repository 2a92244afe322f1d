"""A sentence encoder of the sentence-transformers library, as what matching asks for what a text is about.

An option: the extra `encoder`, and `STORYLINE_MATCHER_ENCODER` naming a model that lies on this machine. Nothing is
downloaded. Its embedding is brought to the index's dimensions by fixed random signs (Achlioptas 2003), which keep
cosines; so the index, its format and its neighbours are the same with every model.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..domain.matching.meaning import ENCODED_CHARS, Encoder
from ..domain.matching.vectors import DIMENSIONS, unit
from ..errors import Fatal

WHOLE = 1 << 20
"""Components are rounded to whole numbers of this unit before they are added."""


class Model(Protocol):
    """What is used of `sentence_transformers.SentenceTransformer`."""

    def encode(self, sentences: Sequence[str], *, show_progress_bar: bool, convert_to_numpy: bool) -> Any:
        """One row of floats for each sentence."""
        ...


class SentenceEncoder:
    """An `Encoder` over a loaded model. About 10–50 ms a text on one core, so it is made for some articles a second."""

    def __init__(self, model: Model, name: str = "") -> None:
        self._model = model
        self.name = encoder_name(name)
        self._signs: npt.NDArray[np.int64] | None = None

    def direction(self, language: str, title: str, text: str) -> bytes:
        """As `Encoder.direction`; the language isn't told to the model, which must be multilingual."""
        both = f"{title[:ENCODED_CHARS]}\n{text[:ENCODED_CHARS]}".strip()
        if not any(char.isalnum() for char in both):
            return b""
        rows = np.asarray(self._model.encode([both], show_progress_bar=False, convert_to_numpy=True), np.float64)
        whole = np.rint(np.nan_to_num(rows[0]) * WHOLE).astype(np.int64)
        if not whole.any():
            return b""
        return unit(whole if whole.size == DIMENSIONS else whole @ self._signs_for(whole.size)).tobytes()

    def _signs_for(self, size: int) -> npt.NDArray[np.int64]:
        if self._signs is None or len(self._signs) != size:
            bits = hashlib.shake_128(b"storyline encoder").digest((size * DIMENSIONS + 7) // 8)
            signs = np.unpackbits(np.frombuffer(bits, np.uint8))[: size * DIMENSIONS]
            self._signs = signs.reshape(size, DIMENSIONS).astype(np.int64) * 2 - 1
        return self._signs


def encoder_name(setting: str) -> str:
    """The model's name: the last part of its folder, which may lie elsewhere on another machine. Empty: no model."""
    return setting.replace("\\", "/").rstrip("/").rpartition("/")[2]


def load_encoder(name: str, load: Callable[[str], Model] | None = None) -> Encoder:
    """The encoder of a model: a folder, or a name that the library finds in its cache.

    `load` stands for the library in tests. Raises Fatal if the library isn't installed or there is no such model.
    """
    try:
        model = (load or _load)(name)
    except ImportError as missing:
        raise Fatal(
            f"STORYLINE_MATCHER_ENCODER is {name!r}, but sentence-transformers can't be imported ({missing}): "
            "install storyline[encoder], or leave the setting empty to use the word vectors of the package"
        ) from missing
    except (OSError, ValueError) as problem:
        raise Fatal(
            f"STORYLINE_MATCHER_ENCODER: no model {name!r} on this machine, nothing is downloaded "
            f"({str(problem).splitlines()[0] if str(problem) else type(problem).__name__}); "
            "name the folder of a sentence-transformers model"
        ) from problem
    return SentenceEncoder(model, name)


def _load(name: str) -> Model:
    from sentence_transformers import SentenceTransformer

    model: Model = SentenceTransformer(name, device="cpu", local_files_only=True)
    return model
