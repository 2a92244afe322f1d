"""Who and what a sentence takes as known, and whether its readers do: names, abbreviations, "the" with a noun."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from . import words as w
from .features import Features
from .pool import Candidate, Pool
from .vocabulary import COURTESY, is_verb, stem_word


def introduced(pool: Pool, features: Features, before: Sequence[Candidate]) -> bool:
    """Whether every bare surname and abbreviation in a sentence is known from the block so far, or from the story."""
    if not names_introduced(pool, features, before):
        return False
    return all(_spelt_out(pool, short, features, before) for short in features.abbreviations)


def names_introduced(pool: Pool, features: Features, before: Sequence[Candidate]) -> bool:
    bare = [word for word in features.lone_names if word in pool.surnames or word in features.speakers]
    bare = [word for word in bare if not _begins_a_name(features, word)]
    bare += _courteous(features)
    bare += _opening_name(pool, features)
    bare += _described_name(features)
    if bare:
        full = {word for each in (features, *(c.features for c in before)) for word in _full_names(each)}
        return all(word in full or word in pool.common_names or _names_a_title(pool, word) for word in bare)
    return True


def _names_a_title(pool: Pool, word: str) -> bool:
    """Whether a title has a name, in other languages in whatever case."""
    return word in pool.title_weights if pool.english else stem_word(word, pool.language) in pool.title_stems


def introduced_among(
    pool: Pool, features: Features, shown: Iterable[Features], headline: AbstractSet[str] = frozenset()
) -> bool:
    """Whether every surname that a sentence brings without a first name stands with one on the page or in the sentence
    itself, or in the page's headline.

    `headline` are its words in lower case, and their stems.
    """
    lone = (*_lone_persons(pool, features), *_courteous(features), *_described_name(features))
    bare = {word.removesuffix("'s") for word in lone} - pool.titled - headline
    called = _called(pool, features) - pool.titled - headline
    if not bare and not called:
        return True
    there = (features, *shown)
    if called - {word.removesuffix("'s") for each in there for word in _full_names(each, called=False)}:
        return False
    return bare <= {word.removesuffix("'s") for each in there for word in _full_names(each)}


def points_only_above(
    pool: Pool, candidate: Candidate, shown: Iterable[Features], headline: AbstractSet[str] = frozenset()
) -> bool:
    """Whether every noun that a sentence has as known from before ("the confession") stands above it on the page, in a
    title, or is one that the story's articles have in common; and what it sums up ("the move") right before it.

    `headline` are the page headline's words and stems.
    """
    if not pool.english:
        return True
    reading = pool.reading_of(candidate.n)
    nouns, sums_up = reading.points_at(candidate.rank), reading.sums_up(candidate.rank)
    tells_on = candidate.rank in reading.telling_on
    if not nouns and not sums_up and not tells_on:
        return True
    before = tuple(shown)
    if before and before[-1].text == pool.by_part[candidate.n][candidate.rank - 1].text:
        sums_up, tells_on = frozenset(), False
    if tells_on:
        return False
    left = (sums_up | nouns.keys()) - headline - pool.title_stems
    if left:
        left -= frozenset().union(*(features.stem_set for features in before))
    if not left.isdisjoint(sums_up):
        return False
    # What the article itself brings in, its readers don't know, whoever else tells of one.
    return all(_is_common(pool, stem, nouns[stem]) and not reading.brought_in(stem, candidate.rank) for stem in left)


def is_known(
    pool: Pool, candidate: Candidate, above: Sequence[Features], headline: AbstractSet[str] = frozenset()
) -> bool:
    """Whether a page says above a sentence, or in its headline, who and what the sentence takes as known."""
    features = candidate.features
    return introduced_among(pool, features, above, headline) and points_only_above(pool, candidate, above, headline)


OPENING_SENTENCES = 3
"""Of an article, that say what its readers know."""
COMMON_SHARE = 750
"""Of a story's articles (thousandths), that tell of what everybody in it knows."""


def _is_common(pool: Pool, stem: str, noun: str) -> bool:
    """Whether most articles have a noun, or one of them has it as known from the beginning."""
    forms = {noun, noun.removesuffix("s"), f"{noun}s"}
    told = len([reading for reading in pool.readings if not forms.isdisjoint(reading.words)])
    if 1000 * told >= COMMON_SHARE * len(pool.readings):
        return True
    return any(reading.takes_as_known(stem) for reading in pool.readings)


def _begins_a_name(features: Features, word: str) -> bool:
    """Whether a word with a capital is the first of several ("Red Bull's"), or letters ("NTV"): no bare surname."""
    i = features.lower.index(word)
    return features.tokens[i].isupper() or _name_goes_on(word, _after(features, i))


def _after(features: Features, i: int) -> str:
    """The token behind the `i`-th."""
    return features.tokens[i + 1] if i + 1 < len(features.tokens) else "."


def _name_goes_on(word: str, after: str) -> bool:
    return after[0].isupper() and word[-2:] != "'s"


_GOVERNS = frozenset(("administration", "campaign", "government", "presidency", "camp", "team", "era"))
"""After a name that needs no introduction there: "the Holm administration"."""


