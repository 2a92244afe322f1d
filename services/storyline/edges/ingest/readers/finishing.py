"""From a draft in the wire's words to the contract's article, or to the refusal that says why not."""

import hashlib
import re
from urllib.parse import quote

from pydantic import ValidationError

from storyline_schemas import Article, Correction, Dateline, PubStatus, Rights, explain
from storyline_schemas.article import KEYWORDS_MAX

from . import agencies, cleaning, concepts, conventions, languages
from .base import PARAGRAPHS_MAX, Draft, Refusal
from .encoding import repaired
from .markup import plain

_NOTE_CHARS = 2_000
_TAKE_MAX = 999
_HTTP = re.compile(r"https?://\S{1,1900}")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.I)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What shows nothing and breaks a word in two for whoever looks for it: soft hyphens, word joiners, byte order marks.
_INVISIBLE = re.compile(r"[\xad\u2060\ufeff]")
# Names of types that are not written articles, in the words of ninjs, G2 and Superdesk.
NOT_TEXT = {
    "picture": "a picture", "photo": "a picture", "image": "a picture", "graphic": "a graphic", "animated": "a graphic",
    "video": "a video", "audio": "an audio file", "composite": "a package: it lists items, it has no text of its own",
    "package": "a package: it lists items, it has no text of its own", "event": "an event in a calendar",
    "planning": "a planning item", "component": "a component of a page", "coverage": "a planned coverage",
}  # fmt: skip


def not_text(format: str, field: str, type: str) -> Refusal | None:
    """The refusal of an item whose type says that it is no written article; None for text."""
    what = NOT_TEXT.get(type.strip().lower())
    return Refusal(format, field, f"is {type}: {what}, not a written article") if what else None


def finish(draft: Draft) -> Article | Refusal:
    """The article. Conventions in headline and text are read, the text cleaned, the sender named."""
    if len(draft.paragraphs) > PARAGRAPHS_MAX:
        return Refusal(draft.format, "body", f"has more than {PARAGRAPHS_MAX:,} paragraphs")
    _mend(draft)
    _read_headline(draft)
    _clean(draft)
    if draft.severity == "kill":
        draft.status = PubStatus.CANCELED
    if not draft.uri:
        draft.uri = fallback_uri(draft)
    try:
        return _article(draft)
    except ValidationError as error:
        return Refusal(draft.format, *explain(error))


def _mend(draft: Draft) -> None:
    # Each on its own: agencies paste one broken text between whole ones (Ritzau's press releases).
    draft.headline, draft.summary, draft.slugline = map(repaired, (draft.headline, draft.summary, draft.slugline))
    draft.paragraphs = [repaired(paragraph) for paragraph in draft.paragraphs]
    draft.paragraphs = [text for one in draft.paragraphs if (text := plain(one) if _TAG.match(one) else one)]
    draft.headline, draft.summary = plain(_printable(draft.headline)), plain(_printable(draft.summary))
    draft.slugline = " ".join(_printable(draft.slugline).split())
    draft.paragraphs = [" ".join(_printable(paragraph).split()) for paragraph in draft.paragraphs]


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub(" ", _INVISIBLE.sub("", text))


def _read_headline(draft: Draft) -> None:
    headline, marks = conventions.headline_marks(draft.headline)
    draft.headline = headline
    marks += conventions.slug_marks(draft.slugline)[1]
    for mark in marks:
        draft.worsen(mark.severity)
        if mark.text not in draft.notes:
            draft.notes.insert(0, mark.text)


def _clean(draft: Draft) -> None:
    cleaned = cleaning.clean(draft.paragraphs, draft.headline)
    draft.paragraphs = cleaned.paragraphs
    draft.byline = draft.byline or cleaned.byline
    place, date = cleaning.dateline_parts(cleaned.dateline)
    draft.dateline_place, draft.dateline_date = draft.dateline_place or place, draft.dateline_date or date
    draft.take = draft.take or cleaned.take
    for note in cleaned.notes:
        draft.note(note)
        draft.worsen(conventions.note_severity(note))


