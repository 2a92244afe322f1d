"""How a page writes counts and citations; the same words in every form of it."""

from storyline_schemas import Section, Sentence, Source, Story, StoryStatus

_ENDS = ".!?。！？…"


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
    return f"{count} article" if count == 1 else f"{count} articles"


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
