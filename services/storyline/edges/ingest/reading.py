"""One file as articles: JSON Lines a line at a time, anything else as one document. All of it through the registry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import BinaryIO

from storyline_schemas import Article

from .readers import FORMATS, Refusal, begins_lines, document
from .readers.base import DOCUMENT_BYTES_MAX, Context, Ignored, Unreadable

AUTO = "auto"
JSONL = "jsonl"
FORMAT_NAMES = (AUTO, JSONL, *FORMATS)
"""What `--format` takes: `jsonl` is our own contract, one article a line, and nothing else."""
KEPT_BYTES_MAX = 64 * 1024
_BLANK_LINES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Read:
    """A line, or an item of a document (numbered from 1), that is an article."""

    line: int
    article: Article
    format: str = "article"


@dataclass(frozen=True, slots=True)
class Refused:
    """A line or an item that is none: what is wrong, and the bytes of its line or of its whole document (at most
    KEPT_BYTES_MAX of what is over a limit)."""

    line: int
    field: str
    reason: str
    content: bytes
    format: str = AUTO
    unit: str = "line"
    """`line`, `item` (of a document), or `file`."""

    @property
    def where(self) -> str:
        return f"{self.unit} {self.line}"


def read_file(
    file: BinaryIO,
    form: str,
    line_bytes_max: int,
    *,
    name: str = "",
    received_at: datetime | None = None,
    ignored: Ignored | None = None,
) -> Iterator[Read | Refused]:
    """Everything in a file, in order. Of JSON Lines one line is held in memory, of a document at most its limit.

    `form` is one of FORMAT_NAMES. What can't be read at all is one refusal of unit `file`. Raises OSError only.
    """
    context = Context(name, received_at, ignored or Ignored())
    try:
        yield from _read_file(file, form, line_bytes_max, context)
    except Unreadable as problem:  # the file itself breaks off: an archive's member that isn't what it says
        yield Refused(1, problem.field, problem.reason, b"", form, "file")


def _read_file(file: BinaryIO, form: str, line_bytes_max: int, context: Context) -> Iterator[Read | Refused]:
    if form == JSONL:
        yield from _lines(_bounded_lines(file, line_bytes_max), 1, form, line_bytes_max, context)
        return
    lines = _bounded_lines(file, line_bytes_max)
    blank: list[bytes] = []
    room = DOCUMENT_BYTES_MAX
    first = next(lines, b"")
    while first and not first.strip() and len(blank) < _BLANK_LINES_MAX and room > 0:
        blank.append(first)
        room -= len(first)
        first = next(lines, b"")
    if (form == AUTO or FORMATS[form].kind == "json") and begins_lines(first):
        yield from _lines(chain((first,), lines), len(blank) + 1, form, line_bytes_max, context)
        return
    head = b"".join(blank) + first
    yield from _document(head + file.read(max(0, DOCUMENT_BYTES_MAX + 1 - len(head))), form, context)


def _bounded_lines(file: BinaryIO, line_bytes_max: int) -> Iterator[bytes]:
    while line := file.readline(line_bytes_max + 1):
        yield line
        if len(line) > line_bytes_max and not line.endswith(b"\n"):
            _skip_rest_of_line(file, line_bytes_max)


def _skip_rest_of_line(file: BinaryIO, chunk_bytes: int) -> None:
    while rest := file.readline(chunk_bytes):
        if rest.endswith(b"\n"):
            return


def _lines(
    lines: Iterable[bytes], number: int, form: str, line_bytes_max: int, context: Context
) -> Iterator[Read | Refused]:
    asked = "article" if form == JSONL else form
    before = ""
    for number, line in enumerate(lines, number):  # noqa: B020 – counts on from the blank lines before
        if len(line) > line_bytes_max and not line.endswith(b"\n"):
            reason = f"is longer than {line_bytes_max:,} bytes (STORYLINE_INGEST_LINE_BYTES_MAX)"
            yield Refused(number, "line", reason, line[:KEPT_BYTES_MAX], form)
        elif line.strip():
            format, results = document(line, asked, context)
            if format == AUTO and before:  # it says too little of itself: taken for what the lines before it were
                format, results = document(line, before, context)
            elif format != AUTO:
                before = format
            for result in results:
                if isinstance(result, Refusal):
                    yield Refused(number, result.field, result.reason, line, result.format)
                else:
                    yield Read(number, result, format)


def _document(data: bytes, form: str, context: Context) -> Iterator[Read | Refused]:
    format, results = document(data, form, context)
    kept = data if len(data) <= DOCUMENT_BYTES_MAX else data[:KEPT_BYTES_MAX]
    for place, result in enumerate(results, 1):
        if isinstance(result, Refusal):
            yield Refused(place, result.field, result.reason, kept, result.format, "item")
        else:
            yield Read(place, result, format)
