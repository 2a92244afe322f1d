"""Exact facts of an article: figures of its title and lead, the month or year in its title, names, the wire's places.

Words that two reports share say that they are of one kind; facts that they don't share can say that they are not of
one event. Only what a text shows by itself is taken, so that all of it works in every language that has it: figures
where there are digits, names where there are capitals.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence, Set
from enum import IntEnum

import numpy as np

LEAD_CHARS, NAMES_CHARS = 400, 800
KEPT_MAX = 12
"""Facts of one kind kept of an article, 4 bytes each, the first ones."""


class Kind(IntEnum):
    """What a fact is; its lowest two bits."""

    FIGURE = 0
    PERIOD = 1
    NAME = 2
    PLACE = 3


_MASK = 3
_FIGURE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_YEAR = re.compile(r"(?<![0-9.,])(?:19|20)[0-9]{2}(?![0-9.,]?[0-9])")
_NUMBERED_MONTH = re.compile(r"(?<![0-9])(1[0-2]|[1-9])(?=月|월)")
# Written out, because `\w` follows the Unicode version that Python was built with.
_SMALL, _CAPITAL = (
    "a-zß-öø-ÿāăąćčďđēęěğģīįıķļłńňņōőœřśşšţťūůűųźżžșțα-ωά-ώа-яёєіїґ",
    "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĞĪŁŃŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽȘȚΑ-ΩА-ЯЁЄІЇҐ",
)
_LETTERS = re.compile(f"[{_SMALL}\u0621-\u064a]+")
_NAME = re.compile(f"[{_CAPITAL}](?<=[{_SMALL},] [{_CAPITAL}])[{_CAPITAL}{_SMALL}]{{2,}}")
"""A word with a capital that follows one; the first word of a sentence has a capital anyway."""
_MONTHS = (
    "january januar enero janvier gennaio janeiro januari января январе январь يناير",
    "february februar febrero février febbraio fevereiro februari февраля феврале февраль فبراير",
    "march märz marzo mars março maart марта марте март مارس",
    "april abril avril aprile апреля апреле апрель أبريل",
    "mai mayo maggio maio mei мая мае май مايو",  # not `may`, which is a verb as well
    "june juni junio juin giugno junho июня июне июнь يونيو",
    "july juli julio juillet luglio julho июля июле июль يوليو",
    "august agosto août augustus августа августе август أغسطس",
    "september septiembre septembre settembre setembro сентября сентябре сентябрь سبتمبر",
    "october oktober octubre octobre ottobre outubro октября октябре октябрь أكتوبر",
    "november noviembre novembre novembro ноября ноябре ноябрь نوفمبر",
    "december dezember diciembre décembre dicembre dezembro декабря декабре декабрь ديسمبر",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９．，", "012345678901234567890123456789.,")


def facts_of(title: str, text: str, places: Iterable[str] = ()) -> bytes:
    """The facts of an article, little-endian uint32 in ascending order; `text` is what stands below the title."""
    lead = text[:LEAD_CHARS]
    if not (title.isascii() and lead.isascii()):
        title, lead = title.translate(_DIGITS), lead.translate(_DIGITS)
    found: set[int] = set()
    for kind, words in (
        (Kind.FIGURE, _figures(f"{title}\n{lead}")),
        (Kind.PERIOD, _periods(title)),
        (Kind.NAME, map(str.lower, _NAME.findall(text[:NAMES_CHARS]))),
        (Kind.PLACE, (unicodedata.normalize("NFKC", place).casefold() for place in places)),
    ):
        found.update(_number(kind, word) for word in list(dict.fromkeys(words))[:KEPT_MAX])
    return np.array(sorted(found), "<u4").tobytes()


class Facts:
    """The facts of a side's articles, by kind; told apart when first asked for."""

    __slots__ = ("_counts", "_packed")

    def __init__(self, packed: Sequence[bytes]) -> None:
        self._packed = packed
        self._counts: list[dict[int, int]] | None = None

    def all(self, kind: Kind) -> Set[int]:
        """Those that any of the articles has."""
        return self._by_kind()[kind].keys()

    def usual(self, kind: Kind) -> Set[int]:
        """Those that at least half of the articles have."""
        return {fact for fact, count in self._by_kind()[kind].items() if count * 2 >= len(self._packed)}

    def _by_kind(self) -> list[dict[int, int]]:
        if self._counts is None:
            self._counts = [{} for _ in Kind]
            for fact in np.frombuffer(b"".join(self._packed), "<u4").tolist():
                counts = self._counts[fact & _MASK]
                counts[fact] = counts.get(fact, 0) + 1
        return self._counts


NO_FACTS = Facts(())


def _number(kind: Kind, word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) & ~_MASK | kind


def _figures(text: str) -> Iterable[str]:
    """Numbers that are exact: with a fraction, or of three digits and more; no years, no dates.

    Points and commas are left out: languages don't agree on which is which.
    """
    for figure in _FIGURE.findall(text):
        groups = re.split("[.,]", figure)
        is_date = len(groups) > 2 and any(len(group) != 3 for group in groups[1:])
        digits = "".join(groups)
        if not is_date and (len(groups) > 1 or len(digits) > 2) and not _YEAR.fullmatch(figure):
            yield digits


def _periods(title: str) -> Iterable[str]:
    yield from (f"year {year}" for year in _YEAR.findall(title))
    yield from (f"month {month}" for month in _NUMBERED_MONTH.findall(title))
    for word in _LETTERS.findall(title.lower()):
        if (month := _MONTH_OF.get(word)) is not None:
            yield f"month {month}"
