"""`storyline evaluate sections FILE…`: the pages that sections make of labelled stories, measured."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from storyline_schemas import Article

from .. import app
from ..heap import settle
from .common import json_option, load_settings, print_json, progress, run_async


@click.command("sections")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dump", type=click.Path(file_okay=False, path_type=Path), help="Write every page of every story there.")
@click.option("--rewriter", metavar="URL", help="Also ask this OpenAI-compatible endpoint, and compare its wording.")
@click.option(
    "--rewriter-sections", type=click.IntRange(1, 10_000), default=50, show_default=True, help="So many sections."
)
@json_option
def sections(
    files: tuple[Path, ...], dump: Path | None, rewriter: str | None, rewriter_sections: int, as_json: bool
) -> None:
    """Feed each story of FILE… (JSON Lines with a `story` label) article by article and measure its pages."""
    from ..domain.sections import warm
    from ..evaluate.sections import evaluate_sections

    stories = read_stories(files)
    # Timed as in a service, which loads its tables first and lets no collection look at them again.
    warm()
    settle()
    report = evaluate_sections(stories, dump)
    if rewriter is not None:
        settings = load_settings(rewriter_url=rewriter)
        report["rewriter"] = run_async(app.compare_rewriter(settings, stories, rewriter_sections, progress, dump))
    if as_json:
        print_json(report)
        return
    for name, value in (report | report.pop("rewriter", {})).items():
        click.echo(f"{_NAMES.get(name, name.replace('_', ' ')):40} {_shown(value)}")


_NAMES = {"articles_cited_share": "cited articles share of stories of 3–10"}


def read_stories(files: Sequence[Path]) -> Mapping[str, Sequence[Article]]:
    """The articles of each story, and how many there are to stderr. Raises click.ClickException."""
    from ..evaluate import labelled

    try:
        stories = labelled.read_stories(files)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem
    progress(f"{len(stories):,} stories, {sum(map(len, stories.values())):,} articles")
    return stories


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    return "–" if value is None else str(value)
