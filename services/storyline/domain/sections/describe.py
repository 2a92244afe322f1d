"""How a source relates to those before it, and what it adds: decided once, when it arrives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from storyline_schemas import Part, Relation

from .features import TOKEN, Features, annotate
from .headings import clean_title
from .text import primary

COPY_SHARE, REWRITE_SHARE = 700, 300
"""Of the article's three-word shingles, in thousandths: from which it is a copy, from which a rewrite or update."""
SHINGLES_MIN = 8
EARLIER_MAX = 300
COMPARED_MAX = 8
TRANSLATION_MARKS_MIN, TRANSLATION_SHARE = 5, 500

_UPDATE_SLUG = re.compile(
    r"^(?:UPDATE \d+|\d(?:st|nd|rd|th) (?:Ld|LEAD)|CORRECTED|CORRECTION|REFILE|RECAST|WRAPUP)\b|writethru", re.I
)
_ADVANCE_SLUG = re.compile(r"^(?:ADVANCE|PREVIEW|ADVISORY|DIARY|CURTAIN-?RAISER)\b|\bpreview:", re.I)
_ADVANCE_TITLE = re.compile(r"\b(?:to (?!be sure|date\b)[a-z]+|will|set to|expected to|ahead of|next week|upcoming)\b")


@dataclass(frozen=True, slots=True)
class Standing:
    """A source's relation to the earlier ones, the number of the one it copies, and one sentence on what it adds."""

    relation: Relation
    copy_of: int | None
    adds: str


def describe(part: Part, earlier: Sequence[Part]) -> Standing:
    """Place an arriving article among the earlier ones (each with n; order doesn't matter).

    `adds` is a sentence of the article that says what the others don't (deletions only); for a copy a fixed label;
    without a usable sentence its headline. A pure function of its arguments, meant to be kept for good.
    """
    known = sorted((p for p in earlier if p.n is not None and not p.gone), key=lambda p: p.n or 0)[-EARLIER_MAX:]
    relation, of = _relation(part, known)
    if relation == "copy":
        return Standing(relation, of, f"Same text as [{of}].")
    if relation == "translation":
        return Standing(relation, of, f"Translation of [{of}].")
    return Standing(relation, None, _adds(part, known))


def _relation(part: Part, earlier: Sequence[Part]) -> tuple[Relation, int | None]:
    best, share, back = _closest(part, [p for p in earlier if primary(p.language) == primary(part.language)])
    if best is not None:
        same_house = (part.family or part.provider) == (best.family or best.provider)
        if share >= COPY_SHARE and not _new_numbers(part, best):
            return "copy", _root(best)
        if share >= REWRITE_SHARE or (same_house and back >= COPY_SHARE):
            return ("update" if same_house else "rewrite"), None
        if same_house and _UPDATE_SLUG.search(f"{part.headline}"):
            return "update", None
    original = _translated(part, [p for p in earlier if primary(p.language) != primary(part.language)])
    if original is not None:
        return "translation", _root(original)
    return ("advance" if _is_advance(part) else "original"), None


def _root(part: Part) -> int | None:
    """The number of the article whose text this one has."""
    return part.copy_of or part.n


def _closest(part: Part, earlier: Sequence[Part]) -> tuple[Part | None, int, int]:
    """The earlier article with most of this one's text; the share of this one's shingles, and of the other's."""
    best: tuple[Part | None, int, int] = (None, 0, 0)
    mine = _shingles(_texts(part), primary(part.language))
    for other in earlier:
        theirs = _shingles(_texts(other), primary(other.language))
        if len(mine) < SHINGLES_MIN or len(theirs) < SHINGLES_MIN:
            share = back = 1000 if _same_short(part, other) else 0
        else:
            common = len(mine & theirs)
            share, back = 1000 * common // len(mine), 1000 * common // len(theirs)
        if share > best[1] or (best[0] is None and (part.family or part.provider) == (other.family or other.provider)):
            best = (other, share, back)
    return best


def _texts(part: Part) -> tuple[str, ...]:
    return tuple(kept.text for kept in part.sentences)


@lru_cache(maxsize=2_000)
def _shingles(texts: tuple[str, ...], language: str) -> frozenset[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    for text in texts:
        content = annotate(text, language).content
        found.update(zip(content, content[1:], content[2:], strict=False))
    return frozenset(found)


def _same_short(a: Part, b: Part) -> bool:
    left, right = (" ".join(_texts(p)) or p.headline for p in (a, b))
    return _letters(left) == _letters(right) != ""


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _new_numbers(part: Part, other: Part) -> bool:
    """Whether the first sentences count something that the other article doesn't: a later version, not a copy."""
    language = primary(part.language)
    known = {number for text in _texts(other) for number in annotate(text, language).numbers}
    return any(number not in known for text in _texts(part)[:3] for number in annotate(text, language).numbers)


def _translated(part: Part, earlier: Sequence[Part]) -> Part | None:
    """The article of the same publisher in another language that has the same names and numbers, if there is one."""
    mine = _marks(_texts(part))
    best: tuple[int, Part] | None = None
    for other in earlier[-COMPARED_MAX:]:
        theirs = _marks(_texts(other))
        common = len(mine & theirs)
        same_house = (part.family or part.provider) == (other.family or other.provider)
        enough = common >= TRANSLATION_MARKS_MIN and 1000 * common >= TRANSLATION_SHARE * min(len(mine), len(theirs))
        if same_house and enough and (best is None or common > best[0]):
            best = (common, other)
    return best[1] if best else None


@lru_cache(maxsize=2_000)
def _marks(texts: tuple[str, ...]) -> frozenset[str]:
    """What survives translation: numbers, and words with a capital inside a sentence."""
    found: set[str] = set()
    for text in texts:
        tokens = TOKEN.findall(text)
        found.update(token for token in tokens if token[0].isdigit() and len(token) > 1)
        found.update(token for token in tokens[1:] if token[0].isupper() and len(token) > 2)
    return frozenset(found)


def _is_advance(part: Part) -> bool:
    if _ADVANCE_SLUG.search(part.headline) or _ADVANCE_SLUG.search(part.slugline or ""):
        return True
    if primary(part.language) != "en" or not part.sentences:
        return False
    lead = annotate(part.sentences[0].text, "en")
    return lead.future and _ADVANCE_TITLE.search(part.headline) is not None


def _adds(part: Part, earlier: Sequence[Part]) -> str:
    """The sentence with the best mix of early, new and short; the article's headline if none stands alone."""
    language = primary(part.language)
    compared = [p for p in earlier if primary(p.language) == language]
    compared = compared[: COMPARED_MAX // 4] + compared[COMPARED_MAX // 4 :][-COMPARED_MAX * 3 // 4 :]
    known = [annotate(text, language) for other in compared for text in _texts(other)]
    title = annotate(part.headline, language)
    best: tuple[int, str] | None = None
    for kept in part.sentences:
        read = annotate(kept.text, language)
        if not read.usable or read.dependence or read.bare_noun:
            continue
        repeated = max((_overlap(read, other) for other in known), default=0)
        # Early, new, and what its own headline is about: novelty alone picks asides.
        value = 7000 // (10 + 3 * kept.position) + 7 * (1000 - repeated) // 10 + _overlap(title, read) // 2
        value -= 20 * max(0, read.length - 26) + (150 if read.quote_words >= 12 else 0)
        if best is None or value > best[0]:
            best = (value, kept.text)
    return best[1] if best else clean_title(part.headline) or part.headline


def _overlap(a: Features, b: Features) -> int:
    least = min(len(a.stems), len(b.stems))
    return 1000 * len(a.stem_set & b.stem_set) // least if least else 0
