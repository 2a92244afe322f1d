"""What a source sends again and again, whatever the news: its boilerplate.

Of each source the sentences of its latest articles are remembered, by number. Those that come again below titles that
have no word in common, and that name nothing which these titles name, say nothing of the news and aren't read. What
is sent again or told further is another matter: its titles share words, or what it repeats is what they are about.

All of it is a function of the articles noted and their order, so it can be kept, taken back and restored.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from typing import NamedTuple

import msgpack
import numpy as np

SENTENCE_BYTES_MIN = 12
"""Shorter ones are no sentences, or say hardly anything."""
FIRST_MAX, LAST_MAX = 8, 24
"""Sentences remembered of an article: boilerplate stands at its beginning or its end."""
TITLE_MAX = 8
"""Words remembered of a title, the rarest."""
ARTICLES_MAX = 16
"""Latest articles remembered of a source, at most 180 bytes each: what comes in fewer than one of eight is no habit."""
TITLES_MIN = 3
"""What stood below so many titles that have no word in common is a habit for good."""
NAMING_SHARE_MAX = 0.2
"""Of the titles above a habit at most this share may have a rare word of it: "Courier" stands in a title by chance."""
PROVEN_MAX = 64
"""Habits remembered of a source, 8 bytes each; beyond it those go that have been away for longest."""
AWAY_MAX = 1_000
"""Articles of a source after which a habit that hasn't come again is forgotten."""
USUAL_MIN = 6
"""Titles from which on a word that half of them have is the source's own, and no sign of one story."""
SOURCES_MAX = 5_000
"""Sources remembered of a space, about 2 KB each; beyond it those go that have sent nothing for longest."""
SOURCES_READY_MAX, READY_MAX = 500, 1_000
"""Sources whose sentences are laid out to be found at once, about 30 KB each; so many sentences of one."""

Says = Callable[[Set[int]], Set[int]]
"""The rare terms in these sentences (by number) of the article."""
Remembered = tuple[int, bytes, bytes]
"""An article: number of its uri, terms of its title, numbers of its sentences but for known habits (uint32 each)."""


class Unsaid(NamedTuple):
    """Sentences of an article, by number, that say nothing of the news."""

    known: frozenset[int] = frozenset()
    """Habits for good."""
    likely: frozenset[int] = frozenset()
    """Have come below one other title only."""


def sentences(text: str) -> list[str]:
    """The text cut where lines and most sentences end. Joined by ". " they are it again, but for the marks."""
    return text.replace("\n", ". ").replace("。", ". ").split(". ")


def numbers_of(text: str) -> list[int]:
    """The number of each of its `sentences`: CRC-32 of its bytes; 0 for one that is too short."""
    packed = text.encode("utf-8", "surrogatepass").replace(b"\n", b". ")
    if _FULL_STOP in packed:
        packed = packed.replace(_FULL_STOP, b". ")
    return [zlib.crc32(piece) if len(piece) >= SENTENCE_BYTES_MIN else 0 for piece in packed.split(b". ")]


_FULL_STOP = "。".encode()


def packed_sent(source: int, numbers: Iterable[int], known: Set[int] = frozenset()) -> bytes:
    """What a profile keeps for this: source, how many known habits, these, the other sentences; uint32 each."""
    distinct = [number for number in dict.fromkeys(numbers) if number]
    if len(distinct) > FIRST_MAX + LAST_MAX:
        distinct = distinct[:FIRST_MAX] + distinct[-LAST_MAX:]
    habits = [number for number in distinct if number in known] if known else []
    others = [number for number in distinct if number not in known] if known else distinct
    return struct.pack(f"<{2 + len(distinct)}I", source, len(habits), *habits, *others)


def sentences_in(sent: bytes) -> int:
    """How many different sentences `packed_sent` kept."""
    return len(sent) // 4 - 2


