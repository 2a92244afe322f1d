"""`storyline evaluate gate FILE…`: claims made of real sentences by recipe, and what the gate says of them."""

from pathlib import Path

import click

from .common import json_option, print_json
from .evaluate_sections import read_stories


@click.command("gate")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seed", type=int, default=1, show_default=True, help="Which claims are made.")
@click.option(
    "--per-kind", type=click.IntRange(1, 10_000), default=60, show_default=True, help="Claims of each recipe."
)
@click.option("--dump", type=click.Path(dir_okay=False, path_type=Path), help="Write every claim and verdict there.")
@json_option
def gate(files: tuple[Path, ...], seed: int, per_kind: int, dump: Path | None, as_json: bool) -> None:
    """Edit sentences of the articles in FILE… (numbers, names, negation, speakers, times …) and ask the gate."""
    from ..evaluate.gate import evaluate_gate, shown

    stories = read_stories(files)
    report, verdicts = evaluate_gate(stories, seed, per_kind)
    if dump is not None:
        dump.write_text("\n".join(shown(verdicts)) + "\n", encoding="utf-8")
    if as_json:
        print_json(report)
        return
    for kind, counts in report["kinds"].items():
        click.echo(f"{kind:40} {counts['passed']:6,} of {counts['claims']:6,} passed")
    click.echo(f"false claims let through: {report['let_through']:,} of {report['false_claims']:,}")
    click.echo(f"good claims refused: {report['refused']:,} of {report['good_claims']:,}")
