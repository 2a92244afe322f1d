"""Two versions of a story sentence by sentence, and the list of all versions, as plain text and as JSON values."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from storyline_schemas import Story, StoryUpdate
from storyline_schemas.base import from_ms, to_ms

from ...errors import Fatal
from ...record import Record
from ...terminal import safe
from .history import as_shown, summary_rests_on
from .view import published_ms

Line = tuple[str, str]
"""What it is (headline, heading, sentence, source) and its words."""


async def versions_of(
    story_id: str, records: AsyncIterator[Record]
) -> tuple[dict[int, StoryUpdate], dict[int, int]]:  # fmt: skip
    """A story's updates by version and when each was published, in ms, from its partition of `story-updates`."""
    key = story_id.encode()
    found: dict[int, StoryUpdate] = {}
    published: dict[int, int] = {}
    async for record in records:
        if record.key == key and record.value is not None:
            update = StoryUpdate.model_validate_json(record.value)
            if update.story.version not in found:
                found[update.story.version] = update
                published[update.story.version] = published_ms(update, record)
    return found, published


def as_it_may_be_shown(then: Story, now: Story, winner: Story | None) -> tuple[Story, int]:
    """An earlier version with later withdrawals applied; `winner` is the story that a merged one has become."""
    if winner is not None:
        live = {source.article_uri for source in winner.sources}
        now = now.model_copy(update={"sources": tuple(s for s in then.sources if s.article_uri in live)})
    return as_shown(then, now)


@dataclass(frozen=True, slots=True)
class Past:
    """A story as it is now, the one it has become if it was merged, and its updates as far as they reach back."""

    now: Story
    winner: Story | None
    updates: Mapping[int, StoryUpdate]
    published_ms: Mapping[int, int] = field(default_factory=dict)
    """Version → when the broker took it in, where that is known."""

    def at(self, number: int) -> Story:
        """A version as it may be shown today. Raises Fatal if there is none, or it isn't kept any more."""
        if number not in self.updates:
            kept = f"{min(self.updates)} to {max(self.updates)}" if self.updates else "none"
            raise Fatal(f"version {number} of story {self.now.id} is not on story-updates; kept: {kept}")
        return as_it_may_be_shown(self.updates[number].story, self.now, self.winner)[0]


def compared(before: Story, after: Story) -> list[tuple[str, Line]]:
    """(`-` gone, `+` come, a space for what stayed; the line), in reading order of the later version."""
    old, new = _lines(before), _lines(after)
    kept = set(old) & set(new)
    return [("-", line) for line in old if line not in kept] + [(" " if line in kept else "+", line) for line in new]


def _lines(story: Story) -> list[Line]:
    lines: list[Line] = [("headline", story.headline), ("status", str(story.status))]
    for section in story.sections:
        lines.append(("heading", section.heading))
        for sentence in section.sentences:
            lines.append(("sentence", sentence.text + "".join(f" [{n}]" for n in sentence.citations)))
    lines += [("source", f"[{source.n}] {source.provider}: {source.headline}") for source in story.sources]
    return list(dict.fromkeys(lines))


def comparison_text(before: Story, after: Story) -> str:
    """As a terminal shows it: one line each, `-`, `+` or a space in front."""
    rows = [f"{sign} {_prefix(kind)}{safe(words)}" for sign, (kind, words) in compared(before, after) if words]
    return "\n".join([f"--- version {before.version}", f"+++ version {after.version}", *rows]) + "\n"


def _prefix(kind: str) -> str:
    return {"headline": "# ", "heading": "## ", "status": "status: "}.get(kind, "")


def comparison_report(before: Story, after: Story) -> dict[str, Any]:
    """The same as values."""
    lines = compared(before, after)
    return {
        "story_id": after.id, "from": before.version, "to": after.version,
        "removed": [{"what": kind, "text": words} for sign, (kind, words) in lines if sign == "-"],
        "added": [{"what": kind, "text": words} for sign, (kind, words) in lines if sign == "+"],
    }  # fmt: skip


def history_rows(past: Past) -> list[dict[str, Any]]:
    """Each version's times, kind, who asked, why, and what started it; no word of an article withdrawn since.

    `at` is the time of its newest article or request, `published_at` when the broker took it in.
    """
    live = {source.article_uri for source in (past.winner or past.now).sources}
    return [_row(update, live, past.published_ms.get(number)) for number, update in sorted(past.updates.items())]


def _row(update: StoryUpdate, live: Set[str], published: int | None) -> dict[str, Any]:
    change, at = update.change, update.story.updated_at
    told = live >= set(summary_rests_on(update).values())
    return {
        "version": update.story.version, "at": at.isoformat(),
        "published_at": from_ms(to_ms(at) if published is None else published).isoformat(), "kind": change.kind,
        "status": str(update.story.status), "level": update.significance.level,
        "articles": [f"{each.action} [{each.n}]" for each in change.articles],
        "edits": [each.model_dump() for each in change.edits],
        "causes": list(change.causes), "summary": change.summary if told else "",
    }  # fmt: skip


def history_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """The history, one version a line."""
    return "".join(f"{_one(row)}\n" for row in rows)


def _one(row: Mapping[str, Any]) -> str:
    asked: Sequence[Mapping[str, Any]] = row["edits"]
    who = [
        each["action"] + (f" ({each['story_id']})" if each["story_id"] else "") + f" by {each['author']}"
        + (f": {each['reason']}" if each["reason"] else "")
        for each in asked
    ]  # fmt: skip
    said = "; ".join(
        [*who, *([", ".join(row["articles"])] if row["articles"] else []), *filter(None, [row["summary"]])]
    )
    return (
        f"v{row['version']:<4} {row['published_at'][:19]}Z  {row['kind']:<11} {row['status']:<9} {safe(said)}".rstrip()
    )
