"""`storyline evaluate …`: how good the engines are on labelled streams."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from .common import json_option, print_json, progress
from .evaluate_gate import gate
from .evaluate_pushes import pushes
from .evaluate_sections import sections
from .groups import Group

BASELINES = ("tfidf", "title", "textclust")


@click.group(cls=Group)
def evaluate() -> None:
    """Measure matching and sections on labelled streams."""


@evaluate.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--orders", type=click.IntRange(1, 100), default=4, show_default=True, help="Orders of ties and undated.")
@click.option("--errors", "show_errors", is_flag=True, help="Show the worst false merges and splits side by side.")
@click.option(
    "--baseline", "baselines", multiple=True, type=click.Choice([*BASELINES, "none"]),
    help="Measure only this one beside ours; may be given again. All by default; textclust takes minutes.",
)  # fmt: skip
@click.option(
    "--reliability", type=click.Path(dir_okay=False, writable=True, path_type=Path), metavar="FILE.png",
    help="Draw how often decisions of each probability were right.",
)  # fmt: skip
@json_option
def matching(
    files: tuple[Path, ...], orders: int, show_errors: bool, baselines: tuple[str, ...], reliability: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Match the articles of each FILE (JSON Lines with a `story` label), and all mixed, beside baselines.

    A line of FILE is an object with id, story (the label) and title, and if known body, published_at, lang, source and
    url. What is an article of our contract is for `storyline ingest`.

    The table, a line a set and engine: B³ P, R, F1 are precision, recall and their mean over all orders, `lowest` the
    F1 of the worst of them; CEAF-e, ARI and NMI other measures of the same, 1 is best. merged: share of pairs put
    together wrongly, split: of those not put together; found and gold: stories we made, stories there are; error: of
    the probabilities. Articles a second are those of one core, by CPU time, the median of the orders: word lists are
    loaded before, but the first order of a set also learns its words. Memory is the peak of a process that runs one
    engine.
    """
    from ..evaluate.matching import evaluate_matching
    from ..evaluate.reliability import check_plotting, plot_reliability
    from ..evaluate.side_by_side import errors

    try:
        if reliability is not None:
            check_plotting()
        chosen = [name for name in baselines or BASELINES if name != "none"]
        report, ours = evaluate_matching(files, orders, progress, chosen)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem
    _print_table(report)
    for name, one in ours.found.items() if show_errors else ():
        click.echo(f"\n{name}")
        for line in errors(one, shutil.get_terminal_size((120, 0)).columns):
            click.echo(line)
    if reliability is not None:
        plot_reliability(ours.judged, reliability)
        progress(f"{reliability} drawn")
    if as_json:
        print_json(report)


evaluate.add_command(sections)
evaluate.add_command(gate)
evaluate.add_command(pushes)


def _print_table(report: Mapping[str, Any]) -> None:
    click.echo(
        f"{'set':18} {'engine':10} {'B³ P':>6} {'R':>6} {'F1':>6} {'lowest':>7} {'CEAF-e':>6} {'ARI':>6} {'NMI':>6}"
        f" {'merged':>6} {'split':>6} {'found':>6} {'gold':>5} {'art/s':>7} {'error':>6}"
    )
    engines = {"storyline": report, **report["baselines"]}
    for name in report["sets"]:
        for engine, results in engines.items():
            error = report["calibration"]["sets"].get(name, {}).get("ece") if engine == "storyline" else None
            shown = "" if error is None else f" {error:6.3f}"
            click.echo(f"{name[:18]:18} {engine:10} {_cells(results['sets'][name])}{shown}")
    for engine, results in engines.items():
        stream = results["mixed"]
        click.echo(
            f"{'mixed':18} {engine:10} {stream['b3']['precision']:6.3f} {stream['b3']['recall']:6.3f}"
            f" {stream['b3']['f1']:6.3f}   in a foreign story: {stream['foreign_share']:.2%}"
            f"   {stream['articles_per_second']:.0f} articles/s"
        )
    for line in _notes(report, engines):
        click.echo(line)


def _notes(report: Mapping[str, Any], engines: Mapping[str, Any]) -> Iterator[str]:
    memory = ", ".join(f"{engine} {results['peak_memory_mib']:.0f}" for engine, results in engines.items())
    fewer = [f"{engine} of {one['orders']}" for engine, one in engines.items() if one["orders"] < report["orders"]]
    yield f"means of {report['orders']} orders{''.join(f', {one}' for one in fewer)}; peak memory in MiB: {memory}"
    yield (
        "merged: pairs put together wrongly; split: pairs not put together; art/s: of one core;"
        f" error: expected calibration error{_across(report['calibration']['across'])}"
    )


def _across(error: float | None) -> str:
    return "" if error is None else f", across the sets {error:.3f}"


def _cells(one: Mapping[str, Any]) -> str:
    b3 = one["b3"]
    return (
        f"{b3['precision']:6.3f} {b3['recall']:6.3f} {b3['f1']:6.3f} {one['spread']['b3']['f1'][0]:7.3f}"
        f" {one['ceafe']['f1']:6.3f}"
        f" {one['ari']:6.3f} {one['nmi']:6.3f} {one['false_merges']:6.3f} {one['false_splits']:6.3f}"
        f" {one['clusters']:6.0f} {one['stories']:5.0f} {one['articles_per_second']:7.0f}"
    )
