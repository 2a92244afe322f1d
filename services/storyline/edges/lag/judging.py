"""One partition of one group judged: offsets, window and record time in, figures and a verdict out. No I/O."""

from dataclasses import dataclass

from ...domain.lag.glance import glance
from ...domain.lag.measures import age, catch_up_seconds, in_words, loses, loss_seconds, rate_in, rate_out
from ...domain.lag.rules import Commit, evaluate
from ...domain.lag.status import Status
from ...domain.lag.window import Log, LogWindow, Window
from ...infra.kafka.heads import Head
from .view import PartitionView


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an operator may turn; see the settings of the same names."""

    groups: str = ".*"
    groups_max: int = 2_000
    window: int = 12
    patience_seconds: float = 30.0
    reads_max: int = 30_000
    loss_horizon_seconds: float = 86_400.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the partition at this look."""

    log: LogWindow
    window: Window | None
    """None: the group has never committed here."""
    head: Head | None
    """The first unread record, None if it wasn't read."""
    before_ms: int | None
    """The time of a record before that one, from an earlier look."""
    retention_seconds: float | None
    owned: bool
    committed_seconds: float
    now_seconds: float


def judge(view: PartitionView, seen: Seen, bounds: Bounds) -> None:
    """Fill in the figures and the verdict of `view`, which has its offset and owner."""
    log = seen.log.looks[-1]
    view.start, view.end = log.start, log.end
    view.rate_in = rate_in(seen.log.looks)
    if view.committed is None or seen.window is None:
        view.note = _never_committed(log)
        return
    view.lag = max(0, log.end - view.committed)
    view.lost = max(0, log.start - view.committed)
    _set_age(view, seen)
    left = max(0, log.end - max(view.committed, log.start)) if view.readable else 0
    seen.window.add(Commit(view.committed, seen.committed_seconds, left), owned=seen.owned)
    seen.window.record_ms = view.record_ms
    _set_rates(view, seen, left)
    view.status = _verdict(view, seen, left, bounds)
    view.complete = seen.window.complete
    view.commits = seen.window.commits
    _set_note(view, seen, bounds)


def _set_age(view: PartitionView, seen: Seen) -> None:
    log = seen.log.looks[-1]
    committed = view.committed or 0
    first = max(committed, log.start)
    if first >= log.end:
        view.seconds, view.readable = 0.0, False
        return
    if seen.head is not None and seen.head.timestamp_ms is None:
        if seen.head.scanned >= log.end:
            view.seconds, view.readable = 0.0, False
        return
    view.record_ms = seen.head.timestamp_ms if seen.head is not None else seen.before_ms
    view.at_most = seen.head is None
    if view.record_ms is None or view.record_ms < 0:
        return
    found = age(view.record_ms / 1000, seen.now_seconds, seen.log.waited(first, seen.now_seconds))
    view.seconds, view.doubted = found


def _set_rates(view: PartitionView, seen: Seen, left: int) -> None:
    assert seen.window is not None
    view.rate_out = rate_out(seen.window.commits, seen.committed_seconds)
    view.catch_up_seconds = catch_up_seconds(left, view.rate_in, view.rate_out)
    if left and not view.lost:
        retention = seen.retention_seconds
        view.loss_seconds = loss_seconds(view.committed or 0, view.seconds, seen.log.looks, retention)
    elif view.lost:
        view.loss_seconds = 0.0


def _verdict(view: PartitionView, seen: Seen, left: int, bounds: Bounds) -> Status:
    """Burrow's rules over a whole window, two looks until then; before that what Kafka itself would stumble over."""
    assert seen.window is not None
    if (view.committed or 0) > (view.end or 0) or view.lost:
        return Status.ERROR
    commits = seen.window.commits
    if seen.window.complete >= 1:
        return evaluate(commits, left, seen.log.ends, seen.now_seconds)
    if seen.window.looks < 2:
        return Status.OK
    now = Commit(view.committed or 0, seen.committed_seconds, left)
    return glance(commits[0], now, view.seconds, owned=seen.owned, patience_seconds=bounds.patience_seconds)


def _set_note(view: PartitionView, seen: Seen, bounds: Bounds) -> None:
    if (view.committed or 0) > (view.end or 0):
        view.note = f"committed {view.committed} is beyond the end {view.end}: the log was cut or made anew"
    elif view.lost:
        view.note = f"{view.lost} messages were deleted before the group read them"
    elif loses(view.loss_seconds, view.catch_up_seconds, bounds.loss_horizon_seconds):
        view.note = f"retention reaches the committed offset in {in_words(view.loss_seconds or 0.0)}"
    elif view.lag and not view.readable:
        view.note = f"the {view.lag} left are markers, aborted records or gaps; nothing is left to read"
    elif view.doubted:
        view.note = "record times can't be right (CreateTime); the age is what was seen"


def _never_committed(log: Log) -> str:
    left = log.end - log.start
    if not log.end:
        return "nothing was written there yet"
    return f"never committed; up to {left} messages wait" if left else "never committed; nothing is left to read"
