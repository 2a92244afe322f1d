"""Web pages with schema.org NewsArticle: JSON-LD, or microdata.

Rules: schema.org/NewsArticle and Google's documentation of article structured data. What the page says of itself is
taken; one that says nothing is refused: telling an article from its surroundings by guessing is no wire's business.
`@id` or `url` (or the canonical link) is the identity, `dateModified` before `datePublished` the version's time.
"""

import re
from collections.abc import Iterator
from typing import Any

from storyline_schemas import Article

from . import concepts
from .base import Context, Draft, Refusal, Unreadable
from .cleaning import dateline_parts
from .encoding import decode
from .finishing import finish
from .jsontools import first, items, loads, mapping
from .jsontools import text as text_value
from .markup import paragraphs_of, paragraphs_of_html, paragraphs_of_text, parse_html
from .times import parse_time, parse_version_time
from .xmltools import Element, attribute, text_of

NAME = "html"
_TYPES = frozenset(
    (
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle",
        "OpinionNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "LiveBlogPosting", "BlogPosting", "Report",
    )
)  # fmt: skip
_ROOT = re.compile(rb"(?:<\?[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*|<!doctype(?! html)[^>]*>\s*)*<(?:!doctype\s+)?html\b")
# WHATWG HTML, 4.2.5.4: within the first 1024 bytes, alone or in a `content`.
_CHARSET = re.compile(rb"""<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.I)
_CHARSET_BYTES = 1024
# What hides a script from old browsers, or from XML.
_BEFORE, _AFTER = ("<!--", "//", "/*", "<![CDATA[", "*/"), ("-->", "]]>", "*/", "/*", "//", ";")
_WRAPPINGS_MAX = 6
_DEPTH_MAX = 6


def recognises(data: bytes) -> bool:
    """A document type or a root of HTML."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n\x00").lower()
    return bool(_ROOT.match(head))


def read(data: bytes, context: Context) -> Iterator[Article | Refusal]:
    """The article of the page; every one, should it declare several."""
    declared = _CHARSET.search(data[:_CHARSET_BYTES])
    root = parse_html(decode(data, declared[1].decode() if declared else None))
    if root is None:
        yield Refusal(NAME, "document", "is empty")
        return
    found = list(_declared(root))
    for one in found:
        try:
            yield _article(one, root)
        except Unreadable as problem:
            yield Refusal(NAME, problem.field, problem.reason)
    if not found and (scope := _microdata(root)) is not None:
        yield _article_of_microdata(scope, root)
    elif not found:
        yield Refusal(NAME, "document", "declares no schema.org NewsArticle, neither as JSON-LD nor as microdata")


def _declared(root: Element) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if "ld+json" not in attribute(script, "type").lower():
            continue
        try:
            value = loads(_unwrapped("".join(map(str, script.itertext()))), strict=False)
        except (ValueError, RecursionError):
            continue  # a broken block of many; if none is whole the page is refused
        yield from _articles_in(value, 0)


def _unwrapped(text: str) -> str:
    text = text.strip()
    for _ in range(_WRAPPINGS_MAX):
        before = next((mark for mark in _BEFORE if text.startswith(mark)), "")
        after = next((mark for mark in _AFTER if text.endswith(mark)), "")
        text = text.removeprefix(before).removesuffix(after).strip()
    return text


