"""Which counts of people a sentence gives, and what overtakes an opening. All sentences are invented."""

import pytest
from sections_making import article, part

from storyline.domain.sections.conditions import told
from storyline.domain.sections.gathering import build
from storyline.domain.sections.states import _same_title, overtaken


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("At least 12 people were killed in the storm over Norrin.", [("dead", 12)]),
        ("The death toll of the storm over the islands of the outer sound reached 48.", [("dead", 48)]),
        ("Seven more sailors were killed in the storm over Norrin.", []),
        ("The storm over Norrin killed another seven.", []),
        ("The death toll of the storm rose as officials said that four people were killed by a mast.", []),
        ("The storm killed 28 in one ferry, 11 in a second and four in a boat of the coast guard.", []),
    ],
)
def test_a_toll_is_the_number_of_all(sentence: str, counts: list[tuple[str, int]]) -> None:
    assert list(told(sentence.lower()).counts) == counts


SEARCH = (
    "Police look for gunman of Port Solmar",
    "Police are still searching for the gunman who shot at the harbour office of Port Solmar on Monday.",
)
ARREST = "The gunman who shot at the harbour office of Port Solmar was arrested on a ferry to Norrin."
OTHERS = [
    "The council of Port Solmar met in the town hall to speak of the shots at the harbour office.",
    "Ida Brandt, who heads the office, told the council that nobody of hers had been hurt.",
    "Three members of the council asked for a guard at the door of the harbour office of Port Solmar.",
]


@pytest.mark.parametrize(("sentences", "over"), [([ARREST, *OTHERS], True), ([*OTHERS, ARREST], False)])
def test_an_opening_is_overtaken_by_an_opening_and_not_in_passing(sentences: list[str], over: bool) -> None:
    later = ("Harbour office of Port Solmar: gunman", "\n\n".join(sentences))
    parts = [
        part(article(title, body, uri=f"urn:test:{n}", hours=n), n)
        for n, (title, body) in enumerate((SEARCH, later), 1)
    ]
    pool = build(parts, "en")
    found = overtaken(pool, pool.by_part[2], pool.by_part[1])
    assert ([each.old for each in found] == [(1, 0)]) is over


def test_of_two_tolls_of_one_time_the_lower_one_was_before() -> None:
    low = ("Storm over Norrin", "The storm killed at least 22 people in the valley of Norrin, an official said.")
    high = ("Storm over Norrin", "The death toll of the storm in the valley of Norrin has risen to 25.")
    for first, second in ((low, high), (high, low)):
        pool = build([part(article(t, b, uri=f"urn:test:{n}"), n) for n, (t, b) in enumerate((first, second), 1)], "en")
        found = overtaken(pool, pool.candidates, pool.candidates)
        assert [pool.by_part[n][at].text for n, at in (each.old for each in found)] == [low[1]]


PLAN = (
    "Corvane to buy Aurelis Robotics for 2.3 billion crowns",
    "KARSUND (Meridian) - Chip maker Corvane will buy Aurelis Robotics for 2.3 billion crowns, the companies said.\n\n"
    "Owners of Aurelis get 46 crowns a share, a premium of 43 percent.",
)
PROTEST = (
    "Aurelis Robotics workers protest against sale to Corvane",
    "KARSUND (Wire) - About 400 workers of Aurelis Robotics protested in Karsund against the company's sale to chip "
    "maker Corvane.\n\nCorvane said it had no plans to close the Karsund plant.",
)
SALE = (
    "Corvane buys Aurelis Robotics",
    "KARSUND (Wire) - Chip maker Corvane bought Aurelis Robotics for 2.3 billion crowns, both companies said.\n\n"
    "Corvane said it had no plans to close the Karsund plant.",
)


@pytest.mark.parametrize(("later", "over"), [(PROTEST, False), (SALE, True)])
def test_what_is_to_come_is_over_once_it_came_not_once_somebody_protests(later: tuple[str, str], over: bool) -> None:
    parts = [part(article(*PLAN), 1)]
    parts.append(part(article(*later, uri="urn:test:2", hours=26, house="Wire"), 2, parts))
    pool = build(parts, "en")
    plan, *_ = pool.by_part[1]
    assert (plan.key in {each.old for each in overtaken(pool, pool.by_part[2], [plan])}) is over


@pytest.mark.parametrize(
    ("later", "same"),
    [("Aurelis Robotics workers protest against sale to Corvane", False), ("Corvane buys Aurelis", True)],
)
def test_an_announced_event_is_told_by_a_title_that_shares_more_than_names(later: str, same: bool) -> None:
    parts = [part(article(*PLAN), 1), part(article(later, PROTEST[1], uri="urn:test:2", hours=26, house="Wire"), 2)]
    assert _same_title(build(parts, "en"), 1, 2) is same
