"""RSS 2.0, RSS 1.0 (RDF), Atom and WordPress' export (WXR).

Rules: the RSS 2.0 specification (`guid` is the identity, `isPermaLink` true unless said otherwise), RSS 1.0 with Dublin
Core, RFC 4287 (`id`, `updated`, `published`, `content`), `content:encoded` before `description`, and WXR's `wp:status`
(only what is published is news) and `wp:post_type` (`attachment` is a picture). Read with the one hardened
XML parser of all readers, so that a feed has the same bounds as a wire and half a feed is refused, not half read.
"""

import re
from collections.abc import Callable, Iterator

from storyline_schemas import Article

from . import concepts
from .base import ITEMS_MAX, Context, Draft, Refusal, Unreadable
from .finishing import finish, minted_uri
from .markup import paragraphs_of, paragraphs_of_html
from .times import parse_time, parse_version_time
from .xmltools import Element, attribute, child_text, text_of

RSS, ATOM = "rss", "atom"
EMPTY = "holds no item"
"""The reason for which a feed alone is refused; for who polls it, it is a feed without news."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:\S")


def recognises_rss(root: Element) -> bool:
    """`rss`, or RSS 1.0's `RDF` with a channel."""
    return root.tag == "rss" or (root.tag == "RDF" and root.find("channel") is not None)


def recognises_atom(root: Element) -> bool:
    """`feed`, or a single `entry`."""
    return root.tag == "feed" or (root.tag == "entry" and root.find("id") is not None)


def read_rss(root: Element, context: Context) -> Iterator[Article | Refusal]:
    """Every item of the channel."""
    channel = root.find("channel")
    if channel is None:
        yield Refusal(RSS, "channel", "is missing")
        return
    found = list(channel.iterchildren("item")) or list(root.iterchildren("item"))
    yield from _all(found, RSS, "channel", lambda item: _rss_item(item, channel))


def read_atom(root: Element, context: Context) -> Iterator[Article | Refusal]:
    """Every entry of the feed."""
    found = [root] if root.tag == "entry" else list(root.iterchildren("entry"))
    yield from _all(found, ATOM, "feed", lambda entry: _atom_entry(entry, root))


def _all(
    found: list[Element], format: str, field: str, read: Callable[[Element], Article | Refusal]
) -> Iterator[Article | Refusal]:
    if not found:
        yield Refusal(format, field, EMPTY)
    for item in found[:ITEMS_MAX]:
        try:
            yield read(item)
        except Unreadable as problem:
            yield Refusal(format, problem.field, problem.reason)
    if len(found) > ITEMS_MAX:
        yield Refusal(format, field, f"holds more than {ITEMS_MAX:,} items; the rest was not read")


def _rss_item(item: Element, channel: Element) -> Article | Refusal:
    kind, status = child_text(item, "post_type"), child_text(item, "status")
    if kind and kind not in ("post", "page"):
        return Refusal(RSS, "post_type", f"is {kind[:40]}, not a written article")
    if status and status not in ("publish", "published"):
        return Refusal(RSS, "status", f"is {status[:40]}: it is not published")
    draft = Draft(RSS, headline=child_text(item, "title"))
    link = _link(item) or attribute(item, "about")
    draft.uri = _identity(child_text(item, "guid"), link, channel)
    draft.url = link or (draft.uri if draft.uri.startswith("http") else None)
    _rss_text(item, draft)
    draft.version_created = parse_time(child_text(item, "pubDate")) or parse_time(child_text(item, "date"))
    draft.language = child_text(item, "language") or attribute(item, "lang") or child_text(channel, "language")
    draft.provider = child_text(item, "source") or child_text(channel, "title") or _link(channel)
    # `dc:creator` before RSS' own `author`, which is a mail address; `dc:rights` before the channel's copyright.
    draft.byline = child_text(item, "creator") or child_text(item, "author")
    draft.credit = child_text(item, "credit") or child_text(item, "source")
    draft.rights_notice = (
        child_text(item, "rights") or child_text(channel, "copyright") or child_text(channel, "rights")
    )
    for category in item.iterchildren("category", "subject"):
        concepts.add(draft.subjects, text_of(category), attribute(category, "nicename"), attribute(category, "domain"))
    return finish(draft)


def _link(element: Element) -> str:
    """RSS' own `link`, which has its address as text; an `atom:link` beside it has none (RSS Advisory Board)."""
    return next((address for link in element.iterchildren("link") if (address := text_of(link))), "")


def _identity(guid: str, link: str, channel: Element) -> str:
    """The `guid`, which RSS 2.0 only asks to be unique in its feed: one that is no URI gets the channel's name."""
    if not guid or _URI.match(guid):
        return guid or link
    return minted_uri(RSS, child_text(channel, "title"), _link(channel), guid)


def _rss_text(item: Element, draft: Draft) -> None:
    # content:encoded and excerpt:encoded have one local name; the first with text is the content.
    encoded = next((one for one in item.iterchildren("encoded") if text_of(one)), None)
    described = item.find("description")
    description = [] if described is None else _paragraphs(described)
    if encoded is not None:
        draft.paragraphs = _paragraphs(encoded)
        draft.summary = " ".join(description)
    elif len(description) > 1:
        draft.paragraphs = description
    else:
        draft.summary = " ".join(description)


def _atom_entry(entry: Element, feed: Element) -> Article | Refusal:
    draft = Draft(ATOM, uri=child_text(entry, "id"), headline=_construct(entry, "title"))
    draft.summary = _construct(entry, "summary")
    content = entry.find("content")
    draft.paragraphs = [] if content is None else _paragraphs(content)
    draft.url = _alternate(entry)
    published = child_text(entry, "published") or child_text(entry, "NewsManagement/published")  # the latter: WENN
    draft.first_created = parse_time(published)
    draft.version_created = parse_version_time(child_text(entry, "updated"), "updated") or draft.first_created
    draft.language = attribute(entry, "lang") or attribute(content, "lang") or attribute(feed, "lang")
    draft.provider = child_text(entry, "source/title") or child_text(feed, "title") or child_text(entry, "author/name")
    authors = list(entry.iterchildren("author")) or list(feed.iterchildren("author"))  # RFC 4287, 4.2.1
    draft.byline = ", ".join(name for one in authors if (name := child_text(one, "name")))
    for one in authors:
        concepts.add(draft.authors, child_text(one, "name"), child_text(one, "uri"))
    draft.rights_notice = _construct(entry, "rights") or _construct(feed, "rights")
    for category in entry.iterchildren("category"):
        term = attribute(category, "term")
        concepts.add(draft.subjects, attribute(category, "label") or term, term, attribute(category, "scheme"))
    return finish(draft)


def _paragraphs(construct: Element) -> list[str]:
    """HTML as a string, or as elements: `type="xhtml"` in Atom, by mistake in RSS."""
    if attribute(construct, "type") == "xhtml" or len(construct):
        return paragraphs_of(construct)
    return paragraphs_of_html("".join(map(str, construct.itertext())))


def _construct(entry: Element, tag: str) -> str:
    found = entry.find(tag)
    return "" if found is None else " ".join(_paragraphs(found))


def _alternate(entry: Element) -> str | None:
    for link in entry.iterchildren("link"):
        if attribute(link, "rel") in ("", "alternate") and (href := attribute(link, "href")):
            return href
    return None
