"""`storyline evaluate …`: how good the engines are on labelled streams."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from .common import json_option, print_json, progress
from .evaluate_gate import gate
from .evaluate_sections import sections


@click.group()
def evaluate() -> None:
    """Measure matching and sections on labelled streams."""


@evaluate.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--orders", type=click.IntRange(1, 100), default=4, show_default=True, help="Orders of ties and undated.")
@click.option("--errors", "show_errors", is_flag=True, help="Show the worst false merges and splits.")
@json_option
def matching(files: tuple[Path, ...], orders: int, show_errors: bool, as_json: bool) -> None:
    """Match the articles of each FILE (JSON Lines with a `story` label), and all mixed, beside baselines."""
    from ..evaluate.matching import errors, evaluate_matching, read_sets

    try:
        sets = read_sets(files)
        report, first = evaluate_matching(sets, orders, progress)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem
    _print_table(report)
    for name, one in first.items() if show_errors else ():
        click.echo(f"\n{name}")
        for line in errors(one):
            click.echo(line)
    if as_json:
        print_json(report)


evaluate.add_command(sections)
evaluate.add_command(gate)


def _print_table(report: Mapping[str, Any]) -> None:
    click.echo(
        f"{'set':18} {'engine':10} {'B³ P':>6} {'R':>6} {'F1':>6} {'lowest':>7} {'CEAF-e':>6} {'ARI':>6} {'NMI':>6}"
        f" {'merged':>6} {'split':>6} {'found':>6} {'gold':>5} {'art/s':>7}"
    )
    engines = {"storyline": report, **report["baselines"]}
    for name in report["sets"]:
        for engine, results in engines.items():
            click.echo(f"{name[:18]:18} {engine:10} {_cells(results['sets'][name])}")
    for engine, results in engines.items():
        stream = results["mixed"]
        click.echo(
            f"{'mixed':18} {engine:10} {stream['b3']['precision']:6.3f} {stream['b3']['recall']:6.3f}"
            f" {stream['b3']['f1']:6.3f}   in a foreign story: {stream['foreign_share']:.2%}"
            f"   {stream['articles_per_second']:.0f} articles/s"
        )
    click.echo(f"means of {report['orders']} orders; peak memory {report['peak_memory_mib']:.0f} MiB")


def _cells(one: Mapping[str, Any]) -> str:
    b3 = one["b3"]
    return (
        f"{b3['precision']:6.3f} {b3['recall']:6.3f} {b3['f1']:6.3f} {one['spread'][0]:7.3f} {one['ceafe']['f1']:6.3f}"
        f" {one['ari']:6.3f} {one['nmi']:6.3f} {one['false_merges']:6.3f} {one['false_splits']:6.3f}"
        f" {one['clusters']:6.0f} {one['stories']:5.0f} {one['articles_per_second']:7.0f}"
    )
