"""Hunts and searches that are over, by what a story's articles open with (English).

An appeal shares few words and no name with "A man has been arrested", by which `states` would tell that the one
overtakes the other. Here an article that opens with the arrest ends what another one on the same matter says of the
hunt, if that one knows of none.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from .features import Features
from .pool import Pool
from .reading import READ_MAX, Reading
from .vocabulary import HUNTING, LOOKS

OPENING_WORDS_MAX = 16
MATTER_STEMS_MIN = 2
"""Stems of the titles that the opening of either article has, for both to be on one matter."""

_HELD = frozenset(
    ("arrested", "arrests", "arrest", "captured", "charged", "detained", "custody", "caught", "convicted")
)
# Behind them stands what was before, or of somebody else: "whose brother was arrested".
_BEHIND = frozenset(("who", "which", "whose", "whom", "that", "if", "when", "before", "as", "while", "until", "unless"))
_NOT_HELD = frozenset(
    ("no", "not", "nobody", "yet", "without", "may", "could", "should", "to", "protesters", "protest")
)
_HUNTS = re.compile(
    r"\b(?:(?:at large|on the run|manhunt)\b"
    r"|(?:search|hunt|look)(?:ed|ing)? (?:is |was )?(?:under ?way |on )?for "
    r"(?:an?|the|his|her|those|whoever|two|three) (?:[\w'’-]+ ){0,3}?(?:(?:gun|wo)?m[ae]n|suspects?|attackers?|killers?"
    r"|driver|robbers?|thie(?:f|ves)|youths?|shooters?|assailants?|culprits?|person|people)\b"
    r"|to (?:identify|trace|catch|track down) (?:an?|the|his|her|those|whoever|who|in connection)\b"
    r"|(?:appeal(?:s|ed|ing)?|call(?:ed|ing)?|ask(?:ed|ing)?|urg(?:ed|ing)) (?:for|to|on|the|any|anyone) "
    r"(?:[\w'’-]+ ){0,6}?(?:witness(?:es)?|information|help|come forward|public)\b"
    r"|come forward\b|any(?:one|body) (?:with|who (?:has|had|may|might|saw|was|knows?))\b"
    r"|(?:inquir|enquir|investigation)\w* (?:[\w'’-]+ ){0,5}?(?:(?:is|was|are|were) (?:ongoing|continuing|under ?way))"
    r"|(?:cctv|footage|images?) (?:[\w'’-]+ ){0,3}?(?:is|are|was|were) (?:also )?being"
    r"|(?:examin|review|study|gather|trawl|check)(?:ed|ing) (?:[\w'’-]+ ){0,4}?(?:cctv|footage|images)"
    r"|no(?: one|body) (?:has|had) been (?:arrested|charged)\b)",
)  # fmt: skip
# How one looks whom nobody knows yet.
_LOOKS = re.compile(
    r"\b(?:describ(?:ed|es|e) (?:him|her|them|the \w+|as)|said to (?:have|be)|believed to (?:have|be)|wore|wearing)\b"
    r".*\b(?:hair(?:ed)?|clothing|clothes|jacket|hoodie|jeans|trousers|shirt|cap|build|tall|accent|beard|years old)\b",
)
_SOMEBODY = re.compile(r"\b(?:him|he|her|she|m[ae]n|wom[ae]n|suspects?|attackers?|gunm[ae]n|robbers?|thie(?:f|ves))\b")


class _Told(NamedTuple):
    """What an article tells of a hunt: whether it opens with the end, knows of it, and which sentences are of the hunt
    (ranks)."""

    ends: bool
    knows: bool
    hunts: tuple[int, ...]


def hunted_before(pool: Pool) -> set[tuple[int, int]]:
    """The keys of sentences of a hunt in articles that know nothing of its end, which the opening of another one tells.

    That one is no older, and says nothing itself of anybody who is still at large.
    """
    if not pool.english or len(pool.by_part) < 2:
        return set()
    told = dict(zip(pool.by_part, map(_told, pool.readings), strict=True))
    hunting = [n for n, each in told.items() if each.hunts and not each.knows]
    ends = [n for n, each in told.items() if each.ends and n not in pool.apart] if hunting else []
    return {
        pool.by_part[old][rank].key
        for old in hunting
        if any(pool.parts[new].at_ms >= pool.parts[old].at_ms and _same_matter(pool, old, new) for new in ends)
        for rank in told[old].hunts
    }


def _same_matter(pool: Pool, a: int, b: int) -> bool:
    return len(_opening_stems(pool, a) & _opening_stems(pool, b) & pool.title_stems) >= MATTER_STEMS_MIN


def _opening_stems(pool: Pool, n: int) -> frozenset[str]:
    group = pool.by_part[n]
    return pool.titles[n].stem_set | (group[0].features.stem_set if group else frozenset())


@lru_cache(maxsize=READ_MAX)
def _told(reading: Reading) -> _Told:
    hunts = tuple([rank for rank, each in enumerate(reading.features) if _is_of_hunt(each)])
    knows = any(not _HELD.isdisjoint(each.lower) for rank, each in enumerate(reading.features) if rank not in hunts)
    return _Told(not hunts and any(map(_tells_end, reading.features[:2])), knows, hunts)


def _is_of_hunt(features: Features) -> bool:
    # In small letters: patterns that take both are three times as slow.
    if features.held & HUNTING and _HUNTS.search(features.text.lower()):
        return True
    if not features.held & LOOKS:
        return False
    small = features.text.lower()
    return _LOOKS.search(small) is not None and _SOMEBODY.search(small) is not None


def _tells_end(features: Features) -> bool:
    """Whether a main clause says that somebody was arrested or charged."""
    for word in features.lower[:OPENING_WORDS_MAX]:
        if word in _BEHIND or word in _NOT_HELD:
            return False
        if word in _HELD:
            return True
    return False
