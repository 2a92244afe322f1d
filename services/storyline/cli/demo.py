"""`storyline demo`: everything on one machine, from an empty directory to stories, and nothing left behind."""

import asyncio
import shutil
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import click

from storyline_schemas import Story
from storyline_schemas.topics import ARTICLES, ARTICLES_DLQ, STORIES, STORY_COMMANDS, STORY_COMMANDS_DLQ, STORY_UPDATES

from .. import app
from ..directories import own_directory
from ..edges.demo.expecting import Expected
from ..edges.demo.growing import growing
from ..edges.demo.leaving import Interrupts
from ..edges.demo.outcome import Outcome, outcome
from ..edges.demo.receiver import Receiver
from ..edges.demo.services import BESIDE, Services
from ..edges.ingest.reading import AUTO, Read, read_file
from ..edges.lag.gauge import Gauge
from ..edges.lag.positions import Position
from ..edges.notifier.channels.webhook import new_secret
from ..edges.page.text import story_text
from ..errors import Fatal, Transient
from ..infra.embedded import EmbeddedPair, start_pair
from ..infra.kafka import KafkaReader
from ..settings import Settings
from ..terminal import safe
from .common import DONE, FAILED, json_option, load_settings, own_command, print_json, progress

STALL_SECONDS = 120.0
WEBHOOK_SECONDS = 20.0
POLL_SECONDS = 0.2
SAY_SECONDS = 2.0
STORIES_SHOWN = 2
NAMED_MAX = 5

Offsets = dict[tuple[str, int], int]


@click.command()
@click.option(
    "--input", "input_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="JSON Lines to send instead of the sample wire: labelled stories, or articles of our contract.",
)  # fmt: skip
@click.option("--exit", "exit_after", is_flag=True, help="End when everything has come out.")
@click.option("--kafka", metavar="HOST:PORT,…", help="Use this Kafka, not the embedded one; needs --redis.")
@click.option("--redis", metavar="URL", help="Use this Redis, not the embedded one; needs --kafka.")
@json_option
def demo(input_file: Path | None, exit_after: bool, kafka: str | None, redis: str | None, as_json: bool) -> None:
    """Run everything on this machine, send a sample wire and show its stories; Ctrl-C ends it.

    Starts an embedded broker and Redis, creates the topics, runs every service as a process of its own. Exit 1 if
    an article doesn't come out. Leaves no process and no file behind.
    """
    if (kafka is None) != (redis is None):
        raise click.UsageError("give --kafka and --redis together, or neither for the embedded pair")
    settings = load_settings(kafka_bootstrap_servers=kafka, redis_url=redis)
    with as_file(files("storyline") / "demo" / "wire.jsonl") as sample:
        run = Run(input_file or sample, exit_after, as_json, is_sample=input_file is None)
        run.expect(settings.ingest_line_bytes_max)
        raise click.exceptions.Exit(_in_own_directory(run, settings, embedded=kafka is None))


@dataclass(slots=True)
class Run:
    """What was asked for, and how far it is."""

    file: Path
    exit_after: bool
    as_json: bool
    is_sample: bool
    staying: bool = False
    expected: Expected = field(default_factory=Expected)
    records: int = 0
    """What can be sent: an article may come in several versions, each a record."""
    receiver: Receiver = field(default_factory=lambda: Receiver(new_secret()))
    sent_ms: int = 0
    addresses: dict[str, str] = field(default_factory=dict)
    """Where the services beside the stages can be looked at."""

    def expect(self, line_bytes_max: int) -> None:
        """Read the file and note what must come out of it. Raises Fatal if nothing in it can be sent."""
        now_ms = time.time_ns() // 1_000_000
        refused: list[str] = []
        with self.file.open("rb") as file:
            for line in read_file(file, AUTO, line_bytes_max):
                if isinstance(line, Read):
                    self.records += 1
                    self.expected.add(line.article, now_ms)
                elif len(refused) < NAMED_MAX:
                    refused.append(f"{line.where}: {line.field}: {line.reason}")
        if not self.records:
            raise Fatal(f"{self.file} has no article that can be sent; {'; '.join(refused) or 'it is empty'}")


