"""What others do: plain one-pass TF-IDF, matching of titles, and the text clustering of a library.

The first two have no priors and no merges, and thresholds from the literature; both look through an inverted index,
so their time can be compared with the engine's.
"""

import math
from collections import Counter, defaultdict
from typing import Any

from storyline_schemas import Article

from ..domain.matching.text import tokens
from ..domain.matching.words import words_of

BODY_CHARS = 3_000


class TfIdf:
    """Join the story with the nearest centroid if its cosine is at least `threshold`; idf from the stream so far."""

    def __init__(self, threshold: float = 0.2) -> None:
        self._threshold = threshold
        self._documents = 0
        self._carried_by: Counter[str] = Counter()
        self._sums: list[dict[str, float]] = []
        self._norms: list[float] = []
        self._stories_of: dict[str, set[int]] = defaultdict(set)
        self._placed: dict[str, str] = {}

    def take(self, article: Article) -> None:
        vector = self._vector(article)
        story, cosine = self._nearest(vector)
        if story < 0 or cosine < self._threshold:
            story = len(self._sums)
            self._sums.append(defaultdict(float))
            self._norms.append(0.0)
        for word, weight in vector.items():
            self._sums[story][word] += weight
            self._stories_of[word].add(story)
        self._norms[story] = math.sqrt(math.fsum(weight * weight for weight in self._sums[story].values()))
        self._placed[article.uri] = str(story)

    def stories(self) -> dict[str, str]:
        return self._placed

    def _vector(self, article: Article) -> dict[str, float]:
        counts = Counter(tokens(f"{article.headline} {article.summary} {article.body[:BODY_CHARS]}"))
        self._documents += 1
        self._carried_by.update(counts.keys())
        weights = {
            word: (1 + math.log(n)) * math.log((1 + self._documents) / self._carried_by[word])
            for word, n in counts.items()
        }
        norm = math.sqrt(math.fsum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / norm for word, weight in weights.items()}

    def _nearest(self, vector: dict[str, float]) -> tuple[int, float]:
        dots: dict[int, float] = defaultdict(float)
        for word, weight in vector.items():
            for story in self._stories_of.get(word, ()):
                dots[story] += weight * self._sums[story][word]
        best = max(dots, key=lambda story: (dots[story] / (self._norms[story] or 1.0), -story), default=-1)
        return best, dots[best] / (self._norms[best] or 1.0) if best >= 0 else 0.0


class TitleMatch:
    """Join the story of the earlier title that shares most words, if that is at least half of both titles' words."""

    def __init__(self, threshold: float = 0.5) -> None:
        self._threshold = threshold
        self._titles: list[tuple[frozenset[str], str]] = []
        self._titles_with: dict[str, list[int]] = defaultdict(list)
        self._placed: dict[str, str] = {}

    def take(self, article: Article) -> None:
        words = frozenset(word for word in tokens(article.headline or article.body[:150]) if len(word) > 3)
        shared = Counter(title for word in words for title in self._titles_with[word])
        story, best = article.uri, 0.0
        for title, n in shared.items():
            likeness = n / (len(words) + len(self._titles[title][0]) - n)
            if likeness >= self._threshold and likeness > best:
                story, best = self._titles[title][1], likeness
        for word in words:
            self._titles_with[word].append(len(self._titles))
        self._titles.append((words, story))
        self._placed[article.uri] = story

    def stories(self) -> dict[str, str]:
        return self._placed


class NoLibrary(ValueError):
    """A baseline's library isn't installed."""


class TextClustering:
    """textClust (Assenmacher & Trautmann 2022) as river has it: micro-clusters of tf-idf, one pass, a threshold that
    adapts itself. Of the online clusterings in river, the one made for texts.

    It gets words without those of the stop lists, in its own idf, and the beginning of the text. The settings are the
    best of those tried on the development sets; a cluster of one article is forgotten after FORGOTTEN_AFTER articles.
    """

    CHARS = 600
    IDF_MIN = 1.5
    SIGMA = 2
    FORGOTTEN_AFTER = 200

    def __init__(self) -> None:
        try:
            from river.cluster import TextClust
        except ImportError:
            raise NoLibrary("the baseline textclust needs river: pip install 'storyline[evaluate]'") from None
        make: Any = TextClust  # river leaves it untyped
        self._clusters = make(
            auto_r=True, sigma=self.SIGMA, tgap=self.FORGOTTEN_AFTER, real_time_fading=False, term_fading=False,
            auto_merge=False,
        )  # fmt: skip
        self._placed: dict[str, str] = {}

    def take(self, article: Article) -> None:
        counts = Counter(tokens(f"{article.headline} {article.summary} {article.body[: self.CHARS]}"))
        known = words_of(article.language).look_up(counts)
        words = {
            word: 1 + math.log(n)
            for (word, n), found in zip(counts.items(), known, strict=True)
            if found is not None and found[1] > self.IDF_MIN
        }
        before = {key: cluster.n for key, cluster in self._clusters.micro_clusters.items()}
        self._clusters.learn_one(words)
        grown = (key for key, cluster in self._clusters.micro_clusters.items() if cluster.n != before.get(key))
        self._placed[article.uri] = f"cluster-{next(grown, article.uri)}"

    def stories(self) -> dict[str, str]:
        return self._placed
