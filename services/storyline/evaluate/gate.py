"""How well the gate tells supported claims from false ones: claims made by recipe out of real sentences, then asked.

A false claim is a source sentence with one thing changed that makes it say something else; a good one is the sentence
with something left out or spelt otherwise that leaves it true. No text is kept here: only the recipes.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storyline.domain.sections import extract, supports
from storyline.domain.sections import words as w
from storyline.domain.sections.features import Features, annotate
from storyline.domain.sections.text import primary
from storyline.domain.sections.vocabulary import is_verb, stem_word
from storyline_schemas import Article

PER_KIND = 60

_NUMBER = re.compile(r"(?<![\w.,$-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w.,]*\d)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b")
_MONTH = re.compile(
    r"\b(?:January|February|March|April|June|July|August|September|October|November|December)(?= \d|,| and| last| this)"
)
_POSITIVE = re.compile(r"\b(is|are|was|were|has|have|had|will|would|could|should)(?= (?!not\b|n't)\w)")
_NEGATIVE = re.compile(r"\b(is|are|was|were|has|have|had|will|would|could|should|do|does|did) not ")
_CONTRACTED = re.compile(r"\b(is|are|was|were|has|have|had|would|could|should|do|does|did)n['’]t ")
_MODAL = re.compile(r"\b(?:may|might|could) have (?=\w+ed\b|been )|\b(?:allegedly|reportedly|apparently) ")
_TAIL = re.compile(
    r",? (?:the )?[\w' -]{3,40}? (?:said|told reporters|announced|claimed)(?: in a statement)?(?: [A-Z][a-z]+day)?\.$"
)
_CLAIM_HEAD = re.compile(r"^[A-Z][\w'’. -]{2,60}? (?:said|claimed|alleged|argued|insisted) (?:that )?(?=[a-z]\w+)")
_SPOKEN_BY = re.compile(r"\b([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*) (?=said|told|added|announced|claimed|warned)")
_OPPOSITES = (
    ("rose", "fell"), ("increased", "decreased"), ("approved", "rejected"), ("accepted", "refused"), ("won", "lost"),
    ("arrested", "released"), ("opened", "closed"), ("supported", "opposed"), ("confirmed", "denied"),
    ("killed", "rescued"), ("before", "after"), ("more", "fewer"), ("first", "last"), ("began", "ended"),
    ("injured", "killed"), ("signed", "vetoed"), ("convicted", "acquitted"), ("all", "some"), ("least", "most"),
    ("north", "south"), ("east", "west"), ("former", "current"), ("husband", "brother"), ("up", "down"),
)  # fmt: skip
_OPPOSITE = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}
_ASIDE = re.compile(r", (?:who|which) [^,]{8,80}, (?=\w)")
_RELATIVE_TAIL = re.compile(r", (?:who|which|where) [^,.]{10,120}\.$")
_PLACE_TAIL = re.compile(r" (?:in|at|near) (?:the )?[A-Z]\w+(?: [A-Z]\w+)?\.$")
_LEAD_PHRASE = re.compile(r"^(?:In|On|At|During|After) [^,]{4,50}, (?=(?:the|a|an|[A-Z])\b)")
_BRACKETS = re.compile(r" \([^()]{2,40}\)")
_QUALIFIER = re.compile(r"\b(?:the|a|an) (?=[a-z]{4,} [a-z]{4,})")
_SPOKEN_QUOTE = re.compile(r"[“”]")


_THING = re.compile(r"(?<![\w'’-])[a-z]{5,}(?![\w'’-])")


def _is_thing(word: str) -> bool:
    """Whether a word in lower case tells something and is no verb."""
    return word not in w.STOP and not is_verb(word)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence to ask the gate about, and the article's sentences that it is asked against."""

    kind: str
    true: bool
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class _Setting:
    """A sentence with what stands around it, for swaps that look natural."""

    text: str
    read: Features
    numbers: Sequence[str]
    names: Sequence[str]
    things: Sequence[str]
    chance: random.Random


