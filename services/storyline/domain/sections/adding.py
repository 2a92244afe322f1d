"""The sentence that says what a source adds to those before it.

It stands alone below the page, beside the source's headline: the news that this source has and the others don't, no
aside, and nothing that can't be read without the sentences around it.
"""

import re
from collections.abc import Container, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from storyline_schemas import Part, Section

from .dependence import points_back
from .features import Features, annotate
from .opinion import is_attributed, is_opinion, judging
from .phrases import phrase
from .predicates import main_verb
from .reading import Reading, read
from .telling import tells_little
from .text import primary
from .titles import bare_title, told_title
from .vocabulary import FIRST_SECOND, SPEECH, stem_word
from .words import KNOWN_PLACE, POSSESSIVE, PREPOSITION
from .worth import answers, is_aside, is_of_before, says_nothing

EARLIER_MAX, COMPARED_MAX = 300, 8
TITLE_STEMS_MIN = 4
"""Of a headline none of whose words its text has, from which the text is taken for another item's."""
EARLY, EARLY_BY, RETELLS, NEWS_SHARE = 3_600, 4, 2, 300
"""What a sentence is worth for its place, in thousandths: the first over the second, and the place added to that; the
first places are worth no more than the third if less of their headline (thousandths) is new than the last says."""
CONTENT, CONTENT_MAX, NEW, NEW_MAX, CENTRAL = 35, 18, 40, 6, 120
"""And for each stem, up to so many, for each that no earlier source has, and for one that all sentences of its article
have."""
LONG, LENGTH_BEST_MAX = 20, 34
"""What each word beyond the last costs."""
WITH_TITLE, WITH_NEWS, WITH_NEWS_MAX, OFF_TOPIC = 300, 80, 3, (300, 150, 50, 0)
"""What it is worth to share a stem with its own headline, and each, up to so many, that no earlier source has; and what
it costs to share none, one or two with any."""
SAID, ANSWER, OPENS_QUOTED, OWN_WORDS = 100, 100, 100, 250
"""What it is worth that somebody says so, or answers; what it costs to begin with what is quoted, more with an "I"."""
WORTH_MIN = 1_150
"""Below which a headline alone says more."""
TOLD, TOLD_FREE, PAGE_FREE, TOLD_MAX = 1_500, 350, 550, 600
"""What a sentence costs for the share of its words that an earlier source has in one, or that stands on the page, in
thousandths, beyond what says that it is about the same; and how much another source may have told."""
UNHEARD_MIN, NOTHING_NEW, FRESH = 4, 400, 100
"""Stems that no headline has, nor the page; what it costs to have fewer; and what a new name or number is worth."""
ELSEWHERE_EARLY, ELSEWHERE_EARLY_BY, ELSEWHERE_BEST_MAX, QUOTE, QUOTE_WORDS_MIN = 4_800, 8, 26, 150, 12
ELSEWHERE_FREE, ELSEWHERE_MAX, ELSEWHERE_MIN = 400, 900, -350
"""In languages of which nothing tells an aside: what a sentence is worth for its place, up to how many words, and for a
quotation; which share costs nothing, if known, and which is too much; and the least worth."""
TOLD_NOW, AGAIN_MAX = 650, 60
"""Of what a source adds, held by the page as it has become (thousandths), from which another sentence is looked for;
and of how many of the newest sources this is asked."""
BACKGROUND, ASIDE, BEFORE, WHEN, COLOUR, POINTS = 250, 300, 200, 250, 200, 150
"""What it costs to tell of another year, of a life, of what had been, of a day that goes by, to name nobody and
nothing, or to have as known what nobody told."""
WHOSE, UNNAMED, UNSPELT, NO_VERB, NO_NEWS = 400, 700, 300, 700, 500
"""What a "his" costs that stands before anybody, a surname of nobody, letters that stand for what nobody told, no verb;
and that nobody had anything to say."""
LITTLE = 8
"""For each hundredth that it lacks as a heading for telling no event."""
_POINTS_BACK = re.compile(
    r"^(?:Despite|After|Before|Since|Besides|With|For|In|On) (?:that|this|it),? "
    r"|^[\"“]?(?:\w+ing|Given) (?:that|this|these|those) |\bboth (?!\w+(?: \w+){0,4} and\b)"
    r"|\bthe same (?!.* as\b|day|time|year)"
)
_COURTESY = frozenset(("mr", "mrs", "ms"))
_WHEN = re.compile(
    r"\b(?:last|next|this) (?:week|month|year|night|morning|weekend)\b|\b(?:yesterday|tomorrow|tonight|today|ago)\b"
)
# Before what they stand for, if it comes at all.
_OF_BEFORE = frozenset(("they", "it", "them", "both", "another", "also", "he", "she"))
OF_BEFORE_WITHIN = 4


