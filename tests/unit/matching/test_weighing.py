"""What many live stories carry says less of an article that is placed among them."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.domain.matching import Index, Profile
from storyline.domain.matching.reading import RARITY_SCALE, SCALE
from storyline.domain.matching.weighing import LIVE_DOCUMENTS, weighed
from storyline.domain.matching.words import DOCUMENTS, idf, term_of

from .wire import FIRE, FIRE_AGAIN, STRIKE, fed, profile, profiles

VELMARA = [
    profile("Velmara raises duty on tea", "Velmara's parliament put a duty on leaf tea from the southern islands."),
    profile("Coach of Velmara resigns", "The coach who led Velmara's rowers to two medals has left after a quarrel."),
    profile("Glacier above Velmara shrinks", "Surveyors in Velmara measured the glacier and found a third of it gone."),
]
QUAKE = profile("Quake shakes Velmara", "An earthquake shook Velmara. Karsund, its port, lies in rubble.")


def of_velmara() -> Index:
    """Three stories of one country, whose name no list of words has."""
    index = Index()
    for n, one in enumerate(VELMARA, 1):
        index.join(f"story-{n}", f"urn:test:{n}", one, n)
    return index


def weight_of(one: Profile, stem: str) -> float:
    """The share of a term in a profile's length."""
    terms, weights = one.vector_of_terms()
    by_term = dict(zip(terms.tolist(), weights.tolist(), strict=True))
    return float(by_term[term_of(stem)] / math.sqrt(sum(weight * weight for weight in by_term.values())))


def test_a_name_that_many_stories_carry_says_less_and_what_only_one_has_more() -> None:
    index = of_velmara()
    placed = index.weighed(QUAKE)
    assert weight_of(placed, "velmara") < 0.9 * weight_of(QUAKE, "velmara")
    assert weight_of(placed, "karsund") > weight_of(QUAKE, "karsund")


def test_the_next_report_of_the_only_story_is_what_it_was() -> None:
    index, _ = fed([FIRE, STRIKE])
    assert index.weighed(FIRE_AGAIN) == FIRE_AGAIN


def test_a_common_word_that_comes_as_often_as_it_does_anywhere_stays_as_it_was() -> None:
    rarity = 3.0
    expected = (DOCUMENTS + 1) / math.exp(rarity)
    stories = 10 * DOCUMENTS
    carried = round(expected / DOCUMENTS * stories)
    one = replace(
        FIRE, terms=FIRE.terms[:8], weights=FIRE.weights[:4], rarities=bytes([round(rarity * RARITY_SCALE)] * 2)
    )
    (kept, other), before = weighed(one, [carried, 0], stories).vector_of_terms()[1], one.vector_of_terms()[1]
    assert kept / other == pytest.approx(before[0] / before[1], rel=0.02)


def test_a_term_keeps_what_the_formula_says_of_its_idf() -> None:
    rarity = round(idf(0.0) * RARITY_SCALE)
    one = replace(FIRE, terms=FIRE.terms[:8], weights=FIRE.weights[:4], rarities=bytes([rarity] * 2))
    (sunk, other), before = weighed(one, [30, 1], 1_000).vector_of_terms()[1], one.vector_of_terms()[1]
    among = math.log((DOCUMENTS + 1 + LIVE_DOCUMENTS * 1_000) / (0.5 + LIVE_DOCUMENTS * 29))
    assert sunk / other == pytest.approx(before[0] / before[1] * among / idf(0.0), rel=0.01)


def test_what_was_weighed_is_not_weighed_again_and_is_packed_without_what_that_takes() -> None:
    index = of_velmara()
    placed = index.weighed(QUAKE)
    assert index.weighed(placed) is placed
    assert Profile.from_bytes(placed.to_bytes()) == placed
    assert not Profile.from_bytes(QUAKE.to_bytes()).rarities
    assert index.weighed(replace(QUAKE, terms=b"", weights=b"", rarities=b"")).terms == b""


@given(st.lists(profiles(), max_size=8), profiles())
def test_weights_are_a_unit_vector_of_the_same_terms(stream: list[Profile], one: Profile) -> None:
    index, _ = fed(stream)
    placed = index.weighed(one)
    _, weights = placed.vector_of_terms()
    assert placed.terms == one.terms and (placed.title_terms, placed.title_weights) == (
        one.title_terms,
        one.title_weights,
    )
    assert weights.min(initial=1) >= 1
    assert abs(math.sqrt(float(weights @ weights)) - SCALE) < len(weights) + 1 or not weights.size


def test_an_empty_index_leaves_everything_as_it_is() -> None:
    assert Index().weighed(FIRE) == FIRE
