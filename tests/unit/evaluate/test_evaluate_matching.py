"""`storyline evaluate matching`: the report, the baselines, the errors and the reliability plot."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from storyline.cli.evaluate import evaluate
from storyline.evaluate.baselines import NoLibrary, TextClustering, TfIdf, TitleMatch
from storyline.evaluate.calibration import Judged, bins_of, calibration_error, calibration_report
from storyline.evaluate.judging import JudgingEngine
from storyline.evaluate.protocol import Engine, Run, run
from storyline.evaluate.reliability import plot_reliability
from storyline.evaluate.side_by_side import errors

STORM = ("Storm hits Tarnova", "A storm tore roofs off houses in Tarnova, and the harbour was closed at noon.")
FERRY = ("Ferry crews strike in Lindholm", "Crews of the Lindholm ferries walked out over pay and night shifts.")


def row(n: int, about: tuple[str, str] = STORM, story: str = "storm") -> dict[str, Any]:
    return {
        "id": f"x-{n}", "title": about[0], "body": about[1], "published_at": "2026-01-01", "lang": "en",
        "source": "Example", "story": story,
    }  # fmt: skip


ROWS = [row(n, *((STORM, "storm") if n % 2 else (FERRY, "ferry"))) for n in range(8)]


def labelled(path: Path) -> Path:
    path.write_text("\n".join(json.dumps(one) for one in ROWS))
    return path


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, bytes]:
    """(the report, what is said on the terminal, the plot) of one small set, two orders, all baselines."""
    folder = tmp_path_factory.mktemp("evaluate")
    command = [
        "matching", str(labelled(folder / "small.jsonl")), "--orders", "2", "--json", "--errors",
        "--reliability", str(folder / "plot.png"),
    ]  # fmt: skip
    result = CliRunner().invoke(evaluate, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    *said, report = result.stdout.splitlines()
    return json.loads(report), "\n".join(said), (folder / "plot.png").read_bytes()


def test_the_report_has_every_measure_of_each_set(measured: tuple[dict[str, Any], str, bytes]) -> None:
    small = measured[0]["sets"]["small"]
    assert small["b3"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert small["ceafe"]["f1"] == small["ari"] == pytest.approx(small["nmi"]) == 1
    assert (small["false_merges"], small["false_splits"]) == (0, 0)
    assert small["articles_per_second"] > 0
    assert small["spread"]["b3"]["f1"] == small["spread"]["ari"] == [1.0, 1.0]
    assert measured[0]["mixed"]["foreign_share"] == 0


def test_the_report_has_three_baselines_with_the_same_measures(
    measured: tuple[dict[str, Any], str, bytes],
) -> None:
    report = measured[0]
    assert set(report["baselines"]) == {"tfidf", "title", "textclust"}
    for baseline in report["baselines"].values():
        assert baseline["sets"]["small"].keys() == report["sets"]["small"].keys()
        assert baseline["mixed"].keys() == report["mixed"].keys()
        assert baseline["peak_memory_mib"] > 10


def test_the_table_has_a_line_for_each_engine(measured: tuple[dict[str, Any], str, bytes]) -> None:
    lines = [line.split()[:2] for line in measured[1].splitlines()]
    assert all(["small", engine] in lines for engine in ("storyline", "tfidf", "title", "textclust"))


def test_the_reliability_plot_is_a_png(measured: tuple[dict[str, Any], str, bytes]) -> None:
    assert measured[2].startswith(b"\x89PNG") and len(measured[2]) > 5_000


def test_the_report_says_how_well_the_probabilities_are_calibrated(
    measured: tuple[dict[str, Any], str, bytes],
) -> None:
    calibration = measured[0]["calibration"]
    assert calibration["sets"]["small"]["decisions"] > 0
    assert calibration["mean"] == calibration["sets"]["small"]["ece"]


def test_one_baseline_can_be_asked_for_alone(tmp_path: Path) -> None:
    command = ["matching", str(labelled(tmp_path / "small.jsonl")), "--orders", "1", "--baseline", "none", "--json"]
    result = CliRunner().invoke(evaluate, command)
    assert json.loads(result.stdout.splitlines()[-1])["baselines"] == {}


@pytest.mark.parametrize("engine", [TfIdf(), TitleMatch(), TextClustering()])
def test_a_baseline_puts_equal_articles_together_and_others_apart(engine: Engine) -> None:
    found = run(ROWS, engine).found
    assert len(set(found[0::2])) == len(set(found[1::2])) == 1
    assert found[0] != found[1]


def test_a_missing_library_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "river.cluster", None)
    with pytest.raises(NoLibrary, match=r"pip install 'storyline\[evaluate\]'"):
        TextClustering()


def test_a_missing_plotting_library_is_said_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    command = ["matching", str(labelled(tmp_path / "small.jsonl")), "--reliability", str(tmp_path / "plot.png")]
    result = CliRunner().invoke(evaluate, command)
    assert result.exit_code == 1
    assert "needs matplotlib" in result.output


# ---- errors


def test_a_false_merge_shows_its_two_stories_side_by_side() -> None:
    one = Run([row(1), row(2), row(3, FERRY, "ferry")], ["s", "s", "s"], 1.0)
    lines = list(errors(one, 100))
    assert lines[0] == "false merge: 3 articles in one story, 1 of them of other stories"
    assert any("Storm hits Tarnova" in line and "Ferry crews strike in Lindholm" in line for line in lines)
    assert not any(line.startswith("false split") for line in lines)
    assert max(map(len, lines)) <= 100


def test_a_false_split_shows_where_its_articles_lie() -> None:
    one = Run([row(1), row(2), row(3)], ["s", "s", "t"], 1.0)
    assert next(iter(errors(one))) == "false split: 3 articles of one story lie in 2 stories"


def test_what_a_terminal_would_obey_is_not_shown() -> None:
    one = Run([row(1, ("Storm\x1b[2J hits", "x")), row(2, FERRY, "ferry")], ["s", "s"], 1.0)
    assert "\x1b" not in "".join(errors(one))


# ---- calibration


def test_the_calibration_error_of_a_worked_example() -> None:
    # Two bins: .9 of which 1 in 2 is right, and .1 of which none is: (2 · .4 + 2 · .1) / 4.
    judged = [Judged(0.9, True), Judged(0.9, False), Judged(0.1, False), Judged(0.1, False)]
    assert calibration_error(judged) == pytest.approx(0.25)


def test_certain_decisions_that_are_right_have_no_error() -> None:
    assert calibration_error([Judged(1.0, True), Judged(0.0, False)]) == 0


def test_a_probability_of_one_counts_in_the_highest_bin() -> None:
    assert [one.decisions for one in bins_of([Judged(1.0, True), Judged(0.95, True)])] == [2]


def test_a_set_without_decisions_has_no_calibration() -> None:
    assert calibration_report({"empty": []}) == {"sets": {}, "mean": None, "across": None}
    with pytest.raises(ValueError, match="no decision"):
        calibration_error([])


def test_the_judge_says_whether_the_best_story_was_the_right_one() -> None:
    engine = JudgingEngine(ROWS)
    run(ROWS, engine)
    joins = [one for one in engine.judged if one.probability >= 0.5]
    assert len(joins) == len(ROWS) - 2
    assert all(one.right for one in joins)


def test_the_plot_leaves_out_sets_without_decisions(tmp_path: Path) -> None:
    path = tmp_path / "plot.png"
    plot_reliability({"empty": [], "some": [Judged(0.7, True)]}, path)
    assert path.stat().st_size > 5_000
