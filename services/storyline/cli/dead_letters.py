"""`storyline dead-letters list|show|replay`: what could not be used, why, and once more after it is mended."""

import re
import sys
import time
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, field

import click

from storyline_schemas import BY_NAME, TOPICS

from .. import app
from ..edges.dead_letters.letters import Filter, Letter, letter_of, parse_id
from ..edges.dead_letters.replaying import Check, Origins, Replay, Replayed, replayed_before
from ..errors import Fatal, Invalid
from ..infra.kafka import KafkaReader
from ..settings import Settings
from ..terminal import safe
from .common import FAILED, F, json_option, one_line, print_json, progress, run_async, settings_options
from .groups import Group

DEAD_LETTER_TOPICS = [topic.name for topic in TOPICS if topic.name.endswith(".dlq")]
REASONS_SHOWN = 10
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


@click.group(cls=Group)
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
    """Dead letters, oldest first in each partition: id, when, where from, stage, whether it was replayed, reason."""
    found = run_async(_collect(settings, topic, Filter(stage, field, words, since_ms), limit, quick))
    letters, before = found.letters, found.replayed
    repeats = _repeats(letters)
    if as_json:
        rows = [
            {**letter.report(), "repeat": letter.id in repeats, "replayed": None if quick else letter.id in before}
            for letter in letters
        ]
        print_json({"count": len(letters), "dead_letters": rows})
        return
    if not letters:
        progress(f"none of {found.read:,} dead letters fits" if found.read else "no dead letters")
    for letter in letters:
        origin = f"{letter.topic}/{letter.partition}/{letter.offset}"
        marks = {"replayed": letter.id in before, "came back": letter.came_back, "repeat": letter.id in repeats}
        mark = next((f"  ({mark})" for mark, holds in marks.items() if holds), "")
        click.echo(safe(f"{letter.id}  {_when(letter)}  {origin}  {letter.stage}{mark}  {letter.reason}"))
    if found.more:
        progress(f"these are the first {len(letters):,}, there are more: --since, --limit")


def _repeats(letters: Iterable[Letter]) -> set[str]:
    """The ids of those that are one more letter of a record, as after a group was set back."""
    origins, repeats = Origins(), set[str]()
    for letter in letters:
        if letter in origins:
            repeats.add(letter.id)
        origins.add(letter)
    return repeats


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
    for name, content in {**letter.report(), "came_back": "yes" if letter.came_back else "no"}.items():
        click.echo(f"{name:<14} {safe(str(content))}")
    click.echo(f"{'time':<14} {_when(letter)}")
    click.echo(f"{'key':<14} {_shown(letter.record.key)}")
    for name, content in letter.original_headers:
        click.echo(f"{'header':<14} {safe(name)}: {_shown(content)}")
    click.echo(_shown(letter.record.value))


@dead_letters.command("replay")
@click.argument("ids", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every letter that the options below name.")
@click.option("--again", is_flag=True, help="Also letters that were replayed before.")
@click.option("--unchecked", is_flag=True, help="Also letters that can't be read to this day; they will come back.")
@filter_options
@settings_options
@json_option
def replay(
    ids: tuple[str, ...], every: bool, again: bool, unchecked: bool, topic: str | None, stage: str | None,
    field: str | None, words: str | None, since_ms: int | None, settings: Settings, as_json: bool,
) -> None:  # fmt: skip
    """Put letters back where they came from, byte for byte, with the header storyline-replay: 1.

    What is put back is handled again, and comes back as a dead letter if what was wrong still is. So a letter that
    its stage can't read to this day is left where it is, with the reason, unless you say --unchecked. One that was
    replayed before is left out, unless --again says so; from --all also one that came back from a replay, what is
    one more letter of the same record, as after a group was set back, and a person's request: whoever asked was
    told that it was refused. Name it to try once more.
    """
    if bool(ids) == every:
        raise click.UsageError("name the letters to replay, or say --all (with filters)")
    ids = tuple(map(_known_id, ids))
    chosen = Filter(stage, field, words, since_ms)
    found = run_async(_replay(settings, ids, topic, chosen, again, unchecked))
    if as_json:
        print_json(found.report())
    else:
        _tell(found)
    if found.refused.count and not found.sent.count:
        raise click.exceptions.Exit(FAILED)


def _tell(found: Replayed) -> None:
    click.echo(
        f"{found.sent.count:,} put back to be handled again, {found.skipped.count:,} left out because they were "
        "replayed before, came back, or are one more letter of the same record (`--again` sends them), "
        f"{found.refused.count:,} left because they can't be read to this day"
    )
    if found.asked.count:
        click.echo(f"{found.asked.count:,} are persons' requests that were refused: ask again, or name the letter")
    for reason, count in found.reasons.most_common(REASONS_SHOWN):
        click.echo(f"{count:>9,}  {safe(reason)}")
    if found.refused.count:
        click.echo("what can't be read won't be by asking again: let the sender send it anew (--unchecked tries)")
    if found.sent.count:
        click.echo("`storyline dead-letters list` shows those that come back")


def _when(letter: Letter) -> str:
    """When the letter was written, by its record."""
    at = letter.record.written_at
    return "-" if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _shown(content: bytes | None) -> str:
    return "null" if content is None else safe(content.decode(errors="backslashreplace"))


async def _letters(reader: KafkaReader, topic: str | None, since_ms: int | None) -> AsyncIterator[Letter]:
    for name in [topic] if topic else DEAD_LETTER_TOPICS:
        partitions = await reader.partitions(name)
        start = await reader.offsets_since(dict.fromkeys(partitions, since_ms or 0))
        async for record in reader.read(start):
            yield letter_of(record)


@dataclass(slots=True)
class _Found:
    """The letters that were asked for; of how many that were read, if there are more, and which were replayed (ids)."""

    letters: list[Letter] = field(default_factory=list)
    read: int = 0
    more: bool = False
    replayed: Collection[str] = ()


async def _collect(settings: Settings, topic: str | None, chosen: Filter, limit: int, quick: bool) -> _Found:
    found = _Found()
    async with app.reader(settings) as reader:
        async for letter in _letters(reader, topic, chosen.since_ms):
            found.read += 1
            if not chosen.takes(letter):
                continue
            found.more = len(found.letters) >= limit
            if found.more:
                break
            found.letters.append(letter)
        ours = [] if quick else [each for each in found.letters if each.topic in BY_NAME]
        found.replayed = await replayed_before(reader, ours, BY_NAME)
    return found


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
    settings: Settings, ids: tuple[str, ...], topic: str | None, chosen: Filter, again: bool, unchecked: bool
) -> Replayed:
    async with app.reader(settings) as reader, app.publisher(settings) as publisher:
        checks: Mapping[str, Check | None] = dict.fromkeys(BY_NAME)
        if not unchecked:
            checks = {**checks, **await app.readings(reader)}
        replaying = Replay(reader, publisher, checks, again, time.time_ns() // 1_000_000)
        if ids:
            await replaying.some([await _read_one(reader, id) for id in dict.fromkeys(ids)])
        else:
            for name in [topic] if topic else DEAD_LETTER_TOPICS:
                await replaying.every(name, chosen)
    return replaying.found
