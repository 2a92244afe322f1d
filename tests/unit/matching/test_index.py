"""Where articles go, what the index keeps, and that neither order nor machine matters."""

import gc
import math
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from itertools import count

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.domain.matching import Index, Profile
from storyline.domain.matching.comparing import BREVITY_MAX
from storyline.domain.matching.index import grows_past_check
from storyline.domain.matching.live import MEMBERS_MAX, RECENT_MAX, TERMS_KEPT_MAX, Live, TitleSums, pack
from storyline.domain.matching.reading import SCALE
from storyline.domain.matching.scoring import Scorer

from .wire import FIRE, FIRE_AGAIN, STRIKE, fed, profile, profiles, story_ids, streams


def test_the_first_article_opens_a_story() -> None:
    decision = Index().decide(FIRE)
    assert (decision.story_id, decision.method, decision.runner_up) == (None, "new", None)


def test_a_second_report_of_an_event_joins_its_story() -> None:
    index, _ = fed([FIRE, STRIKE])
    decision = index.decide(FIRE_AGAIN)
    assert decision.story_id == "story-1"
    assert decision.method == "body"
    assert decision.score > 0.9


def test_another_event_opens_another_story() -> None:
    _, placed = fed([FIRE, STRIKE])
    assert placed == ["story-1", "story-2"]


LISBON_FIRE = profile(
    "Warehouse fire in Lisbon kills three",
    "A fire in a textile warehouse in Lisbon killed three workers on Sunday, the fire brigade said. "
    "Flames spread through the depot of the Velmar company before dawn. The mayor spoke of a black day.",
)


def test_a_doubtful_article_names_the_story_it_did_not_join() -> None:
    index, _ = fed([LISBON_FIRE])
    decision = index.decide(
        profile(
            "Council debates a budget without swimming pools",
            "The mayor of Lisbon presented a budget on Monday that cuts spending on libraries, swimming pools and "
            "street lights, as falling revenue from the harbour tax leaves a gap of nine million euros.",
        )
    )
    assert decision.story_id is None
    assert decision.runner_up == "story-1"
    assert decision.score == pytest.approx(1 - (decision.runner_up_score or 0))


def test_a_pair_that_was_doubtful_is_looked_at_again_as_the_stories_grow() -> None:
    """The first reports of the two sides share too little; once both have grown, they turn out to be one."""
    index = Index()
    index.join("older", "urn:test:1", FIRE, 1)
    index.join("younger", "urn:test:2", STRIKE, 2)
    assert index.merge_for("younger") is None
    index.join("younger", "urn:test:3", FIRE_AGAIN, 3)
    doubtful = index.merge_for("younger")
    index.join("younger", "urn:test:4", FIRE_AGAIN, 4)
    index.join("younger", "urn:test:5", FIRE_AGAIN, 5)
    merge = doubtful or index.merge_for("younger")
    assert merge is not None
    assert (merge.loser, merge.winner) == ("younger", "older")
    assert merge.score >= 0.5 and "share words" in merge.reason


def test_a_merge_across_languages_says_that_it_goes_by_meaning() -> None:
    fire = profile(
        "Brand in Lagerhaus in Tarnova tötet drei Arbeiter",
        "Ein Brand in einem Textillager in Tarnova hat am Sonntag drei Arbeiter getötet, teilte die Feuerwehr mit. "
        "Flammen zerstörten das Lager der Firma Velmar. Der Bürgermeister von Tarnova sprach von einem schwarzen Tag.",
        language="de",
    )
    index = Index()
    for n, (story, told) in enumerate([("en", FIRE), ("en", FIRE_AGAIN), ("de", fire), ("de", fire)], 1):
        index.join(story, f"urn:test:{n}", told, n)
    merge = index.merge_for("de")
    assert merge is not None
    assert "meaning" in merge.reason and "share words" not in merge.reason


def test_bare_titles_match_each_other() -> None:
    index, _ = fed([profile("Warehouse fire in Tarnova kills three workers")])
    decision = index.decide(profile("Three workers killed in Tarnova warehouse fire", hours=1))
    assert (decision.story_id, decision.method) == ("story-1", "title")


def test_a_like_event_a_year_later_is_another_story() -> None:
    later = profile(
        "Fire in Lisbon warehouse destroys furniture",
        "A fire destroyed a furniture warehouse in Lisbon on Monday, the fire brigade said. Nobody was hurt in the "
        "blaze at the depot of the Osler company, which broke out in a delivery van.",
        hours=24 * 365,
    )
    index, _ = fed([LISBON_FIRE])
    assert index.decide(later).story_id is None


