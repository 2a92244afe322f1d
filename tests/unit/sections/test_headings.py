"""What can head a page or a section. All sentences are invented."""

import pytest
from tests.unit.sections.sections_making import parts_of

from storyline.domain.sections.cuts import waits
from storyline.domain.sections.features import annotate
from storyline.domain.sections.gathering import build
from storyline.domain.sections.headings import (
    choose,
    clashes,
    headline_score,
    is_headline,
    is_told,
    own_title,
    read_heading,
)
from storyline.domain.sections.standing import leaning, plain_weight, weight
from storyline.domain.sections.telling import tells_by_now
from storyline.domain.sections.tense import past_subject
from storyline.domain.sections.trimming import trim, undated


@pytest.mark.parametrize(
    "title",
    ["Oil price soars", "Volcano on island erupts", "Third suspect confesses", "Ferry with 200 aboard capsizes"],
)
def test_a_title_may_end_with_its_verb(title: str) -> None:
    assert is_headline(title, "en")


@pytest.mark.parametrize(
    "title",
    [
        "Holm rips plan for pier",
        "Marlow pulling out of debate",
        "Singer Ida Brandt dead at 90",
        "Islands defy Orun on quota",
        "Thousands rally in Solmar ahead of vote",
        "Caught on film, Ardel apologizes",
    ],
)
def test_a_title_may_tell_its_news_in_the_short_forms_of_headlines(title: str) -> None:
    assert is_headline(title, "en")


@pytest.mark.parametrize(
    "title",
    [
        "Harbour of Solmar: ten photographs",
        "Ida Brandt: Mending the nets",
        "Ten years of the missing",
        "Visual arts reviews, news & interviews",
        "Brandt's top 10 moments on stage shown",
        "Six reasons why Solmar loves Brandt",
    ],
)
def test_a_plural_at_the_end_is_no_verb_nor_is_a_label_a_headline(title: str) -> None:
    assert not is_headline(title, "en")


def test_the_weekday_at_a_titles_end_goes_with_its_preposition() -> None:
    assert undated("Marlow Will Meet With Brandt On Thursday") == "Marlow Will Meet With Brandt"
    assert undated("Pier Stays Closed Until Thursday") == "Pier Stays Closed Until Thursday"


@pytest.mark.parametrize(
    ("clause", "heading"),
    [
        ("A poll published on Thursday put Holm at 48 percent", "poll published on Thursday put Holm at 48 percent"),
        ("A plan released late on Friday says nothing", "plan released late on Friday says nothing"),
        ("Holm on Friday said the pier was unsafe", "Holm said pier was unsafe"),
        ("Police on Friday arrested a rower", "Police arrested rower"),
        ("The storm on Black Friday hit the shops", "storm on Black Friday hit shops"),
    ],
)
def test_a_weekday_inside_goes_with_its_preposition_or_not_at_all(clause: str, heading: str) -> None:
    assert trim(clause) == heading


@pytest.mark.parametrize(
    ("clause", "heading"),
    [
        ("A few rowers reached the harbour", "A few rowers reached harbour"),
        ("The few survivors of the storm were fed", "The few survivors of storm were fed"),
        ("Holm has a little time left", "Holm has a little time left"),
        ("Orlina named the few who stayed", "Orlina named the few who stayed"),
        ("A third of the islands stayed at home", "A third of islands stayed at home"),
        ("Holm waited more than a year for a bridge", "Holm waited more than a year for bridge"),
        ("Once a week the ferry leaves", "Once a week ferry leaves"),
        ("Not a single ferry left the harbour", "Not a single ferry left harbour"),
    ],
)
def test_a_heading_keeps_an_article_without_which_it_says_something_else(clause: str, heading: str) -> None:
    assert trim(clause) == heading


@pytest.mark.parametrize(
    ("heading", "waiting"),
    [
        ("Founded in 1990, the harbour board of Solmar runs six piers", True),
        ("Mohammed Brandt scored twice on Sunday, and Solmar won the cup final", False),
        ("Injured passengers left the train, and police closed the line", False),
        ("Estate will be divided equally among four heirs", False),
        ("Similarly the harbour of Solmar was closed", True),
    ],
)
def test_an_aside_at_the_beginning_waits_for_its_subject_and_a_subject_is_no_aside(heading: str, waiting: bool) -> None:
    assert waits(heading, heading.lower().split(), heading, "", frozenset()) == waiting


