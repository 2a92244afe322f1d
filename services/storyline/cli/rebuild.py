"""`storyline rebuild`: Redis made again from the topics."""

from dataclasses import asdict

import click

from .. import app
from ..settings import Settings
from .common import json_option, print_json, progress, run_async, settings_options

SAID = {
    "incomplete": "stories without their state on story-parts, left out; the log above names them",
    "unreadable": "records that are no commands, left out; the updater makes dead letters of them",
    "forgotten_keys": "keys that Redis held before, deleted to be made again",
}
"""What a number means, where it isn't 0."""


@click.command()
@settings_options
@json_option
def rebuild(settings: Settings, as_json: bool) -> None:
    """Make the state in Redis again from Kafka's topics. Stop the services first; may be repeated any time."""
    totals = asdict(run_async(app.rebuild_state(settings, progress)))
    if as_json:
        print_json(totals)
        return
    totals["seconds"] = round(totals["seconds"], 1)
    click.echo("; ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in totals.items()))
    for name, said in SAID.items():
        if totals[name]:
            click.echo(f"{name.replace('_', ' ')}: {said}")
