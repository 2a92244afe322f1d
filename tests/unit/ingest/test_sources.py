"""Files, folders and archives: what is under a path, in order, and what no archive may do."""

import bz2
import errno
import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyline.edges.ingest import sources as module
from storyline.edges.ingest.files import Ingest
from storyline.edges.ingest.refused import safe_name
from storyline.edges.ingest.sending import Nowhere, Publishing
from storyline.edges.ingest.sources import Source, sources
from storyline.edges.ingest.tally import Tally
from storyline.errors import Fatal
from storyline_schemas import PartitionCounts

MB = 1_000_000


def article(n: int, **fields: object) -> bytes:
    value = {
        "uri": f"urn:example:{n}", "headline": "Bridge closed", "version_created": "2026-01-02T03:04:05Z",
        "provider": {"name": "Example Wire"}, "language": "en", **fields,
    }  # fmt: skip
    return json.dumps(value).encode() + b"\n"


async def ingested(*paths: Path, refused: Path | None = None, archive_bytes_max: int = 100 * MB) -> Tally:
    ingest = Ingest(
        Publishing(Nowhere(), PartitionCounts(), 100), MB, archive_bytes_max, lambda line: None, refused=refused
    )
    await ingest.paths(*paths)
    return ingest.tally


def names(path: Path) -> list[str]:
    return [source.name for source in sources(path, 100 * MB)]


def reasons(tally: Tally) -> str:
    return " | ".join(f"{field}: {reason}" for _, field, reason in tally.reasons)


def test_a_folder_gives_all_files_under_it_by_name_and_leaves_hidden_ones_out(tmp_path: Path) -> None:
    for name in ("b.xml", "a/z.json", "a/b/y.txt", ".part.xml", ".tmp/x.xml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(article(1))
    assert names(tmp_path) == ["b.xml", "a/z.json", "a/b/y.txt"]


async def test_a_link_below_a_folder_is_refused_and_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_bytes(article(1))
    drop = tmp_path / "drop"
    (drop / "in").mkdir(parents=True)
    (drop / "link.json").symlink_to(secret)
    (drop / "folder").symlink_to(tmp_path)
    tally = await ingested(drop)
    assert (tally.published, tally.refused) == (0, 2)
    assert "symbolic link" in reasons(tally)


async def test_a_file_that_cannot_be_opened_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(article(1))
    (tmp_path / "b.json").write_bytes(article(2))
    listed = list(sources(tmp_path, MB))
    (tmp_path / "a.json").unlink()
    ingest = Ingest(Publishing(Nowhere(), PartitionCounts(), 100), MB, MB, lambda line: None)
    await ingest.sources(iter(listed))
    assert (ingest.tally.published, ingest.tally.refused) == (1, 1)
    assert "No such file" in reasons(ingest.tally)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


TWO = {"a/one.json": article(1), "two.jsonl": article(2) + article(3)}


@pytest.mark.parametrize(
    ("name", "content", "published"),
    [
        ("wire.zip", zipped(TWO), 3),
        ("wire.tar.gz", tarred(TWO), 3),
        ("wire.tar", tarred(TWO, "w"), 3),
        ("wire.tar.xz", tarred(TWO, "w:xz"), 3),
        ("wire.tbz", tarred(TWO, "w:bz2"), 3),
        ("wire.jsonl.gz", gzip.compress(article(1) + article(2)), 2),
        ("wire.jsonl.bz2", bz2.compress(article(1)), 1),
        ("named wrongly.xml", zipped(TWO), 3),
    ],
)
async def test_archives_are_known_by_content_and_read(
    tmp_path: Path, name: str, content: bytes, published: int
) -> None:
    (tmp_path / name).write_bytes(content)
    tally = await ingested(tmp_path)
    assert (tally.published, tally.refused) == (published, 0)


@pytest.mark.parametrize("name", ["../evil.json", "/etc/evil.json", "a/../../evil.json", "..\\evil.json", "C:\\evil"])
@pytest.mark.parametrize("pack", [zipped, tarred])
async def test_a_member_that_names_a_place_outside_is_refused_and_nothing_is_written_there(
    tmp_path: Path, name: str, pack: object
) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "archive"
    path.write_bytes(pack({name: article(1), "good.json": article(2)}))  # type: ignore[operator]
    tally = await ingested(path, refused=tmp_path / "in" / "refused")
    assert (tally.published, tally.refused) == (1, 1)
    assert "outside the archive" in reasons(tally)
    assert not list(tmp_path.rglob("evil*")) or all((tmp_path / "in") in one.parents for one in tmp_path.rglob("evil*"))


def bomb_zip() -> bytes:
    return zipped({f"{n}.json": b" " * 60 * MB for n in range(2)})


@pytest.mark.parametrize(
    "content", [bomb_zip(), gzip.compress(b"[" * 60 * MB), tarred({"bomb": b"\0" * 60 * MB})], ids=["zip", "gz", "tar"]
)
async def test_what_unpacks_to_far_more_than_its_size_is_refused_as_a_bomb(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(content)
    taken = 0
    real = module._Budget.take

    def counting(budget: module._Budget, count: int) -> None:
        nonlocal taken
        taken += count
        real(budget, count)

    module._Budget.take = counting  # type: ignore[method-assign]
    try:
        tally = await ingested(path)
    finally:
        module._Budget.take = real  # type: ignore[method-assign]
    assert tally.published == 0 and tally.refused >= 1
    assert taken < 45 * MB


async def test_an_archive_over_the_bound_is_refused_and_names_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n}.json": article(n, body="word " * 200) for n in range(50)}))
    tally = await ingested(path, archive_bytes_max=20_000)
    assert 0 < tally.published < 50
    assert "STORYLINE_INGEST_ARCHIVE_BYTES_MAX" in reasons(tally) and "members were not read" in reasons(tally)


async def test_an_archive_with_too_many_members_says_how_many_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MEMBERS_MAX", 3)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n}.json": article(n) for n in range(5)}))
    tally = await ingested(path)
    assert tally.published == 3
    assert "2 members were not read: it has more than 3 members" in reasons(tally)


