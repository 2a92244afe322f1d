"""Clauses of a sentence that can stand over a section: cut where a clause ends, never a word of our own."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from . import words as w
from .breaks import ends_short, graded, lacks_name, stands
from .features import Features, annotate, normal
from .forms import WORDS_MAX, WORDS_MIN, Cut, has_form, is_heading
from .gate import supports
from .predicates import RELATIVE, main_verb, verbal, words_of
from .trimming import trim
from .variants import NEAR, variants, without_occasion
from .vocabulary import is_verb

SPEAKER_WORDS_MAX = 4
"""Of a speaker at the end of a heading, "said" included; a heading may be longer by all but one of them."""
CLAUSES_CACHED_MAX = 10_000
QUOTE_WORDS_MAX = 8
PLAIN_WORDS_MIN = 5
FOUND_MAX = 6
"""Of a sentence's clauses; those that follow are cut where more is missed."""
GRADE_MAX = 4
LEFT_OUT_MAX = 9
"""Articles and other words that a heading may leave out, more or less."""
_STRONG = re.compile(
    r", (?=(?:who|which|whose|where|as|after|while|when|but|and|with|according|saying|\w+ing|a|an|the"
    r"|his|her|its)\b)|; | [-–—]+ |: "
)
_MEDIUM = re.compile(r" (?=(?:after|as|while|because|since|amid|following|when|before|despite|although|where)\b)|, ")
_WEAK = re.compile(r" (?=(?:with|in|on|for|at|by|from|over|during|near|between|through|under|and|that|which|who)\b)")
# "Marched in the streets of Solmar | to voice …": why they did it.
_PURPOSE = re.compile(
    r" (?:in|at) (?:[a-z]+ ){0,3}(?:[A-Z][\w'’.-]*)(?: [A-Z][\w'’.-]*){0,3}"
    r"(?P<cut>) to (?=[a-z]+ (?:their|its|the|an?) )"
)
_WOULD = re.compile(r"\b(?:would|could|should|might|may|must|needs?) ")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_MONTH_DAY = r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:, \d{4})?"
_LEADING_PHRASE = re.compile(
    r"^(?:In|On|At|After|Before|During|Since|With|Within|Under|According to|Following|Despite|Amid|For|By|As "
    r"of|Across|Far from|Throughout|Ahead of|Shortly|Soon|Immediately|Hours|Days|Weeks|Months|Minutes|Back|Late|Early"
    rf"|Last|Next|[A-Z][a-z]+ing)\b[^,]{{2,60}},\s+(?:{_MONTH_DAY},\s+)?(?=[A-Z\w])"
    r"|^(?:[A-Z][a-z]+ )(?:[a-z]+ ){0,2}(?:hours?|days?|weeks?|months?|years?) (?:ago|earlier|later),\s+(?=[A-Z\w])"
    # "Last week an issue of the paper showed …", "Earlier this year Holm was …"
    r"|^(?:(?:Earlier|Late|Later|Early) )?(?:[Ll]ast|[Tt]his) (?:week|weekend|month|year|night|spring|summer|autumn"
    r"|fall|winter) (?=(?:the|an?|more|some|nearly|about|at|[A-Z][\w'’.-]*|\d[\d,]*) )"
)
# "When the storm came, the board closed the pier", and what only ties a sentence to the one before.
_LEADING_CLAUSE = re.compile(
    r"^(?:When|While|As|Although|Though|Since|Because|With|Within|In|On|At|After|Before|During|Following|Despite|Amid"
    r"|Throughout|[A-Z][a-z]+(?:ing|ed)|[A-Z][a-z]+ly [a-z]+(?:ing|ed))\b[^,;:]{2,140},\s+(?=[A-Z\w])"
)
_TIE = re.compile(
    r"^(?:But|And|Yet|Still|Meanwhile|However|Also|Moreover|Nonetheless|Separately|In addition),? (?=[A-Za-z])"
)
# "A late addition to the list, Keira Holm is …": what stands before the name tells only who she is.
_LEADING_APPOSITION = re.compile(
    r"^(?:An?|The|One of the) (?P<who>[^,;:]{3,80}), (?=[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,3} (?P<verb>[a-z]+) )"
)
_CLOSING, _INSIDE = frozenset('”"’'), frozenset(".,")
# "At one location, the shop was full" isn't so of the shop at large.
_SCOPE = re.compile(
    r"\b(?:one|some|many|most|few|several|poll|polls|survey|case|cases|instance|version|draft|study|if|unless|without|like"
    r"|unlike|according)\b",
    re.I,
)
# "In the regional capital, Donetsk, …": the name belongs to the phrase.
_NAMED = re.compile(r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*,")


def graded_clauses(sentence: Features, language: str, words_max: int = WORDS_MAX) -> Sequence[tuple[int, str]]:
    """Heading-like clauses of a sentence, best first, with what each was cut at: 0 for a whole sentence or main clause,
    1 at a comma or before a clause, 2 before a phrase, where something may be missed. They haven't passed the gate yet,
    see `stands_in`."""
    return _clauses(sentence.text, language, words_max)


@lru_cache(maxsize=CLAUSES_CACHED_MAX)
def stands_in(heading: str, sentence: str) -> bool:
    """Whether a heading made of a sentence passes the gate against it."""
    return supports(heading, sentence, "en")


@lru_cache(maxsize=CLAUSES_CACHED_MAX)
def _clauses(text: str, language: str, words_max: int) -> tuple[tuple[int, str], ...]:
    return tuple(islice(_find_clauses(annotate(text, language), language, words_max), FOUND_MAX))


def _find_clauses(sentence: Features, language: str, words_max: int) -> Iterator[tuple[int, str]]:
    if language not in ("en", "und"):
        yield from _plain_clauses(sentence, language)
        return
    # A year makes background of a sentence, unless it leads.
    if sentence.background and words_max <= WORDS_MAX:
        return
    text = _to_be_cut(sentence)
    seen = set()
    for grade, heading in _with_speaker(text, words_max + SPEAKER_WORDS_MAX - 1):
        if heading not in seen:
            seen.add(heading)
            yield grade, heading
    wholes = _wholes(text)
    cuts = [(grade, far, clause, whole) for whole, far in wholes.items() for grade, clause in _cuts(whole, words_max)]
    for grade, far, clause, whole in sorted(cuts, key=lambda cut: cut[0] + cut[1]):
        if clause.count(" ") < WORDS_MIN - 1:
            continue
        heading = trim(clause)
        if heading in seen or not has_form(heading, words_max):
            continue
        cut = Cut(heading, words_of(heading), clause, whole)
        whole_is_cut = cut.tail.strip() or sentence.quote_words > QUOTE_WORDS_MAX
        if whole_is_cut and lacks_name(cut):
            continue
        if is_heading(cut, words_max, whole=not cut.tail.strip()) and stands(cut, grade):
            seen.add(heading)
            yield min(graded(grade, cut) + far, GRADE_MAX), heading


def _wholes(text: str) -> dict[str, int]:
    """What a cleaned sentence may be cut at as a whole, each with how far it is from its beginning (`variants`)."""
    shorter = _without_aside(text)
    bare = without_occasion(shorter)
    wholes = dict.fromkeys((bare, shorter, text), NEAR)
    for far, whole in variants(bare):
        wholes.setdefault(whole, far)
    return wholes


def _to_be_cut(sentence: Features) -> str:
    """A sentence without its full stop, a long quotation at its end, brackets and what opens it before its clause."""
    end = sentence.text if ends_short(sentence.text) else _without_mark(sentence.text.rstrip(". "))
    if sentence.quote_words > QUOTE_WORDS_MAX:
        end = _before_quotation(sentence.text)
    text = _PARENTHESES.sub("", end) if "(" in end else end
    opening = _LEADING_PHRASE.match(text)
    if opening and not _SCOPE.search(opening.group()) and not _NAMED.match(text, opening.end()):
        text = text[opening.end() :]
    return _without_apposition(_without_clause(_TIE.sub("", text)))


def _without_mark(text: str) -> str:
    """A text without the full stop or comma inside its last quotation mark."""
    inside = text[-1:] in _CLOSING and text[-2:-1] in _INSIDE
    return text[:-2] + text[-1] if inside else text


def _plain_clauses(sentence: Features, language: str) -> Iterator[tuple[int, str]]:
    """Of a sentence in another language what stands before a last clause that it is whole without; the whole would
    stand right above itself."""
    text = sentence.text.rstrip(".。।؟۔ ")
    head, comma, tail = text.rpartition(", ")
    opening = tail.split(" ", 1)[0].lower()
    count = head.count(" ") + 1
    whole = comma and opening in w.CLAUSE_OPENING.get(language, ()) and _pairs_marks(head)
    if whole and PLAIN_WORDS_MIN <= count <= WORDS_MAX:
        yield 1, head


def _pairs_marks(text: str) -> bool:
    # „…“ and “…” share a mark: together they must be even.
    pairs = text.count("«") == text.count("»") and text.count("(") == text.count(")")
    return pairs and not any(sum(map(text.count, marks)) % 2 for marks in ('"', "„“”"))


def _before_quotation(text: str) -> str:
    """What stands before a long quotation and the clause that it stands in: "…, saying that “…”."""
    at = next((i for i, character in enumerate(text) if character in '"“‘'), 0)
    return text[: max(0, text.rfind(",", 0, at))]


def _without_clause(text: str) -> str:
    """The text without a clause before its main one, if that brings its own subject: no list or aside goes on there."""
    opening = _LEADING_CLAUSE.match(text)
    if opening is None or _SCOPE.search(opening.group()):
        return text
    named = _NAMED.match(text, opening.end())
    rest = text[named.end() if named else opening.end() :].lstrip()
    words = words_of(rest)
    if len(words) < WORDS_MIN or words[0] in ("and", "or", "but", *RELATIVE) or is_verb(words[0]):
        return text
    return rest if main_verb(words) is not None else text


def _without_apposition(text: str) -> str:
    found = _LEADING_APPOSITION.match(text)
    if found is None or not is_verb(found["verb"]) or any(is_verb(word) for word in words_of(found["who"])):
        return text
    return text[found.end() :]


_ASIDE = re.compile(r", (?P<first>[\w'’“\"-]+)[^,;:]{0,140}, (?P<next>[\w'’-]+)")


def _without_aside(text: str) -> str:
    """The text without an aside between commas, if a verb goes on right after it."""
    match = _ASIDE.search(text)
    if match is None or not is_verb(normal(match["next"])):
        return text
    return f"{text[: match.start()]} {text[match.start('next') :]}"


_SPEAKER = re.compile(r", (?P<who>(?:[A-Za-z][\w'’.-]* ){1,5})said(?=$|,| (?:in|on|at|after|during|to) )")


def _with_speaker(text: str, words_max: int) -> Iterator[tuple[int, str]]:
    """Clauses of what someone is said to have said, with the speaker after them: "…, police said"."""
    match = _SPEAKER.search(text) if " said" in text else None
    if match is None:
        return
    who = trim(match["who"].strip())
    count = len(words_of(who)) + 1
    if count > SPEAKER_WORDS_MAX or any(word in w.PERSON_PRONOUN or word in _NO_SPEAKER for word in words_of(who)):
        return
    claim = text[: match.start()]
    for grade, clause in _cuts(claim, words_max):
        heading = trim(clause)
        if any(verbal(word) for word in words_of(claim[len(clause) :])):
            continue  # said of another clause, perhaps
        if ", " in heading or not has_form(heading, words_max - count):
            continue
        cut = Cut(heading, words_of(heading), clause, claim)
        if is_heading(cut, words_max - count) and stands(cut, grade):
            yield grade, f"{heading}, {who} said"


_NO_SPEAKER = (
    w.FIRST_SECOND | w.PREPOSITION | frozenset(("they", "it", "who", "which", "that", "and", "but", "has", "have"))
)


def _cuts(text: str, words_max: int) -> Iterator[tuple[int, str]]:
    """The text itself, then its beginnings, cut at strong boundaries first, each with its grade; none that is still far
    too long with its articles and days left out."""
    end = _end_of_word(text, words_max + LEFT_OUT_MAX)
    if end == len(text):
        yield 0, text
    for grade, boundary in enumerate((_STRONG, _MEDIUM, _WEAK)):
        # The longest beginning that still fits says the most.
        for match in reversed(list(boundary.finditer(text, 0, end))):
            yield grade, text[: match.start()]
    purpose = _PURPOSE.search(text, 0, end)
    if purpose and not _WOULD.search(text, 0, purpose.start("cut")):
        yield 1, text[: purpose.start("cut")]


def _end_of_word(text: str, number: int) -> int:
    """Where the word with that number ends and one more begins, or the text."""
    at = -1
    for _ in range(number + 1):
        at = text.find(" ", at + 1)
        if at < 0:
            return len(text)
    return at
