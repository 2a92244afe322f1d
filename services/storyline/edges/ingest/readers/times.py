"""Times as wires write them.

ISO 8601 in its long and its basic form (NewsML 1.2 and NITF: ``CCYYMMDDTHHMMSS±HHMM``), RFC 2822 dates (e-mail, RSS),
and, for wires older than both, day, hour and month without a year.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from .base import Unreadable

_ZONE_END = re.compile(r"(?:Z|[+-]\d{2}:?\d{2}|[+-]\d{2})$", re.I)
_TIME_OF_DAY = re.compile(r"[T ]\d{2}")
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


def _parse(text: str, *, zone: timezone) -> datetime | None:
    text = text.strip()
    if not text or len(text) > 64:
        return None
    moment: datetime | None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _rfc2822(text)
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return None


def _rfc2822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def parse_embargo(text: object) -> datetime | None:
    """The moment an embargo ends, None if there is none.

    Without a zone it ends when that time has come everywhere on Earth (UTC-12); a day without an hour ends with the
    day: an embargo may be held too long, never broken. Raises Unreadable for anything else that holds a digit.
    """
    if not isinstance(text, str) or not re.search(r"[1-9]", text):
        return None  # absent, empty, or a template's placeholder such as YYYYMMDD000000-HHMM
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
    return bool(_ZONE_END.search(text.strip()))


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
