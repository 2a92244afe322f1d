"""Nouns that a sentence has as known stand on a page only below what tells of them. All sentences are invented."""

import pytest
from sections_making import article, part, parts_of

from storyline.domain.sections.definite import acts, definite, once_more
from storyline.domain.sections.features import annotate
from storyline.domain.sections.gathering import build
from storyline.domain.sections.introducing import points_only_above
from storyline.domain.sections.pool import Candidate, Pool


@pytest.mark.parametrize(
    ("sentence", "nouns"),
    [
        ("Exiles said the confession was forced.", {"confession"}),
        ("Questions were raised after the high court's decision.", {"court"}),
        ("The 29 defendants are accused of burning a pier.", {"defendants"}),
        ("Samples from where the rockets landed were sealed.", {"rockets"}),
        ("Brandt has dealt with other officials since May.", {"officials"}),
        ("Holm left before the planned summit ended.", {"summit"}),
        ("The fund's top Velmara official left in May.", {"fund"}),
    ],
)
def test_what_a_sentence_has_as_known(sentence: str, nouns: set[str]) -> None:
    assert set(definite(sentence).values()) == nouns


@pytest.mark.parametrize(
    "sentence",
    [
        "The killing of a ferryman shook the world.",
        "Police searched for the man who burned a pier.",
        "Holm spoke of the attack on a ferry.",
        "The Reconciliation Ministry objected, as did the Marlow government.",
        "It was the largest blaze and the first fire since May.",
        "Brandt, the harbour chief, took hard drives and other files.",
        "Critics decried the changes involving ferries.",
        "A confession was read, and the confession was short.",
        "The president spoke in the morning.",
    ],
)
def test_what_a_sentence_says_itself_or_everybody_knows(sentence: str) -> None:
    assert not definite(sentence)


TRIAL = (
    "Ferryman held over fire at pier of Port Solmar",
    "Police in Port Solmar have arrested a ferryman over the fire that destroyed a pier in the valley.\n\n"
    "Prosecutor Ida Brandt reported that the ferryman confessed to burning the pier on orders of a rival.\n\n"
    "Relatives of Jonas Weil said the confession was forced and denied any part in a plot.\n\n"
    "The mayor promised in Linden City that a new pier would be built before the winter storms.",
)
OTHER = (
    "Fire destroys pier of Port Solmar",
    "A fire destroyed the oldest pier of Port Solmar during the night, and nobody was hurt by it.\n\n"
    "The mayor thanked forty volunteers from the northern valley for their help with the hoses.",
)


@pytest.fixture
def pool() -> Pool:
    parts = [part(article(title, body, uri=f"urn:test:{n}"), n) for n, (title, body) in enumerate((TRIAL, OTHER), 1)]
    return build(parts, "en")


def of(pool: Pool, opening: str) -> Candidate:
    return next(candidate for candidate in pool.candidates if candidate.text.startswith(opening))


def test_it_stands_only_below_what_tells_of_it(pool: Pool) -> None:
    forced, lead = of(pool, "Relatives"), of(pool, "Police")
    assert not points_only_above(pool, forced, [lead.features])
    assert points_only_above(pool, forced, [lead.features, of(pool, "Prosecutor").features])
    assert points_only_above(pool, forced, [annotate("Weil had signed a confession in the evening.", "en")])
    assert points_only_above(pool, forced, [], frozenset(("confess",)))


def test_what_an_article_has_as_known_from_the_beginning_is_known(pool: Pool) -> None:
    assert points_only_above(pool, of(pool, "The mayor promised"), [])


def test_what_a_title_tells_of_is_known(pool: Pool) -> None:
    assert points_only_above(pool, of(pool, "Prosecutor"), [])


