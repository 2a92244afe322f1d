"""What a sentence holds: words and stems, numbers, names, verbs, negation, quotes, and whether it can stand alone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from . import vocabulary as v
from . import words as w
from .dependence import Dependence, dependence
from .languages import ARTICLE, AUXILIARY, DENIAL, DENSE, ENDLESS, FIRST_SECOND, OWN_VOICE
from .leaning import plain_dependence
from .vocabulary import TOKEN, plain, table

__all__ = [
    "TOKEN",
    "Features",
    "Look",
    "annotate",
    "content_of",
    "look",
    "may_be_sentence",
    "normal",
    "plain",
    "quotations",
]

CACHE_SENTENCES_MAX = 20_000
LOOKED_MAX = 200
"""Sentences of which what the first look found is kept until they are read: what an article keeps is read right after
it is cleaned, and what it doesn't keep gives way."""
CHECKED_MAX = 1_000
"""Sentences known to look like one or not: they are looked at again when they are read."""
WORDS_MIN, WORDS_MAX = 7, 46
OPENING_WORDS_MAX = 52
"""Of the first sentence of an article: what it has to tell stands nowhere else so."""
OTHER_WORDS_MAX = 62
"""In other languages: French, Italian or Spanish take up to a third more words than English to say the same."""
DENSE_WORDS_MIN = 5
BRIEF_WORDS_MIN, OTHER_BRIEF_WORDS_MIN = 3, 4
LONG_QUOTE_WORDS = 12

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f\u1780-\u17ff\u0e80-\u0eff]")
_UNSPACED_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f\u1780-\u17ff\u0e80-\u0eff]+|[^\W_]+")
_ENDS = (".", "!", "。", "！", "।", "؟", "۔", "…", "።", "။", "។", "։")
_CLOSING = "\"'”’»)]」』"
# Where a link or a name was lost on the way: "his third at." (a small word before a mark).
_GAP_ENDS = (" at.", " of.", " the.", " an.", " and.", " between.", " than.")
_GAPS = (" at, ", " of, ", " the, ", " an, ", " and, ", " than, ", " in , ", " in, accord", " into, ")
_DOUBLE_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]")
# Every form begins with its mark, so that other places are passed over at once.
_QUOTED = re.compile(r"“([^“”\"]*)[”\"]|\"([^“”\"]*)[”\"]|‘(?<!\w‘)([^‘]*?)’(?!\w)")
_MARKS = "“‘«„”»「『"
# As other languages than English have them: «so», „so“, ”so”, »so«, 「so」. What stands in marks within marks is in the
# outer.
_QUOTED_ELSEWHERE = re.compile(
    r"""«((?:[^«»]|«[^«»]*»)*)»|„([^“”]*)[“”]|“([^“”]*)”|”([^”]*)”|»([^«»]*)«|"([^"]*)\"
    |‘(?<!\w‘)([^’‘]*?)[’‘](?!\w)|‚(?<!\w‚)([^’‘]*?)[’‘](?!\w)
    |「((?:[^「」]|「[^「」]*」)*)」|『([^『』]*)』""",
    re.X,
)
NAMED = frozenset(("da", "es", "fr", "it", "nb", "nl", "nn", "no", "pt", "ru", "sv"))
"""Languages beside English that write only names with a capital and whose small words are known."""
_YEAR = re.compile(r"^(?:1[89]|20)\d\d$")
_ASCII_CAPITALS = bytes(range(ord("A"), ord("Z") + 1))
_ASCII_SMALL = bytes(range(ord("a"), ord("z") + 1))


_NONE: frozenset[str] = frozenset()


