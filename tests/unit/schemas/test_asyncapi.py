"""The AsyncAPI project's own parser reads asyncapi.yaml without a complaint."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from storyline_schemas import TOPICS

from .shared import ROOT, SCHEMAS, missing

CHECK = ROOT / "tests" / "asyncapi"
INSTALL_SECONDS = 240


def installed_parser() -> Path:
    """The folder of the parser, installed as its lock file says, once for each lock file."""
    if not shutil.which("node") or not shutil.which("npm"):
        missing("Node.js with npm isn't on this machine; the AsyncAPI parser needs it")
    digest = hashlib.sha256((CHECK / "package-lock.json").read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "storyline" / f"asyncapi-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "check.mjs"):
        shutil.copyfile(CHECK / name, cache / name)
    if not (cache / "installed").exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=cache, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
        if done.returncode:
            missing(f"npm can't install the AsyncAPI parser: {done.stderr.strip()[-300:]}")
        (cache / "installed").touch()
    return cache


@pytest.fixture(scope="module")
def parsed() -> Any:
    command = ["node", "check.mjs", str(SCHEMAS / "asyncapi.yaml")]
    done = subprocess.run(command, cwd=installed_parser(), capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


@pytest.mark.timeout(INSTALL_SECONDS + 120)
def test_the_parser_has_no_complaint(parsed: Any) -> None:
    assert parsed["problems"] == []


def test_the_parser_sees_every_topic_with_its_messages(parsed: Any) -> None:
    assert set(parsed["channels"]) == {topic.name for topic in TOPICS}
    assert all(parsed["channels"].values())


def test_the_parser_sees_who_writes_and_reads_each_topic(parsed: Any) -> None:
    expected = {
        f"{who}-{does}-{topic.name.replace('.', '-')}"
        for topic in TOPICS
        for does, people in (("writes", topic.writers), ("reads", topic.readers))
        for who in people
    }
    assert set(parsed["operations"]) == expected
