"""All groups of a cluster and all they read, in as few requests as the protocol allows. Reads only; joins nothing.

A broker lists the groups that it coordinates, so nobody has to be asked where a group is. Groups are described many at
a time, log ends asked for all partitions of a leader at once, and offsets fetched group by group, several on the way.
What one broker can't answer just now is left out; the caller sees that it is missing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

from aiokafka import TopicPartition
from aiokafka import errors as kafka_errors
from aiokafka.client import AIOKafkaClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.protocol.admin import DescribeConfigsRequest, ListGroupsRequest
from aiokafka.protocol.commit import OffsetFetchRequest
from aiokafka.protocol.offset import OffsetRequest

from ...errors import Transient
from .connection import KafkaConnection, as_ours, translated
from .group_requests import ConsumerGroupDescribeRequest, DescribeGroups

T = TypeVar("T")
Place = tuple[str, int]
"""Topic and partition."""

END, START = -1, -2
GROUPS_AT_ONCE = 100
"""Groups described in one request."""
PARTITIONS_AT_ONCE = 2_000
"""Partitions whose offsets are asked for in one request."""
IN_FLIGHT = 32
"""Requests on the way to one broker."""
TOPICS_AT_ONCE = 200
CONSUMING = ("", "consumer", "streams")
"""Protocol types that commit offsets of topics: consumers, Kafka Streams, and who commits without being a member."""
_TOPIC_RESOURCE = 2
_DEAD = "Dead"


@dataclass(frozen=True, slots=True)
class Member:
    """One live member of a group."""

    id: str
    client: str
    host: str
    places: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Membership:
    """Who is in a group. `state` as the broker names it: Stable, Empty, PreparingRebalance, …"""

    state: str
    members: tuple[Member, ...] = ()
    epoch: int | None = None
    """Of groups of the newer protocol alone; older ones don't tell their generation."""


@dataclass(slots=True)
class Topics:
    """Which partitions there are."""

    leaders: dict[Place, int | None] = field(default_factory=dict)
    """None while a partition has no leader."""
    brokers: tuple[int, ...] = ()


