"""What is over in a story that has gone on (English).

Whether one sentence overtakes another is for `states`. Here it is time that does: what was "set to" happen days ago has
happened or hasn't, what was asked for has been done, and a date that was moved is no date any more.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from storyline_schemas.base import DAY_MS

from . import words as w
from .features import LONG_QUOTE_WORDS, Features, annotate, unquoted
from .pool import Candidate, Pool
from .reading import READ_MAX, Reading
from .vocabulary import ASKING, is_verb, stem_word

ON_IT_MIN = 300
"""How central a sentence is that may be about what a title tells although it doesn't name who did it."""
OPENING_POSITION_MAX = 2
"""Up to which a sentence may tell what its article is about."""

_ADVERBS = r"(?:\w+ly |now |still |already |also )*"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SOON = (
    r"(?:as (?:early|soon) as|later (?:today|on)|this (?:week|weekend|morning|afternoon|evening)|tonight|tomorrow"
    r"|in the (?:coming|next) (?:few )?(?:hours|days)|within (?:hours|days))\b"
)
# What is about to be.
_AHEAD = re.compile(
    rf"\b(?:(?:is|are) {_ADVERBS}(?:expected|set|due|scheduled|slated|poised|ready"
    r"|about|preparing|getting ready|bracing|gearing up|planning|considering|weighing|mulling)"
    r"(?= to\b| for\b| \w+ing\b| an?\b| whether\b)"
    r"|(?:was|were) (?:expected|due|scheduled|planned|considering|preparing|planning)(?= to\b| for\b| \w+ing\b)"
    rf"|(?:could|may|might|would|will|won['’]t|plans? to|hopes? to) (?:[^.;:]*? )?{_SOON}"
    r"|(?:has|have) yet to|in (?:preparation for|anticipation of)|ahead of (?:(?:its|the) )?(?:\w+ )?arrival)\b"
)
_PERCENT = r"\d[\d.]*(?:%| (?:percent|per cent)\b)"
# What has been counted so far.
_PARTLY_COUNTED = re.compile(
    rf"\b[Ww]ith (?:\w+ ){{0,2}}(?:{_PERCENT} (?:of [^.,;]*)?(?:counted|reporting|in)"
    rf"|(?:votes?|ballots) (?:\w+ )?(?:in|from) {_PERCENT})"
)
# What is going on, which may outlive the day.
_GOING_ON = re.compile(
    r"\b(?:(?:is|are) (?:now|still) \w+ing|(?:is|are) (?:under ?way|going on)|(?:has|have) now"
    r"|as [^.,;]{2,40} \w+s (?:across|towards?|through))\b"
)
# What was no more than on the way.
_ON_THE_WAY = re.compile(
    r"\b(?:(?:is|are|was|were) being (?:held|kept|treated|questioned|sought|considered|prepared|discussed|debated)"
    r"|(?i:talks|negotiations|discussions|preparations|efforts) (?:is|are|were|was) (?:still )?"
    r"(?:going on|under ?way|continuing)"
    r"|(?:has|have) been (?:delayed|postponed|held up|put off)|(?:has|have) held out"
    r"|declined to say (?:when|whether|if|where|how))\b"
)
_ON_THE_WAY_WORDS = frozenset(
    ("being", "going", "under", "underway", "continuing", "delayed", "postponed", "held", "put", "declined",
     "would")
)  # fmt: skip
# "The rebels would keep their weapons" was so far no more than agreed; what somebody says that he would do he may do
# yet, and what a bill would do it still would.
_WOULD_YET = frozenset(
    ("he", "she", "they", "who", "that", "which", "we", "i", "it", "bill", "measure", "law", "plan", "proposal",
     "amendment", "rule", "legislation")
)  # fmt: skip
_WOULD_NO = frozenset(("not", "never", "have"))
_PERCENT_WORDS = frozenset(("percent", "cent", "%"))
# Of each form of it the word that fewest sentences have.
_AHEAD_WORDS = frozenset(
    ("expected", "set", "due", "scheduled", "slated", "poised", "ready", "about", "preparing", "bracing", "gearing",
     "planning", "considering", "weighing", "mulling", "planned", "early", "soon", "later", "this", "tonight",
     "tonight's", "tomorrow", "tomorrow's", "coming", "next", "within", "yet", "preparation", "anticipation",
     "arrival")
)  # fmt: skip
_GOING_ON_WORDS = frozenset(("now", "still", "underway", "way", "going", "across", "toward", "towards", "through"))
# Beyond the days that the news is of: it may still be to come.
_FAR = re.compile(
    r"\b(?:(?:this|next) (?:year|month|season|spring|summer|autumn|fall|winter)|later this year|in 20\d\d"
    r"|in the (?:coming|next) (?:few )?(?:weeks|months|years)|(?:in|at|for|before|until) the (?:\w+ )?election"
    r"|(?:on|by|until|for|in|from|after|before|of) (?:the )?(?:early |late |mid-?)?"
    r"(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.))"
)
_FROM_TODAY = re.compile(
    rf"\b(?:[Yy]esterday|[Tt]omorrow|[Tt]onight|[Tt]oday|[Tt]his (?:morning|afternoon|evening)|[Ll]ast night"
    rf"|(?:[Ll]ast|[Nn]ext) (?:week|weekend|month|{_DAY})|(?:[Ee]arlier|[Ll]ater) (?:today|(?:on )?{_DAY})"
    r"|(?:[Hh]ours|(?:[Tt]wo|[Tt]hree|[Ff]our|\d) (?:days|weeks)) ago)\b"
)
# Those that no reader can place who doesn't know the very day.
_OF_THE_DAY = re.compile(
    r"\b(?:[Yy]esterday|[Tt]omorrow|[Tt]onight|[Tt]oday(?! \()|[Tt]his (?:morning|afternoon|evening)|[Ll]ast night)\b"
)
# Those that not even the day of the article places.
_FAR_OFF = re.compile(
    rf"\b(?:(?:[Ll]ast|[Nn]ext) (?:week|weekend|{_DAY})"
    r"|(?:[Pp]ast|[Ll]ast) (?:few|several|24|48|two|three|four) (?:hours|days)"
    r"|(?:[Pp]revious|[Ff]ollowing) (?:day|night|evening|morning)"
    r"|(?:[Nn]ight|[Dd]ay|[Ee]vening) (?:before|earlier)(?=[,.]| as)"
    r"|(?:[Tt]wo|[Tt]hree|[Ff]our|[Ss]everal|[Ff]ew|\d) (?:days|weeks) ago)\b"
)
# Those that it does, and of these the ones that point elsewhere a day later.
_BY_DATE = re.compile(rf"\b(?:{_DAY}|this (?:week|weekend|month)|later this)\b")
_THIS_WEEK = re.compile(r"\bthis week(?:end)?\b")
# One of these words is in whatever the three find.
_DAYS = w.WEEKDAY | frozenset(("this", "last", "next", "hours", "day", "days", "night", "evening", "morning", "weeks"))
_FROM_TODAY_WORDS = frozenset(
    ("yesterday", "tomorrow", "tonight", "today", "this", "last", "next", "earlier", "later", "ago")
)

