"""Headings and headlines: a source's title, or a clause of the sentences below. Never a word of our own."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from storyline_schemas import Part

from . import words as w
from .features import TOKEN, Features, annotate, content_of, normal, plain
from .gate import is_deletion, supports
from .pool import Candidate, Pool
from .text import unmangle
from .vocabulary import is_verb

WORDS_MIN, WORDS_MAX = 5, 12
LEAD_WORDS_MAX = 15
TITLES_CACHED_MAX, CLAUSES_CACHED_MAX = 5_000, 10_000
TITLE_WORDS_MAX = 15
LEAD_STEMS_MIN = 5
"""A lead's heading says more than "Company Raised Its Offer", or repeats the headline instead."""
CLASH = 600
"""Two headings clash if they share this much (thousandths) of the smaller one's stems."""

_SITE = re.compile(r"\s+(?:[-–—|»]|::)\s+(?:[A-Z][\w.&'’]*(?:\s+[A-Z&][\w.&'’]*){0,4}|\w+\.(?:com|org|net|co\.uk))\s*$")
_BREAK = re.compile(r"\s*(?:\\n|[\r\n])\s*")
_FULL_STOP = re.compile(r"[a-z]{3}\.$")
_SLUG = re.compile(
    r"^(?:\((?:\d\w\w )?(?:LEAD|LD|URGENT|UPDATE|CORRECTED|NEWS FOCUS)\)\s*"
    r"|(?:BREAKING|UPDATE(?: \d+)?|URGENT|CORRECTED|REFILE|RECAST|WRAPUP(?: \d+)?|EXCLUSIVE|FACTBOX|PREVIEW|ADVISORY)"
    r"\s*[-:–]\s*)",
    re.I,
)
_NOT_TITLE = re.compile(
    r"\?|!|\.\.\.|…|^(?:why|how|what|when|who|where|live|opinion|video|watch|photos?|in pictures"
    r"|analysis|profile|q&a|factbox|timeline|readers|letters|editorial|comment|blog|podcast|transcript"
    r"|full "
    r"text|review)\b"
    r"|\b(?:live updates|as it happened|in pictures|video|photos|opinion|watch live|you need to know"
    r"|explained)\b|^\d+ (?:things|ways|reasons)|^[A-Z .,]+—$",
    re.I,
)
_DAY_AT_END = re.compile(
    r"\s+(?:on |this |next |last )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?$"
)
_STRONG = re.compile(
    r",\s+(?=(?:who|which|whose|where|as|after|while|when|but|and|with|according|saying|\w+ing|a|an|the"
    r"|his|her|its)\b)|;\s+|\s+[-–—]+\s+|:\s+"
)
_MEDIUM = re.compile(
    r"\s+(?=(?:after|as|while|because|since|amid|following|when|before|despite|although|where)\b)|,\s+"
)
_WEAK = re.compile(r"\s+(?=(?:with|in|on|for|at|by|from|over|during|near|between|through|under|and)\b)")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_MONTH_DAY = r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:, \d{4})?"
_LEADING_PHRASE = re.compile(
    r"^(?:In|On|At|After|Before|During|Since|With|Under|According to|Following|Despite|Amid|For|By|As "
    rf"of|Late|Early|Last|Next|[A-Z][a-z]+ing)\b[^,]{{2,60}},\s+(?:{_MONTH_DAY},\s+)?(?=[A-Z\w])"
)
_MARKS = re.compile(r"[\"“”‘()]")
_NO_HEADING_START = w.PREPOSITION | {
    "while",
    "although",
    "though",
    "given",
    "as",
    "if",
    "when",
    "because",
    "once",
    "whether",
    "where",
    "which",
    "who",
}
# Verbs that say little without what follows "as" or "to".
_INCOMPLETE = frozenset(
    ("showed", "shown", "described", "named", "regarded", "seen", "viewed", "considered", "cited", "served", "hailed",
     "identified", "expected", "believed", "known", "called", "based", "set", "used", "asked", "told", "forced")
)  # fmt: skip
_ING_NOUN = frozenset(
    ("shooting", "hearing", "meeting", "bombing", "building", "funding", "briefing", "killing", "hiring", "housing",
     "spending", "trading", "training", "voting", "warning", "wedding", "rating", "crossing", "mining", "morning")
)  # fmt: skip
_ADDS = re.compile(r", (?:adding|saying|noting|arguing|claiming|explaining)\b", re.I)
# "A 28th person, found dead in a house": the participle after the comma is not what the heading says.
_HANGING = re.compile(r"^[^,]+, (?:found|known|held|led|called|struck|hit|built|shot|born|sent|[A-Za-z]+ed)\b")
_CLAUSE_WORDS = frozenset(("while", "as", "after", "before", "because", "since", "when", "although", "but"))
_PREVENT = frozenset(("prevent", "prevents", "prevented", "stopped", "stops", "barred", "bars", "blocked"))
_RELATIVE = frozenset(("who", "which", "that", "whose", "where"))
_NO_HEADING_WORD = (w.FIRST_SECOND - {"us"}) | {"they", "it"}
_GOOD_END = frozenset(("killed", "dead", "injured", "arrested", "charged", "released", "died", "resigned"))
_BAD_END = frozenset(
    (
        "and",
        "or",
        "said",
        "says",
        "either",
        "more",
        "less",
        "very",
        "so",
        "also",
        "than",
        "when",
        "who",
        "which",
        "that",
        "whose",
        "most",
        "just",
        "still",
        "only",
        "about",
        "not",
        # Who they are, or what they did, was cut off: "… and issued him", "the move didn't stop there".
        "him",
        "them",
        "there",
        # These wait for what was cut off: "in preparation", "issued a call", "has emerged".
        "preparation",
        "response",
        "addition",
        "effort",
        "efforts",
        "attempt",
        "attempts",
        "call",
        "chief",
        "wake",
        "midst",
        "verge",
        "brink",
        "emerged",
        "late",
        "early",
        "characterized",
        "come",
        "deal",
        "rights",
        "way",
        "concerns",
        "order",
        "part",
        "role",
    )
)


