"""Events of every past version are read by today's models, and today's by the oldest reader.

`golden/v1` was frozen when version 1 of the contract was made: its examples are the old events, its schemas the
old reader. They are never changed; a new version of the contract adds a folder.
"""

import json
from typing import Any

import pytest

from .shared import GOLDEN, SCHEMAS, example_names, parse, schema_of, validator

VERSIONS = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
OLD_EVENTS = [(version, name) for version in VERSIONS for name in example_names(GOLDEN / version / "examples")]


def old(version: str, name: str) -> bytes:
    return (GOLDEN / version / "examples" / f"{name}.json").read_bytes()


def with_unknown_fields(value: Any) -> Any:
    """The value as a producer of tomorrow may send it: a new field in every object."""
    if isinstance(value, dict):
        # `profile` is an open map of the matcher's, with no fields to add to.
        grown = {key: content if key == "profile" else with_unknown_fields(content) for key, content in value.items()}
        return {**grown, "a_field_of_tomorrow": {"x": [1]}}
    return [with_unknown_fields(one) for one in value] if isinstance(value, list) else value


def as_sent(read: Any, sent: Any) -> Any:
    """What was read, without the fields, at any depth, that were not sent."""
    if isinstance(read, dict) and isinstance(sent, dict):
        return {name: as_sent(read.get(name), content) for name, content in sent.items()}
    if isinstance(read, list) and isinstance(sent, list) and len(read) == len(sent):
        return [as_sent(*pair) for pair in zip(read, sent, strict=True)]
    return read


@pytest.mark.parametrize(("version", "name"), OLD_EVENTS)
def test_an_old_event_is_read_today_and_nothing_of_it_is_lost(version: str, name: str) -> None:
    sent = json.loads(old(version, name))
    read = json.loads(parse(name, old(version, name)).to_json())
    assert as_sent(read, sent) == sent


@pytest.mark.parametrize(("version", "name"), OLD_EVENTS)
def test_an_old_event_fits_todays_schema(version: str, name: str) -> None:
    assert validator(SCHEMAS / "json", schema_of(name)).is_valid(json.loads(old(version, name)))


KNOWN_FROM_THE_BEGINNING = [
    name
    for name in example_names(SCHEMAS / "examples")
    if (GOLDEN / "v1" / "schemas" / f"{schema_of(name)}.json").exists()
]


@pytest.mark.parametrize("name", KNOWN_FROM_THE_BEGINNING)
def test_todays_event_is_read_by_the_oldest_reader(name: str) -> None:
    value = json.loads((SCHEMAS / "examples" / f"{name}.json").read_bytes())
    assert validator(GOLDEN / "v1" / "schemas", schema_of(name)).is_valid(value)


@pytest.mark.parametrize(("version", "name"), OLD_EVENTS)
def test_unknown_fields_anywhere_are_ignored(version: str, name: str) -> None:
    grown = json.dumps(with_unknown_fields(json.loads(old(version, name)))).encode()
    assert parse(name, grown) == parse(name, old(version, name))


@pytest.mark.parametrize("schema", sorted(path.stem for path in (GOLDEN / "v1" / "schemas").glob("*.json")))
def test_no_field_has_become_required_since_the_first_version(schema: str) -> None:
    def required(folder: Any) -> dict[str, set[str]]:
        whole = json.loads((folder / f"{schema}.json").read_bytes())
        return {name: set(part.get("required", ())) for name, part in {"": whole, **whole.get("$defs", {})}.items()}

    before, now = required(GOLDEN / "v1" / "schemas"), required(SCHEMAS / "json")
    assert {name: now[name] - before[name] for name in before if name in now and now[name] - before[name]} == {}
