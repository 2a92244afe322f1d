"""One sentence on what an update changed, for `change.summary`."""

import re
from collections.abc import Sequence

from storyline_schemas import Part

from .page import Page
from .phrases import Key, phrase
from .titles import bare_title

SUMMARY_CHARS_MAX = 400
# A mark that ends a sentence, in any script, and what may close behind it.
_ENDED = re.compile(r"[.!?…。！？।؟۔։።။។][\s\"'”’»›」』)\]]*$")


def change_summary(
    before: Page | None,
    after: Page,
    arrived: Sequence[Part],
    removed: Sequence[Part],
    moved: Sequence[Part] = (),
    adopted: Sequence[Part] = (),
    *,
    language: str = "en",
) -> str:
    """What changed, in one sentence: corrections and figures first, then what new sources brought, then copies, then
    what was withdrawn (`removed`) or given to another story (`moved`). A withdrawal beside anything else has a sentence
    of its own before it. What comes from another story (`adopted`) is new here, also if it was corrected there.
    `language` is the story's (BCP 47)."""

    def about(key: Key, parts: Sequence[Part], said: str = "", end: str = "") -> str:
        houses = _houses(parts, language)
        told = phrase(key, language, count=len(houses), names=_names(houses, language), said=said)
        return _sentence(told.rstrip(" :") + end)

    if removed and (arrived or adopted):
        rest = change_summary(before, after, arrived, (), moved, adopted, language=language)
        return f"{about('withdrawn', removed)} {rest}"
    new = sorted([*arrived, *adopted], key=_number)
    reports = [part for part in new if part.relation not in ("copy", "translation")]
    if before is None and reports:
        return about("opened", new, _news(reports[0], before, after) or after.headline)
    if before is not None and (corrected := [part for part in sorted(arrived, key=_number) if _is_corrected(part)]):
        return about("corrected", corrected, _correction(corrected[-1], after))
    if after.superseded:
        return about("figures", reports or new, "; ".join(after.superseded))
    if reports:
        return about("added", reports, _news(reports[-1], before, after) or bare_title(reports[-1]))
    if new:
        return about("carried", new)
    if moved and not removed:
        return about("moved", moved, end=_lost(before, after, language))
    if removed:
        return about("withdrawn", removed, end=_lost(before, after, language))
    return _sentence(phrase("headline" if before and before.headline != after.headline else "nothing", language))


def _news(part: Part, before: Page | None, after: Page) -> str:
    """What a report brought to the page: its beginning, if it brought that, else what it told first; if nothing, what
    it adds."""
    there = {sentence.text for section in (before.sections if before else ()) for sentence in section.sentences}
    shown = [sentence for section in after.sections for sentence in section.sentences]
    new = [each.text for each in shown if part.n in each.citations[:1] and each.text not in there]
    if not new or new[0] == shown[0].text:
        return next(iter(new), part.adds)
    # Only openings are cut for the page.
    places = {kept.text: kept.position for kept in part.sentences}
    return min(new, key=lambda text: places.get(text, 0))


def _number(part: Part) -> int:
    return part.n or 0


def _is_corrected(part: Part) -> bool:
    return part.correction is not None and part.correction.severity in ("correction", "clarification")


def _correction(part: Part, after: Page) -> str:
    """What the correction says of itself, else the figures it changed, else what the report adds."""
    note = part.correction.note if part.correction else None
    return note or "; ".join(after.superseded) or part.adds or bare_title(part)


def _houses(parts: Sequence[Part], language: str) -> list[str]:
    return list(dict.fromkeys(part.provider or phrase("source", language) for part in parts))


def _names(houses: Sequence[str], language: str) -> str:
    if len(houses) > 2:
        return phrase("others", language, first=houses[0], n=len(houses) - 1)
    return phrase("and", language, first=houses[0], last=houses[1]) if len(houses) == 2 else houses[0]


def _lost(before: Page | None, after: Page, language: str) -> str:
    gone = {section.id for section in before.sections} - {section.id for section in after.sections} if before else set()
    return phrase("sections_gone", language, count=len(gone), n=len(gone)) if gone else ""


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > SUMMARY_CHARS_MAX:
        text = text[:SUMMARY_CHARS_MAX].rsplit(" ", 1)[0] + " …"
    text = text[:1].upper() + text[1:]
    return text if _ENDED.search(text) else text + "."