@lru_cache(maxsize=TITLES_CACHED_MAX)
def clean_title(headline: str) -> str:
    """A headline without its site's name, wire slug, full stop and further lines: deletions only."""
    title = _BREAK.split(unmangle(html.unescape(headline)), maxsplit=1)[0] or headline
    title = _SLUG.sub("", _SITE.sub("", title)).strip()
    return title[:-1] if _FULL_STOP.search(title) else title


def _undated(title: str) -> str:
    """A title as a heading, which stands for longer than a day: without the weekday at its end."""
    return _DAY_AT_END.sub("", title)


@lru_cache(maxsize=TITLES_CACHED_MAX)
def is_headline(title: str, language: str) -> bool:
    """Whether a cleaned title reads like a news headline: a statement, not a question, label or dateline."""
    if not title or _NOT_TITLE.search(title):
        return False
    if language not in ("en", "und"):
        return True
    words = [token.lower() for token in TOKEN.findall(plain(title))]
    count = sum(word[0].isalnum() for word in words)
    if not 3 <= count <= TITLE_WORDS_MAX or any(word in w.FIRST_SECOND and word != "us" for word in words):
        return False
    return any(
        is_verb(word) or word == "to" or (len(word) > 4 and word.endswith("s") and i > 0)
        for i, word in enumerate(words)
    )


def grounded(heading: str, part: Part) -> bool:
    """Whether a heading is still a deletion of the article's title or of one of its sentences."""
    return is_deletion(heading, part.headline) or any(is_deletion(heading, kept.text) for kept in part.sentences)


class Heading(NamedTuple):
    """A heading or headline as far as it is compared: its distinct content stems."""

    text: str
    stems: tuple[str, ...]
    stem_set: frozenset[str]


