"""A dead letter is shown and sent again: byte for byte, marked, and never twice by accident."""

import json

import pytest

from .harness import Cluster, read_topic

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]

VALUE = b'{"uri": "urn:invented:x", "headline": 7}'


def last_line(text: str) -> "dict[str, list[str]]":
    report: dict[str, list[str]] = json.loads(text.splitlines()[-1])
    return report


async def test_a_letter_is_replayed_once_however_often_it_is_asked_for(cluster: Cluster) -> None:
    assert cluster.cli("dead-letters", "list").stderr.strip() == "no dead letters"
    await cluster.send([(b"world", VALUE, 0, (("x", b"\xff"),))])
    cluster.start("matcher"), cluster.start("updater")
    await cluster.settled()
    (dead,) = await read_topic(cluster.kafka, "articles.dlq")
    id = f"articles.dlq/{dead.partition}/{dead.offset}"
    assert "headline" in cluster.ok("dead-letters", "show", id)

    assert "(replayed)" not in cluster.ok("dead-letters", "list")
    assert last_line(cluster.ok("dead-letters", "replay", id, "--json"))["replayed"] == [id]
    assert "(replayed)" in cluster.ok("dead-letters", "list", "--limit", "1")
    assert last_line(cluster.ok("dead-letters", "replay", id, "--json"))["skipped"] == [id]
    await cluster.settled()
    sent = await read_topic(cluster.kafka, "articles")
    (replayed,) = [each for each in sent if ("storyline-replay", b"1") in each.headers]
    assert (replayed.key, replayed.value, replayed.partition) == (b"world", VALUE, 0)
    assert replayed.headers[0] == ("x", b"\xff")

    assert len(last_line(cluster.ok("dead-letters", "replay", id, "--again", "--json"))["replayed"]) == 1


async def test_all_letters_of_a_field_are_replayed_and_others_stay(cluster: Cluster) -> None:
    await cluster.send((b"world", value, 0, ()) for value in (VALUE, VALUE, b"{not json"))
    cluster.start("matcher"), cluster.start("updater")
    await cluster.settled()
    everything = last_line(cluster.ok("dead-letters", "list", "--json"))["dead_letters"]
    of_json = [letter["id"] for letter in everything if letter["field"] == "value"]  # type: ignore[index]
    assert len(everything) == 3
    replayed = last_line(cluster.ok("dead-letters", "replay", "--all", "--field", "value", "--json"))["replayed"]
    assert replayed == of_json
    await cluster.settled()
    once_more = last_line(cluster.ok("dead-letters", "replay", "--all", "--field", "value", "--json"))
    assert once_more["replayed"] == [], "what came back isn't sent round and round"
    assert len(once_more["skipped"]) == 2 * len(of_json)
    assert "(came back)" in cluster.ok("dead-letters", "list")
