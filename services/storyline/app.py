"""The only place that wires: settings in, connections, stores, stages and services out. Nothing happens at import.

What only a service needs (Faust, the languages' word lists) is imported by the function that starts one, so that
`storyline lag` and the like answer at once.
"""

import functools
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyline_schemas import Article, PartitionCounts
from storyline_schemas.topics import ARTICLES, STORY_COMMANDS, STORY_UPDATES

from .errors import Fatal, StateLost, Transient, not_started
from .heap import settle
from .infra.kafka import KafkaAdmin, KafkaConnection, KafkaPublisher, KafkaReader, KafkaWatcher
from .infra.redis.client import Client, RedisOptions
from .infra.redis.servers import Tls
from .infra.redis.space_store import RedisSpaceStore
from .infra.redis.story_store import RedisStoryStore
from .logs import JsonLines, Text
from .settings import Settings, by_space, networks

if TYPE_CHECKING:
    import asyncio

    from .domain.matching import Encoder
    from .domain.placing import Patience
    from .edges.editing import Editing
    from .edges.ingest.files import Ingest
    from .edges.ingest.sending import Publishing, Sender
    from .edges.lag.judging import Bounds
    from .edges.notifier.api import ApiServer
    from .edges.notifier.channels.base import Channel
    from .edges.notifier.directory import Directory, Made
    from .edges.notifier.rehearsal import WouldSend
    from .edges.notifier.service import Notifier
    from .edges.notifier.service import ServiceSettings as NotifierSettings
    from .infra.llm import ChatModel
    from .infra.redis.notify_ledger import RedisLedger
    from .observe.meter import Meter
    from .observe.tracing import Tracer
    from .rebuild import TopicRecovery, Totals
    from .record import Record
    from .stages.rewriter import Bounds as RewriterBounds
    from .stream.settings import ShellSettings
    from .stream.shell import Observing, Shell
    from .stream.stage import Stage

    Feed = Callable[[Meter, Shell[Any]], None]

STAGES = {"matcher": ARTICLES, "updater": STORY_COMMANDS}
"""What each stage reads; its group is `storyline.<stage>`."""
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
REHEARSED_MAX = 20
"""Articles of the sample wire that are enough to load what writing needs."""
AFTER_ALL_MS = 1 << 42
"""Later than any article of the sample wire: they keep their own times."""


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


async def committed_partitions(settings: Settings) -> dict[str, list[int]]:
    """Stage → the partitions of its topic that its group has committed offsets for. Raises Transient, Fatal."""
    async with admin(settings) as asked:
        found = {stage: await asked.committed(f"storyline.{stage}") for stage in STAGES}
    return {
        stage: sorted(number for topic, number in found[stage] if topic == reads.name)
        for stage, reads in STAGES.items()
    }


async def running(settings: Settings) -> dict[str, int]:
    """Stage → how many processes its group has. Raises Transient, Fatal."""
    async with admin(settings) as asked:
        return {stage: await asked.members(f"storyline.{stage}") for stage in STAGES}


async def older_spaces(settings: Settings) -> list[str]:
    """Spaces of which Redis knows less than the topics, by more than a matcher that starts puts right.

    Raises Transient, Fatal.
    """
    found = []
    async with redis(settings) as client:
        spaces = space_store(client, settings)
        recovery = _recovery(settings, story_store(client), spaces)
        for partition in range(settings.articles_partitions):
            for name in await spaces.spaces(partition):
                if (placement := await spaces.next_placement(name)) is None:
                    continue
                try:
                    await recovery.lost_decisions(name, placement)
                except StateLost as lost:
                    found.append(str(lost))
    return found


def reader(settings: Settings) -> KafkaReader:
    """Bounded reads; use with `async with`."""
    return KafkaReader(kafka(settings))


def watcher(settings: Settings) -> KafkaWatcher:
    """Every group of the cluster; use with `async with`."""
    return KafkaWatcher(kafka(settings))


def lag_bounds(settings: Settings) -> "Bounds":
    """How groups are looked at and judged."""
    from .edges.lag.judging import Bounds

    return Bounds(
        groups=settings.lag_groups,
        groups_max=settings.lag_groups_max,
        window=settings.lag_window,
        patience_seconds=settings.lag_patience_seconds,
        reads_max=settings.lag_reads_max,
        loss_horizon_seconds=settings.lag_loss_horizon_hours * 3600,
    )