# "Calling for a veto", "urged the governor to veto", "is expected to veto": the act is the group.
_ASKED = re.compile(
    r"\b(?:(?:call|press|push)(?:s|ed|es|ing)? (?:(?:on|for) (?:(?!not\b)[\w.’'-]+ ){1,5}?to|for) "
    r"(?:a |an |the |her |his |their )?"
    r"|(?:urg(?:e|es|ed|ing)|ask(?:s|ed|ing)?|want(?:s|ed)?) (?:(?!not\b)[\w.’'-]+ ){0,5}?to "
    r"|demand(?:s|ed|ing)? (?:a |an |the |her |his |their )?"
    r"|(?:speculation|expectations?) (?:that )?(?:(?!not\b)[\w.’'-]+ ){1,4}?(?:will|would) "
    r"|pressure[ds]? (?:(?!not\b)[\w.’'-]+ ){0,5}?to |(?:pressed|asked|urged) to "
    r"|(?:is|are|was|were) (?:\w+ly )?(?:expected|likely|poised|set|due) to "
    r"|whether (?:to|\w+ (?:will|would|should|must)) )(?P<act>[a-z]{4,})\b"
)
# "Whether to sign or veto": one of the two is done.
_EITHER = re.compile(r"\bwhether to (?P<act>[a-z]{4,}) (?:\w+ )??or (?:to )?(?P<other>[a-z]{4,})\b")
# "The mayor of Solmar will sign the budget", "Mayor set to sign the budget"; "Mayor to sign" isn't told from "open to".
_TITLE_AHEAD = re.compile(r"^(?P<who>[^:]*?)\b(?:will|(?:set|poised|due|about) to|to) (?P<act>[a-z]{4,})(?<!ed)\b")
_OUTCOMES = frozenset([stem_word(word, "en") for word in w.OUTCOME])
# Acts that come to the same: who signed a bill approved it.
_SAME_ACT = frozenset([stem_word(act, "en") for act in ("approve", "sign", "enact")])
_NONE: frozenset[str] = frozenset()
_NOT_DONE = frozenset(
    ("to", "will", "may", "might", "could", "would", "should", "not", "if", "or", "whether", "for", "no", "never", "of",
     "won't", "can", "over", "on", "after", "by")
)  # fmt: skip
_NO_ACT = frozenset(("have", "make", "take", "hold", "help", "keep", "them", "they", "more", "that", "this", "their"))

