"""`storyline run ingest`: the doors that are open, in one process, until told to stop."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping

from ...errors import Fatal

logger = logging.getLogger("storyline.ingest")

Door = Callable[[asyncio.Event], Awaitable[None]]
"""Works until the event is set. Raises Fatal when a person must act."""

NO_DOOR = (
    "no door is open: set STORYLINE_INGEST_TOKEN (HTTP), STORYLINE_INGEST_FEEDS, STORYLINE_INGEST_FOLDER or"
    " STORYLINE_INGEST_TOPICS"
)


async def run_doors(doors: Mapping[str, Door]) -> None:
    """Every door until SIGTERM or SIGINT; one that fails ends all. Raises Fatal, and what a defect raises."""
    if not doors:
        raise Fatal(NO_DOOR)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    logger.info("open: %s", ", ".join(doors))
    tasks = [asyncio.create_task(_until_stopped(door, stop), name=name) for name, door in doors.items()]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        stop.set()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    logger.info("stopped")


async def _until_stopped(door: Door, stop: asyncio.Event) -> None:
    await door(stop)
