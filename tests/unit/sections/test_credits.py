"""Whose text it is, as articles say it themselves; all invented but for the names of the agencies."""

from typing import Any

import pytest
from tests.wires import Wire

from storyline.domain.sections import credited
from storyline_schemas import Article

LONG = "The harbour was closed for the night and every boat stayed in port. " * 4


def article(body: str, provider: str = "Port Hallow Courier", **fields: Any) -> Article:
    return Article.model_validate(
        {
            "uri": "urn:x:1", "headline": "Ferry aground", "body": body, "language": "en", "version_created": None,
            "provider": {"name": provider}, **fields,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "agencies"),
    [
        ("PORT HALLOW, Jan 5 (Reuters) - The ferry ran aground.", ("reuters",)),
        ("(AP) — The ferry ran aground.", ("ap",)),
        ("(AFP) The ferry ran aground.", ("afp",)),
        ("PORT HALLOW (Reuters/AFP) - The ferry ran aground.", ("afp", "reuters")),
        (f"{LONG}\n\n— AFP", ("afp",)),
        (f"{LONG}\n\n(Associated Press)", ("ap",)),
        (f"{LONG}\n\n© 2026 AFP", ("afp",)),
        ("The ferry, which AP says ran aground, was towed.", ()),
        ("The mayor (AP reports) - left.", ()),
        (f"{LONG}\n\nReuters contributed to this report.", ()),
        ("(CNN) The ferry ran aground.", ()),
        ("", ()),
    ],
)
def test_an_agency_is_credited_where_newspapers_do_it(body: str, agencies: tuple[str, ...]) -> None:
    assert credited(article(body)) == agencies


def test_a_credit_line_and_the_provider_itself_count() -> None:
    assert credited(article("", credit="Reuters, dpa")) == ("dpa", "reuters")
    assert credited(article("", "The Associated Press")) == ("ap",)


WIRE = (
    "PORT HALLOW, Jan 5 (Reuters) - The ferry Alma ran aground off Port Hallow on Monday with 212 people on board.",
    "Two lifeboats and a helicopter brought all passengers ashore by noon, the coastguard said.",
    "The vessel lost power in one of its engines before dawn and drifted onto a sandbank near the harbour entrance.",
    "The operator suspended the morning service and said it would inspect its two other ferries.",
)
TOLD_ANEW = (
    "Everyone aboard the ferry Alma is safe after it hit a sandbank outside Port Hallow early on Monday.",
    "An engine failed in the dark and the ship drifted towards the harbour, where it came to rest.",
    "Two lifeboats and a helicopter brought all passengers ashore by noon, the coastguard said.",
    "No boats of the same operator went out in the morning.",
)


async def reports(*bodies: str) -> tuple[int, str]:
    """Independent reports of the story after all, and the relation of the last one."""
    wire = Wire()
    await wire.start()
    for number, body in enumerate(bodies):
        value = article(
            body, f"Paper {number}", uri=f"urn:x:{number}", version="1", headline="Ferry Alma aground off Port Hallow"
        )
        wire.feed([value.model_dump(mode="json", exclude_none=True) | {"version_created": "2026-01-01T12:00:00Z"}])
        await wire.run()
    (story,) = (update.story for update in wire.stories().values())
    return story.independent_report_count, story.sources[-1].relation


async def test_a_text_told_anew_with_the_agencys_credit_is_a_rewrite_and_no_report_of_its_own() -> None:
    assert await reports("\n\n".join(WIRE), "(Reuters) " + "\n\n".join(TOLD_ANEW)) == (1, "rewrite")


async def test_without_the_credit_it_is_a_report_of_its_own() -> None:
    assert (await reports("\n\n".join(WIRE), "\n\n".join(TOLD_ANEW)))[0] == 2


async def test_two_texts_with_the_same_agencys_credit_and_nothing_in_common_are_two_reports() -> None:
    other = (
        "(Reuters) The owner of the ferry Alma, aground off Port Hallow, has been fined twice, records show. "
        "The fines were paid late. Inspectors had asked for a new engine."
    )
    assert await reports("\n\n".join(WIRE), other) == (2, "original")
