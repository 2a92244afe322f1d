"""What the page service knows: a bounded view in memory of the topics `stories` and `story-updates`.

Every story has a row, the newest have their whole text too; where older text lies is for `reading.py`. Both topics may
be read in any order: of a story the highest version counts, from whichever topic it comes.
"""

from bisect import bisect_left, insort
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from storyline_schemas import Story, StoryStatus, StoryUpdate
from storyline_schemas.base import to_ms
from storyline_schemas.topics import STORIES

from ...record import Record
from .asking import Filters, Place
from .history import summary_rests_on
from .words import WordIndex, index_words

LEAD_CHARS_MAX = 400
HISTORY_MAX = 500
"""Versions of one story that are remembered; the newest."""
GONE_MAX = 10_000
RANGES_MAX = 20
"""Of numbers, for each version. A story's sources are all but counted through, so it is mostly one, however many."""


@dataclass(frozen=True, slots=True)
class Row:
    """A story at a glance. `level` is that of the last change, empty where it isn't known."""

    id: str
    version: int
    headline: str
    lead: str
    status: str
    language: str
    space: str
    article_count: int
    source_count: int
    independent_report_count: int
    updated_ms: int
    redirect_to: str | None
    live: frozenset[int]
    level: str = ""

    @property
    def place(self) -> Place:
        return self.updated_ms, self.id


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a story: what its update says, and where the update lies.

    `at_ms` is the time of its newest article or request, `published_ms` when the broker took the update in.
    `articles`: what it did (`added`, `revised`, `retracted`, …) with which source number.
    """

    number: int
    at_ms: int
    published_ms: int
    kind: str
    level: str
    reasons: tuple[str, ...]
    summary: str
    articles: tuple[tuple[str, int], ...]
    rests_on: tuple[range, ...]
    """The source numbers that the summary rests on (`history.summary_rests_on`), in at most RANGES_MAX ranges."""
    partition: int
    offset: int
    others: tuple[str, ...] = ()
    """Ids of the stories that a person merged, split or moved it with."""
    moved: bool = False
    """Whether a person moved articles here from another story, which stays one of its own."""

    def summary_shown(self, live: frozenset[int]) -> str:
        """The summary, unless it may quote an article that was withdrawn since; `live`: the sources there are."""
        return self.summary if all(live.issuperset(numbers) for numbers in self.rests_on) else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A story's text as JSON, and that of the version before it where that is known."""

    version: int
    story: bytes
    before: bytes | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """A new version as the stream of all stories tells it."""

    partition: int
    offset: int
    id: str
    version: int


@dataclass(slots=True)
class Bounds:
    """How much is held. Rows and versions by number, text by bytes."""

    stories: int = 100_000
    versions: int = 200_000
    text_bytes: int = 128 * 1024 * 1024
    happened: int = 10_000


