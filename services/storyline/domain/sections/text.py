"""From an article's text to the sentences a story keeps: repair, split, drop what is no news, strip by deletion."""

import html
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
from .shortening import shorten
from .splitting import goes_on, parted
from .vocabulary import is_verb
from .words import NUMBER_WORD, PREPOSITION, ROLE_SPEAKER, SPEECH, STOP, word_set
from .worth import answers_in, may_answer

TEXT_CHARS_MAX = 60_000
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
SHORT_CHARS_MAX = 4
"""Words of so many letters may be abbreviations."""
QUOTED_TEXT_CHARS_MIN = 300
_WHOLE = {'"': '"', "“": "”", "„": "“", "«": "»", "»": "«"}

_DOUBLE = '"“”'
# "… he said. “": the splitter left the mark behind.
_OPENS_NEXT = re.compile(r"(?<=[.!?…])\s+([\"“])$")
_TERMINAL = re.compile(r"[.!?…:;。！？؟।][\"'”’»)\]]*$")
_LITERAL_BREAK = re.compile(r"\\r\\n|\\n|\\r")
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
# "Port-a - Vale"; what stands between two words and a name is a dash.
_SPACED_HYPHEN = re.compile(r" - (?<=\w-[a-z] - )(?=[A-Z])")
# What stands behind the space is looked at first: at most spaces that tells.
_APART = r" (?=[n'’,.;:!?])"
_CLITIC_APART = r"(?=n't\b|['’](?:s|re|ve|ll|d|m)\b)"
_MARK_APART = r"(?=[,.;:!?](?:\s|$))(?<=\w )"
_LOOSE = re.compile(rf"{_APART}(?:{_CLITIC_APART}|{_MARK_APART})")
# "One died in , officials said": where a link was, a gap is left behind a small word.
_BEFORE_GAP = word_set("a an and at by during for from in near of on than the to with")
_NO_GAP = "".join(rf"(?<!\b{word} )" for word in sorted(_BEFORE_GAP))
_LOOSE_NO_GAP = re.compile(rf"{_APART}(?:{_CLITIC_APART}|{_MARK_APART}{_NO_GAP})")
_GAP = re.compile(rf"\b(?:{'|'.join(sorted(_BEFORE_GAP))}) [,.](?![.\d]| \.)")
GAPS_PER_MARKS = 10
"""Of so many commas and full stops one may stand apart in a text that isn't cut into words."""
# Many texts hold nothing else beyond ASCII: there is nothing in them to repair. Mojibake begins with a letter.
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SOUND = frozenset("‘’“”„–—―…•€£")
# What mojibake begins with; and what it goes on with, the control characters among it, and what is left where that was
# lost.
_MANGLED_FIRST = frozenset(map(chr, range(0xC2, 0xF0)))
_MANGLED = frozenset(map(chr, range(0x80, 0xC0))) | {"€", "Â", "â", "Ã"}
# Quotation marks as typesetters had them, and with a space on either side.
_TYPED_QUOTE = re.compile(r"` ?`\s?(.{1,600}?)\s?' ?'", re.S)
_LOW_QUOTE = re.compile(r"(?<!\S),,(?=\w)([^\n]{1,600}?)(?:''|,,|\")")
_SPACED_QUOTE = re.compile(r"([\"“])(?:(?<!\S.)|(?<=\w:.))(?<!\d\s.)\s([^\"“”]{1,600}?)\s([\"”])(?=[\s,.;:)]|$)")
# The next letter of "R-S.C." or "U.K.", and what goes on behind "R-Va.".
_ATTACHED = re.compile(r"[A-Z]\.|;")
_GLUED = re.compile(r"(?<=[a-z]{2}[.!?])(?=[A-Z][a-z])")
_MAY_BE_GLUED = re.compile(r"[.!?][A-Z][a-z]")
# Nobody's any more without the sentence before: "We welcome the truce", she said. "But it comes too late."
_TAKEN_BACK = re.compile(r"[\"“](?:But|However|Yet)\b[^\"”]*[\"”]$")
_BARE_TURN = ("But, ", "Yet, ")
_NEXT_WORD = re.compile(r",? ([a-z]+)\b")
_CONTEXT_WORD = re.compile(r"([\w'’]+)\W*$")


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
        for sentence in split(_bounded(paragraph, SPLIT_CHARS_MAX), language):
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


