"""Crossheads of what happened, and to whom (English): "Ceasefire Between Velmara and Karsund", "Talks on Pier".

Where a clause would only say the first sentence below it once more, what that tells of heads the section better.
It claims nothing; what was denied, refused or is only alleged makes none.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from . import words as w
from .clauses import CLAUSES_CACHED_MAX
from .features import Features
from .trimming import undated
from .vocabulary import is_verb

WORDS_MIN, WORDS_MAX, BEFORE_MAX = 3, 8, 3
"""Of a crosshead, and how many words its noun may have before it."""

_MARK = re.compile(r"[,;:.!?()\[\]\"“”‘’—–-]+$|^[\"“”‘(\[]")
_OF = w._words("of on for between against over about among behind from to with")
_ENDS = w.WEEKDAY | w._words(
    """that who which whom whose where when while after before as because since until till if unless whether but
    although though than so amid during despite following how why what including such today yesterday tonight"""
)
# What happens, is done, said, made or felt; other such nouns are known by their ends.
_EVENTS = w._words(
    """abuse accident accidents aid apologies apology appeal arrest arrests arson assault assaults attack attacks ban
    bans battle battles bid bill birth blast blasts blockade blow boycott bribe bribes budget bust call calls
    campaign care case ceasefire challenge challenges change changes charges clash clashes clues comeback complaint
    complaints concern concerns contract control controversy convoy coup crackdown crash cure custody cut cuts
    damage danger deadline deal deals death deaths debate debt defeat deficit delay delays demand demands dispute
    disputes doubt doubts drive drop drought effort efforts epidemic escape exit exodus fallout fear fears feud
    fight fighting fine fines fire fires flood floods fraud fund funds gap grief growth guilt hearing hearings help
    hope hopes hunt impact inquest inquiry interest interview jail job jobs journey joy justice launch law laws
    lawsuit leak leaks link links loss losses love meeting meetings merger mission mistrust mourning move moves
    murder murders need needs odds offer outbreak outcry outrage pact panic peace penalties penalty plan plans plea
    pledge pledges plot plots poll polls praise pressure probe profit profits progress protest protests push
    questions raid raids rallies rally recall record relief report request requests rescue research respect review
    reviews revolt reward rift right rights riot riots rise risk risks role row rule rules safety sanctions scandal
    search secrecy sentence shake-up shortage shortages siege spending split storm strike strikes struggle study
    subsidies suit summit support surge surprise survey talks target targets tax taxes tests theft threat threats
    ties trade-off trial tribute tributes trip trips truce trust uproar verdict veto victory vigil visit visits vote
    votes vow war warning warnings win work worries worry"""
)
_EVENT_END = re.compile(r"(?:[ts]ions?|ments?|[ae]nces?|ships?|it(?:y|ies)|ness|(?:v|os|n)als?|ures?|cies|acy|rcy)$")
_NO_EVENT = w._words(
    """addition administration agencies agency allowance ambulance ambulances animals apartment association audience
    authorities authority balance cities city coalition commission committee communities community conference
    conversation corporation creature creatures delegation department departments distance document documents
    element elements entities entity entrance evidence facilities facility federation figure figures
    furniture generation government governments identity instance instances institution institutions instrument
    intentions journals legacies location majority mention millions minority monument nation nations
    organisation organization parliament pharmacy picture pictures population portion portions position positions
    quality quantity question region regions residence rivals science section sections sentences station stations
    substance substances tribunals union unions universities university version versions"""
)
# What somebody has, makes or is given "to do" something.
_TO_DO = w._words(
    """agreement attempt attempts battle bid call calls campaign deal decision demand demands drive effort efforts
    fight invitation move moves offer plan plans pledge promise proposal proposals push race request right struggle
    vote vow"""
)
_DENIES = re.compile(
    r"\b(?:not|no|never|neither|nor|without|den(?:y|ie[sd]|ying|ial)|reject\w*|dismiss\w*|refus\w*|rul\w+ out|disput\w*"
    r"|fail\w*|lack\w*|alleg\w*|accus\w*|suspect\w*|claim\w*|if|unless|would|might|may|could|should|cancel\w*|scrap\w*"
    r"|avoid\w*|prevent\w*|stop\w*|halt\w*|instead|rather|against|oppos\w*|recommend\w*|propos\w*|urg\w+|demand\w*"
    r"|consider\w*|predict\w*|warn\w*|fear\w*|block\w*|drop\w*|abandon\w*|withdr[ae]w\w*|foil\w*|thwart\w*|avert\w*"
    r"|end(?:s|ed|ing)?|overturn\w*|overrul\w*|revers\w*|revok\w*|repeal\w*|rescind\w*|quash\w*|annul\w*|void\w*"
    r"|lift\w*|suspend\w*|shelv\w*|acquit\w*|clear(?:s|ed|ing)?|innocent|mistak\w*|mistook|down|up|dodg\w*|escap\w*"
    r"|surviv\w*|evad\w*|delay\w*|postpon\w*|dispel\w*|rumou?r\w*|hoax\w*|false\w*|threat\w*|almost|nearly"
    r"|hop(?:e[ds]?|ing)|want\w*|possib\w*|potential\w*)\b|n['’]t\b",
    re.I,
)
_BEFORE = w.POSSESSIVE | {"a", "an", "the"}
_BAD_LAST = (
    w.PREPOSITION | w.DETERMINER | w.AUXILIARY | w._words("year years month months week weeks day days time own")
)


def crossheads(sentence: Features) -> Sequence[str]:
    """Those of a sentence, in its order; they haven't passed the gate yet."""
    return _find(sentence.text)


