"""Bytes to text: as declared, as detected, and repaired where it is certain."""

import codecs
import re

from charset_normalizer import from_bytes

from . import languages

_DETECT_BYTES = 64 * 1024
_CP1252 = {byte: char for byte in range(0x80, 0xA0) if (char := bytes((byte,)).decode("cp1252", "ignore"))}
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Codes whose bytes are UTF-8 as well, other text in it: those of seven bits (mail in Japanese, Korean, Chinese), and
# those with a zero in every ASCII letter.
_SEVEN_BITS, _WIDE = ("iso2022", "hz", "utf-7"), ("utf-16", "utf-32")
# Codecs for Python's own source, which no sender means: they can make half a surrogate pair of ASCII.
_ESCAPES = frozenset(("unicode-escape", "raw-unicode-escape"))
# Marks of UTF-8 read as Windows-1252: the lead bytes C2–F4 shown as letters, followed by a continuation byte.
_SUSPECT = re.compile(r"[ÂÃâÅÄÐÑØÙã][\u0080-\u00bf‘’“”•–—˜™š›œžŸ€‚ƒ„…†‡ˆ‰Š‹ŒŽ]")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`: a byte order mark first, UTF-8 if it is that, then as declared, then Windows-1252 in
    a language that is written in it, then as detected.

    What is declared as a code that looks like UTF-8 from outside (ISO 2022-JP) is read so before.

    UTF-8 comes before a declared 8-bit code because bytes that are valid UTF-8 with letters beyond ASCII are
    practically never anything else, while declarations of ISO 8859-1 over UTF-8 are common.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    known = _known(declared) if declared else None
    first = known if known and _is_like_utf8(known, data) else "utf-8"
    for code in dict.fromkeys((first, "utf-8", known or "utf-8")):
        try:
            return _windows_1252(data) if code == "cp1252" else data.decode(code)
        except (LookupError, ValueError):  # Python has codecs that are no text: hex, zlib
            pass
    if languages.guess(_TAG.sub(" ", _windows_1252(data[:_DETECT_BYTES]))) != "und":
        return _windows_1252(data)  # every language whose small words are known here is written in it
    best = from_bytes(data[:_DETECT_BYTES]).best()
    return data.decode(best.encoding, "replace") if best else _windows_1252(data)


def _windows_1252(data: bytes) -> str:
    """As the WHATWG encoding standard reads it: five bytes without a character are control characters, no fault."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:  # of those five; the other way takes twenty times as long
        return data.decode("latin-1").translate(_CP1252)


def _is_like_utf8(known: str, data: bytes) -> bool:
    return (known.startswith(_SEVEN_BITS) and data.isascii()) or (known.startswith(_WIDE) and b"\x00" in data)


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
