"""`storyline schemas`: the contracts as files for everyone who doesn't speak Python."""

from pathlib import Path

import click

from storyline_schemas.export import stale, write

from .common import json_option, print_json
from .groups import Group


@click.group(cls=Group)
def schemas() -> None:
    """JSON Schemas, AsyncAPI and examples, made from the contracts."""


@schemas.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("schemas"),
    show_default=True,
    help="Folder to write to.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and name the files that are out of date.")
@json_option
def export(folder: Path, check: bool, as_json: bool) -> int:
    """Bring the files in --dir up to date: json/, asyncapi.yaml, examples/."""
    try:
        names = stale(folder) if check else write(folder)
    except OSError as error:
        raise click.ClickException(f"{folder} can't be used: {error}; choose another folder with --dir") from None
    for name in names:
        click.echo(f"{'out of date' if check else 'written'}: {folder / name}", err=True)
    if check and names:
        click.echo(
            f"{len(names)} files are out of date; `storyline schemas export --dir {folder}` mends them", err=True
        )
    if as_json:
        print_json({"dir": str(folder), "out_of_date" if check else "written": names})
    return 1 if check and names else 0