@lru_cache(maxsize=CLAUSES_CACHED_MAX)
def _find(text: str) -> tuple[str, ...]:
    return tuple(_crossheads(text.split()))


def _crossheads(pieces: Sequence[str]) -> Iterator[str]:
    lower = [_MARK.sub("", piece).lower() for piece in pieces]
    for i in range(2, len(pieces) - 1):
        if pieces[i] not in _OF or not _is_event(pieces[i - 1]):
            continue
        start, end = _start(pieces, lower, i - 1), _end(pieces, lower, i)
        if start is None or end is None or _DENIES.search(" ".join(pieces[:start])):
            continue
        inside = lower[start:end]
        if not w.PERSON_PRONOUN.isdisjoint(inside) or not w.DEMONSTRATIVE.isdisjoint(inside):
            continue
        kept = [piece for piece, word in zip(pieces[start:end], inside, strict=True) if word not in ("the", "a", "an")]
        heading = undated(" ".join([*kept[:-1], _MARK.sub("", kept[-1])]))
        if WORDS_MIN <= heading.count(" ") + 1 <= WORDS_MAX and "“" not in heading and '"' not in heading:
            yield heading


def _is_event(piece: str) -> bool:
    """Whether a word may be the noun of a crosshead."""
    return piece in _EVENTS or (
        len(piece) > 6 and piece.islower() and piece not in _NO_EVENT and _EVENT_END.search(piece) is not None
    )


def _start(pieces: Sequence[str], lower: Sequence[str], noun: int) -> int | None:
    """Where the noun begins, with up to three words before it: behind an article, a possessive or a preposition; None
    if what stands before it is none of them."""
    for at in range(noun, max(0, noun - BEFORE_MAX - 1), -1):
        before, piece = lower[at - 1], pieces[at - 1]
        if (before in _BEFORE or before in w.PREPOSITION) and before != "to":
            return at
        if not before or not piece[-1].isalnum() or before in w.STOP or is_verb(before) or before.endswith("ly"):
            return None
    return None


def _end(pieces: Sequence[str], lower: Sequence[str], of: int) -> int | None:
    """Where what the noun is of ends: at a mark, a new clause, or the sentence's end; None if it hangs in the air."""
    end = start = of + 1
    to_do = lower[of] == "to" and lower[of - 1] in _TO_DO
    while end < len(pieces) and lower[end] not in _ENDS:
        word = lower[end]
        if word in ("and", "or") and not (lower[of] == "between" and "and" not in lower[start:end]):
            return None
        if end > start and (is_verb(word) or word in w.AUXILIARY) and lower[end - 1] != "to":
            return None
        end += 1
        if not (pieces[end - 1][-1].isalnum() or pieces[end - 1][-1] in "'’"):
            break
    if end == start or lower[end - 1] in _BAD_LAST or (lower[start] in w.STOP and lower[start] not in _BEFORE):
        return None
    if lower[of] == "between" and "and" not in lower[start:end]:
        return None
    # "Plan to close pier" does something, "opposition to pier" is of something.
    if lower[of] == "to" and not to_do and (is_verb(lower[start]) or lower[start] in w.PLAIN or end - start < 2):
        return None
    return end
