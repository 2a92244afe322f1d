"""Values in Redis that aren't a topic's bytes: MessagePack lists that begin with the number of their format.

Within a major version fields are only appended: an older reader ignores what comes after those it knows, a newer
one gives missing ones their default.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgpack

from ...domain.ports import Assignment
from ...errors import StateLost
from ...record import Headers, Output

FORMAT = 1
PAGED_FORMAT = 2
"""Of an outbox that lies in pages. Who knows the first format only refuses it, and doesn't take it for an empty one."""
PAGE_BYTES_MAX = 1 << 20
"""Of an outbox as one value; a single larger output excepted, which Kafka's limit bounds."""
_OUTPUT_BYTES = 64
"""What an output takes beside its key, value and headers, at most."""


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


@dataclass(frozen=True, slots=True)
class Outbox:
    """An outbox as Redis keeps it: small ones as one `value`; of others the `value` says where their `pages` are.

    They are named by `digest`, which follows from what they hold: nobody's pages can take the place of another's.
    """

    value: bytes
    digest: str = ""
    pages: Sequence[bytes] = ()

    @property
    def named(self) -> str:
        """The pages as the head names them: digest and number; empty if there are none."""
        return f"{self.digest}/{len(self.pages)}" if self.pages else ""


def outbox_of(outputs: Sequence[Output]) -> Outbox:
    """Outputs, final, in pages if they are many."""
    parts = list(_parts(outputs))
    if len(parts) < 2:
        return Outbox(pack_outputs(outputs))
    pages = [pack_outputs(part) for part in parts]
    digest = hashlib.blake2b(b"".join(pages), digest_size=16).hexdigest()
    return Outbox(bytes(msgpack.packb([PAGED_FORMAT, digest, len(pages)])), digest, pages)


def _parts(outputs: Sequence[Output]) -> Iterator[Sequence[Output]]:
    begin = size = 0
    for at, each in enumerate(outputs):
        headers = sum(len(name) + len(content) + _OUTPUT_BYTES for name, content in each.headers)
        length = len(each.topic) + len(each.key or b"") + len(each.value or b"") + headers + _OUTPUT_BYTES
        if at > begin and size + length > PAGE_BYTES_MAX:
            yield outputs[begin:at]
            begin, size = at, 0
        size += length
    yield outputs[begin:]


def pages_of(packed: bytes | None) -> tuple[str, int] | None:
    """Digest and number of the pages that an outbox's value names; None if it holds the outputs itself."""
    fields = msgpack.unpackb(packed) if packed and packed[:2] == _PAGED else None
    return (str(fields[1]), int(fields[2])) if fields else None


_PAGED = bytes([0x93, PAGED_FORMAT])
"""How such a value begins: a list of three, the first of them its format."""


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
