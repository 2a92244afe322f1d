"""What is asked about running services and their state, and Redis made again from the topics."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from storyline_schemas.base import DAY_MS
from storyline_schemas.topics import ARTICLES, STORY_COMMANDS

from ..errors import StateLost
from ..infra.kafka import KafkaReader
from ..infra.redis.space_store import RedisSpaceStore
from ..infra.redis.story_store import RedisStoryStore
from ..settings import Settings
from .connecting import admin, kafka, reader, redis, space_store, story_store

if TYPE_CHECKING:
    from ..rebuild import TopicRecovery, Totals
    from ..record import Record

STAGES = {"matcher": ARTICLES, "updater": STORY_COMMANDS}
"""What each stage reads; its group is `storyline.<stage>`."""


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
    """Spaces of which Redis knows less than the topics, by more than a matcher that starts puts right, and those whose
    partition is another since `articles` was given more.

    Raises Transient, Fatal.
    """
    from ..stages.matcher.matcher import moved_space

    found = []
    async with redis(settings) as client:
        spaces = space_store(client, settings)
        recovery = topic_recovery(settings, story_store(client), spaces)
        for partition in range(settings.articles_partitions):
            for name in await spaces.spaces(partition):
                if moved := moved_space(name, partition, settings.articles_partitions):
                    found.append(str(moved))
                    continue
                if (placement := await spaces.next_placement(name)) is None:
                    continue
                try:
                    await recovery.lost_decisions(name, placement)
                except StateLost as lost:
                    found.append(str(lost))
    return found


async def readings(topics: KafkaReader) -> "dict[str, Callable[[Record], object]]":
    """Of each topic that a stage reads and that has dead letters: how the stage reads a record. They raise Invalid."""
    from ..stages.matcher import decode as matcher
    from ..stages.updater import decode as updater

    counts = {topic: len(await topics.partitions(topic)) for topic in (ARTICLES.name, STORY_COMMANDS.name)}
    return {
        ARTICLES.name: lambda record: matcher.decode(record, counts[ARTICLES.name]),
        STORY_COMMANDS.name: lambda record: updater.decode(record, counts[STORY_COMMANDS.name]),
    }


def topic_recovery(settings: Settings, stories: RedisStoryStore, spaces: RedisSpaceStore) -> "TopicRecovery":
    from ..rebuild import TopicRecovery

    in_cluster = settings.redis_url.get_secret_value().partition("://")[0].endswith("+cluster")
    return TopicRecovery(kafka(settings), stories, spaces, spread=in_cluster)


async def rebuild_state(settings: Settings, say: Callable[[str], None]) -> "Totals":
    """Redis made again from the topics. Raises Fatal while services run."""
    from ..infra.redis.rebuilding import RedisTarget
    from ..infra.sentence_encoder import encoder_name
    from ..rebuild import rebuild
    from ..remembering import article_rule

    lifetime_ms = settings.assignment_lifetime_days * DAY_MS
    async with redis(settings) as client, reader(settings) as records, admin(settings) as groups:
        encoder = encoder_name(settings.matcher_encoder)
        target = RedisTarget(client, assignment_lifetime_ms=lifetime_ms, encoder=encoder)
        rule = article_rule(settings.articles_partitions)
        return await rebuild(
            records, groups, target, article_rule=rule, assignment_lifetime_ms=lifetime_ms, progress=say,
            live_max=settings.matcher_stories_max, encoder=encoder,
        )  # fmt: skip
