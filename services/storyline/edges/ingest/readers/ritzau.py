"""Ritzau's own XML: `RBNews`, alone or in the answer of its queue.

Rules: Ritzau's RBNews: `NewsID` over all versions with `version`; `Annuleret` (withdrawn), `NyVersion` (new version),
`Korrektion` (correction) as true or false; `replacedID` names a predecessor; `format` Flash is the shortest news.
Press releases are escaped once more than the rest (`&amp;amp;quot;`).
"""

from collections.abc import Iterator
from html import unescape

from storyline_schemas import Article

from . import concepts
from .base import ITEMS_MAX, Context, Draft, Refusal, Unreadable
from .finishing import finish
from .jsontools import number
from .markup import paragraphs_of_html
from .times import parse_version_time
from .xmltools import Element, child_text

NAME = "ritzau"


def recognises(root: Element) -> bool:
    """`RBNews`, or Ritzau's queue answer around a list of them."""
    return root.tag in ("RBNews", "XMLNewsQueuedResponse", "XMLNewsQueuedResult", "ListOfRBNews")


def read(root: Element, context: Context) -> Iterator[Article | Refusal]:
    """Every `RBNews`."""
    found = list(root.iter("RBNews"))
    if not found:
        yield Refusal(NAME, "RBNews", "is missing")
    for news in found[:ITEMS_MAX]:
        try:
            yield _news(news)
        except Unreadable as problem:
            yield Refusal(NAME, problem.field, problem.reason)


def _news(news: Element) -> Article | Refusal:
    identity = child_text(news, "NewsID")
    if not identity:
        return Refusal(NAME, "NewsID", "is missing")
    draft = Draft(NAME, uri=f"urn:storyline:ritzau:{identity}", version=child_text(news, "version") or None)
    draft.headline, draft.summary = child_text(news, "headline"), child_text(news, "subtitle")
    draft.slugline = child_text(news, "strapline")
    content = news.find("content")
    if content is not None:
        draft.paragraphs = [unescape(each) for each in paragraphs_of_html("".join(map(str, content.itertext())))]
    draft.version_created = parse_version_time(child_text(news, "PublishDate"), "PublishDate")
    draft.urgency = number(child_text(news, "Priority"))
    draft.byline, draft.dateline_place = child_text(news, "byLine"), child_text(news, "town")
    draft.credit = child_text(news, "origin")
    draft.provider, draft.language = "ritzau", child_text(news, "language")
    concepts.add(draft.subjects, child_text(news, "section"), child_text(news, "sectionID"), "ritzau:section")
    if _is_true(news, "Annuleret"):
        draft.worsen("kill")
    if _is_true(news, "Korrektion"):
        draft.worsen("correction")
    if _is_true(news, "NyVersion"):
        draft.worsen("update")
    if replaced := child_text(news, "replacedID"):
        draft.evolved_from = f"urn:storyline:ritzau:{replaced}"
    draft.note(" ".join(paragraphs_of_html(child_text(news, "TilRedaktionen"))))
    return finish(draft)


def _is_true(news: Element, tag: str) -> bool:
    """A boolean of XML Schema, ``true`` or ``1``, in any case."""
    return child_text(news, tag).casefold() in ("true", "1")
