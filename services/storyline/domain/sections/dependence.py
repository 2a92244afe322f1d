"""Whether a sentence can stand without its neighbours, by how it opens and what it points at (English)."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from .halves import lacks_half
from .vocabulary import CAPITAL, HALF, LEANING, LETTERS, PRONOUN, SAYING, SPEECH, TURNING, VERB, is_plural, stem_word
from .vocabulary import STOP as STOP_WORD
from .words import (
    ADDING,
    ANSWERING,
    AUXILIARY,
    DETERMINER,
    GOING_ON,
    LEANING_START,
    NEVER_ALONE_START,
    PREPOSITION,
    STOP,
)
from .words import SPEECH as SPEECH_WORD

CACHED_MAX = 2_000
"""Articles' first sentences of which it is known whether they point back: every update asks again."""

Dependence = Literal[0, 1, 2]
"""0: stands alone; 1: only directly after its neighbour; 2: never without its context."""

# The patterns of openings and of what leans inside are for small letters: those that take both are three times as slow.

# Openings that no neighbour on the page can carry: they lean on more than one sentence.
_NEVER_ALONE = re.compile(
    r"""^(?:[“"‘'])?(?:for\s+(?:example|instance) | as\s+(?:a\s+result|such|for) | asked\b | the\s+(?:former|latter)\b
    | one\s+of\s+(?:them|those|these) | some\b(?!\s+(?:\d|of\s+the\s+[a-z])) | others?\b | another\b | many\b
    | most\b(?!\s+of\s+the\s+[a-z]) | instead\b | thus\b | therefore\b | so\b | nor\b | or\b | here\b | even\b
     | too\b | once\b
    | it['’]s\b | that['’]s\b | now\b | either\b | again\b | similarly\b | likewise\b | otherwise\b | none\b | not\b
    | in\s+(?:both|doing)\b | by\s+(?:then|doing)\b | among\s+(?:them|those)\b | yes\b | no,\b | perhaps\b
    | of\s+(?:course|those|these|the)\b | to\s+(?:that|this)\b | only\b | rather\b | just\b | whether\b
     | part\s+of\b | in\s+(?:fact|other)\b | if\s+anything\b | after\s+all\b | that\s+exchange\b
    | and\b | because\b | which\b | while\b.{0,30}\b(?:this|that)\b )""",
    re.X,
)
# Openings that the sentence just before them carries.
_LEANS = re.compile(
    r"""^(?:[“"‘'])?(?:the\s+(?:two|three|four|five|six|pair|duo|couple|trio|move|news|incident|decision|same|other|others
    |man|woman|men|women|announcement|statement|comments?|remarks?|ruling|verdict|attack|blast|deal|agreement|plan|measures?|figures?)\b
    | the\s+remaining\b | the\s+rest\s+of\s+(?:those|them|(?:the|his|her|its|their)\s+(?:people|men|women
       |children|victims|patients|injured|wounded|dead|passengers|crew|group|team|family|money|sum|funds|building|crowd
       |seats|votes))\b
    | (?:when|if)\s+that\b | (?:additional|further)\b | (?:in|on|at|around|about|over|during)\s+the\s+same\b
     | (?:soon|shortly|immediately|moments|minutes|hours|days|weeks)\s+(?:after|before|later)(?:wards?)?,
     | there\s+(?:is|was)\s+(?:just\s+|only\s+)?(?:one|another)\b
    | the\s+(?:[\w-]+\s+){1,2}(?:man|woman|boy|girl|teenager|native)\b
       (?!\s+(?:who|whose|accused|charged|behind|in|with)\b)
    | the\s+\d\d?-year[-\s]old\b(?!\s+(?:[\w-]+\s+)?(?:who|whose|accused|charged|behind|in|with)\b)
    | the\s+(?:[\w-]+\s+)?(?:incumbent|challenger|republican|democrat|briton)
       \s+(?:[a-z]+ed|has|had|is|was|said|says|will)\b
     | back\s+(?:on|in|at)\b | ever\s+since, | from\s+there\b | (?:each|every)\s+time, | [io]n\s+another\b
     | (?:despite|besides)\s+th(?:at|is|ese|ose)\b
     | (?:first|second|third|finally|lastly|more\s+importantly|for\s+one\s+thing),
     | (?:ultimately|eventually|subsequently)\b | in\s+(?:the\s+end|all|response|return|reply|contrast),
     | in\s+(?:total|turn)\b | until\s+(?:yesterday|then)\b
     | [^,]{2,160},\s+(?:for\s+(?:example|instance)|after\s+all)\b | regardless\b(?!\s+of)
     | (?:in|on|at|by|from|among|within|along|with|to)\b[^,;]{2,70},[”"]?\s+(?:they|it|he|she)\b
    | one\s+of\s+(?:the|its|his|her|their)\b | th(?:is|ese|ose)\b | that\b | such\b
    | there\b(?!\s+(?:is|are|was|were|has|have|will))
     | then\b | both\b | but\b | yet\b | however\b
    | neither\b | all\b(?!\s+\d) | in\s+(?:that|this)\b | at\s+(?:that|this|the\s+time)\b | since\s+then
     | after\s+that | (?:\w+\s+)?\w+\s+(?:later|afterwards?)\b | afterwards?\b
     | the\s+(?:new|old|latest|first|second|third)\s+ones?\b
    | before\s+that | on\s+that\b | under\s+(?:that|this|the)\b | earlier\b | later\b
     | (?:called|named|known|dubbed|nicknamed|titled|entitled)\b[^,]{0,80},\s+the\b
     | (?:\w+(?:ing|ed)|known|built|seen|born|held)\b[^,]{0,80},\s+(?:he|she|it|they|the(?!\s+[a-z]))\b )""",
    re.X,
)
_POINTED_AT = (
    "day", "night", "attack", "deadline", "question", "issue", "claim", "goal", "effort", "request", "offer", "point",
)  # fmt: skip
_LEANS_INSIDE = re.compile(
    r"\b(?:this(?! (?:time|week|month|year|morning|weekend|season|summer|autumn|winter|spring|century)\b)"
    r"|these|those(?! who\b)"
    r"|such an?|the latter|the former(?=['’,.;:]| (?:is|was|has|had|of|to|in|and|on|for|by)\b)"
    rf"|that (?:{'|'.join(_POINTED_AT)})\b"
    r"|(?:during|after|at|before|since|in|into|to|about|against|on|by|from|under|of|for|with"
    r"|used|made|took|repeated|cited|called|had|lost)"
    r" that "
    r"(?!(?:the|an?|he|she|it|they|is|was|would|will|all|no)\b)\w+|at the time|the pair|the two (?:men|women)"
    r"|the same day|do so|doing so|did so|the others|mentioned above|the above)\b",
)
# The place that its article is dated from: no sentence on a page says which.
_DATELINED = re.compile(
    r"\bthis (?:(?!(?:to|of|in|the|an?|for|from|with|and|at|on|by|that|is|was)\b)[a-z-]+ ){0,3}"
    r"(?:city|town|village|community|suburb|resort|port)\b",
    re.I,
)
_IT_SAID = re.compile(
    r",[”\"]? (?:it|they|he|she) (?:said|added|says|told)\b|[,”\"] (?:it|they) said\b"
    r"|[”\"] (?:it|they|he|she) (?:tweeted|wrote|asked|argued|noted|insisted|warned|stated|explained|declared)\b"
    r"|, (?:it|they|he|she) (?:tweeted|wrote|argued|noted|insisted|warned|explained|testified|recalled)\.$"
    r"|[,”\"] (?:said|says|added|tweeted|wrote|asked) (?:it|they|he|she)\b"
    # "Holm, the mayor, said she was appalled" names who says so.
    r"(?!(?:['’][a-z]+)? (?!(?:in|on|at|to|of|after|as|when|while|before|during|about|by|from|with|through)\b)[a-z“\"])"
    r"|[,”\"] (?:the|an?) (?:statement|report"
    r"|company|group|agency|letter|spokes\w+) (?:said|added)\b"
)
# How all of these begin: quickly found, for it begins with a mark.
_MAY_SAY = re.compile(r"[,”\"] (?:it|they|he|she|said|says|added|tweeted|wrote|asked|the|an?) ")
# Who adds or goes on has said something before.
_ADDS = re.compile(
    r"\b(?:is|was|were|appeared to be) (?:apparently )?referring to\b|\bd(?:o|id|oes|one|oing) just that\b|"
    r"\badded that\b|[”\"] (?:[\w.'’-]+ ){1,4}(?:added|continued)\.|[”\"] added \w"
    r"|^[^,]{2,60} continued, |\bfurther (?:said|stated|added)\b"
    r"|\bwent on to (?:say|add)\b"
)


