"""Live streams over real connections: nothing is missed when the server is killed and started again."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from storyline_schemas import StoryUpdate

from ..conftest import running
from ..servers import EmbeddedKafka, EmbeddedRedis
from .browser import browser, chromium
from .paper import PageService, ferry, publish, service_environment, short
from .paper import publish_now as publish_first
from .screenshots import prepare

pytestmark = pytest.mark.slow

Event = dict[str, str]


@pytest.fixture(scope="module")
def kafka() -> Iterator[EmbeddedKafka]:
    yield from running(EmbeddedKafka())


@pytest.fixture(scope="module")
def service(kafka: EmbeddedKafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageService]:
    for redis in running(EmbeddedRedis()):
        environment = service_environment(kafka.address, redis.url)
        prepare(environment)
        publish_first(kafka.address, [short(1)])
        with PageService(environment, tmp_path_factory.mktemp("page") / "log") as page:
            yield page


def named(id: str, version: int) -> StoryUpdate:
    made = ferry(version)
    return made.model_copy(update={"story": made.story.model_copy(update={"id": id})})


@asynccontextmanager
async def listening(url: str, last: str = "") -> AsyncIterator[AsyncIterator[Event]]:
    """The events of a stream, as a browser that has seen `last` would get them."""
    headers = {"last-event-id": last} if last else {}
    async with httpx.AsyncClient(timeout=30) as client, client.stream("GET", url, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()

        async def events() -> AsyncIterator[Event]:
            event: Event = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if line and name:
                    event[name] = value
                elif "event" in event:
                    yield event
                    event = {}

        yield events()


async def take(events: AsyncIterator[Event], count: int) -> list[Event]:
    return [await anext(events) for _ in range(count)]


def versions(events: list[Event]) -> list[int]:
    return [json.loads(event["data"])["version"] for event in events]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_a_storys_reader_misses_no_version_over_a_restart(
    kafka: EmbeddedKafka, service: PageService, number: signal.Signals
) -> None:
    id = f"st-restart-{number.name.lower()}"
    await publish(kafka.address, [named(id, 1)])
    url = f"{service.address}/stories/{id}"
    async with httpx.AsyncClient() as client:
        while (await client.get(url)).status_code != 200:
            pass
    async with listening(f"{url}/events?since=0") as events:
        first = await take(events, 1)
        service.stop(number)
    await publish(kafka.address, [named(id, 2), named(id, 3)])
    service.start()
    async with listening(f"{url}/events", first[-1]["id"]) as events:
        rest = await take(events, 2)
    assert versions(first + rest) == [1, 2, 3]


async def test_a_reader_of_all_stories_misses_nothing_over_a_restart(
    kafka: EmbeddedKafka, service: PageService
) -> None:
    url = f"{service.address}/events"
    async with listening(url) as events:
        reading = asyncio.create_task(take(events, 3))
        while json.loads((await get(f"{service.address}/ready")).text)["streams"] < 1:
            pass
        await publish(kafka.address, [short(number) for number in (10, 11, 12)])
        first = await reading
        service.stop(signal.SIGKILL)
    await publish(kafka.address, [short(number) for number in (13, 14, 15, 16)])
    service.start()
    async with listening(url, first[1]["id"]) as events:
        rest = await take(events, 5)
    ids = [json.loads(event["data"])["id"] for event in first[:2] + rest]
    assert sorted(ids) == [f"st-short-{number}" for number in range(10, 17)]


async def get(url: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(url)


async def test_told_to_leave_it_ends_open_streams_and_says_done(service: PageService) -> None:
    async with listening(f"{service.address}/events") as events:
        assert service.stop() == 0
        assert [event async for event in events] == []
    service.start()


async def test_a_browser_goes_on_by_itself_after_a_restart(kafka: EmbeddedKafka, service: PageService) -> None:
    await publish(kafka.address, [named("st-browser", 1)])
    url = f"{service.address}/stories/st-browser"
    while (await get(url)).status_code != 200:
        pass
    async with browser(chromium()) as found:
        page = await found.new_page()
        await page.goto(url)
        await page.wait_for_selector("body[data-live=open]")
        await page.evaluate("window.sameDocument = true")
        service.stop(signal.SIGKILL)
        await publish(kafka.address, [named("st-browser", 2)])
        service.start()
        await page.wait_for_selector("text=Islands Count Their Bread")
        assert await page.evaluate("window.sameDocument")


async def test_while_kafka_is_away_pages_are_served_and_then_it_goes_on(
    kafka: EmbeddedKafka, service: PageService
) -> None:
    await publish(kafka.address, [named("st-outage", 1)])
    url = f"{service.address}/stories/st-outage"
    while (await get(url)).status_code != 200:
        pass
    async with listening(f"{url}/events?since=1") as events:
        kafka.stop()
        assert (await get(url)).status_code == 200
        kafka.start()
        await publish(kafka.address, [named("st-outage", 2)])
        assert versions(await take(events, 1)) == [2]


def test_without_its_topics_it_ends_and_says_what_to_do(tmp_path: Path) -> None:
    import subprocess
    import sys

    for kafka in running(EmbeddedKafka()):
        environment = service_environment(kafka.address, "redis://127.0.0.1:1", page_port="0")
        done = subprocess.run(
            [sys.executable, "-m", "storyline", "run", "page"], env=environment, capture_output=True, text=True,
            timeout=60, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 1
        assert "run `storyline topics create`" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"page_port": "70000"}, "STORYLINE_PAGE_PORT"),
        ({"page_base_url": "news.example"}, "STORYLINE_PAGE_BASE_URL"),
        ({"page_host": "203.0.113.7"}, "can't listen on 203.0.113.7:8080"),
    ],
)
def test_a_wrong_setting_is_one_line(settings: dict[str, Any], said: str, tmp_path: Path) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "storyline", "run", "page"],
        env=service_environment("127.0.0.1:1", "redis://127.0.0.1:1", **settings),
        capture_output=True, text=True, timeout=60, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