async def readings(topics: KafkaReader) -> "dict[str, Callable[[Record], object]]":
    """Of each topic that a stage reads and that has dead letters: how the stage reads a record. They raise Invalid."""
    from .stages.matcher import decode as matcher
    from .stages.updater import decode as updater

    counts = {topic: len(await topics.partitions(topic)) for topic in (ARTICLES.name, STORY_COMMANDS.name)}
    return {
        ARTICLES.name: lambda record: matcher.decode(record, counts[ARTICLES.name]),
        STORY_COMMANDS.name: lambda record: updater.decode(record, counts[STORY_COMMANDS.name]),
    }


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
    from .infra.sentence_encoder import encoder_name

    return RedisSpaceStore(
        client, assignment_lifetime_ms=settings.assignment_lifetime_days * DAY_MS,
        encoder=encoder_name(settings.matcher_encoder),
    )  # fmt: skip


def story_store(client: Client) -> RedisStoryStore:
    return RedisStoryStore(client)


def _recovery(settings: Settings, stories: RedisStoryStore, spaces: RedisSpaceStore) -> "TopicRecovery":
    from .rebuild import TopicRecovery

    in_cluster = settings.redis_url.get_secret_value().partition("://")[0].endswith("+cluster")
    return TopicRecovery(kafka(settings), stories, spaces, spread=in_cluster)


def run_matcher(settings: Settings) -> int:
    """The matcher in this process until it is told to leave; its exit code."""
    from .domain.matching import compiled
    from .stages.matcher import Matcher

    compiled.check()  # before the first article, which would be taken for what ends the process
    client = redis_client(settings)
    spaces = space_store(client, settings)
    recovery = _recovery(settings, story_store(client), spaces)
    matcher = Matcher(
        spaces, recovery, settings.partition_counts, settings.matcher_stories_max,
        settings.matcher_lives_max, patience=functools.partial(_patience, settings), encoder=_encoder(settings),
    )  # fmt: skip

    def feed(meter: "Meter", shell: "Shell[Any]") -> None:
        from .observe.feeding import feed_matcher

        feed_matcher(meter, matcher)

    return _run(matcher, settings, client, feed, matches=True)


def _encoder(settings: Settings) -> "Encoder | None":
    if not settings.matcher_encoder:
        return None
    from .infra.sentence_encoder import load_encoder

    return load_encoder(settings.matcher_encoder)


def _patience(settings: Settings, space: str) -> "Patience":
    from .domain.placing import Patience

    hours, days = by_space(settings.story_dormant_hours, space), by_space(settings.story_closed_days, space)
    expired_days = by_space(settings.story_expired_days, space)
    # No article of it is remembered then, nor a command to it kept; and it has been closed for a while.
    remembered_days = max(settings.assignment_lifetime_days, expired_days)
    forgotten_days = max(days, remembered_days) + remembered_days
    return Patience(int(hours * HOUR_MS), *(int(each * DAY_MS) for each in (days, expired_days, forgotten_days)))


def run_updater(settings: Settings) -> int:
    """The updater in this process until it is told to leave; its exit code."""
    from .stages.updater import Updater

    client = redis_client(settings)
    stories = story_store(client)
    recovery = _recovery(settings, stories, space_store(client, settings))
    updater = Updater(
        stories, recovery, settings.partition_counts,
        cached_stories_max=settings.updater_stories_max, cached_parts_max=settings.updater_articles_max,
    )  # fmt: skip

    def feed(meter: "Meter", shell: "Shell[Any]") -> None:
        from .observe.feeding import feed_updater

        feed_updater(meter, updater, shell)

    return _run(updater, settings, client, feed)


def language_model(settings: Settings, url: str) -> "ChatModel":
    """Connects when first used; use with `async with`, or close it."""
    from .infra.llm import ChatModel

    return ChatModel(
        url, settings.rewriter_model, settings.rewriter_api_key, seconds=settings.rewriter_timeout_seconds,
        bytes_max=settings.rewriter_answer_bytes_max, calls_max=settings.rewriter_calls_max,
    )  # fmt: skip


def rewriter_bounds(settings: Settings) -> "RewriterBounds":
    """What the rewriter may take and cost."""
    from .stages.rewriter import Bounds as RewriterBounds

    names = RewriterBounds.__dataclass_fields__
    return RewriterBounds(**{name: getattr(settings, f"rewriter_{name}") for name in names})


