"""Why an article went where it went: its candidates, what each signal gave, the words that decided, what would have
changed it.

All of it is worked out again from profiles. Of what is compared nothing has to be live: the caller hands over the
articles of each candidate story that had come before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from storyline_schemas.base import DAY_MS

from .index import Decision, Index
from .profile import Profile
from .scoring import Scorer

Members = Sequence[tuple[str, Profile, int]]
"""(uri, profile, placement) of a story's articles."""

WORDS_LEFT_OUT = (*range(1, 13), 16, 20, 30, 40, 60)
"""How many are tried."""
DAYS_TRIED = (2, 7, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that came into question."""

    story_id: str
    probability: float
    """That the article belongs to it."""
    method: str
    articles: int
    signals: Mapping[str, tuple[float, float]]
    """Signal → (its value, what it added to the log-odds)."""
    base: float
    """The log-odds without any signal."""
    terms: Sequence[tuple[int, float]]
    """Shared terms with their share of the cosine between article and story, the largest first."""
    contradicting: Sequence[str]
    """What says that it isn't the same event: of `several`, `words`, `distance`, `series`, `figures`, `period`."""


@dataclass(frozen=True, slots=True)
class Why:
    """`decision` is the one that comes out now; `candidates` go from the likeliest down."""

    decision: Decision
    candidates: Sequence[Candidate]
    changes: Sequence["Change"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that would have led to another decision: what is changed, and where the article would have gone.

    `without`: the article without these terms. `days`: the article so many days later, or (negative) earlier.
    """

    story_id: str | None
    without: Sequence[int] = ()
    days: float | None = None


def why(profile: Profile, stories: Mapping[str, Members]) -> Why:
    """Explain the decision on an article between `stories`; those without members are left out."""
    index, scorer = Index(), Scorer()
    for story_id, members in stories.items():
        for uri, member, placement in members:
            index.join(story_id, uri, member, placement)
    decision = index.decide(profile)
    candidates = []
    for evidence in index.candidates(profile):
        probability, method = scorer.join(evidence)
        gave = scorer.why_join(evidence)
        signals = {name: (float(getattr(evidence, name)), added) for name, added in gave.items() if name != "base"}
        shared = index.shared(evidence.story_id, profile)
        candidates.append(
            Candidate(
                evidence.story_id, probability, method, evidence.size, signals, gave["base"], shared,
                evidence.contradicting,
            )
        )  # fmt: skip
    candidates.sort(key=lambda one: -one.probability)
    return Why(decision, candidates, list(_changes(profile, index, decision, candidates)))


def _changes(profile: Profile, index: Index, decision: Decision, candidates: Sequence[Candidate]) -> Sequence[Change]:
    if not candidates:
        return ()
    found = [_without_words(profile, index, decision, candidates[0]), _at_another_time(profile, index, decision)]
    return [change for change in found if change is not None]


def _without_words(profile: Profile, index: Index, decision: Decision, best: Candidate) -> Change | None:
    """How many of the words that speak for the best candidate it takes to change the decision, the heaviest first."""
    if decision.story_id is None:
        return None
    for count in WORDS_LEFT_OUT:
        left_out = [term for term, _ in best.terms[:count]]
        other = index.decide(_without(profile, left_out)).story_id
        if other != decision.story_id:
            return Change(other, without=tuple(left_out))
        if count >= len(best.terms):
            break
    return None


def _without(profile: Profile, left_out: Sequence[int]) -> Profile:
    (terms, weights), (title_terms, title_weights) = profile.vector_of_terms(), profile.vector_of_title()
    kept, kept_title = [~np.isin(column, left_out) for column in (terms, title_terms)]
    return replace(
        profile, terms=terms[kept].astype("<u4").tobytes(), weights=weights[kept].astype("<u2").tobytes(),
        title_terms=title_terms[kept_title].astype("<u4").tobytes(),
        title_weights=title_weights[kept_title].astype("<u2").tobytes(),
    )  # fmt: skip


def _at_another_time(profile: Profile, index: Index, decision: Decision) -> Change | None:
    """A joined article later, until it doesn't join; one that opened a story earlier, until it joins."""
    if profile.time_ms is None:
        return None
    sign = 1 if decision.story_id is not None else -1
    for days in DAYS_TRIED:
        moved = replace(profile, time_ms=profile.time_ms + sign * days * DAY_MS)
        other = index.decide(moved).story_id
        if other != decision.story_id:
            return Change(other, days=sign * days)
    return None
