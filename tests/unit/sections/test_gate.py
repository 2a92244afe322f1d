"""The gate: what a source sentence supports, and what it doesn't."""

import pytest

from storyline.domain.sections import supports

SOURCE = (
    "At least 12 people were killed and 40 others injured when a bus carrying students overturned near Port Solmar, "
    "the fire service said."
)
PLAIN = "Mayor Ida Brandt closed the northern pier after a storm tore 12 boats from their moorings in Port Solmar."


@pytest.mark.parametrize(
    "claim",
    [
        SOURCE,
        PLAIN,
        "Mayor Ida Brandt closed the northern pier after a storm tore 12 boats from their moorings.",
        "Ida Brandt closed the northern pier after a storm tore 12 boats from their moorings.",
        "Mayor Ida Brandt closed the northern pier after a storm.",
        "Mayor Ida Brandt closed northern pier",
    ],
)
def test_a_sentence_with_words_left_out_stands_in_its_source(claim: str) -> None:
    assert supports(claim, SOURCE if claim == SOURCE else PLAIN, "en")


@pytest.mark.parametrize(
    "claim",
    [
        "Mayor Ida Brandt closed the northern pier after a storm tore 14 boats from their moorings.",  # number
        "Mayor Ida Brandt closed the northern pier after a storm tore 12 ships from their moorings.",  # thing
        "Mayor Tomas Ardel closed the northern pier after a storm tore 12 boats from their moorings.",  # name
        "Mayor Ida Brandt reopened the northern pier after a storm tore 12 boats from their moorings.",  # verb
        "Mayor Ida Brandt has not closed the northern pier after a storm tore 12 boats from their moorings.",  # not
        "Mayor Ida Brandt may have closed the northern pier after a storm tore 12 boats from their moorings.",  # may
        "A storm tore 12 boats from their moorings after Mayor Ida Brandt closed the northern pier.",  # order
        "The council of Port Solmar met for hours on the budget of the harbour and its pumps.",  # something else
        "",
    ],
)
def test_a_changed_claim_is_refused(claim: str) -> None:
    assert not supports(claim, PLAIN, "en")


def test_a_claim_without_its_speaker_is_refused() -> None:
    assert not supports(
        "At least 12 people were killed when a bus carrying students overturned near Port Solmar.", SOURCE, "en"
    )


def test_what_one_person_did_and_said_may_lose_the_saying() -> None:
    source = "The ministry publicly objected to the talks and said it would hold separate discussions."
    assert supports("The ministry publicly objected to the talks.", source, "en")


@pytest.mark.parametrize(
    ("claim", "source", "passes"),
    [
        ("Holm rejected the plan.", "Holm met the board and rejected the plan.", True),
        ("Holm rejected the plan.", "Holm publicly met the board and later rejected the plan.", True),
        ("Holm was fined by the board.", "Holm was arrested in Orun and fined by the board.", True),
        ("Holm occupied areas of Orun.", "Holm attacked the towns and occupied areas of Orun.", False),
        ("Holm rejected the plan.", "Holm met the board, and Brandt rejected the plan.", False),
        ("Holm rejected the plan.", "Holm met the board that Brandt led and rejected the plan.", False),
        ("Holm rejected the plan.", "Holm said Brandt met the board and rejected the plan.", False),
        ("Holm rejected the plan.", "Holm did not meet the board and rejected the plan.", False),
        ("Holm rejected the plan.", "Holm, who met the board and rejected the plan, left.", False),
    ],
)
def test_the_second_of_two_predicates_is_the_subjects_too(claim: str, source: str, passes: bool) -> None:
    assert supports(claim, source, "en") is passes


def test_a_negation_just_before_the_stretch_used_counts() -> None:
    assert not supports(
        "Suspects were found in the northern harbour.", "No suspects were found in the northern harbour.", "en"
    )


def test_names_may_not_change_places() -> None:
    source = "Salt City beat Norhaven Rovers in the final of the cup at the national stadium."
    assert not supports("Norhaven Rovers beat Salt City in the final of the cup at the national stadium.", source, "en")


