"""`storyline deliveries`: what the notifier did."""

from datetime import UTC, datetime

import click

from .. import app
from ..domain.notify.ports import OUTCOMES, Line
from ..settings import Settings
from ..terminal import safe
from .common import json_option, print_json, progress, run_async, settings_options
from .groups import Group


@click.group(cls=Group)
def deliveries() -> None:
    """What the notifier delivered, to whom, and what didn't go through."""


@deliveries.command("list")
@settings_options
@click.option("--subscription", metavar="ID", help="Only this subscription.")
@click.option("--story", metavar="ID", help="Only this story.")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="Only this outcome.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many, newest first.")
@json_option
def list_(
    settings: Settings, subscription: str | None, story: str | None, outcome: str | None, limit: int, as_json: bool
) -> None:
    """The newest attempts, one a line; each partition keeps STORYLINE_NOTIFIER_LOG_MAX of them."""
    asked = {"subscription": subscription, "story_id": story, "outcome": outcome}
    lines = run_async(_lines(settings, limit, {name: value for name, value in asked.items() if value is not None}))
    if as_json:
        print_json({"deliveries": [line.model_dump(mode="json") for line in lines]})
        return
    for line in lines:
        click.echo(safe(_shown(line)))
    if not lines:
        progress("no deliveries" + (" like that" if any(asked.values()) else ""))


async def _lines(settings: Settings, limit: int, wanted: dict[str, str]) -> list[Line]:
    async with app.redis(settings) as client:
        return await app.notifier_ledger(client, settings).lines(limit, wanted)


def _shown(line: Line) -> str:
    at = datetime.fromtimestamp(line.at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    versions = f"v{line.version}" if line.from_version >= line.version else f"v{line.from_version}–{line.version}"
    why = f"  {line.why}" if line.why else ""
    return f"{at}  {line.outcome:<9}  {line.subscription:<16} {line.story_id} {versions:<8} {line.endpoint}{why}"


@deliveries.command()
def secret() -> None:
    """Print a fresh secret for a webhook; both sides need it."""
    from ..edges.notifier.channels.webhook import new_secret

    click.echo(new_secret())
