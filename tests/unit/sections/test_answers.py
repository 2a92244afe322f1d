"""What says "But" to the sentence before it stands right after that one or not at all. All sentences are invented."""

import pytest
from sections_making import article, part

from storyline.domain.sections import evolve, extract
from storyline.domain.sections.blocks import answered_by, extend
from storyline.domain.sections.dependence import turns
from storyline.domain.sections.features import annotate
from storyline.domain.sections.gathering import build
from storyline.domain.sections.pool import Candidate, Pool

LEAD = "The harbour council of Port Solmar voted to close the oldest pier of the town before the winter storms."
GROUND = "Engineers reported that two of the pier's pillars had rotted away below the water line."
PROMISE = "The council promised the forty fishermen of the pier new berths in Linden City by spring."
ANSWER = "But it has no money for berths in Linden City, according to a report of its own engineers."
LATER = "The fishermen of the northern valley will meet the council's engineers to look at the plans of the pier."


def text_of(*sentences: str) -> str:
    return "\n\n".join(sentences)


@pytest.fixture
def pool() -> Pool:
    source = article("Port Solmar to close its oldest pier", text_of(LEAD, GROUND, PROMISE, ANSWER, LATER))
    return build([part(source, 1)], "en")


def of(pool: Pool, sentence: str) -> Candidate:
    return next(candidate for candidate in pool.candidates if candidate.text == sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (ANSWER, True),
        ("However it ends, the pier stays closed until the spring.", True),
        ('"But we are alarmed by the council\'s silence," Holm said.', True),
        ("The pier is old but sound, the engineers said.", False),
        ("Nothing but a storm could close the pier.", False),
    ],
)
def test_how_it_opens(sentence: str, expected: bool) -> None:
    assert turns(annotate(sentence, "en").lower) is expected


def test_it_leans_on_the_sentence_before(pool: Pool) -> None:
    assert of(pool, ANSWER).features.dependence == 1
    assert answered_by(pool, of(pool, PROMISE)) is of(pool, ANSWER)
    assert answered_by(pool, of(pool, GROUND)) is None


def test_what_opens_an_article_is_whole_without() -> None:
    pool = build([part(article("Port Solmar promises berths", text_of(PROMISE, ANSWER, LATER)), 1)], "en")
    assert answered_by(pool, of(pool, PROMISE)) is None


def test_both_go_on_a_page(pool: Pool) -> None:
    assert [c.text for c in extend(pool, of(pool, PROMISE), [])][:2] == [PROMISE, ANSWER]


def test_where_only_one_has_room_neither_goes_under_two(pool: Pool) -> None:
    room = [of(pool, LEAD).features, of(pool, ANSWER).features]
    # Were the answer on the page already, the promise could not stand before it.
    assert PROMISE not in [c.text for c in extend(pool, of(pool, GROUND), room)][2:]
    assert [c.text for c in extend(pool, of(pool, LEAD), [])] == [LEAD, PROMISE, ANSWER]


def test_it_heads_nothing(pool: Pool) -> None:
    page = evolve(None, list(pool.parts.values()), {1}, 1, "en")
    assert not any(section.heading.startswith("But") for section in page.sections)


def test_it_is_kept_beside_twelve_others_and_only_after_one_of_them() -> None:
    others = [
        f"The pier of berth {n} was closed by engineers after a storm had torn off its planks." for n in range(1, 14)
    ]
    kept = extract(article("Piers closed", text_of(*others[:3], ANSWER, *others[3:])))
    assert len(kept) == 13 and kept[3].text == ANSWER
    question = "Who is to pay for it all?"
    loose = extract(article("Piers closed", text_of(*others[:6], question, ANSWER, *others[6:])))
    assert ANSWER not in [each.text for each in loose]


def test_what_is_taken_back_by_nobodys_quotation_is_not_kept() -> None:
    welcome = '"We welcome the vote and thank the engineers for their report," Keira Holm of the fishermen said.'
    back = '"But it comes two winters too late for most of us."'
    kept = [each.text for each in extract(article("Piers closed", text_of(LEAD, welcome, back, LATER)))]
    assert welcome not in kept
    assert welcome in [each.text for each in extract(article("Piers closed", text_of(LEAD, welcome, LATER)))]


