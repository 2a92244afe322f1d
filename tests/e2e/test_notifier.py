"""`storyline run notifier` as a subscriber sees it: real Kafka, Redis, HTTP server and mail server."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ..conftest import running
from ..servers import EmbeddedKafka, EmbeddedRedis
from .harness import Cluster, Service
from .notifier_world import LOOPBACK, Receiver, sent, update, way_of, webhook

SETTINGS = {"notifier_networks_allowed": LOOPBACK, "notifier_start": "earliest", "notifier_retry_seconds": "0.05"}


@pytest.fixture(scope="module")
def small() -> Iterator[Cluster]:
    """The embedded pair with all topics, for the whole file: each test has stories and subscriptions of its own."""
    for broker in running(EmbeddedKafka()):
        for store in running(EmbeddedRedis()):
            with Cluster(broker.address, store.url) as cluster:
                cluster.ok("topics", "create")
                yield cluster


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "subscriptions.toml"


@pytest.fixture
def start(small: Cluster, file: Path) -> "Iterator[Start]":
    start = Start(small, file)
    yield start
    for service in start.services:
        if service.running:
            assert service.stop() == 0, service.said()


class Start:
    """Starts notifiers with the file's subscriptions; they are stopped after the test, which must go well."""

    def __init__(self, cluster: Cluster, file: Path) -> None:
        self.cluster, self.file = cluster, file
        self.services: list[Service] = []

    async def __call__(self, subscriptions: str, **settings: str) -> Service:
        self.file.write_text(subscriptions)
        settings = {**SETTINGS, "notifier_subscriptions": str(self.file), **settings}
        service = self.cluster.start("notifier", **settings)
        self.services.append(service)
        ready = lambda: service.said().count("owns partition") >= 4  # noqa: E731
        await self.cluster.until(lambda: ready() or not service.running, "the notifier is ready")
        assert service.running, service.said()
        return service


async def test_a_webhook_brings_what_is_wanted_signed_and_in_order(
    small: Cluster, receiver: Receiver, start: Start
) -> None:
    await start(webhook("ordered", receiver.url(), 'stories = ["st-ordered"]\npace = "every"'))
    await small.send([sent(update("st-ordered", n)) for n in range(1, 6)], "story-updates")
    await small.send([sent(update("st-other", 1))], "story-updates")
    await receiver.until(lambda: receiver.told().get("st-ordered") == 5, "version 5 is told")
    way = way_of(receiver.got)
    assert way.clean and not way.repeats and not way.retold
    assert {each.story for each in receiver.got} == {"st-ordered"}
    assert receiver.unsigned == []