async def compare_rewriter(
    settings: Settings, stories: "Mapping[str, Sequence[Article]]", sections_max: int, say: Callable[[str], None],
    dump: Path | None,
) -> dict[str, Any]:  # fmt: skip
    """What the model of the settings makes of stories' pages. Nothing but the model is asked."""
    from .evaluate.rewriting import evaluate_rewriter

    assert settings.rewriter_url is not None
    async with language_model(settings, settings.rewriter_url) as model:
        return await evaluate_rewriter(
            stories, model, settings.rewriter_tries_max, settings.rewriter_tokens_out_max, sections_max, say, dump
        )


def run_rewriter(settings: Settings) -> int:
    """The rewriter in this process until it is told to leave; its exit code."""
    from .infra.redis.wording_store import RedisWordingStore
    from .stages.rewriter import Rewriter

    configure_logging(settings)
    if settings.rewriter_url is None:
        raise Fatal("no model to ask: set STORYLINE_REWRITER_URL, such as http://127.0.0.1:8000/v1")
    client = redis_client(settings)
    model = language_model(settings, settings.rewriter_url)
    bounds = rewriter_bounds(settings)
    rewriter = Rewriter(
        RedisWordingStore(client), story_store(client), model, bounds, settings.partition_counts
    )  # fmt: skip

    def feed(meter: "Meter", shell: "Shell[Any]") -> None:
        from .observe.feeding import feed_rewriter

        feed_rewriter(meter, rewriter)

    return _run(rewriter, settings, client, feed, closing=(model.close,))


def run_page(settings: Settings) -> int:
    """The page service in this process until it is told to leave; its exit code."""
    import asyncio

    configure_logging(settings)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL + 1)
    asyncio.run(_page(settings))
    return 0


async def _page(settings: Settings) -> None:
    """Raises Fatal."""
    from .edges.page.application import Limits, Pages
    from .edges.page.html import Address
    from .edges.page.limiting import Limited, Rate
    from .edges.page.reading import Library
    from .edges.page.serving import Following, allow_files, listening, serve
    from .edges.page.streams import Streams
    from .edges.page.view import Bounds, View
    from .infra.kafka import KafkaFollower
    from .infra.older import OlderText
    from .observe.feeding import feed_page
    from .observe.http import counted

    allow_files(settings.page_connections_max)
    sock = listening(settings.page_host, settings.page_port)
    view = View(Bounds(settings.page_stories_max, settings.page_versions_max, settings.page_text_bytes_max))
    streams = Streams(settings.page_streams_max, settings.page_pending_max)
    limits = Limits(settings.page_cache_bytes_max, settings.page_heartbeat_seconds, settings.page_slow_seconds)
    async with redis(settings) as client:
        older = OlderText(story_store(client), kafka(settings))
        pages = Pages(Library(view, older), streams, Address(settings.page_base_url, settings.page_title), limits)
        following = Following(
            view, pages, lambda: KafkaFollower(kafka(settings)), lambda: reader(settings), settings.page_updates_max
        )

        def around(app: Any) -> Any:
            if settings.page_rate_max:
                app = Limited(app, Rate(settings.page_rate_max), networks(settings.page_proxies))
            return app if settings.metrics_port is None else counted(app, meter)

        try:
            async with observed(settings, "page", client, lambda: pages.ready) as meter:
                feed_page(meter, pages, streams, view)
                await serve(pages, streams, following, sock, settings.page_connections_max, around)
        finally:
            await older.close()


def run_lag(settings: Settings) -> int:
    """Looking at every group's lag, and telling it on a port, until it is told to leave; its exit code."""
    import asyncio

    from .edges.lag.service import LagService, Serving, serve

    configure_logging(settings)
    # The client reports each broken connection by itself; the service says once that Kafka is away.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL + 1)
    serving = Serving(
        host=settings.lag_host,
        port=settings.lag_port,
        cluster=settings.lag_cluster,
        servers=tuple(settings.kafka_bootstrap_servers.split(",")),
        interval_seconds=settings.lag_interval_seconds,
        history_hours=settings.lag_history_hours,
    )
    service = LagService(lambda: watcher(settings), lag_bounds(settings), serving)
    asyncio.run(serve(service, serving))
    return 0


