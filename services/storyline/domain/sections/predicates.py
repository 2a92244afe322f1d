"""Whether words have a predicate, and where its verb is (English)."""

from collections.abc import Sequence

from . import words as w
from .features import plain
from .vocabulary import LETTERS, is_verb, table

# Verbs that say little without what follows "as" or "to".
INCOMPLETE = frozenset(
    ("showed", "shown", "described", "named", "regarded", "seen", "viewed", "considered", "cited", "served", "hailed",
     "identified", "quoted", "expected", "believed", "known", "called", "based", "set", "used", "asked", "told",
     "forced")
)  # fmt: skip
_INCOMPLETE_UNTIL = frozenset(("as", "to", "in", "for"))
_REPORTING = frozenset(
    ("said", "says", "say", "believed", "believes", "believe", "thinks", "think", "thought", "claimed",
     "argued", "insisted", "whether", "how", "why")
)  # fmt: skip
_INTRANSITIVE = frozenset(
    ("died", "resigned", "arrived", "agreed", "appeared", "returned", "voted", "failed", "happened", "occurred",
     "emerged", "collapsed", "erupted", "crashed", "worked", "lived", "travelled", "traveled", "continued", "refused",
     "remained")
)  # fmt: skip
CLAUSE_WORDS = frozenset(("while", "as", "after", "before", "because", "since", "when", "although", "but"))
_NEXT_CLAUSE = CLAUSE_WORDS | {"and", "that", "who", "which"}
RELATIVE = frozenset(("who", "which", "that", "whose", "where"))


def words_of(text: str) -> list[str]:
    return [word.lower for word in table("en").read(plain(text)) if word.flags & LETTERS]


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


def has_predicate(words: list[str]) -> bool:
    """A finite verb of the main clause with two words after it; "said that …" needs a verb of its own behind it."""
    place = main_verb(words)
    if place is None or place > len(words) - 3:
        return False
    if not INCOMPLETE.isdisjoint(verb_group(words, place)) and _INCOMPLETE_UNTIL.isdisjoint(words[place:]):
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
    return words[place] not in _SAYS_THAT or any(verbal(later) for later in rest)


def verb_group(words: list[str], place: int) -> list[str]:
    """The main verb at `place`, with what an auxiliary carries."""
    return words[place : place + 3] if words[place] in w.AUXILIARY else words[place : place + 1]


def verbal(word: str) -> bool:
    return ("-" not in word and is_verb(word)) or word in w.PLAIN_IN_HEADING


def _finite(words: list[str], i: int) -> bool:
    """Whether a word may be the verb of its clause: "officials plan …" but not "the support …" nor "to plan …"."""
    before = words[i - 1]
    if before == "to" or not verbal(words[i]):
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
    return any(verbal(word) for word in words[:end])


def main_verb(words: list[str]) -> int | None:
    """Where the main clause's verb stands: not one of a relative clause ("leaders who have led …") nor a participle
    that hangs on a noun ("the budget authored by …")."""
    inside = False
    for i, word in enumerate(words[1:], 1):
        if word in RELATIVE:
            inside = True
        elif _finite(words, i) and not (word == "states" and words[i - 1] == "united"):
            hangs = _hangs(words, i)
            if inside:
                # An auxiliary and what it carries are one verb.
                inside = word in w.AUXILIARY
            elif not (hangs and (words[i + 1] == "by" or _verb_follows(words[i + 1 :]))):
                return i
    return None


# Between two predicates of one subject there is no other clause.
_OPENS_CLAUSE = RELATIVE | w.word_set(
    """whom when while as because since if after before until unless whether how why what although though than so but or
    nor"""
)
_BETWEEN = frozenset(("then", "also", "later", "both"))
_PRESENT_HELPERS = frozenset(("is", "are", "was", "were", "has", "have", "will"))


def second_verb(words: Sequence[str], verb: int) -> int | None:
    """Where the verb of a second predicate stands, beside the main one at `verb`: "met the board and rejected its
    plan". `words` may have empty ones, for marks alone."""
    carried = verb
    while carried < len(words) and (words[carried] in w.AUXILIARY or words[carried] == "been"):
        carried += 1
    for i in range(carried + 1, len(words) - 1):
        word = words[i]
        if word in _OPENS_CLAUSE or not word:
            return None
        if word == "and":
            at = i + 1
            while at < len(words) - 1 and (words[at] in _BETWEEN or words[at].endswith("ly")):
                at += 1
            return at if _is_beside(words, verb, carried, at) else None
        if i > carried + 1 and is_verb(word) and words[i - 1] != "to" and words[i - 1] not in w.DETERMINER:
            return None
    return None


def _is_beside(words: Sequence[str], verb: int, carried: int, at: int) -> bool:
    """Whether what stands behind an "and" has the form of the first predicate, or helpers of its own."""
    first, second = words[carried], words[at]
    if second in _PRESENT_HELPERS:
        return True
    if _is_past(first):
        return _is_past(second) and not may_modify(second, words[at + 1] if at + 1 < len(words) else "")
    return carried == verb and first.endswith("s") and second.endswith("s") and is_verb(second)


def may_modify(verb: str, after: str) -> bool:
    """Whether a verb may be a participle before its noun: "attacked towns and occupied areas"."""
    plural = (
        after.endswith("s") and after.isalpha() and not after.endswith(("ss", "us", "is", "'s")) and after not in w.STOP
    )
    return verb.endswith("ed") and plural and not is_verb(after)


def in_past(lower: Sequence[str]) -> bool:
    """Whether a sentence tells in the simple past what was done; that somebody said something is no such deed."""
    at = main_verb(list(lower))
    return at is not None and _is_past(lower[at]) and lower[at] not in w.SPEECH


def _is_past(word: str) -> bool:
    return is_verb(word) and (word in w.IRREGULAR or (word.endswith("ed") and "-" not in word))
