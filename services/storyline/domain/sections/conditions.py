"""What a sentence says of states (English): how many are dead, hurt or missing, who is sought, held or free."""

import re
from dataclasses import dataclass

from .patterns import any_of

_WORD_VALUE = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_A_NUMBER = rf"\d[\d,]*|{'|'.join(_WORD_VALUE)}"
_NUMBER = rf"(?P<value>{_A_NUMBER})"
_PEOPLE = (
    r"(?: (?:other |more )?(?:people|persons|men|women|children|civilians|soldiers|passengers|workers|"
    r"others|victims|students|migrants|troops|officers|miners|bodies|residents))"
)
# For each kind: what a sentence must hold (lower case) to be read, the words after a number, those before one.
_KINDS = (
    (
        "dead",
        ("kill", "dead", "died", "death", "claim"),
        r"(?:killed|dead|died|deaths)",
        r"(?:killed|killing|kills|death toll\b[^,.;]{0,70}?|claimed the lives of|claiming)",
    ),
    (
        "injured",
        ("injur", "wound", "hurt"),
        r"(?:injured|wounded|hurt|injuries)",
        r"(?:injured|injuring|wounded|wounding|hurt)",
    ),
    ("missing", ("missing", "unaccounted"), r"(?:missing|unaccounted for)", r"(?:missing)"),
    (
        "displaced",
        ("displac", "homeless", "evacuated"),
        r"(?:displaced|homeless|evacuated)",
        r"(?:displaced|displacing|evacuated)",
    ),
    (
        "arrested",
        ("arrest", "detain"),
        r"(?:arrested|detained|arrests)",
        r"(?:arrested|arresting|detained|detaining)",
    ),
)
_QUALIFIER = r"(?:at least |about |around |some |more than |nearly |up to |another |a total of )?"
_FIGURES = tuple(
    (
        kind,
        signs,
        re.compile(
            rf"\b{_NUMBER}{_PEOPLE}?(?: (?:were|was|are|is|have been|had been|have|had|remain|remained|confirmed"
            rf"|reported|people))*,? {after}\b"),
        re.compile(rf"\b{before} {_QUALIFIER}{_NUMBER}(?!\s*(?:%|percent|years?|days?|hours?|times|miles|km))\b"),
    )
    for kind, signs, after, before in _KINDS
)  # fmt: skip
_NUMBERS = re.compile(rf"\b(?:{_A_NUMBER})\b")
INCIDENTS_MIN = 3
"""So many numbers tell of one incident each, not of all: "killing 28 in one strike, 11 in another and four in …"."""
# "Seven more troops were killed" gives no toll.
_FURTHER = re.compile(r"\b(?:another|others?|more(?! than)|further)\b")


