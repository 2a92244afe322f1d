"""Clauses of a sentence that can stand over a section: cut where a clause ends, never a word of our own."""

import re
import string
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from . import words as w
from .cuts import waits
from .features import TOKEN, Features, annotate, normal, plain
from .gate import supports
from .vocabulary import LETTERS, is_verb, table

WORDS_MIN, WORDS_MAX = 4, 14
SPEAKER_WORDS_MAX = 4
"""Of a speaker at the end of a heading, "said" included; a heading may be longer by all but one of them."""
CLAUSES_CACHED_MAX = 10_000
WHOLES_CACHED_MAX = 100
"""Each is asked about for one cut after the other."""
WEAK_CUT = 2
"""The grade of what is cut before a phrase."""
QUOTE_WORDS_MAX = 5
PLAIN_WORDS_MIN = 5
HALF_WORDS_MIN = 6
"""Of a predicate that another one follows, with its subject: a shorter one is the lesser half."""
FOUND_MAX = 4
"""Of a sentence's clauses; those that follow are cut where more is missed."""
LEFT_OUT_MAX = 9
"""Articles and other words that a heading may leave out, more or less."""
CUT_CLAUSE_WORDS = 10
"""A last clause of up to so many words without a verb has lost it."""

_STRONG = re.compile(
    r",\s+(?=(?:who|which|whose|where|as|after|while|when|but|and|with|according|saying|\w+ing|a|an|the"
    r"|his|her|its)\b)|;\s+|\s+[-–—]+\s+|:\s+"
)
_MEDIUM = re.compile(
    r"\s+(?=(?:after|as|while|because|since|amid|following|when|before|despite|although|where)\b)|,\s+"
)
_WEAK = re.compile(r"\s+(?=(?:with|in|on|for|at|by|from|over|during|near|between|through|under|and|that|which|who)\b)")
# "Marched in the streets of Solmar | to voice …": why they did it.
_PURPOSE = re.compile(
    r" (?:in|at) (?:[a-z]+ ){0,3}(?:[A-Z][\w'’.-]*)(?: [A-Z][\w'’.-]*){0,3}"
    r"(?P<cut>) to (?=[a-z]+ (?:their|its|the|an?) )"
)
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_MONTH_DAY = r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:, \d{4})?"
_LEADING_PHRASE = re.compile(
    r"^(?:In|On|At|After|Before|During|Since|With|Within|Under|According to|Following|Despite|Amid|For|By|As "
    rf"of|Back|Late|Early|Last|Next|[A-Z][a-z]+ing)\b[^,]{{2,60}},\s+(?:{_MONTH_DAY},\s+)?(?=[A-Z\w])"
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
# "… from West Orange, N.J.": the full stop is the abbreviation's, too.
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.){2,}$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|a\.m|p\.m)\.$")
_MAY_BE_ABBREVIATED = (
    "Inc.", "Corp.", "Co.", "Ltd.", "Jr.", "Sr.", "a.m.", "p.m.", *(f".{letter}." for letter in string.ascii_uppercase),
)  # fmt: skip
_CLOSING, _INSIDE = frozenset('”"’'), frozenset(".,")
_MARKS = re.compile(r"[\"“”‘()\[\]/]")
_BRACKETS = re.compile(r"[()\[\]/‘]")
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
     "identified", "quoted", "expected", "believed", "known", "called", "based", "set", "used", "asked", "told",
     "forced")
)  # fmt: skip
_INCOMPLETE_UNTIL = frozenset(("as", "to", "in", "for"))
_ING_NOUN = frozenset(
    ("shooting", "hearing", "meeting", "bombing", "building", "funding", "briefing", "killing", "hiring", "housing",
     "spending", "trading", "training", "voting", "warning", "wedding", "rating", "crossing", "mining", "morning")
)  # fmt: skip
_ADDS = re.compile(r", (?:adding|saying|noting|arguing|claiming|explaining)\b", re.I)
# "A 28th person, found dead in a house": the participle after the comma is not what the heading says.
_HANGING = re.compile(r"^[^,]+, (?:found|known|held|led|called|struck|hit|built|shot|born|sent|[A-Za-z]+ed)\b")
# "At one location, the shop was full" isn't so of the shop at large.
_SCOPE = re.compile(
    r"\b(?:one|some|many|most|few|several|poll|polls|survey|case|cases|instance|version|draft|study|if|unless|without|like"
    r"|unlike|according)\b",
    re.I,
)
_NO_SUBJECT = frozenset(
    ("one", "another", "others", "some", "many", "most", "none", "note", "each", "all", "more", "elsewhere", "even")
)
_RANGE = frozenset(("varied", "varies", "ranged", "ranges", "range", "vary"))
_TAKES_AS = (
    "count", "designat", "describ", "regard", "treat", "defin", "portray", "identif", "classif", "label", "recogni",
    "saw", "sees",
)  # fmt: skip
# "In the regional capital, Donetsk, …": the name belongs to the phrase.
_NAMED = re.compile(r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*,")
# "With the subject line, | “…”": what is named so follows. "On their new album, “…”" says enough without.
_QUOTED_NEXT = re.compile(r":? [\"“‘']")
_QUOTED_AFTER_COMMA = re.compile(r", [\"“‘']")
_WITH_THE = re.compile(r"\bwith the(?: [\w'’-]+){1,3}$")
# "Would allow for surprise, | unannounced inspections of ships".
_PREPOSITION_AND_ONE = re.compile(r"\b(?:for|of|with|in|to|by|on) [a-z][\w'’-]*$")
_PLURAL_GOES_ON = re.compile(r", (?P<word>[a-z][\w'’-]*) (?P<noun>[a-z][\w'’-]*s) (?:of|in|for|on|at|to|from|with)\b")
# "During a long, | icy night".
_ARTICLE_AND_ONE = re.compile(r"\b(?:a|an|the) [a-z][\w'’-]*$")
_ADJECTIVE_NEXT = re.compile(r", (?P<word>[a-z][\w'’-]*) (?P<noun>[a-z][\w'’-]*)")
_NO_ADJECTIVE = w.STOP | w.PREPOSITION | w.DETERMINER | {"including", "according", "among"}
# "Was sworn in minutes | before …".
_FROM_WHEN = frozenset(("before", "after", "earlier", "later", "ago", "apart"))
_ING_TAIL = re.compile(r", [a-z]+ing\b")
# "Has discovered, for the first time, …" and "entered office | with …" go on behind the cut.
_OBJECT_LATER = re.compile(r"(?P<verb>[\w'’-]+), (?:for|in|at|on|with|by|after|during|despite|as)\b[^,]*$")
_LAST_CONJUNCT = re.compile(r" and (?P<verb>[a-z]+)(?: [\w'’-]+){0,2}$")
_SINCE_WHEN = re.compile(r"^(?:\w+ ){0,2}(?:hour|day|night|week|month|year)s? (?:after|before)\b[^,]*$", re.I)
_SPANS = frozenset(("minutes", "hours", "days", "weeks", "months", "years", "decades"))
_COUNTS_SPANS = frozenset(
    ("few", "several", "many", "more", "recent", "past", "coming", "next", "last", "previous", "early", "for", "in",
     "of", "these", "all", "other", "both", "some", "consecutive")
)  # fmt: skip
_PAIRS = (("between", "and"), ("both", "and"), ("either", "or"), ("neither", "nor"))
# "Has accused the rebels …" waits for what it is of.
_OF_WHAT = frozenset(("accused", "accuses", "accusing", "suspected", "convicted", "blamed", "blames"))
_AFTER_ACCUSING = frozenset(("of", "for"))
# What these open belongs to the noun or verb before them: "a template for …", "support for …", "a clash between …".
_COMPLEMENT = frozenset(("for", "about", "from", "of", "against", "between", "toward", "towards", "into"))
# Of these the matter stands behind the cut: "takes heat from …", "offered support …", "wants to use … to …".
_LIGHT = frozenset(
    ("take", "takes", "took", "taking", "taken", "make", "makes", "made", "making", "give", "gives", "gave", "given",
     "giving", "go", "goes", "went", "going", "get", "gets", "got", "offer", "offers", "offered", "offering", "use",
     "uses", "used", "using", "face", "faces", "faced", "facing", "become", "becomes", "became", "result", "resulted",
     "results", "reach", "reaches", "reached", "seize", "seized", "appeared", "appears", "remains", "remained", "put",
     "struggling", "want", "wants", "wanted", "refers", "referred", "spoke", "speaks",
     "raised", "raises", "led", "leads", "drew", "came", "comes", "pointed", "points", "aimed", "aims",
     "issued", "issues")
)  # fmt: skip
_SUPERLATIVE = re.compile(
    r"\b(?:first|last|only|most|least|best|worst|(?!interest|west|east|test|request|protest|forest|rest"
    r"|guest|arrest|contest|latest|invest|suggest|honest|modest|quest|chest|harvest|nest|priest|tempest|manifest)"
    r"[a-z-]{2,}est)\b",
    re.I,
)
_WITH_WHOM = re.compile(
    r"\b(?:meeting|meetings|summit|talks|deal|agreement|clash|clashes|interview|contact|met)$", re.I
)
_ON_WHOM = re.compile(
    r"\b(?:pressure|ban|attack|attacks|crackdown|clampdown|down|war|limits?|report|sanctions|tariffs|tax|vote)$", re.I
)
_OVER_WHAT = re.compile(
    r"\b(?:concerns?|anger|fears?|sadness|outrage|doubts?|disputes?|row|talks|fight|questions?|criticism|differences"
    r"|alarm|regret|control|power|victory|advantage|lead)$",
    re.I,
)
_FIRST_OF_ALL = frozenset(("in", "since", "of", "to", "by", "for", "after", "from"))
_THAN = re.compile(r"\bthan\b")
_MEASURE = frozenset(("more", "less", "few", "fewer"))
_BUT_NOT = re.compile(r"\bbut not\b")
# Before these and a form in -ing ("joined others in calling on …") a phrase ends that the verb needs.
_NEEDS = frozenset(("in", "by", "of", "from", "into", "about", "at", "on", "with"))
_REPORTING = frozenset(
    ("said", "says", "say", "believed", "believes", "believe", "thinks", "think", "thought", "claimed",
     "argued", "insisted", "whether", "how", "why")
)  # fmt: skip
_INTRANSITIVE = frozenset(
    ("died", "resigned", "arrived", "agreed", "appeared", "returned", "voted", "failed", "happened", "occurred",
     "emerged", "collapsed", "erupted", "crashed", "worked", "lived", "travelled", "traveled", "continued", "refused",
     "remained")
)  # fmt: skip
_SPAN_OF = frozenset(
    ("just", "even", "only", "shortly", "soon", "right", "long", "moments", "minutes", "hours", "days", "weeks",
     "months", "years", "day", "hour", "week", "month", "year")
)  # fmt: skip
_CLAUSE_WORDS = frozenset(("while", "as", "after", "before", "because", "since", "when", "although", "but"))
_ONLY_RELATIVE = re.compile(r"[^,]+, (?:which|who|whose|where)\b[^,]*$")
# "Was the first person in the country to …" and "comes about one month after …" are cut in the middle.
_FIRST = re.compile(
    r"\b(?:is|was|are|were|become|became|becomes) (?:first|only|last|latest|second|third) \w+$"
    r"|\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) (?:second|minute|hour|day|week|month|year|decade)s?$",
    re.I,
)
_NEXT_CLAUSE = _CLAUSE_WORDS | {"and", "that", "who", "which"}
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
        "never",
        "ever",
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
        "born",
        "sworn",
        "place",
        "connection",
        "night",
        "go",
        "carry",
        "press",
        "contact",
        "even",
        "then",
        "perhaps",
        "including",
        "particularly",
        "miles",
        "kilometers",
        "kilometres",
        "km",
        "feet",
        "run",
        "both",
        "high",
        "low",
        "old",
        "new",
        "north",
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "other",
        "others",
        "several",
        "many",
        "some",
        "each",
        "such",
        "largest",
        "biggest",
        "former",
        "own",
        "likely",
        "able",
        "unable",
        "responsible",
        "willing",
        "ready",
        "aware",
        "whole",
        "main",
        "major",
        "first",
        "second",
        "last",
    )
)


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


