"""What matching does with input that nobody should send: bounded work and memory, and no story that eats everything.

Work is counted (characters read, postings read, stories compared), not timed.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from storyline.domain.matching import Index, profile_of
from storyline.domain.matching import profile as profile_module
from storyline.domain.matching.comparing import GAP_DAYS_MAX, Comparing
from storyline.domain.matching.finding import POSTINGS_READ_MAX, Finding
from storyline.domain.matching.index import MEANING_CANDIDATES_MAX
from storyline.domain.matching.live import MEMBERS_MAX, RECENT_MAX, TERMS_KEPT_MAX
from storyline.domain.matching.profile import BODY_CHARS, TITLE_CHARS_MAX
from storyline.domain.matching.reading import TERMS_MAX
from storyline.domain.matching.scoring import CANDIDATES_MAX
from storyline.evaluate.protocol import StreamEngine
from storyline_schemas.article import BODY_CHARS_MAX

from .wire import FIRE, FIRE_AGAIN, STRIKE, article, fed, profile, story_ids

LEAD_AND_TITLE_CHARS = 2 * TITLE_CHARS_MAX + 100


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many stories each comparison looked at."""
    counts: list[int] = []
    real = Comparing.compare

    def counting(self, query, stories, directions, merging):  # type: ignore[no-untyped-def]
        counts.append(len(stories))
        return real(self, query, stories, directions, merging)

    monkeypatch.setattr(Comparing, "compare", counting)
    yield counts


