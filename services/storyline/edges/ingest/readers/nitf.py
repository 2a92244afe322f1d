"""IPTC NITF 3.x, alone or inside NewsML.

Rules: the NITF 3.6 documentation (iptc.org/std/NITF). `docdata/@management-status` is the publication status,
`date.release` ends the embargo, `du-key` (with `@version`) names the item over its versions, `doc-id` one document,
`series` a place in a series (not a version), `revision-history/@comment` and `ed-msg` notes to editors.
"""

import re
from collections.abc import Iterator

from storyline_schemas import Article, PubStatus

from . import concepts, conventions
from .base import Context, Draft, Refusal
from .cleaning import dateline_parts
from .finishing import finish
from .jsontools import number
from .markup import paragraphs_of
from .times import has_zone, parse_embargo, parse_time, parse_version_time
from .xmltools import Element, attribute, child_text, text_of

NAME = "nitf"
_CANCELED = frozenset(("canceled", "cancelled", "killed"))


def recognises(root: Element) -> bool:
    """A document whose root is `nitf`."""
    return root.tag == "nitf"


def read(root: Element, context: Context) -> Iterator[Article | Refusal]:
    """The article of the document, and the cancellation of another one if it names that so.

    Raises Unreadable for an embargo or a version's time that can't be read.
    """
    draft = _draft(root)
    yield finish(draft)
    canceled = _canceled(root)
    if canceled and canceled != draft.uri:
        notice = Draft(NAME, uri=canceled, provider=draft.provider, language=draft.language, severity="kill")
        # Without a version: its number counts the versions of this document, not of the one that it cancels.
        notice.version_created, notice.notes = draft.version_created, list(draft.notes)
        yield finish(notice)


def _canceled(root: Element) -> str:
    """The document that this one cancels beside itself, by the uri under which that was read; "" if it does not.

    `management-status` "defines whether this document is a cancellation of a previous doc", which
    `management-doc-idref` names; `management-idref-status` "contains the new status for that" (NITF 3.6, docdata).
    """
    docdata = root.find("head/docdata")
    statuses = {attribute(docdata, name).lower() for name in ("management-status", "management-idref-status")}
    return _as_identity(attribute(docdata, "management-doc-idref")) if statuses & _CANCELED else ""


def _draft(root: Element) -> Draft:
    draft = Draft(NAME)
    fill_text(root, draft)
    _identity(root, draft)
    if draft.provider == "ANSA" and not draft.summary:
        draft.summary, draft.byline = draft.byline, ""  # ANSA's byline is the subtitle, as its own comment says
    _times(root, draft)
    _state(root, draft)
    _concepts(root, draft)
    return draft


def fill_text(root: Element, draft: Draft) -> None:
    """Headline, summary and paragraphs of an `nitf` element, wherever it stands."""
    head, body = root.find("head"), root.find("body")
    if body is None:
        return
    body_head = body.find("body.head")
    headline = (
        child_text(body_head, "hedline/hl1")
        or child_text(body_head, "headline/hl1")
        or child_text(body_head, "hedline")
    )
    draft.headline = draft.headline or headline or child_text(head, "title") or child_text(body, "hl1")
    draft.summary = draft.summary or _abstract(body_head)
    contents = list(body.iterchildren("body.content")) or [body]  # NITF 3.6 allows several
    draft.paragraphs = [paragraph for one in contents for paragraph in paragraphs_of(one)]
    _for_display(body_head, draft)


def _for_display(body_head: Element | None, draft: Draft) -> None:
    """NITF: `byline` (its `byttl` is the writer's title), `dateline/location` and `dateline/story.date`,
    `rights` in words or as `rights.owner`, `distributor`, and the copyright of `docdata`."""
    if body_head is None:
        return
    draft.byline = draft.byline or _byline(body_head)
    dateline = body_head.find("dateline")
    if dateline is not None:
        date = child_text(dateline, "story.date")
        location = dateline.find("location")
        place, written = dateline_parts(_spaced(location) or text_of(dateline))
        draft.dateline_place = draft.dateline_place or place
        draft.dateline_date = draft.dateline_date or (date if date and not date[:8].isdigit() else written)
    rights = body_head.find("rights")
    draft.rights_holder = draft.rights_holder or child_text(rights, "rights.owner")
    draft.rights_terms = draft.rights_terms or child_text(rights, "rights.limitations")
    if rights is not None and not len(rights):
        draft.rights_notice = draft.rights_notice or text_of(rights)


