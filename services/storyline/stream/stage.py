"""What a stage is to the shell: decode a record, handle a batch, be told that its outputs are confirmed.

A stage never acknowledges anything. The shell does, and only after `handle` has returned (its state is then
committed), every output is confirmed by the broker, and `confirmed` has returned.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from ..record import Output, Record

M = TypeVar("M")


class Stage(Protocol[M]):
    """One step of the way of an article. All may raise Transient (retried in place) or Fatal (ends the service)."""

    name: str
    """`matcher`, `updater`, …; the Kafka group is `storyline.<name>`."""
    reads: str
    """The topic it reads."""
    transactional: bool
    """Whether its outputs to transactional topics go through one fenced, transactional producer a partition."""

    def decode(self, record: Record) -> M:
        """The record as a message. Raises Invalid: the record becomes a dead letter."""
        ...

    async def acquire(self, partition: int, has_committed: bool) -> Sequence[Output]:
        """Become the owner of a partition: fence whoever had it, load and repair its state.

        Called once in each (partition, generation), before anything is handled. `has_committed` says that the
        group has offsets for it, so its state must exist (else StateLost). Outputs are sent and confirmed first.
        """
        ...

    async def handle(self, partition: int, batch: Sequence[M]) -> Sequence[Output]:
        """Decide and commit the state; what it returns is sent next. Repeatable: called again after any failure.

        Raises Conflict (called again), Invalid (the batch is taken one by one, the bad one becomes a dead letter).
        """
        ...

    async def confirmed(self, partition: int, outputs: Sequence[Output]) -> None:
        """The broker has every output; what was stored for repeating them may go."""
        ...

    async def tick(self, partition: int, now_ms: int) -> Sequence[Output]:
        """Time passes on an owned partition (about once a second): what has come due is committed and returned."""
        ...

    async def release(self, partition: int) -> None:
        """The partition now belongs to somebody else, or the service ends; nothing may be written for it any more."""
        ...
