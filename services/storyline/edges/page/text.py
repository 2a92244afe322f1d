"""A story as plain text for a terminal: headline, badge, headed sections with [n], numbered sources."""

import re
import textwrap

from storyline_schemas import Section, Sentence, Source, Story

from .citing import adds, heading_shown, omitted_line, sources_heading, split_end, status_line

# C0 and C1 controls would reach the terminal as commands; line and paragraph separators and directional overrides
# would let a headline pretend to be something else.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def safe(text: str) -> str:
    """Text that a terminal shows and doesn't obey: control characters become one space."""
    return _UNSAFE.sub(" ", text)


def story_text(story: Story, width: int | None = None) -> str:
    """The page of a story as lines, wrapped at `width` columns if one is given; ends with a line break."""
    blocks = [f"{safe(story.headline)}\n{status_line(story)}"]
    blocks += [_section(heading_shown(story, section), section, width) for section in story.sections]
    if story.sources:
        rows = [_wrap(_source(source), width) for source in story.sources]
        rows += [_wrap(safe(line), width)] if (line := omitted_line(story)) else []
        blocks.append("\n".join([sources_heading(story), *rows]))
    return "\n\n".join(blocks) + "\n"


def _section(heading: str, section: Section, width: int | None) -> str:
    body = " ".join(_sentence(sentence) for sentence in section.sentences)
    return "\n".join(filter(None, [safe(heading), _wrap(body, width)]))


def _sentence(sentence: Sentence) -> str:
    text, end = split_end(sentence)
    cited = "".join(f"[{n}]" for n in sentence.citations)
    return f"{safe(text)} {cited}{end}"


def _source(source: Source) -> str:
    return safe(f"[{source.n}] {source.provider}: {source.headline}{adds(source)}")


def _wrap(text: str, width: int | None) -> str:
    return text if width is None else textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
