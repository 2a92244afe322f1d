"""How long a server asks to wait."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from storyline.infra.retry_after import retry_after_seconds

NOW = datetime(2026, 10, 21, 7, 27, tzinfo=UTC).timestamp()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process runs in a zone that isn't UTC."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0), (" 120 ", 120.0), ("999999999", 3_600.0), ("9" * 400, 3_600.0), ("0", 0.0), ("-5", None),
        ("²", None), ("soon", None), ("", None), (None, None), ("1e400", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 60.0), ("Wed, 21 Oct 2026 09:28:00 +0200", 60.0),
        ("Wed, 21 Oct 2026 07:28:00 -0000", 60.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("elsewhere")
def test_it_is_bounded_and_the_same_wherever_we_are_and_nonsense_is_passed_over(
    said: str | None, seconds: float | None
) -> None:
    assert retry_after_seconds(said, 3_600.0, lambda: NOW) == seconds
