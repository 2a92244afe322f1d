"""Reads topics and Redis from outside and says what is wrong. Knows what was sent; asks no service."""

import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition

from storyline.infra.redis import keys
from storyline.infra.redis.packing import unpack_assignment
from storyline.record import Output

from .offsets import Offsets

LIVE = ("open", "dormant", "closed")
READ_SECONDS = 300.0
"""All that is new must be read in so long."""
TOPICS = ("articles.dlq", "story-commands", "story-commands.dlq", "story-updates", "stories", "story-parts")
EXAMPLES_MAX = 5


@dataclass
class Findings:
    """What must be nothing, each with what it was found in."""

    lost: list[str] = field(default_factory=list)
    """Articles in no live story and no dead letter."""
    doubled: list[str] = field(default_factory=list)
    """Articles in two live stories, or counted twice in one."""
    version_gaps: list[str] = field(default_factory=list)
    """Stories whose versions, repeats dropped, aren't 1, 2, 3, …"""
    poison_acked: list[str] = field(default_factory=list)
    """Bad messages that were passed and have no dead letter that equals them byte for byte."""
    untouched_changed: list[str] = field(default_factory=list)
    """Sections that changed in a version that doesn't name them."""
    zombie_writes: list[str] = field(default_factory=list)
    """An older state after a newer one, a placement given twice, a value in Redis that isn't the topics'."""
    changed_repeats: list[str] = field(default_factory=list)
    """Versions that came again with other bytes."""
    buried: list[str] = field(default_factory=list)
    """Dead letters of articles that nothing was wrong with."""
    uncited: list[str] = field(default_factory=list)
    """Stories with a sentence that cites nothing, or a source that isn't there."""
    outdated: list[str] = field(default_factory=list)
    """Articles that a story shows after they were withdrawn, or in another version than the last."""
    early: list[str] = field(default_factory=list)
    """Articles that an update shows before their embargo ended, by the broker's clock."""

    def bad(self) -> dict[str, list[str]]:
        return {name: found for name, found in vars(self).items() if found}


class Sent(Protocol):
    """What an auditor knows of what was sent."""

    @property
    def uris(self) -> Set[str]:
        """Of the articles with which nothing is wrong, and which weren't taken back."""
        ...

    @property
    def poison(self) -> Sequence[Output]:
        """What was sent to do harm, as it was sent."""
        ...

    @property
    def followers(self) -> Set[str]:
        """Articles that a poisoned one may take along: they belong to the same story."""
        ...

    @property
    def retold(self) -> Mapping[str, str | None]:
        """Uri → the last version of an article that was corrected; None: it was withdrawn."""
        ...

    @property
    def embargoes(self) -> Mapping[str, int]:
        """Uri → when its embargo ends (epoch, ms)."""
        ...


@dataclass(frozen=True)
class Good:
    """Articles with which nothing is wrong, and nothing else."""

    uris: Set[str]
    poison: Sequence[Output] = ()
    followers: Set[str] = frozenset()
    retold: Mapping[str, str | None] = field(default_factory=dict)
    embargoes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Audit:
    """What the topics say, in numbers, and what is wrong with it."""

    articles: int
    stories: int
    updates: int
    dead_letters: int
    repeats: int
    """Updates that came again, byte-identical: allowed, and rare."""
    findings: Findings

    @property
    def clean(self) -> bool:
        return not self.findings.bad()

    def report(self) -> dict[str, int]:
        """Numbers only: how many of each."""
        return {name: len(value) for name, value in vars(self.findings).items()} | {
            name: value for name, value in vars(self).items() if isinstance(value, int)
        }


