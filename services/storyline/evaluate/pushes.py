"""What a subscriber would be pushed on a real stream: through both engines, each article when it was published."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storyline_schemas import DEFAULT_SPACE, StoryUpdate
from storyline_schemas.base import DAY_MS, HOUR_MS, to_ms

from ..domain.pipeline import Pipeline
from ..domain.placing import Arrival, at_ms_of
from ..labelled import article_of, published_at

BATCH_SECONDS = 1.0
"""What is published within it goes through as one batch, as it would from a topic."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Push:
    """One update that would wake a reader, and how the story stood then."""

    at: str
    story: str
    version: int
    level: str
    reasons: tuple[str, ...]
    articles: int
    publishers: int
    hours: float
    """Since the story's first article."""
    headline: str

    def line(self) -> str:
        """Its values with tabs between, an empty column for a verdict first."""
        values = (
            self.at, self.story, self.version, self.level, "; ".join(self.reasons), self.articles, self.publishers,
            f"{self.hours:.1f}", self.headline,
        )  # fmt: skip
        return "\t".join(["", *(str(value).replace("\t", " ") for value in values)])


COLUMNS = ("verdict", "at", "story", "version", "level", "reasons", "articles", "publishers", "hours", "headline")


def evaluate_pushes(
    sets: Mapping[str, Sequence[Row]], progress: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, list[Push]]]:
    """Each set (rows as `labelled.read` gives them) by time through the engines: (the report, its pushes).

    Rows without a time are left out and counted: no clock could tell a burst among them.
    """
    report: dict[str, Any] = {}
    pushes: dict[str, list[Push]] = {}
    for name, rows in sets.items():
        updates, dated = _played(rows)
        pushes[name] = [_push(update) for update in updates if update.notify.mode == "push"]
        report[name] = _measured(rows, dated, updates, pushes[name])
        progress(f"{name}: {len(pushes[name]):,} pushes of {len(updates):,} updates")
    return report, pushes


def _played(rows: Sequence[Row]) -> tuple[list[StoryUpdate], list[int]]:
    """Every update, and the times of the articles that were fed, in ms."""
    timed = sorted(((to_ms(at), n) for n, row in enumerate(rows) if (at := published_at(row)) is not None))
    pipeline, updates = Pipeline(), []
    for batch in _batches(timed):
        updates += pipeline.feed([_arrival(rows[n], at_ms) for at_ms, n in batch])
    return updates, [at_ms for at_ms, _ in timed]


def _batches(timed: Sequence[tuple[int, int]]) -> Iterable[list[tuple[int, int]]]:
    batch: list[tuple[int, int]] = []
    for each in timed:
        if batch and each[0] - batch[0][0] >= BATCH_SECONDS * 1000:
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def _arrival(row: Row, at_ms: int) -> Arrival:
    article = article_of(row)
    return Arrival(article, DEFAULT_SPACE, f"cause-{article.uri}", at_ms_of(article, at_ms), at_ms)


def _push(update: StoryUpdate) -> Push:
    story = update.story
    hours = (to_ms(story.updated_at) - to_ms(story.first_seen)) / HOUR_MS
    return Push(
        story.updated_at.isoformat(), story.id, story.version, update.significance.level, update.significance.reasons,
        story.article_count, story.source_count, hours, story.headline,
    )  # fmt: skip


def _measured(
    rows: Sequence[Row], times_ms: Sequence[int], updates: Sequence[StoryUpdate], pushes: Sequence[Push]
) -> dict[str, Any]:
    days = len({at_ms // DAY_MS for at_ms in times_ms})
    modes = Counter(update.notify.mode for update in updates)
    # A figure or a number of publishers makes each reason its own.
    reasons = Counter(" ".join(w for w in said.split() if not w.isdigit()) for push in pushes for said in push.reasons)
    return {
        "articles": len(times_ms),
        "undated": len(rows) - len(times_ms),
        "days": days,
        "stories": len({update.story.id for update in updates}),
        "updates": len(updates),
        "modes": dict(modes),
        "pushes_a_day": round(len(pushes) / days, 1) if days else None,
        "articles_a_push": round(len(times_ms) / len(pushes), 1) if pushes else None,
        "stories_pushed": len({push.story for push in pushes}),
        "reasons": dict(reasons.most_common(12)),
    }