def repair(text: str) -> str:
    """Undo what transport did to the text: entities, tags, mojibake, invisible characters, literal line breaks."""
    text = _bounded(_unwrapped(text), TEXT_CHARS_MAX)
    if "<" in text:
        text = p.TAG_DROP.sub(" ", text)
        text = p.TAG.sub("", _without_comments(p.TAG_BREAK.sub("\n\n", text)))
    text = characters(text)
    if "\\n" in text:
        text = _LITERAL_BREAK.sub("\n", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if ",," in text:
        text = _LOW_QUOTE.sub(r"„\1”", text)
    if "``" in text or "` `" in text:
        text = _TYPED_QUOTE.sub(r'"\1"', text)
    if ' " ' in text or ':" ' in text or "“ " in text or '\n" ' in text or text.startswith('" '):
        text = _SPACED_QUOTE.sub(_closed_up, text)
    if " - " in text:
        text = _SPACED_HYPHEN.sub("-", text)
    return _closed_marks(text) if _LOOSE.search(text) else text


def _without_comments(text: str) -> str:
    """A text without the comments of HTML. What opens one behind the last end of any isn't looked at: thousands of them
    would each read all that follows."""
    end = text.rfind("-->") + len("-->")
    return p.COMMENT.sub("", text[:end]) + text[end:] if end >= len("-->") else text


def characters(text: str) -> str:
    """Undo what transport did to single characters: entities, mojibake, invisible ones."""
    if "&" in text:
        text = html.unescape(html.unescape(text.replace("& amp;", "&")))
    if text.isascii() or _SOUND.issuperset(beyond := frozenset(_BEYOND_ASCII.findall(text))):
        return text
    if not _MANGLED.isdisjoint(beyond):
        mangled = not _MANGLED_FIRST.isdisjoint(beyond)
        text = p.CONTROL.sub(_control, unmangle(text) if mangled else text)
        text = unmangle(text) if mangled else text
    return p.BIDI.sub("", p.INVISIBLE.sub("", text)).replace("\u00a0", " ")


def _closed_marks(text: str) -> str:
    """The text with its marks right behind their words; but where only some stand apart, one behind a small word tells
    that something was lost between them."""
    apart, marks = text.count(" ,") + text.count(" ."), text.count(",") + text.count(".")
    return (_LOOSE if GAPS_PER_MARKS * apart >= marks else _LOOSE_NO_GAP).sub("", text)


def _unwrapped(text: str) -> str:
    """A text without the quotation marks that it stands in as a whole: a field of a table (RFC 4180: the marks within
    are doubled), or one that somebody put between marks. A short one may be what somebody said."""
    bare = text.strip()
    if len(bare) < QUOTED_TEXT_CHARS_MIN or _WHOLE.get(bare[0]) != bare[-1]:
        return text
    inner = bare[1:-1]
    if bare[0] == '"':
        return inner.replace('""', '"') if '"' not in inner.replace('""', "") else text
    depth = 0
    for mark in inner:
        depth += (mark == bare[0]) - (mark == bare[-1])
        if depth < 0:
            return text
    return inner if not depth else text


def _closed_up(found: re.Match[str]) -> str:
    """The quotation without the spaces inside its marks, if its first mark opens one: an even number is before it in
    its paragraph."""
    start = found.string.rfind("\n", 0, found.start()) + 1
    if sum(found.string.count(mark, start, found.start()) for mark in _DOUBLE) % 2:
        return found[0]
    return found[1] + found[2] + found[3]


def _bounded(text: str, chars: int) -> str:
    """Its first `chars` characters at most, to the end of a line or sentence if there is one."""
    if len(text) <= chars:
        return text
    head = text[:chars]
    cut = max(head.rfind("\n"), head.rfind(". "))
    return head[: cut + 1] if cut > 0 else head


def unmangle(text: str) -> str:
    """UTF-8 that was read as Windows-1252 or Latin-1, read right; anything else as it is."""
    if text.isascii():
        return text
    text = p.MOJIBAKE.sub(_demojibake, text)
    return p.MOJIBAKE_LEFT.sub("", p.MOJIBAKE_QUOTE.sub("”", text)) if p.MOJIBAKE_SIGN.search(text) else text


def _control(match: re.Match[str]) -> str:
    try:
        return match.group().encode("latin-1").decode("cp1252")
    except UnicodeError:
        return ""


def _demojibake(match: re.Match[str]) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return match.group().encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return match.group()


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
    if found[1] == '"' and sum(map(sentence.count, _DOUBLE)) % 2 == 0:
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


def strip_dateline(paragraph: str, language: str = "en") -> str:
    """The paragraph without the place, date and agency it may open with."""
    patterns = p.DATELINES if p.DATELINE.match(paragraph) else ()
    for pattern in patterns if language == "en" else (*elsewhere.DATELINES, *patterns):
        match = pattern.match(paragraph)
        if match and match.end() < len(paragraph):
            return paragraph[match.end() :].lstrip()
    return paragraph


def strip(sentence: str, language: str, article: str = "", days: Collection[str] = ()) -> str:
    """The sentence without what leans on its neighbours or goes stale: only deletions, and a capital to start with.

    What stands in quotation marks is left as it was said. `article` is the text that the sentence is from: a first word
    in capitals that stands there in small letters, too, is no abbreviation. `days` are the weekdays that needn't open a
    sentence: all, if the article has no date.
    """
    text = sentence.strip()
    if language != "en":
        return _strip_elsewhere(text, language)
    whole = text
    text = _without_furniture(text, article)
    if " also " in text:
        text = _delete(p.ALSO, "", text)
    if " here" in text:
        text = _delete(p.HERE, _without_here, text)
    if ", " in text and [sign for sign in p.INNER_SIGNS if sign in text]:
        text = _delete(p.INNER_CONNECTOR, "", text)
    if "day" in text or "night" in text:
        text = _without_first_day(_strip_days(text), days)
    if len(days) == len(p.WEEKDAYS) and [sign for sign in p.DAY_UNKNOWN_SIGNS if sign in text]:
        text = _delete(p.DAY_UNKNOWN, _without_unknown_day, text)
    if text is not whole or "  " in text:
        text = " ".join(text.split())
    text = text.replace(" ,", ",")
    if text.startswith(_BARE_TURN):
        text = text.replace(",", "", 1)
    if text.endswith("..") and text[-3:-2].isalnum():
        text = text[:-1]
    return text[:1].upper() + text[1:] if text != sentence and text[:1].islower() else text


def _strip_days(text: str) -> str:
    """A sentence without the days that are stale within the week."""
    if not [day for day in p.DAYS if day in text] or p.has_clock_time(text):
        return text
    if p.DAY_ALONE.search(text):
        text = _delete(p.DAY_BEFORE_VERB, _without_day_before, _delete(p.DAY_BARE, _without_bare_day, text))
    return _delete(p.DAY_AFTER_ON, _without_day, text) if p.ON_DAY.search(text) else text


def _without_first_day(text: str, days: Collection[str]) -> str:
    """A sentence without one of these days at its beginning, if nothing else in it needs the day."""
    first = p.DAY_FIRST.match(text)
    if first is None or first["day"] not in days or p.has_clock_time(text):
        return text
    rest = text[first.start("rest") :]
    return text if p.DAY_FIRST_NEEDED.search(rest) else rest


def _without_unknown_day(match: re.Match[str]) -> str:
    word = match["before"].lower()
    needed = not word[-1].isalnum() or _needs_day(word) or (is_verb(word) and word not in SPEECH)
    needed = needed or p.DAY_UNKNOWN_COUNTED.search(match.string, 0, match.end("before")) is not None
    return match.group() if needed else match["before"]


def _placed_days(at: datetime | None) -> Collection[str]:
    """The weekdays that the day of an article places: its own and the one before; of one without a date, which places
    none, all."""
    if at is None:
        return p.WEEKDAYS
    return (p.WEEKDAYS[at.weekday()], p.WEEKDAYS[at.weekday() - 1])


def _without_furniture(text: str, article: str) -> str:
    """An English sentence without brackets, labels, an opening that leans on others, and a first word in capitals."""
    text = _delete(p.PARENTHESIS, "", text) if "(" in text else text
    if prefix := p.SLUG_PREFIX.match(text):  # `sub` would try every place
        text = text[prefix.end() :]
    if text.startswith(("(", "[")) or text.endswith((")", ").", "]", "].")):
        text = _without_loose_brackets(text)
    if text.startswith(p.CONNECTORS):
        text = p.LEADING_CONNECTOR.sub("", text)
    if text[1:3].isupper() or (text.startswith("A ") and text[2:5].isupper()):
        text = p.DROP_CAPITALS.sub(lambda match: _without_drop_capitals(match.group(), article), text)
    return text


def _strip_elsewhere(sentence: str, language: str) -> str:
    """The same for other languages: an agency in brackets, and an opening that can be left out."""
    text = sentence
    if "(" in text or "/" in text or "（" in text:
        text = _delete(elsewhere.AGENCY_NOTE, "", text)
    if (connector := elsewhere.CONNECTOR.get(language)) is not None:
        text = connector.sub("", connector.sub("", text, count=1), count=1)
    if text == sentence or not text:
        return text
    return text[0].upper() + text[1:]


def _delete(pattern: re.Pattern[str], left: str | Callable[[re.Match[str]], str], text: str) -> str:
    """What the pattern finds replaced with what is left of it, but nothing within quotation marks."""
    if not p.QUOTATION_MARK.search(text):
        return pattern.sub(left, text)

    def outside(match: re.Match[str]) -> str:
        if _in_quotation(text, match.start()):
            return match.group()
        return left(match) if callable(left) else match.expand(left)

    return pattern.sub(outside, text)


def _in_quotation(text: str, at: int) -> bool:
    before = text[:at]
    if before.count('"') % 2 or before.count("“") > before.count("”") or before.count("«") > before.count("»"):
        return True
    # A closing single mark can't be told from an apostrophe.
    return p.SINGLE_QUOTE.search(before) is not None


def _without_drop_capitals(words: str, article: str) -> str:
    """The first word, or "A" and the next one, as the article has it elsewhere; as it is, if nothing tells how."""
    before, _, word = words.rpartition(" ")
    lower, name = word.lower(), word.capitalize()
    known = _is_word(lower) or (before != "" and _is_word(f"{lower}s"))
    if lower in p.SHORT_WORDS or (len(word) > SHORT_CHARS_MAX and known):
        return f"{before} {lower}" if before else name
    # "Who" and "WHO" are two words, and so are "aids" and "AIDS".
    if len(word) > SHORT_CHARS_MAX and _stands(lower.removesuffix("s"), article):
        return f"{before} {lower}" if before else name
    return f"{before} {name}".lstrip() if _stands(name, article) else words


def _stands(word: str, article: str) -> bool:
    """Whether an article has a word, or its plural, so; in an address every word is small."""
    return word in article and re.search(rf"(?<![\w./@#]){word}s?(?![\w/@]|\.\w)", article) is not None


def _is_word(lower: str) -> bool:
    listed = lower in STOP or lower in PREPOSITION or lower in NUMBER_WORD or lower in ROLE_SPEAKER or is_verb(lower)
    return listed or p.NO_ABBREVIATION.fullmatch(lower) is not None


def _without_loose_brackets(text: str) -> str:
    """The sentence without brackets around all of it, or one at its beginning or end that has no other."""
    for opening, closing in ("()", "[]"):
        opened, closed = text.count(opening), text.count(closing)
        bare = text.rstrip(".")
        if text[0] == opening and bare[-1] == closing and opened == closed == 1:
            inner = bare[1:-1].strip()
            return inner if inner[-1:] in ".!?" else f"{inner}{text[len(bare) :]}"
        if text[0] == opening and opened == closed + 1:
            return text[1:].lstrip()
        if bare[-1] == closing and closed == opened + 1:
            return f"{bare[:-1].rstrip()}{text[len(bare) :]}"
    return text


def _without_here(match: re.Match[str]) -> str:
    """A noun without the "here" behind it, whose dateline isn't shown: "in his office here"."""
    noun = match["noun"]
    if p.PLACE_NAMED.search(match.string, 0, match.start()):
        return match.group()
    needed = noun in PREPOSITION or noun in p.HERE_NEEDED_AFTER or noun.endswith("ing") or is_verb(noun)
    return match.group() if needed else match.group().removesuffix(" here")


def _without_day_before(match: re.Match[str]) -> str:
    word = match["before"].lower()
    if _needs_day(word) or _is_participle(word):
        return match.group()
    return f"{match['before']} {match['verb']}"


def _without_bare_day(match: re.Match[str]) -> str:
    before = match["before"]
    word = before.lower()
    # "… that was shown Monday, just as …", "… which launches today."
    ends = match.string[match.end() : match.end() + 1] in ("", ",", ".", ";", ":")
    hangs = ends and is_verb(word) and word not in SPEECH
    kept = not before[-1].isalnum() or hangs or _needs_day(word) or _tells_when(match, match.end("before"))
    return match.group() if kept else before


_BEFORE_DAY = word_set(
    """last next this that every each a an the one any some his her its their our my your previous following coming past
    same earlier later since than not"""
)


def _needs_day(before: str) -> bool:
    """Whether the word right before a day holds it: it is the point of the sentence, or part of a name."""
    held = before in p.DAY_NEEDED_AFTER or before in p.DAY_OF_NAME or before in PREPOSITION or before in _BEFORE_DAY
    return held or before.endswith(("'s", "’s", "ous", "ful", "ive", "less", "able", "atic"))


def _tells_when(match: re.Match[str], end: int) -> bool:
    """Whether a day is when something is to be, or ends a clause (at `end`) that tells little more than it: that
    something began, or somebody died, or that what is quoted was released."""
    if p.DAY_AHEAD.search(match.string, 0, end):
        return True
    if match.string[match.end() : match.end() + 1] == "," and p.DAY_OF_SAYING.match(match.string[:end]):
        return True
    ends = match.string[match.end() : match.end() + 1] in ("", ",", ".", ";", ":")
    return ends and p.DAY_OF_EVENT.search(match.string, 0, end) is not None


def _is_participle(word: str) -> bool:
    return word.endswith(("ed", "en", "held", "made", "said", "sent", "won")) and is_verb(word)


def _is_finite(word: str) -> bool:
    return is_verb(word) and not word.endswith("ing")


def _without_day(match: re.Match[str]) -> str:
    word = _CONTEXT_WORD.search(match.string[: match.start()])
    if word is None or word.group(1).lower() in p.DAY_NEEDED_AFTER or word.group(1) in p.SUNDAY_PAPERS:
        return match.group()
    # "A poll published on Thursday put Orre …": without the day two verbs would meet.
    after = _NEXT_WORD.match(match.string, match.end())
    if after and _is_participle(word.group(1).lower()) and _is_finite(after.group(1)):
        return match.group()
    if p.BEFORE_THAT.match(match.string, match.end()) and "," not in match.string[: match.start()]:
        return match.group()
    following = match.string[match.end() : match.end() + 1]
    comma = "," if match.group().startswith(",") else ""
    if (comma and following == ",") or _tells_when(match, match.start()):
        return match.group()
    return "" if following in ",.;" else comma
