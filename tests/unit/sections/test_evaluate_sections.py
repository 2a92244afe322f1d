"""`storyline evaluate sections`: the report and the dump, on invented stories."""

import asyncio
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sections_making import WIRE, article
from tests.model_server import ModelServer, Say

from storyline.cli.evaluate_sections import sections
from storyline.evaluate.sections import evaluate_sections, file_names

STORY = [article(headline, body, uri=f"urn:test:{i}", hours=24 * i) for i, (headline, body) in enumerate(WIRE)]


def test_a_report_counts_what_was_fed_and_made() -> None:
    report = evaluate_sections({"talks": STORY})
    assert (report["stories"], report["updates"]) == (1, 3)
    assert (report["cited_share"], report["deletion_share"]) == (1.0, 1.0)
    assert (report["untouched_changed"], report["duplicate_churn"]) == (0, 0)
    assert report["update_ms"]["p50"] > 0


def test_a_dump_shows_every_version_and_the_sources_with_their_days(tmp_path: Path) -> None:
    evaluate_sections({"talks": STORY}, tmp_path)
    text = (tmp_path / "talks.txt").read_text(encoding="utf-8")
    assert [f"version {n}:" in text for n in (1, 2, 3)] == [True, True, True]
    assert "==== version 1: Velmara, Karsund to hold talks on North Norrin policy (3 Mar 2031)\n" in text
    assert "[3] Meridian, original (5 Mar 2031):" in text


def test_each_story_has_a_file_of_its_own_whatever_its_name(tmp_path: Path) -> None:
    names = ["a b", "a-b", "A-B", "a-b-2", "rewriter", "", "港" * 150, "港" * 140, "p" * 120, "p" * 110]
    evaluate_sections(dict.fromkeys(names, STORY[:1]), tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == set(file_names(names).values())
    assert len(list(tmp_path.iterdir())) == len(names)


def test_a_storys_file_is_named_like_it_where_nothing_stands_against_it() -> None:
    assert file_names(["talks-12", "harbour: day one"]) == {
        "talks-12": "talks-12.txt", "harbour: day one": "harbour--day-one.txt",
    }  # fmt: skip


def labelled(tmp_path: Path) -> str:
    """The story as a file of the labelled form."""
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
    return str(path)


def test_the_command_ends_with_one_json_object(tmp_path: Path) -> None:
    result = CliRunner().invoke(sections, [labelled(tmp_path), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout.strip().splitlines()[-1])["updates"] == 3


async def with_a_model(behaviour: Say | str, tmp_path: Path, *more: str) -> tuple[dict[str, Any], ModelServer]:
    """What the command reports of a model that answers over HTTP."""
    async with ModelServer(behaviour).serving() as model:
        arguments = [labelled(tmp_path), "--rewriter", model.url, "--json", *more]
        result = await asyncio.to_thread(CliRunner().invoke, sections, arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout.strip().splitlines()[-1])["rewriter"], model


async def test_a_good_model_is_asked_about_each_section_and_its_wording_is_dumped(tmp_path: Path) -> None:
    def connected(said: list[str]) -> list[str]:
        return [*said[:-1], f"Meanwhile, {said[-1]}"] if len(said) > 1 else said

    report, model = await with_a_model(connected, tmp_path, "--dump", str(tmp_path / "dump"))
    assert 0 < report["sections_passed"] <= report["sections_asked"] <= report["sections"]
    assert report["sections_passed"] + report["sections_unchanged"] == report["sections_asked"]
    assert report["calls"] == len(model.asked) == report["sections_asked"] and report["calls_failed"] == 0
    assert report["reworded"]["connected_share"] > report["own_words"]["connected_share"]
    assert report["tokens"] == {"in": 300 * report["calls"], "out": 100 * report["calls"]}
    dumped = (tmp_path / "dump" / "rewriter.txt").read_text(encoding="utf-8")
    assert "  + Meanwhile, " in dumped
    await with_a_model(connected, tmp_path, "--dump", str(tmp_path / "dump"))
    assert (tmp_path / "dump" / "rewriter.txt").read_text(encoding="utf-8") == dumped


async def test_of_a_model_that_invents_nothing_passes_and_it_is_said_why(tmp_path: Path) -> None:
    report, _ = await with_a_model(lambda said: ["Nine ministers resigned.", *said], tmp_path)
    assert report["sections_passed"] == 0 < report["sections_asked"]
    assert report["calls"] == 2 * report["sections_asked"]
    assert report["refused"] == {"a sentence has words, signs or an order that its source has not": report["calls"]}


async def test_a_model_that_is_broken_ends_the_comparison_early(tmp_path: Path) -> None:
    report, model = await with_a_model("500", tmp_path, "--rewriter-sections", "40")
    assert report["calls"] == report["calls_failed"] == len(model.asked) <= 6
    assert report["sections_passed"] == 0


def test_a_file_that_is_not_json_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text("{nonsense", encoding="utf-8")
    result = CliRunner().invoke(sections, [str(path)])
    assert result.exit_code == 1
    assert "line 1" in result.output
