"""The image: its steps, replayed in a fresh environment, give a `storyline` that runs; what it says of itself holds."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.tools import missing

from .dockerfile import Context, Replay, Stage, stages
from .shared import DEPLOY, ROOT

BASE = Path(sys._base_executable)  # type: ignore[attr-defined]  # the interpreter outside of this environment


@pytest.fixture(scope="module")
def image() -> Stage:
    return stages(DEPLOY / "Dockerfile")[-1]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that stands for the image's root after all its steps."""
    root = tmp_path_factory.mktemp("image")
    replay = Replay(Context(ROOT), root, BASE)
    for stage in stages(DEPLOY / "Dockerfile"):
        replay.stage(stage)
    return root


def storyline(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The image's command with nothing of this environment around it."""
    return subprocess.run(
        [root / "opt/storyline/bin/storyline", *arguments],
        cwd=root, capture_output=True, text=True, timeout=60, check=False, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_steps_of_the_image_replayed_give_a_command_that_knows_every_service(replayed: Path) -> None:
    done = storyline(replayed, "run", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    from storyline.cli.run import run

    assert set(run.commands) <= set(re.findall(r"^  ([a-z]+)", done.stdout, re.MULTILINE))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_service_of_the_image_has_all_it_needs_to_import(replayed: Path) -> None:
    done = storyline(replayed, "run", "updater", "--kafka", "127.0.0.1:1")
    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_image_runs_the_code_of_the_build_and_has_no_pip_of_its_own(replayed: Path) -> None:
    python = replayed / "opt/storyline/bin/python"
    where = "import storyline, importlib.util as u; print(storyline.__file__); print(u.find_spec('pip'))"
    done = subprocess.run([python, "-Pc", where], cwd="/", capture_output=True, text=True, timeout=60, check=True)
    file, pip = done.stdout.splitlines()
    assert Path(file).is_relative_to(replayed / "opt/storyline")
    assert pip == "None"


def test_the_image_runs_as_a_user_by_number_who_is_not_root(image: Stage) -> None:
    (user,) = image.given("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


def test_every_base_image_is_pinned_to_an_exact_version_or_digest() -> None:
    for stage in stages(DEPLOY / "Dockerfile"):
        assert re.fullmatch(r"[\w./-]+(:\d+\.\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})", stage.image)


def test_the_image_has_a_python_that_the_project_takes(image: Stage) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    version = re.search(r":(\d+\.\d+\.\d+)", image.image)
    assert version and Version(version[1]) in Requirement(f"python{project['requires-python']}").specifier


def test_the_image_sets_no_secret_and_only_settings_that_exist(image: Stage) -> None:
    from storyline.settings import Settings

    ours = {name: value for name, value in image.environment.items() if name.startswith("STORYLINE_")}
    Settings.load(ours)
    assert not [name for name in image.environment if re.search("PASSWORD|SECRET|TOKEN", name)]


def locked(name: str) -> dict[str, Version]:
    """What a lock file pins for the Python that runs this test."""
    found = {}
    for line in (DEPLOY / name).read_text().splitlines():
        if re.match(r"[A-Za-z0-9]", line):
            requirement = Requirement(line.rstrip(" \\"))
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            if requirement.marker is None or requirement.marker.evaluate({**default_environment(), "extra": ""}):
                found[canonicalize_name(requirement.name)] = Version(pin.version)
    return found


def wanted() -> Iterator[tuple[str, Requirement]]:
    """Each lock file with the requirements of pyproject.toml that it must fulfil."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    for text in [*project["project"]["dependencies"], *extras["services"], *extras["tracing"]]:
        yield "requirements.txt", Requirement(text)
    for text in project["build-system"]["requires"]:
        yield "requirements-build.txt", Requirement(text)


@pytest.mark.parametrize(("lock", "requirement"), list(wanted()), ids=str)
def test_what_pyproject_asks_for_is_in_the_lock_of_the_image(lock: str, requirement: Requirement) -> None:
    pinned = locked(lock).get(canonicalize_name(requirement.name))
    assert pinned is not None, f"{requirement} is not in deploy/{lock}: make lock"
    assert pinned in requirement.specifier, (
        f"deploy/{lock} has {pinned}, pyproject.toml asks for {requirement}: make lock"
    )


def test_every_pin_of_the_lock_has_a_hash_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-build.txt"):
        text = (DEPLOY / name).read_text()
        pins = re.split(r"\n(?=\S)", text)
        assert all("--hash=sha256:" in pin for pin in pins if not pin.startswith("#"))
        assert "://" not in text


def test_what_linters_of_dockerfiles_know_finds_nothing() -> None:
    tool = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if tool is None:
        missing("hadolint is not installed (`make test` installs the extra `checks`)")
    # DL3059: steps are kept apart, so that a change of one leaves the others cached; only /opt/storyline goes on.
    command = [tool, "--ignore", "DL3059", "--no-color", str(DEPLOY / "Dockerfile")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "")


class _Health(BaseHTTPRequestHandler):
    """Answers /live with the server's status."""

    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        self.send_response(self.server.status if self.path == "/live" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: it would go to standard error."""


class _Server(HTTPServer):
    status = 200


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_says_what_the_service_says(image: Stage, status: int, code: int) -> None:
    with _Server(("127.0.0.1", 0), _Health) as server:
        server.status = status
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = health_check(image, server.server_port)
        server.shutdown()
    assert done.returncode == code


def test_the_health_check_fails_with_one_line_where_nobody_answers(image: Stage) -> None:
    done = health_check(image, 1)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def health_check(image: Stage, port: int) -> subprocess.CompletedProcess[str]:
    """The image's own HEALTHCHECK command, asking `port`."""
    (rest,) = image.given("HEALTHCHECK")
    _, script = json.loads(rest[rest.index("CMD") + 3 :])
    command = [sys.executable, str(DEPLOY / Path(script).name)]
    return subprocess.run(
        command, env={"STORYLINE_METRICS_PORT": str(port)}, capture_output=True, text=True, timeout=30, check=False
    )
