"""`storyline rebuild`: Redis made again from the topics, services stopped. Copying: nothing is decided anew."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeVar

from pydantic import ValidationError

from storyline_schemas import Part, StoryStatus, partition_of
from storyline_schemas import Story as PublicStory
from storyline_schemas.base import to_ms
from storyline_schemas.topics import ARTICLES, STORIES, STORY_COMMANDS, STORY_PARTS

from ..domain.placing import Life
from ..domain.placing.lives import Stage
from ..domain.placing.space import LIVE_MAX
from ..domain.ports import Assignment, SpaceChange, StoredStory
from ..errors import Fatal
from ..infra.kafka import KafkaAdmin, KafkaReader
from ..record import Record
from .decisions import DECISION, Remembered, SpaceDecisions, index_value
from .records import stories_in

T = TypeVar("T")

MATCHER_GROUP, UPDATER_GROUP = "storyline.matcher", "storyline.updater"
AT_ONCE = 200
"""Stories, assignments or index values written at once."""
REPORT_EVERY = 50_000

ArticleRule = Callable[[Record], Remembered | None]
"""What the matcher remembers of a record of `articles` (see `Remembered`); None: nothing, also for one it can't use."""


_STAGES: Mapping[StoryStatus, Stage] = {
    StoryStatus.OPEN: "open", StoryStatus.RETRACTED: "open", StoryStatus.DORMANT: "dormant",
    StoryStatus.CLOSED: "closed",
}  # fmt: skip


class Target(Protocol):
    """Where the state is put. Adapter: `infra/redis/rebuilding`."""

    async def begin(self) -> int:
        """Mark the state as unfinished, forget all of it; how many keys there were."""
        ...

    async def put_stories(self, stories: Mapping[str, StoredStory]) -> None: ...

    async def put_space(self, partition: int, space: str, changes: Iterator[SpaceChange]) -> None:
        """Make the space and apply the changes in order."""
        ...

    async def finish(self, matcher_partitions: int, updater_partitions: int) -> None:
        """Set every partition's marker; the state is whole."""
        ...


@dataclass(slots=True)
class Totals:
    """What a rebuild has put back. `incomplete` stories lack their state on `story-parts` and were left out."""

    stories: int = 0
    parts: int = 0
    spaces: int = 0
    assignments: int = 0
    live_stories: int = 0
    redirects: int = 0
    holds: int = 0
    incomplete: int = 0
    unreadable: int = 0
    """Records of `story-commands` or parts that are none; left out. The updater makes dead letters of the same."""
    forgotten_keys: int = 0
    """What was in Redis before and was deleted, to be made again."""
    seconds: float = 0.0


@dataclass(slots=True)
class _Run:
    reader: KafkaReader
    admin: KafkaAdmin
    target: Target
    progress: Callable[[str], None]
    totals: Totals = field(default_factory=Totals)
    spaces: dict[str, SpaceDecisions] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    """Stories that take no articles any more."""

    def space(self, name: str) -> SpaceDecisions:
        return self.spaces.setdefault(name, SpaceDecisions(name))


async def rebuild(
    reader: KafkaReader,
    admin: KafkaAdmin,
    target: Target,
    *,
    article_rule: ArticleRule,
    assignment_lifetime_ms: int,
    progress: Callable[[str], None],
    live_max: int = LIVE_MAX,
    encoder: str = "",
) -> Totals:
    """Make the whole state again; may be repeated any time. `progress` gets a line of text now and then.

    A space's index gets the `live_max` stories that grew last. What another encoder than `encoder` (its name) said
    articles are about is left out: they are found by their words until new ones join.

    Raises Fatal if matcher or updater are running, Transient if Kafka or Redis go away (run it again then).
    """
    began = time.monotonic()
    run = _Run(reader, admin, target, progress)
    await _refuse_if_running(admin)
    articles, stories = [len(await reader.partitions(topic)) for topic in (ARTICLES.name, STORIES.name)]
    run.totals.forgotten_keys = await target.begin()
    for partition in range(stories):
        await _copy_stories(run, partition)
        progress(f"stories: partition {partition + 1} of {stories}, {run.totals.stories:,} stories so far")
    await _read_commands(run)
    await _read_articles(run, article_rule)
    for decisions in run.spaces.values():
        decisions.let_go_directions(encoder)
        await _put_space(run, decisions, partition_of(decisions.space, articles), assignment_lifetime_ms, live_max)
    await target.finish(articles, stories)
    run.totals.seconds = time.monotonic() - began
    return run.totals


async def _refuse_if_running(admin: KafkaAdmin) -> None:
    for group in (MATCHER_GROUP, UPDATER_GROUP):
        if members := await admin.members(group):
            raise Fatal(
                f"{group} has {members} live member{'s' if members > 1 else ''}: stop the services first "
                "(one that was killed counts until its session ends, about 10 s)"
            )


# ---- stories


async def _copy_stories(run: _Run, partition: int) -> None:
    records = run.reader.read([(STORIES.name, partition), (STORY_PARTS.name, partition)])
    for chunk in _pieces((await stories_in(records)).items()):
        stored = {}
        for story_id, story in chunk:
            if story.public is None:
                continue  # its end of life
            if (whole := story.stored()) is None:
                run.totals.incomplete += 1
                run.progress(f"story {story_id} has no state on {STORY_PARTS.name}; left out")
            else:
                stored[story_id] = whole
                _note_story(run, story_id, whole, story.written_ms)
        await run.target.put_stories(stored)
        run.totals.stories += len(stored)


