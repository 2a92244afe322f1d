"""`storyline rebuild`: Redis made again from the topics."""

from dataclasses import asdict

import click

from .. import app
from ..settings import Settings
from .common import json_option, print_json, progress, run_async, settings_options


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
