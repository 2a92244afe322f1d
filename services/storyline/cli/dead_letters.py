"""`storyline dead-letters list|show|replay`: what could not be used, why, and once more after it is mended."""

import re
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import click

from storyline_schemas import BY_NAME, TOPICS

from .. import app
from ..edges.dead_letters.letters import Filter, Letter, letter_of, oldest_ms, parse_id, replay_of, replayed
from ..edges.page.text import safe
from ..errors import Fatal, Invalid
from ..infra.kafka import KafkaReader
from ..record import Record
from ..settings import Settings
from .common import F, json_option, one_line, print_json, progress, run_async, settings_options

DEAD_LETTER_TOPICS = [topic.name for topic in TOPICS if topic.name.endswith(".dlq")]
_UNITS_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Ago(click.ParamType):
    """`90s`, `15m`, `2h`, `7d` before now, as milliseconds since 1970."""

    name = "time"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d{1,6})([smhd])", value)
        if match is None:
            self.fail(f"{value!r} is no span of time; write 90s, 15m, 2h or 7d", param, ctx)
        return int((time.time() - int(match[1]) * _UNITS_SECONDS[match[2]]) * 1000)


def filter_options(command: F) -> F:
    """Options that say which letters are meant."""
    for option in (
        click.option("--topic", type=click.Choice(DEAD_LETTER_TOPICS), help="Only letters on this topic."),
        click.option("--stage", help="Only letters of this stage."),
        click.option("--field", help="Only letters whose reason names this field."),
        click.option("--reason", "words", help="Only letters whose reason contains this."),
        click.option("--since", "since_ms", type=Ago(), metavar="SPAN", help="Only letters since 15m, 2h, 7d, …"),
    ):
        command = option(command)
    return command


@click.group()
def dead_letters() -> None:
    """Records that could not be used: list them, look at one, send them again."""


@dead_letters.command("list")
@filter_options
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=1_000, show_default=True, help="How many at most.")
@click.option("--quick", is_flag=True, help="Don't read the letters' topics to see which were replayed.")
@settings_options
@json_option
def list_letters(
    topic: str | None, stage: str | None, field: str | None, words: str | None, since_ms: int | None,
    limit: int, quick: bool, settings: Settings, as_json: bool,
) -> None:  # fmt: skip
    """Dead letters, oldest first in each partition: id, where from, stage, whether it was replayed, reason."""
    letters, before = run_async(_collect(settings, topic, Filter(stage, field, words, since_ms), limit, quick))
    if as_json:
        rows = [{**letter.report(), "replayed": None if quick else letter.id in before} for letter in letters]
        print_json({"count": len(letters), "dead_letters": rows})
        return
    if not letters:
        progress("no dead letters")
    for letter in letters:
        origin = f"{letter.topic}/{letter.partition}/{letter.offset}"
        replayed = "  (replayed)" if letter.id in before else "  (came back)" if letter.came_back else ""
        click.echo(f"{letter.id}  {origin}  {letter.stage}{replayed}  {_said(letter)}")


@dead_letters.command("show")
@click.argument("id")
@click.option("--value", "only_value", is_flag=True, help="The value alone, byte for byte.")
@settings_options
@json_option
def show(id: str, only_value: bool, settings: Settings, as_json: bool) -> None:
    """Show one dead letter: reason, key, headers and value."""
    letter = run_async(_one(settings, _known_id(id)))
    if only_value:
        sys.stdout.buffer.write(letter.record.value or b"")
        return
    if as_json:
        headers = [[name, _shown(content)] for name, content in letter.original_headers]
        value = {"key": _shown(letter.record.key), "headers": headers, "value": _shown(letter.record.value)}
        print_json({**letter.report(), **value})
        return
    for name, content in letter.report().items():
        click.echo(f"{name:<14} {safe(str(content))}")
    click.echo(f"{'key':<14} {_shown(letter.record.key)}")
    for name, content in letter.original_headers:
        click.echo(f"{'header':<14} {safe(name)}: {_shown(content)}")
    click.echo(_shown(letter.record.value))


