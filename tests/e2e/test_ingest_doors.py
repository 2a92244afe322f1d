"""`storyline run ingest` on Apache Kafka: each door, one service; and the command's own exit codes."""

import json
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from ..servers import free_port
from .harness import Cluster, read_topic

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]

TOKEN = "invented-token"
RSS = b"""<rss><channel><title>Example</title><language>en</language><item><guid>urn:feed:1</guid>
<title>Bridge closed</title><pubDate>Fri, 02 Jan 2026 03:04:00 GMT</pubDate></item></channel></rss>"""


def article(uri: str) -> bytes:
    value = {
        "uri": uri, "headline": "Bridge closed", "version_created": "2026-01-02T03:04:05Z",
        "provider": {"name": "Example Wire"}, "language": "en",
    }  # fmt: skip
    return json.dumps(value).encode()


class _Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(RSS)

    def log_message(self, format: str, *arguments: object) -> None:
        return


@pytest.fixture
def feed() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Feed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/feed"
        server.shutdown()


def push(port: int, body: bytes, token: str = TOKEN) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/articles", body, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        return answer.code


async def test_every_door_puts_its_articles_on_the_topic(cluster: Cluster, feed: str, tmp_path: Path) -> None:
    kafka, port = cluster.kafka, free_port()
    (tmp_path / "drop").mkdir()
    (tmp_path / "feeds").write_text(feed + "\n")
    ninjs = {"uri": "urn:topic:1", "type": "text", "headline": "Bridge", "versioncreated": "2026-01-02T03:04:05Z"}
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic("wire.ninjs", 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        await producer.send_and_wait("wire.ninjs", json.dumps(ninjs).encode())
        await producer.send_and_wait("wire.ninjs", b"{bad")
    service = cluster.start(
        "ingest", ingest_token=TOKEN, ingest_port=str(port), ingest_topics="wire.ninjs=ninjs",
        ingest_folder=str(tmp_path / "drop"), ingest_folder_settle_seconds="0.2",
        ingest_feeds=str(tmp_path / "feeds"),
    )  # fmt: skip
    (tmp_path / "drop" / "a.json").write_bytes(article("urn:folder:1"))
    deadline, pushed = time.monotonic() + 60, 0
    while pushed != 202 and time.monotonic() < deadline and service.running:
        try:
            pushed = push(port, article("urn:http:1"))
        except OSError:
            time.sleep(0.1)
    assert pushed == 202, service.said()
    assert push(port, article("urn:http:2"), "wrong") == 401
    expected = {"urn:http:1", "urn:folder:1", "urn:feed:1", "urn:topic:1"}
    found: set[str] = set()
    while found != expected and time.monotonic() < deadline and service.running:
        found = {json.loads(record.value)["uri"] for record in await read_topic(kafka, "articles")}
    assert found == expected, service.said()
    (letter,) = await read_topic(kafka, "articles.dlq")
    assert letter.value == b"{bad"
    service.signal(signal.SIGTERM)
    assert service.wait() == 0, service.said()
    assert TOKEN not in service.said()


def test_the_command_says_what_is_refused_and_ends_with_one(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_bytes(article("urn:file:1"))
    done = cluster.cli("ingest", str(tmp_path), "--json")
    assert done.returncode == 0 and json.loads(done.stdout.splitlines()[-1])["published"] == 1
    (tmp_path / "bad.json").write_bytes(b"{bad")
    done = cluster.cli("ingest", str(tmp_path), "--refused", str(tmp_path / "kept"))
    assert done.returncode == 1 and "is not JSON" in done.stdout and "Traceback" not in done.stderr


def test_without_a_door_it_names_the_settings(cluster: Cluster) -> None:
    done = cluster.cli("run", "ingest")
    assert done.returncode == 1 and "STORYLINE_INGEST_TOKEN" in done.stderr and "Traceback" not in done.stderr


def test_a_topic_to_read_that_is_not_there_is_named(cluster: Cluster) -> None:
    service = cluster.start("ingest", ingest_topics="nosuch.wire=ninjs")
    assert service.wait() == 1
    assert "topic nosuch.wire is missing" in service.said() and "STORYLINE_INGEST_TOPICS" in service.said()