def test_another_language_supports_only_the_same_words() -> None:
    source = "El agua alcanzó 1,40 metros en el barrio del Molino tras 36 horas de lluvia."
    assert supports(source, source, "es")
    assert not supports("El agua alcanzó 1,40 metros en el barrio del Molino.", source, "es")


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("12 people were hurt in the harbour fire.", "Nearly 12 people were hurt in the harbour fire."),
        ("All ferries stayed in the northern harbour.", "Some ferries stayed in the northern harbour."),
        ("The bridge closed before the storm reached Solmar.", "The bridge closed after the storm reached Solmar."),
        ("He was hurt in the fire.", "He left early, and the mayor of Solmar was hurt in the fire."),
        ("Rain fell in the south-eastern valleys for days.", "Rain fell in the north-eastern valleys for days."),
        ("The ferry has carried 900 people since mid-March.", "The ferry has carried 900 people since mid-July."),
        ("The dam belongs to her brother’s firm in Orun.", "The dam belongs to her husband’s firm in Orun."),
        ("The al-Sumra men shelled the harbour of Orun.", "The al-Dorin men shelled the harbour of Orun."),
    ],
)
def test_a_small_word_or_a_clause_that_changes_the_meaning_is_refused(claim: str, source: str) -> None:
    assert not supports(claim, source, "en")


@pytest.mark.parametrize(
    ("claim", "passes"),
    [
        ("“I also want the bridge to stay closed,” Brandt said.", True),
        ("“I also want the bridge to stay closed,” Brandt said, before the council voted.", True),
        ("“I want the bridge to stay closed,” Brandt said.", False),
        ("“I also want the bridge closed,” Brandt said.", False),
    ],
)
def test_a_quotation_is_verbatim_or_refused(claim: str, passes: bool) -> None:
    source = "“I also want the bridge to stay closed,” Brandt said in Solmar, before the council voted."
    assert supports(claim, source, "en") is passes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Seventeen sailors were hurt in the harbour fire.", "17 sailors were hurt in the harbor fire."),
        ("Engineers realised that the pier had moved.", "Engineers realized that the pier had moved."),
        ("The F.B.I. arrested Sen. Ida Holm on Jan. 3.", "The FBI arrested Senator Ida Holm on January 3."),
        ("Roughly 40 per cent of voters backed the plan.", "About 40% of voters backed the plan."),
        ("“The pier stays closed,” Mr. Marlow says.", '"The pier stays closed," Marlow said.'),
        ("The centre cancelled, then labelled, the ferries.", "The center canceled, then labeled, the ferries."),
        ("Brandt, sailing north, saw the pier's defences.", "Brandt, sailing north, saw the pier's defenses."),
    ],
)
def test_what_two_houses_write_differently_is_the_same(one: str, other: str) -> None:
    assert supports(one, other, "en")
    assert supports(other, one, "en")


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Tankers filed in Solmar left the harbour.", "Tankers filled in Solmar left the harbour."),
        ("Brandt earned 50% of the harbour's income.", "Brandt earned 50 cents of the harbour's income."),
        ("Envoys from the U.S. left the pier in Solmar.", "Envoys from Velmara left the pier in Solmar."),
    ],
)
def test_what_only_looks_alike_is_refused(claim: str, source: str) -> None:
    assert not supports(claim, source, "en")


def test_who_told_somebody_said_it_and_who_was_told_did_not() -> None:
    said = "Brandt said that the pier in Solmar was closed for good."
    assert supports(said, "Brandt told reporters that the pier in Solmar was closed for good.", "en")
    assert not supports(said, "Brandt was told that the pier in Solmar was closed for good.", "en")
    assert not supports("Brandt told reporters that the pier in Solmar was closed for good.", said, "en")


def test_a_mark_before_a_verb_leaves_nothing_out() -> None:
    source = "“The pier stays closed,” said Mayor Ida Brandt, who left, shaken by the storm."
    assert supports("“The pier stays closed,” said Ida Brandt, who left, shaken by the storm.", source, "en")


