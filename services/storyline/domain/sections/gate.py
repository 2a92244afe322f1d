"""The gate: whether one sentence of a source says what a sentence of the page says. It stands alone.

Cosine similarity takes "12 people were not hurt" for "12 people were hurt"; this rule reads word by word: what is
said may leave out parts of its source, but bring no verb, number, name, negation or modality of its own, keep their
order, and keep a claim with its speaker.
"""

from collections.abc import Sequence

from . import words as w
from .features import TOKEN, Features, annotate, is_verb, plain

CONTENT_SHARE_MIN = 0.7
"""Of the content words, in order, in one sentence of the source (DESIGN.md, "Sections, in short")."""


def supports(sentence: str, source_sentence: str, language: str) -> bool:
    """Whether `source_sentence` supports `sentence` (language: BCP 47, both sentences').

    English: at least 70 % of its content words in order; every verb, number with its noun and name is in the source
    in the same order; negation and modality of the stretch used are equal; an attribution isn't dropped. Other
    languages: the same words, nothing left out.
    """
    primary = language.split("-", 1)[0].lower()
    if _same_words(sentence, source_sentence):
        return True
    if primary not in ("en", "und"):
        return False
    return _supports(annotate(sentence, "en"), annotate(source_sentence, "en"))


def is_deletion(sentence: str, source_sentence: str) -> bool:
    """Whether a sentence is its source with words left out and nothing added (letter case aside)."""
    return is_subsequence(_words(sentence), _words(source_sentence)) or _letters(sentence) == _letters(source_sentence)


def is_subsequence(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether `short` is left when items of `long` are taken out."""
    rest = iter(long)
    return all(item in rest for item in short)


def _words(text: str) -> list[str]:
    return [token.lower() for token in TOKEN.findall(plain(text)) if token[0].isalnum()]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _same_words(a: str, b: str) -> bool:
    return a == b or _letters(a) == _letters(b)


def _supports(sentence: Features, source: Features) -> bool:
    if not sentence.content or len(sentence.stem_set & source.stem_set) < CONTENT_SHARE_MIN * len(sentence.stems):
        return False
    if common_in_order(sentence.content, source.content) < CONTENT_SHARE_MIN * len(sentence.content):
        return False
    if any(number not in source.numbers for number in sentence.numbers):
        return False
    if not is_subsequence(_hard(sentence), _hard(source)):
        return False
    if not sentence.attributed and _claims(source, sentence):
        return False
    return _same_polarity(sentence, source) and _years(sentence) <= _years(source)


def common_in_order(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence (dynamic programming, O(len(a)·len(b)))."""
    row = [0] * (len(b) + 1)
    for left in a:
        diagonal = 0
        for j, right in enumerate(b, 1):
            above = row[j]
            row[j] = diagonal + 1 if left == right else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def _hard(features: Features) -> list[str]:
    """What may not be new or out of order: verbs, numbers, names, negations and modals."""
    named = {token for name in features.names for token in name}
    return [
        word
        for token, word in zip(features.tokens, features.lower, strict=True)
        if token in named
        or token[0].isdigit()
        or word in w.NUMBER_WORD
        or word in w.NEGATION
        or word in w.MODAL
        or is_verb(word)
    ]


_ADVERBS = frozenset(("allegedly", "reportedly", "apparently"))


def _claims(source: Features, sentence: Features) -> bool:
    """Whether what is used of the source is somebody's claim: "objected and said …" claims only what comes after, and
    "for allegedly selling" only the selling."""
    lower = source.lower
    for i, word in enumerate(lower):
        if word not in w.ATTRIBUTION or (i and lower[i - 1] in ("and", "but", "who", "which")):
            continue
        if word not in _ADVERBS or (i + 1 < len(lower) and lower[i + 1] in sentence.lower):
            return True
    return False


def _same_polarity(sentence: Features, source: Features) -> bool:
    """Equal negations and modals in the stretch of the source that the sentence uses."""
    used = _stretch(sentence, source)
    return [word for word in used if word in w.NEGATION] == list(sentence.negations) and [
        word for word in used if word in w.MODAL
    ] == list(sentence.modals)


def _stretch(sentence: Features, source: Features) -> list[str]:
    words = {word for word in sentence.lower if word[0].isalnum() and word not in w.DETERMINER}
    lower = list(source.lower)
    places = [i for i, word in enumerate(lower) if word in words and word not in w.PREPOSITION]
    # A little to the left as well: "No suspects were found" must not become "Suspects were found".
    return lower[max(0, places[0] - 3) : places[-1] + 1] if places else []


def _years(features: Features) -> set[str]:
    return {token for token in features.tokens if len(token) == 4 and token.isdigit()}