def _spaced(element: Element | None) -> str:
    """The text of an element whose children are words of their own: a city and its country."""
    pieces = [] if element is None else map(str, element.itertext())
    return " ".join(" ".join(pieces).split()).replace(" ,", ",")


def _byline(body_head: Element) -> str:
    byline = body_head.find("byline")
    if byline is None:
        return ""
    title = child_text(byline, "byttl")
    name = _spaced(byline)
    name = name.removesuffix(title).strip(" ,") if title and name != title else name
    # A byline that names nobody is left in templates: "By" alone (Scoop).
    return (
        ""
        if name.casefold() in ("by", "von", "par")
        else ", ".join(filter(None, (name, title if title != name else "")))
    )


def _abstract(body_head: Element | None) -> str:
    abstract = None if body_head is None else body_head.find("abstract")
    if abstract is None:
        return ""
    abstract.tag = "p"  # it is left out of running text, and here it is what is asked for
    return " ".join(paragraphs_of(abstract))


def _identity(root: Element, draft: Draft) -> None:
    docdata = root.find("head/docdata")
    doc_id = None if docdata is None else docdata.find("doc-id")
    key = None if docdata is None else docdata.find("du-key")
    meta = _meta(root)
    id_string = attribute(doc_id, "id-string")
    sender = attribute(doc_id, "regsrc")
    draft.provider = _provider(root, docdata, sender, meta)
    draft.slugline = meta.get("slugline") or meta.get("anpa-keyword") or next(iter(_keywords(docdata)), "")
    draft.uri, draft.version = _key_and_version(id_string, key, meta)
    copyright = None if docdata is None else docdata.find("doc.copyright")
    draft.rights_holder = draft.rights_holder or attribute(copyright, "holder")
    draft.credit = child_text(root.find("body/body.head"), "distributor")
    # `series` is a place in a series of parts: PA and CP send a long story so.
    draft.take = number(attribute(None if docdata is None else docdata.find("series"), "series.part"))
    draft.keywords = _keywords(docdata)
    draft.priority = number(meta.get("aap-priority"))


def _key_and_version(id_string: str, key: Element | None, meta: dict[str, str]) -> tuple[str, str | None]:
    """The identity that all versions share, and the version.

    NTB: `doc-id` is ``NTBID_VERSION`` and `du-key/@version` counts; `meta NTBID` is what stays. Elsewhere `doc-id`
    is the identity where it is a URI or a plain key, `du-key/@version` (or a `series.part` of PA, which is a part
    number and not used) the version. PA's `doc-id` ends in ``-take-1``; its head stays.
    """
    version = attribute(key, "version") or None
    if number(version) is None:
        version = None
    if stable := meta.get("NTBID"):
        return (stable if stable.startswith("urn:") else f"urn:storyline:nitf:ntb:{stable}"), version
    return _as_identity(id_string), version


def _as_identity(id_string: str) -> str:
    if not id_string or (":" in id_string[:12] and not id_string[0].isdigit()):
        return id_string
    return f"urn:storyline:nitf:{id_string}"


def _meta(root: Element) -> dict[str, str]:
    return {attribute(one, "name"): attribute(one, "content") for one in root.iterfind("head/meta")}


def _keywords(docdata: Element | None) -> list[str]:
    found = [] if docdata is None else docdata.iterfind("key-list/keyword")
    return [key for one in found if (key := attribute(one, "key") or text_of(one))]


def _provider(root: Element, docdata: Element | None, sender: str, meta: dict[str, str]) -> str:
    body_head = root.find("body/body.head")
    candidates = (
        meta.get("aap-source", ""),
        meta.get("NTBKilde", ""),
        sender,
        child_text(body_head, "distributor/org") or child_text(body_head, "distributor"),
        child_text(body_head, "rights/rights.owner"),
        attribute(root.find("head/docdata/del-list/from-src"), "src-name"),
        attribute(None if docdata is None else docdata.find("doc.copyright"), "holder"),
        "ANSA" if "product-id" in meta and "network" in meta else "",
    )
    return next((name for name in candidates if name), "")


