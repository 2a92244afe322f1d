"""`storyline stories list|show`, `storyline show`, `storyline explain`: what there is to read and why."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from storyline_schemas import DEFAULT_SPACE, Source, Story, partition_of
from storyline_schemas.topics import STORIES, STORY_UPDATES

from .. import app
from ..domain.story import live_parts, source_of, state_of
from ..edges.page.citing import articles
from ..edges.page.comparing import Past, comparison_report, comparison_text, history_rows, history_text, versions_of
from ..edges.page.finding import NoStory, find, find_itself
from ..edges.page.html import story_html
from ..edges.page.listing import Row, newest, proposal_text
from ..edges.page.text import shortened, story_text
from ..errors import Fatal, Transient
from ..infra.redis.client import Client
from ..infra.redis.missing import missing_state
from ..infra.redis.story_store import RedisStoryStore
from ..record import Record
from ..settings import Settings
from ..terminal import safe, titled
from .common import json_option, print_json, progress, run_async, settings_options, terminal_columns
from .groups import Group

if TYPE_CHECKING:
    from ..edges.explaining import Explained

WIDTH_MAX = 100
ROWS_MAX = 2
"""Of a terminal, for one story of the list: a headline may be a decree's."""


@click.group(cls=Group)
def stories() -> None:
    """List stories, or show one."""


@stories.command("list")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many at most.")
@click.option("--all", "also_merged", is_flag=True, help="Merged stories too.")
@click.option("--proposals", is_flag=True, help="Only stories that look like two, with what speaks for it.")
@settings_options
@json_option
def list_stories(limit: int, also_merged: bool, proposals: bool, settings: Settings, as_json: bool) -> None:
    """Stories, those with the latest news or edit first (by `updated_at`: an article counts by its own date)."""
    found = run_async(_list(settings, limit + 1, also_merged, proposals))
    rows = found[:limit]
    if as_json:
        print_json({"stories": [row.report() for row in rows]})
        return
    columns = terminal_columns()
    width = ROWS_MAX * columns if columns else None
    for row in rows:
        count = articles(row.article_count)
        line = f"{row.id}  v{row.version:<4} {count:<15} {row.status:<9} {safe(titled(row.headline))}"
        click.echo(shortened(line, width))
        if proposals:
            click.echo(proposal_text(row), nl=False)
    if not rows:
        progress("no story looks like two" if proposals else "no stories")
    elif len(found) > limit:
        progress(f"these are the newest {limit:,}, there are more: --limit")


@stories.command("show")
@click.argument("id")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option("--at", "version", type=click.IntRange(1), metavar="VERSION", help="As it was at this version.")
@click.option(
    "--diff", nargs=2, type=click.IntRange(1), metavar="A B", help="What version B says otherwise than version A."
)
@click.option("--history", is_flag=True, help="All versions: when, what, who asked and why.")
@click.option("--sources", is_flag=True, help="All its sources, also those that a very large story leaves out.")
@settings_options
@json_option
def show(
    id: str, form: str, version: int | None, diff: tuple[int, int] | None, history: bool, sources: bool,
    settings: Settings, as_json: bool,
) -> None:  # fmt: skip
    """Show one story; a merged one leads to the story it became. --json is --format json.

    Earlier versions come from story-updates, as far as it reaches back (30 days), without what was withdrawn since.
    """
    if sum((version is not None, diff is not None, history, sources)) > 1:
        raise click.UsageError("give one of --at, --diff, --history and --sources")
    if sources:
        _show_sources(id, run_async(_sources(settings, id)), as_json or form == "json")
        return
    if diff is not None or history:
        if form == "html":
            raise click.UsageError("--diff and --history come as text or json")
        past = run_async(past_of(settings, id))
        _show_past(past, diff, as_json or form == "json")
        return
    story = run_async(_find(settings, id)) if version is None else run_async(past_of(settings, id)).at(version)
    if as_json or form == "json":
        click.echo(story.to_json())
    elif form == "html":
        click.echo(story_html(story), nl=False)
    else:
        columns = terminal_columns()
        columns = min(WIDTH_MAX, columns) if columns else None
        click.echo(story_text(story, columns), nl=False)


def _show_sources(id: str, found: list[Source], as_json: bool) -> None:
    if as_json:
        print_json({"story_id": id, "sources": [source.model_dump(mode="json") for source in found]})
        return
    for source in found:
        click.echo(safe(f"[{source.n}] {source.article_uri}  {source.provider}: {source.headline}"))


