"""Every row of the table of scenarios at once, each in a space of its own, on Apache Kafka with the real services."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

import pytest
import redis.asyncio

from storyline.domain.placing import Life
from storyline.infra.redis import keys
from storyline_schemas import Article, StoryUpdate, partition_of
from storyline_schemas.base import to_ms

from ..scenarios.playing import SOON_SECONDS, Scenario, Seen, complaints, scenarios
from ..wires import article
from .harness import Cluster, Sent, read_topic

Round = Sequence[Sequence[Mapping[str, Any]]]
"""The steps of each row."""
USUAL_SECONDS = 15.0
"""In it the first article is through on a machine that has nothing else to do."""
pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]


async def test_every_scenario_comes_out_as_the_table_says(cluster: Cluster) -> None:
    rows = scenarios()
    cluster.start("matcher", **_spans(rows)), cluster.start("updater")
    await cluster.send_articles([Article.model_validate(article("warm", space="warm"))])
    began = time.monotonic()
    await cluster.settled()  # the first article waits for what is loaded only then
    seen = await played(cluster, rows, max(1.0, (time.monotonic() - began) / USUAL_SECONDS))
    wrong = {row.name: said for row in rows if (said := complaints(row, seen[row.space]))}
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


async def played(cluster: Cluster, rows: list[Scenario], slow: float) -> dict[str, Seen]:
    """Round by round, all rows together; a round begins when the one before is through.

    `slow`: by so much the machine is slower than usual, and embargoes must be longer for a round to end before them.
    """
    seen = {row.space: Seen() for row in rows}
    embargoes: dict[str, datetime] = {}
    for number, round_ in enumerate(zip_longest(*(row.rounds for row in rows), fillvalue=())):
        before = {space: _parsed(records) for space, records in (await _updates(cluster)).items()}
        for row in rows:
            if len(row.rounds) == number + 1:
                seen[row.space].before_last_round = len(before.get(row.space, ()))
        await cluster.send(_events(cluster, rows, round_, before, embargoes, slow))
        await _time_passes(cluster, rows, round_, embargoes, slow)
        await cluster.settled()
    await _read(cluster, seen)
    return seen


def _events(
    cluster: Cluster, rows: list[Scenario], round_: Round, before: Mapping[str, list[StoryUpdate]],
    embargoes: dict[str, datetime], slow: float,
) -> list[Sent]:  # fmt: skip
    """The round's records; notes in `embargoes` those that end within the test."""
    now, sent = datetime.now(UTC), []
    for row, steps in zip(rows, round_, strict=True):
        for step in steps:
            event = row.event(step, now, before.get(row.space, ()), slow)
            if event is None:
                continue
            sent.append((row.space.encode(), event[0], partition_of(row.space, cluster.partitions), event[1]))
            if step.get("embargo", SOON_SECONDS) < SOON_SECONDS:
                embargoes[row.space] = datetime.fromisoformat(json.loads(event[0])["embargoed_until"])
    return sent


async def _time_passes(
    cluster: Cluster, rows: list[Scenario], round_: Round, embargoes: Mapping[str, datetime], slow: float
) -> None:
    for row, steps in zip(rows, round_, strict=True):
        for step in steps:
            if "until" in step:
                await _turned(cluster, row.space, step["until"])
            elif "wait" in step:
                await _embargoes_ended(cluster, embargoes, 60 * slow)


async def _embargoes_ended(cluster: Cluster, embargoes: Mapping[str, datetime], seconds: float) -> None:
    """Wait until nothing is held that was due, by what Redis says."""
    client = redis.asyncio.from_url(cluster.redis)
    try:
        async with asyncio.timeout(seconds):
            for space, until in embargoes.items():
                while datetime.now(UTC) < until or await client.zcount(keys.space_holds(space), "-inf", to_ms(until)):
                    await asyncio.sleep(0.1)
    finally:
        await client.aclose()


def _spans(rows: list[Scenario]) -> dict[str, str]:
    """The services' settings for the rows whose stories rest within the test."""
    rests = [f"{row.space}={row.rests / 3_600:.6f}" for row in rows if row.rests is not None]
    closes = [f"{row.space}={row.closes / 86_400:.6f}" for row in rows if row.closes is not None]
    expires = [f"{row.space}={row.expires / 86_400:.6f}" for row in rows if row.expires is not None]
    return {
        "story_dormant_hours": ",".join(["72", *rests]), "story_closed_days": ",".join(["30", *closes]),
        "story_expired_days": ",".join(["30", *expires]),
    }  # fmt: skip


async def _turned(cluster: Cluster, space: str, stage: str) -> None:
    """Wait until the matcher has let a story of the space rest, closed it, or told it to expire.

    It writes that down before it tells the updater: only when the command is there is anything left to be settled.
    """
    client = redis.asyncio.from_url(cluster.redis)
    try:
        async with asyncio.timeout(150):
            while stage not in await _stages(client, space):
                await asyncio.sleep(0.1)
            while not await _told(cluster, space, stage):
                await asyncio.sleep(0.5)
    finally:
        await client.aclose()


async def _told(cluster: Cluster, space: str, stage: str) -> bool:
    commands = (json.loads(record.value) for record in await read_topic(cluster.kafka, "story-commands"))
    said = (
        {"close": each.get("status"), "expire": "expired"}.get(each["type"])
        for each in commands
        if each["space"] == space
    )
    return stage in said


async def _stages(client: redis.asyncio.Redis, space: str) -> set[str]:
    lives = [Life.from_bytes(each) for each in await client.hvals(keys.space_lives(space))]
    return {"expired" if life.expired else life.stage for life in lives}


async def _updates(cluster: Cluster) -> dict[str, list[Any]]:
    """Space → its records on `story-updates` without repeats."""
    found: dict[str, dict[tuple[str, int], Any]] = defaultdict(dict)
    for record in await read_topic(cluster.kafka, "story-updates"):
        story = StoryUpdate.model_validate_json(record.value).story
        found[story.space].setdefault((story.id, story.version), record)
    return {space: list(records.values()) for space, records in found.items()}


def _parsed(records: list[Any]) -> list[StoryUpdate]:
    return [StoryUpdate.model_validate_json(each.value) for each in sorted(records, key=lambda one: one.timestamp)]


async def _read(cluster: Cluster, seen: dict[str, Seen]) -> None:
    for space, records in (await _updates(cluster)).items():
        if space in seen:
            seen[space].updates = _parsed(records)
    for name in ("articles.dlq", "story-commands.dlq"):
        for record in await read_topic(cluster.kafka, name):
            space = record.key.decode() if name == "articles.dlq" else json.loads(record.value)["space"]
            seen[space].dead.append(dict(record.headers)["storyline-dlq-field"].decode())
    last = {record.key.decode(): record.value for record in await read_topic(cluster.kafka, "stories")}
    for its in seen.values():
        its.gone = sum(id in last and last[id] is None for id in its.stories)
    client = redis.asyncio.from_url(cluster.redis)
    for space, its in seen.items():
        its.held = await client.zcard(keys.space_holds(space))
    await client.aclose()
