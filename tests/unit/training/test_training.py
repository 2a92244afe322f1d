"""What matching brings along can be learned again: the scorer's weights, and the word vectors."""

import numpy as np
import pytest

from storyline.domain.matching.evidence import Evidence
from storyline.domain.matching.scoring import JOIN, MERGE
from storyline.domain.matching.vectors import DIMENSIONS, Vectors
from storyline.evaluate.protocol import StreamEngine, in_order, run
from storyline.training import vectors as distilling
from storyline.training.scorer import (
    EXCERPT_WORDS,
    NEVER_AGAINST,
    NEVER_FOR,
    ORDER,
    SHORT_BODY_CHARS,
    School,
    learn,
    logistic_regression,
    stream,
    variants,
)  # fmt: skip
from storyline.training.vectors import Stem, packed, rows_of, shared, stems_of

EVENTS = (
    "ferry strike over pay",
    "warehouse fire kills workers",
    "glacier loses metres of ice",
    "museum buys painting",
)
ROWS = [
    {
        "id": f"{event}-{place}-{n}", "story": f"{event} {place}", "lang": "en",
        "title": f"{place} {event}",
        "body": f"In {place} {event}, report {n} said. "
        + " ".join(f"{place}{event[:4]}w{k}" for k in range(40)),
        "published_at": f"2026-02-{1 + n:02}T10:00:00Z",
    }
    for event in EVENTS
    for place in ("Tarnova", "Lindholm", "Kisel")
    for n in range(3)
]  # fmt: skip
"""Invented."""


# ---- the scorer


def test_variants_are_harder_and_keep_their_labels() -> None:
    made = variants(ROWS, 1)
    assert made.keys() == {"full", "undated", "thinned", "titles", "short", "excerpts", "untitled"}
    assert all(row["published_at"] is None for row in made["undated"])
    assert all(not row["body"] for row in made["titles"]) and all(not row["title"] for row in made["untitled"])
    assert all(len(row["body"]) <= SHORT_BODY_CHARS for row in made["short"])
    assert all(len(row["body"].split()) <= EXCERPT_WORDS for row in made["excerpts"])
    assert 0 < len(made["thinned"]) < len(ROWS)
    assert variants(ROWS, 1) == made != variants(ROWS, 2)


def test_regression_keeps_the_signs_and_finds_what_is_there() -> None:
    dice = np.random.default_rng(1)
    signals = dice.normal(size=(400, 3))
    right = (2 * signals[:, 0] - signals[:, 1] + 1 > 0).astype(float)
    names = ["cosine", "gap", "title"]
    cosine, gap, title, bias = logistic_regression(names, signals, right, np.full(400, 1 / 400))
    assert cosine > 0 > gap and bias > 0 and cosine > 3 * title >= 0
    turned = logistic_regression(names, -signals, right, np.full(400, 1 / 400))
    assert turned[0] == turned[2] == 0.0 and turned[1] == 0.0  # against what is allowed: left out


def test_the_weights_in_use_keep_the_signs() -> None:
    for models in (JOIN, MERGE):
        for weights in models.values():
            assert all(weight >= 0 for name, weight in weights.items() if name in NEVER_AGAINST)
            assert all(weight <= 0 for name, weight in weights.items() if name in NEVER_FOR)
            assert all(hasattr(Evidence, name) or name in Evidence.__slots__ for name in weights if name != "bias")


def test_learning_gives_each_case_its_signals_and_a_case_without_examples_its_own_weights() -> None:
    school = School({"invented": ROWS}, lambda text: None)
    join, merge = school.taught(rounds=1)
    assert {case: list(weights) for case, weights in join.items()} == {case: list(its) for case, its in JOIN.items()}
    assert join["language"] == dict(JOIN["language"])
    assert learn([], MERGE, "merge") == {case: dict(weights) for case, weights in MERGE.items()}
    assert school.measured("invented", join, merge, orders=(1,)) > 0.8
    assert school.taught(rounds=1) == (join, merge)


def test_the_school_streams_as_the_engine_does() -> None:
    school = School({"invented": ROWS}, lambda text: None)
    stories = stream(school.streams["invented", "full"], JOIN, MERGE, None)
    by_engine = run(in_order(ROWS, ORDER), StreamEngine()).found
    assert len(stories) == len(ROWS)
    assert [stories.index(one) for one in stories] == [by_engine.index(one) for one in by_engine]


# ---- the word vectors


class FakeEncoder:
    """Stands for the encoder: a fixed vector for each word."""

    @staticmethod
    def rows(words: list[str], size: int = 160) -> np.ndarray:
        return np.array([np.random.default_rng(sum(map(ord, word))).normal(size=size) for word in words], np.float32)


@pytest.fixture
def stems(monkeypatch: pytest.MonkeyPatch) -> list[Stem]:
    monkeypatch.setattr(distilling, "encoded", lambda words, cache: FakeEncoder.rows(list(words)))
    return [*stems_of("en", 150), *stems_of("de", 150)]


def test_stems_are_the_commonest_first_with_at_most_two_forms() -> None:
    found = stems_of("en", 50)
    assert len(found) == 50
    assert [one.frequency for one in found] == sorted((one.frequency for one in found), reverse=True)
    assert all(1 <= len(one.forms) <= distilling.FORMS and not one.stem.isdigit() for one in found)


def test_what_is_packed_is_what_the_package_reads(stems: list[Stem], tmp_path) -> None:  # type: ignore[no-untyped-def]
    rows = rows_of(stems, None)
    assert rows.shape == (len(stems), DIMENSIONS)
    arrays = packed(stems, rows)
    file = tmp_path / "vectors.npz"
    np.savez(file, **arrays)
    made = Vectors(file.read_bytes())
    at = [made.find(one.language, one.stem) for one in stems]
    assert -1 not in at
    assert len(made.row(at[0])) == DIMENSIONS // 2


def test_packing_is_the_same_every_time(stems: list[Stem]) -> None:
    first, second = packed(stems, rows_of(stems, None)), packed(stems, rows_of(stems, None))
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_a_stem_that_means_alike_in_two_languages_is_one_row_and_else_two() -> None:
    stems = [Stem("en", "hotel", 1e-5, ()), Stem("de", "hotel", 1e-5, ()), Stem("en", "gift", 1e-5, ()),
             Stem("de", "gift", 1e-5, ())]  # fmt: skip
    rows = np.zeros((4, DIMENSIONS), np.float32)
    rows[0, 0] = rows[1, 0] = rows[2, 1] = 1.0
    rows[3, 2] = 1.0
    keys, together = shared(stems, rows)
    assert len(keys) == len(together) == 3