@lru_cache(maxsize=CLAUSES_CACHED_MAX)
def read_heading(text: str, language: str) -> Heading:
    """The stems of a heading; what else `annotate` finds is of no use there."""
    stems = tuple(dict.fromkeys(content_of(text, language)))
    return Heading(text, stems, frozenset(stems))


def clashes(pool: Pool, heading: Heading, others: Iterable[Heading]) -> bool:
    """Whether a heading says much the same as another one; what all titles are about counts half."""
    for other in others:
        least = min(_heading_weight(pool, heading.stems), _heading_weight(pool, other.stems))
        shared = _heading_weight(pool, [stem for stem in heading.stems if stem in other.stem_set])
        if least and 1000 * shared >= CLASH * least:
            return True
    return False


def _heading_weight(pool: Pool, stems: Iterable[str]) -> int:
    return sum(1 if stem in pool.title_weights else 2 for stem in stems)


def choose(pool: Pool, block: Sequence[Candidate], taken: Sequence[Heading], lead: bool) -> tuple[str, int] | None:
    """A heading for a block and the article it comes from, or None. A lead may rather clash than go without.

    In the end a lead stands under its own article's title, though that be the story's headline too (pages then
    show it once); only an article without a title leaves it without.
    """
    relaxed: tuple[str, int] | None = None
    for text, n in _proposals(pool, block, lead):
        read = read_heading(text, pool.language)
        if not clashes(pool, read, taken) and not (lead and len(read.stems) < LEAD_STEMS_MIN):
            return text, n
        if lead and relaxed is None and all(_letters(text) != _letters(other.text) for other in taken):
            relaxed = (text, n)
    if lead and relaxed is None and (own := clean_title(pool.parts[block[0].n].headline)):
        return title_case(_undated(own), pool.language), block[0].n
    return relaxed


def _proposals(pool: Pool, block: Sequence[Candidate], lead: bool) -> Iterator[tuple[str, int]]:
    anchor = block[0]
    own = clean_title(pool.parts[anchor.n].headline)
    if anchor.position <= 2 and is_headline(own, pool.language) and _covers(pool, own, block[:2], 450):
        yield title_case(_undated(own), pool.language), anchor.n
    # What leads is what its heading must say; a section below may be headed by its second sentence.
    for candidate in block[: 1 if lead else 2]:
        if candidate.features.dependence:
            continue
        for clause in clauses(candidate.features, pool.language, LEAD_WORDS_MAX if lead else WORDS_MAX):
            yield title_case(clause, pool.language), candidate.n
    for n, part in pool.parts.items():
        title = clean_title(part.headline)
        if n == anchor.n or (_looks_ahead(title) and not anchor.features.future):
            continue
        if is_headline(title, pool.language) and _covers(pool, title, block, 750, digits=True):
            yield title_case(_undated(title), pool.language), n


@lru_cache(maxsize=TITLES_CACHED_MAX)
def _looks_ahead(title: str) -> bool:
    return re.search(r"\b(?:to|will) [a-z]+", title.lower()) is not None


def _covers(pool: Pool, title: str, block: Sequence[Candidate], share: int, digits: bool = False) -> bool:
    """Whether the block holds that share (thousandths) of a title's stems, and all of its numbers."""
    read = read_heading(title, pool.language)
    if not read.stems:
        return False
    held = {stem for candidate in block for stem in candidate.features.stems}
    if digits and any(stem not in held for stem in read.stems if any(character.isdigit() for character in stem)):
        return False
    return 1000 * sum(stem in held for stem in read.stems) >= share * len(read.stems)


def clauses(sentence: Features, language: str, words_max: int = WORDS_MAX) -> Iterator[str]:
    """Heading-like clauses of a sentence, best first; every one passes the gate against its sentence."""
    for heading in _clauses(sentence.text, language, words_max):
        if _stands_in(heading, sentence.text):
            yield heading


@lru_cache(maxsize=CLAUSES_CACHED_MAX)
def _stands_in(heading: str, sentence: str) -> bool:
    return supports(heading, sentence, "en")