def _note_story(run: _Run, story_id: str, stored: StoredStory, written_ms: Mapping[str, int]) -> None:
    public = PublicStory.model_validate_json(stored.story)
    decisions = run.space(public.space)
    if public.redirect_to is not None:
        decisions.redirects[story_id] = public.redirect_to
    if public.status in (StoryStatus.CLOSED, StoryStatus.MERGED):
        run.closed.add(story_id)
    if (stage := _STAGES.get(public.status)) is not None:
        pinned = bool(json.loads(stored.head).get("pinned"))
        emptied_ms = max(written_ms.values(), default=0) if public.status is StoryStatus.RETRACTED else 0
        decisions.lives[story_id] = Life(stage, to_ms(public.updated_at), pinned, emptied_ms=emptied_ms)
    for uri, part in stored.parts.items():
        decisions.note_part(story_id, Part.model_validate_json(part), written_ms[uri])
    run.totals.parts += len(stored.parts)


# ---- what the matcher has decided and the updater not yet done


async def _read_commands(run: _Run) -> None:
    # What the updater has acknowledged is in the stories: its outputs were confirmed before.
    partitions = await run.reader.partitions(STORY_COMMANDS.name)
    begins = await _since_committed(run, UPDATER_GROUP, partitions)
    read = 0
    async for record in run.reader.read(begins):
        try:
            command = DECISION.validate_json(record.value or b"")
        except ValidationError:
            run.totals.unreadable += 1
            continue
        run.space(command.space).note_command(command, record.timestamp_ms)
        read += 1
        if read % REPORT_EVERY == 0:
            run.progress(f"{STORY_COMMANDS.name}: {read:,} commands not yet carried out")
    run.progress(f"{STORY_COMMANDS.name}: {read:,} commands not yet carried out")


async def _since_committed(run: _Run, group: str, partitions: Sequence[tuple[str, int]]) -> dict[tuple[str, int], int]:
    begins = await run.reader.begin_offsets(partitions)
    committed = await run.admin.committed(group)
    return {each: max(begin, committed.get(each, begin)) for each, begin in begins.items()}


async def _read_articles(run: _Run, article_rule: ArticleRule) -> None:
    """Embargoed articles and remembered cancellations, from what the matcher has acknowledged."""
    partitions = await run.reader.partitions(ARTICLES.name)
    committed = await run.admin.committed(MATCHER_GROUP)
    begins, ends = await run.reader.begin_offsets(partitions), await run.reader.end_offsets(partitions)
    until = {each: min(ends[each], committed.get(each, begins[each])) for each in partitions}
    read = 0
    async for record in run.reader.read(begins, until):
        if remembered := article_rule(record):
            run.space(remembered.space).note_remembered(remembered)
        read += 1
        if read % REPORT_EVERY == 0:
            run.progress(f"{ARTICLES.name}: {read:,} records read for embargoes")
    run.progress(f"{ARTICLES.name}: {read:,} records read for embargoes")


# ---- spaces


async def _put_space(run: _Run, decisions: SpaceDecisions, partition: int, lifetime_ms: int, live_max: int) -> None:
    # A story keeps in the index what it was made of, however long ago that was decided.
    members = {
        story: each
        for story, each in decisions.members().items()
        if story not in run.closed and not decisions.is_closed(story)
    }
    live = sorted(members, key=lambda story: members[story][-1].placement)[-live_max:]
    assignments = list(decisions.unexpired(lifetime_ms))
    changes = _changes(decisions, assignments, {story: members[story] for story in live})
    await run.target.put_space(partition, decisions.space, changes)
    totals = run.totals
    totals.spaces += 1
    totals.assignments += len(assignments)
    totals.live_stories += len(live)
    totals.redirects += len(decisions.redirects)
    totals.holds += len(decisions.holds)
    run.progress(f"space {decisions.space}: {len(assignments):,} articles, {len(live):,} live stories")


def _changes(
    decisions: SpaceDecisions, assignments: Sequence[Assignment], members: Mapping[str, Sequence[Assignment]]
) -> Iterator[SpaceChange]:
    """The space's state in pieces. Nothing is to be sent: what was decided is on the topics."""
    placement = decisions.next_placement
    yield SpaceChange(placement, redirects=decisions.redirects, pace=decisions.pace().to_bytes())
    for lives in _pieces(decisions.lives_now().items()):
        yield SpaceChange(placement, lives={story: life.to_bytes() for story, life in lives})
    for habits in _pieces(decisions.habits().items()):
        yield SpaceChange(placement, habits=dict(habits))
    for some in _pieces(assignments):
        yield SpaceChange(placement, assignments=some)
    for stories in _pieces(members):
        yield SpaceChange(placement, index={story: index_value(story, members[story]) for story in stories})
    for holds in _pieces(hold for _, hold in decisions.holds.values()):
        yield SpaceChange(placement, holds=holds)


def _pieces(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while piece := list(islice(rest, AT_ONCE)):
        yield piece
