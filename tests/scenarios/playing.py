"""Rows of the table as articles to send, and what a subscriber saw held against what the row says."""

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storyline_schemas import StoryStatus, StoryUpdate
from storyline_schemas.events import STORY_EDIT, Headers, binary_headers
from tests.wires import article

TABLE = Path(__file__).with_name("table.toml")
SETTING = ("name", "rounds", "rests", "closes", "expires")
SOON_SECONDS = 60
"""An embargo shorter than this ends within the test."""
LIVE = (StoryStatus.OPEN, StoryStatus.DORMANT, StoryStatus.CLOSED)


@dataclass(frozen=True)
class Scenario:
    """One row. `space` is its own, so that rows can be played side by side."""

    name: str
    space: str
    rounds: Sequence[Sequence[Mapping[str, Any]]]
    expected: Mapping[str, Any]
    rests: float | None = None
    """Seconds without news after which its stories rest; None: longer than the test."""
    closes: float | None = None
    expires: float | None = None

    def uri(self, id: str) -> str:
        return f"{self.space}:{id}"

    def event(
        self, step: Mapping[str, Any], now: datetime, seen: Iterable[StoryUpdate], slow: float = 1.0
    ) -> tuple[bytes, Headers] | None:
        """What goes onto `articles` for a step (value, headers); None for one that only lets time pass.

        `seen` are the updates so far: a request names its stories by articles. Embargoes that end within the test are
        longer by `slow`.
        """
        if "raw" in step:
            return str(step["raw"]).encode(), ()
        if "edit" in step:
            return self._edit(step, list(seen))
        value = self._article(step, now, slow) if "id" in step else None
        return None if value is None else (value, ())

    def _edit(self, step: Mapping[str, Any], seen: Sequence[StoryUpdate]) -> tuple[bytes, Headers]:
        edit: dict[str, Any] = {"author": "desk@wire.example", "reason": "as the table says"}
        edit |= {name: value for name, value in step.items() if name not in ("edit", "of", "into", "articles")}
        edit |= {"action": step["edit"], "space": self.space, "story_id": self._story(step["of"], seen)}
        if "into" in step:
            edit["into"] = self._story(step["into"], seen)
        edit["articles"] = [self.uri(id) for id in step.get("articles", ())]
        content = json.dumps(edit).encode()
        id = step.get("event") or hashlib.blake2b(content, digest_size=8).hexdigest()
        return content, binary_headers(STORY_EDIT, f"{self.space}/{id}", edit["story_id"], None, "/table")

    def _story(self, named: str, seen: Sequence[StoryUpdate]) -> str:
        """The story that has the article now; `first ID`: that which had it first; `st-…`: as it stands."""
        if named.startswith("st-"):
            return named
        uri = self.uri(named.removeprefix("first "))
        having = [update.story.id for update in seen if uri in {each.article_uri for each in update.story.sources}]
        return having[0 if named.startswith("first ") else -1]

    def _article(self, step: Mapping[str, Any], now: datetime, slow: float) -> bytes:
        fields = {name: value for name, value in step.items() if name not in ("id", "extra", "embargo")}
        if "evolved_from" in fields:
            fields["evolved_from"] = self.uri(fields["evolved_from"])
        if "embargo" in step:
            seconds = step["embargo"] * (slow if step["embargo"] < SOON_SECONDS else 1)
            fields["embargoed_until"] = (now + timedelta(seconds=seconds)).isoformat()
        made = article(self.uri(step["id"]), **fields, space=self.space)
        if fields.get("version") == "":
            del made["version"]
        if fields.get("version_created") == "null":
            made["version_created"] = None
        if fields.get("version_created") == "now":
            made["version_created"] = now.isoformat()
        if "extra" in step:
            made["body"] += "\n\n" + step["extra"]
        return json.dumps(made).encode()


def scenarios() -> list[Scenario]:
    """Every row of the table."""
    rows = tomllib.loads(TABLE.read_text())["scenario"]
    found = []
    for number, row in enumerate(rows):
        expected = {name: value for name, value in row.items() if name not in SETTING}
        times = (row.get(name) for name in ("rests", "closes", "expires"))
        found.append(Scenario(row["name"], f"row{number}", row["rounds"], expected, *times))
    return found


