"""All subscriptions there are: those of the file and those made by the API, read again when they change."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from ...errors import Fatal
from .channels.base import Channel
from .file import read_file
from .subscription import Subscription, WrongSubscription, subscription_of

log = logging.getLogger("storyline.notifier")


class Made(Protocol):
    """Where subscriptions made by the API are kept, as the JSON they came as."""

    async def revision(self) -> int: ...
    async def all(self) -> dict[str, Any]: ...
    async def count(self) -> int: ...
    async def put(self, id: str, given: Any) -> bool: ...
    async def delete(self, id: str) -> bool: ...


class Directory:
    """Finds subscriptions. The file's come first: one made by the API under the same id is passed over."""

    def __init__(self, path: Path | None, made: Made, channels: Mapping[str, Channel]) -> None:
        self._path = path
        self._made = made
        self._channels = channels
        self._of_file: dict[str, Subscription] = {}
        self._of_api: dict[str, Subscription] = {}
        self._all: dict[str, Subscription] = {}
        self._stamp: tuple[int, int] | None = None
        self._revision = -1
        self.changes = 0
        """Grows whenever subscriptions were read anew, whoever asked for it: the service, or its API."""

    async def load(self) -> None:
        """Read everything. Raises Fatal naming what is wrong with the file; Transient."""
        self._read_file()
        await self._read_made(await self._made.revision())

    async def refresh(self) -> None:
        """Read again what has changed. A file that is wrong now is said, and passed over. Raises Transient."""
        try:
            if self._path is not None and self._stamp_of(self._path) != self._stamp:
                self._read_file()
        except Fatal as wrong:
            self._stamp = self._stamp_of(self._path) if self._path else None
            log.error("%s; going on with the subscriptions read before", wrong)
        revision = await self._made.revision()
        if revision != self._revision:
            await self._read_made(revision)

    def _read_file(self) -> None:
        if self._path is None:
            return
        stamp = self._stamp_of(self._path)
        found = read_file(self._path)
        for each in found:
            try:
                self.check(each)
            except WrongSubscription as wrong:
                raise Fatal(f"{self._path}, subscription {each.id}: {wrong}") from None
        self._of_file, self._stamp = {each.id: each for each in found}, stamp
        self._put_together()

    @staticmethod
    def _stamp_of(path: Path) -> tuple[int, int] | None:
        try:
            status = path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    async def _read_made(self, revision: int) -> None:
        found: dict[str, Subscription] = {}
        for id, given in (await self._made.all()).items():
            try:
                each = subscription_of(given)
                self.check(each)
                found[id] = each
            except WrongSubscription as wrong:
                log.error("subscription %s, made by the API, is passed over: %s", id, wrong)
        self._of_api, self._revision = found, revision
        self._put_together()

    def _put_together(self) -> None:
        self._all = {**self._of_api, **self._of_file}
        self.changes += 1

    def check(self, subscription: Subscription) -> None:
        """Raises WrongSubscription if its channel can't work here."""
        try:
            self._channels[subscription.channel].check(subscription.target)
        except ValueError as wrong:
            raise WrongSubscription(subscription.channel, str(wrong)) from None

    def is_of_file(self, id: str) -> bool:
        return id in self._of_file

    def find(self, id: str) -> Subscription | None:
        return self._all.get(id)

    def all(self) -> Sequence[Subscription]:
        return list(self._all.values())
