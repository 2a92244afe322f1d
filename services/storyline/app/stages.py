"""The matcher, the updater and the rewriter, each in a shell of its own."""

import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyline_schemas import DEFAULT_SPACE, Article
from storyline_schemas.base import DAY_MS, HOUR_MS

from ..errors import Fatal
from ..heap import settle
from ..infra.redis.client import Client
from ..settings import Settings, by_space
from .connecting import admin, kafka, redis_client, space_store, story_store
from .observing import configure_logging, observing_stage, tracing
from .state import topic_recovery

if TYPE_CHECKING:
    from ..domain.matching import Encoder
    from ..domain.placing import Patience
    from ..infra.llm import ChatModel
    from ..observe.meter import Meter
    from ..stages.rewriter import Bounds as RewriterBounds
    from ..stream.settings import ShellSettings
    from ..stream.shell import Shell
    from ..stream.stage import Stage
    from .observing import Feed

REHEARSED_MAX = 20
"""Articles of the sample wire that are enough to load what writing needs."""
AFTER_ALL_MS = 1 << 42
"""Later than any article of the sample wire: they keep their own times."""


def run_matcher(settings: Settings) -> int:
    """The matcher in this process until it is told to leave; its exit code."""
    from ..domain.matching import compiled
    from ..stages.matcher import Matcher

    compiled.check()  # before the first article, which would be taken for what ends the process
    client = redis_client(settings)
    spaces = space_store(client, settings)
    recovery = topic_recovery(settings, story_store(client), spaces)
    matcher = Matcher(
        spaces, recovery, settings.partition_counts, settings.matcher_stories_max,
        settings.matcher_lives_max, patience=functools.partial(_patience, settings), encoder=_encoder(settings),
    )  # fmt: skip

    def feed(meter: "Meter", shell: "Shell[Any]") -> None:
        from ..observe.feeding import feed_matcher

        feed_matcher(meter, matcher)

    return _run(matcher, settings, client, feed, matches=True)


def _encoder(settings: Settings) -> "Encoder | None":
    if not settings.matcher_encoder:
        return None
    from ..infra.sentence_encoder import load_encoder

    return load_encoder(settings.matcher_encoder)


def _patience(settings: Settings, space: str) -> "Patience":
    from ..domain.placing import Patience

    hours, days = by_space(settings.story_dormant_hours, space), by_space(settings.story_closed_days, space)
    expired_days = by_space(settings.story_expired_days, space)
    # No article of it is remembered then, nor a command to it kept; and it has been closed for a while.
    remembered_days = max(settings.assignment_lifetime_days, expired_days)
    forgotten_days = max(days, remembered_days) + remembered_days
    return Patience(int(hours * HOUR_MS), *(int(each * DAY_MS) for each in (days, expired_days, forgotten_days)))


def run_updater(settings: Settings) -> int:
    """The updater in this process until it is told to leave; its exit code."""
    from ..stages.updater import Updater

    client = redis_client(settings)
    stories = story_store(client)
    recovery = topic_recovery(settings, stories, space_store(client, settings))
    updater = Updater(
        stories, recovery, settings.partition_counts,
        cached_stories_max=settings.updater_stories_max, cached_parts_max=settings.updater_articles_max,
    )  # fmt: skip

    def feed(meter: "Meter", shell: "Shell[Any]") -> None:
        from ..observe.feeding import feed_updater

        feed_updater(meter, updater, shell)

    return _run(updater, settings, client, feed)


def language_model(settings: Settings, url: str) -> "ChatModel":
    """Connects when first used; use with `async with`, or close it."""
    from ..infra.llm import ChatModel

    return ChatModel(
        url, settings.rewriter_model, settings.rewriter_api_key, seconds=settings.rewriter_timeout_seconds,
        bytes_max=settings.rewriter_answer_bytes_max, calls_max=settings.rewriter_calls_max,
    )  # fmt: skip


def rewriter_bounds(settings: Settings) -> "RewriterBounds":
    """What the rewriter may take and cost."""
    from ..stages.rewriter import Bounds as RewriterBounds

    names = RewriterBounds.__dataclass_fields__
    return RewriterBounds(**{name: getattr(settings, f"rewriter_{name}") for name in names})


async def compare_rewriter(
    settings: Settings, stories: "Mapping[str, Sequence[Article]]", sections_max: int, say: Callable[[str], None],
    dump: Path | None,
) -> dict[str, Any]:  # fmt: skip
    """What the model of the settings makes of stories' pages. Nothing but the model is asked."""
    from ..evaluate.rewriting import evaluate_rewriter

    assert settings.rewriter_url is not None
    async with language_model(settings, settings.rewriter_url) as model:
        return await evaluate_rewriter(
            stories, model, settings.rewriter_tries_max, settings.rewriter_tokens_out_max, sections_max, say, dump
        )


def run_rewriter(settings: Settings) -> int:
    """The rewriter in this process until it is told to leave; its exit code."""
    from ..infra.redis.wording_store import RedisWordingStore
    from ..stages.rewriter import Rewriter

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
        from ..observe.feeding import feed_rewriter

        feed_rewriter(meter, rewriter)

    return _run(rewriter, settings, client, feed, closing=(model.close,))


def _run(
    stage: "Stage[Any]",
    settings: Settings,
    client: Client,
    feed: "Feed",
    closing: "Sequence[Callable[[], Awaitable[None]]]" = (),
    matches: bool = False,
) -> int:
    from ..stream import shell
    from ..stream.poison import RedisKillCounter

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
    observing = (
        None if settings.metrics_port is None else observing_stage(settings, settings.metrics_port, client, feed)
    )
    tracer = tracing(settings, stage.name)
    try:
        return shell.run(
            stage, shell_settings(settings), counter, checks=checks, closing=(*closing, client.close),
            observing=observing, tracing=tracer,
        )  # fmt: skip
    finally:
        if tracer is not None:
            tracer.close()


def rehearse(matches: bool = True) -> None:
    """Take the sample wire through the engines in memory, and forget it; without the matching, as one story.

    Word lists, expressions and memories are then loaded before the first article comes in, not while it waits
    (measured: up to 0.5 s for the first article of a language). Lists that only matching reads are half of it.
    """
    from ..domain.pipeline import Pipeline, one_story
    from ..domain.placing import Arrival
    from ..domain.placing.arrival import at_ms_of
    from ..domain.sections import warm

    sample = files("storyline") / "demo" / "wire.jsonl"
    articles = [Article.model_validate_json(line) for line in sample.read_bytes().splitlines()]
    if matches:
        Pipeline().feed(Arrival(one, DEFAULT_SPACE, one.uri, at_ms_of(one, AFTER_ALL_MS)) for one in articles)
    else:
        warm()
        writing = Pipeline()
        for command in one_story(articles[:REHEARSED_MAX]):
            writing.carry_out([command])


def shell_settings(settings: Settings) -> "ShellSettings":
    """The shell's bounds from ours."""
    from ..stream.settings import ShellSettings

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