def test_what_a_source_quotes_is_not_said_without_its_quotation_marks() -> None:
    quoted = "“The old pier of Port Solmar is a danger to every ferry in the harbour,” the letter asserted."
    claim = "The old pier of Port Solmar is a danger to every ferry in the harbour."
    assert not supports(claim, quoted, "en")
    assert supports(quoted, quoted, "en")
    assert supports(claim, f"{claim[:-1]}, and the “northern one” is too short.", "en")


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The pier was destroyed by the storm.", "The pier was nearly destroyed by the storm."),
        ("Rowers may enter the harbour.", "Only rowers may enter the harbour."),
        ("The storm didn't hit Solmar.", "The storm didn't only hit Solmar."),
        ("The bridge of Orun is safe.", "The bridge of Orun is anything but safe."),
        ("Holm won the vote in Solmar.", "Had Holm won the vote in Solmar, the pier would stand."),
        ("Few rowers reached the harbour.", "A few rowers reached the harbour."),
        ("Holm stole the oars of the crew.", "Brandt asked whether Holm stole the oars of the crew."),
        ("The dam broke in spring.", "The board heard rumours that the dam broke in spring."),
        ("The dam broke in spring.", "Brandt warned the board that the dam broke in spring."),
        ("Holm will sell the ferry.", "Brandt fears Holm will sell the ferry."),
    ],
)
def test_what_limits_the_rest_may_not_be_left_out(claim: str, source: str) -> None:
    assert not supports(claim, source, "en")


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The islands lost power in the storm.", "Some of the islands lost power in the storm."),
        ("The islands lost power in the storm.", "Two of the islands lost power in the storm."),
        ("Brandt heard from the crew of the ferry.", "Brandt heard from most of the crew of the ferry."),
        ("Ida Brandt was arrested in Orun.", "The husband of Ida Brandt was arrested in Orun."),
        ("Ida Brandt rejected the plan.", "A spokesman for Mayor Ida Brandt rejected the plan."),
        ("President Ida Brandt rejected the plan.", "A spokesman for President Ida Brandt rejected the plan."),
        ("The president rejected the plan.", "A spokesman for the president rejected the plan."),
        ("The ferry was sold in spring.", "The engine of the old ferry was sold in spring."),
        ("Brandt was sent on Monday.", "The letter to Brandt was sent on Monday."),
    ],
)
def test_what_is_of_something_is_not_the_thing_itself(claim: str, source: str) -> None:
    assert not supports(claim, source, "en")


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Rowers reached the harbour of Solmar.", "Hundreds of rowers reached the harbour of Solmar."),
        ("Solmar closed the northern pier.", "The city of Solmar closed the northern pier."),
        ("Ida Brandt closed the northern pier.", "Minister of Fisheries Ida Brandt closed the northern pier."),
        ("Former minister Ida Brandt left.", "In Solmar, former minister Ida Brandt left."),
        ("The mayor closed the northern pier.", "After the storm, the mayor closed the northern pier."),
        ("The dam broke in spring, Brandt said.", "The dam broke in spring, Brandt said in fear of a flood."),
        ("The pier fell weeks after the storm.", "The pier fell just weeks after the storm."),
        ("The men were caught at a shop in Orun.", "The two men were caught in a shop in Orun."),
    ],
)
def test_what_the_rest_can_do_without_may_be_left_out(claim: str, source: str) -> None:
    assert supports(claim, source, "en")


@pytest.mark.parametrize(
    "claim",
    [
        "Mayor Ida Brandt closed the northern bridge after a storm tore 12 boats from their moorings.",
        "Mayor Ida Brandt illegally closed the northern pier after a storm tore 12 boats from their moorings.",
        "Mayor Ida Brandt closed the northern pier after a storm tore 12 boats from their moorings, a crime.",
        "Mayor Ida Brandt closed the northern storm after a pier tore 12 boats from their moorings.",
        "Mayor Ida Brandt closed the northern pier after a storm tore 12 boats from her moorings.",
        "Mayor Ida Brandt closed the northern pier after a storm tore 12 boats to their moorings.",
    ],
)
def test_no_word_is_new_or_in_another_place(claim: str) -> None:
    assert not supports(claim, PLAIN, "en")
