"""How well a clause stands over a section, alone as a reader sees it: whole, explained by nothing that comes after.

"Official said 46 people had died in city" says something only where the city is known: headings leave articles out, so
what the sentence has "the" before is looked up there.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from . import words as w
from .breaks import RESULT
from .features import TOKEN, Features, annotate, plain
from .pool import Pool
from .predicates import main_verb, second_verb
from .vocabulary import is_verb, stem_word, table

POINTS_CACHED_MAX = 10_000
WORDS_BEST_MAX = 10
TOLD_BY_TITLES = 3
"""Stems shared with titles from which they tell what else a heading points at."""
NAMES_NOBODY = 12
"""For one without a name or number: of whom it is only the section tells."""
TELLS_RESULT, TELLS_TWO = 14, 12
"""For one that goes on with what came of it, or tells two things of its subject."""
OFF_TOPIC = 14
"""For a heading that shares nothing with any title."""

# There is but one of each, or the reader knows which one.
_ONE_OF_KIND = frozenset(
    ("world", "president", "pope", "queen", "king", "internet", "web", "sun", "moon", "earth", "sea", "sky", "public",
     "government", "police", "army", "military", "media", "press", "economy", "nation", "future", "past", "end", "rest",
     "streets", "air", "coast", "border", "weekend", "election", "poor", "rich", "disabled")
)  # fmt: skip
# "The same tactic", "the two leaders", "the new law": the adjective itself points back.
_POINTS_BACK = frozenset(
    ("same", "other", "latter", "former", "new", "current", "subsequent", "ensuing", "remaining", "additional",
     "resulting", "aforementioned", *w.NUMBER_WORD)
)  # fmt: skip
_NATIONALITY = re.compile(r"^[A-Z][a-z]+(?:an|ish|ese|ench|utch)$")
_AGED = re.compile(r"^\d\d?-year-old$")
_RANKS = frozenset(("first", "last", "only", "next", "latest", "biggest", "largest", "second", "third", "most", "best"))
_EXPLAINS = frozenset(("of", "for", "between", "against", "about", "that", "who", "which", "where", "to", "behind"))
_EXPLAINS_NAMED = frozenset(("in", "on", "at", "from", "with", "by", "over", "near", "into"))
# In a heading without its neighbours they compare with nothing, or say it again.
_WITHOUT_BEARING = frozenset(
    ("such", "similar", "these", "those", "instead", "again", "too", "nonetheless", "nevertheless", "however",
     "therefore",
     "otherwise", "elsewhere", "meanwhile", "likewise", "similarly", "there", "anyway")
)  # fmt: skip
_SAYS_NOTHING_LAST = frozenset(
    (
        "thing",
        "things",
        "way",
        "ways",
        "someone",
        "something",
        "anything",
        "everything",
        "lot",
        "time",
        "tack",
        "task",
        "list",
    )
)
_AFTER_WHAT = frozenset(("afterward", "afterwards", "later", "earlier", "before", "previously", "thereafter"))
_BE = frozenset(("is", "was", "are", "were"))
_A = frozenset(("a", "an", "one", "among", "located", "home", "situated", "based"))
# "…, for the first time", "…, with the business community": the rest of it was cut off.
# Who had the news first is none, nor who had nothing to say.
_NO_NEWS = re.compile(
    r"\b(?:first|was|been) reported\b|\b(?:spoke|talked) to\b|\bnews of\b|\bdeclined to\b"
    r"|\b(?:received|drew|attracted) (?:[a-z]+ )?attention\b|\bobtain(?:ed|s) (?:[a-z]+ )?(?:list|letter|copy|cop"
    r"ies|documents?|emails|e-mails|memo|video|recording)\b|\binterview(?:s|ed) (?:more than |about |over )?\d"
    r"|\bnews (?:was )?confirmed\b|\bnew details (?:have )?emerged?\b"
    r"|\bno (?:other |further )?(?:comment|details)\b|\bnot (?:offer|confirm|respond|comment|elaborate|immediately)\b",
)
_PHRASE_LAST = re.compile(r", (?:with|for|in|at|by|on|from|as|of|including|such|both|to)\b")
_THIS = re.compile(r"\bthis (?!week|month|year|morning|weekend|season|summer|autumn|winter|spring|century|day)")
_PLACE = frozenset(
    (
        "city",
        "town",
        "village",
        "area",
        "region",
        "country",
        "province",
        "district",
        "site",
        "scene",
        "building",
        "place",
    )
)
_BARE, _MODIFIED = 2, 1


class Pointed(NamedTuple):
    """A noun that a sentence has "the" before: its token and stem, the word right behind "the", how it is explained
    ("of"), how far it leans."""

    noun: str
    first: str
    stem: str
    explained: str
    weight: int


@lru_cache(maxsize=POINTS_CACHED_MAX)
def pointed(sentence: str) -> tuple[Pointed, ...]:
    """What an English sentence points at with "the" and a common noun."""
    features = annotate(sentence, "en")
    tokens, lower = features.tokens, features.lower
    found = []
    for i, word in enumerate(lower):
        if word == "the" and (point := _noun_at(tokens, lower, i + 1)) is not None:
            found.append(point)
    return tuple(found)


def _noun_at(tokens: Sequence[str], lower: Sequence[str], start: int) -> Pointed | None:
    end = start
    if start < len(tokens) and _AGED.match(tokens[start]) and (end := start + 1) < len(tokens) and is_verb(lower[end]):
        return Pointed(lower[start], lower[start], lower[start], "", _BARE)
    if (whose := _whose_or_which(tokens, lower, start)) is not None:
        return whose
    end = start
    while end < len(tokens) and end - start < 4 and _may_be_noun(tokens, lower, start, end):
        end += 1
    if end == start or (end < len(tokens) and tokens[end][0].isupper()) or tokens[end - 1][0].isupper():
        return None
    noun, run = lower[end - 1], lower[start:end]
    if noun.removesuffix("'s") in _ONE_OF_KIND or not _RANKS.isdisjoint(run) or run[0].endswith("est"):
        return None
    follows, after = (*lower[end : end + 2], "", "")[:2]
    named = end + 1 < len(tokens) and (tokens[end + 1][0].isupper() or tokens[end + 1][0].isdigit())
    explained = (
        follows if follows in _EXPLAINS or (follows in _EXPLAINS_NAMED and named and after not in w.WEEKDAY) else ""
    )
    alone = len(run) == 1 or noun in _PLACE or not _POINTS_BACK.isdisjoint(run)
    return Pointed(noun, run[0], stem_word(noun, "en"), explained, _BARE if alone else _MODIFIED)


def _whose_or_which(tokens: Sequence[str], lower: Sequence[str], start: int) -> Pointed | None:
    """What stands behind "the" and points back whatever follows: an owner ("the country's Iron Dome"), a month ("the
    June decision"), or, where a sentence begins, one of a people or party ("The Orun Democrat said")."""
    if start + 1 >= len(tokens):
        return None
    word, stem = lower[start], stem_word(lower[start].removesuffix("'s"), "en")
    if word.endswith("'s") and tokens[start][0].islower():
        owner = word.removesuffix("'s")
        # Somebody or a place most often is named in the same sentence: "Holm's aide said the senator's account …".
        far = _MODIFIED if start > 1 and (owner in w.ROLE_SPEAKER or owner in _PLACE) else _BARE
        return None if owner in _ONE_OF_KIND else Pointed(word, word, stem, "", far)
    if tokens[start] in w.MONTH and tokens[start + 1][0].islower() and lower[start + 1] not in w.STOP:
        return Pointed(lower[start + 1], word, stem_word(lower[start + 1], "en"), "", _BARE)
    end = start
    while end < len(tokens) and tokens[end][0].isupper() and end - start < 3:
        end += 1
    if start != 1 or end == start or end >= len(tokens) or not is_verb(lower[end]):
        return None
    person = _NATIONALITY.search(tokens[end - 1]) or lower[end - 1] in _OF_PARTY
    return Pointed(lower[end - 1], word, stem_word(lower[end - 1], "en"), "", _BARE) if person else None


_OF_PARTY = frozenset(("republican", "democrat", "conservative", "liberal", "briton", "scot", "tory"))


def _may_be_noun(tokens: Sequence[str], lower: Sequence[str], start: int, i: int) -> bool:
    word = lower[i]
    if _NATIONALITY.search(tokens[i]):
        return True
    if not tokens[i][0].islower() or word in w.STOP or word in w.PREPOSITION:
        return word in _POINTS_BACK and tokens[i][0].islower()
    return i == start or not is_verb(word) or lower[i - 1].endswith("ly")


def leaning(heading: str, stems: frozenset[str], sentence: str, known: frozenset[str]) -> int:
    """How far a heading made of a sentence leans on others, in hundredths. `stems` are its own, `known` the titles'.

    What it begins or ends with, and places without a name, lean most; what it shares with the titles tells much of the
    rest.
    """
    small = heading.lower()
    padded = f" {' '.join([word.lower for word in table('en').read(plain(heading))])} "
    worst = unnamed = 0
    for point in pointed(sentence):
        if f" {point.noun} " not in padded or (point.explained and f" {point.noun} {point.explained} " in padded):
            continue
        place = point.noun in _PLACE  # which one, only its name tells
        outside = padded.startswith(f" {point.first} ") or padded.endswith(f" {point.noun} ")
        outside = outside or place or point.first in _POINTS_BACK
        unnamed = max(unnamed, 17 * point.weight if place else 0)
        worst = max(worst, point.weight * (5 if point.stem in known else 17 if outside else 12))
    if len(stems & known) >= TOLD_BY_TITLES:
        worst //= 2
    return max(worst, unnamed) + (30 if _WITHOUT_BEARING & set(padded.split()) or _THIS.search(small) else 0)


def unknown_people(heading: str, features: Features, pool: Pool) -> int:
    """How many people a heading names that no title does and of whom it doesn't say who they are."""
    count = 0
    for name in features.names:
        last = name[-1].lower()
        if last not in pool.persons or last in pool.common_names or name[-1] not in heading or len(name) > 3:
            continue
        if any(stem_word(part.lower().removesuffix("'s"), "en") in pool.title_stems for part in name):
            continue
        count += not _has_role(features, name)
    return count


def _length(count: int, lead: bool) -> int:
    """What length costs; a lead's heading may say more."""
    return 0 if lead else 2 * max(0, count - WORDS_BEST_MAX) + 3 * max(0, count - 13)


def plain_weight(heading: str, language: str, stems: frozenset[str], known: frozenset[str], lead: bool) -> int:
    """What the form of a heading in another language is worth, in hundredths: the same, as far as its first words, its
    articles and what points back tell."""
    words = [token.lower() for token in TOKEN.findall(heading)]
    letters = [word for word in words if word[0].isalnum()]
    if not letters:
        return -100
    score = -_length(len(letters), lead) - (OFF_TOPIC if stems and known.isdisjoint(stems) else 0)
    back = w.LEANING_OPENING.get(language, _NONE)
    if letters[0] in w.TIE_OPENING.get(language, _NONE) or not back.isdisjoint(letters[:2]):
        score -= 40
    elif not w.POINTING.get(language, _NONE).isdisjoint(letters):
        score -= 34
    elif not back.isdisjoint(letters):
        score -= 16
    # "As experts note, …", "Besides, …": what it says comes after.
    if any(mark in words[:5] for mark in (",", ":")):
        score -= 30
    definite = w.DEFINITE.get(language, _NONE)
    if len(letters) > 1 and letters[0] in definite and not _is_known(heading, letters[1], language, known):
        score -= 22
    if len(letters) > 1 and letters[-2] in definite and not _is_known(heading, letters[-1], language, known):
        score -= 14
    return score


def _is_known(heading: str, word: str, language: str, known: frozenset[str]) -> bool:
    """Whether a noun is in a title, counts something, or is a name; German nouns have capitals, too."""
    named = language != "de" and word not in heading
    return named or word[0].isdigit() or stem_word(word, language) in known


_NONE: frozenset[str] = frozenset()


def _has_role(features: Features, name: Sequence[str]) -> bool:
    """Whether a word right before a name, or its first one, says who that is: "rightwinger Ida Brandt"."""
    at = next((i for i, token in enumerate(features.tokens) if token == name[0]), 0)
    before = features.lower[at - 1] if at else ""
    if before == ".":
        return True  # "Sen. Ida Brandt"
    return (
        name[0].lower() in w.ROLE_SPEAKER
        or (len(name[0]) <= 4 and f"{name[0]}." in features.text)
        or (before.isalpha() and before not in w.STOP and before not in w.PREPOSITION and not is_verb(before))
    )


def weight(heading: str, stems: frozenset[str], sentence: Features, known: frozenset[str], lead: bool) -> int:
    """What the form of a heading made of a sentence is worth, in hundredths: short, with a subject of the story's,
    telling what happened rather than what something is. `stems` are the heading's, `known` those of the titles."""
    small = heading.lower()
    words = small.split()
    score = -_length(len(words), lead) - (OFF_TOPIC if known.isdisjoint(stems) else 0)
    score -= 6 * max(0, 5 - len(stems))
    verb = main_verb(words) if " and " in heading else None
    score += TELLS_TWO if verb and second_verb(words, verb) else 0
    if not _BE.isdisjoint(words) and any(a in _BE and b in _A for a, b in pairwise(sentence.lower)):
        score -= 34
    score -= 0 if lead or any(word[0].isupper() or word[0].isdigit() for word in heading.split()) else NAMES_NOBODY
    score -= (14 if "had" in words else 0) + (12 if "already" in words else 0)
    score -= 34 if _NO_NEWS.search(small) else 0
    score -= 34 if words[-1] in _AFTER_WHAT and "ago" not in words else 0
    score -= 25 if words[-1] in _SAYS_NOTHING_LAST and _RANKS.isdisjoint(words[-2:-1]) else 0
    if RESULT.search(heading):
        return score + TELLS_RESULT
    return score - (0 if ", " not in heading else 40 if _PHRASE_LAST.search(heading) else 10)
