"""IPTC NewsML 1.0 to 1.2.

Rules: the NewsML 1.2 Functional Specification and RFC 3085: ``urn:newsml:{ProviderId}:{DateId}:{NewsItemId}:
{RevisionId}{U|A|N}`` names a revision, what is before the revision names the item over all of them. `Status` is the
publication status, `StatusWillChange/DateAndTime` ends an embargo, `Instruction` and `Update` say correction or
update, `DerivedFrom` names a predecessor. Content lies in nested NewsComponents by role; Belga sends one story a
language in one NewsItem.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from storyline_schemas import Article, PubStatus

from . import concepts, nitf
from .base import ITEMS_MAX, Context, Draft, Refusal, Unreadable
from .cleaning import dateline_parts
from .finishing import finish, not_text
from .jsontools import number
from .markup import paragraphs_of, paragraphs_of_html
from .times import parse_embargo, parse_time, parse_version_time
from .xmltools import Element, attribute, child_text, text_of

NAME = "newsml-1"
_NOT_BODY = frozenset(
    ("stylesheet", "headline", "subheadline", "title", "contact", "logo", "caption", "image", "thumbnail", "preview")
)
_MEDIA = frozenset(
    ("picture", "photo", "image", "video", "audio", "graphic", "sound", "logo", "clip", "thumbnail", "preview")
)
_IDENTIFIER = re.compile(r"urn:newsml:[^:]+:[^:]+(?:[+-]\d{4})?:(?P<id>.+):(?P<revision>\d+)(?P<update>[NUA]?)")


def recognises(root: Element) -> bool:
    """A document whose root is `NewsML`."""
    return root.tag == "NewsML"


def read(root: Element, context: Context) -> Iterator[Article | Refusal]:
    """Every story of every NewsItem."""
    found = list(root.iterfind("NewsItem"))
    if not found:
        yield Refusal(NAME, "NewsItem", "is missing")
    for item in found[:ITEMS_MAX]:
        try:
            yield from _item(item, root.find("NewsEnvelope"))
        except Unreadable as problem:
            yield Refusal(NAME, problem.field, problem.reason)
    if len(found) > ITEMS_MAX:
        yield Refusal(NAME, "NewsItem", f"is there more than {ITEMS_MAX:,} times; the rest was not read")


def _item(item: Element, envelope: Element | None) -> Iterator[Article | Refusal]:
    base = Draft(NAME)
    _identity(item, base)
    refusal = _management(item, base)
    if refusal:
        yield refusal
        return
    base.provider = _provider(item, envelope)
    base.priority = number(attribute(None if envelope is None else envelope.find("Priority"), "FormalName"))
    stories = _stories(item)
    if not stories and base.severity == "kill":
        yield finish(base)  # a cancellation needs no text
    elif not stories:
        media = next((role for component in item.iter("NewsComponent") if (role := _role(component)) in _MEDIA), "")
        kind = {"sound": "audio", "clip": "video", "thumbnail": "picture", "preview": "picture", "logo": "picture"}
        said = not_text(NAME, "Role", kind.get(media, media)) if media else None
        yield said or Refusal(NAME, "NewsComponent", "has no text")
        return
    for story in stories:
        yield _story(story, base, item, several=len(stories) > 1)


def _identity(item: Element, draft: Draft) -> None:
    """uri without the revision, and the revision. Where the public identifier is not whole, its parts are used."""
    identifier = item.find("Identification/NewsIdentifier")
    public = child_text(identifier, "PublicIdentifier")
    provider, item_id = child_text(identifier, "ProviderId"), child_text(identifier, "NewsItemId")
    revision = child_text(identifier, "RevisionId")
    if whole := _IDENTIFIER.fullmatch(public):
        draft.uri = public[: whole.start("revision") - 1]
        draft.version = revision if number(revision) is not None else whole["revision"]
    elif provider and item_id and item_id != "0":
        draft.uri, draft.version = f"urn:newsml:{provider}:{item_id}", revision or None
    elif provider and (guid := child_text(item, ".//guid") or _long_duid(item)):
        draft.uri = f"urn:newsml:{provider}:{guid}"
    previous = attribute(None if identifier is None else identifier.find("RevisionId"), "PreviousRevision")
    if (number(previous) or 0) > 0 and draft.version != previous:
        draft.worsen("update")
    update = attribute(None if identifier is None else identifier.find("RevisionId"), "Update")
    if update in ("U", "A"):
        draft.worsen("update")


def _long_duid(item: Element) -> str:
    duid = attribute(item.find("NewsComponent"), "Duid")
    return duid if len(duid) >= 16 else ""


def _management(item: Element, draft: Draft) -> Refusal | None:
    management = item.find("NewsManagement")
    if management is None:
        return None
    kind = attribute(management.find("NewsItemType"), "FormalName").lower()
    if kind.startswith(("audio", "video", "photo", "picture", "graphic")):
        return not_text(NAME, "NewsItemType", kind.split("_")[0])
    draft.first_created = parse_time(child_text(management, "FirstCreated"))
    revised = parse_version_time(child_text(management, "ThisRevisionCreated"), "ThisRevisionCreated")
    draft.version_created = revised or draft.first_created
    draft.urgency = number(attribute(management.find("Urgency"), "FormalName") or child_text(management, "Urgency"))
    status = attribute(management.find("Status"), "FormalName").lower()
    change = child_text(management, "StatusWillChange/DateAndTime")
    if status in ("canceled", "cancelled", "killed"):
        draft.worsen("kill")
    elif status == "embargoed":
        draft.embargoed_until = parse_embargo(change)
        draft.status = PubStatus.USABLE if draft.embargoed_until else PubStatus.WITHHELD
    elif status == "withheld":
        draft.status = PubStatus.WITHHELD
    for instruction in management.iterfind("Instruction"):
        word = attribute(instruction, "FormalName").lower()
        draft.worsen(
            "correction" if "correct" in word else "kill" if "kill" in word else "update" if "updat" in word else None
        )
    derived = attribute(management.find("DerivedFrom"), "NewsItem")
    if whole := _IDENTIFIER.fullmatch(derived):
        derived = derived[: whole.start("revision") - 1]  # a revision is named; a uri names the item over all of them
    # Of one item several stories may be made, each with a uri of its own: none of them is this one's predecessor.
    draft.evolved_from = derived if derived != draft.uri else None
    return None


def _provider(item: Element, envelope: Element | None) -> str:
    known = (
        child_text(item, "Identification/NewsIdentifier/ProviderId"),
        attribute(item.find(".//AdministrativeMetadata/Provider/Party"), "FormalName"),
        attribute(item.find(".//AdministrativeMetadata/Source/Party"), "FormalName"),
        child_text(item, ".//NewsLines/CreditLine"),
        "" if envelope is None else attribute(envelope.find("SentFrom/Party"), "FormalName"),
    )
    return next((name for name in known if concepts.known_agency(name)), next(filter(None, known), ""))


def _role(component: Element) -> str:
    return attribute(component.find("Role"), "FormalName").lower()


def _stories(item: Element) -> list[Element]:
    """The components that are one story each: outermost ones with text, but each language on its own."""
    top = item.find("NewsComponent")
    if top is None:
        return []
    if not _has_text(top):
        has_media = any(_role(component) in _MEDIA for component in item.iter("NewsComponent"))
        return [] if has_media or not child_text(top, ".//HeadLine") else [top]  # a headline alone is an alert
    children = [child for child in top.iterchildren("NewsComponent") if _role(child) not in _MEDIA and _has_text(child)]
    languages = {attribute(child, "lang").lower() for child in children}
    if len(children) > 1 and len(languages) == len(children) and "" not in languages:
        return children
    if len(children) == 1 and top.find("ContentItem") is None:
        return children
    return [top]


def _has_text(component: Element) -> bool:
    """Whether there is a body outside pictures, videos and sound."""
    for content in component.iter("ContentItem"):
        roles = {_role(above) for above in content.iterancestors("NewsComponent")}
        if not (roles & (_MEDIA | _NOT_BODY)) and text_of(content.find("DataContent")):
            return True
    return False


def _story(story: Element, base: Draft, item: Element, several: bool) -> Article | Refusal:
    draft = replace(
        base, notes=list(base.notes), subjects=[], people=[], organisations=[], places=[], genres=[], keywords=[]
    )
    if several:
        part = attribute(story, "Duid") or attribute(story, "lang")
        draft.uri = f"{draft.uri}:{part}" if draft.uri and part else draft.uri
    top = item.find("NewsComponent")
    _lines(story, draft)
    if top is not None and top is not story:
        _lines(top, draft)
    _texts(story, draft)
    draft.language = _language(story, item)
    for one in (story, top):
        if one is not None:
            _about(one, draft)
        if one is top and story is top:
            break
    return finish(draft)


def _lines(component: Element, draft: Draft) -> None:
    """`NewsLines` (NewsML 1.2, 5.5.3): what is meant to be shown with a story, each line in a tag of its own."""
    for lines in component.iter("NewsLines"):
        draft.headline = draft.headline or child_text(lines, "HeadLine")
        draft.slugline = draft.slugline or child_text(lines, "SlugLine")
        draft.byline = draft.byline or child_text(lines, "ByLine")
        place, date = dateline_parts(child_text(lines, "DateLine"))
        draft.dateline_place, draft.dateline_date = draft.dateline_place or place, draft.dateline_date or date
        draft.credit = draft.credit or child_text(lines, "CreditLine")
        draft.rights_notice = draft.rights_notice or child_text(lines, "CopyrightLine")
        draft.rights_terms = draft.rights_terms or child_text(lines, "RightsLine")
        draft.keywords += [word for one in lines.iterfind("KeywordLine") if (word := text_of(one))]


def _texts(story: Element, draft: Draft) -> None:
    """Lead and body. Equivalent renditions of one text: the first that has any."""
    lead: list[str] = []
    for content in story.iter("ContentItem"):
        role = next((found for above in content.iterancestors("NewsComponent") if (found := _role(above))), "")
        kind = attribute(content.find("MediaType"), "FormalName").lower()
        if kind in _MEDIA or role in _MEDIA or role in _NOT_BODY - {"title"}:
            continue
        data = content.find("DataContent")
        if role == "title":
            draft.headline = draft.headline or text_of(data)
        elif role == "lead":
            lead = lead or _paragraphs(data, draft)
        elif not draft.paragraphs:
            draft.paragraphs = _paragraphs(data, draft)
    draft.paragraphs = lead + draft.paragraphs


def _paragraphs(data: Element | None, draft: Draft) -> list[str]:
    if data is None:
        return []
    document = data.find("nitf")
    if document is not None:
        held = Draft(NAME)
        nitf.fill_text(document, held)
        draft.headline = draft.headline or held.headline
        draft.summary = draft.summary or held.summary
        draft.byline = draft.byline or held.byline
        draft.dateline_place = draft.dateline_place or held.dateline_place
        draft.dateline_date = draft.dateline_date or held.dateline_date
        return held.paragraphs
    body = data.find("html/body")
    if body is not None:
        return paragraphs_of(body)
    return paragraphs_of(data) if len(data) else paragraphs_of_html(data.text or "")


def _language(story: Element, item: Element) -> str:
    declared = next((found for one in story.iter("Language") if (found := attribute(one, "FormalName"))), "")
    declared = declared or attribute(story, "lang") or attribute(item, "lang")
    return declared or next((found for one in story.iter() if (found := attribute(one, "lang"))), "")


def _about(component: Element, draft: Draft) -> None:
    for metadata in component.iter("RightsMetadata"):
        draft.rights_holder = draft.rights_holder or child_text(metadata, "Copyright/CopyrightHolder")
        draft.rights_terms = draft.rights_terms or child_text(metadata, "UsageRights/UsageType")
    for metadata in component.iter("DescriptiveMetadata"):
        for genre in metadata.iterfind("Genre"):
            concepts.add(draft.genres, "", attribute(genre, "FormalName"))
        for subject in metadata.iterfind("SubjectCode/*"):
            code = attribute(subject, "FormalName")
            scheme = concepts.SUBJECT_CODES if re.fullmatch(r"\d{8}", code) else attribute(subject, "Vocabulary")
            concepts.add(draft.subjects, "", code, scheme or attribute(subject, "Scheme"))
        for place in metadata.iterfind("Location"):
            # `HowPresent="Origin"` is where it was written, which says nothing of where it happened.
            if attribute(place, "HowPresent") != "Origin":
                named = {attribute(one, "FormalName"): attribute(one, "Value") for one in place.iterfind("Property")}
                concepts.add(draft.places, named.get("City") or named.get("CountryArea") or named.get("Country") or "")
        _properties(metadata, draft)


def _properties(metadata: Element, draft: Draft) -> None:
    """AFP names people and keywords as properties."""
    for one in metadata.iterfind("Property"):
        name, value = attribute(one, "FormalName"), attribute(one, "Value")
        if name == "Person" and attribute(one, "Role") != "PersonInImage":
            concepts.add(draft.people, value)
        elif name == "Keyword":
            draft.keywords.append(value)