def clauses(sentence: Features, language: str, words_max: int = WORDS_MAX) -> Iterator[str]:
    """Heading-like clauses of a sentence, best first; every one passes the gate against its sentence."""
    for _, heading in graded_clauses(sentence, language, words_max):
        if stands_in(heading, sentence.text):
            yield heading


def graded_clauses(sentence: Features, language: str, words_max: int = WORDS_MAX) -> Sequence[tuple[int, str]]:
    """The same with what each was cut at: 0 for a whole sentence or main clause, 1 at a comma or before a clause, 2
    before a phrase, where something may be missed. They haven't passed the gate yet, see `stands_in`."""
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
    shorter = _without_aside(text)
    cuts = [
        (grade, clause, whole) for whole in dict.fromkeys((shorter, text)) for grade, clause in _cuts(whole, words_max)
    ]
    for grade, clause, whole in sorted(cuts, key=lambda cut: cut[0]):
        if clause.count(" ") < WORDS_MIN - 1:
            continue
        heading = _trim(clause)
        if heading in seen or not _has_form(heading, words_max):
            continue
        cut = _Cut(heading, words_of(heading), clause, whole)
        whole_is_cut = cut.tail.strip() or sentence.quote_words > QUOTE_WORDS_MAX
        if whole_is_cut and _lacks_name(cut):
            continue
        if _is_heading(cut, words_max, whole=not cut.tail.strip()) and _stands(cut, grade):
            seen.add(heading)
            yield _grade(grade, cut), heading


