"""A cluster of its own for each test: topics have fixed names, and these tests stop servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ..conftest import running
from ..servers import KafkaBroker, RedisServer
from .harness import Cluster, articles_of

SAMPLE = Path(__file__).parents[2] / "services/storyline/demo/wire.jsonl"


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample wire."""
    return SAMPLE


@pytest.fixture(scope="session")
def sample_uris() -> set[str]:
    """The articles of the sample wire that must end in a story."""
    from storyline.edges.demo.expecting import Expected

    expected = Expected()
    for article in articles_of(SAMPLE):
        expected.add(article, now_ms=1 << 53)
    return expected.uris


@pytest.fixture
def broker() -> Iterator[KafkaBroker]:
    yield from running(KafkaBroker())


@pytest.fixture
def store() -> Iterator[RedisServer]:
    yield from running(RedisServer())


@pytest.fixture
def cluster(broker: KafkaBroker, store: RedisServer) -> Iterator[Cluster]:
    """Apache Kafka with all topics, redis-server, no service yet."""
    with Cluster(broker.address, store.url) as cluster:
        cluster.ok("topics", "create")
        yield cluster
