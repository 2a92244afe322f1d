"""How a page writes counts, citations and the days of older news; the same words in every form of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from storyline_schemas import Section, Sentence, Source, Story, StoryStatus

_ENDS = ".!?。！？…"
DAYS_SHOWN_FROM = timedelta(days=1)
"""How much older than the story's newest article a sentence's newest one is where the page says its day."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days (UTC) that stand in a section: `whole` by its heading if all its sentences are of one, else `each`
    beside the citations of its sentence. None: no day is shown there."""

    whole: date | None
    each: tuple[date | None, ...]


def days_shown(sections: Iterable[Section], published_at: Mapping[int, datetime | None]) -> list[Days]:
    """The days of each section's sentences, where the newest article that a sentence cites is a day or more older than
    the story's newest. A sentence that cites an article without a time may be newer than it looks, and shows none.

    `published_at`: number of each source of the story → its time.
    """
    newest = max(filter(None, published_at.values()), default=None)
    return [_days(section, published_at, newest) for section in sections]


def _days(section: Section, published_at: Mapping[int, datetime | None], newest: datetime | None) -> Days:
    each = tuple(_day(sentence, published_at, newest) for sentence in section.sentences)
    if each and each[0] is not None and len(set(each)) == 1:
        return Days(each[0], (None,) * len(each))
    return Days(None, each)


def _day(sentence: Sentence, published_at: Mapping[int, datetime | None], newest: datetime | None) -> date | None:
    times = [published_at.get(n) for n in sentence.citations]
    dated = [time for time in times if time is not None]
    if newest is None or not dated or len(dated) < len(times) or newest - max(dated) < DAYS_SHOWN_FROM:
        return None
    return max(dated).astimezone(UTC).date()


def day_name(day: date, beside: date) -> str:
    """`26 Oct`, with the year only where it isn't that of `beside`, the newest shown."""
    year = "" if day.year == beside.year else f" {day.year}"
    return f"{day.day} {day:%b}{year}"


def status_line(story: Story) -> str:
    """`Updated (3 articles)`: how many articles the story rests on, and its status if it isn't simply running."""
    if story.redirect_to:
        return f"Merged into {story.redirect_to}"
    if story.status is StoryStatus.RETRACTED:
        return "Withdrawn"
    badge = f"Updated ({articles(story.article_count)})"
    return badge if story.status is StoryStatus.OPEN else f"{badge}, {story.status}"


def sources_heading(story: Story) -> str:
    return f"Sources ({articles(story.article_count)})"


def omitted_line(story: Story) -> str:
    """What a very large story's list leaves out: `and 49,000 more: 20,100 of Reuters, …`; nothing otherwise."""
    omitted = story.sources_omitted
    if omitted is None:
        return ""
    families = ", ".join(f"{each.article_count:,} of {each.family}" for each in omitted.families[:5])
    rest = ", …" if len(omitted.families) > 5 else ""
    return f"and {omitted.count:,} more" + (f": {families}{rest}" if families else "")


def articles(count: int) -> str:
    return f"{count} article" if count == 1 else f"{count:,} articles"


def split_end(sentence: Sentence) -> tuple[str, str]:
    """A sentence's text and its closing mark: the citations stand between them, before the full stop."""
    text = sentence.text.rstrip()
    if text[-1:] in _ENDS and text[-2:-1] not in _ENDS:
        return text[:-1], text[-1:]
    return text, ""


def adds(source: Source) -> str:
    """One sentence on what the source adds, or nothing."""
    return f": {source.adds}" if source.adds else ""


def heading_shown(story: Story, section: Section) -> str:
    """The section's heading; nothing where there is none or it would only say the story's headline again."""

    def letters(text: str) -> str:
        return "".join(character for character in text.casefold() if character.isalnum())

    return "" if letters(section.heading) == letters(story.headline) else section.heading
