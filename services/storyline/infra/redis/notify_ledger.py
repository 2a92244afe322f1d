"""The notifier's ledger and the subscriptions made by its API, in Redis."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgpack

from ...domain.notify import Entry, Owed, Told
from ...domain.notify.ports import Key, Line, Memory, Settled, Taken
from ...errors import Fenced, StateLost
from . import keys
from .client import Client, as_text
from .scripts import NOTIFY_SETTLE, NOTIFY_TAKE, Call, command

SCAN_COUNT = 1_000
LOG_PAGE = 1_000
VERSION, TOLD = "version", "told/"
_APART = "\n"  # stands in no id


class RedisLedger:
    """`lifetime_ms`: how long a story that nothing happens to is remembered; `log_max`: lines kept of a partition."""

    def __init__(self, client: Client, *, lifetime_ms: int, log_max: int) -> None:
        self._client = client
        self._lifetime_ms = lifetime_ms
        self._log_max = log_max

    async def acquire(self, partition: int) -> tuple[int, dict[Key, Entry]]:
        _, epoch = await self._client.run(
            [command("SADD", keys.NOTIFY_PARTITIONS, partition), command("INCR", keys.notify_epoch(partition))]
        )
        owed: dict[Key, Entry] = {}
        cursor = 0
        while True:
            answer = await self._client.one("HSCAN", keys.notify_owed(partition), cursor, "COUNT", SCAN_COUNT)
            cursor = int(answer[0])
            for field, packed in _hash(answer[1]).items():
                subscription, _, story_id = field.partition(_APART)
                owed[subscription, story_id] = _unpack(packed)
            if cursor == 0:
                return int(epoch), owed

    async def stories(self, partition: int, story_ids: Sequence[str]) -> dict[str, Memory]:
        answers = await self._client.run([command("HGETALL", keys.notify_story(partition, id)) for id in story_ids])
        return {id: _memory(_hash(answer)) for id, answer in zip(story_ids, answers, strict=True)}

    async def take(self, partition: int, epoch: int, taken: Sequence[Taken]) -> None:
        calls = [self._take(partition, epoch, each) for each in taken]
        self._check(partition, epoch, await self._client.run(calls, replicated=True))

    async def settle(self, partition: int, epoch: int, settled: Sequence[Settled]) -> None:
        calls = [self._settle(partition, epoch, each) for each in settled]
        self._check(partition, epoch, await self._client.run(calls, replicated=True))

    def _take(self, partition: int, epoch: int, taken: Taken) -> Call:
        at = [keys.notify_epoch(partition), keys.notify_owed(partition), keys.notify_story(partition, taken.story_id)]
        arguments: list[str | bytes | int] = [epoch, taken.version, self._lifetime_ms]
        for subscription, entry in taken.entries.items():
            arguments += [f"{subscription}{_APART}{taken.story_id}", _pack(entry)]
        return NOTIFY_TAKE.call(at, arguments)

    def _settle(self, partition: int, epoch: int, settled: Settled) -> Call:
        story = keys.notify_story(partition, settled.story_id)
        at = [keys.notify_epoch(partition), keys.notify_owed(partition), story, keys.notify_log(partition)]
        return NOTIFY_SETTLE.call(
            at,
            [
                epoch, self._lifetime_ms, f"{settled.subscription}{_APART}{settled.story_id}", _pack(settled.entry),
                f"{TOLD}{settled.subscription}", settled.told.to_json() if settled.told else "", self._log_max,
                settled.line.to_json() if settled.line else "",
            ],
        )  # fmt: skip

    @staticmethod
    def _check(partition: int, epoch: int, answers: Sequence[int]) -> None:
        # Epochs only grow, so one below ours is nobody's takeover: Redis was emptied or has gone back in time.
        if any(answer < epoch for answer in answers):
            raise StateLost(
                f"the notifier's ledger for partition {partition} is missing in Redis (emptied, or an older copy): "
                "what was owed and not yet sent, and subscriptions made by its API, may be lost; restart the notifier, "
                "it goes on from its committed offsets"
            )
        if any(answer != epoch for answer in answers):
            raise Fenced(f"another notifier has taken over partition {partition}")

    async def lines(self, limit: int, wanted: Mapping[str, str] | None = None) -> list[Line]:
        """The newest lines of all partitions whose fields have the wanted values, newest first, at most `limit`."""
        numbers = sorted(int(each) for each in await self._client.one("SMEMBERS", keys.NOTIFY_PARTITIONS))
        found: list[Line] = []
        for number in numbers:
            found += await self._lines_of(number, limit, wanted or {})
        return sorted(found, key=lambda line: (-line.at_ms, line.story_id, -line.version))[:limit]

    async def _lines_of(self, partition: int, limit: int, wanted: Mapping[str, str]) -> list[Line]:
        found: list[Line] = []
        end = "+"
        while len(found) < limit:
            rows = await self._client.one("XREVRANGE", keys.notify_log(partition), end, "-", "COUNT", LOG_PAGE)
            for _, fields in rows:
                line = Line.model_validate_json(_hash(fields)["line"])
                if all(getattr(line, name) == value for name, value in wanted.items()):
                    found.append(line)
            if len(rows) < LOG_PAGE:
                break
            end = f"({as_text(rows[-1][0])}"
        return found[:limit]


class RedisSubscriptions:
    """The subscriptions made by the API, as their JSON, and a number that says whether they have changed."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def revision(self) -> int:
        return int(await self._client.one("GET", keys.NOTIFY_REVISION) or 0)

    async def all(self) -> dict[str, Any]:
        rows = _hash(await self._client.one("HGETALL", keys.NOTIFY_SUBSCRIPTIONS))
        return {id: json.loads(value) for id, value in sorted(rows.items())}

    async def count(self) -> int:
        return int(await self._client.one("HLEN", keys.NOTIFY_SUBSCRIPTIONS))

    async def put(self, id: str, given: Any) -> bool:
        """Whether it is new."""
        text = json.dumps(given, ensure_ascii=False)
        new, _ = await self._client.run(
            [command("HSET", keys.NOTIFY_SUBSCRIPTIONS, id, text), command("INCR", keys.NOTIFY_REVISION)],
            replicated=True,
        )
        return bool(new)

    async def delete(self, id: str) -> bool:
        """Whether it was there."""
        gone, _ = await self._client.run(
            [command("HDEL", keys.NOTIFY_SUBSCRIPTIONS, id), command("INCR", keys.NOTIFY_REVISION)], replicated=True
        )
        return bool(gone)


def _hash(answer: Any) -> dict[str, bytes]:
    """What HGETALL gives, as a list or a mapping."""
    rows = answer.items() if isinstance(answer, Mapping) else zip(answer[::2], answer[1::2], strict=True)
    return {as_text(name): value for name, value in rows}


def _memory(fields: Mapping[str, bytes]) -> Memory:
    told = {
        name.removeprefix(TOLD): Told.model_validate_json(value)
        for name, value in fields.items()
        if name.startswith(TOLD)
    }
    return Memory(int(fields.get(VERSION, 0)), told)


def _pack(entry: Entry) -> bytes:
    """Empty bytes for an empty entry."""
    if entry.empty:
        return b""
    return bytes(msgpack.packb([each.to_json() if each else None for each in (entry.waiting, entry.sent)]))


def _unpack(packed: bytes) -> Entry:
    waiting, sent = msgpack.unpackb(packed)
    return Entry(
        Owed.model_validate_json(waiting) if waiting else None, Owed.model_validate_json(sent) if sent else None
    )
