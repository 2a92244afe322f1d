"""Who may be named on a page without a first name. All sentences are invented."""

import pytest
from sections_making import article, part, parts_of

from storyline.domain.sections import evolve
from storyline.domain.sections.blocks import can_lead, can_open, extend, openers, stands_below
from storyline.domain.sections.features import annotate
from storyline.domain.sections.gathering import build
from storyline.domain.sections.introducing import introduced_among
from storyline.domain.sections.pool import Pool

OFFICE = (
    "Harbour office of Port Solmar is searched",
    "Police searched the harbour office of Port Solmar in the morning and took away 40 boxes of files.\n\n"
    "Ida Brandt, who heads the office, said that the search had come as a surprise to everybody there.\n\n"
    "Judge Jonas Weil ordered the search after a complaint of three fishermen from the northern valley.",
)
MAYOR = (
    "Ida Brandt, head of harbour office, to be heard; Marlow is silent",
    "Mayor Sena Marlow said nothing on the search of the harbour office in Port Solmar for two days.",
)


@pytest.fixture
def pool() -> Pool:
    parts = [part(article(title, body, uri=f"urn:test:{n}"), n) for n, (title, body) in enumerate((OFFICE, MAYOR), 1)]
    return build(parts, "en")


@pytest.mark.parametrize(
    "sentence",
    [
        "Brandt touched off the search with a letter to the valley.",
        "The files were Brandt's own.",
        "Mr. Weil ordered another search of the office.",
        "The boxes were empty, said Ardel.",
    ],
)
def test_a_surname_needs_its_first_name_on_the_page(pool: Pool, sentence: str) -> None:
    features = annotate(sentence, "en")
    assert not introduced_among(pool, features, [])
    told = annotate("Ida Brandt and Jonas Weil met Tomas Ardel Jr. in the harbour office.", "en")
    assert introduced_among(pool, features, [told])


@pytest.mark.parametrize(
    "sentence",
    [
        "Director Brandt touched off the search.",
        "The Brandt administration closed two piers in the valley.",
        "The Weil Institute closed two piers in the valley.",
        "Marlow closed two piers in the valley.",
        "NTV said that the piers were closed.",
    ],
)
def test_one_with_a_title_or_that_a_title_has_alone_needs_none(pool: Pool, sentence: str) -> None:
    assert introduced_among(pool, annotate(sentence, "en"), [])


def test_the_pages_headline_introduces(pool: Pool) -> None:
    brandt = annotate("Brandt touched off the search with a letter to the valley.", "en")
    assert introduced_among(pool, brandt, [], frozenset(("ida", "brandt", "is", "heard")))


ABOUT_POLICE = (
    "Welcome to the pages of Norrin police",
    "Norrin police is responsible for policing in the whole of Norrin and employs 4,000 officers.\n\n"
    "The service was made in 2019, when eight smaller ones came together under one chief.\n\n"
    "Its chief says that complaints are answered within four weeks and that nobody waits longer.",
)
INQUIRY = (
    "Fishermen welcome search of harbour office in Port Solmar",
    "Three fishermen said that the search of the harbour office was overdue and thanked the judge for it.",
)


def test_what_shares_hardly_a_word_with_the_other_articles_is_not_of_the_story() -> None:
    told = (OFFICE, MAYOR, INQUIRY, ABOUT_POLICE)
    parts = [part(article(title, body, uri=f"urn:test:{n}"), n) for n, (title, body) in enumerate(told, 1)]
    assert build(parts, "en").apart == {4}
    assert build(parts[:1] + parts[3:], "en").apart == frozenset(), "of two, neither can be the one apart"
    page = evolve(None, parts, {1, 2, 3, 4}, 1, "en")
    assert 4 not in {n for section in page.sections for sentence in section.sentences for n in sentence.citations}


