"""What is over in a story that has gone on. All news is invented."""

from collections.abc import Sequence

import pytest
from sections_making import article, part

from storyline.domain.sections.features import annotate
from storyline.domain.sections.gathering import build
from storyline.domain.sections.passing import counts_from_today, is_ahead, is_unplaced, over, title_is_done
from storyline.domain.sections.pool import Pool
from storyline_schemas import Part

STORM = (
    "Storm Orsa floods the harbour of Solmar",
    "Storm Orsa flooded the harbour of Solmar and cut the power to half of the town.\n\n"
    "Two ferries broke loose in the storm and lie on the northern quay of Solmar.",
)


def told(*news: tuple[tuple[str, str], int | None]) -> Pool:
    """The pool of these titles and bodies, each so many hours after the first day's morning; None: without a date."""
    parts: list[Part] = []
    for n, ((title, body), hours) in enumerate(news, 1):
        made = part(article(title, body, uri=f"urn:test:{n}", hours=hours or 0, house=f"House {n}"), n, parts)
        if hours is None:
            latest = max((each.at_ms for each in parts), default=made.at_ms)
            made = made.model_copy(update={"published_at": None, "at_ms": latest})
        parts.append(made)
    return build(parts, "en")


def texts_over(pool: Pool) -> Sequence[str]:
    gone = over(pool)
    return [c.text for c in pool.candidates if c.key in gone]


def before(sentence: str) -> tuple[str, str]:
    return (
        "Storm Orsa nears the harbour of Solmar",
        f"Storm Orsa tore off roofs on the islands of Velm.\n\n{sentence}",
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Storm Orsa is set to hit the harbour of Solmar with winds of a hundred miles.",
        "Officials in Solmar were considering closing the harbour before the storm.",
        "The storm could reach the harbour of Solmar as early as Tuesday.",
        "The harbour board of Solmar has yet to decide on the ferries in the storm.",
        "Fishermen in the harbour of Solmar tied up their boats in preparation for the storm.",
    ],
)
def test_what_was_about_to_be_is_over_a_day_later(sentence: str) -> None:
    assert texts_over(told((before(sentence), 0), (STORM, 30))) == [sentence]
    assert not texts_over(told((before(sentence), 0), (STORM, 10)))


@pytest.mark.parametrize(
    "sentence",
    [
        "Storm Orsa has torn down the old lighthouse of Solmar.",
        "The harbour board of Solmar is expected to rebuild the quay next year.",
        "The harbour board of Solmar is set to meet after the storm on the tenth of May.",
        'The mayor of Solmar said the storm "is set to hit us" and left the town hall.',
    ],
)
def test_what_is_merely_older_or_further_ahead_stays(sentence: str) -> None:
    assert not texts_over(told((before(sentence), 0), (STORM, 30)))


def test_what_was_going_on_is_over_two_days_later() -> None:
    sentence = "Storm Orsa is now moving along the coast of Solmar with heavy rain."
    assert not texts_over(told((before(sentence), 0), (STORM, 30)))
    assert texts_over(told((before(sentence), 0), (STORM, 50))) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor of Solmar declined to say when the harbour will open after the storm.",
        '"Talks are going on about the harbour of Solmar," the ministry said in a statement.',
        "Repairs of the harbour of Solmar have been delayed by the storm.",
        "The ferries in the harbour would be allowed to leave before the storm.",
    ],
)
def test_what_was_on_the_way_is_over_two_days_later(sentence: str) -> None:
    assert not texts_over(told((before(sentence), 0), (STORM, 30)))
    assert texts_over(told((before(sentence), 0), (STORM, 50))) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor of Solmar said he would rebuild the harbour after the storm.",
        "The bill would ban houses near the harbour of Solmar for fear of a storm.",
        "The storm would have sunk more ferries in the harbour of Solmar by night.",
    ],
)
def test_what_somebody_or_a_bill_would_do_is_not_over(sentence: str) -> None:
    assert not texts_over(told((before(sentence), 0), (STORM, 50)))


def test_without_a_date_nobody_knows_which_day_was_yesterday() -> None:
    sentence = "The old lighthouse of Solmar fell last week in the storm."
    assert texts_over(told((before(""), 0), (STORM, 30), (before(sentence), None))) == [sentence]
    assert not texts_over(told((before(""), 0), (STORM, 10), (before(sentence), None)))


def test_where_no_article_has_a_date_nobody_knows_which_day_is_tomorrow() -> None:
    tomorrow = "The old lighthouse of Solmar is to be pulled down tomorrow after the storm."
    weeks = "The old lighthouse of Solmar was painted two weeks ago for the feast."
    early = (STORM[0], f"{STORM[1]}\n\n{tomorrow}\n\n{weeks}")
    assert texts_over(told((early, None), (before(""), None))) == [tomorrow]
    assert not texts_over(told((early, 0), (before(""), 0)))
    assert texts_over(told((before(""), 0), (STORM, 30), (before(weeks), None))) == [weeks]


def test_a_day_that_is_told_beside_today_can_be_placed() -> None:
    dated = "The old lighthouse of Solmar fell today (March 3) in the storm."
    assert not texts_over(told((before(dated), None), (STORM, None)))


def test_a_date_that_was_moved_is_over() -> None:
    first = (
        "Defence minister Ardel to retire",
        "Prime Minister Sena Marlow said that Tomas Ardel would be retiring at the end of February.\n\n"
        "Ardel led the defence ministry of Velmara for six years.",
    )
    then = (
        "Defence minister Ardel leaves earlier",
        "Prime Minister Sena Marlow said that Tomas Ardel will be leaving the defence ministry on January 1.\n\n"
        "A retired general will take over the ministry.",
    )
    assert texts_over(told((first, 0), (then, 48))) == [
        "Prime Minister Sena Marlow said that Tomas Ardel would be retiring at the end of February."
    ]


