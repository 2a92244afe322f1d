"""Storyline's contracts: what goes over the wire, and nothing else. Needs pydantic only."""

from .article import Article, Concept, Correction, Provider, PubStatus, Revision
from .canonical import canonical_json, event_id, section_hash, story_id
from .commands import (
    STORY_COMMAND, Add, Adopt, Close, Hand, Merge, Open, Propose, Reopen, Retract, Split, StoryCommand,
)  # fmt: skip
from .part import Kept, Part
from .story import Entity, Relation, Section, Sentence, Source, Story, StoryStatus, TimelineEntry
from .topics import BY_NAME, TOPICS, PartitionCounts, Topic, dead_letter_topic, partition_of, part_key
from .update import (
    ArticleChange, Change, CountChange, Match, Notify, SectionChange, Significance, StoryUpdate, Velocity,
)  # fmt: skip

__all__ = [
    "BY_NAME", "STORY_COMMAND", "TOPICS", "Add", "Adopt", "Article", "ArticleChange", "Change", "Close", "Concept",
    "Correction", "CountChange", "Entity", "Hand", "Kept", "Match", "Merge", "Notify", "Open", "Part",
    "PartitionCounts", "Propose", "Provider", "PubStatus", "Relation", "Reopen", "Retract", "Revision", "Section",
    "SectionChange", "Sentence", "Significance", "Source", "Split", "Story", "StoryCommand", "StoryStatus",
    "StoryUpdate", "TimelineEntry", "Topic", "Velocity", "canonical_json", "dead_letter_topic", "event_id",
    "part_key", "partition_of", "section_hash", "story_id",
]  # fmt: skip
