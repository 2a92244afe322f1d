"""The word vectors of the package: what lies in the file, and what a text's direction is made of."""

import hashlib
from importlib.resources import files
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.domain.matching.vectors import (
    DIMENSIONS,
    FILE,
    LENGTH,
    Vectors,
    key_of,
    unit,
    vectors,
    weight_of,
)  # fmt: skip

from .wire import profile

CONTENT = files("storyline.domain.matching").joinpath(FILE).read_bytes()
SHA256 = "6e2bbdf52e7ee97518c103b14813250a8a8f95acd00c9c7a20b1551bbc7a9a2d"
"""Of the file: another file makes other directions, so that stories of before and after don't find each other."""
LANGUAGES = {"en", "zh", "es", "fr", "de", "ru", "it", "nl", "pt", "ar", "ja", "ko", "tr", "pl", "id", "ms"}


def cosine(one: bytes, other: bytes) -> float:
    mine, its = np.frombuffer(one, np.int8).astype(float), np.frombuffer(other, np.int8).astype(float)
    return float(mine @ its / np.linalg.norm(mine) / np.linalg.norm(its))


# ---- the file


def test_the_file_is_the_one_that_stories_in_redis_were_made_with() -> None:
    assert hashlib.sha256(CONTENT).hexdigest() == SHA256


def test_the_file_is_small_and_has_what_it_must() -> None:
    assert len(CONTENT) <= 10_000_000
    with np.load(BytesIO(CONTENT), allow_pickle=False) as arrays:
        keys, rows, scales, means = arrays["keys"], arrays["rows"], arrays["scales"], arrays["means"]
        assert (np.diff(keys.astype(np.int64)) > 0).all()  # sorted and distinct, as `find` needs it
        assert rows.shape == (keys.size, DIMENSIONS // 2) and rows.dtype == np.uint8
        assert scales.shape == keys.shape and scales.min() >= 1
        assert set(arrays["languages"].tolist()) == LANGUAGES
        assert means.shape == (len(LANGUAGES), DIMENSIONS)


def test_a_file_with_pickled_objects_is_refused() -> None:
    content = BytesIO()
    np.savez(content, keys=np.array([object()], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        Vectors(content.getvalue())


# ---- finding words


def test_a_word_nobody_has_a_vector_for_has_no_row() -> None:
    assert vectors().find("en", "qqzzxxy") == -1
    assert vectors().find("xx", "") == -1


@given(st.text(max_size=20), st.sampled_from(sorted(LANGUAGES | {"xx", "und"})))
def test_any_stem_of_any_language_has_one_row_or_none(stem: str, language: str) -> None:
    row = vectors().find(language, stem)
    assert row == vectors().find(language, stem)
    assert row == -1 or 0 < vectors().scale(row) <= 1


def test_a_stem_that_means_something_else_in_a_language_has_a_row_of_its_own_there() -> None:
    assert key_of("den", "fr") != key_of("den")
    english, french = vectors().find("en", "den"), vectors().find("fr", "den")
    assert -1 not in (english, french) and english != french


@given(st.floats(0, 0.5), st.floats(0, 0.5))
def test_the_rarer_a_word_the_more_it_counts(one: float, other: float) -> None:
    assert (weight_of(min(one, other)) >= weight_of(max(one, other))) and weight_of(0.0) < 70


# ---- directions


def test_no_words_no_direction() -> None:
    assert profile("Qqzzxxy", "Xxyqqz zzqxy").vector == b""


WORDS = ["harbour", "ferry", "storm", "inquiry", "mayor", "seven", "port", "engine"]


@given(st.lists(st.sampled_from(WORDS), min_size=1), st.randoms())
def test_a_direction_does_not_depend_on_the_order_of_its_words(words: list[str], dice: object) -> None:
    shuffled = list(words)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = [profile("Fire", " ".join(its)).vector for its in (words, shuffled)]
    assert first == second
    assert len(first) == DIMENSIONS


@given(st.lists(st.integers(-(10**6), 10**6), min_size=DIMENSIONS, max_size=DIMENSIONS))
def test_a_unit_vector_has_its_length_but_for_rounding_and_cutting(components: list[int]) -> None:
    vector = np.array(components, np.int64)
    length = np.linalg.norm(unit(vector).astype(float))
    assert length <= LENGTH + DIMENSIONS**0.5
    if not vector.any():
        assert length == 0


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de", "Erdbeben zerstört Krankenhaus"), ("es", "Un terremoto destruye un hospital"),
        ("fr", "Un séisme détruit un hôpital"), ("it", "Terremoto distrugge ospedale"),
        ("ru", "Землетрясение разрушило больницу"), ("ar", "زلزال يدمر مستشفى"), ("zh", "地震摧毁医院"),
        ("ja", "地震で病院が倒壊"), ("tr", "Deprem hastaneyi yıktı"), ("pl", "Trzęsienie ziemi zniszczyło szpital"),
    ],
)  # fmt: skip
def test_the_same_in_another_language_is_nearer_than_something_else(language: str, title: str) -> None:
    quake = profile("Earthquake destroys hospital").vector
    other = profile("Parliament votes on tobacco tax").vector
    there = profile(title, language=language).vector
    assert cosine(quake, there) > max(0.3, cosine(other, there) + 0.15)


def test_a_text_in_a_language_without_a_mean_still_has_a_direction() -> None:
    assert "sw" not in LANGUAGES
    assert len(profile("Obama Chelsea Google", language="sw").vector) == DIMENSIONS
