"""A record of `articles` as a message: an arrival, or a record to be forwarded to its own partition."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from storyline_schemas import DEFAULT_SPACE, Article, Revision, StoryEdit, event_id, partition_of, resembling_fields
from storyline_schemas.base import DAY_MS, to_ms
from storyline_schemas.events import ARTICLE_PUBLISHED, STORY_EDIT, Event
from storyline_schemas.problems import explain
from storyline_schemas.resembling import is_overlooked, said_of
from storyline_schemas.topics import ARTICLES

from ...domain.placing import Arrival, Request, at_ms_of
from ...errors import Invalid
from ...record import Headers, Output, Record
from ..events import carried_headers, event_of

FORWARDED = "storyline-forwarded"
EVENT_ID_CHARS_MAX = 500


@dataclass(frozen=True, slots=True)
class Message:
    """An arrival with its record. `release_ms`: not to be shown before; None if there is no embargo any more."""

    arrival: Arrival
    record: Record
    carried: Headers
    release_ms: int | None = None
    doubtful: Mapping[str, str] = field(default_factory=dict)
    """Fields that are unknown here, and the missing ones they resemble."""

    @property
    def space(self) -> str:
        return self.arrival.space

    @property
    def uris(self) -> frozenset[str]:
        """The articles whose assignments it takes to decide."""
        return frozenset({self.arrival.uri, self.arrival.article.evolved_from or ""} - {""})

    @property
    def leaves_no_command(self) -> bool:
        """It may: it is held, or cancels what may never have come."""
        return self.release_ms is not None or not self.arrival.usable


@dataclass(frozen=True, slots=True)
class Asked:
    """A person's request."""

    request: Request
    carried: Headers

    @property
    def space(self) -> str:
        return self.request.space

    @property
    def uris(self) -> frozenset[str]:
        return frozenset(self.request.uris)


@dataclass(frozen=True, slots=True)
class Forward:
    """A record that was put on another partition than its space's: it goes there, byte for byte."""

    output: Output


def decode(record: Record, partitions: int) -> Message | Asked | Forward:
    """Read a record of `articles`, a topic of that many partitions. Raises Invalid, naming the field and the fix."""
    if record.key is None:
        raise Invalid("key", "is missing; the key of articles is the space, for example world")
    event = _event(record)
    if event.type == STORY_EDIT:
        return _asked(event, record, partitions)
    article = _article(event.data)
    space = article.space or DEFAULT_SPACE
    right = partition_of(space, partitions)
    if right != record.partition:
        return _forward(record, space, right)
    _check_embargo(article, record.timestamp_ms)
    return replace(message_of(article, event, space, record, record.timestamp_ms), doubtful=_doubtful(event.data))


def _asked(event: Event, record: Record, partitions: int) -> Asked | Forward:
    _check_utf8(event.data)
    try:
        edit = StoryEdit.model_validate_json(event.data)
    except ValidationError as error:
        raise Invalid(*explain(error)) from None
    space = edit.space or DEFAULT_SPACE
    if (right := partition_of(space, partitions)) != record.partition:
        return _forward(record, space, right)
    cause = event.id or ""  # an event with a type has an id
    return Asked(Request(edit, space, cause, record.timestamp_ms), carried_headers(record, cause))


def revision_of(record: Record) -> Revision:
    """Which version of its article a record is. Raises Invalid as `decode`."""
    return _article(_event(record).data).revision


def message_of(article: Article, event: Event, space: str, record: Record, arrived_ms: int) -> Message:
    """The message of an article that arrived at `arrived_ms`."""
    arrival = Arrival(article, space, _cause(article, event), at_ms_of(article, arrived_ms), arrived_ms)
    until = to_ms(article.embargoed_until) if article.embargoed_until is not None else 0
    # Only what can be shown is held back: a cancellation holds at once.
    held = until > arrived_ms and article.usable
    return Message(arrival, record, carried_headers(record, arrival.cause), until if held else None)


def _event(record: Record) -> Event:
    event = event_of(record, ARTICLE_PUBLISHED, STORY_EDIT)
    if event.id is not None and len(event.id) > EVENT_ID_CHARS_MAX:
        raise Invalid("ce_id", f"is longer than {EVENT_ID_CHARS_MAX} characters")
    return event


def _check_utf8(data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise Invalid("value", f"is not UTF-8 (at byte {error.start})") from None


def _article(data: bytes) -> Article:
    _check_utf8(data)
    try:
        return Article.model_validate_json(data)
    except ValidationError as error:
        raise Invalid(*explain(error, _json(data))) from None


def _json(data: bytes) -> Any:
    """What `data` holds; None if that is no JSON."""
    try:
        return from_json(data)
    except ValueError:
        return None


def _doubtful(data: bytes) -> Mapping[str, str]:
    """Fields that look misspelt. Raises Invalid if text might be shown because of it that must not be."""
    value = from_json(data)
    found = resembling_fields(value)
    for name, known in found.items():
        if is_overlooked(known, value[name]):
            raise Invalid(name, said_of(known))
    return found


def _cause(article: Article, event: Event) -> str:
    kind, number = article.revision
    return event.id or event_id(ARTICLE_PUBLISHED, f"{article.uri}\n{kind}:{number}", 0)


def _check_embargo(article: Article, arrived_ms: int) -> None:
    """Beyond the topic's retention the article itself would be gone before it may be shown."""
    kept_ms = int(ARTICLES.config["retention.ms"])
    if article.embargoed_until is not None and to_ms(article.embargoed_until) > arrived_ms + kept_ms:
        raise Invalid("embargoed_until", f"is more than {kept_ms // DAY_MS} days ahead; send the article later")


def _forward(record: Record, space: str, partition: int) -> Forward:
    if record.header(FORWARDED) is not None:
        raise Invalid("partition", f"is {record.partition} even after forwarding; space {space} belongs to {partition}")
    headers = (*record.headers, (FORWARDED, b"1"))
    return Forward(Output(record.topic, partition, record.key, record.value, headers))