def tell(
    parts: Sequence[Part], page: Sequence[Section], placed: Container[str], before: Sequence[Section] = ()
) -> list[Part]:
    """A story's articles (live, in their order), the `placed` ones (their uris) with what they add, and anew those
    whose sentence the page has come to show, or tells otherwise, and of which it has dropped a sentence of the page
    `before`."""
    shown = {sentence.text for section in page for sentence in section.sentences}
    gone = [s for section in before for s in section.sentences if s.text not in shown]
    dropped = {n for sentence in gone for n in sentence.citations}
    seen: dict[str, frozenset[str]] = {}
    told: list[Part] = []
    for i, part in enumerate(parts):
        again = part.adds in shown or part.n in dropped
        again = again or (len(parts) - i <= AGAIN_MAX and _is_told(part, shown, seen))
        if again or part.article_uri in placed:
            part = part.model_copy(update={"adds": added(part, told, page)})
        told.append(part)
    return told


def _is_told(part: Part, shown: AbstractSet[str], seen: dict[str, frozenset[str]]) -> bool:
    """Whether the page tells in other words what a source adds; `seen` keeps the stems of what is `shown` by
    language."""
    language = primary(part.language)
    if language not in seen:
        seen[language] = _stems(shown, language)
    stems = annotate(part.adds, language).stem_set
    if not stems or 1000 * len(stems & seen[language]) < TOLD_NOW * len(stems):
        return False
    # A headline or a label says no more for being asked again.
    return any(kept.text == part.adds for kept in part.sentences)


def _stems(texts: Iterable[str], language: str) -> frozenset[str]:
    return frozenset[str]().union(*(annotate(text, language).stem_set for text in texts))


