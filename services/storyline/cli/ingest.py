"""`storyline ingest PATH…`: files in any format onto the topic `articles`."""

from pathlib import Path

import click

from .. import app
from ..edges.ingest.reading import AUTO, FORMAT_NAMES
from ..edges.ingest.tally import Tally
from ..settings import Settings
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
@settings_options
@json_option
def ingest(
    paths: tuple[str, ...], form: str, refused: Path | None, check: bool, settings: Settings, as_json: bool
) -> None:
    """Publish articles from files, folders, archives (zip, tar, gzip, bzip2, xz) or standard input (-), in order.

    Ends with a table of what was read, published, repeated and refused, and why. Exit 1 if anything is refused.
    Sending a file again is harmless: equal and older versions change nothing.
    """
    tally = run_async(_ingest(paths, form, refused, check, settings))
    if as_json:
        print_json({**tally.report(), "checked_only": check})
    else:
        click.echo("\n".join(tally.table()))
    if tally.refused:
        raise click.exceptions.Exit(FAILED)


async def _ingest(paths: tuple[str, ...], form: str, refused: Path | None, check: bool, settings: Settings) -> Tally:
    opened = app.checking_ingest if check else app.ingest
    async with opened(settings, form, progress, refused) as ingest:
        await ingest.paths(*paths)
    return ingest.tally
