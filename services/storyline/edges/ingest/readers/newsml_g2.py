"""IPTC NewsML-G2: newsItem, packageItem and newsMessage.

Rules: the NewsML-G2 Specification and Guidelines (iptc.org/std/NewsML-G2). `@guid` is the identity over all versions,
`@version` the version; `itemClass` the nature (NewsItem Nature, `ninat`); `pubStatus` the Publishing Status (`stat`);
`embargoed` holds all versions back; `signal` says correction or update (`sig`); `link/@rel` (Item Relation, `irel`)
names what an item evolved from. An `embargoed` without a value gives no time and is taken for a template's
empty element; `header/priority` of a message is its items' priority; `contentCreated` is when the content was first
made, where `firstCreated` is missing. Reuters: `signal edStat:` N new, U update, C correction, D delete; the
`@version` of its wires is a number without order (978556838, then 1542761538 within the hour), so their times count.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from storyline_schemas import Article, PubStatus

from . import concepts, conventions, nitf
from .base import ITEMS_MAX, Context, Draft, Refusal, Unreadable
from .cleaning import dateline_parts
from .finishing import finish, not_text
from .jsontools import number
from .markup import paragraphs_of, paragraphs_of_html
from .times import parse_embargo, parse_time, parse_version_time
from .xmltools import Element, attribute, child_text, text_of

NAME = "newsml-g2"
_TIME = re.compile(r"\d{4}-\d\d-\d\d")
_REUTERS = re.compile(r"tag[:_]reuters\.com[,_]")
_WITHOUT_ORDER = re.compile(r"\d{7,}")
_ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_NO_ARTICLE = {
    "packageItem": "is a package: it lists items by reference and has no text of its own",
    "conceptItem": "describes a concept of a vocabulary, not news",
    "knowledgeItem": "describes a vocabulary, not news",
    "planningItem": "is a planned coverage, not news yet",
    "catalogItem": "is a catalogue of vocabularies, not news",
}
_FRAGMENTS = ("contentSet", "contentMeta", "groupSet", "itemMeta")


def recognises(root: Element) -> bool:
    """A newsMessage or any G2 item; also fragments of one, which are refused."""
    return root.tag in ("newsMessage", *_ITEMS, *_FRAGMENTS)


def read(root: Element, context: Context) -> Iterator[Article | Refusal]:
    """Every item of the document, packages and concepts as refusals."""
    if root.tag in _FRAGMENTS:
        yield Refusal(NAME, str(root.tag), "is a fragment: no item with a guid around it")
        return
    found = [root] if root.tag in _ITEMS else list(root.iterfind("itemSet/*"))
    if not found:
        yield Refusal(NAME, "itemSet", "holds no item")
    priority = number(child_text(root, "header/priority"))
    for item in found[:ITEMS_MAX]:
        yield _guarded(item, priority)
    if len(found) > ITEMS_MAX:
        yield Refusal(NAME, "itemSet", f"holds more than {ITEMS_MAX:,} items; the rest was not read")


def _guarded(item: Element, priority: int | None) -> Article | Refusal:
    # One item's unreadable embargo doesn't take the others of the message along.
    try:
        return _item(item, priority)
    except Unreadable as problem:
        return Refusal(NAME, problem.field, problem.reason)


def _item(item: Element, priority: int | None) -> Article | Refusal:
    if item.tag != "newsItem":
        return Refusal(NAME, str(item.tag), _NO_ARTICLE.get(str(item.tag), "is not an item of NewsML-G2"))
    meta = item.find("itemMeta")
    refusal = not_text(NAME, "itemClass", _term(item.find("itemMeta/itemClass"))[1])
    if refusal:
        return refusal
    draft = Draft(NAME, uri=attribute(item, "guid"), version=attribute(item, "version") or None, priority=priority)
    if not draft.uri:
        return Refusal(NAME, "guid", "is missing")
    content_meta = item.find("contentMeta")
    _management(item, meta, draft)
    _about(content_meta, draft)
    _rights(item, draft)
    _content(item, draft)
    if not draft.language:
        draft.language = _language(item, content_meta)
    is_shown = draft.status is PubStatus.USABLE and draft.severity != "kill"  # a cancellation needs no text
    if is_shown and not draft.headline and not draft.paragraphs and not draft.summary:
        return Refusal(NAME, "contentSet", "has no text: neither headline, description nor inline content")
    return finish(draft)


def _term(element: Element | None, qcode: str = "qcode", uri: str = "uri") -> tuple[str, str]:
    """Scheme and code of a term of a vocabulary. A full URI may stand for the QCode (NewsML-G2 2.11, URI sibling
    attributes): ``http://cv.iptc.org/newscodes/signal/correction`` is ``sig:correction``."""
    if code := attribute(element, qcode):
        scheme, _, code = code.rpartition(":")
        return scheme, code
    scheme, _, code = attribute(element, uri).rstrip("/").rpartition("/")
    return ("sig" if scheme.endswith("/newscodes/signal") else scheme), code


