"""The table that `ingest` ends with."""

import io
import json
import logging

import pytest

from storyline.edges.ingest.readers.base import NAMES_MAX, OTHERS, Ignored
from storyline.edges.ingest.reading import AUTO, read_file
from storyline.edges.ingest.tally import Counts, Tally
from tests.wires import article


def test_a_check_publishes_nothing_and_its_table_says_usable() -> None:
    tally = Tally({"json": Counts(read=3, published=2, refused=1)})
    published, checked = list(tally.table()), list(tally.table(checked_only=True))
    assert published[0].split() == ["format", "read", "published", "repeated", "refused"]
    assert checked[0].split() == ["format", "read", "usable", "repeated", "refused"]
    assert checked[1:] == published[1:]
    assert tally.report()["published"] == 2


def test_unknown_fields_are_counted_by_name_and_each_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    tally = Tally()
    lines = [{**article(f"urn:x:{n}"), "desk": "sport", **({"mood": 1} if n else {})} for n in range(3)]
    file = io.BytesIO("\n".join(map(json.dumps, lines)).encode())
    with caplog.at_level(logging.INFO, "storyline.ingest"):
        assert len(list(read_file(file, AUTO, 100_000, ignored=tally.ignored))) == 3
    assert tally.report()["ignored_fields"] == {"desk": 3, "mood": 2}
    assert list(tally.table())[-3:] == ["unknown fields, ignored", "        3  'desk'", "        2  'mood'"]
    assert [each.getMessage() for each in caplog.records] == [
        f"articles have a field {name!r}, which is unknown and ignored" for name in ("desk", "mood")
    ]


def test_however_many_names_there_are_few_are_kept() -> None:
    ignored = Ignored()
    ignored.note("x" * 1_000 + str(n) for n in range(2))
    ignored.note(map(str, range(10 * NAMES_MAX)))
    assert len(ignored.counts) == NAMES_MAX + 1 and ignored.counts[OTHERS] == 9 * NAMES_MAX + 1
    assert max(map(len, ignored.counts)) == 60
