"""The command line without a server: help, wrong use, one clear line and the right exit code."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import storyline as storyline_package
from storyline.cli.common import guarded, own_command
from storyline.cli.ingest import ingest
from storyline.cli.root import COMMANDS


def storyline(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYLINE_")}
    command = [sys.executable, "-m", "storyline", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**kept, **environment})


def test_help_names_every_command() -> None:
    shown = storyline("--help")
    assert shown.returncode == 0
    assert all(name in shown.stdout for name in COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["run"], ["edit"], ["evaluate"], ["dead-letters"]])
def test_help_cuts_no_sentence_off(arguments: list[str]) -> None:
    assert "..." not in storyline(*arguments, "--help").stdout.partition("Commands:")[2]


def test_the_version_is_one_line() -> None:
    assert storyline("--version").stdout.startswith("storyline 0.")


def test_settings_are_listed_as_json() -> None:
    rows = json.loads(storyline("settings", "--json").stdout.splitlines()[-1])["settings"]
    assert "STORYLINE_REDIS_URL" in {row["name"] for row in rows}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["run", "everything"], "No such command 'everything'"),
        (["chekc"], "No such command 'chekc'. Did you mean check?"),
        (["run", "macher"], "No such command 'macher'. Did you mean matcher?"),
        (["dead-letters", "reply", "--all"], "Did you mean replay?"),
        (["ingest"], "Missing argument 'PATHS...'"),
        (["ingest", "/no/such/file"], "does not exist"),
        (["lag", "--kafka", "nowhere"], "'nowhere' is not host:port"),
        (["stories", "list", "--limit", "0"], "0 is not in the range"),
        (["demo", "--kafka", "localhost:1"], "give --kafka and --redis together"),
        (["dead-letters", "replay"], "name the letters to replay, or say --all"),
        (["dead-letters", "list", "--since", "yesterday"], "write 90s, 15m, 2h or 7d"),
    ],
)
def test_wrong_use_says_what_is_wrong_and_exits_2(arguments: list[str], said: str) -> None:
    done = storyline(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_setting_is_wrong_use_and_named_with_its_neighbour() -> None:
    done = storyline("lag", STORYLINE_KAFKA_SERVERS="x:1")
    assert done.returncode == 2
    assert "unknown setting STORYLINE_KAFKA_SERVERS" in done.stderr
    assert "STORYLINE_KAFKA_BOOTSTRAP_SERVERS" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["lag"], ["topics", "create"], ["stories", "list"], ["dead-letters", "list"], ["run", "matcher"], ["rebuild"]],
)
def test_a_broker_that_is_down_is_one_line_that_names_it(arguments: list[str]) -> None:
    done = storyline(*arguments, "--kafka", "127.0.0.1:1")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "127.0.0.1:1" in done.stderr


@pytest.mark.parametrize("arguments", [["show", "st-1"], ["explain", "urn:example:1"]])
def test_a_redis_that_is_down_is_one_line_that_names_it(arguments: list[str]) -> None:
    done = storyline(*arguments, "--redis", "redis://:hunter2@127.0.0.1:1/0")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "127.0.0.1:1" in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["lag"], 1),
        (["stories", "list"], 1),
        (["dead-letters", "list"], 1),
        (["topics", "create"], 1),
        (["explain", "urn:example:1"], 1),
        (["show", "st-1"], 1),
        (["lag", "--no-such-option"], 2),
        (["dead-letters", "show", "nope"], 2),
    ],
)
def test_who_asked_for_json_gets_the_error_as_json(arguments: list[str], code: int) -> None:
    done = storyline(
        *arguments, "--json",
        STORYLINE_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1", STORYLINE_REDIS_URL="redis://127.0.0.1:1/0",
    )  # fmt: skip
    assert done.returncode == code
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["ok"] is False
    assert report["error"] and report["error"] in " ".join(done.stderr.split())


@pytest.mark.parametrize("command", ["show", "replay"])
@pytest.mark.parametrize("id", ["nope", "articles/0/1", "articles.dlq/x/1"])
def test_an_id_that_no_dead_letter_has_is_wrong_use_without_asking_a_server(command: str, id: str) -> None:
    done = storyline("dead-letters", command, id, "--kafka", "127.0.0.1:1")
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in done.stderr and "Unclosed" not in done.stderr


@pytest.mark.parametrize(
    ("content", "why"), [("", "is empty"), ('{"uri": "urn:x", "headline": 7}\n', "is no news format")]
)
def test_a_demo_without_an_article_says_why_before_it_starts_anything(tmp_path: Path, content: str, why: str) -> None:
    file = tmp_path / "nothing.jsonl"
    file.write_text(content)
    done = storyline("demo", "--input", str(file), "--exit", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1])["ok"] is False
    (line,) = done.stderr.strip().splitlines()
    assert f"{file} has no article that can be sent" in line and why in line


@pytest.mark.parametrize("called", ["-m storyline", "bin/storyline"])
def test_how_it_is_called_again_runs(called: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    by_module = str(Path(storyline_package.__file__).parent / "__main__.py")
    monkeypatch.setattr(
        sys, "argv", [by_module if called == "-m storyline" else str(Path(sys.executable).parent / "storyline")]
    )
    again = shlex.split(own_command())
    assert subprocess.run([*again, "--version"], capture_output=True, text=True).stdout.startswith("storyline 0.")


def test_without_the_services_it_says_how_to_get_them() -> None:
    code = "import sys; sys.modules['click'] = None; sys.argv = ['storyline', 'lag']\n"
    code += "from storyline.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "pip install 'storyline[services]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [["settings"], ["settings", "--json"]])
def test_a_full_disk_is_one_line(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "storyline", *arguments]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "storyline: [Errno 28] No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_who_asked_for_json_gets_it_also_where_another_file_has_no_room(capsys: pytest.CaptureFixture[str]) -> None:
    def fills_the_disk() -> None:
        with Path("/dev/full").open("w") as full:
            full.write("x")

    assert guarded(fills_the_disk, as_json=True) == 1
    said = "[Errno 28] No space left on device"
    told = capsys.readouterr()
    assert (json.loads(told.out), told.err) == ({"ok": False, "error": said}, f"storyline: {said}\n")


def test_neither_a_files_name_nor_its_content_gives_the_terminal_orders(tmp_path: Path) -> None:
    (tmp_path / "\x1b]0;mine\x07.json").write_text(json.dumps({"\x1b[2J": 1, "\x9b2J": 2}))
    result = CliRunner().invoke(ingest, [str(tmp_path), "--check"])
    assert result.exit_code == 1
    assert " [2J" in result.output and "mine" in result.output
    assert not {"\x1b", "\x07", "\x9b"} & set(result.output)
