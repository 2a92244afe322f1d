"""`python -m storyline.training.calibration`: how sure a score may be, learned and tried with each set left out."""

import json
from pathlib import Path

import pytest

from storyline.domain.matching import Index
from storyline.domain.matching.scoring import CERTAINTY, Scorer
from storyline.evaluate.calibration import Judged, error_across
from storyline.training.calibration import held_out, learned, main, tempered

from ..matching.wire import FIRE, FIRE_AGAIN

TOO_SURE = [Judged(0.9, True)] * 7 + [Judged(0.9, False)] * 3
"""Seven in ten are right at nine in ten: log-odds of .85 instead of 2.2."""


def test_a_certainty_is_learned_that_makes_the_probability_what_it_says() -> None:
    certainty = learned({"set": TOO_SURE})
    assert certainty == pytest.approx(0.39, abs=0.01)
    assert tempered(TOO_SURE[0], certainty).probability == pytest.approx(0.7, abs=0.01)


def test_what_speaks_against_joining_stays_as_it_is() -> None:
    assert tempered(Judged(0.3, False), 0.5) == Judged(0.3, False)
    assert tempered(Judged(1.0, True), 1.0).probability == pytest.approx(1.0)


def test_each_set_is_tried_with_what_the_others_taught() -> None:
    sure = [Judged(0.9, True)] * 9 + [Judged(0.9, False)]
    report, tried = held_out({"too sure": TOO_SURE, "sure": sure})
    assert report["held_out"]["too sure"]["certainty"] == pytest.approx(1.0, abs=0.01)
    assert report["held_out"]["too sure"]["ece"] == pytest.approx(0.2, abs=0.01)
    assert tried["sure"][0].probability == pytest.approx(0.7, abs=0.01)


def test_one_set_alone_or_without_any_join_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="two files or more"):
        held_out({"alone": TOO_SURE})
    with pytest.raises(ValueError, match="nothing to learn"):
        learned({"cold": [Judged(0.2, False)]})


def test_across_sets_each_weighs_the_same() -> None:
    over, under = [Judged(0.85, False), Judged(0.85, True)], [Judged(0.85, True)]
    assert error_across({"over": over * 50, "under": under}) == pytest.approx(abs(0.35 - 0.15) / 2)
    with pytest.raises(ValueError, match="no decision"):
        error_across({"empty": []})


def test_certainty_changes_scores_above_half_and_no_decision() -> None:
    plain, ours = Index(Scorer(certainty=1.0)), Index()
    for index in (plain, ours):
        index.join("fire", "urn:test:1", FIRE, 1)
    raw, score = plain.decide(FIRE_AGAIN), ours.decide(FIRE_AGAIN)
    assert raw.story_id == score.story_id == "fire"
    assert tempered(Judged(raw.score, True), CERTAINTY).probability == pytest.approx(score.score)


def test_the_command_tells_errors_and_draws_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    paths = []
    for name in ("one", "other"):
        rows = [
            {"id": f"{name}-{n}", "title": title, "body": f"{title} in {name}, {n}.", "lang": "en", "story": title}
            for n, title in enumerate(["Storm hits Tarnova harbour", "Ferry crews strike in Lindholm"] * 4)
        ]
        paths.append(tmp_path / f"{name}.jsonl")
        paths[-1].write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    main([*map(str, paths), "--reliability", str(tmp_path / "plot.png"), "--json"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("set left out") and lines[1].startswith("one ")
    assert json.loads(lines[-1])["held_out"]["other"]["decisions"] > 0
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
