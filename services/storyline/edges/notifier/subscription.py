"""A subscription: what is wanted, how often, and where it goes. From the file or the API, checked the same way."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, SerializeAsAny, StringConstraints, ValidationError, model_validator

from storyline_schemas import explain

from ...domain.notify import Budget, Pace, Timing, Wanted
from .channels import CHANNELS
from .channels.base import Target

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
DIGEST_MINUTES = 15
"""How long a channel that isn't itself a digest collects what `notify.mode` calls one."""


class WrongSubscription(ValueError):
    """It can't be used; `field` says where, the text how to mend it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class Subscription(Wanted):
    """The rules of `Wanted`, and one table named like its channel: `[subscription.webhook]`."""

    id: Id
    pace: Pace = "as-told"
    budget: Budget = Field(default_factory=Budget)
    channel: Annotated[str, Field(exclude=True)]
    target: Annotated[SerializeAsAny[Target], Field(exclude=True)]

    @model_validator(mode="before")
    @classmethod
    def _channel_of_its_table(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        rest = {name: value for name, value in given.items() if name not in CHANNELS and name not in _OURS}
        tables = [name for name in CHANNELS if name in given]
        if len(tables) != 1:
            kinds = ", ".join(CHANNELS)
            raise ValueError(f"channel: needs exactly one table of {kinds}" + (f", has {tables}" if tables else ""))
        return {**rest, "channel": tables[0], "target": _target(tables[0], given[tables[0]])}

    @property
    def timing(self) -> Timing:
        return Timing(self.pace, self.budget, getattr(self.target, "every_minutes", DIGEST_MINUTES))

    def shown(self) -> dict[str, Any]:
        """As JSON that can be given back to the API, except that a secret is stars."""
        rules = self.model_dump(mode="json", exclude_defaults=True)
        return rules | {self.channel: self.target.model_dump(mode="json", exclude_none=True)}


_OURS = ("channel", "target")  # names of our own that nobody may write


def _target(channel: str, given: Any) -> Target:
    if not isinstance(given, Mapping):
        raise ValueError(f"{channel}: is not a table of the channel's options")
    try:
        return CHANNELS[channel].target(**given)
    except ValidationError as error:
        field, message = explain(error)
        raise ValueError(f"{channel}.{field}: {message}") from None


def subscription_of(given: Any) -> Subscription:
    """From TOML or JSON as parsed. Raises WrongSubscription."""
    try:
        return Subscription.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        field = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise WrongSubscription(field, f"is unknown; there are {', '.join(_known())}") from None
        if not field:
            field, _, message = message.partition(": ")
        elif first["type"] == "missing":
            message = "is missing"
        raise WrongSubscription(field, message[:1].lower() + message[1:]) from None


def _known() -> list[str]:
    return [name for name in Subscription.model_fields if name not in _OURS] + list(CHANNELS)


def check_unique(subscriptions: list[Subscription]) -> None:
    """Raises WrongSubscription if two have one id."""
    seen: set[str] = set()
    for each in subscriptions:
        if each.id in seen:
            raise WrongSubscription("id", f"{each.id} is there twice; give each subscription an id of its own")
        seen.add(each.id)
