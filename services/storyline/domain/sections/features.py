"""What a sentence holds: words and stems, numbers, names, verbs, negation, quotes, and whether it can stand alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import Stemmer

from . import words as w

CACHE_SENTENCES_MAX = 20_000
WORDS_CACHED_MAX = 50_000
WORDS_MIN, WORDS_MAX = 7, 46
UNSPACED_CHARS_MIN, UNSPACED_CHARS_MAX = 10, 160
LONG_QUOTE_WORDS = 12

TOKEN = re.compile(r"\d[\d.,]*\d|\d|[^\W_]+(?:['’.‐‑-][^\W_]+)*|[^\w\s]")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f\u1780-\u17ff\u0e80-\u0eff]")
_UNSPACED_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f\u1780-\u17ff\u0e80-\u0eff]+|[^\W_]+")
_ENDS = re.compile(r"[.!。！।؟۔…][\"'”’»)\]」』]*$")
_QUOTED = re.compile(r"[“\"]([^“”\"]*)[”\"]|(?<!\w)‘([^‘]*?)’(?!\w)")
_YEAR = re.compile(r"^(?:1[89]|20)\d\d$")

Dependence = Literal[0, 1, 2]
"""0: stands alone; 1: only directly after its neighbour; 2: never without its context."""


@dataclass(frozen=True, slots=True)
class Features:
    """A sentence, read once. `content` are the stems of its content words in order; a stem is a lower-case string."""

    text: str
    tokens: tuple[str, ...]
    lower: tuple[str, ...]
    """The tokens for comparison, see `normal`."""
    content: tuple[str, ...]
    stems: tuple[str, ...]
    """The distinct content stems in order of first appearance."""
    stem_set: frozenset[str]
    numbers: tuple[tuple[str, str], ...]
    """(value, stem of the noun or unit that follows); years are not among them."""
    names: tuple[tuple[str, ...], ...]
    """Runs of capitalised words, case kept."""
    name_stems: frozenset[str]
    """The stems of names and of the titles right before them ("acting ambassador Keira Holm")."""
    lone_names: tuple[str, ...]
    """Capitalised words that don't follow another one nor say where, lower case: surnames among them need an
    introduction."""
    speakers: tuple[str, ...]
    """Those of `lone_names` right beside a verb of saying: "Dowd said"."""
    verbs: frozenset[str]
    negations: tuple[str, ...]
    modals: tuple[str, ...]
    attributed: bool
    future: bool
    quote_words: int
    pronoun: bool
    """It holds a he or she that stands before any name."""
    bare_noun: str
    """The stem of the noun in an opening "The <noun> <verb>", else empty."""
    background: bool
    deictic: bool
    length: int
    """In words; unspaced scripts count two characters as one."""
    dependence: Dependence
    sentence_like: bool
    """Long enough, ends like a sentence, no fragment: it can be compared with others."""
    usable: bool
    """It may stand on a page (given its dependence)."""


def plain(text: str) -> str:
    """A text with plain apostrophes and hyphens inside words, so that equal words are equal."""
    return text if text.isascii() else text.replace("’", "'").replace("‑", "-").replace("‐", "-")


def normal(token: str) -> str:
    """A token for comparison: lower case, plain apostrophes and hyphens."""
    return plain(token.lower())


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Callable[[str], str]:
    # Word forms of every language that Snowball has; any other language is compared as it is written.
    try:
        stem: Callable[[str], str] = Stemmer.Stemmer(language, 20_000).stemWord
    except KeyError:
        return lambda word: word
    return stem


@lru_cache(maxsize=WORDS_CACHED_MAX)
def stem_word(word: str, language: str) -> str:
    """The stem of a lower-case word; English word families of news are one stem (`kill`, `death` → `dead`)."""
    if word.endswith("'s"):
        word = word[:-2]
    stem = _stemmer(language)(word)
    return w.CANON.get(stem, stem) if language == "en" else stem


@lru_cache(maxsize=CACHE_SENTENCES_MAX)
def annotate(text: str, language: str) -> Features:
    """Read a sentence of a language (primary subtag). The same text always gives an equal value."""
    tokens = tuple(TOKEN.findall(plain(text)))
    lower = [token.lower() for token in tokens]
    present = frozenset(lower)
    lone = _lone_names(tokens, lower)
    content = _content(text, lower, language)
    distinct = tuple(dict.fromkeys(content))
    english = language in ("en", "und")
    names = _names(tokens, lower) if english else ()
    length = _length(text, tokens)
    quote_words = _quote_words(text)
    verbs = frozenset(filter(is_verb, present)) if english else frozenset()
    outside = _outside_quotes(text) if english and quote_words else text
    like = _sentence_like(text, length)
    pronoun = english and _pronoun_first(tokens, lower)
    dependence: Dependence = _dependence(text, outside, lower, names, pronoun) if english else _plain_dependence(text)
    return Features(
        text=text,
        tokens=tokens,
        lower=tuple(lower),
        content=content,
        stems=distinct,
        stem_set=frozenset(distinct),
        numbers=_numbers(lower, language) if _counts(present) else (),
        names=names,
        name_stems=_name_stems(tokens, lower, names, language) if names else frozenset(),
        lone_names=lone,
        speakers=_beside_speech(lower, lone),
        verbs=verbs,
        negations=_among(lower, present, w.NEGATION) if english else (),
        modals=_among(lower, present, w.MODAL) if english else (),
        attributed=english and not present.isdisjoint(w.ATTRIBUTION),
        future=english and _is_future(lower),
        quote_words=quote_words,
        pronoun=pronoun,
        bare_noun=_bare_noun(lower) if english else "",
        background=any(len(token) == 4 and _YEAR.match(token) for token in present),
        deictic=english and not (present.isdisjoint(w.WEEKDAY) and present.isdisjoint(w.DEICTIC)),
        length=length,
        dependence=dependence,
        sentence_like=like,
        usable=like and dependence < 2 and (not english or _stands(lower, verbs, outside, quote_words)),
    )


def _content(text: str, lower: list[str], language: str) -> tuple[str, ...]:
    if not text.isascii() and _UNSPACED.search(text):
        return tuple(_bigrams(text))
    english = language in ("en", "und")
    return tuple(
        stem_word(word, language)
        for word in lower
        if (word[0].isalnum() and (len(word) > 1 or word.isdigit())) and not (english and word in w.STOP)
    )


def _bigrams(text: str) -> list[str]:
    found: list[str] = []
    for run in _UNSPACED_RUN.findall(text):
        if _UNSPACED.match(run) and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run.lower())
    return found


def _length(text: str, tokens: tuple[str, ...]) -> int:
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    return unspaced // 2 if unspaced > len(text) // 4 else sum(token[0].isalnum() for token in tokens)


@lru_cache(maxsize=WORDS_CACHED_MAX)
def is_verb(word: str) -> bool:
    """Whether a lower-case English word is, by its form, most likely a finite verb or participle."""
    if word in w.NOT_VERB:
        return False
    if len(word) > 4 and word.endswith("ed"):
        return True
    return word in w.AUXILIARY or word in w.IRREGULAR or word in w.PRESENT or word in w.PLAIN


def _among(lower: list[str], present: frozenset[str], wanted: frozenset[str]) -> tuple[str, ...]:
    return () if present.isdisjoint(wanted) else tuple(word for word in lower if word in wanted)


def _counts(present: frozenset[str]) -> bool:
    return any(word[0].isdigit() for word in present) or not present.isdisjoint(w.NUMBER_WORD)


def _numbers(lower: list[str], language: str) -> tuple[tuple[str, str], ...]:
    found = []
    for i, word in enumerate(lower):
        value = w.NUMBER_WORD.get(word) if not word[0].isdigit() else word.replace(",", "").rstrip(".")
        if value is None or _YEAR.match(value):
            continue
        noun = ""
        for following in lower[i + 1 : i + 4]:
            if following == "%" or (following[0].isalnum() and following not in w.STOP):
                noun = stem_word(following, language)
                break
        found.append((value, noun))
    return tuple(found)


def _capitalised(token: str) -> bool:
    return token[0].isupper()


def _names(tokens: tuple[str, ...], lower: list[str]) -> tuple[tuple[str, ...], ...]:
    """Runs of capitalised words. A sentence's first word counts only if the next one is capitalised, too."""
    runs: list[tuple[str, ...]] = []
    run: list[str] = []
    first = next((i for i, token in enumerate(tokens) if token[0].isalnum()), 0)
    capitals = [token[0].isupper() for token in tokens]
    for i, token in enumerate(tokens):
        if not run and not capitals[i]:
            continue
        following = i + 1 < len(tokens) and capitals[i + 1]
        joins = bool(run) and following and lower[i] in _NAME_JOINERS
        named = capitals[i] and (i > first or (following and not _common(lower[i])))
        if joins or named:
            run.append(token)
        elif run and token != ".":  # noqa: S105
            runs.append(tuple(run))
            run = []
    if run:
        runs.append(tuple(run))
    return tuple(name for name in runs if normal(name[0]) not in _NO_NAME)


