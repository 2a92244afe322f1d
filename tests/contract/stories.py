"""Invented stories for the tests of rebuild and recovery: their bytes, on the topics and in the store alike."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from storyline.domain.matching import profile_of
from storyline.domain.ports import StoryChange
from storyline.infra.kafka import KafkaConnection
from storyline.record import Output
from storyline_schemas import (
    TOPICS,
    Article,
    Match,
    Open,
    Part,
    Provider,
    Story,
    StoryStatus,
    Topic,
    part_key,
    partition_of,
)

PARTITIONS = 3
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
AT_MS = 1_767_323_045_000
SPACE = "world"


def article(uri: str, words: str = "Ferry runs aground off Port Ellery") -> Article:
    return Article(
        uri=uri, version="1", headline=words, body=f"{words} {uri}.", language="en", version_created=AT,
        provider=Provider(name="Invented Wire"),
    )  # fmt: skip


def match(uri: str) -> Match:
    return Match(article_uri=uri, score=0.75, runner_up=None, runner_up_score=None, method="body")


def part(uri: str, placement: int, *, gone: bool = False, number: int = 1) -> Part:
    if gone:
        return Part(article_uri=uri, placement=placement, revision=(0, number), gone=True)
    return Part(
        article_uri=uri, placement=placement, revision=(0, number), n=placement, headline=f"About {uri}", at_ms=AT_MS,
        profile=profile_of(article(uri)).to_json(), match=match(uri),
    )  # fmt: skip


def open_command(story_id: str, uri: str, placement: int) -> Open:
    return Open(
        story_id=story_id, space=SPACE, at_ms=AT_MS, cause="an event", article_uri=uri, placement=placement,
        revision=(0, 1), article=article(uri), profile=profile_of(article(uri)).to_json(), match=match(uri),
    )  # fmt: skip


def version(
    story_id: str,
    number: int,
    parts: Mapping[str, Part | None],
    status: StoryStatus = StoryStatus.OPEN,
    redirect_to: str | None = None,
) -> StoryChange:
    """One version of a story; `parts` are those it changes."""
    story = Story(
        id=story_id, version=number, space=SPACE, language="en", headline=f"{story_id} at {number}", status=status,
        article_count=1, source_count=1, independent_report_count=1, first_seen=AT, updated_at=AT,
        redirect_to=redirect_to,
    )  # fmt: skip
    changed = {uri: None if each is None else each.to_json() for uri, each in parts.items()}
    return StoryChange(story_id, number - 1, number, story.to_json(), b'{"head": %d}' % number, changed, ())


def outputs_of(change: StoryChange) -> list[Output]:
    partition = partition_of(change.story_id, PARTITIONS)
    records = {part_key(change.story_id): change.head} | {
        part_key(change.story_id, uri): value for uri, value in change.parts.items()
    }
    return [
        Output("stories", partition, change.story_id.encode(), change.story),
        *(Output("story-parts", partition, key.encode(), value) for key, value in records.items()),
    ]


def with_its_own_times(topic: Topic) -> Topic:
    """Its records keep the time they are given; and the embedded broker keeps headers of one name apart only then."""
    return replace(topic, config={**topic.config, "message.timestamp.type": "CreateTime"})


TIMED = [with_its_own_times(topic) for topic in TOPICS]
"""All topics, for tests in which days pass."""


async def publish(connection: KafkaConnection, changes: Iterable[StoryChange], at_ms: int | None = None) -> None:
    """Each version in a transaction of its own, as the updater does it; `at_ms` is the records' time."""
    producer = AIOKafkaProducer(
        bootstrap_servers=connection.bootstrap_servers, transactional_id="storyline.updater-test"
    )
    await producer.start()
    for change in changes:
        async with producer.transaction():
            for output in outputs_of(change):
                await producer.send(output.topic, output.value, output.key, output.partition, timestamp_ms=at_ms)
    await producer.stop()