def evaluate_gate(
    stories: Mapping[str, Sequence[Article]], seed: int = 1, per_kind: int = PER_KIND
) -> tuple[dict[str, Any], list[tuple[Claim, bool]]]:
    """(the report, every claim with the gate's verdict). `per_kind` bounds the claims of each recipe.

    A false claim is let through if its own source sentence is said to support it; a good one is refused if it isn't.
    """
    verdicts = [(claim, supports(claim.text, claim.source, "en")) for claim in claims(stories, seed, per_kind)]
    false = [passed for claim, passed in verdicts if not claim.true]
    good = [passed for claim, passed in verdicts if claim.true]
    kinds: dict[str, dict[str, int]] = {}
    for claim, passed in verdicts:
        entry = kinds.setdefault(claim.kind, {"claims": 0, "passed": 0})
        entry["claims"] += 1
        entry["passed"] += passed
    report = {
        "false_claims": len(false),
        "let_through": sum(false),
        "let_through_share": round(sum(false) / len(false), 4) if false else None,
        "good_claims": len(good),
        "refused": len(good) - sum(good),
        "refused_share": round(1 - sum(good) / len(good), 4) if good else None,
        "kinds": kinds,
        "seed": seed,
    }
    return report, verdicts


def claims(stories: Mapping[str, Sequence[Article]], seed: int, per_kind: int) -> list[Claim]:
    """At most `per_kind` claims of each recipe, spread over all stories; the same for the same seed."""
    chance = random.Random(seed)
    settings = list(_settings(stories, chance))
    chance.shuffle(settings)
    made: list[Claim] = []
    for true, recipes in ((False, _FALSE), (True, _GOOD)):
        for kind, recipe in recipes.items():
            found = (Claim(kind, true, text, s.text) for s in settings if (text := recipe(s)) and text != s.text)
            made += [claim for claim, _ in zip(found, range(per_kind), strict=False)]
    return made


def _settings(stories: Mapping[str, Sequence[Article]], chance: random.Random) -> Iterator[_Setting]:
    for articles in stories.values():
        for article in articles:
            if primary(article.language) != "en":
                continue
            texts = [kept.text for kept in extract(article)]
            read = [annotate(text, "en") for text in texts]
            numbers = list(dict.fromkeys(number for text in texts for number in _NUMBER.findall(text)))
            names = list(dict.fromkeys(" ".join(name) for one in read for name in one.names))
            things = list(dict.fromkeys(thing for text in texts for thing in _THING.findall(text) if _is_thing(thing)))
            for text, one in zip(texts, read, strict=True):
                yield _Setting(text, one, numbers, names, things, chance)


def _replaced(text: str, match: re.Match[str], by: str) -> str:
    return text[: match.start()] + by + text[match.end() :]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


Recipe = Callable[[_Setting], str | None]


# -- false claims -----------------------------------------------------------------------------------------------------


def _other_number(s: _Setting) -> str | None:
    match = _NUMBER.search(s.text)
    others = [number for number in s.numbers if match and number != match.group()]
    if match is None or _YEAR.fullmatch(match.group()):
        return None
    value = match.group().replace(",", "")
    return _replaced(s.text, match, s.chance.choice(others) if others else str(int(float(value)) + 3))


def _other_name(s: _Setting) -> str | None:
    own = [" ".join(name) for name in s.read.names]
    others = [name for name in s.names if all(name not in one and one not in name for one in own)]
    placed = [name for name in own if name in s.text]
    return s.text.replace(placed[0], s.chance.choice(others), 1) if placed and others else None


def _names_swapped(s: _Setting) -> str | None:
    own = [name for name in dict.fromkeys(" ".join(name) for name in s.read.names) if s.text.count(name) == 1]
    if len(own) < 2 or own[0] in own[1] or own[1] in own[0]:
        return None
    return s.text.replace(own[0], "\0").replace(own[1], own[0]).replace("\0", own[1])


def _negated(s: _Setting) -> str | None:
    match = _POSITIVE.search(s.text)
    return _replaced(s.text, match, f"{match.group()} not") if match else None


def _affirmed(s: _Setting) -> str | None:
    match = _NEGATIVE.search(s.text) or _CONTRACTED.search(s.text)
    return _replaced(s.text, match, f"{match.group(1)} ") if match else None


def _other_speaker(s: _Setting) -> str | None:
    match = _SPOKEN_BY.search(s.text)
    others = [name for name in s.names if match and name not in match.group(1) and match.group(1) not in name]
    return _replaced(s.text, match, s.chance.choice(others) + " ") if match and others else None


def _speaker_dropped(s: _Setting) -> str | None:
    for pattern in (_TAIL, _CLAIM_HEAD):
        match = pattern.search(s.text)
        if match and '"' not in s.text and "“" not in s.text:
            rest = s.text[: match.start()] + "." if pattern is _TAIL else s.text[match.end() :]
            return _capital(rest) if len(rest.split()) >= 6 else None
    return None


