"""The stage: notes which stories wait, and asks about them beside the stream, so that no offset waits for a model."""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from storyline_schemas import PartitionCounts, Propose, Section
from storyline_schemas.base import to_ms
from storyline_schemas.commands import ProposedSentence
from storyline_schemas.topics import STORY_UPDATES

from ...domain.ports import Answer, LanguageModel, Question, StoryStore, WordingStore
from ...domain.refusals import UNCHANGED
from ...domain.sections import judge, worth_wording
from ...domain.sections.prose import Fault
from ...domain.story import StoryState, live_parts, state_of
from ...errors import Invalid, Transient
from ...observe.catalogue import FAST
from ...observe.histogram import Histogram
from ...record import Output, Record
from ..events import command_output
from .asking import question, sentences_of
from .bounds import Bounds, Breaker, Budget, tokens_guessed
from .decode import Offer, decode
from .waiting import Queue, Waiting

log = logging.getLogger("storyline.rewriter")
SOURCE = "/storyline/rewriter"
LOOK_SECONDS = 1.0
BUDGET_LOOK_SECONDS = 60.0


class _Later(Exception):
    """The rest of a story waits: `failed` says that it was its turn and the model failed."""

    def __init__(self, seconds: float, failed: bool) -> None:
        super().__init__()
        self.seconds, self.failed = seconds, failed


