"""The unit and its settings name nothing that doesn't exist."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from storyline.cli.root import cli
from storyline.settings import Settings

from .commands import services

SYSTEMD = Path(__file__).parents[3] / "deploy" / "systemd"


def settings_of(example: Path) -> dict[str, str]:
    lines = [line for line in example.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_the_example_settings_are_taken_as_they_are() -> None:
    given = settings_of(SYSTEMD / "storyline.env.example")
    settings = Settings.load(given)
    assert settings.environment() | given == settings.environment()


@pytest.mark.parametrize("service", sorted(services()))
def test_the_unit_starts_a_command_that_exists(service: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read(SYSTEMD / "storyline@.service")
    command = unit["Service"]["ExecStart"].replace("%i", service).split()[1:]
    assert CliRunner().invoke(cli, [*command, "--help"]).exit_code == 0


def test_the_unit_outlasts_three_messages_that_end_the_process() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read(SYSTEMD / "storyline@.service")
    assert int(unit["Unit"]["StartLimitBurst"]) > 3 * Settings().kills_max


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze isn't installed")
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    text = (SYSTEMD / "storyline@.service").read_text().replace("/opt/storyline/bin/storyline", "/bin/true")
    unit = tmp_path / "storyline@matcher.service"
    unit.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
