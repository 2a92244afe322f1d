"""What is compiled compares as plain Python would; nothing that could be first or second is left out."""

import math
from dataclasses import fields
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.domain.matching import Index, Profile
from storyline.domain.matching.comparing import (
    BEST_OF_LATEST,
    BREVITY_MAX,
    COMPARED_MAX,
    GAP_DAYS_MAX,
    MEANING_RIVAL_ABROAD_MIN,
    MEANING_RIVAL_MIN,
    RIVAL_MIN,
    SIDES_BYTES_MAX,
    SIGNALS,
    TERSE_TERMS,
    Comparing,
    Query,
    Told,
)
from storyline.domain.matching.evidence import ROUNDED_MAX, Candidates, Evidence, case_of
from storyline.domain.matching.facts import Facts
from storyline.domain.matching.live import RECENT_MAX, TERMS_KEPT_MAX, Folded, Live, View
from storyline.domain.matching.reading import SCALE, TERMS_MAX
from storyline.domain.matching.scoring import CONTRADICTION, JOIN, MERGE, Scorer
from storyline.domain.matching.vectors import DIMENSIONS, Direction, unit
from storyline_schemas.base import DAY_MS

ALIKE = [3 + 32_768, 3 + 65_536, 11 + 65_536, 3 + (1 << 19)]
"""Terms that fall on one bit of the filter, or near."""
NO_FACTS = Facts(())


def column(values: object, width: int) -> bytes:
    return np.array(values, f"<u{width}").tobytes()


