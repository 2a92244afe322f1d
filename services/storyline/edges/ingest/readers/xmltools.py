"""XML from strangers: no entities, no network, no huge trees, and namespaces out of the way.

lxml rather than defusedxml's ElementTree: line numbers in the reason, XPath-free iteration in C, HTML in the same tree.
libxml2 without `huge_tree` bounds depth (256) and text (10 MB) itself; entities are refused before they are looked at.
"""

import html.entities
import re
from collections.abc import Iterator

from lxml import etree

from .base import DOCUMENT_BYTES_MAX, Unreadable
from .encoding import decode

Element = etree._Element
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{0,31});")
_PROLOG_BYTES = 64 * 1024
_SUBSET = re.compile(rb"<!DOCTYPE\s[^\[<>]{0,1000}\[(?P<subset>[^\]]*)\]\s*>")
_DECLARES = "declares entities; XML with a document type that does is not accepted"
_MEDIA_RSS = "{http://search.yahoo.com/mrss"
_OF_XML = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))


def parse(data: bytes, format: str) -> Element:
    """The root element, tags without their namespaces. Raises Unreadable (with the line) if it isn't safe XML.

    HTML's named entities, which wires use without declaring them, become their characters; nothing else is mended:
    half a document is refused, not guessed at.
    """
    if len(data) > DOCUMENT_BYTES_MAX:
        raise Unreadable(format, f"is larger than {DOCUMENT_BYTES_MAX // 2**20} MB")
    data = _without_subset(data.lstrip(b"\xef\xbb\xbf \t\r\n\x0b\x0c"), format)
    if b"<!ENTITY" in data:
        raise Unreadable(format, _DECLARES)
    data = _ENTITY.sub(_character, data)
    root = _parse(data, format)
    doctype = root.getroottree().docinfo.internalDTD
    if doctype is not None and any(True for _ in doctype.iterentities()):
        raise Unreadable(format, _DECLARES)
    _drop_namespaces(root)
    return root


def _without_subset(data: bytes, format: str) -> bytes:
    """Without the part of the document type that is inside the document.

    Kyodo's and ATS' NewsML only names NITF's DTD there, as a parameter entity that their receivers don't have; without
    it the document is whole. One that declares entities for use in its text is refused.
    """
    found = _SUBSET.search(data[:_PROLOG_BYTES])
    if found is None:
        return data
    if re.search(rb"<!ENTITY\s+[^%\s]", found["subset"]):
        raise Unreadable(format, _DECLARES)
    return data[: found.start("subset") - 1] + data[found.end("subset") + 1 :]


def _parser() -> "etree.XMLParser[Element]":
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _parse(data: bytes, format: str) -> Element:
    declared = _DECLARED.match(data)
    eight_bit = declared is not None and declared[1].lower() not in (b"utf-8", b"utf8", b"utf-16")
    if eight_bit and not data.isascii() and _is_utf8(data):
        return _parse_text(data, format)  # UTF-8 that calls itself something else
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as problem:
        if not re.search(r"encod|UTF-8|bytes:", str(problem.msg), re.I):
            raise Unreadable(format, f"is not well-formed XML: {problem.msg}"[:300]) from problem
    except (ValueError, LookupError) as problem:
        raise Unreadable(format, f"is not XML: {problem}"[:300]) from problem
    return _parse_text(data, format)


def _parse_text(data: bytes, format: str) -> Element:
    declared = _DECLARED.match(data)
    text = _DECLARATION.sub("", decode(data, declared[1].decode() if declared else None).lstrip("\ufeff"))
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), _parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as problem:
        raise Unreadable(format, f"is not well-formed XML: {problem}"[:300]) from problem


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _character(found: "re.Match[bytes]") -> bytes:
    name = found[1]
    if name in _OF_XML:
        return found[0]
    characters = html.entities.html5.get(name.decode() + ";")
    if characters is None:
        return b"&amp;" + name + b";"
    return b"".join(b"&#%d;" % ord(character) for character in characters)


def _drop_namespaces(root: Element) -> None:
    # News formats reuse each other's vocabularies under many prefixes and versions of one namespace; readers ask
    # for local names. What Media RSS says of pictures beside a text keeps its own: it has a `title` and `content`, too.
    # Attributes in a namespace keep their local name unless there is one without.
    for element in root.iter(etree.Element):
        tag = element.tag
        if isinstance(tag, str) and tag[0] == "{" and not tag.startswith(_MEDIA_RSS):
            element.tag = tag.rpartition("}")[2]
        for name in element.keys():  # noqa: SIM118 – changed while it is read
            if isinstance(name, str) and name[0] == "{":
                local = name.rpartition("}")[2]
                if local not in element.attrib:
                    element.set(local, element.attrib.pop(name))


def text_of(element: Element | None) -> str:
    """All text in an element, white space collapsed and a line's end (`br`) one; "" for None."""
    if element is None:
        return ""
    has_lines = next(element.iter("br"), None) is not None
    return " ".join("".join(_broken_at_lines(element) if has_lines else map(str, element.itertext())).split())


def _broken_at_lines(element: Element) -> Iterator[str]:
    for event, one in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            yield "\n" if one.tag == "br" else one.text or ""
        elif one is not element:
            yield one.tail or ""


def child_text(element: Element | None, path: str) -> str:
    """The text of the first element at `path` (tags separated by ``/``); "" if there is none."""
    return "" if element is None else text_of(element.find(path))


def attribute(element: Element | None, name: str) -> str:
    """An attribute's value, stripped; "" if the element or the attribute is missing."""
    return "" if element is None else (element.get(name) or "").strip()
