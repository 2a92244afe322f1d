"""What a new version says it did: kind, causes, articles, sections, counts, and the decisions behind it."""

from storyline_schemas import (
    ArticleChange,
    Change,
    CountChange,
    Match,
    Part,
    SectionChange,
    Story,
    StoryStatus,
)  # fmt: skip
from storyline_schemas.edit import EDIT_ARTICLES_MAX
from storyline_schemas.update import ChangeKind

from ..sections import Page, change_summary
from ..sections.phrases import Key, phrase
from .draft import Draft
from .state import StoryState

CHANGES_MAX = EDIT_ARTICLES_MAX
"""Articles that one event names: as many as a person may ask for, so that each request can be undone from it. Only the
merge of a larger story moves more."""


def change_of(before: StoryState | None, after: StoryState, page: Page | None, draft: Draft) -> Change:
    """The change from `before` to `after`, as applied to `draft`; `page` is the page that was just written."""
    articles = _articles(before, after, draft)
    old = before.story if before else None
    return Change(
        kind=_kind(before, after, draft, articles),
        causes=tuple(draft.causes),
        articles=articles[:CHANGES_MAX],
        articles_omitted=max(0, len(articles) - CHANGES_MAX),
        sections=_sections(old, after.story),
        counts=_counts(old, after.story),
        headline_changed=old is not None and old.headline != after.story.headline,
        summary=_summary(before, after, page, articles, draft),
        edits=tuple(draft.edited),
    )


def arrived_parts(after: StoryState, change: Change) -> list[Part]:
    """The live parts that this version added, adopted or revised, in order of their numbers."""
    here = ("added", "adopted", "revised")
    return [after.parts[each.uri] for each in change.articles if each.action in here]


def matches_of(after: StoryState, change: Change) -> tuple[Match, ...]:
    """How the articles new to the story came to it."""
    new = (after.parts[each.uri].match for each in change.articles if each.action in ("added", "adopted"))
    return tuple(match for match in new if match is not None)


_STATUS: dict[StoryStatus, Key] = {
    StoryStatus.OPEN: "open",
    StoryStatus.DORMANT: "dormant",
    StoryStatus.CLOSED: "closed",
}
_EDITED: dict[str, Key] = {
    "split": "given",
    "move": "given",
    "pin": "pin",
    "unpin": "unpin",
    "lock": "lock",
    "unlock": "unlock",
}


def _articles(before: StoryState | None, after: StoryState, draft: Draft) -> tuple[ArticleChange, ...]:
    """One entry an article, by number; an article that came and went within the batch has none."""
    changes = []
    for uri, action in draft.actions.items():
        was = before.parts.get(uri) if before else None
        now = after.parts.get(uri)
        had, has = was.n if was else None, now.n if now else None
        if had is not None and has is not None:
            changes.append(ArticleChange(uri=uri, action="revised", n=has))
        elif (n := has or had) is not None:
            changes.append(ArticleChange(uri=uri, action=action, n=n))
    return tuple(sorted(changes, key=lambda change: change.n))


def _kind(
    before: StoryState | None, after: StoryState, draft: Draft, articles: tuple[ArticleChange, ...]
) -> ChangeKind:
    """The strongest thing that happened: a batch has one kind, and the rest stands in `articles`."""
    actions = {change.action for change in articles}
    if after.story.status is StoryStatus.RETRACTED and before is None:
        return "retraction"  # opened and withdrawn in one batch: nothing to announce
    if before is None and after.story.status is not StoryStatus.MERGED:
        return "split" if draft.types[0] == "adopt" else "opened"
    if "retracted" in actions and after.story.status is not StoryStatus.MERGED:
        return "retraction"
    if "merge" in draft.types or "adopted" in actions:
        return "merge"
    if "split" in draft.types or "moved" in actions:
        return "split"
    if "retracted" in actions or (not actions and "retract" in draft.types):
        return "retraction"
    if not actions:
        asked = {type for type in draft.types if type != "propose"}
        if not asked:
            return "prose"
        return "edit" if asked <= {"rename", "pin", "lock"} else "lifecycle"
    arrived = (after.parts[each.uri] for each in articles)
    return "correction" if any(part.correction is not None for part in arrived) else "articles"


def _sections(before: Story | None, after: Story) -> SectionChange:
    old = {section.id: section.hash for section in before.sections} if before else {}
    new = {section.id: section.hash for section in after.sections}
    return SectionChange(
        added=tuple(id for id in new if id not in old),
        changed=tuple(id for id in new if id in old and old[id] != new[id]),
        removed=tuple(id for id in old if id not in new),
    )


def _counts(before: Story | None, after: Story) -> CountChange:
    if before is None:
        before = after.model_copy(update={"article_count": 0, "source_count": 0, "independent_report_count": 0})
    return CountChange(
        articles=after.article_count - before.article_count,
        sources=after.source_count - before.source_count,
        independent_reports=after.independent_report_count - before.independent_report_count,
    )


def _summary(
    before: StoryState | None, after: StoryState, page: Page | None, articles: tuple[ArticleChange, ...], draft: Draft
) -> str:
    language = after.story.language
    if after.story.status is StoryStatus.MERGED:
        return phrase("merged", language)
    if after.story.status is StoryStatus.RETRACTED:
        return phrase("retracted", language)
    if page is None:
        return ""
    if not articles:
        return phrase(_apart_from_articles(after, draft), language)
    here = [each for each in articles if not after.parts[each.uri].gone]
    arrived = [after.parts[each.uri] for each in here if each.action != "adopted"]
    adopted = [after.parts[each.uri] for each in here if each.action == "adopted"]
    gone = [each for each in articles if after.parts[each.uri].gone and before is not None and each.uri in before.parts]
    left = {each.uri: before.parts[each.uri] for each in gone} if before is not None else {}
    moved = [left[each.uri] for each in gone if each.action == "moved"]
    removed = [left[each.uri] for each in gone if each.action != "moved"]
    shown = before.page if before else None
    if (arrived or adopted) and draft.replaced:
        removed = [part for part in removed if part.article_uri not in draft.replaced]
    return change_summary(shown, page, arrived, removed, moved, adopted, language=language)


def _apart_from_articles(after: StoryState, draft: Draft) -> Key:
    others = [type for type in draft.types if type != "propose"]
    if not others:
        return "reworded"
    if others[-1] in ("close", "reopen"):
        return _STATUS[after.story.status]
    return _EDITED.get(draft.edited[-1].action, "headline_edited") if draft.edited else "headline_edited"
