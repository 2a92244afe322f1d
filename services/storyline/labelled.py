"""A row of a labelled news stream as an article: an object with `id, title, body, published_at, lang, source, url`.

Ingest takes such rows as one of its formats, and the measures feed the same articles to the engines.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from storyline_schemas import Article, Provider

_HTTP = re.compile(r"https?://\S{1,1900}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_TAG = re.compile(r"<[^<>]*>")


def published_at(row: Mapping[str, Any]) -> datetime | None:
    """When the row's article appeared; a day without an hour is its first moment, UTC. Raises ValueError."""
    text = row.get("published_at")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f"{str(text)[:100]!r} is not a time, such as 2026-01-31T09:30:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def uri_of(row_id: object) -> str:
    """The uri of a labelled row."""
    return f"urn:labelled:{quote(str(row_id), safe=':._-')}"[:512]


def article_of(row: Mapping[str, Any]) -> Article:
    """The row as an article of the contract. Raises ValueError (pydantic's included) if it can't be one."""
    moment = published_at(row)
    url, language, source = row.get("url") or "", row.get("lang") or "", row.get("source") or "unknown"
    return Article(
        uri=uri_of(row["id"]),
        headline=_TAG.sub(" ", str(row.get("title") or ""))[:1_000],
        body=str(row.get("body") or ""),
        language=language if _LANGUAGE.fullmatch(language) else "und",
        version_created=moment,
        url=url if _HTTP.fullmatch(url) else None,
        provider=Provider(name=str(source)[:300]),
    )
