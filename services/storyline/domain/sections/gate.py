"""The gate: whether one sentence of a source says what a sentence of the page says. It stands alone.

Cosine similarity takes "12 people were not hurt" for "12 people were hurt"; this rule reads word by word: what is
said may leave out parts of its source, but bring nothing of its own, keep the order, and keep what the rest needs to
stay true: a claim's speaker, a limit, whose wife it was.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from . import words as w
from .features import TOKEN, Features, annotate, plain, quotations
from .leaving_out import keeps_holders, keeps_limits, keeps_roles
from .predicates import may_modify
from .spelling import as_written_by_all, letters_of, says_told
from .vocabulary import CONTENT, LETTERS, is_verb, table

# Small words that turn a statement round when they are changed: how many, when, which way, which of two.
_CRITICAL = frozenset(
    [
        "all",
        "some",
        "every",
        "each",
        "most",
        "more",
        "less",
        "least",
        "fewer",
        "few",
        "many",
        "several",
        "any",
        "both",
        "first",
        "last",
        "next",
        "previous",
        "before",
        "after",
        "until",
        "since",
        "during",
        "up",
        "down",
        "over",
        "under",
        "above",
        "below",
        "off",
        "out",
        "against",
        "only",
        "former",
        "current",
        "ex",
        "late",
        "north",
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "western",
        "upper",
        "lower",
        "higher",
        "largest",
        "smallest",
        "biggest",
        "best",
        "worst",
        "same",
        "other",
        "husband",
        "wife",
        "brother",
        "sister",
        "father",
        "mother",
        "son",
        "daughter",
    ]
)
# What must not be left out before a number.
_HEDGE = frozenset(
    ["nearly", "almost", "about", "around", "approximately", "roughly", "least", "most", "than", "to", "estimated"]
)

# Stems of words beside a number that are looked at with it: "roughly 40 per cent" says what "about 40%" does.
_CHECKED_BESIDE = frozenset(("rough", "approxim", "near", "cent", "percent"))


def supports(sentence: str, source_sentence: str, language: str) -> bool:
    """Whether `source_sentence` supports `sentence` (language: BCP 47, both sentences').

    English: every word but a few colourless ones is in the source in the same order, a verb in its form, a number with
    its noun; negation and modality of the stretch used are equal; and nothing is left out without which it says more
    than its source: who says so, a limit ("nearly"), what is of somebody (`leaving_out`). A word counts as the same in
    British and American spelling, a number in digits and in words, "says" and "told" as "said". Other languages: the
    same words, nothing left out.
    """
    primary = language.split("-", 1)[0].lower()
    if _same_words(sentence, source_sentence):
        return True
    if primary not in ("en", "und"):
        return False
    return _supports(annotate(sentence, "en"), annotate(source_sentence, "en"))


def is_deletion(sentence: str, source_sentence: str) -> bool:
    """Whether a sentence is its source with words left out and nothing added (letter case aside)."""
    return is_subsequence(_words(sentence), _words(source_sentence)) or letters_of(sentence) == letters_of(
        source_sentence
    )


def is_subsequence(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether `short` is left when items of `long` are taken out."""
    rest = iter(long)
    return all(item in rest for item in short)


def _words(text: str) -> list[str]:
    return [token.lower() for token in TOKEN.findall(plain(text)) if token[0].isalnum()]


def _same_words(a: str, b: str) -> bool:
    return a == b or letters_of(a) == letters_of(b)


def _supports(sentence: Features, source: Features) -> bool:
    if not sentence.stem_set - _CHECKED_BESIDE:
        return False
    if not _counted(sentence) <= _counted(source) or not _years(sentence) <= _years(source):
        return False
    sentence, source = _as_one_house(sentence, source)
    if not is_subsequence(_telling(sentence), _telling(source)):
        return False
    if not is_subsequence(_without_perfect(_hard(sentence, source), source), _hard(source, source)):
        return False
    used = _aligned(sentence.lower, source.lower)
    places = [at for _, at in used]
    return (
        bool(places)
        and _keeps_quotations(sentence, source)
        and _keeps_speaker(sentence, source, places)
        and _same_polarity(sentence, source, places)
        and _keeps_hedges(sentence, source, places)
        and _leaves_out_well(sentence, source, used)
        and (
            _keeps_subjects(source, places)
            or _keeps_subjects(source, [at for _, at in _leftmost(sentence.lower, source.lower)])
        )
    )


def _as_one_house(sentence: Features, source: Features) -> tuple[Features, Features]:
    """Both with their words in one spelling; what somebody told is said, unless the sentence says to whom."""
    mine, its = as_written_by_all(sentence.lower), as_written_by_all(source.lower)
    if "told" in its and "told" not in mine:
        its = says_told(its)
    return sentence._replace(lower=mine), source._replace(lower=its)


_COLOURLESS = frozenset(("a", "an", "the", "that", "has", "have", "mr", "mrs", "ms", "about", "around", "per"))
"""What a sentence may have where its source doesn't: what "has" turns round and what is before a number is looked at by
itself."""
_WHERE = {"at": "in", "on": "in"}
"""Small words that houses use for each other: "in Norrin", "at Norrin"."""


def _telling(features: Features) -> list[str]:
    """All its words in order but the colourless ones and those beside a number that say no more than it: the stems of
    content words, small words as they are."""
    words = table("en").read(" ".join(features.lower))
    told = [word.stem if word.flags & CONTENT else word.lower for word in words if word.flags & LETTERS]
    return [_WHERE.get(each, each) for each in told if each not in _CHECKED_BESIDE and each not in _COLOURLESS]


def _counted(features: Features) -> set[tuple[str, str]]:
    """The numbers with what they count; "%" and "per cent" are one thing."""
    hundredths = {"%"} | ({"cent"} if "per cent" in features.text.lower() else set())
    return {(value, "percent" if noun in hundredths else noun) for value, noun in features.numbers}


_BEFORE_NOUN = frozenset(("the", "a", "an", "his", "its", "their"))


def _hard(features: Features, source: Features) -> list[str]:
    """What may not be new or out of order: verbs, numbers, names, negations, modals and the small words that count.

    A name is any capitalised word but a function word, unless the source has it in lower case only (a heading's). What
    has the form of a verb behind an article is a noun ("the suspects"); the source's are all taken. Of a compound
    ("mid-July", "first-degree", "husband's") each piece counts.
    """
    names = {word for token, word in zip(source.tokens, source.lower, strict=True) if _is_capitalised(token)}
    return [
        word
        for token, word, before in zip(features.tokens, features.lower, ("", *features.lower), strict=False)
        if (_is_capitalised(token) and word not in w.STOP and (word in names or word not in source.lower))
        or word[0].isdigit()
        or word in w.NEGATION
        or word in w.MODAL
        or _is_counted_upon(word)
        or (is_verb(word) and (features is source or before not in _BEFORE_NOUN))
    ]


def _is_capitalised(token: str) -> bool:
    return token[0].isupper() or ("-" in token and any(piece[:1].isupper() for piece in token.split("-")))


_JOINT = re.compile("[-'’]")


def _is_counted_upon(word: str) -> bool:
    """Whether a word or a piece of it is a number or one of those that another can't stand for."""
    if word in w.NUMBER_WORD or word in _CRITICAL:
        return True
    if word.isalpha():
        return False  # most are: there is nothing to part
    pieces = _JOINT.split(word)
    return len(pieces) > 1 and any(w.is_number(piece) or piece in _CRITICAL for piece in pieces)


def _without_perfect(hard: Sequence[str], source: Features) -> list[str]:
    """The words without a "has" or "have" before a verb of the source: "has arrested" says what "arrested" does."""
    return [
        word
        for i, word in enumerate(hard)
        if not (
            word in ("has", "have")
            and word not in source.lower
            and i + 1 < len(hard)
            and hard[i + 1].endswith("ed")
            and hard[i + 1] in source.lower
        )
    ]


def _aligned(sentence: Sequence[str], source: Sequence[str]) -> list[tuple[int, int]]:
    """The places of the sentence's words that the source has, each with its place there: the last before the one after,
    so that what is said together stands as close together as it can."""
    pairs: list[tuple[int, int]] = []
    end = len(source)
    for i in range(len(sentence) - 1, -1, -1):
        word = sentence[i]
        if not word[0].isalnum():
            continue
        at = next((j for j in range(end - 1, -1, -1) if source[j] == word), -1)
        if at >= 0:
            pairs.append((i, at))
            end = at
    return pairs[::-1]


def _leaves_out_well(sentence: Features, source: Features, used: Sequence[tuple[int, int]]) -> bool:
    """Whether nothing was left out that what is used needs, see `leaving_out`, in one alignment or the other."""
    mine, its = sentence.lower, source.lower
    capital = frozenset(word for token, word in zip(source.tokens, its, strict=True) if _is_capitalised(token))
    return any(
        keeps_limits(mine, its, pairs) and keeps_roles(mine, its, capital, pairs) and keeps_holders(its, capital, pairs)
        for pairs in (used, _leftmost(mine, its))
    )


def _keeps_quotations(sentence: Features, source: Features) -> bool:
    """Whether what stands in quotation marks stands so in the source, with no word left out in between, and what the
    source quotes isn't said without them."""
    if not sentence.quote_words:
        words = _words(sentence.text) if source.quote_words else []
        return not any(is_subsequence(words, _words(quoted)) for quoted in quotations(source.text) if words)
    whole = _as_words(source.text)
    return all(_as_words(quoted) in whole for quoted in quotations(sentence.text) if _words(quoted))


def _as_words(text: str) -> str:
    return f" {' '.join(as_written_by_all(tuple(_words(text))))} "


_ADVERBS = frozenset(
    ("allegedly", "reportedly", "apparently", "possibly", "probably", "perhaps", "likely", "presumably", "supposedly")
)
_SAID = frozenset(
    ("said", "says", "told", "tells", "according", "claimed", "argued", "insisted", "reported", "announced", "stated")
)  # fmt: skip
_RELATIVE = frozenset(("who", "which", "whom", "that", "where", "as", "while", "when"))
_TAIL_WORDS = 8


def _keeps_speaker(sentence: Features, source: Features, places: Sequence[int]) -> bool:
    """Whether every claim that is used of the source stays with who makes it."""
    needed = Counter(word for i, word in enumerate(source.lower) if _attributes(source, i, places))
    return needed <= Counter(sentence.lower)


def _attributes(source: Features, i: int, places: Sequence[int]) -> bool:
    """Whether the word at `i` makes what is used of the source somebody's claim: it stands before something used
    ("police said …", "for allegedly selling …"), or it is the speech verb of a tail (", police said")."""
    lower, word = source.lower, source.lower[i]
    if word in _ADVERBS:
        follows = next((j for j in range(i + 1, len(lower)) if lower[j] not in w.STOP and lower[j][0].isalnum()), i + 1)
        return follows in places
    if word not in w.ATTRIBUTION and word not in _SAID:
        return False
    if places[0] < i < places[-1] or i < places[0]:
        return True
    before = lower[max(0, i - _TAIL_WORDS) : i]
    marks = [j for j, each in enumerate(before) if each in (",", "–", "—", "―")]
    if not marks:
        return False
    between = before[marks[-1] :]
    # "…, and the mayor said" opens a clause of its own; "…, the army and police said" names who says it.
    own_clause = between[1:2] and between[1] in ("and", "but")
    return word in _SAID and not own_clause and not any(later in _RELATIVE for later in between)


def _same_polarity(sentence: Features, source: Features, places: Sequence[int]) -> bool:
    """Equal negations and modals in the stretch of the source that the sentence uses."""
    # A little to the left as well: "No suspects were found" must not become "Suspects were found".
    lower, end = source.lower, places[-1] + 1
    while end < len(lower) and (lower[end] in sentence.lower or lower[end] in w.NEGATION or lower[end] in w.MODAL):
        end += 1
    used = lower[max(0, places[0] - 3) : end]
    return [word for word in used if word in w.NEGATION] == list(sentence.negations) and [
        word for word in used if word in w.MODAL
    ] == list(sentence.modals)


def _keeps_hedges(sentence: Features, source: Features, places: Sequence[int]) -> bool:
    """Whether "nearly", "at least" and the like stay before a number that is used."""
    said = set(pairwise(sentence.lower))
    lower = source.lower
    hedged = (i for i in places if i and w.is_number(lower[i]) and lower[i - 1] in _HEDGE)
    return all((lower[i - 1], lower[i]) in said for i in hedged)


_ASIDE_MARKS = frozenset((",", "-", "–", "—", "(", ")"))


def _leftmost(sentence: Sequence[str], source: Sequence[str]) -> list[tuple[int, int]]:
    """The other alignment: each word at its first place after the one before."""
    end, last = len(sentence) - 1, len(source) - 1
    return [(end - i, last - at) for i, at in reversed(_aligned(sentence[::-1], source[::-1]))]


def _keeps_subjects(source: Features, places: Sequence[int]) -> bool:
    """Whether each verb still follows what it followed: right before a verb only an aside between marks is left out,
    or a word or two that are neither nouns nor verbs. "He left, and the mayor was hurt" must not become "He was hurt".
    """
    lower = source.lower
    for before, at in pairwise(places):
        if at - before > 1 and is_verb(lower[at]):
            left_out = lower[before + 1 : at]
            # Marks alone aren't left out: “…,” said Brandt. But ", “come …" opens on a verb that has no subject before.
            if not any(word[0].isalnum() for word in left_out) and left_out[0] + left_out[-1] not in _OPENS_QUOTATION:
                continue
            if _is_verb_group(lower[before]) and _CLAUSE_WORDS.isdisjoint(left_out):
                continue
            if _is_first_of_two(left_out) and not may_modify(lower[at], (*lower[at + 1 : at + 2], "")[0]):
                continue
            aside = left_out[0] in _ASIDE_MARKS and left_out[-1] in _ASIDE_MARKS and len(left_out) > 1
            aside = aside and left_out[1] not in ("and", "but", "or", "while")
            if not aside and any(word in _CLAUSE_WORDS or is_verb(word) for word in left_out):
                return False
    return True


def _is_first_of_two(left_out: Sequence[str]) -> bool:
    """Whether what was left out before a verb is the first of two predicates: "Holm [met the board and] left"."""
    start = int(left_out[0].endswith("ly"))
    end = len(left_out) - (left_out[-1].endswith("ly") or left_out[-1] in _BETWEEN)
    first = left_out[start : end - 1]
    if not first or left_out[end - 1] != "and" or not is_verb(first[0]):
        return False
    carried = 1 + next((i for i, word in enumerate(first) if not _is_verb_group(word) and word != "been"), 0)
    return not any(word in _CLAUSE_WORDS or is_verb(word) for word in first[carried:])


_BETWEEN = frozenset(("then", "also", "later"))
_CLAUSE_WORDS = frozenset(
    ("and", "but", "while", "after", "because", "when", "as", "before", "who", "which", "that", "if", "where", ",", ";")
)


_OPENS_QUOTATION = frozenset((',"', ",“", ",‘"))


def _is_verb_group(word: str) -> bool:
    return word in w.AUXILIARY


def _years(features: Features) -> set[str]:
    return {token for token in features.tokens if len(token) == 4 and token.isdigit()}
