"""`storyline evaluate sections`: the report and the dump, on invented stories."""

import json
from pathlib import Path

from click.testing import CliRunner
from sections_making import WIRE, article

from storyline.cli.evaluate_sections import sections
from storyline.evaluate.sections import evaluate_sections

STORY = [article(headline, body, uri=f"urn:test:{i}", hours=24 * i) for i, (headline, body) in enumerate(WIRE)]


def test_a_report_counts_what_was_fed_and_made() -> None:
    report = evaluate_sections({"talks": STORY})
    assert (report["stories"], report["updates"]) == (1, 3)
    assert (report["cited_share"], report["deletion_share"]) == (1.0, 1.0)
    assert (report["untouched_changed"], report["duplicate_churn"]) == (0, 0)
    assert report["update_ms"]["p50"] > 0


def test_a_dump_shows_every_version_and_the_sources(tmp_path: Path) -> None:
    evaluate_sections({"talks": STORY}, tmp_path)
    text = (tmp_path / "talks.txt").read_text(encoding="utf-8")
    assert [f"version {n}:" in text for n in (1, 2, 3)] == [True, True, True]
    assert "[3] Meridian, original:" in text


def test_the_command_ends_with_one_json_object(tmp_path: Path) -> None:
    rows = [
        {
            "id": str(i),
            "title": title,
            "body": body,
            "published_at": f"2031-03-0{3 + i}",
            "lang": "en",
            "story": "talks",
        }
        for i, (title, body) in enumerate(WIRE)
    ]
    path = tmp_path / "stories.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = CliRunner().invoke(sections, [str(path), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout.strip().splitlines()[-1])["updates"] == 3


def test_a_file_that_is_not_json_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text("{nonsense", encoding="utf-8")
    result = CliRunner().invoke(sections, [str(path)])
    assert result.exit_code == 1
    assert "line 1" in result.output
