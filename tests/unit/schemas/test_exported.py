"""The generated files are current, say what the models say, and other readers agree."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from jsonschema import Draft202012Validator

from storyline.cli.schemas import schemas as schemas_command
from storyline_schemas import BY_NAME, Article, StoryUpdate
from storyline_schemas.export import __main__ as plain_entry
from storyline_schemas.export import files, stale, write
from storyline_schemas.export.json_schemas import json_schema

from .shared import SCHEMAS, article_bytes, example_names, parse, schema_of, validator
from .strategies import articles, updates

EXAMPLES = example_names(SCHEMAS / "examples")
ARTICLES = validator(SCHEMAS / "json", "article")
UPDATES = validator(SCHEMAS / "json", "story-update")


def test_the_files_in_the_repository_are_current() -> None:
    assert stale(SCHEMAS) == [], "run `storyline schemas export`"


def test_the_files_are_the_same_each_time() -> None:
    assert files() == files()


@pytest.mark.parametrize("path", sorted((SCHEMAS / "json").glob("*.json")), ids=lambda path: path.stem)
def test_each_schema_is_a_valid_schema(path: Path) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_bytes()))
    assert json.loads(path.read_bytes())["$id"].startswith("urn:storyline:schema:v1:")


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_fits_its_schema(example: str) -> None:
    value = json.loads((SCHEMAS / "examples" / f"{example}.json").read_bytes())
    assert [error.message for error in validator(SCHEMAS / "json", schema_of(example)).iter_errors(value)] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_is_read_by_the_models(example: str) -> None:
    value = (SCHEMAS / "examples" / f"{example}.json").read_bytes()
    read = parse(example, value)
    assert parse(example, read.to_json()) == read


@pytest.mark.parametrize("example", [name for name in EXAMPLES if name.startswith("command-")])
def test_each_command_fits_the_union_of_commands(example: str) -> None:
    value = json.loads((SCHEMAS / "examples" / f"{example}.json").read_bytes())
    assert validator(SCHEMAS / "json", "command").is_valid(value)


def test_a_command_without_its_type_is_refused_by_the_schema() -> None:
    value = json.loads((SCHEMAS / "examples/command-close.json").read_bytes())
    del value["type"]
    assert not validator(SCHEMAS / "json", "command-close").is_valid(value)


def test_every_command_has_an_example() -> None:
    types = {ref["$ref"].rpartition("/")[2].casefold() for ref in json_schema("command")["oneOf"]}
    assert {f"command-{name}" for name in types} == {name for name in EXAMPLES if name.startswith("command-")}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_marked_as_invented(example: str) -> None:
    text = (SCHEMAS / "examples" / f"{example}.json").read_text()
    assert "invented" in text


@given(updates)
def test_every_update_fits_the_schema(update: StoryUpdate) -> None:
    assert [error.message for error in UPDATES.iter_errors(json.loads(update.to_json()))] == []


@given(articles)
def test_every_article_fits_the_schema(article: Article) -> None:
    assert [error.message for error in ARTICLES.iter_errors(json.loads(article.to_json()))] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"summary": None, "body": None, "subjects": None},
        {"places": ["Port Lindow", {"name": "Sorrel Island"}]},
        {"version_created": None},
        {"a_field_of_tomorrow": 1},
    ],
)
def test_what_the_model_takes_the_schema_takes(changes: dict[str, Any]) -> None:
    Article.model_validate_json(article_bytes(**changes))
    assert ARTICLES.is_valid(json.loads(article_bytes(**changes)))


@pytest.mark.parametrize(
    "changes",
    [{"uri": "a b"}, {"version": True}, {"urgency": 0}, {"provider": {}}, {"pub_status": "x"}, {"url": "ftp://x"}],
)
def test_what_the_model_refuses_the_schema_refuses(changes: dict[str, Any]) -> None:
    assert not ARTICLES.is_valid(json.loads(article_bytes(**changes)))


def test_export_mends_a_folder_and_removes_what_belongs_to_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "asyncapi.yaml").write_text("old")
    (tmp_path / "json" / "forgotten.json").write_text("{}")
    assert write(tmp_path) == ["asyncapi.yaml", "json/forgotten.json"]
    assert stale(tmp_path) == []


def test_the_check_names_stale_files_and_fails(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "json" / "article.json").unlink()
    result = CliRunner().invoke(
        schemas_command, ["export", "--dir", str(tmp_path), "--check", "--json"], standalone_mode=False
    )
    assert result.return_value == 1
    assert json.loads(result.stdout.splitlines()[-1])["out_of_date"] == ["json/article.json"]


def test_the_check_of_current_files_succeeds() -> None:
    result = CliRunner().invoke(schemas_command, ["export", "--dir", str(SCHEMAS), "--check"], standalone_mode=False)
    assert result.return_value == 0


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "json").write_text("a file where a folder must be")
    result = CliRunner().invoke(schemas_command, ["export", "--dir", str(tmp_path)])
    assert result.exit_code == 1
    assert "--dir" in result.output


def test_the_exporter_works_without_the_services(tmp_path: Path) -> None:
    assert plain_entry.main(["--dir", str(tmp_path), "--check"]) == 1
    assert plain_entry.main(["--dir", str(tmp_path)]) == 0
    assert plain_entry.main(["--dir", str(tmp_path), "--check"]) == 0


def test_asyncapi_configures_each_topic_as_the_topic_file_does() -> None:
    from storyline_schemas.export.asyncapi import asyncapi

    said = {
        name: channel["bindings"]["kafka"]["topicConfiguration"] for name, channel in asyncapi()["channels"].items()
    }
    plain = {
        name: {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in config.items()}
        for name, config in said.items()
    }
    assert plain == {name: dict(topic.config) for name, topic in BY_NAME.items()}
