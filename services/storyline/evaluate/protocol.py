"""The protocol: labelled rows in the order a newsroom would get them, through an engine, once, without look-ahead."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from storyline_schemas import Article

from ..domain.matching import Decision, Habits, Index, MergeDecision, profile_of
from ..labelled import article_of, published_at

Row = Mapping[str, Any]


class Engine(Protocol):
    """Anything that sorts a stream of articles into stories."""

    def take(self, article: Article) -> None:
        """The next article of the stream."""
        ...

    def stories(self) -> dict[str, str]:
        """uri → story, now that the stream has ended, merges followed."""
        ...


class StreamEngine:
    """Storyline's own matching, merges on: what the matcher does, without a broker."""

    def __init__(self, index: Index | None = None) -> None:
        self.index = Index() if index is None else index  # an empty one is false
        self._habits = Habits()
        self._placed: dict[str, str] = {}
        self._redirects: dict[str, str] = {}

    def take(self, article: Article) -> None:
        profile = self.index.weighed(profile_of(article, habits=self._habits))
        placement = len(self._placed) + 1
        decision = self.index.decide(profile)
        story = decision.story_id or f"story-{placement}"
        self.index.join(story, article.uri, profile, placement)
        self._habits.note(article.uri, profile.title_terms, profile.sent, placement)
        self._placed[article.uri] = story
        self.joined(article, decision, story)
        if (merge := self.index.merge_for(story)) is not None:
            self.index.merge(merge.loser, merge.winner)
            self._redirects[merge.loser] = merge.winner
            self.merged(merge)

    def joined(self, article: Article, decision: Decision, story: str) -> None:
        """The article is now in the story; for who wants to look on."""

    def merged(self, merge: MergeDecision) -> None:
        """Two stories are now one; for who wants to look on."""

    def stories(self) -> dict[str, str]:
        return {uri: self._followed(story) for uri, story in self._placed.items()}

    def _followed(self, story: str) -> str:
        while story in self._redirects:
            story = self._redirects[story]
        return story


def in_order(rows: Sequence[Row], seed: int) -> list[Row]:
    """By time, ties shuffled; undated rows are strewn in between. A set of `blocks` is shuffled as a whole."""
    dice = random.Random(seed)
    shuffled = list(rows)
    dice.shuffle(shuffled)
    if blocks(rows):
        return shuffled
    timed = [(moment, row) for row in shuffled if (moment := published_at(row)) is not None]
    dated = [row for _, row in sorted(timed, key=lambda pair: pair[0])]
    undated = [row for row in shuffled if published_at(row) is None]
    return strewn(dated, undated, dice)


def strewn(dated: Sequence[Row], undated: Sequence[Row], dice: random.Random) -> list[Row]:
    """`undated`, in its order, at random places in `dated`."""
    places = sorted(dice.randrange(len(dated) + 1) for _ in undated)
    found = list(dated)
    for at, (place, row) in enumerate(zip(places, undated, strict=True)):
        found.insert(place + at, row)
    return found


def blocks(rows: Sequence[Row]) -> bool:
    """Whether the stories of a set arrive one after another: its times then say which story, and must not lead.

    True if nine tenths of the neighbours in time are of one story, and the stories are large enough to tell.
    """
    timed = sorted(((moment, n) for n, row in enumerate(rows) if (moment := published_at(row)) is not None))
    labels = [str(rows[n].get("story")) for _, n in timed]
    if len(labels) < 10 * len(set(labels)):
        return False
    same = sum(one == other for one, other in pairwise(labels))
    return same * 10 >= 9 * (len(labels) - 1)


def mixed(sets: Mapping[str, Sequence[Row]], seed: int) -> list[tuple[str, Row]]:
    """All sets interleaved at random, each in its own order: (name of the set, row)."""
    dice = random.Random(seed)
    waiting = {name: iter(in_order(rows, seed)) for name, rows in sets.items()}
    turns = [name for name, rows in sets.items() for _ in rows]
    dice.shuffle(turns)
    return [(name, next(waiting[name])) for name in turns]


@dataclass(frozen=True, slots=True)
class Run:
    """One pass: labels and stories in stream order, and the CPU time it took (reading and checking excluded)."""

    rows: Sequence[Row]
    found: list[str]
    seconds: float

    @property
    def speed(self) -> float:
        """Articles a second of one core."""
        return len(self.rows) / max(self.seconds, 1e-9)

    @property
    def gold(self) -> list[str]:
        return [str(row.get("story")) for row in self.rows]


def run(rows: Sequence[Row], engine: Engine) -> Run:
    """Feed the rows, in this order, to the engine. Raises ValueError for a row that can't be an article."""
    articles = [article_of(row) for row in rows]
    begin = time.process_time()
    for article in articles:
        engine.take(article)
    seconds = time.process_time() - begin
    stories = engine.stories()
    return Run(rows, [stories[article.uri] for article in articles], seconds)
