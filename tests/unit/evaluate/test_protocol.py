"""Reading labelled rows, the order they are fed in, and the command that measures."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from storyline.cli.evaluate import evaluate
from storyline.evaluate.labelled import read
from storyline.evaluate.protocol import StreamEngine, blocks, in_order, mixed, run
from storyline.labelled import article_of


def row(n: int, title: str = "Storm hits Tarnova", day: str | None = "2026-01-01", story: str = "a") -> dict[str, Any]:
    return {
        "id": f"x-{n}",
        "title": title,
        "body": "",
        "published_at": day,
        "lang": "en",
        "source": "S",
        "story": story,
    }


def test_a_row_becomes_an_article() -> None:
    article = article_of({**row(7), "url": "https://example.org/7"})
    assert (article.uri, article.headline, article.language) == ("urn:labelled:x-7", "Storm hits Tarnova", "en")
    assert article.version_created == datetime(2026, 1, 1, tzinfo=UTC)
    assert article.url == "https://example.org/7"


def test_an_undated_row_becomes_an_undated_article() -> None:
    assert article_of(row(1, day=None)).version_created is None


def test_what_the_contract_would_refuse_in_a_row_is_left_out() -> None:
    article = article_of(
        {"id": "a b/ü", "title": "A <div>storm</div>", "lang": "English!", "url": "ftp://x", "source": ""}
    )
    assert article.uri == "urn:labelled:a%20b%2F%C3%BC"
    assert (article.language, article.url, article.headline) == ("und", None, "A storm")


def test_an_unreadable_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text('{"id": 1}\nnot json\n')
    with pytest.raises(ValueError, match=r"set\.jsonl, line 2: is not JSON"):
        list(read(file))


def test_dated_rows_come_in_order_of_time() -> None:
    rows = [row(n, day=f"2026-01-{31 - n:02}", story=str(n)) for n in range(20)]
    assert [one["id"] for one in in_order(rows, 1)] == [f"x-{n}" for n in reversed(range(20))]


def test_the_same_seed_gives_the_same_order_and_another_another() -> None:
    rows = [row(n, day=None, story=str(n)) for n in range(20)]
    assert in_order(rows, 1) == in_order(rows, 1) != in_order(rows, 2)


def test_a_set_that_arrives_story_by_story_is_shuffled() -> None:
    rows = [row(n, day=f"2026-01-01T00:{n:02}:00Z", story=str(n // 30)) for n in range(60)]
    assert blocks(rows)
    assert in_order(rows, 1) != rows


@given(st.integers(0, 1_000), st.lists(st.sampled_from([None, "2026-01-01", "2026-01-02"]), max_size=12))
def test_every_row_is_fed_once(seed: int, days: list[str | None]) -> None:
    rows = [row(n, day=day, story=str(n)) for n, day in enumerate(days)]
    assert Counter(one["id"] for one in in_order(rows, seed)) == Counter(one["id"] for one in rows)


def test_a_mixed_stream_keeps_each_sets_order() -> None:
    sets = {name: [row(n, day=f"2026-01-{n + 1:02}", story=str(n)) for n in range(9)] for name in "ab"}
    stream = mixed(sets, 3)
    for name in "ab":
        assert [one for source, one in stream if source == name] == sets[name]


def test_a_run_says_where_every_article_went() -> None:
    rows = [row(1), row(2), row(3, title="Ferry crews strike in Lindholm", story="b")]
    one = run(rows, StreamEngine())
    assert one.found[0] == one.found[1] != one.found[2]
    assert one.gold == ["a", "a", "b"]


def test_a_file_without_labels_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "plain.jsonl"
    file.write_text('{"id": 1, "title": "Storm"}')
    result = CliRunner().invoke(evaluate, ["matching", str(file)])
    assert result.exit_code == 1
    assert "has no `story`" in result.output


SETS = Path(__file__).parents[3].parent / "shared" / "data" / "stories"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "least"), [("wikinews_cited", 0.75), ("basil", 0.96), ("meantime", 0.90)])
def test_real_streams_are_matched_well(name: str, least: float) -> None:
    if not (SETS / f"{name}.jsonl").exists():
        pytest.skip(f"the labelled stream {name} is not part of the project")
    one = run(in_order(list(read(SETS / f"{name}.jsonl")), 1), StreamEngine())
    from storyline.evaluate.metrics import bcubed

    assert bcubed(one.gold, one.found).f1 >= least
