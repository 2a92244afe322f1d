"""Lines of a file as articles: each line becomes an article or a refusal that names its line and field."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from pydantic import ValidationError

from storyline_schemas import Article, explain

from ...evaluate.labelled import article_of

Format = Literal["auto", "jsonl", "labelled"]
KEPT_BYTES_MAX = 64 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """A line that is an article."""

    line: int
    article: Article


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is none: what is wrong, and its bytes (at most KEPT_BYTES_MAX of a line over the limit)."""

    line: int
    field: str
    reason: str
    content: bytes


def read_articles(file: BinaryIO, form: Format, line_bytes_max: int) -> Iterator[Read | Refused]:
    """Every line that isn't blank, in order; one line at a time is held in memory, and no more than the limit of it."""
    number = 0
    while line := file.readline(line_bytes_max + 1):
        number += 1
        if len(line) > line_bytes_max and not line.endswith(b"\n"):
            _skip_rest_of_line(file, line_bytes_max)
            reason = f"is longer than {line_bytes_max:,} bytes (STORYLINE_INGEST_LINE_BYTES_MAX)"
            yield Refused(number, "line", reason, line[:KEPT_BYTES_MAX])
        elif line.strip():
            yield _read(number, line, form)


def _skip_rest_of_line(file: BinaryIO, chunk_bytes: int) -> None:
    while rest := file.readline(chunk_bytes):
        if rest.endswith(b"\n"):
            return


def _read(number: int, line: bytes, form: Format) -> Read | Refused:
    try:
        return Read(number, _PARSERS[form](line))
    except ValidationError as error:
        return Refused(number, *explain(error), line)
    except UnicodeDecodeError:
        return Refused(number, "value", "is not UTF-8", line)
    except RecursionError:
        return Refused(number, "value", "is nested too deeply", line)
    except json.JSONDecodeError as error:
        return Refused(number, "value", f"is not JSON ({error})", line)
    except _WrongLine as wrong:
        return Refused(number, wrong.field, wrong.reason, line)
    except ValueError as error:  # what a labelled row says of itself, a time it can't have for example
        return Refused(number, "value", str(error), line)


class _WrongLine(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


def _contract(line: bytes) -> Article:
    line.decode()
    return Article.model_validate_json(line)


def _labelled(line: bytes) -> Article:
    return _labelled_row(_object(line))


def _labelled_row(row: Mapping[str, Any]) -> Article:
    if not isinstance(row.get("id"), str | int) or row["id"] == "":
        raise _WrongLine("id", "is missing; a labelled story has id, title, body, published_at, lang, source")
    return article_of(row)


def _by_content(line: bytes) -> Article:
    row = _object(line)
    if "uri" not in row and "title" in row:
        return _labelled_row(row)
    return Article.model_validate_json(line)


def _object(line: bytes) -> dict[str, Any]:
    row = json.loads(line.decode())
    if not isinstance(row, dict):
        raise _WrongLine("value", "is not a JSON object")
    return row


_PARSERS: Mapping[Format, Callable[[bytes], Article]] = {
    "auto": _by_content,
    "jsonl": _contract,
    "labelled": _labelled,
}