def some_profile(dice: Random) -> Profile:
    pool = [*range(1, 40), *ALIKE, (1 << 20) - 1, 0]
    terms, title = dice.sample(pool, dice.choice([0, 1, 5, 30])), dice.sample(pool, dice.choice([0, 1, 6]))
    vector = some_direction(dice)
    return Profile(
        dice.choice(["en", "en", "de"]), dice.choice([None, dice.randrange(-5, 400) * DAY_MS // 3]),
        dice.random() < 0.7, 9,
        column(terms, 4), column([dice.randrange(1, 4_095) for _ in terms], 2),
        column(title, 4), column([dice.randrange(1, 4_095) for _ in title], 2),
        b"" if vector is None else vector.tobytes(),
    )  # fmt: skip


def some_direction(dice: Random) -> Direction | None:
    if dice.random() < 0.3:
        return None
    return unit(np.array([dice.randrange(-100, 140) for _ in range(DIMENSIONS)]))


def some_story(dice: Random, name: str, articles: int) -> Live:
    index = Index()
    for at in range(articles):
        index.join(name, f"urn:test:{at}", some_profile(dice), at + 1)
    story = index._stories[name]
    assert isinstance(story, Live)
    return story


class Plain:
    """One side, laid out for plain Python."""

    def __init__(self, story: Live) -> None:
        latest = [(np.frombuffer(one.terms, "<u4"), np.frombuffer(one.weights, "<u2")) for one in story.latest]
        self.latest = [dict(zip(terms.tolist(), its.tolist(), strict=True)) for terms, its in latest if terms.size]
        self.terms = dict(zip(story.body.terms, story.body.weights, strict=True))
        self.title = story.title.of
        self.times = [one.time_ms for one in story.latest if one.time_ms is not None]
        self.size, self.has_body = len(story), story.bodies * 2 > len(story)
        self.directions = [np.frombuffer(one.direction, np.int8) for one in story.latest if one.direction]


def cosine(one: dict[int, int], other: dict[int, int]) -> float:
    dot = sum(weight * other.get(term, 0) for term, weight in one.items())
    norms = [math.sqrt(sum(weight * weight for weight in side.values())) for side in (other, one)]
    return dot / max(norms[0] * norms[1], 1.0)


def cosine_of_directions(one: Direction, other: Direction) -> float:
    dot, squares = int(one.astype(int) @ other), [int(side.astype(int) @ side) for side in (one, other)]
    return max(0.0, dot / max(math.sqrt(squares[0] * squares[1]), 1.0))


def leads(values: list[float], rival: float) -> list[float]:
    *_, second, best = sorted([rival, rival, *values])
    leader = values.index(best) if best in values else -1
    return [value - (second if at == leader else best) for at, value in enumerate(values)]


def linkage(own: Plain, story: Plain) -> float:
    dot = sum(weight * story.terms.get(term, 0) for term, weight in own.terms.items())
    return dot / (float(SCALE) * SCALE * own.size * story.size)


def texts(own: Plain, story: Plain, trust: float) -> tuple[float, float, float]:
    latest = sorted((cosine(own.terms, each) for each in story.latest), reverse=True)[:BEST_OF_LATEST]
    total = 0.0
    for each in latest:
        total += each
    whole = cosine(own.terms, story.terms) if story.size > 1 else max(latest, default=0.0)
    return whole, trust * total / len(latest) if latest else 0.0, max(latest, default=0.0)


def titles(own: Plain, story: Plain) -> tuple[float, float, float]:
    mine = {term: weight for term, (weight, _) in own.title.items()}
    its = {term: weight for term, (weight, _) in story.title.items()}
    products = [weight * its.get(term, 0) for term, weight in mine.items()]
    usual = {term for term, (_, articles) in story.title.items() if articles >= story.size / 2}
    covered = sum(weight for term, weight in mine.items() if term in usual)
    return cosine(mine, its), max(products, default=0) / (sum(products) or 1), covered / (sum(mine.values()) or 1)


def familiarity(own: Plain, story: Plain) -> float:
    if own.has_body and story.has_body:
        return 0.0
    few, many = (own, story) if own.size <= story.size else (story, own)
    weights = {term: weight for term, (weight, _) in few.title.items()}
    known = 0.0
    for term, (_, articles) in many.title.items():
        known += weights.get(term, 0) * math.sqrt(math.sqrt(articles / many.size))
    return known / (sum(weights.values()) or 1)


def times(own: Plain, story: Plain) -> tuple[float, bool, float]:
    if not own.times or not story.times:
        return 0.0, False, 0.0
    gap = max(min(own.times) - max(story.times), min(story.times) - max(own.times))
    if gap < 0:
        gap = min(abs(one - other) for one in own.times for other in story.times)
    span = max(max(side.times) - min(side.times) for side in (own, story))
    return min(gap / DAY_MS, GAP_DAYS_MAX), True, span / DAY_MS


def brevity(own: Plain, story: Plain) -> float:
    if not own.has_body or not story.has_body:
        return 0.0
    shorter = min(sum(map(len, side.latest)) / max(len(side.latest), 1) for side in (own, story))
    return min(BREVITY_MAX, 1 - min(1.0, shorter / TERMS_MAX))


def plainly(
    own: Plain,
    stories: list[Plain],
    shared: list[bool],
    mine: Direction | None,
    theirs: list[Direction],
    merging: bool,
) -> list[Told]:
    """By models that ask for directions between titles and without a common language, as those in use do."""
    trust = math.sqrt(min(1.0, len(own.terms) / TERSE_TERMS)) if own.has_body else 1.0
    of_texts, of_titles = [texts(own, one, trust) for one in stories], [titles(own, one) for one in stories]
    meanings, meaning_leads = [(0.0, 0.0)] * len(stories), [0.0] * len(stories)
    asked = [not same or not (own.has_body and one.has_body) for same, one in zip(shared, stories, strict=True)]
    if mine is not None and any(asked):
        if any(each.any() for each in theirs):
            meanings = [
                (
                    cosine_of_directions(mine, its),
                    max((cosine_of_directions(mine, each) for each in one.directions), default=0.0),
                )
                for one, its in zip(stories, theirs, strict=True)
            ]
        meaning_leads = [
            lead if same else min(lead, max(0.0, meaning - MEANING_RIVAL_ABROAD_MIN))
            for lead, same, (meaning, _) in zip(
                leads([meaning for meaning, _ in meanings], MEANING_RIVAL_MIN), shared, meanings, strict=True
            )
        ]
    found = []
    for at, (one, lead, title_lead) in enumerate(
        zip(stories, leads([each[0] for each in of_texts], RIVAL_MIN),
            leads([each[0] for each in of_titles], RIVAL_MIN), strict=True)
    ):  # fmt: skip
        gap, dated, span = times(own, one)
        known = familiarity(own, one) if merging else 0.0
        found.append(
            Told(
                *of_texts[at], *of_titles[at], known, lead * trust if lead > 0 else lead, title_lead, *meanings[at],
                meaning_leads[at], brevity(own, one) * of_texts[at][1], linkage(own, one), gap, dated, shared[at],
                own.has_body and one.has_body, one.size, own.size, span, 0.0,
            )
        )  # fmt: skip
    return found


@settings(max_examples=150)
@given(st.integers(0, 1 << 32))
def test_it_compares_as_plain_python_would(seed: int) -> None:
    dice = Random(seed)
    merging = dice.random() < 0.5
    own = some_story(dice, "own", dice.choice([1, 1, 1, 4, RECENT_MAX + 2]))
    stories = [some_story(dice, f"s{at}", dice.choice([1, 1, 2, 9])) for at in range(dice.randrange(1, COMPARED_MAX))]
    mine = some_direction(dice)
    theirs = [
        np.zeros(DIMENSIONS, np.int8) if each is None else each for _ in stories for each in [some_direction(dice)]
    ]
    query = Query(own.view.packed, frozenset(own.languages), b"" if mine is None else mine.tobytes(), NO_FACTS)
    told = Comparing(*Scorer().models).compare(
        query, [one.view for one in stories], np.array(theirs).tobytes(), merging=merging
    )
    shared = [bool(query.languages & one.languages.keys()) for one in stories]
    expected = plainly(Plain(own), [Plain(one) for one in stories], shared, mine, theirs, merging)
    assert [one._replace(at_most=0.0) for one in told] == expected


@given(st.integers(0, 1 << 32))
def test_familiarity_is_the_same_whichever_of_two_stories_looks_for_its_twin(seed: int) -> None:
    dice, comparing = Random(seed), Comparing(*Scorer().models)
    sides = [some_story(dice, name, articles).view for name, articles in (("small", 2), ("large", 9))]
    told = [
        comparing.compare(Query(own.packed, frozenset(("en",)), b"", NO_FACTS), [other], b"", merging=True)
        for own, other in (sides, reversed(sides))
    ]
    assert told[0][0].familiarity == told[1][0].familiarity


@settings(max_examples=100)
@given(st.integers(0, 1 << 32))
def test_what_is_left_out_could_have_been_neither_first_nor_second(seed: int) -> None:
    dice, scorer = Random(seed), Scorer()
    comparing = Comparing(*scorer.models)
    own = some_story(dice, "own", dice.choice([1, 3]))
    views = [some_story(dice, f"s{at}", dice.choice([1, 1, 2, 9])).view for at in range(dice.randrange(1, 9))]
    for at, view in enumerate(views):
        view.opening = at
    query = Query(
        own.view.packed, frozenset(own.languages), bytes(dice.randrange(9) for _ in range(DIMENSIONS)), NO_FACTS
    )
    directions = bytes(dice.randrange(2) * dice.randrange(99) for _ in range(DIMENSIONS * len(views)))
    joins = Candidates(query, views, comparing.compare(query, views, directions, merging=False))
    whole = sorted(((*scorer.join(one), one) for one in joins.all()), key=lambda it: (-it[0], it[2].opening))
    assert scorer.joins(joins)[:2] == whole[:2]
    merges = Candidates(query, views, comparing.compare(query, views, directions, merging=True))
    whole_merges = [(scorer.merge(one), at, one) for at, one in enumerate(merges.all())]
    assert scorer.merges(merges) == [each for each in whole_merges if each[0] >= 0.5]


@settings(max_examples=100)
@given(st.integers(0, 1 << 32))
def test_the_bound_is_what_a_model_says_if_no_facts_contradict(seed: int) -> None:
    dice, scorer = Random(seed), Scorer()
    views = [some_story(dice, f"s{at}", dice.choice([1, 2, 9])).view for at in range(5)]
    query = Query(some_story(dice, "own", dice.choice([1, 3])).view.packed, frozenset(("en",)), b"", NO_FACTS)
    found = Candidates(query, views, Comparing(*scorer.models).compare(query, views, b"", merging=False))
    for at, one in enumerate(found.all()):
        bound, case = found.at_most(at), case_of(one)
        others = len(set(one.contradicting) - {"distance"})
        log_odds = scorer._join[case].log_odds(one) - CONTRADICTION * (one.contradictions - others)
        assert log_odds < bound < log_odds + 2 * ROUNDED_MAX


def test_a_model_in_which_something_else_speaks_for_a_story_leaves_none_out() -> None:
    join = {case: {**weights, "size": 0.5} for case, weights in JOIN.items()}
    dice = Random(1)
    views = [some_story(dice, f"s{at}", 2).view for at in range(5)]
    query = Query(some_story(dice, "own", 1).view.packed, frozenset(("en",)), b"", NO_FACTS)
    found = Candidates(query, views, Comparing(*Scorer(join=join).models).compare(query, views, b"", merging=False))
    assert [found.at_most(at) for at in range(5)] == [math.inf] * 5
    assert len(Scorer(join=join).joins(found)) == 5


def test_what_is_told_is_evidence_and_every_signal_of_a_model_is_known() -> None:
    assert [field.name for field in fields(Evidence)][2:-2] == list(Told._fields[:-1])
    used = {name for models in (JOIN, MERGE) for weights in models.values() for name in weights}
    assert used - {"bias"} <= set(SIGNALS)


def test_the_largest_stories_fit() -> None:
    article = Profile(
        "en", 0, True, 60, column(range(TERMS_MAX), 4), column([1] * TERMS_MAX, 2), column(range(24), 4),
        column([1] * 24, 2), bytes([1]) * DIMENSIONS,
    )  # fmt: skip
    index = Index()
    for at in range(RECENT_MAX + 2):
        index.join("story", f"urn:test:{at}", article, at + 1)
    story = index._stories["story"]
    assert isinstance(story, Live)
    scratch = np.zeros(1 << 20, np.int16)
    story.body.add(np.arange(100, 9_000), [1] * 8_900, [1] * 8_900, scratch)
    story.title.add(range(100, 9_000), [1] * 8_900)
    story.changed()
    assert len(story.body) == TERMS_KEPT_MAX
    query = Query(story.view.packed, frozenset(("en",)), b"", NO_FACTS)
    assert (COMPARED_MAX + 1) * len(story.view.packed) <= SIDES_BYTES_MAX
    [*_, told] = Comparing(*Scorer().models).compare(query, [story.view] * COMPARED_MAX, b"", merging=True)
    assert told.cosine == pytest.approx(1.0) and told.title == pytest.approx(1.0)


def test_a_view_says_what_the_story_is_and_the_same_when_it_lies_packed() -> None:
    story = some_story(Random(5), "story", 3)
    folded = Folded.of(story).view
    assert isinstance(folded, View)
    assert (folded.packed, folded.has_body) == (story.view.packed, story.view.has_body)