def test_a_comma_that_the_day_leaves_goes_with_it() -> None:
    sentence = "But on Friday, after engineers had looked at the pillars, the council closed the pier."
    kept = extract(article("Piers closed", text_of(LEAD, GROUND, sentence)))
    assert kept[-1].text == "But after engineers had looked at the pillars, the council closed the pier."


@pytest.mark.parametrize(
    "sentence",
    [
        '"Jonas Weil met Ida Brandt in the valley last week and the talk went very smoothly," he tweeted.',
        '"Is it true that the pier of Port Solmar is older than the town itself?" he asked.',
        "The pillars had rotted away long before the winter storms, she testified.",
        "At Tuesday's briefing, he stated that the pier was sound.",
        '"Jonas Weil hopes that the talk went smoothly for all in the valley of Norrin," a statement said.',
        "Radio Norrin added that both of the divers had been on the pier since noon.",
        "The harbour master further said that the pillars had rotted away long before winter.",
        '"The pillars had rotted away long before the winter storms," added Ida Brandt.',
        "The pillars had rotted away long before the winter storms, said he.",
        "The pillars had rotted away long before the winter storms, said she at the hearing.",
    ],
)
def test_who_says_it_stands_in_the_sentence_before(sentence: str) -> None:
    assert annotate(sentence, "en").dependence == 1


def test_who_says_it_may_stand_in_the_sentence() -> None:
    assert annotate("Ida Brandt argued that the pier of Port Solmar was sound.", "en").dependence == 0
    assert annotate("Ida Brandt, the mayor of Norrin, said she was appalled by it all.", "en").dependence == 0
    assert annotate("Jonas Weil, who had dived there, said he'd seen the rotten pillars.", "en").dependence == 0
    assert annotate("Ida Brandt asked the council to hear the former harbour master of Norrin.", "en").dependence == 0
    assert annotate("Of Brandt and Weil the council heard the former, a fisherman.", "en").dependence == 1
    assert annotate("The council of Port Solmar added nine pillars to the pier in spring.", "en").dependence == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "The report did get the support of one harbour master in Port Solmar.",
        "The plan of the ferry company does indeed call for a second pier in the harbour.",
        "Governor Keira Holm criticised such attacks on the harbour master of Port Solmar.",
        "Analysts of the council have looked at such piers, but that of Port Solmar is older.",
        "Governor Keira Holm will end such attacks by a plan that the council has seen.",
    ],
)
def test_what_says_did_with_weight_or_such_answers_what_stands_before_it(sentence: str) -> None:
    assert annotate(sentence, "en").dependence == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Governor Keira Holm did not call for a second pier in the harbour of Port Solmar.",
        "The ferry company did little to mend the second pier in the harbour of Port Solmar.",
        "Keira Holm asked what the harbour master did before the fire in Port Solmar.",
        "The divers of Port Solmar did business with the ferry company for nine years.",
        "The council of Port Solmar banned fireworks because such displays frighten the birds of the islands.",
        "Nine mayors moor boats in Norrin, but the council of Port Solmar bans such boats.",
        "The fire on the ferry was the first such accident in the harbour of Port Solmar.",
        "The council of Port Solmar closed its public buildings, such as the library and the baths.",
        "The fire spread at such speed that the crew of the ferry jumped into the harbour.",
    ],
)
def test_a_plain_did_and_a_such_with_its_noun_answer_nothing(sentence: str) -> None:
    assert annotate(sentence, "en").dependence == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "Regardless, the council of Port Solmar closed the pier.",
        "Ida Brandt, after all, had asked the council for nine pillars.",
        "Ida Brandt wrote the above letter to the council of Port Solmar.",
        "In a letter a week later, Ida Brandt asked the council for nine pillars.",
        "The Norrin man, a sailor for years, died in the harbour of Port Solmar.",
        "Back in Norrin, the harbour master spoke of nine pillars.",
        "Ida Brandt was referring to a letter that the council had sent to the dockers.",
        "The council of Port Solmar did just that within an hour.",
        "Ever since, the harbour master of Norrin has asked for nine pillars.",
        "Each time, the council of Port Solmar has rebuilt the pier.",
        "From there, the dockers were taken to Norrin.",
        "In another letter to the dockers, Ida Brandt asked for nine pillars.",
        "“Nine pillars are cracked,” Ida Brandt continued.",
        "Ida Brandt continued, calling the pier unsound.",
        "One of its members, Ida Brandt, asked for nine pillars.",
        "For one thing, nobody in Port Solmar has counted the pillars.",
        "On another pier, Ida Brandt found nine pillars cracked.",
        "Despite that, the council of Port Solmar closed the pier.",
        "First, the council of Port Solmar has no right to the pier.",
        "More importantly, dockers of Norrin may use the pier.",
        "Jonas Weil came third in that class of boats.",
        "On Radio Norrin, she called the pier of Port Solmar sound.",
        "CNB officers searched his boat in the harbour of Port Solmar.",
        "Letters of the harbour board may answer that question in autumn.",
        "Within months the two fell out over nine pillars of the pier.",
    ],
)
def test_what_points_at_what_stood_before_leans_on_it(sentence: str) -> None:
    assert annotate(sentence, "en").dependence == 1