# What must stand right after or before a word for `_LEANS_INSIDE` to find anything there.
_LEANS_BEFORE = {"that": _POINTED_AT, "two": ("men", "women"), "same": ("day",)}
_USED = frozenset(("used", "made", "took", "repeated", "cited", "called", "had", "lost"))
_LEANS_AFTER = {"time": ("the",), "so": ("do", "doing", "did"), "above": ("mentioned", "the")}


def dependence(
    text: str,
    outside: str,
    lower: Sequence[str],
    flags: Sequence[int],
    held: int,
    names: Sequence[object],
    pronoun: bool,
) -> Dependence:
    """How a sentence leans on others. `outside` is its text without quotes, `flags` are its words' bits, `held` all of
    them together, `pronoun` says that a he or she stands before any name."""
    opening = _FIRST_WORD.match(text)
    first = opening[1].lower() if opening else ""
    if first in NEVER_ALONE_START and _NEVER_ALONE.match(text.lower()):
        return 2
    if held & LEANING and "this" in lower and _DATELINED.search(outside):
        return 2
    names_both = tuple(lower[:2]) == ("the", "two") and _names_two(text, names)
    if turns(lower) or (_opens_leaning(first, text) and not names_both):
        return 1
    if held & LEANING and _leans_inside(lower, flags, outside):
        return 1
    if held & TURNING and (_goes_on(lower, flags) or _answers(lower, flags, outside)):
        return 1
    if held & HALF and lacks_half(lower, flags):
        return 1
    if pronoun or next((bits for bits in flags if bits & LETTERS), 0) & PRONOUN:
        return 1
    if held & TURNING and not ADDING.isdisjoint(lower) and _ADDS.search(text):
        return 1
    said = held & (SAYING | SPEECH) and _MAY_SAY.search(text)
    return 1 if said and _IT_SAID.search(text) else 0


