"""What transport did to a text is undone: entities, tags, mojibake, invisible characters, loose marks."""

import html
import re

from . import patterns as p
from .words import word_set

TEXT_CHARS_MAX = 60_000
QUOTED_TEXT_CHARS_MIN = 300
_WHOLE = {'"': '"', "“": "”", "„": "“", "«": "»", "»": "«"}
DOUBLE_MARKS = '"“”'
_LITERAL_BREAK = re.compile(r"\\r\\n|\\n|\\r")
# "Port-a - Vale"; what stands between two words and a name is a dash.
_SPACED_HYPHEN = re.compile(r" - (?<=\w-[a-z] - )(?=[A-Z])")
# What stands behind the space is looked at first: at most spaces that tells.
_APART = r" (?=[n'’,.;:!?])"
_CLITIC_APART = r"(?=n't\b|['’](?:s|re|ve|ll|d|m)\b)"
_MARK_APART = r"(?=[,.;:!?](?:\s|$))(?<=\w )"
_LOOSE = re.compile(rf"{_APART}(?:{_CLITIC_APART}|{_MARK_APART})")
# "One died in , officials said": where a link was, a gap is left behind a small word.
BEFORE_GAP = word_set("a an and at by during for from in near of on than the to with")
_NO_GAP = "".join(rf"(?<!\b{word} )" for word in sorted(BEFORE_GAP))
_LOOSE_NO_GAP = re.compile(rf"{_APART}(?:{_CLITIC_APART}|{_MARK_APART}{_NO_GAP})")
GAPS_PER_MARKS = 10
"""Of so many commas and full stops one may stand apart in a text that isn't cut into words."""
# Many texts hold nothing else beyond ASCII: there is nothing in them to repair. Mojibake begins with a letter.
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SOUND = frozenset("‘’“”„–—―…•€£")
# What mojibake begins with; and what it goes on with, the control characters among it, and what is left where that was
# lost.
_MANGLED_FIRST = frozenset(map(chr, range(0xC2, 0xF0)))
_MANGLED = frozenset(map(chr, range(0x80, 0xC0))) | {"€", "Â", "â", "Ã"}
# Quotation marks as typesetters had them, and with a space on either side.
_TYPED_QUOTE = re.compile(r"` ?`\s?(.{1,600}?)\s?' ?'", re.S)
_LOW_QUOTE = re.compile(r"(?<!\S),,(?=\w)([^\n]{1,600}?)(?:''|,,|\")")
_SPACED_QUOTE = re.compile(r"([\"“])(?:(?<!\S.)|(?<=\w:.))(?<!\d\s.)\s([^\"“”]{1,600}?)\s([\"”])(?=[\s,.;:)]|$)")


def repair(text: str) -> str:
    """Undo what transport did to the text: entities, tags, mojibake, invisible characters, literal line breaks."""
    text = bounded(_unwrapped(text), TEXT_CHARS_MAX)
    if "<" in text:
        text = p.TAG_DROP.sub(" ", text)
        text = p.TAG.sub("", _without_comments(p.TAG_BREAK.sub("\n\n", text)))
    text = characters(text)
    if "\\n" in text:
        text = _LITERAL_BREAK.sub("\n", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if ",," in text:
        text = _LOW_QUOTE.sub(r"„\1”", text)
    if "``" in text or "` `" in text:
        text = _TYPED_QUOTE.sub(r'"\1"', text)
    if ' " ' in text or ':" ' in text or "“ " in text or '\n" ' in text or text.startswith('" '):
        text = _SPACED_QUOTE.sub(_closed_up, text)
    if " - " in text:
        text = _SPACED_HYPHEN.sub("-", text)
    return _closed_marks(text) if _LOOSE.search(text) else text


def _without_comments(text: str) -> str:
    """A text without the comments of HTML. What opens one behind the last end of any isn't looked at: thousands of them
    would each read all that follows."""
    end = text.rfind("-->") + len("-->")
    return p.COMMENT.sub("", text[:end]) + text[end:] if end >= len("-->") else text


def characters(text: str) -> str:
    """Undo what transport did to single characters: entities, mojibake, invisible ones."""
    if "&" in text:
        text = html.unescape(html.unescape(text.replace("& amp;", "&")))
    if text.isascii() or _SOUND.issuperset(beyond := frozenset(_BEYOND_ASCII.findall(text))):
        return text
    if not _MANGLED.isdisjoint(beyond):
        mangled = not _MANGLED_FIRST.isdisjoint(beyond)
        text = p.CONTROL.sub(_control, unmangle(text) if mangled else text)
        text = unmangle(text) if mangled else text
    return p.BIDI.sub("", p.INVISIBLE.sub("", text)).replace("\u00a0", " ")


def _closed_marks(text: str) -> str:
    """The text with its marks right behind their words; but where only some stand apart, one behind a small word tells
    that something was lost between them."""
    apart, marks = text.count(" ,") + text.count(" ."), text.count(",") + text.count(".")
    return (_LOOSE if GAPS_PER_MARKS * apart >= marks else _LOOSE_NO_GAP).sub("", text)


def _unwrapped(text: str) -> str:
    """A text without the quotation marks that it stands in as a whole: a field of a table (RFC 4180: the marks within
    are doubled), or one that somebody put between marks. A short one may be what somebody said."""
    bare = text.strip()
    if len(bare) < QUOTED_TEXT_CHARS_MIN or _WHOLE.get(bare[0]) != bare[-1]:
        return text
    inner = bare[1:-1]
    if bare[0] == '"':
        return inner.replace('""', '"') if '"' not in inner.replace('""', "") else text
    depth = 0
    for mark in inner:
        depth += (mark == bare[0]) - (mark == bare[-1])
        if depth < 0:
            return text
    return inner if not depth else text


def _closed_up(found: re.Match[str]) -> str:
    """The quotation without the spaces inside its marks, if its first mark opens one: an even number is before it in
    its paragraph."""
    start = found.string.rfind("\n", 0, found.start()) + 1
    if sum(found.string.count(mark, start, found.start()) for mark in DOUBLE_MARKS) % 2:
        return found[0]
    return found[1] + found[2] + found[3]


def bounded(text: str, chars: int) -> str:
    """Its first `chars` characters at most, to the end of a line or sentence if there is one."""
    if len(text) <= chars:
        return text
    head = text[:chars]
    cut = max(head.rfind("\n"), head.rfind(". "))
    return head[: cut + 1] if cut > 0 else head


def unmangle(text: str) -> str:
    """UTF-8 that was read as Windows-1252 or Latin-1, read right; anything else as it is."""
    if text.isascii():
        return text
    text = p.MOJIBAKE.sub(_demojibake, text)
    return p.MOJIBAKE_LEFT.sub("", p.MOJIBAKE_QUOTE.sub("”", text)) if p.MOJIBAKE_SIGN.search(text) else text


def _control(match: re.Match[str]) -> str:
    try:
        return match.group().encode("latin-1").decode("cp1252")
    except UnicodeError:
        return ""


def _demojibake(match: re.Match[str]) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return match.group().encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return match.group()
