"""Readers: what wires really send, as articles of the contract or as refusals that say why not.

In: the bytes of one document. Out: `Article` or `Refusal`, in order. State: none. See registry.py to add a format.
"""

from .base import Refusal
from .registry import FORMATS, Format, begins_lines, document, read, recognise

__all__ = ["FORMATS", "Format", "Refusal", "begins_lines", "document", "read", "recognise"]
