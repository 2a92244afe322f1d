"""Server-sent events: frames, and ids from which a stream goes on after any restart.

A story's events have its version as id. The events of all stories have the positions of `story-updates` after them:
one offset a partition, with dots between.
"""

import json
import re
from typing import Any

from storyline_schemas.base import format_time, from_ms

from .view import Row, Version

RETRY_MS = 2_000
HEARTBEAT = b": still here\n\n"
_POSITION = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18}){0,999}")


def frame(event: str, data: dict[str, Any], id: str = "") -> bytes:
    """One event. JSON keeps the data on one line, whatever characters are in it."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return (f"id: {id}\n" if id else "").encode() + f"event: {event}\ndata: {text}\n\n".encode()


def hello() -> bytes:
    """What a stream begins with: how soon to come back after a break. The padding makes buffering proxies let go."""
    return f"retry: {RETRY_MS}\n: {' ' * 1024}\n\n".encode()


def version_event(row: Row, version: Version) -> bytes:
    """A story has a new version; the headline is the story's present one."""
    return frame("version", _described(row, version), str(version.number))


def story_event(row: Row, version: Version | None, position: tuple[int, ...]) -> bytes:
    """The same among all stories."""
    return frame("story", _described(row, version), position_id(position))


def merged_event(row: Row) -> bytes:
    """The story goes on as another one."""
    return frame("merged", {"id": row.id, "redirect_to": row.redirect_to, "url": f"/stories/{row.redirect_to}"})


def reset_event(position: tuple[int, ...]) -> bytes:
    """What happened in between isn't known any more: read the whole again. From here on nothing is missing."""
    return frame("reset", {}, position_id(position))


def _described(row: Row, version: Version | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": row.id, "version": version.number if version else row.version, "headline": row.headline,
        "language": row.language, "status": row.status, "article_count": row.article_count, "url": f"/stories/{row.id}",
    }  # fmt: skip
    if version is not None:
        shown |= {
            "updated_at": format_time(from_ms(version.at_ms)), "kind": version.kind, "level": version.level,
            "summary": version.summary_shown(row.live),
        }  # fmt: skip
    return shown


def position_id(position: tuple[int, ...]) -> str:
    return ".".join(map(str, position))


def read_position(id: str) -> tuple[int, ...] | None:
    """The positions that an event id names; None if it names none."""
    return tuple(int(each) for each in id.split(".")) if _POSITION.fullmatch(id) else None


def read_version(id: str) -> int | None:
    """The version that an event id names; None if it names none."""
    return int(id) if re.fullmatch(r"[0-9]{1,9}", id) else None
