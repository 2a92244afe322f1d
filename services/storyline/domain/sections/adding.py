"""The sentence that says what a source adds to those before it.

It stands alone below the page, beside the source's headline: the news that this source has and the others don't, no
aside, and nothing that can't be read without the sentences around it.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from storyline_schemas import Part, Section

from .features import Features, annotate
from .phrases import phrase
from .predicates import main_verb, words_of
from .reading import Reading, read
from .standing import leaning
from .telling import tells_little
from .text import primary
from .titles import bare_title, clean_title
from .vocabulary import stem_word
from .words import KNOWN_PLACE, POSSESSIVE

EARLIER_MAX, COMPARED_MAX = 300, 8
TITLE_STEMS_MIN = 4
"""Of a headline none of whose words its text has, from which the text is taken for another item's."""
NEW, NEW_ELSEWHERE = 800, 700
"""What a sentence is worth, in thousandths, for saying nothing that the earlier sources say; less in languages of which
nothing tells an aside."""
ON_PAGE, SHOWN = 600, 800
"""What a sentence costs that the page shows, or most of it, the share in thousandths."""
REPEATED = 650
"""What an earlier source has of it beyond this share, in thousandths, costs as much again."""
LENGTH_BEST_MAX, OPENING_BEST_MAX, LONG = 26, 38, 20
"""From how many words on each costs that much; an opening says most in one sentence."""
QUOTE, QUOTE_WORDS_MIN = 150, 12
SHORT, SHORT_WORDS, BACKGROUND, BEFORE, UNNAMED, NO_VERB = 250, 11, 150, 200, 200, 500
OFF_TOPIC = (250, 130, 50, 0)
"""By how many stems it shares with headlines."""
WHOSE, WHICH = 250, 8
"""What a "his" costs that stands before anybody, and each hundredth by which it points at what isn't there."""
NO_NEWS = 500
"""What nobody had to say, and what somebody asks, tells nothing."""
_NO_NEWS = re.compile(
    r"\?|\b(?:declined|refused) to (?:comment|say|discuss|elaborate)\b|\bno (?:immediate |further )?comments?\b"
    r"|\bnot (?:immediately )?(?:respond|return|comment|reply)\b"
)
NO_LIMIT = 1_000_000
LITTLE = 5
"""For each hundredth that it lacks as a heading for telling no event."""
_POINTS_BACK = re.compile(r"(?:Despite|After|Before|Since|Besides|With|For|In|On) (?:that|this|it),? ")
_COURTESY = frozenset(("mr", "mrs", "ms"))


