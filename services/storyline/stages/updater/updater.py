"""The stage: one version a story and batch, committed before it is sent."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from storyline_schemas import PartitionCounts, Propose, StoryStatus, StoryUpdate
from storyline_schemas.topics import STORY_COMMANDS

from ...domain.ports import Recovery, StoryChange, StoryPeek, StoryStore
from ...domain.story import Evolution, StoryState, evolve, may_come_first, state_of
from ...errors import Fenced, Invalid, StateLost, Transient
from ...logs import about
from ...observe.catalogue import FAST
from ...observe.histogram import Histogram
from ...observe.traceparent import HEADER, parse
from ...record import Headers, Output, Record
from ..events import first_carried
from .cache import PARTS_MAX, STORIES_MAX, Cache
from .decode import Received, decode
from .outputs import command_outputs, story_change

log = logging.getLogger("storyline.updater")


class Updater:
    """`Stage` for `story-commands`. Not safe for two calls at once on one partition; the shell holds a lock for each.

    `counts` counts what became of the commands, by outcome, refusals with their reason; `versions` the new versions by
    kind of change, `sections` what became of their sections (added, changed, removed, kept), `proposals` what became of
    proposed wordings, refusals by their reason; `evolve_seconds` is what
    computing one version took.
    """

    name = "updater"
    reads = STORY_COMMANDS.name
    transactional = True

    def __init__(
        self,
        store: StoryStore,
        recovery: Recovery | None = None,
        partitions: PartitionCounts | None = None,
        cached_stories_max: int = STORIES_MAX,
        cached_parts_max: int = PARTS_MAX,
    ) -> None:
        self.counts: dict[str, int] = {}
        self.versions: Counter[str] = Counter()
        self.sections: Counter[str] = Counter()
        self.proposals: Counter[str] = Counter()
        self.evolve_seconds = Histogram(FAST)
        self._store = store
        self._recovery = recovery
        self._partitions = (partitions or PartitionCounts()).stories
        self._cache = Cache(cached_stories_max, cached_parts_max)
        self._runs: dict[int, str] = {}
        """Partition → the run of the store's server that answered last."""
        self._unsent: dict[int, dict[str, int]] = {}
        """Partition → the stories whose outbox was handed out, with its version."""

    def decode(self, record: Record) -> Received:
        return decode(record, self._partitions)

    @property
    def cached_stories(self) -> int:
        """Stories held in memory."""
        return len(self._cache)

    @property
    def cached_articles(self) -> int:
        """Articles of those stories: it is they that take the memory."""
        return self._cache.parts

    # ---- owning

    async def acquire(self, partition: int, has_committed: bool) -> Sequence[Output]:
        # Unsent outputs need no search: the input that led to them is not acknowledged, and comes again.
        await self._store.claim(partition, has_committed)
        self._forget(partition)
        await self._check(partition)
        return ()

    async def release(self, partition: int) -> None:
        self._forget(partition)

    async def tick(self, partition: int, now_ms: int) -> Sequence[Output]:
        await self._check(partition)  # lost state is noticed also while nothing comes in
        return ()

    def _forget(self, partition: int) -> None:
        self._cache.drop_partition(partition)
        self._runs.pop(partition, None)
        self._unsent.pop(partition, None)

    async def _check(self, partition: int) -> None:
        """A server that was restarted or failed over may have lost its last second: put it back, forget the cache."""
        run = await self._store.check(partition)
        if run == self._runs.get(partition):
            return
        self._cache.drop_partition(partition)
        if self._recovery is not None:
            await self._recovery.restore_stories(partition)
        self._runs[partition] = run

    # ---- handling

    async def handle(self, partition: int, batch: Sequence[Received]) -> Sequence[Output]:
        await self._check(partition)
        stories = _by_story(batch)
        peeks = await self._store.peek(list(stories))
        states = await self._load(partition, peeks)
        untold = await self._untold(partition, stories, states)
        evolutions: dict[str, Evolution] = {}
        for id, its in stories.items():
            began = time.perf_counter()
            evolutions[id] = evolve(id, states.get(id), [each.command for each in its], id in untold)
            self.evolve_seconds.observe(time.perf_counter() - began)
            await asyncio.sleep(0)  # a batch takes up to seconds of computing; others may go in between
        _refuse_requests(evolutions.values(), stories.values())
        changes = {
            id: self._change(states.get(id), evolution, peeks[id].outbox, stories[id])
            for id, evolution in evolutions.items()
            if evolution.update is not None or evolution.expires
        }
        await self._commit(partition, evolutions, list(changes.values()))
        self._count(evolutions, stories)
        if log.isEnabledFor(logging.DEBUG):
            for id in changes:
                _say(evolutions[id].update, first_carried(each.carried for each in stories[id]))
        return self._outputs(partition, peeks, evolutions, changes, stories)

    async def _load(self, partition: int, peeks: Mapping[str, StoryPeek]) -> dict[str, StoryState]:
        """The stories that exist, from memory where it holds the version that the store has."""
        states, missing = {}, []
        for story_id, peek in peeks.items():
            cached = self._cache.get(story_id)
            if cached is not None and cached.story.version == peek.version:
                states[story_id] = cached
            elif cached is not None and 0 < peek.version < cached.story.version:
                raise Fenced(f"Redis has lost the last version of story {story_id}; joining again to repair from Kafka")
            elif peek.version:
                missing.append(story_id)
            elif cached is not None:
                raise StateLost(f"story {story_id} is missing in Redis: stop the services and run `storyline rebuild`")
        for story_id, stored in (await self._store.load(missing) if missing else {}).items():
            states[story_id] = state_of(stored)
            self._cache.put(partition, states[story_id])
        if missing and await self._store.check(partition) != self._runs[partition]:
            # What it lost may have been put back after it was read here, or not yet.
            raise Transient("Redis was started again, or another one has taken over, while stories were read")
        return states

    async def _untold(
        self, partition: int, stories: Mapping[str, Sequence[Received]], states: Mapping[str, StoryState]
    ) -> Collection[str]:
        """Stories that aren't there because what should have opened them is a dead letter.

        Not to be taken for lost state, which the topics would know: else one bad article would stop its partition for
        ever, and no rebuild could help. The story begins with what comes next, and takes in the article if it is sent
        again.
        """
        missing = [id for id, its in stories.items() if id not in states and _must_exist(its)]
        if not missing or self._recovery is None:
            return ()
        untold = await self._recovery.untold_stories(partition, missing)
        if untold:
            log.warning("partition %d: %d stories begin without the article that opened them", partition, len(untold))
        return untold

    def _change(
        self, before: StoryState | None, evolution: Evolution, unsent: Sequence[Output], its: Sequence[Received]
    ) -> StoryChange:
        carried = first_carried(each.carried for each in its)
        return story_change(before, evolution, unsent, carried, self._partitions)

    async def _commit(
        self, partition: int, evolutions: Mapping[str, Evolution], changes: Sequence[StoryChange]
    ) -> None:
        if not changes:
            return
        for change in changes:
            self._cache.drop(change.story_id)  # until it is known that the new version was written
        await self._store.commit(changes)
        for change in changes:
            evolution = evolutions[change.story_id]
            # One that rests, is closed or merged is hardly asked for soon: it leaves room to those that run.
            runs = evolution.state is not None and evolution.state.story.status is StoryStatus.OPEN
            if evolution.state is not None and runs and not evolution.expires:
                self._cache.put(partition, evolution.state)

    def _outputs(
        self,
        partition: int,
        peeks: Mapping[str, StoryPeek],
        evolutions: Mapping[str, Evolution],
        changes: Mapping[str, StoryChange],
        stories: Mapping[str, Sequence[Received]],
    ) -> list[Output]:
        outputs: list[Output] = []
        unsent = self._unsent.setdefault(partition, {})
        for story_id, evolution in evolutions.items():
            change = changes.get(story_id)
            outbox = change.outbox if change else peeks[story_id].outbox
            if outbox:
                unsent[story_id] = change.version if change else peeks[story_id].version
            outputs += outbox
            if change is None:
                carried = first_carried(each.carried for each in stories[story_id])
                outputs += command_outputs(evolution, carried, self._partitions)
        return outputs

    def _count(self, evolutions: Mapping[str, Evolution], stories: Mapping[str, Sequence[Received]]) -> None:
        for story_id, evolution in evolutions.items():
            for received, outcome in zip(stories[story_id], evolution.outcomes, strict=True):
                name = f"{outcome.kind}: {outcome.reason}" if outcome.reason else outcome.kind
                self.counts[name] = self.counts.get(name, 0) + 1
                if isinstance(received.command, Propose):
                    self.proposals[outcome.reason or outcome.kind] += 1
            if evolution.update is not None:
                self._count_version(evolution.update)

    def _count_version(self, update: StoryUpdate) -> None:
        sections = update.change.sections
        new = {"added": len(sections.added), "changed": len(sections.changed), "removed": len(sections.removed)}
        kept = len(update.story.sections) - new["added"] - new["changed"]
        self.versions[update.change.kind] += 1
        self.sections.update(new, kept=kept)

    async def confirmed(self, partition: int, outputs: Sequence[Output]) -> None:
        # Nothing sent confirms nothing: a refused request, taken alone, isn't the end of what the batch before it left.
        versions = self._unsent.get(partition) if outputs else None
        if versions:
            await self._store.clear_outbox(versions)
            self._unsent[partition] = {}