# For each: acts of one kind that come on a day.
_ACTS = tuple(
    re.compile(rf"\b(?:will|would|to)(?: be)? (?:\w+ly )?(?:{acts})\b")
    for acts in (
        r"leav(?:e|ing)|retir(?:e|ing)|resign(?:ing)?|step(?:ping)? down|depart(?:ing)?|go",
        r"begin|start|open(?:ing)?|launch(?:ing)?|resume|take effect|go into effect",
        r"meet(?:ing)?|visit(?:ing)?|hold(?:ing)?|host(?:ing)?",
        r"end|close|expire|shut",
    )
)
_MONTHS = w.MONTH.keys() | {"May"}
_DATE = re.compile(
    r"\b(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|Jan\.|Feb\."
    r"|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
)


class _Time(NamedTuple):
    """When a sentence's news is, as far as it is told: what may be over another day."""

    ahead: bool
    on_the_way: bool
    going_on: bool
    from_today: bool
    of_the_day: bool
    """Whether it can't be placed without the very day: "tomorrow", "last night"."""
    month: str
    """The first three letters of the one that it names, if it tells of an act on a day of it."""
    acts: frozenset[int]
    """The kinds of `_ACTS`."""


# Nothing is told of time by a sentence without one of these.
_OF_TIME = _AHEAD_WORDS | _ON_THE_WAY_WORDS | _GOING_ON_WORDS | _FROM_TODAY_WORDS
_TIMELY = _OF_TIME | {month.lower() for month in _MONTHS}

_Times = tuple[tuple[int, _Time], ...]
"""With their ranks, the sentences of an article that tell of what may be over another day."""


def over(pool: Pool) -> set[tuple[int, int]]:
    """The keys of the sentences whose time is over.

    Of an article a day or more older than one that opens on the same matter: what was ahead within days, after two days
    also what was going on or on the way, and a date that has been moved. Of an article without a date in a story of
    several days: what was ahead, going on or moved, and what counts from its unknown day; in one of a day, what is told
    of "today" or "last night". Of any: what was asked for or expected once a title tells it as done.
    """
    if not pool.english or len(pool.by_part) < 2:
        return set()
    times = dict(zip(pool.by_part, map(_times, pool.readings), strict=True))
    openings = {n: opening for n in pool.by_part if (opening := _opening(pool, n, times[n])) is not None}
    return {c.key for found in (_passed(pool, times, openings), _done(pool, openings), _counted(pool)) for c in found}


def _passed(pool: Pool, times: Mapping[int, _Times], openings: Mapping[int, Features]) -> Iterator[Candidate]:
    dated = {n: part.at_ms for n, part in pool.parts.items() if part.published_at is not None}
    last_ms, first_ms = max(dated.values(), default=0), min(dated.values(), default=0)
    if last_ms - first_ms < DAY_MS:
        unknown = ((n, told) for n, told in times.items() if n not in dated)
        yield from (pool.by_part[n][rank] for n, told in unknown for rank, time in told if time.of_the_day)
        return
    known = [(dated[n], opening) for n, opening in openings.items() if n in dated]
    for n, told in times.items():
        at_ms = dated.get(n)
        least_ms = last_ms if at_ms is None else at_ms + DAY_MS
        newer = [opening for ms, opening in known if ms >= least_ms] if told else ()
        if not newer:
            continue
        matter = pool.title_weights.keys() & frozenset().union(*(opening.stem_set for opening in newer))
        of_days_ago = at_ms is None or last_ms - at_ms >= 2 * DAY_MS
        for rank, time in told:
            candidate = pool.by_part[n][rank]
            on_it = not matter.isdisjoint(candidate.features.stem_set)
            ahead = (on_it or of_days_ago) and time.ahead
            no_day = at_ms is None and time.from_today
            going_on = on_it and of_days_ago and time.going_on
            started = on_it or candidate.position <= OPENING_POSITION_MAX
            on_the_way = started and of_days_ago and at_ms is not None and time.on_the_way
            passed = ahead or no_day or going_on or on_the_way
            if passed or (on_it and _is_moved(pool, candidate.features, time, newer)):
                yield candidate


