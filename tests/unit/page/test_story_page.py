"""A story laid out for a terminal and for a browser."""

from datetime import UTC, datetime
from typing import Any

import pytest

from storyline.edges.page.html import day, story_html
from storyline.edges.page.text import shortened, story_text
from storyline.terminal import safe
from storyline_schemas import Section, Sentence, Source, Story
from storyline_schemas.base import from_ms


def story(**changes: Any) -> Story:
    sentences = (
        Sentence(text="The bridge was closed on Monday.", citations=(1, 2)),
        Sentence(text="Engineers asked for “more time.”", citations=(2,)),
    )
    section = Section(id="s1", heading="Bridge closed", sentences=sentences, hash="00")
    sources = tuple(
        Source(n=n, article_uri=f"urn:example:{n}", provider="Example Wire", family="example",
               headline=f"Headline {n}", language="en", adds="Names the engineers.", url=f"https://example.org/{n}")
        for n in (1, 2)
    )  # fmt: skip
    fields: dict[str, Any] = {
        "id": "st-1", "version": 2, "space": "world", "language": "en", "headline": "Bridge closed for weeks",
        "article_count": 2, "source_count": 1, "independent_report_count": 2, "sections": (section,),
        "sources": sources, "first_seen": from_ms(0), "updated_at": from_ms(1_000),
    }  # fmt: skip
    return Story(**(fields | changes))


def test_the_text_page_is_laid_out_like_the_reference() -> None:
    assert story_text(story()) == (
        "Bridge closed for weeks\nUpdated (2 articles), 1 Jan 1970\n\n"
        "Bridge closed\nThe bridge was closed on Monday [1][2]. Engineers asked for “more time.” [2]\n\n"
        "Sources (2 articles)\n"
        "[1] Example Wire: Headline 1: Names the engineers.\n[2] Example Wire: Headline 2: Names the engineers.\n"
    )


def test_one_article_is_counted_in_the_singular() -> None:
    assert "Updated (1 article), " in story_text(story(article_count=1))
    assert "Updated (12,345 articles), " in story_text(story(article_count=12_345))


def test_a_merged_story_points_to_the_one_it_became() -> None:
    assert "Merged into st-2" in story_text(story(status="merged", redirect_to="st-2"))


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x07", "\x9b31m", "\u202e", "\r\n", "\u2028"])
def test_a_terminal_never_gets_a_control_character(hostile: str) -> None:
    shown = story_text(story(headline=f"a{hostile}b"))
    assert shown.startswith("a ")
    assert hostile not in shown


def test_other_scripts_are_left_as_they_are() -> None:
    assert safe("北京 العربية हिन्दी") == "北京 العربية हिन्दी"


def test_wrapped_text_stays_within_its_width() -> None:
    assert max(map(len, story_text(story(), width=40).splitlines())) <= 40


def test_html_escapes_every_text() -> None:
    page = story_html(story(headline='<script>alert("x")</script>'))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_html_citations_lead_to_their_sources() -> None:
    page = story_html(story())
    assert 'href="#source-1"' in page
    assert 'id="source-1"' in page


def test_a_heading_that_only_repeats_the_headline_is_shown_once() -> None:
    page = story(headline="“Bridge closed”")
    assert story_text(page).startswith(
        "“Bridge closed”\nUpdated (2 articles), 1 Jan 1970\n\nThe bridge was closed on Monday"
    )
    assert ">Bridge closed</h2>" not in story_html(page)
    assert ">Bridge closed</h2>" in story_html(story())


def test_a_story_of_headlines_alone_says_that_there_is_no_text() -> None:
    assert "no text that could be used" in story_html(story(sections=()))
    assert "no text that could be used" not in story_html(story())


def test_a_story_whose_sources_have_no_headline_has_a_name_that_can_be_clicked() -> None:
    assert "<h1>(no headline)</h1>" in story_html(story(headline=" "))
    assert story_text(story(headline="")).startswith("(no headline)\nUpdated (2 articles)")
    assert "brought headlines" not in story_html(story(headline="", sections=()))


def test_a_line_of_a_list_is_cut_to_its_width_and_not_where_it_is_piped() -> None:
    assert shortened("Bridge closed", 8) == "Bridge …"
    assert shortened("Bridge closed", 13) == shortened("Bridge closed", None) == "Bridge closed"


def test_a_title_of_many_lines_is_set_smaller() -> None:
    assert '<h1 class="long">' in story_html(story(headline="INQUIRY INTO THE DEATHS OF " + "A. B. " * 30))
    assert "<h1>" in story_html(story())


def test_a_year_is_told_where_it_isnt_that_of_the_newest_update() -> None:
    newest = datetime(2026, 3, 2, tzinfo=UTC)
    assert day(datetime(2026, 1, 9, 8, 5, tzinfo=UTC), newest) == "9 Jan, 08:05 UTC"
    assert day(datetime(2025, 12, 31, 8, 5, tzinfo=UTC), newest) == "31 Dec 2025, 08:05 UTC"


def dated(n: int, at: datetime | None) -> Source:
    return Source(
        n=n, article_uri=f"urn:example:{n}", provider="Example Wire", family="example", headline=f"Headline {n}",
        language="en", adds="", published_at=at,
    )  # fmt: skip


STORM = (
    dated(1, datetime(2031, 10, 26, 9, tzinfo=UTC)),
    dated(2, datetime(2031, 10, 28, 22, tzinfo=UTC)),
    dated(3, datetime(2031, 10, 29, 8, tzinfo=UTC)),
    dated(4, None),
)


def of_days(*citations: tuple[int, ...]) -> Story:
    sentences = tuple(Sentence(text="The storm is moving north.", citations=cited) for cited in citations)
    section = Section(id="s1", heading="Storm moves north", sentences=sentences, hash="00")
    return story(sections=(section,), sources=STORM, updated_at=datetime(2031, 10, 29, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("citations", "shown"),
    [
        ((1,), "[1] (26 Oct)."),
        ((1, 3), "[1][3]."),  # the newest article that is cited counts
        ((2,), "[2]."),  # not yet a day older than the story's newest
        ((1, 4), "[1][4]."),  # what has no time may be newer
        ((4,), "[4]."),
    ],
)
def test_news_a_day_older_than_the_newest_has_its_day_beside_the_citations(
    citations: tuple[int, ...], shown: str
) -> None:
    assert f"The storm is moving north {shown}" in story_text(of_days(citations, (3,)))


def test_a_section_of_one_older_day_has_it_once_by_its_heading() -> None:
    shown = story_text(of_days((1,), (1,)))
    assert "Storm moves north (26 Oct)\nThe storm is moving north [1]. The storm is moving north [1].\n" in shown


def test_a_browser_is_told_the_older_day_as_a_time() -> None:
    time = '<time class="day" lang="en" dir="ltr" datetime="2031-10-26">26 Oct</time>'
    assert f"[1]</a> {time}</sup>." in story_html(of_days((1,), (3,)))
    assert f'<p class="told-on">{time}</p>' in story_html(of_days((1,), (1,)))
    assert '<time class="day"' not in story_html(of_days((2,), (3,)))


def test_an_older_day_of_another_year_has_the_year() -> None:
    sources = (dated(1, datetime(2030, 12, 30, tzinfo=UTC)), *STORM[1:])
    assert "[1] (30 Dec 2030)." in story_text(of_days((1,), (3,)).model_copy(update={"sources": sources}))
