"""The services give exactly the stories that the engine alone gives, as `storyline evaluate matching` runs it."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from storyline.domain.pipeline import Pipeline
from storyline.domain.placing import Arrival, at_ms_of
from storyline.evaluate.labelled import read
from storyline.evaluate.protocol import StreamEngine, in_order
from storyline.labelled import article_of
from storyline_schemas import Article
from tests.wires import NOW_MS, Wire, record

SETS = Path(__file__).parents[3] / "shared" / "data" / "stories"
Stories = set[frozenset[str]]


def alone(articles: list[Article]) -> Stories:
    engine = StreamEngine()
    for article in articles:
        engine.take(article)
    found: dict[str, set[str]] = {}
    for uri, story in engine.stories().items():
        found.setdefault(story, set()).add(uri)
    return set(map(frozenset, found.values()))


async def through_the_stages(articles: list[Article], size: int) -> Stories:
    wire = Wire()
    await wire.start()
    wire.feed(record(article.to_json(), offset, timestamp_ms=NOW_MS) for offset, article in enumerate(articles))
    await wire.run(size)
    return wire.members()


def sample() -> list[Article]:
    """The sample wire's first versions: the engine alone takes an article once."""
    lines = (files("storyline") / "demo" / "wire.jsonl").read_text().splitlines()
    values: list[dict[str, Any]] = [json.loads(line) for line in lines]
    seen: dict[str, Article] = {}
    for value in values:
        article = Article.model_validate_json(json.dumps(value))
        if article.pub_status == "usable" and article.evolved_from is None:
            seen.setdefault(article.uri, article.model_copy(update={"embargoed_until": None, "space": None}))
    return list(seen.values())


@pytest.mark.parametrize("size", [1, 7, 100])
async def test_the_sample_wire_gives_the_stories_of_the_engine_alone(size: int) -> None:
    articles = sample()
    assert await through_the_stages(articles, size) == alone(articles)


def test_both_engines_in_memory_make_the_same_stories() -> None:
    articles = sample()
    pipeline = Pipeline()
    for article in articles:
        pipeline.feed([Arrival(article, "world", f"cause-{article.uri}", at_ms_of(article, NOW_MS), NOW_MS)])
    assert set(map(frozenset, pipeline.members().values())) == alone(articles)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["newswcl50", "basil"])
async def test_a_real_stream_gives_the_stories_of_the_engine_alone(name: str) -> None:
    if not (SETS / f"{name}.jsonl").exists():
        pytest.skip(f"the labelled stream {name} is not part of the project")
    articles = [article_of(row) for row in in_order(list(read(SETS / f"{name}.jsonl")), 1)]
    assert await through_the_stages(articles, 100) == alone(articles)
