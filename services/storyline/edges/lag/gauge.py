"""Whether Storyline's own groups have handled all there is: what the demo waits for."""

from dataclasses import dataclass

from storyline_schemas.topics import ARTICLES, STORY_COMMANDS

from ...infra.kafka import KafkaAdmin, KafkaReader
from .positions import Position, positions

GROUPS = {"storyline.matcher": ARTICLES.name, "storyline.updater": STORY_COMMANDS.name}


@dataclass(frozen=True, slots=True)
class Gauge:
    """Reads positions again and again over the same connections."""

    admin: KafkaAdmin
    reader: KafkaReader

    async def positions(self) -> list[Position]:
        """Each group on each partition. Committed offsets are read before ends, so lag is never too small."""
        rows: list[Position] = []
        for group, topic in GROUPS.items():
            committed = await self.admin.committed(group)
            partitions = await self.reader.partitions(topic)
            starts = await self.reader.begin_offsets(partitions)
            rows += positions(group, committed, starts, await self.reader.end_offsets(partitions))
        return rows
