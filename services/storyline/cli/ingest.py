"""`storyline ingest PATH…`: files onto the topic `articles`."""

from pathlib import Path

import click

from .. import app
from ..edges.ingest.reading import Format
from ..edges.ingest.sending import Tally
from ..settings import Settings
from .common import FAILED, json_option, print_json, progress, run_async, settings_options

FORMATS = ["auto", "jsonl", "labelled"]
FORMATS_HELP = "jsonl: articles of our contract; labelled: id, title, body, published_at, lang, source."


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="auto", show_default=True, help=FORMATS_HELP)
@click.option(
    "--refused", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Keep each refused line in DIR, with its reason beside it.",
)  # fmt: skip
@settings_options
@json_option
def ingest(paths: tuple[Path, ...], form: Format, refused: Path | None, settings: Settings, as_json: bool) -> None:
    """Publish articles from JSON Lines files, in order, each confirmed by Kafka. Exit 1 if a line is refused.

    Sending a file again is harmless: equal and older versions change nothing.
    """
    tally = run_async(_ingest(paths, form, refused, settings))
    if as_json:
        counted = {"read": tally.read, "published": tally.published, "articles": tally.articles}
        print_json({**counted, "refused": tally.refused})
    else:
        click.echo(f"{tally.published} published ({tally.articles} articles), {tally.refused} refused")
    if tally.refused:
        raise click.exceptions.Exit(FAILED)


async def _ingest(paths: tuple[Path, ...], form: Format, refused: Path | None, settings: Settings) -> Tally:
    async with app.ingest(settings, form, progress, refused) as ingest:
        for path in paths:
            await ingest.file(path)
    return ingest.tally