def test_an_undated_article_is_matched_by_its_words_alone() -> None:
    undated = profile(
        "Tarnova mourns warehouse workers", "The Velmar warehouse fire killed textile workers.", hours=None
    )
    index, _ = fed([FIRE])
    assert index.decide(undated).story_id == "story-1"


def test_articles_in_scripts_without_spaces_match() -> None:
    first = profile(
        "東京で大規模な停電", "東京電力によると、変電所の火災で東京都心の広い範囲が停電した。", language="ja"
    )
    second = profile(
        "東京の停電、復旧進む", "変電所の火災による東京都心の停電は、東京電力によると復旧が進んだ。", language="ja"
    )
    index, _ = fed([first, STRIKE])
    assert index.decide(second).story_id == "story-1"


def test_short_texts_need_fewer_words_in_common_than_long_ones_but_not_ever_fewer() -> None:
    index, _ = fed([FIRE])
    [found] = index.candidates(FIRE_AGAIN)
    assert found.latest_brevity == BREVITY_MAX * found.latest
    few_shared = replace(found, latest=0.1, cosine=0.1, margin=0.04, coverage=0.5, gap_days=0.0)
    short, long = (
        Scorer().join(replace(few_shared, latest_brevity=share * few_shared.latest))[0] for share in (BREVITY_MAX, 0.0)
    )
    assert short > 0.5 > long


def test_between_bare_titles_brevity_says_nothing() -> None:
    index, _ = fed([profile("Ferry crews in Lindholm strike over pay")])
    [found] = index.candidates(profile("Crews of ferries strike in Lindholm"))
    assert found.latest_brevity == 0


def test_names_and_numbers_match_across_languages() -> None:
    german = profile(
        "Lagerhausbrand in Tarnova: drei Tote", "Bei einem Brand bei Velmar in Tarnova starben drei Menschen.",
        language="de", hours=3,
    )  # fmt: skip
    index, _ = fed([FIRE, STRIKE])
    decision = index.decide(german)
    assert (decision.story_id or decision.runner_up) == "story-1"


def test_deciding_changes_nothing() -> None:
    index, _ = fed([FIRE, STRIKE])
    before = [index.dump(story) for story in story_ids(index)]
    decisions = {index.decide(FIRE_AGAIN) for _ in range(3)}
    assert len(decisions) == 1
    assert [index.dump(story) for story in story_ids(index)] == before


def test_a_member_cannot_join_twice() -> None:
    index, _ = fed([FIRE])
    with pytest.raises(ValueError, match="use refold"):
        index.join("story-1", "urn:test:1", FIRE_AGAIN, 2)


def test_members_come_in_join_order() -> None:
    index = Index()
    for n in (3, 1, 2):
        index.join("s", f"urn:test:{n}", FIRE, n)
    assert index.members("s") == ("urn:test:3", "urn:test:1", "urn:test:2")


def test_equal_candidates_go_to_the_older_story() -> None:
    index = Index()
    index.join("younger", "urn:test:2", FIRE, 2)
    index.join("older", "urn:test:1", FIRE, 1)
    assert index.decide(FIRE_AGAIN).story_id == "older"


def test_two_stories_of_one_event_are_merged_into_the_older() -> None:
    index = Index()
    index.join("older", "urn:test:1", FIRE, 1)
    index.join("younger", "urn:test:2", FIRE_AGAIN, 2)
    index.join("younger", "urn:test:3", FIRE_AGAIN, 3)
    merge = index.merge_for("younger")
    assert merge is not None
    assert (merge.loser, merge.winner) == ("younger", "older")
    index.merge(merge.loser, merge.winner)
    assert index.members("older") == ("urn:test:1", "urn:test:2", "urn:test:3")
    assert "younger" not in index


def of_terms(*terms: int) -> Profile:
    """An article of these terms, each of the same weight."""
    weights = [round(SCALE / math.sqrt(len(terms)))] * len(terms)
    return Profile("en", 0, True, len(terms), pack(terms, 4), pack(weights, 2), b"", b"")


def with_subject(shared: int, articles: int) -> Index:
    """Two stories, each article of which has ten terms: so many that all have, and others that none else has."""
    index, fresh = Index(), count(100)
    for n in range(2 * articles):
        own = [next(fresh) for _ in range(10 - shared)]
        index.join("older" if n < articles else "younger", f"urn:test:{n}", of_terms(*range(shared), *own), n + 1)
    return index


