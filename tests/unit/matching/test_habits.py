"""What a source repeats whatever the news doesn't count; what it repeats of one story does. All texts are invented."""

from collections import Counter
from collections.abc import Sequence

import pytest

from storyline.domain.matching import Habits, Profile, profile_of
from storyline.domain.matching import habits as habits_module
from storyline.domain.matching.habits import ARTICLES_MAX, FIRST_MAX, LAST_MAX, PROVEN_MAX
from storyline.domain.placing import Space
from storyline.evaluate.protocol import StreamEngine
from storyline.infra.memory import Backing
from storyline_schemas import Article, Provider
from tests import wires
from tests.wires import Wire

from .wire import article

NEWS = (
    ("Council raises water fees", "Households in Ostrel pay six per cent more for water from July, the council said."),
    ("Lynx seen near Belin pass", "A hiker photographed a lynx with two cubs. Rangers asked walkers to leash dogs."),
    ("Bakery chain Kornhof insolvent", "The bakery chain, with 40 shops, filed for insolvency. Its staff were told."),
    ("Goalkeeper Adeya leaves club", "Tom Adeya moves to Velden for a fee of two million. He had a long contract."),
    ("Power cut darkens half of Karsk", "A fault in a substation left homes without electricity. Lifts stood still."),
    (
        "Festival of lights draws crowd",
        "Some 90,000 visitors came to the old mill. The organisers plan a second weekend.",
    ),
    ("Cheese from Pell wins prize", "A hard cheese made by two sisters was named the best. They keep sixty goats."),
    (
        "Burglars empty jeweller's safe",
        "Thieves broke through a cellar wall in Quay Street. Police look for a grey van.",
    ),
    ("Storm Irma topples spire", "Gusts brought down the spire of St Anne in Tarnova. The square was closed."),
)
BOILERPLATE = (
    "Our journalism is free for everyone, but it costs money to make. Please consider supporting us with a small gift. "
    "The newsroom answers questions from readers every Thursday. Report an error to the duty editor. Reproduction only "
    "with permission. Images may be subject to copyright. We use cookies to measure how our pages are read."
)
BACKGROUND = (
    "The dam above Karsk broke on Sunday after a week of rain. Eleven people are missing. The company Hydrel had been "
    "warned of cracks twice, according to papers seen by the agency."
)
DAM = (
    ("Dam breaks above Karsk, dozens missing", "Water rushed through the lower town before dawn."),
    ("Rescuers search mud for survivors", "Helicopters lifted nine people from roofs."),
    ("Hydrel shares plunge", "Shares of the operator lost a third of their value."),
    ("President visits flooded valley", "He promised swift help and wept with a widow."),
    ("First funerals held in lower town", "Hundreds followed three coffins through the rain."),
)


def sent_by(source: str, title: str, body: str, n: int = 1, hours: float = 0) -> Article:
    return article(title, body, n=n, hours=hours).model_copy(update={"provider": Provider(name=source)})


def placed(stream: Sequence[Article]) -> list[str]:
    engine = StreamEngine()
    for one in stream:
        engine.take(one)
    stories = engine.stories()
    return [stories[one.uri] for one in stream]


def noted(stream: Sequence[Article], habits: Habits | None = None) -> Habits:
    habits = habits or Habits()
    for n, one in enumerate(stream, 1):
        learn(habits, one, n)
    return habits


def learn(habits: Habits, one: Article, placement: int = 1) -> Profile:
    profile = profile_of(one, habits=habits)
    habits.note(one.uri, profile.title_terms, profile.sent, placement)
    return profile


def below(boilerplate: str = BOILERPLATE, source: str = "Courier") -> list[Article]:
    return [sent_by(source, title, f"{body}\n{boilerplate}", n, n) for n, (title, body) in enumerate(NEWS)]


LYNX_TOO = sent_by("Courier", "Wolf shot in Velden", f"A farmer was fined.\n{BOILERPLATE}", 99)
LYNX_ALONE = sent_by("Courier", "Wolf shot in Velden", "A farmer was fined.", 99)


@pytest.mark.parametrize("first", ["the news", "the boilerplate"])
def test_boilerplate_gathers_no_stories_wherever_it_stands(first: str) -> None:
    stream = [
        sent_by("Courier", title, f"{body}\n{BOILERPLATE}" if first == "the news" else f"{BOILERPLATE}\n{body}", n, n)
        for n, (title, body) in enumerate(NEWS)
    ]
    assert set(Counter(placed(stream)).values()) == {1}


def test_another_sources_report_of_each_event_still_finds_it() -> None:
    stream = [
        one
        for n, (title, body) in enumerate(NEWS)
        for one in (
            sent_by("Courier", title, f"{body}\n{BOILERPLATE}", 2 * n, n), sent_by("Wire", title, body, 2 * n + 1, n)
        )
    ]  # fmt: skip
    stories = placed(stream)
    assert stories[::2] == stories[1::2] and len(set(stories)) == len(NEWS)


def test_a_story_told_further_by_one_source_keeps_what_it_repeats() -> None:
    stream = [sent_by("Wire", title, f"{body} {BACKGROUND}", n, 8 * n) for n, (title, body) in enumerate(DAM)]
    assert len(set(placed(stream))) == 1


def test_one_text_under_one_title_after_the_other_is_one_story() -> None:
    titles = ("Dam breaks above Karsk", "Flood kills sleepers", "Night of terror in the valley", "Search goes on")
    assert len(set(placed([sent_by("Wire", title, BACKGROUND, n, n) for n, title in enumerate(titles)]))) == 1


