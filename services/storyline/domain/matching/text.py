"""Words of any script, found the same way on every machine.

The character ranges are written out rather than left to `\\w`: Python's tables follow the Unicode version it was
built with, and `\\w` leaves out the vowel signs of Indic scripts, which would cut their words to pieces.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

TOKEN_CHARS_MAX = 40
"""Longer runs are cut: no natural word is longer, and a base64 blob shouldn't fill the caches."""

# Scripts written without spaces, and Hangul, whose spaced units carry their particles with them.
_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # Jamo, Kana, Han
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"  # Hangul, more Han
)
_SPACED = (
    "0-9a-z\u00aa\u00b5\u00ba\u00df-\u00f6\u00f8-\u02af\u0300-\u036f"  # Latin and combining marks
    "\u0370-\u037d\u037f-\u0386\u0388-\u03ff\u0400-\u052f\u0531-\u0587"  # Greek, Cyrillic, Armenian
    "\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7-\u05f2"  # Hebrew
    "\u0610-\u061a\u0620-\u0669\u066e-\u06d3\u06d5-\u06ff\u0750-\u077f\u08a0-\u08ff"  # Arabic
    "\u0900-\u0963\u0966-\u0dff\u0f00-\u0f03\u0f18-\u0fbc\u10a0-\u10ff\u1200-\u137f"  # Indic, Tibetan and more
    "\u1e00-\u1fff\u2c60-\u2c7f\ua720-\ua7ff\ua640-\ua69f"  # Latin, Greek and Cyrillic, extended
)
_WORD = re.compile(f"[{_SPACED}]+|[{_UNSPACED}]+")
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_INVISIBLE = ("\u00ad", "\u200b", "\ufeff", "\u0640")
"""Soft hyphen, zero-width space, byte order mark, Arabic stretching: they stand inside words and mean nothing."""


_ASCII = bytes(range(128))
_PARTED = bytes(ord(chr(n).lower() if chr(n).isalnum() else " ") for n in _ASCII) + bytes(range(128, 256))
"""UTF-8 to lower case, all of ASCII that stands in no word to spaces; other characters stay as they are."""
_ALONE_END = "\u0700"
"""Below it no two characters make one, unless the second is a mark that combines (Unicode's composition)."""


def tokens(text: str) -> list[str]:
    """Lower-case words in order; runs of unspaced script as overlapping pairs of characters."""
    return parted(text).decode().split()


def parted(text: str) -> bytes:
    """`tokens` in UTF-8, one or more spaces behind each."""
    if not text.isascii():
        others = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
        distinct = "".join(set(others))
        lower = distinct.lower()
        parting = {char: _parts_words(char) for char in lower}
        if None in parting.values():
            return spaced(_tokens_of_any_script(text.lower()))
        if lower != distinct:  # else only ASCII has capitals, which are made small below
            text = text.lower()
        for char, parts in parting.items():
            if parts:
                text = text.replace(char, " ")
    return text.encode().translate(_PARTED) + b" "  # a fraction of what a regular expression takes


def spaced(words: Iterable[str]) -> bytes:
    """Words in UTF-8, a space behind each."""
    return " ".join((*words, "")).encode()


@lru_cache(maxsize=4_096)
def _parts_words(char: str) -> bool | None:
    """Whether a lower-case character parts words (True) or is a letter, whatever stands beside it; None: it depends."""
    plain = unicodedata.normalize("NFKC", char)
    if char in _INVISIBLE or any(unicodedata.combining(each) for each in plain):
        return None
    if not _WORD.search(plain):
        return True
    return False if plain == char < _ALONE_END else None


def _tokens_of_any_script(text: str) -> list[str]:
    """The same of lower-case text in which characters are to be composed, left out, or paired."""
    for mark in _INVISIBLE:
        text = text.replace(mark, "")
    text = unicodedata.normalize("NFKC", text)
    found: list[str] = _WORD.findall(text)
    return list(_paired(found)) if _HAS_UNSPACED.search(text) else found


def _paired(runs: Iterable[str]) -> Iterable[str]:
    for run in runs:
        if len(run) > 1 and _HAS_UNSPACED.match(run):
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        else:
            yield run


def plain_latin(word: str) -> str:
    """Latin letters without their marks, so that a name is the same word with and without them."""
    if word.isascii() or word[0] >= "\u0370":
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not "\u0300" <= char <= "\u036f")


def cut(text: str, chars: int) -> int:
    """Where to cut `text` after at most `chars` characters without cutting a word, if a space is near."""
    if len(text) <= chars:
        return len(text)
    space = text.rfind(" ", max(0, chars - TOKEN_CHARS_MAX), chars)
    return space if space > 0 else chars
