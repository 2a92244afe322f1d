"""Matching: which story an article belongs to. Pure and deterministic; one configuration for everything."""

from .index import Decision, Index, MergeDecision
from .profile import Profile, profile_of

__all__ = ["Decision", "Index", "MergeDecision", "Profile", "profile_of"]