def notifier_ledger(client: Client, settings: Settings) -> "RedisLedger":
    """What is owed to subscribers, what they were told, and the delivery log."""
    from .infra.redis.notify_ledger import RedisLedger

    lifetime_ms = settings.notifier_memory_days * DAY_MS
    return RedisLedger(client, lifetime_ms=lifetime_ms, log_max=settings.notifier_log_max)


def run_notifier(settings: Settings) -> int:
    """The notifier in this process until it is told to leave; its exit code."""
    import asyncio

    configure_logging(settings)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL + 1)
    asyncio.run(_notify(settings))
    return 0


async def _notify(settings: Settings) -> None:
    """Raises Fatal."""
    from .edges.notifier.consumer import Updates
    from .edges.notifier.service import Notifier
    from .edges.notifier.serving import serve
    from .infra.redis.notify_ledger import RedisSubscriptions
    from .observe.deliveries import CountingLedger
    from .observe.feeding import feed_notifier
    from .observe.meter import Meter

    async with redis(settings) as client:
        await _servers_answer(settings, client)
        made = RedisSubscriptions(client)
        directory, kinds = _subscriptions(settings, made)
        ledger = notifier_ledger(client, settings)
        meter = Meter("notifier")
        notifier = Notifier(
            lambda revoked: Updates(
                kafka(settings), settings.notifier_start, settings.session_seconds, settings.instance, revoked
            ),
            CountingLedger(ledger, meter), directory, kinds, _notifier_bounds(settings),
            lambda: time.time_ns() // 1_000_000,
        )  # fmt: skip
        feed_notifier(meter, notifier)
        async with observed(settings, "notifier", client, meter=meter, notifier=notifier):
            await serve(notifier, _notifier_api(settings, directory, made, ledger))


async def _servers_answer(settings: Settings, client: Client) -> None:
    try:
        await client.ping()
        async with reader(settings) as records:
            await records.partitions(STORY_UPDATES.name)
    except Transient as error:
        raise not_started(error) from error


def _subscriptions(settings: Settings, made: "Made") -> "tuple[Directory, dict[str, Channel]]":
    from .edges.notifier.channels import channels
    from .edges.notifier.channels.base import ChannelSettings
    from .edges.notifier.directory import Directory

    networks = tuple(filter(None, (each.strip() for each in settings.notifier_networks_allowed.split(","))))
    kinds = channels(
        ChannelSettings(
            timeout_seconds=settings.notifier_timeout_seconds,
            networks_allowed=networks,
            smtp_url=settings.notifier_smtp_url,
            mail_from=settings.notifier_mail_from,
            environment=dict(os.environ),
        )
    )
    path = Path(settings.notifier_subscriptions) if settings.notifier_subscriptions else None
    return Directory(path, made, kinds), kinds


def _notifier_bounds(settings: Settings) -> "NotifierSettings":
    from .edges.notifier.desk import DeskSettings
    from .edges.notifier.health import Patience
    from .edges.notifier.service import ServiceSettings

    patience = Patience(
        pause_seconds=settings.notifier_retry_seconds,
        pause_seconds_max=settings.notifier_retry_seconds_max,
        failures_max=settings.notifier_failures_max,
        probe_seconds=settings.notifier_probe_seconds,
        tries_max=settings.notifier_tries_max,
    )
    desk = DeskSettings(
        patience=patience,
        timeout_seconds=settings.notifier_timeout_seconds,
        queue_max=settings.notifier_queue_max,
        sends_max=settings.notifier_sends_max,
        keep_ms=settings.notifier_keep_hours * 3_600_000,
        page_url=settings.notifier_page_url,
    )
    return ServiceSettings(batch_max=settings.batch_max, retry_seconds_max=settings.retry_seconds_max, desk=desk)


def _notifier_api(
    settings: Settings, directory: "Directory", made: "Made", ledger: "RedisLedger"
) -> "ApiServer | None":
    if settings.notifier_api_port is None or settings.notifier_api_token is None:
        return None
    from .edges.notifier.api import Api, ApiServer

    token = settings.notifier_api_token.get_secret_value()
    api = Api(directory, made, ledger, token, settings.notifier_subscriptions_max)
    return ApiServer(api.application(), settings.notifier_api_host, settings.notifier_api_port)


