"""`storyline lag`: where our groups stand."""

from dataclasses import dataclass

import click

from storyline_schemas.topics import ARTICLES, STORY_COMMANDS

from .. import app
from ..edges.lag.positions import Position, positions
from ..infra.kafka import KafkaAdmin, KafkaReader
from ..settings import Settings
from .common import json_option, print_json, run_async, settings_options

GROUPS = {"storyline.matcher": ARTICLES.name, "storyline.updater": STORY_COMMANDS.name}


@click.command()
@settings_options
@json_option
def lag(settings: Settings, as_json: bool) -> None:
    """Committed offset, end and lag of each partition of Storyline's groups."""
    rows = run_async(read_positions(settings))
    if as_json:
        print_json({"lag": sum(row.lag for row in rows), "partitions": [row.report() for row in rows]})
        return
    click.echo(f"{'GROUP':<20} {'TOPIC':<16} {'PARTITION':>9} {'COMMITTED':>12} {'END':>12} {'LAG':>10}")
    for row in rows:
        committed = "-" if row.committed is None else row.committed
        click.echo(
            f"{row.group:<20} {row.topic:<16} {row.partition:>9} {committed:>12} {row.end:>12} {row.lag:>10}"
            + (f"  lost to retention: {row.lost}" if row.lost else "")
        )


async def read_positions(settings: Settings) -> list[Position]:
    """Where each of our groups stands now."""
    async with app.admin(settings) as admin, app.reader(settings) as reader:
        return await Gauge(admin, reader).positions()


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
