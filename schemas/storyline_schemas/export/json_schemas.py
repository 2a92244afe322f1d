"""JSON Schemas (Draft 2020-12) of everything that goes over the wire, made from the models.

They describe what a reader takes: fields with a default may be missing, because an older producer did not know
them, and unknown fields are allowed, because a newer one may send them.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from ..article import Article
from ..commands import (
    STORY_COMMAND,
    Add,
    Adopt,
    Close,
    Command,
    Expire,
    Lock,
    Merge,
    Open,
    Pin,
    Propose,
    Rename,
    Reopen,
    Retract,
    Split,
)  # fmt: skip
from ..edit import StoryEdit
from ..part import Part
from ..story import Story
from ..update import StoryUpdate

COMMANDS: tuple[type[Command], ...] = (
    Open, Add, Retract, Adopt, Merge, Split, Close, Reopen, Expire, Rename, Pin, Lock, Propose,
)  # fmt: skip

_MODELS: Mapping[str, TypeAdapter[Any]] = {
    "article": TypeAdapter(Article),
    "edit": TypeAdapter(StoryEdit),
    "story": TypeAdapter(Story),
    "story-update": TypeAdapter(StoryUpdate),
    "part": TypeAdapter(Part),
    "command": STORY_COMMAND,
    **{f"command-{model.model_fields['type'].default}": TypeAdapter(model) for model in COMMANDS},
}


class _Generator(GenerateJsonSchema):
    """Without the titles pydantic invents for each field, which say nothing that the name doesn't."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def json_schema(name: str) -> dict[str, Any]:
    """The schema of `article`, `story`, `story-update`, `part`, `command` (any) or `command-<type>`."""
    body = _MODELS[name].json_schema(schema_generator=_Generator, ref_template="#/$defs/{model}")
    if name == "command":
        # OpenAPI's keyword; the constant `type` of each says the same in plain JSON Schema.
        del body["discriminator"]
        body = {"title": "StoryCommand", "description": "Any command to a story; `type` says which.", **body}
    for schema in (body, *body.get("$defs", {}).values()):
        _tidy(schema)
    head = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:storyline:schema:v1:{name}"}
    return {**head, **body}


def _tidy(schema: dict[str, Any]) -> None:
    if "description" in schema:
        schema["description"] = "\n\n".join(" ".join(text.split()) for text in schema["description"].split("\n\n"))
    if "const" in schema.get("properties", {}).get("type", {}):
        # pydantic has a default for the tag, but a command without its tag can't be told from the others.
        schema["required"] = sorted({*schema.get("required", ()), "type"})


def json_schema_files() -> dict[str, bytes]:
    """`json/<name>.json` → content."""
    return {f"json/{name}.json": pretty(json_schema(name)) for name in _MODELS}


def pretty(data: Any) -> bytes:
    """JSON as people read it."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
