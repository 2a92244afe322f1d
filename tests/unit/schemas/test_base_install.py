"""A subscriber who installs `storyline` without extras gets the contracts and nothing of the services."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.tools import missing

from .shared import ROOT

PROBE = """
import importlib.util, json, sys
import storyline_schemas
from storyline_schemas import StoryUpdate
from storyline_schemas.events import read_event
from storyline_schemas.export import files
print(json.dumps({
    "files": len(files()),
    "present": [name for name in ("faust", "aiokafka", "redis", "click", "numpy") if importlib.util.find_spec(name)],
    "sample": __import__("importlib.resources").resources.files("storyline").joinpath("demo/wire.jsonl").is_file(),
}))
"""


def pip(python: Path, *arguments: str) -> None:
    done = subprocess.run(
        [python, "-m", "pip", "-q", *arguments], capture_output=True, text=True, timeout=240, check=False
    )
    if done.returncode:
        missing(f"pip {arguments[0]} failed, a package index may be out of reach: {done.stderr.strip()[-300:]}")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_base_install_has_the_contracts_the_exporter_and_no_faust(tmp_path: Path) -> None:
    pip(Path(sys.executable), "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT))
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    pip(python, "install", *map(str, tmp_path.glob("*.whl")))
    done = subprocess.run([python, "-c", PROBE], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    said = json.loads(done.stdout)
    assert said["present"] == []
    assert said["files"] > 30
    assert said["sample"]
