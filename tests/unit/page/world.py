"""A view that was fed with records, and the web application on it; no server of any kind."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import httpx

from storyline.edges.page.application import Limits, Pages, application
from storyline.edges.page.html import Address
from storyline.edges.page.reading import Library
from storyline.edges.page.streams import Streams
from storyline.edges.page.view import Bounds, View
from storyline.record import Record
from storyline_schemas import Story, StoryUpdate, partition_of
from storyline_schemas.topics import STORIES, STORY_UPDATES

PARTITIONS = 4


@dataclass
class Log:
    """Topics in memory: appends records, and is where older text is read from."""

    records: list[Record] = field(default_factory=list)
    states: dict[str, bytes] = field(default_factory=dict)

    def updated(self, update: StoryUpdate) -> tuple[Record, Record]:
        """The update's record and the story's, as the updater sends them."""
        story = update.story
        self.states[story.id] = story.to_json()
        return self._append(STORY_UPDATES.name, story, update.to_json()), self.state(story)

    def state(self, story: Story) -> Record:
        return self._append(STORIES.name, story, story.to_json())

    def removed(self, id: str) -> Record:
        return Record(STORIES.name, partition_of(id, PARTITIONS), 0, 0, id.encode(), None)

    def _append(self, topic: str, story: Story, value: bytes) -> Record:
        partition = partition_of(story.id, PARTITIONS)
        offset = sum(each.topic == topic and each.partition == partition for each in self.records)
        record = Record(topic, partition, offset, 0, story.id.encode(), value)
        self.records.append(record)
        return record

    async def story(self, id: str) -> bytes | None:
        return self.states.get(id)

    async def update(self, partition: int, offset: int) -> bytes | None:
        place = (STORY_UPDATES.name, partition, offset)
        return next((each.value for each in self.records if (each.topic, each.partition, each.offset) == place), None)


@dataclass
class Site:
    """The application with all that is behind it."""

    log: Log = field(default_factory=Log)
    bounds: Bounds = field(default_factory=Bounds)
    streams_max: int = 10
    pending_max: int = 5

    def __post_init__(self) -> None:
        self.view = View(self.bounds)
        self.view.begin(dict.fromkeys(range(PARTITIONS), 0))
        self.streams = Streams(self.streams_max, self.pending_max)
        limits = Limits(heartbeat_seconds=30.0, slow_seconds=5.0)
        self.pages = Pages(Library(self.view, self.log), self.streams, Address(), limits)
        self.pages.ready = True

    def feed(self, updates: Iterable[StoryUpdate]) -> None:
        """As the topics bring them, and everyone who listens is told."""
        for update in updates:
            for record in self.log.updated(update):
                happened = self.view.apply(record)
                if happened is not None:
                    self.pages.publish(happened)

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(application(self.pages), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://page.example")
