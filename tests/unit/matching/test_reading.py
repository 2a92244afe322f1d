"""What is compiled reads a text as plain Python would."""

import importlib.util
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wasmtime import Trap

from storyline.domain.matching import reading
from storyline.domain.matching.profile import _parts
from storyline.domain.matching.reading import (
    COUNT_MAX,
    LEAD_COUNT,
    RARE_MIN,
    RARITY_SCALE,
    SCALE,
    SEVERAL_RARE_MIN,
    TERMS_MAX,
    TITLE_COUNT,
    TITLE_RARE_MIN,
    TITLE_TERMS_MAX,
    Read,
)
from storyline.domain.matching.text import parted, tokens
from storyline.domain.matching.vectors import DIMENSIONS, MEAN_SCALE, WEIGHT_MAX, unit, vectors, weight_of
from storyline.domain.matching.words import NOTHING, Words, idf, says_something, stem_of, term_of, words_of
from storyline.training.compiling import compiled

SOURCES = sorted(Path(reading.__file__).parent.glob("*.c"))

# Common and rare words, words of one stem, words that share a term ("zpwq" and "xlad"), of other scripts, and none.
some_words = st.sampled_from(
    ["fire", "fires", "the", "harbour", "harbours", "Solmar", "ferry", "sank", "Tarnova", "x", "12", "1912", "émeute",
     "пожар", "東京で", "obfuscate", "harbourmaster", "quay", "tugboat", "lifeboats", "bollard", "capstan"]
) | st.text(max_size=8)  # fmt: skip
texts = st.lists(some_words, max_size=60).map(" ".join)


def damped(count: int) -> float:
    return 1 + math.log(count / 2)


def direction(language: str, counts: Counter[str], words: Words) -> bytes:
    its = [
        (weight, row)
        for stem, count in counts.items()
        for weight, row in [weighed(language, stem, count, words)]
        if row >= 0
    ]
    if not its:
        return b""
    scale = WEIGHT_MAX / max(weight for weight, _ in its)
    total, sum_of_all = np.zeros(DIMENSIONS, np.int64), 0
    for weight, row in its:
        packed, whole = np.frombuffer(vectors().row(row), np.uint8).astype(np.int64), round(weight * scale)
        total += whole * (np.concatenate((packed & 15, packed >> 4)) - 8)
        sum_of_all += whole
    mean = vectors().mean(language)
    return unit(total if mean is None else total * MEAN_SCALE - sum_of_all * mean).tobytes()


def weighed(language: str, stem: str, count: int, words: Words) -> tuple[float, int]:
    row = vectors().find(language, stem)
    if row < 0:
        return 0.0, row
    return weight_of(words._frequencies.get(stem, 0.0)) * vectors().scale(row) * damped(count), row


def heaviest(weights: dict[int, float], most: int) -> tuple[bytes, bytes]:
    top = sorted(weights, key=lambda term: (-weights[term], term))[:most]
    norm = math.sqrt(math.fsum(weights[term] ** 2 for term in top))
    scaled = [round(weights[term] * SCALE / norm) for term in top]
    return np.array(top, "<u4").tobytes(), np.array(scaled, "<u2").tobytes()


def read_slowly(language: str, title: str, lead: str, rest: str) -> Read:
    words = words_of(language)
    known = {stem: idf(words._frequencies.get(stem, 0.0)) for stem in stems(words, f"{title} {lead} {rest}")}
    rarity = {stem: one for stem, one in known.items() if one >= 0.7}
    counts: Counter[str] = Counter()
    for text, halves in ((rest, 1), (lead, LEAD_COUNT), (title, TITLE_COUNT)):
        for stem in stems(words, text):
            if stem in rarity:
                counts[stem] = counts[stem] + halves
    counts = Counter({stem: min(count, COUNT_MAX) for stem, count in counts.items()})
    together: Counter[int] = Counter()
    of_term = {term_of(stem): rarity[stem] for stem in counts}
    for stem, count in counts.items():
        together[term_of(stem)] = min(together[term_of(stem)] + count, COUNT_MAX)
    weights = {term: damped(count) * of_term[term] for term, count in together.items()}
    titled = dict(sorted({(term_of(stem), rarity[stem]) for stem in stems(words, title) if stem in rarity}))
    rare = [count for stem, count in counts.items() if rarity[stem] >= RARE_MIN]
    in_text = [stem for stem in stems(words, title) if stem in rarity and rarity[stem] >= TITLE_RARE_MIN]
    of_several = (
        bool(tokens(title)) and len(rare) >= SEVERAL_RARE_MIN and set(rare) <= {1, LEAD_COUNT, TITLE_COUNT}
        and all(counts[stem] <= TITLE_COUNT for stem in in_text)
    )  # fmt: skip
    terms, scaled = heaviest(weights, TERMS_MAX)
    rarities = bytes(round(of_term[term] * RARITY_SCALE) for term in np.frombuffer(terms, "<u4").tolist())
    return Read(
        len(weights), terms, scaled, rarities, *heaviest(titled, TITLE_TERMS_MAX),
        direction(language, counts, words), of_several,
    )  # fmt: skip


