"""Compares an article, or a story that looks for its twin, with stories. What does it is `comparing.c`, compiled."""

import math
import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .compiled import Compiled
from .facts import Facts
from .live import MEMBERS_MAX, RECENT_MAX, TERMS_KEPT_MAX, View
from .reading import TERMS_MAX
from .vectors import DIMENSIONS

GAP_DAYS_MAX = 3_650
"""Dates farther off say no more than ten years do."""
BEST_OF_LATEST = 3
RIVAL_MIN, MEANING_RIVAL_MIN = 0.15, 0.3
"""A rival as good as this is always assumed: without it the first stories of a stream would win by default. Texts that
have nothing to do with each other share no words, but their directions are a little alike."""
MEANING_RIVAL_ABROAD_MIN = 0.6
"""The same for two sides without a common language, which little but their meaning joins: the nearest of 300 unrelated
articles in other languages is at .52 in the median, one in twenty at .62. A space of a few stories has no such rivals,
and put a rail strike, a bridge and a flood into one story."""
TERSE_TERMS = 40
"""Texts of fewer terms prove less: one rare name alone makes a high cosine. Theirs are scaled by √(terms / 40)."""
BREVITY_MAX = 0.3
"""What is shorter gets no more credit for it (see `Evidence.latest_brevity`): so few terms also prove less."""

FILE = "comparing.wasm"
COMPARED_MAX = 16
"""Stories that are compared at once."""
CASES = ("body", "title", "language")
SIGNALS = (
    "cosine", "latest", "nearest", "title", "title_single", "coverage", "familiarity", "margin", "title_margin",
    "meaning", "meaning_nearest", "meaning_margin", "latest_brevity", "linkage", "dated", "log_size", "log_smaller",
    "log_larger", "cosine_log_smaller", "gap", "lull", "distance",
)  # fmt: skip
"""Those that are known when texts, titles, directions and times are. `distance` is one contradiction, of a story that
has been silent for more than JOIN_GAP_DAYS_MAX."""
NIGHT_DAYS = 0.5
"""A night is no silence."""
SIDES_BYTES_MAX = (COMPARED_MAX + 1) * (
    18 * TERMS_KEPT_MAX + RECENT_MAX * (6 * TERMS_MAX + DIMENSIONS + 12) + 64
)  # fmt: skip
_TOLD = struct.Struct("<15d3?x2i4x2d")
_COLUMNS: Mapping[str, tuple[str, int]] = {
    "asked": ("<i8", 3), "sides": ("u1", SIDES_BYTES_MAX), "same_language": ("u1", COMPARED_MAX),
    "directions": ("u1", COMPARED_MAX * DIMENSIONS), "direction": ("u1", DIMENSIONS),
    "models": ("<f8", 2 * len(CASES) * (len(SIGNALS) + 1)), "logs": ("<f8", MEMBERS_MAX + 1),
    "told": ("u1", COMPARED_MAX * _TOLD.size),
}  # fmt: skip
"""Name → type and length, in the order of the C source."""

Models = Mapping[str, Mapping[str, float]]
"""Case → weights by signal (see `scoring`)."""


class Query(NamedTuple):
    """What is compared: one article, or a story that looks for its twin."""

    packed: bytes
    """See `live.packed`."""
    languages: frozenset[str]
    direction: bytes
    """Empty: it has none."""
    facts: Facts
    """Of the article, or of the story's latest ones."""


class Told(NamedTuple):
    """What comparing with a story tells (see `evidence.Evidence`)."""

    cosine: float
    latest: float
    nearest: float
    title: float
    title_single: float
    coverage: float
    familiarity: float
    margin: float
    title_margin: float
    meaning: float
    meaning_nearest: float
    meaning_margin: float
    latest_brevity: float
    linkage: float
    gap_days: float
    dated: bool
    same_language: bool
    with_body: bool
    size: int
    query_size: int
    span_days: float
    at_most: float
    """What the log-odds of the model are, nearly, if no facts contradict."""


class Comparing:
    """Keeps nothing between two calls but the models. Not thread-safe."""

    def __init__(self, join: Models, merge: Models) -> None:
        """Raises Fatal where this process may not run it."""
        self._compiled = Compiled(FILE, _COLUMNS)
        view = self._compiled.views
        self._asked, self._sides, self._told = view["asked"], view["sides"], view["told"]
        self._same_language, self._direction, self._directions = (
            view["same_language"], view["direction"], view["directions"],
        )  # fmt: skip
        self._compiled.columns["models"][:] = [
            weight for models in (join, merge) for case in CASES for weight in _weights(models[case])
        ]
        self._meant = [
            sum(1 << at for at, case in enumerate(CASES) if any(name.startswith("meaning") for name in models[case]))
            for models in (join, merge)
        ]
        """In which cases it counts what the two sides are about, a bit each."""
        self._compiled.columns["logs"][1:] = [math.log(size) for size in range(1, MEMBERS_MAX + 1)]

    def compare(self, query: Query, stories: Sequence[View], directions: bytes, merging: bool) -> list[Told]:
        """In the order of the stories, at most COMPARED_MAX; `directions` are theirs, of zeros if not known.

        If none is of a case in which it counts what they are about, the signals of it are 0. `merging` says which
        models are asked.
        """
        sides = b"".join((query.packed, *[story.packed for story in stories]))
        self._sides[: len(sides)] = sides
        self._same_language[: len(stories)] = bytes(
            [not query.languages.isdisjoint(story.languages) for story in stories]
        )
        if query.direction:
            self._direction[:], self._directions[: len(directions)] = query.direction, directions
        asked = self._asked
        asked[0], asked[1], asked[2] = len(stories), merging, self._meant[merging] if query.direction else 0
        self._compiled.call("compare")
        return list(map(Told._make, _TOLD.iter_unpack(self._told[: len(stories) * _TOLD.size])))


def _weights(model: Mapping[str, float]) -> list[float]:
    """In the order of SIGNALS, and the bias, which has no bound if there are others."""
    bias = math.inf if model.keys() - {*SIGNALS, "bias"} else model["bias"]
    return [*(model.get(name, 0.0) for name in SIGNALS), bias]
