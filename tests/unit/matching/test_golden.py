"""Bytes that earlier versions wrote are read by this one. The files in `golden/` are frozen: add some, change none."""

from dataclasses import replace
from pathlib import Path

import msgpack
import pytest

from storyline.domain.matching import Index, Profile
from storyline.domain.matching.live import FORMAT, Live

from .wire import FIRE, FIRE_AGAIN, STRIKE, profile

GOLDEN = Path(__file__).parent / "golden"
ALL = sorted(GOLDEN.glob("index-*.msgpack"))
THIRD = profile(
    "Drei Tote in Tarnova", "Bei einem Brand in einem Lagerhaus starben drei Arbeiter.", language="de", hours=None
)


def made() -> Index:
    """The story of which the files of three articles tell, made by this version."""
    index = Index()
    for n, one in enumerate((FIRE, FIRE_AGAIN, THIRD), 1):
        index.join("s", f"urn:test:{n}", one, n)
    return index


def test_what_is_written_today_is_the_golden_value_of_this_format() -> None:
    golden = GOLDEN / f"index-{FORMAT}.msgpack"
    assert made().dump("s") == golden.read_bytes()


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_value_of_any_format_is_read_and_kept_as_it_is(path: Path) -> None:
    index = Index()
    index.load("s", path.read_bytes())
    assert index.dump("s") == path.read_bytes()
    assert index.members("s") == ("urn:test:1", "urn:test:2", "urn:test:3")[: len(index.members("s"))]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_story_of_any_format_is_found_compared_and_grows(path: Path) -> None:
    index = Index()
    index.load("s", path.read_bytes())
    decision = index.decide(FIRE_AGAIN)
    assert (decision.story_id, decision.method) == ("s", "body")
    assert index.decide(STRIKE).story_id is None
    index.join("s", "urn:test:9", FIRE_AGAIN, 9)
    assert msgpack.unpackb(index.dump("s"))[0] == FORMAT
    again = Index()
    again.load("s", index.dump("s"))
    assert again.members("s")[-1] == "urn:test:9"


def test_formats_say_the_same_of_what_they_have_in_common() -> None:
    """All but the facts, which came with format 4, and the directions, which came with format 3."""
    two, three, four = [Live.from_bytes("s", (GOLDEN / f"index-{n}.msgpack").read_bytes()) for n in (2, 3, 4)]
    assert two.members == three.members == four.members
    assert two.languages == three.languages == four.languages == {"en": 2, "de": 1}
    for one, other in ((two, three), (three, four)):
        assert one.body.packed() == other.body.packed() and one.title.packed() == other.title.packed()
        assert [each.time_ms for each in one.latest] == [each.time_ms for each in other.latest]
    assert not two.meaning.any() and three.meaning.any()
    assert three.meaning.tobytes() == four.meaning.tobytes()
    assert not any(each.facts for each in three.latest)


def test_a_profile_of_the_first_version_is_read_and_has_no_facts() -> None:
    old = Profile.from_bytes((GOLDEN / "profile-1.msgpack").read_bytes())
    assert old.facts == old.sent == b""
    assert (old.terms, old.weights, old.vector, old.time_ms) == (FIRE.terms, FIRE.weights, FIRE.vector, FIRE.time_ms)


def test_a_profile_of_a_later_version_with_a_field_more_is_read_without_it() -> None:
    format_, *fields = msgpack.unpackb(replace(FIRE, encoder="a model").to_bytes())
    later = msgpack.packb([format_, *fields, b"a field that this version doesn't know", {"nor": "this"}])
    assert Profile.from_bytes(later) == replace(FIRE, encoder="a model")
    assert (GOLDEN / "profile-later.msgpack").read_bytes() == later


@pytest.mark.parametrize(
    "value", [b"", b"\xc1", b"\x05", b"\xc0", b"\x90", b"\x93\x01\xa2en\x05", FIRE.to_bytes()[:40]]
)
def test_what_is_no_profile_is_a_value_error(value: bytes) -> None:
    with pytest.raises(ValueError, match="profile"):
        Profile.from_bytes(value)
