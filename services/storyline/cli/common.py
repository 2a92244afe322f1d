"""What all commands share: options for the servers, one JSON report, one clear line for an error."""

import asyncio
import contextlib
import errno
import functools
import json
import logging
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from ..errors import Conflict, Fatal, Invalid, Transient
from ..settings import Settings, WrongSetting, variable_of
from ..terminal import safe_lines

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

DONE, FAILED, WRONG_USE, STOPPED = 0, 1, 2, 130


_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
"""What a disk says to whoever writes: for a person to mend."""


class WrongUse(click.ClickException):
    """Wrong use that is no fault of the command line's form: one line, without its usage."""

    exit_code = WRONG_USE


def settings_options(command: F) -> F:
    """Add `--kafka` and `--redis`, and pass the command `settings`: environment first, options over it."""

    @click.option("--kafka", metavar="HOST:PORT,…", help=f"Kafka; else {variable_of('kafka_bootstrap_servers')}.")
    @click.option("--redis", metavar="URL", help=f"Redis; else {variable_of('redis_url')}.")
    @functools.wraps(command)
    def with_settings(*args: Any, kafka: str | None, redis: str | None, **more: Any) -> Any:
        return command(*args, settings=load_settings(kafka_bootstrap_servers=kafka, redis_url=redis), **more)

    return with_settings  # type: ignore[return-value]


def load_settings(**options: Any) -> Settings:
    """The settings from the environment and options. Raises WrongUse (exit 2) naming the wrong one."""
    try:
        return Settings.load(os.environ, options)
    except WrongSetting as wrong:
        raise WrongUse(str(wrong)) from None


json_option = click.option("--json", "as_json", is_flag=True, help="End with one JSON object on standard output.")


def print_json(report: Mapping[str, Any]) -> None:
    """The report of a command, as the last line of standard output."""
    click.echo(json.dumps(report, ensure_ascii=False, separators=(", ", ": ")))


def progress(text: str) -> None:
    """A line for a person who waits; standard error, so that reports stay clean."""
    click.echo(safe_lines(text), err=True)


def own_command() -> str:
    """How this very program is called again, from any directory: `storyline` only if that is it."""
    program = Path(sys.argv[0]).resolve()
    if program.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m storyline"
    found = shutil.which("storyline")
    return "storyline" if found and Path(found).resolve() == program else shlex.quote(str(program))


def run_async(main: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine to its end. What goes wrong is said once, by us: the client's own log is off."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL + 1)
    return asyncio.run(main)


def terminal_columns() -> int | None:
    """The width of the terminal that standard output is; None if it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def one_line(error: BaseException) -> str:
    """An error as the one line that says what to do."""
    return " ".join(str(error).split()) or type(error).__name__


def guarded(command: Callable[[], int | None], as_json: bool = False) -> int:
    """Run a click command and turn how it ended into an exit code; no traceback for what a person can mend.

    `as_json`: whoever asked for JSON gets it also then, as `{"ok": false, "error": …}`.
    """
    try:
        return int(command() or DONE)
    except click.ClickException as wrong:
        wrong.show()
        code = WRONG_USE if isinstance(wrong, click.UsageError | WrongUse) else FAILED
        said = " ".join(wrong.format_message().split())
    except (Fatal, Transient, Conflict, Invalid) as error:
        code, said = FAILED, one_line(error)
        click.echo(f"storyline: {said}", err=True)
    except (KeyboardInterrupt, click.Abort):
        code, said = STOPPED, "stopped"
        click.echo("storyline: stopped", err=True)
    except BrokenPipeError:  # `storyline … | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        if error.errno not in _DISK:
            raise
        code, said = FAILED, one_line(error)
        click.echo(f"storyline: {said}", err=True)
    with contextlib.suppress(OSError):  # it may be standard output that has no room
        if as_json:
            print_json({"ok": False, "error": said})
        sys.stdout.flush()
    return code
