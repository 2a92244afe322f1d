"""How good the pages are that sections make of real stories: counted by program, and dumped for reading by hand."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from statistics import fmean
from typing import Any

from storyline.domain.sections import Page, credited, describe, evolve, extract, supports, tell
from storyline.domain.sections.features import annotate
from storyline.domain.sections.gate import is_deletion
from storyline.domain.sections.text import primary
from storyline.domain.story import source_of
from storyline.edges.page.citing import Days, adds, days_shown
from storyline_schemas import Article, Part, Section, Source
from storyline_schemas.base import to_ms

LONG_STORY = 300
REWRITER_FILE = "rewriter.txt"
"""Where wordings of a language model are dumped, beside a file for each story."""
FILE_NAME_BYTES_MAX = 200
"""Most of a story's name in that of its file; disks take 255."""
REPEAT_SHARE = 0.5
"""Dice of content stems from which two sentences of a page count as the same fact (a measure of its own: the planner's
is weighted)."""


@dataclass(slots=True)
class Tally:
    """What is counted over all stories; shares are made of it at the end."""

    stories: int = 0
    updates: int = 0
    update_ms: list[float] = field(default_factory=list)
    update_cpu_ms: list[float] = field(default_factory=list)
    middle_cpu_ms: list[float] = field(default_factory=list)
    """Those of stories of 3 to 20 articles."""
    long_cpu_ms: list[float] = field(default_factory=list)
    """Those of one story of 300."""
    gate_passed: int = 0
    sentences: int = 0
    cited: int = 0
    deletions: int = 0
    two_citations: int = 0
    wire_stories: int = 0
    wire_sentences: int = 0
    wire_two_citations: int = 0
    repeated: int = 0
    sections: int = 0
    unheaded: int = 0
    lone: int = 0
    words: int = 0
    no_page: int = 0
    untouched_changed: int = 0
    kept: int = 0
    kept_possible: int = 0
    copy_churn: int = 0
    copy_sections: int = 0
    article_shares: list[float] = field(default_factory=list)


def evaluate_sections(stories: Mapping[str, Sequence[Article]], dump: Path | None = None) -> dict[str, Any]:
    """Feed each story article by article, then a copy of its last one, and measure pages and updates.

    `stories`: name → its articles in order of arrival. Times are from text: extract, describe and evolve. With `dump`
    every story's pages are written there, each sentence with the source sentence it rests on.
    """
    tally = Tally()
    files = file_names(stories)
    for name, articles in stories.items():
        if articles:
            _run(articles, tally, None if dump is None else dump / files[name])
    _run_long([article for articles in stories.values() for article in articles], tally)
    return _report(tally)


def _run_long(articles: Sequence[Article], tally: Tally) -> None:
    """One story of 300 articles, whatever they tell, if so many are in one language: an update's cost then."""
    language = articles[0].language if articles else "und"
    chosen = [article for article in articles if article.language == language][:LONG_STORY]
    if len(chosen) < LONG_STORY:
        return
    parts: list[Part] = []
    page: Page | None = None
    for n, article in enumerate(chosen, 1):
        cpu = time.process_time()
        page = _arrive(article, n, parts, page, language)
        tally.long_cpu_ms.append((time.process_time() - cpu) * 1000)


def _run(articles: Sequence[Article], tally: Tally, dump: Path | None) -> None:
    parts: list[Part] = []
    pages: list[Page] = []
    language = articles[0].language
    for n, article in enumerate(articles, 1):
        began, cpu = time.perf_counter(), time.process_time()
        page = _arrive(article, n, parts, pages[-1] if pages else None, language)
        tally.update_ms.append((time.perf_counter() - began) * 1000)
        tally.update_cpu_ms.append((time.process_time() - cpu) * 1000)
        if 3 <= len(articles) <= 20:
            tally.middle_cpu_ms.append(tally.update_cpu_ms[-1])
        if pages:
            _compare(pages[-1], page, n, tally)
        pages.append(page)
    tally.stories += 1
    tally.updates += len(articles)
    _count(pages[-1], parts, primary(language), tally)
    _copy(pages[-1], parts, articles[-1], language, tally)
    if dump is not None:
        _write(dump, parts, pages)


