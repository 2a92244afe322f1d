"""From an article's text to the sentences a story keeps: repair, split, drop what is no news, strip by deletion."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice

from sentencex import segment

from storyline_schemas import Article, Kept

from ..sitenames import headline_of
from . import elsewhere
from . import patterns as p
from .captions import around_the_story, is_dated, is_told
from .dependence import turns
from .features import WORDS_MAX, Look, look, may_be_sentence
from .repairing import BEFORE_GAP, DOUBLE_MARKS, bounded, repair
from .shortening import shorten
from .splitting import goes_on, parted
from .stripping import strip, strip_dateline
from .words import PREPOSITION, STOP
from .worth import answers_in, may_answer

RAW_SENTENCES_MAX = 40
OPENING_POSITION_MAX = 1
"""Up to which a sentence opens its article."""
STATEMENT_MAX = 12
"""So long may a paragraph be that is somebody's own words from where an "I" or "we" stands in it."""
PARAGRAPHS_MAX = 60
"""More than that many sentences can hold, for an empty one is none."""
KEPT_MAX, ANSWERS_MAX = 12, 4
FAR_MAX = 2
"""Of the sentences further down, that are kept because somebody answers in them."""
SENTENCE_CHARS_MAX, RAW_CHARS_MAX = 1_200, 2_400
"""Of a sentence that is kept, and of one that is cleaned before that is known."""
PARAGRAPH_CHARS_MAX = 6_000
SPLIT_CHARS_MAX = 600 * RAW_SENTENCES_MAX
"""Of a paragraph that is split: of marks without words between, the splitter's cost grows with the square."""
WRAPPED_MIN, WRAPPED_MAX = 50, 90
ABBREVIATION_CHARS = 12
WHOLE_WORDS_MIN = 12

# "… he said. “": the splitter left the mark behind.
_OPENS_NEXT = re.compile(r"(?<=[.!?…])\s+([\"“])$")
_TERMINAL = re.compile(r"[.!?…:;。！？؟।][\"'”’»)\]]*$")
_STOPLESS = re.compile(r"[a-z0-9%][\"”]?$")
# What headlines go without.
_OF_PROSE = re.compile(r"\b(?:the|an?|his|her|its|their)\b")
# Abbreviations before which a sentence doesn't end, and the clock, after which it doesn't if a day follows.
_UNFINISHED = re.compile(
    r"(?:\b(?:Nos?|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Adm|Maj|Rev|Mr|Mrs|Ms|Dr|Prof|St|vs|Pres|Fr?mr|Atty|Supt|Cmdr|Cpl|Pvt"
    r"|Amb|Insp|Msgr|Cllr)|(?<!\.)\b[A-Z])\.$"
)
# "“Who will pay?” | Holm asked."
_CRIED = re.compile(r"^[\"“][^\"“”]*[?!][\"”]$")
_SAYS_WHO = re.compile(
    r"(?:[A-Z][\w.'’-]* ){1,5}"
    r"(?:said|says|asked|asks|told|wrote|writes|tweeted|added|replied|continued|recalled|shouted|yelled)\b"
)
# Not "World War I".
_ITSELF = re.compile(r"(?:^|[a-z0-9,;:—–-] )(?:[Ww]e|I) (?=[a-z])")
_QUOTED = re.compile('["“][^"”]*["”]?')
_CLOCK_END = re.compile(r"\b[ap]\.m\.$")
_DAY_START = re.compile(r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}\b|[a-z(])")
_GAP = re.compile(rf"\b(?:{'|'.join(sorted(BEFORE_GAP))}) [,.](?![.\d]| \.)")
# The next letter of "R-S.C." or "U.K.", and what goes on behind "R-Va.".
_ATTACHED = re.compile(r"[A-Z]\.|;")
_GLUED = re.compile(r"(?<=[a-z]{2}[.!?])(?=[A-Z][a-z])")
_MAY_BE_GLUED = re.compile(r"[.!?][A-Z][a-z]")
# Nobody's any more without the sentence before: "We welcome the truce", she said. "But it comes too late."
_TAKEN_BACK = re.compile(r"[\"“](?:But|However|Yet)\b[^\"”]*[\"”]$")


@lru_cache(maxsize=1_000)
def primary(language: str) -> str:
    """The language without region or script: ``pt-BR`` → ``pt``."""
    return language.split("-", 1)[0].lower()


