"""Why an article is in its story: what was stored when it was decided, and what can be worked out again."""

from .explaining import Explained, explained, report
from .telling import explanation_text

__all__ = ["Explained", "explained", "explanation_text", "report"]