@dataclass(slots=True)
class View:
    """Fed record by record with `apply`; everything else only looks."""

    bounds: Bounds = field(default_factory=Bounds)
    rows: dict[str, Row] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)
    """Primary language → listed stories."""
    revision: int = 0
    """Grows with each change of any row."""
    forgotten: int = 0
    """Rows that were dropped for the bound: their stories exist and aren't here."""
    positions: dict[int, int] = field(default_factory=dict)
    """Partition of `story-updates` → the offset that is read next."""
    _complete_from: dict[int, int] = field(default_factory=dict)
    _order: list[Place] = field(default_factory=list)
    _words: WordIndex = field(default_factory=WordIndex)
    _kept: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    _kept_bytes: int = 0
    _versions: OrderedDict[str, deque[Version]] = field(default_factory=OrderedDict)
    _versions_count: int = 0
    _happened: deque[Happened] = field(default_factory=deque)
    _gone: OrderedDict[str, None] = field(default_factory=OrderedDict)

    # ---- feeding

    def begin(self, offsets: dict[int, int]) -> None:
        """From where on each partition of `story-updates` is read."""
        self.positions = dict(offsets)
        self._complete_from = dict(offsets)

    def apply(self, record: Record) -> Happened | None:
        """Take a record in; what happened, if it is an update that wasn't known. Raises ValidationError."""
        if record.topic == STORIES.name:
            self._apply_state(record)
            return None
        return self._apply_update(record)

    def _apply_state(self, record: Record) -> None:
        if record.value is None:
            self._forget((record.key or b"").decode(errors="replace"), gone=True)
            return
        story = Story.model_validate_json(record.value)
        self._gone.pop(story.id, None)
        known = self.rows.get(story.id)
        if known is None or known.version < story.version:
            self._put(story, record.value, "")

    def _apply_update(self, record: Record) -> Happened | None:
        self.positions[record.partition] = record.offset + 1
        if record.value is None:
            return None
        update = StoryUpdate.model_validate_json(record.value)
        story, known = update.story, self.rows.get(update.story.id)
        if story.id in self._gone:
            return None  # its record on `stories` was deleted, which is its end, and was read before
        versions = self._versions.get(story.id)
        if versions and versions[-1].number >= story.version:
            return None
        if known is None or known.version < story.version:
            self._put(story, story.to_json(), update.significance.level)
        elif known.version == story.version:
            self._replace(known, replace(known, level=update.significance.level))
        self._remember(update, record)
        happened = Happened(record.partition, record.offset, story.id, story.version)
        self._happened.append(happened)
        if len(self._happened) > self.bounds.happened:
            oldest = self._happened.popleft()
            self._complete_from[oldest.partition] = oldest.offset + 1
        return happened

    def _put(self, story: Story, text: bytes, level: str) -> None:
        row = _row(story, level)
        self._replace(self.rows.get(story.id), row)
        if _listed(row):
            self._words.put(row.id, index_words(_searched(story)))
        else:
            self._words.remove(row.id)
        before = self._kept.get(story.id)
        is_next = before is not None and before.version == row.version - 1
        self._keep(story.id, Kept(row.version, text, before.story if before and is_next else None))
        while len(self.rows) > self.bounds.stories:
            self._forget(self._order[0][1], gone=False)

    def _replace(self, old: Row | None, new: Row | None) -> None:
        self.revision += 1
        if old is not None:
            del self.rows[old.id]
            del self._order[bisect_left(self._order, old.place)]
            if _listed(old):
                self.languages[_primary(old.language)] -= 1
        if new is not None:
            self.rows[new.id] = new
            insort(self._order, new.place)
            if _listed(new):
                self.languages[_primary(new.language)] += 1

    def _forget(self, id: str, gone: bool) -> None:
        self._replace(self.rows.get(id), None)
        self._words.remove(id)
        self._drop_text(id)
        self._versions_count -= len(self._versions.pop(id, ()))
        if not gone:
            self.forgotten += 1
            return
        self._gone[id] = None
        if len(self._gone) > GONE_MAX:
            self._gone.popitem(last=False)

    def _keep(self, id: str, kept: Kept) -> None:
        self._drop_text(id)
        self._kept[id] = kept
        self._kept_bytes += _size(kept)
        while self._kept_bytes > self.bounds.text_bytes and len(self._kept) > 1:
            self._drop_text(next(iter(self._kept)))

    def _drop_text(self, id: str) -> None:
        kept = self._kept.pop(id, None)
        if kept is not None:
            self._kept_bytes -= _size(kept)

    def _remember(self, update: StoryUpdate, record: Record) -> None:
        change, story = update.change, update.story
        versions = self._versions.setdefault(story.id, deque())
        versions.append(
            Version(
                story.version, to_ms(story.updated_at), published_ms(update, record), change.kind,
                update.significance.level, update.significance.reasons, change.summary,
                tuple((each.action, each.n) for each in change.articles), ranges_of(summary_rests_on(update)),
                record.partition, record.offset,
                tuple(dict.fromkeys(edit.story_id for edit in change.edits if edit.story_id)),
                change.kind == "merge" and {edit.action for edit in change.edits} in ({"split"}, {"move"}),
            )
        )  # fmt: skip
        self._versions.move_to_end(story.id)
        self._versions_count += 1
        if len(versions) > HISTORY_MAX:
            versions.popleft()
            self._versions_count -= 1
        while self._versions_count > self.bounds.versions and len(self._versions) > 1:
            _, dropped = self._versions.popitem(last=False)
            self._versions_count -= len(dropped)

    # ---- looking

    @property
    def text_bytes(self) -> int:
        """Text of stories that is held."""
        return self._kept_bytes

    @property
    def known_versions(self) -> int:
        """Versions whose place on the topic is known, of all stories together."""
        return self._versions_count

    @property
    def listed(self) -> int:
        """How many stories can be listed: all but merged ones."""
        return self.languages.total()

    @property
    def newest_ms(self) -> int:
        """The time of the newest change of any story; 0 if there is none."""
        return self._order[-1][0] if self._order else 0

    def is_gone(self, id: str) -> bool:
        """The story was there and its record was deleted."""
        return id in self._gone

    def kept(self, id: str) -> Kept | None:
        """The story's text, if it is still held."""
        kept = self._kept.get(id)
        if kept is not None:
            self._kept.move_to_end(id)
        return kept

    def versions(self, id: str) -> list[Version]:
        """The versions that are remembered, oldest first; without gaps, but they need not begin with the first."""
        return list(self._versions.get(id, ()))

    def version(self, id: str, number: int) -> Version | None:
        """One of them."""
        versions = self._versions.get(id)
        at = number - versions[0].number if versions else -1
        return versions[at] if versions and 0 <= at < len(versions) and versions[at].number == number else None

    def page(self, wanted: Filters, after: Place | None, limit: int) -> tuple[list[Row], Place | None]:
        """At most `limit` rows, newest change first, and where the list goes on if it does."""
        found: list[Row] = []
        for row in self._walk(wanted, after):
            if not _wanted(row, wanted):
                continue
            if len(found) == limit:
                return found, found[-1].place
            found.append(row)
        return found, None

    def _walk(self, wanted: Filters, after: Place | None) -> Iterator[Row]:
        """Rows in the list's order, from behind `after`: those with the words, or all."""
        if wanted.words:
            places = sorted((self.rows[id].place for id in self._words.find(wanted.words)), reverse=True)
            yield from (self.rows[id] for ms, id in places if after is None or (ms, id) < after)
            return
        end = len(self._order) if after is None else bisect_left(self._order, after)
        for at in range(end - 1, -1, -1):
            yield self.rows[self._order[at][1]]

    def since(self, positions: tuple[int, ...]) -> list[Happened] | None:
        """What happened since these positions (of partitions 0, 1, …); None if that isn't known any more."""
        if len(positions) != len(self.positions):
            return None
        for partition, position in enumerate(positions):
            if not self._complete_from.get(partition, 0) <= position <= self.positions.get(partition, 0):
                return None
        return [each for each in self._happened if each.offset >= positions[each.partition]]

    @property
    def position(self) -> tuple[int, ...]:
        """The positions just now, of partitions 0, 1, …"""
        return tuple(self.positions[partition] for partition in sorted(self.positions))


