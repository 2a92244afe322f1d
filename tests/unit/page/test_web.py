"""The addresses of the page service: pages, JSON, feeds, streams, and what is answered to the rest."""

import asyncio
import json
from typing import Any

import httpx
import jsonschema
import pytest
from lxml import etree
from openapi_spec_validator import validate

from storyline.edges.page import answers, events
from storyline.edges.page.streams import ALL, Full, Streams
from storyline_schemas import Edited, Story
from storyline_schemas.edit import EditAction
from tests.e2e.paper import arabic, ferry, hostile, japanese, merged, short, whole_paper

from .world import Site

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def site() -> Site:
    site = Site()
    site.feed([*whole_paper(), hostile()])
    return site


async def get(site: Site, path: str | httpx.URL, **headers: str) -> httpx.Response:
    async with site.client() as client:
        return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


PATHS = (
    "/",
    "/?q=ferry",
    "/stories/st-ferry",
    "/stories/st-ferry/versions/1",
    "/feed.atom",
    "/stories/st-ferry/feed.atom",
    "/api/stories",
    "/api/stories/st-ferry",
    "/api/stories/st-ferry/versions",
    "/stories/st-ferry/diff/1/2",
    "/api/stories/st-ferry/diff/1/2",
    "/api/openapi.json",
)


@pytest.mark.parametrize("path", PATHS)
async def test_what_a_client_has_is_not_sent_again(site: Site, path: str) -> None:
    first = await get(site, path)
    again = await get(site, path, if_none_match=f'"other", {first.headers["etag"]}')
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("path", PATHS)
async def test_a_client_that_takes_no_gzip_gets_the_same_plain(site: Site, path: str) -> None:
    packed, plain = await get(site, path), await get(site, path, accept_encoding="gzip;q=0")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content


@pytest.mark.parametrize(
    ("accepted", "packed"),
    (
        ("*;q=0, gzip", True),
        ("*, gzip;q=0", False),
        ("*", True),
        ("*;q=0", False),
        ("br, GZIP; q=0.5", True),
        ("br", False),
    ),
)
async def test_what_is_said_of_gzip_goes_before_what_is_said_of_all(site: Site, accepted: str, packed: bool) -> None:
    assert ("content-encoding" in (await get(site, "/", accept_encoding=accepted)).headers) is packed


@pytest.mark.parametrize("path", [*PATHS, "/nowhere", "/?status=x", "/live", "/static/x/page.css"])
async def test_every_answer_keeps_a_browser_safe(site: Site, path: str) -> None:
    headers = (await get(site, path)).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


async def test_two_versions_side_by_side_as_a_page_and_as_json(site: Site) -> None:
    page, api = await get(site, "/stories/st-ferry/diff/1/2"), await get(site, "/api/stories/st-ferry/diff/1/2")
    compared = api.json()
    assert (compared["before"], compared["after"], bool(compared["added"])) == (1, 2, True)
    assert page.text.count("<ins>") == len(compared["added"])
    assert page.text.count("<del>") == len(compared["removed"])
    assert '<li class="status" lang="en" dir="ltr">Status: open</li>' in page.text
    same = (await get(site, "/api/stories/st-ferry/diff/2/2")).json()
    assert (same["added"], same["removed"]) == ([], [])


@pytest.mark.parametrize(
    ("path", "status"), [("st-ferry/diff/1/99", 404), ("st-ferry/diff/0/1", 404), ("st-nobody/diff/1/2", 404)]
)
async def test_versions_that_are_not_there_are_not_compared(site: Site, path: str, status: int) -> None:
    assert (await get(site, f"/stories/{path}")).status_code == status


async def test_a_story_that_has_ended_is_gone_in_whatever_order_the_topics_are_read() -> None:
    site = Site()
    update = ferry(1)
    record, _ = site.log.updated(update)
    del site.log.states[update.story.id]
    site.view.apply(site.log.removed(update.story.id))
    site.view.apply(record)
    assert (await get(site, f"/stories/{update.story.id}")).status_code == 410


