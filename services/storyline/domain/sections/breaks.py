"""Whether a clause is whole where a sentence was cut, and how good the cut is (English)."""

import re
import string
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, pairwise

from . import words as w
from .cuts import waits
from .features import TOKEN, normal
from .forms import ING_NOUN, MARKS, SPANS, Cut
from .predicates import RELATIVE, main_verb, verb_group, verbal, words_of
from .trimming import trim
from .vocabulary import is_verb

WHOLES_CACHED_MAX = 100
"""Each is asked about for one cut after the other."""
WEAK_CUT = 2
"""The grade of what is cut before a phrase."""
HALF_WORDS_MIN = 6
"""Of a predicate that another one follows, with its subject: a shorter one is the lesser half."""
# "… from West Orange, N.J.": the full stop is the abbreviation's, too.
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.){2,}$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|a\.m|p\.m)\.$")
_MAY_BE_ABBREVIATED = (
    "Inc.", "Corp.", "Co.", "Ltd.", "Jr.", "Sr.", "a.m.", "p.m.", *(f".{letter}." for letter in string.ascii_uppercase),
)  # fmt: skip
_TAKES_AS = (
    "count", "designat", "describ", "regard", "treat", "defin", "portray", "identif", "classif", "label", "recogni",
    "saw", "sees",
)  # fmt: skip
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
_FROM_WHEN = frozenset(("before", "after", "since", "earlier", "later", "ago", "apart"))
_ING_TAIL = re.compile(r", [a-z]+ing\b")
# What came of it is the news: "Storm hits Orun, killing ten sailors".
RESULT = re.compile(
    r", (?:killing|injuring|wounding|leaving|forcing|destroying|damaging|causing|sparking|triggering|prompting|ending"
    r"|blocking|closing|beating|defeating|capturing|seizing|sinking|accusing|blaming|criticizing|criticising"
    r"|condemning|rejecting|demanding|vowing|threatening|urging) [^,]+$"
)
_LAST_CONJUNCT = re.compile(r" and (?P<verb>[a-z]+)(?: [\w'’-]+){0,2}$")
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
    r"\b(?:first|last|only|(?<!at )most|(?<!at )least|best|worst|(?!interest|west|east|test|request|protest|forest|rest"
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


def stands(cut: Cut, grade: int) -> bool:
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


def graded(grade: int, cut: Cut) -> int:
    """A cut by what is cut off: when or on what occasion leaves a whole clause (1), another predicate, where or how
    most often (2); anything else may be what the clause waits for (3), above all "an appeal", and "that …" says which
    (4)."""
    heading, clause, tail = cut.heading, cut.clause, cut.tail
    if _INDEFINITE_END.search(clause) and not tail.strip() and not _LIGHT.isdisjoint(heading.lower().split()):
        return 3  # "Issued an urgent appeal": for what?
    if _TURNS.match(tail):
        return max(grade, 2 if _TURNS_AWAY.match(tail) else 1)
    if _goes_on_listing(tail) or (_EXPLAINED.match(tail) and _INDEFINITE_END.search(clause)):
        return 3
    if grade == 0 or not tail.strip() or tail[0] != " ":
        return grade
    if _TIME_TAIL.match(tail):
        return 1
    if _INDEFINITE_END.search(clause):
        return 3
    return 1 if grade == 1 else _graded_before_phrase(cut)


# "A plan, drawn up by Holm, | to close …", "an incident | in March when …": which one is said behind the cut.
_EXPLAINED = re.compile(r", [^,]{2,60}, (?:to|that|for|of|in which) | (?:[^,;]{2,30} )?(?:when|where|in which) ")
_LISTED = re.compile(r", (?:and )?(?P<first>[a-z]+) [^,;]*(?:, [^,;]*)?\band (?:even |then |later )?(?P<last>[a-z]+) ")


def _goes_on_listing(tail: str) -> bool:
    """Whether more predicates follow a first: "held his hands | , showered him with praise and even kissed him"."""
    found = _LISTED.match(tail)
    return found is not None and all(is_verb(verb) and not verb.endswith("ing") for verb in found.groups())


def _graded_before_phrase(cut: Cut) -> int:
    heading, tail = cut.heading, cut.tail
    first = tail.split()[0]
    if first in RELATIVE:
        return 4
    if first in w.PREPOSITION and _ends_in_relative(cut.words):
        return 3
    if (predicate := _PREDICATE_TAIL.match(tail)) and is_verb(predicate["verb"]):
        return 2 if heading.count(" ") >= HALF_WORDS_MIN - 1 else 3
    if first in _CIRCUMSTANCE | {"and"} and RESULT.search(heading):
        return 1
    return 2 if first in _CIRCUMSTANCE and not is_verb(heading.rsplit(" ", 1)[-1].lower()) else 3


