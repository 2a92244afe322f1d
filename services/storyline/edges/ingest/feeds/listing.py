"""Which feeds: an OPML file, or a list with an address a line (`#` begins a remark)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ....errors import Fatal
from ..readers import xmltools
from ..readers.base import Unreadable

FEEDS_MAX = 200_000
FILE_BYTES_MAX = 64 * 1024 * 1024
_URL_CHARS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to poll. `host` is what politeness counts by: name and port."""

    url: str
    host: str


def feeds_of(path: Path) -> tuple[list[Feed], list[str]]:
    """Each feed once, in the order of the file; and a line for each entry that is none. Raises Fatal."""
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise Fatal(f"{path} is larger than {FILE_BYTES_MAX // 2**20} MB: it is no list of feeds")
        data = path.read_bytes()
    except OSError as error:
        raise Fatal(f"the list of feeds {path} can't be read: {error.strerror or error}") from None
    found: dict[str, Feed] = {}
    wrong: list[str] = []
    for place, url in _entries(path, data):
        feed = _feed(url)
        if feed is None:
            wrong.append(f"{path.name}, {place}: {url[:100]!r} is no http or https address")
        else:
            found.setdefault(feed.url, feed)
    if not found:
        raise Fatal(f"{path} names no feed; write an address a line, or OPML with xmlUrl")
    if len(found) > FEEDS_MAX:
        raise Fatal(f"{path} names {len(found):,} feeds; at most {FEEDS_MAX:,} are polled by one process")
    return list(found.values()), wrong


def _entries(path: Path, data: bytes) -> Iterator[tuple[str, str]]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        try:
            root = xmltools.parse(data, "opml")
        except Unreadable as problem:
            raise Fatal(f"{path}: {problem.reason}") from None
        for number, outline in enumerate(root.iter("outline"), 1):
            if url := outline.get("xmlUrl") or outline.get("xmlurl"):
                yield f"outline {number}", url.strip()
        return
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        url = line.split(" #")[0].strip()
        if url and not url.startswith("#"):
            yield f"line {number}", url


def _feed(url: str) -> Feed | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or len(url) > _URL_CHARS_MAX or not url.isprintable():
        return None
    return Feed(url, f"{host}:{port or (443 if parts.scheme == 'https' else 80)}")