@dataclass
class Seen:
    """What came out for one row: its updates without repeats, the fields of its dead letters, what still waits."""

    updates: list[StoryUpdate] = field(default_factory=list)
    before_last_round: int = 0
    dead: list[str] = field(default_factory=list)
    held: int = 0
    gone: int = 0
    """Stories whose last record on `stories` is a deletion."""

    @property
    def stories(self) -> dict[str, StoryUpdate]:
        return {update.story.id: update for update in self.updates}


def complaints(row: Scenario, seen: Seen) -> list[str]:
    """Where what was seen isn't what the row says; each as one line."""
    found = [*_versions(seen), *_uncited(seen)]
    for name, expected in row.expected.items():
        actual = _ACTUAL[name](row, seen)
        if name in ("shows", "hides"):
            found += [f"{name} {words!r} fails" for words in expected if (words in actual) != (name == "shows")]
        elif name in ("last", "relations"):
            found += [
                f"{name} {key}: {actual.get(key)!r}, not {value!r}"
                for key, value in expected.items()
                if (value not in actual.get(key, ()) if key == "reason" else actual.get(key) != value)
            ]
        elif actual != expected:
            found.append(f"{name}: {actual!r}, not {expected!r}")
    return found


def _versions(seen: Seen) -> Iterable[str]:
    """Each story's versions are 1, 2, 3, …"""
    last: Counter[str] = Counter()
    for update in seen.updates:
        last[update.story.id] += 1
        if update.story.version != last[update.story.id]:
            yield f"{update.story.id} has version {update.story.version} in place of {last[update.story.id]}"


def _uncited(seen: Seen) -> Iterable[str]:
    for update in seen.updates:
        numbers = {source.n for source in update.story.sources}
        for section in update.story.sections:
            for sentence in section.sentences:
                if not numbers.issuperset(sentence.citations):
                    yield f"a sentence of version {update.story.version} cites a source that isn't there"


def _short(row: Scenario, uri: str) -> str:
    return uri.removeprefix(f"{row.space}:")


def _stories(row: Scenario, seen: Seen) -> list[list[str]]:
    live = (update.story for update in seen.stories.values() if update.story.status in LIVE)
    return sorted(sorted(_short(row, source.article_uri) for source in story.sources) for story in live)


def _first(row: Scenario, seen: Seen) -> StoryUpdate | None:
    wanted = row.uri(row.expected["stories"][0][0])
    for update in seen.stories.values():
        if any(source.article_uri == wanted for source in update.story.sources):
            return update
    return None


def _of_first(name: str) -> Any:
    def actual(row: Scenario, seen: Seen) -> Any:
        found = _first(row, seen)
        return None if found is None else getattr(found.story, name)

    return actual


def _relations(row: Scenario, seen: Seen) -> dict[str, str]:
    found = _first(row, seen)
    sources = found.story.sources if found else ()
    return {_short(row, source.article_uri): source.relation for source in sources}


def _words(row: Scenario, seen: Seen) -> str:
    return "\n".join(update.story.to_json().decode() for update in seen.stories.values())


def _last(row: Scenario, seen: Seen) -> dict[str, Any]:
    update = seen.updates[-1]
    sections = update.change.sections
    return {
        "kind": update.change.kind, "level": update.significance.level, "mode": update.notify.mode,
        "reason": update.significance.reasons, "status": update.story.status,
        "sections": len(sections.added) + len(sections.changed) + len(sections.removed),
        "headline": update.story.headline, "summary": update.change.summary,
        "edits": [each.action for each in update.change.edits],
        "authors": sorted({each.author for each in update.change.edits}),
    }  # fmt: skip


_ACTUAL: Mapping[str, Any] = {
    "stories": _stories,
    "statuses": lambda row, seen: sorted(update.story.status.value for update in seen.stories.values()),
    "articles": _of_first("article_count"),
    "sources": _of_first("source_count"),
    "reports": _of_first("independent_report_count"),
    "versions": _of_first("version"),
    "relations": _relations,
    "shows": _words,
    "hides": _words,
    "last": _last,
    "quiet": lambda row, seen: len(seen.updates) == seen.before_last_round,
    "dead": lambda row, seen: sorted(seen.dead),
    "held": lambda row, seen: seen.held,
    "gone": lambda row, seen: seen.gone,
}


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, tz=UTC)
