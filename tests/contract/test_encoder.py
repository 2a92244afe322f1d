"""What matching asks of an encoder: word vectors and a sentence encoder alike.

The sentence encoder stands on a model with the interface of `SentenceTransformer.encode`, so that neither torch nor a
model is needed; with the extra `encoder` and STORYLINE_TEST_ENCODER naming a folder the same suite runs on a real one.
"""

import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import msgpack
import numpy as np
import pytest

from storyline.domain.matching import Encoder, Index, Profile, profile_of, without_others_direction
from storyline.domain.matching.meaning import ENCODED_CHARS, WordVectors
from storyline.domain.matching.text import tokens
from storyline.domain.matching.vectors import DIMENSIONS, LENGTH
from storyline.domain.ports import Assignment
from storyline.errors import Fatal
from storyline.infra.sentence_encoder import SentenceEncoder, load_encoder
from storyline.rebuild.decisions import SpaceDecisions

from ..unit.matching.wire import article

MEANINGS = {
    "quake": "erdbeben",
    "strike": "streik",
    "ferry": "fähre",
    "hospital": "krankenhaus",
    "election": "wahl",
    "fire": "feuer",
}
_GERMAN = {german: english for english, german in MEANINGS.items()}


class Bag:
    """A model: the sum of a fixed random vector for each word, German words having their English word's."""

    def __init__(self, size: int = 384) -> None:
        self.size = size
        self.asked: list[str] = []

    def encode(self, sentences: Sequence[str], *, show_progress_bar: bool, convert_to_numpy: bool) -> Any:
        assert convert_to_numpy and not show_progress_bar
        self.asked += sentences
        return np.array([self._one(text) for text in sentences], np.float32)

    def _one(self, text: str) -> Any:
        words = [zlib.crc32(_GERMAN.get(word, word).encode("utf-8", "surrogatepass")) for word in tokens(text)]
        total = sum((np.random.default_rng(word).normal(size=self.size) for word in words), np.zeros(self.size))
        return total / (np.linalg.norm(total) or 1.0)


def _makers() -> dict[str, Callable[[], Encoder]]:
    makers: dict[str, Callable[[], Encoder]] = {
        "words": WordVectors,
        "sentences": lambda: load_encoder("a folder", lambda name: Bag()),
        "sentences of the index's own size": lambda: SentenceEncoder(Bag(DIMENSIONS)),
    }
    if folder := os.environ.get("STORYLINE_TEST_ENCODER"):
        makers["a real model"] = lambda: load_encoder(folder)
    return makers


@pytest.fixture(params=_makers())
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return _makers()[request.param]()


def cosine(one: bytes, other: bytes) -> float:
    mine, its = np.frombuffer(one, np.int8).astype(float), np.frombuffer(other, np.int8).astype(float)
    return float(mine @ its / np.linalg.norm(mine) / np.linalg.norm(its))


def test_a_direction_has_the_indexs_dimensions_and_length(encoder: Encoder) -> None:
    direction = np.frombuffer(encoder.direction("en", "Ferry strike", "The hospital quake election."), np.int8)
    assert direction.size == DIMENSIONS
    assert abs(np.linalg.norm(direction.astype(float)) - LENGTH) < LENGTH / 10


def test_the_same_text_gives_the_same_bytes(encoder: Encoder) -> None:
    first = encoder.direction("en", "Ferry strike", "The hospital")
    encoder.direction("de", "Wahl", "")
    assert encoder.direction("en", "Ferry strike", "The hospital") == first


def test_another_language_of_the_same_is_nearer_than_something_else(encoder: Encoder) -> None:
    english = encoder.direction("en", "hospital fire", "election")
    german = encoder.direction("de", "Krankenhaus Feuer", "Wahl")
    other = encoder.direction("de", "Erdbeben Streik", "")
    assert cosine(english, german) > 0.6
    assert cosine(english, german) > cosine(english, other) + 0.2


@pytest.mark.parametrize("text", ["", "!!!", "…", " \n"])
def test_a_text_that_says_nothing_has_no_direction(encoder: Encoder, text: str) -> None:
    assert encoder.direction("en", text, text) == b""


@pytest.mark.parametrize("language", ["en", "und", "xx-YY", "zh"])
def test_any_text_of_any_language_is_taken(encoder: Encoder, language: str) -> None:
    for text in ("\udc80 half a character", "word " * 100_000, "a\x00b", "東京で地震"):
        assert len(encoder.direction(language, text, text)) in (0, DIMENSIONS)


