"""Columns, comments and editorials, and what an author judges in a report (English): his opinion, not news.

They are known by what their publisher says they are: a section of the site, a label, a slug. Of the words of a text
hardly any tells a column from a report with long quotations.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from storyline_schemas import Part

from . import elsewhere
from . import words as w
from .features import Features, unquoted
from .reading import READ_MAX, Reading
from .text import primary
from .vocabulary import ROLE, SPEECH

CACHED_MAX = 5_000
"""Headlines and addresses of which it is known whether they are an opinion's."""

_KINDS = w.word_set("opinion opinions op-ed op-eds oped editorial editorials column columns commentary")
_PLACES = (_KINDS - {"editorial"}) | w.word_set("columnist columnists commentisfree comment")
"""Parts of an address: "/opinion/2031/…". Some sites have all that they write below "editorial"."""
_LABEL = re.compile(
    r"^(?:opinion|op-?ed|editorial|column|comment|commentary|viewpoint|(?:\w+ )?analysis)\s*[:|]"
    r"|\s(?:[|–—-]\s+(?:opinion|editorial|comment|commentary)|[(\[](?:opinion|editorial|column|commentary)[)\]])\s*$",
    re.I,
)
# "Velmara must stay away from the Games: Holm": who says so, or who wrote it.
_ADVISES = re.compile(
    r"\b(?:must|should(?:n['’]t)?|needs? to|ha(?:s|ve) to|can['’]t|cannot)\b.*: (?:[A-Z]\S+ )?([A-Z]\S+)$"
)
# What an author says of what he tells, in whose words nobody is cited.
_JUDGES = re.compile(
    r"\b(?:certainly|surely|of course|no doubt|needless to say|to be sure|arguably|irony|unsurprising|no surprise"
    r"|clearly (?!seen\b|visible\b)|misleadingly|ironically|sadly|not surprisingly|perhaps (?:best|un)"
    r"|at the end of the day|(?:serves?|served) as a reminder|remains to be seen|hard to (?:tell|say|overstate)"
    r"|[Ww]hat(?:['’]s| is) (?:un)?clear is|(?:even )?more damning|no easy task"
    r"|(?:could|would|may|might) (?:be|provide|prove|give|deal|mark|become) (?:an? |added |another )(?:\w+[ -]){0,2}"
    r"(?:boost|blow|breakthrough|setback|ammunition|headache|embarrassment|victory|turning point)"
    r"|hardly (?:an? |surprising)|(?:was|is)n['’]t (?:quite|exactly)|[Ii]t (?:looks|looked|seems|seemed) (?!to\b)"
    r"|(?:seems?|seemed) (?:obvious|clear|certain|countless)|a good bit|(?:good|bad) news for|caught \w+ \w+ napping)\b"
)
_JUDGING = frozenset(
    ("certainly", "surely", "course", "doubt", "needless", "sure", "arguably", "irony", "unsurprising", "surprise",
     "hardly", "quite", "exactly", "looks", "looked", "seem", "seems", "seemed", "bit", "news", "napping", "clearly",
     "misleadingly", "ironically", "sadly", "surprisingly", "perhaps", "end", "reminder", "remains", "hard", "clear",
     "unclear", "damning", "task", "boost", "blow", "breakthrough", "setback", "ammunition", "headache",
     "embarrassment", "victory", "point")
)  # fmt: skip


def is_opinion(part: Part, reading: Reading) -> bool:
    """Whether an article is a column or an editorial by its address, label, slug or subjects, or because its headline
    gives advice in the name of somebody whom its text doesn't know."""
    if _is_labelled(part.headline, part.url or ""):
        return True
    if primary(part.language) not in ("en", "und"):
        return elsewhere.is_opinion(part.headline, part.url or "")
    if any(concept.name.lower() in _KINDS for concept in part.subjects):
        return True
    if part.slugline and not _KINDS.isdisjoint(re.split(r"[\W_]+", part.slugline.lower())):
        return True
    return ": " in part.headline and _advises_as_author(part.headline, reading)


@lru_cache(maxsize=CACHED_MAX)
def _is_labelled(headline: str, url: str) -> bool:
    if _LABEL.search(headline):
        return True
    small = url.lower()
    if not [place for place in ("opinion", "column", "comment", "op-ed", "oped", "editorial") if place in small]:
        return False
    try:
        address = urlsplit(small)
    except ValueError:
        return False
    # A court's opinions are its judgements.
    of_court = ".gov" in address.netloc or "court" in address.netloc
    return not of_court and not _PLACES.isdisjoint(address.path.split("/")[:-1])


def _advises_as_author(headline: str, reading: Reading) -> bool:
    found = _ADVISES.search(headline.strip())
    if found is None or found[1].lower() in w.ROLE_SPEAKER or found[1].lower() in _NOBODY:
        return False
    return bool(reading.sentences) and not any(found[1] in kept.text for kept in reading.sentences)


_NOBODY = w.word_set("survey poll report reports source sources expert experts critics")


@lru_cache(maxsize=READ_MAX)
def judging(reading: Reading) -> frozenset[int]:
    """The places of an article's sentences, below its opening, in which its author judges and cites nobody."""
    found = enumerate(reading.features[1:], 1)
    return frozenset([rank for rank, each in found if _judges(each) and not is_attributed(each, "en")])


def _judges(features: Features) -> bool:
    return not _JUDGING.isdisjoint(features.lower) and _JUDGES.search(unquoted(features.text)) is not None


def is_attributed(features: Features, language: str) -> bool:
    """Whether a sentence says who says so: "Holm said …", "according to the police"."""
    if language not in ("en", "und"):
        return elsewhere.has_speaker(features.text, language)
    return bool(features.held & SPEECH) and (bool(features.speakers) or bool(features.held & ROLE))
