"""`storyline evaluate pushes FILE…`: how often a subscriber would be woken on a real stream, and for what."""

from pathlib import Path

import click

from .common import json_option, print_json, progress


@click.command("pushes")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--list", "listed", type=click.Path(file_okay=False, path_type=Path),
    help="Write each FILE's pushes there, tabs between the columns and the first one empty for your verdict.",
)  # fmt: skip
@json_option
def pushes(files: tuple[Path, ...], listed: Path | None, as_json: bool) -> None:
    """Play the articles of each FILE (JSON Lines with `published_at`) as they were published; count the pushes."""
    from ..evaluate import labelled
    from ..evaluate.pushes import COLUMNS, evaluate_pushes

    try:
        report, found = evaluate_pushes(labelled.read_unlabelled(files), progress)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem
    if listed is not None:
        listed.mkdir(parents=True, exist_ok=True)
        for name, its in found.items():
            lines = ["\t".join(COLUMNS), *(push.line() for push in its)]
            (listed / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if as_json:
        print_json(report)
        return
    for name, one in report.items():
        click.echo(f"{name}: {one['articles']:,} articles of {one['days']:,} days, {one['undated']:,} undated left out")
        modes = ", ".join(f"{count:,} {mode}" for mode, count in sorted(one["modes"].items()))
        click.echo(f"  {one['updates']:,} updates of {one['stories']:,} stories: {modes}")
        rate = "–" if one["pushes_a_day"] is None else f"{one['pushes_a_day']:,}"
        click.echo(f"  {rate} pushes a day, of {one['stories_pushed']:,} stories")
        for reason, count in one["reasons"].items():
            click.echo(f"  {count:6,} {reason}")