@pytest.mark.parametrize(
    "sentence",
    [
        "When that happens, the pier is closed.",
        "If that fails, the board must pay.",
        "Additional trains were put on.",
        "Further talks were held on the pier.",
        "With help from the army, they cleared the pier.",
        "Among the boats in the harbour, it was the oldest.",
        "Until then the pier stays shut.",
        "Two days later the pier was open.",
        "Some piers, for example, have been shut.",
        "Soon after, Keira Holm closed the pier.",
        "Around the same time, Keira Holm closed the pier.",
        "There was one problem: Keira Holm had never been to sea.",
        "There was another storm in Orun.",
        "The boats were then moved to Orun.",
        "Keira Holm is nonetheless the favourite.",
        "Jonas Weil left the board, too.",
        "Jonas Weil said that wasn't a fair question.",
        "Using charts, a model and his old lantern, he showed where the pier broke.",
    ],
)
def test_an_opening_that_leans_on_the_sentence_before_is_told(sentence: str) -> None:
    assert annotate(sentence, "en").dependence


@pytest.mark.parametrize(
    "sentence",
    [
        "When the storm came, the harbour board closed the pier.",
        "With help from the army, Solmar won.",
        "When the storm had passed, the boats were then moved to Orun.",
        "Keira Holm stopped in Orun and then moved on to Solmar.",
        "Keira Holm did not resign but instead closed the pier.",
        "Although the pier was shut, Keira Holm is nonetheless the favourite.",
        "The price of the new pier is far too high.",
        "Jonas Weil said that the question was fair.",
    ],
)
def test_one_that_brings_its_own_subject_is_not(sentence: str) -> None:
    assert not annotate(sentence, "en").dependence


def chosen(texts: list[tuple[str, str]], n: int, lead: bool = False) -> str | None:
    """The heading of the block that article `n`'s sentences are."""
    pool = build(parts_of(texts), "en")
    found = choose(pool, pool.by_part[n][:3], (), lead)
    return found.text if found else None


BRIDGE = (
    "Parade of old ferries marks bridge over Alban",
    "Solmar opened its second bridge over the Alban with a parade of old ferries.",
)


def test_a_title_that_its_section_does_not_tell_heads_no_lead() -> None:
    untold = ("Brandt denies taking money from builders", "Ida Brandt opened the new bridge over the Alban in Solmar.")
    assert chosen([BRIDGE, untold], 2, lead=True) == "Ida Brandt Opens New Bridge over Alban in Solmar"


def test_where_the_first_sentence_points_back_the_second_heads_the_section() -> None:
    body = (
        "Several deputies fumed over the remarks, with the mayor prodding the board to act on them at once. "
        "Brandt defended the second bridge, calling it a gift to Solmar."
    )
    assert chosen([BRIDGE, ("Letters of the week", body)], 2) == "Brandt Defends Second Bridge"


def test_a_definition_and_who_had_nothing_to_say_head_no_section() -> None:
    bodies = ("A pier is a wooden road over the water of Solmar.", "Solmar council declined to comment on the bridge.")
    assert [chosen([BRIDGE, ("Letters of the week", body)], 2) for body in bodies] == [None, None]


def test_an_aside_before_the_main_clause_may_name_a_place() -> None:
    body = "In a speech to dockers in Orun, Velmara, Brandt dismissed the old bridge as a danger to ferries."
    assert chosen([BRIDGE, ("Letters of the week", body)], 2) == "Brandt Dismisses Old Bridge as Danger to Ferries"


def test_a_place_without_its_name_leans_whatever_the_titles_tell() -> None:
    known = frozenset(("citi", "ferri", "solmar", "bridg"))
    stems = frozenset(("ferri", "solmar", "bridg", "citi"))
    assert (
        leaning("Solmar ferries left bridge in city", stems, "Solmar ferries left a bridge in the city.", known) >= 30
    )


def test_none_heads_a_section_that_only_points_back() -> None:
    body = "An official in the city said the area was closed. The area was closed for the same reason by the two men."
    assert chosen([BRIDGE, ("Letters of the week", body)], 2) is None


