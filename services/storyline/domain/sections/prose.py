"""Proposed wording of a section: what a language model may change, so that nothing new can come in with it.

The gate alone is made for sentences of sources: it lets whatever the rest can do without be left out, and a few small
words be new. A model's sentence may bring no word at all, except one of a few connectives at its beginning. It may
leave out what stands apart between commas, and split a sentence at "and". Each is held against the section's own
sentence and against the sources that this one cites, and the section keeps its heading, its facts, their order and
their citations.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from storyline_schemas import Part, Section, Sentence, section_hash

from ..refusals import CITATIONS, CONNECTIVE, LOST, REPEATED, UNCHANGED, UNGROUNDED
from . import words as w
from .features import annotate, plain
from .gate import supports
from .vocabulary import is_verb

CONNECTIVES = ("Also", "In addition", "Meanwhile", "Separately")
"""What a sentence that isn't the first may begin with, a comma behind it."""
WORDS_WORTH_MIN = 18
"""A section of one sentence is worth a model's while if it is at least so long: then it can be split."""
CHARS_MAX, WORDS_MAX = 2_000, 150


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a wording is refused; `sentence` is the index of the one that is wrong, None: the section as a whole."""

    reason: str
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The section as it would be, if there is no fault. `faults` are at most one a sentence and one for the whole."""

    section: Section | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence, the place in the section of the one that it rests on, and the places of the words it has of it."""

    basis: int
    words: frozenset[int]
    citations: tuple[int, ...]


def worth_wording(section: Section, language: str) -> bool:
    """Whether a model could do anything for it. In other languages than English the gate lets nothing be left out."""
    if section.locked or section.rewritten or language.split("-", 1)[0].lower() not in ("en", "und"):
        return False
    return len(section.sentences) > 1 or any(len(s.text.split()) >= WORDS_WORTH_MIN for s in section.sentences)


def judge(section: Section, texts: Sequence[str], sources: Mapping[int, Part], language: str) -> Judged:
    """`section` (as extracted) in the wording `texts`, each sentence with the citations it keeps; or the faults."""
    found = [_told(text, section, sources, language) for text in texts]
    faults = [Fault(UNGROUNDED, i) for i, told in enumerate(found) if told is None]
    told = [each for each in found if each is not None]
    if not faults:
        faults += _of_the_whole(section, texts, told)
    if faults:
        return Judged(None, tuple(faults))
    sentences = tuple(Sentence(text=t, citations=each.citations) for t, each in zip(texts, told, strict=True))
    digest = section_hash(section.id, section.heading, [(s.text, s.citations) for s in sentences])
    return Judged(section.model_copy(update={"sentences": sentences, "hash": digest, "rewritten": True}))


def _of_the_whole(section: Section, texts: Sequence[str], told: Sequence[_Told]) -> list[Fault]:
    bases = [each.basis for each in told]
    if list(dict.fromkeys(bases)) != list(range(len(section.sentences))):
        return [Fault(LOST)]
    cited = {n for each in told for n in each.citations}
    if cited != {n for sentence in section.sentences for n in sentence.citations}:
        return [Fault(CITATIONS)]
    if any(a.basis == b.basis and a.words & b.words for i, a in enumerate(told) for b in told[:i]):
        return [Fault(REPEATED)]
    if texts[0] != section.sentences[0].text and _connective(texts[0]):
        return [Fault(CONNECTIVE, 0)]
    return [Fault(UNCHANGED)] if [s.text for s in section.sentences] == list(texts) else []


def _told(text: str, section: Section, sources: Mapping[int, Part], language: str) -> _Told | None:
    if not text or len(text) > CHARS_MAX or text != " ".join(text.split()):
        return None
    for bare in dict.fromkeys((text, _connective(text) or text)):
        for basis, sentence in enumerate(section.sentences):
            words = _taken(bare, sentence.text, language)
            citations = tuple(n for n in sentence.citations if _says(sources.get(n), bare, language))
            if words is not None and citations and supports(bare, sentence.text, language):
                return _Told(basis, words, citations)
    return None


def _says(part: Part | None, text: str, language: str) -> bool:
    return part is not None and not part.gone and any(supports(text, kept.text, language) for kept in part.sentences)


def _connective(text: str) -> str:
    """The sentence behind its connective; empty if it has none."""
    opener = next((each for each in CONNECTIVES if text.startswith(f"{each}, ")), None)
    rest = text[len(opener) + 2 :] if opener else ""
    return rest[:1].upper() + rest[1:]


# ---- words of the source, in its order

_WORD = re.compile(r"[$€£¥₹+−#@]?[^\W_]+(?:['’.,:/‐‑-][^\W_]+)*%?")
_QUOTE = re.compile("[\"“”„«»‘']")
_PLAIN_MARKS = frozenset(",.;")
_APART = re.compile(r"[,;—–]|\s-\s")
_RELATIVE = frozenset(("who", "which", "whose", "where", "and", "a", "an", "the"))
# What carries the truth of the rest: it may not be left out, nor may anything that it stands in.
_CARRIES = (
    w.NEGATION
    | w.MODAL
    | w.ATTRIBUTION
    | w.word_set(
        """say saying reported reports announced stated added adding thinks thought that whether if unless until except
        only although though before after while when as alleged suspected disputed denial mistaken mistakenly wrongly
        hoax drill exercise simulated simulation fake fictional rumour rumor rumours rumors"""
    )
)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    apart: bool
    """A comma, semicolon or dash stands before it."""
    quote: int
    """Odd: it stands within the quotation with that number."""


@lru_cache(maxsize=5_000)
def _words(text: str) -> tuple[_Word, ...]:
    text = plain(text)
    words, end, quotes = [], 0, 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        quotes += len(_QUOTE.findall(between))
        words.append(_Word(match.group(), bool(_APART.search(between)), quotes))
        end = match.end()
    return tuple(words)


def _quotes(text: str) -> int:
    return len(_QUOTE.findall(_WORD.sub("", plain(text))))


def _taken(text: str, source: str, language: str) -> frozenset[int] | None:
    """The places of the source's words that a sentence consists of; None if it isn't made of them as it may be."""
    if not _has_its_signs(text, source):
        return None
    words, of = _words(text), _words(source)
    places = _Alignment(words, of).places()
    if places is None:
        return None
    if len(words) < len(of) and not annotate(text, language).sentence_like:
        return None
    return frozenset(places)


def _has_its_signs(text: str, source: str) -> bool:
    """Whether a sentence brings no sign of its own (markup, brackets, invisible ones) and ends as its source does."""
    signs = {c for c in plain(text) if not c.isalnum() and c != " "}
    if not signs <= _PLAIN_MARKS | set(plain(source)):
        return False
    begins = text[0].isalnum() == source[0].isalnum() and (not text[0].islower() or text[0] == source[0])
    ends = ("?" in text[-3:]) == ("?" in source[-3:]) and text[-1] in {".", source[-1]}
    return begins and ends and _quotes(text) % 2 == _quotes(source) % 2


class _Alignment:
    """A sentence beside its source: every word the source's, in order; what lies between may be left out."""

    def __init__(self, words: Sequence[_Word], source: Sequence[_Word]) -> None:
        self._words, self._source = words, source
        self._dead: set[tuple[int, int]] = set()

    def places(self) -> list[int] | None:
        """The places of the words in the source; None if they don't stand there as they may."""
        if not 0 < len(self._words) <= len(self._source) <= WORDS_MAX:
            return None
        heads = (k for k in range(1, len(self._source)) if self._may_start_at(k))
        return next((found for start in (0, *heads) if (found := self._from(0, start)) is not None), None)

    def _from(self, i: int, j: int) -> list[int] | None:
        """The places of the words from `i` on in the source from `j` on."""
        if (i, j) in self._dead:
            return None
        if i == len(self._words):
            return [] if j == len(self._source) or self._may_go(j, len(self._source)) else None
        if j < len(self._source) and self._same(i, j) and (rest := self._from(i + 1, j + 1)) is not None:
            return [j, *rest]
        ends = range(j + 1, len(self._source)) if i else ()
        for k in ends:
            if self._may_go(j, k) and (rest := self._from(i, k)) is not None:
                return rest
        self._dead.add((i, j))
        return None

    def _same(self, i: int, j: int) -> bool:
        word, its = self._words[i], self._source[j]
        if word.quote % 2 != its.quote % 2:
            return False
        if word.text == its.text:
            return True
        # A sentence begins with a capital, and what began one needn't any more behind a connective.
        return (i == 0 or j == 0) and word.text[1:] == its.text[1:] and word.text[0].lower() == its.text[0].lower()

    def _may_go(self, j: int, k: int) -> bool:
        """Whether the source may lose its words from `j` up to `k`: an aside between commas, or a clause at the end."""
        gone, source = self._source[j:k], self._source
        if not gone[0].apart or gone[0].text.lower() not in _RELATIVE or (k < len(source) and not source[k].apart):
            return False
        return self._carries_nothing(gone) and not self._breaks_quotation(j, k)

    def _may_start_at(self, k: int) -> bool:
        """Whether the source's words before `k` are a clause of their own that ends in ", and"."""
        head, rest = self._source[:k], self._source[k:]
        if not (head[-1].text == "and" and head[-1].apart):
            return False
        clauses = all(any(is_verb(word.text.lower()) for word in part) for part in (head, rest))
        return (
            clauses
            and not is_verb(rest[0].text.lower())
            and self._carries_nothing(head)
            and not self._breaks_quotation(0, k)
        )

    @staticmethod
    def _carries_nothing(gone: Sequence[_Word]) -> bool:
        return not any(word.text.lower() in _CARRIES for word in gone)

    def _breaks_quotation(self, j: int, k: int) -> bool:
        inside = {word.quote for word in self._source[j:k] if word.quote % 2}
        return any(word.quote in inside for word in (*self._source[:j], *self._source[k:]))
