"""An explanation for a person."""

from collections.abc import Iterator

from storyline_schemas import Revision
from storyline_schemas.base import format_time, from_ms

from ...domain.matching.why import Candidate, Change
from ...terminal import safe
from ..page.citing import articles
from .explaining import CANDIDATES_NAMED, Explained

WORDS_SHOWN = 8
PROBABILITY_TOLD_MIN = 0.05
"""Below it a candidate is only named, unless it is the best."""
_TIMES_MS = range(946_684_800_000, 4_102_444_800_000)
"""2000 to 2100: an article without a version is ordered by its time in ms; no count of versions comes this far."""
SIGNALS = {
    "latest": "words shared with its latest articles",
    "nearest": "words shared with the nearest of them",
    "cosine": "words shared with the whole story",
    "title": "words shared with its titles",
    "title_single": "how far one word alone makes the titles alike",
    "coverage": "title words that most of its titles have",
    "margin": "lead over the next story",
    "title_margin": "lead of the title over the next story's",
    "gap": "distance in time",
    "lull": "silence longer than the story ran",
    "dated": "both have a time",
    "latest_brevity": "words shared with its latest articles, of texts so short that each tells another part",
    "log_size": "size of the story",
    "contradictions": "contradictions",
}
CONTRADICTIONS = {
    "several": "it tells of several things that have nothing to do with each other",
    "words": "in another language, but in the same letters, it shares not one name or figure",
    "distance": "it comes months after the story's last article",
    "series": "the same title above another text, on another day",
    "figures": "all its figures are others, on another day",
    "period": "its title names another month or year",
}


def explanation_text(one: Explained) -> str:
    """Some lines of plain text."""
    return "".join(f"{line}\n" for line in _lines(one))


def _lines(one: Explained) -> Iterator[str]:
    yield from _stored(one)
    if one.again is None:
        yield "Nothing is kept of the article itself, so nothing can be worked out again."
        return
    again = one.again.decision
    went = f"join {again.story_id}" if again.story_id else "open a story"
    yield ""
    yield "Worked out again, between today's stories and with what had come before it:"
    yield f"it would {went}, probability {again.score:.2f}."
    if not one.again.candidates:
        yield "No story shares a word that counts."
    for number, each in enumerate(one.again.candidates[:CANDIDATES_NAMED], 1):
        yield from _candidate(number, each, one)
    for change in one.again.changes:
        yield _change(change, one)


def _stored(one: Explained) -> Iterator[str]:
    stored = one.stored
    yield f"{safe(stored.uri)}, {safe(_version(stored.revision))}"
    if stored.canceled:
        yield f"was taken out ({stored.method})" + (f" of {one.story_id}" if one.story_id else "; it was in no story")
        return
    did = "opened" if stored.opened else "joined"
    yield f"{did} {stored.story_id}" + (f", now part of {one.story_id}" if one.story_id != stored.story_id else "")
    yield from _headline(one.story_id, one)
    yield f"decided by {stored.method}, probability {stored.score:.2f}; number {stored.placement} of its space"
    if stored.runner_up:
        beside = "" if stored.runner_up_score is None else f", probability {stored.runner_up_score:.2f}"
        yield f"next best: {stored.runner_up}{beside}"
        yield from _headline(stored.runner_up, one)


def _headline(story_id: str | None, one: Explained) -> Iterator[str]:
    if story_id is not None and story_id in one.headlines:
        yield f"   {safe(one.headlines[story_id])}"


def _version(revision: Revision) -> str:
    kind, value = revision
    if kind == 0 and isinstance(value, int) and value in _TIMES_MS:
        return f"as of {format_time(from_ms(value))}"
    return f"version {value}"


def _candidate(number: int, each: Candidate, one: Explained) -> Iterator[str]:
    size = articles(each.articles)
    yield ""
    yield f"{number}. {each.story_id}  probability {each.probability:.2f}  ({size}, compared by {each.method})"
    yield from _headline(each.story_id, one)
    if number > 1 and each.probability < PROBABILITY_TOLD_MIN:
        return
    for name, (value, added) in sorted(each.signals.items(), key=lambda item: -abs(item[1][1])):
        yield f"   {added:+6.2f}  {SIGNALS.get(name, name.replace('_', ' '))} ({value:.2f})"
    yield f"   {each.base:+6.2f}  to begin with"
    for name in each.contradicting:
        yield f"   against it: {CONTRADICTIONS.get(name, name)}"
    named = [(safe(one.words[term]), share) for term, share in each.terms if term in one.words]
    if named:
        yield "   shared: " + ", ".join(f"{word} {share:.0%}" for word, share in named[:WORDS_SHOWN])


def _change(change: Change, one: Explained) -> str:
    went = f"joined {change.story_id}" if change.story_id else "opened a story of its own"
    if change.days is not None:
        when = f"{abs(change.days):.0f} days {'later' if change.days > 0 else 'earlier'}"
        return f"\n{when} it would have {went}."
    words = [safe(one.words.get(term) or "a word not kept") for term in change.without]
    more = f" and {len(words) - WORDS_SHOWN} more words" if len(words) > WORDS_SHOWN else ""
    return f"\nWithout {', '.join(words[:WORDS_SHOWN])}{more} it would have {went}."