class Rewriter:
    """`Stage` for `story-updates`; the model is asked by tasks of its own, what they make goes out with the tick.

    `calls` counts the questions (answered, unusable, failed), `sections` what became of the sections, `sentences` what
    the gate said of each proposed one (grounded, refused), `tokens` those in and out; `call_seconds` is what one took.
    """

    name = "rewriter"
    reads = STORY_UPDATES.name
    transactional = False

    def __init__(
        self,
        store: WordingStore,
        stories: StoryStore,
        model: LanguageModel,
        bounds: Bounds | None = None,
        partitions: PartitionCounts | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.calls: Counter[str] = Counter()
        self.sections: Counter[str] = Counter()
        self.sentences: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.call_seconds = Histogram(FAST)
        self.bounds = bounds or Bounds()
        self.budget = Budget(store, self.bounds)
        self._store, self._stories, self._model = store, stories, model
        self._partitions = (partitions or PartitionCounts()).stories
        self._clock = clock
        self._breaker = Breaker(
            self.bounds.failures_max, self.bounds.pause_seconds, self.bounds.pause_seconds_max
        )  # fmt: skip
        self._queues: dict[int, Queue] = {}
        self._tasks: dict[asyncio.Task[None], int] = {}
        self._pump: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._defect: BaseException | None = None

    def decode(self, record: Record) -> Offer:
        return decode(record)

    @property
    def waiting_stories(self) -> int:
        return sum(len(queue.waiting) for queue in list(self._queues.values()))

    @property
    def calls_in_flight(self) -> int:
        return len(self._tasks)

    @property
    def pausing(self) -> bool:
        """The model fails, and is asked only now and then."""
        return self._breaker.open

    # ---- owning

    async def acquire(self, partition: int, has_committed: bool) -> Sequence[Output]:
        await self._stop(partition)
        queue = Queue()
        for story_id, value in (await self._store.waiting(partition)).items():
            queue.waiting[story_id] = Waiting.from_bytes(story_id, value)
        self._queues[partition] = queue
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._start_for_ever())
            self._pump.add_done_callback(self._ended)
        self._wake.set()
        return ()

    async def release(self, partition: int) -> None:
        await self._stop(partition)
        if not self._queues and self._pump is not None:
            self._pump.cancel()
            self._pump = None

    async def _stop(self, partition: int) -> None:
        self._queues.pop(partition, None)
        tasks = [task for task, its in self._tasks.items() if its == partition]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # ---- handling

    async def handle(self, partition: int, batch: Sequence[Offer]) -> Sequence[Output]:
        queue = self._queues[partition]
        due = time.monotonic() + self.bounds.settle_seconds
        changes: dict[str, bytes | None] = {
            offer.story_id: queue.offer(offer, due).to_bytes() for offer in batch if offer.sections
        }
        while len(queue.waiting) > self.bounds.waiting_max:
            story_id, dropped = queue.waiting.popitem(last=False)
            self.sections["dropped"] += len(dropped.sections)
            changes[story_id] = None
        await self._store.put(partition, changes)
        self._wake.set()
        return ()

    async def tick(self, partition: int, now_ms: int) -> Sequence[Output]:
        if self._defect is not None:
            raise self._defect
        queue = self._queues[partition]
        queue.handed = {story_id: len(outputs) for story_id, outputs in queue.ready.items()}
        outputs = [output for story_id in queue.handed for output in queue.ready[story_id]]
        if not outputs:
            await self.confirmed(partition, ())
        return outputs

    async def confirmed(self, partition: int, outputs: Sequence[Output]) -> None:
        queue = self._queues[partition]
        # A story of which a newer update waits stays in the store.
        done = {id: None for id in queue.handed if id not in queue.waiting and id not in queue.working}
        await self._store.put(partition, done)
        for story_id, count in queue.handed.items():
            left = queue.ready.pop(story_id)[count:]
            if left:
                queue.ready[story_id] = left
        queue.handed = {}

    # ---- asking, beside the stream

    async def _start_for_ever(self) -> None:
        while True:
            self._wake.clear()
            self._start_due()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_SECONDS)

    def _start_due(self) -> None:
        now = time.monotonic()
        for partition, queue in self._queues.items():
            while len(self._tasks) < self.bounds.calls_max and self._breaker.lets(now, len(self._tasks)):
                waiting = queue.due(now)
                if waiting is None:
                    break
                queue.working.add(waiting.story_id)
                task = asyncio.create_task(self._work(queue, waiting))
                self._tasks[task] = partition
                task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.pop(task, None)
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            self._defect = task.exception()  # the next tick ends the service with it

    async def _work(self, queue: Queue, waiting: Waiting) -> None:
        outputs: list[Output] = []
        left = list(waiting.sections)
        try:
            state = await self._load(waiting.story_id)
            while left and state is not None:
                outputs += await self._propose(state, left[0], waiting)
                left.pop(0)
        except _Later as later:
            self._put_off(queue, waiting, left, later)
        except Transient:  # Redis is away; the shell says so
            self._put_off(queue, waiting, left, _Later(LOOK_SECONDS, failed=False))
        finally:
            queue.working.discard(waiting.story_id)
        queue.ready[waiting.story_id] = queue.ready.get(waiting.story_id, []) + outputs

    def _put_off(self, queue: Queue, waiting: Waiting, left: list[str], later: _Later) -> None:
        tries = waiting.tries + later.failed
        if tries >= self.bounds.tries_max:
            self.sections["given up"] += len(left)
            return
        due = time.monotonic() + later.seconds
        queue.back(replace(waiting, sections=tuple(left), due=due, tries=tries))

    async def _load(self, story_id: str) -> StoryState | None:
        stored = (await self._stories.load([story_id])).get(story_id)
        return state_of(stored) if stored is not None else None

    async def _propose(self, state: StoryState, section_id: str, waiting: Waiting) -> list[Output]:
        page = state.page
        section = next((each for each in page.sections if each.id == section_id), None) if page else None
        shown = next((each for each in state.story.sections if each.id == section_id), None)
        if section is None or shown is None or not worth_wording(shown, state.story.language):
            self.sections["skipped"] += 1
            return []
        worded = await self._worded(state, section)
        if worded is None:
            return []
        self.sections["proposed"] += 1
        command = Propose(
            story_id=state.story.id, space=state.story.space, at_ms=to_ms(state.story.updated_at), cause=waiting.cause,
            section_id=section.id, section_hash=shown.hash,
            sentences=tuple(ProposedSentence(text=s.text, citations=s.citations) for s in worded.sentences),
        )  # fmt: skip
        return [command_output(command, SOURCE, self._partitions, waiting.carried)]

    async def _worded(self, state: StoryState, section: Section) -> Section | None:
        """The section in the model's words, if they pass within the tries. Raises _Later, Transient."""
        sources = {part.n: part for part in live_parts(state.parts.values()) if part.n is not None}
        texts: list[str] = []
        faults: tuple[Fault, ...] = ()
        for _ in range(self.bounds.tries_max):
            asked = question(section, texts, faults, self.bounds.tokens_out_max)
            if tokens_guessed(asked) > self.bounds.tokens_in_max:
                self.sections["too long"] += 1
                return None
            answer = await self._ask(asked)
            try:
                texts = sentences_of(answer.content)
            except Invalid as wrong:
                self.calls["unusable"] += 1
                texts, faults = [], (Fault(str(wrong)),)
                continue
            self.calls["answered"] += 1
            judged = judge(section, texts, sources, state.story.language)
            self._count(texts, judged.faults)
            if judged.section is not None:
                return judged.section
            faults = judged.faults
            if faults[0].reason == UNCHANGED:
                self.sections["unchanged"] += 1
                return None
        self.sections["refused"] += 1
        return None

    def _count(self, texts: Sequence[str], faults: Sequence[Fault]) -> None:
        refused = sum(fault.sentence is not None for fault in faults)
        self.sentences["refused"] += refused
        self.sentences["grounded"] += len(texts) - refused

    async def _ask(self, asked: Question) -> Answer:
        if not await self.budget.reserve(asked, self._clock()):
            raise _Later(BUDGET_LOOK_SECONDS, failed=False)
        began = time.monotonic()
        try:
            answer = await self._model.ask(asked)
        except Transient as error:
            self.calls["failed"] += 1
            was_open = self._breaker.open
            self._breaker.failed(time.monotonic())
            if self._breaker.open and not was_open:
                log.warning("%s; it is left alone for a while, and pages stay as their sources put it", error)
            raise _Later(self.bounds.settle_seconds, failed=True) from None
        finally:
            self.call_seconds.observe(time.monotonic() - began)
        if self._breaker.open:
            log.warning("the model answers again")
        self._breaker.answered()
        tokens_in, tokens_out = await self.budget.settle(asked, answer, self._clock())
        self.tokens.update({"in": tokens_in, "out": tokens_out})
        return answer