def _to_be_cut(sentence: Features) -> str:
    """A sentence without its full stop, a long quotation at its end, brackets and what opens it before its clause."""
    end = sentence.text if _ends_short(sentence.text) else _without_mark(sentence.text.rstrip(". "))
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


class _Cut(NamedTuple):
    """A heading and its words in lower case, made of `clause`, the beginning of `whole`."""

    heading: str
    words: list[str]
    clause: str
    whole: str

    @property
    def tail(self) -> str:
        """What the sentence goes on with."""
        return self.whole[len(self.clause) :]


def _stands(cut: _Cut, grade: int) -> bool:
    """Whether what was cut off is neither missed nor the point."""
    after = _first_words(cut.whole, len(cut.clause))
    return _is_unbroken(cut, after) and _says_enough(cut, after, grade)


_TIME_TAIL = re.compile(
    r"^ (?:in|on|at|during|since|over|by|after|before|from|for) (?:[\w'’$-]+ ){0,2}"
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.|(?:19|20)\d\d|[a-z]*days?|weeks?"
    r"|months?|years?|night|evening|morning|hours?|minutes|decades?|weekend|time|interview|statement|press|speech"
    r"|briefing|conferences?|Twitter|tweet|letter)\b"
)
_PREDICATE_TAIL = re.compile(r"^ and (?:\w+ly |then |also )?(?P<verb>[a-z]+) ")
_CIRCUMSTANCE = frozenset(("in", "at", "during", "over", "near", "through", "under", "across"))


