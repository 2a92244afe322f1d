"""The table of bounds says what the code does."""

import re
from pathlib import Path

from storyline.observe import catalogue
from storyline.settings import PREFIX, Settings

TABLE = Path(__file__).parents[3] / "deploy/bounds.md"
ALSO = {"tries_alone"}
"""Bounds whose names don't end like one."""


def rows() -> list[list[str]]:
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def by_setting() -> dict[str, list[str]]:
    found = {row[2].strip("`").removeprefix(PREFIX).lower(): row for row in rows() if PREFIX in row[2]}
    assert len(found) > 40
    return found


def test_every_setting_that_is_a_bound_stands_in_the_table() -> None:
    bounds = {name for name in Settings.model_fields if name.endswith("_max")} | ALSO
    assert by_setting().keys() == bounds


def test_each_default_is_the_codes() -> None:
    told = {name: float(re.findall(r"[\d,.]+", row[1])[0].replace(",", "")) for name, row in by_setting().items()}
    assert told == {name: float(Settings.model_fields[name].default) for name in told}


def test_each_bound_can_be_watched() -> None:
    for what, _, _, beyond, metrics in rows():
        named = re.findall(r"`(\w+)`", metrics)
        assert named and set(named) <= catalogue.names(), what
        assert beyond, what
