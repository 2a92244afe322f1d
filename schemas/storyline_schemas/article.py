"""The article: what wire ingestion puts on the topic `articles`. Its fields map to IPTC ninjs."""

import re
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from .base import HTTP_URL, Contract, Language, Space, Time, Uri, to_ms

BODY_CHARS_MAX = 1_000_000
CONCEPTS_MAX = 200
_DIGITS_MAX = 18  # the longest number that always fits a signed 64-bit integer

Revision = tuple[Literal[0, 1], int | str]
"""An article's place among its versions: (0, number) for versions of digits only or none, else (1, text)."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]

# Inline emphasis is common in real headlines and carries no meaning of its own; anything else that is an
# element has no place in plain text and is refused, so that a reader never meets it.
_EMPHASIS = re.compile(r"</?(?:i|b|em|strong|u|s|sub|sup|span|small|mark|cite|q|br|wbr|a|font)(?:\s[^<>]*)?/?>", re.I)
_ELEMENT = re.compile(
    r"<\s*/?\s*(script|style|iframe|object|embed|svg|math|img|video|audio|form|input|link|meta|base|html|body|head|div|p|h[1-6]|table|template|noscript)\b",
    re.I,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _without_emphasis(text: str) -> str:
    # Again until nothing changes: what is left after `<scr<b>ipt>` must be looked at as well. Each round takes
    # something away, so it ends; the headline's length bounds it.
    stripped = _EMPHASIS.sub("", text)
    while stripped != text:
        text, stripped = stripped, _EMPHASIS.sub("", stripped)
    return stripped


class PubStatus(StrEnum):
    """ninjs `pubstatus`: whether the article may be used."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class Provider(Contract):
    """Who sent the article. `family` groups the outlets of one publisher, which count as one source."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    name: Name
    family: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None

    @property
    def family_key(self) -> str:
        """What counts as one publisher: the family, else the id, else the name without its case."""
        return self.family or self.id or self.name.casefold()


class Correction(Contract):
    """What the provider says about a corrected version. `kill` withdraws it as `pub_status: canceled` does."""

    severity: Literal["correction", "clarification", "update", "kill"] = "correction"
    note: Annotated[str, StringConstraints(max_length=2_000)] | None = None


class Dateline(Contract):
    """Where and when the text says it was written. `date` is as the wire writes it, often without a year."""

    place: Annotated[str, StringConstraints(max_length=300)] | None = None
    date: Annotated[str, StringConstraints(max_length=100)] | None = None


class Rights(Contract):
    """What the provider says of rights: for whoever shows or passes on the text; nothing here acts on it."""

    holder: Annotated[str, StringConstraints(max_length=300)] | None = None
    notice: Annotated[str, StringConstraints(max_length=5_000)] | None = None
    terms: Annotated[str, StringConstraints(max_length=5_000)] | None = None


class Concept(Contract):
    """A subject, person, organisation or place. A bare string is taken as its name."""

    name: Name
    code: Annotated[str, StringConstraints(max_length=300)] | None = None
    scheme: Annotated[str, StringConstraints(max_length=300)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


KEYWORDS_MAX = 200
Keywords = Annotated[tuple[Name, ...], Field(max_length=KEYWORDS_MAX, strict=False)]
Concepts = Annotated[tuple[Concept, ...], Field(max_length=CONCEPTS_MAX, strict=False)]

# What a producer may send where the model holds something stricter; the JSON Schema shows these.
Version = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Summary = Annotated[str, StringConstraints(max_length=20_000)]
Body = Annotated[str, StringConstraints(max_length=BODY_CHARS_MAX)]
ConceptsIn = Annotated[list[Concept | Name], Field(max_length=CONCEPTS_MAX)]
KeywordsIn = Annotated[list[Name], Field(max_length=KEYWORDS_MAX)]


class Article(Contract):
    """One version of one article.

    `uri` is the identity all versions share. `version_created` must be given; null says that the time is not
    known, and the article is then matched without a time. `embargoed_until` holds it back from everyone.
    `evolved_from` names the article that this one replaces under a new uri.
    """

    uri: Uri = Field(description="The article's identity, the same in all its versions; one line without spaces.")
    version: Version | None = Field(
        None,
        description="Digits count as numbers, anything else is text after them; without one, version_created counts.",
    )
    pub_status: PubStatus = Field(default=PubStatus.USABLE, strict=False)
    headline: Annotated[str, StringConstraints(max_length=1_000)] = Field(
        description="Plain text; inline emphasis is taken off, any other HTML element is refused."
    )
    summary: Summary = Field("", description="Plain text.")
    body: Body = Field("", description="Plain text, paragraphs apart by an empty line.")
    language: Language = Field(description="BCP 47.")
    first_created: Time | None = Field(None, description="When the first version was made.")
    version_created: Time | None = Field(description="When this version was made; null if that is not known.")
    embargoed_until: Time | None = Field(None, description="Nothing of the article shows before this time.")
    evolved_from: Uri | None = Field(
        None, description="The article this one replaces under a new uri; it inherits its story."
    )
    url: Annotated[str, StringConstraints(max_length=2_000, pattern=HTTP_URL)] | None = None
    provider: Provider
    urgency: Annotated[int, Field(ge=1, le=9)] | None = Field(None, description="1 is the most urgent.")
    slugline: Annotated[str, StringConstraints(max_length=300)] | None = Field(
        None, description="The agency's keywords for the item."
    )
    space: Space | None = Field(None, description="The set of stories it is matched against; `world` unless given.")
    correction: Correction | None = None
    subjects: Concepts = ()
    people: Concepts = ()
    organisations: Concepts = ()
    places: Concepts = ()
    byline: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        None, description="Who wrote it, as it is to be shown."
    )
    dateline: Dateline | None = None
    credit: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        None, description="Whom to name as the source."
    )
    rights: Rights | None = None
    take: Annotated[int, Field(ge=1, le=999)] | None = Field(
        None, description="Which part of a story that is sent in parts, from 1."
    )
    editorial_note: Annotated[str, StringConstraints(max_length=2_000)] | None = Field(
        None, description="The provider's notes to editors; not for readers."
    )
    genres: Concepts = ()
    keywords: Keywords = ()
    authors: Concepts = Field((), description="Who wrote it, one by one; `byline` is how it is to be shown.")
    priority: Annotated[int, Field(ge=1, le=9)] | None = Field(
        None, description="How soon the provider wants it handled, 1 first; `urgency` is how much it matters."
    )

    @field_validator("version", mode="before", json_schema_input_type=Version | int | None)
    @classmethod
    def _version_as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("summary", mode="before", json_schema_input_type=Summary | None)
    @classmethod
    def _null_is_empty(cls, value: Any) -> Any:
        return "" if value is None else value

    @field_validator("body", mode="before", json_schema_input_type=Body | None)
    @classmethod
    def _null_is_no_body(cls, value: Any) -> Any:
        return "" if value is None else value

    @field_validator(
        "subjects", "people", "organisations", "places", "genres", "authors",
        mode="before", json_schema_input_type=ConceptsIn | None,
    )  # fmt: skip
    @classmethod
    def _null_is_none(cls, value: Any) -> Any:
        return () if value is None else value

    @field_validator("keywords", mode="before", json_schema_input_type=KeywordsIn | None)
    @classmethod
    def _null_is_no_keyword(cls, value: Any) -> Any:
        return () if value is None else value

    @field_validator("headline")
    @classmethod
    def _plain_headline(cls, value: str) -> str:
        plain = _without_emphasis(value)
        element = _ELEMENT.search(plain)
        if element:
            raise ValueError(f"contains the HTML element <{element.group(1).lower()}>; send plain text")
        return " ".join(_CONTROL.sub(" ", plain).split())

    @field_validator("summary", "body")
    @classmethod
    def _no_control_characters(cls, value: str, info: ValidationInfo) -> str:
        return _CONTROL.sub(" ", value)

    @model_validator(mode="after")
    def _has_text(self) -> "Article":
        if self.usable and not (self.headline or self.summary.strip() or self.body.strip()):
            raise ValueError("headline: is empty, and so are summary and body; send at least one of them")
        return self

    @property
    def usable(self) -> bool:
        """Whether the article may be used; a kill says by itself that it may not."""
        killed = self.correction is not None and self.correction.severity == "kill"
        return self.pub_status is PubStatus.USABLE and not killed

    @property
    def revision(self) -> Revision:
        """Where this version stands: all digits → (0, number), other text → (1, text), none → (0, time in ms).

        A number of more than 18 digits doesn't fit 64 bits everywhere; it becomes text padded with zeros, which
        keeps the order of numbers.
        """
        if self.version is None:
            return (0, 0 if self.version_created is None else to_ms(self.version_created))
        if not (self.version.isascii() and self.version.isdigit()):
            return (1, self.version)
        digits = self.version.lstrip("0")
        return (0, int(digits or "0")) if len(digits) <= _DIGITS_MAX else (1, digits.zfill(100))
