"""Page, notifier and ingest show themselves to an operator as the stages do."""

import asyncio
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from storyline.infra.embedded import start_pair
from storyline.observe.catalogue import METRICS

from .harness import Cluster, Service

NAMES = ("page", "notifier", "ingest")
TRIGGERED = {"storyline_ingest_articles_total"}
"""There once a door took something in, which the last test sees to."""


def address(service: Service) -> str | None:
    found = re.search(r"http://([\d.]+:\d+)/metrics", service.said())
    return found[1] if found else None


def get(service: Service, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address(service)}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def samples(service: Service) -> dict[str, list[tuple[dict[str, str], float]]]:
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(get(service, "/metrics")[1]):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("folder")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Cluster]:
    pair = start_pair(tmp_path_factory.mktemp("pair"))
    ports = {"PAGE_PORT": "0", "INGEST_FOLDER": str(folder)}
    try:
        with Cluster(pair.kafka_bootstrap_servers, pair.redis_url, 2, METRICS_PORT="0", **ports) as cluster:
            cluster.ok("topics", "create")
            for name in NAMES:
                cluster.start(name)
            yield cluster
    finally:
        pair.stop()


def service(cluster: Cluster, name: str) -> Service:
    return next(each for each in cluster.services if each.name == name)


@pytest.mark.parametrize("name", NAMES)
async def test_it_becomes_ready_and_has_every_metric_of_the_catalogue(cluster: Cluster, name: str) -> None:
    one = service(cluster, name)
    await cluster.until(lambda: address(one), f"{name} listens", 120.0)
    await cluster.until(lambda: get(one, "/ready")[0] == 200, f"{name} is ready", 120.0)
    found = samples(one)
    for metric in METRICS:
        if name in metric.services and metric.name not in TRIGGERED:
            assert (f"{metric.name}_count" if metric.kind == "histogram" else metric.name) in found, metric.name
    assert get(one, "/live")[0] == get(one, "/progress")[0] == 200


async def test_the_notifier_says_which_partitions_it_owns(cluster: Cluster) -> None:
    notifier = service(cluster, "notifier")
    await cluster.until(lambda: address(notifier), "the notifier listens", 120.0)

    def owns_all() -> bool:
        answers = [json.loads(get(notifier, path)[1]) for path in ("/ready", "/progress")]
        return all(len(answer["owned"]) > 1 and answer["ok"] for answer in answers)

    await cluster.until(owns_all, "the notifier owns partitions", 120.0)


async def test_a_request_to_the_page_is_counted(cluster: Cluster) -> None:
    page = service(cluster, "page")
    await cluster.until(lambda: "page on http" in page.said(), "the page says where it is", 120.0)
    shown = re.search(r"page on (http://\S+)", page.said())
    assert shown is not None
    await asyncio.to_thread(lambda: urllib.request.urlopen(shown[1], timeout=10).read())
    requests = samples(page)["storyline_http_requests_total"]
    assert ({"kind": "page", "status": "2xx"}, 1.0) in requests


async def test_a_file_in_the_folder_is_counted_by_door_and_format(cluster: Cluster, folder: Path, sample: Path) -> None:
    ingest = service(cluster, "ingest")
    await cluster.until(lambda: address(ingest), "ingest listens", 120.0)
    (folder / "wire.jsonl").write_bytes(b"".join(sample.read_bytes().splitlines(keepends=True)[:3]))

    def counted() -> bool:
        found = samples(ingest).get("storyline_ingest_articles_total", [])
        return ({"door": "folder", "format": "article", "outcome": "published"}, 3.0) in found

    await cluster.until(counted, "three articles are counted")