# "A requirement in the law": which one is said behind the cut.
_INDEFINITE_END = re.compile(r"\b(?:a|an) (?:[\w'’-]+ ){0,2}[\w'’-]+$")


def _grade(grade: int, cut: _Cut) -> int:
    """A cut by what is cut off: when or on what occasion leaves a whole clause (1), another predicate, where or how
    most often (2); anything else may be what the clause waits for (3), above all "an appeal", and "that …" says which
    (4)."""
    heading, clause, tail = cut.heading, cut.clause, cut.tail
    if _INDEFINITE_END.search(clause) and not tail.strip() and not _LIGHT.isdisjoint(heading.lower().split()):
        return 3  # "Issued an urgent appeal": for what?
    if _TURNS.match(tail):
        return max(grade, 1)
    if grade == 0 or not tail.strip() or tail[0] != " ":
        return grade
    if _TIME_TAIL.match(tail):
        return 1
    if _INDEFINITE_END.search(clause):
        return 3
    if grade == 1:
        return 1
    first = tail.split()[0]
    if first in _RELATIVE:
        return 4
    if first in w.PREPOSITION and _ends_in_relative(cut.words):
        return 3
    predicate = _PREDICATE_TAIL.match(tail)
    if predicate is not None and is_verb(predicate["verb"]):
        return 2 if heading.count(" ") >= HALF_WORDS_MIN - 1 else 3
    return 2 if first in _CIRCUMSTANCE and not is_verb(heading.rsplit(" ", 1)[-1].lower()) else 3


def _ends_short(text: str) -> bool:
    """Whether a sentence's full stop is an abbreviation's, too."""
    # Looked at before the pattern, which would try every place.
    return text.endswith(_MAY_BE_ABBREVIATED) and _ABBREVIATED.search(text) is not None


# What follows is the news: "Orun closed its pier, but opened it again".
_TURNS = re.compile(r",? (?:but|although|though|yet)\b")


def _ends_in_relative(words: list[str]) -> bool:
    """Whether the last clause is a relative one, which what is cut off may belong to: "missiles that threaten towns |
    in the region"."""
    place = main_verb(words) or 0
    return any(word in ("who", "which", "that") and _verbal(after) for word, after in pairwise(words[place + 1 :]))


def _plain_clauses(sentence: Features, language: str) -> Iterator[tuple[int, str]]:
    """A short sentence of another language; of any, what stands before a last clause that it is whole without."""
    text = sentence.text.rstrip(".。।؟۔ ")
    if sentence.length <= WORDS_MAX:
        yield 0, text
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
    if len(words) < WORDS_MIN or words[0] in ("and", "or", "but", *_RELATIVE) or is_verb(words[0]):
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
    who = _trim(match["who"].strip())
    count = len(words_of(who)) + 1
    if count > SPEAKER_WORDS_MAX or any(word in w.PERSON_PRONOUN or word in _NO_SPEAKER for word in words_of(who)):
        return
    claim = text[: match.start()]
    for grade, clause in _cuts(claim, words_max):
        heading = _trim(clause)
        if any(_verbal(word) for word in words_of(claim[len(clause) :])):
            continue  # said of another clause, perhaps
        if "," in heading or not _has_form(heading, words_max - count):
            continue
        cut = _Cut(heading, words_of(heading), clause, claim)
        if _is_heading(cut, words_max - count) and _stands(cut, grade):
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
    if purpose := _PURPOSE.search(text, 0, end):
        yield 1, text[: purpose.start("cut")]


