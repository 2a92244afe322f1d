"""Servers as session fixtures. A missing tool skips with its reason, or fails where nothing may be skipped."""

import os
from collections.abc import Iterator
from typing import Protocol, Self, TypeVar

import pytest
from hypothesis import settings

from . import byte_code
from .servers import EmbeddedKafka, EmbeddedRedis, KafkaBroker, Missing, RedisServer
from .tools import NOTHING_SKIPPED, missing

# Timing is never a test: how long an example takes says something of the machine, not of the code. And what CI says of
# a change must not hang on luck: there the examples follow from the test alone.
settings.register_profile("random", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get(NOTHING_SKIPPED) == "1" else "random")
)

byte_code.keep(os.environ)


class Startable(Protocol):
    """One server, or several that belong together."""

    def start(self) -> Self: ...
    def close(self) -> None: ...


S = TypeVar("S", bound=Startable)


def running(server: S) -> Iterator[S]:
    """Start `server`, yield it, close it. For fixtures of one's own that may kill it."""
    try:
        server.start()
    except Missing as reason:
        server.close()
        missing(str(reason))
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def kafka() -> Iterator[KafkaBroker]:
    """One Apache Kafka for the whole session: nobody may stop it; topics get names of their own."""
    yield from running(KafkaBroker())


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One redis-server for the whole session: nobody may stop or flush it; keys get prefixes of their own."""
    yield from running(RedisServer())


@pytest.fixture(scope="session")
def embedded_kafka() -> Iterator[EmbeddedKafka]:
    yield from running(EmbeddedKafka())


@pytest.fixture(scope="session")
def embedded_redis() -> Iterator[EmbeddedRedis]:
    yield from running(EmbeddedRedis())
