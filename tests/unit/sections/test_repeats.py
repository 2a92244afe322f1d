"""What is told once: by two articles, or in a yes and a no. All sentences are invented."""

from dataclasses import replace

import pytest
from sections_making import WIRE, pages_of, parts_of, texts_of

from storyline.domain.sections.features import annotate
from storyline.domain.sections.gathering import build
from storyline.domain.sections.pool import Pool

HOUSES = ("Meridian", "Courier", "Herald")
CRASH = (
    "Two cars crash on the coast road of Orun",
    "Two cars crashed on the coast road north of Orun in the night and four people were taken to hospital.\n\n"
    "The mayor of Orun has asked the province for years to widen the narrow road along the cliffs.\n\n"
    "Lorries carry the salt of the northern pans to Solmar on it in summer.\n\n"
    "A doctor who came by looked after the drivers until the firemen came.\n\n"
    "The green car, a Halvard with five on board, ended up on its roof in a field.",
)
AGAIN = (
    "Coast road closed after crash near Orun",
    "The coast road near Orun was closed for nine hours after a crash in which four people were hurt.\n\n"
    "Drivers of the morning buses to Solmar took the long way through the hills and came two hours late.\n\n"
    "A ferry took the letters and papers of the valley across the bay at noon.\n\n"
    "Schools in the hills began late, and one stayed shut for the day.\n\n"
    "A field near the cliffs was where the Halvard came to rest on its roof, lamps still burning.",
)


def pool_of(*texts: tuple[str, str]) -> Pool:
    return build(parts_of(texts, houses=HOUSES), "en")


FIRST = "The green car, a Halvard with five on board, ended up on its roof in a field."
AGAIN_TOLD = "A field near the cliffs was where the Halvard came to rest on its roof, lamps still burning."


def test_what_another_article_tells_again_isnt_asked_of_sentences_of_one() -> None:
    pool = pool_of(CRASH, AGAIN)
    first, again = pool.find(FIRST, 1), pool.find(AGAIN_TOLD, 2)
    assert first and again
    assert pool.tells_again(again, [first])
    assert not pool.tells_again(replace(again, n=1), [first])


def test_a_page_has_it_once() -> None:
    page = pages_of(parts_of((CRASH, AGAIN), houses=HOUSES))[-1]
    assert sum("roof" in text for text in texts_of(page)) == 1


def test_two_that_both_say_no_may_say_the_same() -> None:
    pool = pool_of(CRASH)
    rejected = annotate("Voters rejected the present status of the island by 54 to 46 percent.", "en")
    against = annotate("Of the voters 54 percent were not content with the present status of the island.", "en")
    welcomed = annotate("Voters welcomed the present status of the island by 54 to 46 percent.", "en")
    assert pool.same(rejected, against)
    assert not pool.same(rejected, welcomed)


TOLD = (
    "Mayor Ida Brandt began a round of visits to the hill villages by saying she supports talks of both valleys to end "
    "a quarrel over the salt road that has lasted more than six decades."
)
QUOTED = (
    '"They {} my blessing to {} in talks," Brandt said after she had welcomed Governor Keira Holm to a house on the '
    "lake for walks, boat trips and long dinners with friends from the coast."
)


@pytest.mark.parametrize(
    ("has", "what", "repeats"),
    [
        ("have", "end the quarrel", True),
        ("do not have", "end the quarrel", False),
        ("have", "share summer pastures", False),
    ],
)
def test_a_quotation_of_what_is_told_beside_it_repeats_it(has: str, what: str, repeats: bool) -> None:
    pool = pool_of(CRASH)
    told, quoted = annotate(TOLD, "en"), annotate(QUOTED.format(has, what), "en")
    assert pool.redundancy(told, quoted) < 240
    assert pool.same(told, quoted) is repeats


def test_the_same_count_of_the_same_things_is_told_once() -> None:
    beside = "The council of Orun met in the evening.\n\n"
    sites = beside + "Brandt said officials look at five places as possible sites of the new bridge over the bay."
    again = (
        beside
        + "The province weighs five sites and will choose one before the snow, the governor of Solmar told us all."
    )
    small = (
        beside
        + "The province weighs two sites and will choose one before the snow, the governor of Solmar told us all."
    )
    for text, repeats in ((again, True), (small, False)):
        pool = pool_of(("Council of Orun meets", sites), ("Province plans for winter", text))
        first, second = pool.by_part[1][-1], pool.by_part[2][-1]
        assert pool.tells_again(second, [first]) is repeats


def test_what_fills_a_page_brings_more_than_what_may_stand_on_it() -> None:
    pool = pool_of(CRASH, AGAIN)
    first, *_, roof = [candidate.features for candidate in pool.by_part[1]]
    ferry = pool.by_part[2][2].features
    field = pool.by_part[2][4].features
    assert pool.is_new(ferry, [first, roof])
    assert not pool.is_new(field, [first, roof]) and not pool.is_new(first, [first, ferry])


def test_two_leads_of_a_day_with_much_of_the_titles_and_a_little_beside_are_one() -> None:
    sold = (
        "Town council of Orun sells old salt mill",
        "The town council of Orun sold the old salt mill to a cooper, who wants to open a school of his craft there.",
    )
    bought = (
        "Cooper in Orun: what he plans for the mill",
        "A house that ground salt for two hundred years passed from Orun to a cooper at an auction; it was a mill.",
    )
    other = (
        "Cooper in Orun: what he plans for the mill",
        "Orun mourns a baker who kept bees behind a chapel and taught three hundred children to swim.",
    )
    for text, repeats in ((bought, True), (other, False)):
        pool = pool_of(sold, text)
        first, second = pool.by_part[1][0], replace(pool.by_part[2][0], at_ms=pool.by_part[1][0].at_ms)
        assert pool.tells_again(second, [first]) is repeats


def test_another_articles_opening_on_the_same_matter_is_no_addition() -> None:
    sold = (
        "Orun council sells salt mill",
        "The council of Orun sold the salt mill to a cooper, who wants to open a school of his craft there.",
    )
    mourned = (
        "Orun loses its mill",
        "Orun mourns the salt mill that fed nine villages, a teacher wrote in a long letter to the valley.",
    )
    pool = pool_of(sold, mourned)
    first = pool.by_part[1][0]
    second = replace(pool.by_part[2][0], at_ms=first.at_ms)
    assert pool.leads_alike(second, first)
    assert not pool.leads_alike(replace(second, position=4), first)
    assert not pool.leads_alike(replace(second, n=1), first)


def test_an_opening_that_answers_adds_to_the_one_that_it_answers() -> None:
    sold = (
        "Orun council sells salt mill",
        "The council of Orun sold the salt mill to a cooper, who wants to open a school of his craft there.",
    )
    defended = (
        "Orun loses its mill",
        "The mayor of Orun {} the salt mill, which had cost nine villages more than all roads in the valley.",
    )
    for verb, alike in (("defended giving up", False), ("spoke of", True)):
        pool = pool_of(sold, (defended[0], defended[1].format(verb)))
        first = pool.by_part[1][0]
        second = replace(pool.by_part[2][0], at_ms=first.at_ms)
        assert pool.leads_alike(second, first) is alike


def test_a_copy_makes_nobody_better_known() -> None:
    original, copy = parts_of([WIRE[1], WIRE[1]], houses=("Meridian", "Gazette"))
    assert copy.relation == "copy"
    assert build([original, copy], "en").common_names == build([original], "en").common_names
