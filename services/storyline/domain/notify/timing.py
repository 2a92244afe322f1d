"""When a reader is told: at once, with the next digest, or with whatever comes next; and never too often."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from storyline_schemas import StoryUpdate

Pace = Literal["as-told", "digest", "every"]
"""as-told: as `notify.mode` of the update says. digest: nothing but digests. every: each version, at once."""

MINUTE_MS = 60_000


class Budget(BaseModel):
    """At most `count` notifications of one story in any `minutes`. More wait, and become one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: Annotated[int, Field(ge=1, le=1_000)] = 4
    minutes: Annotated[int, Field(ge=1, le=10_080)] = 60


@dataclass(frozen=True, slots=True)
class Timing:
    """How a subscription wants to be told."""

    pace: Pace = "as-told"
    budget: Budget = field(default_factory=Budget)
    digest_minutes: int = 60

    def due_ms(self, update: StoryUpdate, now_ms: int, told_at_ms: Sequence[int]) -> int | None:
        """When to tell of this update, in ms; None: not by itself. `told_at_ms`: when the reader was last told."""
        if self.pace == "every":
            return now_ms
        mode = update.notify.mode
        if mode == "silent":
            return None
        due = now_ms if mode == "push" and self.pace == "as-told" else self.next_digest_ms(now_ms)
        # What is breaking doesn't wait for a budget: it is what one keeps a budget for.
        return due if update.significance.level == "breaking" else max(due, self._affordable_ms(told_at_ms))

    def next_digest_ms(self, now_ms: int) -> int:
        """The next full period since 1970, so that all stories of a digest come due together."""
        period = self.digest_minutes * MINUTE_MS
        return (now_ms // period + 1) * period

    def _affordable_ms(self, told_at_ms: Sequence[int]) -> int:
        if len(told_at_ms) < self.budget.count:
            return 0
        return sorted(told_at_ms)[-self.budget.count] + self.budget.minutes * MINUTE_MS
