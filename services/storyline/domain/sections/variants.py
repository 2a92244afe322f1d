"""What else a sentence says that may head a section (English): its second predicate, another clause, both in few words.

"Holm met the board during the regatta and rejected its plan" says that Holm rejected the plan, and in few words that
she met the board and rejected its plan. The words are the sentence's, in their order.
"""

import re
from collections.abc import Iterator

from . import words as w
from .predicates import main_verb, second_verb

NEAR, FAR = 0, 1
"""How far a variant is from the sentence's beginning, where its news most often is."""

_SPAN = r"(?:days?|weeks?|weekend|months?|years?|decades?)"
_NOT_OF = "".join(
    f"(?<! {word} )"
    for word in ("of", "since", "until", "by", "from", "before", "after", "than", "and", "or", "for", "between", "to")
)
# Begins with its space, so that what stands before that is looked at only there.
_OCCASION = re.compile(
    rf" {_NOT_OF}(?<!ed )(?:"
    rf"(?:with)?in (?:the )?(?:last|past|next|recent|coming) (?:few |several |[a-z]+ )?{_SPAN}"
    rf"|(?:earlier |later )?(?:last|this|next) {_SPAN}"
    r"|over (?:the )?course of (?:a )?few [a-z]+"
    r"|during the (?:day|night|morning|afternoon|evening)"
    r"|in the (?:early|late) hours of (?:the )?(?:[A-Z]?[a-z]+day )?morning"
    r"|(?:at|around|about) (?:around |about )?\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\.?(?: (?:on )?[A-Z][a-z]+day)?"
    r"|in an? (?:written |televised |joint |brief |prepared |short |e-?mailed )?(?:statement|press release|tweet)"
    r")(?![\w'’-])"
)
# One of these is in what the pattern finds: looked at before it.
_OF_OCCASION = (
    "day", "night", "noon", "evening", "week", "month", "year", "decade", "morning", "course of", ".m", " am", " pm",
    "statement", "release", "tweet",
)  # fmt: skip
_NEXT_CLAUSE = re.compile(r", (?:and|but|while),? (?=(?:the |a |an |[A-Z])[^,;:]+)")
_MARKS = frozenset(",;:”\"'’)")
# What only tells where or when, before an "and" behind which the subject does more.
_WHERE = frozenset(("in", "at", "during", "near", "across", "throughout", "outside", "inside"))
# What may be of the first predicate's object: "met the board and rejected its plan".
_OF_FIRST = frozenset(("it", "its", "them", "they", "their", "him", "one", "both", "so"))


def without_occasion(text: str) -> str:
    """A text without what only says in which weeks, at what hour or in what statement."""
    return _OCCASION.sub("", text) if any(word in text for word in _OF_OCCASION) else text


def variants(text: str) -> Iterator[tuple[int, str]]:
    """Other beginnings of headings than a sentence's text itself (cleaned), each with how far it is from its start."""
    if " and " in text:
        yield from _predicates(text)
    found = _NEXT_CLAUSE.search(text)
    if found and _is_clause(text[found.end() :]) and _is_clause(text[: found.start()]):
        yield FAR, text[found.end() :]


def _predicates(text: str) -> Iterator[tuple[int, str]]:
    """Both predicates without where the first was done, and the second alone."""
    pieces = text.split()
    lower = [_word(piece) for piece in pieces]
    verb = main_verb(lower)
    second = second_verb(lower, verb) if verb else None
    if verb is None or second is None or any(piece[-1] in _MARKS for piece in pieces[:verb]):
        return
    joint = next(i for i in range(second, 0, -1) if lower[i] == "and")
    carried = verb
    while lower[carried] in w.AUXILIARY or lower[carried] == "been":
        carried += 1
    where = next((i for i in range(carried + 2, joint) if lower[i] in _WHERE), joint)
    # "Left school at 16 and was captain at 20": without the first figure the second would be of both.
    two = any(map(w.is_number, lower[where:joint])) and any(map(w.is_number, lower[second:]))
    if where < joint and not two:
        yield NEAR, " ".join([*pieces[:where], *pieces[joint:]])
    if not _OF_FIRST.isdisjoint(lower[second + 1 :]):
        return
    # "The ministry publicly objected and said …": the adverb is the first one's.
    end = verb - (lower[verb - 1].endswith("ly") and verb > 1)
    helpers = () if lower[second] in w.AUXILIARY else pieces[verb:carried]
    yield FAR, " ".join([*pieces[:end], *helpers, *pieces[second:]])


def _is_clause(text: str) -> bool:
    lower = [_word(piece) for piece in text.split()]
    verb = main_verb(lower)
    return verb is not None and "and" not in lower[:verb]


def _word(piece: str) -> str:
    return piece.strip(",.;:!?\"“”‘’'()[]").lower().replace("’", "'")