def _in_own_directory(run: Run, settings: Settings, embedded: bool) -> int:
    """Servers and services around the demo itself; all of it is gone when this returns or raises."""
    directory = own_directory("storyline-demo-")
    pair: EmbeddedPair | None = None
    services: Services | None = None
    with Interrupts() as interrupts:
        try:
            if embedded:
                progress("starting an embedded Kafka and Redis …")
                pair = start_pair(directory)
                servers = {"kafka_bootstrap_servers": pair.kafka_bootstrap_servers, "redis_url": pair.redis_url}
                settings = load_settings(**servers, kafka_security_protocol="PLAINTEXT")
            environment = {
                **settings.environment(),
                "STORYLINE_LOG_FORMAT": "text",
                **run.receiver.subscribe(directory),
            }
            services = Services(directory, environment)
            return asyncio.run(interrupts.cancelling(_demo(run, settings, services)))
        except KeyboardInterrupt:
            if run.staying:
                return DONE
            raise
        finally:
            interrupts.ignore()
            progress("stopping …")
            if services is not None:
                services.stop()
            if pair is not None:
                pair.stop()
            shutil.rmtree(directory, ignore_errors=True)


async def _demo(run: Run, settings: Settings, services: Services) -> int:
    async with app.admin(settings) as admin:
        await admin.create_topics(settings.partition_counts, settings.replication_factor)
        counts = {name: state.partitions for name, state in (await admin.topics()).items()}
    progress("starting matcher, updater, notifier, page and lag …")
    services.start()
    partitions = {"matcher": ARTICLES, "updater": STORY_COMMANDS, "notifier": STORY_UPDATES}
    async with run.receiver:
        await services.ready({name: counts[topic.name] for name, topic in partitions.items()})
        run.addresses = {name: services.address(name) for name in BESIDE}
        return await _while_they_run(services, _send_and_show(run, settings, services))