def test_the_place_an_article_is_dated_from_is_nowhere_named() -> None:
    assert annotate("Two ferries lie at the quay of this old fishing town in the north.", "en").dependence == 2
    assert annotate("Ida Brandt spoke of this letter to the town of Norrin.", "en").dependence == 1


def test_whose_name_stands_before_needs_nothing_before_it() -> None:
    assert annotate("NTV chief Ida Brandt sold his boat in the harbour of Port Solmar.", "en").dependence == 0
    assert annotate("Regardless of the storm, the council of Port Solmar closed the pier.", "en").dependence == 0
    assert annotate("With Ida Brandt in Norrin, the two fell out over nine pillars.", "en").dependence == 0
    assert annotate("Fishermen in that part of Ishkar have sold boats.", "en").dependence == 1


def test_a_page_goes_on_with_both() -> None:
    # Questions keep the sentences apart: none stands under another one as its neighbour.
    apart = "\n\nWho knew?\n\nWhy now?\n\nAnd then?\n\n"
    claim = "Engineers hired in spring promised two new pillars for the pier, where the old ones rot."
    answer = "But it has no money for pillars, according to a report that the fishermen handed round."
    first = article("Port Solmar to close its oldest pier", LEAD)
    second = article(
        "Port Solmar closes oldest pier", f"{LEAD}{apart}{claim}\n\n{answer}", uri="urn:test:2", house="Courier"
    )
    parts = [part(first, 1)]
    parts.append(part(second, 2, parts))
    page = evolve(evolve(None, parts[:1], {1}, 1, "en"), parts, {2}, 2, "en")
    texts = [sentence.text for section in page.sections for sentence in section.sentences]
    assert texts[-2:] == [claim, answer]


def test_who_answers_further_down_than_what_is_kept_is_kept_too() -> None:
    told = [f"The council of Port Solmar counted {n} boats at the pier {n} of the old harbour." for n in range(10, 30)]
    answer = "A lawyer for the fishermen rejected the council's numbers as far too low."
    again = "Fishermen of the northern valley criticised the council for its numbers."
    third = "The owner of the ferry disputed the numbers of the council as well."
    kept = [
        sentence.text for sentence in extract(article("Boats counted", text_of(*told, answer, told[0], again, third)))
    ]
    assert kept[:12] == told[:12]
    assert kept[12:] == [answer, again]


@pytest.mark.parametrize("title", ["Between the two", "With the two", "Between talks the two"])
def test_a_title_may_end_with_the_two(title: str) -> None:
    assert annotate(title, "en").tokens[-1] == "two"
    assert part(article(title, "Port Solmar closed its pier on Monday."), 1).headline == title
