"""Lines of a file become articles or refusals that name line and field."""

import asyncio
import io
import json
from typing import Any

import pytest

from storyline.edges.ingest.outgoing import outgoing
from storyline.edges.ingest.reading import Read, Refused, read_file
from storyline.edges.ingest.sending import Nowhere, Publishing
from storyline.errors import Transient
from storyline.record import Output
from storyline_schemas import Article, PartitionCounts, partition_of
from storyline_schemas.events import read_event

ARTICLE = {
    "uri": "urn:example:1", "headline": "Bridge closed", "version_created": "2026-01-02T03:04:05Z",
    "provider": {"name": "Example Wire"}, "language": "en",
}  # fmt: skip
LABELLED = {"id": "a-1", "title": "Bridge closed", "body": "It is.", "published_at": None, "lang": "en", "source": "X"}


def line(value: Any) -> bytes:
    return json.dumps(value).encode() + b"\n"


def read(content: bytes, form: str = "auto", limit: int = 10_000) -> list[Read | Refused]:
    return list(read_file(io.BytesIO(content), form, limit))


def test_both_formats_are_recognised_by_content() -> None:
    first, second = read(line(ARTICLE) + line(LABELLED))
    assert isinstance(first, Read) and first.article.uri == "urn:example:1"
    assert isinstance(second, Read) and second.article.headline == "Bridge closed"


def test_an_undated_labelled_row_has_no_time() -> None:
    (only,) = read(line(LABELLED))
    assert isinstance(only, Read) and only.article.version_created is None


def test_blank_lines_are_skipped_and_still_counted_as_lines() -> None:
    (only,) = read(b"\n  \n" + line(ARTICLE))
    assert only.line == 3


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"{not json\n", "json"),
        (b"[1, 2]\n", "document"),
        (b"[" * 100_000 + b"\n", "json"),
        (line({**ARTICLE, "headline": 7}), "headline"),
        (line({key: value for key, value in ARTICLE.items() if key != "provider"}), "provider"),
        (line({**ARTICLE, "provider": {}}), "provider.name"),
        (line({**ARTICLE, "version_created": "yesterday"}), "version_created"),
        (line({**LABELLED, "id": None}), "id"),
    ],
)
def test_a_bad_line_is_refused_by_its_field_and_the_next_is_read(content: bytes, field: str) -> None:
    refused, good = read(content + line(ARTICLE), limit=1_000_000)
    assert isinstance(refused, Refused) and (refused.line, refused.field) == (1, field)
    assert isinstance(good, Read)


def test_a_line_over_the_limit_is_refused_without_being_held() -> None:
    refused, good = read(line({**ARTICLE, "body": "x" * 5_000}) + line(ARTICLE), limit=1_000)
    assert isinstance(refused, Refused) and len(refused.content) <= 1_001
    assert isinstance(good, Read) and good.line == 2


def test_a_last_line_without_a_line_break_is_read() -> None:
    assert isinstance(read(line(ARTICLE).rstrip())[0], Read)


def test_the_same_version_is_sent_as_the_same_bytes() -> None:
    article = Article.model_validate(ARTICLE, strict=False)
    assert outgoing(article, PartitionCounts()) == outgoing(article, PartitionCounts())


def test_an_article_is_keyed_and_placed_by_its_space() -> None:
    article = Article.model_validate({**ARTICLE, "space": "sport"}, strict=False)
    output = outgoing(article, PartitionCounts(articles=4))
    assert (output.key, output.partition) == (b"sport", partition_of("sport", 4))


def test_what_is_sent_is_read_back_as_the_same_article() -> None:
    article = Article.model_validate({**ARTICLE, "version_created": None}, strict=False)
    output = outgoing(article, PartitionCounts())
    assert Article.model_validate_json(read_event(output.value, output.headers).data) == article


class Collecting:
    def __init__(self) -> None:
        self.batches: list[list[Output]] = []

    async def send(self, outputs: Any) -> None:
        self.batches.append(list(outputs))


async def test_the_next_lines_are_read_only_when_these_are_confirmed() -> None:
    sender, refused = Collecting(), []
    content = b"".join(line({**ARTICLE, "uri": f"urn:example:{n}"}) for n in range(5)) + b"bad\n"
    publishing = Publishing(sender, PartitionCounts(), 2)
    async for tally in publishing.publish(read_file(io.BytesIO(content), "auto", 10_000), refused.append):
        assert tally.published == sum(map(len, sender.batches))
    assert [len(batch) for batch in sender.batches] == [2, 2, 1]
    assert (publishing.tally.read, publishing.tally.published, publishing.tally.refused) == (6, 5, 1)
    assert refused[0].line == 6


