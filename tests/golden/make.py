"""`python -m tests.golden.make FILE.jsonl.gz`: what this version of the services writes, to be read by later ones.

Matcher and updater run over a real Redis with the first half of an invented wire; every record they write and every
key they leave goes into the file, one JSON object a line, bytes as base64. The file is kept and never changed; make one
when the bytes of a topic or of Redis have changed, and name it after the day. Who reads it: `test_golden.py`.
"""

import asyncio
import base64
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import redis

from storyline.infra.redis.client import Client
from storyline.infra.redis.space_store import RedisSpaceStore
from storyline.infra.redis.story_store import RedisStoryStore
from storyline.stages.matcher import Matcher
from storyline.stages.updater import Updater

from ..servers import EmbeddedRedis
from ..wires import HOUR_MS, NOW_MS, Flaky, Wire, article


class RedisWire(Wire):
    """The wire with its state in Redis."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client

    async def start(self) -> None:
        self.stores = {
            "matcher": Flaky(RedisSpaceStore(self.client)), "updater": Flaky(RedisStoryStore(self.client)),
        }  # fmt: skip
        self.matcher = Matcher(self.stores["matcher"], partitions=self.partitions)
        self.updater = Updater(self.stores["updater"], partitions=self.partitions)
        for partition in range(4):
            outputs = await self.matcher.acquire(partition, self.committed["matcher"] > 0)
            await self._sent(self.matcher, partition, outputs)
            await self.updater.acquire(partition, self.committed["updater"] > 0)


def first_half() -> list[dict[str, Any]]:
    """Stories of several articles, a correction, a withdrawal, one never seen, an embargo, another space."""
    return [
        *(article(f"urn:g:ferry:{n}", number=n + 2) for n in range(4)),
        *(article(f"urn:g:budget:{n}", "budget", n + 2) for n in range(3)),
        article("urn:g:quake:1", "quake"), article("urn:g:ferry:1", version="2", number=9),
        article("urn:g:budget:2", "budget", version="2", pub_status="canceled"),
        article("urn:g:unseen", version="3", pub_status="canceled"),
        article("urn:g:held", "quake", embargoed_until="2026-01-02T12:00:00Z"),
        article("urn:g:sport:1", "ferry", space="sport"),
    ]  # fmt: skip


def second_half() -> list[dict[str, Any]]:
    """What later versions get to read: more of each story, a correction, a withdrawal, a repeat."""
    return [
        article("urn:g:ferry:9", number=40), article("urn:g:budget:9", "budget", 41),
        article("urn:g:quake:9", "quake", 42), article("urn:g:sport:9", "ferry", 43, space="sport"),
        article("urn:g:ferry:0", version="2", number=44), article("urn:g:quake:1", "quake", version="2", number=45),
        article("urn:g:ferry:2", version="2", pub_status="canceled"), article("urn:g:budget:0", "budget", 2),
    ]  # fmt: skip


def keys(server: redis.Redis) -> list[dict[str, Any]]:
    """Every key with its value, sorted."""
    found = []
    for key in server.scan_iter("storyline:*", count=1_000):
        kind = server.type(key).decode()
        ask = {"string": server.get, "hash": server.hgetall, "zset": lambda k: server.zrange(k, 0, -1, withscores=True)}
        value: Any = ask[kind](key)
        found.append({"key": key.decode(), "type": kind, "value": text_of(value)})
    return sorted(found, key=lambda each: str(each["key"]))


def text_of(value: Any) -> Any:
    """Bytes as base64, pairs in one flat list."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else value
        return [text_of(each) for pair in pairs for each in pair]
    return base64.b64encode(value if isinstance(value, bytes) else str(value).encode()).decode()


async def made(client: Client) -> list[dict[str, Any]]:
    """What the services write to their topics."""
    wire = RedisWire(client)
    await wire.start()
    wire.feed(first_half())
    await wire.run(size=5)
    lines: list[dict[str, Any]] = [{"clock_ms": NOW_MS + HOUR_MS}]
    for topic, outputs in wire.logs.items():
        for each in outputs:
            key, value = (None if one is None else text_of(one) for one in (each.key, each.value))
            headers = [[name, text_of(content)] for name, content in each.headers]
            lines.append({"topic": topic, "partition": each.partition, "key": key, "value": value, "headers": headers})
    return lines


async def main(path: Path) -> None:
    with EmbeddedRedis() as server:
        client = Client.from_url(server.url)
        try:
            with redis.Redis.from_url(server.url) as outside:
                lines = await made(client) + keys(outside)
        finally:
            await client.close()
    text = "".join(json.dumps(line) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{path}: {len(lines)} lines, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
