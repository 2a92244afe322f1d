"""Packed values: what was written by any version of this format is read by every other."""

from dataclasses import replace

import msgpack
import pytest

from storyline.domain.ports import Assignment
from storyline.errors import StateLost
from storyline.infra.redis.packing import (
    PAGE_BYTES_MAX,
    Outbox,
    outbox_of,
    pack_assignment,
    pack_outputs,
    pages_of,
    unpack_assignment,
    unpack_outputs,
)
from storyline.record import Output

ASSIGNMENT = Assignment("urn:a", "st-1", 7, (0, 3), True, False, 0.5, "st-2", 0.25, "body", 1_700, b"\x00\xff")
OUTPUT = Output("stories", 2, b"st-1", None, (("ce_id", b"\xff"),))

# Written by the first version. Never changed: a change here is a change that old data doesn't survive.
GOLDEN_ASSIGNMENT = bytes.fromhex(
    "9d01a473742d310700a133c3c2cb3fe0000000000000a473742d32cb3fd0000000000000a4626f6479cd06a4c40200ff"
)
# With the pace of its space, which came to the format later.
PACED = replace(ASSIGNMENT, space_pace=2.5)
GOLDEN_PACED = bytes.fromhex(
    "9e01a473742d310700a133c3c2cb3fe0000000000000a473742d32cb3fd0000000000000a4626f6479cd06a4c40200ffcb4004000000000000"
)
GOLDEN_OUTPUTS = bytes.fromhex("92019195a773746f7269657302c40473742d31c09192a563655f6964c401ff")


def test_an_assignment_is_written_and_read_as_ever() -> None:
    assert pack_assignment(ASSIGNMENT) == GOLDEN_ASSIGNMENT
    assert unpack_assignment("urn:a", GOLDEN_ASSIGNMENT) == ASSIGNMENT
    assert pack_assignment(PACED) == GOLDEN_PACED
    assert unpack_assignment("urn:a", GOLDEN_PACED) == PACED


def test_outputs_are_written_and_read_as_ever() -> None:
    assert pack_outputs([OUTPUT]) == GOLDEN_OUTPUTS
    assert unpack_outputs(GOLDEN_OUTPUTS) == (OUTPUT,)


def test_fields_that_a_newer_version_appends_are_ignored() -> None:
    newer = msgpack.packb([*msgpack.unpackb(GOLDEN_PACED), "a field of tomorrow", 1])
    assert unpack_assignment("urn:a", newer) == PACED


@pytest.mark.parametrize("bad", [b"", b"\xc1", b"not packed", msgpack.packb([2, "x"]), msgpack.packb({"a": 1})])
def test_what_cannot_be_read_is_lost_state_and_never_guessed(bad: bytes) -> None:
    with pytest.raises(StateLost, match="the assignment of urn:a"):
        unpack_assignment("urn:a", bad)


def test_no_outputs_are_no_bytes() -> None:
    assert pack_outputs([]) == b""
    assert unpack_outputs(None) == unpack_outputs(b"") == ()


def test_a_small_outbox_is_one_value_as_ever() -> None:
    assert outbox_of([OUTPUT]) == Outbox(GOLDEN_OUTPUTS)
    assert outbox_of([]) == Outbox(b"")
    assert pages_of(GOLDEN_OUTPUTS) is pages_of(b"") is pages_of(None) is None


def test_a_large_outbox_is_pages_of_bounded_size_that_only_who_knows_of_pages_reads() -> None:
    large = [replace(OUTPUT, key=b"%d" % n, value=b"x" * 1_000) for n in range(3_000)]
    outbox = outbox_of(large)
    assert max(map(len, outbox.pages)) <= PAGE_BYTES_MAX
    assert [each for page in outbox.pages for each in unpack_outputs(page)] == large
    assert pages_of(outbox.value) == (outbox.digest, len(outbox.pages))
    assert outbox.named == f"{outbox.digest}/{len(outbox.pages)}"
    with pytest.raises(StateLost, match="has a format this version of storyline doesn't know"):
        unpack_outputs(outbox.value)


def test_an_output_larger_than_a_page_has_one_of_its_own() -> None:
    huge = replace(OUTPUT, value=b"x" * (PAGE_BYTES_MAX + 1))
    assert [len(unpack_outputs(page)) for page in outbox_of([OUTPUT, huge, OUTPUT]).pages] == [1, 1, 1]
    assert outbox_of([huge]).pages == ()


def test_other_outputs_have_other_pages() -> None:
    """So nobody's can take the place of another's."""
    one, other = (outbox_of([replace(OUTPUT, value=value * PAGE_BYTES_MAX)] * 2) for value in (b"x", b"y"))
    assert one.digest != other.digest
