"""`storyline`: every command, one file each."""

import importlib
import sys

import click

from .. import __version__
from .common import guarded
from .groups import Group

# Command → module of this package. A module is imported only when its command is used: `storyline --help` and
# `storyline schemas export` stay quick and need no server's client.
COMMANDS = {
    "run": "run",
    "demo": "demo",
    "ingest": "ingest",
    "stories": "stories",
    "show": "stories",
    "explain": "stories",
    "edit": "edit",
    "topics": "topics",
    "check": "topics",
    "lag": "lag",
    "dead-letters": "dead_letters",
    "deliveries": "deliveries",
    "rebuild": "rebuild",
    "evaluate": "evaluate",
    "schemas": "schemas",
    "settings": "settings",
    "metrics": "metrics",
    "rights": "rights",
}


class Commands(Group):
    """Finds a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"{__package__}.{COMMANDS[name]}")
        command = getattr(module, name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="storyline", message="%(prog)s %(version)s")
def cli() -> None:
    """Keeps running news stories up to date: articles in on Kafka, grounded story updates out.

    Servers: STORYLINE_KAFKA_BOOTSTRAP_SERVERS and STORYLINE_REDIS_URL, or --kafka and --redis. `storyline settings`
    lists every setting. Exit code: 0 done, 1 failed, 2 wrong use.
    """


def run() -> int:
    """Run the command line; returns the exit code."""
    # Looked for here, because it must hold also where the options themselves are wrong.
    as_json = "--json" in sys.argv[1:]
    return guarded(lambda: cli.main(prog_name="storyline", standalone_mode=False), as_json)