def test_stories_on_one_subject_are_not_one_if_their_articles_have_little_in_common_one_by_one() -> None:
    [alike] = with_subject(2, articles=6).candidates(of_terms(0, 1, *range(50, 58)))[:1]
    assert with_subject(2, articles=6).merge_for("younger") is None
    assert with_subject(5, articles=6).merge_for("younger") is not None
    assert alike.cosine > 1.5 * alike.linkage


def test_what_articles_have_in_common_one_by_one_does_not_grow_with_how_many_they_are() -> None:
    few, many = (with_subject(4, n).candidates(of_terms(*range(4), *range(50, 56)))[0] for n in (1, 8))
    assert few.linkage == pytest.approx(0.4, abs=0.001)
    assert many.linkage == pytest.approx(few.linkage)
    assert many.cosine > few.cosine


def test_stories_of_bare_titles_are_merged_only_if_no_other_is_nearer_by_meaning() -> None:
    index, _ = fed([profile("Ferry crews in Lindholm strike over pay")])
    [found] = index.candidates(profile("Crews of ferries strike in Lindholm"))
    alike = replace(found, size=2, query_size=2, cosine=0.3, title=0.3, margin=0.1, dated=True, gap_days=0.0)
    assert not alike.with_body
    nearest, second = (Scorer().merge(replace(alike, meaning_margin=margin)) for margin in (0.2, -0.1))
    assert nearest > 0.5 > second


FERRY_STRIKE = (
    "Ferry crews in Lindholm strike over pay",
    "Lindholm ferries stay in port as crews walk out",
    "Pay talks fail: Lindholm ferry strike goes into second day",
    "Islanders stranded by strike of Lindholm ferry crews",
    "Lindholm ferry union rejects mediator",
    "Mayor of Lindholm asks ferry crews to end strike",
)


def of_titles(titles: Iterable[str], *others: str) -> Index:
    """A story `large` of these bare titles, and a story `small` of the others."""
    index = Index()
    for at, title in enumerate(titles):
        index.join("large", f"urn:test:{at}", profile(title), at + 1)
    for at, title in enumerate(others):
        index.join("small", f"urn:test:other:{at}", profile(title), at + 100)
    return index


def test_a_story_of_bare_titles_knows_words_that_few_of_them_have() -> None:
    index = of_titles(
        FERRY_STRIKE, "Stranded islanders call on mayor and mediator", "Mediator and mayor meet stranded islanders"
    )
    merge = index.merge_for("small")
    assert merge is not None and (merge.loser, merge.winner) == ("small", "large")


def test_stories_of_bare_titles_that_share_one_name_alone_are_not_merged() -> None:
    orchestra = (
        "Lindholm orchestra opens concert season with a Mahler symphony",
        "Young conductor leads Lindholm orchestra in Mahler symphony",
    )
    assert of_titles(FERRY_STRIKE, *orchestra).merge_for("small") is None


def test_stories_of_several_articles_in_two_languages_are_merged_if_they_are_dated_and_nearest_by_meaning() -> None:
    index, _ = fed([FIRE])
    [found] = index.candidates(FIRE_AGAIN)
    alike = replace(
        found, same_language=False, size=6, query_size=5, cosine=0.25, margin=0.0, title=0.0, meaning=0.68,
        meaning_margin=0.12, dated=True, gap_days=0.0, span_days=1.0,
    )  # fmt: skip
    apart = [{"dated": False}, {"meaning_margin": -0.12}, {"gap_days": 6.0}]
    assert Scorer().merge(alike) > 0.5
    assert [Scorer().merge(replace(alike, **one)) > 0.5 for one in apart] == [False] * len(apart)


@pytest.mark.parametrize("same_language", [True, False])
def test_how_large_two_stories_are_says_nothing_where_they_have_texts(same_language: bool) -> None:
    index, _ = fed([FIRE])
    [found] = index.candidates(FIRE_AGAIN)
    alike = replace(found, same_language=same_language, gap_days=0.0, span_days=1.0)
    small, large = (Scorer().merge(replace(alike, size=size, query_size=size)) for size in (2, 40))
    assert small == large


