"""Stories at a glance, from the compacted topic."""

from collections.abc import AsyncIterable
from dataclasses import asdict, dataclass
from typing import Any

from storyline_schemas import Story, StoryStatus
from storyline_schemas.base import format_time

from ...record import Record
from ...terminal import safe

PROPOSED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One story in a list."""

    id: str
    version: int
    headline: str
    status: str
    language: str
    article_count: int
    updated_at: str
    split_proposal: dict[str, Any] | None = None
    """That it looks like two: `across`, `within`, `days_apart`; of both groups' articles `uri` and `headline`."""

    def report(self) -> dict[str, Any]:
        return asdict(self)


async def newest(
    records: AsyncIterable[Record], limit: int, also_merged: bool = False, proposals: bool = False
) -> list[Row]:
    """The latest state of each story, newest change first; a later record of a key replaces the earlier.

    `proposals`: only stories that look like two.
    """
    rows: dict[bytes, Row] = {}
    async for record in records:
        key = record.key or b""
        if record.value is None:
            rows.pop(key, None)
        else:
            rows[key] = _row(Story.model_validate_json(record.value))
    shown = [
        row for row in rows.values()
        if (also_merged or row.status != StoryStatus.MERGED) and (row.split_proposal or not proposals)
    ]  # fmt: skip
    return sorted(shown, key=lambda row: (row.updated_at, row.id), reverse=True)[:limit]


def _row(story: Story) -> Row:
    return Row(
        story.id, story.version, story.headline, story.status.value, story.language, story.article_count,
        format_time(story.updated_at), _proposal(story),
    )  # fmt: skip


def _proposal(story: Story) -> dict[str, Any] | None:
    proposal = story.split_proposal
    if proposal is None:
        return None
    groups = {
        name: [
            {"uri": source.article_uri, "headline": source.headline} for source in story.sources if source.n in numbers
        ]
        for name, numbers in (("first", proposal.first), ("second", proposal.second))
    }
    return {
        "across": proposal.across, "within": proposal.within, "days_apart": proposal.days_apart, **groups,
    }  # fmt: skip


def proposal_text(row: Row) -> str:
    """A proposal for a person: the two groups, what speaks for it, and how to carry it out."""
    proposal = row.split_proposal or {}
    apart = f", {proposal['days_apart']:.0f} days apart" if proposal["days_apart"] is not None else ""
    across, within = proposal["across"], proposal["within"]
    lines = [f"  looks like two: words in common {across:.2f}, in each group {within:.2f}{apart}"]
    for group in ("first", "second"):
        its = proposal[group]
        lines += [f"    {safe(each['headline'])[:90]}  {safe(each['uri'])}" for each in its[:PROPOSED_SHOWN]]
        lines += [f"    and {len(its) - PROPOSED_SHOWN} more"] if len(its) > PROPOSED_SHOWN else []
        lines += ["    --"] if group == "first" else []
    lines.append(f"  storyline edit split {row.id} URI… does it, storyline edit pin {row.id} keeps it whole")
    return "".join(f"{line}\n" for line in lines)