class _Source:
    """One source. `articles` are its latest, oldest first; `proven` are habits → the count at which they came last."""

    __slots__ = ("articles", "count", "proven", "ready", "seen")

    def __init__(
        self,
        seen: int = 0,
        count: int = 0,
        articles: Iterable[Remembered] = (),
        proven: Mapping[int, int] | None = None,
    ) -> None:
        self.seen, self.count = seen, count
        """Under which number it was noted last, and how many of its articles were."""
        self.articles = list(articles)
        self.proven = dict(proven or {})
        self.ready: set[int] = set()
        """All that has come, and maybe what is forgotten by now; empty: to be laid out."""

    def to_bytes(self) -> bytes:
        packed: bytes = msgpack.packb([self.seen, self.count, self.articles, list(self.proven.items())])
        return packed

    @classmethod
    def from_bytes(cls, packed: bytes) -> "_Source":
        seen, count, articles, proven = msgpack.unpackb(packed)
        return cls(seen, count, [(uri, title, sent) for uri, title, sent in articles], dict(proven))

    def make_ready(self) -> None:
        """Lay out what has come, so that it is found at once."""
        self.ready = set(_numbers(b"".join([one[2] for one in self.articles]))) | self.proven.keys()

    def judged(self, uri: int, title: Set[int], sent: Set[int], says: Says) -> Unsaid:
        """What of these sentences, which aren't known as habits yet, says nothing of the news."""
        usual = self._usual()
        own = title - usual
        known: set[int] = set()
        likely: set[int] = set()
        for sentences, titles in self._blocks(uri, sent) if own else ():
            others = [other - usual for other in titles]
            apart = _apart([own, *others])
            if apart < TITLES_MIN and not all(other and own.isdisjoint(other) for other in others):
                continue
            words = says(sentences)
            if sum(not words.isdisjoint(each) for each in (own, *others)) <= NAMING_SHARE_MAX * (1 + len(others)):
                (known if apart >= TITLES_MIN else likely).update(sentences)
        return Unsaid(frozenset(known), frozenset(likely))

    def _blocks(self, uri: int, sent: Set[int]) -> Iterable[tuple[set[int], list[Set[int]]]]:
        """(those of the sentences that came in the same articles, the titles of these articles, latest first)."""
        carried: dict[int, list[int]] = {}
        for at, (other, _, packed) in enumerate(self.articles):
            if other != uri:
                for sentence in sent & set(_numbers(packed)):
                    carried.setdefault(sentence, []).append(at)
        blocks: dict[tuple[int, ...], set[int]] = {}
        for sentence, places in carried.items():
            blocks.setdefault(tuple(places), set()).add(sentence)
        return [
            (sentences, [set(_numbers(self.articles[at][1])) for at in reversed(places)])
            for places, sentences in blocks.items()
        ]

    def _usual(self) -> frozenset[int]:
        """The words that at least half of the titles have: they are the source's, and no sign of one story."""
        if len(self.articles) < USUAL_MIN:
            return frozenset()
        counts = Counter(word for _, title, _ in self.articles for word in _numbers(title))
        return frozenset(word for word, count in counts.items() if count * 2 >= len(self.articles))

    def note(self, article: Remembered, habits: Iterable[int], number: int) -> None:
        """An article has come, or another version of one; `habits` are known ones that it has."""
        self.seen = number
        kept = [one for one in self.articles if one[0] != article[0]]
        self.count += len(kept) == len(self.articles)
        self.articles = [*kept, article][-ARTICLES_MAX:]
        if self.ready:
            self.ready.update(_numbers(article[2]))
        for sentence in habits:
            self.proven.pop(sentence, None)
            self.proven[sentence] = self.count
        self._forget()

    def _forget(self) -> None:
        """Those that came last are at the end."""
        for sentence, last in list(self.proven.items()):
            if len(self.proven) <= PROVEN_MAX and last + AWAY_MAX >= self.count:
                break
            del self.proven[sentence]


class Habits:
    """What the sources of one space repeat. Not thread-safe; `begin` starts a batch, which `rollback` takes back."""

    def __init__(self, packed: Mapping[int, bytes] | None = None) -> None:
        """`packed`: source → its value, as `changes` gave it. Raises ValueError for what is none."""
        self._sources = {source: _Source.from_bytes(value) for source, value in (packed or {}).items()}
        self._before: dict[int, bytes | None] = {}
        self._ready = 0

    def __len__(self) -> int:
        return len(self._sources)

    def may_repeat(self, source: int, numbers: Iterable[int]) -> bool:
        """False only if the source has sent none of these sentences (see `numbers_of`), as far as is remembered."""
        known = self._sources.get(source)
        if known is None:
            return False
        if len(known.ready) > READY_MAX or not known.ready:
            if self._ready >= SOURCES_READY_MAX:
                self._let_rest()
            known.make_ready()
            self._ready += 1
        return not known.ready.isdisjoint(numbers)

    def _let_rest(self) -> None:
        for known in self._sources.values():
            known.ready = set()
        self._ready = 0

    def unsaid(self, source: int, uri: str, title: Set[int], numbers: Iterable[int], says: Says) -> Unsaid:
        """What of an article's sentences says nothing of the news; `title` are the terms of its title."""
        known = self._sources.get(source)
        if known is None:
            return Unsaid()
        sent = set(numbers) - {0}
        habits = frozenset(sent & known.proven.keys())
        judged = known.judged(number_of(uri), title, sent - habits, says)
        return judged._replace(known=judged.known | habits)

    def note(self, uri: str, title: bytes, sent: bytes, placement: int) -> None:
        """An article has come: terms of its title, rarest first, and what `packed_sent` gave of it."""
        numbers = _numbers(sent)
        if len(numbers) < 3:  # no sentence, so nothing to be repeated
            return
        source, others = numbers[0], 2 + numbers[1]
        known = self._sources.get(source)
        if source not in self._before:
            self._before[source] = known.to_bytes() if known is not None else None
        if known is None:
            known = self._sources[source] = _Source()
        known.note((number_of(uri), title[: 4 * TITLE_MAX], sent[4 * others :]), numbers[2:others], placement)

    def begin(self) -> None:
        """What changes from here on is one batch."""
        self._before = {}

    def finish(self) -> dict[int, bytes | None]:
        """End the batch; sources beyond SOURCES_MAX go. Gives the values of those it has changed; None: gone."""
        excess = len(self._sources) - SOURCES_MAX
        if excess > 0:
            # A twentieth at once, because choosing them costs a sort over all.
            oldest = sorted(self._sources, key=lambda source: (self._sources[source].seen, source))
            for source in oldest[: excess + SOURCES_MAX // 20]:
                self._before.setdefault(source, None)
                del self._sources[source]
        return {source: self._value(source) for source in self._before}

    def _value(self, source: int) -> bytes | None:
        known = self._sources.get(source)
        return None if known is None else known.to_bytes()

    def rollback(self) -> None:
        """Forget the batch."""
        for source, value in self._before.items():
            if value is None:
                self._sources.pop(source, None)
            else:
                self._sources[source] = _Source.from_bytes(value)
        self.begin()


def number_of(text: str) -> int:
    """The number of a uri, or of the name of a source: its CRC-32."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _numbers(packed: bytes) -> list[int]:
    found: list[int] = np.frombuffer(packed, "<u4").tolist()
    return found


def _apart(titles: Iterable[Set[int]]) -> int:
    """How many of the titles have no word in common with one counted before."""
    counted: list[Set[int]] = []
    for title in titles:
        if title and all(title.isdisjoint(other) for other in counted):
            counted.append(title)
    return len(counted)