def _article(draft: Draft) -> Article:
    body = "\n\n".join(draft.paragraphs)
    uri, evolved_from = _as_uri(draft.uri), _as_uri(draft.evolved_from or "")
    return Article(
        uri=uri,
        version=(draft.version or "").strip()[:100] or None,
        pub_status=draft.status,
        headline=draft.headline,
        summary=draft.summary,
        body=body,
        language=_language(draft, body),
        first_created=draft.first_created,
        version_created=draft.version_created,
        embargoed_until=draft.embargoed_until,
        # What names its own earlier version so has one identity over both, and needs no link.
        evolved_from=evolved_from if evolved_from and evolved_from != uri else None,
        url=draft.url if draft.url and _HTTP.fullmatch(draft.url) else None,
        provider=agencies.provider_of(_UNPRINTABLE.sub(" ", draft.provider)),
        urgency=_from_1_to_9(draft.urgency),
        slugline=draft.slugline[:300] or None,
        correction=_correction(draft),
        subjects=concepts.unique(draft.subjects),
        people=concepts.unique(draft.people),
        organisations=concepts.unique(draft.organisations),
        places=concepts.unique(draft.places),
        byline=_line(draft.byline, 500),
        dateline=_dateline(draft),
        credit=_line(draft.credit, 500),
        rights=_rights(draft),
        take=draft.take if draft.take and 1 <= draft.take <= _TAKE_MAX else None,
        editorial_note=_line("; ".join(dict.fromkeys((*draft.notes, *draft.remarks))), _NOTE_CHARS),
        genres=concepts.unique(draft.genres),
        keywords=tuple(dict.fromkeys(word for one in draft.keywords if (word := _line(one, 300))))[:KEYWORDS_MAX],
        authors=concepts.unique(draft.authors),
        priority=_from_1_to_9(draft.priority),
    )


def _from_1_to_9(number: int | None) -> int | None:
    return number if number and 1 <= number <= 9 else None


def _line(text: str, chars_max: int) -> str | None:
    """One line of plain text, cut to what the contract takes; None if nothing is left."""
    return " ".join(plain(_UNPRINTABLE.sub(" ", repaired(text))).split())[:chars_max].strip() or None


def _dateline(draft: Draft) -> Dateline | None:
    place, date = _line(draft.dateline_place, 300), _line(draft.dateline_date, 100)
    return Dateline(place=place, date=date) if place or date else None


def _rights(draft: Draft) -> Rights | None:
    holder, notice = _line(draft.rights_holder, 300), _line(draft.rights_notice, 5_000)
    terms = _line(draft.rights_terms, 5_000)
    return Rights(holder=holder, notice=notice, terms=terms) if holder or notice or terms else None


def _correction(draft: Draft) -> Correction | None:
    if draft.severity is None:
        return None
    note = _UNPRINTABLE.sub(" ", "; ".join(draft.notes))[:_NOTE_CHARS]
    return Correction(severity=draft.severity, note=note or None)


def _language(draft: Draft, body: str) -> str:
    declared = languages.bcp47(draft.language)
    if declared:
        return declared
    guessed = languages.guess(f"{draft.headline} {draft.summary} {body}")
    agency = agencies.agency_of(draft.provider)
    return agency.language if guessed == "und" and agency and agency.language else guessed


def _as_uri(text: str) -> str:
    # White space can't stand in a uri; everything else a wire uses as its identity is kept as it is.
    return (
        quote(text.strip(), safe="".join(map(chr, range(33, 127)))) if re.search(r"[\s\x00-\x1f\x7f]", text) else text
    )


def fallback_uri(draft: Draft) -> str:
    """A uri for an item without an identity of its own: sender, day and words of the headline (or of the text)."""
    day = "" if draft.version_created is None else draft.version_created.date().isoformat()
    return minted_uri(
        draft.format, draft.provider, day, draft.headline or draft.slugline or " ".join(draft.paragraphs[:3])
    )


def minted_uri(format: str, provider: str, *parts: str) -> str:
    """``urn:storyline:FORMAT:PROVIDER:HASH``: equal parts give the same uri, whenever and wherever they are read."""
    sender = agencies.provider_of(provider)
    name = re.sub(r"[^a-z0-9.-]+", "-", (sender.id or sender.name).casefold()).strip("-")[:40] or "unknown"
    words = "\n".join(" ".join(part.casefold().split()) for part in parts)
    digest = hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return f"urn:storyline:{format}:{name}:{digest}"
