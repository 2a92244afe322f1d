"""A Dockerfile as its instructions, and its steps replayed on this machine under another root.

Reads what deploy/Dockerfile uses: one instruction a line or continued by a backslash, JSON or shell form.
"""

import fnmatch
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

STEP_SECONDS = 280


@dataclass
class Stage:
    """From one FROM to the next: (instruction, rest of the line)."""

    image: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def given(self, instruction: str) -> list[str]:
        return [rest for name, rest in self.steps if name == instruction]

    @property
    def environment(self) -> dict[str, str]:
        pairs = (pair for rest in self.given("ENV") for pair in shlex.split(rest))
        return dict(pair.split("=", 1) for pair in pairs)


def stages(path: Path) -> list[Stage]:
    """The stages in order. Raises ValueError for a step before the first FROM."""
    found: list[Stage] = []
    for line in _lines(path.read_text()):
        instruction, rest = line.split(None, 1)
        if instruction == "FROM":
            image, *named = rest.split()
            found.append(Stage(image, named[1] if named else ""))
        elif found:
            found[-1].steps.append((instruction, rest))
        else:
            raise ValueError(f"before the first FROM: {line}")
    return found


def _lines(text: str) -> Iterator[str]:
    held = ""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            held += line.rstrip("\\")
            if not line.endswith("\\"):
                yield held
                held = ""


class Context:
    """What a build may copy from a folder: what its .dockerignore (a list of what is let in) leaves."""

    def __init__(self, root: Path) -> None:
        self.root = root
        rules = [line for line in (root / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
        assert rules[0] == "*", ".dockerignore must start by leaving everything out"
        self._let_in = [rule[1:] for rule in rules if rule.startswith("!")]
        self._left_out = [rule.removeprefix("**/") for rule in rules[1:] if not rule.startswith("!")]

    def copy(self, name: str, to: Path) -> None:
        """Copy a file or folder. Raises FileNotFoundError for what isn't in the context, as a build does."""
        if not any(name == each or name.startswith(f"{each}/") for each in self._let_in):
            raise FileNotFoundError(f".dockerignore keeps {name} out of the build")
        origin = self.root / name
        if origin.is_dir():
            shutil.copytree(origin, to, ignore=lambda _, names: {n for n in names if self._out(n)}, dirs_exist_ok=True)
        else:
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin, to)

    def _out(self, name: str) -> bool:
        return any(fnmatch.fnmatch(name, pattern) for pattern in self._left_out)


class Replay:
    """Stages carried out one after the other below `root` instead of `/`; RUN lines as `sh -c` runs them."""

    def __init__(self, context: Context, root: Path, python: Path) -> None:
        self._context = context
        self._root = root
        self._python = python

    def stage(self, stage: Stage) -> None:
        """Raises AssertionError with a step's output if it fails."""
        folder = "/"
        for instruction, rest in stage.steps:
            if instruction == "WORKDIR":
                folder = rest
                self.path(folder).mkdir(parents=True, exist_ok=True)
            elif instruction == "COPY":
                self._copy(rest.split(), folder)
            elif instruction == "RUN":
                self._run(rest, stage.environment, self.path(folder))

    def path(self, inside: str) -> Path:
        return self._root / inside.lstrip("/")

    def _copy(self, words: list[str], folder: str) -> None:
        if words[0].startswith("--from="):
            return  # both stages are replayed below one root
        *names, to = words
        for name in names:
            folder_given = to.endswith("/") or to == "."
            target = self.path(to if to.startswith("/") else f"{folder}/{to}")
            self._context.copy(name, target / Path(name).name if folder_given else target)

    def _run(self, command: str, environment: dict[str, str], folder: Path) -> None:
        tools = self._root / "tools"
        tools.mkdir(exist_ok=True)
        if not (tools / "python").exists():
            (tools / "python").symlink_to(self._python)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STORYLINE_", "PYTHON"))}
        inside = command.replace("/opt/", f"{self._root}/opt/")
        done = subprocess.run(
            ["sh", "-ec", inside], cwd=folder, capture_output=True, text=True, timeout=STEP_SECONDS, check=False,
            env={**kept, **environment, "PATH": f"{tools}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert done.returncode == 0, f"RUN {command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
