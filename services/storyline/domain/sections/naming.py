"""Who and where a text names, read from its wording (English). What can't be told to be a person, a body or a place is
left out: a name less is no fault, one of the wrong kind is."""

from collections.abc import Iterable, Sequence
from typing import Literal

from . import words as w
from .features import Features

NAME_WORDS_MAX = 3
AROUND = 4
"""Words looked at behind "Ida Brandt, the …" for her role."""

Kind = Literal["person", "organisation", "place"]
Named = tuple[Kind, str]

# What stands before somebody's name with a capital, and in small letters.
TITLE_OF_PERSON = w.word_set(
    """president vice deputy prime first foreign interior defence defense finance home chancellor minister secretary
    senator sen representative rep congressman congresswoman governor gov mayor king queen prince princess pope emir
    sultan judge justice chief attorney general gen colonel col lieutenant lt sergeant sgt captain capt major admiral
    commander dr prof professor mr mrs ms miss sir lord lady baroness former acting interim speaker chairman chairwoman
    chair ceo director archbishop bishop cardinal sheikh ayatollah detective inspector superintendent constable officer
    ambassador commissioner spokesman spokeswoman leader councillor reverend rev candidate nominee mp prosecutor special
    counsel agent manager coach pc brigadier brig sheriff"""
)
TITLE_ENDS = TITLE_OF_PERSON - w.word_set(
    "vice deputy prime first foreign interior defence defense finance home former acting"
)
ROLE_OF_PERSON = (TITLE_ENDS | w.ROLE_SPEAKER | w.word_set(
    """actor actress singer author analyst economist student teacher farmer fisherman driver pilot coach manager founder
    owner lawmaker deputy activist campaigner journalist reporter editor engineer professor spokesperson resident
    chairperson executive comedian footballer striker goalkeeper historian historian's physician wife husband son
    daughter brother sister mother father widow"""
)) - w.word_set("police officials statement report witnesses company agency government court army military authorities "
              "department study")  # fmt: skip
_SAID = frozenset(("said", "says", "told", "tells", "added", "tweeted", "testified"))
_BODY_END = w.word_set(
    """party committee ministry council court university agency department bureau commission union association
    federation institute foundation company corporation corp inc bank parliament airlines airways assembly authority
    organisation organization institution academy society alliance"""
)
_BODY_OF = w.word_set(
    "ministry university bank house council court department institute bureau organisation organization"
)
_BODY_SHORT = frozenset(
    ("nato", "bbc", "cnn", "fbi", "cia", "nasa", "imf", "nsa", "irs", "fifa", "uefa", "opec", "unesco", "unicef", "nba",
     "nfl", "eu", "iaea")
)  # fmt: skip
_NO_PLACE = w.word_set(
    """congress parliament pentagon kremlin senate republicans democrats tories labour liberals conservatives nato
    google facebook microsoft apple amazon twitter reuters hamas hezbollah christians muslims jews americans russians
    israelis palestinians america"""
)
_PLACE = w.KNOWN_PLACE - _NO_PLACE | {"gaza", "crimea", "rome", "madrid", "hawaii", "california", "texas", "florida"}
_PLACES = frozenset(
    ("united states", "united kingdom", "saudi arabia", "north korea", "south korea", "sri lanka", "new zealand",
     "south africa", "hong kong", "new york", "los angeles", "tel aviv", "west bank", "gaza strip", "northern ireland",
     "new delhi", "south sudan", "czech republic", "san francisco")
)  # fmt: skip
_ALONE = _PLACE | _BODY_SHORT
"""What one word can name."""
KIND_OF_PLACE = w.word_set("city town village province port island district region state county suburb")
_NOT_OF_PERSON = (w.NAME_OF_BODY - w.ALSO_GIVEN_NAME - w.ALSO_SURNAME) | w.word_set(
    """brigade chamber appeals administrative coastguard division unit programme program project festival museum
    stadium theatre theater award awards thanksgiving christmas easter watch mission operation village town"""
)


_NO_NAME_OF_PERSON = _NOT_OF_PERSON | _PLACE | w.STOP | _BODY_END


