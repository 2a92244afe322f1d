"""Invented articles and records for tests, and stages run over stores in memory the way the shell runs them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from storyline.domain.placing import Arrival, at_ms_of
from storyline.infra.memory import Backing, MemorySpaceStore, MemoryStoryStore
from storyline.record import Output, Record
from storyline.stages.matcher import Matcher
from storyline.stages.updater import Updater
from storyline_schemas import Article, PartitionCounts, StoryUpdate, partition_of

NOW_MS = 1_767_312_000_000  # 2026-01-02T00:00:00Z
HOUR_MS = 3_600_000

TOPICS = {
    "ferry": (
        "Ferry runs aground off Port Hallow",
        "The ferry Alma ran aground off Port Hallow with {n} passengers on board. "
        "Coast guard boats reached the ferry within {n} minutes, the harbour master said. "
        "Nobody on the ferry Alma was hurt when it struck the sandbank off Port Hallow.",
    ),
    "budget": (
        "Senate of Vardania passes budget",
        "The senate of Vardania passed the budget by {n} votes after a night of debate. "
        "The budget of Vardania raises pensions by {n} percent, the finance minister said. "
        "Opposition senators called the Vardania budget reckless and left the chamber.",
    ),
    "quake": (
        "Earthquake shakes Mirador valley",
        "An earthquake of magnitude 6 shook the Mirador valley and damaged {n} houses. "
        "Rescue teams searched the rubble in Mirador for {n} missing villagers. "
        "The earthquake in the Mirador valley cut power to the hospital, officials said.",
    ),
}


def article(uri: str, about: str = "ferry", number: int = 12, **fields: Any) -> dict[str, Any]:
    """A usable article of an invented wire about one of TOPICS, as JSON values."""
    headline, body = TOPICS[about]
    return {
        "uri": uri, "version": "1", "headline": f"{headline}: {number}", "body": body.format(n=number),
        "language": "en", "version_created": "2026-01-01T12:00:00Z", "provider": {"name": f"Wire {uri}"}, **fields,
    }  # fmt: skip


def arrival(value: Mapping[str, Any], arrived_ms: int = NOW_MS) -> Arrival:
    parsed = Article.model_validate(dict(value))
    return Arrival(parsed, "world", f"cause-{parsed.uri}-{parsed.version}", at_ms_of(parsed, arrived_ms))


def record(
    value: Mapping[str, Any] | bytes | None, offset: int = 0, *, key: bytes | None = b"world",
    timestamp_ms: int = NOW_MS, partition: int | None = None, headers: Sequence[tuple[str, bytes]] = (),
    partitions: int = 4,
) -> Record:  # fmt: skip
    """A record of `articles`, on the right partition for its space unless told otherwise."""
    content = value if isinstance(value, bytes | None) else json.dumps(value).encode()
    space = "world" if isinstance(value, bytes | None) else value.get("space") or "world"
    where = partition_of(space, partitions) if partition is None else partition
    return Record("articles", where, offset, timestamp_ms, key, content, tuple(headers))


class Wire:
    """Matcher and updater over stores in memory, with logs in place of topics. One updater owns all partitions.

    `crash` makes a round stop at a named point, after which everything in memory is gone and input comes again.
    """

    def __init__(self, backing: Backing | None = None) -> None:
        self.backing = backing or Backing()
        self.partitions = PartitionCounts()
        self.logs: dict[str, list[Output]] = {
            name: [] for name in ("articles", "story-commands", "story-updates", "stories", "story-parts")
        }
        self.committed = {"matcher": 0, "updater": 0}
        self.inputs: list[Record] = []
        self.clock_ms = NOW_MS

    async def start(self) -> None:
        """New processes: memory is empty, the stores are as they were."""
        self.matcher = Matcher(MemorySpaceStore(self.backing), partitions=self.partitions)
        self.updater = Updater(MemoryStoryStore(self.backing), partitions=self.partitions)
        for partition in range(4):
            await self._sent(
                self.matcher, partition, await self.matcher.acquire(partition, self.committed["matcher"] > 0)
            )
            await self.updater.acquire(partition, self.committed["updater"] > 0)

    def feed(self, values: Iterable[Mapping[str, Any] | Record]) -> None:
        """Append to `articles`."""
        for value in values:
            offset = len(self.inputs)
            self.inputs.append(
                value if isinstance(value, Record) else record(value, offset, timestamp_ms=self.clock_ms)
            )

    async def run(self, size: int = 100, crash: str | None = None) -> None:
        """Take everything that isn't acknowledged through both stages; raises Crash at the point named."""
        while await self.step_matcher(size, crash) or await self.step_updater(size, crash):
            pass

    async def step_matcher(self, size: int = 100, crash: str | None = None) -> bool:
        start = self.committed["matcher"]
        batch = self.inputs[start : start + size]
        await self._take(self.matcher, batch, crash)
        self.committed["matcher"] = start + len(batch)
        return bool(batch)

    async def step_updater(self, size: int = 100, crash: str | None = None) -> bool:
        start = self.committed["updater"]
        commands = self.logs["story-commands"][start : start + size]
        await self._take(self.updater, [as_record(output, start + i) for i, output in enumerate(commands)], crash)
        self.committed["updater"] = start + len(commands)
        return bool(commands)

    async def tick(self, now_ms: int) -> None:
        self.clock_ms = now_ms
        for partition in range(4):
            await self._sent(self.matcher, partition, await self.matcher.tick(partition, now_ms))

    async def _take(self, stage: Any, batch: Sequence[Record], crash: str | None) -> None:
        for partition in sorted({each.partition for each in batch}):
            messages = [stage.decode(each) for each in batch if each.partition == partition]
            outputs = await stage.handle(partition, messages)
            _crash_if(crash == f"{stage.name} committed")
            await self._sent(stage, partition, outputs, crash)
        _crash_if(bool(batch) and crash == f"{stage.name} confirmed")

    async def _sent(self, stage: Any, partition: int, outputs: Sequence[Output], crash: str | None = None) -> None:
        half = len(outputs) // 2
        for number, output in enumerate(outputs):
            _crash_if(number == half and crash == f"{stage.name} sending")
            if output.topic == "articles":
                self.inputs.append(as_record(output, len(self.inputs), self.clock_ms))
            self.logs[output.topic].append(output)
        await stage.confirmed(partition, outputs)

    # ---- what came out

    def updates(self) -> list[StoryUpdate]:
        return [StoryUpdate.model_validate_json(output.value or b"") for output in self.logs["story-updates"]]

    def stories(self) -> dict[str, StoryUpdate]:
        """Story id → its last update, as a subscriber who drops repeats has it."""
        return {update.story.id: update for update in self.updates()}

    def members(self) -> set[frozenset[str]]:
        """The sets of articles that are stories now."""
        sources = (update.story.sources for update in self.stories().values())
        return {frozenset(source.article_uri for source in each) for each in sources if each}

    def versions(self) -> dict[str, list[int]]:
        """Story id → its versions in the order published, repeats dropped; raises if a repeat differs."""
        seen: dict[tuple[str, int], Output] = {}
        found: dict[str, list[int]] = {}
        for output, update in zip(self.logs["story-updates"], self.updates(), strict=True):
            key = (update.story.id, update.story.version)
            if seen.setdefault(key, output) != output:
                raise AssertionError(f"{key} was repeated with other bytes")
            if update.story.version not in found.setdefault(update.story.id, []):
                found[update.story.id].append(update.story.version)
        return found


POINTS = [f"{stage} {point}" for stage in ("matcher", "updater") for point in ("committed", "sending", "confirmed")]


class Crash(Exception):
    """The process ends here."""


def _crash_if(condition: bool) -> None:
    if condition:
        raise Crash


def as_record(output: Output, offset: int, timestamp_ms: int = NOW_MS) -> Record:
    return Record(output.topic, output.partition, offset, timestamp_ms, output.key, output.value, output.headers)
