"""What a sentence is worth on a page beside its place and its words (English): that somebody answers, or that it is
colour or background, which a page can go without.
"""

import re
from functools import lru_cache

from . import words as w
from .features import CACHE_SENTENCES_MAX, Features, annotate
from .headlining import is_dated_before
from .telling import BEFOREHAND, tells_little
from .vocabulary import OTHER_SIDE

_HAVE_THEIR_SAY = w.SPEECH | w.word_set("say argue contend fear call warn point counter accuse blame")
_BEFORE_THEIR_SAY = _HAVE_THEIR_SAY | {"of", "have"}
_SIGNS = w.OTHER_SIDE | {"Critics", "Opponents"}
# "She was denied entry", "a law to refuse service", "would neither confirm nor deny", "as opposed to": nobody answers.
_NO_SUBJECT = w.word_set("be been being is are was were get got to the a an nor as")
# "Slammed into a wall", "blasted off": nor does anybody here.
_GOES_ON_TO = w.word_set("into off apart through")
# "Each object", "heavy objects", not "objects to the toll".
_THINGS = frozenset(("object", "objects"))
# "Of those questioned for a survey".
_DONE_TO = frozenset((("questioned", "for"), ("questioned", "by"), ("questioned", "in")))


def may_answer(text: str) -> bool:
    """A cheap look before a text is read; a word with a mark at it isn't seen."""
    return not _SIGNS.isdisjoint(text.split())


def answers(features: Features) -> bool:
    """Whether somebody denies, criticises or defends in a sentence: "Holm's lawyer rejected the claim"."""
    held = bool(features.held & OTHER_SIDE)
    return held and answers_in(features.lower) and not says_only_nothing(features)


def answers_in(lower: tuple[str, ...]) -> bool:
    """The same of a sentence's words in lower case."""
    # Most sentences hold none of these, and one look tells.
    if w.OTHER_SIDE.isdisjoint(lower):
        return False
    if w.ANSWERS.isdisjoint(lower) and w.SIDES.isdisjoint(lower):
        return "not" in lower
    after = (*lower[2:], "")
    # "Opponents of the dam climbed on trees" say nothing.
    say = not _HAVE_THEIR_SAY.isdisjoint(lower)
    return any(
        (before in w.SIDES and word in _BEFORE_THEIR_SAY and say)
        or (word in w.ANSWERS and _does(before, word, follows, lower))
        for before, word, follows in zip(lower, lower[1:], after, strict=False)
    )


def _does(before: str, word: str, follows: str, lower: tuple[str, ...]) -> bool:
    """Whether somebody does what such a word of a sentence tells: he isn't "accused of speeding", nor does he "not
    confirm, deny or comment"."""
    if before in _NO_SUBJECT or follows in _GOES_ON_TO or (word == "accused" and follows == "of"):
        return False
    if (word, follows) in _DONE_TO or (word in _THINGS and follows not in ("to", "that")):
        return False
    return word != "deny" or "confirm" not in lower


_SAYS_NOTHING = re.compile(
    r"\b(?:(?:declined|refused|refuses|declines) to (?:\w+ )?(?:comment|say|discuss|elaborate|answer)"
    r"|no (?:immediate |further )?comments?|not (?:immediately )?(?:respond|return|comment|reply|elaborate)"
    r"|not (?:offer|give|provide) (?:any |more |further )?details?)\b"
)
# One of these is in whatever it finds: looked at before it.
_SAYS_NOTHING_WORDS = w.word_set("comment comments say discuss elaborate answer respond return reply detail details")


def says_nothing(features: Features) -> bool:
    """Whether a sentence tells that somebody had nothing to say: "The ministry declined to comment"."""
    return not _SAYS_NOTHING_WORDS.isdisjoint(features.lower) and _SAYS_NOTHING.search(features.text) is not None


# What somebody says beside that.
_SAYS_SOMETHING = w.SPEECH | w.word_set("but though although while")


def says_only_nothing(features: Features) -> bool:
    """Whether a sentence tells nothing but that, nor what somebody else says."""
    return says_nothing(features) and _SAYS_SOMETHING.isdisjoint(features.lower)


_PREVIOUSLY = w.word_set("previously formerly historically traditionally")


def is_of_before(features: Features) -> bool:
    """Whether a sentence tells of a month or more before: "Last year, Holm criticised the board"."""
    return not _PREVIOUSLY.isdisjoint(features.lower) or is_dated_before(features)


# What tells of a life, or how something looked.
_ASIDE = w.word_set(
    """born married educated graduated nicknamed grew wearing wore dressed smiled smiling laughed chatted waved hugged
    sipped posed sporting clad decades"""
)
_HARM = w.word_set("dead died dies killed injured wounded hurt missing arrested charged detained held sentenced jailed")


def tells_of_harm(features: Features) -> bool:
    """Whether a sentence tells of people who died, were hurt, are missing, or were taken into custody or sentenced."""
    return not _HARM.isdisjoint(features.lower)


def is_aside(features: Features) -> bool:
    """Whether a sentence is colour or background: of a life, of long before, of what is so on any day, or that somebody
    had nothing to say."""
    return _is_aside(features.text)


@lru_cache(maxsize=CACHE_SENTENCES_MAX)
def _is_aside(text: str) -> bool:
    features = annotate(text, "en")
    lower = features.lower
    if is_dated_before(features) or says_only_nothing(features):
        return True
    if tells_of_harm(features):
        return False
    if not _PREVIOUSLY.isdisjoint(lower):
        return True
    if answers_in(lower):
        return False
    if not _ASIDE.isdisjoint(lower):
        return True
    if not w.SPEECH.isdisjoint(lower):
        return False
    return tells_little(lower, features, frozenset()) > BEFOREHAND