@pytest.mark.parametrize(
    "opening",
    [
        "The council has blocked the sale of the northern pier to two owners from the mainland.",
        "One of the island's oldest ferries ran aground on Monday with eighty people on board.",
        "Researchers at TIMV have built a ferry that needs no crew on its way over the sound.",
        "The decision by the council to close the pier for a year angered the fishermen of the valley.",
        "This year has brought three new ferries to the island, said the mayor of Port Solmar.",
        "It took the council less than an hour to close the northern pier for a year.",
        "COLIN Ardel was found dead in the northern harbour two days after he had been missed.",
    ],
)
def test_what_opens_an_article_needs_nothing_before_it(opening: str) -> None:
    spoken = [
        "A spokesman for the islanders said on Monday that they had been told nothing of the matter for a year.",
        "Ida Brandt, a teacher at the school of Norrin, asked for a meeting of all who live in the valley.",
        "Jonas Weil, a fisherman who lives by the southern mole, said that he would not come to any of them.",
    ]
    first = build([part(article("News from the island of Norrin", "\n\n".join([opening, *spoken])), 1)], "en")
    further = build([part(article("News from the island of Norrin", "\n\n".join([*spoken, opening])), 1)], "en")
    assert can_open(first, first.candidates[0])
    assert can_lead(first, first.candidates[0])
    assert not can_open(further, further.candidates[3])


@pytest.mark.parametrize(
    "opening",
    [
        "This decision of the council angered the fishermen of the northern valley for a year.",
        "It was the third time that a ferry of the island had run aground on the northern bank.",
        "The council heard Ida Brandt and Jonas Weil on the pier, and the latter asked for a vote.",
        "The mayor of this island said on Monday that its northern pier would be closed for a year.",
        "They said on Monday that the northern pier of the island would be closed for a year.",
    ],
)
def test_what_points_back_opens_nothing_even_there(opening: str) -> None:
    pool = build([part(article("News from the island of Norrin", opening), 1)], "en")
    assert not can_open(pool, pool.candidates[0])


def test_letters_that_an_article_opens_with_and_never_spells_out_are_known() -> None:
    known = "Researchers of the TIMV sailed to the island of Norrin on Monday to look for the lost buoy."
    later = "The TIMV has looked for the buoy of the northern sound since the storms of last winter."
    start = "Fishermen found the lost buoy of the northern sound on Monday off the island of Norrin."
    spelt = "The buoy was one of four that the Technical Institute of the Mole of Velmara (TIMV) had laid in spring."
    able = build([part(article("Lost buoy looked for", f"{start}\n\n{known}\n\n{later}"), 1)], "en")
    assert can_open(able, able.by_part[1][1])
    unable = build([part(article("Lost buoy looked for", f"{start}\n\n{known}\n\n{spelt}"), 1)], "en")
    assert not can_open(unable, unable.by_part[1][1])


def test_the_first_of_several_words_of_a_name_is_no_bare_surname() -> None:
    opening = "Harbour chief Ida Brandt says Green Heron's appeal against the closing could take weeks."
    pool = build([part(article("News from the island of Norrin", opening), 1)], "en")
    assert can_open(pool, pool.candidates[0])


def test_who_is_described_before_a_bare_name_needs_a_first_name_too(pool: Pool) -> None:
    features = annotate("A former fisherman, Orlan keeps the books of the harbour.", "en")
    assert not introduced_among(pool, features, [])
    assert introduced_among(pool, features, [annotate("Tomas Orlan spoke to the council.", "en")])
    assert introduced_among(pool, annotate("A small country, Norway builds many piers.", "en"), [])


def test_a_name_with_an_initial_and_a_place_introduces(pool: Pool) -> None:
    sentence = annotate("The mayor, Ida J. Brandt of Norrin, said that the pier of Port Solmar stays shut.", "en")
    assert "brandt" not in sentence.lone_names
    assert introduced_among(pool, annotate("Brandt said that the pier stays shut.", "en"), [sentence])


def test_a_surname_with_its_article_belongs_to_the_name() -> None:
    assert annotate("The guards of Tarik al-Sarun's palace left Velmara.", "en").names[0] == ("Tarik", "al-Sarun's")
    assert annotate("Dockers carried anti-Sarun banners through Velmara.", "en").names == (("Velmara",),)


