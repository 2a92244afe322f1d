"""Where the generated files lie, and readers of ours and of others for them."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from storyline_schemas import STORY_COMMAND, Article, Part, Story, StoryEdit, StoryUpdate

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / "schemas"
GOLDEN = Path(__file__).parent / "golden"

ARTICLE: dict[str, Any] = {
    "uri": "urn:invented:1",
    "headline": "Ferry crews walk out",
    "version_created": "2026-01-02T03:04:05Z",
    "provider": {"name": "Example Wire (invented)"},
    "language": "en",
}


def article_bytes(**changes: Any) -> bytes:
    """The smallest article with these fields in addition or instead."""
    return json.dumps(ARTICLE | changes).encode()


def validator(folder: Path, name: str) -> Draft202012Validator:
    """A JSON Schema validator for `name`, formats checked too."""
    schema = json.loads((folder / f"{name}.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def schema_of(example: str) -> str:
    """The schema that an example is an instance of, by its name."""
    if example.startswith("command-"):
        return example
    return next(name for name in ("article", "edit", "story-update", "story", "part") if example.startswith(name))


def parse(example: str, value: bytes) -> Any:
    """The example as today's model reads it."""
    name = schema_of(example)
    if name.startswith("command-"):
        return STORY_COMMAND.validate_json(value)
    models = {"article": Article, "edit": StoryEdit, "story-update": StoryUpdate, "story": Story, "part": Part}
    return models[name].model_validate_json(value)


def example_names(folder: Path) -> list[str]:
    """The examples in `folder` that are a value of their own (a structured event is an envelope around one)."""
    names = sorted(path.stem for path in folder.glob("*.json") if not path.name.endswith(".headers.json"))
    return [name for name in names if name != "article-structured"]