@pytest.mark.parametrize(
    "asks",
    [
        "Business leaders are calling on Governor Keira Holm to veto the harbour bill of Solmar.",
        "Governor Keira Holm faced pressure from many corners to veto the harbour bill of Solmar.",
        "Governor Keira Holm was pressed to veto the harbour bill of Solmar in the town hall.",
        "Governor Keira Holm said she would think about whether to sign or veto the harbour bill of Solmar.",
        "In Solmar there is speculation that Governor Keira Holm will veto the harbour bill of the council.",
    ],
)
def test_what_was_asked_for_is_over_once_a_title_tells_that_it_was_done(asks: str) -> None:
    asked = (
        "Pressure grows on Governor Holm over harbour bill",
        f"{asks}\n\nThe harbour bill of Solmar would let the board sell the northern quay.",
    )
    done = (
        "Governor Holm announces veto of harbour bill",
        "Governor Keira Holm announced her veto of the harbour bill of Solmar in the town hall.\n\n"
        "Dockers cheered the governor in front of the town hall of Solmar.",
    )
    assert texts_over(told((asked, 0), (done, 0))) == [asks]


@pytest.mark.parametrize(
    ("expected", "gone"),
    [
        ("Holm is expected to approve the harbour bill of the council, which pays for a new quay.", True),
        ("Holm is expected to read the harbour bill of the council, which pays for a new quay.", False),
        ("Brandt is expected to approve the harbour plan of the council, which pays for a new quay.", False),
        ("Holm is expected to approve the list of guests of the council for the feast on Friday.", False),
    ],
)
def test_who_signed_what_he_was_expected_to_approve_approved_it(expected: str, gone: bool) -> None:
    early = ("Dockers of Solmar march to the town hall", f"Dockers of Solmar marched on Monday.\n\n{expected}")
    done = (
        "Holm opens the northern quay as she signs harbour bill",
        "Governor Keira Holm opened the northern quay of Solmar as she signs a bill for the harbour.",
    )
    assert texts_over(told((early, 0), (done, 0))) == ([expected] if gone else [])


def test_a_title_that_looks_forward_is_done_once_another_tells_it() -> None:
    ahead = ("Governor Holm will veto the harbour bill", "Governor Keira Holm will veto the harbour bill of Solmar.")
    done = ("Governor Holm vetoes the harbour bill", "Governor Keira Holm vetoed the harbour bill of Solmar.")
    pool = told((ahead, 0), (done, 10))
    assert [title_is_done(pool, n) for n in (1, 2)] == [True, False]


def test_words_that_count_from_today_are_found_outside_of_quotations() -> None:
    assert counts_from_today(annotate("The pier of Solmar fell last week.", "en"))
    assert counts_from_today(annotate("The council meets later on Monday.", "en"))
    assert not counts_from_today(annotate('The mayor said "the pier fell yesterday" in the council.', "en"))
    assert not is_ahead(annotate("The pier of Solmar is set on oak.", "en"))


@pytest.mark.parametrize(
    "count",
    [
        "With 64 percent of the precincts of Solmar reporting, Ida Brandt held a lead of eight points.",
        "With votes counted in 88% of the precincts of Solmar, Ida Brandt had 5,800 votes.",
    ],
)
def test_a_partial_count_is_over_once_a_title_tells_what_came_of_it(count: str) -> None:
    early = ("Solmar waits for its mayor", f"The town of Solmar chose a mayor on the night of the storm.\n\n{count}")
    won = ("Brandt wins vote for mayor of Solmar", "Ida Brandt has won the vote for mayor of Solmar by eleven points.")
    asks = ("Will Brandt win the vote in Solmar?", won[1])
    assert texts_over(told((early, 0), (won, 2))) == [count]
    assert not texts_over(told((early, 0), (asks, 2)))
    assert not texts_over(told((won, 0), (early, 2)))


@pytest.mark.parametrize(
    ("sentence", "hours", "unplaced"),
    [
        ("The old lighthouse of Solmar fell last week in the storm.", 0, True),
        ("The mayor had left the town hall of Solmar the night before, a spokesman said.", 0, True),
        ("Two ferries came loose in the harbour of Solmar over the past 24 hours.", 0, True),
        ("The old lighthouse of Solmar fell last summer in the storm.", 0, False),
        ("The storm reached the harbour of Solmar before noon Monday.", 0, False),
        ("The storm reached the harbour of Solmar before noon Monday.", None, True),
        ("The storm reached the harbour of Solmar before noon.", None, False),
    ],
)
def test_what_neither_a_sentence_nor_the_day_of_its_article_dates_has_no_place_in_time(
    sentence: str, hours: int | None, unplaced: bool
) -> None:
    pool = told((before(sentence), hours), (STORM, hours))
    found = next(c for c in pool.by_part[1] if c.text == sentence)
    assert is_unplaced(pool, found) is unplaced


def test_this_week_is_another_one_once_a_day_has_passed() -> None:
    sentence = "The old lighthouse of Solmar fell earlier this week in the storm."
    for hours, unplaced in ((10, False), (30, True)):
        pool = told((before(sentence), 0), (STORM, hours))
        assert is_unplaced(pool, next(c for c in pool.by_part[1] if c.text == sentence)) is unplaced


def test_an_article_without_a_date_doesnt_tell_which_day_is_today_beside_one_that_has_one() -> None:
    sentence = "The old lighthouse of Solmar is to be pulled down tomorrow after the storm."
    assert texts_over(told((before(sentence), None), (STORM, 0))) == [sentence]
    assert not texts_over(told((before(sentence), 0), (STORM, 0)))
