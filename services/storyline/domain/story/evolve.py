"""A batch of commands becomes one new version of a story, or nothing at all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from storyline_schemas import Change, Part, Propose, SplitProposal, Story, StoryCommand, StoryUpdate
from storyline_schemas.base import HOUR_MS, from_ms

from .. import sections
from ..sections import Page, describe
from .applying import apply
from .changes import arrived_parts, change_of, matches_of
from .draft import Draft, Outcome
from .listed import listed
from .parting import split_proposal
from .parts import is_independent, live_parts
from .significance import PUSHES_MAX, notify_of, significance_of
from .state import Head, StoryState
from .subjects import subjects
from .velocity import BURST_QUIET_HOURS, burst_of, publishers_now, velocity_of
from .wording import Wordings, over, own_words, standing, take

WITHDRAWN = "This story has been withdrawn"
MERGED = "This story is now part of another"
"""Headlines that carry no word of an article: what was killed must not live on in them."""


@dataclass(frozen=True, slots=True)
class Evolution:
    """What a batch did to a story. With no update the state is as before, and nothing is to be written.

    Unless it `expires`: then all of its records go, after the update if there is one.
    """

    state: StoryState | None
    update: StoryUpdate | None = None
    changed_parts: Mapping[str, Part | None] = field(default_factory=dict)
    """Article uri → its part as it now is; None: it goes altogether."""
    commands: Sequence[StoryCommand] = ()
    """For other stories, in order; also without an update, when a merged story passes late commands on."""
    outcomes: Sequence[Outcome] = ()
    """One for each command."""
    expires: bool = False


def evolve(
    story_id: str, state: StoryState | None, commands: Sequence[StoryCommand], untold: bool = False
) -> Evolution:
    """Apply a batch to a story (None: there is none yet): one version more if anything changes.

    The result depends on the arguments alone. Raises StateLost if a command tells a story that isn't there to do
    anything but open, unless it is `untold`: no topic knows it, so nothing of it can be lost.
    """
    if not commands:
        return Evolution(state)
    draft = Draft.of(story_id, commands[0].space, state, untold)
    # A proposal is judged on the page that the rest of the batch leads to.
    proposals = [command for command in commands if isinstance(command, Propose)]
    outcomes = [apply(draft, command) for command in commands if not isinstance(command, Propose)]
    if not draft.causes and not proposals:
        return Evolution(state, None, {}, tuple(draft.commands), outcomes, draft.expired)
    placed = _describe(draft)
    after, page, proposed = _next(state, draft, proposals, placed)
    outcomes = _in_order(commands, outcomes, proposed)
    if after is None:
        return Evolution(state, None, {}, tuple(draft.commands), outcomes, draft.expired)
    change = change_of(state, after, page, draft)
    superseded = page.superseded if page else ()
    significance = significance_of(change, arrived_parts(after, change), superseded, _burst(state, after, change))
    pushed_ms = after.head.pushed_ms
    notify = notify_of(after.story, change, significance, pushed_ms)
    if notify.mode == "push":
        pushed_ms = (*pushed_ms, after.head.updated_ms)[-PUSHES_MAX:]
        after = replace(after, head=after.head.model_copy(update={"pushed_ms": pushed_ms}))
    update = StoryUpdate(
        story=after.story,
        change=change,
        significance=significance,
        notify=notify,
        match=matches_of(after, change),
        velocity=velocity_of(after.parts.values(), after.head.first_ms, after.head.updated_ms),
    )
    return Evolution(after, update, _changed(state, after), tuple(draft.commands), outcomes, draft.expired)


def _burst(before: StoryState | None, after: StoryState, change: Change) -> int:
    """How many publishers reported within the hour, if that has just become a burst; else 0.

    Reports that another story hands over are none that have just come, and were told there.
    """
    quiet_ms = after.head.updated_ms - BURST_QUIET_HOURS * HOUR_MS
    if all(each.action != "added" for each in change.articles) or max(after.head.pushed_ms, default=0) > quiet_ms:
        return 0
    now = publishers_now(after.parts.values(), after.head.updated_ms)
    burst = burst_of(after.parts.values())
    if now < burst:
        return 0
    was = publishers_now(before.parts.values(), before.head.updated_ms) if before else 0
    return now if was < burst else 0


def _describe(draft: Draft) -> set[str]:
    """Place each new source among those before it, and again those that copied a source that changed or left; which
    ones."""
    placed: set[str] = set()
    earlier: list[Part] = []
    for part in live_parts(draft.parts.values()):
        if part.n in draft.touched or part.copy_of in draft.touched:
            place = describe(part, earlier)
            part = part.model_copy(update={"relation": place.relation, "copy_of": place.copy_of})
            placed.add(part.article_uri)
            if part.n is not None:
                draft.touched.add(part.n)
            draft.parts[part.article_uri] = part
        earlier.append(part)
    return placed


def _tell(draft: Draft, placed: set[str], page: Page | None, before: Page | None) -> list[Part]:
    """The live articles with what they add, for which the page must be known and what it was `before`."""
    live, now, was = live_parts(draft.parts.values()), page.sections if page else (), before.sections if before else ()
    told = sections.tell(live, now, placed, was)
    draft.parts.update({part.article_uri: part for part in told})
    return told


def _in_order(commands: Sequence[StoryCommand], others: list[Outcome], proposed: list[Outcome]) -> list[Outcome]:
    rest, judged = iter(others), iter(proposed)
    return [next(judged if isinstance(command, Propose) else rest) for command in commands]


def _next(
    before: StoryState | None, draft: Draft, proposals: Sequence[Propose], placed: set[str]
) -> tuple[StoryState | None, Page | None, list[Outcome]]:
    """The next version, its page in the sources' words, and what became of the proposals; no version if nothing was
    applied."""
    live = live_parts(draft.parts.values())
    version = before.story.version + 1 if before else 1
    language, language_uri = _language(before, live)
    page = _page(_locked(before, draft), live, draft.touched, version, language)
    live = _tell(draft, placed, page, before.page if before else None)
    wordings = standing(before, page, live, language)
    proposed = take(draft, proposals, page, wordings, live, language)
    if not draft.causes:
        return None, page, proposed
    story = _story(before, draft, live, page, wordings, version, language)
    head = _head(before, draft, page, wordings, language_uri)
    return StoryState(story, head, draft.parts), page, proposed


def _story(
    before: StoryState | None, draft: Draft, live: Sequence[Part], page: Page | None, wordings: Wordings,
    version: int, language: str,
) -> Story:  # fmt: skip
    """What the public sees of the version."""
    shown = over(page, wordings) if page else ()
    timeline = page.timeline if page else ()
    sources, omitted = listed(live, shown, timeline)
    return Story(
        id=draft.story_id,
        version=version,
        space=draft.space,
        language=language,
        headline=draft.headline or page.headline if page else (MERGED if draft.merged else WITHDRAWN),
        status=draft.status,
        article_count=len(live),
        source_count=len({part.family for part in live}),
        independent_report_count=sum(map(is_independent, live)),
        sections=shown,
        sources=sources,
        timeline=timeline,
        entities=page.entities if page else (),
        subjects=subjects(live),
        first_seen=from_ms(draft.first_ms or 0),
        updated_at=from_ms(draft.updated_ms or 0),
        redirect_to=draft.redirect_to,
        split_proposal=_proposal(before, draft, live),
        sources_omitted=omitted,
    )


def _proposal(before: StoryState | None, draft: Draft, live: Sequence[Part]) -> SplitProposal | None:
    if before is None:
        return split_proposal(None, 0, live, draft.pinned)
    return split_proposal(before.story.split_proposal, before.story.article_count, live, draft.pinned)


def _head(
    before: StoryState | None, draft: Draft, page: Page | None, wordings: Wordings, language_uri: str
) -> Head:  # fmt: skip
    """What the next version must know beside it."""
    return Head(
        next_n=draft.next_n,
        first_ms=draft.first_ms or 0,
        updated_ms=draft.updated_ms or 0,
        language_uri=language_uri,
        edits=draft.edits,
        pushed_ms=before.head.pushed_ms if before else (),
        pinned=draft.pinned,
        headline=draft.headline,
        own_headline=page.headline if page and draft.headline else None,
        page=page.state if page else None,
        extracted=own_words(page, wordings) if page else (),
    )


def _locked(before: StoryState | None, draft: Draft) -> Page | None:
    """The page as it stands, with the locks that a person has just put on its sections or taken off."""
    page = before.page if before else None
    if page is None:
        return None
    locks = draft.locks
    sections = tuple(
        each if each.locked == locks[each.id] else each.model_copy(update={"locked": locks[each.id]})
        for each in page.sections
    )
    return replace(page, sections=sections)


def _page(previous: Page | None, live: Sequence[Part], touched: set[int], version: int, language: str) -> Page | None:
    """The sections, written again as far as they are touched; none without a live article."""
    if not live:
        return None
    if previous is not None and not touched:
        return previous
    return sections.evolve(previous, live, touched, version, language)


def _language(before: StoryState | None, live: Sequence[Part]) -> tuple[str, str]:
    """(language, the article it comes from): that of the story's first article for as long as this is in it, then
    the most frequent among the live ones, among equals the one with the lowest source number."""
    if before is not None and before.head.language_uri in {part.article_uri for part in live}:
        uri = before.head.language_uri
        return next(part.language for part in live if part.article_uri == uri), uri
    if not live:
        return (before.story.language, "") if before else ("und", "")
    if before is None:
        return live[0].language, live[0].article_uri
    usual = _most_frequent(part.language for part in live)
    return usual, next(part.article_uri for part in live if part.language == usual)


def _most_frequent(values: Iterable[str]) -> str:
    return Counter(values).most_common(1)[0][0]  # the first of equals, by insertion order


def _changed(before: StoryState | None, after: StoryState) -> dict[str, Part | None]:
    old = before.parts if before else {}
    changed: dict[str, Part | None] = {uri: part for uri, part in after.parts.items() if old.get(uri) != part}
    return changed | {uri: None for uri in old if uri not in after.parts}