@lru_cache(maxsize=CLAUSES_CACHED_MAX)
def _clauses(text: str, language: str, words_max: int) -> tuple[str, ...]:
    return tuple(_find_clauses(annotate(text, language), language, words_max))


def _find_clauses(sentence: Features, language: str, words_max: int) -> Iterator[str]:
    if language not in ("en", "und"):
        if sentence.length <= WORDS_MAX:
            yield sentence.text.rstrip(".。।؟۔ ")
        return
    if sentence.background or sentence.quote_words > 5:
        return
    text = _LEADING_PHRASE.sub("", _PARENTHESES.sub("", sentence.text.rstrip('."” ')))
    seen = set()
    for clause in dict.fromkeys((*_cuts(_without_aside(text)), *_cuts(text))):
        heading = _trim(clause)
        if heading not in seen and _is_heading(heading, words_max):
            seen.add(heading)
            yield heading


_ASIDE = re.compile(r", (?P<first>[\w'’“\"-]+)[^,;:]{3,140}, (?P<next>[\w'’-]+)")


def _without_aside(text: str) -> str:
    """The text without an aside between commas, if a verb goes on right after it."""
    match = _ASIDE.search(text)
    if match is None or not is_verb(normal(match["next"])):
        return text
    return f"{text[: match.start()]} {text[match.start('next') :]}"


def _cuts(text: str) -> Iterator[str]:
    """The text itself, then its beginnings, cut at strong boundaries first."""
    yield text
    for boundary in (_STRONG, _MEDIUM, _WEAK):
        # The longest beginning that still fits says the most.
        for match in reversed(list(boundary.finditer(text))):
            yield text[: match.start()]


# Articles, as headings leave them out, and what points back to another sentence.
_LEFT_OUT = frozenset(("the", "a", "an", "also"))


def _trim(clause: str) -> str:
    # A capital inside is a name's or a class's: "class A drugs".
    kept = [word for i, word in enumerate(_undated(clause).split()) if word not in _LEFT_OUT or i == 0]
    if kept and kept[0].lower() in ("the", "a", "an"):
        kept = kept[1:]
    return " ".join(kept).strip(" ,;:-–—")


def _is_heading(heading: str, words_max: int) -> bool:
    if heading.count(" ") > 2 * words_max:
        return False
    words = [token.lower() for token in TOKEN.findall(plain(heading)) if token[0].isalnum()]
    if not WORDS_MIN <= len(words) <= words_max or sum(word not in w.STOP for word in words) < 4:
        return False
    if any(word in _NO_HEADING_WORD for word in words) or any(word in w.PERSON_PRONOUN for word in words[:3]):
        return False
    if _HANGING.search(heading) or _clause_is_cut(words):
        return False
    if "what" in words or (words[0].endswith("ing") and words[0] not in _ING_NOUN) or _ADDS.search(heading):
        return False
    if "between" in words and "and" not in words[words.index("between") :]:
        return False
    if "their" in words[:3] or "its" in words[:2]:
        return False
    counted = words[0] not in _RELATIVE and (words[1][0].isdigit() or words[1] in w.NUMBER_WORD)
    if words[0] in _NO_HEADING_START and not counted:
        return False
    return _ends_well(words) and heading.count(",") <= 1 and not _MARKS.search(heading) and _has_predicate(words)


def _clause_is_cut(words: list[str]) -> bool:
    """Whether a last clause has lost its verb ("…, while poll"), or a verb its "from" ("prevents countries …")."""
    opened = max((i for i, word in enumerate(words) if word in _CLAUSE_WORDS), default=len(words))
    if len(words) - opened <= 4 and opened < len(words) and not any(_verbal(word) for word in words[opened + 1 :]):
        return True
    return not _PREVENT.isdisjoint(words) and "from" not in words


