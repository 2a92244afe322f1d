"""All that can go wrong: three kinds for one message (bad in itself, server away, written by another), three that end
a service. What the shell does about each: CONTRIBUTING.md."""


class Invalid(Exception):
    """The message can never be used as it is: dead letter. `field` names what is wrong, `said` how to mend it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.said = message


class Transient(Exception):
    """Something outside is not available just now: wait and try the same again."""


class Conflict(Exception):
    """Somebody else wrote the state first: load it again and decide anew."""


class Fatal(Exception):
    """The service must end, and a person or its supervisor act. The text is one line that says what to do."""


def not_started(error: Transient) -> Fatal:
    """What a service that can't begin says of a server that isn't there."""
    told = str(error)
    joined = " Start" if told.endswith(("?", ".")) else "; start"
    return Fatal(f"{told}{joined} it, mend it or its address, then start this service again")


class Fenced(Fatal):
    """Another owner has taken over. Ending and joining the group again is safe; going on is not."""


class StateLost(Fatal):
    """State that must exist is missing. Never taken for new: `storyline rebuild` makes it again."""
