"""Letters sent again: streamed, looked at beforehand, and never twice by accident.

In: a topic X.dlq up to where it ended when the replay began. Out: the topics the letters came from. State: none; which
letters were replayed is read from those topics, where each replay names its letter.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ...errors import Fatal, Invalid
from ...record import Output, Record
from .letters import REPLAY_OF, Filter, Letter, letter_of, parse_id, replay_of

AT_ONCE = 500
"""Letters sent and not yet confirmed."""
AT_ONCE_BYTES_MAX = 16 * 1024 * 1024
NAMED_MAX = 1_000
"""Ids that a report names of each kind; all of them are counted."""
REASONS_MAX = 100
ORIGINS_MAX = 1_000_000
"""Records that one run knows to have been put back, 100 bytes each; other letters of more than these aren't noticed."""

Place = tuple[str, int]
Check = Callable[[Record], object]
"""Reads a record as its stage would. Raises Invalid."""


class Source(Protocol):
    """Bounded reads. All may raise Transient."""

    async def partitions(self, topic: str) -> list[Place]: ...
    async def begin_offsets(self, partitions: Iterable[Place]) -> Mapping[Place, int]: ...
    async def end_offsets(self, partitions: Iterable[Place]) -> Mapping[Place, int]: ...
    async def offsets_since(self, partitions: Mapping[Place, int]) -> Mapping[Place, int]: ...
    def read(self, begin: Mapping[Place, int], end: Mapping[Place, int] | None = None) -> AsyncIterator[Record]: ...


class Sender(Protocol):
    """Sends in order; returns when all is confirmed."""

    async def send(self, outputs: Sequence[Output]) -> None: ...


@dataclass(slots=True)
class Named:
    """How many letters, and the ids of the first of them."""

    count: int = 0
    ids: list[str] = field(default_factory=list)

    def add(self, letter: Letter) -> None:
        self.count += 1
        if len(self.ids) < NAMED_MAX:
            self.ids.append(letter.id)


@dataclass(slots=True)
class Replayed:
    """What became of the letters."""

    sent: Named = field(default_factory=Named)
    skipped: Named = field(default_factory=Named)
    """Replayed before, a replay that came back, or one more letter of a record that was put back."""
    asked: Named = field(default_factory=Named)
    """Not sent, because they are persons' requests: whoever asked was told no, and has gone on since."""
    refused: Named = field(default_factory=Named)
    """Not sent, because its stage can't read them to this day."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why they can't be read → how many."""

    def refuse(self, letter: Letter, problem: Invalid) -> None:
        self.refused.add(letter)
        reason = str(problem)
        self.reasons[reason if reason in self.reasons or len(self.reasons) < REASONS_MAX else "other reasons"] += 1

    def report(self) -> dict[str, Any]:
        """`{"replayed": [id], "replayed_count", …}`; at most NAMED_MAX ids of each."""
        kinds = {"replayed": self.sent, "skipped": self.skipped, "requests": self.asked, "refused": self.refused}
        lists: dict[str, Any] = {name: named.ids for name, named in kinds.items()}
        counts = {f"{name}_count": named.count for name, named in kinds.items()}
        return {**lists, **counts, "reasons": dict(self.reasons.most_common())}