def _end_of_word(text: str, number: int) -> int:
    """Where the word with that number ends and one more begins, or the text."""
    at = -1
    for _ in range(number + 1):
        at = text.find(" ", at + 1)
        if at < 0:
            return len(text)
    return at


def _is_unbroken(cut: _Cut, after: Sequence[str]) -> bool:
    """Whether the cut left what belongs together: both parts of a list, the verb that the subject was waiting for.

    `after` are the first words behind it.
    """
    heading, words, clause, whole = cut
    if waits(heading, words, clause, cut.tail, _ING_NOUN):
        return False
    if not after:
        return True
    if _names_what_follows(heading, clause, whole, after[0]):
        return False
    if after[0] in ("and", "or") and ("," in heading or not _goes_on(after[1:], cut.tail)):
        return False
    if _ING_TAIL.search(heading):
        return False
    if after[0] == "that" and (len(after) < 2 or not is_verb(after[1])):
        return False
    if after[0] in _NEEDS and len(after) > 1 and after[1].endswith("ing"):
        return False
    if after[0] == "as" and any(word.startswith(_TAKES_AS) for word in words):
        return False
    place = main_verb(words)
    return place is None or place == _verb_of_whole(whole)


@lru_cache(maxsize=WHOLES_CACHED_MAX)
def _verb_of_whole(text: str) -> int | None:
    return main_verb(words_of(_trim(text)))


def _first_words(text: str, at: int) -> list[str]:
    """The first three words from a place on."""
    words = (found.group() for found in TOKEN.finditer(text, at))
    return [normal(word) for word in islice((word for word in words if word[0].isalnum()), 3)]


def _names_what_follows(heading: str, clause: str, whole: str, after: str) -> bool:
    """Whether the cut is before what a noun was waiting for: a quotation, or what some minutes are from."""
    end = len(clause)
    quoted = _QUOTED_NEXT.match(whole, end) or (_QUOTED_AFTER_COMMA.match(whole, end) and _WITH_THE.search(clause))
    return bool(quoted) or (after in _FROM_WHEN and heading.rsplit(" ", 1)[-1] in _SPANS) or _splits_pair(clause, whole)


def _splits_pair(clause: str, whole: str) -> bool:
    """Whether the cut is between two adjectives of one noun."""
    if not whole.startswith(",", len(clause)):
        return False
    found = _ADJECTIVE_NEXT.match(whole, len(clause)) if _ARTICLE_AND_ONE.search(clause) else None
    if found is None and _PREPOSITION_AND_ONE.search(clause):
        found = _PLURAL_GOES_ON.match(whole, len(clause))
    if found is None or found["word"] in _NO_ADJECTIVE or found["word"].endswith(("ly", "ing")):
        return False
    return not is_verb(found["word"]) and not is_verb(found["noun"]) and found["noun"] not in _NO_ADJECTIVE


def _says_enough(cut: _Cut, after: Sequence[str], grade: int) -> bool:
    """Whether what was cut off before a phrase or clause isn't the point: "takes heat" waits for its "from …"."""
    heading, words, clause, whole = cut
    if not after or not grade:
        return True
    if after[0] == "as" and (len(after) > 2 and (after[2] == "as" or after[1] in ("to", "much", "many"))):
        return False
    if (
        (after[0] in _FIRST_OF_ALL and _SUPERLATIVE.search(heading))
        or (not _MEASURE.isdisjoint(words) and _THAN.search(whole, len(clause)))
        or _BUT_NOT.search(whole, len(clause))
    ):
        return False
    place = main_verb(words)
    light = place is not None and after[0] != "and" and not _LIGHT.isdisjoint(_verb_group(words, place))
    conjunct = _LAST_CONJUNCT.search(heading) if grade == WEAK_CUT and after[0] in w.PREPOSITION else None
    if conjunct and is_verb(conjunct["verb"]):
        return False
    if grade < 2:
        at_comma = whole[len(clause) : len(clause) + 1] in (",", ";")
        return words[-1] not in ("far", "much", "long") and (at_comma or not light)
    asked = after[0] == "on" and after[1:2] and after[1] in ("how", "whether", "what", "why", "when", "who")
    noun = {"with": _WITH_WHOM, "on": _ON_WHOM, "over": _OVER_WHAT}.get(after[0])
    return not (after[0] in _COMPLEMENT or light or asked or (noun and noun.search(heading)))