class Features(NamedTuple):
    """A sentence, read once. `content` are the stems of its content words in order; a stem is a lower-case string."""

    text: str
    tokens: tuple[str, ...]
    lower: tuple[str, ...]
    """The tokens for comparison, see `normal`."""
    held: int
    """All flags of its words together, see `vocabulary`."""
    content: tuple[str, ...]
    stems: tuple[str, ...]
    """The distinct content stems in order of first appearance."""
    stem_set: frozenset[str]
    mask: int
    """One bit of 512 for each stem; stems may share one."""
    doubles: int
    """How many stems more than bits there are."""
    numbers: tuple[tuple[str, str], ...]
    """(value, stem of the noun or unit that follows); years are not among them."""
    names: tuple[tuple[str, ...], ...]
    """Runs of capitalised words, case kept."""
    name_stems: frozenset[str]
    """The stems of names and of the titles right before them ("acting ambassador Keira Holm")."""
    core: frozenset[str]
    """The stems of neither."""
    lone_names: tuple[str, ...]
    """Capitalised words that don't follow another one nor say where, lower case: surnames among them need an
    introduction."""
    speakers: tuple[str, ...]
    """Those of `lone_names` right beside a verb of saying ("Dowd said") that are no well-known places."""
    abbreviations: tuple[str, ...]
    """Those in capitals that not every reader knows."""
    negations: tuple[str, ...]
    modals: tuple[str, ...]
    future: bool
    quote_words: int
    pronoun: bool
    """It holds a he or she that stands before any name."""
    bare_noun: str
    """The stem of the noun in an opening "The <noun> <verb>", else empty."""
    background: bool
    deictic: bool
    length: int
    """In words; unspaced scripts count two characters as one."""
    dependence: Dependence
    sentence_like: bool
    """Long enough, ends like a sentence, no fragment: it can be compared with others."""
    usable: bool
    """It may stand on a page (given its dependence)."""


def normal(token: str) -> str:
    """A token for comparison: lower case, plain apostrophes and hyphens."""
    return plain(token.lower())


class Look(NamedTuple):
    """As much of a sentence as tells whether it may stand; the fields are those of `Features`."""

    read: Sequence[v.Word]
    tokens: tuple[str, ...]
    lower: tuple[str, ...]
    roots: tuple[str, ...]
    """The stems of all words."""
    flags: tuple[int, ...]
    spaced: bool
    """Whether it is in a script that has spaces between words."""
    held: int
    """All flags of its words together."""
    capitals: Sequence[int]
    """The places of words with a capital."""
    names: tuple[tuple[str, ...], ...]
    numbers: tuple[tuple[str, str], ...]
    quote_words: int
    pronoun: bool
    length: int
    dependence: Dependence
    sentence_like: bool
    usable: bool

    @property
    def junk_words(self) -> list[str]:
        """Its words that may be of one of `patterns.JUNK_SENTENCES`' signs."""
        return [word.lower for word in self.read if word.flags & v.JUNK] if self.held & v.JUNK else []


def look(text: str, language: str) -> Look:
    """A first look at a sentence of a language (primary subtag): `annotate` goes on from here."""
    seen = _looked.get((text, language))
    if seen is None:
        if len(_looked) >= LOOKED_MAX:
            _looked.clear()
        seen = _looked[text, language] = _look(text, language)
    return seen


# Emptied as it is read from: what lies longer, the collector of garbage looks at, word by word.
_looked: dict[tuple[str, str], Look] = {}


def _look(text: str, language: str) -> Look:
    words = table(language)
    read = words.read(plain(text))
    tokens, lower, roots, flags = zip(*read, strict=True) if read else ((), (), (), ())
    spaced = _is_spaced(text)
    held = reduce(or_, flags, 0)
    english = words.english
    capitals = [i for i, bits in enumerate(flags) if bits & v.CAPITAL] if held & v.CAPITAL else []
    names = _names(tokens, flags, capitals) if capitals and (english or language in NAMED) else ()
    length = len([1 for bits in flags if bits & v.LETTERS]) if spaced else _length(text, flags)
    marks = _QUOTED if english else _QUOTED_ELSEWHERE
    quotes = list(marks.finditer(text)) if _has_marks(text) else []
    quote_words = max([_words_in(_quoted(found)) for found in quotes], default=0)
    outside = _without(quotes, text) if quote_words else text
    shortest = DENSE_WORDS_MIN if language in DENSE else WORDS_MIN
    like = _sentence_like(text, length, shortest, OPENING_WORDS_MAX if english else OTHER_WORDS_MAX)
    pronoun = bool(english and held & v.PERSON) and _pronoun_first(flags, lower)
    leans = (
        dependence(text, outside, lower, flags, held, names, pronoun)
        if english
        else plain_dependence(plain(text), outside, tokens, language)
    )
    numbers = _numbers(read) if held & v.COUNT else ()
    # "Nine glaziers died.": news, but no opening of anything.
    if english:
        brief = BRIEF_WORDS_MIN <= length < WORDS_MIN and _is_brief(text, numbers, lower, quote_words)
    else:
        brief = spaced and OTHER_BRIEF_WORDS_MIN <= length < shortest and may_be_sentence(text) and not _shouts(text)
    if brief and not leans:
        leans = 1
    usable = (like or brief) and leans < 2 and language not in ENDLESS
    if usable and english:
        usable = _stands(flags, held, outside, quote_words)
    elif usable:
        usable = _stands_elsewhere(outside, words.read(plain(outside)) if quote_words else read, quote_words, language)
    return Look(
        read, tokens, lower, roots, flags, spaced, held, capitals, names, numbers, quote_words, pronoun, length, leans,
        like, usable,
    )  # fmt: skip


