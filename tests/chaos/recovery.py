"""How long until everything that was sent has been handled and committed: seen from the groups' offsets."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field

from aiokafka.errors import KafkaError

from ..e2e.harness import GROUPS
from ..offsets import Offsets

POLL_SECONDS = 0.1
STUCK_SECONDS = 400.0


@dataclass
class Recovery:
    """Seconds of each recovery, by the name it was given."""

    kafka: str
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def since(self, began: float, name: str) -> float:
        """Wait until all that is in now is committed by both groups; counts from `began` (monotonic)."""
        await self.caught_up()
        taken = time.monotonic() - began
        self.seconds[name].append(taken)
        return taken

    async def caught_up(self) -> None:
        """Both stages have finished all that is in now, and what follows from it. Raises AssertionError when stuck."""
        for group, topic in GROUPS.items():
            await self._reached(group, topic)

    async def _reached(self, group: str, topic: str) -> None:
        deadline = time.monotonic() + STUCK_SECONDS
        wanted: dict[int, int] | None = None
        behind: object = "?"
        while time.monotonic() < deadline:
            try:
                async with Offsets(self.kafka) as offsets:
                    while time.monotonic() < deadline:
                        wanted = wanted or await offsets.ends(topic)
                        behind = await offsets.behind(group, topic, wanted)
                        if not behind:
                            return
                        await asyncio.sleep(POLL_SECONDS)
            except (KafkaError, AssertionError, OSError) as error:  # a broker that has just come back knows little
                behind = repr(error)
                await asyncio.sleep(POLL_SECONDS)
        raise AssertionError(f"{group} is stuck for {STUCK_SECONDS:.0f} s: {behind}")

    def report(self) -> dict[str, object]:
        """`{"p50", "max"}` over all, in seconds; None if nothing was measured."""
        return _summary([each for found in self.seconds.values() for each in found])

    def by_fault(self) -> dict[str, object]:
        return {name: {"n": len(found), **_summary(found)} for name, found in sorted(self.seconds.items())}


def _summary(found: list[float]) -> dict[str, object]:
    ordered = sorted(found)
    if not ordered:
        return {"p50": None, "max": None}
    return {"p50": round(ordered[len(ordered) // 2], 1), "max": round(ordered[-1], 1)}