def ranges_of(numbers: Iterable[int]) -> tuple[range, ...]:
    """The numbers as ranges, ascending; where they'd be too many, one from the first to the last with all between.

    So a summary that rests on almost everything is rather hidden than shown.
    """
    found: list[range] = []
    for number in sorted(set(numbers)):
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return tuple(found) if len(found) <= RANGES_MAX else (range(found[0].start, found[-1].stop),)


def published_ms(update: StoryUpdate, record: Record) -> int:
    """When the broker took the update in, in ms; the update's own time where the record has none."""
    return record.timestamp_ms if record.timestamp_ms > 0 else to_ms(update.story.updated_at)


def _row(story: Story, level: str) -> Row:
    lead = story.sections[0].sentences[0].text if story.sections and story.sections[0].sentences else ""
    return Row(
        story.id, story.version, story.headline, _shortened(lead), story.status.value, story.language, story.space,
        story.article_count, story.source_count, story.independent_report_count, to_ms(story.updated_at),
        story.redirect_to, frozenset(source.n for source in story.sources), level,
    )  # fmt: skip


def _shortened(text: str) -> str:
    return text if len(text) <= LEAD_CHARS_MAX else text[: LEAD_CHARS_MAX - 1] + "…"


def _searched(story: Story) -> Iterator[str]:
    yield story.headline
    yield from (section.heading for section in story.sections)
    yield from (entity.name for entity in story.entities)
    for source in story.sources:
        yield source.headline
        yield source.provider
    yield from (sentence.text for section in story.sections for sentence in section.sentences)


def _primary(language: str) -> str:
    return language.partition("-")[0].casefold()


def _listed(row: Row) -> bool:
    return row.status != StoryStatus.MERGED and row.redirect_to is None


def _wanted(row: Row, wanted: Filters) -> bool:
    """A merged story is never listed, a withdrawn one only for who asks for withdrawn ones."""
    if not _listed(row):
        return False
    if wanted.status and row.status != wanted.status:
        return False
    if not wanted.status and row.status == StoryStatus.RETRACTED:
        return False
    if wanted.level and row.level != wanted.level:
        return False
    language = row.language.casefold()
    return not wanted.language or language == wanted.language or language.startswith(wanted.language + "-")


def _size(kept: Kept) -> int:
    return len(kept.story) + len(kept.before or b"")
