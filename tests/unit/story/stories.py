"""Commands and stories for the tests of this folder, short enough to read in a line."""

from collections.abc import Sequence
from typing import Any

from storyline.domain.story import Evolution, StoryState, evolve
from storyline_schemas import (
    Add,
    Adopt,
    Article,
    Close,
    Hand,
    Match,
    Merge,
    Open,
    Part,
    Reopen,
    Retract,
    Split,
    StoryCommand,
)
from tests.wires import NOW_MS, article

STORY, OTHER = "st-one", "st-two"
Placed = dict[str, Any]


def _common(story: str, cause: str, at_ms: int = NOW_MS) -> dict[str, Any]:
    return {"story_id": story, "space": "world", "at_ms": at_ms, "cause": cause}


def add(
    uri: str, placement: int, revision: int = 1, *, about: str = "ferry", at_ms: int = NOW_MS, opens: bool = False,
    story: str = STORY, **fields: Any,
) -> Open | Add:  # fmt: skip
    value = Article.model_validate(article(uri, about, 10 + placement, version=str(revision), **fields))
    return (Open if opens else Add)(
        **_common(story, f"{uri}/{revision}", at_ms), article_uri=uri, placement=placement, revision=(0, revision),
        article=value, profile={}, match=Match(article_uri=uri, score=0.9, method="body"),
    )  # fmt: skip


def opened(uri: str = "a:1", placement: int = 1, **fields: Any) -> Open | Add:
    return add(uri, placement, opens=True, **fields)


def retract(uri: str, placement: int, revision: int, reason: Any = "canceled", story: str = STORY) -> Retract:
    common = _common(story, f"{uri}/{revision}/gone")
    return Retract(**common, article_uri=uri, placement=placement, revision=(0, revision), reason=reason)


def adopt(part: Part, into: str = STORY, opens: bool = False) -> Adopt:
    return Adopt(
        **_common(into, "merge"), article_uri=part.article_uri, placement=part.placement, revision=part.revision,
        from_story_id=OTHER, part=part, opens=opens,
    )  # fmt: skip


def merge(into: str = OTHER, cause: str = "merge") -> Merge:
    return Merge(**_common(STORY, cause), into=into, reason="one event")


def split(*hands: tuple[str, int], into: str = OTHER) -> Split:
    articles = tuple(Hand(article_uri=uri, placement=placement) for uri, placement in hands)
    return Split(**_common(STORY, "split"), into=into, articles=articles, reason="two events")


def close(status: Any = "dormant", cause: str = "quiet") -> Close:
    return Close(**_common(STORY, cause), status=status, reason="no news")


def reopen(cause: str = "a person") -> Reopen:
    return Reopen(**_common(STORY, cause), reason="asked for")


def after(*batches: Sequence[StoryCommand] | StoryCommand) -> StoryState:
    """The story after those batches; a single command is a batch of its own."""
    state = None
    for batch in batches:
        state = then(state, *(batch if isinstance(batch, list) else [batch])).state
    assert state is not None
    return state


def then(state: StoryState | None, *commands: StoryCommand) -> Evolution:
    return evolve(STORY, state, commands)
