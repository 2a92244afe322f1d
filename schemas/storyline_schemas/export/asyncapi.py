"""AsyncAPI 3.0 for the whole of Storyline, made from `topics.py` and the models.

Channels are topics, operations say who writes and who reads. Payloads point to the JSON Schemas beside the file.
"""

from collections.abc import Mapping
from typing import Any

from ..events import ARTICLE_PUBLISHED, STORY_COMMAND, STORY_EDIT, STORY_PART, STORY_STATE, STORY_UPDATED, STRUCTURED
from ..topics import TOPICS, PartitionCounts, Topic
from .json_schemas import COMMANDS

_LISTS = {"cleanup.policy"}
_MESSAGES_OF: Mapping[str, tuple[str, ...]] = {
    "articles": ("articlePlain", "articleBinary", "articleStructured", "storyEdit"),
    "story-commands": tuple(f"{model.model_fields['type'].default}Command" for model in COMMANDS),
    "story-updates": ("storyUpdated",),
    "stories": ("storyState", "storyTombstone"),
    "story-parts": ("storyPart", "storyHead", "partTombstone"),
}

_ABOUT = """\
Articles go in on the topic `articles`; each version of a story comes out on `story-updates`,
and its newest state on the compacted topic `stories`. Topics marked internal may change with
any release.

Events out are CloudEvents 1.0 in binary mode. An article may come in three ways: plain JSON
without any header, a CloudEvent in binary mode (`ce_` headers), or one in structured mode
(`application/cloudevents+json`). The key of `articles` is the space, `world` unless the article
names one. Story-keyed topics are placed by Kafka's default hash (murmur2) of the story id.

Readers ignore fields they don't know; within a major version fields are only added, never required.
Examples of every message lie beside this file in `examples/`; all in them is invented."""


_CARRIED: Mapping[str, Any] = {
    "traceparent": {"type": "string", "description": "W3C trace context; passed on to what the event leads to."},
    "storyline-replay": {"type": "string", "description": "The record was sent again from a dead letter."},
}


