"""A killed and an embargoed article on the real services: looked for in every topic, key, log, page and metric."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import urlopen

import pytest
import redis

from storyline_schemas import TOPICS, Article

from ..wires import article
from .harness import Cluster, Service, read_topic

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]

KILLED, HELD = "Quadrivex", "Zambolith"
RAW = ("articles", "articles.dlq", "story-commands", "story-commands.dlq")
PATHS = (
    "/", "/feed.atom", "/stories/{id}", "/stories/{id}/feed.atom", "/stories/{id}/versions/1",
    "/stories/{id}/versions/2", "/api/stories", "/api/stories/{id}", "/api/stories/{id}/versions",
    "/api/stories/{id}/versions/1",
)  # fmt: skip


def telling(uri: str, word: str, number: int, **fields: Any) -> Article:
    value = article(uri, number=number)
    body = (
        f"Captain {word} told the coast guard that the ferry Alma was off course near Port Hallow.\n\n{value['body']}"
    )
    headline = f"Captain {word} blamed as ferry Alma runs aground off Port Hallow"
    return Article.model_validate({**value, "headline": headline, "body": body, "people": [word], **fields})


async def test_no_word_of_a_killed_or_an_embargoed_article_is_anywhere_outside_the_raw_zone(cluster: Cluster) -> None:
    services = [cluster.start(name, log_level="debug", metrics_port="0") for name in ("matcher", "updater")]
    page = cluster.start("page", log_level="debug", metrics_port="0", page_port="0")
    services.append(page)
    until = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    held = telling("a:3", HELD, 31).model_copy(update={"embargoed_until": datetime.fromisoformat(until)})
    await cluster.send_articles(
        [telling("a:1", KILLED, 12), Article.model_validate(article("a:2", number=14)), held]
    )  # fmt: skip
    await cluster.settled()
    assert KILLED in _stories(cluster)
    await cluster.send_articles([telling("a:1", KILLED, 12, version="2", pub_status="canceled")])
    await cluster.settled()
    story = cluster.ok("stories", "list").split()[0]
    address = await _address(cluster, page)
    await cluster.until(lambda: KILLED not in _get(address + "/"), "the page shows the kill", 30)

    places = [*_redis(cluster), *_services(cluster, services), *_pages(address, story), *_commands(cluster, story)]
    for topic in (topic for topic in TOPICS if topic.name not in RAW):
        records = await read_topic(cluster.kafka, topic.name)
        assert not [each for each in records if HELD.encode() in (each.value or b"")], topic.name
        if topic.compacted:
            last = {record.key: record.value or b"" for record in records}
            places += [(f"{topic.name} {key!r}", value.decode()) for key, value in last.items()]
    assert len(places) > 20
    assert [place for place, text in places if KILLED.lower() in text.lower()] == []
    assert [place for place, text in places if HELD.lower() in text.lower() and not place.endswith(":held")] == []


def _stories(cluster: Cluster) -> str:
    return cluster.ok("stories", "list", "--json")


def _redis(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """Every key with its name and value, as text."""
    client = redis.Redis.from_url(cluster.redis)
    readers = {
        b"string": client.get, b"hash": client.hgetall, b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1), b"list": lambda key: client.lrange(key, 0, -1),
        b"stream": client.xrange,
    }  # fmt: skip
    for key in client.scan_iter():
        yield f"Redis {key.decode()}", repr(readers[client.type(key)](key))


def _services(cluster: Cluster, services: list[Service]) -> Iterator[tuple[str, str]]:
    """Their logs, and what they tell of themselves."""
    for service in services:
        said = service.said()
        yield f"the log of {service.name}", said
        for address in re.findall(r"http://127\.0\.0\.1:\d+", said):
            if service.name != "page":
                yield f"metrics of {service.name}", _get(f"{address}/metrics")


async def _address(cluster: Cluster, page: Service) -> str:
    found: list[str] = []

    def serves() -> bool:
        found[:] = [
            address
            for address in re.findall(r"http://127\.0\.0\.1:\d+", page.said())
            if "Storyline" in _get(f"{address}/", quiet=True)
        ]
        return bool(found)

    await cluster.until(serves, "the page serves", 60)
    return found[0]


def _get(address: str, quiet: bool = False) -> str:
    try:
        with urlopen(address, timeout=10) as answer:
            text: str = answer.read().decode()
            return text
    except OSError:
        if not quiet:
            raise
        return ""


def _pages(address: str, story: str) -> Iterator[tuple[str, str]]:
    for path in PATHS:
        text = _get(address + path.format(id=story))
        assert text
        yield path, text


def _commands(cluster: Cluster, story: str) -> Iterator[tuple[str, str]]:
    for arguments in (
        ("stories", "list"), ("show", story), ("show", story, "--at", "1"), ("show", story, "--diff", "1", "2"),
        ("show", story, "--history"), ("explain", "a:1"), ("dead-letters", "list"),
    ):  # fmt: skip
        yield f"storyline {' '.join(arguments)}", cluster.ok(*arguments)
