"""`storyline metrics`: every metric there is."""

import textwrap

import click

from ..observe.catalogue import rows
from .common import json_option, print_json
from .groups import Group


@click.group(cls=Group)
def metrics() -> None:
    """What the services tell Prometheus."""


@metrics.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Every metric: name, type, labels, which services have it, what it says."""
    found = rows()
    if as_json:
        print_json({"metrics": found})
        return
    width = max(len(row["name"]) for row in found)
    for row in found:
        click.echo(f"{row['name']:<{width}}  {row['type']:<9}  {', '.join(row['services'])}")
        said = [row["about"]]
        said += [
            f"{name}: {', '.join(values) if isinstance(values, list) else values}"
            for name, values in row["labels"].items()
        ]
        said += [f"there once: {row['when']}"] if row["when"] else []
        for text in said:
            for line in textwrap.wrap(text, 100):
                click.echo(f"    {line}")
