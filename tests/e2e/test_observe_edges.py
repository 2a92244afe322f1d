"""Page, notifier and ingest show themselves to an operator as the stages do."""

import asyncio
import json
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from storyline.infra.embedded import EmbeddedPair, start_pair
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
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPair]:
    pair = start_pair(tmp_path_factory.mktemp("pair"))
    try:
        yield pair
    finally:
        pair.stop()


@pytest.fixture(scope="module")
def cluster(pair: EmbeddedPair, folder: Path) -> Iterator[Cluster]:
    ports = {"PAGE_PORT": "0", "INGEST_FOLDER": str(folder)}
    with Cluster(pair.kafka_bootstrap_servers, pair.redis_url, 2, METRICS_PORT="0", **ports) as cluster:
        cluster.ok("topics", "create")
        for name in NAMES:
            cluster.start(name)
        yield cluster


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


@pytest.mark.parametrize(("server", "names"), [("redis", ("page", "notifier")), ("kafka", NAMES)])
async def test_one_with_nothing_to_do_logs_once_that_a_server_is_away_and_once_that_it_is_back(
    cluster: Cluster, pair: EmbeddedPair, server: str, names: tuple[str, ...]
) -> None:
    without_port = cluster.start("page", METRICS_PORT="")
    told = [without_port, *(service(cluster, name) for name in names)]
    await cluster.until(lambda: "ready: " in without_port.said(), "the page without a port has begun")

    async def said_by_all(words: str) -> None:
        await cluster.until(lambda: all(words in each.said() for each in told), f"all say: {words}", 60.0)

    stopped = getattr(pair, server).process
    stopped.send_signal(signal.SIGSTOP)
    try:
        await said_by_all(f"{server} does not answer: ")
    finally:
        stopped.send_signal(signal.SIGCONT)
    await said_by_all(f"{server} answers again, after ")
    assert {each.said().count(f"{server} does not answer: ") for each in told} == {1}
