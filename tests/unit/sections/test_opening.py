"""How a new section stands: what heads it opens it."""

import pytest
from sections_making import article, part

from storyline.domain.sections import opening
from storyline.domain.sections.drafts import Draft, line_of
from storyline.domain.sections.update import Update

TAIL = "\n\nThe harbour board had asked for a bridge in spring."


@pytest.mark.parametrize(
    ("second", "turned"),
    [
        ("Mayor Ida Orlina promised 40 million crowns for a bridge to the islands.", True),
        ("She promised 40 million crowns for a bridge to the islands.", False),
    ],
)
def test_a_section_opens_with_the_sentence_that_heads_it_unless_that_leans_on_another(
    second: str, turned: bool
) -> None:
    body = f"SOLMAR (Meridian) - Two ferries a day go to the islands of Norrin.\n\n{second}{TAIL}"
    its = part(article("Ferries go to Norrin twice a day", body), 1)
    update = Update(None, {1: its}, {1}, 1, "en")
    ferries, promise, asked = update.pool.by_part[1]
    heading = second.rstrip(".").replace(" a bridge", " Bridge")
    draft = Draft("", heading, 1, [line_of(each) for each in (ferries, promise, asked)], changed=True)

    opening._open_as_headed(update, draft)

    expected = [promise, asked, ferries] if turned else [ferries, promise, asked]
    assert [line.candidate for line in draft.lines] == expected