async def rehearse_notifier(settings: Settings) -> "tuple[int, list[WouldSend]]":
    """What the notifier would send of what its group hasn't handled; nothing is sent, committed or written."""
    from .edges.notifier.consumer import GROUP
    from .edges.notifier.rehearsal import rehearse as rehearse_sending
    from .infra.redis.notify_ledger import RedisSubscriptions

    async with redis(settings) as client, reader(settings) as records, admin(settings) as groups:
        directory, kinds = _subscriptions(settings, RedisSubscriptions(client))
        await directory.load()
        partitions = await records.partitions(STORY_UPDATES.name)
        begins = await records.begin_offsets(partitions)
        committed = await groups.committed(GROUP)
        start = {place: max(offset, committed.get(place) or 0) for place, offset in begins.items()}
        endpoints = {each.id: kinds[each.channel].endpoint(each.target) for each in directory.all()}
        return await rehearse_sending(
            records.read(start), notifier_ledger(client, settings), directory, endpoints, time.time_ns() // 1_000_000
        )


def _run(
    stage: "Stage[Any]",
    settings: Settings,
    client: Client,
    feed: "Feed",
    closing: "Sequence[Callable[[], Awaitable[None]]]" = (),
    matches: bool = False,
) -> int:
    from .stream import shell
    from .stream.poison import RedisKillCounter

    configure_logging(settings)
    rehearse(matches)
    # Some hundred thousand long-lived objects from start-up needn't be looked at again by each collection.
    settle()

    async def topics_are_as_declared() -> None:
        async with admin(settings) as topics:
            for finding in await topics.findings(settings.partition_counts):
                raise Fatal(finding)

    checks = (topics_are_as_declared, client.ping)
    counter = RedisKillCounter(_Strings(client))
    observing = None if settings.metrics_port is None else _observing(settings, settings.metrics_port, client, feed)
    tracer = tracing(settings, stage.name)
    try:
        return shell.run(
            stage, shell_settings(settings), counter, checks=checks, closing=(*closing, client.close),
            observing=observing, tracing=tracer,
        )  # fmt: skip
    finally:
        if tracer is not None:
            tracer.close()


@asynccontextmanager
async def observed(
    settings: Settings,
    service: str,
    client: Client | None = None,
    started: Callable[[], bool] = lambda: True,
    meter: "Meter | None" = None,
    notifier: "Notifier | None" = None,
) -> "AsyncIterator[Meter]":
    """Metrics and health of a service that isn't a stage, while this is open; the meter to feed."""
    from .infra.kafka.positions import KafkaPositions
    from .observe.feeding import RedisCalls
    from .observe.meter import Meter
    from .observe.probing import Lag, Ping, Probe, ReadPast, Watcher

    meter = meter or Meter(service)
    if settings.metrics_port is None:
        yield meter
        return
    from .observe.service import Listening, Plain, serving

    def took(seconds: float) -> None:
        meter.observe("storyline_kafka_call_seconds", seconds, "probe")

    lag = Lag(lambda: KafkaPositions(kafka(settings), f"storyline.{service}", STORY_UPDATES.name), took)
    probes: list[Probe] = [lag if notifier is None else ReadPast(lag, notifier.position)]
    if client is not None:
        client.watched_by(RedisCalls(meter))
        probes.append(Ping("redis", client.ping))
    seen = notifier or Plain(started)
    watcher = Watcher(seen.standing, seen.in_hand, probes)
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
    from .observe.tracing import TracedSender

    try:
        yield TracedSender(sender, tracer)
    finally:
        tracer.close()


def tracing(settings: Settings, service: str) -> "Tracer | None":
    """Where spans go; None if traces are off. The caller closes it. Raises Fatal if a library is missing."""
    if settings.tracing_endpoint is None:
        return None
    try:
        from .observe.tracing import Tracer, exporter_to
    except ModuleNotFoundError as error:
        raise Fatal(
            f"STORYLINE_TRACING_ENDPOINT is set, but {error.name} is missing: pip install 'storyline[services,tracing]'"
        ) from None
    return Tracer(service, exporter_to(settings.tracing_endpoint))


def _observing(settings: Settings, port: int, client: Client, feed: "Feed") -> "Observing":
    """Metrics and health of a stage, while its shell runs."""
    from .infra.kafka.positions import KafkaPositions
    from .observe.feeding import RedisCalls, feed_shell
    from .observe.meter import Meter
    from .observe.probing import Lag, Ping, Probe, ReadPast, Watcher
    from .observe.service import Listening, serving

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


