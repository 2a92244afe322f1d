"""What is done with a person's request: a pure decision, like that on an arrival, carried out by `space`.

A request that can't be carried out is Invalid: it becomes a dead letter that says why. One that is done already is
a repeat, and nothing happens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyline_schemas import Close, Hand, Lock, Merge, Pin, Rename, Reopen, Split, StoryCommand, StoryEdit
from storyline_schemas import story_id as mint

from ...errors import Invalid
from ..matching import Profile
from ..ports import Assignment
from .decide import Entry, Exit

if TYPE_CHECKING:
    from .space import Space


@dataclass(frozen=True, slots=True)
class Request:
    """A person's request as the matcher sees it. `cause` is the id of its event, `at_ms` its record's time."""

    edit: StoryEdit
    space: str
    cause: str
    at_ms: int

    @property
    def uris(self) -> tuple[str, ...]:
        return self.edit.articles


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a request does in its space. Without commands it was done before."""

    next_placement: int
    commands: tuple[StoryCommand, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    exits: tuple[Exit, ...] = ()
    entries: tuple[Entry, ...] = ()
    merged: tuple[str, str] | None = None
    """(loser, winner)."""
    opens: str | None = None
    """The story that a split begins."""
    closes: str | None = None
    reopens: str | None = None
    pins: tuple[str, bool] | None = None
    """(story, whether it is pinned from now on)."""


def rule(request: Request, known: Mapping[str, Assignment], space: "Space") -> Ruling:
    """Decide on a request, given the assignments of the articles it names. Raises Invalid, naming field and fix."""
    match request.edit.action:
        case "merge":
            return _merge(request, known, space)
        case "split" | "move":
            return _hand_over(request, known, space)
        case "close":
            return _close(request, space)
        case "reopen":
            return _reopen(request, known, space)
        case "rename":
            _known(request, space)
            command = Rename.model_validate({**_common(request, space), "headline": request.edit.headline})
            return Ruling(space.next_placement, (command,))
        case "pin" | "unpin":
            return _pin(request, space)
        case "lock" | "unlock":
            return _lock(request, space)


def _common(request: Request, space: "Space", story_id: str | None = None) -> dict[str, object]:
    """What all commands of a request carry. Raises Invalid if its story is merged."""
    edit = request.edit
    story = story_id or edit.story_id
    if (current := space.current(story)) != story:
        raise Invalid("story_id", f"was merged; ask for {current}, which it has become")
    return {
        "story_id": story, "space": space.name, "at_ms": request.at_ms, "cause": request.cause,
        "handed": space.lives.handed(story), "expired": space.lives.expired(story),
        "author": edit.author, "reason": edit.reason,
    }  # fmt: skip


def _merge(request: Request, known: Mapping[str, Assignment], space: "Space") -> Ruling:
    loser, winner = request.edit.story_id, request.edit.into or ""
    current = space.current(winner)
    if space.current(loser) == current:
        if loser == current:
            raise Invalid("into", "was merged into the story itself before; there is nothing to do")
        return Ruling(space.next_placement)
    if current not in space.index:
        raise Invalid("into", "is no running story of the space; if it is closed, reopen it first")
    entries: Sequence[Entry] = ()
    if loser not in space.index:
        entries = [replace(entry, story_id=current) for entry in _members(request, known, space, loser)]
    common = _common(request, space, loser)
    command = Merge.model_validate({**common, "into": current, "into_opened": space.lives.handed(current)})
    return Ruling(space.next_placement, (command,), entries=tuple(entries), merged=(loser, current))


def _members(request: Request, known: Mapping[str, Assignment], space: "Space", story: str) -> list[Entry]:
    """The named articles that are in the story, for the index. Raises Invalid if none is."""
    found = [
        Entry(story, each.uri, Profile.from_bytes(each.profile), each.placement)
        for uri in request.uris
        if (each := known.get(uri)) is not None and each.profile is not None
        if each.story_id and space.current(each.story_id) == story
    ]
    if not found:
        raise Invalid("story_id", "is no story that runs, and none of `articles` is in it")
    return sorted(found, key=lambda entry: entry.placement)


def _hand_over(request: Request, known: Mapping[str, Assignment], space: "Space") -> Ruling:
    edit, story = request.edit, request.edit.story_id
    into = _goal(request, space)
    leaving = []
    for uri in dict.fromkeys(edit.articles):
        stored = known.get(uri)
        if stored is None or stored.profile is None:
            raise Invalid("articles", "names one that is in no story of the space, or was withdrawn")
        if (where := space.current(stored.story_id)) not in (story, into):
            raise Invalid("articles", f"names one that is in story {where}")
        if where == story:
            leaving.append(stored)
    if not leaving:
        return Ruling(space.next_placement)
    if edit.action == "split" and story in space.index and len(leaving) == len(space.index.members(story)):
        raise Invalid("articles", "names all of the story's; leave at least one")
    return _handed(request, leaving, into, space)


def _goal(request: Request, space: "Space") -> str:
    """The story that takes over. That of a split follows from the request, so that a repeat finds the same."""
    if request.edit.action == "split":
        return mint(space.name, f"split\n{request.cause}", 0)
    into = space.current(request.edit.into or "")
    if into == space.current(request.edit.story_id):
        raise Invalid("into", "has become the story itself")
    if into not in space.index:
        raise Invalid("into", "is no running story of the space; if it is closed, reopen it first")
    return into


def _handed(request: Request, leaving: Sequence[Assignment], into: str, space: "Space") -> Ruling:
    story, method = request.edit.story_id, "split" if request.edit.action == "split" else "moved"
    assignments = tuple(
        replace(
            each, story_id=into, placement=space.next_placement + number, opened=False, method=method, score=1.0,
            runner_up=story, runner_up_score=None,
        )
        for number, each in enumerate(sorted(leaving, key=lambda one: one.placement))
    )  # fmt: skip
    hands = tuple(Hand(article_uri=each.uri, placement=each.placement) for each in assignments)
    command = Split.model_validate(
        {**_common(request, space), "into": into, "articles": hands, "moves": request.edit.action == "move"}
    )
    return Ruling(
        space.next_placement + len(assignments),
        (command,),
        assignments,
        exits=tuple(Exit(story, each.uri) for each in assignments),
        entries=tuple(
            Entry(into, each.uri, Profile.from_bytes(each.profile or b""), each.placement) for each in assignments
        ),
        opens=into if request.edit.action == "split" else None,
    )


def _close(request: Request, space: "Space") -> Ruling:
    story = _known(request, space)
    command = Close.model_validate({**_common(request, space), "status": "closed"})
    return Ruling(space.next_placement, (command,), closes=story)


def _known(request: Request, space: "Space") -> str:
    """The story, merged or not. Raises Invalid if the space knows of none: nobody could carry the request out."""
    story = request.edit.story_id
    if story not in space.index and space.lives.get(story) is None and space.current(story) == story:
        raise Invalid("story_id", "is no story of the space, or was closed so long ago that it is forgotten")
    return story


def _pin(request: Request, space: "Space") -> Ruling:
    story, pinned = _known(request, space), request.edit.action == "pin"
    command = Pin.model_validate({**_common(request, space), "pinned": pinned})
    return Ruling(space.next_placement, (command,), pins=(story, pinned))


def _lock(request: Request, space: "Space") -> Ruling:
    _known(request, space)
    locked = request.edit.action == "lock"
    command = Lock.model_validate({**_common(request, space), "section_id": request.edit.section, "locked": locked})
    return Ruling(space.next_placement, (command,))


def _reopen(request: Request, known: Mapping[str, Assignment], space: "Space") -> Ruling:
    story = request.edit.story_id
    entries = () if story in space.index else tuple(_members(request, known, space, story))
    command = Reopen.model_validate(_common(request, space))
    return Ruling(space.next_placement, (command,), entries=entries, reopens=story)