def as_part(article: Article, n: int, earlier: Sequence[Part]) -> Part:
    """The article as a story keeps it; an undated one arrives right after the last."""
    latest = max((part.at_ms for part in earlier), default=0)
    at = article.version_created
    bare = Part(
        article_uri=article.uri,
        placement=n,
        revision=article.revision,
        n=n,
        headline=article.headline,
        language=article.language,
        provider=article.provider.name,
        family=article.provider.family_key,
        agencies=credited(article),
        url=article.url,
        published_at=at,
        at_ms=to_ms(at) if at else latest,
        sentences=extract(article),
        people=article.people,
        organisations=article.organisations,
        places=article.places,
    )
    standing = describe(bare, earlier)
    return bare.model_copy(update={"relation": standing.relation, "copy_of": standing.copy_of})


def _arrive(article: Article, n: int, parts: list[Part], page: Page | None, language: str) -> Page:
    """The page with an article more, which joins `parts`: extracted, placed, and with what it adds."""
    part = as_part(article, n, parts)
    after = evolve(page, [*parts, part], {n}, n, language)
    parts[:] = tell([*parts, part], after.sections, {article.uri}, page.sections if page else ())
    return after


def _compare(before: Page, after: Page, n: int, tally: Tally) -> None:
    """What an update did to the sections that were there."""
    now = {section.id: section for section in after.sections}
    for old in before.sections:
        tally.kept_possible += 1
        new = now.get(old.id)
        if new is not None and new.hash == old.hash:
            tally.kept += 1
        elif new is not None:
            cited = {c for s in (*old.sentences, *new.sentences) for c in s.citations}
            lost = {s.text for s in old.sentences} - {s.text for s in new.sentences}
            tally.untouched_changed += n not in cited and not lost


def _count(page: Page, parts: Sequence[Part], language: str, tally: Tally) -> None:
    live = {part.n: part for part in parts}
    shown = [sentence for section in page.sections for sentence in section.sentences]
    tally.no_page += not page.sections
    tally.sections += len(page.sections)
    tally.unheaded += sum(not section.heading for section in page.sections)
    tally.lone += sum(len(section.sentences) == 1 for section in page.sections[1:])
    tally.sentences += len(shown)
    for i, sentence in enumerate(shown):
        tally.cited += bool(sentence.citations)
        tally.two_citations += len(sentence.citations) > 1
        tally.words += len(sentence.text.split())
        sources = [[kept.text for kept in live[n].sentences] for n in sentence.citations]
        tally.deletions += any(is_deletion(sentence.text, text) for texts in sources for text in texts)
        tally.gate_passed += all(any(supports(sentence.text, text, language) for text in texts) for texts in sources)
        tally.repeated += any(_dice(sentence.text, other.text, language) >= REPEAT_SHARE for other in shown[:i])
    if _shares_a_wire(parts):
        tally.wire_stories += 1
        tally.wire_sentences += len(shown)
        tally.wire_two_citations += sum(len(sentence.citations) > 1 for sentence in shown)
    if 3 <= len(parts) <= 10:
        used = {n for sentence in shown for n in sentence.citations}
        originals = [part.n for part in parts if part.relation != "copy"]
        tally.article_shares.append(sum(n in used for n in originals) / len(originals))


def _shares_a_wire(parts: Sequence[Part]) -> bool:
    """Whether two articles have text of one agency: one is a copy, rewrite or update of another, or both credit it."""
    if any(part.relation in ("copy", "rewrite", "update") for part in parts):
        return True
    credits = [agency for part in parts for agency in part.agencies]
    return len(credits) > len(set(credits)) and len({part.family for part in parts if part.agencies}) > 1


def _dice(a: str, b: str, language: str) -> float:
    left, right = annotate(a, language).stem_set, annotate(b, language).stem_set
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 0.0


def _copy(page: Page, parts: Sequence[Part], last: Article, language: str, tally: Tally) -> None:
    """A copy of the last article under another name: nothing may change."""
    n = len(parts) + 1
    provider = last.provider.model_copy(update={"name": "Copy", "id": "copy", "family": "copy"})
    copy = as_part(last.model_copy(update={"uri": f"{last.uri[:500]}:copy", "provider": provider}), n, parts)
    after = evolve(page, [*parts, copy], {n}, n, language)
    now = {section.id: section.hash for section in after.sections}
    tally.copy_sections += len(page.sections)
    tally.copy_churn += sum(now.get(section.id) != section.hash for section in page.sections)
    tally.copy_churn += sum(section.id not in {s.id for s in page.sections} for section in after.sections)


