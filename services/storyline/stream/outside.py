"""When a client that Kafka answers has been in no settled group for too long: it has lost its way, and joins anew."""


class Outside:
    """No clock: `now` is monotonic, in seconds."""

    def __init__(self, seconds: float, now: float) -> None:
        self.seconds = seconds
        self._inside = now

    def too_long(self, settled: bool, away: bool, now: float) -> bool:
        """Whether it has been so for `seconds`. While the broker is `away` there is nothing to join."""
        if settled or away:
            self._inside = now
        return now - self._inside > self.seconds
