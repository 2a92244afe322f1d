"""From the page as it was to the page as it is: the one function that decides what a story says.

An update changes as little as the news asks for. A section is written again only if it gains a sentence of a touched
article, loses one (source gone or revised, sentence overtaken), or a touched article also says what it says.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from storyline_schemas import Part

from . import blocks, filling, leading, opening, retiring
from .drafts import Draft, Line, cite, verify
from .entities import entities
from .gathering import window
from .ordering import put_in_order
from .page import Page, used_by
from .tense import rests_on
from .text import primary
from .timeline import timeline
from .update import Update

RETIRED_MAX = 60
STATE_VERSION = 1


def evolve(
    previous: Page | None, parts: Sequence[Part], touched: AbstractSet[int], story_version: int, language: str
) -> Page:
    """The page after an update.

    `parts` are the story's live articles (each with n; order doesn't matter), `touched` the n that arrived, were
    revised or were removed since `previous`. The same arguments give the same page on any machine; with nothing
    touched the page is returned as it is.
    """
    live = {
        part.n: part for part in sorted(parts, key=lambda part: part.n or 0) if part.n is not None and not part.gone
    }
    touched = set(touched)
    if previous is not None:
        touched |= {n for n in used_by(previous) if n not in live}
        if not touched:
            return previous
        if _only_copies(previous, live, touched):
            keep = (touched | used_by(previous)) & live.keys()
            named = entities(list(live.values()), window(list(live.values()), keep, language), primary(language))
            return replace(previous, entities=named, superseded=())
    return _write(Update(previous, live, touched, story_version, language))


def _only_copies(page: Page, live: dict[int, Part], touched: set[int]) -> bool:
    used = used_by(page)
    return bool(page.sections) and all(
        n in live and n not in used and live[n].relation == "copy" and live[n].copy_of in live for n in touched
    )


def _write(update: Update) -> Page:
    """The steps of an update, in their order."""
    verify(update.drafts, update.live, update.touched, update.language)
    retiring.retire(update)
    retiring.regrow(update)
    update.mend()
    leading.lead(update)
    retiring.let_go(update)
    opening.refill(update)
    opening.swap(update)
    filling.carry_on(update)
    filling.extend(update)
    filling.contradict(update)
    filling.contribute(update)
    filling.oppose(update)
    filling.thicken(update)
    put_in_order(update)
    for draft in update.drafts.items[1:]:
        if draft.changed and not draft.locked:
            update.title(draft)
    _cite(update)
    _dissolve(update)
    headline_n = update.headline_n()
    sections = tuple(draft.section() for draft in update.drafts.items)
    return Page(
        headline=update.headline(headline_n),
        sections=sections,
        state=_next_state(update, headline_n),
        timeline=timeline(update, sections),
        entities=entities(list(update.live.values()), list(update.pool.parts.values()), update.pool.language),
        superseded=tuple(dict.fromkeys(update.superseded)),
    )


def _cite(update: Update) -> None:
    """Second citations: touched articles for sentences that stand, all articles for new ones."""
    for draft in update.drafts.items:
        if draft.locked:
            continue
        fresh = draft.changed or draft.before is None
        also = update.pool.by_part.keys() if fresh else sorted(update.touched & update.pool.by_part.keys())
        for line in draft.lines:
            _by_both(update, draft, line, also)
            cite(line, update.pool, also)


def _by_both(update: Update, draft: Draft, line: Line, also: AbstractSet[int] | Sequence[int]) -> None:
    """A line in the form in which one of these articles has it, too, if that says nearly as much, and all that the
    heading took of it."""
    form = blocks.told_by_both(update.pool, line.candidate) if line.candidate else None
    if form is None or form is line.candidate or form.n not in also:
        return
    if rests_on(draft.heading, form.text) or not rests_on(draft.heading, line.text):
        line.text, line.features, line.candidate = form.text, form.features, form
        line.citations = tuple(sorted({*line.citations, form.n}))


def _dissolve(update: Update) -> None:
    """A changed section of one sentence that isn't the lead goes: too thin for a heading."""
    keep = update.drafts.items[:1]
    update.drafts.items = keep + [d for d in update.drafts.items[1:] if len(d.lines) > 1 or not d.changed or d.locked]


def _next_state(update: Update, headline_n: int) -> dict[str, Any]:
    retired = sorted([*old, *by] for old, by in update.retired.items())
    return {
        "v": STATE_VERSION,
        "next": update.drafts.next_id,
        "lead": update.drafts.items[0].id if update.drafts.items else "",
        "headings": {draft.id: draft.heading_n for draft in update.drafts.items},
        "headline_n": headline_n,
        "retired": retired[-RETIRED_MAX:],
    }