@pytest.mark.parametrize(
    ("heading", "sentence", "leans"),
    [
        ("Deputies fumed over remarks", "Deputies fumed over the remarks.", True),
        ("Deputies fumed over remarks of Brandt", "Deputies fumed over the remarks of Brandt.", False),
        ("Official in city said 46 had died", "An official in the city said 46 had died.", True),
        ("Official in Solmar said 46 had died", "An official in Solmar said 46 had died.", False),
        ("Government sent troops", "The government sent troops.", False),
        ("Popular Velmaran network turned to radio", "The popular Velmaran network turned to radio.", True),
        ("No such boats were found", "No such boats were found.", True),
        ("Country's Gull missile hit pier", "The country's Gull missile hit the pier.", True),
        ("World's largest pier was closed", "The world's largest pier was closed.", False),
        ("June decision closed pier", "The June decision closed a pier.", True),
        ("Orun Democrat called for vote", "The Orun Democrat called for a vote.", True),
        ("Orun Times called for vote", "The Orun Times called for a vote.", False),
    ],
)
def test_what_a_heading_points_at_outside_itself_is_told(heading: str, sentence: str, leans: bool) -> None:
    assert (leaning(heading, frozenset(), sentence, frozenset()) > 0) == leans


@pytest.mark.parametrize(
    ("language", "better", "worse"),
    [
        ("ru", "Водолазы нашли останки у моста", "По информации издания, водолазы нашли останки"),
        ("ru", "Водолазы нашли останки у моста", "Но водолазы нашли останки у моста"),
        ("es", "Solmar abre un segundo puente", "La tienda abre un segundo puente"),
        ("fr", "Solmar ouvre un second pont", "Son maire ouvre un second pont"),
        ("nl", "Solmar opent een tweede brug", "De winglets openen een tweede brug"),
    ],
)
def test_in_other_languages_a_heading_that_leans_or_begins_with_an_aside_is_worth_less(
    language: str, better: str, worse: str
) -> None:
    weights = [plain_weight(text, language, frozenset(), frozenset(), lead=False) for text in (better, worse)]
    assert weights[0] > weights[1]


OPENING = (
    "Ardel warns fishermen as parliament splits on quota",
    "SOLMAR, March 3 (Meridian) - Tomas Ardel told fishermen in Solmar that their quota would be cut.\n\n"
    "Half of parliament is against a cut, and the minister has lost two votes on it.",
)


def test_the_title_of_an_article_heads_a_section_that_opens_as_the_article_does() -> None:
    pool = build(parts_of([OPENING]), "en")
    block = pool.by_part[1]
    # Further down the title's verb must be told as well: there the section may be about something else.
    first = choose(pool, block, [], lead=False)
    assert first and first.text == "Ardel Warns Fishermen as Parliament Splits on Quota"
    block[0].position = 1
    later = choose(pool, block, [], lead=False)
    assert later is None or later.text != first.text


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ("Opera on Velmara's moon expedition divides critics", True),
        ("Opera on Velmara's moon expedition costs 40 million", False),  # the section has no such number
        ("Solmar marks bridge over Alban with parade of ferries", False),  # the lead's news
    ],
)
def test_what_is_told_down_an_article_may_stand_under_its_title(title: str, heads: bool) -> None:
    body = (
        "Solmar opened its bridge over the Alban with a parade of ferries.\n\nIt rained.\n\nNobody minded.\n\n"
        "Then critics in Solmar were divided over the opera about the moon and an expedition from Velmara, and the "
        "parade of ferries over the bridge had to wait for them."
    )
    pool = build(parts_of([BRIDGE, (title, body)]), "en")
    found = choose(pool, pool.by_part[2][-1:], [], lead=False)
    assert (found is not None and found.text.lower() == title.lower()) is heads


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("Brandt reaffirms opposition to ferry in Orun harbour", "Brandt reaffirms belief in ferry as way home", True),
        ("Brandt was elected chair of harbour board", "Police arrested Brandt near harbour pier in storm", False),
        ("Police arrested Brandt in Orun harbour", "Police arrested Holm over storm in Solmar", False),
    ],
)
def test_headings_that_tell_the_same_act_of_the_same_clash_sooner(one: str, other: str, clash: bool) -> None:
    pool = build(parts_of([OPENING]), "en")
    assert clashes(pool, read_heading(one, "en"), [read_heading(other, "en")]) == clash


def test_a_headline_that_the_pages_first_sentence_bears_out_is_better() -> None:
    other = ("Orun court hears first day of case against Ardel", "SOLMAR, March 3 (Meridian) - A court met in Orun.")
    pool = build(parts_of([OPENING, other]), "en")
    lead = pool.by_part[1][0]
    with_lead = [headline_score(pool, n, lead) - headline_score(pool, n, None) for n in (1, 2)]
    assert with_lead[0] > with_lead[1] > 0


