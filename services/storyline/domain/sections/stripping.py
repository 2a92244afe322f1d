"""A sentence without what leans on its neighbours or goes stale: dateline, connectors, days, brackets. Deletes only."""

import re
from collections.abc import Callable, Collection

from . import elsewhere
from . import patterns as p
from .vocabulary import is_verb
from .words import NUMBER_WORD, PREPOSITION, ROLE_SPEAKER, SPEECH, STOP, word_set

SHORT_CHARS_MAX = 4
"""Words of so many letters may be abbreviations."""
_BARE_TURN = ("But, ", "Yet, ")
_NEXT_WORD = re.compile(r",? ([a-z]+)\b")
_CONTEXT_WORD = re.compile(r"([\w'’]+)\W*$")


def strip_dateline(paragraph: str, language: str = "en") -> str:
    """The paragraph without the place, date and agency it may open with."""
    patterns = p.DATELINES if p.DATELINE.match(paragraph) else ()
    for pattern in patterns if language == "en" else (*elsewhere.DATELINES, *patterns):
        match = pattern.match(paragraph)
        if match and match.end() < len(paragraph):
            return paragraph[match.end() :].lstrip()
    return paragraph


def strip(sentence: str, language: str, article: str = "", days: Collection[str] = ()) -> str:
    """The sentence without what leans on its neighbours or goes stale: only deletions, and a capital to start with.

    What stands in quotation marks is left as it was said. `article` is the text that the sentence is from: a first word
    in capitals that stands there in small letters, too, is no abbreviation. `days` are the weekdays that needn't open a
    sentence: all, if the article has no date.
    """
    text = sentence.strip()
    if language != "en":
        return _strip_elsewhere(text, language)
    whole = text
    text = _without_furniture(text, article)
    if " also " in text:
        text = _delete(p.ALSO, "", text)
    if " here" in text:
        text = _delete(p.HERE, _without_here, text)
    if ", " in text and [sign for sign in p.INNER_SIGNS if sign in text]:
        text = _delete(p.INNER_CONNECTOR, "", text)
    if "day" in text or "night" in text:
        text = _without_first_day(_strip_days(text), days)
    if len(days) == len(p.WEEKDAYS) and [sign for sign in p.DAY_UNKNOWN_SIGNS if sign in text]:
        text = _delete(p.DAY_UNKNOWN, _without_unknown_day, text)
    if text is not whole or "  " in text:
        text = " ".join(text.split())
    text = text.replace(" ,", ",")
    if text.startswith(_BARE_TURN):
        text = text.replace(",", "", 1)
    if text.endswith("..") and text[-3:-2].isalnum():
        text = text[:-1]
    return text[:1].upper() + text[1:] if text != sentence and text[:1].islower() else text


def _strip_days(text: str) -> str:
    """A sentence without the days that are stale within the week."""
    if not [day for day in p.DAYS if day in text] or p.has_clock_time(text):
        return text
    if p.DAY_ALONE.search(text):
        text = _delete(p.DAY_BEFORE_VERB, _without_day_before, _delete(p.DAY_BARE, _without_bare_day, text))
    return _delete(p.DAY_AFTER_ON, _without_day, text) if p.ON_DAY.search(text) else text


def _without_first_day(text: str, days: Collection[str]) -> str:
    """A sentence without one of these days at its beginning, if nothing else in it needs the day."""
    first = p.DAY_FIRST.match(text)
    if first is None or first["day"] not in days or p.has_clock_time(text):
        return text
    rest = text[first.start("rest") :]
    return text if p.DAY_FIRST_NEEDED.search(rest) else rest


def _without_unknown_day(match: re.Match[str]) -> str:
    word = match["before"].lower()
    needed = not word[-1].isalnum() or _needs_day(word) or (is_verb(word) and word not in SPEECH)
    needed = needed or p.DAY_UNKNOWN_COUNTED.search(match.string, 0, match.end("before")) is not None
    return match.group() if needed else match["before"]


def _without_furniture(text: str, article: str) -> str:
    """An English sentence without brackets, labels, an opening that leans on others, and a first word in capitals."""
    text = _delete(p.PARENTHESIS, "", text) if "(" in text else text
    if prefix := p.SLUG_PREFIX.match(text):  # `sub` would try every place
        text = text[prefix.end() :]
    if text.startswith(("(", "[")) or text.endswith((")", ").", "]", "].")):
        text = _without_loose_brackets(text)
    if text.startswith(p.CONNECTORS):
        text = p.LEADING_CONNECTOR.sub("", text)
    if text[1:3].isupper() or (text.startswith("A ") and text[2:5].isupper()):
        text = p.DROP_CAPITALS.sub(lambda match: _without_drop_capitals(match.group(), article), text)
    return text


def _strip_elsewhere(sentence: str, language: str) -> str:
    """The same for other languages: an agency in brackets, and an opening that can be left out."""
    text = sentence
    if "(" in text or "/" in text or "（" in text:
        text = _delete(elsewhere.AGENCY_NOTE, "", text)
    if (connector := elsewhere.CONNECTOR.get(language)) is not None:
        text = connector.sub("", connector.sub("", text, count=1), count=1)
    if text == sentence or not text:
        return text
    return text[0].upper() + text[1:]


def _delete(pattern: re.Pattern[str], left: str | Callable[[re.Match[str]], str], text: str) -> str:
    """What the pattern finds replaced with what is left of it, but nothing within quotation marks."""
    if not p.QUOTATION_MARK.search(text):
        return pattern.sub(left, text)

    def outside(match: re.Match[str]) -> str:
        if _in_quotation(text, match.start()):
            return match.group()
        return left(match) if callable(left) else match.expand(left)

    return pattern.sub(outside, text)