def _refuse_requests(evolutions: Iterable[Evolution], stories: Iterable[Sequence[Received]]) -> None:
    """A person hears why a request wasn't carried out: it becomes a dead letter. Raises Invalid for the first one."""
    for evolution, its in zip(evolutions, stories, strict=True):
        for outcome, received in zip(evolution.outcomes, its, strict=True):
            if outcome.kind == "refused" and getattr(received.command, "author", None) is not None:
                raise Invalid(outcome.field, outcome.reason)


def _say(update: StoryUpdate | None, carried: Headers) -> None:
    """A line for each new version: ids alone, no words of an article."""
    if update is None:
        return
    trace = parse(dict(carried).get(HEADER))
    first = next((article.uri for article in update.change.articles), None)
    known = about(
        stage="updater", story=update.story.id, version=update.story.version, article=first,
        trace_id=trace.trace_id if trace else None,
    )  # fmt: skip
    log.debug("story %s version %d: %s", update.story.id, update.story.version, update.change.kind, extra=known)


def _must_exist(its: Sequence[Received]) -> bool:
    first = next((each.command for each in its if not each.command.expired), None)
    return first is not None and not may_come_first(first)


def _by_story(batch: Sequence[Received]) -> dict[str, list[Received]]:
    grouped: dict[str, list[Received]] = {}
    for received in batch:
        grouped.setdefault(received.command.story_id, []).append(received)
    return grouped
