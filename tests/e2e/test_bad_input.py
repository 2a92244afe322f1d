"""Bad records among good ones, on real servers: each a dead letter byte for byte, and nothing else is held up."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from storyline.edges.ingest.outgoing import outgoing
from storyline_schemas import PartitionCounts, partition_of

from ..bad_records import Bad, bad_records
from .harness import Cluster, articles_of, read_topic

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]


async def test_bad_records_become_dead_letters_and_the_good_between_them_come_out(
    cluster: Cluster, sample: Path, sample_uris: set[str]
) -> None:
    bad = bad_records()
    cluster.start("matcher"), cluster.start("updater")
    await cluster.send(mixed(cluster, sample, bad))
    await cluster.settled()
    found = await cluster.audit(sample_uris)
    assert found.clean, found

    letters = await read_topic(cluster.kafka, "articles.dlq")
    assert sorted(map(as_sent, letters), key=repr) == sorted(
        ((one.key, one.value, one.headers) for one in bad), key=repr
    )
    fields = {as_sent(letter): said(letter, "field") for letter in letters}
    assert {one.name: fields[one.key, one.value, one.headers] for one in bad} == {one.name: one.field for one in bad}
    listed = cluster.ok("dead-letters", "list", "--json").splitlines()[-1]
    assert len(json.loads(listed)["dead_letters"]) == len(bad)
    assert {said(letter, "stage") for letter in letters} == {"matcher"}
    assert all(said(letter, "reason") for letter in letters)


def mixed(cluster: Cluster, sample: Path, bad: Sequence[Bad]) -> list[Any]:
    """The bad records with the sample's articles between them, in the form in which the harness sends."""
    counts = PartitionCounts(cluster.partitions, cluster.partitions)
    place = partition_of("world", cluster.partitions)
    good = [outgoing(one, counts) for one in articles_of(sample)]
    records: list[Any] = []
    for number, one in enumerate(bad):
        records.append((one.key, one.value, place, one.headers))
        if number % 3 == 0 and good:
            each = good.pop(0)
            records.append((each.key, each.value, each.partition, each.headers))
    return [*records, *((each.key, each.value, each.partition, each.headers) for each in good)]


def as_sent(letter: Any) -> tuple[bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]:
    """Key, value and headers as they were on `articles`."""
    headers = tuple((name, content) for name, content in letter.headers if not name.startswith("storyline-dlq-"))
    return letter.key, letter.value, headers


def said(letter: Any, name: str) -> str:
    return str(dict(letter.headers)[f"storyline-dlq-{name}"].decode())
