"""Topics and groups as Kafka has them: create what is declared, say what differs, where a group stands."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from aiokafka import errors as kafka_errors
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from storyline_schemas import TOPICS, PartitionCounts, Topic

from .connection import KafkaConnection, as_ours, start, translated

T = TypeVar("T")

REPLICATION_WANTED = 3
AGAIN_SECONDS = 0.1
"""Between two looks at something that is being set up (a new topic's leaders, a group's coordinator)."""
CHECKED = ("cleanup.policy", "message.timestamp.type", "max.message.bytes")
"""Settings that must be as declared. Retention may be longer or shorter: that is the operator's choice."""


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic as the broker has it. `config` is empty if the broker doesn't tell."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]


class KafkaAdmin:
    """Used as an async context manager; every method may raise Transient or Fatal."""

    def __init__(self, connection: KafkaConnection) -> None:
        self._connection = connection
        self._client: Any = None

    async def __aenter__(self) -> Self:
        self._client = AIOKafkaAdminClient(**self._connection.arguments())
        await start(self._client, self._connection, close="close")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated(self._connection):
            await self._client.close()

    # ---- topics

    async def create_topics(
        self, counts: PartitionCounts, replication: int | None = None, topics: Sequence[Topic] = TOPICS
    ) -> list[str]:
        """Create those of `topics` that are missing and return their names; existing ones are left as they are.

        `replication`: copies of each partition; None takes three, or as many as there are brokers.
        """
        with translated(self._connection):
            brokers = len((await self._client.describe_cluster())["brokers"])
            present = set(await self._client.list_topics())
            copies = replication or min(REPLICATION_WANTED, brokers)
            missing = [topic for topic in topics if topic.name not in present]
            if not missing:
                return []
            answer = await self._client.create_topics([_new_topic(topic, counts, copies) for topic in missing])
            created = [name for name, *result in answer.topic_errors if self._created(name, *result)]
            await self._await_leaders({topic.name for topic in missing})
        return created

    async def _await_leaders(self, names: set[str]) -> None:
        """A new topic takes a moment before it can be written to."""
        async with asyncio.timeout(self._connection.timeout_seconds):
            while True:
                described = [each for each in await self._client.describe_topics() if each["topic"] in names]
                ready = [each for each in described if all(p["leader"] >= 0 for p in each["partitions"])]
                if len(ready) == len(names):
                    return
                await asyncio.sleep(AGAIN_SECONDS)

    def _created(self, name: str, code: int, message: str | None = None) -> bool:
        """Whether we made it; somebody else who was quicker is fine too."""
        if code == 0:
            return True
        kind = kafka_errors.for_code(code)
        if kind is kafka_errors.TopicAlreadyExistsError:
            return False
        raise as_ours(kind(f"topic {name}: {message or kind.__name__}"), self._connection)

    async def topics(self, names: Iterable[str] | None = None) -> dict[str, TopicState]:
        """Those of `names` (all declared ones if not given) that exist."""
        wanted = set(names) if names is not None else {topic.name for topic in TOPICS}
        with translated(self._connection):
            # Asked for by name, a broker may create what it doesn't have.
            described = [each for each in await self._client.describe_topics() if each["topic"] in wanted]
            configs = await self._configs([each["topic"] for each in described])
        return {
            each["topic"]: TopicState(
                each["topic"], len(each["partitions"]),
                min((len(partition["replicas"]) for partition in each["partitions"]), default=0),
                configs.get(each["topic"], {}),
            )
            for each in described
        }  # fmt: skip

    async def _configs(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        try:
            answers = await self._client.describe_configs(
                [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
            )
        except kafka_errors.IncompatibleBrokerVersion:
            return {}  # an embedded broker that keeps no settings
        resources = [resource for answer in answers for resource in answer.resources]
        return {name: {entry[0]: entry[1] for entry in entries} for _, _, _, name, entries in resources}

    async def findings(self, counts: PartitionCounts, topics: Sequence[Topic] = TOPICS) -> list[str]:
        """What differs from the declaration, one line each, with what to do; empty if nothing does."""
        present = await self.topics(topic.name for topic in topics)
        findings = []
        for topic in topics:
            state = present.get(topic.name)
            if state is None:
                findings.append(f"topic {topic.name} is missing; run `storyline topics create`")
            else:
                findings += _differences(topic, state, topic.partitions(counts))
        return findings

    # ---- groups

    async def committed(self, group: str) -> dict[tuple[str, int], int]:
        """(topic, partition) → the next offset the group will read; only those it has committed."""
        with translated(self._connection):
            # A coordinator that is still loading answers as if nothing were committed; describing it tells.
            await self._patiently(lambda: self._describe(group))
            found = await self._patiently(lambda: self._client.list_consumer_group_offsets(group))
        return {(place.topic, place.partition): at.offset for place, at in found.items() if at.offset >= 0}

    async def members(self, group: str) -> int:
        """How many live members the group has; one that died counts until its session ends."""
        with translated(self._connection):
            return await self._patiently(lambda: self._describe(group))

    async def _describe(self, group: str) -> int:
        members = 0
        for answer in await self._client.describe_consumer_groups([group]):
            for code, _, _state, _, _, listed, *_ in answer.groups:
                if code and (kind := kafka_errors.for_code(code)) is not kafka_errors.GroupIdNotFound:
                    raise kind(f"group {group} can't be described")
                members += len(listed)
        return members

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer of a group's coordinator, which may just be moving or (on a new cluster) be made."""
        async with asyncio.timeout(self._connection.timeout_seconds):
            while True:
                try:
                    return await ask()
                except (
                    kafka_errors.GroupCoordinatorNotAvailableError,
                    kafka_errors.GroupLoadInProgressError,
                    kafka_errors.NotCoordinatorForGroupError,
                ):
                    await asyncio.sleep(AGAIN_SECONDS)


def _new_topic(topic: Topic, counts: PartitionCounts, copies: int) -> NewTopic:
    config = dict(topic.config)
    if copies >= REPLICATION_WANTED:
        # What is confirmed then survives the loss of any one broker.
        config["min.insync.replicas"] = "2"
    return NewTopic(topic.name, topic.partitions(counts), copies, topic_configs=config)


def _differences(topic: Topic, state: TopicState, partitions: int) -> list[str]:
    findings = []
    if state.partitions != partitions:
        setting = "STORYLINE_STORIES_PARTITIONS" if topic.story_keyed else "STORYLINE_ARTICLES_PARTITIONS"
        remedy = f"set {setting}={state.partitions}"
        if topic.story_keyed:
            remedy += " (a topic's count never changes: keys would move)"
        elif state.partitions < partitions:
            remedy += f", or `kafka-topics.sh --alter --topic {topic.name} --partitions {partitions}`"
        findings.append(f"topic {topic.name} has {state.partitions} partitions, not {partitions}; {remedy}")
    if state.replication >= REPLICATION_WANTED and state.config.get("min.insync.replicas") == "1":
        findings.append(
            f"topic {topic.name} confirms with one copy written; change it with "
            f"kafka-configs --alter --topic {topic.name} --add-config min.insync.replicas=2"
        )
    for name in CHECKED:
        declared, found = topic.config.get(name), state.config.get(name)
        if declared is not None and found is not None and found != declared:
            findings.append(
                f"topic {topic.name} has {name}={found}, not {declared}; change it with "
                f"kafka-configs --alter --topic {topic.name} --add-config {name}={declared}"
            )
    return findings
