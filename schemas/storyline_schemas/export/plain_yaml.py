"""Plain data as YAML 1.2 in block style. Written here, so that the contracts need nothing but pydantic.

It is safe because it is small: each string that could be taken for anything else is written as JSON, and JSON is
YAML; the only plain scalars are words that no YAML version gives a meaning.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

# A letter first, then nothing YAML reads as syntax; and none of the words that some YAML takes for a value.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./()-]*(?: [A-Za-z0-9_./()-]+)*\Z")
# Several printable lines, none of which starts or ends with a space: a literal block says them as they are.
_TEXT = re.compile(r"(?=[^\n]+\n)(?:(?:[!-~…](?:[ -~…]*[!-~…])?)?(?:\n(?!\Z)|\Z))+\Z")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}


def to_yaml(data: Any) -> str:
    """Mappings, lists, strings, numbers, booleans and None as a YAML document."""
    return "\n".join(_lines(data, "")) + "\n"


def _lines(data: Any, indent: str) -> Iterator[str]:
    if isinstance(data, dict) and data:
        for name, value in data.items():
            yield from _entry(f"{indent}{_scalar(name)}:", value, indent + "  ")
    elif isinstance(data, list) and data:
        for value in data:
            yield from _item(value, indent)
    else:
        yield indent + _scalar(data)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, str) and _TEXT.match(value):
        yield f"{head} |-"
        yield from (indent + line if line else "" for line in value.split("\n"))
    elif isinstance(value, dict | list) and value:
        yield head
        yield from _lines(value, indent)
    else:
        yield f"{head} {_scalar(value)}"


def _item(value: Any, indent: str) -> Iterator[str]:
    # "- " takes the place of the first line's indentation.
    lines = _lines(value, indent + "  ")
    yield f"{indent}- {next(lines)[len(indent) + 2 :]}"
    yield from lines


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.match(value) and value.casefold() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