def _report(tally: Tally) -> dict[str, Any]:
    pages = max(1, tally.stories)
    return {
        "stories": tally.stories,
        "updates": tally.updates,
        "sentences": tally.sentences,
        "cited_share": _share(tally.cited, tally.sentences),
        "deletion_share": _share(tally.deletions, tally.sentences),
        "gate": {"passed": tally.gate_passed, "refused": tally.sentences - tally.gate_passed},
        "two_citations_share": _share(tally.two_citations, tally.sentences),
        "agency_stories": tally.wire_stories,
        "agency_sentences": tally.wire_sentences,
        "agency_two_citations_share": _share(tally.wire_two_citations, tally.wire_sentences),
        "redundant_share": _share(tally.repeated, tally.sentences),
        "untouched_changed": tally.untouched_changed,
        "sections_kept_share": _share(tally.kept, tally.kept_possible),
        "duplicate_churn": tally.copy_churn,
        "duplicate_sections": tally.copy_sections,
        "articles_cited_share": round(fmean(tally.article_shares), 3) if tally.article_shares else None,
        "sections_per_page": round(tally.sections / pages, 2),
        "sentences_per_page": round(tally.sentences / pages, 2),
        "words_per_page": round(tally.words / pages, 1),
        "sections_without_heading": tally.unheaded,
        "sections_of_one_sentence": tally.lone,
        "stories_without_sections": tally.no_page,
        "update_ms": _quantiles(tally.update_ms),
        "update_cpu_ms": _quantiles(tally.update_cpu_ms),
        "update_cpu_ms_of_3_to_20_articles": _quantiles(tally.middle_cpu_ms),
        "update_cpu_ms_of_300_articles": _quantiles(tally.long_cpu_ms),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _quantiles(times: Sequence[float]) -> dict[str, float | None]:
    ordered = sorted(times)
    return {"p50": _quantile(ordered, 0.5), "p95": _quantile(ordered, 0.95)}


def _quantile(ordered: Sequence[float], q: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(q * len(ordered)))], 2) if ordered else None


def file_names(stories: Iterable[str]) -> dict[str, str]:
    """Each story's name → that of its file: letters, digits and dashes, no two alike, nor like that of wordings."""
    taken, found = {REWRITER_FILE}, dict[str, str]()
    for name in stories:
        safe = "".join(character if character.isalnum() else "-" for character in name)[:100]
        safe = safe.encode()[:FILE_NAME_BYTES_MAX].decode(errors="ignore")
        tries = (f"{safe}-{n}.txt" if n > 1 else f"{safe}.txt" for n in count(1))
        # Some disks tell no capitals.
        found[name] = next(each for each in tries if each.casefold() not in taken)
        taken.add(found[name].casefold())
    return found


def _write(file: Path, parts: Sequence[Part], pages: Iterable[Page]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join(_page_text(page, parts, i) for i, page in enumerate(pages, 1))
    file.write_text(f"{text}\n\n{_sources_text(parts)}\n", encoding="utf-8")


def _page_text(page: Page, parts: Sequence[Part], version: int) -> str:
    times = {part.n: part.published_at for part in parts[:version] if part.n is not None}
    newest = max(filter(None, times.values()), default=None)
    # What its sentences call today is that day.
    lines = [f"==== version {version}: {page.headline}{_told_on(_day(newest))}"]
    days = days_shown(page.sections, times)
    for section, its in zip(page.sections, days, strict=True):
        lines += _section_lines(section, its, parts)
    return "\n".join(lines)


def _section_lines(section: Section, days: Days, parts: Sequence[Part]) -> list[str]:
    """A section with the days that its page shows, each sentence with those of its sources that it was cut from."""
    lines = [f"## {section.heading or '(no heading)'}{_told_on(days.whole)}  [{section.id} {section.hash[:8]}]"]
    for sentence, day in zip(section.sentences, days.each, strict=True):
        lines.append(f"   {sentence.text} {list(sentence.citations)}{_told_on(day)}")
        sources = ((n, _source(parts[n - 1], sentence.text)) for n in sentence.citations)
        lines += [f"      = [{n}] {source}" for n, source in sources if source]
    return lines


def _day(at: datetime | None) -> date | None:
    return at.astimezone(UTC).date() if at else None


def _told_on(day: date | None) -> str:
    return f" ({day.day} {day:%b %Y})" if day else ""


def _source(part: Part, text: str) -> str:
    return next((kept.text for kept in part.sentences if is_deletion(text, kept.text) and kept.text != text), "")


def _sources_text(parts: Sequence[Part]) -> str:
    return "\n".join(map(_source_line, map(source_of, parts)))


def _source_line(source: Source) -> str:
    told_on = _told_on(_day(source.published_at))
    return f"[{source.n}] {source.provider}, {source.relation}{told_on}: {source.headline}{adds(source)}"