@pytest.fixture
def postings_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many postings each search read."""
    counts: list[int] = []
    real = Finding._find

    def counting(self, *columns, **options):  # type: ignore[no-untyped-def]
        found = real(self, *columns, **options)
        counts.append(self.postings_read)
        return found

    monkeypatch.setattr(Finding, "_find", counting)
    yield counts


def sizes(index: Index) -> list[int]:
    return sorted((len(index.members(story)) for story in story_ids(index)), reverse=True)


def test_articles_with_nothing_in_them_stay_apart_and_find_nothing() -> None:
    nothing = [profile("?"), profile(" ", "—"), profile("!!!", "…"), profile("the of and", "it was to be")]
    index, placed = fed(nothing * 25)
    assert len(set(placed)) == 100
    assert index.decide(FIRE).method == "new"


def test_an_article_without_title_and_text_is_refused_before_it_comes_here() -> None:
    with pytest.raises(ValidationError, match="headline: is empty, and so are summary and body"):
        article("", "")


def test_an_empty_title_or_body_still_finds_its_story() -> None:
    text = "Three textile workers died when fire destroyed the Velmar warehouse in Tarnova, the fire brigade said."
    index, _ = fed([FIRE, STRIKE])
    assert index.decide(profile("", text)).story_id == "story-1"
    assert (
        index.decide(profile("Three textile workers killed in Velmar warehouse fire in Tarnova")).story_id == "story-1"
    )


def test_of_the_largest_body_a_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = profile_module.tokens

    def counting(text: str) -> list[str]:
        read.append(len(text))
        return real(text)

    monkeypatch.setattr(profile_module, "tokens", counting)
    one = profile_of(article("Storm hits Tarnova", ("flood tarnova dyke " * (BODY_CHARS_MAX // 18))[:BODY_CHARS_MAX]))
    assert sum(read) <= BODY_CHARS + LEAD_AND_TITLE_CHARS
    assert len(one.terms) // 4 <= TERMS_MAX and len(one.to_bytes()) < 1_000


def test_one_word_of_a_million_letters_is_one_term() -> None:
    one = profile("x" * 900, "y" * 1_000_000)
    assert len(one.terms) // 4 <= 3


def test_ten_thousand_equal_titles_fill_stories_up_to_their_bound_at_an_equal_cost(
    compared: list[int], postings_read: list[int]
) -> None:
    same = profile("Breaking news from Tarnova")
    index = Index()
    for n in range(10_000):
        story = index.decide(same).story_id or f"s{n}"
        index.join(story, f"urn:test:{n}", same, n)
    assert sizes(index) == [MEMBERS_MAX] * 10
    assert max(compared) <= CANDIDATES_MAX + MEANING_CANDIDATES_MAX
    assert max(postings_read) <= POSTINGS_READ_MAX
    live = index._unfold(index._stories[story_ids(index)[0]])
    assert len(live.latest) == RECENT_MAX and len(live.body) <= TERMS_KEPT_MAX
    assert len(live.to_bytes()) < 50 * MEMBERS_MAX


def test_full_stories_of_one_title_are_never_merged_into_a_larger_one() -> None:
    same = profile("Breaking news from Tarnova")
    index = Index()
    for n in range(MEMBERS_MAX):
        index.join("a" if n % 2 else "b", f"urn:test:{n}", same, n)
    for n in range(16):
        index.join("b", f"urn:more:{n}", same, MEMBERS_MAX + n)
        assert index.merge_for("b") is None


BOILERPLATE = (
    "Subscribe to the Example Courier newsletter and never miss a headline. Follow us on every channel. The Example "
    "Courier is an independent publisher; its reporters cover politics, culture, sports and weather. All rights "
    "reserved. Reproduction without written permission is forbidden. Cookies help us deliver our services. "
    "Advertising enquiries: contact the sales desk during office hours. Corrections: write to the readers' editor."
)


EVENTS = 40


def boilerplated(boilerplate: str, words: int) -> list[int]:
    """Sizes of the stories of articles that have nothing in common but this, each of so many words of its own."""
    engine = StreamEngine()
    for n in range(EVENTS):
        body = " ".join(f"word{n}x{k}" for k in range(words)) + f"\n{boilerplate}"
        engine.take(article(f"name{n} title{n}", body, n=n, hours=n))
    return sorted(Counter(engine.stories().values()).values(), reverse=True)


def test_a_source_that_sends_its_boilerplate_below_every_article_has_no_story_that_gathers_them() -> None:
    assert boilerplated(BOILERPLATE, 100) == [1] * EVENTS
    assert boilerplated(BOILERPLATE[:150], 30) == [1] * EVENTS


def test_a_source_whose_boilerplate_is_longer_than_its_news_has_no_story_that_gathers_them() -> None:
    assert boilerplated(BOILERPLATE, 10) == [1] * EVENTS


@pytest.mark.parametrize("language", ["und", "xx", "de", "zh", "ar", "zzz-Latn", "EN-us"])
def test_a_wrong_or_missing_language_joins_nothing_that_the_right_one_would_not(language: str) -> None:
    texts = [
        ("Warehouse fire in Tarnova kills three", "A fire in a textile warehouse in Tarnova killed three workers."),
        ("Ferry crews strike over pay in Lindholm", "Ferry crews in Lindholm walked out in a dispute over pay."),
        ("Glacier above Ostrel loses nine metres", "The glacier above Ostrel lost nine metres of ice this summer."),
    ]
    index, placed = fed([profile(*text, language=language) for text in texts])
    assert len(set(placed)) == 3
    assert index.decide(profile(*texts[0], language=language, hours=3)).story_id == placed[0]


FAR = (datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))


@pytest.mark.parametrize("moment", FAR, ids=str)
def test_dates_of_the_far_past_and_future_open_stories_of_their_own(moment: datetime) -> None:
    given = article("Warehouse fire in Tarnova kills three", "A fire in a warehouse in Tarnova killed three workers.")
    far = profile_of(given.model_copy(update={"version_created": moment}))
    index, placed = fed([FIRE, far, FIRE_AGAIN])
    assert placed[0] == placed[2] != placed[1]
    [evidence] = [each for each in index.candidates(far) if each.story_id == placed[0]]
    assert evidence.gap_days == GAP_DAYS_MAX
    for story in story_ids(index):
        index.load(story, index.dump(story))
    assert index.decide(far).story_id == placed[1]


def test_one_story_does_not_eat_a_stream_of_everything_hostile() -> None:
    stream = [
        profile("?", "", hours=None), profile("!!!"), profile("Breaking news"), FIRE, STRIKE,
        profile("Breaking news", BOILERPLATE), profile("", "word " * 2_000, language="und"), profile("x" * 900),
        profile("速報", "", language="zh"), profile("عاجل", "", language="ar"), profile("NEWS", "NEWS " * 500),
    ] * 8  # fmt: skip
    index, placed = fed(stream)
    most = Counter(placed).most_common(1)[0][1]
    assert most <= 4 * 8  # the four whose whole title is news and breaking news, one of them in Chinese
    assert len(index) >= 8
