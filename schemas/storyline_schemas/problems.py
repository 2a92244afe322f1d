"""What is wrong with a value, in words for whoever sent it: the field's name and how to mend it."""

from pydantic import ValidationError

_SAID_MAX = 5


def explain(error: ValidationError) -> tuple[str, str]:
    """The first wrong field by its path (``provider.name``; ``value`` for the whole) and one line that names all.

    The values themselves are left out: a dead letter's reason must not carry text that is under embargo.
    """
    found = error.errors(include_url=False, include_input=False)
    problems = [_one(problem["loc"], problem["type"], problem["msg"]) for problem in found]
    said = [f"{field}: {message}" for field, message in problems[1:_SAID_MAX]]
    if len(problems) > _SAID_MAX:
        said.append(f"and {len(problems) - _SAID_MAX} more")
    field, message = problems[0]
    return field, "; ".join([message, *said])


def _one(path: tuple[int | str, ...], kind: str, message: str) -> tuple[str, str]:
    field = ".".join(str(step) for step in path) or "value"
    message = message.removeprefix("Value error, ")
    if kind == "missing":
        return field, "is missing"
    if kind == "json_invalid":
        return field, "is not JSON" + message.removeprefix("Invalid JSON")
    named, colon, rest = message.partition(": ")
    if not path and colon and named.isidentifier():
        return named, rest
    return field, message[:1].lower() + message[1:]
