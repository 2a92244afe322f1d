"""What is no article becomes Invalid, naming the field and the fix; what is on the wrong partition is sent on."""

import json
from dataclasses import replace

import pytest

from storyline.errors import Invalid
from storyline.record import Record
from storyline.stages.events import command_output
from storyline.stages.matcher.decode import Forward, Message, decode
from storyline.stages.updater.decode import decode as decode_command
from storyline_schemas import partition_of
from tests.unit.story.stories import opened
from tests.wires import NOW_MS, article, as_record, record


def field_of(refused: pytest.ExceptionInfo[Invalid]) -> str:
    return refused.value.field


ARTICLE_PUBLISHED = b"storyline.article.published.v1"
BAD = {
    "no key": (record(article("a:1"), key=None), "key"),
    "null value": (record(None), "value"),
    "not UTF-8": (record(b'{"uri": "\xff"}'), "value"),
    "not JSON": (record(b"hello"), "value"),
    "half JSON": (record(b'{"uri": "a:1"'), "value"),
    "an array": (record(b"[]"), "value"),
    "nested too deeply": (record(b"[" * 100_000), "value"),
    "no uri": (record({"headline": "x"}), "uri"),
    "a uri with a space": (record(article("a 1")), "uri"),
    "no language": (record({k: v for k, v in article("a:1").items() if k != "language"}), "language"),
    "a headline that is a number": (record(article("a:1", headline=5)), "headline"),
    "script in the headline": (record(article("a:1", headline="<script>x</script>")), "headline"),
    "a body over the limit": (record(article("a:1", body="x" * 1_000_001)), "body"),
    "a time without zone": (record(article("a:1", version_created="2026-01-01T12:00:00")), "version_created"),
    "a status nobody knows": (record(article("a:1", pub_status="spiked")), "pub_status"),
    "no text at all": (record(article("a:1", headline="", body="")), "headline"),
    "a provider without name": (record(article("a:1", provider={})), "provider.name"),
    "a strange type": (
        record(article("a:1"), headers=[("ce_id", b"1"), ("ce_type", b"x.y"), ("ce_specversion", b"1.0")]), "ce_type"
    ),
    "a type without id": (record(article("a:1"), headers=[("ce_type", ARTICLE_PUBLISHED)]), "header ce_id"),
    "an endless id": (
        record(article("a:1"), headers=[("ce_id", b"1" * 501), ("ce_type", ARTICLE_PUBLISHED)]), "ce_id"
    ),
    "an embargo beyond retention": (record(article("a:1", embargoed_until="9999-01-01T00:00:00Z")), "embargoed_until"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_invalid_and_names_the_field(name: str) -> None:
    bad, field = BAD[name]
    with pytest.raises(Invalid) as refused:
        decode(bad, 4)
    assert field_of(refused) == field


def test_the_reason_never_quotes_the_text() -> None:
    with pytest.raises(Invalid) as refused:
        decode(record(article("a:1", headline="SECRET<script>")), 4)
    assert "SECRET" not in str(refused.value)


def test_without_a_space_an_article_is_in_world() -> None:
    message = decode(record(article("a:1")), 4)
    assert isinstance(message, Message) and message.arrival.space == "world"


def test_the_cause_is_the_events_id() -> None:
    headers = [("ce_id", b"e-1"), ("ce_type", ARTICLE_PUBLISHED), ("ce_specversion", b"1.0")]
    assert decode(record(article("a:1"), headers=headers), 4).arrival.cause == "e-1"


def test_without_an_id_the_cause_follows_from_uri_and_version() -> None:
    one, same, other = (decode(record(article("a:1", version=v)), 4).arrival.cause for v in ("1", "1", "2"))
    assert one == same != other


def test_a_time_in_the_future_is_the_records() -> None:
    assert decode(record(article("a:1", version_created="2090-01-01T00:00:00Z")), 4).arrival.at_ms == NOW_MS


def test_an_undated_article_has_no_time_for_matching() -> None:
    arrival = decode(record(article("a:1", version_created=None)), 4).arrival
    assert (arrival.at_ms, arrival.profile().time_ms) == (NOW_MS, None)


def test_a_structured_event_is_read() -> None:
    envelope = {
        "specversion": "1.0", "id": "e-1", "source": "/x", "type": "storyline.article.published.v1",
        "data": article("a:1"),
    }  # fmt: skip
    headers = [("content-type", b"application/cloudevents+json")]
    assert decode(record(json.dumps(envelope).encode(), headers=headers), 4).arrival.uri == "a:1"


def test_a_record_on_the_wrong_partition_goes_to_the_right_one_byte_for_byte() -> None:
    wrong = record(article("a:1"), partition=(partition_of("world", 4) + 1) % 4, headers=[("traceparent", b"00-1")])
    forward = decode(wrong, 4)
    assert isinstance(forward, Forward)
    output = forward.output
    assert (output.partition, output.key, output.value) == (partition_of("world", 4), wrong.key, wrong.value)
    assert output.headers == (("traceparent", b"00-1"), ("storyline-forwarded", b"1"))


def test_a_record_that_is_wrong_again_is_invalid() -> None:
    wrong = (partition_of("world", 4) + 1) % 4
    with pytest.raises(Invalid) as refused:
        decode(record(article("a:1"), partition=wrong, headers=[("storyline-forwarded", b"1")]), 4)
    assert field_of(refused) == "partition"


def command() -> Record:
    return as_record(command_output(opened(), "/test", 4), 0)


def test_a_command_comes_back_from_its_record() -> None:
    assert decode_command(command(), 4).command == opened()


def test_a_command_with_another_key_than_its_story_is_invalid() -> None:
    with pytest.raises(Invalid) as refused:
        decode_command(replace(command(), key=b"other"), 4)
    assert field_of(refused) == "key"


def test_a_command_nobody_knows_is_invalid() -> None:
    with pytest.raises(Invalid):
        decode_command(replace(command(), value=b'{"type": "explode"}'), 4)