def _lacks_name(cut: _Cut) -> bool:
    """Whether what somebody called something was cut off: "called strike in Orun | , …, an outrage"."""
    if _CALLS.isdisjoint(cut.words) or _MARKS.search(cut.heading):
        return False
    place = main_verb(cut.words)
    return place is not None and cut.words[place] in _CALLS and _CALLS_FOR.isdisjoint(cut.words[place + 1 : place + 2])


_CALLS = frozenset(("called", "calls", "labeled", "labelled", "branded", "dubbed", "termed"))
_CALLS_FOR = frozenset(("for", "on", "upon", "off", "in", "out", "up", "attention"))


def _goes_on(after: Sequence[str], rest: str) -> bool:
    """Whether what follows an "and" is another predicate, or after a comma another whole clause."""
    if _starts_clause(after):
        return True
    first = rest[1:].split(",", 1)[0] if rest.startswith(",") else ""
    return main_verb(words_of(first)[1:]) is not None


def _starts_clause(words: Sequence[str]) -> bool:
    """Whether what follows an "and" is another predicate rather than the other half of a pair."""
    first = next((word for word in words if not word.endswith("ly")), "")
    return _verbal(first) and not first.endswith("ing")


# Articles, as headings leave them out, what points back to another sentence, and what is stale tomorrow.
_KEEPS_ARTICLE = frozenset(("nearly", "almost", "about", "half", "such", "quite", "over", "within"))
_KEEPS_THE = frozenset(("nearly", "almost", "half"))
_LEFT_OUT = frozenset(
    ("the", "a", "an", "also", "today", "yesterday", "tonight", "then", "nonetheless", "nevertheless", "therefore",
     "certainly")
)  # fmt: skip


# "Ten times a day", "60 miles an hour".
_PER = frozenset(("second", "minute", "hour", "day", "night", "week", "month", "year", "head", "barrel", "share"))


def _keeps(before: str, article: str, after: str) -> bool:
    if article in ("a", "an") and after.rstrip(",.;") in _PER and (before.endswith("s") or before[-1].isdigit()):
        return before not in w.PREPOSITION
    return before in (_KEEPS_THE if article == "the" else _KEEPS_ARTICLE)


# A weekday within a clause, which is old tomorrow, but neither "since Monday" nor "Black Friday", nor that of a "poll
# released Wednesday", which would be a "poll released".
_DAY_INSIDE = re.compile(
    r" (?<!since )(?<!until )(?<!by )(?<!from )(?<!to )(?<!and )(?<!or )(?<!this )(?<!before )(?<!after )(?<!next )"
    r"(?<!last )(?<!between )(?<!released )(?<!published )(?<!early )(?<!late )"
    r"(?<![A-Z]\w\w )(?<![A-Z]\w\w\w )(?<![A-Z]\w\w\w\w )"
    r"(?:[Oo]n |[Ll]ate |[Ee]arly )*(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"(?: (?:morning|afternoon|evening|night))?"
    r"(?= (?!(?:morning|afternoon|evening|night)\b)(?:[a-z]|[A-Z][a-z]+ [A-Z]))"
)
# "Said Tuesday Holm's plan was …", "told reporters Tuesday that …": the day is of the saying.
_DAY_OF_SAYING = re.compile(
    r"(?<=\b(?:said|says)) (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?= (?:that |[A-Z][\w’'-]+ (?![A-Z])))"
)
_TIME_OF_DAY = re.compile(r" (?:late|early)$")


def _trim(clause: str) -> str:
    # A capital inside is a name's or a class's: "class A drugs".
    # Looked at before the patterns, which would try every space.
    if "day" in clause:
        clause = _DAY_OF_SAYING.sub("", _DAY_INSIDE.sub("", clause))
        clause = _TIME_OF_DAY.sub("", undated(clause))
    words = undated(clause).split()
    kept = [
        word
        for i, word in enumerate(words)
        if i == 0 or word not in _LEFT_OUT or _keeps(words[i - 1], word, words[i + 1] if i + 1 < len(words) else "")
    ]
    if kept and kept[0].lower() in ("the", "a", "an"):
        kept = kept[1:]
    return " ".join(kept).strip(" ,;:-–—")


def words_of(text: str) -> list[str]:
    return [word.lower for word in table("en").read(plain(text)) if word.flags & LETTERS]


