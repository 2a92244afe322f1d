"""The invariants over real stories; the articles lie beside the repository and are not part of it."""

from pathlib import Path

import pytest

from storyline.evaluate import labelled
from storyline.evaluate.sections import evaluate_sections
from storyline.labelled import article_of

STORIES = Path(__file__).parents[4] / "shared" / "data" / "stories" / "wikinews_cited.jsonl"


@pytest.mark.skipif(
    not STORIES.exists(), reason="the labelled stories (../shared/data/stories) are not on this machine"
)
def test_real_stories_keep_the_invariants() -> None:
    stories: dict[str, list[dict[str, object]]] = {}
    for row in labelled.read(STORIES):
        stories.setdefault(str(row["story"]), []).append(row)
    chosen = {
        name: [article_of(row) for row in sorted(rows, key=lambda row: str(row.get("published_at") or "9"))]
        for name, rows in sorted(stories.items())[:80]
    }
    report = evaluate_sections(chosen)
    assert report["sentences"] > 300
    assert (report["cited_share"], report["deletion_share"]) == (1.0, 1.0)
    assert (report["untouched_changed"], report["duplicate_churn"]) == (0, 0)
