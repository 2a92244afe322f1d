"""The live stories of one space: decide where an article belongs, keep them up to date, find those that are one.

All state is a function of what joined (see `live`), ties go to the older story, and sums are integers, so that
neither the order of loading nor the machine changes a decision.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .comparing import Comparing, Query
from .contradiction import merge_contradictions
from .evidence import Candidates, Evidence
from .facts import Facts
from .finding import WEIGHT_MAX, Finding, Found, Put
from .live import MEMBERS_MAX, Folded, Live, Meaning, Sums, norm, pack, packed
from .profile import Profile
from .reading import SCALE
from .scoring import CANDIDATES_MAX, Scorer, merge_refused_for
from .weighing import weighed
from .words import TERMS

Ints = npt.NDArray[np.int64]

MERGE_TERMS_MAX = 60
"""The heaviest terms of a story, with which its likely twins are looked for."""
MERGE_CANDIDATES_MAX = 5
UNFOLDED_MAX = 10_000
"""Stories kept ready to grow, at most 12 KB each; the others, about 2½ KB each, lie packed, and are compared so."""
RAISED_MAX = WEIGHT_MAX // SCALE
"""Articles of a story up to which the weights in the inverted index grow with its sums: postings hold no more."""
LOADED_AT_ONCE = 1_000
"""Stories that are entered together while many are loaded."""
MEANING_CANDIDATES_MAX = 3
"""Stories found by what they are about, where some have articles in another language than what is compared."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Where an article belongs.

    `score` is the estimated probability that the decision is right: that the article belongs to `story_id`, or,
    when that is None (open a new story), that it belongs to none. `runner_up` is the best story not chosen.
    """

    story_id: str | None
    score: float
    runner_up: str | None
    runner_up_score: float | None
    method: str
    """`body`, `title` (no text on one of the two sides), `language` (none in common), or `new`."""


@dataclass(frozen=True, slots=True)
class MergeDecision:
    """Two stories are one: the older one wins. `score` is the estimated probability."""

    loser: str
    winner: str
    score: float
    reason: str


def grows_past_check(size: int) -> bool:
    """Whether a story is looked at for a twin at this size: 2 to 8, then at each growth by about an eighth.

    Not at 1: its article has just been compared with all others, and found not to belong to any.
    """
    if size <= 8:
        return size > 1
    step = 1 << max(0, size.bit_length() - 4)
    return size % step == 0


class Index:
    """The live stories of one space. Not thread-safe; memory grows with the stories kept (bound it with `evict`)."""

    def __init__(self, scorer: Scorer | None = None) -> None:
        self._scorer = scorer or Scorer()
        self._stories: dict[str, Live | Folded] = {}
        self._by_slot: list[Live | Folded | None] = []
        self._free: list[int] = []
        self._finding = Finding()
        self._comparing = Comparing(*self._scorer.models)
        self._scratch = np.zeros(TERMS, np.int16)
        self._unfolded: OrderedDict[str, Live] = OrderedDict()
        """Those that don't lie packed, in the order in which they were taken out."""
        self._languages: Counter[str] = Counter()
        """How many live stories have articles in a language."""
        self.merges_refused: Counter[str] = Counter()
        """How many likely merges were refused since the start, by what forbade them (see `merge_refused_for`)."""

    def __contains__(self, story_id: object) -> bool:
        return story_id in self._stories

    def __len__(self) -> int:
        return len(self._stories)

    # ---- deciding (reads only)

    def weighed(self, profile: Profile) -> Profile:
        """The profile as it is to be placed and kept: its terms weighed among the stories that are live now.

        One that has been weighed stays as it is.
        """
        return weighed(profile, self._finding.carried(profile.terms), len(self)) if profile.rarities else profile

    def decide(self, profile: Profile) -> Decision:
        """Where the article belongs, given the stories that are live now."""
        ranked = self._scorer.joins(self._candidates(profile))
        if not ranked:
            return Decision(None, 1.0, None, None, "new")
        best, method, found = ranked[0]
        if best < 0.5:
            return Decision(None, 1 - best, found.story_id, best, "new")
        second = ranked[1] if len(ranked) > 1 else None
        return Decision(
            found.story_id, best, second[2].story_id if second else None, second[0] if second else None, method
        )

    def candidates(self, profile: Profile) -> list[Evidence]:
        """The stories that come into question, with what speaks for each."""
        return self._candidates(profile).all()

    def _candidates(self, profile: Profile) -> Candidates:
        languages = frozenset((profile.language,))
        found = self._finding.find(
            profile.terms, _widened(profile.weights), profile.vector,
            limit=CANDIDATES_MAX, more=self._more(languages), size_max=MEMBERS_MAX - 1,
        )  # fmt: skip
        return self._compare(Query(_packed(profile), languages, profile.vector, Facts([profile.facts])), found)

    def _more(self, languages: frozenset[str]) -> int:
        """How many stories are found by meaning: none, unless some have articles in another language."""
        return MEANING_CANDIDATES_MAX if self._languages.keys() - languages else 0

    def _compare(self, query: Query, found: Found, merging: bool = False) -> Candidates:
        stories = [story.view for slot in found.slots if (story := self._by_slot[slot]) is not None]
        told = self._comparing.compare(query, stories, found.directions, merging) if stories else []
        return Candidates(query, stories, told)

    def shared(self, story_id: str, profile: Profile) -> list[tuple[int, float]]:
        """Terms that the article shares with a story, each with its share of their cosine, the largest first.

        Raises KeyError if the story isn't live.
        """
        own_terms, own_weights = self._unfold(self._stories[story_id]).body.vector()
        terms, weights = profile.vector_of_terms()
        both, mine, its = np.intersect1d(terms, own_terms, return_indices=True)
        shares = weights[mine] * own_weights[its] / ((norm(weights) * norm(own_weights)) or 1.0)
        return sorted(zip(both.tolist(), shares.tolist(), strict=True), key=lambda one: (-one[1], one[0]))

    def _unfold(self, story: Live | Folded) -> Live:
        """The story, ready to be compared; one that has been ready for long is packed for it."""
        if isinstance(story, Live):
            return story
        live = self._by_slot[story.slot] = self._stories[story.story_id] = story.unfold()
        self._keep_ready(live)
        return live

    def _keep_ready(self, live: Live) -> None:
        self._unfolded[live.story_id] = live
        while len(self._unfolded) > UNFOLDED_MAX:
            _, oldest = self._unfolded.popitem(last=False)
            self._by_slot[oldest.slot] = self._stories[oldest.story_id] = Folded.of(oldest)

    # ---- keeping up to date

    def join(self, story_id: str, uri: str, profile: Profile, placement: int) -> None:
        """Put an article into a story, which is opened if it isn't live. Raises ValueError if it is in already."""
        known = self._stories.get(story_id)
        if known is None:
            live = Live(story_id)
            self._enter(live)
            self._keep_ready(live)
        else:
            live = self._unfold(known)
        if uri in live.members:
            raise ValueError(f"{uri} is in {story_id} already; use refold for a revision")
        if profile.language not in live.languages:
            self._languages[profile.language] += 1
        live.note(uri, profile, placement)
        live.title.add(*_title_of(profile))
        terms, weights = profile.vector_of_terms()
        self._sum_up(live, terms, weights.tolist(), [1] * terms.size)

    def _enter(self, story: Live | Folded) -> None:
        if self._free:
            story.slot = self._free.pop()
        else:
            story.slot = len(self._by_slot)
            self._by_slot.append(None)
        self._by_slot[story.slot] = self._stories[story.story_id] = story

    def _sum_up(self, live: Live, terms: Ints, weights: Sequence[int], counts: Sequence[int]) -> None:
        """Add terms to a story's sums and to the inverted index alike."""
        sums, begin = live.body, len(live.body)
        places = sums.add(terms, weights, counts, self._scratch)
        columns = [pack(column[begin:], 4) for column in (sums.terms, sums.weights)]
        if begin and len(live) <= RAISED_MAX:
            of_terms = terms.tolist()
            known = [at for at, place in enumerate(places) if place >= 0]
            columns += [pack([column[at] for at in known], 4) for column in (of_terms, places, weights)]
        self._finding.put([_put(live, sums, live.meaning, *columns)])
        live.changed()

    def remove(self, story_id: str) -> None:
        """The story leaves the index; nothing happens if it isn't live."""
        story = self._stories.pop(story_id, None)
        if story is None:
            return
        self._unfolded.pop(story_id, None)
        body = story.body if isinstance(story, Live) else Folded.from_bytes(story_id, story.value)[1]
        self._finding.take(story.slot, pack(body.terms, 4))
        self._languages -= Counter(list(story.languages))
        self._by_slot[story.slot] = None
        self._free.append(story.slot)

    def refold(self, story_id: str, members: Sequence[tuple[str, Profile, int]]) -> None:
        """Make the story's value anew from (uri, profile, placement) of its members; without any it leaves."""
        self.remove(story_id)
        for uri, profile, placement in members:
            self.join(story_id, uri, profile, placement)

    def members(self, story_id: str) -> tuple[str, ...]:
        """The story's uris in join order. Raises KeyError if it isn't live."""
        return tuple(self._unfold(self._stories[story_id]).members)

    # ---- stories that turn out to be one

    def merge_for(self, story_id: str) -> MergeDecision | None:
        """Whether the story, having just grown, is one with another; looked at only at steps of growth.

        At most one merge follows from an article, and what has been merged is looked at again only after another
        article has joined it: no cascade.
        """
        story = self._stories.get(story_id)
        if story is None or not grows_past_check(len(story)):
            return None
        live = self._unfold(story)
        terms, weights, _ = live.body.packed()
        languages = frozenset(live.languages)
        found = self._finding.like(
            live.slot, terms, weights, terms_max=MERGE_TERMS_MAX,
            limit=MERGE_CANDIDATES_MAX, more=self._more(languages), size_max=MEMBERS_MAX - len(live),
        )  # fmt: skip
        if not found.slots:
            return None
        query = Query(live.view.packed, languages, found.own, live.view.facts)
        candidates = self._compare(query, found, merging=True)
        allowed = [
            (score, one)
            for score, at, one in self._scorer.merges(candidates)
            if not self._refuses(one, query.facts, candidates.stories[at].facts)
        ]
        if not allowed:
            return None
        score, best = max(allowed, key=lambda it: (it[0], -it[1].opening))
        other = self._stories[best.story_id]
        winner, loser = sorted((live, other), key=lambda one: one.opening)
        return MergeDecision(loser.story_id, winner.story_id, score, _reason(best))

    def _refuses(self, one: Evidence, facts: Facts, others: Facts) -> bool:
        if one.same_language:  # names and places are written otherwise in another
            one.contradicting_merge = merge_contradictions(facts, others)
        forbidding = merge_refused_for(one)
        self.merges_refused.update(forbidding)
        return bool(forbidding)

    def merge(self, loser: str, winner: str) -> None:
        """The winner takes over all articles of the loser, which leaves. Raises KeyError if either isn't live."""
        gone = self._unfold(self._stories[loser])
        into = self._unfold(self._stories[winner])  # last, so that nothing packs it before it has grown
        self.remove(loser)
        self._languages.update(gone.languages.keys() - into.languages.keys())
        into.absorb(gone)
        into.title.absorb(gone.title)
        self._sum_up(into, gone.body.vector()[0], gone.body.weights, gone.body.counts)

    # ---- out of memory and back

    def dump(self, story_id: str) -> bytes:
        """The story's whole value. Raises KeyError if it isn't live."""
        story = self._stories[story_id]
        return story.to_bytes() if isinstance(story, Live) else story.value

    def load(self, story_id: str, value: bytes) -> None:
        """Take a dumped story in, in place of one of that id. Raises ValueError for another format."""
        self.load_all([(story_id, value)])

    def load_all(self, stories: Iterable[tuple[str, bytes]]) -> None:
        """`load` for many, a hundred thousand in seconds. Raises ValueError for another format."""
        waiting: dict[str, Put] = {}
        for story_id, value in stories:
            story, sums, meaning = Folded.from_bytes(story_id, value)
            if story_id in waiting or len(waiting) == LOADED_AT_ONCE:
                # One that comes again is taken out, so it must have been put in.
                self._finding.put(waiting.values())
                waiting = {}
            self.remove(story_id)
            self._enter(story)
            self._languages.update(story.languages)
            waiting[story_id] = _put(story, sums, meaning, pack(sums.terms, 4), pack(sums.weights, 4))
        self._finding.put(waiting.values())

    def evict(self, live_max: int) -> list[str]:
        """Let the least recently grown stories leave until at most `live_max` are live; returns those that left."""
        excess = len(self._stories) - live_max
        if excess <= 0:
            return []
        oldest = sorted(self._stories.values(), key=lambda one: (one.recent, one.story_id))[:excess]
        for story in oldest:
            self.remove(story.story_id)
        return [story.story_id for story in oldest]


