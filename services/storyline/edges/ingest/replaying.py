"""What once came over hours, sent again at its own pace, or faster."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from ...errors import Fatal
from .reading import Read, Refused
from .sending import Publishing

ARTICLES_MAX = 200_000
"""Most articles of one replay: all are held, since files seldom lie in the order of time."""
TOGETHER_SECONDS = 0.01
"""What is due within so little is sent together."""


def in_order(
    results: Iterable[Read | Refused], on_refused: Callable[[Refused], None]
) -> list[tuple[datetime | None, Read]]:
    """The articles by the time of their version; one without a time keeps its place after the one before it.

    Raises Fatal if there are more than ARTICLES_MAX.
    """
    found: list[tuple[datetime | None, Read]] = []
    last: datetime | None = None
    for result in results:
        if isinstance(result, Refused):
            on_refused(result)
            continue
        if len(found) >= ARTICLES_MAX:
            raise Fatal(f"more than {ARTICLES_MAX:,} articles to replay; give fewer files at a time")
        last = result.article.version_created or last
        found.append((last, result))
    first = min((at for at, _ in found if at is not None), default=None)
    return sorted(((at or first, read) for at, read in found), key=lambda pair: pair[0].timestamp() if pair[0] else 0.0)


async def replay(
    articles: list[tuple[datetime | None, Read]], publishing: Publishing, speed: float,
    *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:  # fmt: skip
    """Publish each article when it is due: as long after the first as it once was, divided by `speed`.

    Falls behind rather than leave one out. Raises Transient, Fatal.
    """
    if not articles:
        return
    begun = articles[0][0]
    started, rest = clock(), iter(articles)
    due = {id(read): _seconds(begun, at) / speed for at, read in articles}
    waiting = next(rest, None)
    while waiting is not None:
        behind = due[id(waiting[1])] - (clock() - started)
        if behind > 0:
            await sleep(behind)
        now = clock() - started + TOGETHER_SECONDS
        together = [waiting[1]]
        waiting = None
        for pair in rest:
            if due[id(pair[1])] > now:
                waiting = pair
                break
            together.append(pair[1])
        async for _ in publishing.publish(together, lambda refused: None):
            pass


def _seconds(begun: datetime | None, at: datetime | None) -> float:
    return (at - begun).total_seconds() if begun is not None and at is not None else 0.0
