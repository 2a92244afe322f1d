"""Which faults strike in which round: names, and a schedule that follows from the seed alone. Pure."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STAGES = ("matcher", "updater")
KILLS = (
    *(f"{how}-{stage}" for how in ("kill9", "term", "crash") for stage in STAGES),
    "kill9-two", "kill9-in-rebalance",
)  # fmt: skip
"""Ends of processes: `crash` is a kill -9 at a named point of the shell (`stream/crash_points.py`)."""
ZOMBIES = tuple(f"stop-{stage}" for stage in STAGES)
"""SIGSTOP for longer than the session, and back."""
SERVERS = (
    "broker-kill9", "broker-stalls", "redis-kill9", "redis-power-loss", "redis-failover", "redis-full", "redis-wiped",
)  # fmt: skip
NETWORK = ("net-cut", "net-slow", "net-half-open", "net-stale")
CLOCK = ("clock-step",)
POISONED = ("raise", "hang", "die")
POISON = ("poison-invalid", *(f"poison-{what}-{stage}" for what in POISONED for stage in STAGES))
FAULTS = (*KILLS, *ZOMBIES, *SERVERS, *NETWORK, *CLOCK, *POISON)


class Unknown(ValueError):
    """A fault of that name isn't there; the text says which are."""


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault in one round. `seed` decides everything about it that is left to chance."""

    round: int
    fault: str
    seed: str

    @property
    def dice(self) -> random.Random:
        """Begins anew each time it is asked for."""
        return random.Random(self.seed)


def chosen(names: str) -> tuple[str, ...]:
    """The faults that `names` means: `all`, or names and beginnings of names with commas between. Raises Unknown."""
    if names in ("", "all"):
        return FAULTS
    found: list[str] = []
    for name in (each.strip() for each in names.split(",")):
        meant = [fault for fault in FAULTS if fault == name or fault.startswith(f"{name}-")]
        if not meant:
            raise Unknown(f"there is no fault {name!r}; there are {', '.join(FAULTS)}")
        found += [fault for fault in meant if fault not in found]
    return tuple(found)


def schedule(seed: int, faults: Sequence[str], per_round: int) -> Iterator[tuple[Strike, ...]]:
    """Round after round, without end. Each fault comes once before any comes twice, in an order of the seed's."""
    deck = _deck(seed, faults)
    number = 0
    while True:
        number += 1
        yield tuple(Strike(number, next(deck), f"{seed}/{number}/{n}") for n in range(per_round))


def _deck(seed: int, faults: Sequence[str]) -> Iterator[str]:
    turn = 0
    while True:
        cards = list(faults)
        random.Random(f"{seed}/deck/{turn}").shuffle(cards)
        yield from cards
        turn += 1