def _articles_in(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEPTH_MAX:
        return
    for one in items(value):
        # A type may be whole, https://schema.org/NewsArticle, or shortened by the context, schema:NewsArticle.
        named = {re.split(r"[/:#]", type)[-1] for type in _texts(one.get("@type"))}
        if named & _TYPES and (one.get("headline") or one.get("articleBody")):
            yield one
        else:
            yield from _articles_in(one.get("@graph"), depth + 1)
            yield from _articles_in(one.get("mainEntity"), depth + 1)


def _article(found: dict[str, Any], root: Element) -> Article | Refusal:
    draft = Draft(NAME, headline=first(found, "headline", "name"), summary=first(found, "description"))
    draft.url = _url(found, root)
    draft.uri = draft.url or first(found, "@id", "identifier")
    draft.version = first(found, "version") or None
    draft.paragraphs = paragraphs_of_html(first(found, "articleBody")) or _body_on_page(root)
    draft.first_created = parse_time(first(found, "datePublished", "dateCreated"))
    draft.version_created = parse_version_time(first(found, "dateModified"), "dateModified") or draft.first_created
    draft.language = (
        first(found, "inLanguage")
        or first(mapping(found.get("inLanguage")), "alternateName")
        or attribute(root, "lang")
    )
    publisher = (items(found.get("publisher")) or items(found.get("sourceOrganization")) or [{}])[0]
    named = first(publisher, "name") or first(found, "publisher", "sourceOrganization")
    draft.provider = named or _meta(root, "og:site_name")
    _for_display(found, draft)
    if correction := first(found, "correction"):
        draft.worsen("correction")
        draft.note(correction)
    for section in _texts(found.get("articleSection")):
        concepts.add(draft.subjects, section)
    for one in items(found.get("about")) + items(found.get("mentions")):
        kind = text_value(one.get("@type"))
        where = {"Person": draft.people, "Organization": draft.organisations, "Place": draft.places}.get(
            kind, draft.subjects
        )
        concepts.add(where, first(one, "name"), first(one, "sameAs", "@id"))
    return finish(draft)


def _for_display(found: dict[str, Any], draft: Draft) -> None:
    """schema.org: `author`, `dateline` (NewsArticle), `creditText`, `copyrightHolder`, `copyrightNotice`,
    `usageInfo`, `genre`, `keywords` (a list, or one text with commas)."""
    authors = [first(one, "name") for one in items(found.get("author"))] or _texts(found.get("author"))
    draft.byline = ", ".join(filter(None, authors))
    for author in authors:
        concepts.add(draft.authors, author)
    draft.dateline_place, draft.dateline_date = dateline_parts(first(found, "dateline"))
    draft.credit = first(found, "creditText")
    holder = (items(found.get("copyrightHolder")) or [{}])[0]
    draft.rights_holder, draft.rights_notice = first(holder, "name"), first(found, "copyrightNotice")
    draft.rights_terms = first(found, "usageInfo")
    for genre in _texts(found.get("genre")):
        concepts.add(draft.genres, genre)
    keywords = found.get("keywords")
    draft.keywords = keywords.split(",") if isinstance(keywords, str) else _texts(keywords)


def _texts(value: Any) -> list[str]:
    return (
        [value]
        if isinstance(value, str)
        else [one for one in value if isinstance(one, str)]
        if isinstance(value, list)
        else []
    )


def _url(found: dict[str, Any], root: Element) -> str | None:
    main = found.get("mainEntityOfPage")
    candidates = [
        first(found, "url"),
        text_value(main),
        first(mapping(main), "@id", "url"),
        _canonical(root),
        first(found, "@id"),
    ]
    return next((one for one in candidates if one.startswith(("http://", "https://"))), None)


def _canonical(root: Element) -> str:
    return next((attribute(link, "href") for link in root.iter("link") if attribute(link, "rel") == "canonical"), "")


def _meta(root: Element, name: str) -> str:
    for meta in root.iter("meta"):
        if name in (attribute(meta, "property"), attribute(meta, "name")):
            return attribute(meta, "content")
    return ""


def _body_on_page(root: Element) -> list[str]:
    for element in root.iter():
        if attribute(element, "itemprop") == "articleBody" and (body := paragraphs_of(element)):
            return body
    article = next(root.iter("article"), None)
    return [] if article is None else [text for p in article.iter("p") for text in paragraphs_of_text(text_of(p))]


def _microdata(root: Element) -> Element | None:
    for element in root.iter():
        if attribute(element, "itemtype").rpartition("/")[2] in _TYPES and "schema.org" in attribute(
            element, "itemtype"
        ):
            return element
    return None


def _article_of_microdata(scope: Element, root: Element) -> Article | Refusal:
    properties: dict[str, str] = {}
    for element in scope.iter():
        name = attribute(element, "itemprop")
        if name and name not in properties:
            value = attribute(element, "content") or attribute(element, "datetime") or attribute(element, "href")
            properties[name] = value or text_of(element)
    properties.pop("articleBody", None)
    return _article({**properties, "publisher": {"name": properties.get("publisher", "")}}, root)
