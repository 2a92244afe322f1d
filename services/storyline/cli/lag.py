"""`storyline lag`: how far behind every group of the cluster is, and whether that is all right."""

import asyncio
import fnmatch
import sys
import time
from collections.abc import Sequence

import click

from .. import app
from ..domain.lag.glance import decided
from ..domain.lag.status import Status
from ..edges.lag.observer import Observer
from ..edges.lag.table import table
from ..edges.lag.view import GroupView, View
from ..errors import Transient
from ..settings import Settings
from .common import (
    DONE,
    FAILED,
    json_option,
    one_line,
    print_json,
    progress,
    run_async,
    settings_options,
    terminal_columns,
)

CLEAR = "\x1b[H\x1b[2J"


@click.command()
@settings_options
@click.option("--group", "groups", multiple=True, metavar="NAME", help="Only this group; * and ? match. Repeatable.")
@click.option("--watch", is_flag=True, help="Look again and again until Ctrl-C.")
@click.option(
    "--interval", type=click.FloatRange(0.1, 3600), default=5.0, show_default=True, metavar="SECONDS",
    help="With --watch: between two looks.",
)  # fmt: skip
@click.option("--looks", type=click.IntRange(1), metavar="N", help="With --watch: end after so many looks.")
@click.option(
    "--apart", type=click.FloatRange(0, 3600), default=6.0, show_default=True, metavar="SECONDS",
    help="Without --watch: wait so long for a second look if the first does not decide.",
)  # fmt: skip
@json_option
def lag(
    settings: Settings,
    groups: tuple[str, ...],
    watch: bool,
    interval: float,
    looks: int | None,
    apart: float,
    as_json: bool,
) -> None:
    """Lag of every group of the cluster in messages and seconds, with a status for each partition and group.

    One look decides if nothing is left to read, or nothing older than STORYLINE_LAG_PATIENCE_SECONDS. Else a second
    one, --apart later, tells who moves: 6 seconds are longer than clients' usual commit interval of 5. With --watch,
    Burrow's rules judge as soon as STORYLINE_LAG_WINDOW looks are there. Exit 1 if a group isn't OK, or one that
    was asked for by name isn't found.
    """
    if looks is not None and not watch:
        raise click.UsageError("--looks goes with --watch")
    show = _Show(groups, as_json)
    code = run_async(_watch(settings, show, interval, looks) if watch else _once(settings, show, apart))
    raise click.exceptions.Exit(code)


class _Show:
    """Chooses the groups that were asked for, and prints."""

    def __init__(self, groups: Sequence[str], as_json: bool) -> None:
        self.groups, self.as_json = groups, as_json

    def chosen(self, view: View) -> View:
        if self.groups:
            found = {
                name: group
                for name, group in view.groups.items()
                if any(fnmatch.fnmatchcase(name, pattern) for pattern in self.groups)
            }
            for pattern in self.groups:
                if not any(fnmatch.fnmatchcase(name, pattern) for name in found):
                    found[pattern] = GroupView(pattern, note="there is no such group; `storyline lag` shows all")
            view.groups = found
        return view

    def print(self, view: View) -> None:
        if self.as_json:
            print_json(view.report())
        else:
            columns = terminal_columns()
            click.echo(table(view, columns))

    def exit_code(self, view: View) -> int:
        named = [group.status for group in view.groups.values()] if self.groups else []
        return FAILED if view.status > Status.OK or view.problems or Status.NOT_FOUND in named else DONE


async def _once(settings: Settings, show: _Show, apart_seconds: float) -> int:
    async with app.watcher(settings) as watcher:
        observer = Observer(watcher, app.lag_bounds(settings))
        view = show.chosen(await observer.look())
        if not _decided(view, settings.lag_patience_seconds) and apart_seconds:
            await asyncio.sleep(apart_seconds)
            view = show.chosen(await observer.look())
    show.print(view)
    return show.exit_code(view)


def _decided(view: View, patience_seconds: float) -> bool:
    return all(
        decided(row.lag if row.readable else 0, row.seconds, patience_seconds)
        for group in view.groups.values()
        for row in group.partitions
        if row.lag and row.status is Status.OK
    )


async def _watch(settings: Settings, show: _Show, interval: float, looks: int | None) -> int:
    code, number, said = DONE, 0, False
    async with app.watcher(settings) as watcher:
        observer = Observer(watcher, app.lag_bounds(settings))
        while looks is None or number < looks:
            if number:
                await asyncio.sleep(interval)
            number += 1
            try:
                view = show.chosen(await observer.look())
            except Transient as away:
                code = FAILED
                if not said:
                    said = True
                    progress(f"storyline: {one_line(away)}; looking again every {interval:g} s")
                continue
            said = False
            if not show.as_json and sys.stdout.isatty():
                click.echo(f"{CLEAR}{time.strftime('%H:%M:%S')}, look {view.looks}, every {interval:g} s")
            show.print(view)
            code = show.exit_code(view)
    return code
