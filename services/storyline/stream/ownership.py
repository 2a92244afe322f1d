"""Which partitions are ours in which generation of the group: acquired lazily, once in each, released when gone."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Protocol

from .batches import Claim


class Acquirer(Protocol):
    """What it takes to own a partition."""

    async def acquire(self, claim: Claim) -> None:
        """Fence the owner before, load the state, send what it left unsent."""
        ...

    async def release(self, partition: int) -> None: ...


class Ownership:
    """One claim a partition. Whoever works on a partition holds its lock; so an acquisition comes before any batch.

    Acquiring in the assignment callback would be a race (it doesn't hold the stream back) and, when slow, an
    endless rebalance (heartbeats start after it). Here it happens before the first batch or tick of a generation.
    """

    def __init__(self, acquirer: Acquirer, generation: Callable[[], int], leaving: Callable[[], bool]) -> None:
        self._acquirer = acquirer
        self._generation = generation
        self._leaving = leaving
        self._claims: dict[int, Claim] = {}
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def lock(self, partition: int) -> asyncio.Lock:
        return self._locks[partition]

    @property
    def owned(self) -> frozenset[int]:
        return frozenset(self._claims)

    async def claim(self, partition: int, generation: int) -> Claim:
        """The claim of this generation, acquired if it isn't yet. The partition's lock is held by the caller."""
        assert self._locks[partition].locked(), "take the partition's lock first"
        claim = self._claims.get(partition)
        if claim is None or claim.generation != generation:
            claim = Claim(partition, generation, lambda: self._leaving() or self._generation() != generation)
            await self._acquirer.acquire(claim)
            self._claims[partition] = claim
        return claim

    async def release_all_but(self, assigned: frozenset[int]) -> None:
        """Release what is no longer assigned, once nobody works on it any more."""
        for partition in self.owned - assigned:
            async with self._locks[partition]:
                if self._claims.pop(partition, None) is not None:
                    await self._acquirer.release(partition)
