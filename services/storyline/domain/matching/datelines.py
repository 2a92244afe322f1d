"""The day that a text itself begins with: of an article that nothing else dates, it says when it was written."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from .facts import months_of

LINES_MAX, BEGINNING_CHARS = 3, 200
"""Where it stands: in one of the first lines, such as that below the author's name."""
# A place, an agency or a weekday may come before, and then a mark: "On June 4, 1989" tells of that day.
_BEFORE = r"(?:[^0-9\n]{0,40}[,:(–—-] ?)?"
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
    """Noon, UTC, of the day that the text begins with, in ms; None if it begins with none that has its year."""
    for number, line in enumerate(text[:BEGINNING_CHARS].lower().splitlines()[:LINES_MAX]):
        if (found := _dateline(language, number > 0).match(line)) is not None:
            return _noon_ms({name[:-1]: part for name, part in found.groupdict().items() if part}, language)
    return None


def _noon_ms(parts: dict[str, str], language: str) -> int | None:
    month = parts["month"]
    number = int(month) if month.isdecimal() else _months(language)[month]
    try:
        return int(datetime(int(parts["year"]), number, int(parts["day"]), 12, tzinfo=UTC).timestamp() * 1_000)
    except ValueError:  # no such day
        return None


@lru_cache(maxsize=64)
def _months(language: str) -> dict[str, int]:
    named = {**_SHORT, **months_of("en"), **months_of(language)}
    return {name: month for name, month in named.items() if name != "-"}


@lru_cache(maxsize=128)
def _dateline(language: str, alone: bool) -> "re.Pattern[str]":
    month = "|".join(sorted(_months(language), key=len, reverse=True))
    forms = (
        rf"(?P<day1>[0-9]{{1,2}}){_ORDINAL}[ -](?:de )?(?P<month1>{month})\.?,?[ -](?:del? )?(?P<year1>{_YEAR})",
        rf"(?P<month2>{month})\.? (?P<day2>[0-9]{{1,2}}){_ORDINAL},? (?P<year2>{_YEAR})",
        rf"(?P<year3>{_YEAR})-(?P<month3>[0-9]{{2}})-(?P<day3>[0-9]{{2}})",
    )
    return re.compile(rf"{_BEFORE}(?:{'|'.join(forms)})(?![0-9]){_ALONE if alone else ''}")
