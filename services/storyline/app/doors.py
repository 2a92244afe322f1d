"""The doors of ingest: HTTP, a folder, topics of others, feeds."""

import functools
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyline_schemas import PartitionCounts

from ..errors import Fatal
from ..settings import Settings
from .connecting import admin, kafka, publisher
from .observing import observed, run_service, traced
from .sending import articles_counts

if TYPE_CHECKING:
    import asyncio

    from ..edges.ingest.sending import Publishing, Sender
    from ..observe.meter import Meter

MEANWHILE = {"kafka": "pushes are answered 503, and what comes by other doors waits until it is back"}


def run_ingest(settings: Settings) -> int:
    """The doors of ingest in this process until it is told to leave; its exit code."""
    return run_service(settings, _run_ingest(settings))


async def _run_ingest(settings: Settings) -> None:
    """Raises Fatal."""
    from ..edges.ingest.renewing import Renewing
    from ..edges.ingest.service import NO_DOOR, run_doors

    doors = _doors(settings)
    if not doors:
        raise Fatal(NO_DOOR)
    async with admin(settings) as topics:
        counts = await articles_counts(settings, topics)
    async with (
        Renewing(lambda: publisher(settings)) as plain,
        traced(settings, plain) as sender,
        observed(settings, "ingest", meanwhile=MEANWHILE) as meter,
    ):
        await run_doors(
            {name: functools.partial(door, settings, sender, counts, meter) for name, door in doors.items()}
        )


def _doors(settings: Settings) -> dict[str, Callable[..., Any]]:
    """The doors that the settings open, by name."""
    asked = {
        "http": (settings.ingest_token, _http_door),
        "folder": (settings.ingest_folder, _folder_door),
        "topics": (settings.ingest_topics, _topics_door),
        "feeds": (settings.ingest_feeds, _feeds_door),
    }
    return {name: door for name, (setting, door) in asked.items() if setting}


async def _http_door(
    settings: Settings, sender: "Sender", counts: PartitionCounts, meter: "Meter", stop: "asyncio.Event"
) -> None:
    from ..edges.ingest.pushing import Pushes, PushLimits
    from ..edges.ingest.serving import serve

    assert settings.ingest_token is not None
    failures: list[Fatal] = []

    def on_fatal(fatal: Fatal) -> None:
        failures.append(fatal)
        stop.set()

    limits = PushLimits(
        settings.ingest_body_bytes_max, settings.ingest_body_seconds, settings.ingest_pushes_max,
        settings.ingest_line_bytes_max,
    )  # fmt: skip
    token = settings.ingest_token.get_secret_value()
    pushes = Pushes(_door_publishing(settings, sender, counts, meter, "http"), token, limits, on_fatal)
    await serve(pushes.app(), settings.ingest_host, settings.ingest_port, settings.ingest_connections_max, stop)
    if failures:
        raise failures[0]


def _door_publishing(
    settings: Settings, sender: "Sender", counts: PartitionCounts, meter: "Meter", door: str
) -> "Publishing":
    from ..edges.ingest.sending import Publishing
    from ..observe.feeding import feed_door

    publishing = Publishing(sender, counts, settings.ingest_in_flight_max, seen=None)
    feed_door(meter, door, publishing.tally)
    return publishing


async def _folder_door(
    settings: Settings, sender: "Sender", counts: PartitionCounts, meter: "Meter", stop: "asyncio.Event"
) -> None:
    from ..edges.ingest.files import Ingest
    from ..edges.ingest.watching import Watch

    assert settings.ingest_folder is not None
    log = logging.getLogger("storyline.ingest.folder")
    sending = _door_publishing(settings, sender, counts, meter, "folder")
    ingest = Ingest(sending, settings.ingest_line_bytes_max, settings.ingest_archive_bytes_max, log.info)
    await Watch(ingest, Path(settings.ingest_folder), settings.ingest_folder_settle_seconds).run(stop)


async def _topics_door(
    settings: Settings, sender: "Sender", counts: PartitionCounts, meter: "Meter", stop: "asyncio.Event"
) -> None:
    from ..edges.ingest.foreign import GROUP, Foreign, formats_of
    from ..infra.kafka.group import KafkaGroup
    from ..observe.feeding import feed_foreign

    formats = formats_of(settings.ingest_topics or "")
    async with KafkaGroup(kafka(settings), GROUP, tuple(formats), settings.batch_max) as records:
        foreign = Foreign(records, sender, counts, formats)
        feed_foreign(meter, foreign)
        await foreign.run(stop)


async def _feeds_door(
    settings: Settings, sender: "Sender", counts: PartitionCounts, meter: "Meter", stop: "asyncio.Event"
) -> None:
    from ..edges.ingest.feeds import FeedLimits, Fetcher, Polling, StateFile, feeds_of

    assert settings.ingest_feeds is not None
    log = logging.getLogger("storyline.ingest.feeds")
    path = Path(settings.ingest_feeds)
    feeds, wrong = feeds_of(path)
    for line in wrong:
        log.warning("%s", line)
    log.info("%d feeds of %s, each every %g s", len(feeds), path.name, settings.ingest_feeds_interval_seconds)
    limits = FeedLimits(
        settings.ingest_feeds_interval_seconds, settings.ingest_feeds_fetches_max,
        settings.ingest_feeds_host_fetches_max, settings.ingest_feeds_host_gap_seconds,
    )  # fmt: skip
    fetcher = Fetcher(
        frozenset(feed.host.rpartition(":")[0] for feed in feeds), agent=settings.ingest_feeds_agent,
        seconds=settings.ingest_feed_seconds, bytes_max=settings.ingest_feed_bytes_max,
        connections_max=settings.ingest_feeds_fetches_max,
    )  # fmt: skip
    state_file = Path(settings.ingest_feeds_state or f"{path}.state")
    with StateFile(state_file) as state:
        async with fetcher:
            sending = _door_publishing(settings, sender, counts, meter, "feeds")
            await Polling(feeds, state, fetcher, sending, limits).run(stop)
