"""Exact facts of an article: figures of its title and lead, the month or year in its title, names, the wire's places.

Words that two reports share say that they are of one kind; facts that they don't share can say that they are not of
one event. Only what a text shows by itself is taken, so that all of it works in every language that has it: figures
where there are digits, names where there are capitals.
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
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
# Written out, because `\w` follows the Unicode version that Python was built with.
_SMALL, _CAPITAL = (
    "a-zß-öø-ÿāăąćčďđēęěğģīįıķļłńňņōőœřśşšţťūůűųźżžșțα-ωά-ώа-яёєіїґ",
    "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĞĪŁŃŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽȘȚΑ-ΩА-ЯЁЄІЇҐ",
)
_EXACT = 4
"""The bit of a figure that is exact: with a fraction, or a row of numbers. In facts of before it says nothing."""
# What may stand before is asked after the first digit: a pattern that begins with a set is searched fast.
_FIGURE = re.compile(f"[0-9](?<![{_SMALL}{_CAPITAL}0-9.,][0-9])[0-9]*(?:[.,][0-9]+)*")
"""Not what hangs on a letter: it is a name."""
_ROUNDED = re.compile(
    r"[ \u00a0\u202f-]?(?:(?:thousand|m|mn|bn|tn|tsd|mil|mille)\b|[mb]il[lj]|tril[lj]|mrd|mio|tausend|тыс|мил|млн|млрд"
    r"|трлн|[万萬亿億兆만억]|مليون|ملايين|مليار|ألف|آلاف)",
    re.IGNORECASE,
)
"""What makes a fraction a rounded number of many: 2.5 million are counted like 2,500,000."""
_SPACED = re.compile(r"[0-9](?<![0-9.,][0-9])[0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})+(?![0-9])")
ROW_MIN = 4
_ROW = re.compile(r"[0-9](?<![0-9.,][0-9])[0-9]?(?:(?:, ?|; ?|、| - | – )[0-9]{1,2}){3,}(?![0-9])")
"""ROW_MIN small numbers and more, such as a draw. Each run of ROW_MIN of them is one figure."""
# What has digits and counts nothing: a time of day, a day, a telephone number, a paragraph of a law, a model's name.
_NO_FIGURE = re.compile(
    r"(?<![0-9.,])(?:[01]?[0-9]|2[0-3])[.:h][0-5][0-9](?= ?(?:[ap]\.?m\b|uhr\b|час|h\b))"
    r"|(?<![0-9.,])(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])\.(?![0-9])"
    r"|(?<![0-9.,])(?:\+|00)[0-9][0-9 ()/-]{6,}|(?<![0-9.,])\(?0[0-9]{1,5}\)?[ /-][0-9][0-9 -]{3,}"
    r"|(?<![0-9.,])[0-9]{3,4}(?:-[0-9]{3,4})+(?![0-9])"
    r"|(?:§§?|\bart(?:icle|ikel|ículo|\.)|\bстать[яеию]|\bпараграф\w*) ?[0-9]+",
    re.IGNORECASE,
)
_MAY_BE_NO_FIGURE = re.compile("[0-9+(§AaСсᲃПп](?:(?<=[0-9])(?<![0-9.,][0-9])|(?<=[+(§])|(?<=[Aa])(?i:rt)|(?i:та|ар))")
"""Where one of these may begin: it is found much faster, and most of them aren't one."""
_DIGIT = re.compile("[0-9]")
_YEAR = re.compile(r"(?<![0-9.,])(?:19|20)[0-9]{2}(?![0-9.,]?[0-9])")
_NUMBERED_MONTH = re.compile(r"(?<![0-9])(1[0-2]|[1-9])(?=月|월)")
_LETTERS = re.compile(f"[{_SMALL}\u0621-\u064a]+")
_NAME = re.compile(f"[{_CAPITAL}](?<=[{_SMALL},] [{_CAPITAL}])[{_CAPITAL}{_SMALL}]{{2,}}")
"""A word with a capital that follows one; the first word of a sentence has a capital anyway."""
# January to December of each language, as titles write them; the commonest verb among them, `may`, is left out.
_MONTHS = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "en": "january february march april - june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru locative": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
    "ru nominative": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
}
_MONTH_OF: dict[str, dict[str, int]] = {}
for _case, _names in _MONTHS.items():
    _MONTH_OF.setdefault(_case[:2], {}).update((name, month) for month, name in enumerate(_names.split(), 1))
_POINT_IS_DECIMAL = frozenset(("ar", "en", "fa", "he", "hi", "ja", "ko", "th", "zh"))
"""Languages that write 1.5 and 1,500; the others write 1,5 and 1.500."""
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９．，", "012345678901234567890123456789.,")
_OTHER_DIGIT = re.compile("[٠-٩۰-۹０-９．，]")


def months_of(language: str) -> Mapping[str, int]:
    """The names of the months in a language (primary subtag), lower case; empty if they aren't known."""
    return _MONTH_OF.get(language, {})


