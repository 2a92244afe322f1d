"""The notifier and its API in one process: they begin and end together."""

import asyncio
import logging

from .api import ApiServer
from .service import Notifier

log = logging.getLogger("storyline.notifier")


async def serve(notifier: Notifier, api: ApiServer | None) -> None:
    """Until it is told to leave. Raises what ended it otherwise."""
    if api is None:
        await notifier.run()
        return
    listening = asyncio.create_task(_listen(api, notifier))
    try:
        await notifier.run()
    finally:
        api.tell_to_leave()
        await asyncio.wait([listening])
    listening.result()


async def _listen(api: ApiServer, notifier: Notifier) -> None:
    log.info("notifier: API on %s", api.address)
    try:
        await api.run_until_told()
    finally:
        notifier.leave()
