"""Every setting and every command that is named anywhere for people exists."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyline.settings import PREFIX, TEST_PREFIX, describe

from .commands import problem
from .shared import DEPLOY, ROOT

NAMED = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "Makefile"]
    + [path for path in DEPLOY.rglob("*") if path.is_file() and "requirements" not in path.name]
    + list((ROOT / "services").rglob("*.md"))
)
SETTINGS = {row["name"] for row in describe()}
COMMAND = re.compile(r"(?<!namespace )(?<!generic )(?<!-n )(?<![\w.-])storyline ((?:[a-z-]|--).*)")
COMPOSE = re.compile(r"docker compose run (?:--?[\w-]+ )*(\w+) (.*)")
PLACEHOLDER = re.compile(r"[A-Z…\[<].*|.*…|\W+")
"""Where a command line goes on with what the reader fills in."""


def lines_of_code(path: Path) -> Iterator[str]:
    """What is meant to be typed: in Markdown indented or fenced lines, elsewhere any line; and what is in backticks."""
    text = path.read_text()
    yield from re.findall(r"`(storyline [^`]+)`", text)
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if path.suffix == ".md" and (fenced or line.startswith("    ")) and "`" not in line:
            yield line


def commands(path: Path) -> Iterator[list[str]]:
    """The words after `storyline` of each command, up to a pipe, a placeholder or a comment."""
    for line in lines_of_code(path):
        for text in COMMAND.findall(line) + [rest for _, rest in COMPOSE.findall(line)]:
            plain = re.split(r" [|&#>]|; ", text)[0].rstrip("&\\ ")
            words = shlex.split(plain)
            placeholder = next((n for n, word in enumerate(words) if PLACEHOLDER.fullmatch(word)), len(words))
            yield [word for word in words[:placeholder] if word]


@pytest.mark.parametrize("path", NAMED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_is_named_exists(path: Path) -> None:
    assert [wrong for words in commands(path) if (wrong := problem(words))] == []


@pytest.mark.parametrize("path", NAMED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z0-9_]*[A-Z0-9]\b", path.read_text()))
    assert {name for name in named - SETTINGS if not name.startswith(TEST_PREFIX)} == set()


def test_the_check_finds_commands_at_all() -> None:
    assert ["topics", "create"] in list(commands(ROOT / "README.md"))
    assert len([words for path in NAMED for words in commands(path)]) > 40
    assert problem(["topics", "destroy"]) and problem(["lag", "--colour"])
