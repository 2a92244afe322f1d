"""Live, ready, progressing: three questions, answered from facts alone. Pure.

Live: the event loop answers. Ready: in the group, every assigned partition loaded, every server reachable. Progress:
nothing hangs, and while there is something to do, something gets done. Each problem names what is wrong, in a line.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from .facts import LOOP_SECONDS, Facts

LIVE_SECONDS = 30.0
"""A batch computes for seconds at most; a loop that is silent for so long won't come back."""
LOOP_ASSIGNMENTS = 3

What = Literal["loop", "starting", "leaving", "server", "group", "partition", "handler", "rebalance", "silence"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`name` is what the problem is with: a server, a partition's number, a call."""

    what: What
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`ok` unless there is a problem."""

    check: Literal["live", "ready", "progress"]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return not self.problems

    def report(self) -> dict[str, Any]:
        return {"check": self.check, "ok": self.ok, "problems": [asdict(problem) for problem in self.problems]}


def live(facts: Facts) -> Answer:
    """Whether starting the process anew is the only help left: no."""
    return Answer("live", tuple(_loop(facts, LIVE_SECONDS)))


def ready(facts: Facts) -> Answer:
    """Whether it can take work now. A member for whom no partition is left is ready."""
    return Answer("ready", tuple(_unready(facts)))


def progress(facts: Facts, seconds: float) -> Answer:
    """Whether work gets done: nothing may hang, rebalance, be away or lie unfinished for longer than `seconds`."""
    return Answer("progress", tuple(_stuck(facts, seconds)))


def _loop(facts: Facts, seconds: float) -> Iterator[Problem]:
    if facts.beat_age > seconds:
        yield Problem("loop", "event loop", f"the event loop has not answered for {facts.beat_age:.0f} s")


def _unready(facts: Facts) -> Iterator[Problem]:
    standing = facts.standing
    yield from _loop(facts, LIVE_SECONDS)
    yield from _servers(facts, 0.0)
    for server in sorted(facts.unasked):
        yield Problem("starting", server, f"{server} has not been asked yet")
    if standing.leaving:
        yield Problem("leaving", "service", "it was told to leave")
    elif not standing.started:
        yield Problem("starting", "service", "it is starting")
    elif not standing.settled:
        yield Problem("group", "group", "it is joining its group, or the group rebalances")
    for partition in sorted(standing.assigned - standing.owned):
        yield Problem("partition", str(partition), f"partition {partition} is assigned and not loaded yet")


def _servers(facts: Facts, seconds: float) -> Iterator[Problem]:
    for server, (since, why) in sorted(facts.unreachable.items()):
        if since >= seconds:
            yield Problem("server", server, f"{server} does not answer (for {since:.0f} s): {why}")


def _stuck(facts: Facts, seconds: float) -> Iterator[Problem]:
    named = [*_loop(facts, seconds), *_servers(facts, 0.0), *_hanging(facts, seconds), *_regrouping(facts, seconds)]
    yield from named
    if any(problem.what in ("loop", "server", "rebalance") for problem in named):
        return  # that nothing arrives follows from it
    hanging = {problem.name for problem in named}
    for partition, (lag, still) in sorted(facts.behind.items()):
        if still > seconds and str(partition) not in hanging:
            yield _silence(partition, lag, still)


def _hanging(facts: Facts, seconds: float) -> Iterator[Problem]:
    for what, since in facts.standing.waiting:
        if since > seconds:
            yield Problem("handler", what.rpartition(" ")[2], f"{what} has not come back for {since:.0f} s")
    for what, (since, why) in sorted(facts.standing.away.items()):
        if since > seconds:
            yield Problem("server", what, f"{what} is tried again for {since:.0f} s: {why}")


def _regrouping(facts: Facts, seconds: float) -> Iterator[Problem]:
    standing = facts.standing
    if standing.started and not standing.leaving and facts.unsettled > seconds:
        text = f"the group has been rebalancing for {facts.unsettled:.0f} s"
        yield Problem("rebalance", "group", text)
    elif facts.assignments >= LOOP_ASSIGNMENTS:
        text = f"the group rebalances again and again: {facts.assignments} times in {LOOP_SECONDS:.0f} s"
        yield Problem("rebalance", "group", text)


def _silence(partition: int, lag: int, still: float) -> Problem:
    text = f"partition {partition} is {lag} records behind, and nothing of it was finished for {still:.0f} s"
    return Problem("silence", str(partition), text)