class Marks:
    """Which letters of the dead letter topics were replayed: a bit a letter, whatever number there are."""

    def __init__(self, begins: Mapping[Place, int], ends: Mapping[Place, int]) -> None:
        self._begins = begins
        self._bits = {place: bytearray((ends[place] - begin) // 8 + 1) for place, begin in begins.items()}

    def add(self, id: str) -> None:
        """Mark a letter; anything else is passed over: the header is any producer's to write."""
        try:
            topic, partition, offset = parse_id(id)
        except Invalid:
            return
        at = offset - self._begins.get((topic, partition), offset + 1)
        if 0 <= at < 8 * len(self._bits.get((topic, partition), b"")):
            self._bits[topic, partition][at // 8] |= 1 << at % 8

    def __contains__(self, letter: Letter) -> bool:
        place = (letter.record.topic, letter.record.partition)
        at = letter.record.offset - self._begins[place]
        return bool(self._bits[place][at // 8] >> at % 8 & 1)


class Origins:
    """Records of which a letter was put back: no other letter of theirs need be."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def add(self, letter: Letter) -> None:
        origin = letter.origin
        if origin is not None and len(self._known) < ORIGINS_MAX:
            self._known.add(origin)

    def __contains__(self, letter: Letter) -> bool:
        return bool(self._known) and letter.origin in self._known


async def replayed_before(source: Source, letters: Sequence[Letter], topics: Iterable[str]) -> Collection[str]:
    """The ids of those letters that were replayed. `topics`: those that letters may come from. Raises Fatal."""
    if not letters:
        return ()
    marks = await _marks_for(source, letters)
    await mark(source, marks, await oldest_of(_async(letters), topics))
    return {letter.id for letter in letters if letter in marks}


async def _marks_for(source: Source, letters: Sequence[Letter]) -> Marks:
    """Of the partitions that these letters lie on; none is marked."""
    places = sorted({(each.record.topic, each.record.partition) for each in letters})
    return Marks(await source.begin_offsets(places), await source.end_offsets(places))


async def oldest_of(letters: AsyncIterator[Letter], topics: Iterable[str], others_stay: bool = False) -> dict[str, int]:
    """When the first letter of each topic was written, in ms: no replay of them is older.

    Raises Fatal if one is of another topic than these, unless such stay where they are.
    """
    known, oldest_ms = frozenset(topics), dict[str, int]()
    async for letter in letters:
        if letter.topic in known:
            before = oldest_ms.get(letter.topic, letter.record.timestamp_ms)
            oldest_ms[letter.topic] = min(before, letter.record.timestamp_ms)
        elif not others_stay:
            raise Fatal(f"{letter.topic} is not a topic of ours; {letter.id}, which names it, can't be replayed")
    return oldest_ms


async def mark(source: Source, marks: Marks, since_ms: Mapping[str, int]) -> None:
    """Mark the letters that lie replayed on these topics: no memory of our own could be as true."""
    for topic, ms in since_ms.items():
        begins = await source.offsets_since(dict.fromkeys(await source.partitions(topic), ms))
        async for record in source.read(begins):
            if (of := record.header(REPLAY_OF)) is not None:
                marks.add(of.decode(errors="replace"))


class Replay:
    """One run. `checks`: of each topic that letters may go back to, how its stage reads. None: nothing is looked at.

    `again`: also letters that were replayed before, and those that came back. `now_ms`: when they'd arrive.
    """

    def __init__(
        self, source: Source, sender: Sender, checks: Mapping[str, Check | None], again: bool, now_ms: int
    ) -> None:
        self._source, self._sender, self._checks, self._again = source, sender, checks, again
        self._now_ms = now_ms
        self._partitions: dict[str, int] = {}
        self.found = Replayed()

    async def every(self, topic: str, chosen: Filter) -> None:
        """All letters of a dead letter topic that are meant, as they come: no more than a batch is held.

        The others are read too: one that isn't meant may be of the same record, and have been put back.
        """
        partitions = await self._source.partitions(topic)
        begins, ends = await self._source.begin_offsets(partitions), await self._source.end_offsets(partitions)

        async def letters() -> AsyncIterator[Letter]:
            async for record in self._source.read(begins, ends):
                yield letter_of(record)

        await self._send(letters, chosen.takes, Marks(begins, ends), by_name=False)

    async def some(self, letters: Sequence[Letter]) -> None:
        """Just these. One that came back, or a person's request, is sent: it was asked for by name."""
        marks = await _marks_for(self._source, letters)
        await self._send(lambda: _async(letters), lambda letter: True, marks, by_name=True)

    async def _send(
        self, letters: Callable[[], AsyncIterator[Letter]], taken: Callable[[Letter], bool], marks: Marks,
        by_name: bool,
    ) -> None:  # fmt: skip
        origins = Origins()
        # The ingest service writes letters of foreign topics among ours.
        oldest_ms = await oldest_of(letters(), self._checks, others_stay=not by_name)
        for topic in oldest_ms:
            self._partitions[topic] = len(await self._source.partitions(topic))
        if not self._again:
            await mark(self._source, marks, oldest_ms)
            async for letter in letters():
                if letter in marks:
                    origins.add(letter)
        batch: list[Letter] = []
        held_bytes = 0
        async for letter in letters():
            if not taken(letter) or not self._is_sent(letter, letter in marks or letter in origins, by_name):
                continue
            if not self._again:
                origins.add(letter)
            batch.append(letter)
            held_bytes += len(letter.record.value or b"")
            if len(batch) >= AT_ONCE or held_bytes >= AT_ONCE_BYTES_MAX:
                await self._confirm(batch)
                batch, held_bytes = [], 0
        await self._confirm(batch)

    def _is_sent(self, letter: Letter, was_put_back: bool, by_name: bool) -> bool:
        """Whether it goes now; if not, the report says why."""
        if was_put_back or (letter.came_back and not (by_name or self._again)):
            self.found.skipped.add(letter)
            return False
        if letter.asks and not by_name:
            self.found.asked.add(letter)
            return False
        if (problem := self._problem(letter)) is not None:
            self.found.refuse(letter, problem)
            return False
        return True

    async def _confirm(self, batch: Sequence[Letter]) -> None:
        await self._sender.send([replay_of(self._placed(letter)) for letter in batch])
        for letter in batch:
            self.found.sent.add(letter)

    def _placed(self, letter: Letter) -> Letter:
        # A letter from elsewhere may name a partition that isn't there; any one will do, the matcher forwards.
        return letter if letter.partition < self._partitions[letter.topic] else replace(letter, partition=0)

    def _problem(self, letter: Letter) -> Invalid | None:
        """What its stage would say against it now."""
        if letter.topic not in self._checks:
            return Invalid("topic", f"is {letter.topic}, none of ours: send the record there again")
        check = self._checks[letter.topic]
        if check is None:
            return None
        sent = replay_of(self._placed(letter))
        try:
            check(Record(sent.topic, sent.partition, 0, self._now_ms, sent.key, sent.value, sent.headers))
        except Invalid as problem:
            return problem
        return None


async def _async(letters: Sequence[Letter]) -> AsyncIterator[Letter]:
    for letter in letters:
        yield letter
