"""What was killed, superseded or is under embargo shows nowhere: random courses of things, with restarts in between.

Each version of each article carries a word of its own in its headline, its text, its names and its notes. Those of
killed and superseded versions must be in nothing that is current; those under embargo in nothing at all.
"""

import asyncio
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from storyline.errors import Invalid
from storyline.stages.matcher import Matcher
from storyline.stages.matcher.decode import Asked
from storyline.stages.updater import Updater
from storyline_schemas import StoryUpdate
from storyline_schemas.base import from_ms
from storyline_schemas.events import STORY_EDIT, binary_headers
from tests.examples import examples
from tests.unit.page.world import Site
from tests.wires import HOUR_MS, Wire, article, record

URIS = [f"a:{n}" for n in range(4)]
LETTERS = "bcdfghjklmnpqrstvwxz"
HISTORY = re.compile(rb'<section class="versions".*?</section>', re.DOTALL)
PUBLIC = ("story-updates", "stories", "story-parts")


def word(uri: str, version: int) -> str:
    """A word that nothing else has, and that hyphenation, figures and case rules leave alone."""
    number = URIS.index(uri) * 50 + version
    return "Qu" + LETTERS[number // 20] + LETTERS[number % 20] + "ivex"


def telling(uri: str, version: int, **fields: Any) -> dict[str, Any]:
    """A version whose word is in every field that is text."""
    mark = word(uri, version)
    value = article(uri, "ferry", number=10 + URIS.index(uri) * 7 + version, version=str(version))
    return value | {
        "headline": f"{mark}: ferry Alma runs aground off Port Hallow",
        "body": f"Captain {mark} told the coast guard that the ferry Alma was off course near Port Hallow.\n\n"
        + value["body"],
        "summary": f"The ferry of Captain {mark} ran aground.",
        "people": [f"Orla {mark}"], "slugline": f"FERRY-{mark}", "byline": f"By {mark}",
        "editorial_note": f"Attn {mark}", "correction": {"severity": "correction", "note": f"adds {mark}"},
        "subjects": [f"{mark} affair"], "url": f"https://wire.example/{mark}", **fields,
    }  # fmt: skip


@dataclass
class Known:
    """What a desk would know of an article: its newest version that may be told, and what is held."""

    told: int = 0
    canceled: int = 0
    held: dict[int, int] = field(default_factory=dict)
    """Version → the end of its embargo in ms."""
    versions: set[int] = field(default_factory=set)

    @property
    def shown(self) -> int | None:
        return self.told if self.told > self.canceled else None


class Course:
    """One course of things on the stages, beside a model of what may show."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.articles = {uri: Known() for uri in URIS}

    async def step(self, what: str, uri: str, other: str, hours: int) -> None:
        known = self.articles[uri]
        version = max([known.told, known.canceled, *known.versions], default=0) + 1
        match what:
            case "publish":
                self._told(uri, version)
                await self._feed(telling(uri, version))
            case "late":
                version = max(1, version - 2)
                if version not in known.versions:
                    if version > max(known.told, known.canceled):
                        self._told(uri, version)
                    known.versions.add(version)
                    await self._feed(telling(uri, version))
            case "kill":
                known.canceled = version
                known.held = {}
                await self._feed(telling(uri, version, pub_status="canceled", headline="", body="", summary=""))
            case "hold":
                until = self.wire.clock_ms + hours * HOUR_MS
                known.held = {version: until}
                known.versions.add(version)
                await self._feed(telling(uri, version, embargoed_until=from_ms(until).isoformat()))
            case "time":
                await self._time(hours)
            case "months":
                await self._time(40 * 24)
                await self._time(40 * 24)  # what was closed in the first goes in the second
            case "restart":
                await self.wire.start()
            case _:
                await self._ask(what, uri, other)

    def _told(self, uri: str, version: int) -> None:
        known = self.articles[uri]
        known.told = version
        known.versions.add(version)
        known.held = {held: until for held, until in known.held.items() if held > version}

    async def _time(self, hours: int) -> None:
        now_ms = self.wire.clock_ms + hours * HOUR_MS
        for known in self.articles.values():
            for version, until in list(known.held.items()):
                if until <= now_ms:
                    del known.held[version]
                    known.told = max(known.told, version)
        await self.wire.tick(now_ms)
        await self.wire.run()

    async def _ask(self, action: str, uri: str, other: str) -> None:
        stories = {
            source.article_uri: story_id
            for story_id, update in self.wire.stories().items()
            for source in update.story.sources
        }
        if uri not in stories:
            return
        edit = {
            "action": action, "story_id": stories[uri], "into": stories.get(other), "articles": [uri],
            "headline": "A headline by the desk" if action == "rename" else None, "author": "desk", "section": "s1",
        }  # fmt: skip
        number = len(self.wire.inputs)
        headers = binary_headers(STORY_EDIT, f"edit-{number}", stories[uri], None, "/test")
        await self._feed(edit, headers)

    async def _feed(self, value: dict[str, Any], headers: Any = ()) -> None:
        sent = record(value, len(self.wire.inputs), timestamp_ms=self.wire.clock_ms, headers=headers)
        try:
            message = self.wire.matcher.decode(sent)
            self.wire.feed([sent])
            await self.wire.run()
        except Invalid:
            # A dead letter, as the shell would have it: acknowledged, and nothing else happens.
            if self.wire.inputs[-1] is sent:
                self.wire.committed["matcher"] = len(self.wire.inputs)
                assert isinstance(message, Asked)

    def _stages(self) -> tuple[Matcher, Updater]:
        return self.wire.matcher, self.wire.updater

    # ---- what must not be anywhere

    def leaks(self) -> Iterator[str]:
        current = list(self._current())
        current += [(f"metrics of {stage.name}", repr(stage.counts).encode()) for stage in self._stages()]
        everything = current + [
            (output.topic, output.value or b"") for name in PUBLIC for output in self.wire.logs[name]
        ] + [("story-commands", output.value or b"") for output in self.wire.logs["story-commands"]]  # fmt: skip
        for uri, known in self.articles.items():
            for version in known.versions:
                if version in known.held:
                    yield from self.found(uri, version, everything, "under embargo")
                elif version != known.shown:
                    yield from self.found(uri, version, current, "killed or superseded")

    def found(self, uri: str, version: int, places: Iterable[tuple[str, bytes]], why: str) -> Iterator[str]:
        mark = word(uri, version).lower().encode()
        for place, content in places:
            if mark in content.lower():
                yield f"{uri} version {version} ({why}) is in {place}"

    def _current(self) -> Iterator[tuple[str, bytes]]:
        """What the store holds, holds apart, and what compaction leaves of the topics."""
        for story_id, stored in self.wire.backing.stories.items():
            yield f"story {story_id}", stored.story
            yield f"head {story_id}", stored.head
            for uri, part in stored.parts.items():
                yield f"part {story_id} {uri}", part
        for space in self.wire.backing.spaces.values():
            for assignment, _ in space.assignments.values():
                yield f"assignment {assignment.uri}", repr(assignment).encode()
            for story_id, value in space.index.items():
                yield f"index {story_id}", value
        for name in ("stories", "story-parts"):
            last = {output.key: output.value for output in self.wire.logs[name]}
            for key, content in last.items():
                yield f"{name} {key!r}", content or b""

    def unsupported(self) -> Iterator[str]:
        """Live articles must be the newest that may be told, each once; nothing is lost."""
        live: list[tuple[str, str | None]] = [
            (source.article_uri, source.version)
            for update in self.wire.stories().values()
            for source in update.story.sources
        ]
        expected = [(uri, str(known.shown)) for uri, known in self.articles.items() if known.shown]
        if sorted(live) != sorted(expected):  # type: ignore[type-var]
            yield f"live are {sorted(live)}, not {sorted(expected)}"  # type: ignore[type-var]
        states = b"".join(stored.story for stored in self.wire.backing.stories.values()).lower()
        for uri, known in self.articles.items():
            if known.shown and word(uri, known.shown).lower().encode() not in states:
                yield f"{uri} version {known.shown} is live, and its word is nowhere"  # then the search finds nothing


STEPS = ["publish"] * 4 + [
    "kill",
    "kill",
    "hold",
    "hold",
    "late",
    "time",
    "months",
    "restart",
    "merge",
    "split",
    "move",
]
STEPS += ["rename", "close", "reopen", "pin", "lock", "lock"]
steps = st.tuples(st.sampled_from(STEPS), st.sampled_from(URIS), st.sampled_from(URIS), st.integers(1, 30))


courses = st.lists(steps, min_size=3, max_size=14)


@given(courses)
@settings(max_examples=examples(120))
def test_what_was_killed_superseded_or_is_under_embargo_shows_nowhere(course: list[tuple[str, str, str, int]]) -> None:
    logged: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda entry: logged.append(entry.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("storyline")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        asyncio.run(_play(course))
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    said = "\n".join(logged).lower()
    assert not [mark for uri in URIS for version in range(1, 40) if (mark := word(uri, version).lower()) in said]


@given(courses)
@example([("publish", "a:0", "a:0", 1), ("publish", "a:0", "a:0", 1), ("kill", "a:0", "a:0", 1)])
@settings(max_examples=examples(8))
def test_no_page_feed_or_answer_of_the_api_shows_it(course: list[tuple[str, str, str, int]]) -> None:
    asyncio.run(_read(course))


async def _play(course: list[tuple[str, str, str, int]]) -> Course:
    playing = Course()
    await playing.wire.start()
    for what, uri, other, hours in course:
        await playing.step(what, uri, other, hours)
        assert list(playing.leaks()) == []
        assert list(playing.unsupported()) == []
    playing.wire.versions()  # raises if a repeat differs
    return playing


async def _read(course: list[tuple[str, str, str, int]]) -> None:
    """Every address of the page service: the killed and the embargoed in none, the superseded in none of today's.

    The list of versions beside the text tells what each of them was about, and so names the superseded.
    """
    playing = await _play(course)
    site, seen = Site(), set[tuple[str, int]]()
    site.feed(each for each in playing.wire.updates() if not _repeated(each, seen))
    lists = ["/?status=retracted", "/", "/feed.atom", "/api/stories"]
    today = [f"{path}{id}" for id in playing.wire.stories() for path in ("/stories/", "/api/stories/")]
    earlier = [f"/{kind}/{id}/versions/{n}" for id, n in sorted(seen) for kind in ("stories", "api/stories")]
    earlier += [f"/stories/{id}/diff/{n - 1}/{n}" for id, n in sorted(seen) if n > 1]
    earlier += [f"/stories/{id}/feed.atom" for id in playing.wire.stories()]
    earlier += [f"/api/stories/{id}/versions" for id in playing.wire.stories()]
    async with site.client() as client:
        texts = {path: (await client.get(path)).content for path in (*lists, *today, *earlier)}
    present = {path: HISTORY.sub(b"", texts[path]) for path in (*lists, *today)}
    for uri, known in playing.articles.items():
        for version in known.versions:
            if version == known.shown:
                continue
            withdrawn = version in known.held or version <= known.canceled
            places = texts if withdrawn else present
            assert list(playing.found(uri, version, places.items(), "on a page")) == []


def _repeated(update: StoryUpdate, seen: set[tuple[str, int]]) -> bool:
    version = (update.story.id, update.story.version)
    known = version in seen
    seen.add(version)
    return known
