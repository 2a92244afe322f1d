"""A story as plain text for a terminal: headline, badge and day, headed sections with [n] and older days, sources."""

import textwrap
from datetime import UTC, date

from storyline_schemas import Section, Sentence, Source, Story

from ...terminal import safe, titled
from .citing import (
    Days,
    adds,
    day_name,
    days_shown,
    heading_shown,
    omitted_line,
    sources_heading,
    split_end,
    status_line,
)


def shortened(line: str, width: int | None) -> str:
    """A line of a list, of at most so many characters; None: the whole line."""
    return line if width is None or len(line) <= width else line[: max(width - 1, 0)] + "…"


def story_text(story: Story, width: int | None = None) -> str:
    """The page of a story as lines, wrapped at `width` columns if one is given; ends with a line break."""
    # What its sentences call today is the day of the story's newest article.
    updated = story.updated_at.astimezone(UTC)
    blocks = [f"{safe(titled(story.headline))}\n{status_line(story)}, {updated.day} {updated:%b %Y}"]
    days = days_shown(story.sections, {source.n: source.published_at for source in story.sources})
    blocks += [_section(story, section, its, width) for section, its in zip(story.sections, days, strict=True)]
    if story.sources:
        rows = [_wrap(_source(source), width) for source in story.sources]
        rows += [_wrap(safe(line), width)] if (line := omitted_line(story)) else []
        blocks.append("\n".join([sources_heading(story), *rows]))
    return "\n\n".join(blocks) + "\n"


def _section(story: Story, section: Section, days: Days, width: int | None) -> str:
    newest = story.updated_at.date()
    heading = " ".join(filter(None, [safe(heading_shown(story, section)), _told_on(days.whole, newest)]))
    pairs = zip(section.sentences, days.each, strict=True)
    body = " ".join(_sentence(sentence, _told_on(day, newest)) for sentence, day in pairs)
    return "\n".join(filter(None, [heading, _wrap(body, width)]))


def _told_on(day: date | None, newest: date) -> str:
    return f"({day_name(day, newest)})" if day else ""


def _sentence(sentence: Sentence, day: str) -> str:
    text, end = split_end(sentence)
    cited = "".join(f"[{n}]" for n in sentence.citations)
    return f"{' '.join(filter(None, [safe(text), cited, day]))}{end}"


def _source(source: Source) -> str:
    return safe(f"[{source.n}] {source.provider}: {source.headline}{adds(source)}")


def _wrap(text: str, width: int | None) -> str:
    return text if width is None else textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