def _has_form(heading: str, words_max: int) -> bool:
    """A cheap look before `_is_heading`."""
    return (
        heading.count(" ") <= 2 * words_max and ";" not in heading and heading.count(",") < 2 and _marks_pair(heading)
    )


def _is_heading(cut: _Cut, words_max: int, whole: bool = False) -> bool:
    """Whether a clause may head a section; a `whole` one goes on to the end of its sentence: it wasn't cut."""
    heading, words = cut.heading, cut.words
    if not WORDS_MIN <= len(words) <= words_max or len([1 for word in words if word not in w.STOP]) < 4:
        return False
    # What is asked of single words is asked before the patterns.
    if not _starts_well(words) or not (whole or _ends_well(words)) or not _has_predicate(words):
        return False
    if _ADDS.search(heading) or _ONLY_RELATIVE.match(heading) or _FIRST.search(heading) or _HANGING.search(heading):
        return False
    later = _OBJECT_LATER.search(heading) if "," in heading else None
    if _SINCE_WHEN.match(heading) or (later and is_verb(later["verb"])):
        return False
    # "Issued the following statement": what follows doesn't.
    if "following" in words[2:] and is_verb(words[words.index("following", 2) - 1]):
        return False
    return not _clause_is_cut(words, whole)


def _marks_pair(heading: str) -> bool:
    """Whether there are no brackets, and every quotation that begins ends, too."""
    if not _MARKS.search(heading):
        return True
    return (
        not _BRACKETS.search(heading)
        and heading[0].isalnum()
        and heading.count('"') % 2 == 0
        and heading.count("“") == heading.count("”")
    )


def _starts_well(words: list[str]) -> bool:
    """Whether a clause has a subject of its own and leans on nothing that isn't there."""
    if not w.PERSON_PRONOUN.isdisjoint(words[:2]):
        return False
    if not _NO_HEADING_WORD.isdisjoint(words) and any(
        word in _NO_HEADING_WORD and not _is_speaker(words, i) for i, word in enumerate(words)
    ):
        return False
    if "him" in words or "them" in words:
        # "The mayor left after it hit him" says who: nothing before a first clause does.
        first = next((i for i, word in enumerate(words) if word in _CLAUSE_WORDS), len(words))
        if any(word in ("him", "them") for word in words[:first]):
            return False
    if words[0].endswith("s") and words[0] not in w.KNOWN_PLACE and ("his" in words[1:4] or "her" in words[1:7]):
        return False  # "Monks took his body", "deputies are calling her evasive"
    if "what" in words or (words[0].endswith("ing") and words[0] not in _ING_NOUN):
        return False
    if (
        words[0] in w.DEMONSTRATIVE
        or "their" in words[:3]
        or "its" in words[:2]
        or (words[0] in _NO_SUBJECT and words[:2] != ["more", "than"])
    ):
        return False
    if words[0] in _SPAN_OF and words[1] in _CLAUSE_WORDS:
        return False
    counted = words[0] not in _RELATIVE and (words[1][0].isdigit() or words[1] in w.NUMBER_WORD)
    return words[0] not in _NO_HEADING_START or counted


def _is_speaker(words: Sequence[str], i: int) -> bool:
    """Whether "it" or "they" at `i` is who has just been named: "Board said it will close pier", not "it is late"."""
    after = words[i + 1 : i + 3]
    return (
        words[i] in ("it", "they")
        and i > 1
        and words[i - 1] in _SAYS_OF_ITSELF
        and len(after) == 2
        and (after[0] in ("will", "would", "has", "had", "have") or after[1].endswith("ing"))
        and after[1] not in ("be", "been")
    )


_SAYS_OF_ITSELF = frozenset(("said", "says", "say", "announced", "insisted"))


def _clause_is_cut(words: list[str], whole: bool = False) -> bool:
    """Whether a last clause has lost its verb ("…, while poll"), a verb its "from" ("prevents countries …"), or a pair
    its other half ("both the old …")."""
    if not (whole or _CLAUSE_WORDS.isdisjoint(words)):
        opened = max(i for i, word in enumerate(words) if word in _CLAUSE_WORDS)
        last = words[opened + 1 :]
        if len(last) < CUT_CLAUSE_WORDS and not any(_verbal(word) or word.endswith("ing") for word in last):
            return True
    if [1 for first, second in _PAIRS if first in words and second not in words[words.index(first) :]]:
        return True
    accusing = [] if _OF_WHAT.isdisjoint(words) else [i for i, word in enumerate(words) if word in _OF_WHAT]
    if [1 for i in accusing if _AFTER_ACCUSING.isdisjoint(words[i + 1 :])]:
        return True
    if "if" in words:
        return True
    if "not" in words and words[words.index("not") + 1 :][:1] == ["only"] and "but" not in words:
        return True
    if not _RANGE.isdisjoint(words) and "from" in words and "to" not in words:
        return True
    return not _PREVENT.isdisjoint(words) and "from" not in words