async def test_a_zip_whose_list_of_members_is_too_large_is_refused_without_its_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n}.json": article(n, body="word " * 200) for n in range(5)}))
    monkeypatch.setattr(module, "LIST_BYTES_MAX", 5 * len("0.json") + 5 * 46)
    assert (await ingested(path)).published == 5
    monkeypatch.setattr(module, "LIST_BYTES_MAX", 5 * len("0.json") + 5 * 46 - 1)
    monkeypatch.setattr(zipfile.ZipInfo, "__init__", None)
    tally = await ingested(path)
    assert (tally.published, tally.refused) == (0, 1)
    assert reasons(tally) == "archive: lists its members in 260 bytes, of which at most 259 are read; send it in parts"


async def test_a_member_may_be_larger_than_the_list_of_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("0.json", article(0, body="word " * 20_000))
    monkeypatch.setattr(module, "LIST_BYTES_MAX", 100)
    assert (await ingested(path)).published == 1


def broken() -> Iterator[tuple[str, bytes]]:
    for name, whole in (("zip", zipped(TWO)), ("tgz", tarred(TWO)), ("gz", gzip.compress(article(1) * 50))):
        yield f"half a {name}", whole[: len(whole) // 2]
        yield f"flipped {name}", whole[:40] + bytes(255 - byte for byte in whole[40:60]) + whole[60:]


@pytest.mark.parametrize(("name", "content"), [pytest.param(*one, id=one[0]) for one in broken()])
async def test_a_broken_archive_is_refused_with_the_reason(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "archive"
    path.write_bytes(content)
    assert (await ingested(path)).refused >= 1


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("damage", ["flipped", "cut off"])
async def test_a_tar_that_is_damaged_between_two_members_is_not_taken_for_one_that_ends_there(
    tmp_path: Path, mode: str, damage: str
) -> None:
    whole = tarred({f"{n}.json": article(n) for n in range(3)}, "w")
    second = 1024  # after a header and a block
    harmed = whole[:second] + b"\xff" * 100 + whole[second + 100 :] if damage == "flipped" else whole[: second + 300]
    path = tmp_path / "archive"
    path.write_bytes(gzip.compress(harmed) if mode == "w:gz" else harmed)
    tally = await ingested(path)
    assert (tally.published, tally.refused) == (1, 1)
    assert "is a broken tar archive" in reasons(tally)


async def test_a_tar_without_the_zeros_that_should_end_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred({"1.json": article(1)}, "w")[:1024])
    tally = await ingested(tmp_path)
    assert (tally.published, tally.refused) == (1, 0)


@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
async def test_a_tar_whose_names_are_large_is_refused_without_their_being_read(tmp_path: Path, format: int) -> None:
    """They would lie in memory whole, and only what all of the archive unpacks to would bound them."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        info = tarfile.TarInfo("n" * 2 * MB)
        archive.addfile(info)
    (tmp_path / "a.tar").write_bytes(out.getvalue())
    tally = await ingested(tmp_path)
    assert (tally.published, tally.refused) == (0, 1)
    assert "has a header of 2,0" in reasons(tally)


async def test_an_archive_in_an_archive_is_refused_as_no_format(tmp_path: Path) -> None:
    path = tmp_path / "outer.zip"
    path.write_bytes(zipped({"inner.zip": zipped(TWO)}))
    tally = await ingested(path)
    assert (tally.published, tally.refused) == (0, 1)


async def test_a_link_in_a_tar_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("passwd.json")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    (tmp_path / "a.tar").write_bytes(out.getvalue())
    assert "a link or a device" in reasons(await ingested(tmp_path))


async def test_refused_lines_and_documents_are_kept_as_they_came_with_their_reasons(tmp_path: Path) -> None:
    wire, kept = tmp_path / "wire", tmp_path / "kept"
    (wire / "sub").mkdir(parents=True)
    (wire / "lines.jsonl").write_bytes(article(1) + b"{bad\n" + article(2) + b"{worse\n")
    (wire / "sub" / "half.xml").write_bytes(b"<newsItem><contentSet>")
    tally = await ingested(wire, refused=kept)
    assert (tally.published, tally.refused) == (2, 3)
    assert (kept / "lines.jsonl.refused").read_bytes() == b"{bad\n{worse\n"
    said = [json.loads(line) for line in (kept / "lines.jsonl.reasons.jsonl").read_bytes().splitlines()]
    assert [one["line"] for one in said] == [2, 4] and all("is not JSON" in one["reason"] for one in said)
    (document,) = [one for one in kept.iterdir() if one.name.endswith("sub_half.xml")]
    assert document.read_bytes() == b"<newsItem><contentSet>"
    (reason,) = (kept / f"{document.name}.reasons.jsonl").read_bytes().splitlines()
    assert json.loads(reason)["file"] == "sub/half.xml"


def test_nothing_is_kept_and_no_folder_made_when_nothing_is_refused(tmp_path: Path) -> None:
    assert list(sources(tmp_path, MB)) == []
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b", "..", "x" * 400, "wire.zip!../../x", "a\nb", ".hidden", ""]
)
def test_a_kept_file_never_leaves_its_folder_whatever_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / safe_name(name)
    assert path.parent == tmp_path and path.name not in ("", ".", "..") and len(path.name) < 200
    path.write_bytes(b"x")
    assert path.resolve().parent == tmp_path.resolve()


def test_different_names_are_kept_apart() -> None:
    assert len({safe_name(name) for name in ("a/b.xml", "a_b.xml", "a!b.xml")}) == 3


def test_a_source_says_its_problem_instead_of_opening() -> None:
    assert Source("x").open is None


async def test_what_is_refused_of_two_files_of_one_name_is_kept_of_both(tmp_path: Path) -> None:
    files = [tmp_path / folder / "wire.jsonl" for folder in "ab"]
    for file in files:
        file.parent.mkdir()
        file.write_bytes(article(1) + b"{bad " + file.parent.name.encode() + b"\n")
    kept = tmp_path / "kept"
    await ingested(*files, refused=kept)
    assert {path.name: path.read_bytes() for path in kept.glob("*.refused")} == {
        "wire.jsonl.refused": b"{bad a\n", "wire-2.jsonl.refused": b"{bad b\n",
    }  # fmt: skip
    await ingested(*files, refused=kept)
    assert len(list(kept.iterdir())) == 4


async def test_a_folder_below_that_cant_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "one.json").write_bytes(article(1))
    listing = os.scandir

    def refusing(path: str) -> object:
        if os.fspath(path).endswith("closed"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", refusing)
    tally = await ingested(tmp_path)
    assert (tally.published, tally.refused) == (1, 1)
    assert reasons(tally) == "folder: can't be listed, nothing in it was read: Permission denied"


async def test_a_folder_that_cant_keep_what_is_refused_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "kept").write_text("a file, no folder")
    with pytest.raises(Fatal, match=r"can't be kept in .*kept: .*what is sent twice changes nothing"):
        await ingested(tmp_path / "broken.json", refused=tmp_path / "kept")