async def test_a_change_changes_the_etag(site: Site) -> None:
    before = Site()
    before.feed([ferry(1)])
    first = (await get(before, "/stories/st-ferry")).headers["etag"]
    before.feed([ferry(2)])
    assert (await get(before, "/stories/st-ferry")).headers["etag"] != first


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/stories/st-none", 404, "There is no story"),
        ("/stories/%3Cb%3E", 404, "There is no story"),
        ("/stories/st-ferry/versions/9", 404, "Version 9"),
        ("/stories/st-ferry/versions/x", 404, "number from 1"),
        ("/?cursor=zz", 400, "cursor: is not one that this service gave"),
        ("/?status=x", 400, "status: is none of"),
        ("/?q=" + "x" * 201, 400, "q: has 201 characters"),
        ("/nowhere", 404, "Not found"),
    ],
)
async def test_a_wrong_address_gets_a_page_that_says_what_is_wrong(
    site: Site, path: str, status: int, said: str
) -> None:
    answer = await get(site, path)
    assert answer.status_code == status
    assert said in answer.text
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/api/stories?cursor=zz", 400, "cursor"),
        ("/api/stories?limit=0", 400, "limit"),
        ("/api/stories/st-none", 404, None),
        ("/api/stories/st-ferry/versions?cursor=x", 400, "cursor"),
        ("/api/nowhere", 404, None),
    ],
)
async def test_a_wrong_question_to_the_api_gets_a_problem(
    site: Site, path: str, status: int, field: str | None
) -> None:
    answer = await get(site, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["field"]) == (status, status, field)


async def test_nothing_can_be_written(site: Site) -> None:
    async with site.client() as client:
        assert (await client.post("/stories/st-ferry", content=b"x")).status_code == 405


async def test_before_everything_is_read_only_the_probes_answer(site: Site) -> None:
    site.pages.ready = False
    statuses = {
        path: (await get(site, path)).status_code for path in ("/", "/api/stories", "/events", "/ready", "/live")
    }
    assert statuses == {"/": 503, "/api/stories": 503, "/events": 503, "/ready": 503, "/live": 200}


async def test_a_merged_story_moves_every_address(site: Site) -> None:
    for path in (
        "/stories/{}",
        "/api/stories/{}",
        "/stories/{}/feed.atom",
        "/stories/{}/events",
        "/api/stories/{}/versions",
    ):
        answer = await get(site, path.format("st-boats"))
        assert (answer.status_code, answer.headers["location"]) == (308, path.format("st-ferry"))


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/stories/st-ferry/", "/stories/st-ferry"), ("/api/stories//?q=a%20b", "/api/stories?q=a%20b"),
        ("//elsewhere.example//", "/elsewhere.example"), ("/%5Celsewhere.example/", "/%5Celsewhere.example"),
        ("/%0D%0Aa:b/", None), ("/nothing", None),
    ],
)  # fmt: skip
async def test_a_last_slash_is_taken_off_and_leads_to_no_other_host(
    site: Site, path: str, leads_to: str | None
) -> None:
    answer = await get(site, httpx.URL("http://page" + path), host="elsewhere.example")
    assert answer.headers.get("location") == leads_to
    assert answer.status_code == (404 if leads_to is None else 308)


async def test_what_an_editor_split_off_is_one_link_away() -> None:
    site, whole = Site(), ferry(2)
    edited = Edited(action="split", author="desk", story_id="st-boats")
    change = whole.change.model_copy(update={"kind": "split", "edits": (edited,)})
    why = whole.significance.model_copy(update={"reasons": ("a story was split",)})
    site.feed([ferry(1), whole.model_copy(update={"change": change, "significance": why})])
    page = (await get(site, "/stories/st-ferry")).text
    assert 'The story was split. <a href="/stories/st-boats">The other story</a>' in page
    assert "desk" not in page, "who asked is told by the history, to those who may see it"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("merge", "Another story was merged into this one."),
        ("move", "Articles of another story were moved here."),
        ("split", "Articles of another story were moved here."),
    ],
)
async def test_only_a_story_that_is_no_more_was_merged(action: EditAction, said: str) -> None:
    site, grown = Site(), ferry(2)
    edited = Edited(action=action, author="desk", story_id="st-boats")
    change = grown.change.model_copy(update={"kind": "merge", "edits": (edited,)})
    site.feed([ferry(1), grown.model_copy(update={"change": change})])
    assert f'{said} <a href="/stories/st-boats">The other story</a>' in (await get(site, "/stories/st-ferry")).text