def _lone_persons(pool: Pool, features: Features) -> list[str]:
    """Surnames without a first name in a sentence: of persons, and of who speaks."""
    found = []
    for word in dict.fromkeys(features.lone_names):
        person = word.removesuffix("'s") in pool.persons
        if not (person or word in features.speakers):
            continue
        i = features.lower.index(word)
        after = _after(features, i)
        # Not the first of a longer name, nor what is written as no surname is: "MPs", "NTV".
        if after.lower() in _GOVERNS or _name_goes_on(word, after) or features.tokens[i][1:2].isupper():
            continue
        # Not "says Solmar has …": what speaks stands before the verb, or ends the clause behind it.
        if person or not i or features.lower[i - 1] not in w.SPEECH or after in ",.":
            found.append(word)
    return found


def goes_on(pool: Pool, features: Features, before: Sequence[Features]) -> bool:
    """Whether what "the <noun>" at a sentence's beginning names is in a section, or in a title."""
    if features.lower[0] != "the" or len(features.tokens) < 2 or features.tokens[1][:1].isupper():
        return True
    nouns = [word for word in features.lower[1:4] if word.isalpha() and word not in w.STOP]
    stems = {stem_word(word, "en") for word in nouns}
    known = pool.title_weights.keys() | {stem for each in before for stem in each.stem_set}
    return not stems.isdisjoint(known)


_COURTESY = frozenset(word.capitalize() for word in w.COURTESY)


def _courteous(features: Features) -> list[str]:
    """The names right after a Mr. or Ms., which nobody is introduced by."""
    if not features.held & COURTESY or _COURTESY.isdisjoint(features.tokens):
        return []
    after = [features.tokens[i + 1 : i + 3] for i, token in enumerate(features.tokens) if token in _COURTESY]
    named = [tokens[-1] if tokens[0] == "." else tokens[0] for tokens in after if tokens]
    return [name.lower().removesuffix("'s") for name in named]


_CALLED = frozenset(("Father", "Sister", "Pastor", "Rabbi", "Imam", "Rev", "Reverend", "Dr", "Prof", "Professor"))


def _called(pool: Pool, features: Features) -> frozenset[str]:
    """The surnames that stand behind a title which says little of who that is ("Father Brandt"), where an article has
    the first name, too."""
    names = {name[1].lower().removesuffix("'s") for name in features.names if _is_called(name)}
    if not names:
        return frozenset()
    full = [pair for reading in pool.readings for pair in reading.full_names]
    return frozenset([last for first, last in full if last in names and first.capitalize() not in _CALLED])


def _is_called(name: Sequence[str]) -> bool:
    return len(name) == 2 and name[0] in _CALLED


def _opening_name(pool: Pool, features: Features) -> list[str]:
    """The one capitalised word that a sentence opens with, if it may be somebody: "Issa has issued …", "Issa's …"."""
    if len(features.tokens) < 2 or features.lone_names[:1] != features.lower[:1]:
        return []
    word = features.lower[0].removesuffix("'s")
    follows = is_verb(features.lower[1]) or features.lower[1:3] == (",", "who")
    if not (word != features.lower[0] or follows) or word.endswith(("s", "ing")):
        return []
    known = word in w.KNOWN_PLACE or word in w.ROLE_SPEAKER or word in w.STOP or word in w.NUMBER_WORD
    if known or any(word in reading.words for reading in pool.readings):
        return []
    return [word]


DESCRIBED_MAX = 8


def _described_name(features: Features) -> list[str]:
    """The one capitalised word that a sentence opens on after saying what it is, as if it were known: "A former
    teacher, Holm runs …"."""
    lower, tokens = features.lower, features.tokens
    if lower[0] not in ("a", "an") or "," not in lower[2:DESCRIBED_MAX]:
        return []
    i = lower.index(",", 2) + 1
    if i + 1 >= len(lower) or not tokens[i][0].isupper() or not is_verb(lower[i + 1]):
        return []
    known = lower[i] in w.KNOWN_PLACE or tokens[i].isupper() or any(token[0].isupper() for token in tokens[1:i])
    return [] if known else [lower[i]]


def _full_names(features: Features, *, called: bool = True) -> list[str]:
    """The last words of names of two or more, which "Mrs. Brandt" is none of; without `called` nor "Father Brandt"."""
    full = [name for name in features.names if len(name) > 1 and name[0] not in _COURTESY]
    full = full if called else [name for name in full if not _is_called(name)]
    ends = [word.lower() for name in full for word in (name[-2:] if name[-1] in _SUFFIXES else name[-1:])]
    # "Ida Brandt of Norrin"
    return ends + [name[name.index("of") - 1].lower() for name in full if "of" in name[2:]]


_SUFFIXES = frozenset(("Jr", "Sr", "II", "III"))


def _spelt_out(pool: Pool, short: str, features: Features, before: Sequence[Candidate]) -> bool:
    """Whether readers know what an abbreviation stands for: from the titles, the block, a bracket or by themselves."""
    if short.lower() in pool.common_names or any(short in title.tokens for title in pool.titles.values()):
        return True
    if f"({short})" in features.text or any(short in earlier.features.tokens for earlier in before):
        return True
    return any(_takes_as_read(reading.features, short) for reading in pool.readings)


def _takes_as_read(sentences: Sequence[Features], short: str) -> bool:
    """Whether an article opens with an abbreviation and nowhere spells it out."""
    if not any(short in features.tokens for features in sentences[:OPENING_SENTENCES]):
        return False
    return not any(f"({short})" in features.text for features in sentences)