def _ends_well(words: list[str]) -> bool:
    """Whether a clause wasn't cut in the middle of a phrase."""
    last, before = words[-1], words[-2]
    if last in w.PREPOSITION or last in w.DETERMINER or last in w.AUXILIARY or last in _BAD_END:
        return False
    if last in _SPANS and not (before in w.NUMBER_WORD or before[0].isdigit() or before in _COUNTS_SPANS):
        return False
    if last == "time" and before == "at":
        return False
    passive = last.endswith("ed") and before in w.AUXILIARY and last not in _INCOMPLETE
    if (is_verb(last) or last.endswith("ly")) and last not in _GOOD_END and not passive:
        return False
    if (last.endswith("ing") and last not in _ING_NOUN) or last in w.PLAIN:
        return False
    return not (last in w.PLAIN_IN_HEADING and (before in w.AUXILIARY or before in ("to", "likely")))


# "Said in a statement" says nothing, "denied the claims" and "called for talks" do.
_SAYS_THAT = w.SPEECH - {
    "announced",
    "confirmed",
    "denied",
    "described",
    "acknowledged",
    "admitted",
    "accused",
    "called",
    "urged",
    "warned",
}


def _has_predicate(words: list[str]) -> bool:
    """A finite verb of the main clause with two words after it; "said that …" needs a verb of its own behind it."""
    place = main_verb(words)
    if place is None or place > len(words) - 3:
        return False
    if not _INCOMPLETE.isdisjoint(_verb_group(words, place)) and _INCOMPLETE_UNTIL.isdisjoint(words[place:]):
        return False
    rest = words[place + 1 :]
    if "that" in rest:
        # "ruled that evidence seized from …" has lost what was ruled.
        at = rest.index("that")
        said = ["", *rest[at + 1 :]]
        verb = main_verb(said)
        # "Said that qualified her": what did is told before.
        points = verb == 1 and words[place + at] in w.SPEECH
        return verb is not None and not points and not _hangs(said, verb)
    reported = max((i for i, word in enumerate(words) if word in _REPORTING), default=0)
    if reported and main_verb(["", *words[reported + 1 :]]) is None:
        return False
    return words[place] not in _SAYS_THAT or any(_verbal(later) for later in rest)


def _verb_group(words: list[str], place: int) -> list[str]:
    """The main verb at `place`, with what an auxiliary carries."""
    return words[place : place + 3] if words[place] in w.AUXILIARY else words[place : place + 1]


def _verbal(word: str) -> bool:
    return ("-" not in word and is_verb(word)) or word in w.PLAIN_IN_HEADING


def _finite(words: list[str], i: int) -> bool:
    """Whether a word may be the verb of its clause: "officials plan …" but not "the support …" nor "to plan …"."""
    before = words[i - 1]
    if before == "to" or not _verbal(words[i]):
        return False
    return is_verb(words[i]) or before in _PLURAL or (before.endswith("s") and not before.endswith("'s"))


_PLURAL = frozenset(("people", "police", "men", "women", "children", "who", "and", "not", "also"))


def _hangs(words: list[str], i: int) -> bool:
    """Whether the verb may be a participle that hangs on the noun before it."""
    follows = words[i + 1] if i + 1 < len(words) else ""
    if words[i] in _INTRANSITIVE:
        return False
    may_hang = (words[i].endswith("ed") and follows in w.PREPOSITION) or follows == "by"
    return may_hang and words[i - 1] not in w.AUXILIARY


def _verb_follows(words: list[str]) -> bool:
    """Whether the same clause has another verb further on."""
    end = next((i for i, word in enumerate(words) if word in _NEXT_CLAUSE), len(words))
    return any(_verbal(word) for word in words[:end])


def main_verb(words: list[str]) -> int | None:
    """Where the main clause's verb stands: not one of a relative clause ("leaders who have led …") nor a participle
    that hangs on a noun ("the budget authored by …")."""
    inside = False
    for i, word in enumerate(words[1:], 1):
        if word in _RELATIVE:
            inside = True
        elif _finite(words, i) and not (word == "states" and words[i - 1] == "united"):
            hangs = _hangs(words, i)
            if inside:
                # An auxiliary and what it carries are one verb.
                inside = word in w.AUXILIARY
            elif not (hangs and (words[i + 1] == "by" or _verb_follows(words[i + 1 :]))):
                return i
    return None
