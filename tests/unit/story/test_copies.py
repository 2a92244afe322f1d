"""One agency's text as forty papers print it: credited, cut, signed, under other headlines. All of it is invented."""

from typing import Any

from tests.wires import Wire

TEXT = (
    "ALMA HARBOUR, Jan 5 (Invented Wire) - The ferry Alma ran aground off Port Ellery on Monday with 212 people "
    "aboard, the coastguard said.",
    "Two lifeboats and a helicopter brought all passengers ashore by noon, and three crew members were treated for "
    "minor injuries.",
    "The vessel lost power in one of its engines shortly before dawn and drifted onto a sandbank about two miles from "
    "the harbour entrance.",
    "Captain Ines Moll told reporters that the crew had followed every procedure and that the cause of the failure was "
    "not yet known.",
    "The operator, Ellery Lines, said it had suspended the morning service and would inspect its two other ferries.",
    "The national accident board opened an inquiry and asked the company for the maintenance records of five years.",
    "Passengers described waiting for hours on deck in heavy rain while rescuers brought the lifeboats alongside.",
)
HEADLINES = (
    "Ferry Alma runs aground off Port Ellery, all 212 rescued",
    "Ferry runs aground off Port Ellery; 212 people rescued",
    "All safe after ferry grounding at Port Ellery",
)


def printed(number: int) -> dict[str, Any]:
    """The text as paper `number` prints it; paper 0 has it as it came."""
    text = list(TEXT)
    if number % 4 == 1:
        text[0] = "(Invented Wire) " + text[0].split(" - ", 1)[1]
    if number % 4 == 2:
        text = text[:5]
    if number % 4 == 3:
        text.append("Reporting by A. Nobody; editing by B. Nobody.")
    if number % 5 == 4:
        text[0] = text[0].replace("on Monday", "Monday")
    return {
        "uri": f"urn:copy:{number}", "version": "1", "headline": HEADLINES[number % 3], "body": "\n\n".join(text),
        "language": "en", "version_created": f"2026-01-01T{8 + number // 20:02d}:{number % 20 * 3:02d}:00Z",
        "provider": {"name": f"Invented Paper {number}"},
    }  # fmt: skip


async def test_forty_papers_with_one_agencys_text_are_forty_articles_and_one_report() -> None:
    wire = Wire()
    await wire.start()
    for number in range(40):
        wire.feed([printed(number)])
        await wire.run()
    first, *others = wire.updates()
    last = others[-1].story
    assert (last.article_count, last.source_count, last.independent_report_count) == (40, 40, 1)
    assert {source.relation for source in last.sources[1:]} == {"copy"}
    assert last.sections == first.story.sections
    assert {update.notify.mode for update in others} == {"silent"}
