"""CloudEvents 1.0 on Kafka: binary out; binary, structured and bare JSON in.

Rules: CloudEvents "Kafka Protocol Binding" 1.0.2 (binary: attributes as `ce_` headers, the value alone as data;
structured: content type `application/cloudevents+json`).
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .base import format_time
from .canonical import event_id
from .update import StoryUpdate

ARTICLE_PUBLISHED = "storyline.article.published.v1"
STORY_EDIT = "storyline.story.edit.v1"
STORY_COMMAND = "storyline.story.command.v1"
STORY_UPDATED = "storyline.story.updated.v1"
STORY_STATE = "storyline.story.state.v1"
STORY_PART = "storyline.story.part.v1"

STRUCTURED = "application/cloudevents+json"
JSON = "application/json"

Headers = tuple[tuple[str, bytes], ...]


class BadEvent(ValueError):
    """The record is no event we can read; `field` names where, `said` what to send instead."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.said = message


@dataclass(frozen=True, slots=True)
class Event:
    """An event taken off a record: its attributes (`id` and `type` may be missing on bare JSON) and its data."""

    data: bytes
    attributes: Mapping[str, str]

    @property
    def id(self) -> str | None:
        return self.attributes.get("id")

    @property
    def type(self) -> str | None:
        return self.attributes.get("type")


def read_event(value: bytes | None, headers: Iterable[tuple[str, bytes]]) -> Event:
    """Take the event off a record. Raises BadEvent."""
    if value is None:
        raise BadEvent("value", "is null; send the article as JSON")
    named = {name.lower(): content for name, content in headers}
    attributes = {name[3:]: _text(name, content) for name, content in named.items() if name.startswith("ce_")}
    content_type = _text("content-type", named.get("content-type", b"")).split(";")[0].strip().lower()
    if content_type == STRUCTURED:
        return _structured(value)
    if content_type.startswith("application/cloudevents"):
        raise BadEvent("header content-type", f"is {content_type}; of structured events only {STRUCTURED} is read")
    if attributes:
        _check_attributes(attributes)
    return Event(value, attributes)


def binary_headers(
    event_type: str, id: str, subject: str, time: datetime | None, source: str, **extensions: str
) -> Headers:
    """The headers of a binary-mode event with a JSON value; an unknown time is left out, as CloudEvents allows."""
    attributes = {
        "specversion": "1.0", "id": id, "source": source, "type": event_type, "subject": subject,
        **({} if time is None else {"time": format_time(time)}), **extensions,
    }  # fmt: skip
    return (("content-type", JSON.encode()), *((f"ce_{name}", text.encode()) for name, text in attributes.items()))


def update_headers(update: StoryUpdate) -> Headers:
    """The headers of `storyline.story.updated.v1`: id and sequence follow from story and version."""
    story = update.story
    return binary_headers(
        STORY_UPDATED, event_id(STORY_UPDATED, story.id, story.version), story.id, story.updated_at,
        "/storyline/updater", sequence=f"{story.version:010d}",
    )  # fmt: skip


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise BadEvent(f"header {name}", "is not UTF-8") from None


def _check_attributes(attributes: Mapping[str, str]) -> None:
    for required in ("id", "type"):
        if not attributes.get(required):
            raise BadEvent(f"header ce_{required}", "is missing; send all of ce_specversion, ce_id, ce_source, ce_type")
    if attributes.get("specversion", "1.0") != "1.0":
        raise BadEvent("header ce_specversion", f"is {attributes['specversion']!r}; send 1.0")


def _structured(value: bytes) -> Event:
    envelope = _envelope(value)
    attributes = {
        name: content if isinstance(content, str) else json.dumps(content)
        for name, content in envelope.items()
        if name not in ("data", "data_base64") and content is not None
    }
    for required in ("id", "type"):
        if not isinstance(envelope.get(required), str) or not envelope[required]:
            raise BadEvent(required, "is missing in the CloudEvents envelope, or is no text")
    if attributes.get("specversion") != "1.0":
        raise BadEvent("specversion", "is not 1.0")
    return Event(_structured_data(envelope), attributes)


def _structured_data(envelope: Mapping[str, Any]) -> bytes:
    if "data_base64" in envelope:
        try:
            return base64.b64decode(envelope["data_base64"], validate=True)
        except (TypeError, ValueError):
            raise BadEvent("data_base64", "is not base64") from None
    if "data" not in envelope:
        raise BadEvent("data", "is missing in the CloudEvents envelope")
    try:
        # Escaped, so that half a surrogate pair reaches the contract, which refuses it by its field's name.
        return json.dumps(envelope["data"]).encode()
    except RecursionError:
        raise BadEvent("data", "is nested too deeply") from None


def _unreadable(literal: str) -> None:
    raise ValueError(f"{literal} is not JSON")


def _envelope(value: bytes) -> dict[str, Any]:
    try:
        envelope = json.loads(value.decode(), parse_constant=_unreadable)
    except UnicodeDecodeError:
        raise BadEvent("value", "is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise BadEvent("value", f"is not JSON: {error}") from None
    if not isinstance(envelope, dict):
        raise BadEvent("value", "is not a JSON object")
    return envelope
