"""Invented articles and records for tests, and stages run over stores in memory the way the shell runs them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from storyline.domain.placing import Arrival, Patience, at_ms_of
from storyline.errors import Invalid, Transient
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


class Flaky:
    """A store of which one call fails: the next commit, before it is written or after, so that nobody knows; or the
    second look-up, in the middle of a batch."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.fault: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def assignments(self, *of: Any) -> Any:
        if self.fault == "in the middle":
            self.fault = "at the next"
        elif self.fault == "at the next":
            self.fault = None
            raise Transient("not now")
        return await self._store.assignments(*of)

    async def commit(self, *change: Any) -> None:
        fault, self.fault = self.fault, None
        if fault == "unwritten":
            raise Transient("not written")
        await self._store.commit(*change)
        if fault == "unknown":
            raise Transient("written, and the answer was lost")


class Wire:
    """Matcher and updater over stores in memory, with logs in place of topics. One updater owns all partitions.

    `fault` makes a round fail at a named point: a crash, after which everything in memory is gone and input comes
    again (CRASHES), or something after which the shell calls `handle` again in place (FAULTS).
    """

    def __init__(self, backing: Backing | None = None, patience: Patience | None = None, **limits: int) -> None:
        self.backing = backing or Backing()
        self.patience = patience or Patience()
        self.limits = limits
        """Of the matcher."""
        self.partitions = PartitionCounts()
        self.logs: dict[str, list[Output]] = {
            name: [] for name in ("articles", "story-commands", "story-updates", "stories", "story-parts")
        }
        self.committed = {"matcher": 0, "updater": 0}
        self.inputs: list[Record] = []
        self.clock_ms = NOW_MS
        self.dead: list[str] = []
        """The fields that dead letters of `story-commands` name."""

    async def start(self) -> None:
        """New processes: memory is empty, the stores are as they were."""
        self.stores = {
            "matcher": Flaky(MemorySpaceStore(self.backing)),
            "updater": Flaky(MemoryStoryStore(self.backing)),
        }
        self.matcher = Matcher(
            self.stores["matcher"], partitions=self.partitions, patience=lambda space: self.patience, **self.limits
        )
        self.updater = Updater(self.stores["updater"], partitions=self.partitions)
        for partition in range(4):
            await self._sent(
                self.matcher, partition, await self.matcher.acquire(partition, self.committed["matcher"] > 0)
            )
            await self.updater.acquire(partition, self.committed["updater"] > 0)

    def partition(self, space: str) -> int:
        """Where a space's articles go."""
        return partition_of(space, self.partitions.articles)

    def feed(self, values: Iterable[Mapping[str, Any] | Record]) -> None:
        """Append to `articles`."""
        for value in values:
            offset = len(self.inputs)
            self.inputs.append(
                value if isinstance(value, Record) else record(value, offset, timestamp_ms=self.clock_ms)
            )

    async def run(self, size: int = 100, fault: str | None = None) -> None:
        """Take everything that isn't acknowledged through both stages; raises Crash at the point named."""
        while await self.step_matcher(size, fault) or await self.step_updater(size, fault):
            pass

    async def step_matcher(self, size: int = 100, fault: str | None = None) -> bool:
        start = self.committed["matcher"]
        batch = self.inputs[start : start + size]
        await self._take(self.matcher, batch, fault)
        self.committed["matcher"] = start + len(batch)
        return bool(batch)

    async def step_updater(self, size: int = 100, fault: str | None = None) -> bool:
        start = self.committed["updater"]
        commands = self.logs["story-commands"][start : start + size]
        await self._take(self.updater, [as_record(output, start + i) for i, output in enumerate(commands)], fault)
        self.committed["updater"] = start + len(commands)
        return bool(commands)

    async def tick(self, now_ms: int) -> None:
        self.clock_ms = now_ms
        for partition in range(4):
            await self._sent(self.matcher, partition, await self.matcher.tick(partition, now_ms))

    async def _take(self, stage: Any, batch: Sequence[Record], fault: str | None) -> None:
        for partition in sorted({each.partition for each in batch}):
            messages = [stage.decode(each) for each in batch if each.partition == partition]
            outputs = await self._handled(stage, partition, messages, fault)
            _crash_if(fault == f"{stage.name} committed")
            await self._sent(stage, partition, outputs, fault)
        _crash_if(bool(batch) and fault == f"{stage.name} confirmed")

    async def _handled(self, stage: Any, partition: int, messages: list[Any], fault: str | None) -> Sequence[Output]:
        name, _, what = (fault or "").partition(" ")
        if name == stage.name and what in ("unwritten", "unknown", "in the middle"):
            self.stores[name].fault = what
        try:
            outputs: Sequence[Output] = await self._once(stage, partition, messages)
        except Transient:
            outputs = await self._once(stage, partition, messages)
        # Sending failed altogether, and the shell begins again with the batch.
        return await self._once(stage, partition, messages) if (name, what) == (stage.name, "again") else outputs

    async def _once(self, stage: Any, partition: int, messages: list[Any]) -> Sequence[Output]:
        """Handle them; what the updater refuses is a dead letter, and the others are taken one by one."""
        try:
            outputs: Sequence[Output] = await stage.handle(partition, messages)
        except Invalid as error:
            if stage.name != "updater":
                raise
            if len(messages) == 1:
                self.dead.append(error.field)
                return ()
        else:
            return outputs
        for message in messages[:-1]:
            await self._sent(stage, partition, await self._once(stage, partition, [message]))
        return await self._once(stage, partition, messages[-1:])

    async def _sent(self, stage: Any, partition: int, outputs: Sequence[Output], fault: str | None = None) -> None:
        half = len(outputs) // 2
        for number, output in enumerate(outputs):
            _crash_if(number == half and fault == f"{stage.name} sending")
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


_STAGES = ("matcher", "updater")
CRASHES = [f"{stage} {point}" for stage in _STAGES for point in ("committed", "sending", "confirmed")]
FAULTS = [f"{stage} {point}" for stage in _STAGES for point in ("unwritten", "unknown", "again")]
FAULTS.append("matcher in the middle")


class Crash(Exception):
    """The process ends here."""


def _crash_if(condition: bool) -> None:
    if condition:
        raise Crash


def as_record(output: Output, offset: int, timestamp_ms: int = NOW_MS) -> Record:
    return Record(output.topic, output.partition, offset, timestamp_ms, output.key, output.value, output.headers)
