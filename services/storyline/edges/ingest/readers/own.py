"""JSON of our own contract, alone, in a list, as CloudEvents in structured mode; and the labelled news streams."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from storyline_schemas import Article, explain, resembling_fields
from storyline_schemas.resembling import is_overlooked, loses_text, said_of

from ....labelled import article_of
from .base import Context, Refusal
from .jsontools import items, mapping

CONTRACT, LABELLED = "article", "labelled"


def recognises(value: Any) -> bool:
    """An object with the contract's `uri` and `version_created` (or provider), or a CloudEvent around one."""
    found = items(value)
    if not found:
        return False
    one = _unwrapped(found[0])
    return "uri" in one and ("version_created" in one or ("headline" in one and isinstance(one.get("provider"), dict)))


def recognises_labelled(value: Any) -> bool:
    """A row of a labelled stream: `id`, `title` and a publication day or a language."""
    found = items(value)
    return bool(found) and {"id", "title"} <= found[0].keys() and not {"published_at", "lang"}.isdisjoint(found[0])


def read(value: Any, context: Context) -> Iterator[Article | Refusal]:
    """Every object as an article of the contract."""
    for one in items(value):
        article = _article(_unwrapped(one))
        if isinstance(article, Article):
            context.ignored.note(name for name in _unwrapped(one) if name not in Article.model_fields)
        yield article
    if not items(value):
        yield Refusal(CONTRACT, "value", "is not a JSON object")


def _unwrapped(value: dict[str, Any]) -> dict[str, Any]:
    return mapping(value.get("data")) if "specversion" in value else value


def _article(value: dict[str, Any]) -> Article | Refusal:
    try:
        article = Article.model_validate(value)
    except ValidationError as error:
        return Refusal(CONTRACT, *explain(error, value))
    for name, known in resembling_fields(value).items():
        if loses_text(known, value[name]) or is_overlooked(known, value[name]):
            return Refusal(CONTRACT, name, said_of(known))
    return article


def read_labelled(value: Any, context: Context) -> Iterator[Article | Refusal]:
    """Every row as an article."""
    for row in items(value):
        yield _labelled(row)
    if not items(value):
        yield Refusal(LABELLED, "value", "is not a JSON object")


def _labelled(row: dict[str, Any]) -> Article | Refusal:
    if not isinstance(row.get("id"), str | int) or row["id"] == "":
        return Refusal(LABELLED, "id", "is missing; a labelled row has id, title, body, published_at, lang, source")
    for name in ("url", "lang", "source"):
        if not isinstance(row.get(name), str | None):
            return Refusal(LABELLED, name, "is not a text")
    try:
        return article_of(row)
    except ValidationError as error:
        return Refusal(LABELLED, *explain(error))
    except (ValueError, OverflowError) as error:
        return Refusal(LABELLED, "published_at", str(error)[:300])
