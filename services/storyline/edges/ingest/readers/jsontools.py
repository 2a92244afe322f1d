"""JSON from strangers: one safe way in, and lookups that never trust a type."""

import json
from typing import Any

from .base import DOCUMENT_BYTES_MAX, Unreadable
from .encoding import decode


def parse(data: bytes, format: str) -> Any:
    """The value. Raises Unreadable if it isn't JSON, is nested too deeply, or is too large."""
    if len(data) > DOCUMENT_BYTES_MAX:
        raise Unreadable(format, f"is larger than {DOCUMENT_BYTES_MAX // 2**20} MB")
    try:
        return loads(decode(data))
    except RecursionError as error:
        raise Unreadable(format, "is nested too deeply") from error
    except ValueError as error:  # also a number of more digits than Python converts
        raise Unreadable(format, f"is not JSON: {error}"[:300]) from error


def loads(text: str, *, strict: bool = True) -> Any:
    """As `json.loads`, but half of a surrogate pair, which no Unicode text may hold, becomes a question mark."""
    value = json.loads(text, strict=strict)
    if "\\ud" not in text and "\\uD" not in text:
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; an object alone is a list of one; anything else is empty."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """A string or a whole number as text; "" for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def first(source: dict[str, Any], *names: str) -> str:
    """The first of these members that has text."""
    for name in names:
        if found := text(source.get(name)):
            return found
    return ""


def number(value: Any) -> int | None:
    """A whole number, also one written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return None
