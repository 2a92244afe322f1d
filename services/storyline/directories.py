"""Temporary directories of our own, and what processes that were killed have left of theirs."""

import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path

_ours: set[Path] = set()


def own_directory(prefix: str) -> Path:
    """A new temporary directory whose name says which process it belongs to; those of ended ones go first.

    A process that is ended by SIGKILL can't remove its own. Of a number that is ours anything older is one's like that:
    in a container every process may be number 1.
    """
    remove_left(Path(tempfile.gettempdir()), prefix)
    directory = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))
    _ours.add(directory)
    return directory


def remove_left(temporary: Path, prefix: str) -> None:
    """Remove our directories of processes that are no more."""
    for directory in temporary.glob(f"{prefix}*-*"):
        match = re.match(rf"{prefix}(\d+)-", directory.name)
        with contextlib.suppress(OSError):
            if match and directory not in _ours and not _runs(int(match[1])) and directory.stat().st_uid == os.getuid():
                shutil.rmtree(directory, ignore_errors=True)


def _runs(pid: int) -> bool:
    """Whether another process of that number is there."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to somebody else
        return True
    return True
