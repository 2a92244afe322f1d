"""Refused lines kept: the line itself in NAME.refused, why in NAME.reasons.jsonl."""

import json
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from .reading import Refused


class RefusedFile:
    """Writes only when there is something to keep. `directory` None keeps nothing."""

    def __init__(self, directory: Path | None, name: str) -> None:
        self._directory = directory
        self._name = name
        self._files: tuple[BinaryIO, BinaryIO] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files or ():
            file.close()

    def add(self, line: Refused) -> None:
        """Keep one refused line: byte for byte, so that mending it and sending it again is all it takes."""
        if self._directory is None:
            return
        if self._files is None:
            self._files = self._open(self._directory)
        lines, reasons = self._files
        lines.write(line.content.rstrip(b"\n") + b"\n")
        said = {"file": self._name, "line": line.line, "field": line.field, "reason": line.reason}
        reasons.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")

    def _open(self, directory: Path) -> tuple[BinaryIO, BinaryIO]:
        directory.mkdir(parents=True, exist_ok=True)
        return (
            (directory / f"{self._name}.refused").open("wb"),
            (directory / f"{self._name}.reasons.jsonl").open("wb"),
        )
