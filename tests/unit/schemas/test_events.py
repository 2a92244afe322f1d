"""CloudEvents: read in three ways, written in one; the reference package is the second reader."""

import base64
import json
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from storyline_schemas import StoryUpdate
from storyline_schemas.events import ARTICLE_PUBLISHED, STRUCTURED, BadEvent, read_event, update_headers

from .shared import ARTICLE, SCHEMAS, article_bytes
from .strategies import updates

BINARY = (
    ("content-type", b"application/json"),
    ("ce_specversion", b"1.0"),
    ("ce_id", b"e-1"),
    ("ce_source", b"/example"),
    ("ce_type", ARTICLE_PUBLISHED.encode()),
)
STRUCTURED_HEADERS = (("content-type", STRUCTURED.encode()),)


def envelope(**changes: Any) -> bytes:
    whole = {"specversion": "1.0", "id": "e-1", "source": "/x", "type": ARTICLE_PUBLISHED, "data": ARTICLE} | changes
    return json.dumps({name: content for name, content in whole.items() if content is not ...}).encode()


def refused_field(value: bytes | None, headers: tuple[tuple[str, bytes], ...] = ()) -> str:
    with pytest.raises(BadEvent) as refused:
        read_event(value, headers)
    return refused.value.field


def test_bare_json_is_taken_as_it_is() -> None:
    event = read_event(article_bytes(), ())
    assert (event.data, event.id, event.type) == (article_bytes(), None, None)


def test_a_binary_event_gives_its_attributes_and_its_value() -> None:
    event = read_event(article_bytes(), BINARY)
    assert (event.data, event.id, event.type) == (article_bytes(), "e-1", ARTICLE_PUBLISHED)


def test_header_names_are_read_without_their_case() -> None:
    assert read_event(b"{}", [(name.upper(), content) for name, content in BINARY]).id == "e-1"


def test_a_structured_event_gives_its_data() -> None:
    event = read_event(envelope(), (("content-type", b"Application/CloudEvents+JSON; charset=utf-8"),))
    assert (json.loads(event.data), event.id, event.type) == (ARTICLE, "e-1", ARTICLE_PUBLISHED)


def test_structured_data_may_be_base64() -> None:
    packed = base64.b64encode(article_bytes()).decode()
    assert read_event(envelope(data=..., data_base64=packed), STRUCTURED_HEADERS).data == article_bytes()


def test_half_a_surrogate_in_structured_data_is_left_to_the_contract() -> None:
    event = read_event(envelope(data={"headline": "\ud800"}), STRUCTURED_HEADERS)
    assert event.data == b'{"headline": "\\ud800"}'


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (b"not json", "value"),
        (b"[]", "value"),
        (b"\xff", "value"),
        (b'{"id": NaN}', "value"),
        (b"[" * 100_000, "value"),
        (envelope(id=...), "id"),
        (envelope(id=None), "id"),
        (envelope(id=5), "id"),
        (envelope(type=""), "type"),
        (envelope(specversion="0.3"), "specversion"),
        (envelope(specversion=...), "specversion"),
        (envelope(data=...), "data"),
        (envelope(data_base64="%%%"), "data_base64"),
        (envelope(data_base64=7), "data_base64"),
    ],
)
def test_a_broken_envelope_is_refused_and_the_field_named(value: bytes, field: str) -> None:
    assert refused_field(value, STRUCTURED_HEADERS) == field


@pytest.mark.parametrize(("without", "field"), [("ce_id", "header ce_id"), ("ce_type", "header ce_type")])
def test_a_binary_event_without_a_required_header_is_refused(without: str, field: str) -> None:
    assert refused_field(b"{}", tuple(header for header in BINARY if header[0] != without)) == field


def test_another_version_of_cloudevents_is_refused() -> None:
    headers = tuple((name, b"0.3" if name == "ce_specversion" else content) for name, content in BINARY)
    assert refused_field(b"{}", headers) == "header ce_specversion"


def test_a_header_that_is_no_utf8_is_named() -> None:
    assert refused_field(b"{}", (("ce_id", b"\xff"),)) == "header ce_id"


@pytest.mark.parametrize("form", [b"application/cloudevents+avro", b"application/cloudevents-batch+json"])
def test_other_structured_forms_are_refused_by_name(form: bytes) -> None:
    assert refused_field(b"{}", (("content-type", form),)) == "header content-type"


def test_a_record_without_value_is_refused() -> None:
    assert refused_field(None) == "value"


@given(
    st.binary(max_size=200),
    st.lists(st.tuples(st.sampled_from(["ce_id", "ce_type", "content-type"]), st.binary(max_size=40))),
)
def test_no_record_breaks_the_reader(value: bytes, headers: list[tuple[str, bytes]]) -> None:
    try:
        read_event(value, headers)
    except BadEvent as refused:
        assert refused.field


@given(st.binary(max_size=200))
def test_no_structured_record_breaks_the_reader(value: bytes) -> None:
    try:
        read_event(value, STRUCTURED_HEADERS)
    except BadEvent as refused:
        assert refused.field


@pytest.mark.parametrize("write", [to_binary_event, to_structured_event])
def test_what_the_cloudevents_package_writes_is_read(write: Any) -> None:
    message = write(CloudEvent({"id": "e-9", "source": "/x", "type": ARTICLE_PUBLISHED, "specversion": "1.0",
                                "datacontenttype": "application/json"}, dict(ARTICLE)))  # fmt: skip
    event = read_event(message.value, tuple(message.headers.items()))
    assert (event.id, event.type, json.loads(event.data)) == ("e-9", ARTICLE_PUBLISHED, ARTICLE)


@given(updates)
def test_the_cloudevents_package_reads_every_update(update: StoryUpdate) -> None:
    message = KafkaMessage(dict(update_headers(update)), update.subject, update.to_json())
    event = from_kafka_event(message)
    assert event.get_type() == "storyline.story.updated.v1"
    assert event.get_subject() == update.story.id
    assert event.get_extension("sequence") == f"{update.story.version:010d}"
    assert event.get_data() == json.loads(update.to_json())


@given(updates)
def test_an_updates_headers_are_read_by_our_own_reader(update: StoryUpdate) -> None:
    event = read_event(update.to_json(), update_headers(update))
    assert StoryUpdate.model_validate_json(event.data) == update


@given(updates)
def test_a_repeat_of_an_update_is_byte_identical(update: StoryUpdate) -> None:
    again = StoryUpdate.model_validate_json(update.to_json())
    assert (again.to_json(), update_headers(again)) == (update.to_json(), update_headers(update))


@pytest.mark.parametrize("path", sorted((SCHEMAS / "examples").glob("*.headers.json")), ids=lambda path: path.name)
def test_the_cloudevents_package_reads_every_example(path: Any) -> None:
    headers = {name: content.encode() for name, content in json.loads(path.read_bytes()).items()}
    value = path.with_name(path.name.replace(".headers", "")).read_bytes()
    event = from_kafka_event(KafkaMessage(headers, None, value))
    assert event.get_type().startswith("storyline.")
    assert event.get_data()
