"""Logs, metrics, health and traces of a service, from the settings."""

import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from storyline_schemas.topics import STORY_UPDATES

from ..errors import Fatal
from ..infra.redis.client import Client
from ..logs import JsonLines, Text
from ..settings import Settings
from .connecting import kafka

if TYPE_CHECKING:
    from ..edges.ingest.sending import Sender
    from ..edges.notifier.service import Notifier
    from ..observe.meter import Meter
    from ..observe.tracing import Tracer
    from ..stream.shell import Observing, Shell

    Feed = Callable[[Meter, Shell[Any]], None]


@asynccontextmanager
async def observed(
    settings: Settings,
    service: str,
    client: Client | None = None,
    started: Callable[[], bool] = lambda: True,
    meter: "Meter | None" = None,
    notifier: "Notifier | None" = None,
    *,
    meanwhile: Mapping[str, str],
) -> "AsyncIterator[Meter]":
    """Metrics and health of a service that isn't a stage, while this is open; the meter to feed.

    `meanwhile`: what becomes of it while a server is away, said once whether it has a port or not.
    """
    from ..infra.kafka.positions import KafkaPositions
    from ..observe.feeding import RedisCalls
    from ..observe.meter import Meter
    from ..observe.probing import Lag, Ping, Probe, ReadPast, Watcher
    from ..observe.service import Listening, Plain, serving

    meter = meter or Meter(service)

    def took(seconds: float) -> None:
        meter.observe("storyline_kafka_call_seconds", seconds, "probe")

    lag = Lag(lambda: KafkaPositions(kafka(settings), f"storyline.{service}", STORY_UPDATES.name), took)
    probes: list[Probe] = [lag if notifier is None else ReadPast(lag, notifier.position)]
    if client is not None:
        client.watched_by(RedisCalls(meter))
        probes.append(Ping("redis", client.ping))
    seen = notifier or Plain(started)
    watcher = Watcher(seen.standing, seen.in_hand, probes, meanwhile=meanwhile)
    if settings.metrics_port is None:
        async with watcher:
            yield meter
        return
    listening = Listening(settings.metrics_host, settings.metrics_port, settings.progress_seconds)
    async with serving(listening, meter, watcher):
        yield meter


@asynccontextmanager
async def traced(settings: Settings, sender: "Sender") -> "AsyncIterator[Sender]":
    """`sender`, with the first span of each article if traces are on."""
    tracer = tracing(settings, "ingest")
    if tracer is None:
        yield sender
        return
    from ..observe.tracing import TracedSender

    try:
        yield TracedSender(sender, tracer)
    finally:
        tracer.close()


def tracing(settings: Settings, service: str) -> "Tracer | None":
    """Where spans go; None if traces are off. The caller closes it. Raises Fatal if a library is missing."""
    if settings.tracing_endpoint is None:
        return None
    try:
        from ..observe.tracing import Tracer, exporter_to
    except ModuleNotFoundError as error:
        raise Fatal(
            f"STORYLINE_TRACING_ENDPOINT is set, but {error.name} is missing: pip install 'storyline[services,tracing]'"
        ) from None
    return Tracer(service, exporter_to(settings.tracing_endpoint))


def observing_stage(settings: Settings, port: int, client: Client, feed: "Feed") -> "Observing":
    """Metrics and health of a stage, while its shell runs."""
    from ..infra.kafka.positions import KafkaPositions
    from ..observe.feeding import RedisCalls, feed_shell
    from ..observe.meter import Meter
    from ..observe.probing import Lag, Ping, Probe, ReadPast, Watcher
    from ..observe.service import Listening, serving

    @asynccontextmanager
    async def observing(shell: "Shell[Any]") -> AsyncIterator[object]:
        meter = Meter(shell.stage.name)
        lag = Lag(
            lambda: KafkaPositions(kafka(settings), shell.group, shell.stage.reads),
            lambda seconds: meter.observe("storyline_kafka_call_seconds", seconds, "probe"),
        )
        probes: list[Probe] = [ReadPast(lag, shell.position), Ping("redis", client.ping)]
        watcher = Watcher(shell.standing, shell.in_hand, probes)
        feed_shell(meter, shell, watcher)
        feed(meter, shell)
        client.watched_by(RedisCalls(meter))
        listening = Listening(settings.metrics_host, port, settings.progress_seconds)
        async with serving(listening, meter, watcher) as server:
            yield server

    return observing


def configure_logging(settings: Settings) -> None:
    """One handler on standard error, in the format of the settings; libraries only from warning on."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(Text())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("storyline").setLevel(settings.log_level.upper())


def run_service(settings: Settings, main: Coroutine[Any, Any, None]) -> int:
    """A service that isn't a stage, in this process until it is told to leave; its exit code."""
    import asyncio

    configure_logging(settings)
    # The client reports each broken connection by itself; a service says once that Kafka is away.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL + 1)
    asyncio.run(main)
    return 0
