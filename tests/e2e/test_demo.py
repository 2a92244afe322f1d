"""`storyline demo` on the embedded pair: stories come out, and no process and no file stays behind."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .harness import articles_of

pytestmark = pytest.mark.slow

SECONDS = 240


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The temporary directory of everything the demo starts."""
    directory = tmp_path / "tmp"
    directory.mkdir()
    return directory


@pytest.fixture
def demo(temporary: Path) -> Iterator["Demo"]:
    demo = Demo(temporary)
    yield demo
    demo.close()


class Demo:
    """A running `storyline demo`."""

    def __init__(self, temporary: Path) -> None:
        self.temporary = temporary
        self.process: subprocess.Popen[str] | None = None

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYLINE_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "storyline", "demo", *arguments], env={**kept, "TMPDIR": str(self.temporary)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self.process

    def until(self, said: str) -> str:
        """What it says up to the line that contains this."""
        assert self.process is not None and self.process.stderr is not None
        lines = []
        for line in self.process.stderr:
            lines.append(line)
            if said in line:
                return "".join(lines)
        raise AssertionError(f"it ended and never said {said!r}:\n{''.join(lines)}")

    def children(self) -> list[int]:
        """The processes it has started."""
        assert self.process is not None
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.communicate(timeout=60)


def exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_the_sample_wire_comes_out_as_stories_and_nothing_is_left(demo: Demo, sample: Path) -> None:
    out, said = demo.start("--exit", "--json").communicate(timeout=SECONDS)
    assert demo.process is not None and demo.process.returncode == 0, said
    report = json.loads(out.splitlines()[-1])
    assert report["articles"] == len({article.uri for article in articles_of(sample)})
    assert 10 <= report["stories"] <= report["updates"]
    assert report["dead_letters"] == 0
    assert set(report) == {
        "articles",
        "stories",
        "updates",
        "dead_letters",
        "seconds",
        "articles_per_second",
        "problems",
    }
    assert "Sources (" in said
    assert "a webhook was delivered" in said
    assert "its signature verified" in said
    assert list(demo.temporary.iterdir()) == []


def test_a_file_of_labelled_stories_comes_out_whole(demo: Demo, tmp_path: Path) -> None:
    rows = [
        {"id": f"{town}-{n}", "title": f"Council of {town} votes on bridge, day {n}", "lang": "en", "source": "Example",
         "body": f"The council of {town} voted on its new bridge on day {n}. Mayor of {town} agreed.",
         "published_at": f"2026-01-0{n}T08:00:00Z", "story": town}
        for town in ("Quellin", "Tamrin") for n in range(1, 4)
    ]  # fmt: skip
    rows[0]["published_at"] = None
    file = tmp_path / "labelled.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    out, said = demo.start("--input", str(file), "--exit", "--json").communicate(timeout=SECONDS)
    assert demo.process is not None and demo.process.returncode == 0, said
    assert json.loads(out.splitlines()[-1])["articles"] == len(rows)


def test_a_refused_line_is_named_and_the_exit_code_says_so(demo: Demo, sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(sample.read_bytes().splitlines(keepends=True)[0] + b'{"uri": "urn:x", "headline": 7}\n')
    out, said = demo.start("--input", str(file), "--exit", "--json").communicate(timeout=SECONDS)
    assert demo.process is not None and demo.process.returncode == 1
    assert "bad.jsonl, line 2: headline:" in said
    (problem,) = json.loads(out.splitlines()[-1])["problems"]
    assert "1 line was refused" in problem


def test_told_to_leave_in_the_middle_it_leaves_nothing_open(demo: Demo) -> None:
    process = demo.start()
    demo.until("sending")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "storyline: stopped" in said
    assert "Unclosed" not in said and "Traceback" not in said
    assert list(demo.temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stays_until_told_and_leaves_no_process_and_no_file(demo: Demo, number: signal.Signals) -> None:
    process = demo.start()
    said = demo.until("Everything stays up until Ctrl-C")
    assert "storyline show" in said
    page = re.search(r"Read the stories at (http://\S+)", said)
    assert page is not None
    assert "Sources (" in httpx.get(page[1] + "stories/" + said.split("storyline show ")[1].split()[0]).text
    children = demo.children()
    assert len(children) == 7
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert not any(exists(pid) for pid in children)
    assert list(demo.temporary.iterdir()) == []


def test_a_service_that_dies_is_named_and_ends_the_demo(demo: Demo) -> None:
    process = demo.start()
    demo.until("Everything stays up until Ctrl-C")
    children = demo.children()
    updater = next(pid for pid in children if "updater" in Path(f"/proc/{pid}/cmdline").read_text())
    os.kill(updater, signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "updater ended (exit -9)" in said
    assert "owns partition" in said
    assert not any(exists(pid) for pid in children)
    assert list(demo.temporary.iterdir()) == []
