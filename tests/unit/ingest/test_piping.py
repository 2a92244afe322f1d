"""Standard input: what is there is taken, what isn't is waited for."""

import asyncio
import io
import json
import os
import subprocess
import sys
import tempfile

from aiokafka import AIOKafkaConsumer
from hypothesis import given
from hypothesis import strategies as st

from storyline.edges.ingest.piping import Pipe
from storyline.edges.ingest.readers import Refusal, read
from storyline.edges.ingest.reading import AUTO
from storyline_schemas import Article
from tests.servers import EmbeddedKafka

LINE = {
    "uri": "urn:example:1", "headline": "Bridge closed", "version_created": "2026-01-02T03:04:05Z",
    "provider": {"name": "Example Wire"}, "language": "en",
}  # fmt: skip


def test_a_line_is_there_before_the_writer_ends() -> None:
    reading, writing = os.pipe()
    pipe = Pipe(reading)
    assert pipe.idle
    os.write(writing, b"one\ntwo\nhal")
    assert not pipe.idle
    assert (pipe.readline(), pipe.readline()) == (b"one\n", b"two\n")
    assert pipe.idle
    os.write(writing, b"f")
    os.close(writing)
    assert pipe.readline() == b"half"
    assert (pipe.readline(), pipe.idle) == (b"", False)
    os.close(reading)


@given(st.binary(max_size=300), st.integers(1, 50))
def test_it_gives_what_a_file_gives(content: bytes, limit: int) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        pipe = Pipe(file.fileno())
        same = io.BytesIO(content)
        while expected := same.readline(limit):
            assert pipe.readline(limit) == expected
        assert pipe.readline(limit) == pipe.read() == b""


def test_what_is_piped_in_is_published_line_by_line(embedded_kafka: EmbeddedKafka) -> None:
    address = embedded_kafka.address
    environment = {**os.environ, "STORYLINE_KAFKA_BOOTSTRAP_SERVERS": address}
    subprocess.run(
        [sys.executable, "-m", "storyline", "topics", "create"], env=environment, check=True, capture_output=True
    )
    ingest = subprocess.Popen(
        [sys.executable, "-m", "storyline", "ingest", "-"], env=environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert ingest.stdin is not None
        ingest.stdin.write(json.dumps(LINE).encode() + b"\n")
        ingest.stdin.flush()
        assert arrived(address) == LINE["uri"], "while standard input is still open"
    finally:
        ingest.communicate(timeout=30)
    assert ingest.returncode == 0


def arrived(address: str) -> str:
    """The uri of the first record on `articles`; waits for it."""

    async def first() -> str:
        async with AIOKafkaConsumer("articles", bootstrap_servers=address, auto_offset_reset="earliest") as consumer:
            async with asyncio.timeout(60):
                return Article.model_validate_json((await consumer.getone()).value).uri

    return asyncio.run(first())


def test_what_is_no_object_in_a_list_is_refused_by_its_place() -> None:
    results = list(read(json.dumps([1, LINE, "x", None]).encode(), format=AUTO))
    assert [one.uri for one in results if isinstance(one, Article)] == ["urn:example:1"]
    assert [(one.field, one.reason) for one in results if isinstance(one, Refusal)] == [
        (f"item {place}", "of the list is not a JSON object") for place in (1, 3, 4)
    ]
