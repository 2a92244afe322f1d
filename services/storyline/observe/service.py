"""A service that can be observed: its meter, its watcher and its port, opened together and closed together."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from . import health
from .exposing import exposed, registry_of
from .facts import Facts, Standing
from .feeding import feed_service
from .meter import Meter
from .probing import Watcher
from .server import HealthServer, Route, as_json

log = logging.getLogger("storyline.observe")
Judge = Callable[[Facts], health.Answer]


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a service shows itself, and how long work may stand still (seconds) before `/progress` says so."""

    host: str = "127.0.0.1"
    port: int = 0
    progress_seconds: float = 20.0


@dataclass(slots=True)
class Plain:
    """The standing of a service without partitions of the shell's: settled, and started once `started` says so."""

    started: Callable[[], bool] = lambda: True

    def standing(self) -> Standing:
        return Standing(started=self.started(), settled=True)

    def in_hand(self, standing: Standing, now: float) -> Standing:
        return standing


@asynccontextmanager
async def serving(listening: Listening, meter: Meter, watcher: Watcher) -> AsyncIterator[HealthServer]:
    """Show `meter` and what `watcher` sees, while this is open. Raises Fatal if the port is taken."""
    feed_service(meter, watcher, listening.progress_seconds)
    server = HealthServer(listening.host, listening.port, routes(meter, watcher, listening.progress_seconds))
    log.info("%s: metrics and health at http://%s/metrics, /live, /ready, /progress", meter.service, server.address)
    try:
        async with watcher:
            yield server
    finally:
        server.close()


def routes(meter: Meter, watcher: Watcher, progress_seconds: float) -> dict[str, Route]:
    """What each path answers: 200, or 503 with the problems."""
    registry = registry_of(meter)

    def metrics(accept: str) -> tuple[int, str, bytes]:
        body, content_type = exposed(registry, accept)
        return HTTPStatus.OK, content_type, body

    def answering(judge: Judge) -> Route:
        def route(accept: str) -> tuple[int, str, bytes]:
            facts = watcher.facts()
            answer = judge(facts)
            status = HTTPStatus.OK if answer.ok else HTTPStatus.SERVICE_UNAVAILABLE
            return as_json(status, {"service": meter.service, **answer.report(), **_numbers(facts)})

        return route

    return {
        "/metrics": metrics,
        "/live": answering(health.live),
        "/ready": answering(health.ready),
        "/progress": answering(lambda facts: health.progress(facts, progress_seconds)),
    }


def _numbers(facts: Facts) -> dict[str, Any]:
    standing = facts.standing
    lag = {str(partition): records for partition, (records, _) in sorted(facts.behind.items())}
    return {"owned": sorted(standing.owned), "behind": lag}