@lru_cache(maxsize=CACHE_SENTENCES_MAX)
def annotate(text: str, language: str) -> Features:
    """Read a sentence of a language (primary subtag). The same text always gives an equal value."""
    seen = _looked.pop((text, language), None) or _look(text, language)
    words = table(language)
    english = words.english
    read, tokens, lower, roots, flags, spaced, held, capitals, names, *_ = seen
    content = [stem for stem, bits in zip(roots, flags, strict=True) if bits & v.CONTENT] if spaced else _bigrams(text)
    stems = tuple(dict.fromkeys(content))
    stem_set = frozenset(stems)
    mask = v.mask_of(stems)
    lone = tuple(
        [lower[i] for i in capitals if not (i and (flags[i - 1] & (v.CAPITAL | v.PLACING) or _on_initial(tokens, i)))]
    )
    if not english:
        # "NATO", "A380": no surnames, and elsewhere nothing else tells so.
        lone = tuple([word for word in lone if word.isalpha() and word.upper() not in tokens])
    name_stems = _name_stems(read, names, capitals, words) if names else _NONE
    return Features(
        text=text,
        tokens=tokens,
        lower=lower,
        held=held,
        # Of most sentences no stem comes twice.
        content=stems if len(stems) == len(content) else tuple(content),
        stems=stems,
        stem_set=stem_set,
        mask=mask,
        doubles=len(stems) - mask.bit_count(),
        numbers=seen.numbers,
        names=names,
        name_stems=name_stems,
        core=stem_set - name_stems if name_stems else stem_set,
        lone_names=lone,
        speakers=_beside_speech(lower, flags, lone) if lone and held & (v.SAYING | v.SPEECH) else (),
        abbreviations=tuple([token for token, bits in zip(tokens, flags, strict=True) if bits & v.SHORT])
        if held & v.SHORT
        else (),
        negations=_negations(lower, flags, held, language),
        modals=_those(lower, flags, v.MODAL) if english and held & v.MODAL else (),
        future=bool(english and held & (v.FUTURE | v.FUTURE_HEAD)) and _is_future(lower, flags),
        quote_words=seen.quote_words,
        pronoun=seen.pronoun,
        bare_noun=_bare_noun(read) if english else _bare_noun_elsewhere(read, language),
        background=bool(held & v.YEAR),
        deictic=bool(english and held & v.DEICTIC),
        length=seen.length,
        dependence=seen.dependence,
        sentence_like=seen.sentence_like,
        usable=seen.usable,
    )


def _on_initial(tokens: Sequence[str], i: int) -> bool:
    """Whether the `i`-th word stands behind an initial: "Ida J. Brandt"."""
    return i > 1 and tokens[i - 1] == "." and len(tokens[i - 2]) == 1 and tokens[i - 2].isupper()


def _is_spaced(text: str) -> bool:
    """Whether a text is in a script that has spaces between words."""
    return text.isascii() or not _UNSPACED.search(text)


