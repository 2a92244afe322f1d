"""A notification as it goes out: its id, its JSON and its text. What channels share."""

import textwrap
import uuid
from dataclasses import dataclass
from typing import Any

from storyline_schemas.base import format_time
from storyline_schemas.canonical import NAMESPACE, canonical_json
from storyline_schemas.events import STORY_UPDATED

from ... import terminal
from ...domain.notify import Owed

WIDTH = 78


@dataclass(frozen=True, slots=True)
class Message:
    """One notification for one subscription. `page`: the address of the story for readers, if there is one."""

    subscription: str
    owed: Owed
    page: str | None = None

    @property
    def id(self) -> str:
        """The same for every attempt at the same version, also after a crash: a receiver drops repeats by it."""
        return "msg_" + uuid.uuid5(NAMESPACE, f"{self.subscription}\n{self.owed.ce_id}").hex

    def body(self) -> bytes:
        """The JSON that webhooks carry, `{"type", "timestamp", "data"}`; equal for equal versions."""
        owed = self.owed
        return canonical_json(
            {
                "type": STORY_UPDATED,
                "timestamp": format_time(owed.updated_at),
                "data": {"subscription": self.subscription, "update_id": owed.ce_id, **_story(owed, self.page)},
            }
        )

    @property
    def title(self) -> str:
        """The story's headline for a person, in one line, never empty."""
        return terminal.titled(safe(self.owed.headline))

    def text(self) -> str:
        """A few lines for a person."""
        owed = self.owed
        lines = [self.title, f"  {standing(owed)}"]
        lines += [textwrap.fill(f"- {safe(each)}", WIDTH, subsequent_indent="    ", initial_indent="  ",
                                break_long_words=False) for each in owed.summaries]  # fmt: skip
        if self.page:
            lines.append(f"  {self.page}")
        return "\n".join(lines)


def _story(owed: Owed, page: str | None) -> dict[str, Any]:
    return {
        "story": {
            "id": owed.story_id, "version": owed.version, "headline": owed.headline, "status": str(owed.status),
            "space": owed.space, "language": owed.language, "article_count": owed.article_count,
            "source_count": owed.source_count, "redirect_to": owed.redirect_to, "url": page,
        },
        "versions": {"from": owed.from_version, "to": owed.version},
        "kinds": list(owed.kinds),
        "significance": {"level": owed.level, "reasons": list(owed.reasons)},
        "summaries": list(owed.summaries),
        "dedupe_key": owed.dedupe_key,
    }  # fmt: skip


def standing(owed: Owed) -> str:
    """The story's version, size and why it is told, in one line."""
    articles = "1 article" if owed.article_count == 1 else f"{owed.article_count:,} articles"
    reasons = f": {', '.join(map(safe, owed.reasons))}" if owed.reasons else ""
    return f"{owed.story_id} version {owed.version}, {articles}, {owed.status}; {owed.level}{reasons}"


def safe(text: str) -> str:
    """Text that a terminal shows and a mail header holds, and neither obeys: controls become one space."""
    return terminal.safe(text).strip()
