"""Markup to paragraphs: what a reader of the page would see as running text, one string a paragraph."""

import re
from collections.abc import Iterator

from lxml import etree

from .base import PARAGRAPHS_MAX, TEXT_CHARS_MAX, Unreadable
from .xmltools import Element

# Elements that begin and end a paragraph: HTML's, NITF 3's (block, hl2, bq, table) and what agencies add.
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "tr",
        "table",
        "tbody",
        "thead",
        "caption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hl1",
        "hl2",
        "blockquote",
        "bq",
        "block",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "pre",
        "hr",
        "body",
        "center",
        "fn",
        "note",
        "tagline",
        "address",
        "details",
        "summary",
        "aside",
        "lang",
    ]
)
# Elements whose text is not the article's: code, pictures and their captions, and what has a field of its own.
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "media",
        "figure",
        "figcaption",
        "img",
        "object",
        "iframe",
        "embed",
        "video",
        "audio",
        "noscript",
        "svg",
        "template",
        "form",
        "nav",
        "button",
        "select",
        "byline",
        "dateline",
        "media-caption",
        "media-producer",
        "media-reference",
        "hedline",
        "abstract",
        "body.head",
        "body.end",
        "rights",
        "distributor",
        "picture",
        "canvas",
    ]
)
# What agencies mark by class: dpa-G2 (slugline, genre, byline, dateline, notepad, closing line), TT (dat, vignette),
# Business Wire, WordPress.
_SKIPPED_CLASSES = frozenset(
    [
        "slugline",
        "genre",
        "byline",
        "dateline",
        "notepad",
        "closingline",
        "dat",
        "vignette",
        "credit",
        "wp-caption",
        "wp-caption-text",
        "embed-block",
        "caption",
        "photo-caption",
    ]
)
_CELLS = frozenset(("td", "th"))
_LINE, _PARAGRAPH = "\u2028", "\u2029"  # Unicode's separators: allowed in XML, never typed
_TYPED = re.compile(r"\n[ \t]{3,}\S[^\n]*\n\S")
_COLUMN_0 = re.compile(r"\n\S[^\n]*\n")
_BLANK_LINE = re.compile(r"\r?\n(?:[ \t\xa0]*\r?\n)+")
_BLOCK_TAG = re.compile(
    r"<(?:p|div|br|li|h[1-6]|tr|td|table|section|article|blockquote|pre|ul|ol|hr|html|body)\b", re.I
)
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")


def _bounded(text: str) -> None:
    if len(text) > TEXT_CHARS_MAX:
        raise Unreadable("body", f"is longer than {TEXT_CHARS_MAX:,} characters")


def looks_like_markup(text: str) -> bool:
    """Whether a text holds tags or character references."""
    return bool(_MARKUP.search(text))


def paragraphs_of(root: Element) -> list[str]:
    """The paragraphs of an element that is already parsed (XHTML, NITF). Raises Unreadable if they are too many."""
    lines: list[str] = []
    current: list[str] = []
    for piece in _pieces(root):
        if piece is None:
            _close(current, lines)
            if len(lines) > PARAGRAPHS_MAX:
                raise Unreadable("body", f"has more than {PARAGRAPHS_MAX:,} paragraphs")
        else:
            current.append(piece)
    _close(current, lines)
    return lines


def paragraphs_of_html(text: str) -> list[str]:
    """The paragraphs of HTML as a string; a text without any tag is one for each block of lines."""
    _bounded(text)
    if not looks_like_markup(text):
        return paragraphs_of_text(text)
    root = parse_html(text)
    if root is None:
        return []
    if not _BLOCK_TAG.search(text):
        return paragraphs_of_text("".join(map(str, root.itertext())))
    _break_lines_outside_blocks(root)
    return paragraphs_of(root)


def plain(text: str) -> str:
    """One line of text without its markup: a headline, a summary, a name."""
    return " ".join(" ".join(paragraphs_of_html(text)).split()) if looks_like_markup(text) else " ".join(text.split())


def parse_html(text: str) -> Element | None:
    """The root of an HTML text, None if there is nothing in it. Broken HTML is mended as browsers do."""
    # libxml2 reads its own copy: bytes with a declared code, so that no <meta> in the text changes it.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _break_lines_outside_blocks(root: Element) -> None:
    # WordPress and mail programs separate paragraphs by blank lines next to real markup.
    for element in root.iter(etree.Element):
        if element.tag in ("body", "div") and element.text and "\n\n" in element.text:
            element.text = element.text.replace("\n\n", _PARAGRAPH)
        if element.tail and re.search(r"\n\s*\n", element.tail):
            element.tail = re.sub(r"\n\s*\n", _PARAGRAPH, element.tail)


