"""What every reader shares: what it is given, what it fills in, and what comes out."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from storyline_schemas import Article, Concept, PubStatus
from storyline_schemas.article import BODY_CHARS_MAX

DOCUMENT_BYTES_MAX = 16 * 1024 * 1024
"""Largest single document (an XML file, a JSON value, a mail); JSON Lines may be longer, each line may not."""
ITEMS_MAX = 50_000
"""Most articles taken from one document."""
PARAGRAPHS_MAX = 20_000
"""Most paragraphs of one article; a longer one is refused, never cut without a word."""
TEXT_CHARS_MAX = 4 * BODY_CHARS_MAX
"""Most characters of one article's text with its markup: four times what the contract takes without it."""

NAMES_MAX, NAME_CHARS_MAX, OTHERS = 100, 60, "…"
"""Names of ignored fields that are counted apart, the rest together."""

log = logging.getLogger("storyline.ingest")
Severity = Literal["correction", "clarification", "update", "kill"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a document, or one item of it, gives no article: the format, the field and a reason to act on."""

    format: str
    field: str
    reason: str


class Ignored:
    """Fields of articles that the contract doesn't know and nobody reads: counted by name, each told once."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def note(self, names: Iterable[str]) -> None:
        for name in names:
            name = name[:NAME_CHARS_MAX]
            if name not in self.counts:
                if len(self.counts) >= NAMES_MAX:
                    name = OTHERS
                else:
                    log.info("articles have a field %r, which is unknown and ignored", name)
            self.counts[name] += 1


class Unreadable(Exception):
    """The document can't be read at all. Carries the field and the reason of the refusal."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Context:
    """What is known from outside: the file's name and when it arrived (the year of a time that has none).

    `ignored` takes the names of the fields that were passed over.
    """

    name: str = ""
    received_at: datetime | None = None
    ignored: Ignored = field(default_factory=Ignored)


@dataclass(slots=True)
class Draft:
    """An article being filled in, in the wire's own words; `finish` makes the contract's values of them.

    `provider` is any name, domain or qcode of the sender. `language` is what the wire declares, "" if nothing.
    `paragraphs` still carry datelines, bylines and trailers; what the wire declares of them goes before. `rank` is
    the place among the versions of a wire that numbers its leads and has no version of its own. `notes` say what this
    version is and go along with a correction; `remarks` are other notes for desks: contacts, pictures, sign-offs.
    """

    format: str
    uri: str = ""
    version: str | None = None
    status: PubStatus = PubStatus.USABLE
    headline: str = ""
    summary: str = ""
    paragraphs: list[str] = field(default_factory=list)
    language: str = ""
    first_created: datetime | None = None
    version_created: datetime | None = None
    embargoed_until: datetime | None = None
    evolved_from: str | None = None
    url: str | None = None
    provider: str = ""
    urgency: int | None = None
    slugline: str = ""
    severity: Severity | None = None
    notes: list[str] = field(default_factory=list)
    subjects: list[Concept] = field(default_factory=list)
    people: list[Concept] = field(default_factory=list)
    organisations: list[Concept] = field(default_factory=list)
    places: list[Concept] = field(default_factory=list)
    byline: str = ""
    dateline_place: str = ""
    dateline_date: str = ""
    credit: str = ""
    rights_holder: str = ""
    rights_notice: str = ""
    rights_terms: str = ""
    take: int | None = None
    genres: list[Concept] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    authors: list[Concept] = field(default_factory=list)
    priority: int | None = None
    remarks: list[str] = field(default_factory=list)

    def worsen(self, severity: Severity | None) -> None:
        """Keep the graver of the severity known so far and this one."""
        order: tuple[Severity | None, ...] = (None, "update", "clarification", "correction", "kill")
        if order.index(severity) > order.index(self.severity):
            self.severity = severity

    def note(self, text: str) -> None:
        """Keep an editorial note once."""
        text = " ".join(text.split())
        if text and text not in self.notes:
            self.notes.append(text)


def each_message(
    name: str, messages: Iterable[str], blank: str, read_one: Callable[[str], Article | Refusal]
) -> Iterator[Article | Refusal]:
    """Messages of a text format, one by one. What is all `blank` characters is none; an unreadable one is refused."""
    for message in messages:
        if message.strip(blank):
            try:
                yield read_one(message)
            except Unreadable as problem:
                yield Refusal(name, problem.field, problem.reason)
