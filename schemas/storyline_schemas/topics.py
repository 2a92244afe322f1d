"""Every topic, declared once. Creation, checks, AsyncAPI and tests read this file and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .base import DAY_MS, HOUR_MS

RAW_BYTES_MAX = 16 * 1024 * 1024
"""Largest record of the raw zone: an article too large for the contract still reaches its dead letter."""
DEAD_LETTER_HEADER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's declaration.

    `story_keyed` topics share one partition count and partitioner: partition p of one belongs to partition p of
    the others. `transactional` topics are written inside the owner's transaction only.
    """

    name: str
    key: str
    about: str
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    public: bool = False
    story_keyed: bool = False
    transactional: bool = False
    config: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def compacted(self) -> bool:
        return self.config.get("cleanup.policy") == "compact"

    @property
    def bytes_max(self) -> int:
        return int(self.config["max.message.bytes"])

    def partitions(self, counts: "PartitionCounts") -> int:
        return counts.stories if self.story_keyed else counts.articles


@dataclass(frozen=True, slots=True)
class PartitionCounts:
    """How many partitions: `articles` for the topics keyed by space, `stories` for those keyed by story id."""

    articles: int = 4
    stories: int = 4


# Every record gets the broker's time: one clock for retention, compaction and what recovery takes for the last seconds.
# A service whose own clock is wrong would else be refused (an hour ahead) or have its records deleted at once (behind).
_STAMPED = {"message.timestamp.type": "LogAppendTime"}


def _kept(days: int, bytes_max: int) -> Mapping[str, str]:
    config = {"cleanup.policy": "delete", "retention.ms": str(days * DAY_MS), "max.message.bytes": str(bytes_max)}
    return MappingProxyType(config | _STAMPED)


def _compacted(bytes_max: int) -> Mapping[str, str]:
    # One hour, so that the text of a killed article really leaves the log.
    return MappingProxyType(
        {
            "cleanup.policy": "compact",
            "segment.ms": str(HOUR_MS),
            "max.compaction.lag.ms": str(HOUR_MS),
            "max.message.bytes": str(bytes_max),
            **_STAMPED,
        }
    )


ARTICLES = Topic(
    "articles",
    "space",
    "articles and requests, one ordered log a space (raw zone)",
    writers=("ingest", "anyone", "matcher"),  # the matcher forwards what lies on another partition than its space's
    readers=("matcher",),
    public=True,
    config=_kept(7, RAW_BYTES_MAX),
)
STORY_COMMANDS = Topic(
    "story-commands",
    "story id",
    "what a story is to do (internal, raw zone)",
    writers=("matcher", "updater", "rewriter"),
    readers=("updater",),
    story_keyed=True,
    config=_kept(7, RAW_BYTES_MAX),
)
STORY_UPDATES = Topic(
    "story-updates",
    "story id",
    "one event for each version of a story",
    writers=("updater",),
    readers=("anyone", "rewriter"),
    public=True,
    story_keyed=True,
    transactional=True,
    config=_kept(30, RAW_BYTES_MAX),
)
STORIES = Topic(
    "stories",
    "story id",
    "the public state of each story; a pointer after a merge",
    writers=("updater",),
    readers=("anyone",),
    public=True,
    story_keyed=True,
    transactional=True,
    config=_compacted(RAW_BYTES_MAX),
)
STORY_PARTS = Topic(
    "story-parts",
    "story id/article uri",
    "what each story keeps of each article; its own state under `story id/`",
    writers=("updater",),
    readers=("rebuild",),
    story_keyed=True,
    transactional=True,
    config=_compacted(RAW_BYTES_MAX),
)


def _dead_letters(origin: Topic, days: int, *writers: str) -> Topic:
    return Topic(
        f"{origin.name}.dlq",
        f"as in {origin.name}",
        f"records of {origin.name} that {' or '.join(writers)} could not use",
        writers=writers,
        readers=("dead-letters",),
        story_keyed=origin.story_keyed,
        config=_kept(days, RAW_BYTES_MAX + DEAD_LETTER_HEADER_BYTES),
    )


ARTICLES_DLQ = _dead_letters(ARTICLES, 7, "matcher")
STORY_COMMANDS_DLQ = _dead_letters(STORY_COMMANDS, 7, "updater")
STORY_UPDATES_DLQ = _dead_letters(STORY_UPDATES, 30, "notifier", "rewriter")

TOPICS: tuple[Topic, ...] = (
    ARTICLES, STORY_COMMANDS, STORY_UPDATES, STORIES, STORY_PARTS,
    ARTICLES_DLQ, STORY_COMMANDS_DLQ, STORY_UPDATES_DLQ,
)  # fmt: skip
BY_NAME: Mapping[str, Topic] = MappingProxyType({topic.name: topic for topic in TOPICS})


def dead_letter_topic(topic: str) -> Topic:
    """Where records of `topic` go that can't be used. Raises KeyError for a topic without one."""
    return BY_NAME[f"{topic}.dlq"]


def murmur2(data: bytes) -> int:
    """Kafka's default key hash (32-bit MurmurHash2 with Kafka's seed), unsigned.

    Source: `org.apache.kafka.common.utils.Utils.murmur2`.
    """
    mask, m = 0xFFFFFFFF, 0x5BD1E995
    h = (0x9747B28C ^ len(data)) & mask
    whole = len(data) & ~3
    for start in range(0, whole, 4):
        k = int.from_bytes(data[start : start + 4], "little") * m & mask
        k = (k ^ (k >> 24)) * m & mask
        h = (h * m & mask) ^ k
    if tail := data[whole:]:
        h = ((h ^ int.from_bytes(tail, "little")) * m) & mask
    h = (h ^ (h >> 13)) * m & mask
    return h ^ (h >> 15)


def partition_of(key: str, partitions: int) -> int:
    """The partition Kafka's Java client gives this key: the same for everyone who writes or reads it."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def part_key(story: str, article_uri: str = "") -> str:
    """Key on `story-parts`; without a uri, the story's own internal state. Placed by the story's partition."""
    return f"{story}/{article_uri}"
