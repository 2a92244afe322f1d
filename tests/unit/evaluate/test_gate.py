"""`storyline evaluate gate`: claims made by recipe out of invented articles, and the report."""

import json
from pathlib import Path

from click.testing import CliRunner

from storyline.cli.evaluate_gate import gate

BODY = (
    "At least 12 people were hurt on Tuesday when a ferry struck a pier in Port Solmar. "
    "Mayor Ilda Brennick said the harbour was closed after the collision. "
    "The ferry, which had left Norhaven in the morning, was not carrying any cargo. "
    "Harbour master Tomas Rell told reporters that 340 passengers had been taken ashore by noon."
)


def _run(tmp_path: Path, *options: str) -> dict[str, object]:
    row = {
        "id": "1",
        "title": "Ferry strikes pier",
        "body": BODY,
        "published_at": "2031-03-04",
        "lang": "en",
        "story": "f",
    }
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    result = CliRunner().invoke(gate, [str(path), "--json", *options])
    assert result.exit_code == 0, result.output
    report: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return report


def test_no_false_claim_of_plain_sentences_is_let_through(tmp_path: Path) -> None:
    report = _run(tmp_path)
    assert isinstance(report["false_claims"], int)
    assert report["false_claims"] >= 8
    assert report["let_through"] == 0


def test_the_same_seed_makes_the_same_claims(tmp_path: Path) -> None:
    assert _run(tmp_path, "--seed", "7") == _run(tmp_path, "--seed", "7")


def test_the_dump_shows_each_claim_with_its_source(tmp_path: Path) -> None:
    report = _run(tmp_path, "--dump", str(tmp_path / "claims.txt"))
    lines = (tmp_path / "claims.txt").read_text(encoding="utf-8").splitlines()
    assert report["false_claims"] == sum(": " in line and "false, " in line[:12] for line in lines)