def _name_stems(
    tokens: tuple[str, ...], lower: list[str], names: tuple[tuple[str, ...], ...], language: str
) -> frozenset[str]:
    found = {token.lower() for name in names for token in name}
    openings = {name[0] for name in names if len(name) > 1}
    for i, token in enumerate(tokens):
        if token in openings:
            for word in reversed(lower[max(0, i - 2) : i]):
                if not word.isalpha() or word in w.STOP or is_verb(word):
                    break
                found.add(word)
    return frozenset(stem_word(word, language) for word in found)


def _lone_names(tokens: tuple[str, ...], lower: list[str]) -> tuple[str, ...]:
    return tuple(
        lower[i]
        for i, token in enumerate(tokens)
        if token[0].isupper() and not (i and (tokens[i - 1][0].isupper() or lower[i - 1] in _PLACING))
    )


def _beside_speech(lower: list[str], lone: tuple[str, ...]) -> tuple[str, ...]:
    if not lone or _SAYING.isdisjoint(lower):
        return ()
    beside = {word for pair in pairwise(lower) if not _SAYING.isdisjoint(pair) for word in pair}
    return tuple(word for word in lone if word in beside and word not in w.STOP and word not in w.ROLE_SPEAKER)


_PLACING = frozenset(("in", "at", "near", "the", "across", "outside", "inside", "around", "into", "throughout"))
_NAME_JOINERS = frozenset(("of", "al", "de", "bin", "van", "von", "da", "el"))
_NO_NAME = w.WEEKDAY | w.STOP


