"""What a heading leaves out of a clause: articles, what points back, and the days that are old tomorrow (English)."""

import re

from . import words as w

_DAY_AT_END = re.compile(
    r"\s+(?:(?:[Oo]n |[Tt]his |[Nn]ext |[Ll]ast )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"(?: (?:morning|afternoon|evening|night))?"
    r"|(?:earlier |later )?(?:this|last) (?:week|weekend|month|morning|afternoon|evening)"
    r"|(?:(?:shortly )?(?:before|after)|at|around|by|about) \d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\.?)$"
)
_DAY_ENDS = ("day", "morning", "afternoon", "evening", "night", "week", "weekend", "month", "m", "m.")


def undated(title: str) -> str:
    """A title as a heading, which stands for longer than a day: without the weekday at its end."""
    # Looked at before the pattern, which would try every space of the title.
    if not title.rstrip("\n").endswith(_DAY_ENDS):
        return title
    without = _DAY_AT_END.sub("", title)
    # "Closed until Friday" says till when.
    return title if without.rsplit(" ", 1)[-1].lower() in w.PREPOSITION else without


# Articles, as headings leave them out, what points back to another sentence, and what is stale tomorrow.
_KEEPS_ARTICLE = frozenset(
    ("nearly", "almost", "about", "half", "such", "quite", "over", "within", "than", "once", "twice")
)
# "A few came" isn't "few came", nor "the little that is left" "little that is left"; "a" third is one.
_NONE: frozenset[str] = frozenset()
_NEEDS_THE = frozenset(("few", "little"))
_NEEDS_A = frozenset(
    ("few", "little", "lot", "single", "third", "quarter", "half", "dozen", "hundred", "thousand", "million", "billion")
)
_KEEPS_THE = frozenset(("nearly", "almost", "half"))
_LEFT_OUT = frozenset(
    ("the", "a", "an", "also", "today", "yesterday", "tonight", "then", "nonetheless", "nevertheless", "therefore",
     "certainly")
)  # fmt: skip
# "Ten times a day", "60 miles an hour".
_PER = frozenset(("second", "minute", "hour", "day", "night", "week", "month", "year", "head", "barrel", "share"))


def _is_needed(article: str, after: str) -> bool:
    """Whether a word says something else without its article."""
    return after.rstrip(",.;").lower() in {"a": _NEEDS_A, "the": _NEEDS_THE}.get(article, _NONE)


def _keeps(before: str, article: str, after: str) -> bool:
    if _is_needed(article, after):
        return True
    if article in ("a", "an") and after.rstrip(",.;") in _PER and (before.endswith("s") or before[-1].isdigit()):
        return before not in w.PREPOSITION
    return before.lower() in (_KEEPS_THE if article == "the" else _KEEPS_ARTICLE)


# A weekday within a clause, which is old tomorrow, but neither "since Monday" nor "Black Friday", nor that of a "poll
# released Wednesday", which would be a "poll released", and never without its "on".
_DAY_INSIDE = re.compile(
    r" (?<!since )(?<!until )(?<!by )(?<!from )(?<!to )(?<!and )(?<!or )(?<!this )(?<!before )(?<!after )(?<!next )"
    r"(?<!last )(?<!between )(?<!released )(?<!published )(?<!early )(?<!late )(?<!on )(?<!On )"
    r"(?:(?=[Oo]n )|(?<![A-Z]\w\w )(?<![A-Z]\w\w\w )(?<![A-Z]\w\w\w\w ))"
    r"(?:[Oo]n |[Ll]ate |[Ee]arly )*(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"(?: (?:morning|afternoon|evening|night))?"
    r"(?= (?!(?:morning|afternoon|evening|night)\b)(?:[a-z]|[A-Z][a-z]+ [A-Z]))"
)
# "Said Tuesday Holm's plan was …", "told reporters Tuesday that …": the day is of the saying.
_DAY_OF_SAYING = re.compile(
    r"(?<=\b(?:said|says)) (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?= (?:that |[A-Z][\w’'-]+ (?![A-Z])))"
)
_TIME_OF_DAY = re.compile(r" (?:late|early)$")


_QUOTE = re.compile(r"[\"“]")


def _quoted(words: list[str]) -> frozenset[int]:
    """The places of words within quotation marks, of which none is left out."""
    inside, places = False, set()
    for i, word in enumerate(words):
        inside = inside or word[0] in '"“'
        if inside:
            places.add(i)
        if word.rstrip(".,;:")[-1:] in ('"', "”"):
            inside = False
    return frozenset(places)


def trim(clause: str) -> str:
    # A capital inside is a name's or a class's: "class A drugs".
    # Looked at before the patterns, which would try every space.
    if "day" in clause:
        clause = _DAY_OF_SAYING.sub("", _DAY_INSIDE.sub("", clause))
        clause = _TIME_OF_DAY.sub("", undated(clause))
    words = undated(clause).split()
    quoted = _quoted(words) if _QUOTE.search(clause) else frozenset()
    kept = [
        word
        for i, word in enumerate(words)
        if i == 0
        or word not in _LEFT_OUT
        or i in quoted
        or _keeps(words[i - 1], word, words[i + 1] if i + 1 < len(words) else "")
    ]
    if len(kept) > 1 and kept[0].lower() in ("the", "a", "an") and not _is_needed(kept[0].lower(), kept[1]):
        kept = kept[1:]
    return " ".join(kept).strip(" ,;:-–—")
