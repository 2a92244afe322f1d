"""One sentence on what an update changed, for `change.summary`."""

from collections.abc import Sequence

from storyline_schemas import Part

from .page import Page

SUMMARY_CHARS_MAX = 400


def change_summary(
    before: Page | None, after: Page, arrived: Sequence[Part], removed: Sequence[Part], moved: Sequence[Part] = ()
) -> str:
    """What changed, in one sentence: corrections and figures first, then what the new sources add, then copies, then
    what was withdrawn (`removed`) or given to another story (`moved`)."""
    new = sorted(arrived, key=lambda part: part.n or 0)
    reports = [part for part in new if part.relation not in ("copy", "translation")]
    if before is None and reports:
        return _sentence(f"Opened by {_names(new)}: {reports[0].adds or after.headline}")
    if before is not None and (corrected := [part for part in new if _is_corrected(part)]):
        return _sentence(f"{_names(corrected)} corrected {_its(corrected)}: {_correction(corrected[-1], after)}")
    if after.superseded:
        return _sentence(f"{_names(reports or new)} {_verb(reports or new, 'report')}: {'; '.join(after.superseded)}")
    if reports:
        return _sentence(f"{_names(reports)} {_verb(reports, 'add')}: {reports[-1].adds or reports[-1].headline}")
    if new:
        return _sentence(f"{_names(new)} {_verb(new, 'carry', 'carries')} what is already here")
    if moved and not removed:
        return _sentence(f"What {_names(moved)} reported belongs to another story{_lost(before, after)}")
    if removed:
        return _sentence(
            f"{_names(removed)} {'was' if len(_houses(removed)) == 1 else 'were'} withdrawn{_lost(before, after)}"
        )
    return _sentence(
        "The headline changed" if before and before.headline != after.headline else "Nothing on the page changed"
    )


def _is_corrected(part: Part) -> bool:
    return part.correction is not None and part.correction.severity in ("correction", "clarification")


def _its(parts: Sequence[Part]) -> str:
    return "its report" if len(_houses(parts)) == 1 else "their reports"


def _correction(part: Part, after: Page) -> str:
    """What the correction says of itself, else the figures it changed, else what the report adds."""
    note = part.correction.note if part.correction else None
    return note or "; ".join(after.superseded) or part.adds or part.headline


def _houses(parts: Sequence[Part]) -> list[str]:
    return list(dict.fromkeys(part.provider or "a source" for part in parts))


def _names(parts: Sequence[Part]) -> str:
    houses = _houses(parts)
    if len(houses) <= 2:
        return " and ".join(houses) or "A source"
    return f"{houses[0]} and {len(houses) - 1} others"


def _verb(parts: Sequence[Part], plural: str, singular: str | None = None) -> str:
    return (singular or plural + "s") if len(_houses(parts)) == 1 else plural


def _lost(before: Page | None, after: Page) -> str:
    gone = {section.id for section in before.sections} - {section.id for section in after.sections} if before else set()
    return f", and with it {len(gone)} section{'s' if len(gone) > 1 else ''}" if gone else ""


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > SUMMARY_CHARS_MAX:
        text = text[:SUMMARY_CHARS_MAX].rsplit(" ", 1)[0] + " …"
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…", ".”", '."', "。")) else text + "."
