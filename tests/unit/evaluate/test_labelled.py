"""Labelled sets as the commands read them: the order of a story's articles, and what is said of sets that can't be."""

import json
from pathlib import Path
from typing import Any

import pytest
from click import Command
from click.testing import CliRunner

from storyline.cli.evaluate_gate import gate
from storyline.cli.evaluate_pushes import pushes
from storyline.cli.evaluate_sections import sections
from storyline.evaluate.labelled import read_stories


def _file(path: Path, *rows: dict[str, Any]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps({"story": "a", "title": "Ferry sinks"} | row) + "\n" for row in rows))
    return path


def test_the_articles_of_a_story_come_by_time_whatever_zone_it_is_told_in(tmp_path: Path) -> None:
    path = _file(
        tmp_path / "set.jsonl",
        {"id": "undated", "published_at": None},
        {"id": "third", "published_at": "2031-03-04T09:30:00Z"},
        {"id": "first", "published_at": "2031-03-04T10:00:00+03:00"},
        {"id": "second", "published_at": "2031-03-04T03:30:00-05:00"},
    )
    [articles] = read_stories([path]).values()
    assert [article.uri.split(":")[-1] for article in articles] == ["first", "second", "third", "undated"]


@pytest.mark.parametrize("command", [gate, sections, pushes])
def test_a_time_that_is_none_is_said_with_its_file_and_article(command: Command, tmp_path: Path) -> None:
    path = _file(tmp_path / "set.jsonl", {"id": "x-7", "published_at": "yesterday"})
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 1
    assert "set.jsonl, x-7: published_at 'yesterday' is not a time" in result.output


@pytest.mark.parametrize("command", [gate, sections, pushes])
def test_two_files_of_one_name_are_refused(command: Command, tmp_path: Path) -> None:
    """Or the second would stand in place of the first, or its stories among those of the first."""
    files = [_file(tmp_path / folder / "set.jsonl", {"id": folder, "published_at": "2031-03-04"}) for folder in "ab"]
    result = CliRunner().invoke(command, [str(path) for path in files])
    assert result.exit_code == 1
    assert "set: two files of this name" in result.output


@pytest.mark.parametrize("command", [gate, sections, pushes])
def test_a_file_of_other_bytes_is_named(command: Command, tmp_path: Path) -> None:
    (tmp_path / "wire.zip").write_bytes(b"PK\x03\x04\xc7\xff")
    result = CliRunner().invoke(command, [str(tmp_path / "wire.zip")])
    assert result.exit_code == 1
    assert "wire.zip, line 1: is not UTF-8" in result.output
