"""Logs for machines and for people: which story, article, record and trace a line is about; never an article's text.

An exception's own words may quote what it tripped over (a validator's do). So a traceback shows where, and the kind of
error; its text only if the error is one of ours, whose words name fields and not contents.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from .errors import Conflict, Fatal, Transient
from .terminal import safe

ABOUT = ("stage", "topic", "partition", "offset", "story", "version", "article", "trace_id")
"""What a call may say in `extra`; a name that isn't here is not written."""
OURS = (Transient, Conflict, Fatal)
LINE_CHARS_MAX = 8_000
"""More of a message is cut off: a log line is no place for a body."""

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def about(**known: str | int | None) -> dict[str, Any]:
    """The `extra` of a log call: those of ABOUT that are known. Raises KeyError for any other name."""
    wrong = known.keys() - set(ABOUT)
    if wrong:
        raise KeyError(f"{', '.join(sorted(wrong))}: a log line says {', '.join(ABOUT)}")
    return {name: value for name, value in known.items() if value is not None}


class Text(logging.Formatter):
    """A line for people: time, level, logger, message, without what their terminal would obey or take for a line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return safe(super().formatMessage(record))

    def formatException(self, ei: Raised) -> str:
        return where_raised(ei)


class JsonLines(logging.Formatter):
    """`{"time", "level", "logger", "message"}`, what is known of ABOUT, and where an error was raised, as `error`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:LINE_CHARS_MAX],
        }
        line |= {name: getattr(record, name) for name in ABOUT if hasattr(record, name)}
        if record.exc_info:
            line["error"] = where_raised(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def where_raised(raised: Raised) -> str:
    """The frames of an exception and of what caused it, and their kinds, without their words."""
    said: list[str] = []
    error: BaseException | None = raised[1]
    while error is not None and len(said) < 8:
        frames = "".join(traceback.format_tb(error.__traceback__))
        words = f": {' '.join(str(error).split())}" if isinstance(error, OURS) else ""
        said.append(f"Traceback (most recent call last):\n{frames}{type(error).__name__}{words}")
        error = error.__cause__ or error.__context__
    return "\nafter\n".join(said)