_TURNS = frozenset(("but", "yet", "however", "nevertheless", "nonetheless"))


def turns(lower: Sequence[str]) -> bool:
    """Whether a sentence, by its first words, takes back or limits the one before it: neither is whole alone."""
    first = lower[0] if lower else ""
    if not first.isalpha():
        first = lower[1] if len(lower) > 1 else ""
    return first in _TURNS or ("however" in lower and _says_however(lower))


def _says_however(lower: Sequence[str]) -> bool:
    """Whether a "however" stands apart: neither "however small" nor "however it ends"."""
    i = lower.index("however")
    return i > 0 and lower[i - 1] == "," and (i + 1 == len(lower) or lower[i + 1] in _MARKS)


_MARKS = frozenset((",", "."))


_POINTS_BACK = frozenset(
    ("this", "these", "that", "those", "such", "it", "its", "he", "his", "she", "her", "they", "their", "them", "then",
     "there", "here", "but", "yet", "however", "and", "so", "instead", "another", "other", "others", "both", "neither",
     "either", "also", "again", "too")
)  # fmt: skip

_STANDS_FOR_NOTHING = frozenset(("took", "takes", "emerged", "turns", "turned", "appears", "seems"))
"""After "it", which is nobody then: "It took a jury an hour to …"."""


_THIS_YEAR = frozenset([("this", span) for span in ("week", "month", "year", "morning", "weekend", "season", "time")])