def _in_quotation(text: str, at: int) -> bool:
    before = text[:at]
    if before.count('"') % 2 or before.count("“") > before.count("”") or before.count("«") > before.count("»"):
        return True
    # A closing single mark can't be told from an apostrophe.
    return p.SINGLE_QUOTE.search(before) is not None


def _without_drop_capitals(words: str, article: str) -> str:
    """The first word, or "A" and the next one, as the article has it elsewhere; as it is, if nothing tells how."""
    before, _, word = words.rpartition(" ")
    lower, name = word.lower(), word.capitalize()
    known = _is_word(lower) or (before != "" and _is_word(f"{lower}s"))
    if lower in p.SHORT_WORDS or (len(word) > SHORT_CHARS_MAX and known):
        return f"{before} {lower}" if before else name
    # "Who" and "WHO" are two words, and so are "aids" and "AIDS".
    if len(word) > SHORT_CHARS_MAX and _stands(lower.removesuffix("s"), article):
        return f"{before} {lower}" if before else name
    return f"{before} {name}".lstrip() if _stands(name, article) else words


def _stands(word: str, article: str) -> bool:
    """Whether an article has a word, or its plural, so; in an address every word is small."""
    return word in article and re.search(rf"(?<![\w./@#]){word}s?(?![\w/@]|\.\w)", article) is not None


def _is_word(lower: str) -> bool:
    listed = lower in STOP or lower in PREPOSITION or lower in NUMBER_WORD or lower in ROLE_SPEAKER or is_verb(lower)
    return listed or p.NO_ABBREVIATION.fullmatch(lower) is not None


def _without_loose_brackets(text: str) -> str:
    """The sentence without brackets around all of it, or one at its beginning or end that has no other."""
    for opening, closing in ("()", "[]"):
        opened, closed = text.count(opening), text.count(closing)
        bare = text.rstrip(".")
        if text[0] == opening and bare[-1] == closing and opened == closed == 1:
            inner = bare[1:-1].strip()
            return inner if inner[-1:] in ".!?" else f"{inner}{text[len(bare) :]}"
        if text[0] == opening and opened == closed + 1:
            return text[1:].lstrip()
        if bare[-1] == closing and closed == opened + 1:
            return f"{bare[:-1].rstrip()}{text[len(bare) :]}"
    return text


def _without_here(match: re.Match[str]) -> str:
    """A noun without the "here" behind it, whose dateline isn't shown: "in his office here"."""
    noun = match["noun"]
    if p.PLACE_NAMED.search(match.string, 0, match.start()):
        return match.group()
    needed = noun in PREPOSITION or noun in p.HERE_NEEDED_AFTER or noun.endswith("ing") or is_verb(noun)
    return match.group() if needed else match.group().removesuffix(" here")


def _without_day_before(match: re.Match[str]) -> str:
    word = match["before"].lower()
    if _needs_day(word) or _is_participle(word):
        return match.group()
    return f"{match['before']} {match['verb']}"


def _without_bare_day(match: re.Match[str]) -> str:
    before = match["before"]
    word = before.lower()
    # "… that was shown Monday, just as …", "… which launches today."
    ends = match.string[match.end() : match.end() + 1] in ("", ",", ".", ";", ":")
    hangs = ends and is_verb(word) and word not in SPEECH
    kept = not before[-1].isalnum() or hangs or _needs_day(word) or _tells_when(match, match.end("before"))
    return match.group() if kept else before


_BEFORE_DAY = word_set(
    """last next this that every each a an the one any some his her its their our my your previous following coming past
    same earlier later since than not"""
)


def _needs_day(before: str) -> bool:
    """Whether the word right before a day holds it: it is the point of the sentence, or part of a name."""
    held = before in p.DAY_NEEDED_AFTER or before in p.DAY_OF_NAME or before in PREPOSITION or before in _BEFORE_DAY
    return held or before.endswith(("'s", "’s", "ous", "ful", "ive", "less", "able", "atic"))


def _tells_when(match: re.Match[str], end: int) -> bool:
    """Whether a day is when something is to be, or ends a clause (at `end`) that tells little more than it: that
    something began, or somebody died, or that what is quoted was released."""
    if p.DAY_AHEAD.search(match.string, 0, end):
        return True
    if match.string[match.end() : match.end() + 1] == "," and p.DAY_OF_SAYING.match(match.string[:end]):
        return True
    ends = match.string[match.end() : match.end() + 1] in ("", ",", ".", ";", ":")
    return ends and p.DAY_OF_EVENT.search(match.string, 0, end) is not None


def _is_participle(word: str) -> bool:
    return word.endswith(("ed", "en", "held", "made", "said", "sent", "won")) and is_verb(word)


def _is_finite(word: str) -> bool:
    return is_verb(word) and not word.endswith("ing")


def _without_day(match: re.Match[str]) -> str:
    word = _CONTEXT_WORD.search(match.string[: match.start()])
    if word is None or word.group(1).lower() in p.DAY_NEEDED_AFTER or word.group(1) in p.SUNDAY_PAPERS:
        return match.group()
    # "A poll published on Thursday put Orre …": without the day two verbs would meet.
    after = _NEXT_WORD.match(match.string, match.end())
    if after and _is_participle(word.group(1).lower()) and _is_finite(after.group(1)):
        return match.group()
    if p.BEFORE_THAT.match(match.string, match.end()) and "," not in match.string[: match.start()]:
        return match.group()
    following = match.string[match.end() : match.end() + 1]
    comma = "," if match.group().startswith(",") else ""
    if (comma and following == ",") or _tells_when(match, match.start()):
        return match.group()
    return "" if following in ",.;" else comma
