"""Where files come from: paths, folders with all that is under them, archives, standard input. One open at a time.

Nothing is unpacked to disk. What an archive says of itself is not believed: bytes are counted as they come out.
"""

import bz2
import gzip
import io
import lzma
import os
import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Self, cast

from .piping import Pipe
from .readers.base import Unreadable
from .reading import Refused

STDIN = "-"
MEMBERS_MAX = 100_000
"""Most members of one archive."""
LIST_BYTES_MAX = 32_000_000
"""Largest list of members at a zip's end, 320 bytes for each of MEMBERS_MAX; the library reads it whole into memory."""
HEADER_BYTES_MAX = 1_000_000
"""Largest header of a tar's member; the library reads each into memory."""
RATIO_MAX = 250
"""Most bytes that may come out of an archive for each byte of it: wires compress to a tenth, bombs to a thousandth."""
RATIO_FREE_BYTES = 8 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError,
           RuntimeError, ValueError)  # fmt: skip
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}
_TAR_MAGIC_AT = 257
_TAR_ENDS = (tarfile.EOFHeaderError, tarfile.EmptyHeaderError)  # type: ignore[attr-defined]
"""With the zeros that should be there, and without."""
_HEADERS = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME,
            tarfile.GNUTYPE_LONGLINK)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. `name` is its path below what was asked for, with `!` before a member of an archive.

    `problem` is set instead of `open` where the file can't be looked at. Members of an archive must be read in order.
    """

    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]] | None = None
    modified_at: datetime | None = None
    problem: Refused | None = None
    idle: Callable[[], bool] = lambda: False
    """Whether the next article would have to be waited for."""


def sources(path: str | Path, archive_bytes_max: int) -> Iterator[Source]:
    """Every file of a path: itself, or what is under it, by name; hidden files (`.…`) are left out as unfinished.

    `archive_bytes_max`: most bytes taken out of one archive. A link below a folder is refused, not followed.
    """
    if str(path) == STDIN:
        pipe = Pipe(sys.stdin.fileno())
        yield Source("stdin", lambda: nullcontext(cast(BinaryIO, pipe)), datetime.now(UTC), idle=lambda: pipe.idle)
        return
    path = Path(path)
    if not path.is_dir():
        yield from file_sources(path, path.name, archive_bytes_max)
        return
    unread: list[OSError] = []
    for file in _walk(path, unread.append):
        yield from file_sources(file, file.relative_to(path).as_posix(), archive_bytes_max, below=True)
    for error in unread:
        name = Path(error.filename).relative_to(path).as_posix()
        yield _problem(name, f"can't be listed, nothing in it was read: {error.strerror or error}", "folder")


def _walk(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    for here, folders, names in os.walk(folder, onerror=on_error):
        links = [one for one in folders if (Path(here) / one).is_symlink()]
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in links)
        yield from (Path(here) / name for name in sorted([*names, *links]) if not name.startswith("."))


def file_sources(path: Path, name: str, archive_bytes_max: int, *, below: bool = False) -> Iterator[Source]:
    """One file, or the members of the archive that it is. `below`: it was found in a folder, nobody named it."""
    try:
        status = path.lstat() if below else path.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "a symbolic link" if stat.S_ISLNK(status.st_mode) else "no regular file"
            yield _problem(name, f"is {what}, and is not read")
            return
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        yield _problem(name, f"can't be read: {error.strerror or error}")
        return
    modified_at = _moment(status.st_mtime)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _zip(path, name, _Budget(archive_bytes_max, status.st_size))
    elif head[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar" or any(head.startswith(magic) for magic in _PACKED):
        yield from _packed(path, name, head, modified_at, _Budget(archive_bytes_max, status.st_size))
    else:
        yield Source(name, lambda: path.open("rb"), modified_at)


def _problem(name: str, reason: str, field: str = "file") -> Source:
    return Source(name, problem=Refused(1, field, reason, b"", "auto", "file"))


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


class _Budget:
    """What may still come out of one archive."""

    def __init__(self, bytes_max: int, packed_bytes: int) -> None:
        self._bytes_max = bytes_max
        self._ratio_max = packed_bytes * RATIO_MAX + RATIO_FREE_BYTES
        self._taken = 0

    def take(self, count: int) -> None:
        """Raises Unreadable when it is too much."""
        self._taken += count
        if self._taken > self._bytes_max:
            raise Unreadable("archive", f"unpacks to more than {self._bytes_max:,} bytes"
                             " (STORYLINE_INGEST_ARCHIVE_BYTES_MAX)")  # fmt: skip
        if self._taken > self._ratio_max:
            raise Unreadable("archive", f"unpacks to more than {RATIO_MAX} times its size: it looks like a bomb")

    @property
    def spent(self) -> bool:
        return self._taken > min(self._bytes_max, self._ratio_max)


class _Counted(io.RawIOBase):
    """A stream out of an archive: counted as it comes out, and its many kinds of errors as one."""

    def __init__(self, inner: BinaryIO, budget: _Budget) -> None:
        self._inner, self._budget = inner, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except _BROKEN as error:
            raise Unreadable("archive", f"is broken: {error}"[:200]) from error
        self._budget.take(len(data))
        buffer[: len(data)] = data
        return len(data)


def _counted(inner: BinaryIO, budget: _Budget) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Counted(inner, budget), 64 * 1024))


def _outside(member: str) -> bool:
    """Whether a member's name leaves the folder it would be unpacked into."""
    parts = PurePosixPath(member.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or (len(member) > 1 and member[1] == ":") or "\x00" in member


class _Listed(io.BufferedReader):
    """A zip whose list of members, which the library reads in one go, is at most LIST_BYTES_MAX."""

    listed = False
    """Whether that list has been read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if not self.listed and size is not None and size > LIST_BYTES_MAX:
            raise Unreadable("archive", f"lists its members in {size:,} bytes, of which at most {LIST_BYTES_MAX:,} are"
                             " read; send it in parts")  # fmt: skip
        return super().read(size)


def _zip(path: Path, name: str, budget: _Budget) -> Iterator[Source]:
    try:
        with _Listed(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
            file.listed = True
            members = [one for one in archive.infolist() if not one.is_dir()]
            for number, member in enumerate(members):
                if number >= MEMBERS_MAX or budget.spent:
                    yield _cut_short(name, len(members) - number, budget)
                    return
                yield _zip_member(archive, member, f"{name}!{member.filename}", budget)
    except Unreadable as problem:
        yield _problem(name, problem.reason, "archive")
    except _BROKEN as error:
        yield _problem(name, f"is a broken zip archive: {error}"[:200], "archive")


def _zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: _Budget) -> Source:
    if _outside(member.filename):
        return _problem(name, "names a place outside the archive", "archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        return _problem(name, "is a symbolic link, and is not read")

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        try:
            inner = archive.open(member)
        except _BROKEN as error:  # encrypted, an unknown compression, a header that lies
            raise Unreadable("archive", f"can't be unpacked: {error}"[:200]) from error
        with inner:
            yield _counted(cast(BinaryIO, inner), budget)

    try:
        modified_at = datetime(*member.date_time, tzinfo=UTC)
    except ValueError:
        modified_at = None
    return Source(name, opened, modified_at)


def _cut_short(name: str, left: int, budget: _Budget) -> Source:
    why = "it unpacks to too much" if budget.spent else f"it has more than {MEMBERS_MAX:,} members"
    return _problem(name, f"{left:,} members were not read: {why}", "archive")


@contextmanager
def _unpacked(path: Path, head: bytes, budget: _Budget) -> Iterator[BinaryIO]:
    openers: dict[str, Callable[..., Any]] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
    kind = next((kind for magic, kind in _PACKED.items() if head.startswith(magic)), None)
    with path.open("rb") if kind is None else openers[kind](path, "rb") as inner:
        yield _counted(cast(BinaryIO, inner), budget)


def _packed(path: Path, name: str, head: bytes, modified_at: datetime | None, budget: _Budget) -> Iterator[Source]:
    """A tar archive, compressed or not, or a single compressed file."""
    try:
        with _unpacked(path, head, budget) as probe:
            is_tar = probe.read(512)[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar"
    except Unreadable as problem:
        yield _problem(name, problem.reason, "archive")
        return
    if not is_tar:
        yield Source(name, lambda: _unpacked(path, head, budget), modified_at)
        return
    try:
        with (
            _unpacked(path, head, budget) as stream,
            tarfile.open(fileobj=stream, mode="r|", tarinfo=_Member) as archive,
        ):
            yield from _tar_members(archive, name, budget)
    except Unreadable as problem:
        yield _problem(name, problem.reason, "archive")
    except _BROKEN as error:
        yield _problem(name, f"is a broken tar archive: {error}"[:200], "archive")


class _Member(tarfile.TarInfo):
    """A member whose header is bounded, and damaged rather than the archive's end if it can't be read."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        found = super().frombuf(buf, encoding, errors)
        if found.type in _HEADERS and found.size > HEADER_BYTES_MAX:
            raise tarfile.ReadError(f"it has a header of {found.size:,} bytes")
        return found

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except _TAR_ENDS:
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from None


def _tar_members(archive: tarfile.TarFile, name: str, budget: _Budget) -> Iterator[Source]:
    for number, member in enumerate(archive):
        if number >= MEMBERS_MAX:
            yield _problem(name, f"only its first {MEMBERS_MAX:,} members were read", "archive")
            return
        full = f"{name}!{member.name}"
        if member.isdir():
            continue
        if _outside(member.name):
            yield _problem(full, "names a place outside the archive", "archive")
        elif not member.isreg():
            yield _problem(full, "is a link or a device, and is not read")
        else:
            inner = archive.extractfile(member)
            assert inner is not None  # a regular file has content
            # The bytes were counted when they came out of the compression; here errors are translated only.
            body = _counted(cast(BinaryIO, inner), _Budget(member.size, member.size))
            yield Source(full, lambda body=body: nullcontext(body), _moment(member.mtime))  # type: ignore[misc]
