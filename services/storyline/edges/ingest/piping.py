"""Standard input as lines come in: what `tail -f` writes is taken at once, not when a chunk is full."""

import os
import select

READ_BYTES = 65_536


class Pipe:
    """A file descriptor read as far as something is there; also of a regular file, which never keeps anyone waiting.

    Has of a binary file what reading takes: `readline` and `read`.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held = bytearray()
        self._ended = False

    @property
    def idle(self) -> bool:
        """Whether asking for a line now would wait for whoever writes."""
        if self._ended or b"\n" in self._held:
            return False
        readable, _, _ = select.select([self._descriptor], [], [], 0)
        return not readable

    def readline(self, limit: int = -1) -> bytes:
        """The next line, or as much of it as `limit` lets through; b"" at the end."""
        looked_at = 0
        while True:
            end = self._held.find(b"\n", looked_at) + 1
            looked_at = len(self._held)
            if end or 0 <= limit <= looked_at or not self._more():
                return self._take(end or len(self._held), limit)

    def read(self, count: int = -1) -> bytes:
        """So many bytes, or all there will be."""
        while (count < 0 or len(self._held) < count) and self._more():
            pass
        return self._take(len(self._held), count)

    def _more(self) -> bool:
        if not self._ended:
            data = os.read(self._descriptor, READ_BYTES)
            self._ended = not data
            self._held += data
        return not self._ended

    def _take(self, count: int, limit: int) -> bytes:
        count = min(count, limit) if limit >= 0 else count
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken
