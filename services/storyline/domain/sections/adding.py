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

from .features import Features, annotate
from .opinion import judging
from .phrases import phrase
from .predicates import main_verb
from .reading import Reading, read
from .standing import leaning
from .telling import tells_little
from .text import primary
from .titles import bare_title, told_title
from .vocabulary import stem_word
from .words import KNOWN_PLACE, POSSESSIVE
from .worth import answers, is_aside, says_nothing

EARLIER_MAX, COMPARED_MAX = 300, 8
TITLE_STEMS_MIN = 4
"""Of a headline none of whose words its text has, from which the text is taken for another item's."""
EARLY, EARLY_BY = 4_800, 8
"""What a sentence is worth for its place, in thousandths: the first over the second, and the place added to that."""
WORTH_MIN = -350
"""Below which a headline alone says more."""
TOLD, TOLD_ELSEWHERE, TOLD_FREE, OPENING_FREE = 2_000, 1_000, 400, 250
"""What a sentence costs for the share of its words that an earlier source has in one, or that stands on the page or in
its headline, in thousandths, beyond what says that it is about the same; less in languages of which nothing tells an
aside. Openings tell one thing in words of their own."""
OPENING_POSITION_MAX, KNOWN_MAX = 1, 500
"""Beyond which what is known of a sentence costs too much, wherever it stands."""
TOLD_NOW, AGAIN_MAX = 650, 60
"""Of what a source adds, held by the page as it has become (thousandths), from which another sentence is looked for;
and of how many of the newest sources this is asked."""
LENGTH_BEST_MAX, OPENING_BEST_MAX, LONG = 26, 38, 20
"""From how many words on each costs that much; an opening says most in one sentence."""
QUOTE, QUOTE_WORDS_MIN, ANSWER = 150, 12, 100
SHORT, SHORT_WORDS, BACKGROUND, ASIDE, BEFORE, UNNAMED, NO_VERB = 250, 11, 150, 300, 200, 350, 500
OFF_TOPIC, COLOUR = (300, 150, 50, 0), 200
"""By how many stems it shares with headlines; and what it costs to name nobody, nothing and no number besides."""
WHOSE, WHICH = 400, 12
"""What a "his" costs that stands before anybody, and each hundredth by which it points at what isn't there."""
NO_NEWS = 500
"""What nobody had to say, and what somebody asks, tells nothing."""
LITTLE = 5
"""For each hundredth that it lacks as a heading for telling no event."""
_POINTS_BACK = re.compile(r"(?:Despite|After|Before|Since|Besides|With|For|In|On) (?:that|this|it),? ")
_COURTESY = frozenset(("mr", "mrs", "ms"))


def tell(parts: Sequence[Part], page: Sequence[Section], placed: Container[str]) -> list[Part]:
    """A story's articles (live, in their order), the `placed` ones (their uris) with what they add, and anew those
    whose sentence the page has come to show, or tells otherwise."""
    shown = {sentence.text for section in page for sentence in section.sentences}
    seen: dict[str, frozenset[str]] = {}
    told: list[Part] = []
    for i, part in enumerate(parts):
        again = part.adds in shown or (len(parts) - i <= AGAIN_MAX and _is_told(part, shown, seen))
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
    with the best mix of early and new, to the earlier sources and to who has read the page and the headline; its
    headline if no such sentence stands alone.
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
    return _best(part, _reader(part, compared, shown, language), shown, language) or headline


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is known to who reads the line: the stems of its headline, of the headlines and of the page, and what the
    earlier sources say."""

    title: AbstractSet[str]
    topic: frozenset[str]
    page: AbstractSet[str]
    earlier: Sequence[Features]

    def understands(self, features: Features) -> bool:
        """Whether a sentence stands with its article's headline alone."""
        known = not features.bare_noun or features.bare_noun in self.title
        return known and features.usable and not features.dependence

    def has_seen(self, features: Features) -> int:
        """How much of a sentence the page holds, in thousandths; what only its own headline does counts three
        quarters."""
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
    return _Reader(
        title=title,
        topic=title.union(*(annotate(bare_title(other), language).stem_set for other in earlier)),
        page=_stems(shown, language),
        earlier=[features for other in earlier for features in read(other, language).features],
    )


def _best(part: Part, reader: _Reader, shown: AbstractSet[str], language: str) -> str:
    """The sentence that says best what an article adds to what is `shown`; "" if there is none worth it."""
    reading = read(part, language)
    english = language in ("en", "und")
    judged = judging(reading) if english else frozenset[int]()
    best, least = "", WORTH_MIN
    for rank, (kept, features) in enumerate(zip(part.sentences, reading.features, strict=True)):
        if kept.text in shown or rank in judged or not reader.understands(features):
            continue
        # Novelty alone picks asides.
        value = _form(features, kept.position, opens=not kept.position and not reader.earlier)
        value += ANSWER if english and answers(features) else 0
        seen = reader.has_seen(features)
        if value - _known(seen, kept.position, english) <= least:
            continue
        known = _known(max(seen, reader.was_told(features)), kept.position, english)
        if known > KNOWN_MAX:
            continue
        value -= known
        if english and value > least:
            value -= _lacks(features, reading, rank, reader, most=value - least)
        if value > least:
            best, least = kept.text, value
    return best


def _form(features: Features, position: int, *, opens: bool) -> int:
    """What a sentence is worth for its place and form; `opens` says that it is a story's first."""
    value = EARLY // (EARLY_BY + position) + (QUOTE if features.quote_words >= QUOTE_WORDS_MIN else 0)
    return value - LONG * max(0, features.length - (OPENING_BEST_MAX if opens else LENGTH_BEST_MAX))


def _known(share: int, position: int, english: bool) -> int:
    """What it costs that a share of a sentence is known, in thousandths."""
    free = OPENING_FREE if english and position <= OPENING_POSITION_MAX else TOLD_FREE
    return (TOLD if english else TOLD_ELSEWHERE) * max(0, share - free) // 1000


def _lacks(features: Features, reading: Reading, rank: int, reader: _Reader, most: int) -> int:
    """What an English sentence lacks, in thousandths, of news that is understood alone; not looked at further from
    `most` on."""
    topic = reader.topic
    lost = (SHORT if features.length < SHORT_WORDS else 0) + (BACKGROUND if features.background else 0)
    shared = len(topic & features.stem_set)
    lost += OFF_TOPIC[min(shared, len(OFF_TOPIC) - 1)]
    lost += ASIDE if is_aside(features) else 0
    lost += COLOUR if shared < 2 and not features.names and not features.numbers else 0
    lost += BEFORE if "had" in features.lower[1:4] else 0
    lost += NO_NEWS if "?" in features.text or says_nothing(features) else 0
    if rank and lost < most:
        lost += WHOSE if _POINTS_BACK.match(features.text) or _owner_unnamed(features) else 0
        lost += UNNAMED if _unnamed(features, reading, topic | reader.page) else 0
    if lost < most:
        words = [word for word in features.lower if word[0].isalnum()]
        place = main_verb(words)
        lost += NO_VERB if place is None else LITTLE * tells_little(words, features, topic, place)
    if rank and lost < most:
        lost += WHICH * leaning(features.text, features.stem_set, features.text, topic)
    return lost


def _unnamed(features: Features, reading: Reading, known: AbstractSet[str]) -> bool:
    """Whether somebody is called by a surname alone that neither a headline nor the page has: "Mr. Brandt", "Brandt
    said", or, of whom the article names in full elsewhere, "Brandt, with two others, …"."""
    full = {word.lower() for name in features.names if len(name) > 1 for word in name}
    letters = [word for word in features.lower if word != "."]
    bare = [*features.speakers, *(name for courtesy, name in pairwise(letters) if courtesy in _COURTESY)]
    bare += [word for word in letters[:1] if word in features.lone_names and word in reading.name_ends - KNOWN_PLACE]
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
