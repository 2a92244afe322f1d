"""The page service in a real Chromium: what a reader sees, live changes, hostile text, accessibility, no script."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import pytest_asyncio

from ..conftest import running
from ..servers import EmbeddedKafka, EmbeddedRedis
from .browser import axe_script, browser, chromium, violations
from .harness import Cluster
from .paper import PageService, ferry, hostile, publish, remove, service_environment, update, whole_paper, withdrawn
from .paper import publish_now as publish_first
from .screenshots import prepare

if TYPE_CHECKING:
    from playwright.async_api import Page

# One loop for all, so that they share one browser; each has pages of its own.
pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class World:
    """A page service and the Kafka behind it."""

    kafka: str
    page: PageService

    @property
    def address(self) -> str:
        return self.page.address


@pytest.fixture(scope="module")
def brokers() -> Iterator[tuple[EmbeddedKafka, EmbeddedRedis]]:
    """A Kafka and a Redis of this module's own: topics have fixed names."""
    for kafka in running(EmbeddedKafka()):
        for redis in running(EmbeddedRedis()):
            yield kafka, redis


@pytest.fixture(scope="module")
def world(brokers: tuple[EmbeddedKafka, EmbeddedRedis], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    kafka, redis = brokers
    environment = service_environment(kafka.address, redis.url, page_base_url="https://news.example")
    prepare(environment)
    publish_first(kafka.address, [*whole_paper(), hostile()])
    with PageService(environment, tmp_path_factory.mktemp("page") / "log") as page:
        yield World(kafka.address, page)


Reading = Callable[..., AbstractAsyncContextManager["Page"]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reading() -> AsyncIterator[Reading]:
    """Opens an address in a window of its own: nothing is shared with other windows."""
    async with browser(chromium()) as found:

        @asynccontextmanager
        async def window(address: str, **settings: Any) -> AsyncIterator["Page"]:
            context = await found.new_context(**settings)
            try:
                page = await context.new_page()
                await page.goto(address)
                yield page
            finally:
                await context.close()

        yield window


async def is_live(page: "Page") -> None:
    await page.wait_for_selector("body[data-live=open]")


async def test_a_story_reads_like_the_reference(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-ferry") as page:
        assert await page.inner_text("h1") == "Ferry crews in Port Lindow walk out over night shifts"
        assert await page.inner_text(".badge .count") == "Updated (3 articles)"
        assert await page.locator(".text > section > h2").all_inner_texts() == [
            "Crews Walk Out at Dawn over a Thinner Night Watch", "Islands Count Their Bread and Insulin",
            "Talks Open on Tuesday", "Sources (3 articles)",
        ]  # fmt: skip
        assert "the island council said\N{NO-BREAK SPACE}[2]. The clinic" in await page.inner_text("#section-s2")
        assert "Says how long the islands’ shops can go on" in await page.inner_text("#source-2")
        assert "advance notice" in (await page.inner_text("#source-3")).lower()
        assert "https://news.example/stories/st-ferry" in await page.inner_text("footer")


async def test_the_last_change_is_told_and_its_sentences_are_marked(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-ferry") as page:
        assert "Northlight News adds" in await page.inner_text(".change")
        assert await page.locator(".text mark").all_inner_texts() == [
            "(new)\nTalks between the crews and the harbour will open on Tuesday "
            "under the mediator Tomas Wrenfield\N{NO-BREAK SPACE}[3]."
        ]


async def test_an_earlier_version_is_reached_by_its_link_and_says_so(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-ferry") as page:
        await page.click("text=Version 1")
        assert "This is version 1 of 3" in await page.inner_text(".notice")
        assert "14 crossings" in await page.inner_text("#section-s1")
        assert await page.locator("#section-s2").count() == 0


async def test_a_citation_leads_to_its_source(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-ferry") as page:
        await page.click("#section-s2 a.cite >> nth=0")
        assert page.url.endswith("#source-2")
        assert await page.locator("#source-2:target").count() == 1


async def test_a_citation_shows_its_source_on_hover_and_lets_go_on_escape(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-ferry") as page:
        await page.hover("#section-s2 a.cite >> nth=0")
        assert "Sorrel Island has bread" in await page.inner_text("[role=tooltip]")
        await page.keyboard.press("Escape")
        assert await page.locator("[role=tooltip]").count() == 0


async def test_a_citation_shows_its_source_to_the_keyboard(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-ferry") as page:
        await page.keyboard.press("Tab")
        for _ in range(20):
            if await page.evaluate("document.activeElement.matches('#section-s2 a.cite')"):
                break
            await page.keyboard.press("Tab")
        assert "Sorrel Island has bread" in await page.inner_text("[role=tooltip]")
        described = await page.evaluate("document.activeElement.getAttribute('aria-describedby')")
        assert described == await page.get_attribute("[role=tooltip]", "id")


async def test_a_story_changes_before_the_readers_eyes(world: World, reading: Reading) -> None:
    def growing(version: int) -> Any:
        made = ferry(version)
        return made.model_copy(update={"story": made.story.model_copy(update={"id": "st-growing"})})

    await publish(world.kafka, [growing(1)])
    async with httpx.AsyncClient() as client:
        await until_found(client, f"{world.address}/stories/st-growing")
    async with reading(f"{world.address}/stories/st-growing") as page:
        await is_live(page)
        await page.evaluate("window.sameDocument = true")
        await publish(world.kafka, [growing(2)])
        await page.wait_for_selector("text=Islands Count Their Bread")
        await publish(world.kafka, [growing(3)])
        await page.wait_for_selector("mark:has-text('Tomas Wrenfield')")
        assert await page.evaluate("window.sameDocument")
        assert await page.inner_text(".badge .count") == "Updated (3 articles)"
        assert "Talks will open on Tuesday" in await page.inner_text("[role=status]")


async def test_the_list_of_stories_changes_before_the_readers_eyes(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/") as page:
        await is_live(page)
        await page.evaluate("window.sameDocument = true")
        source = {
            "n": 1, "article_uri": "urn:invented:late", "provider": "Late (invented)", "family": "late",
            "headline": "A comet", "language": "en", "adds": "",
        }  # fmt: skip
        await publish(world.kafka, [update("st-late", 1, "A comet over Tamrin", [], [source], kind="opened", hours=30)])
        await page.wait_for_selector("#st-late")
        assert await page.evaluate("window.sameDocument")


async def test_live_updates_can_be_paused_and_stay_paused(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-ferry") as page:
        await is_live(page)
        await page.click("text=Pause")
        assert await page.get_attribute("body", "data-live") == "paused"
        await page.reload()
        await page.wait_for_selector("body[data-live=paused]")
        await page.click("text=Resume live updates")
        await is_live(page)


@pytest.mark.parametrize("path", ["/stories/st-hostile", "/", "/?q=headline", "/stories/st-hostile/versions/1"])
async def test_hostile_text_is_shown_and_never_run(world: World, reading: Reading, path: str) -> None:
    async with reading("about:blank") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        await page.goto(world.address + path)
        assert "<script>window.hacked=1</script>" in await page.inner_text("main")
        assert await page.evaluate("window.hacked") is None
        assert all(url.startswith(world.address) for url in asked)
        assert await page.locator("[href^='javascript'], [onerror], [onmouseover], main script, main img").count() == 0
        assert not set(await page.inner_text("body")) & set("\u202e\u2066\x1b")


async def test_a_script_from_elsewhere_is_refused_by_the_policy(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-ferry") as page:
        ran = await page.evaluate(
            """() => new Promise(done => {
                document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
                const script = document.createElement("img");
                script.src = "https://elsewhere.example/a.png";
                document.body.append(script);
            })"""
        )
        assert ran == "img-src"


AXE_PAGES = (
    "/", "/?q=ferry&language=en", "/stories/st-ferry", "/stories/st-ferry/versions/1", "/stories/st-bridge-ar",
    "/stories/st-rail-zh", "/stories/st-mill", "/stories/st-hostile", "/stories/st-none",
)  # fmt: skip


@pytest.mark.parametrize(("scheme", "paths"), [("light", AXE_PAGES), ("dark", AXE_PAGES[:4])])
async def test_axe_finds_nothing(world: World, reading: Reading, scheme: Any, paths: tuple[str, ...]) -> None:
    script = axe_script()
    found: list[str] = []
    for path in paths:
        async with reading(world.address + path, color_scheme=scheme) as page:
            found += [f"{path}: {each}" for each in await violations(page, script)]
    assert found == []


async def test_axe_finds_nothing_on_a_phone_with_a_citation_open(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-ferry", viewport={"width": 360, "height": 740}) as page:
        await page.hover("#section-s1 a.cite >> nth=0")
        await page.wait_for_selector("[role=tooltip]")
        assert await violations(page, axe_script()) == []


@pytest.mark.parametrize("path", ["/", "/stories/st-ferry", "/stories/st-bridge-ar", "/stories/st-hostile"])
async def test_nothing_is_wider_than_a_small_phone(world: World, reading: Reading, path: str) -> None:
    async with reading(world.address + path, viewport={"width": 320, "height": 640}) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_no_filters_name_is_broken_on_a_small_phone(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/", viewport={"width": 320, "height": 640}) as page:
        lines = await page.eval_on_selector_all(
            ".filters label", "all => all.map(it => it.offsetHeight / parseFloat(getComputedStyle(it).lineHeight))"
        )
    assert max(lines) < 1.5


async def test_everything_is_there_without_a_script(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/", java_script_enabled=False) as page:
        await page.fill("#q", "insulin")
        await page.click("button")
        await page.click("text=Ferry crews")
        assert "eleven patients" in await page.inner_text("main")
        assert await page.locator("button").count() == 0
        title = await page.get_attribute("#section-s2 a.cite >> nth=0", "title")
        assert title == "Port Lindow Courier (invented): Sorrel Island has bread for two days"


async def test_arabic_runs_from_the_right_and_its_times_do_not(world: World, reading: Reading) -> None:
    async with reading(f"{world.address}/stories/st-bridge-ar") as page:
        assert await page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
        assert await page.evaluate("getComputedStyle(document.querySelector('.badge time')).direction") == "ltr"


async def test_a_merged_story_leads_to_the_one_it_became(world: World, reading: Reading) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{world.address}/stories/st-boats")
    assert (answer.status_code, answer.headers["location"]) == (308, "/stories/st-ferry")
    async with reading(f"{world.address}/stories/st-boats") as page:
        assert page.url == f"{world.address}/stories/st-ferry"


async def test_a_withdrawn_story_says_so_and_shows_nothing_of_it_in_any_version(world: World) -> None:
    async with httpx.AsyncClient(base_url=world.address) as client:
        now = await client.get("/stories/st-mill")
        then = await client.get("/stories/st-mill/versions/1")
        api = await client.get("/api/stories/st-mill/versions/1")
        told = await client.get("/api/stories/st-mill/versions")
        feed = await client.get("/stories/st-mill/feed.atom")
    assert "This story was withdrawn." in now.text
    assert "1 sentence was withdrawn since and is not shown" in then.text
    for answer in (now, then, api, told, feed):
        assert answer.status_code == 200
        assert "Quellin mill" not in answer.text


async def test_an_unknown_story_is_not_found_and_a_removed_one_is_gone(world: World) -> None:
    made = withdrawn(1)
    await publish(
        world.kafka, [made.model_copy(update={"story": made.story.model_copy(update={"id": "st-removed"})})]
    )  # fmt: skip
    async with httpx.AsyncClient(base_url=world.address) as client:
        await until_found(client, f"{world.address}/stories/st-removed")
        await remove(world.kafka, "st-removed")
        while (gone := await client.get("/stories/st-removed")).status_code == 200:
            pass
        unknown = await client.get("/stories/st-none")
    assert (gone.status_code, unknown.status_code) == (410, 404)


async def until_found(client: httpx.AsyncClient, url: str) -> None:
    """The service reads on by itself; this waits for it, and the test's own time limit ends it."""
    while (await client.get(url)).status_code != 200:
        pass


async def test_an_article_on_the_wire_changes_the_open_page(
    brokers: tuple[EmbeddedKafka, EmbeddedRedis], tmp_path: Path, reading: Reading
) -> None:
    """The whole way: matcher, updater and page as processes, and a browser that is never reloaded."""
    from storyline_schemas import Article

    kafka, redis = brokers

    def article(n: int, headline: str, body: str) -> Article:
        return Article.model_validate(
            {"uri": f"urn:invented:dam:{n}", "headline": headline, "body": body, "language": "en",
             "version_created": f"2026-04-01T0{n}:00:00Z", "provider": {"name": f"Wire {n} (invented)"}}
        )  # fmt: skip

    opening = article(1, "Cracks close Orrin Vale dam", "Engineers closed the Orrin Vale dam on Wednesday after "
                      "finding cracks in its wall. The valley below was told to be ready to leave.")  # fmt: skip
    following = article(2, "Orrin Vale dam: 400 people leave the valley below", "About 400 people left the valley "
                        "below the Orrin Vale dam on Wednesday after engineers found cracks in its wall. "
                        "Mayor Sena Dorrin said that the people of the valley would sleep in the school.")  # fmt: skip
    with Cluster(kafka.address, redis.url) as cluster, PageService(cluster.environment(), tmp_path / "page") as service:
        cluster.ok("topics", "create")
        cluster.start("matcher")
        cluster.start("updater")
        await cluster.send_articles([opening])
        async with reading(f"{service.address}/?q=dam") as page:
            await page.wait_for_selector("text=Cracks close Orrin Vale dam", timeout=60_000)
            await page.click("text=Cracks close Orrin Vale dam")
            await is_live(page)
            await page.evaluate("window.sameDocument = true")
            await cluster.send_articles([following])
            await page.wait_for_selector("text=Updated (2 articles)", timeout=60_000)
            assert await page.evaluate("window.sameDocument")
            assert "sleep in the school" in await page.inner_text(".text")