@lru_cache(maxsize=READ_MAX)
def _times(reading: Reading) -> _Times:
    timely = ((rank, each) for rank, each in enumerate(reading.features) if not _TIMELY.isdisjoint(each.lower))
    found = ((rank, _time(each)) for rank, each in timely)
    return tuple([(rank, time) for rank, time in found if any(time)])


def _time(features: Features) -> _Time:
    date = _DATE.search(features.text) if not _MONTHS.isdisjoint(features.tokens) else None
    acts = frozenset(i for i, act in enumerate(_ACTS) if act.search(features.text)) if date else _NO_PLACES
    month = date["month"][:3] if date and acts else ""
    going_on = _has(_GOING_ON, _GOING_ON_WORDS, features)
    from_today = counts_from_today(features)
    of_the_day = from_today and _OF_THE_DAY.search(unquoted(features.text)) is not None
    return _Time(is_ahead(features), _is_on_the_way(features), going_on, from_today, of_the_day, month, acts)


_NO_PLACES: frozenset[int] = frozenset()


def _is_on_the_way(features: Features) -> bool:
    """Whether what a sentence tells, mostly in its own words, wasn't so yet, or was so only for the time being."""
    lower = features.lower
    if _ON_THE_WAY_WORDS.isdisjoint(lower) or features.quote_words >= LONG_QUOTE_WORDS:
        return False
    at = lower.index("would") if "would" in lower[1:-1] else 0
    would = at > 0 and lower[at - 1] not in _WOULD_YET and lower[at + 1] not in _WOULD_NO
    return would or _ON_THE_WAY.search(features.text) is not None


def _opening(pool: Pool, n: int, times: _Times) -> Features | None:
    """The sentence that tells an article's news; None if it tells of things to come, or the article is of another
    matter."""
    first = next((c for c in pool.by_part[n] if c.features.sentence_like), None) if n not in pool.apart else None
    if first is None or first.position > OPENING_POSITION_MAX:
        return None
    return None if any(time.ahead for rank, time in times if rank == first.rank) else first.features


def is_ahead(features: Features) -> bool:
    """Whether a sentence tells, in its own words, of what is to be within days."""
    return _has(_AHEAD, _AHEAD_WORDS, features) and not _FAR.search(features.text)


def counts_from_today(features: Features) -> bool:
    """Whether a sentence says "yesterday", "next week" or the like outside of quotation marks."""
    return _has(_FROM_TODAY, _FROM_TODAY_WORDS, features)


@lru_cache(maxsize=READ_MAX)
def counting_from_today(reading: Reading) -> frozenset[int]:
    """The places (`Candidate.rank`) of an article's sentences that do so (English)."""
    return frozenset([rank for rank, time in _times(reading) if time.from_today])


def is_unplaced(pool: Pool, candidate: Candidate) -> bool:
    """Whether a reader can't place in time what a sentence tells."""
    return candidate.rank in unplaced(pool, candidate.n)


def unplaced(pool: Pool, n: int) -> frozenset[int]:
    """The ranks of an article's sentences that a reader can't place in time: "last week", a day later also "this week",
    and of an article without a date any weekday (English)."""
    if not pool.english:
        return _NO_PLACES
    far_off, a_day_later, undated = _unplaced(pool.reading_of(n))
    part = pool.parts[n]
    if part.published_at is None:
        return undated
    return a_day_later if pool.newest_ms - part.at_ms >= DAY_MS else far_off


@lru_cache(maxsize=READ_MAX)
def _unplaced(reading: Reading) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    """Those of an article on its day, a day later, and if it has no date."""
    timed = [(rank, each.text) for rank, each in enumerate(reading.features) if not _DAYS.isdisjoint(each.lower)]
    told = [(rank, unquoted(text)) for rank, text in timed]
    far_off, this_week, by_date = (
        frozenset([rank for rank, text in told if pattern.search(text)]) for pattern in (_FAR_OFF, _THIS_WEEK, _BY_DATE)
    )
    return far_off, far_off | this_week, far_off | by_date


def _has(pattern: re.Pattern[str], words: frozenset[str], features: Features) -> bool:
    """Whether a pattern, which needs one of these words, is found outside of quotation marks."""
    return not words.isdisjoint(features.lower) and pattern.search(unquoted(features.text)) is not None