async def test_a_story_that_is_not_in_memory_any_more_is_read_where_it_lies() -> None:
    site = Site()
    site.bounds.text_bytes = 1
    site.feed([ferry(1), ferry(2), ferry(3), short(1)])
    assert site.view.kept("st-ferry") is None
    page = (await get(site, "/stories/st-ferry")).text
    assert "Talks Open on Tuesday" in page
    assert "<mark>" in page


async def test_the_api_gives_the_story_as_it_is_on_the_topic(site: Site) -> None:
    answer = await get(site, "/api/stories/st-ferry")
    assert answer.content == ferry(3).story.to_json()
    assert Story.model_validate_json(answer.content).version == 3


async def test_versions_are_listed_page_by_page(site: Site) -> None:
    first = (await get(site, "/api/stories/st-ferry/versions?limit=2")).json()
    rest = (await get(site, f"/api/stories/st-ferry/versions?limit=2&cursor={first['next']}")).json()
    assert [each["version"] for each in first["versions"] + rest["versions"]] == [3, 2, 1]
    assert rest["next"] is None


async def test_the_description_of_the_api_is_openapi(site: Site) -> None:
    validate((await get(site, "/api/openapi.json")).json())


@pytest.mark.parametrize(
    ("path", "described"),
    [
        ("/api/stories", "/api/stories"),
        ("/api/stories/st-ferry", "/api/stories/{id}"),
        ("/api/stories/st-ferry/versions", "/api/stories/{id}/versions"),
        ("/api/stories/st-ferry/versions/1", "/api/stories/{id}/versions/{number}"),
    ],
)
async def test_what_the_api_says_is_what_its_description_says(site: Site, path: str, described: str) -> None:
    description = (await get(site, "/api/openapi.json")).json()
    content: dict[str, Any] = description["paths"][described]["get"]["responses"]["200"]["content"]
    schema = {**content["application/json"]["schema"], "components": description["components"]}
    jsonschema.Draft202012Validator(schema).validate((await get(site, path)).json())


@pytest.mark.parametrize(
    "path", ["/feed.atom", "/feed.atom?q=title", "/stories/st-hostile/feed.atom", "/stories/st-ferry/feed.atom"]
)
async def test_a_feed_is_well_formed_whatever_the_text(site: Site, path: str) -> None:
    feed = etree.fromstring((await get(site, path)).content)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        assert all(element.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated", "link"))
    ids = [each.findtext(f"{ATOM}id") for each in feed.iter(f"{ATOM}entry")]
    assert ids and len(ids) == len(set(ids))
    assert all(id and id.startswith("urn:uuid:") for id in ids)


async def test_hostile_text_is_escaped_on_every_page(site: Site) -> None:
    for path in ("/stories/st-hostile", "/?q=headline", "/stories/st-hostile/feed.atom", "/feed.atom"):
        text = (await get(site, path)).text
        assert "window.hacked" in text
        assert "<script>window" not in text
        assert "<img" not in text
        assert "\u202e" not in text
        assert 'href="javascript' not in text


async def test_a_page_says_its_language_and_direction(site: Site) -> None:
    assert 'lang="ar" dir="rtl"' in (await get(site, "/stories/st-bridge-ar")).text
    assert 'lang="ja" dir="ltr"' in (await get(site, "/stories/st-lighthouse-ja")).text
    assert arabic().story.language == "ar" and japanese().story.language == "ja"


# ---- streams


async def frames(site: Site, path: str, count: int, **headers: str) -> list[dict[str, str]]:
    """The first events of a stream; more may come while it is open."""
    from storyline.edges.page.application import application

    received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    leave = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await leave.wait()
        return {"type": "http.disconnect"}

    bare, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": bare,
        "raw_path": bare.encode(),
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("page.example", 80),
        "root_path": "",
    }
    task = asyncio.create_task(application(site.pages)(scope, receive, received.put))
    assert (await received.get())["status"] == 200
    text = ""
    while text.count("event: ") < count:
        text += (await received.get())["body"].decode()
    leave.set()
    await task
    return [
        dict(line.split(": ", 1) for line in block.split("\n"))
        for block in text.split("\n\n")
        if block.startswith(("id: ", "event: "))
    ]