class Auditor:
    """Reads on from where it was each time, so that a thousand rounds cost what is new in each."""

    def __init__(self, kafka: str, sent: Sent) -> None:
        self._kafka, self._sent = kafka, sent
        self._positions: dict[TopicPartition, int] = {}
        self.records: Counter[str] = Counter()
        self.repeats = 0
        self.findings = Findings()
        self._versions: defaultdict[str, dict[int, bytes]] = defaultdict(dict)
        self._last: dict[str, tuple[int, bytes, Any]] = {}
        """Story → version, bytes of the story, the story, as its last update has it."""
        self.states: dict[str, tuple[int, bytes, Any]] = {}
        """The same as `stories` has it, compacted."""
        self._parts: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        self._placements: dict[tuple[str, int], str] = {}
        self._dead: list[Any] = []

    # ---- reading

    async def read(self) -> None:
        """Take in every committed record that is new."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._kafka, group_id=None, enable_auto_commit=False, isolation_level="read_committed"
        )
        await consumer.start()
        try:
            async with Offsets(self._kafka) as offsets:
                places = [place for topic in TOPICS for place in await offsets.places(topic)]
            ends = await consumer.end_offsets(places)
            begins = await consumer.beginning_offsets(places)
            consumer.assign(places)
            for place in places:
                self._positions[place] = max(self._positions.get(place, 0), begins[place])
                consumer.seek(place, self._positions[place])
            left = {place for place in places if self._positions[place] < ends[place]}
            deadline = time.monotonic() + READ_SECONDS
            while left:
                assert time.monotonic() < deadline, f"{left} can't be read to their end"
                for place, found in (await consumer.getmany(*left, timeout_ms=200)).items():
                    for record in found:
                        self.take(place.topic, record)
                left = {place for place in left if await consumer.position(place) < ends[place]}
            for place in places:
                self._positions[place] = max(self._positions[place], ends[place])
        finally:
            await consumer.stop()

    def take(self, topic: str, record: Any) -> None:
        """One record, in the order of its partition."""
        self.records[topic] += 1
        if topic.endswith(".dlq"):
            self._dead.append(record)
        elif topic == "story-commands":
            self._take_command(record)
        elif topic == "story-updates":
            self._take_update(record)
        elif topic == "stories":
            self._take_state(record)
        else:
            self._take_part(record)

    def _take_command(self, record: Any) -> None:
        try:
            command = json.loads(record.value)
        except ValueError:
            return  # its dead letter says so
        if command["type"] not in ("open", "add"):
            return
        uri = command["article_uri"]
        before = self._placements.setdefault((command["space"], command["placement"]), uri)
        if before != uri:
            where = f"placement {command['placement']} of {command['space']}"
            self.findings.zombie_writes.append(f"{where}: {before}, {uri}")

    def _take_update(self, record: Any) -> None:
        update = json.loads(record.value)
        story = update["story"]
        id, version = story["id"], story["version"]
        digest = hashlib.sha256(record.value).digest()
        versions = self._versions[id]
        if version in versions:
            self.repeats += 1
            if versions[version] != digest:
                self.findings.changed_repeats.append(f"{id} v{version}")
            return
        if version != len(versions) + 1:
            self.findings.version_gaps.append(f"{id}: v{version} after v{len(versions)}")
        versions[version] = digest
        shown = {source["article_uri"] for source in story["sources"]} & self._sent.embargoes.keys()
        for uri in sorted(uri for uri in shown if record.timestamp < self._sent.embargoes[uri]):
            self.findings.early.append(f"{uri} in {id} v{version}")
        if id in self._last:
            self._compare(self._last[id][2], story, update["change"]["sections"])
        self._last[id] = (version, _canonical(story), story)

    def _compare(self, before: Mapping[str, Any], after: Mapping[str, Any], named: Mapping[str, Any]) -> None:
        """A section that this version doesn't name must be the same, byte for byte."""
        old = {section["id"]: section for section in before["sections"]}
        new = {section["id"]: section for section in after["sections"]}
        touched = {*named["added"], *named["changed"], *named["removed"]}
        for id in (old.keys() | new.keys()) - touched:
            if id not in old or id not in new or _canonical(old[id]) != _canonical(new[id]):
                self.findings.untouched_changed.append(f"{after['id']} v{after['version']} section {id}")

    def _take_state(self, record: Any) -> None:
        id = record.key.decode()
        if record.value is None:
            self.states.pop(id, None)
            return
        story = json.loads(record.value)
        before = self.states.get(id)
        if before is not None and story["version"] < before[0]:
            self.findings.zombie_writes.append(f"stories: {id} v{story['version']} after v{before[0]}")
        self.states[id] = (story["version"], record.value, story)

    def _take_part(self, record: Any) -> None:
        id, _, uri = record.key.decode().partition("/")
        if record.value is None:
            self._parts[id].pop(uri, None)
        else:
            self._parts[id][uri] = record.value

    # ---- judging

    def judge(self, redis: Any) -> Findings:
        """What is wrong when nothing is under way any more: of all rounds so far."""
        found = self.judge_topics()
        written = [*found.zombie_writes, *self._differences(redis), *self._misplaced(redis)]
        found.zombie_writes = list(dict.fromkeys(written))
        return found

    def judge_topics(self) -> Findings:
        """The same without a look into Redis."""
        found = self.findings
        live = self._live()
        placed = Counter(source["article_uri"] for story in live for source in _sources(story))
        dead = {uri for uri in map(_uri_of, self._dead) if uri}
        poisonous = {uri for uri in map(_uri_of, self._sent.poison) if uri}
        uris = self._sent.uris
        found.lost = sorted(uris - placed.keys() - dead)
        found.doubled = sorted(uri for uri, count in placed.items() if count > 1)
        found.doubled += sorted(story["id"] for story in live if story["article_count"] != len(_sources(story)))
        found.buried = sorted((dead & uris) - poisonous - self._sent.followers)
        found.uncited = sorted(story["id"] for story in live if not _cited(story))
        found.outdated = sorted(self._outdated(live))
        found.poison_acked = self._missing_dead_letters()
        for id in self._last.keys() | self.states.keys():
            if _story_of(self._last, id) != _story_of(self.states, id):
                found.zombie_writes.append(f"{id}: the state isn't that of the last update")
        return found

    def audit(self) -> Audit:
        """Numbers beside `judge_topics`."""
        findings = self.judge_topics()
        updates = sum(map(len, self._versions.values()))
        return Audit(len(self._sent.uris), len(self._live()), updates, len(self._dead), self.repeats, findings)

    def _live(self) -> list[Any]:
        return [story for _, _, story in self.states.values() if story["status"] in LIVE and story["article_count"]]

    def _outdated(self, live: Sequence[Any]) -> Iterator[str]:
        for story in live:
            for source in _sources(story):
                uri, shown = source["article_uri"], source.get("version")
                last = self._sent.retold.get(uri, shown)
                if last != shown or (last is None and uri in self._sent.retold):
                    yield f"{uri} in version {shown}, not {last}"

    def _missing_dead_letters(self) -> list[str]:
        whole = {(record.key, record.value) for record in self._dead}
        uris = {_uri_of(record) for record in self._dead if record.topic == "story-commands.dlq"}
        return [
            _uri_of(poison) or repr((poison.value or b"")[:80])
            for poison in self._sent.poison
            if (poison.key, poison.value) not in whole and _uri_of(poison) not in uris
        ]

    def _differences(self, redis: Any) -> list[str]:
        """Stories that Redis has otherwise than the topics, byte for byte.

        An outbox may stand there again: a Redis that loses its last second loses that it was cleared. What is in it is
        on the topics, as the version shows, and comes at most once more, byte-identical.
        """
        wrong = []
        for id, (version, value, _) in self.states.items():
            head = redis.hgetall(keys.story_head(id))
            parts = {uri.decode(): part for uri, part in redis.hgetall(keys.story_parts(id)).items()}
            told = dict(self._parts[id])
            if int(head.get(b"version", 0)) != version or head.get(b"story") != value:
                wrong.append(f"Redis: story {id} is at v{head.get(b'version')}, the topic at v{version}")
            elif head.get(b"head") != told.pop("", None) or parts != told:
                wrong.append(f"Redis: parts of story {id} differ from the topic's")
        known = {key.decode() for key in redis.scan_iter(keys.story_head("*"), count=1_000)}
        unknown = known - {keys.story_head(id) for id in self.states}
        return wrong + [f"Redis: {key} is in no topic" for key in sorted(unknown)]

    def _misplaced(self, redis: Any) -> list[str]:
        """Articles that the matcher remembers in another story than the one they are in."""
        wrong = []
        for story in self._live():
            uris = [source["article_uri"] for source in _sources(story)]
            packed = redis.mget([keys.space_assignment(story["space"], uri) for uri in uris])
            for uri, value in zip(uris, packed, strict=True):
                told = unpack_assignment(uri, value).story_id if value is not None else "no story"
                if self._at_last(told) != story["id"]:
                    wrong.append(f"Redis: the matcher has {uri} in {told}, the topic in {story['id']}")
        return wrong

    def _at_last(self, id: str) -> str:
        while id in self.states and self.states[id][2].get("redirect_to"):
            id = self.states[id][2]["redirect_to"]
        return id


def _story_of(known: Mapping[str, tuple[int, bytes, Any]], id: str) -> Any:
    return known[id][2] if id in known else None


def _sources(story: Mapping[str, Any]) -> list[Any]:
    """One entry an article; a source that was replaced is no article of the story any more."""
    return list({source["article_uri"]: source for source in story["sources"]}.values())


def _cited(story: Mapping[str, Any]) -> bool:
    numbers = {source["n"] for source in story["sources"]}
    sentences = [sentence for section in story["sections"] for sentence in section["sentences"]]
    return all(sentence["citations"] and set(sentence["citations"]) <= numbers for sentence in sentences)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


def _uri_of(record: Any) -> str | None:
    """The article that a record of either topic is about; None if it can't be read."""
    try:
        value = json.loads(record.value or b"null")
    except (ValueError, RecursionError):
        return None
    uri = value.get("uri", value.get("article_uri")) if isinstance(value, dict) else None
    return uri if isinstance(uri, str) else None
