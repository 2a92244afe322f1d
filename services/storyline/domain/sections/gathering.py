"""Gathers the pool: the articles an update looks at, their sentences, what their titles say, who reports the same."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain, islice

from storyline_schemas import Part

from . import words as w
from .confirming import confirmed
from .features import Features, annotate
from .opinion import is_opinion
from .pool import SAME_FACT, SAME_LARGE_COUNT, Candidate, Pool, Weights, near
from .reading import Reading, read
from .text import primary
from .titles import TITLES_CACHED_MAX, bare_title, clean_title
from .vocabulary import is_verb, stem_word

WINDOW_PARTS_MAX = 14
"""Articles looked at in one update: those on the page, those touched, then the newest."""
PAIRS_CACHED_MAX = 5_000
"""Of articles, whose near sentences are known."""
LEADING, LEADING_CACHED_MAX = 6, 500
"""So many sentences of an article are looked at for what others report, too; of so many articles their stems are
counted."""
TITLE_STEMS = 9
COMPARED_MIN, TOUCHING_STEMS = 3, 2
"""From so many articles on it is asked which stands apart: which has not even two stems of another's title, or in other
languages than English of its title and first sentences."""
NAME_WEIGHT = 500
_NOBODY: frozenset[str] = frozenset()


def window(parts: Sequence[Part], keep: Iterable[int], language: str) -> list[Part]:
    """The articles an update looks at: those in `keep` and the newest, at most 14, in the story's language, by n."""
    first = set(keep)
    ordered = sorted(parts, key=lambda part: (part.n not in first, -(part.n or 0)))
    usable = (part for part in ordered if part.sentences and speaks(part, language))
    return sorted(islice(usable, WINDOW_PARTS_MAX), key=lambda part: part.n or 0)


def speaks(part: Part, language: str) -> bool:
    """Whether an article is in the story's language; one that doesn't say is taken to be."""
    return "und" in (part.language, language) or primary(part.language) == primary(language)