async def _while_they_run(services: Services, work: Coroutine[Any, Any, int]) -> int:
    """What the work returns. Raises Fatal as soon as a service ends."""
    task, watching = asyncio.create_task(work), asyncio.create_task(services.watch())
    try:
        await asyncio.wait({task, watching}, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            watching.result()
        return await task
    finally:
        task.cancel()
        watching.cancel()
        await asyncio.wait([task, watching])


async def _send_and_show(run: Run, settings: Settings, services: Services) -> int:
    async with app.reader(settings) as reader, app.admin(settings) as admin:
        before = await _ends(reader, STORY_UPDATES.name, ARTICLES_DLQ.name, STORY_COMMANDS_DLQ.name)
        following = asyncio.create_task(_follow(settings, before)) if run.is_sample else None
        try:
            refused = await _send(run, settings)
            await _until_handled(Gauge(admin, reader))
        finally:
            if following is not None:
                following.cancel()
                await asyncio.wait([following])
        found = await _read_outcome(reader, before)
    if found.updates:
        await _show_webhook(run.receiver)
    code = _report(run, found, refused)
    if not run.exit_after:
        await _stay(run, settings, services, found)
    return code


async def _send(run: Run, settings: Settings) -> int:
    progress(f"sending {run.records} records of {len(run.expected.latest)} articles from {run.file.name} …")
    async with app.ingest(settings, AUTO, progress) as ingest:
        run.sent_ms = time.time_ns() // 1_000_000
        await ingest.paths(run.file)
    progress(f"{ingest.tally.published} records sent, {ingest.tally.refused} refused; waiting for their stories …")
    return ingest.tally.refused


async def _until_handled(gauge: Gauge) -> None:
    """Until both groups have handled all there is. Raises Fatal if nothing moves any more."""
    least, moved, said = -1, time.monotonic(), time.monotonic()
    while True:
        rows = await _positions(gauge)
        lag = sum(row.lag for row in rows)
        if rows and lag == 0:
            return
        state = sum(row.committed or 0 for row in rows) + sum(row.end for row in rows)
        if state != least:
            least, moved = state, time.monotonic()
        if time.monotonic() - moved > STALL_SECONDS:
            raise Fatal(f"{lag} messages are left and nothing has moved for {STALL_SECONDS:.0f} s; `storyline lag`")
        if time.monotonic() - said > SAY_SECONDS:
            said = time.monotonic()
            # It may grow: an article that is handled becomes a command to a story.
            progress(f"  {lag} messages between the services")
        await asyncio.sleep(POLL_SECONDS)


async def _positions(gauge: Gauge) -> list[Position]:
    """None while Kafka doesn't answer, as a broker that has just started may not for its first group."""
    try:
        return await gauge.positions()
    except Transient:
        return []


async def _ends(reader: KafkaReader, *topics: str) -> Offsets:
    partitions = [place for topic in topics for place in await reader.partitions(topic)]
    return await reader.end_offsets(partitions)


async def _read_outcome(reader: KafkaReader, before: Offsets) -> Outcome:
    def since(*topics: str) -> Offsets:
        return {place: offset for place, offset in before.items() if place[0] in topics}

    stories = reader.read(await reader.partitions(STORIES.name))
    updates = reader.read(since(STORY_UPDATES.name))
    return await outcome(stories, updates, reader.read(since(ARTICLES_DLQ.name, STORY_COMMANDS_DLQ.name)))


async def _follow(settings: Settings, before: Offsets) -> None:
    """Say which stories grow, as it happens."""
    at = {place: offset for place, offset in before.items() if place[0] == STORY_UPDATES.name}
    async with app.reader(settings) as reader:
        while True:
            async for record in reader.read(at):
                at[record.topic, record.partition] = record.offset + 1
                for line in growing(record):
                    progress(f"  {line}")
            await asyncio.sleep(POLL_SECONDS)


async def _show_webhook(receiver: Receiver) -> None:
    first = await receiver.first(WEBHOOK_SECONDS)
    if first is None:
        progress(f"no webhook came in {WEBHOOK_SECONDS:.0f} s; `storyline deliveries list` says why")
        return
    story, versions = first["data"]["story"], first["data"]["versions"]
    progress(
        f"a webhook was delivered to {receiver.url} and its signature verified: {first['id']}, "
        f"{story['id']} version {versions['to']}, {safe(story['headline'])[:80]}"
    )


def _report(run: Run, found: Outcome, refused: int) -> int:
    mine = set(run.expected.latest)
    stories = [each for each in found.stories.values() if any(source.article_uri in mine for source in each.sources)]
    missing, doubled = found.missing(run.expected.uris), found.doubled() & mine
    seconds = max(1, found.last_ms - run.sent_ms) / 1000
    if not run.exit_after or run.is_sample:
        _show_some(stories)
    report = {
        "articles": len(mine), "stories": len(stories), "updates": found.updates, "dead_letters": found.dead_letters,
        "seconds": round(seconds, 3), "articles_per_second": round(len(mine) / seconds, 1),
    }  # fmt: skip
    problems = list(_problems(missing, doubled, refused))
    for problem in problems:
        progress(f"storyline: {problem}")
    if run.as_json:
        print_json({**report, "problems": problems})
    else:
        progress("; ".join(f"{name} {value}" for name, value in report.items()))
    return FAILED if problems else DONE


def _problems(missing: set[str], doubled: set[str], refused: int) -> Iterator[str]:
    if missing:
        yield f"{len(missing)} articles are in no story and no dead letter: {', '.join(sorted(missing)[:NAMED_MAX])}"
    if doubled:
        yield f"{len(doubled)} articles are in more than one story: {', '.join(sorted(doubled)[:NAMED_MAX])}"
    if refused:
        yield f"{refused} {'line was' if refused == 1 else 'lines were'} refused; standard error says why"


def _show_some(stories: list[Story]) -> None:
    largest = sorted(stories, key=lambda story: (-story.article_count, story.id))[:STORIES_SHOWN]
    for story in largest:
        progress(f"\n── {story.id} ──\n{story_text(story, 100)}")


async def _stay(run: Run, settings: Settings, services: Services, found: Outcome) -> None:
    run.staying = True
    some, me = next(iter(found.stories), "ID"), own_command()
    progress(
        f"Read the stories at {services.address('page')} and see the lag of every group at {services.address('lag')}\n"
        f"Kafka {settings.kafka_bootstrap_servers}, Redis {settings.redis_shown}. In another terminal:\n"
        f"  export STORYLINE_KAFKA_BOOTSTRAP_SERVERS={settings.kafka_bootstrap_servers}"
        f" STORYLINE_REDIS_URL={settings.redis_shown}\n"
        f"  {me} stories list\n  {me} show {some}\n  {me} lag\n"
        + "".join(f"{name}: {address}\n" for name, address in run.addresses.items())
        + "Everything stays up until Ctrl-C."
    )
    await asyncio.Event().wait()