def asyncapi() -> dict[str, Any]:
    """The document as plain data."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Storyline",
            "version": "1.0.0",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "example": {
                "host": "127.0.0.1:9092",
                "protocol": "kafka",
                "description": "An example; yours is what STORYLINE_KAFKA_BOOTSTRAP_SERVERS says.",
            }
        },
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": _operations(),
        "components": {"messages": _messages()},
    }


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "title": topic.name,
        "description": f"{_sentence(topic.about)} Key: {topic.key}."
        f"{'' if topic.public else ' Internal: it may change with any release.'}",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _messages_of(topic)},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions(PartitionCounts()),
                "topicConfiguration": {name: _config(name, value) for name, value in topic.config.items()},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _messages_of(topic: Topic) -> tuple[str, ...]:
    return _MESSAGES_OF.get(topic.name, ("deadLetter",))


def _config(name: str, value: str) -> Any:
    if name in _LISTS:
        return value.split(",")
    return int(value) if value.isdigit() else value


def _operations() -> dict[str, Any]:
    return {
        f"{who}-{does}-{topic.name.replace('.', '-')}": _operation(who, action, topic)
        for topic in TOPICS
        for action, does, people in (("send", "writes", topic.writers), ("receive", "reads", topic.readers))
        for who in people
    }


def _operation(who: str, action: str, topic: Topic) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": f"{who} {'writes' if action == 'send' else 'reads'} {topic.name}",
        "messages": [{"$ref": f"#/channels/{topic.name}/messages/{name}"} for name in _messages_of(topic)],
    }
    if action == "receive" and who in ("matcher", "updater"):
        group = {"type": "string", "enum": [f"storyline.{who}"]}
        operation["bindings"] = {"kafka": {"groupId": group, "bindingVersion": "0.5.0"}}
    return operation


def _messages() -> dict[str, Any]:
    return {**_article_messages(), **_command_messages(), **_story_messages(), "deadLetter": _dead_letter()}


def _article_messages() -> dict[str, Any]:
    article = {"$ref": "./json/article.json"}
    envelope = {
        "type": "object",
        "description": "A CloudEvents 1.0 envelope.",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "minLength": 1},
            "source": {"type": "string"},
            "type": {"const": ARTICLE_PUBLISHED},
            "data": article,
        },
    }
    structured = {
        "type": "object",
        "required": ["content-type"],
        "properties": {"content-type": {"const": STRUCTURED}},
    }
    return {
        "articlePlain": _message("An article as plain JSON, without ce_ headers", "space", article, None),
        "articleBinary": _message(
            "An article as a CloudEvent in binary mode", "space", article, _cloud_event(ARTICLE_PUBLISHED)
        ),
        "articleStructured": {
            **_message("An article as a CloudEvent in structured mode", "space", envelope, structured),
            "contentType": STRUCTURED,
        },
        "storyEdit": _message(
            "A person's request about a story", "space", {"$ref": "./json/edit.json"}, _cloud_event(STORY_EDIT)
        ),
    }


def _command_messages() -> dict[str, Any]:
    types = [model.model_fields["type"].default for model in COMMANDS]
    return {
        f"{name}Command": _message(
            f"The command {name} to a story (internal)",
            "story id",
            {"$ref": f"./json/command-{name}.json"},
            _cloud_event(STORY_COMMAND),
        )
        for name in types
    }


def _story_messages() -> dict[str, Any]:
    sequence = {"ce_sequence": {"type": "string", "pattern": "^[0-9]{10}$", "description": "The story's version."}}
    head = {"type": "object", "description": "The story's own working state; internal."}
    return {
        "storyUpdated": _message(
            "A story has a new version: 1, 2, 3, … without a gap; drop versions you have seen",
            "story id",
            {"$ref": "./json/story-update.json"},
            _cloud_event(STORY_UPDATED, sequence),
        ),
        "storyState": _message(
            "A story as it now stands", "story id", {"$ref": "./json/story.json"}, _cloud_event(STORY_STATE, sequence)
        ),
        "storyTombstone": _message("The end of a story's life", "story id", {"type": "null"}, None),
        "storyPart": _message(
            "What a story keeps of one article (internal)",
            "story id/article uri",
            {"$ref": "./json/part.json"},
            _cloud_event(STORY_PART, sequence),
        ),
        "storyHead": _message(
            "A story's own working state (internal)", "story id/", head, _cloud_event(STORY_PART, sequence)
        ),
        "partTombstone": _message("The end of a part (internal)", "story id/article uri", {"type": "null"}, None),
    }


def _dead_letter() -> dict[str, Any]:
    said = {
        "topic": "Where the record came from.",
        "partition": "Its partition there.",
        "offset": "Its offset there.",
        "timestamp": "Its time there, in milliseconds since 1970 UTC.",
        "stage": "Who could not use it.",
        "error": "The kind of error.",
        "field": "What is wrong: a field's path, a header, `key` or `value`.",
        "reason": "Why, in one line of at most 1,000 characters.",
        "tries": "How often it was tried.",
    }
    headers = {
        "type": "object",
        "description": "The record's own headers as they were, and these.",
        "required": [f"storyline-dlq-{name}" for name in said],
        "properties": {f"storyline-dlq-{name}": {"type": "string", "description": text} for name, text in said.items()},
    }
    value = {"description": "The record's value, byte for byte; it need not be JSON."}
    message = _message("A record that could not be used, byte for byte", "as it was", value, headers)
    return {**message, "contentType": "application/octet-stream"}


def _message(summary: str, key: str, payload: Any, headers: dict[str, Any] | None) -> dict[str, Any]:
    message: dict[str, Any] = {"summary": summary, "payload": payload}
    if headers is not None:
        message["headers"] = headers
    key_schema = {"type": "string", "description": f"{_sentence(key)}"}
    return {**message, "bindings": {"kafka": {"key": key_schema, "bindingVersion": "0.5.0"}}}


def _cloud_event(event_type: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", *(more or ())],
        "properties": {
            "content-type": {"type": "string"},
            "ce_specversion": {"const": "1.0"},
            "ce_id": text,
            "ce_source": text,
            "ce_type": {"const": event_type},
            "ce_subject": {"type": "string"},
            "ce_time": {"type": "string", "format": "date-time"},
            **_CARRIED,
            **(more or {}),
        },
    }


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
