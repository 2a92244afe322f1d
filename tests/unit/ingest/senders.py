"""Senders that keep what they are given, and articles to send. All invented."""

import json
from collections.abc import Sequence
from typing import Any

from storyline.edges.ingest.sending import Publishing
from storyline.errors import Transient
from storyline.record import Output
from storyline_schemas import PartitionCounts


class Collecting:
    """Keeps what is sent. `away`: how many sends fail first."""

    def __init__(self, away: int = 0) -> None:
        self.outputs: list[Output] = []
        self.batches: list[int] = []
        self.away = away

    async def send(self, outputs: Sequence[Output]) -> None:
        if self.away:
            self.away -= 1
            raise Transient("Kafka at nowhere doesn't answer")
        self.batches.append(len(outputs))
        self.outputs += outputs

    @property
    def uris(self) -> list[str]:
        return [json.loads(output.value or b"{}")["uri"] for output in self.outputs]


def publishing(sender: Collecting) -> Publishing:
    return Publishing(sender, PartitionCounts(), 100, seen=None)


def article(n: object, **fields: Any) -> bytes:
    """An article of the contract as a line of JSON."""
    value = {
        "uri": f"urn:example:{n}", "headline": "Bridge closed", "version_created": "2026-01-02T03:04:05Z",
        "provider": {"name": "Example Wire"}, "language": "en", **fields,
    }  # fmt: skip
    return json.dumps(value).encode() + b"\n"
