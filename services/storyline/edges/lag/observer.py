"""Looks at a cluster again and again, and remembers just enough of it to judge: windows, and the record times it read.

What is asked, in this order: topics and their leaders, groups and their coordinators, members, committed offsets, and
only then the logs' ends, so that a lag is never too small. Then the first unread records that aren't known yet.
"""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ...domain.lag.window import Log, LogWindow, Window
from ...infra.kafka.heads import Head, Heads
from ...infra.kafka.watching import END, START, KafkaWatcher, Member, Membership, Place, Topics
from .judging import Bounds, Seen, judge
from .view import GroupView, PartitionView, View

RETENTION_EVERY_SECONDS = 300.0
GROUPS_BETWEEN_PAUSES = 20
"""Judged at a time before others get the event loop: a page is then never kept waiting by a large cluster."""


@dataclass(slots=True)
class _Group:
    """What is remembered of a group."""

    windows: dict[Place, Window] = field(default_factory=dict)
    membership: object = None
    rebalances: int = 0
    view: GroupView | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What one look heard, before it is judged."""

    topics: Topics
    coordinators: Mapping[str, int]
    members: Mapping[str, Membership]
    committed: Mapping[str, Mapping[Place, int]]
    committed_seconds: float
    ends: Mapping[Place, int]
    now_seconds: float


class Observer:
    """Use one for as long as you want to look; memory is bounded by the groups' partitions times the window."""

    def __init__(self, watcher: KafkaWatcher, bounds: Bounds, clock: Callable[[], float] = time.time) -> None:
        self._watcher, self._bounds, self._clock = watcher, bounds, clock
        self._heads = Heads(watcher)
        self._pattern = re.compile(bounds.groups)
        self._groups: dict[str, _Group] = {}
        self._logs: dict[Place, LogWindow] = {}
        self._known: dict[tuple[Place, int], Head] = {}
        self._retention: dict[str, float | None] = {}
        self._retention_at = 0.0
        self._looks = 0

    async def look(self) -> View:
        """One look. Raises Transient if the cluster doesn't answer; what one broker doesn't tell is noted."""
        began = self._clock()
        found = await self._ask()
        reads = await self._read_heads(found)
        self._looks += 1
        groups: dict[str, GroupView] = {}
        for number, name in enumerate(sorted(found.coordinators)):
            groups[name] = self._view_of(name, found)
            if number % GROUPS_BETWEEN_PAUSES == 0:
                await asyncio.sleep(0)
        self._forget(groups)
        ends: dict[str, dict[int, int]] = defaultdict(dict)
        for (topic, partition), end in sorted(found.ends.items()):
            ends[topic][partition] = end
        took = self._clock() - began
        return View(found.now_seconds, took, groups, dict(ends), self._looks, reads, self._problems(found))

    # ---- asking

    async def _ask(self) -> _Found:
        topics = await self._watcher.topics()
        coordinators = self._chosen(await self._watcher.groups(topics.brokers))
        members = await self._watcher.members(coordinators)
        asked = self._clock()
        committed = await self._watcher.committed(coordinators)
        places = {place for each in committed.values() for place in each}
        places |= {place for each in members.values() for member in each.members for place in member.places}
        leaders = {place: topics.leaders[place] for place in places if place in topics.leaders}
        ends = await self._look_at_logs(leaders)
        await self._read_retention({topic for topic, _ in places}, topics)
        return _Found(topics, coordinators, members, committed, asked, ends, self._clock())

    def _chosen(self, coordinators: Mapping[str, int]) -> dict[str, int]:
        wanted = sorted(group for group in coordinators if self._pattern.fullmatch(group))
        return {group: coordinators[group] for group in wanted[: self._bounds.groups_max]}

    async def _look_at_logs(self, leaders: Mapping[Place, int | None]) -> dict[Place, int]:
        asked = self._clock()
        starts = await self._watcher.offsets(leaders, START)
        ends = await self._watcher.offsets(leaders, END)
        answered = self._clock()
        for place, end in ends.items():
            log = self._logs.get(place)
            if log is None:
                log = self._logs[place] = LogWindow(self._bounds.window + 1)
            log.add(Log(asked, answered, starts.get(place, 0), end))
        return ends

    async def _read_retention(self, topics: set[str], found: Topics) -> None:
        now = self._clock()
        if now - self._retention_at > RETENTION_EVERY_SECONDS:
            self._retention, self._retention_at = {}, now
        missing = [topic for topic in topics if topic not in self._retention]
        if missing and found.brokers:
            told = await self._watcher.retention(missing, found.brokers)
            self._retention |= {topic: told.get(topic) for topic in missing}

    async def _read_heads(self, found: _Found) -> int:
        """Read the first unread record of each group and partition that has one, unless it is known already."""
        wanted: dict[Place, dict[int, int]] = defaultdict(dict)
        kept: dict[tuple[Place, int], Head] = {}
        for places in found.committed.values():
            for place, offset in places.items():
                end = found.ends.get(place)
                if end is None or offset >= end:
                    continue
                first = max(offset, self._logs[place].looks[-1].start)
                known = self._known.get((place, first))
                if known is not None:
                    kept[place, first] = known
                if known is None or (known.timestamp_ms is None and known.scanned < end):
                    wanted[place][first] = known.scanned if known is not None else first
        # Whoever was left out for want of reads comes first another time.
        ordered = sorted(wanted)
        turn = self._looks * 997 % max(1, len(ordered))
        rotated = {place: wanted[place] for place in ordered[turn:] + ordered[:turn]}
        read = await self._heads.find(rotated, found.topics.leaders, self._bounds.reads_max)
        self._known = kept | read
        return len(read)

    # ---- judging

    def _view_of(self, name: str, found: _Found) -> GroupView:
        group = self._groups.setdefault(name, _Group())
        committed = found.committed.get(name)
        membership = found.members.get(name)
        if committed is None or membership is None:
            # Deleted between two of our questions, or its coordinator is away or moving: the next look tells.
            view = group.view or GroupView(name, coordinator=found.coordinators[name])
            view.note = "its coordinator does not answer for it just now; figures are of the last look, if any"
            return view
        owners = {place: member for member in membership.members for place in member.places}
        self._count_rebalance(group, membership)
        view = GroupView(name, membership.state, found.coordinators[name], len(membership.members), group.rebalances)
        group.windows = {place: window for place, window in group.windows.items() if place in committed}
        view.partitions = [
            self._partition(group, place, committed.get(place), owners.get(place), found)
            for place in sorted(committed.keys() | owners.keys())
        ]
        view.sum_up()
        if not committed:
            view.note = "has committed nothing" + ("" if owners else ", and reads nothing just now")
        group.view = view
        return view

    def _count_rebalance(self, group: _Group, membership: Membership) -> None:
        now = (membership.epoch, frozenset((member.id, member.places) for member in membership.members))
        if group.membership is not None and group.membership != now:
            group.rebalances += 1
        group.membership = now

    def _partition(
        self, group: _Group, place: Place, committed: int | None, owner: Member | None, found: _Found
    ) -> PartitionView:
        view = PartitionView(place[0], place[1], committed)
        if owner is not None:
            view.member, view.client, view.host = owner.id, owner.client, owner.host
        log = self._logs.get(place) if place in found.ends else None
        if log is None:
            view.note = _why_no_log(place, found.topics)
            return view
        window = None
        if committed is not None:
            window = group.windows.get(place)
            if window is None:
                window = group.windows[place] = Window(self._bounds.window)
        head = self._known.get((place, max(committed or 0, log.looks[-1].start)))
        before = self._last_record(group, place, committed)
        seen = Seen(
            log, window, head, before, self._retention.get(place[0]), owner is not None, found.committed_seconds,
            found.now_seconds,
        )  # fmt: skip
        judge(view, seen, self._bounds)
        return view

    def _last_record(self, group: _Group, place: Place, committed: int | None) -> int | None:
        """The time of a record at or before the committed offset, as the last look knew it."""
        window = group.windows.get(place)
        if window is None or committed is None or not window.commits or committed < window.commits[-1].offset:
            return None
        return window.record_ms

    def _forget(self, groups: Mapping[str, GroupView]) -> None:
        """What belongs to groups and partitions that are no more."""
        self._groups = {name: group for name, group in self._groups.items() if name in groups}
        used = {(row.topic, row.partition) for view in groups.values() for row in view.partitions}
        self._logs = {place: log for place, log in self._logs.items() if place in used}

    def _problems(self, found: _Found) -> list[str]:
        silent = [name for name in found.coordinators if name not in found.committed]
        lines = [f"{len(silent)} groups were not answered for, among them {silent[0]}"] if silent else []
        if len(found.coordinators) >= self._bounds.groups_max:
            lines.append(f"only the first {self._bounds.groups_max} groups are looked at (STORYLINE_LAG_GROUPS_MAX)")
        return lines


def _why_no_log(place: Place, topics: Topics) -> str:
    topic, partition = place
    if place in topics.leaders:
        return "the partition has no leader" if topics.leaders[place] is None else "its leader does not answer"
    if any(known == topic for known, _ in topics.leaders):
        return f"the topic has no partition {partition} any more"
    return "the topic is gone"