def _title_of(profile: Profile) -> tuple[list[int], list[int]]:
    """(terms, weights) of its title."""
    terms, weights = profile.vector_of_title()
    return terms.tolist(), weights.tolist()


def _put(story: Live | Folded, sums: Sums, meaning: Meaning, *columns: bytes) -> Put:
    return Put(story.slot, len(story), story.opening, sums.norm() or 1.0, meaning, *columns)


def _widened(weights: bytes) -> bytes:
    """uint16 → uint32."""
    return np.frombuffer(weights, "<u2").astype("<u4").tobytes()


def _packed(profile: Profile) -> bytes:
    """The article as a side of a comparison."""
    title = profile.title_terms, _widened(profile.title_weights), b"\1\0" * (len(profile.title_weights) // 2)
    latest = (0, profile.time_ms, profile.terms, profile.weights, b"", b"")
    return packed(1, profile.has_body, None, title, [latest])


def _reason(one: Evidence) -> str:
    when = f", {one.gap_days:.1f} days apart" if one.dated else ""
    if not one.same_language:
        return f"they are alike in meaning across languages: {one.meaning:.2f}, nearest {one.meaning_nearest:.2f}{when}"
    return f"their articles share words: cosine {one.cosine:.2f}, from article to article {one.linkage:.2f}{when}"
