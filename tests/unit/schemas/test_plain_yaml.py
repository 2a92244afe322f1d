"""The YAML we write ourselves, read by another reader."""

import json

import pytest

from storyline_schemas.export.plain_yaml import to_yaml


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"a": 1, "b": None, "c": True}, "a: 1\nb: null\nc: true\n"),
        ({"a": {"b": {"c": "words and words"}}}, "a:\n  b:\n    c: words and words\n"),
        ([1, [2, 3], {"a": 4, "b": 5}], "- 1\n- - 2\n  - 3\n- a: 4\n  b: 5\n"),
        ({"a": [], "b": {}}, "a: []\nb: {}\n"),
        ({"text": "one\n\ntwo"}, "text: |-\n  one\n\n  two\n"),
    ],
)
def test_plain_data_is_written_in_block_style(data: object, text: str) -> None:
    assert to_yaml(data) == text


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "No",
        "null",
        "1.0",
        "- a",
        "a: b",
        "a #b",
        "",
        " a",
        "a ",
        "é",
        "a\n",
        "a\n b",
        "a\tb",
        "@a",
        "0x1",
        "1e3",
        "~",
    ],
)
def test_text_that_yaml_could_take_for_something_else_is_quoted(text: str) -> None:
    assert to_yaml({"a": text}) == f"a: {json.dumps(text, ensure_ascii=False)}\n"