def test_of_a_long_text_only_the_beginning_is_read(encoder: Encoder) -> None:
    long = "quake " * (ENCODED_CHARS // 6) + "x" * 10
    assert encoder.direction("en", "t", long + " strike" * 1_000_000) == encoder.direction(
        "en", "t", long[:ENCODED_CHARS]
    )


def test_articles_in_two_languages_are_found_by_it_alone(encoder: Encoder) -> None:
    index = Index()
    for n, words in enumerate(("hospital fire", "strike", "quake ferry")):
        index.join(f"s{n}", f"urn:test:{n}", profile_of(article(words, words), encoder), n)
    german = profile_of(article("Krankenhaus Feuer", "Krankenhaus Feuer", language="de"), encoder)
    candidates = {each.story_id: each.meaning for each in index.candidates(german)}
    assert max(candidates, key=lambda story: candidates[story]) == "s0"


def test_word_vectors_say_what_a_profile_has_without_an_encoder() -> None:
    one = article("Ferry strike", "The hospital quake election.", language="en")
    assert profile_of(one, WordVectors()) == profile_of(one)


# ---- loading


def test_without_the_library_the_error_names_the_extra_and_the_setting() -> None:
    def absent(name: str) -> Bag:
        raise ImportError("No module named 'sentence_transformers'")

    with pytest.raises(Fatal, match=r"STORYLINE_MATCHER_ENCODER.*install storyline\[encoder\]"):
        load_encoder("some-model", absent)


@pytest.mark.parametrize("problem", [OSError("no such file\nmore"), ValueError("Path models/x not found")])
def test_a_missing_model_is_named_and_nothing_is_downloaded(problem: Exception) -> None:
    def absent(name: str) -> Bag:
        raise problem

    with pytest.raises(Fatal, match="no model 'models/x' on this machine, nothing is downloaded"):
        load_encoder("models/x", absent)


def test_what_a_model_gives_that_is_no_number_counts_as_nothing() -> None:
    class Broken(Bag):
        def _one(self, text: str) -> Any:
            return np.full(self.size, np.nan)

    assert SentenceEncoder(Broken()).direction("en", "Ferry", "strike") == b""


# ---- whose directions they are


def test_a_profile_says_whose_direction_it_has(encoder: Encoder) -> None:
    one = profile_of(article("Ferry strike", "The hospital quake election."), encoder)
    assert one.encoder == encoder.name
    assert Profile.from_bytes(one.to_bytes()) == one
    assert without_others_direction(one, encoder.name) is one
    other = without_others_direction(one, "another model")
    assert (other.vector, other.terms) == (b"", one.terms)


def test_empty_fields_at_the_end_take_no_byte() -> None:
    one = replace(profile_of(article("Ferry strike", "The hospital quake election.")), sent=b"")
    assert one.encoder == "" and len(msgpack.unpackb(one.to_bytes())) == len(Profile.__slots__) - 2
    assert one.rarities != b""  # which isn't packed at all


@pytest.mark.parametrize("folder", ["e5-small", "/opt/models/e5-small", "/srv/e5-small/", "C:\\models\\e5-small"])
def test_a_model_has_one_name_wherever_it_lies(folder: str) -> None:
    assert load_encoder(folder, lambda name: Bag()).name == "e5-small"


def test_a_rebuild_lets_go_what_another_encoder_said() -> None:
    def assigned(uri: str, profile: Profile | None) -> Assignment:
        packed = None if profile is None else profile.to_bytes()
        return Assignment(uri, "st-1", 1, (0, 1), True, False, 1.0, None, None, "new", 1, packed)

    mine = profile_of(article("Ferry strike", "The hospital."), load_encoder("models/e5-small", lambda name: Bag()))
    theirs = profile_of(article("Ferry strike", "The hospital."))
    decisions = SpaceDecisions("world")
    decisions.assignments = {uri: assigned(uri, one) for uri, one in (("a", mine), ("b", theirs), ("c", None))}
    decisions.let_go_directions("e5-small")
    kept, stripped, gone = (each.profile for each in decisions.assignments.values())
    assert kept == mine.to_bytes() and gone is None
    assert stripped is not None and Profile.from_bytes(stripped).vector == b"" != theirs.vector
