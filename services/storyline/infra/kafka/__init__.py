"""Kafka beside the stream: topics and groups, bounded reading, confirmed publishing. Nothing here joins a group."""

from .admin import KafkaAdmin, TopicState
from .connection import KafkaConnection, translated
from .following import KafkaFollower
from .publishing import KafkaPublisher
from .reading import KafkaReader
from .watching import KafkaWatcher

__all__ = [
    "KafkaAdmin", "KafkaConnection", "KafkaFollower", "KafkaPublisher", "KafkaReader", "KafkaWatcher", "TopicState",
    "translated",
]  # fmt: skip
