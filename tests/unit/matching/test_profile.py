"""What matching keeps of an article."""

import json
import os
import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.domain.matching import Profile, profile_of
from storyline.domain.matching.reading import SCALE, TERMS_MAX, TITLE_TERMS_MAX
from storyline.domain.matching.text import _tokens_of_any_script, tokens
from storyline.domain.matching.vectors import vectors
from storyline.domain.matching.words import WORDS_CACHED_MAX, Words, idf, term_of, words_of

from .wire import FIRE, article, profile, profiles


def terms(one: Profile) -> set[int]:
    return set(one.vector_of_terms()[0].tolist())


def test_words_are_lower_case_runs_of_letters_and_digits() -> None:
    assert tokens("Dow's 2,000-point FALL") == ["dow", "s", "2", "000", "point", "fall"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("東京で地震", ["東京", "京で", "で地", "地震"]),
        ("กรุงเทพ", ["กร", "รุ", "ุง", "งเ", "เท", "ทพ"]),
        ("서울 시장", ["서울", "시장"]),
        ("日", ["日"]),
        ("Пожар в Москве", ["пожар", "в", "москве"]),
        ("حريق في القاهرة", ["حريق", "في", "القاهرة"]),
        ("दिल्ली में आग", ["दिल्ली", "में", "आग"]),
        ("iPhone発売", ["iphone", "発売"]),
        ("ＴＯＫＹＯ", ["tokyo"]),
        ("hi\u00adtech", ["hitech"]),
    ],
)
def test_every_script_gives_its_words(text: str, found: list[str]) -> None:
    assert tokens(text) == found


def test_composed_and_decomposed_letters_give_the_same_words() -> None:
    assert (
        tokens(unicodedata.normalize("NFD", "Zürich, Đà Nẵng")) == tokens("Zürich, Đà Nẵng") == ["zürich", "đà", "nẵng"]
    )


@given(st.text(st.characters(max_codepoint=0x2100) | st.characters(), max_size=40))
def test_the_fast_way_finds_the_same_words(text: str) -> None:
    assert tokens(text) == _tokens_of_any_script(text.lower())


@given(st.text(max_size=200))
def test_no_text_gives_an_empty_word_or_one_with_spaces(text: str) -> None:
    assert all(token and not any(char.isspace() for char in token) for token in tokens(text))


def test_forms_of_a_word_are_one_term() -> None:
    assert terms(profile("Workers strike")) == terms(profile("worker strikes"))


def test_a_name_is_the_same_term_with_and_without_its_accents() -> None:
    assert terms(profile("Gaël Monfils", language="fr")) == terms(profile("Gael Monfils", language="fr"))


def test_a_name_is_the_same_term_in_two_languages() -> None:
    assert terms(profile("Fukushima", language="en")) & terms(profile("Fukushima", language="de"))


def test_a_languages_own_common_words_weigh_nothing() -> None:
    assert not terms(profile("de la los que", language="es"))
    assert not terms(profile("the of and to", language="en"))


def test_rare_words_weigh_more_than_common_ones() -> None:
    assert idf(0.0) > idf(1e-6) > idf(1e-4) > idf(1e-2) > 0


def test_weights_are_a_unit_vector_times_the_scale() -> None:
    _, weights = FIRE.vector_of_terms()
    assert abs(np.sqrt((weights**2).sum()) - SCALE) < 10


@pytest.mark.parametrize("language", ["en", "EN-gb", "zh-Hant", "xx", "und", "sr-Latn", "no", "th", "qaa"])
def test_any_language_code_gives_a_profile(language: str) -> None:
    assert profile("Storm hits Tarnova 東京", language=language).vector_of_terms()[0].size > 0


def test_an_undated_article_has_no_time() -> None:
    assert profile("Storm", hours=None).time_ms is None


def test_a_headline_alone_is_no_body() -> None:
    assert not profile("Storm hits Tarnova").has_body
    assert profile("Storm hits Tarnova", "It rained.").has_body
    assert profile_of(article("Storm hits Tarnova", summary="It rained.")).has_body


def test_without_a_headline_the_beginning_of_the_text_stands_for_it() -> None:
    assert profile("", "Storm hits Tarnova").vector_of_title()[0].size == 3


def test_the_name_of_its_site_is_no_word_of_a_headline() -> None:
    bare, named = profile("Ferry crews strike in Lindholm"), profile("Ferry crews strike in Lindholm | Example Wire")
    assert terms(bare) == terms(named)


def test_of_a_body_of_a_million_characters_only_the_beginning_is_read() -> None:
    assert profile("Storm", "word42 tarnova " * 66_000) == profile("Storm", "word42 tarnova " * 300)


def test_terms_kept_are_bounded() -> None:
    one = profile(" ".join(f"name{n}" for n in range(60)), " ".join(f"word{n}" for n in range(900)))
    assert one.vector_of_terms()[0].size == TERMS_MAX
    assert one.vector_of_title()[0].size == TITLE_TERMS_MAX


def test_a_text_without_any_word_has_an_empty_profile() -> None:
    one = profile("!!!", "…")
    assert one.vector_of_terms()[0].size == 0
    assert Profile.from_bytes(one.to_bytes()) == one


@given(profiles())
def test_a_profile_survives_bytes_and_json(one: Profile) -> None:
    assert Profile.from_bytes(one.to_bytes()) == one
    assert Profile.from_json(json.loads(json.dumps(one.to_json()))) == one


def test_a_profile_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 99"):
        Profile.from_bytes(b"\x91\x63")


def test_a_words_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storyline.domain.matching.words.WORDS_CACHED_MAX", 100)
    words = Words("en")
    common = words._reading.words
    for n in range(1_000):
        words.look_up([f"word{n}"])
    assert common <= words._reading.words <= common + 100 < common + WORDS_CACHED_MAX


def test_what_a_process_has_read_before_changes_no_profile() -> None:
    """Nor do two words that share a term number: each has its own vector."""
    stems = sorted(words_of("en")._frequencies)
    by_term: dict[int, str] = {}
    pairs = ((by_term.setdefault(term_of(stem), stem), stem) for stem in stems if vectors().find("en", stem) >= 0)
    one, other = next((one, other) for one, other in pairs if one != other)
    texts = [profile("Storm", one), profile("Storm", other), profile("Storm", one)]
    words_of("en")._forget()
    assert texts[0] == texts[2] != texts[1] == profile("Storm", other)


def test_unknown_languages_share_one_set_of_words() -> None:
    assert words_of("qaa") is words_of("xx-YY") is words_of("und")


def test_terms_are_numbers_below_the_bound() -> None:
    assert all(0 <= term_of(word) < 1 << 20 for word in ("", "a", "東京", "x" * 1_000))


def test_profiles_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "from tests.unit.matching.wire import FIRE, profile;"
        "other = profile('東京で地震 kills 14', 'Ünglück in Tarnova', language='de');"
        "print(FIRE.to_bytes().hex(), other.to_bytes().hex())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1