@lru_cache(maxsize=WORDS_CACHED_MAX)
def _common(word: str) -> bool:
    """Whether a word that opens a sentence is likely no name: a function word, a plural, a number, a verb."""
    return word in w.STOP or word in w.NUMBER_WORD or is_verb(word) or word in w.ROLE_SPEAKER or word in w.PREPOSITION


def _quote_words(text: str) -> int:
    if '"' not in text and "“" not in text and "‘" not in text:
        return 0
    return max((len((a or b).split()) for a, b in _QUOTED.findall(text)), default=0)


def _outside_quotes(text: str) -> str:
    return _QUOTED.sub(" ", text)


def _balanced(text: str) -> bool:
    if text.count('"') % 2 or text.count("(") != text.count(")"):
        return False
    return all(text.count(left) == text.count(right) for left, right in zip("“«「『", "”»」』", strict=True)) and (
        text.count("(") == text.count(")")
    )


def _sentence_like(text: str, length: int) -> bool:
    if not (WORDS_MIN <= length <= WORDS_MAX) and not (_UNSPACED.search(text) and 5 <= length <= 80):
        return False
    return bool(_ENDS.search(text)) and not text[0].islower() and _balanced(text) and not _shouts(text)


def may_be_sentence(text: str) -> bool:
    """A cheap look before `annotate`: what fails it can't be `sentence_like`."""
    return not text[0].islower() and _ENDS.search(text) is not None and _balanced(text)


def _shouts(text: str) -> bool:
    return 10 * sum(map(str.isupper, text)) > 6 * sum(map(str.isalpha, text))


def _stands(lower: list[str], verbs: frozenset[str], outside: str, quote_words: int) -> bool:
    """The English gates that don't depend on the neighbours."""
    if not verbs or any(mark in outside for mark in ("?", "!", "…", "...")):
        return False
    spoken = [normal(token) for token in TOKEN.findall(outside)] if quote_words else lower
    if any(word in w.FIRST_SECOND and word != "us" for word in spoken) or " us " in outside:
        return False
    if quote_words and not any(is_verb(word) for word in spoken):
        return False
    return quote_words < 6 or _has_speaker(outside, spoken)


def _has_speaker(outside: str, spoken: list[str]) -> bool:
    if not any(word in w.SPEECH for word in spoken):
        return False
    named = any(_capitalised(token) for token in TOKEN.findall(outside)[1:] if normal(token) not in w.WEEKDAY)
    return named or any(word in w.ROLE_SPEAKER or word in ("he", "she", "they") for word in spoken)


def _is_future(lower: list[str]) -> bool:
    for i, word in enumerate(lower):
        if word in w.FUTURE:
            return True
        if word in w.FUTURE_PHRASE_HEADS and i + 1 < len(lower) and lower[i + 1] in ("to", "for"):
            return True
    return False


def _pronoun_first(tokens: tuple[str, ...], lower: list[str]) -> bool:
    for i, word in enumerate(lower):
        if word in w.PERSON_PRONOUN:
            return True
        if i > 0 and _capitalised(tokens[i]) and word not in w.WEEKDAY:
            return False
        if i == 0 and _capitalised(tokens[0]) and not _common(word) and word not in w.DETERMINER:
            return False
    return False


