"""What a sentence of the page may not leave out of its source (English): the gate's rules for words that are missing.

Whatever is left out, what is left must stay true: "nearly drowned" isn't "drowned", "some of the boats" aren't "the
boats", Brandt's spokesman isn't Brandt, and what somebody fears hasn't happened. All functions take words in lower case
with the marks among them, as `Features.lower`; `used` are pairs of places, of a word in the sentence and of the same
word in its source, in order, and `capital` the words that the source has with a capital.
"""

from collections.abc import Collection, Sequence

from . import words as w
from .naming import TITLE_OF_PERSON
from .vocabulary import is_verb

Used = Sequence[tuple[int, int]]

_LIMITS = w.word_set(
    """almost nearly virtually practically hardly barely scarcely rarely seldom only merely partly partially mostly
    largely half falsely wrongly mistakenly erroneously supposedly initially temporarily briefly except unlike instead
    rather whether purportedly potentially theoretically"""
)
"""Words without which the next one that is used says more than its source."""
_PHRASES = frozenset((("far", "from"), ("anything", "but"), ("all", "but"), ("short", "of"), ("stopped", "short")))
_AFTER_NOT = frozenset(("just", "only", "simply", "merely", "solely", "alone", "yet", "always", "necessarily"))
"""Without these "not" denies all of it."""
_INVERTED, _OPENS = frozenset(("had", "were", "should")), frozenset(("", ",", ";", "“", '"', "–", "—"))
"""What makes a condition of a clause that it opens: "Had Holm won, …"."""
_FEW = frozenset(("few", "little"))


def keeps_limits(sentence: Sequence[str], source: Sequence[str], used: Used) -> bool:
    """Whether each word that limits what follows it is kept where that is used, and "a few" doesn't become "few"."""
    places = {at for _, at in used}
    for i, word in enumerate(source):
        if i in places:
            continue
        before = source[i - 1] if i else ""
        if word in _LIMITS and _next(source, i + 1) in places:
            return False
        if word in _AFTER_NOT and i - 1 in places and before in w.NEGATION:
            return False
        if word in _INVERTED and before in _OPENS and i + 1 in places:
            return False
        if (before, word) in _PHRASES and _next(source, i + 1) in places:
            return False
    return not any(
        source[at] in _FEW and source[max(0, at - 1)] == "a" and not (i and sentence[i - 1] == "a") for i, at in used
    )


def _next(source: Sequence[str], start: int) -> int:
    """The place of the next word that tells something, but a few small ones further on at most."""
    end = min(len(source), start + 4)
    return next((i for i in range(start, end) if source[i][0].isalnum() and source[i] not in w.DETERMINER), start)


_COUNTING = w.word_set(
    """dozens hundreds thousands millions billions scores lots plenty total number numbers group groups crowd crowds
    pair couple handful series range kind type sort percent tons kilograms pounds litres barrels pieces city town
    village state province region district island county republic kingdom port"""
)
"""Of these what follows "of" is the same thing: "hundreds of rowers", "the city of Solmar"."""
_SHARES = w.word_set(
    """some most many much half part parts portion several few any each one two three four five majority minority third
    quarter fraction handful rest least member members"""
)
"""Of these what follows "of" is more."""
_OF_TIME = (
    w.WEEKDAY
    | w.OF_TIME
    | w.word_set("morning afternoon evening night noon midnight day week month year today tomorrow")
)


def keeps_roles(sentence: Sequence[str], source: Sequence[str], capital: Collection[str], used: Used) -> bool:
    """Whether what stands behind a preposition does so in the sentence, too: whoever "the wife of Brandt" marries, it
    isn't Brandt, and who died "with Brandt" isn't he."""
    said = {at: i for i, at in used}
    for i, word in enumerate(source):
        if word not in w.PREPOSITION:
            continue
        head = source[i - 1] if word == "of" and i else ""
        share = i - 1 not in said and (head in _SHARES or head[:1].isdigit())
        if i in said:
            if share:
                return False
            continue
        at = None if head in _COUNTING else _first_used(source, i + 1, capital, said)
        if share and (at is not None or i + 1 in said):
            return False
        if at is not None and not _is_governed(sentence, said[at]):
            return False
    return True


def _first_used(source: Sequence[str], start: int, capital: Collection[str], said: Collection[int]) -> int | None:
    passed = False
    title: int | None = None
    for i in range(start, len(source)):
        word = source[i]
        if word in w.DETERMINER:
            continue
        if word in TITLE_OF_PERSON:
            title = i if title is None and not passed and i in said else title
            continue
        ends = not word[0].isalnum() or word in w.PREPOSITION or word in _ENDS or word in _OF_TIME or word[0].isdigit()
        if title is not None or ends:
            return title
        if i in said:
            # "Minister of schools Ida Brandt": somebody else's name begins.
            return None if passed and word in capital else i
        if word in capital or is_verb(word):
            return None
        passed = True
    return title


_ENDS = frozenset(("and", "or", "but", "who", "which", "that", "what", "how", "when", "where", "why", "whom", "whose"))


def _is_governed(sentence: Sequence[str], i: int) -> bool:
    """Whether the word at `i` of a sentence stands behind a preposition, with no more than its own between."""
    for word in reversed(sentence[:i]):
        if word in w.PREPOSITION:
            return True
        if not (word in w.DETERMINER or word in TITLE_OF_PERSON):
            return False
    return False


_HELD = w.word_set(
    """fear fears feared doubt doubts doubted warn warns warned warning warnings suggest suggests suggested suggestion
    suggestions believe believes believed belief possibility claim claims allegation allegations rumour rumours rumor
    rumors idea notion theory suspicion suspicions suspect suspects suspected speculation speculated concern concerns
    worry worries worried chance risk threat likelihood assumption assumed accusation accusations impression question
    questions hope hopes hoped think thinks thought expect predicted predicts prediction denies denied disputes
    disputed"""
)
"""Before "that", what makes no fact of a clause."""
_HOLDER_WORDS = 2
"""Between such a word and its "that" at most: "warned the board that"."""


def keeps_holders(source: Sequence[str], capital: Collection[str], used: Used) -> bool:
    """Whether a clause stays with the fear, claim or belief that it is the content of, with a "that" or without."""
    places = {at for _, at in used}
    for i, word in enumerate(source):
        if word == "that" and _next(source, i + 1) in places:
            holders = [at for at in range(max(0, i - 1 - _HOLDER_WORDS), i) if source[at] in _HELD]
            if holders and holders[-1] not in places:
                return False
        if word in _HELD and i not in places and i + 1 in places and source[i + 1] in capital:
            return False
    return True
