"""The request that takes a story's last edit back, made from its history."""

from collections.abc import Mapping, Sequence
from typing import Any

from storyline_schemas import Edited, Story, StoryUpdate
from storyline_schemas.edit import EditAction

from ...errors import Fatal

_TURNED: Mapping[str, EditAction] = {
    "close": "reopen", "reopen": "close", "pin": "unpin", "unpin": "pin", "lock": "unlock", "unlock": "lock",
}  # fmt: skip
_UNDO = "undo"


def inverse(story_id: str, updates: Mapping[int, StoryUpdate]) -> dict[str, Any]:
    """The fields of a `StoryEdit` that undoes the last one that stands. Raises Fatal if there is none, or several.

    What was undone is passed over: undo again takes back the edit before. What was merged comes back as a new story,
    since the old address leads to the other one for ever.
    """
    standing = _standing(updates)
    if not standing:
        raise Fatal(f"no edit of story {story_id} stands, as far as story-updates reaches back")
    update = updates[standing[-1]]
    if len(update.change.edits) > 1:
        raise Fatal(f"version {standing[-1]} of story {story_id} carries out several requests; take them back by hand")
    return _inverse(story_id, update.change.edits[0], update, updates)


def undo_reason(why: str) -> str:
    """What is written down as the reason of a request that takes another back, which tells it from others."""
    return f"{_UNDO}: {why}" if why else _UNDO


def _takes_back(edit: Edited) -> bool:
    return edit.reason == _UNDO or edit.reason.startswith(f"{_UNDO}: ")


def _standing(updates: Mapping[int, StoryUpdate]) -> list[int]:
    """The last version of each request that was not taken back, oldest first."""
    standing: list[int] = []
    before: StoryUpdate | None = None
    for number, update in sorted(updates.items()):
        if not update.change.edits:
            continue
        taken_back = any(map(_takes_back, update.change.edits))
        if before is None or not _is_of_one_request(before, update):
            if taken_back:
                del standing[-1:]
            else:
                standing.append(number)
        elif not taken_back:
            standing[-1] = number
        before = update
    return standing


def _is_of_one_request(one: StoryUpdate, other: StoryUpdate) -> bool:
    """What is merged may come in several versions."""
    shared = set(one.change.causes).intersection(other.change.causes)
    return bool(shared) and bool(set(one.change.edits).intersection(other.change.edits))


def _inverse(
    story_id: str, edit: Edited, update: StoryUpdate, updates: Mapping[int, StoryUpdate]
) -> dict[str, Any]:  # fmt: skip
    carried = _carrying(update, updates)
    if any(each.change.articles_omitted for each in carried):
        raise Fatal(f"version {update.story.version} of story {story_id} moved too many articles; take it back by hand")
    other = edit.story_id or ""
    gone, come = _with("moved", carried), _still_in(updates[max(updates)].story, _with("adopted", carried))
    if (turned := _TURNED.get(edit.action)) is not None:
        return {"action": turned, "story_id": story_id} | ({"section": edit.section_id} if edit.section_id else {})
    match edit.action:
        case "rename":
            return {"action": "rename", "story_id": story_id, "headline": _headline_before(update, updates)}
        case "split" if gone:
            return {"action": "merge", "story_id": other, "into": story_id}
        case "split":
            return {"action": "merge", "story_id": story_id, "into": other}
        case "move" if gone:
            return {"action": "move", "story_id": other, "into": story_id, "articles": gone}
        case "move":
            return {"action": "move", "story_id": story_id, "into": other, "articles": come}
        case "merge" if update.story.redirect_to is not None:
            return {"action": "split", "story_id": update.story.redirect_to, "articles": gone}
        case _:
            return {"action": "split", "story_id": story_id, "articles": come}


def _carrying(last: StoryUpdate, updates: Mapping[int, StoryUpdate]) -> list[StoryUpdate]:
    """The versions that carry the request out, the last included."""
    return [update for _, update in sorted(updates.items()) if _is_of_one_request(update, last)]


def _with(action: str, carried: Sequence[StoryUpdate]) -> tuple[str, ...]:
    """The articles that the versions did this with, each once."""
    return tuple(dict.fromkeys(
        each.uri for update in carried for each in update.change.articles if each.action == action
    ))  # fmt: skip


def _still_in(story: Story, uris: Sequence[str]) -> tuple[str, ...]:
    """Those not withdrawn since, which nobody can ask for any more."""
    live = {source.article_uri for source in story.sources}
    return tuple(uri for uri in uris if uri in live or story.sources_omitted)


def _headline_before(update: StoryUpdate, updates: Mapping[int, StoryUpdate]) -> str | None:
    """A person's headline that stood before; None: the story's own, also if what it may rest on was withdrawn since."""
    earlier = [each for number, each in sorted(updates.items()) if number < update.story.version]
    renamed = any(edit.action == "rename" for each in earlier for edit in each.change.edits)
    if not earlier or not renamed:
        return None
    live = {source.article_uri for source in updates[max(updates)].story.sources}
    before = earlier[-1].story
    return before.headline if live.issuperset(source.article_uri for source in before.sources) else None
