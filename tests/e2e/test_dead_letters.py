"""A dead letter is shown and sent again: byte for byte, marked, and never twice by accident."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyline_schemas import Article

from ..wires import article
from .harness import Cluster, Sent, Service, read_topic

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]

VALUE = b'{"uri": "urn:invented:x", "headline": 7}'
FLOOD, FLOOD_PAD = 3_000, b"x" * 30_000
REPLAY_GROWTH_KB = 35_000
"""It is 16 MB; the flood's values alone are 90 MB."""
SERVICE_GROWTH_KB = 85_000
"""It is 42 MB, most of it what the client reads ahead. Were the flood kept, it would be 130."""
SETTLE_SECONDS, REPLAY_SECONDS = 60.0, 60.0
REPLAYING = """
import re, sys
from storyline.cli import main
try:
    main()
finally:
    print("peak", re.findall(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[0], file=sys.stderr)
"""


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
    assert cluster.cli("dead-letters", "list", "--stage", "matchr").stderr.strip() == "none of 1 dead letters fits"
    refused = cluster.cli("dead-letters", "replay", id)
    assert (refused.returncode, "headline: " in refused.stdout, "--unchecked" in refused.stdout) == (1, True, True)
    assert "(replayed)" not in cluster.ok("dead-letters", "list")
    assert last_line(cluster.ok("dead-letters", "replay", id, "--unchecked", "--json"))["replayed"] == [id]
    assert "(replayed)" in cluster.ok("dead-letters", "list", "--limit", "1")
    assert last_line(cluster.ok("dead-letters", "replay", id, "--json"))["skipped"] == [id]
    assert "1 left out because they were replayed before" in cluster.ok("dead-letters", "replay", id)
    await cluster.settled()
    sent = await read_topic(cluster.kafka, "articles")
    (replayed,) = [each for each in sent if ("storyline-replay", b"1") in each.headers]
    assert (replayed.key, replayed.value, replayed.partition) == (b"world", VALUE, 0)
    assert replayed.headers[0] == ("x", b"\xff")

    assert len(last_line(cluster.ok("dead-letters", "replay", id, "--again", "--unchecked", "--json"))["replayed"]) == 1


async def test_all_letters_of_a_field_are_replayed_and_others_stay(cluster: Cluster) -> None:
    await cluster.send((b"world", value, 0, ()) for value in (VALUE, VALUE, b"{not json"))
    cluster.start("matcher"), cluster.start("updater")
    await cluster.settled()
    everything = last_line(cluster.ok("dead-letters", "list", "--json"))["dead_letters"]
    of_json = [letter["id"] for letter in everything if letter["field"] == "value"]  # type: ignore[index]
    assert len(everything) == 3
    assert "the first 2, there are more" in cluster.cli("dead-letters", "list", "--limit", "2").stderr
    assert cluster.cli("dead-letters", "list", "--limit", "3").stderr == ""
    replayed = last_line(cluster.ok("dead-letters", "replay", "--all", "--field", "value", "--unchecked", "--json"))[
        "replayed"
    ]
    assert replayed == of_json
    await cluster.settled()
    once_more = last_line(cluster.ok("dead-letters", "replay", "--all", "--field", "value", "--unchecked", "--json"))
    assert once_more["replayed"] == [], "what came back isn't sent round and round"
    assert len(once_more["skipped"]) == 2 * len(of_json)
    assert "(came back)" in cluster.ok("dead-letters", "list")


@pytest.mark.timeout(480)  # four times SETTLE_SECONDS, three times REPLAY_SECONDS, and the servers' start
async def test_a_flood_of_bad_records_stops_no_good_one_and_fills_no_memory(cluster: Cluster) -> None:
    """Thousands between two good articles, handled and then put back as a whole."""
    matcher = cluster.start("matcher")
    cluster.start("updater")
    await cluster.send_articles([Article.model_validate(article("urn:x:before"))])
    await cluster.settled(SETTLE_SECONDS)
    before_kb = peak_kb(matcher)

    def flood(count: int) -> Iterator[Sent]:
        return ((b"world", b'{"uri": 7, "headline": "%s%d"}' % (FLOOD_PAD, n), 0, ()) for n in range(count))

    await cluster.send(flood(100))
    await cluster.settled(SETTLE_SECONDS)
    small = replayed(cluster)
    await cluster.settled(SETTLE_SECONDS)
    await cluster.send(flood(FLOOD))
    await cluster.send_articles([Article.model_validate(article("urn:x:after", "quake"))])
    await cluster.settled(SETTLE_SECONDS)
    found = await cluster.audit({"urn:x:before", "urn:x:after"})
    assert found.clean and found.articles == found.stories == 2
    assert found.dead_letters == 100 + 100 + FLOOD
    assert peak_kb(matcher) - before_kb < SERVICE_GROWTH_KB

    whole = replayed(cluster)
    assert (small["replayed_count"], whole["replayed_count"], whole["skipped_count"]) == (100, FLOOD, 200)
    assert whole["peak"] - small["peak"] < REPLAY_GROWTH_KB
    assert replayed(cluster)["replayed_count"] == 0, "never twice by accident"


def peak_kb(service: Service) -> int:
    """The most memory that it had so far."""
    assert service.process is not None
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])


def replayed(cluster: Cluster) -> dict[str, int]:
    """Put all back; the counts, and `peak`: the most memory it took, in KB."""
    done = subprocess.run(
        [sys.executable, "-c", REPLAYING, "dead-letters", "replay", "--all", "--unchecked", "--json"],
        env=cluster.environment(), capture_output=True, text=True, timeout=REPLAY_SECONDS, check=True,
    )  # fmt: skip
    return {**json.loads(done.stdout.splitlines()[-1]), "peak": int(done.stderr.split()[-1])}
