"""An article's kept sentences, read once for as long as the article is in memory: what several steps ask of them."""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from storyline_schemas import Kept, Part

from . import words as w
from .definite import OF_WHAT_WAS_TOLD, SUMS_UP, acts, begins_in_year, definite, once_more
from .features import TOKEN, Features, annotate, plain
from .naming import KIND_OF_PLACE, TITLE_ENDS, Named, names_in
from .predicates import in_past
from .vocabulary import stem_word

MASK_BITS = 4_096
LEADING_MAX = 8
KNOWN_FROM = 3
"""Of an article's sentences, which take as known what its readers know; later ones go on from what was told."""
NAME_WORDS_MAX = 5
READ_MAX = 3_000
"""Articles whose reading is kept; a few kilobytes each beside the sentences' features."""


_KNOWN_SHORT = w.KNOWN_PLACE | w.WEEKDAY | w.word_set("house court council government state states union")
_NO_SURNAME = w.KNOWN_PLACE | (w.STOP - w.ALSO_SURNAME)


@dataclass(frozen=True, eq=False)
class Reading:
    """What the sentences of one article hold together. Each is equal to itself alone, so that it can be a cheap key."""

    sentences: tuple[Kept, ...]
    features: tuple[Features, ...]

    @cached_property
    def shingles(self) -> frozenset[int]:
        """All runs of three content stems, each as one number, which is the same in this process alone."""
        return frozenset().union(*self.shingles_by_sentence)

    @cached_property
    def shingles_by_sentence(self) -> tuple[frozenset[int], ...]:
        """Those of each sentence."""
        # Numbers rather than the runs themselves: the collector of garbage has nothing to visit in them. Of 64 bits, so
        # that no two runs are ever taken for one.
        runs = (zip(each.content, each.content[1:], each.content[2:], strict=False) for each in self.features)
        return tuple([frozenset(map(hash, its)) for its in runs])

    @cached_property
    def shingle_mask(self) -> tuple[int, int, int]:
        """One bit of 4,096 for each of `shingles`, some may share one; how many shingles there are; and how many more
        than bits."""
        bits = bytearray(b"0" * MASK_BITS)
        for shingle in self.shingles:
            bits[shingle & MASK_BITS - 1] = 49  # "1"
        mask, size = int(bits, 2), len(self.shingles)
        return mask, size, size - mask.bit_count()

    @cached_property
    def name_stems(self) -> frozenset[str]:
        """Those of `Features` together."""
        return frozenset().union(*[features.name_stems for features in self.features])

    @cached_property
    def others_with(self) -> Mapping[str, int]:
        """For each stem, how many sentences have it beside the first that does."""
        found = Counter([stem for features in self.features for stem in features.stems])
        return {stem: count - 1 for stem, count in found.items()}

    @cached_property
    def stems(self) -> frozenset[str]:
        """Those of all its sentences."""
        return frozenset().union(*[features.stem_set for features in self.features])

    @cached_property
    def leading_stems(self) -> frozenset[str]:
        """The stems of its first sentences."""
        return frozenset().union(*[features.stem_set for features in self.features[:LEADING_MAX]])

    @cached_property
    def words(self) -> frozenset[str]:
        """All tokens."""
        return frozenset().union(*[features.tokens for features in self.features])

    @cached_property
    def marks(self) -> frozenset[str]:
        """What survives translation: numbers, and words with a capital inside a sentence."""
        found: set[str] = set()
        for kept, features in zip(self.sentences, self.features, strict=True):
            # Marks and all: as a rule the tokens that it was read in.
            tokens = features.tokens if plain(kept.text) is kept.text else TOKEN.findall(kept.text)
            found.update(token for token in tokens if token[0].isdigit() and len(token) > 1)
            found.update(token for token in tokens[1:] if token[0].isupper() and len(token) > 2)
        return frozenset(found)

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """The people, bodies and places that it names, see `naming` (English)."""
        return names_in(self.features)

    def points_at(self, rank: int) -> Mapping[str, str]:
        """The nouns, by their stems, that a sentence has as known since an earlier one brought them in, as it is or in
        other words (English).

        What the article has as known from the beginning ("the police"), its readers know.
        """
        known = self._pointing.get(rank)
        if known is None:
            nouns = definite(self.features[rank].text) if rank else {}
            known = {
                stem: noun
                for stem, noun in nouns.items()
                if noun in OF_WHAT_WAS_TOLD or self._first(stem, rank) is not None
            }
            known = {stem: noun for stem, noun in known.items() if not self.takes_as_known(stem)}
            self._pointing[rank] = known
        return known

    def brought_in(self, stem: str, rank: int) -> bool:
        """Whether the first sentence that has a noun before one brings it in: "a party" (English)."""
        first = self._first(stem, rank)
        if first is None:
            return False
        places = [i for i, word in enumerate(first.lower) if word in ("a", "an")]
        return any(stem_word(word, "en") == stem for i in places for word in first.lower[i + 1 : i + 4])

    def sums_up(self, rank: int) -> frozenset[str]:
        """The stems of the nouns with which a sentence means what those right before it tell, if in other words ("the
        move"), of which it tells one more ("another bomber"), whose act it speaks of ("after Holm's comments") and what
        it calls by a part of its name ("the Observatory"; English)."""
        known = self._summing.get(rank)
        if known is None:
            text = self.features[rank].text
            told = [stem for stem, noun in definite(text).items() if noun in SUMS_UP and not self._first(stem, rank)]
            told += [*acts(text), *self._short_names(rank)]
            known = self._summing[rank] = once_more(text).union(told) if rank else frozenset()
        return known

    @cached_property
    def telling_on(self) -> frozenset[int]:
        """The places of sentences that tell on, in the past and with no time of their own, what the one right before
        them begins with in an earlier year ("When thousands rose in 2011, …"; English), or tells on itself."""
        found: set[int] = set()
        for rank, (before, here) in enumerate(pairwise(self.features), 1):
            follows = self.sentences[rank - 1].position == self.sentences[rank].position - 1
            of_old = rank - 1 in found or (before.background and begins_in_year(before.text))
            if follows and of_old and not here.background and in_past(here.lower):
                found.add(rank)
        return frozenset(found)

    def _short_names(self, rank: int) -> list[str]:
        """The stems of what a sentence calls by the last word of its name alone: "the Observatory" of Port Solmar."""
        features = self.features[rank]
        tokens = features.tokens
        short = [
            (i, token.removesuffix("'s"))
            for i, (before, token, after) in enumerate(zip(features.lower, tokens[1:], tokens[2:], strict=False), 1)
            if before == "the" and token[0].isupper() and not (token.isupper() or after[0].isupper())
        ]
        return [
            stem_word(name.lower(), "en")
            for i, name in short
            if name.lower() not in _KNOWN_SHORT and tokens[i + 1] not in KIND_OF_PLACE and name in self._body_ends(rank)
        ]

    def _body_ends(self, rank: int) -> frozenset[str]:
        """The last words of longer names in the sentences before one."""
        names = [name for features in self.features[:rank] for name in features.names if len(name) > 1]
        return frozenset([name[-1].removesuffix("'s") for name in names])

    def takes_as_known(self, stem: str) -> bool:
        """Whether the first sentence that has a noun, early on, has it with "the" and no more (English)."""
        first = self._first(stem, KNOWN_FROM)
        return first is not None and stem in definite(first.text)

    def _first(self, stem: str, end: int | None = None) -> Features | None:
        return next((features for features in self.features[:end] if stem in features.stem_set), None)

    @cached_property
    def _pointing(self) -> dict[int, Mapping[str, str]]:
        return {}

    @cached_property
    def _summing(self) -> dict[int, frozenset[str]]:
        return {}

    @cached_property
    def name_words(self) -> frozenset[str]:
        """All words of names, lower case."""
        return frozenset().union(*[lower for _, lower in self._names])

    @cached_property
    def name_ends(self) -> frozenset[str]:
        """The last words of names, lower case."""
        return frozenset([lower[-1] for _, lower in self._names])

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The last words of names of two to four words."""
        return frozenset([lower[-1] for name, lower in self._names if 2 <= len(name) <= 4 and "of" not in name])

    @cached_property
    def persons(self) -> frozenset[str]:
        """The last words of names of two or more words that may be people's: not of a place or body by their words,
        whatever title stands before them."""
        named = [_untitled(lower) for name, lower in self._names if len(name) > 1 and "of" not in name]
        named = [name for name in named if len(name) <= NAME_WORDS_MAX and name[-1] not in _NO_SURNAME]
        return frozenset([name[-1] for name in named if _may_be_person(name)])

    @cached_property
    def full_names(self) -> frozenset[tuple[str, str]]:
        """The last two words of names, lower case."""
        return frozenset([(lower[-2], lower[-1].removesuffix("'s")) for _, lower in self._names if len(lower) > 1])

    @cached_property
    def _names(self) -> Sequence[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The names, each once, as they are written and in lower case."""
        names = dict.fromkeys([name for features in self.features for name in features.names])
        return [(name, tuple([word.lower() for word in name])) for name in names]


