"""The desk: an endpoint and a worker for each place that is sent to, and what becomes of each attempt."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from storyline_schemas.base import DAY_MS

from ...domain.notify import Entry, Owed, Told
from ...domain.notify.ports import Key, Line, Outcome, Settled
from .book import Book
from .channels.base import Channel, Result
from .endpoint import Endpoint, Pick
from .health import Health, Patience
from .message import Message
from .subscription import Subscription

log = logging.getLogger("storyline.notifier")

GRACE_SECONDS = 5.0
"""Beyond the channel's own limit: then an attempt that doesn't come back is given up."""
Point = Literal["before-send", "after-send", "after-settle"]


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The desk's bounds."""

    patience: Patience = field(default_factory=Patience)
    timeout_seconds: float = 10.0
    queue_max: int = 10_000
    """Notifications that wait for one endpoint; of more, the one that has waited longest is dropped, and logged."""
    sends_max: int = 256
    """Attempts at a time, over all endpoints."""
    keep_ms: int = DAY_MS
    """Age at which a notification that couldn't be delivered is given up."""
    page_url: str | None = None
    """Where the pages are; the story's id is put after it."""


class Desk:
    """Sends what is owed. `find`: a subscription by its id. `persist`: does a step of the ledger until it works."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        settings: DeskSettings,
        find: Callable[[str], Subscription | None],
        persist: Callable[[Book, Callable[[], Awaitable[None]]], Awaitable[bool]],
        clock_ms: Callable[[], int],
        reach: Callable[[Point], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._channels = channels
        self._settings = settings
        self._find = find
        self._persist = persist
        self._clock_ms = clock_ms
        self._reach = reach
        self._failed = failed
        self._endpoints: dict[str, Endpoint] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        """By the endpoint's name."""
        self._slots = asyncio.Semaphore(settings.sends_max)
        self._under_way: set[asyncio.Task[None]] = set()

    # ---- what waits

    @property
    def waiting(self) -> int:
        """Notifications that wait, over all endpoints."""
        return sum(map(len, self._endpoints.values()))

    async def add(self, book: Book, keys: Iterable[Key]) -> None:
        """These keys of the book have changed."""
        for key in keys:
            entry = book.entries.get(key)
            if entry is None:
                continue
            subscription = self._find(key[0])
            if subscription is None:
                await self._drop(book, key, "no such subscription any more")
                continue
            endpoint = self._endpoint(subscription)
            endpoint.add(book, key)
            if len(endpoint) > self._settings.queue_max:
                await self._drop(*endpoint.oldest(), f"more than {self._settings.queue_max} wait for {endpoint.name}")

    async def resume(self, book: Book) -> None:
        """All that is owed in a book that was just opened. What was on its way in a crash is repeated or left."""
        for key, entry in list(book.entries.items()):
            if entry.sent is not None:
                await self._resolve(book, key)
        await self.add(book, list(book.entries))

    async def _resolve(self, book: Book, key: Key) -> None:
        subscription = self._find(key[0])
        repeat = subscription is not None and self._channels[subscription.channel].on_doubt == "repeat"

        def ended(entry: Entry) -> Settled:
            assert entry.sent is not None, "it is looked at once"
            if repeat:
                return Settled(*key, entry.returned(entry.sent.tries, entry.sent.due_ms))
            line = self._line(key, entry.sent, "in-doubt", "we ended while it was on its way; it is not sent again")
            return Settled(*key, entry.arrived(), None, line)

        await self._persist(book, lambda: book.finish(key, ended))

    async def _drop(self, book: Book, key: Key, why: str, outcome: Outcome = "dropped") -> None:
        def ended(entry: Entry) -> Settled:
            owed = entry.waiting
            line = self._line(key, owed, outcome, why) if owed else None
            return Settled(*key, Entry(None, entry.sent), None, line)

        await self._persist(book, lambda: book.finish(key, ended))

    def revive(self, subscriptions: Iterable[Subscription]) -> None:
        """Subscriptions have changed to these: who wanted nothing any more may want again.

        An endpoint that none of them names is forgotten once nothing waits for it, or they would grow with every
        address there ever was.
        """
        named = {self._channels[each.channel].endpoint(each.target) for each in subscriptions}
        for name, endpoint in list(self._endpoints.items()):
            endpoint.gone = False
            endpoint.wake()
            if name not in named and not endpoint and not endpoint.at_work:
                del self._endpoints[name]
                self._workers.pop(name).cancel()

    def _endpoint(self, subscription: Subscription) -> Endpoint:
        name = self._channels[subscription.channel].endpoint(subscription.target)
        if name not in self._endpoints:
            health = Health(self._settings.patience, random.random)
            endpoint = Endpoint(name, subscription.channel, health, self._clock_ms)
            self._endpoints[name] = endpoint
            self._workers[name] = asyncio.create_task(self._work(endpoint))
            self._workers[name].add_done_callback(self._worker_ended)
        return self._endpoints[name]

    def _worker_ended(self, worker: "asyncio.Task[None]") -> None:
        if not worker.cancelled() and (error := worker.exception()) is not None:
            self._failed(error)

    # ---- sending

    async def _work(self, endpoint: Endpoint) -> None:
        channel = self._channels[endpoint.channel]
        while True:
            endpoint.at_work = False
            picks = await endpoint.next(channel.batch_max)
            endpoint.at_work = True
            async with self._slots:
                # An attempt that has begun is ended and recorded also when the worker is told to leave.
                attempt = asyncio.create_task(self._attempt(endpoint, channel, picks))
                self._under_way.add(attempt)
                try:
                    await asyncio.shield(attempt)
                finally:
                    attempt.add_done_callback(self._under_way.discard)

    async def _attempt(self, endpoint: Endpoint, channel: Channel, picks: Sequence[Pick]) -> None:
        subscription = self._find(picks[0].key[0])
        begun = await self._begin(endpoint, channel, picks, subscription)
        if not begun or subscription is None:
            return
        page = self._settings.page_url
        messages = [
            Message(subscription.id, pick.owed, page and f"{page.rstrip('/')}/{pick.owed.story_id}") for pick in begun
        ]
        self._reach("before-send")
        result = await self._send(channel, subscription, messages)
        self._reach("after-send")
        was_healthy = endpoint.health.failures == 0
        self._judge(endpoint, result)
        for pick in begun:
            await self._finish(endpoint, pick, result, was_healthy)
        self._reach("after-settle")
        for pick in begun:
            endpoint.add(pick.book, pick.key)

    async def _begin(
        self, endpoint: Endpoint, channel: Channel, picks: Sequence[Pick], subscription: Subscription | None
    ) -> list[Pick]:
        """Those that are to be sent now, on their way; the others have ended here."""
        begun: list[Pick] = []
        for pick in picks:
            if subscription is None:
                await self._drop(pick.book, pick.key, "no such subscription any more")
            elif not self._belongs(endpoint, subscription):
                await self.add(pick.book, [pick.key])  # the subscription goes elsewhere since
            elif endpoint.gone:
                await self._drop(pick.book, pick.key, "the endpoint has answered 410", "gone")
            elif self._clock_ms() - pick.owed.since_ms > self._settings.keep_ms:
                await self._drop(pick.book, pick.key, "couldn't be delivered in time", "expired")
            elif owed := await self._depart(pick, claim=channel.on_doubt == "leave"):
                begun.append(Pick(pick.book, pick.key, owed))
        return begun

    def _belongs(self, endpoint: Endpoint, subscription: Subscription) -> bool:
        channel = self._channels[subscription.channel]
        return endpoint.channel == subscription.channel and endpoint.name == channel.endpoint(subscription.target)

    async def _depart(self, pick: Pick, claim: bool) -> Owed | None:
        owed: list[Owed | None] = []

        async def begin() -> None:
            owed.append(await pick.book.begin(pick.key, claim=claim))

        return owed[0] if await self._persist(pick.book, begin) and owed else None

    async def _send(self, channel: Channel, subscription: Subscription, messages: Sequence[Message]) -> Result:
        try:
            async with asyncio.timeout(self._settings.timeout_seconds + GRACE_SECONDS):
                return await channel.send(subscription.target, messages)
        except TimeoutError:
            return Result("failed", f"no end in {self._settings.timeout_seconds + GRACE_SECONDS:g} s")

    def _judge(self, endpoint: Endpoint, result: Result) -> None:
        """What the result says of the endpoint; said once when it is parked, and once when it is back."""
        if result.kind == "failed":
            if endpoint.health.failed(self._clock_ms(), result.retry_after_seconds):
                log.warning("%s is parked, only probed from now on: %s", endpoint.name, result.why)
        elif endpoint.health.worked():
            log.warning("%s works again", endpoint.name)
        if result.kind == "gone" and not endpoint.gone:
            endpoint.gone = True
            log.warning("%s wants no more (410): nothing is sent there until subscriptions change", endpoint.name)

    async def _finish(self, endpoint: Endpoint, pick: Pick, result: Result, was_healthy: bool) -> None:
        subscription = self._find(pick.key[0])
        looks_back = subscription.budget.count if subscription else 1

        def ended(entry: Entry) -> Settled:
            owed, now_ms = pick.owed, self._clock_ms()
            # Only what fails by itself counts against a message: a dead endpoint's messages wait.
            tries = owed.tries + (result.kind == "refused" or was_healthy)
            if result.kind == "delivered":
                told = Told.after(pick.book.told(pick.key), owed, now_ms, looks_back)
                return Settled(*pick.key, entry.arrived(), told, self._line(pick.key, owed, "delivered"))
            if result.kind == "gone":
                return Settled(*pick.key, entry.arrived(), None, self._line(pick.key, owed, "gone", result.why))
            if tries >= self._settings.patience.tries_max:
                why = f"{result.why}; {tries} tries"
                return Settled(*pick.key, entry.arrived(), None, self._line(pick.key, owed, "given-up", why))
            line = self._line(pick.key, owed, result.kind, result.why)
            return Settled(*pick.key, entry.returned(tries, self._again_ms(result, tries, now_ms)), None, line)

        await self._persist(pick.book, lambda: pick.book.finish(pick.key, ended))

    def _again_ms(self, result: Result, tries: int, now_ms: int) -> int:
        """When a message may go again; of a failed endpoint at once, for then it is the endpoint that pauses."""
        if result.kind == "failed":
            return now_ms
        patience = self._settings.patience
        pause = patience.pause_seconds * 2.0**tries * random.random()
        return now_ms + int(1000 * max(result.retry_after_seconds or 0.0, min(patience.pause_seconds_max, pause)))

    def _line(self, key: Key, owed: Owed, outcome: Outcome, why: str = "") -> Line:
        subscription = self._find(key[0])
        channel = subscription.channel if subscription else ""
        name = self._channels[channel].endpoint(subscription.target) if subscription else ""
        return Line(
            at_ms=self._clock_ms(), subscription=key[0], story_id=key[1], from_version=owed.from_version,
            version=owed.version, channel=channel, endpoint=name, message_id=Message(key[0], owed).id,
            outcome=outcome, why=why[:500],
        )  # fmt: skip

    # ---- leaving

    async def quiet(self, seconds: float) -> None:
        """Until no attempt is under way, or so long."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=seconds)

    async def close(self, seconds: float) -> None:
        """No new attempt; those under way have so long to end."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        if workers:
            await asyncio.wait(workers)
        await self.quiet(seconds)
        for attempt in self._under_way:
            attempt.cancel()
