"""Articles and people's requests onto the topics, from the command line."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from storyline_schemas import PartitionCounts
from storyline_schemas.topics import ARTICLES

from ..errors import Fatal
from ..infra.kafka import KafkaAdmin
from ..settings import Settings
from .connecting import admin, publisher, reader, redis, space_store, story_store
from .observing import traced

if TYPE_CHECKING:
    from ..edges.editing import Editing
    from ..edges.ingest.files import Ingest
    from ..edges.ingest.sending import Publishing


async def articles_counts(settings: Settings, topics: KafkaAdmin) -> PartitionCounts:
    found = (await topics.topics([ARTICLES.name])).get(ARTICLES.name)
    if found is None:
        raise Fatal(f"topic articles is missing in {settings.kafka_bootstrap_servers}; run `storyline topics create`")
    return PartitionCounts(articles=found.partitions, stories=settings.stories_partitions)


@asynccontextmanager
async def publishing(settings: Settings) -> "AsyncIterator[Publishing]":
    """Articles onto `articles`, placed by the topic's own partition count. Raises Fatal if there is no such topic."""
    from ..edges.ingest.sending import Publishing

    async with admin(settings) as topics:
        counts = await articles_counts(settings, topics)
    async with publisher(settings) as plain, traced(settings, plain) as sender:
        yield Publishing(sender, counts, settings.ingest_in_flight_max)


@asynccontextmanager
async def editing(settings: Settings) -> "AsyncIterator[Editing]":
    """What a person's request takes. Raises Fatal if there is no topic `articles`."""
    from ..edges.editing import Editing

    async with admin(settings) as topics:
        counts = await articles_counts(settings, topics)
        async with redis(settings) as client, publisher(settings) as out, reader(settings) as records:
            spaces = space_store(client, settings)
            yield Editing(out, records, story_store(client), spaces, counts, topics.committed)


@asynccontextmanager
async def ingest(
    settings: Settings, form: str, say: Callable[[str], None], refused: Path | None = None
) -> "AsyncIterator[Ingest]":
    """Files onto `articles`; see `publishing`."""
    from ..edges.ingest.files import Ingest

    async with publishing(settings) as sending:
        yield Ingest(sending, settings.ingest_line_bytes_max, settings.ingest_archive_bytes_max, say, form, refused)


@asynccontextmanager
async def checking_ingest(
    settings: Settings, form: str, say: Callable[[str], None], refused: Path | None = None
) -> "AsyncIterator[Ingest]":
    """As `ingest`, but nothing is sent and no server is asked."""
    from ..edges.ingest.files import Ingest
    from ..edges.ingest.sending import Nowhere, Publishing

    sending = Publishing(Nowhere(), settings.partition_counts, settings.ingest_in_flight_max)
    yield Ingest(sending, settings.ingest_line_bytes_max, settings.ingest_archive_bytes_max, say, form, refused)
