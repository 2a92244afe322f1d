"""Where the files are, how they are read, and what happens where a tool isn't there."""

import os
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.conftest import NOTHING_SKIPPED

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"


def missing(what: str) -> NoReturn:
    """Skip with a reason, or fail where nothing may be skipped."""
    if os.environ.get(NOTHING_SKIPPED) == "1":
        pytest.fail(f"{NOTHING_SKIPPED}=1, but {what}")
    pytest.skip(what)


def documents(path: Path) -> list[Any]:
    """Every document of a YAML file; an empty one is left out."""
    try:
        import yaml
    except ModuleNotFoundError:
        missing("PyYAML is not installed (`make test` installs the extra `checks`)")
    return [each for each in yaml.safe_load_all(path.read_text()) if each is not None]


def document(path: Path) -> Any:
    """The only document of a YAML file."""
    (only,) = documents(path)
    return only