def _management(item: Element, meta: Element | None, draft: Draft) -> None:
    if meta is None:
        return
    draft.provider = _name_of(meta.find("provider")) or _name_of(item.find("rightsInfo/copyrightHolder"))
    draft.first_created = parse_time(child_text(meta, "firstCreated"))
    draft.version_created = parse_version_time(child_text(meta, "versionCreated"), "versionCreated")
    draft.version_created = draft.version_created or draft.first_created
    draft.first_created = draft.first_created or parse_time(child_text(item, "contentMeta/contentCreated"))
    draft.version_created = draft.version_created or _content_time(item)
    if draft.version_created and _REUTERS.match(draft.uri) and _WITHOUT_ORDER.fullmatch(draft.version or ""):
        draft.version = None
    draft.embargoed_until = parse_embargo(child_text(meta, "embargoed"))
    status = _term(meta.find("pubStatus"))[1].lower()
    if status in ("canceled", "cancelled"):
        draft.worsen("kill")
    elif status == "withheld":
        draft.status = PubStatus.WITHHELD
    _notes(meta, draft)
    _signals(meta, draft)
    _links(meta, draft)


def _content_time(item: Element) -> datetime | None:
    # STT's archive leaves versionCreated empty; when the content was last changed is the next best.
    content = item.find("contentMeta")
    return parse_time(child_text(content, "contentModified")) or parse_time(child_text(content, "contentCreated"))


def _name_of(party: Element | None) -> str:
    """A party by its code where we know the agency, else by its name."""
    if party is None:
        return ""
    code = attribute(party, "literal") or attribute(party, "qcode") or attribute(party, "uri")
    return code if concepts.known_agency(code) else child_text(party, "name") or code


def _notes(meta: Element, draft: Draft) -> None:
    for note in meta.iterfind("edNote"):
        role = attribute(note, "role").rpartition(":")[2]
        said = " ".join(paragraphs_of(note))
        if said and role in ("", "private", "public", "correction"):
            draft.note(said.removeprefix("Eds: "))
        elif said and role != "notepad":  # dpa's notepad holds its other notes once more, as a page
            draft.remarks.append(said)


def _signals(meta: Element, draft: Draft) -> None:
    for signal in meta.iterfind("signal"):
        scheme, code = _term(signal)
        if (scheme, code) in (("sig", "correction"), ("edStat", "C")):
            draft.worsen("correction")
        elif (scheme, code) in (("sig", "update"), ("edStat", "U")) or scheme == "update":
            draft.worsen("update")
        elif (scheme, code) == ("edStat", "D"):
            draft.worsen("kill")
    if draft.severity and any(conventions.note_severity(note) == "correction" for note in draft.notes):
        draft.worsen("correction")


def _links(meta: Element, draft: Draft) -> None:
    # irel:evolvedFrom: "the current item is an evolution of the linked item"; STT links an item's own earlier version
    # by `link/@guidref`.
    for link in meta.iterfind("link"):
        rel = _term(link, "rel", "reluri")[1]
        target = attribute(link, "residref") or attribute(link, "guidref") or attribute(link, "href")
        if rel in ("evolvedFrom", "previousVersion") and target:
            draft.evolved_from = target


def _about(meta: Element | None, draft: Draft) -> None:
    if meta is None:
        return
    draft.urgency = number(child_text(meta, "urgency"))
    _for_display(meta, draft)
    draft.slugline = child_text(meta, "slugline")
    draft.headline = _main(meta, "headline")
    draft.summary = _main(meta, "description")
    if draft.slugline and draft.summary.startswith(f"{draft.slugline}:"):
        draft.summary = ""  # Reuters: `description descRole:caption` repeats slug and headline
    for subject in meta.iterfind("subject"):
        kind = attribute(subject, "type").rpartition(":")[2].lower()
        name, code = _best_name(subject), _code(subject)
        found = {
            "person": draft.people, "organisation": draft.organisations, "organization": draft.organisations,
            "geoarea": draft.places, "poi": draft.places,
        }.get(kind, draft.subjects)  # fmt: skip
        concepts.add(found, name, code)


