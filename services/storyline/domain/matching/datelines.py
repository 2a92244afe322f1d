"""The day of an article that gives no time of its own: its text begins with it, or its address names it."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from .facts import months_of

LINES_MAX, BEGINNING_CHARS = 3, 200
"""Where it stands: in one of the first lines, such as that below the author's name."""
ADDRESS_CHARS = 400
_IN_TOKENS = re.compile(" ?([:/.?=&_-]) ?")
"""Where an address is parted: some collections hold texts as tokens with spaces between."""
# What may come before: a place, an agency or a weekday and then a mark, the author's name, or that it was published,
# perhaps with an hour. "On June 4, 1989" tells of that day, and so may "the list published on June 4, 1989".
_PLACE = r"[^0-9\n]{0,40}[,:(–—|-] ?"
_AUTHOR = r"by (?:(?!the |an? |this |next |last |early |late |end |about )[^0-9\s]{1,20} ){2,4}(?:on )?"
_HOUR = r"(?:[0-9]{1,2}[.:h][0-9]{2}[^0-9\n]{0,25})?"
_PUBLISHED = (
    r"(?:(?:.*?\W)?(?=\w+ ?:))?(?:first |last )?(?:published|posted|updated|created|publicado|actualizado|publié"
    rf"|pubblicato|veröffentlicht|aktualisiert|stand|опубликовано|обновлено)(?!\w)[^0-9\n]{{0,25}}{_HOUR}"
)
_BEFORE = rf"(?:{_PLACE}|{_AUTHOR}|{_PUBLISHED})?"
_YEAR = "(?:19|20)[0-9]{2}"
_ORDINAL = r"(?:st|nd|rd|th|\.|º)?"
# Below the first line there is nothing else in its line but perhaps an hour.
_ALONE = r"(?=\W*(?:$|[0-9]{1,2}[.:h][0-9]{2}))"
_SHORT = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
"""As English wires write the months."""


def begun_ms(text: str, language: str) -> int | None:
    """Noon, UTC, of the day that the text begins with, in ms; None if it begins with none that has its year.

    A text that begins with its own address is of the day which that names.
    """
    if text[:4].lower() == "http":
        address = _IN_TOKENS.sub(r"\1", text[:ADDRESS_CHARS]).split(maxsplit=1)[0]
        if (named := named_ms(address)) is not None:
            return named
    for number, line in enumerate(text[:BEGINNING_CHARS].lower().splitlines()[:LINES_MAX]):
        if (found := _dateline(language, number > 0).match(line)) is not None:
            return _noon_ms(_parts(found), language)
    return None


def named_ms(url: str) -> int | None:
    """Noon, UTC, of the day that an address names as folders of its path or as eight digits, in ms; None if none.

    Sites of news keep what they publish by day: "/2026/03/05/port-closed", "/2026/mar/05/", "/20260305/".
    """
    try:
        path = urlsplit(url).path.lower()
    except ValueError:  # half a bracket
        return None
    if (found := _IN_ADDRESS.search(path)) is None:
        return None
    return _noon_ms(_parts(found), "en")


def _parts(found: "re.Match[str]") -> dict[str, str]:
    """year, month, day of the form that matched."""
    return {name[:-1]: part for name, part in found.groupdict().items() if part}


def _noon_ms(parts: dict[str, str], language: str) -> int | None:
    month = parts["month"]
    number = int(month) if month.isdecimal() else _months(language)[month]
    try:
        return int(datetime(int(parts["year"]), number, int(parts["day"]), 12, tzinfo=UTC).timestamp() * 1_000)
    except ValueError:  # no such day
        return None


_YEAR_OF_WEB = "(?:199[0-9]|20[0-9]{2})"
_IN_ADDRESS = re.compile(
    rf"/(?P<year1>{_YEAR_OF_WEB})[/-](?P<month1>[0-9]{{1,2}}|{'|'.join(_SHORT)})[/-](?P<day1>[0-9]{{1,2}})(?![0-9])"
    rf"|/(?P<year2>{_YEAR_OF_WEB})(?P<month2>[01][0-9])(?P<day2>[0-3][0-9])(?![0-9])"
)


@lru_cache(maxsize=64)
def _months(language: str) -> dict[str, int]:
    named = {**_SHORT, **months_of("en"), **months_of(language)}
    return {name: month for name, month in named.items() if name != "-"}


@lru_cache(maxsize=128)
def _dateline(language: str, alone: bool) -> "re.Pattern[str]":
    month = "|".join(sorted(_months(language), key=len, reverse=True))
    forms = (
        rf"(?P<day1>[0-9]{{1,2}}){_ORDINAL}[ -](?:de )?(?P<month1>{month})\.?(?: ?,)?[ -](?:del? )?(?P<year1>{_YEAR})",
        rf"(?P<month2>{month})\.? (?P<day2>[0-9]{{1,2}}){_ORDINAL}(?: ?,)? (?P<year2>{_YEAR})",
        rf"(?P<year3>{_YEAR})-(?P<month3>[0-9]{{2}})-(?P<day3>[0-9]{{2}})",
    )
    return re.compile(rf"{_BEFORE}(?:{'|'.join(forms)})(?![0-9]){_ALONE if alone else ''}")