def test_a_known_habit_is_not_read() -> None:
    habits = noted(below())
    found, alone = learn(habits, LYNX_TOO), profile_of(LYNX_ALONE)
    assert (found.terms, found.facts, found.vector) == (alone.terms, alone.facts, alone.vector)
    assert found.has_body


def test_what_came_below_one_other_title_is_left_out_but_not_known_yet() -> None:
    habits = noted(below()[:1])
    assert learn(habits, LYNX_TOO).terms == profile_of(LYNX_ALONE).terms
    [source] = habits._sources.values()
    assert not source.proven


def test_an_article_that_is_nothing_but_boilerplate_has_a_title_alone() -> None:
    assert not profile_of(sent_by("Courier", "Wolf shot", BOILERPLATE, 99), habits=noted(below())).has_body


def test_what_one_source_repeats_is_no_habit_of_another() -> None:
    other = LYNX_TOO.model_copy(update={"provider": Provider(name="Herald")})
    assert profile_of(other, habits=noted(below())).terms == profile_of(LYNX_TOO).terms


def test_a_new_version_of_an_article_repeats_nothing() -> None:
    habits = Habits()
    for n in range(5):
        profile = learn(habits, sent_by("Courier", NEWS[n][0], BOILERPLATE, n=1), n)
        assert profile.has_body
    [source] = habits._sources.values()
    assert len(source.articles) == source.count == 1


def test_a_title_that_begins_with_the_sources_name_each_time_is_another_title_all_the_same() -> None:
    stream = [sent_by("Courier", f"Ostrel Courier: {title}", BOILERPLATE, n) for n, (title, _) in enumerate(NEWS)]
    assert not profile_of(stream[-1], habits=noted(stream[:-1])).has_body


def test_habits_come_back_from_their_bytes_and_go_on_alike() -> None:
    stream = below()
    whole = noted(stream)
    for at in range(len(stream)):
        first = noted(stream[:at])
        values = {source: value for source, value in first.finish().items() if value is not None}
        assert noted(stream[at:], Habits(values)).finish().keys() <= whole.finish().keys()
    restored = Habits({source: value for source, value in whole.finish().items() if value is not None})
    assert learn(restored, LYNX_TOO) == learn(whole, LYNX_TOO)


def test_a_batch_is_taken_back_whole() -> None:
    habits = noted(below()[:4])
    before = habits.finish()
    habits.begin()
    noted([*below()[4:], sent_by("Herald", "Bells ring", "They ring for a wedding in Pell.", 50)], habits)
    habits.rollback()
    assert habits.finish() == {} and len(habits) == 1
    habits.begin()
    noted(below()[:1], habits)
    habits.rollback()
    [value] = before.values()
    [source] = habits._sources.values()
    assert source.to_bytes() == value


def test_what_is_remembered_of_a_source_is_bounded() -> None:
    habits = Habits()
    for n in range(60):
        body = (
            "\n".join(f"Sentence {k} of column {n} is told." for k in range(50))
            + "\n"
            + "\n".join(f"Boilerplate paragraph {k} of page {n // 6}." for k in range(20))
        )
        learn(habits, sent_by("Courier", f"name{n} title{n}", body, n), n)
    [source] = habits._sources.values()
    assert len(source.articles) == ARTICLES_MAX and len(source.proven) == PROVEN_MAX
    assert max(len(sent) for _, _, sent in source.articles) <= 4 * (FIRST_MAX + LAST_MAX)
    assert len(source.to_bytes()) < 4_000


def test_a_habit_that_has_been_away_for_long_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(habits_module, "AWAY_MAX", 20)
    habits = noted(below())
    [source] = habits._sources.values()
    assert source.proven
    noted([sent_by("Courier", f"name{n} title{n}", f"Word{n} was said in town.", 100 + n) for n in range(22)], habits)
    assert not source.proven


def test_sources_are_bounded_and_the_silent_ones_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(habits_module, "SOURCES_MAX", 20)
    habits = noted([sent_by(f"source{n}", "Bells ring", "They ring for a wedding.", n) for n in range(21)])
    changes = habits.finish()
    assert len(habits) == 19
    assert [value is None for value in changes.values()] == [True, True, *[False] * 19]


async def test_a_matcher_that_starts_again_after_every_article_decides_as_one_that_runs_on() -> None:
    stories = []
    for restarts in (False, True):
        wire = Wire(Backing())
        await wire.start()
        for n, (title, body) in enumerate(NEWS):
            wire.feed(
                [
                    wires.article(
                        f"urn:{n}", headline=title, body=f"{body}\n{BOILERPLATE}", provider={"name": "Courier"},
                        version_created=f"2026-01-01T{n:02}:00:00Z",
                    )
                ]
            )  # fmt: skip
            await wire.run()
            if restarts:
                await wire.start()
        space = wire.backing.spaces["world"]
        stories.append({uri: each.story_id for uri, (each, _) in space.assignments.items()})
        assert len(space.habits) == 1
    assert stories[0] == stories[1] and len(set(stories[0].values())) == len(NEWS)


def test_a_space_takes_back_what_a_failed_batch_has_taught_it() -> None:
    space = Space("world")
    space.begin()
    learn(space.habits, below()[0])
    space.rollback()
    assert len(space.habits) == 0
