"""Whether a command line of `storyline` exists: its commands, subcommands and options, asked of click itself."""

import click

from storyline.cli.root import cli

SERVICES_GROUP = "run"


def problem(words: list[str]) -> str | None:
    """What is wrong with `storyline WORDS…`; None: nothing. Values and arguments aren't looked at."""
    command: click.Command = cli
    path = "storyline"
    for place, word in enumerate(words):
        if not isinstance(command, click.Group) or word.startswith("-"):
            return _options(command, path, words[place:])
        found = command.get_command(click.Context(command), word)
        if found is None:
            return f"there is no `{path} {word}`"
        command, path = found, f"{path} {word}"
    return None


def runnable(words: list[str]) -> bool:
    """Whether `storyline WORDS…` names one command, not a group of them, and exists."""
    command: click.Command | None = cli
    for word in words:
        if not isinstance(command, click.Group):
            break
        command = command.get_command(click.Context(command), word)
    return problem(words) is None and command is not None and not isinstance(command, click.Group)


def services() -> frozenset[str]:
    """Every service there is: NAME of `storyline run NAME`."""
    from storyline.cli.run import run

    return frozenset(run.commands)


def _options(command: click.Command, path: str, words: list[str]) -> str | None:
    known = {name for parameter in command.get_params(click.Context(command)) for name in parameter.opts}
    given = (word.partition("=")[0] for word in words if word.startswith("-") and word != "-")
    wrong = [word for word in given if word not in known | {"-h", "--help", "--version"}]
    return f"`{path}` has no {wrong[0]}" if wrong else None