def test_a_bare_title_in_other_words_joins_the_story_that_is_nearest_by_meaning() -> None:
    index = Index()
    index.join("trial", "urn:test:1", profile("Lindholm judge sends mayor to prison"), 1)
    index.join("marathon", "urn:test:2", profile("Lindholm marathon draws record crowd"), 2)
    trial, marathon = index.candidates(profile("Lindholm politician jailed by court"))
    assert trial.title == pytest.approx(marathon.title, abs=0.05)  # the town alone
    assert trial.meaning_margin > 0 > marathon.meaning_margin
    (by_meaning, _), (by_words, _) = (Scorer().join(one) for one in (trial, replace(trial, meaning_margin=0.0)))
    assert by_meaning > by_words
    assert Scorer().why_join(trial)["meaning_margin"] > 0


def test_what_has_no_direction_is_no_nearer_to_one_story_than_to_another() -> None:
    index, _ = fed([FIRE, STRIKE])
    assert {one.meaning_margin for one in index.candidates(replace(FIRE_AGAIN, vector=b""))} == {0.0}


def test_bare_titles_need_more_words_in_common_where_a_date_is_missing() -> None:
    index, _ = fed([profile("Ferry crews in Lindholm strike over pay")])
    [found] = index.candidates(profile("Crews of ferries strike in Lindholm"))
    even = dict.fromkeys(("cosine", "latest", "nearest", "title", "coverage"), 0.2)
    alike = replace(found, **even, margin=0.1, meaning_margin=0.1, gap_days=0.0)
    (same_day, _), (undated, _) = (Scorer().join(replace(alike, dated=dated)) for dated in (True, False))
    assert same_day > 0.5 > undated


def test_one_rare_name_makes_bare_titles_less_alike_than_several_words_do() -> None:
    index, _ = fed([profile("Tarnova budget vote delayed"), profile("Lindholm ferry strike enters second week")])
    name, words = (
        next(one for one in index.candidates(profile(title)) if one.story_id == story)
        for title, story in (("Tarnova wins handball final", "story-1"), ("Ferry strike in Lindholm", "story-2"))
    )
    assert name.title_single == 1.0 and 0.3 < words.title_single < 0.7
    (alone, _), (several, _) = (Scorer().join(replace(words, title_single=share)) for share in (1.0, 0.4))
    assert alone < several


def test_titles_that_share_nothing_rest_on_no_word() -> None:
    index, _ = fed([FIRE])
    [found] = index.candidates(profile("Inquiry opened", "The Velmar depot in Tarnova burned, firemen said."))
    assert (found.title, found.title_single) == (0.0, 0.0)


def test_stories_that_are_far_apart_in_time_are_never_merged() -> None:
    index = Index()
    index.join("older", "urn:test:1", FIRE, 1)
    again = profile(
        "Warehouse fire in Tarnova kills three",
        "A fire in a textile warehouse in Tarnova killed three workers on Sunday, the fire brigade said.",
        hours=24 * 60,
    )
    index.join("younger", "urn:test:2", again, 2)
    index.join("younger", "urn:test:3", again, 3)
    assert index.merge_for("younger") is None


def test_stories_that_would_be_too_large_together_are_not_merged() -> None:
    index = Index()
    for n in range(1, MEMBERS_MAX + 1):
        index.join("older" if n < MEMBERS_MAX - 1 else "younger", f"urn:test:{n}", FIRE, n)
    assert index.merge_for("younger") is not None
    index.join("older", "urn:test:0", FIRE, 0)
    assert index.merge_for("younger") is None


def test_merging_is_looked_at_only_at_steps_of_growth() -> None:
    sizes = [size for size in range(1, 40) if grows_past_check(size)]
    assert sizes == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 26, 28, 30, 32, 36]


def test_a_merged_story_is_what_its_articles_would_have_made() -> None:
    merged, folded = Index(), Index()
    merged.join("a", "urn:test:1", FIRE, 1)
    merged.join("b", "urn:test:2", FIRE_AGAIN, 2)
    merged.merge("b", "a")
    folded.refold("a", [("urn:test:1", FIRE, 1), ("urn:test:2", FIRE_AGAIN, 2)])
    assert merged.dump("a") == folded.dump("a")


def test_the_least_recently_grown_stories_leave_first() -> None:
    index, _ = fed([FIRE, STRIKE, profile("Glacier retreats in Ostrava", "The glacier lost nine metres.")])
    index.join("story-1", "urn:test:9", FIRE_AGAIN, 9)
    assert index.evict(2) == ["story-2"]
    assert index.evict(2) == []
    assert (len(index), "story-1" in index, "story-2" in index) == (2, True, False)