async def test_a_reader_gets_every_version_it_has_missed() -> None:
    site = Site()
    site.feed([ferry(1), ferry(2), ferry(3)])
    found = await frames(site, "/stories/st-ferry/events", 2, last_event_id="1")
    assert [(each["event"], each["id"], json.loads(each["data"])["version"]) for each in found] == [
        ("version", "2", 2),
        ("version", "3", 3),
    ]


async def test_a_reader_of_all_gets_everything_since_its_position_with_ids_to_go_on_from() -> None:
    site = Site()
    begin = events.position_id(site.view.position)
    site.feed([ferry(1), short(1), short(2), arabic()])
    found = await frames(site, f"/events?since={begin}", 4)
    again = await frames(site, "/events", 2, last_event_id=found[1]["id"])
    assert [json.loads(each["data"])["id"] for each in found] == [
        "st-ferry",
        "st-short-1",
        "st-short-2",
        "st-bridge-ar",
    ]
    assert again == found[2:]
    assert found[-1]["id"] == events.position_id(site.view.position)


@pytest.mark.parametrize("seen", ["nonsense", "1.2", "99.99.99.99"])
async def test_a_reader_whose_position_is_not_known_is_told_to_read_again(seen: str) -> None:
    site = Site()
    site.feed([ferry(1)])
    assert [each["event"] for each in await frames(site, "/events", 1, last_event_id=seen)] == ["reset"]


async def test_a_reader_of_a_story_that_is_merged_is_told_where_it_goes_on() -> None:
    site = Site()
    site.feed([merged(1)])
    reading = asyncio.create_task(frames(site, "/stories/st-boats/events?since=1", 2))
    while not site.streams.listening("st-boats"):
        await asyncio.sleep(0)
    site.feed([ferry(1), merged(2)])
    assert [(each["event"], json.loads(each["data"])["url"]) for each in await reading] == [
        ("version", "/stories/st-boats"),
        ("merged", "/stories/st-ferry"),
    ]
    assert site.streams.count == 0


@pytest.mark.parametrize("header", [True, False])
async def test_a_reader_that_comes_back_to_a_merged_story_gets_no_versions_of_the_other(header: bool) -> None:
    site = Site()
    site.feed([merged(1), ferry(1), ferry(2), merged(2)])
    path, seen = "/stories/st-boats/events", {"last_event_id": "1"} if header else {}
    [found] = await frames(site, path if header else f"{path}?since=1", 1, **seen)
    assert (found["event"], json.loads(found["data"])["redirect_to"]) == ("merged", "st-ferry")
    assert site.streams.count == 0


async def test_no_more_streams_are_open_than_may_be() -> None:
    site = Site(streams_max=0)
    answer = await get(site, "/events")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"


async def test_a_reader_that_takes_nothing_is_let_go_and_the_others_are_not() -> None:
    streams = Streams(streams_max=2, pending_max=3)
    with streams.opened(ALL) as slow, streams.opened(ALL) as quick:
        for number in range(10):
            streams.publish(ALL, b"%d" % number)
            assert await quick.next(1) == b"%d" % number
        assert (slow.ended, quick.ended, streams.dropped) == (True, False, 1)


def test_a_place_is_free_again_when_a_stream_ends() -> None:
    streams = Streams(streams_max=1, pending_max=3)
    for _ in range(3):
        with streams.opened("st-1"), pytest.raises(Full), streams.opened("st-1"):
            pass
    assert streams.count == 0
    assert not streams.listening("st-1")


@pytest.mark.parametrize("text", ["a\nb", "data: x\n\nevent: y", "\u2028", "\r", "☃"])
def test_no_text_can_end_its_event(text: str) -> None:
    frame = events.frame("story", {"headline": text}, "7").decode()
    assert frame.count("\n") == 4
    assert json.loads(frame.split("data: ", 1)[1]) == {"headline": text}


async def test_a_client_that_stops_taking_is_cut_off() -> None:
    streams = Streams(streams_max=1, pending_max=3)
    stuck = asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await stuck.wait()

    with streams.opened(ALL) as stream:
        response = answers.EventStream(stream, b"x", b": \n\n", heartbeat_seconds=30, slow_seconds=0.01)
        await response({"type": "http"}, stuck.wait, send)  # type: ignore[arg-type]
        assert stream.ended
