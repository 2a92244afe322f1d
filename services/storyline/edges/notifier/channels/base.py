"""What a channel is. To add one: a file with a Target and a class like this, and its line in the registry."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, SecretStr

from ..message import Message

Doubt = Literal["repeat", "leave"]


class Target(BaseModel):
    """A subscription's options for its channel. `digest_minutes`: None where digests are not the channel's habit."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an attempt.

    delivered: it is there. failed: the endpoint is in trouble, everything for it waits. refused: it doesn't take
    these messages, others may pass. gone: it wants nothing any more.
    """

    kind: Literal["delivered", "failed", "refused", "gone"]
    why: str = ""
    retry_after_seconds: float | None = None


DELIVERED = Result("delivered")


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What channels are told from outside."""

    timeout_seconds: float = 10.0
    """For one attempt as a whole."""
    networks_allowed: tuple[str, ...] = ()
    """Networks (CIDR) that may be sent to although they are not public."""
    smtp_url: SecretStr | None = None
    mail_from: str = "storyline@localhost"
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    """Where secrets that a subscription names are looked up."""


class Channel(Protocol):
    """One way to reach readers. One object a process; `send` is called for many endpoints at a time."""

    name: ClassVar[str]
    on_doubt: ClassVar[Doubt]
    """After a crash in the middle of an attempt: `repeat` it, since receivers drop what they have by its id, or
    `leave` it, since they can't."""
    batch_max: ClassVar[int]
    """Messages of one subscription that one attempt takes at most."""
    target: ClassVar[type[Target]]

    def __init__(self, settings: ChannelSettings) -> None: ...

    def check(self, target: Any) -> None:
        """Raises ValueError, in words for who wrote the subscription, if it can't work here."""

    def endpoint(self, target: Any) -> str:
        """What is healthy or dead as one, in words that hold no secret."""

    async def send(self, target: Any, messages: Sequence[Message]) -> Result:
        """One attempt, bounded in time. Raises nothing that an endpoint can cause."""

    async def close(self) -> None: ...
