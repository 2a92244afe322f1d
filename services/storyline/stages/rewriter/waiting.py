"""The stories of one partition that wait for a model: each once, however often it changed."""

import json
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from ...record import Headers, Output
from .decode import Offer

SECTIONS_MAX = 16
"""Sections remembered for one story; it has at most five, and some may have gone."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story that waits. `due` is when it may be taken (monotonic, seconds); `tries` how often it failed."""

    story_id: str
    version: int
    sections: tuple[str, ...]
    cause: str
    carried: Headers
    due: float = 0.0
    tries: int = 0

    def with_offer(self, offer: Offer) -> "Waiting":
        """The same with a newer update: what changed before is still to be asked about, and the time runs on."""
        sections = tuple(dict.fromkeys((*offer.sections, *self.sections)))[:SECTIONS_MAX]
        if offer.version < self.version:
            return replace(self, sections=sections)
        return replace(self, version=offer.version, sections=sections, cause=offer.cause, carried=offer.carried)

    def to_bytes(self) -> bytes:
        carried = [[name, content.decode("latin-1")] for name, content in self.carried]
        return json.dumps([self.version, self.sections, self.cause, carried]).encode()

    @classmethod
    def from_bytes(cls, story_id: str, value: bytes) -> "Waiting":
        version, sections, cause, carried = json.loads(value)
        headers = tuple((name, content.encode("latin-1")) for name, content in carried)
        return cls(story_id, version, tuple(sections), cause, headers)


@dataclass(slots=True)
class Queue:
    """One partition's. `ready` holds what is to be sent for finished stories (perhaps nothing), `handed` how much of it
    was given to the shell."""

    waiting: OrderedDict[str, Waiting] = field(default_factory=OrderedDict)
    working: set[str] = field(default_factory=set)
    ready: dict[str, list[Output]] = field(default_factory=dict)
    handed: dict[str, int] = field(default_factory=dict)

    def offer(self, offer: Offer, due: float) -> Waiting:
        known = self.waiting.get(offer.story_id)
        fresh = Waiting(offer.story_id, offer.version, offer.sections, offer.cause, offer.carried, due)
        self.waiting[offer.story_id] = known.with_offer(offer) if known else fresh
        return self.waiting[offer.story_id]

    def back(self, waiting: Waiting) -> None:
        """A story whose turn came to nothing waits on, unless a newer update of it does already."""
        known = self.waiting.get(waiting.story_id)
        if known is None:
            self.waiting[waiting.story_id] = waiting
        else:
            sections = tuple(dict.fromkeys((*known.sections, *waiting.sections)))[:SECTIONS_MAX]
            self.waiting[waiting.story_id] = replace(known, sections=sections)

    def due(self, now: float) -> Waiting | None:
        """The next one whose time has come and which nobody works on; it leaves the list."""
        for story_id, waiting in self.waiting.items():
            if waiting.due <= now and story_id not in self.working:
                return self.waiting.pop(story_id)
        return None
