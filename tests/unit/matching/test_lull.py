"""A story that came within hours and has been silent for days is over: what comes then is likelier its sequel."""

from dataclasses import replace

import pytest

from storyline.domain.matching import Index, Profile
from storyline.domain.matching.evidence import Evidence
from storyline.domain.matching.scoring import Scorer

from .wire import FIRE, FIRE_AGAIN, profile

SEQUEL = (
    "Velmar warehouse in Tarnova had no sprinklers, inspectors find",
    "Inspectors in Tarnova said the textile warehouse of the Velmar company had no sprinklers on its upper floor.",
)
DAY = 24


def later(one: Profile, days: float) -> Profile:
    assert one.time_ms is not None
    return replace(one, time_ms=one.time_ms + int(days * DAY * 3_600_000))


def story(*days: float) -> Index:
    """One story with an article on each of these days."""
    index = Index()
    for n, day in enumerate(days):
        index.join("story", f"urn:test:{n}", later(FIRE_AGAIN if n % 2 else FIRE, day), n + 1)
    return index


def sequel_on(day: float, index: Index) -> Evidence:
    [found] = index.candidates(profile(*SEQUEL, hours=DAY * day))
    return found


def test_silence_counts_beside_how_long_the_story_ran() -> None:
    ended, running = sequel_on(4.3, story(0, 0.1)), sequel_on(7.2, story(0, 3))
    assert ended.gap_days == pytest.approx(running.gap_days, abs=0.2)
    assert ended.lull > 1 > running.lull > 0


def test_a_story_that_has_run_for_longer_than_it_is_silent_only_pauses() -> None:
    assert sequel_on(8, story(0, 2, 5)).lull == 0


def test_a_night_is_no_silence_and_a_single_article_has_no_rhythm() -> None:
    assert sequel_on(0.6, story(0, 0.1)).lull == 0
    assert sequel_on(4, story(0)).lull == 0


def test_what_is_undated_has_not_been_silent() -> None:
    [found] = story(0, 0.1).candidates(profile(*SEQUEL, hours=None))
    assert (found.dated, found.lull) == (False, 0)


@pytest.mark.parametrize("with_body", [True, False])
def test_after_a_lull_it_takes_more_words_in_common_to_be_one_story(with_body: bool) -> None:
    """Two stories, three days apart: each came within hours, or one of them has run for a week."""
    over = replace(sequel_on(3, story(0, 0.1)), query_size=2, with_body=with_body)
    running = replace(over, span_days=7.0)
    scorer = Scorer()
    assert scorer.merge(over) < scorer.merge(running)
    assert scorer.join(over) < scorer.join(running)


def test_two_stories_are_as_old_as_the_one_that_ran_longer() -> None:
    """The same two stories are compared, whichever of them has just grown."""
    lulls = []
    for first, second in (("long", "short"), ("short", "long")):
        scorer = Seen()
        index = Index(scorer)
        days = {"long": (0.0, 3.0, 6.0), "short": (9.0, 9.1)}
        for name in (first, second):
            for n, day in enumerate(days[name]):
                index.join(name, f"urn:test:{name}{n}", later(FIRE, day), n + 1 + 10 * (name == "short"))
        index.merge_for(second)
        lulls += [one.lull for one in scorer.seen]
    assert lulls == [0, 0]


class Seen(Scorer):
    """Keeps what it was asked of merges."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Evidence] = []

    def merge(self, one: Evidence) -> float:
        self.seen.append(one)
        return super().merge(one)