def names_in(features: Iterable[Features]) -> tuple[Named, ...]:
    """The people, bodies and places that sentences name in a way which says what they are, in order of appearance."""
    found: dict[Named, None] = {}
    for sentence in features:
        tokens, lower = sentence.tokens, sentence.lower
        start = 0
        for run in sentence.names:
            at = _find(tokens, run[0], start)
            start = end = at + len(run)
            alone = len(run) == 1 and not (at and lower[at - 1] == "of")
            if alone and run[0].lower().removesuffix("'s") not in _ALONE:
                continue
            # A full stop within a run ("Sen. Ida Brandt") takes a place of its own.
            while end < len(tokens) and tokens[end - 1] != run[-1] and end < at + 2 * len(run):
                end += 1
            found.update(dict.fromkeys(_read(run, lower[max(0, at - 2) : at], lower[end : end + 1 + AROUND])))
    return tuple(found)


def _find(tokens: Sequence[str], token: str, start: int) -> int:
    try:
        return tokens.index(token, start)
    except ValueError:
        return start


def _read(run: Sequence[str], before: Sequence[str], after: Sequence[str]) -> Iterable[Named]:
    """What a run of capitalised words names; two words before and five after it tell."""
    lower = [word.lower().removesuffix("'s") for word in run]
    words = [word.removesuffix("'s") for word in run]
    titles = [i for i, word in enumerate(lower) if word in TITLE_ENDS]
    last_title = max([i for i in titles if i < len(lower) - 1], default=-1)
    ends = titles[0] if titles else len(lower)
    goes_on = ends == len(lower) and after[:1] in (("for",), ("of",))
    if (body := _body(words[:ends], lower[:ends])) and not goes_on:
        yield ("organisation", body)
    name, low = words[last_title + 1 :], lower[last_title + 1 :]
    titled = last_title >= 0
    if _may_be_person(name, low) and (titled or _has_role(before, after)):
        yield ("person", _spelt(name))
    elif not titled and _is_place(low, before):
        yield ("place", _spelt(words))


def _is_place(lower: Sequence[str], before: Sequence[str]) -> bool:
    """Whether a name is a country or city known to all, or stands behind "the city of"."""
    if " ".join(lower) in _PLACES or (len(lower) == 1 and lower[0] in _PLACE):
        return True
    return (
        before[-1:] == ("of",) and bool(before[-2:-1]) and before[-2] in KIND_OF_PLACE and len(lower) < NAME_WORDS_MAX
    )


def _spelt(words: Sequence[str]) -> str:
    """The words with the full stops of initials, which aren't part of them: "Ida M. Brandt", "U.S. Bank"."""
    return " ".join(f"{word}." if len(word) == 1 or "." in word else word for word in words)


def _body(words: Sequence[str], lower: Sequence[str]) -> str:
    """The name of a party, ministry, court or company, by its words; empty if these are none."""
    if len(lower) == 1:
        return words[0] if lower[0] in _BODY_SHORT and words[0].isupper() else ""
    named = bool(lower) and (
        lower[-1] in _BODY_END or (lower[0] in _BODY_OF and lower[1:2] == ["of"] and len(lower) > 2)
    )
    whole = named and w.WEEKDAY.isdisjoint(lower) and w.MONTH.keys().isdisjoint(lower)
    return _spelt(words) if whole and len(lower) <= 2 * NAME_WORDS_MAX else ""


def _may_be_person(words: Sequence[str], lower: Sequence[str]) -> bool:
    if not 2 <= len(words) <= NAME_WORDS_MAX or " ".join(lower) in _PLACES:
        return False
    if not _NO_NAME_OF_PERSON.isdisjoint(lower):
        return False
    return all(word[0].isupper() for word in words) and not any(len(word) > 2 and word.isupper() for word in words)


def _has_role(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a name stands behind a role ("spokesman Jonas Weil"), or is followed by one, an age or its "said"."""
    if before and before[-1] in ROLE_OF_PERSON:
        return True
    if not after or after[0] in _SAID:
        return bool(after)
    if after[0] != ",":
        return False
    aged = after[1:2] and after[1].isdigit() and len(after[1]) == 2 and after[2:3] == (",",)
    return bool(aged) or any(word in ROLE_OF_PERSON for word in _aside(after[1 : 1 + AROUND]))


_OPENS_ROLE = frozenset(("the", "a", "an", "former", "his", "her", "chief"))


def _aside(words: Sequence[str]) -> Sequence[str]:
    """The words up to the next comma, if they open with an article or a role."""
    if not words or (words[0] not in _OPENS_ROLE and words[0] not in ROLE_OF_PERSON):
        return ()
    return words[: words.index(",")] if "," in words else words
