"""The sample wire keeps its promises: it is invented, says so everywhere, and is as hard as it claims."""

import json
from collections import Counter, defaultdict
from importlib.resources import files

import pytest

from storyline_schemas import Article

FOLDER = files("storyline") / "demo"
LINES = (FOLDER / "wire.jsonl").read_text(encoding="utf-8").splitlines()
ARTICLES = [Article.model_validate_json(line) for line in LINES]
STORY_OF: dict[str, str] = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))["stories"]


def members(story: str) -> list[Article]:
    return [article for article in ARTICLES if STORY_OF[article.uri] == story]


def test_it_has_at_least_sixty_articles_in_at_least_ten_stories() -> None:
    assert len(STORY_OF) >= 60
    assert len(set(STORY_OF.values())) >= 10


def test_every_article_has_a_label_and_every_label_an_article() -> None:
    assert {article.uri for article in ARTICLES} == set(STORY_OF)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: f"{article.uri}-{article.version}")
def test_every_article_says_that_it_is_invented(article: Article) -> None:
    assert article.provider.name.endswith("(invented)")
    assert article.uri.startswith("urn:invented:")
    assert (article.slugline or "").startswith("INVENTED-")
    assert "invented sample" in {subject.name for subject in article.subjects}


def test_it_arrives_in_the_order_of_its_times() -> None:
    times = [article.version_created for article in ARTICLES if article.version_created]
    assert times == sorted(times)
    assert len(times) == len(ARTICLES)


def test_it_is_small() -> None:
    assert sum(len(line.encode()) for line in LINES) < 250_000


def test_one_story_has_three_articles_of_one_agency() -> None:
    talks = members("talks")
    assert len(talks) == 3
    assert len({article.provider.family_key for article in talks}) == 1


def test_two_earthquakes_and_two_trials_begin_on_one_day() -> None:
    for one, other in (("quake-tamrin", "quake-solmar"), ("trial-vale", "trial-hask")):
        days = [{a.version_created.date() for a in members(story) if a.version_created} for story in (one, other)]
        assert days[0] & days[1]


def test_one_story_runs_over_days_in_at_least_eight_articles() -> None:
    long = members("quake-tamrin")
    assert len({article.uri for article in long}) >= 8
    assert len({article.version_created.date() for article in long if article.version_created}) >= 4


def test_copies_are_word_for_word_with_a_credit() -> None:
    bodies = defaultdict(set)
    for article in ARTICLES:
        text, _, credit = article.body.rpartition("\n\n")
        if credit.startswith("(") and credit.endswith(")"):
            bodies[text].add(article.uri)
    assert len(bodies) >= 5
    assert all(text in {article.body for article in ARTICLES} for text in bodies)


def test_there_are_a_correction_and_an_update_under_the_same_uri() -> None:
    later = [article.correction for article in ARTICLES if article.version == "2"]
    assert Counter(one.severity for one in later if one) == {"correction": 1, "update": 1}


def test_there_are_three_languages() -> None:
    assert {article.language for article in ARTICLES} == {"en", "es", "ko"}
