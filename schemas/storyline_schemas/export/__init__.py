"""The contracts as files for everyone who doesn't speak Python: JSON Schemas, AsyncAPI and examples.

All of it is made from the models and from `topics.py`; a test says when a file is out of date.
"""

from collections.abc import Mapping
from pathlib import Path

from .asyncapi import asyncapi
from .examples import example_files
from .json_schemas import json_schema_files
from .plain_yaml import to_yaml

__all__ = ["files", "stale", "write"]


def files() -> Mapping[str, bytes]:
    """Path below the folder of schemas → content. The same on every machine."""
    return {**json_schema_files(), "asyncapi.yaml": to_yaml(asyncapi()).encode(), **example_files()}


def stale(folder: Path) -> list[str]:
    """The files in `folder` that are missing, differ from what the models say, or belong to nothing any more."""
    wanted = files()
    wrong = [name for name, content in wanted.items() if _read(folder / name) != content]
    orphans = [
        f"{kind}/{path.name}"
        for kind in ("json", "examples")
        for path in (folder / kind).glob("*.json")
        if f"{kind}/{path.name}" not in wanted
    ]
    return sorted(wrong + orphans)


def write(folder: Path) -> list[str]:
    """Bring `folder` up to date; returns the names of what was written or removed. Raises OSError."""
    wanted = files()
    changed = stale(folder)
    for name in changed:
        path = folder / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[name])
        else:
            path.unlink()
    return changed


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