def test_what_most_articles_tell_of_is_known() -> None:
    bodies = [TRIAL, (OTHER[0], OTHER[1].replace("for their help", "for a confession that they found"))]
    pool = build([part(article(t, b, uri=f"urn:test:{n}"), n) for n, (t, b) in enumerate(bodies, 1)], "en")
    assert points_only_above(pool, of(pool, "Relatives"), [])


def test_what_was_told_in_other_words_needs_these_words_above_it() -> None:
    body = (
        "Jonas Weil fell into the harbour of Port Solmar while he looked at the burned pier.\n\n"
        "Nets of two fishermen held him until a boat came from Linden City.\n\n"
        "Doctors of Linden City sent Weil home with a warm coat before noon.\n\n"
        "Firemen calmed the crowd, and divers of the northern valley came in the evening."
    )
    weil = ("Weil falls into harbour", body)
    pool = build([part(article(t, b, uri=f"urn:test:{n}"), n) for n, (t, b) in enumerate((weil, OTHER), 1)], "en")
    firemen = of(pool, "Firemen")
    assert not points_only_above(pool, firemen, [of(pool, "Jonas").features])
    assert points_only_above(pool, firemen, [annotate("A crowd stood on the pier of Port Solmar.", "en")])


def test_what_is_first_told_late_in_an_article_isnt_known_from_the_beginning() -> None:
    late = (OTHER[0], OTHER[1] + "\n\nBoats stayed out until noon on Sunday.\n\nThe confession surprised the valley.")
    pool = build([part(article(t, b, uri=f"urn:test:{n}"), n) for n, (t, b) in enumerate((TRIAL, late), 1)], "en")
    assert not pool.reading_of(2).takes_as_known("confess")


SUMMED_UP = (
    "Port Solmar renames its pier",
    "The harbour board of Port Solmar renamed its oldest pier after Ida Brandt, a captain of the last century.\n\n"
    "Its chairman had bought the brass plate for it in Linden City long before anybody was asked.\n\n"
    "Fishermen of the northern valley rejected the move and sent forty letters to the council.\n\n"
    "A baker lost his window when the plate was carried through the old town on a cart.",
)


def summed_up(sentence: str) -> tuple[Pool, Candidate]:
    title, body = SUMMED_UP
    told = (title, body.replace("rejected the move and sent forty letters", sentence))
    pool = build([part(article(t, b, uri=f"urn:test:{n}"), n) for n, (t, b) in enumerate((told, OTHER), 1)], "en")
    return pool, of(pool, "Fishermen")


def test_what_sums_up_stands_right_below_what_it_sums_up() -> None:
    pool, move = summed_up("rejected the move and sent forty letters")
    lead, plate = of(pool, "The harbour board"), of(pool, "Its chairman")
    assert not points_only_above(pool, move, [lead.features])
    assert not points_only_above(pool, move, [plate.features, lead.features])
    assert points_only_above(pool, move, [lead.features, plate.features])


def test_what_sums_up_may_stand_below_its_own_word() -> None:
    pool, move = summed_up("rejected the move and sent forty letters")
    assert points_only_above(pool, move, [annotate("Jonas Weil called it a bold move of the board.", "en")])


def test_which_move_is_meant_may_be_said_with_it() -> None:
    pool, move = summed_up("rejected the move of a statue and sent letters")
    assert points_only_above(pool, move, [])


@pytest.mark.parametrize("more", ["sent another petition", "sent a second petition"])
def test_one_more_stands_below_the_first(more: str) -> None:
    pool, fishermen = summed_up(f"{more} with forty names on it")
    assert not points_only_above(pool, fishermen, [of(pool, "The harbour board").features])
    assert points_only_above(pool, fishermen, [annotate("Dockers of Norrin sent a petition to the board.", "en")])


