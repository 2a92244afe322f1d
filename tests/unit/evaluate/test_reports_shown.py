"""How `storyline evaluate gate` and `pushes` show what they counted. All figures are invented."""

import json
from pathlib import Path
from typing import Any

import pytest
from click import Command
from click.testing import CliRunner

from storyline.cli.evaluate_gate import gate
from storyline.cli.evaluate_pushes import pushes
from storyline.evaluate import gate as gating
from storyline.evaluate import pushes as pushing


def shown(command: Command, tmp_path: Path, **fields: Any) -> str:
    path = tmp_path / "wire.jsonl"
    path.write_text(json.dumps({"id": "1", "story": "ferry", "title": "Ferry sinks", **fields}) + "\n")
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_counts_of_the_gate_have_thousands_separators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = {
        "kinds": {"negated": {"claims": 10_000, "passed": 1_234}}, "let_through": 1_234, "false_claims": 10_000,
        "refused": 2_345, "good_claims": 20_000,
    }  # fmt: skip
    monkeypatch.setattr(gating, "evaluate_gate", lambda *_: (report, []))
    text = shown(gate, tmp_path)
    assert " 1,234 of 10,000 passed\n" in text
    assert "false claims let through: 1,234 of 10,000\n" in text
    assert "good claims refused: 2,345 of 20,000\n" in text


def test_counts_of_pushes_have_thousands_separators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = {
        "articles": 98_765, "undated": 1_000, "days": 1_200, "stories": 4_321, "updates": 54_321,
        "modes": {"push": 2_345, "digest": 7}, "pushes_a_day": 1_234.5, "articles_a_push": 42.1,
        "stories_pushed": 1_111, "reasons": {"a new fact": 2_222},
    }  # fmt: skip
    monkeypatch.setattr(pushing, "evaluate_pushes", lambda *_: ({"wire": report}, {}))
    assert shown(pushes, tmp_path) == (
        "wire: 98,765 articles of 1,200 days, 1,000 undated left out\n"
        "  54,321 updates of 4,321 stories: 7 digest, 2,345 push\n"
        "  1,234.5 pushes a day, of 1,111 stories\n"
        "   2,222 a new fact\n"
    )


def test_pushes_of_no_day_have_no_rate(tmp_path: Path) -> None:
    assert "  – pushes a day, of 0 stories\n" in shown(pushes, tmp_path, published_at=None)