@dead_letters.command("replay")
@click.argument("ids", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every letter that the options below name.")
@click.option("--again", is_flag=True, help="Also letters that were replayed before.")
@filter_options
@settings_options
@json_option
def replay(
    ids: tuple[str, ...], every: bool, again: bool, topic: str | None, stage: str | None, field: str | None,
    words: str | None, since_ms: int | None, settings: Settings, as_json: bool,
) -> None:  # fmt: skip
    """Send letters again to where they came from, byte for byte, with the header storyline-replay: 1.

    A letter that was replayed before is left out, unless --again says so; from --all also one that came back from a
    replay: what was wrong with it still is. Name it to try once more.
    """
    if bool(ids) == every:
        raise click.UsageError("name the letters to replay, or say --all (with filters)")
    ids = tuple(map(_known_id, ids))
    chosen = Filter(stage, field, words, since_ms)
    sent, skipped = run_async(_replay(settings, ids, topic, chosen, again))
    if as_json:
        print_json({"replayed": sent, "skipped": skipped})
    else:
        click.echo(f"{len(sent)} replayed, {len(skipped)} left out because they were replayed before or came back")


def _said(letter: Letter) -> str:
    return safe(letter.reason)


def _shown(content: bytes | None) -> str:
    return "null" if content is None else safe(content.decode(errors="backslashreplace"))


async def _letters(reader: KafkaReader, topic: str | None, chosen: Filter) -> AsyncIterator[Letter]:
    for name in [topic] if topic else DEAD_LETTER_TOPICS:
        partitions = await reader.partitions(name)
        start = await reader.offsets_since(dict.fromkeys(partitions, chosen.since_ms or 0))
        async for record in reader.read(start):
            letter = letter_of(record)
            if chosen.takes(letter):
                yield letter


async def _collect(
    settings: Settings, topic: str | None, chosen: Filter, limit: int, quick: bool
) -> tuple[list[Letter], set[str]]:
    """The letters, and the ids of those that were replayed."""
    letters: list[Letter] = []
    async with app.reader(settings) as reader:
        async for letter in _letters(reader, topic, chosen):
            letters.append(letter)
            if len(letters) >= limit:
                break
        before = set() if quick else await _replayed_before(reader, [each for each in letters if each.topic in BY_NAME])
    return letters, before


def _known_id(id: str) -> str:
    """An id that a dead letter could have, checked before a server is asked. Raises click.UsageError."""
    try:
        topic, _, _ = parse_id(id)
    except Invalid as error:
        raise click.UsageError(one_line(error)) from None
    if topic not in DEAD_LETTER_TOPICS:
        raise click.UsageError(f"{topic} is no dead letter topic; there are {', '.join(DEAD_LETTER_TOPICS)}")
    return id


async def _one(settings: Settings, id: str) -> Letter:
    async with app.reader(settings) as reader:
        return await _read_one(reader, id)


async def _read_one(reader: KafkaReader, id: str) -> Letter:
    topic, partition, offset = parse_id(id)
    place = (topic, partition)
    if place in await reader.partitions(topic) and await _holds(reader, place, offset):
        async for record in reader.read({place: offset}, {place: offset + 1}):
            return letter_of(record)
    raise Fatal(f"there is no dead letter {id}; `storyline dead-letters list` shows them")


async def _holds(reader: KafkaReader, place: tuple[str, int], offset: int) -> bool:
    begins, ends = await reader.begin_offsets([place]), await reader.end_offsets([place])
    return begins[place] <= offset < ends[place]


async def _replay(
    settings: Settings, ids: tuple[str, ...], topic: str | None, chosen: Filter, again: bool
) -> tuple[list[str], list[str]]:
    async with app.reader(settings) as reader:
        if ids:
            letters = [await _read_one(reader, id) for id in dict.fromkeys(ids)]
        else:
            letters = [letter async for letter in _letters(reader, topic, chosen)]
        before = set() if again or not letters else await _replayed_before(reader, letters)
        if not ids and not again:
            before |= {letter.id for letter in letters if letter.came_back}
        counts = {name: len(await reader.partitions(name)) for name in {letter.topic for letter in letters}}
    todo = [_placed(letter, counts[letter.topic]) for letter in letters if letter.id not in before]
    async with app.publisher(settings) as publisher:
        await publisher.send([replay_of(letter) for letter in todo])
    return [letter.id for letter in todo], [letter.id for letter in letters if letter.id in before]


def _placed(letter: Letter, partitions: int) -> Letter:
    # A letter from elsewhere may name a partition that isn't there; any one will do, the matcher forwards.
    return letter if letter.partition < partitions else replace(letter, partition=0)


async def _replayed_before(reader: KafkaReader, letters: list[Letter]) -> set[str]:
    """The ids of letters that lie replayed on their topics: no memory of our own could be as true."""
    found: set[str] = set()
    for topic in {letter.topic for letter in letters}:
        if topic not in BY_NAME:
            raise Fatal(f"{topic} is not a topic of ours; a letter that names it can't be replayed")
        since = oldest_ms([letter for letter in letters if letter.topic == topic])
        start = await reader.offsets_since(dict.fromkeys(await reader.partitions(topic), since))
        records: list[Record] = []
        async for record in reader.read(start):
            records.append(record)
            if len(records) >= 1_000:
                found.update(replayed(records))
                records.clear()
        found.update(replayed(records))
    return found
