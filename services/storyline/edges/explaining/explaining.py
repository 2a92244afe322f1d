"""The stored decision on an article, and beside it the decision worked out again.

Stored are the outcome, its score and the runner-up; a repeat of the article says just that. The signals are not:
they are worked out again between the stories of today, each with only those of its articles that had come before.
So they differ from the stored ones where stories were merged or split, or articles revised, since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from storyline_schemas import Part, Story

from ...domain.matching import Index, Profile
from ...domain.matching.text import tokens
from ...domain.matching.why import Change, Members, Why, why
from ...domain.matching.words import words_of
from ...domain.ports import Assignment, SpaceLook, SpaceStore, StoredStory, StoryStore

AT_ONCE = 500
WORDS_REPORTED = 20
CANDIDATES_NAMED = 5
"""By their headlines; the others by their ids alone."""
Report = dict[str, object]


@dataclass(frozen=True, slots=True)
class Explained:
    """`story_id` is where the article is now. `again` is None for one that was withdrawn: nothing is kept of it."""

    stored: Assignment
    story_id: str | None
    again: Why | None = None
    words: Mapping[int, str] = field(default_factory=dict)
    """Term → the word of the article that it stands for."""
    headlines: Mapping[str, str] = field(default_factory=dict)
    """Story → its headline today, of those that are named and have one."""


async def explained(space: str, uri: str, spaces: SpaceStore, stories: StoryStore) -> Explained | None:
    """Explain one article; None if nothing is stored of it."""
    stored = (await spaces.assignments(space, [uri])).get(uri)
    if stored is None:
        return None
    if stored.profile is None or not stored.story_id:
        headlines = _headlines(await stories.load([stored.story_id] if stored.story_id else []))
        return Explained(stored, stored.story_id or None, headlines=headlines)
    look = await spaces.look(space)
    profile, story_id = Profile.from_bytes(stored.profile), look.current(stored.story_id)
    again = why(profile, await _before(stored, profile, look, spaces, space))
    best = [each.story_id for each in again.candidates[:CANDIDATES_NAMED]]
    told = [story_id, stored.story_id, stored.runner_up, again.decision.story_id, *best]
    kept = await stories.load(list(dict.fromkeys(each for each in told if each)))
    return Explained(stored, story_id, again, _words(uri, kept.get(story_id)), _headlines(kept))


async def _before(
    stored: Assignment, profile: Profile, look: SpaceLook, spaces: SpaceStore, space: str
) -> dict[str, Members]:
    """The candidate stories, with those of their articles that had come before this one."""
    index = Index()
    index.load_all(look.index.items())
    told = [look.current(each) for each in (stored.story_id, stored.runner_up) if each]
    near = [each.story_id for each in index.candidates(profile)]
    found: dict[str, Members] = {}
    for story_id in dict.fromkeys([*told, *near]):
        uris = [uri for uri in index.members(story_id) if uri != stored.uri] if story_id in index else []
        known = [
            each
            for at in range(0, len(uris), AT_ONCE)
            for each in (await spaces.assignments(space, uris[at : at + AT_ONCE])).values()
        ]
        earlier = sorted((each for each in known if each.placement < stored.placement), key=lambda one: one.placement)
        found[story_id] = [
            (each.uri, Profile.from_bytes(each.profile), each.placement) for each in earlier if each.profile
        ]
    return found


def _headlines(kept: Mapping[str, StoredStory]) -> dict[str, str]:
    found = {id: Story.model_validate_json(each.story).headline for id, each in kept.items()}
    return {id: headline for id, headline in found.items() if headline.strip()}


def _words(uri: str, kept: StoredStory | None) -> dict[int, str]:
    """The words of what the story keeps of the article; a term that isn't in it can't be named."""
    if kept is None or uri not in kept.parts:
        return {}
    part = Part.model_validate_json(kept.parts[uri])
    return words_in(part.language, (part.headline, *(each.text for each in part.sentences)))


def words_in(language: str, texts: Iterable[str]) -> dict[int, str]:
    """Term → the first word of the texts that stands for it."""
    found: dict[int, str] = {}
    words = [word for text in texts for word in tokens(text)]
    for word, known in zip(words, words_of(language).look_up(words), strict=True):
        if known is not None:
            found.setdefault(known[0], word)
    return found


def report(one: Explained) -> Report:
    """For programs: the stored decision, and under `again` what was worked out again."""
    stored = one.stored
    again: Report | None = None
    if one.again is not None:
        again = {
            "story_id": one.again.decision.story_id,
            "score": round(one.again.decision.score, 4),
            "candidates": [
                {
                    "story_id": each.story_id, "probability": round(each.probability, 4), "method": each.method,
                    "articles": each.articles, "base": round(each.base, 3),
                    "contradicting": list(each.contradicting),
                    "signals": [
                        {"name": name, "value": round(value, 3), "log_odds": round(added, 3)}
                        for name, (value, added) in each.signals.items()
                    ],
                    "words": [
                        {"word": one.words.get(term), "share": round(share, 4)}
                        for term, share in each.terms[:WORDS_REPORTED]
                    ],
                }
                for each in one.again.candidates
            ],
            "would_have_changed_it": [_change(each, one.words) for each in one.again.changes],
        }  # fmt: skip
    return {
        "article_uri": stored.uri, "story_id": one.story_id, "decided_story_id": stored.story_id or None,
        "score": round(stored.score, 4), "runner_up": stored.runner_up, "runner_up_score": stored.runner_up_score,
        "method": stored.method, "opened": stored.opened, "canceled": stored.canceled,
        "version": stored.revision[1], "placement": stored.placement, "at_ms": stored.at_ms,
        "headlines": dict(one.headlines), "again": again,
    }  # fmt: skip


def _change(one: Change, words: Mapping[int, str]) -> Report:
    without = [words.get(term) or "(a word not kept)" for term in one.without]
    return {"story_id": one.story_id, **({"days": one.days} if one.days is not None else {"without": without})}
