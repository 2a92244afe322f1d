"""How long a server asks to wait: the header Retry-After (RFC 9110, 10.2.3), a number of seconds or a date."""

import re
import time
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime


def retry_after_seconds(header: str | None, most: float, clock: Callable[[], float] = time.time) -> float | None:
    """Seconds from now, from 0 to `most`; None if there is no header, or it can't be read. `clock`: Unix time."""
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return most if len(text) > 9 else min(most, float(text))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    # A date that names no zone (-0000) is UTC, wherever we are.
    return min(most, max(0.0, moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - clock()))