@lru_cache(maxsize=CACHED_MAX)
def points_back(lower: tuple[str, ...], outside: str) -> bool:
    """Whether a sentence's first word, or one inside it ("this city"), points at what was said before it, so that it
    can't even open an article. `outside` is its text, best without quotes."""
    first = next((word for word in lower[:2] if word.isalpha()), "")
    if first == "it" and not _STANDS_FOR_NOTHING.isdisjoint(lower[1:2]):
        return False
    # "This year has brought …" says when.
    if lower[:2] in _THIS_YEAR:
        return False
    return first in _POINTS_BACK or "here" in lower or _LEANS_INSIDE.search(outside.lower()) is not None


# Most sentences begin with none of the words that the patterns begin with, and a look at the first one is cheap.
_LEANS_ANYWHERE = ("later", "afterward", "for example", "for instance", "after all", "regardless")
"""What makes a sentence lean whatever word it begins with: "Two days later", "minutes afterwards"."""
_FIRST_WORD = re.compile(r"[“\"‘']?(\w+)")


# "In a letter a week later, …"; a pattern of its own, for most that open so have no "later".
_LATER = re.compile(r"(?:In|At|On|During|With) [^,]{2,60} (?:later|afterwards?),")


def _opens_leaning(first: str, text: str) -> bool:
    small = text.lower()
    plain = first not in LEANING_START and not first.endswith(("ing", "ed"))
    if plain and not [word for word in _LEANS_ANYWHERE if word in small]:
        return False
    if _LEANS.match(small) is not None:
        return True
    return (" later," in text or " afterward" in text) and _LATER.match(text) is not None


_TWO_NAMED = re.compile(r"[Tt]he two (?:[a-z]+ )?[A-Z]")


def _names_two(text: str, names: Sequence[object]) -> bool:
    """Whether "the two …" says which: by a name ("the two Koreas") or two near."""
    return bool(names) and _TWO_NAMED.match(text) is not None


def _leans_inside(lower: Sequence[str], flags: Sequence[int], outside: str) -> bool:
    if _may_lean(lower, flags) and _LEANS_INSIDE.search(outside.lower()):
        return True
    if "that" in lower and _says_that_so(lower):
        return True
    return "two" in lower and _means_two_before(lower, flags)


def _may_lean(lower: Sequence[str], flags: Sequence[int]) -> bool:
    """A quick look before the long pattern, which most sentences don't match."""
    last = len(lower) - 1
    for i in [i for i, bits in enumerate(flags) if bits & LEANING]:
        word = lower[i]
        if (follows := _LEANS_BEFORE.get(word)) is not None:
            if (i < last and lower[i + 1].startswith(follows)) or (
                word == "that" and i and (lower[i - 1] in PREPOSITION or lower[i - 1] in _USED)
            ):
                return True
        elif (before := _LEANS_AFTER.get(word)) is not None:
            if i and lower[i - 1] in before:
                return True
        else:
            return True
    return False


def _means_two_before(lower: Sequence[str], flags: Sequence[int]) -> bool:
    """Whether a sentence opens on a phrase that names nobody and goes on with "the two": "Within months the two fell
    out"."""
    i = lower.index("two")
    opens = 1 < i < len(lower) - 1 and lower[i - 1] == "the" and lower[0] in PREPOSITION
    return opens and flags[i + 1] & VERB != 0 and not [1 for bits in flags[1:i] if bits & CAPITAL]


_THEN_IN_IT = frozenset(
    ("and", "but", "or", "since", "by", "until", "before", "the", "from", "back", "just", ",", ";", "—")
)
_BEFORE_THEN = frozenset(("if", "when", "after", "first", "before", "once", "who", "which", "as"))
_CONTRASTS = frozenset(("but", "although", "though", "while", "despite", "not", "n't", "rather", "of"))


