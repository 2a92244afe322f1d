"""The 207 files that agencies produced, in place: read as checked by hand, or refused with the reason."""

from pathlib import Path

import pytest

from storyline.edges.ingest.readers import FORMATS, Refusal, read, recognise
from storyline_schemas import Article, PubStatus

from ...bench.mutated_wires import run
from .facts import RECEIVED_AT, WIRE, expected, facts_of, files

FILES = files()
needs_wire = pytest.mark.skipif(not FILES, reason="the real wire files (../shared/data/wire) are not on this machine")
REUTERS = "superdesk-core/tests/io/fixtures/tag_reuters.com_2016_newsml_L1N14N0FF_version_"


def articles(name: str) -> list[Article]:
    results = read((WIRE / name).read_bytes(), received_at=RECEIVED_AT)
    return [result for result in results if isinstance(result, Article)]


@needs_wire
def test_every_file_of_the_manifest_has_an_expectation() -> None:
    assert {row["file"] for row in expected()} == {str(file.relative_to(WIRE)) for file in FILES}


@needs_wire
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_read_as_it_was_checked_by_hand(file: Path) -> None:
    name = str(file.relative_to(WIRE))
    assert list(facts_of(file)) == [row for row in expected() if row["file"] == name]


@needs_wire
def test_the_format_is_told_by_content_and_reading_by_its_name_gives_the_same() -> None:
    for file in FILES:
        data = file.read_bytes()
        format = recognise(data)
        if format is not None:
            assert list(read(data, format=format)) == list(read(data)), file.name


@needs_wire
def test_versions_of_one_reuters_item_have_one_uri_and_the_later_is_higher() -> None:
    (first,), (last,) = articles(f"{REUTERS}978556838"), articles(f"{REUTERS}1542761538")
    assert first.uri == last.uri and first.revision < last.revision
    assert first.pub_status is PubStatus.USABLE and last.pub_status is PubStatus.CANCELED


def filed_again(name: str, *changes: tuple[bytes, bytes]) -> list[Article]:
    """A real file and the same as its agency would file it the next time: one uri, the later version higher."""
    data = (WIRE / "superdesk-core/tests/io/fixtures" / name).read_bytes()
    results = list(read(data, received_at=RECEIVED_AT))
    for old, new in changes:
        assert old in data, f"{name} no longer holds {old!r}"
        data = data.replace(old, new)
    return [one for one in (*results, *read(data, received_at=RECEIVED_AT)) if isinstance(one, Article)]


@needs_wire
def test_a_second_writethru_of_an_ap_story_is_a_version_of_it() -> None:
    first, second = filed_again("anpa-2.tst", (b"1st Ld", b"2nd Ld"), (b"0745GMT", b"0912GMT"))
    assert first.uri == second.uri and first.revision < second.revision
    assert second.correction is not None and "2nd Ld" in (second.editorial_note or "")


@needs_wire
def test_a_refile_of_a_dpa_story_is_a_version_of_it() -> None:
    first, second = filed_again("dpa_four_line.txt", (b"1ST LEAD", b"2ND LEAD"))
    assert first.uri == second.uri and first.revision < second.revision
    assert first.correction is not None and first.correction.severity == "correction"
    assert "REFILE" in (first.editorial_note or "")


@needs_wire
def test_no_markup_and_no_sign_off_is_left_in_any_body() -> None:
    for file in FILES:
        for result in read(file.read_bytes()):
            if isinstance(result, Article):
                paragraphs = result.body.split("\n\n")
                assert not any(line.startswith(("<p", "<div", "</")) for line in paragraphs), file.name
                assert paragraphs[-1].strip("()-. ").upper() not in ("ENDS", "END", "MORE", "MORE TO COME"), file.name


def test_refusals_say_what_and_why() -> None:
    for row in expected():
        if row["refused_field"]:
            assert len(row["refused_reason"].split()) >= 3


def test_every_format_of_the_registry_says_what_it_is() -> None:
    assert all(name == format.name and format.about for name, format in FORMATS.items())
    assert Refusal("x", "y", "z") == Refusal("x", "y", "z")


@needs_wire
def test_mutated_real_files_are_read_or_refused() -> None:
    assert run(FILES, 150, seed=7)["wrong"] == []