def _other_time(s: _Setting) -> str | None:
    if match := _YEAR.search(s.text):
        return _replaced(s.text, match, str(int(match.group()) + s.chance.choice((-2, -1, 1, 3))))
    for pattern, values in ((_DAY, _DAYS), (_MONTH, _MONTHS)):
        if match := pattern.search(s.text):
            return _replaced(s.text, match, s.chance.choice([day for day in values if day != match.group()]))
    return None


def _made_certain(s: _Setting) -> str | None:
    match = _MODAL.search(s.text)
    return _replaced(s.text, match, "have " if "have" in match.group() else "") if match else None


def _opposite(s: _Setting) -> str | None:
    match = next((m for m in re.finditer(r"\b[a-z]+\b", s.text) if m.group() in _OPPOSITE), None)
    return _replaced(s.text, match, _OPPOSITE[match.group()]) if match else None


def _hedge_dropped(s: _Setting) -> str | None:
    match = re.search(r"\b(?:at least|nearly|almost|more than|up to|about|fewer than|less than) (?=\d)", s.text, re.I)
    return _capital(_replaced(s.text, match, "")) if match else None


def _said_the_opposite(s: _Setting) -> str | None:
    match = re.search(r"\b(?:said|confirmed|announced)\b", s.text)
    return _replaced(s.text, match, "denied") if match else None


def _planned_made_done(s: _Setting) -> str | None:
    match = re.search(
        r"\b(?:plans|expects|hopes|is expected|are expected|agreed|refused|failed) to (?=[a-z]+\b)", s.text
    )
    return _replaced(s.text, match, "did ") if match else None


def _ends_joined(s: _Setting) -> str | None:
    """The beginning of a sentence with the end of another clause, what lies between left out."""
    match = re.search(r", (?:and|but|while|after|because) .{20,}? (?=(?:was|were|is|are|has|had|have) )", s.text)
    return f"{s.text[: match.start()]} {s.text[match.end() :]}" if match and match.start() > 20 else None


_LIMIT = re.compile(
    r"\b(?:almost|nearly|virtually|hardly|barely|scarcely|rarely|seldom|only|merely|(?<=not )just|partly|partially"
    r"|mostly|largely|half|falsely|wrongly|mistakenly|supposedly|temporarily|initially) (?=[a-z]{4,}\b)"
)
_SHARE = re.compile(
    r"\b(?:some|most|many|half|parts?|several|one|two|three|few|a (?:third|quarter|few|handful)) of "
    r"(?=(?:the|its|their|his|her|those)\b)",
    re.I,
)
_HEAD = re.compile(
    r"^(?:The|A|An)(?: [a-z]+){0,2} (?!number|group|region|city|total)[a-z]+ (?:of|for|from|at|with|against|to|in) "
    r"(?=(?:the |[A-Z])[\w'’-]+(?: [A-Z][\w'’-]+)* (?:was|were|is|are|has|have|had|will|said|[a-z]+ed)\b)"
)
_WHETHER = re.compile(r"^.{3,120}?\bwhether (?=(?:the|a|an|[A-Z])\b)")
_CONDITION = re.compile(r"^If (?P<what>[^,]{25,}), .*$")
_FRAME = re.compile(
    r"^.{3,120}?\b(?:denied|denies|doubt|doubts|doubted|disputed|rejected|dismissed|fears?|feared|hopes?|hoped|believes?"
    r"|believed|speculated|suspects?|suspected|worried|warned|suggests?|suggested)(?: \w+)? that "
    r"(?=(?:the|a|an|he|she|they|[A-Z])\b)"
)


def _kept(pattern: re.Pattern[str], words_min: int = 5) -> Recipe:
    """A false claim that goes on from what a pattern finds, without that."""

    def recipe(s: _Setting) -> str | None:
        match = pattern.search(s.text)
        rest = _replaced(s.text, match, "") if match and not s.read.quote_words else ""
        return _capital(rest) if len(rest.split()) >= words_min else None

    return recipe


def _condition_met(s: _Setting) -> str | None:
    match = _CONDITION.match(s.text)
    return _capital(match["what"]) + "." if match else None


def _other_thing(s: _Setting) -> str | None:
    own = [thing for thing in _THING.findall(s.text) if _is_thing(thing) and s.read.lower.count(thing) == 1]
    others = [thing for thing in s.things if stem_word(thing, "en") not in s.read.stem_set]
    if not own or not others:
        return None
    return re.sub(rf"\b{s.chance.choice(own)}\b", s.chance.choice(others), s.text, count=1)


