"""The edit: a person's request about a story. It goes onto `articles`, into the story's space, like an article.

So it has its place among the articles of the space: one order decides, and nobody writes past the services.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from .base import Contract, Space, StoryId, Uri

EDIT_ARTICLES_MAX = 5_000

EditAction = Literal[
    "merge", "split", "move", "rename", "close", "reopen", "pin", "unpin", "lock", "unlock"
]  # fmt: skip
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "merge": ("into",), "split": ("articles",), "move": ("articles", "into"), "reopen": ("articles",),
    "lock": ("section",), "unlock": ("section",),
}  # fmt: skip


class StoryEdit(Contract):
    """What a person asks for, who asks and why. Both stand in the update that follows from it.

    merge: `story_id` becomes part of `into`. split: `articles` leave for a new story. move: they leave for `into`.
    rename: the headline is `headline` from now on; without one, the story's own again. close, reopen.
    pin: the machine never merges the story. lock: the machine doesn't write `section` again. unpin, unlock.
    """

    action: EditAction
    story_id: StoryId
    space: Space | None = Field(None, description="The story's space; `world` unless given.")
    into: StoryId | None = Field(None, description="merge, move: the story that takes over.")
    articles: Annotated[tuple[Uri, ...], Field(max_length=EDIT_ARTICLES_MAX, strict=False)] = Field(
        (), description="split, move: those that leave. reopen: those of the story. merge: as reopen, if it is closed."
    )
    headline: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")] | None = (
        Field(None, description="rename: plain text.")
    )
    section: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = Field(
        None, description="lock, unlock: the id of the section."
    )
    author: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(description="Who asks.")
    reason: Annotated[str, StringConstraints(max_length=500)] = Field("", description="Why, for the history.")

    @model_validator(mode="after")
    def _is_whole(self) -> "StoryEdit":
        for name in _NEEDS.get(self.action, ()):
            if not getattr(self, name):
                raise ValueError(f"{name}: is missing; {self.action} needs it")
        if self.headline is not None and not self.headline.strip():
            raise ValueError("headline: is empty")
        if self.into == self.story_id:
            raise ValueError("into: is the story itself; name another one")
        return self
