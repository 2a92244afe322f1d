"""Whether a clause cut out of a sentence waits for what stayed behind, or leans on what stood before (English).

"Trump took everyone" isn't what "Trump took everyone -- friends and foes -- to task" says, nor does a list end after
its first member. A clause that waits heads nothing; one that leans on a sentence before it comes last.
"""

import re
from collections.abc import Sequence

from . import words as w
from .vocabulary import is_verb

_DASH = re.compile(r"\s(?:--?|–|—)\s|\s--|--\s")
_BARE_RELATIVE = re.compile(
    r"\b(?:who|which|that) (?:is|was|are|were|has been|have been|had been) (?:\w+ly )?\w+$", re.I
)
_WHICH = frozenset(("where", "how", "whether", "who", "what", "when", "why", "which", "if"))
_AND_TAIL = re.compile(r", (?:and|but|or|nor) (?P<tail>[^,]*)$")
_TIME_ASIDE = re.compile(
    r", (?:the |a )?(?:day|night|morning|week|month|year|time|moment|move|step|sign|first|second)\b"
)
_NEXT_CLAUSE = (
    "who which whose whom where as after while when but and with according saying because since before although though"
    " a an the his her its their it he she they citing amid despite following including"
)
# "…, Haiti, Nicaragua and Honduras": members of a list up to its last one.
_LIST = re.compile(
    rf"^,\s(?!(?:{_NEXT_CLAUSE.replace(' ', '|')})\b)(?P<first>[\w'’$£€-]+)(?:[^,;:]{{0,60}},\s)?(?:[^,;:]{{2,60}},\s)?"
    r"[^,;:]{0,60}\s(?:and|or)\s",
)
_BEFORE = re.compile(
    r"(?:first|last|next|second|third) time\b|(?:night|morning|afternoon|evening),"
    r"|(?:equally|similarly|likewise|accordingly)\b",
    re.I,
)
_BEFORE_INSIDE = re.compile(r"\b(?:(?:referring|referred) to|to another (?:official|person|source|reporter))\b", re.I)
_BEFORE_WORDS = frozenset(("referring", "referred", "another"))
# "Founded in 1990, the club …", but neither "Mohammed scored twice, and …" nor "Injured passengers left, and …".
_OPENS_ASIDE = re.compile(r"^[A-Za-z]+ed\b(?P<aside>[^,]*), (?!(?:and|but|or)\b)")
# "Hasn't been shy | in recent days about …": what the words wait for stands a little further on.
_GOES_ON = re.compile(
    r"^ (?:in|on|at|during) (?:[\w'’-]+ ){1,3}(?:about|(?<!connection )(?<!accordance )(?<!line )with|over|against) "
)
_WITH = frozenset(("met", "meet", "meets", "spoke", "speaks", "talked", "clashed", "clash", "agreed", "dealt"))
_INCLUDES = frozenset(("include", "includes", "included", "including"))
_GERUND_LAST = 3
_NO_GERUND = frozenset(("king", "thing", "anything", "nothing", "something", "everything", "spring", "ring", "string"))


def waits(heading: str, words: Sequence[str], clause: str, rest: str, nouns: frozenset[str]) -> bool:
    """Whether a heading has lost what makes it true or whole.

    `words` are its words in lower case, `clause` is what it was made of, `rest` is what the sentence goes on with,
    `nouns` are forms in -ing that are no verbs.
    """
    if _BEFORE.match(heading) or _opens_aside(heading) or (", " in heading and _TIME_ASIDE.search(heading)):
        return True
    if not _BEFORE_WORDS.isdisjoint(words) and _BEFORE_INSIDE.search(heading):
        return True
    if len(_DASH.findall(heading)) % 2:
        return True
    return bool(rest.strip(" .")) and (
        _splits_pair(heading, rest) or _lacks_object(heading, words, clause, rest, nouns)
    )


def _opens_aside(heading: str) -> bool:
    found = _OPENS_ASIDE.match(heading)
    return found is not None and not any(is_verb(word) for word in found["aside"].lower().split())


def _splits_pair(heading: str, rest: str) -> bool:
    """Whether the cut is within an aside between dashes, a list, or after an "and" that had a verb to come."""
    dash = _DASH.match(rest)
    if dash and _DASH.search(rest, dash.end()):
        return True
    tail = _AND_TAIL.search(heading)
    if tail and not any(is_verb(word) or word in w.PLAIN_IN_HEADING for word in tail["tail"].lower().split()):
        return True
    found = _LIST.match(rest)
    if found is None:
        return False
    first = found["first"].lower()
    if first.endswith("ing") or is_verb(first):
        # "…, closing the pier and the mole" is a clause of its own, unless what it follows is one such, too.
        return first.endswith("ing") and any(word.endswith("ing") for word in heading.lower().split()[-4:])
    return True


def _lacks_object(heading: str, words: Sequence[str], clause: str, rest: str, nouns: frozenset[str]) -> bool:
    """Whether the last verb goes on behind the cut: "will now determine | where …", "throwing stones | at …"."""
    if _BARE_RELATIVE.search(heading):
        return True
    after = rest.split()[0].strip(",;:").lower()
    if after in _WHICH and any(word in w.MODAL or word == "to" for word in words[-3:-1]):
        return True
    # "… wants to work | on the pier", but not "objected to the talks | in the port".
    if after in w.PREPOSITION and clause.rsplit(" ", 2)[-2:-1] == ["to"]:
        return True
    if _GOES_ON.match(rest) or (after == "with" and not _WITH.isdisjoint(words)):
        return True
    if rest.startswith(","):
        return not _INCLUDES.isdisjoint(words)
    gerunds = (word for word in words[-_GERUND_LAST:] if word.endswith("ing") and len(word) > 4)
    return any(word not in nouns and word not in _NO_GERUND for word in gerunds)
