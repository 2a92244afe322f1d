"""A long opening without its tail (English): what an article is about is in its first sentence, however long it is.

Agencies put a clause more into an opening than a page can take. It is cut where a clause is only hung on, and only if
the tail changes nothing about what stands before: no denial, condition, doubt or speaker is left behind.
"""

import re

from . import words as w
from .vocabulary import is_verb

WORDS_LEFT_MIN = 14
OPENING_POSITION_MAX = 1

_BOUNDARY = re.compile(
    r"; |, (?=(?:who|whose|which|where|when|while|as|after|because|since|following|amid|citing|including|and|with|in|"
    r"for|[a-z]+ing)\b)|(?P<dash> (?:—|–|--|-) )"
)
_DASH = re.compile(r" (?:—|–|--|-) ")
_CHANGES = re.compile(
    r"n[’']t\b|\b(?:not|never|no|nor|only|unless|except|if|whether|den(?:y|ie[sd])|allege|alleged|allegedly|reportedly|"
    r"claim|claims|claimed|but|however|although|though|despite|instead|rather|until|would|could|may|might|falsely|"
    r"mistakenly|said|says|say|told|according|announced|reported|wrote|tweeted|respectively)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r", (\w+)")
_LOWER = re.compile(r"(?<![\w’'-])[a-z][a-z’'-]*")
# What opens on a clause or phrase has its own verb after the first comma.
_OPENS_BEFORE = re.compile(
    r"^(?:While|As|After|Although|Though|When|If|Since|Because|Before|With|Amid|Despite|Following|In|On|At|For|By|From|"
    r"Until|Even|Just|Having|[A-Z][a-z]+(?:ing|ed))\b"
)
_LEFT_OPEN = w.PREPOSITION | w._words("the a an and or that who which is was were are be been has have had to")


def shorten(sentence: str, words_max: int) -> str | None:
    """The longest beginning of at most `words_max` words that is whole and true without the rest; None: there is none.

    For a sentence that is longer than that. The result keeps the sentence's words and ends with its full stop.
    """
    if not sentence.rstrip("\"”’'").endswith("."):
        return None
    for boundary in reversed(list(_BOUNDARY.finditer(sentence))):
        head, tail = sentence[: boundary.start()], sentence[boundary.end() :]
        length = len(head.split())
        if length < WORDS_LEFT_MIN:
            break
        bare = tail.startswith("including ") and _ends_bare(head)
        if length <= words_max and not bare and _is_whole(head) and _may_go(tail, boundary["dash"] is not None):
            return f"{head}."
    return None


def _is_whole(head: str) -> bool:
    if head.count('"') % 2 or head.count("“") != head.count("”") or head.count("(") != head.count(")"):
        return False
    if len(_DASH.findall(head)) % 2 or head.rsplit(" ", 1)[-1].lower() in _LEFT_OPEN:
        return False
    main = head
    if _OPENS_BEFORE.match(head):
        _, comma, main = head.partition(", ")
        if not comma:
            return False
    return _has_verb(main)


def _ends_bare(head: str) -> bool:
    """Whether a verb's object is one noun that says nothing without its examples: "and claimed scalps, including …"."""
    *_, verb, noun = head.lower().split()
    return is_verb(verb) and verb not in w.AUXILIARY and noun.endswith("s")


def _may_go(tail: str, after_dash: bool) -> bool:
    """Whether a tail is an addition: not the first half of an aside after which the sentence goes on."""
    if _CHANGES.search(tail) or (after_dash and _DASH.search(tail)):
        return False
    if any(word == "and" or is_verb(word.lower()) for word in _NEXT.findall(tail)):
        return False
    first, *rest = tail.split()
    return first != "and" or _has_verb(" ".join(rest[:5]))


def _has_verb(text: str) -> bool:
    return any(is_verb(word) for word in _LOWER.findall(text))