def ends_short(text: str) -> bool:
    """Whether a sentence's full stop is an abbreviation's, too."""
    # Looked at before the pattern, which would try every place.
    return text.endswith(_MAY_BE_ABBREVIATED) and _ABBREVIATED.search(text) is not None


# What follows is the news: "Orun closed its pier, but opened it again".
_TURNS = re.compile(r",? (?:but|although|though|yet)\b")
_TURNS_AWAY = re.compile(r", but,? (?:the |an? |[A-Z])")


def _ends_in_relative(words: list[str]) -> bool:
    """Whether the last clause is a relative one, which what is cut off may belong to: "missiles that threaten towns |
    in the region"."""
    place = main_verb(words) or 0
    return any(word in ("who", "which", "that") and verbal(after) for word, after in pairwise(words[place + 1 :]))


def _is_unbroken(cut: Cut, after: Sequence[str]) -> bool:
    """Whether the cut left what belongs together: both parts of a list, the verb that the subject was waiting for.

    `after` are the first words behind it.
    """
    heading, words, clause, whole = cut
    if waits(heading, words, clause, cut.tail, ING_NOUN):
        return False
    if not after:
        return True
    if _names_what_follows(heading, clause, whole, after[0]):
        return False
    if after[0] in ("and", "or") and (", " in heading or not _goes_on(after[1:], cut.tail)):
        return False
    if _ING_TAIL.search(heading) and not RESULT.search(heading):
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
    return main_verb(words_of(trim(text)))


def _first_words(text: str, at: int) -> list[str]:
    """The first three words from a place on."""
    words = (found.group() for found in TOKEN.finditer(text, at))
    return [normal(word) for word in islice((word for word in words if word[0].isalnum()), 3)]


def _names_what_follows(heading: str, clause: str, whole: str, after: str) -> bool:
    """Whether the cut is before what a noun was waiting for: a quotation, or what some minutes are from."""
    end = len(clause)
    quoted = _QUOTED_NEXT.match(whole, end) or (_QUOTED_AFTER_COMMA.match(whole, end) and _WITH_THE.search(clause))
    return bool(quoted) or (after in _FROM_WHEN and heading.rsplit(" ", 1)[-1] in SPANS) or _splits_pair(clause, whole)


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


def _says_enough(cut: Cut, after: Sequence[str], grade: int) -> bool:
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
    light = place is not None and after[0] != "and" and not _LIGHT.isdisjoint(verb_group(words, place))
    conjunct = _LAST_CONJUNCT.search(heading) if grade == WEAK_CUT and after[0] in w.PREPOSITION else None
    if conjunct and is_verb(conjunct["verb"]):
        return False
    if grade < 2:
        at_comma = whole[len(clause) : len(clause) + 1] in (",", ";")
        return words[-1] not in ("far", "much", "long") and (at_comma or not light)
    asked = after[0] == "on" and after[1:2] and after[1] in ("how", "whether", "what", "why", "when", "who")
    noun = {"with": _WITH_WHOM, "on": _ON_WHOM, "over": _OVER_WHAT}.get(after[0])
    return not (after[0] in _COMPLEMENT or light or asked or (noun and noun.search(heading)))


def lacks_name(cut: Cut) -> bool:
    """Whether what somebody called something was cut off: "called strike in Orun | , …, an outrage"."""
    if _CALLS.isdisjoint(cut.words) or MARKS.search(cut.heading):
        return False
    place = main_verb(cut.words)
    return place is not None and cut.words[place] in _CALLS and _CALLS_FOR.isdisjoint(cut.words[place + 1 : place + 2])


_CALLS = frozenset(("called", "calls", "labeled", "labelled", "branded", "dubbed", "termed"))
_CALLS_FOR = frozenset(("for", "on", "upon", "off", "in", "out", "up", "attention"))


def _goes_on(after: Sequence[str], rest: str) -> bool:
    """Whether what follows an "and" is another predicate, or after a comma another whole clause."""
    if _starts_clause(after):
        return True
    words = words_of(rest.lstrip(",").split(",", 1)[0])[1:]
    return (rest.startswith(",") or words[:1] == ["its"] or words[:1] == ["their"]) and main_verb(words) is not None


def _starts_clause(words: Sequence[str]) -> bool:
    """Whether what follows an "and" is another predicate rather than the other half of a pair."""
    first = next((word for word in words if not word.endswith("ly")), "")
    return verbal(first) and not first.endswith("ing")
