"""Who asked for what: a command that goes back to a person's request, as the update tells it."""

from storyline_schemas import Adopt, Close, Edited, Lock, Merge, Pin, Rename, Reopen, Split, StoryCommand

_ASKED = Merge | Split | Adopt | Close | Reopen | Rename | Pin | Lock


def edited_by(command: StoryCommand) -> Edited | None:
    """The request behind a command; None if the machine decided. An adopting story is told the story it is from."""
    if not isinstance(command, _ASKED) or command.author is None:
        return None
    said = {"author": command.author, "reason": command.reason}
    match command:
        case Merge():
            return Edited(action="merge", story_id=command.into, **said)
        case Split():
            return Edited(action="move" if command.moves else "split", story_id=command.into, **said)
        case Adopt():
            return Edited(action=command.by, story_id=command.from_story_id, **said)
        case Pin():
            return Edited(action="pin" if command.pinned else "unpin", **said)
        case Lock():
            return Edited(action="lock" if command.locked else "unlock", section_id=command.section_id, **said)
        case _:
            return Edited(action=command.type, **said)