def _things_swapped(s: _Setting) -> str | None:
    own = [thing for thing in _THING.findall(s.text) if _is_thing(thing) and s.read.lower.count(thing) == 1]
    if len(own) < 2:
        return None
    one, other = s.chance.sample(own, 2)
    text = re.sub(rf"\b{one}\b", "\0", s.text, count=1)
    return re.sub(rf"\b{other}\b", one, text, count=1).replace("\0", other)


def _word_put_in(s: _Setting) -> str | None:
    match = re.search(r"\b(?:the|a|his|their) (?=[a-z]{4,}\b)", s.text)
    others = [thing for thing in s.things if stem_word(thing, "en") not in s.read.stem_set]
    return _replaced(s.text, match, f"{match.group()}{s.chance.choice(others)} ") if match and others else None


_SMALL = {
    "to": "from", "from": "to", "with": "without", "for": "by", "by": "for", "because": "although", "into": "from",
    "his": "her", "her": "his", "he": "she", "she": "he", "and": "or", "although": "because", "despite": "because",
}  # fmt: skip


def _other_small_word(s: _Setting) -> str | None:
    match = next((m for m in re.finditer(r"\b[a-z]+\b", s.text) if m.group() in _SMALL), None)
    return _replaced(s.text, match, _SMALL[match.group()]) if match else None


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "June", "July", "August", "September", "October", "November")

_FALSE: dict[str, Recipe] = {
    "another number": _other_number,
    "another name": _other_name,
    "two names swapped": _names_swapped,
    "negated": _negated,
    "negation left out": _affirmed,
    "another speaker": _other_speaker,
    "speaker left out": _speaker_dropped,
    "another time": _other_time,
    "made certain": _made_certain,
    "an opposite word": _opposite,
    "a hedge before a number left out": _hedge_dropped,
    "said made denied": _said_the_opposite,
    "a plan made a deed": _planned_made_done,
    "subject of one clause, verb of another": _ends_joined,
    "a limit left out": _kept(_LIMIT),
    "a share made the whole": _kept(_SHARE),
    "what is of somebody made his": _kept(_HEAD),
    "a question made a statement": _kept(_WHETHER),
    "a condition made a fact": _condition_met,
    "a belief made a fact": _kept(_FRAME),
    "another thing": _other_thing,
    "two things swapped": _things_swapped,
    "a word put in": _word_put_in,
    "another small word": _other_small_word,
}


# -- good claims ------------------------------------------------------------------------------------------------------


def _cut(pattern: re.Pattern[str], by: str = "") -> Recipe:
    def recipe(s: _Setting) -> str | None:
        match = pattern.search(s.text)
        rest = _replaced(s.text, match, by) if match else ""
        return _capital(rest) if len(rest.split()) >= 7 else None

    return recipe


def _as_heading(s: _Setting) -> str | None:
    words = s.text.rstrip(".").split()
    if len(words) > 18 or s.read.quote_words or s.read.pronoun:
        return None
    kept = [word for word in words if word.lower() not in ("the", "a", "an")]
    return " ".join(word if word in w.PREPOSITION else _capital(word) for word in kept)


def _plain_marks(s: _Setting) -> str | None:
    return _SPOKEN_QUOTE.sub('"', s.text).replace("’", "'").replace("–", "-")


_GOOD: dict[str, Recipe] = {
    "an aside left out": _cut(_ASIDE, " "),
    "a relative clause at the end left out": _cut(_RELATIVE_TAIL, "."),
    "a place at the end left out": _cut(_PLACE_TAIL, "."),
    "an opening phrase left out": _cut(_LEAD_PHRASE),
    "a bracket left out": _cut(_BRACKETS),
    "an article left out": _cut(_QUALIFIER),
    "as a heading": _as_heading,
    "other quotation marks": _plain_marks,
}


def shown(verdicts: Iterable[tuple[Claim, bool]]) -> Iterator[str]:
    """The wrong verdicts, then all others, for reading by hand."""
    for claim, passed in sorted(verdicts, key=lambda entry: entry[0].true == entry[1]):
        verdict = "passed" if passed else "refused"
        mark = "    " if claim.true == passed else "!!  "
        side = "good" if claim.true else "false"
        yield f"{mark}{side}, {claim.kind}: {verdict}\n    {claim.text}\n  = {claim.source}"
