"""`storyline run NAME` whose stage does what a poisoned article asks for: `python -m tests.chaos.service NAME`.

An article with the uri `urn:chaos:STAGE:raise:…`, `:hang:` or `:die:` raises, never returns, or kills the process each
time that stage is given it to handle. Everything else is the service as it is.
"""

import os
import re
import signal
import sys
import time
from typing import Any

from storyline.cli import main
from storyline.stages.matcher.owned import OwnedSpace
from storyline.stages.updater import Updater

POISON = re.compile(r"urn:chaos:(matcher|updater):(raise|hang|die):")


def poison_uri(stage: str, what: str, name: str) -> str:
    """The uri of an article that does it to that stage."""
    return f"urn:chaos:{stage}:{what}:{name}"


def _behave(stage: str, uri: str) -> None:
    found = POISON.match(uri)
    if found is None or found[1] != stage:
        return
    if found[2] == "raise":
        raise ValueError("the article asked for it")
    if found[2] == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(1_000)


def _poisoned(kind: Any, stage: str, batch_of: Any, uri_of: Any) -> None:
    """Whatever way a batch comes to `kind.handle`: from the shell, in a tick, or when a partition is taken over."""
    handle = kind.handle

    async def handled(self: Any, *given: Any, **how: Any) -> Any:
        for message in batch_of(*given):
            _behave(stage, uri_of(message))
        return await handle(self, *given, **how)

    kind.handle = handled


def _uri_of_article(message: Any) -> str:
    arrival = getattr(message, "arrival", None)
    return arrival.uri if arrival is not None else ""


def _uri_of_command(received: Any) -> str:
    return getattr(received.command, "article_uri", "")


if __name__ == "__main__":
    _poisoned(OwnedSpace, "matcher", lambda messages, *_: messages, _uri_of_article)
    _poisoned(Updater, "updater", lambda partition, batch: batch, _uri_of_command)
    sys.argv[0] = "storyline"
    sys.argv.insert(1, "run")
    raise SystemExit(main())
