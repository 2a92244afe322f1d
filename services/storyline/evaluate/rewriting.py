"""The sources' own words beside a language model's: how many proposals pass, how they read, what they cost.

Reading is measured by words a sentence, the share of sentences of more than 25 words, and the share that begin with a
connective; none of them says whether a text is good, and the wordings are dumped for reading by hand.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from storyline.domain.ports import LanguageModel, Question
from storyline.domain.refusals import UNCHANGED
from storyline.domain.sections import Page, evolve, judge, worth_wording
from storyline.domain.sections.prose import CONNECTIVES, Fault
from storyline.errors import Invalid, Transient
from storyline.stages.rewriter.asking import question, sentences_of
from storyline_schemas import Article, Part, Section

from .sections import REWRITER_FILE, as_part

LONG_WORDS = 25
FAILURES_MAX = 5
"""In a row, after which the model is not asked any more."""


@dataclass(slots=True)
class _Tally:
    sections: int = 0
    asked: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    tokens: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    failures: int = 0
    """Calls in a row that brought no answer."""


async def evaluate_rewriter(
    stories: Mapping[str, Sequence[Article]], model: LanguageModel, tries_max: int, tokens_max: int,
    sections_max: int, say: Callable[[str], None], dump: Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Ask about each section of each story's last page, up to `sections_max`, as the rewriter does.

    Ends early if the model doesn't answer FAILURES_MAX times in a row; `calls_failed` says how often it didn't.
    """
    tally = _Tally()
    if dump is not None:
        (dump / REWRITER_FILE).unlink(missing_ok=True)
    for name, articles in stories.items():
        parts, page = _last_page(articles)
        language = articles[0].language if articles else "und"
        for section in page.sections if page else ():
            tally.sections += 1
            if _over(tally, sections_max) or not worth_wording(section, language):
                continue
            tally.asked += 1
            sources = {part.n or 0: part for part in parts}
            worded = await _ask(section, sources, language, model, tries_max, tokens_max, tally)
            if worded is not None:
                tally.before += [sentence.text for sentence in section.sentences]
                tally.after += [sentence.text for sentence in worded.sentences]
                _dump(dump, name, section, worded)
        say(f"{name}: {tally.asked} sections asked about, {tally.outcomes['passed']} passed")
        if _over(tally, sections_max):
            break
    if tally.failures >= FAILURES_MAX:
        say(f"the model didn't answer {tally.failures} times in a row, and isn't asked any more")
    return _report(tally)


def _over(tally: _Tally, sections_max: int) -> bool:
    return tally.asked >= sections_max or tally.failures >= FAILURES_MAX


def _last_page(articles: Sequence[Article]) -> tuple[list[Part], Page | None]:
    parts: list[Part] = []
    page: Page | None = None
    for n, article in enumerate(articles, 1):
        parts.append(as_part(article, n, parts))
        page = evolve(page, parts, {n}, n, articles[0].language)
    return parts, page


async def _ask(
    section: Section, sources: Mapping[int, Part], language: str, model: LanguageModel, tries_max: int,
    tokens_max: int, tally: _Tally,
) -> Section | None:  # fmt: skip
    texts: list[str] = []
    faults: tuple[Fault, ...] = ()
    for _ in range(tries_max):
        try:
            texts = sentences_of(await _answer(model, question(section, texts, faults, tokens_max), tally))
        except (Transient, Invalid) as wrong:
            texts, faults = [], (Fault(str(wrong)),)
            tally.faults[str(wrong)] += 1
            continue
        judged = judge(section, texts, sources, language)
        faults = judged.faults
        refused = sum(fault.sentence is not None for fault in faults)
        tally.sentences.update(refused=refused, grounded=len(texts) - refused)
        tally.faults.update({fault.reason for fault in faults})
        if judged.section is not None:
            tally.outcomes["passed"] += 1
            return judged.section
        if faults[0].reason == UNCHANGED:
            tally.outcomes["unchanged"] += 1
            return None
    tally.outcomes["dropped"] += 1
    return None


async def _answer(model: LanguageModel, asked: Question, tally: _Tally) -> str:
    """The model's answer to one question, counted. Raises Transient."""
    began = time.perf_counter()
    try:
        answer = await model.ask(asked)
    except Transient:
        tally.failures += 1
        tally.outcomes["failed"] += 1
        raise
    finally:
        tally.seconds.append(time.perf_counter() - began)
    tally.failures = 0
    tally.tokens.update({"in": answer.tokens_in or 0, "out": answer.tokens_out or 0})
    return answer.content


def _report(tally: _Tally) -> dict[str, Any]:
    seconds = sorted(tally.seconds)
    answers = tally.sentences["grounded"] + tally.sentences["refused"]
    return {
        "sections": tally.sections,
        "sections_asked": tally.asked,
        "sections_passed": tally.outcomes["passed"],
        "passed_share": round(tally.outcomes["passed"] / tally.asked, 4) if tally.asked else None,
        "sections_unchanged": tally.outcomes["unchanged"],
        "calls": len(seconds),
        "calls_failed": tally.outcomes["failed"],
        "sentences_proposed": answers,
        "sentences_grounded_share": round(tally.sentences["grounded"] / answers, 4) if answers else None,
        "refused": dict(tally.faults.most_common()),
        "own_words": _reading(tally.before),
        "reworded": _reading(tally.after),
        "call_seconds": {
            "p50": round(median(seconds), 2), "p95": round(seconds[int(0.95 * (len(seconds) - 1))], 2),
            "sum": round(sum(seconds), 1),
        } if seconds else None,
        "tokens": dict(tally.tokens),
    }  # fmt: skip


def _reading(sentences: Sequence[str]) -> dict[str, Any]:
    """Of the sections that passed: what their sentences are like."""
    words = [len(sentence.split()) for sentence in sentences]
    if not words:
        return {"sentences": 0}
    connected = sum(sentence.startswith(tuple(f"{each}, " for each in CONNECTIVES)) for sentence in sentences)
    return {
        "sentences": len(words),
        "words_per_sentence": round(sum(words) / len(words), 1),
        "long_share": round(sum(each > LONG_WORDS for each in words) / len(words), 3),
        "connected_share": round(connected / len(words), 3),
    }


def _dump(folder: Path | None, name: str, section: Section, worded: Section) -> None:
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"## {name} {section.id}: {section.heading}"]
    lines += [f"  - {each.text} {list(each.citations)}" for each in section.sentences]
    lines += [f"  + {each.text} {list(each.citations)}" for each in worded.sentences]
    with (folder / REWRITER_FILE).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n\n")
