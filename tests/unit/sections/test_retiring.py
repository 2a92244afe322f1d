"""What goes off a page because something above it did."""

import pytest
from sections_making import article, part

from storyline.domain.sections.drafts import Draft, line_of
from storyline.domain.sections.retiring import let_go
from storyline.domain.sections.update import Update

BODY = (
    "The northern pier of Port Solmar was closed for the winter after a storm.\n\n"
    "Ida Brandt found a letter in the harbour office of Port Solmar on the advice of two divers.\n\n"
    "{}\n\n"
    "Two ferries stay in the harbour of Linden City until the northern pier is open."
)


def page_of(line: str, *rows: tuple[int, ...]) -> list[list[str]]:
    """What is left of a page with these sentences of the article (by place) in its sections."""
    bodies = (BODY.format(line), "A storm tore twelve boats from their moorings in the harbour of Port Solmar.")
    live = {
        n: part(article("Pier of Port Solmar closed", body, uri=f"urn:test:{n}"), n) for n, body in enumerate(bodies, 1)
    }
    update = Update(None, live, {1}, 1, "en")
    told = update.pool.by_part[1]
    update.drafts.items = [
        Draft(f"s{i}", "Pier Closed", 1, [line_of(told[at]) for at in row], changed=True)
        for i, row in enumerate(rows, 1)
    ]
    let_go(update)
    return [[line.text for line in draft.lines] for draft in update.drafts.items]


@pytest.mark.parametrize(
    "line",
    [
        "Brandt touched off a search for another pier in the valley of Norrin.",
        "The letter told of another pier in the valley of Norrin.",
    ],
)
def test_a_section_whose_opening_is_no_longer_introduced_goes_and_the_lead_stays_even_alone(line: str) -> None:
    assert [len(lines) for lines in page_of(line, (0, 1), (2, 3))] == [2, 2]
    assert [len(lines) for lines in page_of(line, (0,), (2, 3))] == [1]


def test_within_a_section_a_noun_may_be_told_in_other_words_but_nobody_is_without_a_name() -> None:
    assert [len(lines) for lines in page_of("The letter told of a pier in the valley.", (0, 3, 2))] == [3]
    assert [len(lines) for lines in page_of("Brandt asked for a pier in the valley.", (0, 3, 2))] == [2]