def _goes_on(lower: Sequence[str], flags: Sequence[int]) -> bool:
    """Whether an adverb of a sentence's clause goes on from the one before: "was then moved", "is nonetheless", "…,
    too". None that goes on from what the sentence itself says first."""
    adverbs = GOING_ON.intersection(lower)
    if not adverbs:
        return False
    for i, word in enumerate(lower[1:-1], 1):
        if word not in adverbs:
            continue
        before, after = lower[:i], lower[i + 1]
        if word == "then":
            verb = flags[i + 1] & VERB and not flags[i + 1] & STOP_WORD
            if verb and before[-1] not in _THEN_IN_IT and _BEFORE_THEN.isdisjoint(before):
                return True
        elif word in _AT_END:
            if after in (".", ",") and i >= len(lower) - 2 and before[-1] not in ("far", "way", "all", "much"):
                return True
        elif _CONTRASTS.isdisjoint((*before, after)):
            return True
    return False


# After these "did" is no answer: a question, a comparison, a condition, an inversion.
_BEFORE_DID = frozenset(
    ("what", "whatever", "how", "than", "as", "so", "nor", "neither", "where", "when", "why", "if", "whether", "who",
     "which", "that", "because", "until", "sooner", "only", "never", "not", "rarely", "seldom", "little")
)  # fmt: skip
# What is done rather than how: "did work", "did business", "did well".
_DONE = frozenset(
    ("work", "business", "damage", "harm", "justice", "research", "time", "likewise", "well", "better", "best", "worse",
     "good", "great", "bad", "wrong", "little", "much", "more", "less", "right", "enough", "something", "nothing",
     "things")
)  # fmt: skip
# "The first such attack since …", "because such fires spread".
_NAMED_BY = frozenset(("no", "first", "second", "third", "last", "latest", "only", "every", "all", "other", "because"))
_PLAIN_IN_STOP = frozenset(("have", "make", "get", "go", "come", "take", "say"))


def _answers(lower: Sequence[str], flags: Sequence[int], outside: str) -> bool:
    """Whether a sentence says "did" or "does" with weight ("the plan does call for"), which answers a doubt before it,
    or "such attacks" of what no word before names."""
    if ANSWERING.isdisjoint(lower):
        return False
    return any(
        " such " in outside and _names_none(lower, flags, i) if word == "such" else _insists(lower, i)
        for i, word in enumerate(lower)
        if word in ANSWERING
    )


def _insists(lower: Sequence[str], i: int) -> bool:
    rest = [word for word in lower[i + 1 : i + 4] if word not in ("indeed", "also", "still", "apparently")]
    if i < 1 or not rest or not _BEFORE_DID.isdisjoint(lower[:i]) or not lower[i - 1].isalpha():
        return False
    verb = rest[0]
    plain = verb in _PLAIN_IN_STOP or not (verb in STOP or verb in PREPOSITION or verb in DETERMINER)
    ends = verb.endswith(("s", "ed", "ing", "ly")) and not verb.endswith("ss")
    return plain and verb.isalpha() and verb not in _DONE and not ends


def _names_none(lower: Sequence[str], flags: Sequence[int], i: int) -> bool:
    """Whether "such attacks" points back, and no attack stands before it in its own sentence."""
    after = lower[i + 1 : i + 2]
    before = lower[i - 1] if i else ""
    if not after or not after[0].isalpha() or after[0] in ("as", "a", "an", "that") or before in _NAMED_BY:
        return False
    if not {"as", "that"}.isdisjoint(lower[i + 2 : i + 4]) or not any(map(_is_plural, lower[i + 1 : i + 3])):
        return False
    kinds = {stem_word(word, "en") for word in lower[i + 1 : i + 3] if _is_plural(word)}
    return not any(stem_word(word, "en") in kinds for word in lower[:i])


def _is_plural(word: str) -> bool:
    return word.isalpha() and is_plural(word)


def _says_that_so(lower: Sequence[str]) -> bool:
    """Whether "that" is what was said before: "said that wasn't so"."""
    places = [i for i, word in enumerate(lower[:-1]) if word == "that" and i]
    return any(lower[i - 1] in SPEECH_WORD and lower[i + 1] in AUXILIARY for i in places)


_AT_END = frozenset(("too", "either"))
