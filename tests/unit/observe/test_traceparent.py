"""The header `traceparent`: W3C's own rules, and ids that never come from chance."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.observe.traceparent import Trace, begin, parse, span_id

# The example of W3C Trace Context.
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
GIVEN = f"00-{TRACE}-{PARENT}-01".encode()


def test_a_header_is_read_and_written_as_it_was() -> None:
    trace = parse(GIVEN)
    assert trace == Trace(TRACE, PARENT, 1)
    assert trace.header() == GIVEN


@pytest.mark.parametrize(
    "wrong",
    [
        None, b"", b"00-1", GIVEN.upper(), GIVEN + b"-more", b"ff" + GIVEN[2:], GIVEN.replace(b"0af7", b"0ag7"),
        f"00-{'0' * 32}-{PARENT}-01".encode(), f"00-{TRACE}-{'0' * 16}-01".encode(), b"\xff" * 55, GIVEN + b"\n",
    ],
)  # fmt: skip
def test_a_header_that_breaks_the_rules_is_none(wrong: bytes | None) -> None:
    assert parse(wrong) is None


def test_a_later_version_is_read_as_far_as_this_one_goes() -> None:
    assert parse(b"cc" + GIVEN[2:] + b"-what-the-future-holds") == Trace(TRACE, PARENT, 1)


def test_who_wants_no_sampling_keeps_that_wish() -> None:
    trace = parse(GIVEN[:-1] + b"0")
    assert trace is not None
    assert not trace.child("matcher", "id").sampled


@given(st.text(), st.text(), st.text())
def test_ids_follow_from_what_they_name_and_keep_the_rules(cause: str, stage: str, id: str) -> None:
    first = begin(cause).child(stage, id)
    assert first == begin(cause).child(stage, id)
    assert re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01", first.header())
    assert parse(first.header()) == first


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), min_size=2, max_size=20, unique=True))
def test_different_things_have_different_spans(named: list[tuple[str, str]]) -> None:
    assert len({span_id(TRACE, stage, id) for stage, id in named if "\n" not in stage + id}) == len(
        [1 for stage, id in named if "\n" not in stage + id]
    )
