"""`storyline settings`: every setting, its default and what it is."""

import textwrap

import click

from ..settings import describe
from .common import json_option, print_json, terminal_columns

ABOUT_WIDTH = 72


@click.command()
@json_option
def settings(as_json: bool) -> None:
    """Every setting: environment variable, default, what it is."""
    rows = describe()
    if as_json:
        print_json({"settings": rows})
        return
    name_width = max(len(row["name"]) for row in rows)
    default_width = max(len(row["default"]) for row in rows)
    columns = terminal_columns()
    if columns is not None and columns < name_width + default_width + ABOUT_WIDTH + 4:
        for row in rows:
            click.echo(f"{row['name']}  {row['default'] or '-'}")
            click.echo(textwrap.fill(row["about"], columns, initial_indent="    ", subsequent_indent="    "))
        return
    for row in rows:
        about = textwrap.wrap(row["about"], ABOUT_WIDTH) or [""]
        click.echo(f"{row['name']:<{name_width}}  {row['default'] or '-':<{default_width}}  {about[0]}")
        for line in about[1:]:
            click.echo(" " * (name_width + default_width + 4) + line)