async def _sources(settings: Settings, id: str) -> list[Source]:
    """All sources of a story, or of the one it became, by number. Raises Fatal if there is no such story."""
    async with stored_stories(settings) as store:
        id = (await find(store, id)).id
        stored = (await store.load([id]))[id]
    return [source_of(part) for part in live_parts(state_of(stored).parts.values())]


def _show_past(past: Past, diff: tuple[int, int] | None, as_json: bool) -> None:
    if diff is None:
        rows = history_rows(past)
        print_json({"story_id": past.now.id, "versions": rows}) if as_json else click.echo(history_text(rows), nl=False)
        return
    before, after = (past.at(number) for number in diff)
    if as_json:
        print_json(comparison_report(before, after))
    else:
        click.echo(comparison_text(before, after), nl=False)


async def past_of(settings: Settings, id: str) -> Past:
    """A story with its earlier versions. Raises Fatal if there is none."""
    async with stored_stories(settings) as store:
        now = await find_itself(store, id)
        winner = await find(store, id) if now.redirect_to is not None else None
    async with app.reader(settings) as reader:
        place = (STORY_UPDATES.name, partition_of(id, len(await reader.partitions(STORY_UPDATES.name))))
        return Past(now, winner, *await versions_of(id, reader.read([place])))


@click.command()
@click.argument("article_uri")
@click.option("--space", default=DEFAULT_SPACE, show_default=True, help="The article's space.")
@settings_options
@json_option
def explain(article_uri: str, space: str, settings: Settings, as_json: bool) -> None:
    """Say how an article came to its story.

    First the matcher's stored decision, which also a repeat of the article gets; then, worked out again: the stories
    that came into question, what each signal gave, the words that decided, and what would have changed it.
    """
    # Only here: it brings the languages' word lists.
    from ..edges.explaining import explanation_text, report

    found = run_async(_explained(settings, space, article_uri))
    if as_json:
        print_json(report(found))
    else:
        click.echo(explanation_text(found), nl=False)


async def _explained(settings: Settings, space: str, uri: str) -> "Explained":
    from ..edges.explaining import explained

    async with app.redis(settings) as client:
        spaces = app.space_store(client, settings)
        found = await explained(space, uri, spaces, app.story_store(client))
        if found is None and (release_ms := await spaces.held_until_ms(space, uri)) is not None:
            raise Fatal(not_decided(uri, space, release_ms))
        if found is None and (lost := await _lost(settings, client)):
            raise Fatal(f"no decision on {uri} in space {space}: {lost[0]}")
    if found is None:
        raise Fatal(not_decided(uri, space))
    return found


def not_decided(uri: str, space: str, release_ms: int | None = None) -> str:
    """Why there is no decision on an article. `release_ms`: it is held, and its embargo ends then."""
    if release_ms is not None:
        until = datetime.fromtimestamp(release_ms / 1000, UTC).isoformat(timespec="seconds")
        return f"no decision on {uri} in space {space} yet: it is held under embargo until {until}"
    return (
        f"no decision on {uri} in space {space}: not seen, not handled yet (`storyline lag`), held under embargo or "
        "placed in another --space, older than STORYLINE_ASSIGNMENT_LIFETIME_DAYS, or a dead letter "
        "(`storyline dead-letters list`)"
    )


@asynccontextmanager
async def stored_stories(settings: Settings) -> AsyncIterator[RedisStoryStore]:
    """The stories in Redis. Where one isn't there because Redis has lost its state, the Fatal says so."""
    async with app.redis(settings) as client:
        try:
            yield app.story_store(client)
        except NoStory as none:
            if lost := await _lost(settings, client):
                raise NoStory(none.id, lost[0]) from None
            raise


async def _lost(settings: Settings, client: Client) -> list[str]:
    """What is missing in Redis. Nothing if Kafka can't be asked: then there is nothing to compare with."""
    try:
        committed = await app.committed_partitions(settings)
    except (Transient, Fatal):
        return []
    return await missing_state(client, committed)


async def _find(settings: Settings, id: str) -> Story:
    async with stored_stories(settings) as store:
        return await find(store, id)


async def _list(settings: Settings, limit: int, also_merged: bool, proposals: bool) -> list[Row]:
    return await newest(_records(settings), limit, also_merged, proposals)


async def _records(settings: Settings) -> AsyncIterator[Record]:
    async with app.reader(settings) as reader:
        async for record in reader.read(await reader.partitions(STORIES.name)):
            yield record
