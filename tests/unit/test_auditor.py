"""The auditor finds what is planted: each defect in topics that are otherwise whole."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import redis

from storyline.domain.ports import Assignment
from storyline.infra.redis import keys
from storyline.infra.redis.packing import pack_assignment
from storyline.record import Output

from ..auditor import Auditor, Good
from ..conftest import running
from ..servers import RedisServer

STORY = "st-1"
AT_MS = 1_767_312_000_000


@dataclass(frozen=True)
class Said:
    """A record of a topic, as far as the auditor looks."""

    topic: str
    key: bytes
    value: bytes | None
    timestamp: int = AT_MS


def section(id: str, text: str) -> dict[str, Any]:
    return {"id": id, "sentences": [{"text": text, "citations": [1]}]}


def story(version: int, uris: tuple[str, ...], *sections: dict[str, Any], id: str = STORY) -> dict[str, Any]:
    return {
        "id": id, "version": version, "space": "s", "status": "open", "article_count": len(uris),
        "sources": [{"n": n, "article_uri": uri} for n, uri in enumerate(uris, 1)], "sections": list(sections),
    }  # fmt: skip


def told(auditor: Auditor, story: dict[str, Any], added: tuple[str, ...] = (), changed: tuple[str, ...] = ()) -> None:
    """A version as the updater sends it."""
    sections = {"added": added, "changed": changed, "removed": ()}
    say(auditor, "story-updates", story["id"], {"story": story, "change": {"sections": sections}})
    say(auditor, "stories", story["id"], story)


def say(auditor: Auditor, topic: str, key: str, value: dict[str, Any]) -> None:
    auditor.take(topic, Said(topic, key.encode(), json.dumps(value).encode()))


@pytest.fixture
def poison() -> list[Output]:
    """What was sent to do harm."""
    return []


@pytest.fixture
def auditor(poison: list[Output]) -> Auditor:
    """Two articles were sent, a and b; both are in one story, in two versions."""
    auditor = Auditor("nowhere:1", Good({"a", "b"}, poison))
    told(auditor, story(1, ("a",), section("x", "One.")), added=("x",))
    told(auditor, story(2, ("a", "b"), section("x", "One."), section("y", "Two.")), added=("y",))
    return auditor


def test_nothing_is_found_where_nothing_is_wrong(auditor: Auditor) -> None:
    assert auditor.judge_topics().bad() == {}


Planting = Callable[[Auditor], None]
LATER = story(3, ("a", "b"), section("x", "Another."), section("y", "Two."))
PLANTED: dict[str, Planting] = {
    "lost": lambda auditor: told(auditor, story(3, ("a",), section("x", "One.")), changed=("y",)),
    "doubled": lambda auditor: told(auditor, story(1, ("b",), id="st-2")),
    "version_gaps": lambda auditor: told(auditor, story(4, ("a", "b")), changed=("x", "y")),
    "untouched_changed": lambda auditor: told(auditor, LATER),
    "zombie_writes": lambda auditor: say(auditor, "stories", STORY, story(1, ("a", "b"))),
    "changed_repeats": lambda auditor: told(auditor, {**story(2, ("a", "b")), "headline": "other"}),
    "uncited": lambda auditor: told(
        auditor, story(3, ("a", "b"), {"id": "x", "sentences": [{"text": "?", "citations": [9]}]}), changed=("x", "y")
    ),
    "buried": lambda auditor: say(auditor, "articles.dlq", "s", {"uri": "a"}),
    "poison_acked": lambda auditor: auditor._sent.poison.append(  # type: ignore[attr-defined]
        Output("articles", 0, b"s", b'{"uri": "bad"}', ())
    ),
}


@pytest.mark.parametrize("defect", PLANTED)
def test_each_defect_is_found(auditor: Auditor, defect: str) -> None:
    PLANTED[defect](auditor)
    assert defect in auditor.judge_topics().bad()


@pytest.mark.parametrize("last", ["2", None])
def test_an_article_that_is_shown_after_it_was_withdrawn_or_corrected_is_found(last: str | None) -> None:
    auditor = Auditor("nowhere:1", Good({"a"}, retold={"a": last}))
    told(auditor, story(1, ("a",), section("x", "One.")), added=("x",))
    assert len(auditor.judge_topics().outdated) == 1


def test_a_bad_message_with_its_dead_letter_is_none_of_them(auditor: Auditor, poison: list[Output]) -> None:
    poison.append(Output("articles", 0, b"s", b"{half", ()))
    auditor.take("articles.dlq", Said("articles.dlq", b"s", b"{half"))
    assert auditor.judge_topics().bad() == {}


def test_the_audit_counts_what_there_is(auditor: Auditor) -> None:
    told(auditor, story(2, ("a", "b"), section("x", "One."), section("y", "Two.")), added=("y",))
    audit = auditor.audit()
    assert audit.clean
    assert (audit.articles, audit.stories, audit.updates, audit.dead_letters, audit.repeats) == (2, 1, 2, 0, 1)
    assert audit.report()["lost"] == 0


def test_a_state_that_says_something_else_than_the_last_update_is_found(auditor: Auditor) -> None:
    say(auditor, "stories", STORY, story(2, ("a", "b"), section("x", "Other."), section("y", "Two.")))
    assert auditor.judge_topics().zombie_writes == [f"{STORY}: the state isn't that of the last update"]


def test_a_placement_that_was_given_twice_is_a_zombies(auditor: Auditor) -> None:
    for uri in ("a", "a", "b"):
        say(auditor, "story-commands", STORY, {"type": "open", "space": "s", "placement": 1, "article_uri": uri})
    assert auditor.judge_topics().zombie_writes == ["placement 1 of s: a, b"]


@pytest.fixture
def store() -> Iterator[RedisServer]:
    """A server of its own: it holds one world's keys."""
    yield from running(RedisServer(aof=False))


@pytest.mark.redis
def test_what_redis_has_otherwise_than_the_topics_is_found(auditor: Auditor, store: RedisServer) -> None:
    client = redis.Redis(port=store.port)
    newest = json.dumps(story(2, ("a", "b"), section("x", "One."), section("y", "Two."))).encode()
    for uri in ("", "a", "b"):
        auditor.take("story-parts", Said("story-parts", f"{STORY}/{uri}".encode(), uri.encode() or b"head"))
    client.hset(keys.story_head(STORY), mapping={"version": 2, "story": newest, "head": b"head"})
    client.hset(keys.story_parts(STORY), mapping={"a": b"a", "b": b"b"})
    for uri in ("a", "b"):
        placed = Assignment(uri, STORY, 1, (0, 1), True, False, None, None, None, "opened", 0, b"")
        client.set(keys.space_assignment("s", uri), pack_assignment(placed))
    assert auditor.judge(client).bad() == {}
    client.hset(keys.story_parts(STORY), "b", b"older")
    client.hset(keys.story_head("st-9"), "version", 1)
    client.delete(keys.space_assignment("s", "a"))
    assert len(auditor.judge(client).zombie_writes) == 3
    client.close()


@pytest.mark.parametrize(("until_ms", "found"), [(AT_MS + 1, 1), (AT_MS, 0)])
def test_an_article_that_is_shown_before_its_embargo_ends_is_found(until_ms: int, found: int) -> None:
    auditor = Auditor("nowhere:1", Good({"a"}, embargoes={"a": until_ms}))
    told(auditor, story(1, ("a",), section("x", "One.")), added=("x",))
    assert len(auditor.judge_topics().early) == found