def added(part: Part, earlier: Sequence[Part], page: Sequence[Section] = ()) -> str:
    """One sentence on what a source adds to the `earlier` ones (live, in their order): a pure function, decided once,
    when the source has arrived and the `page` is written with it.

    Of a copy or translation it is a fixed label in the language of the first article; else the sentence of the article
    with the best mix of early, new and told by its headline, on the page only if the others are much weaker; its
    headline if none stands alone.
    """
    earlier = earlier[-EARLIER_MAX:]
    if earlier and part.relation in ("copy", "translation"):
        # The first article's language is the story's.
        return phrase(part.relation, earlier[0].language, n=part.copy_of)
    language = primary(part.language)
    compared = [p for p in earlier if primary(p.language) == language]
    compared = compared[: COMPARED_MAX // 4] + compared[COMPARED_MAX // 4 :][-COMPARED_MAX * 3 // 4 :]
    known = [features for other in compared for features in read(other, language).features]
    title = annotate(bare_title(part), language)
    reading = read(part, language)
    if language == "en" and compared and _tells_of_something_else(title, reading, compared):
        return clean_title(part) or part.headline
    topic = title.stem_set.union(*(annotate(bare_title(other), language).stem_set for other in compared))
    english = language in ("en", "und")
    new = NEW if english else NEW_ELSEWHERE
    there = [annotate(sentence.text, language) for section in page for sentence in section.sentences]
    best: tuple[int, str] | None = None
    for rank, (kept, features) in enumerate(zip(part.sentences, reading.features, strict=True)):
        if not features.usable or features.dependence or features.bare_noun:
            continue
        # Early, new, and what its own headline is about: novelty alone picks asides.
        value = 7000 // (10 + 3 * kept.position) + _overlap(title, features) // 2
        value -= LONG * max(0, features.length - (LENGTH_BEST_MAX if kept.position or known else OPENING_BEST_MAX))
        value += QUOTE if features.quote_words >= QUOTE_WORDS_MIN else 0
        if best is not None and value + new <= best[0]:
            continue  # not even if it is all new
        repeated = _most_overlap(features, known)
        value += new * (1000 - repeated) // 1000 - max(0, repeated - REPEATED)
        if best is not None and value <= best[0]:
            continue
        value -= ON_PAGE if there and _most_overlap(features, there) >= SHOWN else 0
        if english:
            value -= _lacks(features, reading, rank, topic, most=value - best[0] if best else NO_LIMIT)
        if best is None or value > best[0]:
            best = (value, kept.text)
    return best[1] if best else clean_title(part) or part.headline


def _lacks(features: Features, reading: Reading, rank: int, topic: frozenset[str], most: int) -> int:
    """What an English sentence lacks, in thousandths, of news that is understood alone; not looked at further from
    `most` on."""
    lost = (SHORT if features.length < SHORT_WORDS else 0) + (BACKGROUND if features.background else 0)
    lost += OFF_TOPIC[min(len(topic & features.stem_set), len(OFF_TOPIC) - 1)]
    lost += BEFORE if "had" in features.lower[1:4] else 0
    lost += NO_NEWS if _NO_NEWS.search(features.text) else 0
    if rank and lost < most:
        lost += WHOSE if _POINTS_BACK.match(features.text) or _owner_unnamed(features) else 0
        lost += UNNAMED if _unnamed(features, reading, topic) else 0
    if lost < most:
        words = words_of(features.text)
        lost += NO_VERB if main_verb(words) is None else LITTLE * tells_little(words, features, topic)
    if rank and lost < most:
        lost += WHICH * leaning(features.text, features.stem_set, features.text, topic)
    return lost


def _unnamed(features: Features, reading: Reading, topic: AbstractSet[str]) -> bool:
    """Whether somebody is called by a surname alone that no headline has: "Mr. Brandt", "Brandt said", or, of whom the
    article names in full elsewhere, "Brandt, with two others, …"."""
    full = {word.lower() for name in features.names if len(name) > 1 for word in name}
    letters = [word for word in features.lower if word != "."]
    bare = [*features.speakers, *(name for courtesy, name in pairwise(letters) if courtesy in _COURTESY)]
    bare += [word for word in letters[:1] if word in features.lone_names and word in reading.name_ends - KNOWN_PLACE]
    return any(word not in full and stem_word(word, "en") not in topic for word in bare)


def _owner_unnamed(features: Features) -> bool:
    """Whether a "his" or "their" stands before anybody whose it may be: "Medics tried to save his life"."""
    at = next((i for i, word in enumerate(features.lower) if word in POSSESSIVE), None)
    if at is None:
        return False
    if features.lower[at] in ("their", "its"):
        return at < 2
    named_first = bool(features.names) and features.names[0][0] == features.tokens[0]
    return not named_first and not any(token[0].isupper() for token in features.tokens[1:at])


def _tells_of_something_else(title: Features, reading: Reading, others: Sequence[Part]) -> bool:
    """Whether a text has no word of its headline and no name that other articles have (English): what was read is
    another item of its page."""
    if len(title.stems) < TITLE_STEMS_MIN or any(not title.stem_set.isdisjoint(f.stem_set) for f in reading.features):
        return False
    return all(reading.name_stems.isdisjoint(read(other, "en").name_stems) for other in others)


def _overlap(a: Features, b: Features) -> int:
    least = min(len(a.stems), len(b.stems))
    return 1000 * len(a.stem_set & b.stem_set) // least if least else 0


def _most_overlap(features: Features, others: Sequence[Features]) -> int:
    """The highest overlap with any of the others."""
    most, mask, size = 0, features.mask, len(features.stems)
    for other in others:
        # What the masks share bounds what the sentences can.
        least = min(size, len(other.stems))
        if 1000 * ((mask & other.mask).bit_count() + features.doubles) > most * least:
            most = max(most, _overlap(features, other))
    return most
