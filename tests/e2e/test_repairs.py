"""Rebuild, a rewound group, a backup put back: afterwards stories, versions, counts and pages are the same bytes."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from aiokafka import AIOKafkaConsumer, TopicPartition

from storyline.infra.redis.packing import unpack_assignment
from storyline_schemas import Article

from ..servers import KafkaBroker, RedisServer
from ..wires import article
from .harness import GROUPS, Cluster, Service, articles_of, read_topic
from .paper import PageService

# A dozen processes are started one after the other: slow on a machine that has other things to do.
pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow, pytest.mark.timeout(600)]

SUBSCRIPTION = '[[subscription]]\nid = "all"\nlevel = "minor"\npace = "every"\n[subscription.console]\n'
PAGES_MAX = 1_000
NOTIFIER = "storyline.notifier"


class Shown(dict[str, Any]):
    """What a reader, a program and Redis have: address or key → bytes."""

    def differing(self, other: "Shown") -> list[str]:
        return sorted(name for name in self.keys() | other.keys() if self.get(name) != other.get(name))


def everything(cluster: Cluster, log: Path) -> Shown:
    """Every page of every story and version as the service serves it, and what Redis holds."""
    shown = stored(cluster.redis)
    with PageService(cluster.environment(), log) as page, httpx.Client(base_url=page.address) as client:
        listed = client.get("/api/stories", params={"limit": "100"}).json()
        ids = [story["id"] for story in listed["stories"]]
        assert 0 < len(ids) < 100
        paths = ["/", "/feed.atom", "/api/stories?limit=100"]
        for id in ids:
            versions = client.get(f"/api/stories/{id}/versions").json()["versions"]
            numbers = [each["version"] for each in versions]
            paths += [f"/stories/{id}", f"/stories/{id}/feed.atom", f"/api/stories/{id}", f"/api/stories/{id}/versions"]
            paths += [f"{way}/stories/{id}/versions/{number}" for way in ("", "/api") for number in numbers]
        assert len(paths) < PAGES_MAX
        for path in paths:
            answer = client.get(path)
            assert answer.status_code in (200, 302, 308), path
            shown[path] = (answer.status_code, answer.headers.get("location"), answer.content)
    return shown


def stored(url: str) -> Shown:
    """Redis' stories byte for byte, and of each article where the matcher has it."""
    found = Shown()
    with redis.Redis.from_url(url) as client:
        for key in client.scan_iter("storyline:{story/*", count=1_000):
            found[key.decode()] = client.hgetall(key)
        for key in client.scan_iter("storyline:{space/*:assignment/*", count=1_000):
            uri = key.decode().partition(":assignment/")[2]
            assignment = unpack_assignment(uri, client.get(key))
            found[key.decode()] = (assignment.placement, assignment.revision, assignment.canceled)
    return found


