"""How much a change matters and whom to tell: a few honest rules, each with its reason in words."""

import hashlib
from collections.abc import Sequence

from storyline_schemas import Change, Notify, Part, Significance, Story, canonical_json
from storyline_schemas.base import DAY_MS, to_ms
from storyline_schemas.update import LEVELS

from .parts import is_independent

_MODES = {"minor": "silent", "normal": "digest", "major": "push", "breaking": "push"}


PUSHES_MAX = 6
"""Pushes of one story within a day; beyond it what isn't breaking, a correction or a withdrawal goes to the digest."""


def significance_of(change: Change, arrived: Sequence[Part], superseded: Sequence[str], burst: int = 0) -> Significance:
    """The level is that of the strongest reason; without one, the change is minor.

    `arrived` are the live parts that this version added, adopted or revised; `superseded` the figures it replaced.
    `burst`: so many publishers reported within the hour, and at the version before it was no burst yet; 0: no burst.
    """
    reasons = [*_about_the_story(change), *_about_articles(change, arrived), *_about_figures(superseded)]
    if burst:
        reasons.append(("major", f"{burst} publishers within an hour"))
    level = max((level for level, _ in reasons), key=LEVELS.index, default="minor")
    return Significance.model_validate({"level": level, "reasons": tuple(dict.fromkeys(said for _, said in reasons))})


def notify_of(story: Story, change: Change, significance: Significance, pushed_ms: Sequence[int] = ()) -> Notify:
    """What to do about it. Two versions of one kind that read the same are one notification, unless the headline said
    something else meanwhile: a story without sections has nothing else to tell by that words are back. What is
    corrected or withdrawn counts also where no section cites it.

    `pushed_ms`: when the story was last pushed, in ms; a story that has used up its day's pushes goes to the digest.
    """
    read: list[object] = [story.headline, str(story.status), [section.hash for section in story.sections]]
    if change.headline_changed:
        read.append(story.version)
    if change.kind in ("correction", "retraction"):
        read.append([change.summary, [each.uri for each in change.articles]])
    digest = hashlib.blake2b(canonical_json(read), digest_size=8).hexdigest()
    return Notify.model_validate(
        {"mode": _mode(story, change, significance, pushed_ms), "dedupe_key": f"{story.id}:{change.kind}:{digest}"}
    )


def _mode(story: Story, change: Change, significance: Significance, pushed_ms: Sequence[int]) -> str:
    mode = _MODES[significance.level]
    if mode != "push" or significance.level == "breaking" or change.kind in ("correction", "retraction"):
        return mode
    since_ms = to_ms(story.updated_at) - DAY_MS
    return "digest" if sum(at_ms > since_ms for at_ms in pushed_ms) >= PUSHES_MAX else mode


def _about_the_story(change: Change) -> list[tuple[str, str]]:
    if change.kind == "opened":
        return [("normal", "a new story")]
    if change.kind == "retraction":
        withdrawn = any(each.action == "retracted" for each in change.articles)
        return [("major", "an article was withdrawn")] if withdrawn else []
    if change.kind in ("merge", "split"):
        # What the reader of the winning story sees are more reports, told below; the pointer itself wakes nobody.
        return [("minor", "stories merged" if change.kind == "merge" else "a story was split")]
    return [("minor", "the story's status changed")] if change.kind == "lifecycle" else []


def _about_articles(change: Change, arrived: Sequence[Part]) -> list[tuple[str, str]]:
    fresh = {each.uri for each in change.articles if each.action in ("added", "adopted")}
    come = {each.uri for each in change.articles if each.action == "added"}
    reasons: list[tuple[str, str]] = []
    for part in arrived:
        if part.article_uri in fresh - come and is_independent(part):
            reasons.append(("normal", "a report of another story"))  # however urgent it was, it was told there
        elif part.article_uri in fresh and is_independent(part):
            reasons.append(_urgent(part.urgency) or ("normal", "a new independent report"))
        elif part.article_uri in fresh:
            reasons.append(("minor", f"a {part.relation} of an earlier report"))
        elif part.correction is not None:
            level = "normal" if part.correction.severity in ("clarification", "update") else "major"
            reasons.append((level, f"a {part.correction.severity}"))
        else:
            reasons.append(("minor", "a newer version of a report"))
    return reasons


def _urgent(urgency: int | None) -> tuple[str, str] | None:
    if urgency == 1:
        return ("breaking", "urgency 1")
    return ("major", "urgency 2") if urgency == 2 else None


def _about_figures(superseded: Sequence[str]) -> list[tuple[str, str]]:
    return [("normal", f"a figure changed: {said}") for said in superseded]