def _untitled(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name (lower case) without what is before it, if two words are left: "Senate Minority Leader Ida Brandt"."""
    name = (*name[:-1], name[-1].removesuffix("'s"))
    start = max([i for i, word in enumerate(name[:-2], 1) if word in TITLE_ENDS], default=0)
    return name[start:]


def _may_be_person(name: tuple[str, ...]) -> bool:
    """Whether no word of a name (lower case, two or more) shows that it is of a place, a body, a day or a work."""
    if any(word.endswith("'s") for word in name[:-1]):
        return False  # "Velmara's Heron": a thing of a place or body
    if w.NAME_OF_BODY.isdisjoint(name):
        return True
    first, *middle, last = name
    given = first not in w.NAME_OF_BODY or first in w.ALSO_GIVEN_NAME
    surname = last not in w.NAME_OF_BODY or last in w.ALSO_SURNAME
    # Two such words ("May Day") are nobody's.
    alone = len(w.NAME_OF_BODY.intersection(name)) == 1
    return given and surname and alone and w.NAME_OF_BODY.isdisjoint(middle)


_readings: OrderedDict[tuple[int, str], Reading] = OrderedDict()


def read(part: Part, language: str) -> Reading:
    """The reading of a part's sentences in a language (primary subtag)."""
    # By identity: comparing the sentences would cost what this saves. The reading holds them, so the id stays theirs.
    key = (id(part.sentences), language)
    known = _readings.get(key)
    if known is None:
        known = Reading(part.sentences, tuple([annotate(kept.text, language) for kept in part.sentences]))
        if len(_readings) >= READ_MAX:
            _readings.popitem(last=False)
        _readings[key] = known
    else:
        _readings.move_to_end(key)  # the last one asked for goes last
    return known