def added(part: Part, earlier: Sequence[Part], page: Sequence[Section] = ()) -> str:
    """One sentence on what a source adds to the `earlier` ones (live, in their order) and to the `page`: a pure
    function.

    Of a copy or translation it is a fixed label in the language of the first article; else the sentence of the article
    that tells most of what it is about and is new, to the earlier sources and on the page; its headline if no such
    sentence stands alone.
    """
    earlier = earlier[-EARLIER_MAX:]
    if earlier and part.relation in ("copy", "translation"):
        # The first article's language is the story's.
        return phrase(part.relation, earlier[0].language, n=part.copy_of)
    language = primary(part.language)
    compared = [p for p in earlier if primary(p.language) == language]
    compared = compared[: COMPARED_MAX // 4] + compared[COMPARED_MAX // 4 :][-COMPARED_MAX * 3 // 4 :]
    headline = told_title(part)
    if language == "en" and compared and _tells_of_something_else(part, compared):
        return headline
    shown = {sentence.text for section in page for sentence in section.sentences}
    reader = _reader(part, compared, shown, language)
    if language not in ("en", "und"):
        return _best_elsewhere(part, reader, shown, language) or headline
    return _best(part, reader, shown) or headline


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is known to who reads the line: the stems of its headline, of the headlines, of the page and of the earlier
    sources, and what these say."""

    title: AbstractSet[str]
    topic: frozenset[str]
    page: AbstractSet[str]
    told: AbstractSet[str]
    news: AbstractSet[str]
    """Of the headline, what no earlier source has."""
    earlier: Sequence[Features]

    def understands(self, features: Features, opens: bool = False) -> bool:
        """Whether a sentence stands with its article's headline alone; before one that `opens` it there is nothing
        that it could lean on."""
        if not features.usable or (features.bare_noun and features.bare_noun not in self.title):
            return False
        if not features.dependence:
            return True
        # "This year" would still be of no year.
        leans = features.pronoun or features.lower[0] == "this" or points_back(features.lower, features.text)
        return opens and not leans

    def on_page(self, features: Features) -> int:
        """How much of a sentence the page holds, in thousandths."""
        return 1000 * len(features.stem_set & self.page) // max(1, len(features.stems))

    def has_seen(self, features: Features) -> int:
        """The same, and what only its own headline does counts three quarters."""
        stems = features.stem_set
        there = stems & self.page
        return 1000 * (len(there) + 3 * len(stems & self.title - there) // 4) // max(1, len(stems))

    def was_told(self, features: Features) -> int:
        """The most of a sentence that one of an earlier source's holds, in thousandths."""
        most, mask, size = 0, features.mask, max(1, len(features.stems))
        for other in self.earlier:
            # What the masks share bounds what the sentences can.
            bits = (mask & other.mask).bit_count()
            if bits and 1000 * (bits + features.doubles) > most * size:
                most = max(most, 1000 * len(features.stem_set & other.stem_set) // size)
        return most


def _reader(part: Part, earlier: Sequence[Part], shown: AbstractSet[str], language: str) -> _Reader:
    title = annotate(bare_title(part), language).stem_set
    told = frozenset[str]().union(*(read(other, language).stems for other in earlier))
    return _Reader(
        title=title,
        topic=title.union(*(annotate(bare_title(other), language).stem_set for other in earlier)),
        page=_stems(shown, language),
        told=told,
        news=title - told,
        earlier=[features for other in earlier for features in read(other, language).features],
    )


def _best(part: Part, reader: _Reader, shown: AbstractSet[str]) -> str:
    """The English sentence that says best what an article adds to what is `shown`; "" if there is none worth it."""
    reading, best, least = read(part, "en"), "", WORTH_MIN
    judged, opinion = judging(reading), is_opinion(part, reading)
    for rank, (kept, features) in enumerate(zip(part.sentences, reading.features, strict=True)):
        if kept.text in shown or rank in judged or not reader.understands(features, opens=kept.position == 0):
            continue
        if opinion and not is_attributed(features, "en"):
            continue
        # What is cheap to know comes first, as most sentences are worth less than another already then.
        value = _tells(features, kept.position, reading, reader)
        value -= _known(reader.on_page(features), PAGE_FREE)
        if value <= least:
            continue
        told = reader.was_told(features)
        value -= _known(told, TOLD_FREE)
        if told <= TOLD_MAX and value > least:
            value -= _lacks(features, reading, rank, reader, most=value - least)
            if value > least:
                best, least = kept.text, value
    return best


def _best_elsewhere(part: Part, reader: _Reader, shown: AbstractSet[str], language: str) -> str:
    """The same in another language, by its place and what is known of it."""
    best, least = "", ELSEWHERE_MIN
    for kept, features in zip(part.sentences, read(part, language).features, strict=True):
        if kept.text in shown or not reader.understands(features):
            continue
        value = ELSEWHERE_EARLY // (ELSEWHERE_EARLY_BY + kept.position) + (
            QUOTE if features.quote_words >= QUOTE_WORDS_MIN else 0
        )
        value -= LONG * max(0, features.length - ELSEWHERE_BEST_MAX)
        known = reader.has_seen(features)
        if value - max(0, known - ELSEWHERE_FREE) <= least:
            continue
        known = max(known, reader.was_told(features))
        value -= max(0, known - ELSEWHERE_FREE)
        if known <= ELSEWHERE_MAX and value > least:
            best, least = kept.text, value
    return best


def _tells(features: Features, position: int, reading: Reading, reader: _Reader) -> int:
    """What a sentence is worth for its place, and for how much it tells of what its article is about that is new."""
    stems = features.stem_set
    unheard = stems - reader.topic - reader.page
    fresh = unheard - reader.told
    # An article whose headline has little new begins with what was told.
    retells = 1000 * len(reader.news) < NEWS_SHARE * len(reader.title)
    value = EARLY // (EARLY_BY + (max(position, RETELLS) if retells else position))
    value += CONTENT * min(CONTENT_MAX, len(stems)) + NEW * min(NEW_MAX, len(fresh))
    value += FRESH if fresh & features.name_stems or any(stem[0].isdigit() for stem in fresh) else 0
    value -= NOTHING_NEW if len(unheard) < UNHEARD_MIN else 0
    value -= LONG * max(0, features.length - LENGTH_BEST_MAX)
    value += CENTRAL * sum(map(reading.others_with.__getitem__, stems)) // max(1, len(reading.features) - 1)
    value += WITH_TITLE if stems & reader.title else 0
    value += WITH_NEWS * min(WITH_NEWS_MAX, len(stems & reader.news))
    value += (SAID if features.held & SPEECH else 0) + (ANSWER if answers(features) else 0)
    if features.text[0] in '"“‘':
        value -= OPENS_QUOTED + (OWN_WORDS if features.held & FIRST_SECOND else 0)
    return value


def _known(share: int, free: int) -> int:
    """What it costs that a share of a sentence is known, in thousandths."""
    return TOLD * max(0, share - free) // 1000


def _lacks(features: Features, reading: Reading, rank: int, reader: _Reader, most: int) -> int:
    """What an English sentence lacks, in thousandths, of news that is understood alone; not looked at further from
    `most` on."""
    topic = reader.topic
    shared = len(topic & features.stem_set)
    lost = OFF_TOPIC[min(shared, len(OFF_TOPIC) - 1)] + (BACKGROUND if features.background else 0)
    lost += ASIDE if is_of_before(features) or is_aside(features) else 0
    lost += COLOUR if shared < 2 and not features.names and not features.numbers else 0
    lost += BEFORE if "had" in features.lower[1:4] else 0
    lost += NO_NEWS if "?" in features.text or says_nothing(features) else 0
    lost += WHEN if _WHEN.search(features.text) else 0
    if lost < most:
        words = [word for word in features.lower if word[0].isalnum()]
        place = main_verb(words)
        lost += NO_VERB if place is None else LITTLE * tells_little(words, features, topic, place)
        lost += WHOSE if not _OF_BEFORE.isdisjoint(words[:OF_BEFORE_WITHIN]) else 0
    if lost < most:
        known = topic | reader.page
        lost += UNNAMED if _unnamed(features, reading, known) else 0
        lost += UNSPELT if any(stem_word(short.lower(), "en") not in known for short in features.abbreviations) else 0
    if rank and lost < most:
        lost += WHOSE if _POINTS_BACK.search(features.text) or _owner_unnamed(features) else 0
        lost += NO_NEWS if reading.sums_up(rank) - topic else 0
        lost += POINTS if reading.points_at(rank).keys() - topic - reader.page else 0
    return lost


def _unnamed(features: Features, reading: Reading, known: AbstractSet[str]) -> bool:
    """Whether somebody is called by a surname alone that neither a headline nor the page has: "Mr. Brandt", "Brandt
    said", or whom the article names in full elsewhere."""
    full = {word.lower() for name in features.names if len(name) > 1 for word in name}
    letters = [word for word in features.lower if word != "."]
    # "Officials from Velmara said" names a place.
    placed = {name for before, name in pairwise(letters) if before in PREPOSITION} - reading.persons
    bare = [word for word in features.speakers if word not in placed]
    bare += [name for courtesy, name in pairwise(letters) if courtesy in _COURTESY]
    bare += [word for word in letters[:1] if word in features.lone_names and word in reading.name_ends - KNOWN_PLACE]
    bare += [word for word in features.lone_names if word.removesuffix("'s") in reading.persons]
    bare = [word.removesuffix("'s") for word in bare]
    return any(word not in full and stem_word(word, "en") not in known for word in bare)


def _owner_unnamed(features: Features) -> bool:
    """Whether a "his" or "their" stands before anybody whose it may be: "Medics tried to save his life"."""
    at = next((i for i, word in enumerate(features.lower) if word in POSSESSIVE), None)
    if at is None:
        return False
    if features.lower[at] in ("their", "its"):
        return at < 2
    named_first = bool(features.names) and features.names[0][0] == features.tokens[0]
    return not named_first and not any(token[0].isupper() for token in features.tokens[1:at])


def _tells_of_something_else(part: Part, others: Sequence[Part]) -> bool:
    """Whether a text has no word of its headline and no name that other articles have (English): what was read is
    another item of its page."""
    title, reading = annotate(bare_title(part), "en"), read(part, "en")
    if len(title.stems) < TITLE_STEMS_MIN or any(not title.stem_set.isdisjoint(f.stem_set) for f in reading.features):
        return False
    return all(reading.name_stems.isdisjoint(read(other, "en").name_stems) for other in others)