@pytest.mark.parametrize(
    ("sentence", "nouns"),
    [
        ("A second raid of the coast guard took forty boats.", {"raid"}),
        ("Coast guards of Norrin boarded another boat.", {"boat"}),
        ("A boat rammed another boat in the harbour of Norrin.", set()),
        ("A first raid took nine boats, a second raid forty.", set()),
        ("Ida Brandt won a second term as mayor of Norrin.", set()),
        ("The board closed the pier for another week.", set()),
        ("Jonas Weil came second at the race of Norrin.", set()),
    ],
)
def test_what_a_sentence_tells_one_more_of(sentence: str, nouns: set[str]) -> None:
    assert once_more(sentence) == nouns


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Brandt called the ferryman after Holm's comments, and apologised.", {"holm"}),
        ("Brandt did not name the pier in her short speech.", {"speech"}),
        ("The veto overrides last month's ruling on the pier.", {"rule"}),
        ("The June decision left open how the pier is paid for.", {"decis"}),
        ("Brandt objected to Holm's claims that the pier is sound.", set()),
        ("Holm's heron flew over the pier of Port Solmar.", set()),
        ("Storms may attack the pier of Port Solmar again.", set()),
    ],
)
def test_whose_act_a_sentence_takes_as_told(sentence: str, found: set[str]) -> None:
    assert acts(sentence) == found


WATCHED = (
    "Fighters leave valley of Norrin",
    "Fighters have begun to leave the valley of Norrin under a truce, the Solmar Observatory for Peace reported.\n\n"
    "Envoys of Ishkar and Velmara were present at the talks in the harbour, though nobody saw them speak there.\n\n"
    "The Observatory said ferries would carry the fighters over the strait before the winter storms.\n\n"
    "The pier would be closed for nine days until the fighters had left the valley with their families.",
)


def test_a_part_of_a_name_stands_only_below_the_name() -> None:
    pool = build(parts_of([WATCHED, OTHER]), "en")
    named, _, called, _ = pool.by_part[1]
    assert not points_only_above(pool, called, [pool.by_part[2][0].features])
    assert points_only_above(pool, called, [named.features])


def test_what_an_article_brings_in_is_not_known_because_others_tell_of_one() -> None:
    feast = (
        "Woman missing since feast in Norrin",
        "A woman of Norrin has been missing since Saturday, harbour police of Port Solmar reported in the evening.\n\n"
        "Ida Brandt had been led away from a party on the pier by two ferrymen shortly before midnight.\n\n"
        "Ferrymen say she had been asked to leave the party because she threw stones at their boats.",
    )
    other = (
        "Police search harbour for woman",
        "Harbour police searched the party on the pier of Port Solmar for a woman missing since Saturday.\n\n"
        "Divers looked for her under the nine pillars of the pier until it was dark in the harbour.",
    )
    pool = build(parts_of([feast, other]), "en")
    _, brings, takes = pool.by_part[1]
    assert not points_only_above(pool, takes, [pool.by_part[1][0].features])
    assert points_only_above(pool, takes, [brings.features])


RISING = (
    "Ferries leave Port Solmar under deal",
    "The last ferries left Port Solmar for Orun under a deal of the harbour board and the union.\n\n"
    "When dockers rose in Port Solmar in 2011, the whole of Velmara looked at its piers.\n\n"
    "Guards cleared the harbour town with batons and live ammunition.\n\n"
    "Stones were thrown from piers and boats, and a strike became a rising.\n\n"
    "Marlow has called the deal of Port Solmar a gift to Velmara.",
)


def test_what_goes_on_from_an_earlier_year_stands_only_below_what_names_the_year() -> None:
    pool = build([part(article(t, b, uri=f"urn:test:{n}"), n) for n, (t, b) in enumerate((RISING, OTHER), 1)], "en")
    lead, year, guards, stones, marlow = pool.by_part[1]
    assert not points_only_above(pool, guards, [lead.features])
    assert not points_only_above(pool, stones, [lead.features])
    assert points_only_above(pool, guards, [lead.features, year.features])
    assert points_only_above(pool, stones, [lead.features, year.features, guards.features])
    assert points_only_above(pool, marlow, [lead.features])
