"""`storyline run NAME`: one service in this process."""

import click

from .. import app
from ..settings import Settings
from .common import settings_options


@click.group()
def run() -> None:
    """Run one service until SIGTERM or Ctrl-C; its log goes to standard error."""


@run.command()
@settings_options
def matcher(settings: Settings) -> None:
    """Articles in, commands to stories out: decides which story each article belongs to."""
    raise click.exceptions.Exit(app.run_matcher(settings))


@run.command()
@settings_options
def updater(settings: Settings) -> None:
    """Commands in, story updates out: writes what each story says."""
    raise click.exceptions.Exit(app.run_updater(settings))


@run.command()
@settings_options
def page(settings: Settings) -> None:
    """Serve the stories as pages, JSON, feeds and live streams; only reads."""
    raise click.exceptions.Exit(app.run_page(settings))


@run.command()
@settings_options
def lag(settings: Settings) -> None:
    """How far behind every group of the cluster is: pages, /metrics, and /v3/kafka as Burrow serves it."""
    raise click.exceptions.Exit(app.run_lag(settings))