def _pieces(root: Element) -> Iterator[str | None]:
    """Text in order; None where a paragraph begins or ends. Explicit stack: depth is the sender's choice."""
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        if leaving:
            yield from _after(element, element is root)
            continue
        tag = element.tag
        if isinstance(tag, str) and (element is root or not _is_skipped(element, tag)):
            if tag in _BLOCKS:
                yield None
            elif tag == "br":
                yield _LINE
            if element.text:
                yield _BLANK_LINE.sub(_PARAGRAPH, element.text) if tag == "pre" else element.text
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
        elif element is not root and element.tail:
            yield element.tail


def _after(element: Element, is_root: bool) -> Iterator[str | None]:
    tag = element.tag
    if tag in _BLOCKS:
        yield None
    elif tag in _CELLS:
        yield " | "
    if not is_root and element.tail:
        yield element.tail


def _is_skipped(element: Element, tag: str) -> bool:
    if tag in _SKIPPED:
        return True
    classes = element.get("class")
    return bool(classes) and not _SKIPPED_CLASSES.isdisjoint((classes or "").split())


def _close(current: list[str], found: list[str]) -> None:
    text = "".join(current)
    current.clear()
    for part in text.split(_PARAGRAPH) if _PARAGRAPH in text else (text,):
        for paragraph in _lines_of(part):
            line = " ".join(paragraph.split()).strip("| ")
            if line:
                found.append(line)


def _lines_of(text: str) -> Iterator[str]:
    """One paragraph of markup, or several where a wire put its own lines into one element.

    `<br>` breaks a paragraph unless the lines are a wire's, broken for their length (AAP); lines with and without
    indentation in one element are a wire's text as it was typed (Reuters). Other line ends are white space.
    """
    if _LINE in text:
        yield from _unwrapped([" ".join(line.split()) for line in text.split(_LINE) if line.strip()])
    elif _TYPED.search(text) and _COLUMN_0.search(text):
        yield from paragraphs_of_text(text)
    else:
        yield text


_WRAPPED_MAX = 100
_WRAPPED_MIN = 40
_SOURCE_INDENT = 4
_BULLETS = ("- ", "* ", "• ")


def paragraphs_of_text(text: str) -> list[str]:
    """The paragraphs of plain text: separated by blank lines, or by indented first lines where lines are wrapped.

    Lines that aren't wrapped (none is followed by another, or they are longer than a wire's line) are paragraphs.
    """
    _bounded(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n").replace("\u2028", "\n")
    found: list[str] = []
    for block in re.split(r"\n[ \t\xa0]*\n", text):
        lines = [line for line in block.split("\n") if line.strip()]
        found.extend(_unwrapped(lines))
    return [joined for line in found if (joined := " ".join(line.split()))]


def _is_indented_source(lines: list[str]) -> bool:
    """Whether lines are a program's pretty print: all but the first indented about alike, by four spaces or more."""
    indents = {len(line) - len(line.lstrip(" ")) for line in lines[1:]}
    return min(indents) >= _SOURCE_INDENT >= max(indents) - min(indents)


def _joined_source(lines: list[str]) -> Iterator[str]:
    """A pretty print's lines: one goes on with the next unless it is short or ends a sentence."""
    current = lines[0].strip()
    last = current
    for line in map(str.strip, lines[1:]):
        if _columns(last) >= _WRAPPED_MIN and last[-1:] not in '.!?…。”»"' and not line.startswith(_BULLETS):
            current = f"{current} {line}"
        else:
            yield current
            current = line
        last = line
    yield current


def _unwrapped(lines: list[str]) -> Iterator[str]:
    if len(lines) > 1 and _is_indented_source(lines):
        yield from _joined_source(lines)
        return
    if len(lines) < 2 or max(map(_columns, lines)) > _WRAPPED_MAX or not _are_wrapped(lines):
        yield from lines
        return
    current = lines[0]
    for line in lines[1:]:
        if (line[:1] in " \t" and not current.endswith("-")) or line.lstrip().startswith(_BULLETS):
            yield current
            current = line
        else:
            current = f"{current.rstrip()} {line.lstrip()}"
    yield current


def _columns(line: str) -> int:
    """Width on a screen: Chinese, Japanese and Korean characters take two columns."""
    return len(line) + sum("\u2e80" <= char <= "\uffef" for char in line)


def _are_wrapped(lines: list[str]) -> bool:
    """Most lines that another follows are long enough to have been broken for their length."""
    before = lines[:-1]
    full = sum(_columns(line.strip()) >= _WRAPPED_MIN for line in before)
    ended = sum(line.rstrip()[-1:] in ".!?…。" for line in before)
    return full * 2 >= len(before) and ended * 2 <= len(before)