def _is_moved(pool: Pool, old: Features, time: _Time, openings: Sequence[Features]) -> bool:
    """Whether a sentence and a newer opening tell when one of the story's people or things is to do the same, and give
    different months."""
    if not time.month:
        return False
    names = old.name_stems & pool.title_weights.keys()
    for opening in openings:
        if not names.isdisjoint(opening.name_stems):
            now = _time(opening)
            if now.month not in ("", time.month) and not now.acts.isdisjoint(time.acts):
                return True
    return False


def _done(pool: Pool, openings: Mapping[int, Features]) -> Iterator[Candidate]:
    """What was asked of somebody, or expected of him, once a title no older tells that he did it."""
    asking = [
        (pool.by_part[n][rank], acts)
        for n, reading in zip(pool.by_part, pool.readings, strict=True)
        for rank, acts in _asked_in(reading)
    ]
    for n, opening in openings.items() if asking else ():
        title = pool.titles[n]
        told = _told(title.text) & opening.stem_set
        if not told:
            continue
        same = _NONE if told.isdisjoint(_SAME_ACT) else _SAME_ACT
        people, at_ms = opening.name_stems & title.stem_set, pool.parts[n].at_ms
        for candidate, acts in asking:
            if candidate.n == n or candidate.at_ms > at_ms or acts.isdisjoint(told | same):
                continue
            its = candidate.features.stem_set
            # Another act's word tells it of the same thing alone.
            did = acts & told or (acts & same if its & title.stem_set - people else _NONE)
            on_it = candidate.central >= ON_IT_MIN and not did.isdisjoint(pool.title_weights)
            # A surname that opens a sentence is no name yet.
            if did and (on_it or not people.isdisjoint(its)):
                yield candidate


def _counted(pool: Pool) -> Iterator[Candidate]:
    """What gives a count as far as it has come, once the title of an article no older tells what came of it."""
    told = [pool.parts[n].at_ms for n, title in pool.titles.items() if _OUTCOMES & title.stem_set and not title.future]
    for n, reading in zip(pool.by_part, pool.readings, strict=True) if told else ():
        if pool.parts[n].at_ms <= max(told):
            yield from (pool.by_part[n][rank] for rank in _partly_counted(reading))


@lru_cache(maxsize=READ_MAX)
def _partly_counted(reading: Reading) -> tuple[int, ...]:
    """The places of an article's sentences that give a partial count."""
    return tuple([rank for rank, each in enumerate(reading.features) if _has(_PARTLY_COUNTED, _PERCENT_WORDS, each)])


def title_is_done(pool: Pool, n: int) -> bool:
    """Whether an article's title looks forward to what another one's, no older, tells as done."""
    title = pool.titles[n]
    if not pool.english or not (title.future or pool.parts[n].relation == "advance"):
        return False
    found = _TITLE_AHEAD.search(title.text.lower())
    if found is None or any(is_verb(word) for word in found["who"].split()):
        return False
    act = stem_word(found["act"], "en")
    return any(
        m != n
        and pool.parts[m].at_ms >= pool.parts[n].at_ms
        and act in _told(other.text)
        and len(title.stem_set & other.stem_set) >= 2
        for m, other in pool.titles.items()
    )


@lru_cache(maxsize=READ_MAX)
def _told(title: str) -> frozenset[str]:
    """The stems of what a title may tell as done; none of one that asks, denies or looks ahead."""
    features = annotate(title, "en")
    lower = features.lower
    if features.future or features.negations or "?" in title or _ASKED.search(" ".join(lower)):
        return frozenset()
    found = (word for before, word in pairwise(lower) if before not in _NOT_DONE and len(word) > 3)
    return frozenset(stem_word(word, "en") for word in found) - _NO_ACT


@lru_cache(maxsize=READ_MAX)
def _asked_in(reading: Reading) -> tuple[tuple[int, frozenset[str]], ...]:
    """The ranks of an article's sentences that ask for something or expect it, with the stems of the acts."""
    found = ((rank, _asks(features)) for rank, features in enumerate(reading.features))
    return tuple((rank, acts) for rank, acts in found if acts)


def _asks(features: Features) -> frozenset[str]:
    if not features.held & ASKING:
        return frozenset()
    text = unquoted(features.text)
    acts = [found["act"] for found in _ASKED.finditer(text)]
    acts += [act for found in _EITHER.finditer(text) for act in found.groups()] if "whether" in features.lower else []
    return frozenset([stem_word(act, "en") for act in acts]) - _NO_ACT