class KafkaWatcher:
    """Used as an async context manager. Raises Transient or Fatal if no broker answers at all."""

    def __init__(self, connection: KafkaConnection) -> None:
        self._connection = connection
        self._client: Any = None
        self._gates: dict[int, asyncio.Semaphore] = {}

    async def __aenter__(self) -> Self:
        self._client = AIOKafkaClient(**self._connection.arguments(), client_id="storyline.lag")
        try:
            async with asyncio.timeout(self._connection.timeout_seconds):
                await self._client.bootstrap()
        except (kafka_errors.KafkaError, OSError, TimeoutError) as error:
            await self._client.close()
            if isinstance(error, kafka_errors.KafkaConnectionError | TimeoutError):
                raise await self._connection.why_unreachable() from None
            raise as_ours(error, self._connection) from None
        except BaseException:
            await self._client.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated(self._connection):
            await self._client.close()

    # ---- what there is

    async def topics(self) -> Topics:
        """Every topic's partitions and their leaders, asked anew."""
        with translated(self._connection):
            async with asyncio.timeout(self._connection.timeout_seconds):
                found = await self._client.force_metadata_update()
        if not found:
            raise Transient(f"Kafka at {self._connection.bootstrap_servers} doesn't answer; is it running?")
        cluster = self._client.cluster
        leaders: dict[Place, int | None] = {}
        for topic in cluster.topics(exclude_internal_topics=False):
            for partition in cluster.partitions_for_topic(topic) or ():
                leader = cluster.leader_for_partition(TopicPartition(topic, partition))
                leaders[topic, partition] = leader if leader is not None and leader >= 0 else None
        return Topics(leaders, tuple(sorted(broker.nodeId for broker in cluster.brokers())))

    async def groups(self, brokers: Iterable[int]) -> dict[str, int]:
        """Every consuming group → its coordinator. Raises Transient if no broker lists its groups."""
        found: dict[str, int] = {}
        answers = await self._from_all({node: ListGroupsRequest() for node in brokers})
        for node, answer in answers.items():
            if answer.error_code == 0:
                found |= {group: node for group, kind, *_ in answer.groups if kind in CONSUMING}
        if not any(answer.error_code == 0 for answer in answers.values()):
            raise Transient(f"Kafka at {self._connection.bootstrap_servers} lists no groups; is it still starting?")
        return found

    async def committed(self, coordinators: Mapping[str, int]) -> dict[str, dict[Place, int]]:
        """For each group that could be asked, what it has committed: place → next offset."""

        async def of_one(group: str, node: int) -> tuple[str, dict[Place, int] | None]:
            answer = await self._ask(node, OffsetFetchRequest(group, None))
            if answer is None or answer.error_code:
                return group, None
            return group, {
                (topic, partition): offset
                for topic, partitions in answer.topics
                for partition, offset, _, error in partitions
                if offset >= 0 and not error
            }

        answers = await asyncio.gather(*(of_one(group, node) for group, node in coordinators.items()))
        return {group: places for group, places in answers if places is not None}

    async def members(self, coordinators: Mapping[str, int]) -> dict[str, Membership]:
        """Who is in each group; groups that are gone, or whose coordinator doesn't answer, are left out."""
        found = await self._described(coordinators, DescribeGroups, _classic)
        # To the older request a group of the newer protocol looks dead.
        unknown = {group: node for group, node in coordinators.items() if group not in found}
        return found | await self._described(unknown, ConsumerGroupDescribeRequest, _newer)

    async def _described(
        self,
        coordinators: Mapping[str, int],
        request: Callable[[list[str]], Any],
        read: Callable[[Any], tuple[str, Membership] | None],
    ) -> dict[str, Membership]:
        by_node: dict[int, list[str]] = defaultdict(list)
        for group, node in coordinators.items():
            by_node[node].append(group)
        asked = [
            self._ask(node, request(groups[at : at + GROUPS_AT_ONCE]))
            for node, groups in by_node.items()
            for at in range(0, len(groups), GROUPS_AT_ONCE)
        ]
        answers = [answer for answer in await asyncio.gather(*asked) if answer is not None]
        return dict(found for answer in answers for each in answer.groups if (found := read(each)) is not None)

    # ---- offsets

    async def offsets(self, leaders: Mapping[Place, int | None], which: int) -> dict[Place, int]:
        """The log's END or START of each place whose leader answers."""
        by_node: dict[int, list[Place]] = defaultdict(list)
        for place, leader in leaders.items():
            if leader is not None:
                by_node[leader].append(place)
        asked = [
            self._ask(node, OffsetRequest(-1, 0, _by_topic((place, which) for place in part)))
            for node, places in by_node.items()
            for part in _parts(places, PARTITIONS_AT_ONCE)
        ]
        return {
            (topic, partition): offset
            for answer in await asyncio.gather(*asked)
            if answer is not None
            for topic, partitions in answer.topics
            for partition, error, _, offset, *_ in partitions
            if not error and offset >= 0
        }

    async def retention(self, topics: Sequence[str], brokers: Sequence[int]) -> dict[str, float | None]:
        """After how many seconds each topic deletes a record; None: never. Left out: topics that aren't told."""
        names = ["retention.ms", "cleanup.policy"]
        found: dict[str, float | None] = {}
        for part in _parts(sorted(topics), TOPICS_AT_ONCE):
            request = DescribeConfigsRequest([(_TOPIC_RESOURCE, topic, names) for topic in part], False)
            answer = await self._ask(brokers[0], request)
            for error, _, _, topic, entries in answer.resources if answer is not None else ():
                if not error:
                    found[topic] = _retention({entry[0]: entry[1] for entry in entries})
        return found

    # ---- asking

    async def fetch(self, node: int, request: Any) -> Any:
        """The answer to a Fetch, or None."""
        return await self._ask(node, request)

    async def _from_all(self, requests: Mapping[int, Any]) -> dict[int, Any]:
        answers = await asyncio.gather(*(self._ask(node, request) for node, request in requests.items()))
        return {node: answer for node, answer in zip(requests, answers, strict=True) if answer is not None}

    async def _ask(self, node: int, request: Any) -> Any:
        """One broker's answer; None if it is away, moving, or too old for the request. Raises Fatal if we may not."""
        gate = self._gates.setdefault(node, asyncio.Semaphore(IN_FLIGHT))
        async with gate:
            try:
                return await self._client.send(node, request)
            except (kafka_errors.IncompatibleBrokerVersion, NotImplementedError, kafka_errors.StaleMetadata):
                return None
            except (kafka_errors.KafkaConnectionError, kafka_errors.RequestTimedOutError, OSError, TimeoutError):
                return None
            except kafka_errors.KafkaError as error:
                raise as_ours(error, self._connection) from None


def _by_topic(places: Iterable[tuple[Place, int]]) -> list[tuple[str, list[tuple[int, int]]]]:
    topics: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (topic, partition), value in places:
        topics[topic].append((partition, value))
    return list(topics.items())


def _parts(values: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (values[at : at + size] for at in range(0, len(values), size))


def _classic(described: Any) -> tuple[str, Membership] | None:
    error, group, state, kind, _, members, *_ = described
    if error or state == _DEAD:
        return None
    return group, Membership(
        state,
        tuple(
            Member(member, client, host.lstrip("/"), _assigned(assignment) if kind == "consumer" else frozenset())
            for member, client, host, _, assignment in members
        ),
    )


def _assigned(assignment: bytes) -> frozenset[Place]:
    """The partitions a member was given. Other clients write these bytes; what we can't read is no assignment."""
    if not assignment:
        return frozenset()
    try:
        found = ConsumerProtocolMemberAssignment.decode(assignment)
    except (ValueError, UnicodeDecodeError):
        return frozenset()
    return frozenset((topic, partition) for topic, partitions in found.assignment for partition in partitions)


def _newer(described: Any) -> tuple[str, Membership] | None:
    error, _, group, state, epoch, _, _, members, *_ = described
    if error or state == _DEAD:
        return None
    return group, Membership(state, tuple(_newer_member(each) for each in members), epoch)


def _newer_member(described: Any) -> Member:
    member, _, _, _, client, host, _, _, (assigned, _), *_ = described
    places = frozenset((topic, number) for _, topic, numbers, _ in assigned for number in numbers)
    return Member(member, client, host.lstrip("/"), places)


def _retention(config: Mapping[str, str | None]) -> float | None:
    ms = int(config.get("retention.ms") or -1)
    return ms / 1000 if ms >= 0 and "delete" in (config.get("cleanup.policy") or "delete") else None
