"""The only place that wires: settings in, connections, stores, stages and services out. Nothing happens at import."""

import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from storyline_schemas import PartitionCounts
from storyline_schemas.topics import ARTICLES

from .edges.ingest.files import Ingest
from .edges.ingest.reading import Format
from .errors import Fatal
from .infra.kafka import KafkaAdmin, KafkaConnection, KafkaPublisher, KafkaReader
from .infra.redis.client import Client, RedisOptions
from .infra.redis.space_store import RedisSpaceStore
from .infra.redis.story_store import RedisStoryStore
from .logs import JsonLines
from .settings import Settings

DAY_MS = 86_400_000


def kafka(settings: Settings) -> KafkaConnection:
    """Where Kafka is and who we are there."""
    return KafkaConnection(
        settings.kafka_bootstrap_servers,
        security_protocol=settings.kafka_security_protocol,
        sasl_mechanism=settings.kafka_sasl_mechanism,
        sasl_username=settings.kafka_sasl_username,
        sasl_password=settings.kafka_sasl_password,
        ssl_ca_file=settings.kafka_ssl_ca_file,
        timeout_seconds=settings.connect_timeout_seconds,
    )


def admin(settings: Settings) -> KafkaAdmin:
    """Topics and groups; use with `async with`."""
    return KafkaAdmin(kafka(settings))


def reader(settings: Settings) -> KafkaReader:
    """Bounded reads; use with `async with`."""
    return KafkaReader(kafka(settings))


def publisher(settings: Settings) -> KafkaPublisher:
    """Confirmed writes from outside the stream; use with `async with`."""
    return KafkaPublisher(kafka(settings), settings.ingest_in_flight_max)


def redis_client(settings: Settings) -> Client:
    """Connects when first used; the caller closes it."""
    options = RedisOptions(
        timeout_seconds=settings.redis_timeout_seconds,
        connections_max=settings.redis_connections_max,
        min_replicas=settings.redis_min_replicas,
    )
    return Client.from_url(settings.redis_url.get_secret_value(), options)


@asynccontextmanager
async def redis(settings: Settings) -> AsyncIterator[Client]:
    """A client that is closed at the end."""
    client = redis_client(settings)
    try:
        yield client
    finally:
        await client.close()


def space_store(client: Client, settings: Settings) -> RedisSpaceStore:
    return RedisSpaceStore(client, assignment_lifetime_ms=settings.assignment_lifetime_days * DAY_MS)


def story_store(client: Client) -> RedisStoryStore:
    return RedisStoryStore(client)


def configure_logging(settings: Settings) -> None:
    """One handler on standard error, in the format of the settings; libraries only from warning on."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("storyline").setLevel(settings.log_level.upper())


@asynccontextmanager
async def ingest(
    settings: Settings, form: Format, say: Callable[[str], None], refused: Path | None = None
) -> AsyncIterator[Ingest]:
    """Files onto `articles`, placed by the topic's own partition count. Raises Fatal if there is no such topic."""
    async with admin(settings) as topics:
        found = (await topics.topics([ARTICLES.name])).get(ARTICLES.name)
    if found is None:
        raise Fatal(f"topic articles is missing in {settings.kafka_bootstrap_servers}; run `storyline topics create`")
    counts = PartitionCounts(articles=found.partitions, stories=settings.stories_partitions)
    async with publisher(settings) as sender:
        limits = (settings.ingest_in_flight_max, settings.ingest_line_bytes_max)
        yield Ingest(sender, counts, form, *limits, say, refused)
