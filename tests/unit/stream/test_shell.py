"""The shell's own tasks, with a consumer that isn't there."""

from typing import Any

from storyline.stream.logs import BrokerWatch
from storyline.stream.metrics import Metrics
from storyline.stream.poison import MemoryKillCounter
from storyline.stream.settings import ShellSettings
from storyline.stream.shell import Shell

from .fakes import Copy


class Broken:
    """A consumer in a settled group, which can't say what it was given."""

    settled, generation = True, 1

    async def read_again_what_went_astray(self) -> frozenset[int]:
        return frozenset()

    @property
    def assigned(self) -> frozenset[int]:
        raise RuntimeError("the consumer has not started")


async def test_time_that_can_not_pass_ends_the_process_instead_of_standing_still() -> None:
    """Else no embargo would ever end, and no partition be given up, while articles go on coming."""
    settings = ShellSettings(kafka="none:1", tick_seconds=0.001)
    shell: Shell[Any] = Shell(Copy(), settings, MemoryKillCounter(), Metrics(), BrokerWatch("none:1"))
    shell._consumer = Broken()  # type: ignore[assignment]
    await shell._tick_for_ever()
    assert str(shell.failure).startswith("unexpected RuntimeError")