def test_of_stories_that_left_nothing_stays_in_memory() -> None:
    def kept() -> int:
        gc.collect()
        return sum(isinstance(each, Live) for each in gc.get_objects())

    before = kept()
    index, _ = fed([FIRE, STRIKE, profile("Glacier retreats in Ostrava", "The glacier lost nine metres.")])
    assert kept() == before + 3
    index.evict(1)
    assert kept() == before + 1


def test_a_story_that_left_is_no_candidate() -> None:
    index, _ = fed([FIRE])
    index.remove("story-1")
    assert index.decide(FIRE_AGAIN).runner_up is None


def test_a_story_that_left_can_be_loaded_again() -> None:
    index, _ = fed([FIRE, STRIKE])
    value, before = index.dump("story-1"), index.decide(FIRE_AGAIN)
    index.remove("story-1")
    index.load("story-1", value)
    assert index.decide(FIRE_AGAIN) == before


def test_many_stories_are_loaded_as_one_by_one() -> None:
    index, _ = fed([FIRE, STRIKE, FIRE_AGAIN, STRIKE])
    values = [(story, index.dump(story)) for story in story_ids(index)]
    together, one_by_one = Index(), Index()
    together.load_all([*values, values[0]])
    for story, value in reversed(values):
        one_by_one.load(story, value)
    assert [together.dump(story) for story, _ in values] == [value for _, value in values]
    assert together.decide(FIRE_AGAIN) == one_by_one.decide(FIRE_AGAIN) == index.decide(FIRE_AGAIN)
    assert together._finding.postings_read == one_by_one._finding.postings_read > 0
    for story, _ in values:
        together.remove(story)
    assert together.decide(FIRE_AGAIN).method == "new"
    assert together._finding.postings_read == 0


def test_a_loaded_story_grows_like_one_that_was_never_away() -> None:
    index, _ = fed([FIRE])
    away = Index()
    away.load("story-1", index.dump("story-1"))
    for one in (index, away):
        one.join("story-1", "urn:test:7", FIRE_AGAIN, 7)
    assert away.dump("story-1") == index.dump("story-1")


def test_a_value_of_another_format_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="storyline rebuild"):
        Index().load("story-1", msgpack.packb([1, [], 0, [], [], [], []]))


def test_a_story_without_members_leaves() -> None:
    index, _ = fed([FIRE])
    index.refold("story-1", [])
    assert "story-1" not in index


def test_thousands_of_equal_titles_make_stories_of_bounded_size() -> None:
    same = profile("Nightly football results")
    index, placed = fed([same] * (2 * MEMBERS_MAX + 5))
    assert len(set(placed)) == 3
    assert max(len(index.members(story)) for story in story_ids(index)) == MEMBERS_MAX


def test_full_stories_do_not_hide_the_one_with_room() -> None:
    index, same = Index(), profile("Nightly football results")
    full = Index()
    for n in range(MEMBERS_MAX):
        full.join("s", f"urn:test:{n}", same, n)
    for copy in range(20):
        index.load(f"full-{copy}", full.dump("s"))
    index.join("room", "urn:test:next", same, MEMBERS_MAX + 1)
    assert index.decide(same).story_id == "room"


def test_what_is_kept_of_a_story_is_bounded() -> None:
    index = Index()
    for n in range(60):
        index.join("s", f"urn:test:{n}", profile("", " ".join(f"w{n}x{k}" for k in range(60))), n)
    live = index._stories["s"]
    assert len(live.latest) == RECENT_MAX
    assert len(live.body) == TERMS_KEPT_MAX


def test_articles_without_words_do_not_gather_in_one_story() -> None:
    _, placed = fed([profile("!!!"), profile("???"), profile("…")])
    assert len(set(placed)) == 3


# ---- properties


def decisions(index: Index, probes: list[Profile]) -> list[object]:
    return [index.decide(probe) for probe in probes]


