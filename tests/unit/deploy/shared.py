"""Where the files are, how they are read, and what happens where a tool isn't there."""

from pathlib import Path
from typing import Any

from tests.tools import missing

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"


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
