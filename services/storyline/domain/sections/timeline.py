"""The timeline: what each new lead said, on the day that it tells of."""

from storyline_schemas import Part, Section, TimelineEntry

from . import words as w
from .dating import days_before, happened_at
from .features import LONG_QUOTE_WORDS, annotate
from .gate import supports
from .text import primary
from .update import Update

TIMELINE_MAX = 30


def timeline(update: Update, sections: tuple[Section, ...]) -> tuple[TimelineEntry, ...]:
    """What each new lead said, on the day that it names, else at its article's time; entries whose source is gone
    or says otherwise go."""
    before = update.previous.timeline if update.previous else ()
    entries = [entry for entry in before if not set(entry.citations) & update.touched or _still_said(update, entry)]
    lead = sections[0].sentences[0] if sections else None
    source = update.live.get(lead.citations[0]) if lead else None
    new = lead is not None and all(entry.text != lead.text for entry in entries)
    at = source.published_at if source else None
    if lead and new and source and at and is_of_its_day(lead.text, source, update.pool.language):
        when = happened_at(annotate(lead.text, update.pool.language), at) if update.pool.english else at
        if when is not None:
            entries.append(
                TimelineEntry(at=when, text=lead.text, citations=lead.citations[:1], story_version=update.version)
            )
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.story_version))[-TIMELINE_MAX:])


def _still_said(update: Update, entry: TimelineEntry) -> bool:
    parts = [update.live.get(n) for n in entry.citations]
    return all(
        part and any(supports(entry.text, kept.text, update.language) for kept in part.sentences) for part in parts
    )


def is_of_its_day(text: str, source: Part, language: str) -> bool:
    """Whether a lead tells what happened when its article came: no mere quote, and no year or month in it but those of
    that day, the day before or, of months, the next."""
    features = annotate(text, primary(language))
    if features.quote_words >= LONG_QUOTE_WORDS or source.published_at is None:
        return False
    years = {token for token in features.tokens if len(token) == 4 and token.isdigit() and token[:2] in ("19", "20")}
    months = {w.MONTH[token] for token in features.tokens if token in w.MONTH}
    at = source.published_at
    eve = days_before(at, 1)
    of_the_day = not years or not years.isdisjoint({str(at.year), str(eve.year)})
    return of_the_day and (not months or not months.isdisjoint({eve.month, at.month, at.month % 12 + 1}))
