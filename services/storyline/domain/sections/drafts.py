"""Sections on their way from one version to the next: read from the last page, checked against today's sources."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from storyline_schemas import Part, Section, Sentence, section_hash

from .confirming import confirmed, says
from .features import Features, annotate
from .gate import is_deletion, supports
from .headings import Heading, grounded, read_heading
from .pool import Candidate, Pool

CITATIONS_MAX = 4


@dataclass(slots=True)
class Line:
    """A sentence of the page. `candidate` is its source sentence if that is in the pool."""

    text: str
    citations: tuple[int, ...]
    features: Features
    candidate: Candidate | None = None


def line_of(candidate: Candidate) -> Line:
    """A source sentence as it stands, cited."""
    return Line(candidate.text, (candidate.n,), candidate.features, candidate)


@dataclass(slots=True)
class Draft:
    """A section being decided. `before` is the section as it stands; it goes out while nothing is `changed`."""

    id: str
    heading: str
    heading_n: int
    lines: list[Line]
    before: Section | None = None
    changed: bool = False
    locked: bool = False

    def section(self) -> Section:
        """The section as it goes out: the very one that came in unless something in it is different."""
        if self.before and self.before.heading == self.heading and self._as_before():
            return self.before
        sentences = tuple(Sentence(text=line.text, citations=line.citations) for line in self.lines)
        digest = section_hash(self.id, self.heading, [(line.text, line.citations) for line in self.lines])
        return Section(id=self.id, heading=self.heading, sentences=sentences, hash=digest, locked=self.locked)

    def _as_before(self) -> bool:
        told = self.before.sentences if self.before else ()
        return [(s.text, s.citations) for s in told] == [(line.text, line.citations) for line in self.lines]

    @property
    def cited(self) -> set[int]:
        return {n for line in self.lines for n in line.citations}

    @property
    def candidates(self) -> list[Candidate]:
        """The source sentences of its lines, of those that are in the pool."""
        return [line.candidate for line in self.lines if line.candidate]

    @property
    def length(self) -> int:
        """In words."""
        return sum(line.features.length for line in self.lines)


@dataclass(slots=True)
class Drafts:
    """The page's sections in order, and the number the next new one gets."""

    items: list[Draft]
    next_id: int = 1

    def candidates(self) -> list[Candidate]:
        return [candidate for draft in self.items for candidate in draft.candidates]

    def features(self, but: Draft | None = None) -> list[Features]:
        return [line.features for draft in self.items if draft is not but for line in draft.lines]

    def cited(self) -> set[int]:
        return {n for draft in self.items for n in draft.cited}

    def headings(self, pool: Pool, but: Draft | None = None) -> list[Heading]:
        return [read_heading(d.heading, pool.language) for d in self.items if d.heading and d is not but]

    def new_id(self) -> str:
        self.next_id += 1
        return f"s{self.next_id - 1}"


def load(sections: Sequence[Section], headings: Mapping[str, int], next_id: int, pool: Pool) -> Drafts:
    """The last page's sections, each sentence tied to its source sentence where the pool has it."""
    items = []
    for section in sections:
        lines = [
            Line(s.text, s.citations, annotate(s.text, pool.language), _source(pool, s.text, s.citations))
            for s in section.sentences
        ]
        items.append(
            Draft(section.id, section.heading, headings.get(section.id, 0), lines, section, locked=section.locked)
        )
    return Drafts(items, next_id)


def _source(pool: Pool, text: str, citations: Iterable[int]) -> Candidate | None:
    for n in citations:
        found = pool.find(text, n)
        if found:
            return found
    return None


def verify(drafts: Drafts, live: Mapping[int, Part], touched: AbstractSet[int], language: str) -> None:
    """Take out what its sources no longer say. Sections that rest on none of `touched` aren't looked at."""
    for draft in drafts.items:
        if not (draft.cited | {draft.heading_n}) & touched:
            continue
        kept: list[Line] = []
        dropped = False
        for line in draft.lines:
            line.citations = tuple(n for n in line.citations if n not in touched or _says(line, live.get(n), language))
            stands = any(_deletes(line.text, live.get(n)) for n in line.citations)
            if stands and not (dropped and line.features.dependence):
                kept.append(line)
                dropped = False
            else:
                draft.changed = dropped = True
        draft.lines = kept
        source = live.get(draft.heading_n)
        if draft.heading and draft.heading_n in touched and not (source and grounded(draft.heading, source)):
            draft.heading, draft.heading_n, draft.changed = "", 0, True
    drafts.items = [draft for draft in drafts.items if draft.lines]


def _says(line: Line, part: Part | None, language: str) -> bool:
    return part is not None and any(supports(line.text, kept.text, language) for kept in part.sentences)


def _deletes(text: str, part: Part | None) -> bool:
    return part is not None and any(is_deletion(text, kept.text) for kept in part.sentences)


def drop(drafts: Drafts, keys: AbstractSet[tuple[int, int]]) -> None:
    """Take the sentences with these source keys out, and those that leaned on them."""
    for draft in drafts.items:
        kept: list[Line] = []
        dropped = False
        for line in draft.lines:
            gone = line.candidate is not None and line.candidate.key in keys and not draft.locked
            if gone or (dropped and line.features.dependence):
                draft.changed = dropped = True
            else:
                kept.append(line)
                dropped = False
        if kept and kept[0] is not draft.lines[0]:
            # What the heading stood for is gone; another must stand for what is left.
            draft.heading, draft.heading_n = "", 0
        draft.lines = kept
    drafts.items = [draft for draft in drafts.items if draft.lines]


def cite(line: Line, pool: Pool, also: Iterable[int]) -> bool:
    """Add the other sources that say the same sentence, in the strict sense of the gate. Says whether any was added."""
    found: list[int] = []
    for n in also:
        if n in line.citations or len(line.citations) + len(found) >= CITATIONS_MAX:
            continue
        if _is_said(line, pool, n):
            found.append(n)
    line.citations = tuple(sorted({*line.citations, *found}))
    return bool(found)


def _is_said(line: Line, pool: Pool, n: int) -> bool:
    source = line.candidate
    if source is not None and source.text == line.text and n in pool.parts:
        return source.rank in confirmed(pool.reading_of(source.n), pool.reading_of(n), pool.language)
    return any(says(line.features, candidate.features, pool.language) for candidate in pool.by_part.get(n, ()))
