"""How a source relates to those before it: decided once, when it arrives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storyline_schemas import Part, Relation

from .adding import COMPARED_MAX, EARLIER_MAX
from .features import TOKEN
from .reading import Reading, read
from .spelling import letters_of
from .text import primary
from .vocabulary import is_verb
from .words import STOP

COPY_SHARE, REWRITE_SHARE = 700, 300
"""Of the article's three-word shingles, in thousandths: from which it is a copy, from which a rewrite or update."""
CREDITED_SHARE = 150
"""From which an article that credits an agency is a rewrite of another with that agency's text, in thousandths."""
SHINGLES_MIN = 8
TRANSLATION_MARKS_MIN, TRANSLATION_SHARE = 5, 500

_UPDATE_SLUG = re.compile(
    r"^(?:UPDATE \d+|\d(?:st|nd|rd|th) (?:Ld|LEAD)|CORRECTED|CORRECTION|REFILE|RECAST|WRAPUP)\b|writethru", re.I
)
_ADVANCE_SLUG = re.compile(r"^(?:ADVANCE|PREVIEW|ADVISORY|DIARY|CURTAIN-?RAISER)\b|\bpreview:", re.I)
_ADVANCE_TITLE = re.compile(r"\b(?:to (?!be sure|date\b)[a-z]+|will|set to|expected to|ahead of|next week|upcoming)\b")


@dataclass(frozen=True, slots=True)
class Standing:
    """A source's relation to the earlier ones, and the number of the one it copies."""

    relation: Relation
    copy_of: int | None


def describe(part: Part, earlier: Sequence[Part]) -> Standing:
    """Place an arriving article among the earlier ones (each with n; order doesn't matter).

    A pure function of its arguments, meant to be kept for good.
    """
    known = sorted((p for p in earlier if p.n is not None and not p.gone), key=lambda p: p.n or 0)[-EARLIER_MAX:]
    return Standing(*_relation(part, known))


def _relation(part: Part, earlier: Sequence[Part]) -> tuple[Relation, int | None]:
    language = primary(part.language)
    alike = [p.language == part.language or primary(p.language) == language for p in earlier]
    best, share, back = _closest(part, [p for p, same in zip(earlier, alike, strict=True) if same])
    if best is not None:
        same_house = (part.family or part.provider) == (best.family or best.provider)
        if share >= COPY_SHARE and not _new_numbers(part, best):
            return "copy", _root(best)
        if not same_house and share >= CREDITED_SHARE and set(part.agencies) & set(best.agencies):
            return "rewrite", _root(best)
        if share >= REWRITE_SHARE or (same_house and back >= COPY_SHARE):
            return ("update" if same_house else "rewrite"), None
        if same_house and _UPDATE_SLUG.search(f"{part.headline}"):
            return "update", None
    original = _translated(part, [p for p, same in zip(earlier, alike, strict=True) if not same])
    if original is not None:
        return "translation", _root(original)
    return ("advance" if _is_advance(part) else "original"), None


def _root(part: Part) -> int | None:
    """The number of the article whose text this one has."""
    return part.copy_of or part.n


def _closest(part: Part, earlier: Sequence[Part]) -> tuple[Part | None, int, int]:
    """The earlier article with most of this one's text; the share of this one's shingles, and of the other's."""
    best: tuple[Part | None, int, int] = (None, 0, 0)
    reading = read(part, primary(part.language))
    mine = reading.shingles
    if not _may_be_close(part, reading, earlier):
        return best
    for other in earlier:
        theirs = read(other, primary(other.language)).shingles
        if len(mine) < SHINGLES_MIN or len(theirs) < SHINGLES_MIN:
            share = back = 1000 if _same_short(part, other) else 0
        else:
            common = len(mine & theirs)
            share, back = 1000 * common // len(mine), 1000 * common // len(theirs)
        if share > best[1] or (best[0] is None and (part.family or part.provider) == (other.family or other.provider)):
            best = (other, share, back)
    return best


def _may_be_close(part: Part, reading: Reading, earlier: Sequence[Part]) -> bool:
    """A cheap look at hundreds of earlier articles (of the same language): whether any can have so much of this one's
    text, or this one of its, that it matters which has most. What the marks share bounds what the shingles can."""
    (mine, size, doubles), language = reading.shingle_mask, primary(part.language)
    if size < SHINGLES_MIN or _UPDATE_SLUG.search(part.headline):
        return True
    for other in earlier:
        its, count, its_doubles = read(other, language).shingle_mask
        if count < SHINGLES_MIN and _same_short(part, other):
            return True
        most = 1000 * ((mine & its).bit_count() + (doubles if doubles < its_doubles else its_doubles))
        if most >= CREDITED_SHARE * size or most >= COPY_SHARE * count:
            return True
    return False


def _texts(part: Part) -> tuple[str, ...]:
    return tuple(kept.text for kept in part.sentences)


def _same_short(a: Part, b: Part) -> bool:
    left, right = (" ".join(_texts(p)) or p.headline for p in (a, b))
    return letters_of(left) == letters_of(right) != ""


def _new_numbers(part: Part, other: Part) -> bool:
    """Whether the first sentences count something that the other article doesn't: a later version, not a copy."""
    language = primary(part.language)
    known = {number for features in read(other, language).features for number in features.numbers}
    return any(number not in known for features in read(part, language).features[:3] for number in features.numbers)


def _translated(part: Part, earlier: Sequence[Part]) -> Part | None:
    """The article in another language of the same publisher, or of an agency that both credit, that has the same names
    and numbers, if there is one."""
    if not earlier:
        return None
    mine = read(part, primary(part.language)).marks
    best: tuple[int, Part] | None = None
    for other in earlier[-COMPARED_MAX:]:
        theirs = read(other, primary(other.language)).marks
        common = len(mine & theirs)
        same_house = (part.family or part.provider) == (other.family or other.provider)
        same_text = same_house or bool(set(part.agencies) & set(other.agencies))
        enough = common >= TRANSLATION_MARKS_MIN and 1000 * common >= TRANSLATION_SHARE * min(len(mine), len(theirs))
        if same_text and enough and (best is None or common > best[0]):
            best = (common, other)
    return best[1] if best else None


def _is_advance(part: Part) -> bool:
    if _ADVANCE_SLUG.search(part.headline) or _ADVANCE_SLUG.search(part.slugline or ""):
        return True
    if primary(part.language) != "en" or not part.sentences:
        return False
    if not read(part, "en").features[0].future:
        return False
    ahead = _ADVANCE_TITLE.search(part.headline)
    # "Pier falls days before mayor is to open it" tells of what has happened.
    told = TOKEN.findall(part.headline[: ahead.start()].lower()) if ahead else []
    return ahead is not None and not any(is_verb(word) and word not in STOP for word in told)
