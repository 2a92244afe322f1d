"""Kafka beside the stream: topics and groups, bounded reading, confirmed publishing. Nothing here joins a group."""

from .admin import KafkaAdmin, TopicState
from .connection import KafkaConnection, translated
from .publishing import KafkaPublisher
from .reading import KafkaReader

__all__ = ["KafkaAdmin", "KafkaConnection", "KafkaPublisher", "KafkaReader", "TopicState", "translated"]
