"""The API's description, OpenAPI 3.1, made from the models that it answers with."""

import json
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from storyline_schemas import Story
from storyline_schemas.update import LEVELS

from ... import __version__
from .asking import LIMIT_MAX, QUERY_CHARS_MAX, STATUSES
from .models import Comparison, Problem, StoryList, VersionList

REF = "#/components/schemas/{model}"
_MODELS = (Story, StoryList, VersionList, Comparison, Problem)


@cache
def openapi() -> bytes:
    """The whole document as JSON."""
    _, definitions = models_json_schema([(model, "serialization") for model in _MODELS], ref_template=REF)
    description = {
        "openapi": "3.1.1",
        "info": {
            "title": "Storyline",
            "version": __version__,
            "description": "Running stories, read-only. The models are those of the events on Kafka.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": definitions["$defs"], "parameters": _parameters()},
    }
    return json.dumps(description, ensure_ascii=False, indent=1).encode()


def _paths() -> dict[str, Any]:
    story, problem = [_use("id")], ("400", "404", "410", "503")
    listed = [_use(name) for name in ("q", "language", "status", "level", "cursor", "limit")]
    return {
        "/api/stories": _get("stories", "Stories, newest change first", "StoryList", listed, ("400", "503")),
        "/api/stories/{id}": _get("story", "A story as it stands", "Story", story, problem),
        "/api/stories/{id}/versions": _get(
            "versions", "What each version changed", "VersionList", [*story, _use("cursor"), _use("limit")], problem
        ),
        "/api/stories/{id}/versions/{number}": _get(
            "version",
            "An earlier version, without what was withdrawn since",
            "Story",
            [*story, _use("number")],
            problem,
        ),
        "/api/stories/{id}/diff/{before}/{after}": _get(
            "diff",
            "What one version says otherwise than another, without what was withdrawn since",
            "Comparison",
            [*story, _use("before"), _use("after")],
            problem,
        ),
        "/events": _stream("allEvents", "Every new version of every story", [_use("since"), _use("Last-Event-ID")]),
        "/stories/{id}/events": _stream(
            "storyEvents", "Every new version of one story", [*story, _use("since"), _use("Last-Event-ID")]
        ),
    }


def _use(parameter: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{parameter}"}


def _get(
    operation: str, about: str, model: str, parameters: list[dict[str, str]], problems: tuple[str, ...]
) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "200": {
            "description": about,
            "headers": {"ETag": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": REF.format(model=model)}}},
        },
        "304": {"description": "You have it: `If-None-Match` names its ETag"},
    }
    if "410" in problems:
        answers["308"] = {
            "description": "Merged: the story goes on at `Location`",
            "headers": {"Location": {"schema": {"type": "string"}}},
        }
    answers |= {status: _problem(status) for status in problems}
    return {"get": {"operationId": operation, "summary": about, "parameters": parameters, "responses": answers}}


def _problem(status: str) -> dict[str, Any]:
    about = {
        "400": "A parameter is wrong", "404": "There is none", "410": "It was removed", "503": "Not just now",
    }  # fmt: skip
    return {
        "description": about[status],
        "content": {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}},
    }


def _stream(operation: str, about: str, parameters: list[dict[str, str]]) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "200": {
            "description": f"{about}, as server-sent events. `version`, `story` and `merged` carry JSON; `reset` says "
            "that too much was missed: read the whole again. Event ids hold across restarts of the server.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        "503": _problem("503") | {"content": {"text/html": {"schema": {"type": "string"}}}},
    }
    return {"get": {"operationId": operation, "summary": about, "parameters": parameters, "responses": answers}}


def _parameters() -> dict[str, Any]:
    def query(name: str, about: str, **schema: Any) -> dict[str, Any]:
        return {"name": name, "in": "query", "description": about, "schema": {"type": "string"} | schema}

    def path(name: str, about: str, **schema: Any) -> dict[str, Any]:
        return {"name": name, "in": "path", "required": True, "description": about, "schema": schema}

    return {
        "q": query("q", "Words that a story must have, all of them", maxLength=QUERY_CHARS_MAX),
        "language": query("language", "A language tag; `en` finds `en-GB` too"),
        "status": query("status", "Where the story is in its life; without it, all that were not withdrawn",
                        enum=list(STATUSES)),
        "level": query("level", "How much the last change matters", enum=list(LEVELS)),
        "cursor": query("cursor", "`next` of the page before"),
        "limit": query("limit", "Most rows", type="integer", minimum=1, maximum=LIMIT_MAX),
        "since": query("since", "The id of the last event that was seen, where no header can be sent"),
        "id": path("id", "The story's id", type="string", pattern="^[A-Za-z0-9_-]{1,64}$"),
        "number": path("number", "The version", type="integer", minimum=1),
        "before": path("before", "The version to compare with", type="integer", minimum=1),
        "after": path("after", "The version to compare", type="integer", minimum=1),
        "Last-Event-ID": {"name": "Last-Event-ID", "in": "header", "description": "The same, as browsers send it",
                          "schema": {"type": "string"}},
    }  # fmt: skip