@settings(deadline=None, max_examples=50)
@given(streams, st.lists(profiles(), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_dumped_and_loaded_in_any_order_the_index_decides_the_same(
    stream: list[Profile], probes: list[Profile], dice: object
) -> None:
    index, _ = fed(stream)
    stories = story_ids(index)
    dice.shuffle(stories)  # type: ignore[attr-defined]
    loaded = Index()
    for story in stories:
        loaded.load(story, index.dump(story))
    assert decisions(loaded, probes) == decisions(index, probes)
    assert [loaded.dump(story) for story in stories] == [index.dump(story) for story in stories]
    assert [loaded.merge_for(story) for story in stories] == [index.merge_for(story) for story in stories]


@settings(deadline=None, max_examples=50)
@given(streams, st.lists(profiles(), min_size=1, max_size=5))
def test_packing_all_but_two_stories_changes_no_decision(stream: list[Profile], probes: list[Profile]) -> None:
    index, placed = fed(stream)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("storyline.domain.matching.index.UNFOLDED_MAX", 2)
        packed, placed_packed = fed(stream)
        assert placed_packed == placed
        assert decisions(packed, probes) == decisions(index, probes)
        assert [packed.dump(story) for story in story_ids(packed)] == [index.dump(story) for story in story_ids(index)]


@settings(deadline=None, max_examples=50)
@given(streams, streams)
def test_a_stream_continued_after_loading_gives_the_same_stories(first: list[Profile], second: list[Profile]) -> None:
    index, _ = fed(first)
    loaded = Index()
    for story in reversed(story_ids(index)):
        loaded.load(story, index.dump(story))
    _, went_on = fed(second, index, start=len(first) + 1)
    _, went_on_after_loading = fed(second, loaded, start=len(first) + 1)
    assert went_on_after_loading == went_on


@settings(deadline=None, max_examples=50)
@given(streams, st.lists(profiles(), min_size=1, max_size=5), st.data())
def test_refolding_is_folding_the_joins(stream: list[Profile], probes: list[Profile], data: st.DataObject) -> None:
    members = [(f"urn:test:{n}", one, n) for n, one in enumerate(stream, 1)]
    kept = data.draw(st.lists(st.sampled_from(members), unique_by=lambda member: member[2], min_size=1))
    kept.sort(key=lambda member: member[2])
    refolded, folded = Index(), Index()
    for uri, one, placement in members:
        refolded.join("s", uri, one, placement)
    refolded.refold("s", kept)
    for uri, one, placement in kept:
        folded.join("s", uri, one, placement)
    assert refolded.dump("s") == folded.dump("s")
    assert decisions(refolded, probes) == decisions(folded, probes)


@settings(deadline=None, max_examples=50)
@given(streams)
def test_leaving_stories_leave_nothing_behind(stream: list[Profile]) -> None:
    index, _ = fed(stream)
    index.evict(0)
    assert decisions(index, stream) == decisions(Index(), stream)
    _, again = fed(stream, index)
    _, fresh = fed(stream)
    assert again == fresh


@settings(deadline=None, max_examples=50)
@given(streams)
def test_every_score_is_a_probability(stream: list[Profile]) -> None:
    index, _ = fed(stream)
    for one in stream:
        decision = index.decide(one)
        assert 0 <= decision.score <= 1
        assert decision.runner_up_score is None or 0 <= decision.runner_up_score <= 1
        assert decision.runner_up is None or decision.runner_up != decision.story_id


def test_the_stories_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "from tests.unit.matching.wire import *;"
        "index, placed = fed([FIRE, STRIKE, FIRE_AGAIN, profile('Ferry strike ends', 'Norvik crews return')] * 5);"
        "print(placed, [index.dump(story).hex() for story in story_ids(index)], index.decide(STRIKE))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1


def test_sums_over_titles_are_bounded_and_come_back_as_they_were_packed() -> None:
    sums, added = TitleSums(), range(3, TERMS_KEPT_MAX + 50)
    sums.add([7, 5], [20, 30])
    sums.absorb(TitleSums([5, 9], [1, 2], [4, 1]))
    sums.add(added, [1] * len(added))
    assert len(sums.of) == TERMS_KEPT_MAX
    assert list(sums.of.items())[:4] == [(7, (21, 2)), (5, (32, 6)), (9, (3, 2)), (3, (1, 1))]
    assert sums.norm == math.sqrt(sum(weight**2 for weight, _ in sums.of.values()))
    again = TitleSums.unpacked(sums.packed())
    assert list(again.of.items()) == list(sums.of.items()) and again.norm == sums.norm


def test_stories_without_words_in_their_titles_can_be_merged() -> None:
    index = Index()
    for n, text in enumerate(("Fire in Tarnova kills three.", "Strike closes Tarnova harbour.")):
        one = replace(profile("", text), title_terms=b"", title_weights=b"")
        index.join(f"s{n}", f"urn:test:{n}", one, n)
    index.merge("s1", "s0")
    assert index.members("s0") == ("urn:test:0", "urn:test:1")
