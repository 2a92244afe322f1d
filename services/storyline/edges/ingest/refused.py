"""What is refused is kept: the lines, or the file as it came, and beside it NAME.reasons.jsonl.

Lines go to NAME.refused, one below the other, so that mending them and sending that file again is all it takes.
"""

import hashlib
import itertools
import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from ...errors import Fatal
from .reading import Refused

_SAFE_CHARS_MAX = 150


def safe_name(name: str) -> str:
    """A file's name for any name: no folder, nothing hidden, no control character; different names stay different."""
    safe = re.sub(r"[^\w.@+-]", "_", name).lstrip(".") or "_"
    if safe == name and len(safe) <= _SAFE_CHARS_MAX:
        return safe
    digest = hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    return f"{digest}-{safe[-_SAFE_CHARS_MAX:]}"


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """The file's name, or the next one with a number that isn't taken: nothing that was put away is written over."""
    path, free = Path(name), name
    for number in itertools.count(2):
        if not is_taken(free):
            break
        free = f"{path.stem}-{number}{path.suffix}"
    return free


class RefusedFile:
    """Writes only when there is something to keep. `directory` None keeps nothing.

    `taken` has the names that this run has kept something under: of two files of one name the second gets a number.
    """

    def __init__(self, directory: Path | None, name: str, taken: set[str]) -> None:
        self._directory = directory
        self._name = name
        self._taken = taken
        self._kept_as = ""
        self._reasons: BinaryIO | None = None
        self._lines: BinaryIO | None = None
        self._kept_document = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._reasons, self._lines):
            if file is not None:
                with suppress(OSError):  # what was flushed is there; what wasn't has been told
                    file.close()

    def add(self, refused: Refused) -> None:
        """Keep one refused line byte for byte, or its document once; and why. Raises Fatal if it can't be kept."""
        if self._directory is None:
            return
        try:
            self._add(refused, self._directory)
        except OSError as error:
            what = error.strerror or error
            raise Fatal(
                f"what is refused can't be kept in {self._directory}: {what}; mend that and start again: what "
                "is sent twice changes nothing"
            ) from None

    def _add(self, refused: Refused, directory: Path) -> None:
        if self._reasons is None:
            directory.mkdir(parents=True, exist_ok=True)
            self._kept_as = self._free_name()
            self._reasons = self._open(".reasons.jsonl")
        said: dict[str, Any] = {"file": self._name, refused.unit: refused.line, "format": refused.format}
        said |= {"field": refused.field, "reason": refused.reason}
        self._reasons.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        self._reasons.flush()
        if refused.unit == "line":
            self._lines = self._lines or self._open(".refused")
            self._lines.write(refused.content.rstrip(b"\n") + b"\n")
            self._lines.flush()
        elif refused.content and not self._kept_document:
            self._kept_document = True
            with self._open("") as file:
                file.write(refused.content)

    def _free_name(self) -> str:
        free = free_name(safe_name(self._name), self._taken.__contains__)
        self._taken.add(free)
        return free

    def _open(self, ending: str) -> BinaryIO:
        assert self._directory is not None
        return (self._directory / f"{self._kept_as}{ending}").open("wb")
