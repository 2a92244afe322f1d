"""The lag service."""

from typing import TYPE_CHECKING

from ..settings import Settings
from .connecting import watcher
from .observing import run_service

if TYPE_CHECKING:
    from ..edges.lag.judging import Bounds


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
    from ..edges.lag.service import LagService, Serving, serve

    serving = Serving(
        host=settings.lag_host,
        port=settings.lag_port,
        cluster=settings.lag_cluster,
        servers=tuple(settings.kafka_bootstrap_servers.split(",")),
        interval_seconds=settings.lag_interval_seconds,
        history_hours=settings.lag_history_hours,
    )
    service = LagService(lambda: watcher(settings), lag_bounds(settings), serving)
    return run_service(settings, serve(service, serving))
