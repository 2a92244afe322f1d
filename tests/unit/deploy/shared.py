"""Where the files are, how they are read, and what happens where a tool isn't there."""

import hashlib
import os
import shutil
import subprocess
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


def installed(name: str, script: str) -> Path:
    """The folder of tests/NAME with its npm packages, installed as the lock file says, once for each lock file."""
    if not shutil.which("node") or not shutil.which("npm"):
        missing("Node.js with npm isn't on this machine")
    origin = ROOT / "tests" / name
    digest = hashlib.sha256((origin / "package-lock.json").read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "storyline" / f"{name}-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json", script):
        shutil.copyfile(origin / file, cache / file)
    if not (cache / "installed").exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=cache, capture_output=True, text=True, timeout=240, check=False)
        if done.returncode:
            missing(f"npm can't install {name}: {done.stderr.strip()[-300:]}")
        (cache / "installed").touch()
    return cache