def _ends_well(words: list[str]) -> bool:
    """Whether a clause wasn't cut in the middle of a phrase."""
    last, before = words[-1], words[-2]
    if last in w.PREPOSITION or last in w.DETERMINER or last in w.AUXILIARY or last in _BAD_END:
        return False
    passive = last.endswith("ed") and before in w.AUXILIARY and last not in _INCOMPLETE
    if (is_verb(last) or last.endswith("ly")) and last not in _GOOD_END and not passive:
        return False
    if (last.endswith("ing") and last not in _ING_NOUN) or last in w.PLAIN:
        return False
    return not (last in w.PLAIN_IN_HEADING and (before in w.AUXILIARY or before in ("to", "likely")))


def _has_predicate(words: list[str]) -> bool:
    """A finite verb of the main clause with two words after it; "said that …" needs a verb of its own behind it."""
    place = _main_verb(words)
    if place is None or place > len(words) - 3:
        return False
    if words[place] in _INCOMPLETE and "as" not in words[place:]:
        return False
    rest = words[place + 1 :]
    if "that" in rest:
        # "ruled that evidence seized from …" has lost what was ruled.
        said = rest[rest.index("that") :]
        return (verb := _main_verb(["", *said[1:]])) is not None and not _hangs(["", *said[1:]], verb)
    return words[place] not in w.SPEECH or any(_verbal(later) for later in rest)


def _verbal(word: str) -> bool:
    return ("-" not in word and is_verb(word)) or word in w.PLAIN_IN_HEADING


def _hangs(words: list[str], i: int) -> bool:
    """Whether the verb may be a participle that hangs on the noun before it."""
    follows = words[i + 1] if i + 1 < len(words) else ""
    return words[i].endswith("ed") and follows in w.PREPOSITION and words[i - 1] not in w.AUXILIARY


def _main_verb(words: list[str]) -> int | None:
    """Where the main clause's verb stands: not one of a relative clause ("leaders who have led …") nor a participle
    that hangs on a noun ("the budget authored by …")."""
    inside = False
    for i, word in enumerate(words[1:], 1):
        if word in _RELATIVE:
            inside = True
        elif _verbal(word) and not (word == "states" and words[i - 1] == "united"):
            hangs = _hangs(words, i)
            if inside:
                # An auxiliary and what it carries are one verb.
                inside = word in w.AUXILIARY
            elif not (hangs and any(_verbal(later) for later in words[i + 1 :])) and not (
                hangs and words[i + 1] == "by"
            ):
                return i
    return None


def title_case(text: str, language: str) -> str:
    """English headings in title case: the first letters of all but small words; capitals that are there stay."""
    if language not in ("en", "und"):
        return text
    words = text.split(" ")
    last = len(words) - 1
    return " ".join(
        word if i not in (0, last) and word.lower() in w.TITLE_SMALL else _capital(word) for i, word in enumerate(words)
    )


def _capital(word: str) -> str:
    if "." in word[:-1] and len(word) <= 5:
        return word
    for i, character in enumerate(word):
        if character.isalpha():
            return word[:i] + character.upper() + word[i + 1 :] if not word[:i].isdigit() else word
        if character.isdigit():
            return word
    return word


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def headline_score(pool: Pool, n: int, lead_n: int | None) -> int:
    """How good the title of article `n` is as the story's headline now, in thousandths."""
    title = clean_title(pool.parts[n].headline)
    read = annotate(title, pool.language)
    newest = max(part.at_ms for part in pool.parts.values())
    score = 1200 * pool.centrality(read) // 1000 - age_penalty(newest - pool.parts[n].at_ms)
    score += 250 if is_headline(title, pool.language) else -250
    score -= 60 * max(0, read.length - 12)
    score -= 200 if title.startswith("The ") else 0
    score -= 100 if read.future or (" to " in title[:60] and pool.parts[n].relation == "advance") else 0
    return score + (120 if n == lead_n else 0)


def age_penalty(gap_ms: int) -> int:
    """What age takes off, in thousandths: 8 an hour for two days, then 3 an hour up to 744 at a week."""
    hours = max(0, gap_ms) // 3_600_000
    return 8 * min(hours, 48) + 3 * max(0, min(hours, 168) - 48)