def facts_of(
    title: str, text: str, places: Iterable[str] = (), language: str = "en", *, of_several: bool = False
) -> bytes:
    """The facts of an article, little-endian uint32 in ascending order; `text` is what stands below the title.

    `language` (primary subtag) says what its months are called and which mark begins a fraction. `of_several` adds
    that it tells of several things (SEVERAL).
    """
    language, lead = language.lower(), text[:LEAD_CHARS]
    if _OTHER_DIGIT.search(title) or _OTHER_DIGIT.search(lead):
        title, lead = title.translate(_DIGITS), lead.translate(_DIGITS)
    figures = list(dict.fromkeys(_figures(f"{title}\n{lead}", language)))[:KEPT_MAX]
    found = {_number(Kind.FIGURE, digits) & ~_EXACT | (exact and _EXACT) for digits, exact in figures}
    for kind, words in (
        (Kind.PERIOD, _periods(title, language)),
        (Kind.NAME, map(str.lower, _NAME.findall(text[:NAMES_CHARS]))),
        (Kind.PLACE, (unicodedata.normalize("NFKC", place).casefold() for place in places)),
    ):
        found.update(_number(kind, word) for word in list(dict.fromkeys(words))[:KEPT_MAX])
    if of_several:
        found.add(SEVERAL)
    return struct.pack(f"<{len(found)}I", *sorted(found))


class Facts:
    """The facts of a side's articles, by kind; told apart when first asked for."""

    __slots__ = ("_counts", "_exact", "_packed")

    def __init__(self, packed: Sequence[bytes]) -> None:
        self._packed = packed
        self._counts: list[dict[int, int]] | None = None
        self._exact: set[int] = set()

    def exact(self) -> Set[int]:
        """Those of `all(Kind.FIGURE)` that have a fraction or are a row of numbers."""
        self._by_kind()
        return self._exact

    def all(self, kind: Kind) -> Set[int]:
        """Those that any of the articles has."""
        return self._by_kind()[kind].keys()

    def usual(self, kind: Kind) -> Set[int]:
        """Those that at least half of the articles have."""
        return {fact for fact, count in self._by_kind()[kind].items() if count * 2 >= len(self._packed)}

    def of_several(self) -> bool:
        """Whether each of the articles tells of several things (see SEVERAL)."""
        return bool(self._packed) and all(
            _SEVERAL in one and SEVERAL in np.frombuffer(one, "<u4") for one in self._packed
        )

    def _by_kind(self) -> list[dict[int, int]]:
        if self._counts is None:
            self._counts = [{} for _ in Kind]
            for fact in np.frombuffer(b"".join(self._packed), "<u4").tolist():
                kind = fact & _MASK
                if kind == Kind.FIGURE and fact & _EXACT:
                    fact &= ~_EXACT
                    self._exact.add(fact)
                counts = self._counts[kind]
                counts[fact] = counts.get(fact, 0) + 1
        return self._counts


def _number(kind: Kind, word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) & ~_MASK | kind


SEVERAL = _number(Kind.PERIOD, "several")
"""Says of an article that it tells of several things that have nothing to do with each other, and is no period."""
_SEVERAL = struct.pack("<I", SEVERAL)


def _figures(text: str, language: str) -> Iterable[tuple[str, bool]]:
    """(digits, whether exact) of numbers of three digits and more, of those with a fraction, and of rows of numbers.

    Years, dates, times of day and what else counts nothing are left out. Points and commas are as well, so that a
    figure is the same in all languages.
    """
    if not _DIGIT.search(text):
        return
    text = _without_no_figures(text)
    if rows := _ROW.findall(text):
        text = _ROW.sub(" ", text)
    for row in rows:
        numbers = re.findall("[0-9]+", row)
        yield from (("-".join(numbers[at : at + ROW_MIN]), True) for at in range(len(numbers) - ROW_MIN + 1))
    text = _SPACED.sub(lambda match: re.sub(r"\s", "", match[0]), text)
    decimal, other = (".", ",") if language in _POINT_IS_DECIMAL else (",", ".")
    for found in _FIGURE.finditer(text):
        figure = found[0]
        whole, mark, fraction = figure.rpartition(decimal)
        exact = bool(mark) and _is_whole(whole, other)
        if exact:
            yield whole.replace(other, "") + fraction, not _ROUNDED.match(text, found.end())
        elif (_is_whole(figure, other) or _is_whole(figure, decimal)) and not _YEAR.fullmatch(figure):
            digits = re.sub("[.,]", "", figure)
            if len(digits) > 2:
                yield digits, False


def _without_no_figures(text: str) -> str:
    """The text with a space for each _NO_FIGURE."""
    kept, end = "", 0
    for may_be in _MAY_BE_NO_FIGURE.finditer(text):
        begin = may_be.start()
        if begin >= end and (found := _NO_FIGURE.match(text, begin)):
            kept += text[end:begin] + " "
            end = found.end()
    return kept + text[end:]


def _is_whole(figure: str, mark: str) -> bool:
    """Whether it is a whole number whose thousands, if parted, are parted by `mark`."""
    first, *groups = figure.split(mark)
    return first.isdecimal() and all(len(group) == 3 and group.isdecimal() for group in groups)


def _periods(title: str, language: str) -> Iterable[str]:
    if _DIGIT.search(title):
        yield from (f"year {year}" for year in _YEAR.findall(title))
        yield from (f"month {month}" for month in _NUMBERED_MONTH.findall(title))
    months = months_of(language)
    for word in _LETTERS.findall(title.lower()):
        if (month := months.get(word)) is not None:
            yield f"month {month}"
