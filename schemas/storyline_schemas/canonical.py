"""Canonical JSON, its hash, and the ids that follow from it: the same values give the same bytes anywhere."""

import hashlib
import json
import uuid
from typing import Any

NAMESPACE = uuid.UUID("6f1f5b0c-8d0c-5c5e-9a33-6b0a8f5d3c11")


def canonical_json(value: Any) -> bytes:
    """Keys sorted, no white space, UTF-8 unescaped, as RFC 8785 has it (our values hold no odd floats)."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def section_hash(section_id: str, heading: str, sentences: Any) -> str:
    """The hash a section carries: BLAKE2b, 16 bytes in hex, over id, heading and [(text, citations), …]."""
    body = {"id": section_id, "heading": heading, "sentences": [[text, list(cited)] for text, cited in sentences]}
    return hashlib.blake2b(canonical_json(body), digest_size=16).hexdigest()


def event_id(event_type: str, subject: str, version: int) -> str:
    """The id of an event that follows from what it says: a repeat has the same id."""
    return str(uuid.uuid5(NAMESPACE, f"{event_type}\n{subject}\n{version}"))


def story_id(space: str, first_uri: str, placement: int) -> str:
    """A story's id, minted from what opened it, so that a replay mints the same."""
    return "st-" + uuid.uuid5(NAMESPACE, f"{space}\n{first_uri}\n{placement}").hex[:20]
