"""`storyline run NAME`: one service in this process."""

import click

from .. import app
from ..settings import Settings
from .common import json_option, print_json, progress, run_async, settings_options
from .groups import Group


@click.group(cls=Group)
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
def rewriter(settings: Settings) -> None:
    """Story updates in, proposals out: asks a language model for better wording of what changed. Optional."""
    raise click.exceptions.Exit(app.run_rewriter(settings))


@run.command()
@settings_options
def ingest(settings: Settings) -> None:
    """Articles from outside onto the topic: HTTP pushes, feeds, a drop folder, topics of other shapes."""
    raise click.exceptions.Exit(app.run_ingest(settings))


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


@run.command()
@settings_options
@click.option("--subscriptions", metavar="FILE", help="The TOML file; else STORYLINE_NOTIFIER_SUBSCRIPTIONS.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent of what isn't handled yet, and end.")
@json_option
def notifier(settings: Settings, subscriptions: str | None, dry_run: bool, as_json: bool) -> None:
    """Story updates in, notifications out: console, webhooks, e-mail digests, by subscription."""
    if as_json and not dry_run:
        raise click.UsageError("--json goes with --dry-run")
    if subscriptions is not None:
        settings = settings.model_copy(update={"notifier_subscriptions": subscriptions})
    if not dry_run:
        raise click.exceptions.Exit(app.run_notifier(settings))
    looked_at, found = run_async(app.rehearse_notifier(settings))
    for each in found:
        progress(f"{each.subscription.id} → {each.endpoint}: {each.message.text()}")
    if as_json:
        print_json({"updates": looked_at, "would_send": [each.report() for each in found]})
    else:
        progress(f"{looked_at} updates looked at, {len(found)} notifications would go out; nothing was sent")
