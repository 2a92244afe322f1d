"""A drop folder: only whole files, each published once and put away, nothing lost while Kafka is away."""

import asyncio
import errno
import json
import os
import threading
from pathlib import Path

import pytest

from storyline.edges.ingest.files import Ingest
from storyline.edges.ingest.watching import Watch
from storyline.errors import Fatal, Transient

from .senders import Collecting, article, publishing


class Folder:
    """A watched folder with a clock of its own."""

    def __init__(self, path: Path, sender: Collecting | None = None) -> None:
        self.path, self.sender, self.now, self.said = path, sender or Collecting(), 0.0, list[str]()
        ingest = Ingest(publishing(self.sender), 10_000, 1_000_000, self.said.append)
        self.watch = Watch(ingest, path, 2.0, clock=lambda: self.now)

    def drop(self, name: str, content: bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    async def rounds(self, *steps_seconds: float) -> None:
        for step in steps_seconds:
            self.now += step
            await self.watch.round()

    def left(self, kind: str = "") -> list[str]:
        return sorted(
            one.name
            for one in (self.path / kind).rglob("*")
            if one.is_file() and (kind or not {"done", "failed"} & set(one.relative_to(self.path).parts))
        )


async def test_a_file_is_published_once_it_has_settled_and_moved_to_done(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.drop("a.json", article(1))
    await folder.rounds(0.0, 1.9)
    assert folder.sender.uris == [] and folder.left() == ["a.json"]
    await folder.rounds(0.2)
    assert folder.sender.uris == ["urn:example:1"]
    assert folder.left() == [] and folder.left("done") == ["a.json"]
    await folder.rounds(9.0)
    assert len(folder.sender.outputs) == 1


async def test_a_file_that_its_server_does_not_answer_for_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, lstat, stale = Folder(tmp_path), Path.lstat, [2]
    folder.drop("a.json", article(1))

    def flaky(path: Path) -> os.stat_result:
        if path.name == "a.json" and stale[0] > 0:
            stale[0] -= 1
            raise OSError(errno.ESTALE, "Stale file handle")
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", flaky)
    await folder.rounds(0.0, 1.0, 1.0, 2.0, 2.0)
    assert folder.sender.uris == ["urn:example:1"]


async def test_a_folder_that_cant_be_listed_is_told_once_until_it_can_and_what_is_in_it_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, listing, closed = Folder(tmp_path), os.scandir, {"desk"}
    folder.drop("desk/a.json", article(1))
    folder.drop("b.json", article(2))

    def refusing(path: str) -> object:
        if Path(path).name in closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", refusing)
    await folder.rounds(0.0, 2.0, 2.0)
    told = f"{tmp_path / 'desk'} can't be listed, what is in it waits: Permission denied"
    assert folder.said == [told] and folder.sender.uris == ["urn:example:2"]
    closed.clear()
    await folder.rounds(0.0, 2.0)
    assert folder.said == [told] and folder.sender.uris == ["urn:example:2", "urn:example:1"]
    closed.add("desk")
    await folder.rounds(0.0)
    assert folder.said == [told, told]


async def test_a_folder_that_is_removed_while_its_looked_at_is_nothing_to_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, listing = Folder(tmp_path), os.scandir
    (tmp_path / "desk").mkdir()

    def gone(path: str) -> object:
        if Path(path).name == "desk":
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", gone)
    await folder.rounds(0.0)
    assert folder.said == []


async def test_a_folder_that_answers_slowly_holds_up_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, replace, listing, opening, threads = Folder(tmp_path), Path.replace, os.scandir, Path.open, set[int]()
    folder.drop("a.json", article(1))

    def listed(path: str) -> object:
        threads.add(threading.get_ident())
        return listing(path)

    def moved(path: Path, place: Path) -> Path:
        threads.add(threading.get_ident())
        return replace(path, place)

    def opened(path: Path, mode: str) -> object:
        threads.add(threading.get_ident())
        return opening(path, mode)

    monkeypatch.setattr(os, "scandir", listed)
    monkeypatch.setattr(Path, "replace", moved)
    monkeypatch.setattr(Path, "open", opened)
    await folder.rounds(0.0, 2.0)
    assert threads and threading.get_ident() not in threads
    assert folder.left("done") == ["a.json"]


async def test_a_file_that_still_grows_is_waited_for(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    whole = article(1)
    for size in (10, 40, len(whole)):
        folder.drop("slow.json", whole[:size])
        await folder.rounds(1.9)
    assert folder.sender.outputs == []
    await folder.rounds(2.0)
    assert folder.sender.uris == ["urn:example:1"] and folder.left("failed") == []


@pytest.mark.parametrize("name", [".a.json", "a.json.part", "a.json.filepart", "a.json.tmp", "a.json~", ".in/a.json"])
async def test_a_file_under_an_unfinished_name_is_left_until_it_is_renamed(tmp_path: Path, name: str) -> None:
    folder = Folder(tmp_path)
    path = folder.drop(name, article(1))
    await folder.rounds(0.0, 100.0)
    assert folder.sender.outputs == [] and path.exists()
    path.rename(tmp_path / "a.json")
    await folder.rounds(0.0, 2.0)
    assert folder.sender.uris == ["urn:example:1"]


async def test_a_file_of_which_nothing_can_be_used_goes_to_failed_with_its_reason(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.drop("sub/half.xml", b"<newsItem><contentSet>")
    folder.drop("good.json", article(1))
    await folder.rounds(0.0, 2.0)
    assert folder.left("done") == ["good.json"]
    assert folder.left("failed") == ["half.xml", "half.xml.reasons.jsonl"]
    (reasons,) = (tmp_path / "failed").rglob("*.reasons.jsonl")
    assert "not well-formed" in json.loads(reasons.read_text())["reason"]


async def test_a_file_with_something_to_use_goes_to_done_and_says_what_was_refused(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.drop("mixed.jsonl", article(1) + b"{bad\n" + article(2))
    await folder.rounds(0.0, 2.0)
    assert folder.sender.uris == ["urn:example:1", "urn:example:2"]
    assert folder.left("done") == ["mixed.jsonl", "mixed.jsonl.reasons.jsonl"]


async def test_the_same_name_again_is_put_away_beside_the_first(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for n in (1, 2):
        folder.drop("wire.json", article(n))
        await folder.rounds(0.0, 2.0)
    assert folder.left("done") == ["wire-2.json", "wire.json"]


async def test_while_kafka_is_away_files_stay_and_then_all_are_published(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Collecting(away=2))
    for n in range(3):
        folder.drop(f"{n}.json", article(n))
    await folder.rounds(0.0)
    for _ in range(2):
        with pytest.raises(Transient):
            await folder.rounds(2.0)
        assert folder.left() == ["0.json", "1.json", "2.json"]
    await folder.rounds(2.0)
    assert sorted(folder.sender.uris) == [f"urn:example:{n}" for n in range(3)] and folder.left() == []


async def test_a_link_dropped_by_a_stranger_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_bytes(article("secret"))
    (tmp_path / "drop").mkdir()
    folder = Folder(tmp_path / "drop")
    (folder.path / "in.json").symlink_to(secret)
    await folder.rounds(0.0, 2.0)
    assert folder.sender.outputs == [] and "in.json" in folder.left("failed") and secret.exists()


async def test_it_ends_when_told_to(tmp_path: Path) -> None:
    folder, stop = Folder(tmp_path), asyncio.Event()
    running = asyncio.create_task(folder.watch.run(stop))
    stop.set()
    async with asyncio.timeout(5):
        await running


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="no folder"):
        Folder(tmp_path / "missing")


async def test_a_disk_without_room_holds_up_no_article_and_each_is_sent_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    folder.drop("a.json", article(1))
    await folder.rounds(0.0)
    with monkeypatch.context() as full:

        def no_room(*of: object, **more: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        full.setattr(Path, "mkdir", no_room)
        with pytest.raises(Transient, match=r"a\.json can't be put away: No space left on device"):
            await folder.rounds(2.0)
        (tmp_path / "b.json").write_bytes(article(2))
        for _ in range(3):
            with pytest.raises(Transient):
                await folder.rounds(2.0)
        assert folder.sender.uris == ["urn:example:1", "urn:example:2"]
        assert folder.left() == ["a.json", "b.json"]
    await folder.rounds(2.0)
    assert folder.left() == [] and folder.left("done") == ["a.json", "b.json"]
    assert len(folder.sender.outputs) == 2


async def test_what_is_written_anew_while_it_waits_to_be_put_away_is_sent_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    path = folder.drop("a.json", article(1))
    await folder.rounds(0.0)
    with monkeypatch.context() as locked:

        def refused(*of: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        locked.setattr(Path, "replace", refused)
        with pytest.raises(Transient, match="Permission denied"):
            await folder.rounds(2.0)
    path.write_bytes(article(2) + b"\n")
    await folder.rounds(2.0, 2.0)
    assert folder.sender.uris == ["urn:example:1", "urn:example:2"]
    assert folder.left("done") == ["a.json"]