def extract(article: Article) -> tuple[Kept, ...]:
    """The sentences kept of an article, in order, cleaned by deletions only (but a full stop that was lost is set): at
    most 12 of its first 40, up to 4 that say "But" to one of these, and up to 2 further down in which somebody answers.

    `position` counts raw sentences from 0, before anything but what stands above the story is dropped; below the 12th
    kept a paragraph in which nobody answers counts as one. Without a body
    the summary is read; a text without one usable sentence gives ().
    """
    language = primary(article.language)
    kept: list[Kept] = []
    spare: list[Kept] = []
    answered = 0
    body = repair(_without_headline(article))
    if (elided := p.ELIDED.get(language)) is not None and ("' " in body or "’ " in body):
        body = elided.sub(r"\1", body)
    days = _placed_days(article.version_created)
    wanted = _Wanted()
    sentences = raw_sentences(body, language, wanted)
    for position, raw in sentences:
        if len(raw) > RAW_CHARS_MAX:
            continue
        text = _shortened(strip(raw, language, body, days), position, language)
        if kept and _takes_back((position, text), kept[-1]):
            kept.pop()
        if not text or len(text) > SENTENCE_CHARS_MAX or not may_be_sentence(text):
            continue
        seen = look(text, language)
        if language == "en" and position and seen.length > WORDS_MAX:
            continue
        if not (seen.usable or seen.sentence_like) or _is_junk_sentence(text, seen, language):
            continue
        answers = language == "en" and turns(seen.lower)
        whole = not answers or (answered < ANSWERS_MAX and bool(kept) and kept[-1].position == position - 1)
        answered += answers and seen.usable and whole
        (kept if seen.usable and whole else spare).append(Kept(position=position, text=text))
        if len(kept) == KEPT_MAX + answered:
            if language == "en":
                _finish(kept, sentences, body, days, wanted)
            break
    # What can't stand on a page still tells copies and updates from new reports.
    missing = max(0, min(KEPT_MAX, 6) - len(kept))
    return tuple(sorted([*kept, *spare[:missing]], key=lambda sentence: sentence.position))


def _shortened(text: str, position: int, language: str) -> str:
    """A long opening of an English article without its tail, any other sentence as it is."""
    if language == "en" and position <= OPENING_POSITION_MAX and text.count(" ") >= WORDS_MAX:
        return shorten(text, WORDS_MAX) or text
    return text


def _takes_back(following: tuple[int, str], last: Kept) -> bool:
    """Whether what follows the last sentence kept, but for an article's first, is a quotation that opens with "But"."""
    position, text = following
    return position > 1 and last.position == position - 1 and _TAKEN_BACK.match(text) is not None


def _finish(
    kept: list[Kept], sentences: Iterator[tuple[int, str]], body: str, days: Collection[str], wanted: "_Wanted"
) -> None:
    """What is left of an English text for the sentences kept of it: that the last isn't taken back, and answers."""
    following = next(sentences, None)
    if following is not None and _takes_back(following, kept[-1]):
        kept.pop()
    wanted.answers_only = True
    kept += _answering(sentences if following is None else chain([following], sentences), body, days)


class _Wanted:
    """Which paragraphs of an article are read: all, or those in which somebody may answer."""

    answers_only = False

    def __call__(self, paragraph: str) -> bool:
        return not self.answers_only or may_answer(paragraph)


def _answering(sentences: Iterable[tuple[int, str]], body: str, days: Collection[str]) -> list[Kept]:
    """The first two of these sentences of an English text that stand alone and in which somebody answers."""
    kept: list[Kept] = []
    for position, raw in sentences:
        if len(raw) > SENTENCE_CHARS_MAX or not may_answer(raw):
            continue
        text = strip(raw, "en", body, days)
        if not text or not may_be_sentence(text):
            continue
        seen = look(text, "en")
        stands = seen.usable and not seen.dependence and seen.length <= WORDS_MAX
        if stands and answers_in(seen.lower) and not _is_junk_sentence(text, seen, "en"):
            kept.append(Kept(position=position, text=text))
            if len(kept) == FAR_MAX:
                break
    return kept


def _without_headline(article: Article) -> str:
    """The body, else the summary, without the headline that some feeds put in front of it: on a line of its own, or
    right before a dateline."""
    text = article.body.strip() or article.summary.strip()
    for headline in (article.headline.strip(), headline_of(article).strip()):
        if len(headline) <= 20 or not text.startswith(headline):
            continue
        rest = text[len(headline) :].lstrip(" ")
        if rest[:1] in ("\n", "") or p.DATELINE.match(rest):
            return rest.lstrip() or text
    return text


