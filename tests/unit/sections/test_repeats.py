"""What is told once: by two articles, or in a yes and a no. All sentences are invented."""

from dataclasses import replace

from sections_making import pages_of, parts_of, texts_of

from storyline.domain.sections.features import annotate
from storyline.domain.sections.pool import Pool, build

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
