"""Bytes to text: as declared, as detected, and repaired where it is certain."""

import codecs
import re

from charset_normalizer import from_bytes

_DETECT_BYTES = 64 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Codecs for Python's own source, which no sender means: they can make half a surrogate pair of ASCII.
_ESCAPES = frozenset(("unicode-escape", "raw-unicode-escape"))
# Marks of UTF-8 read as Windows-1252: the lead bytes C2–F4 shown as letters, followed by a continuation byte.
_SUSPECT = re.compile(r"[ÂÃâÅÄÐÑØÙã][\u0080-\u00bf‘’“”•–—˜™š›œžŸ€‚ƒ„…†‡ˆ‰Š‹ŒŽ]")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`: a byte order mark first, UTF-8 if it is that, then as declared, then as detected.

    UTF-8 comes before a declared 8-bit code because bytes that are valid UTF-8 with letters beyond ASCII are
    practically never anything else, while declarations of ISO 8859-1 over UTF-8 are common.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if declared and (known := _known(declared)):
        try:
            return data.decode(known)
        except (LookupError, ValueError):  # Python has codecs that are no text: hex, zlib
            pass
    best = from_bytes(data[:_DETECT_BYTES]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _known(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    if found in _ESCAPES:
        return None
    # What calls itself ISO 8859-1 holds Windows-1252 (the WHATWG encoding standard reads it so).
    return "cp1252" if found in ("iso8859-1", "latin-1", "ascii") else found


def repaired(text: str) -> str:
    """The text with UTF-8 that was read as Windows-1252 read right; unchanged unless that is certain.

    Certain means: the whole text goes back to bytes and those bytes are valid UTF-8. One letter in another place
    that is not part of such a sequence makes it fail.
    """
    if not _SUSPECT.search(text):
        return text
    if "\u2029" in text:  # parts put together: each was written by the same hand, so all or none
        parts = text.split("\u2029")
        mended = [repaired(part) for part in parts]
        certain = all(fixed != part or part.isascii() for fixed, part in zip(mended, parts, strict=True))
        return "\u2029".join(mended) if certain else text
    try:
        # Five bytes have no character in cp1252; what wrote the text kept them as control characters.
        raw = b"".join(map(_cp1252, text))
        return raw.decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _cp1252(char: str) -> bytes:
    return bytes((ord(char),)) if "\x80" <= char <= "\x9f" else char.encode("cp1252")
