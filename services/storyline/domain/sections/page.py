"""What a story says at one version."""

from dataclasses import dataclass
from typing import Any

from storyline_schemas import Entity, Section, TimelineEntry


@dataclass(frozen=True, slots=True)
class Page:
    """What a story says at one version.

    `state` (JSON values only, bounded) with the sections is all that the next update needs besides the articles.
    `superseded` tells figures that this update replaced, for example "12 dead, now 15".
    """

    headline: str
    sections: tuple[Section, ...]
    state: dict[str, Any]
    timeline: tuple[TimelineEntry, ...] = ()
    entities: tuple[Entity, ...] = ()
    superseded: tuple[str, ...] = ()


def used_by(page: Page) -> set[int]:
    """The articles (n) that anything on a page comes from."""
    cited = {n for section in page.sections for sentence in section.sentences for n in sentence.citations}
    cited |= {n for n in page.state.get("headings", {}).values() if n}
    cited |= {n for entry in page.timeline for n in entry.citations}
    return cited | ({page.state["headline_n"]} if page.state.get("headline_n") else set())
