"""What the matcher remembers of a record of `articles` beyond parts and commands: for the rebuild, which can't decide.

Stands between the two, because stages know nothing of rebuilding and rebuilding nothing of stages.
"""

from collections.abc import Callable

from .domain.placing import Space, decide
from .domain.ports import Hold
from .errors import Invalid
from .rebuild import Remembered
from .record import Record
from .stages.matcher.decode import Message, decode
from .stages.matcher.holding import pack


def article_rule(articles_partitions: int) -> Callable[[Record], Remembered | None]:
    """Record → the hold of an embargoed article, or the memory of a withdrawn one; None for all others."""

    def rule(record: Record) -> Remembered | None:
        try:
            message = decode(record, articles_partitions)
        except Invalid:
            return None
        if not isinstance(message, Message):
            return None
        arrival = message.arrival
        if message.release_ms is not None:
            hold = Hold(arrival.uri, message.release_ms, pack(record))
            return Remembered(arrival.space, arrival.uri, arrival.revision, hold=hold)
        if arrival.usable:
            return None
        unseen = decide(arrival, {}, Space(arrival.space, 1, {}, {})).assignments
        return Remembered(arrival.space, arrival.uri, arrival.revision, assignment=unseen[0]) if unseen else None

    return rule