def rehearse(matches: bool = True) -> None:
    """Take the sample wire through the engines in memory, and forget it; without the matching, as one story.

    Word lists, expressions and memories are then loaded before the first article comes in, not while it waits
    (measured: up to 0.5 s for the first article of a language). Lists that only matching reads are half of it.
    """
    from .domain.pipeline import Pipeline, one_story
    from .domain.placing import Arrival
    from .domain.placing.arrival import at_ms_of
    from .domain.sections import warm

    sample = files("storyline") / "demo" / "wire.jsonl"
    articles = [Article.model_validate_json(line) for line in sample.read_bytes().splitlines()]
    if matches:
        Pipeline().feed(Arrival(one, "world", one.uri, at_ms_of(one, AFTER_ALL_MS)) for one in articles)
    else:
        warm()
        writing = Pipeline()
        for command in one_story(articles[:REHEARSED_MAX]):
            writing.carry_out([command])


def shell_settings(settings: Settings) -> "ShellSettings":
    """The shell's bounds from ours."""
    from .stream.settings import ShellSettings

    arguments = kafka(settings).arguments()
    servers = arguments.pop("bootstrap_servers")
    arguments.pop("request_timeout_ms")
    return ShellSettings(
        kafka=servers,
        kafka_security=arguments,
        instance=settings.instance,
        batch_max=settings.batch_max,
        within_seconds=settings.batch_within_seconds,
        batch_bytes_max=settings.batch_bytes_max,
        buffer_max=settings.buffer_max,
        buffer_bytes_max=settings.buffer_bytes_max,
        retry_seconds_max=settings.retry_seconds_max,
        tries_alone=settings.tries_alone,
        kills_max=settings.kills_max,
        hang_seconds=settings.hang_seconds,
        acquire_seconds=settings.acquire_seconds,
        commit_seconds=settings.commit_seconds,
        session_seconds=settings.session_seconds,
        rebalance_seconds=settings.rebalance_seconds,
        connect_seconds=settings.connect_timeout_seconds,
    )


class _Strings:
    """The three commands the kill counter needs, over our client: its limits, and its errors as ours."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def get(self, key: str) -> bytes | None:
        found: bytes | None = await self._client.one("GET", key)
        return found

    async def set(self, key: str, value: str, ex: int) -> None:
        await self._client.one("SET", key, value, "EX", ex)

    async def delete(self, key: str) -> None:
        await self._client.one("DEL", key)


async def rebuild_state(settings: Settings, say: Callable[[str], None]) -> "Totals":
    """Redis made again from the topics. Raises Fatal while services run."""
    from .infra.redis.rebuilding import RedisTarget
    from .infra.sentence_encoder import encoder_name
    from .rebuild import rebuild
    from .remembering import article_rule

    lifetime_ms = settings.assignment_lifetime_days * DAY_MS
    async with redis(settings) as client, reader(settings) as records, admin(settings) as groups:
        encoder = encoder_name(settings.matcher_encoder)
        target = RedisTarget(client, assignment_lifetime_ms=lifetime_ms, encoder=encoder)
        rule = article_rule(settings.articles_partitions)
        return await rebuild(
            records, groups, target, article_rule=rule, assignment_lifetime_ms=lifetime_ms, progress=say,
            live_max=settings.matcher_stories_max, encoder=encoder,
        )  # fmt: skip


def configure_logging(settings: Settings) -> None:
    """One handler on standard error, in the format of the settings; libraries only from warning on."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(Text())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("storyline").setLevel(settings.log_level.upper())


async def _articles_counts(settings: Settings, topics: KafkaAdmin) -> PartitionCounts:
    found = (await topics.topics([ARTICLES.name])).get(ARTICLES.name)
    if found is None:
        raise Fatal(f"topic articles is missing in {settings.kafka_bootstrap_servers}; run `storyline topics create`")
    return PartitionCounts(articles=found.partitions, stories=settings.stories_partitions)


@asynccontextmanager
async def publishing(settings: Settings) -> "AsyncIterator[Publishing]":
    """Articles onto `articles`, placed by the topic's own partition count. Raises Fatal if there is no such topic."""
    from .edges.ingest.sending import Publishing

    async with admin(settings) as topics:
        counts = await _articles_counts(settings, topics)
    async with publisher(settings) as plain, traced(settings, plain) as sender:
        yield Publishing(sender, counts, settings.ingest_in_flight_max)