def content_of(text: str, language: str) -> list[str]:
    """The stems of a text's content words in order, as in `Features.content`."""
    if not _is_spaced(text):
        return _bigrams(text)
    return [word.stem for word in table(language).read(plain(text)) if word.flags & v.CONTENT]


def _bigrams(text: str) -> list[str]:
    found: list[str] = []
    for run in _UNSPACED_RUN.findall(text):
        if _UNSPACED.match(run) and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run.lower())
    return found


def _length(text: str, flags: Iterable[int]) -> int:
    unspaced = len(_UNSPACED.findall(text))
    return unspaced // 2 if unspaced > len(text) // 4 else len([1 for bits in flags if bits & v.LETTERS])


def _those(lower: Iterable[str], flags: Iterable[int], wanted: int) -> tuple[str, ...]:
    return tuple(word for word, bits in zip(lower, flags, strict=True) if bits & wanted)


def _numbers(read: Sequence[v.Word]) -> tuple[tuple[str, str], ...]:
    found = []
    for i, word in enumerate(read):
        if not word.flags & v.COUNT:
            continue
        lower = word.lower
        value = w.NUMBER_WORD[lower] if not lower[0].isdigit() else lower.replace(",", "").rstrip(".")
        if _YEAR.match(value):
            continue
        follows = (later for later in read[i + 1 : i + 4] if _may_be_counted(later))
        noun = next(follows, None)
        found.append((value, (noun.stem or noun.lower) if noun else ""))
    return tuple(found)


def _may_be_counted(word: v.Word) -> bool:
    return word.lower == "%" or (word.flags & (v.LETTERS | v.STOP)) == v.LETTERS


