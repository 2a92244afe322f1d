"""`storyline edit`: a person's requests (merge, split, rename, lock …), carried out by the running services.

A request goes onto `articles`, into the story's space, so nobody writes past the matcher and the updater. The command
then waits until the story tells that it was carried out, or a dead letter tells why not.
"""

import asyncio
import functools
import getpass
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import click
from pydantic import ValidationError

from storyline_schemas import Story, StoryEdit, explain

from .. import app
from ..edges.editing import Outcome, asked, known_before
from ..edges.editing.undoing import inverse, undo_reason
from ..edges.page.finding import find_itself
from ..errors import Fatal
from ..settings import Settings
from .common import FAILED, json_option, print_json, run_async, settings_options
from .groups import Group
from .stories import past_of, stored_stories

F = Callable[..., Any]


@dataclass(frozen=True)
class Wish:
    """What all requests have."""

    settings: Settings
    as_json: bool
    author: str | None
    reason: str
    seconds: float


def _wish_options(command: F) -> F:
    @click.option("--author", help="Who asks; else your login name.")
    @click.option("--reason", default="", help="Why; it stands in the story's history.")
    @click.option(
        "--wait", "seconds", type=click.FloatRange(0, 3_600), default=15.0, show_default=True,
        help="How long to wait until it is carried out.",
    )  # fmt: skip
    @settings_options
    @json_option
    @functools.wraps(command)
    def with_wish(
        *args: Any, author: str | None, reason: str, seconds: float, settings: Settings, as_json: bool, **more: Any
    ) -> Any:
        return command(*args, wish=Wish(settings, as_json, author, reason, seconds), **more)

    return with_wish


@click.group(cls=Group)
def edit() -> None:
    """Ask for a change to stories: the running services carry it out, and the history tells who asked and why."""


@edit.command()
@click.argument("story")
@click.argument("into")
@_wish_options
def merge(story: str, into: str, wish: Wish) -> None:
    """STORY becomes part of INTO; its address leads there for ever."""
    _ask(wish, "merge", story, into=into)


@edit.command()
@click.argument("story")
@click.argument("article_uris", nargs=-1, required=True)
@_wish_options
def split(story: str, article_uris: tuple[str, ...], wish: Wish) -> None:
    """The articles leave STORY for a new one, which the matcher never merges by itself."""
    _ask(wish, "split", story, articles=article_uris)


@edit.command()
@click.argument("story")
@click.argument("into")
@click.argument("article_uris", nargs=-1, required=True)
@_wish_options
def move(story: str, into: str, article_uris: tuple[str, ...], wish: Wish) -> None:
    """The articles leave STORY for the story INTO."""
    _ask(wish, "move", story, into=into, articles=article_uris)


@edit.command()
@click.argument("story")
@click.argument("headline", required=False)
@_wish_options
def rename(story: str, headline: str | None, wish: Wish) -> None:
    """HEADLINE stands over STORY until it is taken back (leave it out) or one of the articles is withdrawn."""
    _ask(wish, "rename", story, headline=headline)


@edit.command()
@click.argument("story")
@_wish_options
def close(story: str, wish: Wish) -> None:
    """STORY takes no more articles; what comes on the matter opens a new story."""
    _ask(wish, "close", story)


@edit.command()
@click.argument("story")
@_wish_options
def reopen(story: str, wish: Wish) -> None:
    """STORY takes articles again."""
    _ask(wish, "reopen", story)


@edit.command()
@click.argument("story")
@_wish_options
def pin(story: str, wish: Wish) -> None:
    """The matcher never merges STORY with another; a person still may."""
    _ask(wish, "pin", story)


@edit.command()
@click.argument("story")
@_wish_options
def unpin(story: str, wish: Wish) -> None:
    """The matcher may merge STORY again."""
    _ask(wish, "unpin", story)


@edit.command()
@click.argument("story")
@click.argument("section")
@_wish_options
def lock(story: str, section: str, wish: Wish) -> None:
    """SECTION of STORY (its number on the page, or its id) isn't written again, while its sources stand."""
    _ask(wish, "lock", story, section=section)


@edit.command()
@click.argument("story")
@click.argument("section")
@_wish_options
def unlock(story: str, section: str, wish: Wish) -> None:
    """SECTION of STORY may be written again."""
    _ask(wish, "unlock", story, section=section)


@edit.command()
@click.argument("story")
@_wish_options
def undo(story: str, wish: Wish) -> None:
    """Take back the last edit of STORY that stands; once more, the one before.

    What was merged comes back as a new story; its old address stays as it is.
    """
    fields = inverse(story, run_async(past_of(wish.settings, story)).updates)
    wish = replace(wish, reason=undo_reason(wish.reason))
    _ask(wish, fields.pop("action"), fields.pop("story_id"), asked_for="undo", **fields)


def _ask(wish: Wish, action: str, story_id: str, asked_for: str | None = None, **fields: Any) -> None:
    outcome = run_async(_carried_out(wish, {"action": action, "story_id": story_id, **fields}))
    outcome = replace(outcome, asked_for=asked_for)
    if wish.as_json:
        print_json(outcome.report())
    else:
        click.echo(outcome.said(), err=not outcome.ok)
    if not outcome.ok:
        raise click.exceptions.Exit(FAILED)


async def _carried_out(wish: Wish, fields: dict[str, Any]) -> Outcome:
    story = await _story(wish.settings, fields["story_id"])
    if fields["action"] == "reopen" and not story.sources:
        now = f"was merged; ask for {story.redirect_to}" if story.redirect_to else "has no article left"
        raise Fatal(f"story {story.id} {now}")
    author = wish.author or await asyncio.to_thread(getpass.getuser)
    edit = _edit({**fields, "space": story.space, "author": author, "reason": wish.reason, **_filled(fields, story)})
    if (outcome := known_before(edit, story)) is not None:
        return outcome
    deadline = time.monotonic() + wish.seconds
    async with app.editing(wish.settings) as editing:
        return await asked(editing, edit, story, f"edit-{uuid.uuid4()}", lambda: time.monotonic() < deadline)


def _filled(fields: dict[str, Any], story: Story) -> dict[str, Any]:
    """What follows from the story: the articles by which one is known that has left the index, a section's id."""
    if fields["action"] in ("merge", "reopen"):
        return {"articles": tuple(source.article_uri for source in story.sources)}
    number = fields.get("section") or ""
    if number.isdecimal() and 1 <= int(number) <= len(story.sections):
        return {"section": story.sections[int(number) - 1].id}
    return {}


def _edit(fields: dict[str, Any]) -> StoryEdit:
    try:
        return StoryEdit.model_validate(fields)
    except ValidationError as error:
        field, said = explain(error)
        raise click.UsageError(f"{field}: {said}") from None


async def _story(settings: Settings, id: str) -> Story:
    """The story itself, merges not followed: whoever asks must know what it is."""
    async with stored_stories(settings) as store:
        return await find_itself(store, id)
