"""Facts about the real wire files: what a reader makes of each, without any of their text.

``python -m tests.unit.readers.facts`` writes what the readers make of the files now over expectations.tsv: look at
every line that differs, and at the file, before it is committed.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from storyline.edges.ingest.readers import Refusal, read, recognise
from storyline_schemas import Article
from storyline_schemas.base import format_time

WIRE = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "wire"
EXPECTATIONS = Path(__file__).with_name("expectations.tsv")
RECEIVED_AT = datetime(2024, 1, 1, tzinfo=UTC)
FIELDS = (
    "file", "n", "format", "uri", "version", "status", "language", "urgency", "version_created", "embargoed_until",
    "provider", "headline_words", "paragraphs", "body_words", "correction", "subjects", "people",
    "organisations", "places", "byline_words", "dateline_place", "dateline_date", "credit", "rights", "take",
    "note_words", "genres", "keywords", "first_created", "authors", "priority",
    "refused_field", "refused_reason",
)  # fmt: skip
"""`n` is the place of the result in the file, from 1; `*_words` and `paragraphs` are counts;
`rights` says which of its parts are there."""


def files() -> list[Path]:
    """Every file that MANIFEST.tsv lists; empty where the data isn't there."""
    manifest = WIRE / "MANIFEST.tsv"
    if not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8", newline="") as lines:
        return [WIRE / row["file"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_MINIMAL)]


def facts_of(file: Path) -> Iterator[dict[str, str]]:
    """One row for each article or refusal of a file."""
    data = file.read_bytes()
    format = recognise(data) or ""
    for place, result in enumerate(read(data, received_at=RECEIVED_AT), 1):
        row = dict.fromkeys(FIELDS, "")
        row |= {"file": str(file.relative_to(WIRE)), "n": str(place), "format": format}
        yield row | (_of_refusal(result) if isinstance(result, Refusal) else _of_article(result))


def _of_refusal(refusal: Refusal) -> dict[str, str]:
    return {"refused_field": refusal.field, "refused_reason": refusal.reason}


def _of_article(article: Article) -> dict[str, str]:
    def time(moment: datetime | None) -> str:
        return "" if moment is None else format_time(moment)

    return {
        "uri": article.uri,
        "version": article.version or "",
        "status": article.pub_status.value,
        "language": article.language,
        "urgency": str(article.urgency or ""),
        "version_created": time(article.version_created),
        "embargoed_until": time(article.embargoed_until),
        "provider": article.provider.id or article.provider.name,
        "headline_words": str(len(article.headline.split())),
        "paragraphs": str(len(article.body.split("\n\n")) if article.body else 0),
        "body_words": str(len(article.body.split())),
        "correction": article.correction.severity if article.correction else "",
        "subjects": str(len(article.subjects)),
        "people": str(len(article.people)),
        "organisations": str(len(article.organisations)),
        "places": str(len(article.places)),
    } | _for_display(article)


def _for_display(article: Article) -> dict[str, str]:
    dateline, rights = article.dateline, article.rights
    said = {} if rights is None else {"holder": rights.holder, "notice": rights.notice, "terms": rights.terms}
    return {
        "byline_words": str(len((article.byline or "").split())),
        "dateline_place": dateline.place or "" if dateline else "",
        "dateline_date": dateline.date or "" if dateline else "",
        "credit": article.credit or "",
        "rights": " ".join(name for name, text in said.items() if text),
        "take": str(article.take or ""),
        "note_words": str(len((article.editorial_note or "").split())),
        "genres": str(len(article.genres)),
        "keywords": str(len(article.keywords)),
        "first_created": "" if article.first_created is None else format_time(article.first_created),
        "authors": str(len(article.authors)),
        "priority": str(article.priority or ""),
    }


def expected() -> list[dict[str, str]]:
    """The rows of expectations.tsv."""
    with EXPECTATIONS.open(encoding="utf-8", newline="") as lines:
        return [dict(row) for row in csv.DictReader(lines, delimiter="\t")]


def main() -> None:
    """Write what the readers make of the files now over expectations.tsv."""
    with EXPECTATIONS.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, FIELDS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        for file in files():
            writer.writerows(facts_of(file))


if __name__ == "__main__":
    main()
