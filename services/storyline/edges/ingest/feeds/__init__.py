"""Thousands of RSS and Atom feeds in one process. In: their addresses. Out: new items on `articles`. State: a file."""

from .fetching import Fetcher
from .listing import Feed, feeds_of
from .polling import FeedLimits, Polling
from .state import FeedState, StateFile

__all__ = ["Feed", "FeedLimits", "FeedState", "Fetcher", "Polling", "StateFile", "feeds_of"]
