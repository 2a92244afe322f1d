"""Clients of Kafka and Redis, and the stores on them, from the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storyline_schemas.base import DAY_MS

from ..infra.kafka import KafkaAdmin, KafkaConnection, KafkaPublisher, KafkaReader, KafkaWatcher
from ..infra.redis.client import Client, RedisOptions
from ..infra.redis.servers import Tls
from ..infra.redis.space_store import RedisSpaceStore
from ..infra.redis.story_store import RedisStoryStore
from ..settings import Settings


def kafka(settings: Settings) -> KafkaConnection:
    """Where Kafka is and who we are there."""
    return KafkaConnection(
        settings.kafka_bootstrap_servers,
        security_protocol=settings.kafka_security_protocol,
        sasl_mechanism=settings.kafka_sasl_mechanism,
        sasl_username=settings.kafka_sasl_username,
        sasl_password=settings.kafka_sasl_password,
        ssl_ca_file=settings.kafka_ssl_ca_file,
        ssl_cert_file=settings.kafka_ssl_cert_file,
        ssl_key_file=settings.kafka_ssl_key_file,
        ssl_key_password=settings.kafka_ssl_key_password,
        timeout_seconds=settings.connect_timeout_seconds,
    )


def admin(settings: Settings) -> KafkaAdmin:
    """Topics and groups; use with `async with`."""
    return KafkaAdmin(kafka(settings))


def reader(settings: Settings) -> KafkaReader:
    """Bounded reads; use with `async with`."""
    return KafkaReader(kafka(settings))


def watcher(settings: Settings) -> KafkaWatcher:
    """Every group of the cluster; use with `async with`."""
    return KafkaWatcher(kafka(settings))


def publisher(settings: Settings) -> KafkaPublisher:
    """Confirmed writes from outside the stream; use with `async with`."""
    return KafkaPublisher(kafka(settings), settings.ingest_in_flight_max)


def redis_client(settings: Settings) -> Client:
    """Connects when first used; the caller closes it."""
    options = RedisOptions(
        timeout_seconds=settings.redis_timeout_seconds,
        connections_max=settings.redis_connections_max,
        min_replicas=settings.redis_min_replicas,
        tls=Tls(settings.redis_ssl_ca_file, settings.redis_ssl_cert_file, settings.redis_ssl_key_file),
        sentinel_password=secret.get_secret_value() if (secret := settings.redis_sentinel_password) else None,
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
    from ..infra.sentence_encoder import encoder_name

    return RedisSpaceStore(
        client, assignment_lifetime_ms=settings.assignment_lifetime_days * DAY_MS,
        encoder=encoder_name(settings.matcher_encoder),
    )  # fmt: skip


def story_store(client: Client) -> RedisStoryStore:
    return RedisStoryStore(client)
