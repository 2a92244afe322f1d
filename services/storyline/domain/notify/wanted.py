"""Whether an update is what a subscription asks for."""

import re
import unicodedata
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from storyline_schemas import Story, StoryUpdate
from storyline_schemas.base import Language, Space, StoryId
from storyline_schemas.update import LEVELS, Level

EACH_MAX = 200
"""Values a rule may list: a subscription is looked at for every update."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
_WORD = re.compile(r"\w+")


class Wanted(BaseModel):
    """The rules of a subscription. An empty rule asks nothing; all others must hold, each by one of its values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    stories: Annotated[tuple[StoryId, ...], Field(max_length=EACH_MAX)] = ()
    entities: Annotated[tuple[Text, ...], Field(max_length=EACH_MAX)] = ()
    """Names of people, organisations or places, in any case."""
    subjects: Annotated[tuple[Text, ...], Field(max_length=EACH_MAX)] = ()
    """Names in any case, or codes as the providers write them."""
    languages: Annotated[tuple[Language, ...], Field(max_length=EACH_MAX)] = ()
    """`en` takes `en-GB` too (RFC 4647, basic filtering)."""
    spaces: Annotated[tuple[Space, ...], Field(max_length=EACH_MAX)] = ()
    words: Annotated[tuple[Text, ...], Field(max_length=EACH_MAX)] = ()
    """Words or phrases as they stand in the headline, a heading or a sentence; in any case, with or without accents."""
    level: Level = "minor"
    """The least significance."""


def is_wanted(wanted: Wanted, update: StoryUpdate) -> bool:
    """Whether story and change fit every rule."""
    return is_about(wanted, update.story) and is_significant(wanted, update)


def is_significant(wanted: Wanted, update: StoryUpdate) -> bool:
    """Whether the change matters enough; the only rule that looks at the change and not at the story."""
    return LEVELS.index(update.significance.level) >= LEVELS.index(wanted.level)


def is_about(wanted: Wanted, story: Story) -> bool:
    """Whether the story fits every rule about stories. Cheap rules first; words are looked for last."""
    if wanted.stories and story.id not in wanted.stories:
        return False
    if wanted.spaces and story.space not in wanted.spaces:
        return False
    if wanted.languages and not any(_speaks(story.language, each) for each in wanted.languages):
        return False
    if wanted.entities and not _names(wanted.entities) & {entity.name.casefold() for entity in story.entities}:
        return False
    if wanted.subjects and not _has_subject(wanted.subjects, story):
        return False
    return not wanted.words or _says(wanted.words, story)


def _speaks(language: str, asked: str) -> bool:
    language, asked = language.lower(), asked.lower()
    return language == asked or language.startswith(f"{asked}-")


def _names(values: tuple[str, ...]) -> set[str]:
    return {value.casefold() for value in values}


def _has_subject(asked: tuple[str, ...], story: Story) -> bool:
    codes = {subject.code for subject in story.subjects}
    names = {subject.name.casefold() for subject in story.subjects}
    return bool(codes & set(asked) or names & _names(asked))


def _says(asked: tuple[str, ...], story: Story) -> bool:
    text = _plain("\n".join(_texts(story)))
    return any(_stands_in(_plain(phrase), text) for phrase in asked)


def _texts(story: Story) -> list[str]:
    texts = [story.headline]
    for section in story.sections:
        texts += [section.heading, *(sentence.text for sentence in section.sentences)]
    return texts


def _plain(text: str) -> str:
    """Words apart by one space, without case and accents, so that `Zürich` finds `ZURICH`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(each for each in decomposed if not unicodedata.combining(each))))


def _stands_in(phrase: str, text: str) -> bool:
    """Whole words only, except in scripts that write none: there `\\w+` is a run of text, and any part of it counts."""
    if not phrase:
        return False
    if _writes_words(phrase):
        return f" {phrase} " in f" {text} "
    return phrase in text


def _writes_words(phrase: str) -> bool:
    # Han, kana, Hangul's neighbours, Thai, Lao, Khmer, Burmese: no space between words.
    return not any(
        "\u3040" <= each <= "\u30ff" or "\u3400" <= each <= "\u9fff" or "\u0e00" <= each <= "\u0eff"
        or "\u1000" <= each <= "\u109f" or "\u1780" <= each <= "\u17ff" or each >= "\U00020000"
        for each in phrase
    )  # fmt: skip
