"""The Lua scripts, one file each. Every script touches the keys of one slot only and says so in its first lines."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

Argument = str | bytes | int


@dataclass(frozen=True)
class Script:
    """A script by name; its text is read when it is first used."""

    name: str

    @cached_property
    def text(self) -> str:
        return (files(__package__) / f"{self.name}.lua").read_text(encoding="utf-8")

    @cached_property
    def digest(self) -> str:
        """What Redis knows a loaded script by: SHA-1 of its text."""
        return hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    def call(self, keys: Sequence[str], arguments: Sequence[Argument]) -> "Call":
        return Call(("EVALSHA", self.digest, len(keys), *keys, *arguments), self)


@dataclass(frozen=True, slots=True)
class Call:
    """One command on its way: its words, and the script it needs, if any."""

    words: tuple[Argument, ...]
    script: Script | None = None


def command(*words: Argument) -> Call:
    """A plain command."""
    return Call(words)


CLAIM = Script("claim")
SPACE_ACQUIRE = Script("space_acquire")
SPACE_COMMIT = Script("space_commit")
SPACE_CLEAR_OUTBOX = Script("space_clear_outbox")
NOTIFY_TAKE = Script("notify_take")
NOTIFY_SETTLE = Script("notify_settle")
STORY_COMMIT = Script("story_commit")
STORY_CLEAR_OUTBOX = Script("story_clear_outbox")
STORY_RESTORE = Script("story_restore")
