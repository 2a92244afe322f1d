"""Groups in every state, on a real broker, moved beat by beat: what reads well, and then what goes wrong.

Each case has a topic of one partition and a group of one member. Until `fail` is called all is well; from then on the
case's fault is there. A beat writes, then commits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.structs import OffsetAndMetadata

RATE = 10
"""Records written to each topic at each beat."""
BACKLOG = 20
BURST = 300
"""Written at once to what is then caught up on."""
NOTHING_WRITTEN = ("marker", "aborted", "gaps")
"""What these groups read was written before; nothing comes any more."""


class Reader(NamedTuple):
    """Where a reader stands before a beat's commit."""

    at: int
    end: int
    beats: int
    """Since the fault; 0 at its first beat, -1 before."""


Move = Callable[[Reader], int | None]
"""The offset it commits next; None: it commits nothing."""


def _all(reader: Reader) -> int | None:
    return reader.end


def _after(fault: Move, well: Move = _all) -> Move:
    return lambda reader: (well if reader.beats < 0 else fault)(reader)


def _trailing(reader: Reader) -> int | None:
    """Some way behind, now more, now less: a busy reader, and no reason for alarm."""
    return max(0, reader.end - BACKLOG + 2 * (reader.end // RATE * 3 % 7))


CASES: Mapping[str, Move] = {
    "healthy": _all,
    "catching up": _after(lambda reader: min(reader.end, reader.at + RATE + 5)),
    "slow": _after(lambda reader: reader.at + RATE // 2),
    "stopped": _after(lambda reader: None),
    "hung": _after(lambda reader: None),
    "stalled": _after(lambda reader: reader.at),
    "rewound": _after(lambda reader: max(0, reader.at - 2 * BACKLOG) if not reader.beats else reader.at + 2, _trailing),
    "reset": _after(lambda reader: 0 if not reader.beats else reader.at + 2),
    "lost": _after(lambda reader: None),
    "beyond": _after(lambda reader: reader.end + 50),
    "no commits": lambda reader: None,
    "marker": lambda reader: 3,
    "aborted": lambda reader: 1,
    "gaps": _after(lambda reader: 3, lambda reader: None),
}


class Groups:
    """All cases at once; `prefix` keeps them apart from others on the same broker. An async context manager."""

    def __init__(self, address: str, prefix: str, cases: tuple[str, ...] = tuple(CASES)) -> None:
        self.address, self.prefix, self.cases = address, prefix, cases
        self.written: dict[str, dict[int, float]] = {case: {} for case in cases}
        """When each record that a reader can find was written, by offset."""
        self._readers = dict.fromkeys(cases, Reader(0, 0, -1))
        self._members: dict[str, AIOKafkaConsumer] = {}

    def topic(self, case: str) -> str:
        return f"{self.prefix}-{case.replace(' ', '-')}"

    def group(self, case: str) -> str:
        return f"{self.prefix}-of-{case.replace(' ', '-')}"

    async def __aenter__(self) -> Self:
        self.admin = AIOKafkaAdminClient(bootstrap_servers=self.address)
        await self.admin.start()
        await self.admin.create_topics(
            [NewTopic(self.topic(case), 1, 1, topic_configs=_config(case)) for case in self.cases]
        )
        self._producer = AIOKafkaProducer(bootstrap_servers=self.address)
        await self._producer.start()
        await self._await_leaders()
        for case in set(self.cases) & set(NOTHING_WRITTEN):
            await getattr(self, f"_write_{case}")(self.topic(case))
        await asyncio.gather(*(self._join(case) for case in self.cases))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._producer.stop()
        await asyncio.gather(*(member.stop() for member in self._members.values()))
        await self.admin.close()

    async def beat(self) -> None:
        """Write, then commit."""
        for case in self.cases:
            if case not in NOTHING_WRITTEN:
                await self._write(case)
        await self._producer.flush()
        await asyncio.gather(*(self._commit(case) for case in self.cases))

    async def fail(self) -> None:
        """From the next beat on each case has its fault."""
        self._readers = {case: reader._replace(beats=0) for case, reader in self._readers.items()}
        for case in ("stopped", "lost"):
            if case in self._members:
                await self._members.pop(case).stop()
        if "catching up" in self.cases:
            await self._write("catching up", BURST)
        if "lost" in self.cases:
            place, at = TopicPartition(self.topic("lost"), 0), self._readers["lost"].at
            await self._write("lost")
            await self._producer.flush()
            await self.admin.delete_records({place: RecordsToDelete(at + RATE // 2)})

    async def _write(self, case: str, count: int = RATE) -> None:
        for _ in range(count):
            now = time.time()
            await self._producer.send(self.topic(case), b"x", b"k", 0, timestamp_ms=int(now * 1000))
            self.written[case][len(self.written[case])] = now
        self._readers[case] = self._readers[case]._replace(end=len(self.written[case]))

    async def _commit(self, case: str) -> None:
        reader = self._readers[case]
        at, member = CASES[case](reader), self._members.get(case)
        if at is not None and member is not None:
            await member.commit({TopicPartition(self.topic(case), 0): OffsetAndMetadata(at, "")})
            if case == "gaps":  # it reads once, and leaves
                await self._members.pop(case).stop()
        after = reader.at if at is None else at
        self._readers[case] = reader._replace(at=after, beats=reader.beats + (reader.beats >= 0))

    async def _join(self, case: str) -> None:
        member = AIOKafkaConsumer(
            self.topic(case), bootstrap_servers=self.address, group_id=self.group(case), enable_auto_commit=False,
            auto_offset_reset="earliest", client_id=case.replace(" ", "-"),
        )  # fmt: skip
        await member.start()
        self._members[case] = member
        async with asyncio.timeout(60):
            while not member.assignment():
                await asyncio.sleep(0.05)

    async def _await_leaders(self) -> None:
        wanted = {self.topic(case) for case in self.cases}
        async with asyncio.timeout(30):
            while True:
                described = [each for each in await self.admin.describe_topics() if each["topic"] in wanted]
                led = [each for each in described if all(one["leader"] >= 0 for one in each["partitions"])]
                if len(led) == len(wanted):
                    return
                await asyncio.sleep(0.1)

    # ---- what is written before

    async def _write_marker(self, topic: str) -> None:
        await self._transaction(topic, 3, commit=True)

    async def _write_aborted(self, topic: str) -> None:
        await self._producer.send_and_wait(topic, b"x", b"k", 0)
        await self._transaction(topic, 3, commit=False)

    async def _write_gaps(self, topic: str) -> None:
        """Forty keys and their tombstones; compaction takes all but what stands in the newest segment."""
        for value in (b"x", None):
            for number in range(40):
                await self._producer.send_and_wait(topic, value, f"k{number}".encode(), 0)
        times: dict[int, float] = {}
        async with asyncio.timeout(90):
            while (first := await self._first_offset(topic, 3)) < 80:
                await asyncio.sleep(0.3)  # longer than segment.ms: each record begins a segment
                now = time.time()
                times[(await self._producer.send_and_wait(topic, b"x", b"last", 0)).offset] = now
        self.written["gaps"] = {first: times[first]}

    async def _first_offset(self, topic: str, at: int) -> int:
        """The first record that a reader finds from `at` on."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.address, group_id=None)
        await consumer.start()
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        consumer.seek(place, at)
        try:
            async with asyncio.timeout(10):
                return int((await consumer.getone()).offset)
        finally:
            await consumer.stop()

    async def _transaction(self, topic: str, count: int, *, commit: bool) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.address, transactional_id=f"{topic}-writer")
        await producer.start()
        await producer.begin_transaction()
        for _ in range(count):
            await producer.send_and_wait(topic, b"x", b"k", 0)
        await (producer.commit_transaction() if commit else producer.abort_transaction())
        await producer.stop()


def _config(case: str) -> dict[str, Any]:
    if case != "gaps":
        return {}
    return {
        "cleanup.policy": "compact", "segment.ms": "200", "min.cleanable.dirty.ratio": "0.001",
        "delete.retention.ms": "0", "min.compaction.lag.ms": "0",
    }  # fmt: skip
