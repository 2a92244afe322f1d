"""Every bound of the shell. Seconds are seconds; nothing here is read from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from storyline_schemas import BY_NAME, TOPICS

TRANSACTIONAL = frozenset(topic.name for topic in TOPICS if topic.transactional)
STORY_KEYED = frozenset(topic.name for topic in TOPICS if topic.story_keyed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellSettings:
    """How one stage is run. Only `kafka` must be given."""

    kafka: str
    """Bootstrap servers, `host:port` with commas between."""
    kafka_security: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Passed on to every aiokafka client: `security_protocol`, `ssl_context`, `sasl_…`."""
    instance: str | None = None
    """Static membership (`group.instance.id`): a restart within the session keeps its partitions."""
    writes: frozenset[str] | None = None
    """Topics that must exist before it starts; None: those the topic file names for this stage."""
    transactional_topics: frozenset[str] = TRANSACTIONAL
    equal_topics: frozenset[str] = STORY_KEYED
    """Topics that must all have one partition count."""

    batch_max: int = 500
    within_seconds: float = 0.0
    """How long a batch waits for more: also the least latency. 0: what came meanwhile is a batch."""
    batch_bytes_max: int = 16_000_000
    """Of keys and values; one record more may be in it."""
    buffer_max: int = 500
    """Messages held between the consumer and the stage."""
    buffer_bytes_max: int = 32_000_000
    """Of their keys and values; one record more may be in it."""

    retry_seconds_min: float = 0.1
    retry_seconds_max: float = 10.0
    conflicts_max: int = 10
    tries_alone: int = 3
    kills_max: int = 5
    """A message that was begun this often and never finished is a dead letter."""
    hang_seconds: float = 120.0
    """A stage that doesn't return for so long is taken for hung, and the process ends."""
    acquire_seconds: float = 600.0
    """The same bound for loading a partition's state."""
    tick_seconds: float = 1.0
    leave_seconds: float = 1.0
    """After SIGTERM: how long a batch may still take to be finished."""
    stop_seconds: float = 5.0
    """After that: how long leaving the group and closing may take; then the process ends as it is."""
    rejoins_max: int = 10
    """How often the process may start itself again without having finished a batch in between."""

    commit_seconds: float = 0.5
    session_seconds: float = 10.0
    rebalance_seconds: float = 30.0
    request_seconds: float = 30.0
    transaction_seconds: float = 60.0
    connect_seconds: float = 10.0
    """How long the start waits for the broker before it gives up with one line."""
    record_bytes_max: int = 17 * 1024 * 1024

    @property
    def outside_seconds(self) -> float:
        """In no settled group for so long though Kafka answers: it joins anew. Twice what a member in need is given."""
        return 2 * (self.session_seconds + self.rebalance_seconds)

    def writes_of(self, stage: str) -> frozenset[str]:
        if self.writes is not None:
            return self.writes
        return frozenset(topic.name for topic in TOPICS if stage in topic.writers)

    def groups_of_equals(self, reads: str) -> tuple[frozenset[str], ...]:
        """Sets of topics whose partition counts must agree: a topic and its dead letters, and the story-keyed."""
        dead = f"{reads}.dlq"
        mine = frozenset({reads, dead}) if dead in BY_NAME or reads not in BY_NAME else frozenset({reads})
        return (mine, self.equal_topics)
