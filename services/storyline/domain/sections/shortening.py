"""A long opening without its tail (English): what an article is about is in its first sentence, however long it is.

Agencies put a clause more into an opening than a page can take. It is cut where a clause is only hung on, and only if
the tail changes nothing about what stands before: no denial, condition, doubt or speaker is left behind.
"""

import re
from itertools import islice, takewhile

from . import words as w
from .vocabulary import is_verb

WORDS_LEFT_MIN = 14

_BOUNDARY = re.compile(
    r"; |, (?=(?:who|whose|which|where|when|while|as|after|because|since|following|amid|citing|including|and|with|in|"
    r"for|[a-z]+ing)\b)|(?P<dash> (?:—|–|--|-) )"
)
_WORD = re.compile(r"\S+")
_DASH = re.compile(r" (?:—|–|--|-) ")
# Clauses hung on without a comma, which need a verb of their own: "as officials said …", not "as mayor".
_CLAUSE = re.compile(
    r" (?=(?:even )?as (?:the|an?|he|she|it|they|his|her|its|their|[A-Z]\w+|\w+s) "
    r"|(?:while|after|amid|following|because) )"
)
_ASIDE = re.compile(r"^(?P<subject>[^,;:]{2,100}), (?P<aside>[^;:—–]{12,}?), (?=(?:[a-z]+ly )?(?P<verb>[a-z]+) )")
# What is said of the subject and goes on to the end: no sentence yet.
_ONLY_ASIDE = re.compile(r"^(?P<subject>[^,]{2,100}), (?:who|whose|which|where|[a-z]+ing)\b[^,]*$")
_ASIDE_WORDS_MIN = 3
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
_LEFT_OPEN = w.PREPOSITION | w.word_set("the a an and or that who which is was were are be been has have had to")


def shorten(sentence: str, words_max: int) -> str | None:
    """The longest beginning of at most `words_max` words that is whole and true without the rest; None: there is none.

    For a sentence that is longer than that. Where none can be cut so, what is said of its subject between two commas
    goes ("The mayor, facing a vote next week, said …"). The result keeps the sentence's words and ends with its full
    stop.
    """
    if not sentence.rstrip("\"”’'").endswith("."):
        return None
    return _beginning(sentence, words_max) or _without_aside(sentence, words_max)


def _beginning(sentence: str, words_max: int) -> str | None:
    for boundary in _last_first(_BOUNDARY, sentence, words_max):
        head, tail = sentence[: boundary.start()], sentence[boundary.end() :]
        bare = tail.startswith("including ") and _ends_bare(head)
        if not bare and _is_whole(head) and _may_go(tail, boundary["dash"] is not None):
            return f"{head}."
    return _without_clause(sentence, words_max)


def _last_first(boundaries: re.Pattern[str], sentence: str, words_max: int) -> list[re.Match[str]]:
    """The places where a sentence may be cut and leave as many words as it should. What is behind these isn't looked
    at: a hostile "sentence" has thousands."""
    words = list(islice(_WORD.finditer(sentence), words_max + 1))
    if len(words) < WORDS_LEFT_MIN:
        return []
    first = words[WORDS_LEFT_MIN - 1].start()
    last = words[words_max].start() if len(words) > words_max else len(sentence)
    found = takewhile(lambda boundary: boundary.start() <= last, boundaries.finditer(sentence))
    return [boundary for boundary in found if boundary.start() > first][::-1]


def _without_clause(sentence: str, words_max: int) -> str | None:
    """A sentence without the last clause that hangs on it without a comma."""
    for boundary in _last_first(_CLAUSE, sentence, words_max):
        head, tail = sentence[: boundary.start()], sentence[boundary.end() :]
        last = head.rsplit(" ", 1)[-1].lower()
        if is_verb(last) or last.endswith(",") or last in _NO_CLAUSE_AFTER:
            continue
        hangs = tail.startswith(_NAMES_ITS_CAUSE) or _has_verb(" ".join(tail.split()[1:8]))
        if hangs and _is_whole(head) and _may_go(tail, False):
            return f"{head}."
    return None


_NO_CLAUSE_AFTER = w.word_set(
    """such well long soon much far just only even day days year years week weeks month months hours minutes largely
    partly"""
)
_NAMES_ITS_CAUSE = ("after a", "after an", "amid", "following")


def _without_aside(sentence: str, words_max: int) -> str | None:
    """A sentence without what is said of its subject between two commas, and then perhaps without its tail."""
    found = _ASIDE.match(sentence)
    if found is None or not is_verb(found["verb"]) or found["verb"].endswith("ing") or _has_verb(found["subject"]):
        return None
    aside = found["aside"]
    if len(aside.split()) < _ASIDE_WORDS_MIN or _CHANGES.search(aside) or not _is_balanced(aside):
        return None
    left = f"{found['subject']} {sentence[found.end() :]}"
    return left if len(left.split()) <= words_max else _beginning(left, words_max)


def _is_balanced(text: str) -> bool:
    return not (text.count('"') % 2 or text.count("“") != text.count("”") or text.count("(") != text.count(")"))


def _is_whole(head: str) -> bool:
    if not _is_balanced(head):
        return False
    if len(_DASH.findall(head)) % 2 or head.rsplit(" ", 1)[-1].lower() in _LEFT_OPEN:
        return False
    aside = _ONLY_ASIDE.match(head)
    if aside and not _has_verb(aside["subject"]):
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