@pytest.mark.parametrize(("who", "costs"), [("Keira Holm", 100), ("Harbour master", 0)])
def test_a_headline_that_names_nobody_whom_the_others_name_is_worth_less(who: str, costs: int) -> None:
    bodies = (
        "SOLMAR, March 3 (Meridian) - Keira Holm, a former governor, died at a hospital on Tuesday.",
        "ORUN, March 3 (Norrin) - Keira Holm is dead at 90, her family said in a short letter.",
        "LINDEN CITY, March 3 (Velmar) - Valley towns mourned Keira Holm with bells and flags at noon.",
    )
    titles = ("Former governor dies at 90", f"{who} dead at 90", f"Valley mourns {who}")
    pool = build(parts_of(list(zip(titles, bodies, strict=True))), "en")
    alone = build(parts_of([(titles[0], body) for body in bodies]), "en")
    of_words = [headline_score(each, 1, None) - 6 * each.centrality(each.titles[1]) // 5 for each in (pool, alone)]
    assert of_words[1] - of_words[0] == costs


def test_what_somebody_is_to_do_heads_no_section_that_tells_of_it_as_done() -> None:
    body = "SOLMAR, March 3 (Meridian) - Tomas Ardel outlined his plan for the harbour of Solmar in a speech."
    pool = build(parts_of([("Tomas Ardel to outline plan for Solmar harbour", body)]), "en")
    found = choose(pool, pool.by_part[1], [], lead=False)
    assert found is None or not found.text.startswith("Tomas Ardel to Outline")


def test_an_aide_to_somebody_is_to_do_nothing() -> None:
    body = "SOLMAR, March 3 (Meridian) - An aide to senator Ida Brandt had to apologize for a post on the ferries."
    pool = build(parts_of([("Aide to senator Brandt apologizes for ferry post", body)]), "en")
    found = choose(pool, pool.by_part[1], [], lead=False)
    assert found and found.text == "Aide to Senator Brandt Apologizes for Ferry Post"


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("Solmar News Agency Said Council Would Halt Ferry Tests and Night Sailings", True),
        ("Solmar News Agency: Council Would Halt Ferry Tests and Night Sailings", True),
        ("Harbour Union Denies Council Will End Ferry Tests and Night Sailings", False),
        ("Council to Move Ferry Tests to Ardel by Spring", False),
        ("Council Ends 14 Ferry Tests and Night Sailings", False),
    ],
)
def test_a_heading_tells_nothing_new_if_one_sentence_said_it_whoever_says_it(heading: str, told: bool) -> None:
    shown = annotate("The council announced that it would end ferry tests and night sailings in the strait.", "en")
    assert is_told(heading, [shown]) is told


@pytest.mark.parametrize(
    ("headline", "heading"),
    [
        ("Holm opens new bridge over Alban in rain", "Holm Opens New Bridge over Alban in Rain"),
        ("Orun court hears case on Alban bridge", "Keira Holm Opens New Bridge over Alban for Lorries"),
        ("Bridge over Alban opened for lorries of Orun", "Bridge over Alban Opened for Lorries of Orun"),
    ],
    ids=["in other words", "of something else", "but a clause"],
)
def test_a_lead_says_the_pages_headline_in_the_same_words_or_not_at_all(headline: str, heading: str) -> None:
    told = ("Letters of the week", "Keira Holm opened the new bridge over the Alban for lorries.")
    pool = build(parts_of([(headline, "SOLMAR, March 3 (Meridian) - Rain fell on the guests."), told]), "en")
    found = choose(pool, pool.by_part[2], [read_heading(headline, "en")], lead=True, headline_n=1)
    assert found is not None
    assert found.text == heading


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Holm closed northern pier after storm", "mayor closed northern pier after storm"),
        ("mayor closed 12 northern piers after storm", "mayor closed both northern piers after storm"),
        ("Holm closed northern pier and opened southern mole", "Holm closed northern pier of old southern mole"),
        ("Storm hit coast of Orun, killing ten sailors", "Storm hit coast of Orun, with ten sailors"),
    ],
    ids=["a name", "a number", "two things", "what came of it"],
)
def test_a_heading_is_worth_more_for_what_it_names_and_tells(better: str, worse: str) -> None:
    weights = []
    for heading in (better, worse):
        sentence = annotate(f"{heading}.", "en")
        weights.append(weight(heading, sentence.stem_set, sentence, frozenset({"pier", "coast"}), lead=False))
    assert weights[0] > weights[1]


