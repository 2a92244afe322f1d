"""How an endpoint is doing: when it may be tried again, and when it is taken for dead. Pure: time and dice come in."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Bounds of trying again."""

    pause_seconds: float = 1.0
    """The first pause at most; each further one may be twice as long."""
    pause_seconds_max: float = 300.0
    failures_max: int = 6
    """Failures in a row after which an endpoint is parked: from then on only a probe from time to time."""
    probe_seconds: float = 600.0
    tries_max: int = 5
    """Tries of a message while its endpoint takes others; then it is given up."""

    def pause(self, failures: int, random_unit: float) -> float:
        """Full jitter: anything up to the doubled pause, so that endpoints of one host don't come back as one.

        After Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
        """
        if failures >= self.failures_max:
            return self.probe_seconds * (0.5 + 0.5 * random_unit)
        return random_unit * min(self.pause_seconds_max, self.pause_seconds * 2.0 ** min(failures, 30))


class Health:
    """One endpoint's."""

    def __init__(self, patience: Patience, random_unit: Callable[[], float]) -> None:
        self._patience = patience
        self._random_unit = random_unit
        self.failures = 0
        self.open_at_ms = 0
        """Nothing is tried before."""

    @property
    def parked(self) -> bool:
        return self.failures >= self._patience.failures_max

    def worked(self) -> bool:
        """An attempt got an answer that speaks for it; whether it had been parked."""
        was = self.parked
        self.failures, self.open_at_ms = 0, 0
        return was

    def failed(self, now_ms: int, retry_after_seconds: float | None) -> bool:
        """An attempt failed; whether that parks it."""
        was = self.parked
        self.failures += 1
        pause = max(self._patience.pause(self.failures, self._random_unit()), retry_after_seconds or 0.0)
        self.open_at_ms = now_ms + int(pause * 1000)
        return self.parked and not was
