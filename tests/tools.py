"""Tools from outside that tests need: what happens where one is missing, and how one is fetched once."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

from .servers import alone

NOTHING_SKIPPED = "STORYLINE_TEST_NOTHING_SKIPPED"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "storyline"
INSTALL_SECONDS = 240


def missing(what: str) -> NoReturn:
    """Skip with a reason, or fail where nothing may be skipped."""
    if os.environ.get(NOTHING_SKIPPED) == "1":
        pytest.fail(f"{NOTHING_SKIPPED}=1, but {what}")
    pytest.skip(what)


def npm(name: str, *scripts: str) -> Path:
    """A folder with the npm packages and these scripts of tests/NAME, installed once for each lock file."""
    if not shutil.which("node") or not shutil.which("npm"):
        missing("Node.js with npm isn't on this machine")
    origin = Path(__file__).parent / name
    digest = hashlib.sha256((origin / "package-lock.json").read_bytes()).hexdigest()[:12]
    cache = CACHE / f"{name}-{digest}"
    with alone(cache):
        for file in ("package.json", "package-lock.json", *scripts):
            shutil.copyfile(origin / file, cache / file)
        if not (cache / "installed").exists():
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(
                command, cwd=cache, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
            )
            if done.returncode:
                missing(f"npm can't install {name}: {done.stderr.strip()[-300:]}")
            (cache / "installed").touch()
    return cache