@pytest.mark.parametrize(
    ("clause", "who"),
    [
        ("Brandt went to school in Karsund", "Brandt"),
        ("Ida Brandt easily won primary in Orun", "Brandt"),
        ("Holm said pier was safe for ferries", ""),
        ("Brandt leaves Solmar for Karsund", ""),
        ("Brandt was named minister of harbours", ""),
    ],
)
def test_who_did_something_at_another_time_is_told_by_the_past(clause: str, who: str) -> None:
    assert past_subject(clause) == who


@pytest.mark.parametrize(
    ("further", "heading"),
    [
        ("Brandt earned a doctorate from Linden University.", None),
        ("Brandt inspected the harbour board and its six piers.", "Brandt Inspected Harbour Board and Its Six Piers"),
    ],
    ids=["beside the matter", "of the matter"],
)
def test_what_somebody_once_did_beside_the_matter_heads_no_section_alone(further: str, heading: str | None) -> None:
    body = "SOLMAR, March 3 (Meridian) - Ida Brandt was named head of the harbour board.\n\nIt rained."
    pool = build(
        parts_of(
            [("Ida Brandt named head of harbour board", f"{body}\n\nNobody minded.\n\nIt was cold.\n\n{further}")]
        ),
        "en",
    )
    found = choose(pool, pool.by_part[1][-1:], [], lead=False)
    assert (found.text if found and not found.leans else None) == heading


@pytest.mark.parametrize(
    ("heading", "tells"),
    [
        ("Fishermen of Solmar Have Long Complained of Quota", False),
        ("Brandt Has Said Quota Will Stand", True),
        ("Holm Says Board Will Not Sell Pier", True),
        ("Storm Closes Two Piers in Solmar", True),
    ],
)
def test_what_has_been_so_by_now_tells_no_act(heading: str, tells: bool) -> None:
    assert (tells_by_now(heading) == 0) is tells


@pytest.mark.parametrize(
    ("when", "after", "heads"),
    [
        ("", "", True),
        ("In March last year ", "", False),
        ("Last year ", "", False),
        ("", " after a vote last year", True),  # that was the vote
    ],
)
def test_what_a_sentence_tells_of_another_time_heads_no_section_alone(when: str, after: str, heads: bool) -> None:
    body = "SOLMAR, May 3 (Meridian) - A ferry sank off Solmar.\n\nIt rained.\n\nNobody minded.\n\nIt was cold."
    further = f"{when}{'t' if when else 'T'}he harbour board of Solmar closed its oldest ferry pier to ships{after}."
    pool = build(parts_of([("Ferry with 60 aboard sinks off Solmar pier", f"{body}\n\n{further}")]), "en")
    found = choose(pool, pool.by_part[1][-1:], [], lead=False)
    assert (found is not None and not found.leans) is heads


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Holm unseats Brandt as head of Solmar harbour", "Holm Unseats Brandt as Head of Solmar Harbour"),
        ("Storm closes all piers of Velmara", None),  # tells of another matter
        ("Ferry sinks off Solmar as harbour votes", None),  # the page's headline again
        ("Why Holm unseats Brandt as head of Solmar harbour", None),
    ],
)
def test_a_section_that_is_whole_stands_under_its_articles_title_if_it_tells_half_of_it(
    title: str, heading: str | None
) -> None:
    body = "Ida Holm won a hard-fought vote for the harbour of Solmar, in which Brandt lost his seat at its head."
    pool = build(parts_of([(title, f"{body}\n\nShe thanked those who had voted for her in the harbour.")]), "en")
    taken = [read_heading("Ferry Sinks off Solmar", "en")]
    found = own_title(pool, pool.by_part[1], taken)
    assert (found.text if found else None) == heading


def test_a_section_stands_under_no_title_that_is_close_to_another_heading() -> None:
    title = "Holm unseats Brandt as head of Solmar harbour in vote"
    body = "Ida Holm won a hard-fought vote for the harbour of Solmar, in which Brandt lost his seat at its head."
    pool = build(parts_of([(title, f"{body}\n\nShe thanked those who had voted for her in the harbour.")]), "en")
    far = read_heading("Velmara Warns Solmar That Dredging Will Ruin Fishermen", "en")
    near = read_heading("Brandt Warns Solmar That Dredging of Harbour Will Ruin Fishermen of Velmara", "en")
    assert own_title(pool, pool.by_part[1], [far]) is not None
    assert own_title(pool, pool.by_part[1], [near]) is None
