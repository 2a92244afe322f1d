"""A model's wording of sections: laid over the page, never part of it.

The page goes on in its sources' own words, as if there were no model; what was proposed stands in a section's place for
as long as that section is the very one it was made for, and its sources, as they now are, say each sentence. So an
article that arrives, is corrected, killed or moved does to it what it does to the page, and nothing longer.
"""

from collections.abc import Mapping, Sequence

from storyline_schemas import Part, Propose, Section

from ..refusals import CHANGED, CITATIONS, GONE, HEADING, LOCKED, MERGED, MISSING
from ..sections import Page, judge
from .draft import Draft, Outcome
from .state import StoryState

Wordings = dict[str, Section]
"""Section id → the section as worded, of those that are."""


def standing(before: StoryState | None, page: Page | None, live: Sequence[Part], language: str) -> Wordings:
    """The wordings of the last version that still stand on the new page."""
    if before is None or page is None or not before.head.extracted:
        return {}
    made_for = {section.id: section.hash for section in before.head.extracted}
    worded = {section.id: section for section in before.story.sections if section.id in made_for}
    kept: Wordings = {}
    for section in page.sections:
        if made_for.get(section.id) != section.hash:
            continue
        if again := _still(section, worded[section.id], live, language):
            kept[section.id] = again
    return kept


def _still(section: Section, worded: Section, live: Sequence[Part], language: str) -> Section | None:
    texts = [sentence.text for sentence in worded.sentences]
    again = judge(section, texts, _by_number(live), language).section
    return again if again is not None and again.hash == worded.hash else None


def take(
    draft: Draft, proposals: Sequence[Propose], page: Page | None, wordings: Wordings, live: Sequence[Part],
    language: str,
) -> list[Outcome]:  # fmt: skip
    """Judge each proposal on the page as it now is; what passes is put into `wordings`. One outcome each."""

    def one(command: Propose) -> Outcome | None:
        section = next((each for each in page.sections if each.id == command.section_id), None) if page else None
        if refused := _not_asked_for(draft, command, section, wordings):
            return Outcome("refused", refused)
        assert section is not None
        judged = judge(section, [sentence.text for sentence in command.sentences], _by_number(live), language)
        if judged.section is None:
            return Outcome("refused", judged.faults[0].reason)
        if not _cites_so(command, judged.section):
            return Outcome("refused", CITATIONS)
        wordings[section.id] = judged.section
        return None

    return [draft.once(each, lambda each=each: one(each), each.section_id) for each in proposals]  # type: ignore[misc]


def _not_asked_for(draft: Draft, command: Propose, section: Section | None, wordings: Wordings) -> str:
    """Why a proposal isn't even judged; empty if it is."""
    if not draft.exists:
        return MISSING
    if draft.merged:
        return MERGED
    if section is None:
        return GONE
    if draft.locks.get(section.id, section.locked):
        return LOCKED
    if command.section_hash != wordings.get(section.id, section).hash:
        return CHANGED
    return HEADING if command.heading not in (None, section.heading) else ""


def _cites_so(command: Propose, section: Section) -> bool:
    proposed = [(sentence.text, sentence.citations) for sentence in command.sentences]
    return proposed == [(sentence.text, sentence.citations) for sentence in section.sentences]


def over(page: Page, wordings: Mapping[str, Section]) -> tuple[Section, ...]:
    """The sections as they go out."""
    return tuple(
        wordings[own.id].model_copy(update={"locked": own.locked}) if own.id in wordings else own
        for own in page.sections
    )


def own_words(page: Page, wordings: Mapping[str, Section]) -> tuple[Section, ...]:
    """The page's own sections in whose place a wording stands."""
    return tuple(section for section in page.sections if section.id in wordings)


def _by_number(live: Sequence[Part]) -> dict[int, Part]:
    return {part.n: part for part in live if part.n is not None}
