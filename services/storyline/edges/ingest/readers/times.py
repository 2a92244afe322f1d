"""Times as wires write them.

ISO 8601 in its long and its basic form (NewsML 1.2 and NITF: ``CCYYMMDDTHHMMSS±HHMM``), RFC 2822 dates (e-mail, RSS),
and, for wires older than both, day, hour and month without a year. ISO 8601's 24:00 is the next day's midnight, a leap
second (RFC 3339, 5.7) the second after it, and a zone may be named (RFC 2822, 4.3, and what Europe's and Asia's wires
write), also behind an offset (RFC 9557: ``[Europe/Oslo]``).
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from .base import Unreadable

_ZONE_END = re.compile(r"(?:Z|[+-]\d{2}:?\d{2}|[T ]\d{2}\S*[+-]\d{2})$", re.I)
_TIME_OF_DAY = re.compile(r"[T ]\d{2}")
_ZONE_NAME = re.compile(r"(?<=[\d ])(?P<name>[A-Z]{1,4})$", re.I)
_ZONE_LABEL = re.compile(r"\[[^\[\]]*\]$")
_HALF_DAY = re.compile(r"\b(?P<hour>1[0-2]|0?[1-9])(?P<rest>:\d\d(?::\d\d)?) ?(?P<half>[ap])\.?m\b\.?", re.I)
_MIDNIGHT = re.compile(r"(?:(?<=T)24(?=:?00)|(?<= )24(?=:00))", re.I)
_LEAP_SECOND = re.compile(r"(?:(?<=:\d\d:)|(?<=T\d{4}))60(?!\d)", re.I)
# Absent, empty, or a template's placeholder such as YYYYMMDD000000-HHMM or 0000-00-00.
_NO_EMBARGO = re.compile(r"[YMDHSTZ0:+./ -]*|none|null|no|false|n/a", re.I)
# Hours before or after UTC. BST is Britain's: an embargo by Bangladesh's would end sooner.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "ast": -4, "adt": -3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_EVERYWHERE = timezone(timedelta(hours=-12))
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mrz mär", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), 1
    )
    for name in names.split()
}


def parse_time(text: object) -> datetime | None:
    """The moment in UTC, or None if the text is no time. A time without a zone is taken as UTC."""
    return _parse(text, zone=UTC) if isinstance(text, str) else None


def parse_version_time(text: str, field: str) -> datetime | None:
    """The moment a version was made, None if it isn't said. Raises Unreadable for anything else.

    Formats that also say when the first version was made: an unread time would put an update back to that one's.
    """
    moment = parse_time(text)
    if moment is None and text.strip():
        raise Unreadable(field, "is not a time that can be read; ISO 8601 with a zone is, as 2026-01-02T03:04:05Z")
    return moment


def _parse(text: str, *, zone: timezone) -> datetime | None:
    text = text.strip()
    if not text or len(text) > 64:
        return None
    text, later = _counted(_in_figures(text))
    moment = _iso8601(text) or _rfc2822(text)
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC) + later
    except OverflowError:
        return None


def _in_figures(text: str) -> str:
    """The time with its zone as an offset if it has a name, and its hour from 0 to 23 if it says a.m. or p.m."""
    text = _ZONE_LABEL.sub("", text).strip()
    if (found := _ZONE_NAME.search(text)) and (hours := _ZONES.get(found["name"].lower())) is not None:
        text = f"{text[: found.start()].rstrip()} {hours:+03}00"
    text = re.sub(r"\bSept\b", "Sep", text)
    return _HALF_DAY.sub(lambda half: f"{int(half[1]) % 12 + 12 * (half[3] in 'pP'):02}{half[2]}", text)


def _counted(text: str) -> tuple[str, timedelta]:
    """The time as Python can count it, and how much later it is: a day at 24:00, a second at a leap second."""
    text, midnights = _MIDNIGHT.subn("00", text)
    text, seconds = _LEAP_SECOND.subn("59", text)
    return text, timedelta(days=midnights, seconds=seconds)


def _iso8601(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(re.sub(r" (?=[+-]\d{2}:?\d{2}$)", "", text).upper())
    except ValueError:
        return None


def _rfc2822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def parse_embargo(text: object) -> datetime | None:
    """The moment an embargo ends, None if there is none.

    Without a zone it ends when that time has come everywhere on Earth (UTC-12); a day without an hour ends with the
    day: an embargo may be held too long, never broken. Raises Unreadable for anything else ("until further notice").
    """
    if not isinstance(text, str) or _NO_EMBARGO.fullmatch(text.strip()):
        return None
    text = text.strip()
    moment = _parse(text, zone=_EVERYWHERE)
    whole_day = not _TIME_OF_DAY.search(text) and not re.search(r"\d:\d\d", text)
    try:
        if moment is not None:
            return moment + timedelta(days=whole_day)
    except OverflowError:  # the calendar's last day, as those write it who mean never
        pass
    raise Unreadable("embargoed_until", "is not a time that can be read; the article is held back, not guessed at")


def has_zone(text: str) -> bool:
    """Whether a written time says its zone."""
    return bool(_ZONE_END.search(_in_figures(text.strip())))


def day_hour_month(text: str, received_at: datetime | None) -> datetime | None:
    """``131137 GMT Nov 13`` or ``091223 dec 18`` (day, hour, minute; month; year in two digits), UTC.

    IPTC 7901 §4: the filing time, day first. Without a year, the last such time before `received_at`.
    """
    found = re.search(r"\b(\d{2})(\d{2})(\d{2})\s*(?:GMT|UTC|Z)?\s+([A-Za-zäé]{3})[a-zé]*\.?\s*(\d{2,4})?", text)
    if not found:
        return None
    month = _MONTHS.get(found[4].lower())
    if month is None:
        return None
    day, hour, minute = int(found[1]), int(found[2]), int(found[3])
    if found[5]:
        year = int(found[5])
        return _moment(year + 2000 if year < 100 else year, month, day, hour, minute)
    return last_such_time(month, day, hour, minute, received_at)


def last_such_time(month: int, day: int, hour: int, minute: int, received_at: datetime | None) -> datetime | None:
    """The last month-day-hour-minute (UTC) no more than a day after `received_at`; None without an arrival time."""
    if received_at is None:
        return None
    for year in (received_at.year + 1, received_at.year, received_at.year - 1):
        moment = _moment(year, month, day, hour, minute)
        if moment is not None and moment <= received_at + timedelta(days=1):
            return moment
    return None


def _moment(year: int, month: int, day: int, hour: int, minute: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