def stems(words: Words, text: str) -> list[str]:
    return [stem_of(word, words._stemmer) for word in tokens(text) if says_something(word)]


@settings(max_examples=200)
@given(st.sampled_from(["en", "fr", "ja", "und"]), texts, texts, texts)
def test_a_text_is_read_as_plain_python_reads_it(language: str, title: str, lead: str, rest: str) -> None:
    found = words_of(language).read([parted(rest), parted(lead), parted(title), b""])
    assert found == read_slowly(language, title, lead, rest)


def test_where_there_is_no_title_the_beginning_stands_for_it() -> None:
    words, text = words_of("en"), "Ferry sank off Tarnova"
    without = words.read(_parts(b" ", text)).title_terms
    assert without == words.read(_parts(parted(text), "")).title_terms != b""


def test_a_word_cut_where_it_is_too_long_is_the_same_as_its_beginning() -> None:
    words = words_of("en")
    found = words.look_up(["a" * 40, "a" * 50, "д" * 40, "д" * 300])
    assert found[0] == found[1] and found[2] == found[3]


def test_words_that_share_a_term_are_one_word() -> None:
    stems_by_term: dict[int, str] = {}
    words = words_of("en")
    one, other = next(
        (before, stem)
        for stem in sorted(words._frequencies)
        if stem.isascii() and stem_of(stem, words._stemmer) == stem and len(stem) > 3
        and (before := stems_by_term.setdefault(term_of(stem), stem)) != stem
    )  # fmt: skip
    found = words.read([parted(f"{one} {other}"), b" ", b" ", b" "])
    assert (found.length, found.terms) == (1, np.array([term_of(other)], "<u4").tobytes())


@pytest.mark.parametrize("char", ["ﷺ", "㌖", "\U0001d165", "\U00020000", "é"])  # one becomes 18 characters, one 6 pairs
def test_what_becomes_longer_than_anything_else_still_fits(char: str) -> None:
    assert words_of("en").read(_parts(parted(char * 400), char * 3_000)).length > 0 or char == "\U0001d165"
    assert len(words_of("en").look_up([char * 100_000] * 1_500)) == 1_500


def test_words_of_no_number_are_nothing() -> None:
    assert words_of("en").look_up(["the", "x", "12"]) == [None, None, None]
    assert NOTHING == 0


@pytest.mark.skipif(importlib.util.find_spec("ziglang") is None, reason="needs the compiler: pip install '.[checks]'")
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_what_is_shipped_is_what_the_source_compiles_to(source: Path, tmp_path: Path) -> None:
    compiled(source, tmp_path / "compiled.wasm")
    assert (tmp_path / "compiled.wasm").read_bytes() == source.with_suffix(".wasm").read_bytes()


# ---- what is remembered


def unlisted(first: int, size: int) -> list[str]:
    """Words that no list has, and no stemmer changes."""
    return [f"q{n}q" for n in range(first, first + size)]


def test_more_stems_than_there_is_room_for_are_forgotten_and_learned_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    words, few = Words("en"), unlisted(0, 1_000)
    room = words._size + 1_500
    monkeypatch.setattr("storyline.domain.matching.words.WORDS_MAX", room)
    found = []
    for first in range(0, 4_000, 1_000):
        found.append(words.look_up(unlisted(first, 1_000)))
        assert words._size <= room
    assert all(None not in each for each in found)
    assert words.look_up(few) == found[0]


def test_long_words_that_fill_the_memory_of_their_bytes_are_forgotten_and_learned_anew() -> None:
    words = Words("und")
    long = [f"{n:06}{'д' * 34}" for n in range(0, 190_000)]
    assert words.look_up(long[:10]) == [*words.look_up(long), *words.look_up(long[:10])][-10:]


def test_a_text_that_could_not_be_read_to_its_end_leaves_nothing_in_the_next() -> None:
    words, text = Words("en"), parted("Ferry sank off Tarnova, the ferry of Solmar")
    before = words.read([text, b" ", b" ", b" "])
    assert words._reading.numbers(parted("qxqxq")) is None
    words._reading.learn([1 << 25], range(0))  # no such stem, and no memory where it would lie
    assert words._reading.numbers(parted("qxqxq")) == [1 << 25]
    with pytest.raises(Trap):
        words.read([text, b" ", parted("qxqxq"), b" "])
    assert words.read([text, b" ", b" ", b" "]) == before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere addresses can't be bounded")
def test_where_what_reads_texts_may_not_run_the_service_ends_and_no_article_is_a_dead_letter() -> None:
    script = (
        "import resource; from storyline.domain.matching.compiled import check; check();"
        "resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30)); check()"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "storyline.errors.Fatal: texts can't be read or compared" in ended.stderr
    assert "ignored" not in ended.stderr


@pytest.mark.parametrize("ends", ["", "; raise SystemExit(0)", "; import gc; del one; gc.collect()"])
def test_a_process_that_has_read_ends_without_a_word(ends: str) -> None:
    script = f"from storyline.domain.matching.words import Words; one = Words('xx'); kept = [one]; kept += [kept]{ends}"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
