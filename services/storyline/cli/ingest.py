"""`storyline ingest PATH…`: files in any format onto the topic `articles`."""

import asyncio
import functools
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from .. import app
from ..edges.ingest.files import Ingest
from ..edges.ingest.reading import AUTO, FORMAT_NAMES
from ..edges.ingest.tally import Tally
from ..edges.ingest.watching import Watch
from ..settings import Settings
from ..terminal import safe_lines
from .common import FAILED, json_option, print_json, progress, run_async, settings_options

FORMATS_HELP = "What the files are; auto recognises each by its content. jsonl: an article of our contract a line."


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True))
@click.option("--format", "form", type=click.Choice(FORMAT_NAMES), default=AUTO, show_default=True, help=FORMATS_HELP)
@click.option(
    "--refused", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Keep in DIR each file or line that is refused, with its reason beside it.",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Do everything but send; needs no Kafka.")
@click.option(
    "--watch", is_flag=True,
    help="PATH is a folder that files are dropped into: publish each, move it to done/ or failed/, until Ctrl-C.",
)  # fmt: skip
@click.option("--replay", is_flag=True, help="Send at the pace at which the articles once came, by their own times.")
@click.option("--speed", type=click.FloatRange(min=0, min_open=True), help="With --replay: so many times faster.")
@settings_options
@json_option
def ingest(
    paths: tuple[str, ...], form: str, refused: Path | None, check: bool, watch: bool, replay: bool,
    speed: float | None, settings: Settings, as_json: bool,
) -> None:  # fmt: skip
    """Publish articles from files, folders, archives (zip, tar, gzip, bzip2, xz) or standard input (-), in order.

    Ends with a table of what was read, published, repeated and refused, and why. Exit 1 if anything is refused.
    Sending a file again is harmless: equal and older versions change nothing.
    """
    _only_together(paths, watch, replay, speed)
    how: Callable[[Ingest], Awaitable[None]] = functools.partial(_paths, paths=paths)
    if watch:
        how = functools.partial(_watch, folder=Path(paths[0]), settle_seconds=settings.ingest_folder_settle_seconds)
    if replay:
        how = functools.partial(_replay, paths=paths, speed=speed or 1.0)
    tally = run_async(_ingest(how, form, refused, check, settings))
    if as_json:
        print_json({**tally.report(), "checked_only": check})
    else:
        click.echo(safe_lines("\n".join(tally.table(checked_only=check))))
    if tally.refused:
        raise click.exceptions.Exit(FAILED)


def _only_together(paths: tuple[str, ...], watch: bool, replay: bool, speed: float | None) -> None:
    if watch and replay:
        raise click.UsageError("give --watch or --replay, not both")
    if speed is not None and not replay:
        raise click.UsageError("--speed goes with --replay")
    if watch and (len(paths) != 1 or not Path(paths[0]).is_dir()):
        raise click.UsageError("--watch takes one folder")


async def _ingest(
    how: Callable[[Ingest], Awaitable[None]], form: str, refused: Path | None, check: bool, settings: Settings
) -> Tally:
    opened = app.checking_ingest if check else app.ingest
    async with opened(settings, form, progress, refused) as ingest:
        await how(ingest)
    return ingest.tally


async def _paths(ingest: Ingest, paths: tuple[str, ...]) -> None:
    await ingest.paths(*paths)


async def _replay(ingest: Ingest, paths: tuple[str, ...], speed: float) -> None:
    await ingest.replay(*paths, speed=speed)


async def _watch(ingest: Ingest, folder: Path, settle_seconds: float) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    progress(f"watching {folder} until Ctrl-C")
    await Watch(ingest, folder, settle_seconds).run(stop)
