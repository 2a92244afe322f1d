"""The compose file: well formed, closed to the outside, and names nothing that doesn't exist."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storyline.settings import Settings
from tests.servers import KAFKA_VERSION
from tests.tools import missing

from .commands import runnable, services
from .shared import DEPLOY, document

COMPOSE = DEPLOY / "compose"
FILE = COMPOSE / "compose.yaml"
NOT_A_SERVICE = {"topics": ["topics", "create"]}
"""Containers with our image that aren't `storyline run NAME`, and what they run."""


@pytest.fixture(scope="module")
def compose() -> Any:
    return document(FILE)


@pytest.fixture(scope="module")
def ours(compose: Any) -> dict[str, Any]:
    """The containers of our own image, by name."""
    return {name: each for name, each in compose["services"].items() if each["image"].startswith("storyline:")}


def interpolated(value: str) -> str:
    """What compose makes of ${NAME:?…} where each such NAME is `x`, and of ${NAME:-default} where none is set."""
    return re.sub(r"\$\{\w+:\?[^}]*\}", "x", re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value))


def test_it_fits_the_schema_of_compose_files() -> None:
    tool = shutil.which("check-jsonschema", path=str(Path(sys.executable).parent))
    if tool is None:
        missing("check-jsonschema is not installed (`make test` installs the extra `checks`)")
    command = [tool, "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


def test_there_is_a_container_for_every_service_under_its_own_name(ours: dict[str, Any]) -> None:
    runs = {name: each["command"] for name, each in ours.items()}
    assert runs == {name: ["run", name] for name in services()} | NOT_A_SERVICE


def test_every_command_exists(ours: dict[str, Any]) -> None:
    assert all(runnable(each["command"]) for each in ours.values())


def test_every_setting_exists_and_is_taken(ours: dict[str, Any]) -> None:
    for each in ours.values():
        Settings.load({name: interpolated(value) for name, value in each["environment"].items()})


def test_the_subscriptions_that_come_with_it_are_taken() -> None:
    from storyline.edges.notifier.file import read_file

    assert [each.id for each in read_file(COMPOSE / "subscriptions.toml")] == ["log"]


def test_every_published_port_is_on_loopback_only(compose: Any) -> None:
    for each in compose["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in each.get("ports", []))


def test_every_image_from_elsewhere_is_pinned_to_an_exact_version(compose: Any, ours: dict[str, Any]) -> None:
    images = {each["image"] for name, each in compose["services"].items() if name not in ours}
    assert all(re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*", image) for image in images)


def test_kafka_is_the_version_that_the_tests_run_on(compose: Any) -> None:
    assert compose["services"]["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"


def test_no_container_keeps_rights_it_doesnt_need(compose: Any) -> None:
    for each in compose["services"].values():
        assert each["cap_drop"] == ["ALL"]
        assert each["security_opt"] == ["no-new-privileges:true"]
        assert each["mem_limit"]
        assert not each.get("privileged")


def test_our_containers_write_nowhere_but_to_a_temporary_folder(ours: dict[str, Any]) -> None:
    for name, each in ours.items():
        assert each["read_only"], name
        assert each["tmpfs"] == ["/tmp"], name
        assert all(mount.endswith(":ro") for mount in each.get("volumes", [])), name


def test_the_example_names_each_secret_that_is_used_and_gives_none() -> None:
    used = set(re.findall(r"\$\{(\w+)", FILE.read_text()))
    lines = [line for line in (COMPOSE / ".env.example").read_text().splitlines() if line and line[0] != "#"]
    assert set(lines) == {f"{name}=" for name in used}


def test_no_secret_has_a_default(compose: Any) -> None:
    assert not re.findall(r"\$\{\w*PASSWORD(?!:\?)[^}]*\}", FILE.read_text())


def test_every_file_that_is_mounted_exists(compose: Any) -> None:
    for each in compose["services"].values():
        mounts = [mount.split(":")[0] for mount in each.get("volumes", [])]
        folders = [mount for mount in mounts if mount.startswith(".")]
        assert all((COMPOSE / folder).exists() for folder in folders)
        assert all(mount in compose["volumes"] for mount in mounts if not mount.startswith(("/", ".", "$")))


def test_every_container_that_stays_has_a_health_check_or_that_of_the_image(compose: Any, ours: dict[str, Any]) -> None:
    for name, each in compose["services"].items():
        assert name in ours or "test" in each["healthcheck"], name
