"""Values in Redis that aren't a topic's bytes: MessagePack lists that begin with the number of their format.

Within a major version fields are only appended: an older reader ignores what comes after those it knows, a newer
one gives missing ones their default.
"""

from collections.abc import Sequence
from typing import Any

import msgpack

from ...domain.ports import Assignment
from ...errors import StateLost
from ...record import Headers, Output

FORMAT = 1


def _pack(fields: Sequence[Any]) -> bytes:
    return bytes(msgpack.packb([FORMAT, *fields], use_bin_type=True))


def _unpack(packed: bytes, what: str) -> list[Any]:
    try:
        fields = msgpack.unpackb(packed, raw=False, strict_map_key=False)
    except (ValueError, msgpack.UnpackException) as error:
        raise StateLost(
            f"{what} in Redis can't be read ({error}): stop the services, run `storyline rebuild`"
        ) from None
    if not isinstance(fields, list) or not fields or fields[0] != FORMAT:
        raise StateLost(f"{what} in Redis has a format this version of storyline doesn't know: upgrade, or rebuild")
    return fields[1:]


def pack_outputs(outputs: Sequence[Output]) -> bytes:
    """Outputs, final; empty bytes for none."""
    if not outputs:
        return b""
    return _pack([[[o.topic, o.partition, o.key, o.value, [list(header) for header in o.headers]] for o in outputs]])


def unpack_outputs(packed: bytes | None) -> tuple[Output, ...]:
    """What `pack_outputs` packed. Raises StateLost for anything else."""
    if not packed:
        return ()
    (rows, *_) = _unpack(packed, "an outbox")
    return tuple(
        Output(topic, partition, key, value, _headers(headers)) for topic, partition, key, value, headers in rows
    )


def _headers(rows: Sequence[Sequence[Any]]) -> Headers:
    return tuple((name, content) for name, content in rows)


def pack_assignment(assignment: Assignment) -> bytes:
    """An assignment without its uri, which is in the key. Revisions go as text: a number may exceed 64 bits."""
    a = assignment
    kind, revision = a.revision
    fields = [
        a.story_id, a.placement, kind, str(revision), a.opened, a.canceled, a.score, a.runner_up, a.runner_up_score,
        a.method, a.at_ms, a.profile,
    ]  # fmt: skip
    return _pack(fields if a.space_pace is None else [*fields, a.space_pace])


def unpack_assignment(uri: str, packed: bytes) -> Assignment:
    """What `pack_assignment` packed. Raises StateLost for anything else."""
    fields = _unpack(packed, f"the assignment of {uri}")
    story_id, placement, kind, revision, opened, canceled, score, runner_up, runner_up_score, method, at_ms, profile = (
        fields[:12]
    )
    space_pace = fields[12] if len(fields) > 12 else None
    return Assignment(
        uri, story_id, placement, (kind, revision if kind else int(revision)), opened, canceled, score, runner_up,
        runner_up_score, method, at_ms, profile, space_pace,
    )  # fmt: skip