def _bare_noun(lower: list[str]) -> str:
    if len(lower) > 2 and lower[0] == "the" and is_verb(lower[2]) and lower[1].isalpha():
        return stem_word(lower[1], "en")
    return ""


# Openings that no neighbour on the page can carry: they lean on more than one sentence.
_NEVER_ALONE = re.compile(
    r"""^(?:[“"‘'])?(?:for\s+(?:example|instance) | as\s+(?:a\s+result|such|for) | asked\b | the\s+(?:former|latter)\b
    | one\s+of\s+(?:them|those|these) | some\b(?!\s+(?:\d|of\s+the\s+[A-Z])) | others?\b | another\b | many\b
    | most\b(?!\s+of\s+the\s+[A-Z]) | instead\b | thus\b | therefore\b | so\b | nor\b | or\b | here\b | even\b
     | too\b | once\b
    | it['’]s\b | that['’]s\b | now\b | either\b | again\b | similarly\b | likewise\b | otherwise\b | none\b | not\b
    | in\s+(?:both|doing)\b | by\s+(?:then|doing)\b | among\s+(?:them|those)\b | yes\b | no,\b | perhaps\b
    | of\s+(?:course|those|these|the)\b | to\s+(?:that|this)\b | only\b | rather\b | just\b | whether\b
     | part\s+of\b
    | but\b | and\b | because\b | which\b | while\b.{0,30}\b(?:this|that)\b )""",
    re.I | re.X,
)
# Openings that the sentence just before them carries.
_LEANS = re.compile(
    r"""^(?:[“"‘'])?(?:the\s+(?:two|three|four|five|six|pair|duo|couple|trio|move|news|incident|decision|same|other|others
    |man|woman|men|women|announcement|statement|comments?|remarks?|ruling|verdict|attack|blast|deal|agreement|plan|measures?|figures?)\b
    | one\s+of\s+the\b | th(?:is|ese|ose)\b | that\b | such\b | there\b(?!\s+(?:is|are|was|were|has|have|will))
     | then\b | both\b
    | neither\b | all\b(?!\s+\d) | in\s+(?:that|this)\b | at\s+(?:that|this|the\s+time)\b | since\s+then
     | after\s+that | (?:\w+\s+)?\w+\s+(?:later|afterwards?)\b | afterwards?\b
     | the\s+(?:new|old|latest|first|second|third)\s+ones?\b
    | before\s+that | on\s+that\b | under\s+(?:that|this|the)\b | earlier\b | later\b
     | \w+ing\b[^,]{0,80},\s+(?:he|she|it|they|the)\b )""",
    re.I | re.X,
)
_LEANS_INSIDE = re.compile(
    r"\b(?:this(?! (?:week|month|year|morning|weekend|season|summer|autumn|winter|spring|century)\b)"
    r"|these|those(?! who\b)"
    r"|such an?|the former|the latter|that (?:day|night|attack|deadline)|at the time|the pair|the two (?:men|women)"
    r"|the same day|do so|doing so|did so|the others|mentioned above)\b",
    re.I,
)
_LEANING = frozenset(
    (
        "this",
        "these",
        "those",
        "such",
        "former",
        "latter",
        "that",
        "same",
        "time",
        "pair",
        "two",
        "so",
        "others",
        "above",
    )
)
_SAYING = frozenset(("said", "says", "added", "told"))
_IT_SAID = re.compile(
    r",[”\"]? (?:it|they|he|she) (?:said|added|says|told)\b|[,”\"] (?:it|they) said\b"
    r"|[,”\"] (?:said|says|added) (?:it|they|he|she)\b|[,”\"] the (?:statement|report|company|group"
    r"|agency|spokes\w+) (?:said|added)\b"
)


def _dependence(
    text: str, outside: str, lower: list[str], names: tuple[tuple[str, ...], ...], pronoun: bool
) -> Dependence:
    if _NEVER_ALONE.match(text):
        return 2
    if _LEANS.match(text) and not (lower[:2] == ["the", "two"] and len(names) >= 2):
        return 1
    if not _LEANING.isdisjoint(lower) and _LEANS_INSIDE.search(outside):
        return 1
    first = next((word for word in lower if word[0].isalnum()), "")
    if first in w.PRONOUN_START or pronoun or (not _SAYING.isdisjoint(lower) and _IT_SAID.search(text)):
        return 1
    return 0


def _plain_dependence(text: str) -> Dependence:
    # Without word lists for the language: an opening quote or bracket is the only sign of a leaning sentence.
    return 1 if text[0] in '("“«「『' else 0