async def rewind(kafka: str, group: str, topic: str, part: float = 0.0) -> None:
    """Set the group back on every partition: to its beginning, or to `part` of the way. Nobody may be in it."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or [])]
    if not places:
        places = [TopicPartition(topic, number) for number in range(4)]
    consumer.assign(places)
    ends = await consumer.end_offsets(places)
    await consumer.commit({place: int(end * part) for place, end in ends.items()})
    await consumer.stop()


async def end_all(cluster: Cluster, services: list[Service]) -> None:
    await cluster.owned(*services)
    for service in services:
        assert service.stop() == 0, service.said()


def rebuilt(cluster: Cluster) -> dict[str, Any]:
    totals: dict[str, Any] = json.loads(cluster.ok("rebuild", "--json").splitlines()[-1])
    return totals


async def asked_by_a_person(cluster: Cluster) -> None:
    """One of everything that changes stories afterwards: a request, a correction, a withdrawal."""
    values = [
        article("urn:x:1"), article("urn:x:2", number=3), article("urn:x:3", "budget"),
        article("urn:x:4", "quake"), article("urn:x:1", version="2", number=9),
        article("urn:x:4", "quake", version="2", pub_status="canceled"),
    ]  # fmt: skip
    await cluster.send_articles(map(Article.model_validate, values))
    await cluster.settled()
    ferry, budget = (explained(cluster, uri) for uri in ("urn:x:1", "urn:x:3"))
    cluster.ok("edit", "merge", budget, ferry, "--author", "desk", "--reason", "one matter")
    cluster.ok("edit", "split", ferry, "urn:x:2", "--author", "desk")
    cluster.ok("edit", "rename", ferry, "A headline of the desk", "--author", "desk")
    cluster.ok("edit", "pin", ferry, "--author", "desk")
    await cluster.settled()


def explained(cluster: Cluster, uri: str) -> str:
    return str(json.loads(cluster.ok("explain", uri, "--json").splitlines()[-1])["story_id"])


async def test_a_rebuild_and_rewound_groups_leave_every_byte_as_it_was(
    cluster: Cluster, sample: Path, tmp_path: Path
) -> None:
    subscriptions = tmp_path / "subscriptions.toml"
    subscriptions.write_text(SUBSCRIPTION)

    def start() -> list[Service]:
        more = {"notifier_subscriptions": str(subscriptions), "notifier_start": "earliest"}
        return [cluster.start("matcher"), cluster.start("updater"), cluster.start("notifier", **more)]

    async def all_read() -> None:
        await cluster.settled()
        await cluster.read_by({NOTIFIER: "story-updates"}, markers=cluster.partitions)

    services = start()
    await cluster.send_articles(articles_of(sample))
    await asked_by_a_person(cluster)
    await all_read()
    await end_all(cluster, services)
    before = everything(cluster, tmp_path / "page")
    assert len(before) > 100
    assert told(cluster)

    totals = rebuilt(cluster)
    assert totals["incomplete"] == totals["unreadable"] == 0 < totals["stories"]
    assert before.differing(everything(cluster, tmp_path / "page")) == []

    topics = {**GROUPS, NOTIFIER: "story-updates"}
    updates = {each.value for each in await read_topic(cluster.kafka, "story-updates")}
    for rewound, part in (([*GROUPS, NOTIFIER], 0.0), (["storyline.updater", NOTIFIER], 0.5)):
        for group in rewound:
            await rewind(cluster.kafka, group, topics[group], part)
        services = start()
        await all_read()
        await end_all(cluster, services)
        assert before.differing(everything(cluster, tmp_path / "page")) == [], f"after {rewound} went back"
        assert {each.value for each in await read_topic(cluster.kafka, "story-updates")} == updates
        assert len(told(cluster)) == len(set(told(cluster))), "no reader is told a version twice"


def told(cluster: Cluster) -> list[Any]:
    """The versions that were delivered, one for each delivery."""
    listed = json.loads(cluster.ok("deliveries", "list", "--limit", "10000", "--json").splitlines()[-1])
    return [(each["story_id"], each["version"]) for each in listed["deliveries"] if each["outcome"] == "delivered"]


async def test_backups_put_back_are_mended_from_the_topics(
    cluster: Cluster, broker: KafkaBroker, store: RedisServer, sample: Path, tmp_path: Path
) -> None:
    """An older copy of Redis beside newer topics; then older copies of both, and the wire sent once more."""
    articles = articles_of(sample)

    async def play(some: list[Article]) -> Shown:
        services = [cluster.start("matcher"), cluster.start("updater")]
        await cluster.send_articles(some)
        await cluster.settled()
        await end_all(cluster, services)
        return everything(cluster, tmp_path / "page")

    half = await play(articles[: len(articles) // 2])
    copy = tmp_path / "dump.rdb"
    redis_cli(store, "--rdb", str(copy))
    broker.stop()
    shutil.copytree(broker.directory / "data", tmp_path / "kafka")
    broker.start()
    whole = await play(articles[len(articles) // 2 :])
    assert half.differing(whole)

    put_back(store, copy)
    assert stored(cluster.redis) == {name: value for name, value in half.items() if name.startswith("storyline:")}
    rebuilt(cluster)
    assert whole.differing(everything(cluster, tmp_path / "page")) == []

    broker.stop()
    shutil.rmtree(broker.directory / "data")
    shutil.copytree(tmp_path / "kafka", broker.directory / "data")
    broker.start()
    put_back(store, copy)
    rebuilt(cluster)
    assert half.differing(everything(cluster, tmp_path / "page")) == []
    again = await play(articles)
    assert counted(again) == counted(whole), "what Kafka had lost is sent once more; the same stories come out"


def redis_cli(store: RedisServer, *words: str) -> None:
    subprocess.run(["redis-cli", "-p", str(store.port), *words], check=True, capture_output=True, timeout=60)


def put_back(store: RedisServer, copy: Path) -> None:
    """As the README says: Redis reads a dump only while append-only files are off."""
    store.stop()
    shutil.rmtree(store.directory / "appendonlydir")
    shutil.copy(copy, store.directory / "dump.rdb")
    without_aof = RedisServer(store.port, store.directory, aof=False).start()
    redis_cli(store, "CONFIG", "SET", "appendonly", "yes")
    with redis.Redis.from_url(store.url) as client:
        while (
            client.info("persistence")["aof_rewrite_in_progress"] or client.info("persistence")["aof_rewrite_scheduled"]
        ):
            pass
    without_aof.stop()
    store.start()


def counted(shown: Shown) -> dict[str, int]:
    """Story → how many articles it has."""
    listed = json.loads(shown["/api/stories?limit=100"][2])["stories"]
    return {story["id"]: story["article_count"] for story in listed}
