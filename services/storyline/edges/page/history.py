"""Two versions of a story side by side: which sentences are new, and what of an earlier one may still be shown."""

import re
from dataclasses import dataclass

from storyline_schemas import Section, Story, StoryUpdate

_OLDER_FIGURE = re.compile(r", now \d")
"""As in "12 dead, now 15": the first may be the figure of another article."""
Marks = frozenset[tuple[str, int]]
"""Sentences by section id and place in the section, from 0."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`marks` are the sentences of the newer version that the older one doesn't have; `removed` counts the opposite."""

    marks: Marks = frozenset()
    removed: int = 0
    headline: bool = False


def difference(before: Story | None, now: Story) -> Difference:
    """What `now` says that `before` didn't; nothing is marked if there is no version before."""
    if before is None:
        return Difference()
    said, says = _texts(before), _texts(now)
    marks = frozenset(
        (section.id, at)
        for section in now.sections
        for at, sentence in enumerate(section.sentences)
        if sentence.text not in said
    )
    return Difference(marks, len(said - says), before.headline != now.headline)


def _texts(story: Story) -> set[str]:
    return {sentence.text for section in story.sections for sentence in section.sentences}


def summary_rests_on(update: StoryUpdate) -> dict[int, str]:
    """Number → uri of the articles of which all must still be there if the summary of the change is to be shown.

    A summary names and quotes what came, and of what was there before at most a figure; of what left, no word.
    """
    came = {each.n: each.uri for each in update.change.articles if each.action not in ("retracted", "moved")}
    if _OLDER_FIGURE.search(update.change.summary):
        came |= {source.n: source.article_uri for source in update.story.sources}
    return came


def live_numbers(story: Story) -> frozenset[int]:
    """The numbers of the sources that a story rests on now."""
    return frozenset(source.n for source in story.sources)


def as_shown(then: Story, now: Story) -> tuple[Story, int]:
    """An earlier version without what was withdrawn since, and how many sentences that took away.

    A sentence stays while all of its sources are there. A headline or heading may be a withdrawn article's own
    title, and a subject be its own: once any source is gone, it stays only where the present version has the same one.
    """
    live = live_numbers(now)
    if all(source.n in live for source in then.sources):
        return then, 0
    headings = {section.heading for section in now.sections}
    sections = [_kept(section, live, headings) for section in then.sections]
    taken = sum(len(each.sentences) for each in then.sections) - sum(len(each.sentences) for each in sections)
    changes = {
        "headline": then.headline if then.headline == now.headline else now.headline,
        "sections": tuple(section for section in sections if section.sentences),
        "sources": tuple(source for source in then.sources if source.n in live),
        "timeline": tuple(entry for entry in then.timeline if live.issuperset(entry.citations)),
        "entities": (),
        "subjects": tuple(subject for subject in then.subjects if subject in now.subjects),
    }
    return then.model_copy(update=changes), taken


def _kept(section: Section, live: frozenset[int], headings: set[str]) -> Section:
    """A sentence with two citations is worded by the first and supported by the second: all must be there."""
    sentences = tuple(each for each in section.sentences if live.issuperset(each.citations))
    heading = section.heading if section.heading in headings else ""
    return section.model_copy(update={"heading": heading, "sentences": sentences})
