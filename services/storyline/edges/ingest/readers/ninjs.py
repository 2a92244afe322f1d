"""IPTC ninjs 1.x, 2.x and 3.x, as sent by agencies and by Superdesk.

Rules: the ninjs user guides (iptc.org/std/ninjs) and their JSON Schemas. 1.x has singular names in lower case (`place`,
`headline`, `body_html`), 2.x lists with roles (`headlines`, `bodies`), 3.x the same in camelCase (`versionCreated`).
Superdesk adds `guid`, `slugline`, `source`, `flags`, `extra` and the state "killed" or "recalled".
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from storyline_schemas import Article, Concept, PubStatus

from . import concepts, nitf, xmltools
from .base import ITEMS_MAX, Context, Draft, Refusal, Unreadable
from .cleaning import dateline_parts
from .finishing import finish, not_text
from .jsontools import first, items, mapping, number, text
from .markup import paragraphs_of_html, paragraphs_of_text, plain
from .times import parse_embargo, parse_time, parse_version_time

NAME = "ninjs"
_OWN = frozenset(
    (
        "versioncreated", "versionCreated", "body_html", "body_text", "body_xhtml", "bodies", "headlines", "pubstatus",
        "pubStatus", "description_text", "descriptions", "renditions", "representationtype", "representationType",
        "$standard", "standard", "eventDetails", "contentcreated", "altids", "firstcreated",
    )
)  # fmt: skip
_KINDS = ("text", "story", "advisory", "article", "news")


def recognises(value: Any) -> bool:
    """An object (or a list of them, or an envelope with `item`/`items`) with an identity and members of ninjs."""
    found = _objects(value)
    return bool(found) and _is_ninjs(found[0])


def _is_ninjs(value: dict[str, Any]) -> bool:
    identity = "uri" in value or "guid" in value
    return (
        identity and ("provider" not in value or "type" in value) and not _OWN.isdisjoint(value) and not _is_ours(value)
    )


def _is_ours(value: dict[str, Any]) -> bool:
    return "version_created" in value


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict) and not ("uri" in value or "guid" in value):
        return items(value.get("item") or value.get("items"))
    return items(value)


def read(value: Any, context: Context) -> Iterator[Article | Refusal]:
    """Every item of the document."""
    found = _objects(value)
    if not found:
        yield Refusal(NAME, "value", "is no ninjs item: an object with a uri (or guid) is expected")
    for item in found[:ITEMS_MAX]:
        yield _guarded(item)
    if len(found) > ITEMS_MAX:
        yield Refusal(NAME, "value", f"holds more than {ITEMS_MAX:,} items; the rest was not read")


def _guarded(item: dict[str, Any]) -> Article | Refusal:
    try:
        return item_of(item)
    except Unreadable as problem:
        return Refusal(NAME, problem.field, problem.reason)


def item_of(item: dict[str, Any], *, format: str = NAME, uri: str = "") -> Article | Refusal:
    """One item. Raises Unreadable for an embargo or a version's time that can't be read."""
    type = text(item.get("type")) or ("event" if "eventDetails" in item or "event_details" in item else "text")
    refusal = not_text(format, "type", type)
    if refusal and not (type == "composite" and _body(item)):
        return refusal
    if refusal is None and type.lower() not in _KINDS:
        return Refusal(format, "type", f"is {type[:40]!r}, which ninjs does not know")
    draft = Draft(format, uri=uri or _uri(item), version=first(item, "version") or None)
    _what_it_says(item, draft)
    _state(item, draft)
    _concepts(item, draft)
    return finish(draft)


def _uri(item: dict[str, Any]) -> str:
    uri = first(item, "guid", "uri", "_id")
    parts = urlsplit(uri) if uri.startswith("http") and "?" in uri else None
    # AP's uris carry the reader's session (?qt=…&et=…): what is before it is the item's identity.
    if parts and parts.path.startswith("/media/v/content/"):
        return f"{parts.scheme}://{parts.netloc}{parts.path}"
    return uri


def _what_it_says(item: dict[str, Any], draft: Draft) -> None:
    draft.headline = first(item, "headline") or _of_role(item.get("headlines"), "main") or first(item, "title", "name")
    draft.summary = first(item, "description_text", "description_html") or _description(item)
    draft.paragraphs = _body(item)
    draft.language = first(item, "language")
    draft.slugline = first(item, "slugline")
    draft.urgency, draft.priority = number(item.get("urgency")), number(item.get("priority"))
    draft.provider = _provider(item)
    url = first(item, "url", "link")
    draft.url = url or (
        draft.uri if draft.uri.startswith(("http://", "https://")) and draft.uri.endswith("html") else None
    )
    draft.first_created = parse_time(first(item, "firstcreated", "firstCreated"))
    draft.version_created = parse_version_time(first(item, "versioncreated", "versionCreated"), "versioncreated") or (
        draft.first_created or parse_time(first(item, "contentcreated", "contentCreated"))
    )
    draft.note(plain(first(item, "ednote", "edNote")))
    _for_display(item, draft)


def _for_display(item: dict[str, Any], draft: Draft) -> None:
    """ninjs 1.x `byline`, 2.x and 3.x `by`; AP Media API `bylines`; `located` is where the content originates;
    `copyrightholder`, `copyrightnotice`, `usageterms` (a list in AP's); `genre`/`genres`; `keywords`.

    Superdesk: `authors`, `dateline` (an object with `located.city`), `creditline`, `anpa_take_key` is words.
    """
    named = [name for one in items(item.get("bylines")) if (name := first(one, "by", "name"))]
    authors = [name for one in items(item.get("authors")) if (name := first(one, "name"))]
    draft.byline = first(item, "byline", "by") or "; ".join(named) or ", ".join(authors)
    for one in (*items(item.get("authors")), *items(item.get("bylines"))):
        concepts.add(draft.authors, first(one, "name", "by"), first(one, "code", "uri"))
    dateline = mapping(item.get("dateline"))
    place, date = dateline_parts(first(item, "dateline") or first(dateline, "text"))
    draft.dateline_place = first(item, "located") or first(mapping(dateline.get("located")), "city", "name") or place
    draft.dateline_date = date
    draft.credit = first(item, "creditline", "creditLine", "credit")
    draft.rights_holder = first(item, "copyrightholder", "copyrightHolder")
    draft.rights_notice = first(item, "copyrightnotice", "copyrightNotice")
    draft.rights_terms = _joined(item, "usageterms", "usageTerms")
    draft.take = number(item.get("take"))
    _add(draft.genres, item, "genre", "genres")
    for name in ("keywords", "keyword"):
        words = item.get(name)
        draft.keywords += [word for one in words if (word := text(one))] if isinstance(words, list) else []


def _joined(item: dict[str, Any], *names: str) -> str:
    for name in names:
        value = item.get(name)
        if found := " ".join(filter(None, map(text, value))) if isinstance(value, list) else text(value):
            return found
    return ""


def _description(item: dict[str, Any]) -> str:
    return _of_role(item.get("descriptions"), "summary", "abstract", "text", "caption")


def _of_role(values: Any, *roles: str) -> str:
    """The value with the first of these roles, else the first value of all (ninjs 2.0: `role`, `value`)."""
    found = [one for one in items(values) if text(one.get("value"))]
    for role in roles:
        for one in found:
            if text(one.get("role")) == role:
                return text(one["value"])
    return text(found[0]["value"]) if found else ""


def _body(item: dict[str, Any]) -> list[str]:
    for name in ("body_html", "body_xhtml", "body_richhtml5", "body_html5"):
        if body := paragraphs_of_html(first(item, name)):
            return body
    plain_bodies = [first(item, "body_text")]
    for one in items(item.get("bodies")):
        kind = first(one, "contenttype", "contentType").lower()
        if "<nitf" in (value := text(one.get("value")))[:400] and (body := _nitf_body(value)):
            return body
        if ("html" in kind or "xml" in kind) and (body := paragraphs_of_html(text(one.get("value")))):
            return body
        plain_bodies.append(text(one.get("value")))
    for value in plain_bodies:
        if body := paragraphs_of_text(value):
            return body
    return _any_other_body(item)


def _nitf_body(value: str) -> list[str]:
    # ninjs 3.0 may carry a body as NITF in a string; one that isn't XML falls back to the other bodies.
    held = Draft(NAME)
    try:
        nitf.fill_text(xmltools.parse(value.encode("utf-8", "replace"), NAME), held)
    except Unreadable:
        return []
    return held.paragraphs


def _any_other_body(item: dict[str, Any]) -> list[str]:
    # ninjs 1.x lets a provider append a word to a property's name (body_nitf, body_charcount is a number).
    for name, value in item.items():
        if name.startswith("body_") and isinstance(value, str) and (body := paragraphs_of_html(value)):
            return body
    return []


def _provider(item: dict[str, Any]) -> str:
    named = first(item, "source", "provider") or first(mapping(item.get("provider")), "name", "literal")
    if not named:
        sources = items(item.get("infosource")) + items(item.get("infosources")) + items(item.get("infoSources"))
        named = next((name for one in sources if (name := first(one, "name", "literal"))), "")
    named = named or first(item, "copyrightholder", "copyrightHolder")
    if named:
        return named
    uri = first(item, "uri", "guid")
    if uri.startswith("urn:newsml:"):
        return uri.split(":")[2]
    return _host(uri)


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or "" if uri.startswith("http") else ""
    except ValueError:
        return ""


def _state(item: dict[str, Any], draft: Draft) -> None:
    """ninjs `pubstatus` (IPTC Publishing Status: usable, withheld, canceled); Superdesk's `state` kills too."""
    status = first(item, "pubstatus", "pubStatus").lower().rpartition(":")[2]
    state = text(item.get("state")).lower()
    if status in ("canceled", "cancelled", "killed") or state in ("killed", "recalled", "unpublished"):
        draft.worsen("kill")
    elif status == "withheld":
        draft.status = PubStatus.WITHHELD
    if state == "corrected" or text(item.get("operation")) == "correct":
        draft.worsen("correction")
    schedule = mapping(item.get("schedule_settings"))
    draft.embargoed_until = parse_embargo(
        _embargo(item) or first(schedule, "utc_embargo") or _embargo(mapping(item.get("extra")))
    )
    # Superdesk: a story that rewrites another names it; ninjs 1.x has `evolvedfrom`, 3.x `evolvedFrom`.
    draft.evolved_from = first(item, "evolvedfrom", "evolvedFrom", "rewrite_of") or None


def _embargo(fields: dict[str, Any]) -> str:
    """An embargo's end as it is written; what is there and no text, `true` or an object, is written as it can't be."""
    values = (fields.get(name) for name in ("embargoed", "embargo", "embargoed_until"))
    given = next((value for value in values if value), "")
    return text(given) or (str(given) if given else "")


def _concepts(item: dict[str, Any], draft: Draft) -> None:
    _add(draft.subjects, item, "subject", "subjects")
    _add(draft.people, item, "person", "people", "persons")
    _add(draft.organisations, item, "organisation", "organisations", "organization")
    _add(draft.places, item, "place", "places")


def _add(found: list[Concept], item: dict[str, Any], *names: str) -> None:
    for name in names:
        for one in items(item.get(name)):
            code = first(one, "code", "qcode", "literal", "symbol", "uri")
            concepts.add(found, first(one, "name"), code, first(one, "scheme"))
