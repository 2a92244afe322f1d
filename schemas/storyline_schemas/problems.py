"""What is wrong with a value, in words for whoever sent it: the field's name and how to mend it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from .base import SAID_OF_PATTERN
from .resembling import resembling_fields

_SAID_MAX = 5


def explain(error: ValidationError, value: Any = None) -> tuple[str, str]:
    """The first wrong field by its path (``provider.name``; ``value`` for the whole) and one line that names all.

    The values themselves are left out: a dead letter's reason must not carry text that is under embargo. Of `value`,
    the article's JSON if it is one, fields are named that look like one that is missing.
    """
    found = error.errors(include_url=False, include_input=False)
    problems = [_one(problem["loc"], problem["type"], problem["msg"], problem.get("ctx", {})) for problem in found]
    if isinstance(value, Mapping):
        meant = {known: name for name, known in resembling_fields(value).items()}
        problems = [
            (field, f"{message}; {meant[field]} is unknown: if that is what you mean, call it {field}")
            if problem["type"] == "missing" and field in meant
            else (field, message)
            for problem, (field, message) in zip(found, problems, strict=True)
        ]
    said = [f"{field}: {message}" for field, message in problems[1:_SAID_MAX]]
    if len(problems) > _SAID_MAX:
        said.append(f"and {len(problems) - _SAID_MAX} more")
    field, message = problems[0]
    return field, "; ".join([message, *said])


def _one(path: tuple[int | str, ...], kind: str, message: str, context: Mapping[str, Any]) -> tuple[str, str]:
    field = ".".join(str(step) for step in path) or "value"
    if kind == "string_pattern_mismatch":
        return field, SAID_OF_PATTERN.get(context["pattern"], "has characters that are not allowed here")
    if kind == "string_too_short" and context["min_length"] == 1:
        return field, "is empty"
    if kind in _SAID:
        return field, _SAID[kind].format_map(context)
    if kind == "json_invalid":
        return field, f"is not JSON: {context['error']}"
    message = message.removeprefix("Value error, ")
    named, colon, rest = message.partition(": ")
    if not path and colon and named.isidentifier():
        return named, rest
    return field, message[:1].lower() + message[1:]


_TIME = "send it like 2026-01-02T03:04:05Z, with a zone"
_SAID = {
    "missing": "is missing",
    "string_type": "is not text; send a string",
    "int_type": "is not a whole number; send it without quotes",
    "int_from_float": "is not a whole number",
    "float_type": "is not a number; send it without quotes",
    "bool_type": "is neither true nor false",
    "tuple_type": "is not a list",
    "list_type": "is not a list",
    "dict_type": "is not an object",
    "model_type": "is not an object",
    "model_attributes_type": "is not an object",
    "too_long": "has {actual_length} entries; at most {max_length} are taken",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is shorter than {min_length} characters",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "enum": "is not {expected}",
    "literal_error": "is not {expected}",
    "timezone_aware": "has no zone; add Z, or an offset such as +01:00",
    "datetime_parsing": f"is not a time ({{error}}); {_TIME}",
    "datetime_from_date_parsing": f"is not a time ({{error}}); {_TIME}",
}
"""pydantic's kind of error → what is wrong and what to send, in words of whoever writes an article."""