def _times(root: Element, draft: Draft) -> None:
    docdata = root.find("head/docdata")
    issued = _norm(docdata, "date.issue") or attribute(root.find("head/pubdata"), "date.publication")
    issued = issued or child_norm(root, "body/body.head/dateline/story.date")
    draft.version_created = parse_version_time(issued, "date.issue")
    released = _norm(docdata, "date.release")
    embargo = parse_embargo(released)
    # Several wires fill date.release with the date of issue: that is no embargo, whatever zone is meant.
    if embargo and not (released == issued or (not has_zone(released) and _not_after(released, issued))):
        draft.embargoed_until = embargo
    history = [time for one in root.iter("revision-history") if (time := parse_time(attribute(one, "norm")))]
    # Where no history is told, the document is its own first version.
    draft.first_created = min(history, default=draft.version_created)


def _not_after(released: str, issued: str) -> bool:
    first, second = parse_time(released), parse_time(issued)
    return first is not None and second is not None and first <= second


def _norm(docdata: Element | None, tag: str) -> str:
    return "" if docdata is None else attribute(docdata.find(tag), "norm")


def child_norm(root: Element, path: str) -> str:
    """The ISO time of the element at `path`, "" if there is none."""
    return attribute(root.find(path), "norm")


def _state(root: Element, draft: Draft) -> None:
    docdata = root.find("head/docdata")
    status = attribute(docdata, "management-status").lower()
    if status in _CANCELED:
        draft.worsen("kill")
    elif status == "withheld" or (status == "embargoed" and draft.embargoed_until is None):
        draft.status = PubStatus.WITHHELD
    if docdata is not None and draft.status is PubStatus.USABLE:
        # `management-doc-idref`: the document that this one replaces or cancels.
        draft.evolved_from = _as_identity(attribute(docdata, "management-doc-idref"))
    urgency = next(root.iter("urgency"), None)
    draft.urgency = number(attribute(urgency, "ed-urg"))
    content = root.find("body/body.content")
    draft.language = attribute(root, "baselang") or attribute(root, "lang") or _language_of(content)
    for one in root.iter("revision-history"):
        comment = attribute(one, "comment")
        if re.match(r"(?:ADDS|UPDATES|CORRECTS|RECASTS|CLARIFIES|FIXES)\b", comment, re.I):
            draft.note(comment)
            draft.worsen(conventions.note_severity(comment))
    if docdata is not None:
        draft.note(attribute(docdata.find("ed-msg"), "info"))


def _language_of(content: Element | None) -> str:
    if content is None:
        return ""
    return next((lang for tag in ("lang", "p") for one in content.iter(tag) if (lang := attribute(one, "lang"))), "")


def _concepts(root: Element, draft: Draft) -> None:
    for one in root.iterfind("head/tobject/tobject.subject"):
        code = attribute(one, "tobject.subject.refnum") or attribute(one, "tobject.subject.code")
        parts = [attribute(one, f"tobject.subject.{part}") for part in ("detail", "matter", "type")]
        scheme = concepts.SUBJECT_CODES if re.fullmatch(r"\d{8}", code) else attribute(one, "tobject.subject.ipr")
        concepts.add(draft.subjects, next((part for part in parts if part), ""), code, scheme)
    category = _meta(root).get("category", "")
    concepts.add(draft.subjects, category, category, "category")  # PA's desks, beside or instead of IPTC's codes
    docdata = root.find("head/docdata")
    if docdata is None:
        return
    for one in root.iterfind("head/tobject/tobject.property"):
        concepts.add(draft.genres, attribute(one, "tobject.property.type"))
    for place in docdata.iterfind("evloc"):
        names = [attribute(place, name) for name in ("city", "county-dist", "state-prov")]
        concepts.add(draft.places, next((name for name in names if name), ""), attribute(place, "iso-cc"))
    for tag, found in (("person", draft.people), ("org", draft.organisations), ("location", draft.places)):
        for one in docdata.iterfind(f"identified-content/{tag}"):
            concepts.add(found, text_of(one) or attribute(one, "value"), attribute(one, "location-code"))
