"""AP Media API: feed and item answers.

Rules: the AP Media API guide (developer.ap.org): `data.items[].item` or `data.item`; an item is shaped like ninjs 1;
`altids.itemid` is the identity over all versions (the `uri` carries the reader's session); texts lie behind
`renditions`, so that an item in an answer has headline and metadata only.
"""

from collections.abc import Iterator
from typing import Any

from storyline_schemas import Article

from . import ninjs
from .base import ITEMS_MAX, Context, Refusal, Unreadable
from .jsontools import items, mapping, text

NAME = "ap-media"


def recognises(value: Any) -> bool:
    """An answer of the API: `data` with an item, and the method or the version of the API."""
    data = mapping(mapping(value).get("data"))
    return ("api_version" in mapping(value) or "method" in mapping(value)) and ("item" in data or "items" in data)


def read(value: Any, context: Context) -> Iterator[Article | Refusal]:
    """Every item of the answer."""
    data = mapping(mapping(value).get("data"))
    found = [mapping(one.get("item")) for one in items(data.get("items"))] or items(data.get("item"))
    if not found:
        yield Refusal(NAME, "data.items", "holds no item")
    for item in found[:ITEMS_MAX]:
        yield _item(item)


def _item(item: dict[str, Any]) -> Article | Refusal:
    item_id = text(mapping(item.get("altids")).get("itemid"))
    uri = f"http://api.ap.org/media/v/content/{item_id}" if item_id else ""
    try:
        return ninjs.item_of(item, format=NAME, uri=uri)
    except Unreadable as problem:
        return Refusal(NAME, problem.field, problem.reason)