def _names(tokens: Sequence[str], flags: Sequence[int], capitals: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    """Runs of capitalised words (at `capitals`). A sentence's first word counts only if the next one is capitalised,
    too. A full stop doesn't end a run ("Sen. Ida Brandt"), and "of" and the like join two."""
    runs: list[list[str]] = []
    last = -9
    first = 0 if flags[0] & v.LETTERS else next((i for i, bits in enumerate(flags) if bits & v.LETTERS), 0)
    for i in capitals:
        if i == first and not (i + 1 < len(flags) and flags[i + 1] & v.CAPITAL and not flags[i] & v.COMMON):
            continue
        if i == last + 1:
            runs[-1].append(tokens[i])
        elif runs and flags[i - 1] & v.JOINER and _only_stops(tokens[last + 1 : i - 1]):
            runs[-1] += tokens[i - 1 : i + 1]
        elif runs and tokens[i - 1] == "." and _only_stops(tokens[last + 1 : i]):
            runs[-1].append(tokens[i])
        else:
            runs.append([tokens[i]])
        last = i
    return tuple([tuple(name) for name in runs if normal(name[0]) not in _NO_NAME])


def _only_stops(tokens: Sequence[str]) -> bool:
    return tokens.count(".") == len(tokens)


def _name_stems(
    read: Sequence[v.Word], names: tuple[tuple[str, ...], ...], capitals: Sequence[int], words: Mapping[str, v.Word]
) -> frozenset[str]:
    found = {words[token].stem for name in names for token in name}
    openings = {name[0] for name in names if len(name) > 1}
    for i in capitals:
        if read[i].token in openings:
            for word in reversed(read[max(0, i - 2) : i]):
                if not word.lower.isalpha() or word.flags & (v.STOP | v.VERB):
                    break
                found.add(word.stem)
    return frozenset(found)


def _beside_speech(lower: Sequence[str], flags: Sequence[int], lone: tuple[str, ...]) -> tuple[str, ...]:
    beside: set[str] = set()
    for i in [i for i, bits in enumerate(flags) if bits & (v.SAYING | v.SPEECH)]:
        beside.update(lower[max(0, i - 1) : i])
        if flags[i] & v.SAYING:
            beside.update(lower[i : i + 2])
    return tuple([word for word in lone if word in beside and word not in _KNOWN_SPEAKER])


_KNOWN_SPEAKER = w.STOP | w.ROLE_SPEAKER | w.KNOWN_PLACE


_NO_NAME = w.WEEKDAY | w.STOP


def _has_marks(text: str) -> bool:
    return '"' in text or not (text.isascii() or [mark for mark in _MARKS if mark in text] == [])


def _without(quotes: Iterable[re.Match[str]], text: str) -> str:
    """A text with a space for each of its quotations."""
    kept, end = [], 0
    for found in quotes:
        kept.append(text[end : found.start()])
        end = found.end()
    return " ".join([*kept, text[end:]])


def _words_in(text: str) -> int:
    """How many words a text has; two characters of a script without spaces are one."""
    return len(text.split()) if _is_spaced(text) else max(1, len(_UNSPACED.findall(text)) // 2)


def unquoted(text: str) -> str:
    """A text with nothing between its double quotation marks."""
    return _DOUBLE_QUOTED.sub('""', text) if '"' in text or "“" in text else text


def quotations(text: str) -> list[str]:
    """What stands in quotation marks (English)."""
    return [_quoted(found) for found in _QUOTED.finditer(text)]


def _quoted(found: re.Match[str]) -> str:
    return next((inside for inside in found.groups() if inside), "")


def _balanced(text: str) -> bool:
    if text.count('"') % 2 or text.count("(") != text.count(")"):
        return False
    return text.isascii() or (
        _quotes_balanced(text)
        and all(text.count(left) == text.count(right) for left, right in zip("«「『", "»」』", strict=True))
    )


def _quotes_balanced(text: str) -> bool:
    """Whether curved marks pair: “so”, „so“, „so” or ”so”."""
    low, high, closing = text.count("„"), text.count("“"), text.count("”")
    if low:
        return low == high + closing
    return high == closing or (not high and closing % 2 == 0)


def _sentence_like(text: str, length: int, shortest: int, longest: int) -> bool:
    if not (shortest <= length <= longest) and not (_UNSPACED.search(text) and 5 <= length <= 80):
        return False
    return may_be_sentence(text) and not _shouts(text)


_STATES = frozenset(("dead", "died", "dies", "killed", "hurt", "injured", "wounded", "missing", "held", "arrested"))


def _is_brief(text: str, numbers: Sequence[tuple[str, str]], lower: Sequence[str], quote_words: int) -> bool:
    """Whether a sentence too short to open anything gives the number of the dead, hurt, missing or held."""
    if not numbers or quote_words or _STATES.isdisjoint(lower):
        return False
    return may_be_sentence(text) and not _shouts(text)


@lru_cache(maxsize=CHECKED_MAX)
def may_be_sentence(text: str) -> bool:
    """A cheap look before `annotate`: what fails it can't be `sentence_like`."""
    if text[0].islower() or not text.rstrip(_CLOSING).endswith(_ENDS) or not _balanced(text):
        return False
    # Each of the gaps has a comma.
    return not text.endswith(_GAP_ENDS) and not ("," in text and [gap for gap in _GAPS if gap in text])


def _shouts(text: str) -> bool:
    letters = text.encode("ascii", "ignore")
    small = len(letters) - len(letters.translate(None, _ASCII_SMALL))
    # Even if all that isn't small were capitals.
    if 10 * (len(text) - small) <= 6 * len(letters):
        return False
    large = len(letters) - len(letters.translate(None, _ASCII_CAPITALS))
    # Even if all else were capitals.
    if 10 * (large + len(text) - len(letters)) <= 6 * (small + large):
        return False
    return text.isascii() or 10 * sum(map(str.isupper, text)) > 6 * sum(map(str.isalpha, text))


def _stands(flags: Sequence[int], held: int, outside: str, quote_words: int) -> bool:
    """The English gates that don't depend on the neighbours."""
    if not held & v.VERB or "?" in outside or "!" in outside or "…" in outside or "..." in outside:
        return False
    if " us " in outside:
        return False
    if not quote_words:
        return not held & v.FIRST_SECOND
    spoken = table("en").read(plain(outside))
    said = reduce(or_, (word.flags for word in spoken), 0)
    if said & v.FIRST_SECOND or not said & v.VERB:
        return False
    return quote_words < 6 or _has_speaker(spoken, said)


OTHER_SPEAKER_WORDS_MIN, OTHER_QUOTE_WORDS = 2, 6
"""Of a sentence with a quotation of so many words so many others must say whose it is."""


_NO_STATEMENT = ("?", "!", "…", "...", " * ", " • ", "؟", "？", "！")


def _stands_elsewhere(outside: str, spoken: Sequence[v.Word], quote_words: int, language: str) -> bool:
    """Those of other languages: no question, nobody who speaks of himself, no quotation without a word beside it."""
    if [mark for mark in _NO_STATEMENT if mark in outside]:
        return False
    own = OWN_VOICE.get(language)
    if own is not None and own.search(outside):
        return False
    ours = FIRST_SECOND.get(language, _NONE)
    if [1 for word in spoken if word.lower in ours and not (len(word.token) > 1 and word.token.isupper())]:
        return False
    return quote_words < OTHER_QUOTE_WORDS or sum(word.token[0].isalpha() for word in spoken) >= OTHER_SPEAKER_WORDS_MIN


def _has_speaker(spoken: Sequence[v.Word], said: int) -> bool:
    if not said & v.SPEECH:
        return False
    named = any(word.flags & v.CAPITAL and not word.flags & v.WEEKDAY for word in spoken[1:])
    return named or any(word.flags & v.ROLE or word.lower in ("he", "she", "they") for word in spoken)


def _is_future(lower: Sequence[str], flags: Sequence[int]) -> bool:
    for i, bits in enumerate(flags):
        if bits & v.FUTURE and not (i and lower[i] == "will" and (bits & v.CAPITAL or lower[i - 1] in _BEFORE_A_WILL)):
            return True
        if bits & v.FUTURE_HEAD and i + 1 < len(lower) and lower[i + 1] in ("to", "for"):
            return True
    return False


# "People of good will", "against his will".
_BEFORE_A_WILL = w.word_set("good ill free political strong the a at of his her their its")


def _pronoun_first(flags: Sequence[int], lower: Sequence[str]) -> bool:
    for i, bits in enumerate(flags):
        if bits & v.PERSON:
            return True
        if not bits & v.CAPITAL:
            continue
        # "At Tuesday's briefing, he …"
        if i > 0 and not bits & v.WEEKDAY and lower[i].removesuffix("'s") not in w.WEEKDAY:
            return False
        # "CNB officers searched his home": a body is no he.
        if bits & v.SHORT or lower[i].removesuffix("'s") in _NO_PERSON:
            continue
        # "Using charts and maps, he …": a participle is nobody.
        participle = lower[0].endswith("ing") and lower[0] not in w.KNOWN_PLACE and not bits & v.SHORT
        opens = not participle and not bits & (v.COMMON | v.DETERMINER)
        if i == 0 and opens and not (len(flags) > 1 and flags[1] & v.DETERMINER):
            return False
    return False


_NO_PERSON = w.KNOWN_PLACE | (w.KNOWN_SHORT - w.STOP)


def _negations(lower: Sequence[str], flags: Sequence[int], held: int, language: str) -> tuple[str, ...]:
    if language in ("en", "und"):
        return _those(lower, flags, v.NEGATION) if held & v.NEGATION else ()
    denial = DENIAL.get(language, _NONE)
    return tuple([word for word in lower if word in denial]) if denial else ()


def _bare_noun_elsewhere(read: Sequence[v.Word], language: str) -> str:
    """The stem of the noun in "La tienda ha vendido …", "Die Partie wurde …", "L'opération a …"; else empty."""
    auxiliary = AUXILIARY.get(language)
    if auxiliary is None or len(read) < 3:
        return ""
    at = 1 if read[0].lower in ARTICLE[language] else 0 if read[0].lower.startswith("l'") else -1
    if at < 0 or read[at + 1].lower not in auxiliary or (language != "de" and read[at].flags & v.CAPITAL and at):
        return ""
    return read[at].stem


def _bare_noun(read: Sequence[v.Word]) -> str:
    if len(read) < 3 or read[0].lower != "the" or not read[2].flags & v.VERB:
        return ""
    # "The Senate voted" says which one is meant.
    return read[1].stem if read[1].token.islower() and read[1].token.isalpha() else ""