def _is_junk_sentence(text: str, seen: Look, language: str) -> bool:
    if language != "en" and (
        elsewhere.JUNK.match(text) or elsewhere.refers_to_itself(text) or elsewhere.had_no_comment(text)
    ):
        return True
    if language == "en" and [sign for sign, slip in p.GARBLED if sign in text and slip.search(text)]:
        return True
    if signing := seen.junk_words:
        lower = text.lower()
        signed = [pattern for word in signing for sign, pattern in p.junk_with(word) if sign in lower]
        if any(pattern.search(text) for pattern in signed):
            return True
    if language != "en":
        return False
    return p.LABELLED.match(text) is not None or (any(map(str.isdigit, text[-12:])) and is_dated(text))


def raw_sentences(
    text: str, language: str, wanted: Callable[[str], bool] = lambda paragraph: True
) -> Iterator[tuple[int, str]]:
    """The first 40 sentences of a repaired text with their positions, those of junk paragraphs and those with a gap
    counted and left out, but for captions and the like above the story: it begins below them. A paragraph that isn't
    `wanted` counts as one."""
    position = 0
    blocks = list(islice(paragraphs(text), PARAGRAPHS_MAX))
    is_apart = around_the_story(blocks) if language == "en" else lambda place: False
    begins = next((place for place in range(len(blocks)) if not is_apart(place)), len(blocks))
    for place, paragraph in enumerate(blocks[begins:], begins):
        if not wanted(paragraph):
            position += 1
            continue
        junk = is_apart(place) or is_junk(paragraph)
        junk = junk or (language != "en" and elsewhere.is_junk(paragraph))
        stopless = _lacks_stop(paragraph, language) and _goes_no_further(blocks[place + 1 :])
        first = position
        for sentence in split(bounded(paragraph, SPLIT_CHARS_MAX), language):
            if position >= RAW_SENTENCES_MAX:
                return
            if not (junk or _has_gap(sentence, language)):
                yield position, f"{sentence}." if stopless and _is_whole(sentence, language) else sentence
            position += 1
            # What follows in a statement or a diary says the same person, who isn't named there.
            junk = junk or (language == "en" and position - first < STATEMENT_MAX and _speaks_of_itself(sentence))


def _speaks_of_itself(sentence: str) -> bool:
    """Whether a sentence has an "I" or "we" that nobody is quoted with."""
    if "We " not in sentence and " we " not in sentence and "I " not in sentence:
        return False
    return not p.SINGLE_QUOTE.search(sentence) and _ITSELF.search(_QUOTED.sub("", sentence)) is not None


def _lacks_stop(text: str, language: str) -> bool:
    """Whether a text ends in a letter, where a full stop may have been lost or, in Arabic script, is often not set."""
    if language in elsewhere.STOPLESS:
        return text[-1:].isalpha()
    return language == "en" and _STOPLESS.search(text, max(0, len(text) - 2)) is not None


def _goes_no_further(blocks: Sequence[str]) -> bool:
    """Whether what follows a paragraph begins anew. A text's last line may be cut off."""
    return bool(blocks) and not blocks[0][0].islower()


def _has_gap(sentence: str, language: str) -> bool:
    return language == "en" and (" ," in sentence or " ." in sentence) and _GAP.search(sentence) is not None


def _is_whole(sentence: str, language: str) -> bool:
    """Whether what ends without a full stop is a sentence, and no heading: it tells something, at length."""
    if sentence.count(" ") < WHOLE_WORDS_MIN or not _lacks_stop(sentence, language):
        return False
    if language != "en":
        return True
    if not sentence[0].isupper():
        return False
    last = sentence.rsplit(" ", 1)[1].strip('"”').lower()
    return last not in STOP and last not in PREPOSITION and len(_OF_PROSE.findall(sentence)) > 1 and is_told(sentence)


def paragraphs(text: str) -> Iterator[str]:
    """The text's paragraphs. A single line break ends one unless the line was only wrapped."""
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in map(_in_single_spaces, block.split("\n")) if line]
        wrapped = len(lines) > 2 and all(WRAPPED_MIN <= len(line) <= WRAPPED_MAX for line in lines[:-1])
        pending = ""
        for line in lines:
            if (pending and not (wrapped or _goes_over(pending, line))) or len(pending) > PARAGRAPH_CHARS_MAX:
                yield pending
                pending = ""
            pending = f"{pending} {line}" if pending else line
        if pending:
            yield pending