def test_a_sentence_may_have_as_known_what_its_section_tells_of() -> None:
    vote = "Tomas Ardel, who leads the council of Port Solmar, said that a committee would look into the pier."
    body = "The committee will look into the pier of Port Solmar with five members, Ardel said."
    parts = parts_of((("Council of Port Solmar votes on pier", f"{vote}\n\nWho knew?\n\nWhy now?\n\n{body}"),))
    pool = build(parts, "en")
    ardel, committee = pool.candidates
    assert not can_open(pool, committee)
    assert stands_below(pool, committee, [ardel.features], [ardel])
    assert not stands_below(pool, committee, [], [])


def test_a_surname_behind_a_title_needs_the_first_name_where_an_article_has_it() -> None:
    body = (
        "The budget of Port Solmar reflects no mercy, said Jesuit Father Tomas Orlan on the pier of the old town.\n\n"
        "Nobody in the harbour of Port Solmar will be left alone this winter, said Father Orlan to the ferrymen."
    )
    pool = build(parts_of([("Priest decries budget of Port Solmar", body)]), "en")
    named, called = (each.features for each in pool.by_part[1])
    assert not introduced_among(pool, called, [])
    assert introduced_among(pool, called, [named])
    stranger = annotate("Nobody in the harbour will be left alone, said Sister Weil to the ferrymen.", "en")
    assert introduced_among(pool, stranger, [])


@pytest.mark.parametrize(("days", "told"), [("for two days", True), ("last week", False)])
def test_what_no_reader_can_place_in_time_opens_no_section_and_goes_on_in_one_only_alone(days: str, told: bool) -> None:
    first, *rest = OFFICE[1].split("\n\n")
    further = f"Three officials of the valley had asked the harbour office {days} for a list of all its boats."
    pool = build([part(article(OFFICE[0], "\n\n".join([first, further, *rest])), 1)], "en")
    anchor, candidate, *_ = pool.by_part[1]
    assert candidate.text == further
    assert (candidate in extend(pool, anchor, [])) is told
    assert (candidate in [each for _, each in openers(pool, pool.candidates)]) is told
    alone = build([part(article(OFFICE[0], f"{first}\n\n{further}"), 1)], "en")
    assert extend(alone, alone.by_part[1][0], []) == alone.by_part[1]


SEARCHED = (
    "Harbour office of Port Solmar is searched",
    "Police searched the harbour office of Port Solmar and took away 40 boxes of files.\n\n"
    "%s\n\n"
    "Police had asked the harbour office of Port Solmar for files in January and were sent an empty box.",
)
FEES = (
    "Fishermen of Port Solmar find fees of harbour office too high",
    "Fishermen in Port Solmar wrote to police in January that the harbour office had asked for double fees.\n\n"
    "Police will read the files of the harbour office, and a judge will hear the fishermen in May.",
)
ACCOUNTS = (
    "Council of Port Solmar asks harbour office for accounts",
    "The council of Port Solmar asked the harbour office for its accounts.\n\n"
    "Councillors want to know what fishermen were asked to pay the office.\n\n"
    "The harbour office told the council that police have its files.\n\n"
    "Fishermen told the council that the fees of the office were doubled.\n\n"
    "The council will ask police for the files of the harbour office.\n\n"
    "A judge must say whether the council may read the files.\n\n"
    "The office has asked fishermen for fees since the harbour was built.",
)
GULLS = "Gulls circled above the bakery while children carried lanterns through a wet evening."


@pytest.mark.parametrize(
    ("sentence", "goes_on"),
    [
        (GULLS, False),
        ("A judge in Port Solmar wants to read what the office asked fishermen to pay.", True),
    ],
)
def test_what_no_other_sentence_of_the_story_speaks_of_goes_on_under_none(sentence: str, goes_on: bool) -> None:
    assert (sentence in _goes_on((SEARCHED[0], SEARCHED[1] % sentence), FEES, ACCOUNTS)) is goes_on


def test_in_a_short_story_each_sentence_may_tell_what_no_other_does() -> None:
    assert GULLS in _goes_on((SEARCHED[0], SEARCHED[1] % GULLS), FEES)


def _goes_on(*told: tuple[str, str]) -> list[str]:
    """The opening of the first of some articles, and what goes on under it."""
    pool = build([part(article(title, body, uri=f"urn:test:{n}"), n) for n, (title, body) in enumerate(told, 1)], "en")
    return [candidate.text for candidate in extend(pool, pool.by_part[1][0], [])]