def build(parts: Sequence[Part], language: str) -> Pool:
    """The pool of these articles (all in the story's language, sorted by n)."""
    language = primary(language)
    by_part: dict[int, list[Candidate]] = {}
    live = {part.n for part in parts}
    for part in parts:
        assert part.n is not None
        by_part[part.n] = _candidates(part, part.n, language, _is_copy(part, live))
    candidates = [candidate for group in by_part.values() for candidate in group]
    titles = {part.n: annotate(bare_title(part), language) for part in parts if part.n is not None}
    readings = [read(part, language) for part in parts]
    # A copy makes nobody better known.
    own = [reading for part, reading in zip(parts, readings, strict=True) if not _is_copy(part, live)]
    names, surnames = _names(own)
    counts = Counter(chain.from_iterable(candidate.features.stems for candidate in candidates))
    pool = Pool(
        language=language,
        counts=counts,
        parts={part.n: part for part in parts if part.n is not None},
        candidates=candidates,
        by_part=by_part,
        titles=titles,
        cleaned={part.n: clean_title(part) for part in parts if part.n is not None},
        weights=_weights(candidates, counts, readings),
        title_weights={},
        newest_ms=max((part.at_ms for part in parts), default=0),
        common_names=names,
        surnames=surnames,
        persons=frozenset().union(*(reading.persons for reading in readings)) if language in ("en", "und") else _NOBODY,
        readings=readings,
    )
    titled = _title_counts(pool)
    pool.title_weights = _title_weights(pool, titled)
    pool.title_stems = frozenset().union(*(title.stem_set for title in titles.values()))
    pool.event_stems = _event_stems(pool)
    words = [[word.removesuffix("'s") for word in title.lower] for title in titles.values()]
    spread = Counter(chain.from_iterable(map(set, words)))
    pool.titled = _titled(words, spread, readings)
    need = max(2, len(titles) // 2)
    pool.title_people = frozenset([name for name in pool.common_names & pool.persons if spread[name] >= need])
    pool.apart = _apart(titles, readings) if pool.english else _apart_elsewhere(titles, readings)
    pool.opinions = _opinions(parts, readings)
    # Where one word of a title is all that returns in the text (elsewhere compounds and endings hide more of them than
    # in English), having that one isn't having it all.
    told = pool.title_weights if pool.english else dict(titled.most_common(TITLE_STEMS))
    pool.title_total = sum(told.values())
    _measure(pool)
    return pool


def _is_copy(part: Part, live: AbstractSet[int | None]) -> bool:
    """Whether an article says what another of these does, word for word."""
    return part.relation == "copy" and part.copy_of in live


def _candidates(part: Part, n: int, language: str, copies: bool) -> list[Candidate]:
    at_ms, publisher = part.at_ms, part.family or part.provider
    pairs = zip(part.sentences, read(part, language).features, strict=True)
    return [
        # By position: of keywords, an update's two hundred candidates would take twice the time.
        Candidate(n, kept.position, rank, features, at_ms, publisher, copies)
        for rank, (kept, features) in enumerate(pairs)
    ]


def _weights(candidates: Sequence[Candidate], counts: Mapping[str, int], readings: Sequence[Reading]) -> Weights:
    """Rare weighs 1, frequent less: min(1, 2.2/count + .15) up to 20 sentences, else .10·N/count within .12–1."""
    total = len(candidates)
    if total <= 20:
        by_count = {count: min(1000, 2200 // count + 150) for count in set(counts.values())}
    else:
        by_count = {count: max(120, min(1000, 100 * total // count)) for count in set(counts.values())}
    weights = Weights({stem: by_count[count] for stem, count in counts.items()})
    # Two sentences on the same people needn't say the same of them.
    for stem in weights.keys() & frozenset().union(*(reading.name_stems for reading in readings)):
        weights[stem] = weights[stem] * NAME_WEIGHT // 1000
    return weights


def _title_counts(pool: Pool) -> Counter[str]:
    """In how many titles each stem is; copies aside."""
    counts: Counter[str] = Counter()
    for n, title in pool.titles.items():
        if not (pool.by_part[n] and pool.by_part[n][0].copies):
            counts.update(title.stems)
    return counts


def _title_weights(pool: Pool, counts: Mapping[str, int]) -> dict[str, int]:
    """The stems most frequent in the titles, each by the share of titles that has it: what the story is about."""
    spread = dict.fromkeys(counts, 0)
    for reading in pool.readings:
        leading = _leading(reading)
        for stem in counts.keys() & leading.keys():
            spread[stem] += leading[stem]
    ranked = sorted((stem for stem in counts if spread[stem]), key=lambda stem: (-counts[stem], -spread[stem], stem))
    return {stem: counts[stem] for stem in ranked[:TITLE_STEMS]}


@lru_cache(maxsize=LEADING_CACHED_MAX)
def _leading(reading: Reading) -> Mapping[str, int]:
    """In how many of an article's first sentences each stem is."""
    return Counter(chain.from_iterable(features.stems for features in reading.features[:LEADING]))


def _titled(named: Sequence[list[str]], counts: Mapping[str, int], readings: Sequence[Reading]) -> frozenset[str]:
    """The words that two titles have, or that stand in one without a first name: who is known so well. `counts` are the
    titles that have each."""
    full = frozenset().union(*(reading.full_names for reading in readings))
    bare = {
        word for words in named for before, word in zip(["", *words], words, strict=False) if (before, word) not in full
    }
    return frozenset(word for word, count in counts.items() if count > 1 or word in bare)


def _apart(titles: Mapping[int, Features], readings: Sequence[Reading]) -> frozenset[int]:
    """The articles of three or more that tell of no other's title, and most of whose title none of the others tells."""
    if len(titles) < COMPARED_MIN:
        return frozenset()
    told = dict(zip(titles, (reading.leading_stems for reading in readings), strict=True))
    kin: set[int] = set()
    for n, title in titles.items():
        need = min(TOUCHING_STEMS, len(title.stem_set))
        shared = {m: len(title.stem_set & stems) for m, stems in told.items() if m != n}
        kin.update(m for m, count in shared.items() if count >= need)
        if 2 * max(shared.values()) > len(title.stem_set):
            kin.add(n)
    return frozenset(titles.keys() - kin)


def _apart_elsewhere(titles: Mapping[int, Features], readings: Sequence[Reading]) -> frozenset[int]:
    """The same in other languages, where compounds and endings hide much of what a title and a text share."""
    if len(titles) < COMPARED_MIN:
        return frozenset()
    told = {
        n: title.stem_set | reading.leading_stems for (n, title), reading in zip(titles.items(), readings, strict=True)
    }
    return frozenset(
        n
        for n, stems in told.items()
        if all(m == n or len(stems & other) < TOUCHING_STEMS for m, other in told.items())
    )


def _opinions(parts: Sequence[Part], readings: Sequence[Reading]) -> frozenset[int]:
    """The columns among articles, unless all are."""
    found = [part.n for part, reading in zip(parts, readings, strict=True) if is_opinion(part, reading)]
    return frozenset([n for n in found if n is not None]) if len(found) < len(parts) else frozenset()


def _event_stems(pool: Pool) -> frozenset[str]:
    need = max(2, (len(pool.titles) + 1) // 2)
    if len(pool.titles) < need or not pool.english:
        return frozenset()
    spread = Counter(chain.from_iterable(_verbs(title.lower, pool.language) for title in pool.titles.values()))
    return frozenset(stem for stem, count in spread.items() if count >= need)


@lru_cache(maxsize=TITLES_CACHED_MAX)
def _verbs(lower: tuple[str, ...], language: str) -> frozenset[str]:
    """The stems of a title's verbs (English)."""
    return frozenset([stem_word(word, language) for word in lower if is_verb(word) and word not in w.STOP])


def _names(readings: Sequence[Reading]) -> tuple[frozenset[str], frozenset[str]]:
    """(last words of names that half the articles use, all last words of names of two or more words)."""
    spread = Counter(chain.from_iterable(reading.name_ends for reading in readings))
    need = max(2, (len(readings) + 1) // 2)
    surnames = frozenset().union(*(reading.surnames for reading in readings))
    return frozenset(name for name, count in spread.items() if count >= need), surnames


def _measure(pool: Pool) -> None:
    """Each candidate's centrality and support (publishers that report the same, copies aside)."""
    titles, total = pool.title_weights.items(), pool.title_total
    for candidate in pool.candidates if total else ():
        held = candidate.features.stem_set  # as `centrality` does; written out, for it is asked of every candidate
        candidate.central = 1000 * sum([weight for stem, weight in titles if stem in held]) // total
    _measure_support(pool)


def _measure_support(pool: Pool) -> None:
    groups = [
        (group, reading)
        for group, reading in zip(pool.by_part.values(), pool.readings, strict=True)
        if group and not group[0].copies
    ]
    for i, (group, reading) in enumerate(groups):
        for others, other in groups[:i]:
            if group[0].publisher != others[0].publisher:
                mine, its, pairs = _compared(reading, other, pool.language)
                for candidate in [*(group[rank] for rank in mine), *(others[rank] for rank in its)]:
                    candidate.confirmed = pool.confirms = True
                for rank, place, shared in pairs:
                    if _are_of_one_fact(pool, group[rank], others[place], shared):
                        _support(group[rank], others[place])


def _support(a: Candidate, b: Candidate) -> None:
    a.publishers = (a.publishers or {a.publisher}) | {b.publisher}
    b.publishers = (b.publishers or {b.publisher}) | {a.publisher}


def _are_of_one_fact(pool: Pool, a: Candidate, b: Candidate, shared: Iterable[str]) -> bool:
    """Whether two sentences say the same; most that share stems are told by what these weigh, which bounds it."""
    least = min(pool.weight(a.features), pool.weight(b.features))
    if 1000 * pool.sum_of(shared) < (SAME_FACT - SAME_LARGE_COUNT) * least:
        return False
    return pool.redundancy(a.features, b.features) >= SAME_FACT


_Near = tuple[tuple[int, int, frozenset[str]], ...]
"""The places of sentences that are near each other, one of each article, with the stems that both have."""


@lru_cache(maxsize=PAIRS_CACHED_MAX)
def _compared(a: Reading, b: Reading, language: str) -> tuple[frozenset[int], frozenset[int], _Near]:
    """Of two articles: the places of sentences of each that the other says as well, and what is near of their first
    ones. Every update asks again of every two articles that it looks at; of all but the new one it is known."""
    return confirmed(a, b, language), confirmed(b, a, language), _near_pairs(a, b)


def _near_pairs(a: Reading, b: Reading) -> _Near:
    found = []
    right = [(j, its, its.mask, len(its.stems)) for j, its in enumerate(b.features[:LEADING])]
    for i, one in enumerate(a.features[:LEADING]):
        mask, doubles, size = one.mask, 3 * one.doubles, len(one.stems)
        for j, two, its, length in right:
            # The cheap look of `near`, written out.
            if 3 * (mask & its).bit_count() + doubles >= (size if size < length else length) and near(one, two):
                found.append((i, j, one.stem_set & two.stem_set))
    return tuple(found)