def _in_single_spaces(line: str) -> str:
    """A line with one plain space where it has white space, and none at its ends. Of white space nothing but the plain
    space can be printed."""
    if line.isprintable() and "  " not in line and line[:1] != " " and line[-1:] != " ":
        return line
    return " ".join(line.split())


def _goes_over(before: str, line: str) -> bool:
    """Whether `line` goes on with the sentence that `before` left open."""
    return line[0].islower() and not _TERMINAL.search(before) and not p.BULLET.match(line)


def is_junk(paragraph: str) -> bool:
    """Whether a paragraph is a byline, caption, credit, link or the like, or a clause of a law."""
    if paragraph.startswith("(") and p.LEGAL_ITEM.match(paragraph):
        return True
    return paragraph.count(" ") < p.JUNK_PARAGRAPH_WORDS_MAX and p.JUNK_PARAGRAPH.match(paragraph.lower()) is not None


def split(paragraph: str, language: str) -> Iterator[str]:
    """The paragraph's sentences, by the rules of its language."""
    if language != "en" and (dash := elsewhere.DASH.match(paragraph)):
        yield from _said(paragraph, dash, language)
        return
    if not paragraph[:1].isalpha():
        paragraph = elsewhere.TICKER.sub("", paragraph)
        number = p.PARAGRAPH_NUMBER_ENGLISH if language == "en" else p.PARAGRAPH_NUMBER
        paragraph = number.sub("", p.BULLET.sub("", p.CLOCK.sub("", paragraph)))
    paragraph = strip_dateline(paragraph, language)
    if language == "en" and _MAY_BE_GLUED.search(paragraph):
        paragraph = _GLUED.sub(" ", paragraph)
    pending = ""
    pieces = segment(language if language != "und" else "en", paragraph)
    for piece in pieces if language == "en" else chain.from_iterable(parted(each, language) for each in pieces):
        if pending and not (
            _goes_on(pending.rstrip(), piece) if language == "en" else goes_on(pending, piece, language)
        ):
            whole, pending = _without_next_mark(pending.strip())
            yield whole
            piece = piece.lstrip() if pending else piece
        elif pending and language == "en" and not pending[-1].isspace() and not _ATTACHED.match(piece):
            pending += " "
        pending += piece
    if whole := _without_next_mark(pending.strip())[0]:
        yield whole


def _without_next_mark(sentence: str) -> tuple[str, str]:
    """A sentence without the quotation mark that opens the next one, and that mark."""
    if not sentence.endswith(('"', "“")) or (found := _OPENS_NEXT.search(sentence)) is None:
        return sentence, ""
    # Some open with one sign and close with the other.
    if found[1] == '"' and sum(map(sentence.count, DOUBLE_MARKS)) % 2 == 0:
        return sentence, ""
    return sentence[: found.start()], found[1]


def _goes_on(before: str, piece: str) -> bool:
    """Whether the splitter took an abbreviation for a sentence's end, or a quotation's for that of who speaks."""
    if not before.endswith("."):
        return _CRIED.search(before) is not None and _SAYS_WHO.match(piece.lstrip()) is not None
    if piece.lstrip()[:1] == ";":
        return True
    tail = before[-ABBREVIATION_CHARS:]
    if _UNFINISHED.search(tail):
        return True
    return _CLOCK_END.search(tail) is not None and _DAY_START.match(piece.lstrip()) is not None


def _said(paragraph: str, dash: re.Match[str], language: str) -> Iterator[str]:
    """The sentences of a paragraph that begins with a dash: where that opens what somebody says, only the one that
    tells who keeps its dash, and the others are given as "": they are nobody's without it."""
    paragraph = paragraph[dash.end() :]
    # Only dashes may follow, and thousands of them: none opens anything then.
    while further := elsewhere.DASH.match(paragraph):
        paragraph = paragraph[further.end() :]
    pieces = list(split(paragraph, language))
    said = [elsewhere.has_speaker(piece, language) for piece in pieces]
    if any(said) or language in elsewhere.DASH_QUOTES:
        yield from (
            f"{dash.group().lstrip()}{piece}" if speaks else "" for piece, speaks in zip(pieces, said, strict=True)
        )
    else:
        yield from pieces


def _placed_days(at: datetime | None) -> Collection[str]:
    """The weekdays that the day of an article places: its own and the one before; of one without a date, which places
    none, all."""
    if at is None:
        return p.WEEKDAYS
    return (p.WEEKDAYS[at.weekday()], p.WEEKDAYS[at.weekday() - 1])