# For each change: (signs in lower case without one of which the pattern can't match, the pattern) of the old state,
# and of the new one.
_STATES = tuple(
    tuple((signs, re.compile(rf"\b(?:{pattern})\b")) for signs, pattern in change)
    for change in (
        (
            (("missing", "disappeared", "search", "trapped"), r"missing|disappeared|search(?:ing)? for|trapped"),
            (
                ("found ", "bod", "rescued", "recovered"),
                r"found (?:dead|alive|safe)|body (?:was|of|has been) |bodies (?:were|have been)|rescued|recovered",
            ),
        ),
        (
            (
                (
                    "at large",
                    "on the run",
                    "manhunt",
                    "fugitive",
                    "searching for",
                    "trace",
                    "hunt",
                    "identify",
                    "seeking",
                    "released",
                    "appeal",
                ),
                r"at large|on the run|manhunt|fugitive|still searching for|hunt(?:ing)? for"
                r"|(?:wish|want|trying|anxious|keen|hoping) to trace|(?:attempts?|trying|hop(?:e|ing)) to identify"
                r"|seeking a (?:man|woman|gunman|suspect)"
                r"|manhunt|released (?:a|the) (?:description|image|images|sketch|e-fit|picture)"
                r"|appeal(?:ed|ing)? for (?:witnesses|information)",
            ),
            (
                ("arrested", "captured", "caught", "detained", "custody", "shot dead"),
                r"arrested|captured|caught|detained|in custody|shot dead",
            ),
        ),
        (
            (
                ("held", "custody", "captive", "detention"),
                r"was being held|is being held|remains? in custody|held hostage|captive|in detention",
            ),
            (("released", "freed"), r"(?:was|were|been|has been) (?:released|freed)"),
        ),
        (
            (("condition", "hospital"), r"in (?:critical|serious|stable) condition|in hospital|hospitali[sz]ed"),
            (("died", "dies", "passed away", "dead"), r"died|has died|dies|passed away|pronounced dead"),
        ),
        (
            (("suspect", "questioned", "awaiting"), r"suspect(?:ed)?|questioned|awaiting charges"),
            (
                ("charged", "convicted", "acquitted", "guilty"),
                r"(?:was|were|been|has been) (?:formally )?charged|convicted|acquitted|found guilty",
            ),
        ),
        (
            (("trial", "awaiting"), r"on trial|stand(?:s|ing)? trial|awaiting (?:trial|verdict)"),
            (
                ("convicted", "acquitted", "guilty", "sentenced"),
                r"convicted|acquitted|found guilty|found not guilty|sentenced",
            ),
        ),
        (
            (
                ("resign", "step down", "quit"),
                r"(?:calls|pressure|urged|called on) (?:for|on|to)?.{0,40}\b(?:resign|step down|quit)",
            ),
            (
                ("resign", "stepped down"),
                r"has resigned|resigned|stepped down|announced (?:his|her) resignation",
            ),
        ),
        (
            (("closed", "shut", "grounded"), r"remain(?:s|ed)? closed|is closed|was shut|grounded"),
            (("reopened", "resumed", "restored", "normal"), r"reopened|resumed|restored|back to normal"),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one sentence says of states: counts of people, none where it gives two values of a kind, and bit masks of
    the old and new states of `_STATES`."""

    counts: tuple[tuple[str, int], ...]
    old: int
    new: int


NOTHING = Told((), 0, 0)
_SIGNS = sorted({s for _, signs, *_ in _FIGURES for s in signs} | {s for c in _STATES for p in c for s in p[0]})
# Of each sign its longest word, which is in whatever holds the sign.
_SIGN_WORD = re.compile(any_of(max(reversed(sign.split()), key=len) for sign in _SIGNS))
_NUMBER_SIGN = re.compile(rf"\d|{any_of(_WORD_VALUE)}")


def is_of_state(word: str) -> bool:
    """Whether a word (lower case) is one of those without which a sentence says nothing of states. Most hold none."""
    return _SIGN_WORD.search(word) is not None


def told(lower: str) -> Told:
    """What a sentence in small letters says of states."""
    held = {sign for sign in _SIGNS if sign in lower}
    if not held:
        return NOTHING
    counts = []
    if _NUMBER_SIGN.search(lower):
        for kind, of_kind, before, after in _FIGURES:
            if held.isdisjoint(of_kind):
                continue
            matches = [match for match in (before.search(lower), after.search(lower)) if match]
            values = {_value(match["value"]) for match in matches if not _FURTHER.search(match.group())}
            toll = "toll" in lower and all("toll" in match.group() for match in matches)
            if not toll and ("toll" in lower or len(_NUMBERS.findall(lower)) >= INCIDENTS_MIN):
                continue
            if len(values) == 1:
                counts.append((kind, values.pop()))
    masks = [0, 0]
    for i, change in enumerate(_STATES):
        for side, (needed, pattern) in enumerate(change):
            if not held.isdisjoint(needed) and pattern.search(lower):
                masks[side] |= 1 << i
    return Told(tuple(counts), *masks) if counts or any(masks) else NOTHING


def _value(text: str) -> int:
    return _WORD_VALUE.get(text) or int(text.replace(",", "") or 0)