async def test_others_have_their_turn_while_much_is_read() -> None:
    turns, content = [0], b"".join(line({**ARTICLE, "uri": f"urn:example:{n}"}) for n in range(400))

    async def other() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    asked = asyncio.create_task(other())
    read_all = read_file(io.BytesIO(content), "auto", 10_000)
    async for _ in Publishing(Nowhere(), PartitionCounts(), 1_000).publish(read_all, lambda refused: None):
        pass
    asked.cancel()
    assert turns[0] >= 10


async def test_a_version_that_was_published_is_counted_as_repeated_and_not_sent_again() -> None:
    sender = Collecting()
    publishing = Publishing(sender, PartitionCounts(), 100)
    lines = [Read(n, Article.model_validate({**ARTICLE, "version": version})) for n, version in enumerate("1211")]
    async for _ in publishing.publish(lines, lambda refused: None):
        pass
    assert [len(batch) for batch in sender.batches] == [2]
    assert (publishing.tally.published, publishing.tally.repeated) == (2, 2)


class FailingOnce(Collecting):
    async def send(self, outputs: Any) -> None:
        if not self.batches:
            self.batches.append([])
            raise Transient("away")
        await super().send(outputs)


async def test_what_was_not_confirmed_is_sent_when_it_comes_again() -> None:
    sender = FailingOnce()
    publishing = Publishing(sender, PartitionCounts(), 100)
    lines = [Read(1, Article.model_validate(ARTICLE))]
    with pytest.raises(Transient):
        await anext(publishing.publish(lines, lambda refused: None))
    await anext(publishing.publish(lines, lambda refused: None))
    assert [len(batch) for batch in sender.batches] == [0, 1]
    assert (publishing.tally.published, publishing.tally.repeated) == (1, 0)


PRETTY = json.dumps({**ARTICLE, "body": "One.\n\nTwo."}, indent=2).encode()


@pytest.mark.parametrize("content", [PRETTY, b"\n\n" + PRETTY, b"[" + PRETTY + b"]", b"\xef\xbb\xbf" + PRETTY])
def test_json_over_several_lines_is_one_document(content: bytes) -> None:
    (only,) = read_file(io.BytesIO(content), "auto", 10_000)
    assert isinstance(only, Read) and only.article.uri == "urn:example:1"


def test_a_list_with_an_object_a_line_is_one_document() -> None:
    content = b"[\n" + line(ARTICLE).strip() + b",\n" + line({**ARTICLE, "uri": "urn:example:2"}) + b"]\n"
    first, second = read_file(io.BytesIO(content), "auto", 10_000)
    assert isinstance(first, Read) and isinstance(second, Read) and second.article.uri == "urn:example:2"


def test_lines_of_several_formats_may_stand_in_one_file() -> None:
    ninjs = {"uri": "tag:example", "type": "text", "headline": "Bridge", "versioncreated": "2026-01-02T03:04:05Z"}
    found = list(read_file(io.BytesIO(line(ARTICLE) + line(ninjs) + line(LABELLED)), "auto", 10_000))
    assert [one.format for one in found] == ["article", "ninjs", "labelled"]


def test_lines_of_our_contract_alone_take_no_other_format() -> None:
    first, second = read_file(io.BytesIO(line(ARTICLE) + line(LABELLED)), "jsonl", 10_000)
    assert isinstance(first, Read) and isinstance(second, Refused) and second.line == 2


def test_a_document_over_the_limit_is_refused_and_not_held() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            buffer[:] = b"<x>\n" * (len(buffer) // 4) + b" " * (len(buffer) % 4)
            self.taken += len(buffer)
            return len(buffer)

    endless = Endless()
    (only,) = read_file(io.BufferedReader(endless), "auto", 10_000)
    assert isinstance(only, Refused) and "larger than 16 MB" in only.reason and len(only.content) <= 64 * 1024
    assert endless.taken < 40_000_000


def test_long_blank_lines_before_anything_else_are_not_held() -> None:
    class Blank(io.RawIOBase):
        taken = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            buffer[:] = b" " * (len(buffer) - 1) + b"\n"
            self.taken += len(buffer)
            return len(buffer)

    blank = Blank()
    (refused,) = read_file(io.BufferedReader(blank, 100_000), "auto", 100_000)
    assert isinstance(refused, Refused) and len(refused.content) <= 64 * 1024
    assert blank.taken < 20_000_000


def test_a_file_that_is_empty_is_refused_by_name() -> None:
    (only,) = read_file(io.BytesIO(b""), "auto", 10_000)
    assert isinstance(only, Refused) and only.reason == "is empty"


def test_a_line_that_says_too_little_is_taken_for_what_the_lines_before_it_were() -> None:
    smallest = (
        b'{"uri": "urn:example:1", "headline": "A", "version_created": null,'
        b' "provider": {"name": "Example Wire"}, "language": "en"}\n'
    )
    first, second = read_file(io.BytesIO(smallest + b'{"uri": "urn:example:2", "headline": 7}\n'), "auto", 1_000)
    assert isinstance(first, Read)
    assert isinstance(second, Refused)
    assert (second.line, second.field) == (2, "headline")
