"""What the rewriter may take and cost, and when the model is left alone for a while."""

import math
from dataclasses import dataclass

from ...domain.ports import Answer, Question, Spent, WordingStore

BYTES_A_TOKEN = 3
"""A cautious guess before the model has counted: English has about four."""
HOUR_SECONDS = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """All of them; prices are for a million tokens, in the currency of the maxima."""

    tries_max: int = 2
    calls_max: int = 2
    waiting_max: int = 1_000
    settle_seconds: float = 5.0
    tokens_in_max: int = 2_000
    tokens_out_max: int = 800
    price_in: float = 1.0
    price_out: float = 1.0
    cost_hour_max: float = 1.0
    cost_day_max: float = 10.0
    failures_max: int = 3
    pause_seconds: float = 30.0
    pause_seconds_max: float = 600.0


def tokens_guessed(question: Question) -> int:
    """At least about as many tokens as the question has."""
    text = question.instructions + question.content + str(question.schema)
    return math.ceil(len(text.encode()) / BYTES_A_TOKEN)


class Budget:
    """Takes the dearest case off before a call, and puts back afterwards what it didn't take."""

    def __init__(self, store: WordingStore, bounds: Bounds) -> None:
        self._store, self._bounds = store, bounds
        self.spent = Spent(0, 0)

    async def reserve(self, question: Question, now_seconds: float) -> bool:
        """Whether the call may be made. Raises Transient."""
        dearest = self._cost(tokens_guessed(question), question.tokens_max)
        hour = int(now_seconds // HOUR_SECONDS)
        self.spent = await self._store.spend(hour, dearest)
        over_hour = self.spent.hour > self._bounds.cost_hour_max * 1_000_000
        if not over_hour and self.spent.day <= self._bounds.cost_day_max * 1_000_000:
            return True
        self.spent = await self._store.spend(hour, -dearest)
        return False

    async def settle(self, question: Question, answer: Answer, now_seconds: float) -> tuple[int, int]:
        """The tokens that the call took in and out; what it says is believed only where it can be. Raises Transient."""
        guessed = tokens_guessed(question)
        tokens_in, tokens_out = _said(answer.tokens_in, guessed), _said(answer.tokens_out, question.tokens_max)
        back = self._cost(guessed, question.tokens_max) - self._cost(tokens_in, tokens_out)
        self.spent = await self._store.spend(int(now_seconds // HOUR_SECONDS), -back)
        return tokens_in, tokens_out

    def _cost(self, tokens_in: int, tokens_out: int) -> int:
        return math.ceil(tokens_in * self._bounds.price_in + tokens_out * self._bounds.price_out)


def _said(tokens: int | None, guessed: int) -> int:
    return tokens if tokens is not None and 0 < tokens <= 4 * guessed else guessed


class Breaker:
    """Opens when the model fails again and again; then one call is let through after each pause, which grows."""

    def __init__(self, failures_max: int, pause_seconds: float, pause_seconds_max: float) -> None:
        self._failures_max, self._pause, self._pause_max = failures_max, pause_seconds, pause_seconds_max
        self._failures = 0
        self._until = 0.0

    @property
    def open(self) -> bool:
        return self._failures >= self._failures_max

    def lets(self, now: float, in_flight: int) -> bool:
        """Whether a call may begin at `now` (monotonic, seconds)."""
        return not self.open or (now >= self._until and not in_flight)

    def answered(self) -> None:
        self._failures = 0

    def failed(self, now: float) -> None:
        self._failures += 1
        over = self._failures - self._failures_max
        if over >= 0:
            self._until = now + min(self._pause_max, self._pause * 2 ** min(over, 20))