def _for_display(meta: Element, draft: Draft) -> None:
    """`by`, `dateline` and `creditline` are meant to be shown, `creator` is who made it; `located` is where it was
    written, which a `dateline` that is a time (Reuters) doesn't say; `genre` and `keyword` classify. NewsML-G2
    Guidelines, Content Metadata."""
    draft.byline, draft.credit = child_text(meta, "by"), child_text(meta, "creditline")
    for creator in meta.iterfind("creator"):
        concepts.add(draft.authors, _best_name(creator), _code(creator))
    dateline = child_text(meta, "dateline")
    place, date = ("", "") if _TIME.match(dateline) else dateline_parts(dateline)
    located = meta.find("located")
    draft.dateline_place = place or (
        _best_name(located) or attribute(located, "literal") if located is not None else ""
    )
    draft.dateline_date = date
    for genre in meta.iterfind("genre"):
        concepts.add(draft.genres, _best_name(genre), _code(genre))
    draft.keywords = [word for one in meta.iterfind("keyword") if (word := text_of(one))]


def _rights(item: Element, draft: Draft) -> None:
    """`rightsInfo`: the holder, the notice and the terms of use, of the first that has them."""
    for info in item.iterfind("rightsInfo"):
        draft.rights_holder = draft.rights_holder or _holder(info.find("copyrightHolder"))
        draft.rights_notice = draft.rights_notice or child_text(info, "copyrightNotice")
        draft.rights_terms = draft.rights_terms or child_text(info, "usageTerms")


def _holder(party: Element | None) -> str:
    if party is None:
        return ""
    return child_text(party, "name") or attribute(party, "literal") or attribute(party, "qcode")


def _main(meta: Element, tag: str) -> str:
    """The first with text, those without a role (or with the role of a main headline or a summary) before others."""
    found = [one for one in meta.iterfind(tag) if text_of(one)]
    for one in found:
        role = attribute(one, "role").rpartition(":")[2].lower()
        if role in ("", "main", "summary", "abstract", "headline"):
            return _text_with_markup(one)
    return _text_with_markup(found[0]) if found and tag != "headline" else ""


def _text_with_markup(element: Element) -> str:
    return " ".join(paragraphs_of(element))


def _code(concept: Element) -> str:
    return attribute(concept, "qcode") or attribute(concept, "literal") or attribute(concept, "uri")


def _best_name(subject: Element) -> str:
    names = [one for one in subject.iterfind("name") if text_of(one)]
    english = next((one for one in names if attribute(one, "lang").lower().startswith("en")), None)
    main = next((one for one in names if attribute(one, "role").rpartition(":")[2] in ("", "main", "display")), None)
    best = main if main is not None else english if english is not None else names[0] if names else None
    return text_of(best)


def _content(item: Element, draft: Draft) -> None:
    content = item.find("contentSet")
    if content is None:
        return
    headline, summary = draft.headline, draft.summary
    for inline in content.iterchildren("inlineXML", "inlineData"):
        if inline.tag == "inlineData":
            draft.paragraphs = paragraphs_of_html("".join(str(piece) for piece in inline.itertext()))
        else:
            _inline_xml(inline, draft)
        if draft.paragraphs:
            break
    draft.headline, draft.summary = headline or draft.headline, summary or draft.summary
    for inline in content.iterchildren("inlineXML"):
        draft.language = draft.language or attribute(inline, "lang")


def _inline_xml(inline: Element, draft: Draft) -> None:
    document = inline.find("nitf")
    if document is not None:
        nitf.fill_text(document, draft)
        return
    body = inline.find("html/body")
    draft.paragraphs = paragraphs_of(inline if body is None else body)
    if not draft.headline:
        draft.headline = child_text(inline, "html/head/title")


def _language(item: Element, content_meta: Element | None) -> str:
    declared = attribute(content_meta.find("language"), "tag") if content_meta is not None else ""
    return declared or attribute(item, "lang")