@asynccontextmanager
async def editing(settings: Settings) -> "AsyncIterator[Editing]":
    """What a person's request takes. Raises Fatal if there is no topic `articles`."""
    from .edges.editing import Editing

    async with admin(settings) as topics:
        counts = await _articles_counts(settings, topics)
    async with redis(settings) as client, publisher(settings) as out, reader(settings) as dead_letters:
        yield Editing(out, dead_letters, story_store(client), counts)


@asynccontextmanager
async def ingest(
    settings: Settings, form: str, say: Callable[[str], None], refused: Path | None = None
) -> "AsyncIterator[Ingest]":
    """Files onto `articles`; see `publishing`."""
    from .edges.ingest.files import Ingest

    async with publishing(settings) as sending:
        yield Ingest(sending, settings.ingest_line_bytes_max, settings.ingest_archive_bytes_max, say, form, refused)


@asynccontextmanager
async def checking_ingest(
    settings: Settings, form: str, say: Callable[[str], None], refused: Path | None = None
) -> "AsyncIterator[Ingest]":
    """As `ingest`, but nothing is sent and no server is asked."""
    from .edges.ingest.files import Ingest
    from .edges.ingest.sending import Nowhere, Publishing

    sending = Publishing(Nowhere(), settings.partition_counts, settings.ingest_in_flight_max)
    yield Ingest(sending, settings.ingest_line_bytes_max, settings.ingest_archive_bytes_max, say, form, refused)


def run_ingest(settings: Settings) -> int:
    """The doors of ingest in this process until it is told to leave; its exit code."""
    import asyncio

    configure_logging(settings)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL + 1)
    asyncio.run(_run_ingest(settings))
    return 0


async def _run_ingest(settings: Settings) -> None:
    """Raises Fatal."""
    from .edges.ingest.renewing import Renewing
    from .edges.ingest.service import NO_DOOR, run_doors

    doors = _doors(settings)
    if not doors:
        raise Fatal(NO_DOOR)
    async with admin(settings) as topics:
        counts = await _articles_counts(settings, topics)
    async with (
        Renewing(lambda: publisher(settings)) as plain,
        traced(settings, plain) as sender,
        observed(settings, "ingest") as meter,
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
    from .edges.ingest.pushing import Pushes, PushLimits
    from .edges.ingest.serving import serve

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
    from .edges.ingest.sending import Publishing
    from .observe.feeding import feed_door

    publishing = Publishing(sender, counts, settings.ingest_in_flight_max, seen=None)
    feed_door(meter, door, publishing.tally)
    return publishing


async def _folder_door(
    settings: Settings, sender: "Sender", counts: PartitionCounts, meter: "Meter", stop: "asyncio.Event"
) -> None:
    from .edges.ingest.files import Ingest
    from .edges.ingest.watching import Watch

    assert settings.ingest_folder is not None
    log = logging.getLogger("storyline.ingest.folder")
    sending = _door_publishing(settings, sender, counts, meter, "folder")
    ingest = Ingest(sending, settings.ingest_line_bytes_max, settings.ingest_archive_bytes_max, log.info)
    await Watch(ingest, Path(settings.ingest_folder), settings.ingest_folder_settle_seconds).run(stop)


async def _topics_door(
    settings: Settings, sender: "Sender", counts: PartitionCounts, meter: "Meter", stop: "asyncio.Event"
) -> None:
    from .edges.ingest.foreign import GROUP, Foreign, formats_of
    from .infra.kafka.group import KafkaGroup
    from .observe.feeding import feed_foreign

    formats = formats_of(settings.ingest_topics or "")
    async with KafkaGroup(kafka(settings), GROUP, tuple(formats), settings.batch_max) as records:
        foreign = Foreign(records, sender, counts, formats)
        feed_foreign(meter, foreign)
        await foreign.run(stop)


async def _feeds_door(
    settings: Settings, sender: "Sender", counts: PartitionCounts, meter: "Meter", stop: "asyncio.Event"
) -> None:
    from .edges.ingest.feeds import FeedLimits, Fetcher, Polling, StateFile, feeds_of

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
