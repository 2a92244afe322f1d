"""Fetches wait even if the broker doesn't: an idle consumer of the embedded broker must not burn half a core."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.protocol.fetch import FetchRequest

from storyline.infra.kafka.empty_fetches import PAUSE_SECONDS_MAX, waiting

NODE = 1
WAIT_SECONDS = 0.5


class Broker:
    """Answers with one partition; `wait_seconds` is what an empty answer takes."""

    def __init__(self, wait_seconds: float = 0.0, records_after: float = 1e9, error: int = 0) -> None:
        self.wait_seconds, self.records_after, self.error = wait_seconds, records_after, error
        self.now = 0.0
        self.asked = 0
        self.slept: list[float] = []
        self.send = waiting(self._send, self._sleep, lambda: self.now)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def _send(self, node: int, request: Any) -> Any:
        self.asked += 1
        has_records = self.now >= self.records_after
        self.now += 0.0 if has_records or self.error else self.wait_seconds
        partition = (0, self.error, 7, b"records" if has_records else b"")
        return SimpleNamespace(topics=[("articles", [partition])])

    async def fetch(self) -> Any:
        return await self.send(NODE, FetchRequest(int(WAIT_SECONDS * 1000), 1, 1, 0, []))


async def test_an_idle_fetch_takes_its_wait_and_asks_a_few_times() -> None:
    broker = Broker()
    await broker.fetch()
    first = broker.asked
    await broker.fetch()
    assert broker.now == pytest.approx(2 * WAIT_SECONDS, abs=2 * PAUSE_SECONDS_MAX)
    assert broker.asked - first <= WAIT_SECONDS / PAUSE_SECONDS_MAX + 1


async def test_a_record_that_ends_a_silence_is_fetched_within_the_longest_pause() -> None:
    broker = Broker(records_after=0.3)
    response = await broker.fetch()
    assert response.topics[0][1][0][-1] == b"records"
    assert broker.now <= 0.3 + PAUSE_SECONDS_MAX


async def test_records_are_given_at_once_and_begin_with_short_pauses_again() -> None:
    broker = Broker()
    await broker.fetch()
    broker.records_after = 0.0
    before = len(broker.slept)
    await broker.fetch()
    assert len(broker.slept) == before
    broker.records_after = 1e9
    await broker.fetch()
    assert broker.slept[before] == broker.slept[0] < PAUSE_SECONDS_MAX


async def test_a_broker_that_waits_itself_is_asked_once() -> None:
    broker = Broker(wait_seconds=WAIT_SECONDS)
    await broker.fetch()
    assert (broker.asked, broker.slept) == (1, [])


async def test_an_error_is_handed_on_at_once() -> None:
    broker = Broker(error=6)
    await broker.fetch()
    assert (broker.asked, broker.slept) == (1, [])


async def test_other_requests_pass_as_they_are() -> None:
    broker = Broker()
    await broker.send(NODE, object())
    assert (broker.asked, broker.slept) == (1, [])
