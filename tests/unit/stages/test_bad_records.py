"""Every record that can't be used is refused when it is decoded, and the reason names the field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.errors import Invalid
from storyline.record import Record
from storyline.stages.matcher.decode import decode
from storyline_schemas import partition_of

from ...bad_records import GOOD, KEY, Bad, article, bad_records

PARTITIONS = 4
NOW_MS = 1_741_100_000_000
BAD = bad_records()


def record(bad: Bad) -> Record:
    partition = partition_of("world", PARTITIONS)
    return Record("articles", partition, 7, NOW_MS, bad.key, bad.value, bad.headers)


def test_there_are_at_least_two_hundred_each_with_a_name_of_its_own() -> None:
    assert len(BAD) >= 200
    assert len({bad.name for bad in BAD}) == len(BAD)


def test_the_article_they_are_made_from_is_good() -> None:
    assert decode(record(Bad("good", "", article())), PARTITIONS)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_record_is_refused_by_the_field_that_is_wrong(bad: Bad) -> None:
    with pytest.raises(Invalid) as refused:
        decode(record(bad), PARTITIONS)
    assert refused.value.field == bad.field


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_reason_is_short_and_says_something(bad: Bad) -> None:
    with pytest.raises(Invalid) as refused:
        decode(record(bad), PARTITIONS)
    said = str(refused.value).removeprefix(f"{bad.field}: ")
    assert 5 < len(said) < 500


@given(st.binary(max_size=300), st.none() | st.binary(max_size=20))
def test_no_bytes_whatever_break_the_decoding(value: bytes, key: bytes | None) -> None:
    with pytest.raises(Invalid) as refused:
        decode(record(Bad("any", "", value, key)), PARTITIONS)
    assert refused.value.field


@given(st.data())
def test_a_good_article_with_some_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    value = bytearray(article())
    for _ in range(data.draw(st.integers(1, 4))):
        value[data.draw(st.integers(0, len(value) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(record(Bad("changed", "", bytes(value), KEY)), PARTITIONS)
    except Invalid as refused:
        assert refused.field


@given(st.sampled_from(sorted(GOOD)), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5,
))  # fmt: skip
def test_any_json_in_a_field_is_read_or_refused(name: str, content: object) -> None:
    try:
        decode(record(Bad("any", "", article(**{name: content}))), PARTITIONS)
    except Invalid as refused:
        assert refused.field
