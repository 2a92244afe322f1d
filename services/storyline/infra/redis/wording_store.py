"""`WordingStore` on Redis."""

from collections.abc import Mapping

from ...domain.ports import Spent
from . import keys
from .client import Client, as_text
from .scripts import Call, command

HOURS_KEPT, DAYS_KEPT = 2, 2
HOUR_SECONDS = 3_600


class RedisWordingStore:
    """The rewriter's state in Redis."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def waiting(self, partition: int) -> Mapping[str, bytes]:
        found = await self._client.one("HGETALL", keys.wording_waiting(partition))
        return {as_text(story_id): value for story_id, value in found.items()}

    async def put(self, partition: int, changes: Mapping[str, bytes | None]) -> None:
        key = keys.wording_waiting(partition)
        calls: list[Call] = [
            command("HDEL", key, story_id) if value is None else command("HSET", key, story_id, value)
            for story_id, value in changes.items()
        ]
        if calls:
            await self._client.run(calls)

    async def spend(self, hour: int, millionths: int) -> Spent:
        hours, days = keys.wording_spent("hour", hour), keys.wording_spent("day", hour // 24)
        answers = await self._client.run(
            [
                command("INCRBY", hours, millionths),
                command("INCRBY", days, millionths),
                command("EXPIRE", hours, HOURS_KEPT * HOUR_SECONDS),
                command("EXPIRE", days, DAYS_KEPT * 24 * HOUR_SECONDS),
            ]
        )
        return Spent(int(answers[0]), int(answers[1]))
