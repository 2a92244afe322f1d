"""The lag service."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..settings import Settings
from .connecting import watcher
from .observing import configure_logging

if TYPE_CHECKING:
    from ..edges.lag.judging import Bounds
    from ..observe.meter import Meter
    from ..stream.shell import Shell

    Feed = Callable[[Meter, Shell[Any]], None]


def lag_bounds(settings: Settings) -> "Bounds":
    """How groups are looked at and judged."""
    from ..edges.lag.judging import Bounds

    return Bounds(
        groups=settings.lag_groups,
        groups_max=settings.lag_groups_max,
        window=settings.lag_window,
        patience_seconds=settings.lag_patience_seconds,
        reads_max=settings.lag_reads_max,
        loss_horizon_seconds=settings.lag_loss_horizon_hours * 3600,
    )


def run_lag(settings: Settings) -> int:
    """Looking at every group's lag, and telling it on a port, until it is told to leave; its exit code."""
    import asyncio

    from ..edges.lag.service import LagService, Serving, serve

    configure_logging(settings)
    # The client reports each broken connection by itself; the service says once that Kafka is away.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL + 1)
    serving = Serving(
        host=settings.lag_host,
        port=settings.lag_port,
        cluster=settings.lag_cluster,
        servers=tuple(settings.kafka_bootstrap_servers.split(",")),
        interval_seconds=settings.lag_interval_seconds,
        history_hours=settings.lag_history_hours,
    )
    service = LagService(lambda: watcher(settings), lag_bounds(settings), serving)
    asyncio.run(serve(service, serving))
    return 0
