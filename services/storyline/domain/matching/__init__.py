"""Matching: which story an article belongs to. Pure and deterministic; one configuration for everything."""

from .habits import Habits
from .index import Decision, Index, MergeDecision
from .meaning import Encoder
from .profile import Profile, profile_of, without_others_direction

__all__ = [
    "Decision", "Encoder", "Habits", "Index", "MergeDecision", "Profile", "profile_of", "without_others_direction",
]  # fmt: skip
