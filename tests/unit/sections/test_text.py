"""From an article to the sentences kept of it."""

import pytest
from sections_making import article
from sentencex import segment

from storyline.domain.sections import extract
from storyline.domain.sections.features import annotate
from storyline.domain.sections.gate import is_deletion
from storyline.domain.sections.repairing import TEXT_CHARS_MAX, repair
from storyline.domain.sections.stripping import strip
from storyline.domain.sections.text import KEPT_MAX, SPLIT_CHARS_MAX, split

LEAD = "A storm tore 12 boats from their moorings in Port Solmar and closed the northern pier."
NEXT = "The council ordered 300 residents to leave their homes near the river."


def kept(body: str, language: str = "en", headline: str = "Storm in Port Solmar") -> list[str]:
    return [sentence.text for sentence in extract(article(headline, body, language=language))]


@pytest.mark.parametrize(
    "dateline",
    [
        "PORT SOLMAR, March 3 (Meridian) - ",
        "PORT SOLMAR (Meridian) -- ",
        "PORT SOLMAR — ",
        "PORT SOLMAR—",
        "Port Solmar, March 3 – ",
        "PORT SOLMAR, Ishkar (AP) ― ",
        "(CNN) -- ",
        "Port Solmar, Sept. 9 (ANI): ",
        "Port Solmar, Ishkar - ",
        "Port Solmar - ",
        "Reporting from Solmar and Orun — ",
        "PORT SOLMAR, Ishkar –- ",
        "20 July 2031 – ",
        "SOLMAR, 28th November 2031: ",
    ],
)
def test_a_dateline_is_cut_off(dateline: str) -> None:
    assert kept(dateline + LEAD) == [LEAD]


def test_a_dateline_that_lost_its_dash_is_told_by_the_country_that_follows() -> None:
    assert kept("SOLMAR, Velmara Velmara's council has closed the northern pier of the port.") == [
        "Velmara's council has closed the northern pier of the port."
    ]


@pytest.mark.parametrize(
    "junk",
    [
        "By Ida Brandt",
        "Photo: Getty Images",
        "CORRECTION: A previous version of this article gave the wrong number of boats in the harbour.",
        "An earlier version of this story said that the northern pier had been closed for two days.",
        "Send comments, criticism, or ideas to Stormbook at the address that stands below this column.",
        "Don't put the summer tires back on just yet.",
        "1 of 12",
        "Read more: Ten storms that changed the coast",
        "Continue reading the main story",
        "Updated: 10:45 GMT",
        "Additional reporting by Tomas Ardel in Kell and Keira Holm in Linden City.",
        "Follow @meridian on Twitter for the latest news from the coast.",
        "Mayor Ida Brandt looks on as boats are lifted out of the harbour, March 3, 2031.",
        "Sign up for our newsletter to get the day's news every morning.",
        "© 2031 Meridian. All rights reserved.",
        "***",
        "(b) the act is done because of where the owner of the boat or some of the crew come from.",
        "Note #2: The ferry company of Port Solmar has never said how many boats it owns.",
        "Read about the storm of 2019 and the boats that were lost in our review of it.",
        "The table below gives an overview of the boats that were torn from their moorings.",
        "Waves break over the northern pier in this photograph taken by a passenger of the ferry.",
    ],
)
def test_what_is_no_news_is_dropped(junk: str) -> None:
    assert kept(f"{LEAD}\n\n{junk}\n\n{NEXT}") == [LEAD, NEXT]


def test_positions_count_what_was_dropped() -> None:
    sentences = extract(article("Storm", f"{LEAD}\n\nPhoto: Getty Images\n\n{NEXT}"))
    assert [sentence.position for sentence in sentences] == [0, 2]


def test_a_weekday_goes_but_not_where_it_is_the_point() -> None:
    assert kept("The council rejected the budget for new pumps on Wednesday after a long debate.") == [
        "The council rejected the budget for new pumps after a long debate."
    ]
    assert kept("The debate on new pumps for the valley is due on Wednesday in Port Solmar.") == [
        "The debate on new pumps for the valley is due on Wednesday in Port Solmar."
    ]


def test_a_leading_connector_goes() -> None:
    assert kept("Meanwhile, the council of Port Solmar rejected the budget for new pumps.") == [
        "The council of Port Solmar rejected the budget for new pumps."
    ]


@pytest.mark.parametrize(
    "turn",
    [
        "However, the council of Port Solmar rejected the budget for new pumps.",
        "But the council of Port Solmar rejected the budget for new pumps.",
        "The council of Port Solmar, however, rejected the budget for new pumps.",
        "Nevertheless, the council of Port Solmar rejected the budget for new pumps.",
    ],
)
def test_what_turns_the_sentence_before_round_says_so(turn: str) -> None:
    assert kept(f"{LEAD} {NEXT} {turn}") == [LEAD, NEXT, turn]
    assert annotate(turn, "en").dependence == 1


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("The rest of the passengers were treated for small wounds in Port Solmar and released.", 1),
        ("The remaining five sailors were brought to the harbour of Port Solmar on a tug.", 1),
        ("The rest of the country has no rain for weeks, says the office in Port Solmar.", 0),
    ],
)
def test_the_rest_of_some_is_told_behind_the_others(sentence: str, leans: int) -> None:
    assert annotate(sentence, "en").dependence == leans


@pytest.mark.parametrize(
    "text",
    [
        "The mayor will resign however the vote of the council ends.",
        "The council cuts every budget however small it is for the valley.",
    ],
)
def test_a_however_that_belongs_to_what_follows_turns_nothing(text: str) -> None:
    assert annotate(text, "en").dependence == 0


def test_what_follows_an_i_or_we_in_its_paragraph_is_the_same_persons() -> None:
    statement = (
        "We first met the mayor at sea. Ida always worked for the harbour and helped others to build their boats."
    )
    assert "Ida always" not in " ".join(kept(f"{LEAD}\n\n{statement}\n\n{NEXT}"))
    told = f"“We lost all our boats,” a fisherman said. {NEXT}"
    assert NEXT in kept(f"{LEAD}\n\n{told}")


def test_a_quotation_is_taken_back_behind_the_last_sentence_that_is_kept_as_well() -> None:
    told = [f"The council of Port Solmar closed the pier of harbour {n} after the storm." for n in range(KEPT_MAX - 1)]
    agrees = (
        "“I respect the mayor and her reasons for closing the pier,” council member Tomas Ardel said before the vote."
    )
    back = "“But I urge the council to open it again before the summer.”"
    assert kept(" ".join([*told, agrees, NEXT])) == [*told, agrees]
    assert kept(" ".join([*told, agrees, back, NEXT])) == told


def test_who_quotes_somebody_must_be_there() -> None:
    torn = "Board member Ida Brandt as saying that the pier of Port Solmar was to be closed for two days."
    assert kept(f"{LEAD} {torn} {NEXT}") == [LEAD, NEXT]
    whole = "The paper quoted board member Ida Brandt as saying that the pier was to be closed for two days."
    assert kept(f"{LEAD} {whole}") == [LEAD, whole]


def test_a_name_that_ran_into_the_next_sentence_spoils_it() -> None:
    glued = "Ida Brandt, deputy head of the harbour board in Port Solmar Four boats were lost in a storm at the mole."
    assert kept(f"{LEAD} {glued} {NEXT}") == [LEAD, NEXT]
    whole = "Ida Brandt, deputy head of the board that runs The Solmar Harbour, said four boats were lost at the mole."
    assert kept(f"{LEAD} {whole}") == [LEAD, whole]


def test_a_question_and_who_asks_it_are_one_sentence_and_tell_nothing() -> None:
    assert kept(f'{LEAD} "Who is to pay?" Holm asked the council of Port Solmar at its debate. {NEXT}') == [LEAD, NEXT]
    cry = '"The pier is open!" Ida Brandt told the crowd, saying that the storm had cost the town nothing.'
    assert kept(f"{LEAD} {cry}") == [LEAD, cry]


def test_a_paper_keeps_the_day_in_its_name() -> None:
    poll = "A poll for the Mail on Sunday found that most residents of Port Solmar want the pier closed."
    assert kept(f"{LEAD} {poll}") == [LEAD, poll]


def test_entities_tags_and_mojibake_are_repaired() -> None:
    body = (
        "<p>The mayor &amp; the caf&eacute; owner agreed that the terrace&nbsp;would stay open.</p><script>x()</script>"
    )
    assert kept(body) == ["The mayor & the café owner agreed that the terrace would stay open."]
    assert repair("the riverâ\u0080\u0099s banks") == "the river’s banks"


def test_an_abbreviation_is_the_same_with_its_full_stops() -> None:
    assert annotate("The F.B.I. saw it.", "en").stem_set == annotate("The FBI saw it.", "en").stem_set


def test_quotation_marks_stand_at_what_they_quote() -> None:
    assert repair('A " late " storm, " she said, " and so on') == 'A "late" storm, "she said," and so on'
    assert repair("It was ``solidly built'' in 1990") == 'It was "solidly built" in 1990'
    assert repair('He said "yes" and "no" twice') == 'He said "yes" and "no" twice'


def test_a_headline_right_before_a_dateline_is_not_a_sentence() -> None:
    headline = "12 boats torn from their moorings"
    assert kept(f"{headline} PORT SOLMAR -- {LEAD}\n\n{NEXT}", headline=headline) == [LEAD, NEXT]


def test_the_headline_in_front_of_the_body_is_not_a_sentence() -> None:
    assert kept(f"Storm closes pier in Port Solmar\n{LEAD}", headline="Storm closes pier in Port Solmar") == [LEAD]


def test_wrapped_lines_are_one_paragraph() -> None:
    body = (
        "A storm tore 12 boats from their moorings in Port Solmar and closed\n"
        "the northern pier. The council ordered 300 residents to leave their\n"
        "homes near the river."
    )
    assert kept(body) == [LEAD, NEXT]


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Sen. Ida Brandt of Port Solmar met Gov. Tomas Ardel at 5 p.m. Sunday in the U.S. embassy."
    assert kept(text) == [text]
    text = (
        "Frmr. Pres. Ida Brandt of Port Solmar gave a long speech for the mayor, a member from Linden, Wash.; he left."
    )
    assert kept(text) == [text]


def test_a_live_blogs_clock_goes() -> None:
    assert kept(f"10:45 GMT - {LEAD}") == [LEAD]


def test_without_a_body_the_summary_is_read_and_without_both_nothing() -> None:
    assert [s.text for s in extract(article("Storm", "").model_copy(update={"summary": LEAD}))] == [LEAD]
    assert extract(article("Storm", "")) == ()


def test_questions_and_first_persons_are_kept_only_to_compare() -> None:
    assert LEAD in kept(f"What do we know about the storm in Port Solmar so far?\n\n{LEAD}")


def test_a_long_article_is_read_only_so_far() -> None:
    sentences = extract(
        article(
            "Storm",
            "\n\n".join(f"The council of Port Solmar ordered {n} pumps for the valley." for n in range(2, 9_000)),
        )
    )
    assert len(sentences) == KEPT_MAX
    assert len(repair("word " * 100_000)) <= TEXT_CHARS_MAX


def test_a_tag_that_is_never_closed_costs_no_more_than_the_text_behind_it_is_long() -> None:
    gap = " " * (TEXT_CHARS_MAX - 10)  # took minutes when each space was tried on both sides of the slash
    assert repair(f"a <{gap}b") == f"a <{gap}b"
    assert repair("<!--" * 10_000) == "<!--" * 10_000
    assert repair("One <!-- a <!-- b --> two <!-- three") == "One  two <!-- three"
    assert repair("One< / p >two< br/>three") == "One\n\ntwo\n\nthree"


def test_of_an_endless_paragraph_so_much_is_split_as_may_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def counting(language: str, text: str) -> list[str]:
        lengths.append(len(text))
        return segment(language, text)

    monkeypatch.setattr("storyline.domain.sections.text.segment", counting)
    assert kept(" ".join([LEAD, NEXT, "“" * 100_000])) == [LEAD, NEXT]
    assert max(lengths) <= SPLIT_CHARS_MAX


def test_every_kept_sentence_is_its_source_with_words_left_out() -> None:
    body = f"PORT SOLMAR (Meridian) - But the council (Reuters) rejected, however, the plan on Friday.\n\n{LEAD} {NEXT}"
    assert all(is_deletion(text, body) for text in kept(body))


@pytest.mark.parametrize(
    ("language", "body", "count"),
    [
        ("ja", "東京都は5日、地震で3人が死亡したと発表した。震源は千葉県沖で、マグニチュードは6.1だった。", 2),
        (
            "ar",
            "ضرب زلزال قوي شرق إيشكار يوم الثلاثاء وأسفر عن مقتل 12 شخصا. وأعلنت الحكومة الحداد ثلاثة أيام في البلاد.",
            2,
        ),
        ("hi", "नदी के किनारे बसे तीन गाँवों से लोगों को सुरक्षित स्थान पर ले जाया गया। अधिकारियों ने कहा कि पानी घट रहा है।", 2),
    ],
)
def test_other_scripts_are_split_by_their_own_rules(language: str, body: str, count: int) -> None:
    assert len(kept(body, language)) == count


@pytest.mark.parametrize(
    "sentence",
    [
        "The drill off Port Solmar began early Friday, involving three ships and a helicopter.",
        "One of the dockers who were hurt in Port Solmar died on Sunday.",
        "Officers were called to the northern pier of Port Solmar at 7.40am on Monday.",
        "The council will meet the dockers of Port Solmar on Tuesday.",
        "The old pier of Port Solmar is to be pulled down on Sunday, May 1, at the earliest.",
        "The campaign for the old pier of Port Solmar launches today.",
        "Brandt spoke of the pier in a talk that was shown Monday, just as the ferries stopped.",
        "Keira Holm met the dockers on the pier of Port Solmar Friday, Oct. 18, for an hour.",
        "Ida Brandt, who led the harbour of Port Solmar for years, died before dawn Sunday.",
        "The mayor of Port Solmar condemned the fire on the pier in a paper issued on Sunday evening.",
        "After Black Friday in the shops of Port Solmar the council met.",
    ],
)
def test_a_day_stays_where_it_is_what_the_clause_tells(sentence: str) -> None:
    assert kept(sentence) == [sentence]


@pytest.mark.parametrize("day", ["Monday", "Tuesday morning", "late Wednesday", "yesterday", "last night", "today"])
def test_a_day_that_was_merely_when_goes_wherever_it_stands(day: str) -> None:
    assert kept(f"The mayor of Norrin broke with the council {day} over the old pier of Port Solmar.") == [
        "The mayor of Norrin broke with the council over the old pier of Port Solmar."
    ]
    assert kept(f"The council of Port Solmar adopted a plan {day} closing the old pier to ferries.") == [
        "The council of Port Solmar adopted a plan closing the old pier to ferries."
    ]


def test_a_day_goes_with_its_evening() -> None:
    said = 'A spokeswoman of the council of Port Solmar said{}: "The old pier is closed to all ferries."'
    assert kept(said.format(" on Monday night")) == [said.format("")]


def test_of_two_days_the_one_on_which_somebody_said_so_goes() -> None:
    assert kept("The council will meet the dockers of the port on Tuesday, a spokeswoman said on Friday.") == [
        "The council will meet the dockers of the port on Tuesday, a spokeswoman said."
    ]


@pytest.mark.parametrize(
    ("opening", "rest"),
    [
        ("On Monday, ", "The council of Port Solmar closed the old pier to ferries."),
        ("On Sunday evening ", "The council of Port Solmar closed the old pier to ferries."),
        ("On Sunday, night, ", "A spokesman for the council of Port Solmar closed the old pier."),
        ("Late Monday, ", "Keira Holm closed the old pier of Port Solmar to ferries."),
        ("As of Monday afternoon, ", "The council of Port Solmar has closed four of the five piers."),
        ("Earlier on Monday ", "Keira Holm closed the old pier of Port Solmar to ferries."),
    ],
)
def test_the_day_that_a_sentence_opens_with_goes_if_it_is_the_articles_own_or_the_one_before(
    opening: str, rest: str
) -> None:
    said = f"{opening}{rest if rest.startswith('Keira') else rest[0].lower() + rest[1:]}"
    assert kept(said) == [rest]
    # The same days, of an article that came on a Thursday.
    later = extract(article("A headline of its own", said, hours=72))
    assert [sentence.text.startswith(opening.split()[0]) for sentence in later] == [True]
    undated = article("A headline of its own", said, hours=72).model_copy(update={"version_created": None})
    assert [sentence.text for sentence in extract(undated)] == [rest]


@pytest.mark.parametrize(
    "sentence",
    [
        "On Monday the council of Port Solmar will close the old pier.",
        "On Monday, the first day of the fair, Holm closed the old pier of Port Solmar.",
        "On Monday, March 3, the council of Port Solmar closed the old pier.",
        "On Sunday and Monday the council of Port Solmar closed the old pier.",
        "On Monday, when the storm came, the council of Port Solmar closed the old pier.",
        "On Monday the council of Port Solmar had closed the pier that it opened on Tuesday.",
        "On Sunday mornings the council of Port Solmar met in the old customs house.",
        "On Monday 3 March the council of Port Solmar closed the old pier.",
        "On Monday, 3rd of March, the council of Port Solmar closed the old pier.",
        "On Monday – the last of the fair – the council of Port Solmar closed the old pier.",
        "On Monday last week the council of Port Solmar closed the old pier.",
        "On Monday alone nine boats sank off the old pier of Port Solmar.",
        "On Monday, a fire broke out at 7.40am on the old pier of Port Solmar.",
    ],
)
def test_the_day_that_a_sentence_opens_with_stays_where_it_is_needed(sentence: str) -> None:
    assert [each.startswith("On ") for each in kept(sentence)] == [True]


def test_nothing_is_said_to_be_earlier_than_a_day_that_went() -> None:
    assert kept("The council of Port Solmar met earlier on Monday in the old customs house.") == [
        "The council of Port Solmar met in the old customs house."
    ]


@pytest.mark.parametrize(
    ("whole", "left"),
    [
        (
            "The fire has destroyed hundreds of homes in Port Solmar since Saturday.",
            "The fire has destroyed hundreds of homes in Port Solmar.",
        ),
        (
            "Keira Holm will tour the islands this week, speaking at three meetings of dockers.",
            "Keira Holm will tour the islands, speaking at three meetings of dockers.",
        ),
        (
            "It was the first storm in Port Solmar this month.",
            "It was the first storm in Port Solmar this month.",
        ),
        (
            "The council of Port Solmar held a vote on the pier only last week.",
            "The council of Port Solmar held a vote on the pier only last week.",
        ),
        (
            "The pier of Port Solmar has been shut to ferries ever since Monday.",
            "The pier of Port Solmar has been shut to ferries ever since Monday.",
        ),
        (
            "The council of Port Solmar has killed the plan since Thursday, when it met.",
            "The council of Port Solmar has killed the plan since Thursday, when it met.",
        ),
    ],
)
def test_what_only_the_date_of_an_article_would_place_goes_if_it_has_none(whole: str, left: str) -> None:
    undated = article("A headline of its own", whole).model_copy(update={"version_created": None})
    assert [sentence.text for sentence in extract(undated)] == [left]
    assert kept(whole) == [whole]


@pytest.mark.parametrize("day", ["on Thursday", "Thursday"])
def test_a_day_stays_where_a_participle_would_run_into_the_verb(day: str) -> None:
    poll = f"A poll published {day} put Tamsin Orre at 48 percent of the vote."
    assert kept(poll) == [poll]
    assert kept("The council voted on Thursday to close the northern pier.") == [
        "The council voted to close the northern pier."
    ]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("The council also ordered repairs to the pier.", "The council ordered repairs to the pier."),
        ("Also Friday, the council ordered repairs.", "The council ordered repairs."),
        ("The pier is not only old but also unsafe.", "The pier is not only old but also unsafe."),
        ("Brandt, also known as the Heron, was also there.", "Brandt, also known as the Heron, was there."),
        ("DETECTIVES in Solmar have arrested a man.", "Detectives in Solmar have arrested a man."),
        ("OFFICIALS in Solmar have arrested a man.", "Officials in Solmar have arrested a man."),
        ("BRICS leaders have met in Solmar.", "BRICS leaders have met in Solmar."),
        ("On the left, Labour gained 12 seats.", "On the left, Labour gained 12 seats."),
        ("On the other hand, Labour gained 12 seats.", "Labour gained 12 seats."),
        ("Besides the mayor, five people were hurt.", "Besides the mayor, five people were hurt."),
        ("However the vote ends, the pier stays.", "However the vote ends, the pier stays."),
        ("ESA scientists have found water.", "ESA scientists have found water."),
        ("NOTORIOUS Drumlin prison was searched.", "Notorious Drumlin prison was searched."),
        ("THE pier was shut.", "The pier was shut."),
        ("WHO officials said who was ill.", "WHO officials said who was ill."),
        ("[Updated at 8:58 p.m. ET] Brandt shut the pier.", "Brandt shut the pier."),
        ("Updated at 8:15 a.m. ET: Brandt shut the pier.", "Brandt shut the pier."),
        ("UPDATE: 7:19 p.m. -- Brandt shut the pier.", "Brandt shut the pier."),
        ("Update 2: Brandt shut the pier.", "Brandt shut the pier."),
        ("NEW: Brandt shut the pier.", "Brandt shut the pier."),
        ("(The pier was shut in March.)", "The pier was shut in March."),
        ("[The pier was shut in March.", "The pier was shut in March."),
        ("(The port's) pier was shut (in March).", "(The port's) pier was shut (in March)."),
        ("Brandt, in turn, closed the harbour.", "Brandt closed the harbour."),
    ],
)
def test_what_leans_on_other_sentences_or_shouts_is_left_out(raw: str, kept: str) -> None:
    assert strip(raw, "en") == kept


@pytest.mark.parametrize(
    "quoted",
    [
        "“I also want the bridge to stay closed,” Brandt said.",
        '"The council, however, voted Monday to close it," Brandt said.',
        "Brandt called it ‘a plan that also closes the pier’ for the winter.",
        "Brandt said: 'They announced Tuesday that the pier (see map) is shut.'",
    ],
)
def test_a_quotation_stays_as_it_was_said(quoted: str) -> None:
    assert strip(quoted, "en") == quoted


def test_what_stands_after_a_quotation_may_be_left_out() -> None:
    assert strip("“The pier is shut,” said Brandt, who also closed the harbour.", "en") == (
        "“The pier is shut,” said Brandt, who closed the harbour."
    )


def test_a_first_word_in_capitals_is_written_as_elsewhere_in_its_article() -> None:
    first = "DRUMLIN in Port Solmar has been closed for 40 years."
    assert kept(f"{first}\n\n{NEXT}") == [first, NEXT]
    then = "The council said that Drumlin would be opened to the public in the spring."
    assert kept(f"{first}\n\n{then}")[0] == "Drumlin in Port Solmar has been closed for 40 years."


@pytest.mark.parametrize(
    ("first", "then", "shown"),
    [
        ("TAMSIN Orre has left the council.", "Tamsin Orre was 40.", "Tamsin Orre has left the council."),
        ("A PRISONER was questioned.", "The man was let go.", "A prisoner was questioned."),
        ("A WELDER was questioned.", "The welder was let go.", "A welder was questioned."),
        ("A VELMARAN ferry was lost.", "The Velmaran ferry sank.", "A Velmaran ferry was lost."),
        ("AIDS workers left the port.", "It aids the sick.", "AIDS workers left the port."),
    ],
)
def test_a_name_in_capitals_is_written_so_too(first: str, then: str, shown: str) -> None:
    assert strip(first, "en", f"{first} {then}") == shown


@pytest.mark.parametrize("mark", ['"', "“"])
def test_a_mark_that_opens_a_quotation_stands_at_what_it_opens(mark: str) -> None:
    said, next_said = f"{mark}The pier is shut,” Brandt said.", f"{mark}It stays so till [we] know more"
    assert list(split(f"{said} {next_said}.", "en")) == [said, f"{next_said}."]
    assert list(split(f"Brandt shut it. {mark}", "en")) == ["Brandt shut it."]
    assert list(split('Brandt said: "The pier is shut. "', "en")) == ['Brandt said: "The pier is shut. "']


def test_a_sentence_that_lost_its_full_stop_is_shown_with_one_and_a_heading_is_none() -> None:
    bare = "A storm tore 12 boats from their moorings in Port Solmar and closed the pier for a week"
    heading = "Storm tears 12 boats from moorings in Port Solmar as council closes northern pier for week"
    assert kept(f"{bare}\n\n{heading}\n\n{NEXT}") == [f"{bare}.", NEXT]
    assert kept(f"{NEXT}\n\n{bare}") == [NEXT]
    assert kept(f"{bare}\n\nand the island of Kell with it.\n\n{NEXT}")[-1] == NEXT


@pytest.mark.parametrize(
    "gap",
    [
        "The council moved 12 boats to moorings in , according to a report that it released.",
        "The council said that the storm was the third in a row to reach Port Solmar at .",
    ],
)
def test_a_gap_behind_a_small_word_tells_that_a_name_was_lost(gap: str) -> None:
    assert kept(f"{LEAD}\n\n{gap}\n\n{NEXT}, it said, and to stay, if need be, with friends.") == [
        LEAD,
        f"{NEXT}, it said, and to stay, if need be, with friends.",
    ]


def test_in_a_text_cut_into_words_every_mark_stands_apart() -> None:
    assert kept("The mayor , who was sworn in , closed the pier of Port Solmar .") == [
        "The mayor, who was sworn in, closed the pier of Port Solmar."
    ]


def test_the_lines_of_an_interview_are_no_news() -> None:
    lines = ["BRANDT: The pier is shut.", "HOLM: It was shut in March by the council.", "BRANDT: So it was in March."]
    assert kept("\n\n".join((LEAD, *lines, NEXT))) == [LEAD, NEXT]
    assert kept(f"SOLMAR: {NEXT}\n\n{LEAD}") == [NEXT, LEAD]


@pytest.mark.parametrize(
    ("mangled", "sound"),
    [
        ("closed.Â As for", "closed. As for"),
        ("the pier. â Although", "the pier. Although"),
        ("â€œshutâ€\u009d again", "“shut” again"),
        ("â€œshutâ€ again", "“shut” again"),
        ("RTÃ‰ and Ã‰ire", "RTÃ‰ and Éire"),
        ("hâlâ Ã", "hâlâ Ã"),
    ],
)
def test_what_is_left_of_mangled_characters_goes(mangled: str, sound: str) -> None:
    assert repair(mangled) == sound


@pytest.mark.parametrize("clock", ["(16.37) ", "22.00 (18.00) ", "7:19 p.m. -- ", "[10:05 GMT] "])
def test_a_live_blogs_clock_goes_in_any_form(clock: str) -> None:
    assert list(split(f"{clock}Brandt shut the pier.", "en")) == ["Brandt shut the pier."]
    assert list(split("12.50 crowns were paid for it.", "en")) == ["12.50 crowns were paid for it."]
    assert list(split("20.15 Uhr war es.", "de")) == ["20.15 Uhr war es."]
    assert list(split("20.15 Uhr: Die Brücke ist zu.", "de")) == ["Die Brücke ist zu."]


def test_a_paragraphs_number_is_no_text() -> None:
    assert list(split("7 On March 3 the boat sank.", "en")) == ["On March 3 the boat sank."]
    assert list(split("7 boats sank.", "en")) == ["7 boats sank."]
    assert list(split("[12] During the afternoon the boat sank.", "en")) == ["During the afternoon the boat sank."]
    assert list(split("12. During the afternoon the boat sank.", "en")) == ["During the afternoon the boat sank."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "1. FC Solmar steigt nach dem Sieg im letzten Spiel auf."),
        ("de", "3. Oktober bleibt in Solmar ein Feiertag."),
        ("cs", "17. Listopadu je státní svátek."),
    ],
)
def test_an_ordinal_is_no_paragraphs_number(language: str, text: str) -> None:
    assert " ".join(split(text, language)) == text


def test_control_characters_of_windows_are_what_they_were_meant_for() -> None:
    assert repair("It\u0092s cold \u0096 very cold") == "It’s cold – very cold"


@pytest.mark.parametrize(
    "line",
    [
        "The official insisted on anonymity to describe the private conversation in Port Solmar.",
        "This article originally said that the ferry lay in the harbour of Orun.",
        "Calls to the harbour office requesting comment were not immediately returned by anybody.",
    ],
)
def test_what_is_about_the_report_and_not_the_news_is_dropped(line: str) -> None:
    news = "A storm closed the harbour of Port Solmar and tore 12 boats from their moorings."
    assert [kept.text for kept in extract(article("Storm closes harbour", f"{news}\n\n{line}"))] == [news]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ('He said " the pier is shut " on Monday.', 'He said "the pier is shut" on Monday.'),
        ('He said "we will go " and left " the pier " today.', 'He said "we will go " and left " the pier " today.'),
        ('A board 6 " wide and 8 " tall fell.', 'A board 6 " wide and 8 " tall fell.'),
    ],
)
def test_a_spaced_quotation_is_closed_up_only_where_its_marks_are_sure_to_pair(raw: str, clean: str) -> None:
    assert repair(raw) == clean


def test_a_day_stays_before_which_something_had_been() -> None:
    kept = extract(
        article(
            "Holm stands by her words",
            "In a speech to dockers on Monday in Solmar, Keira Holm had dismissed the plan of the ferry company.\n\n"
            "In a speech to dockers on Monday in Solmar, Keira Holm dismissed the plan of the ferry company.",
        )
    )
    assert [" on Monday" in sentence.text for sentence in kept] == [True, False]


def test_only_an_article_s_first_sentence_may_be_very_long() -> None:
    long = (
        "The council of Norrin decided that the northern pier of Port Solmar will be closed for two full years to "
        "every large ship but the ferry and the two boats of the coast guard that bring water, bread and letters to "
        "the four islands of the outer sound every day in winter."
    )
    short = "The mayor of Norrin said that nobody in the town would have to go without bread."
    assert 46 < len(long.split()) <= 52
    assert [kept.text for kept in extract(article("Pier closed", f"{long}\n\n{short}"))] == [long, short]
    assert [kept.text for kept in extract(article("Pier closed", f"{short}\n\n{long}"))] == [short]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (
            "Ida Brandt was heard in her office here for nine hours.",
            "Ida Brandt was heard in her office for nine hours.",
        ),
        ("The council opened its session here with a song.", "The council opened its session with a song."),
        ("The pier here, built in 1920, was closed.", "The pier, built in 1920, was closed."),
        (
            "The court in Orun dealt with the riot here last year.",
            "The court in Orun dealt with the riot here last year.",
        ),
        ("Nobody who works here, said Ida Brandt, was told.", "Nobody who works here, said Ida Brandt, was told."),
        ('"The pier here is closed," Ida Brandt said.', '"The pier here is closed," Ida Brandt said.'),
    ],
)
def test_here_goes_with_the_dateline_that_said_where(raw: str, kept: str) -> None:
    assert strip(raw, "en") == kept


def test_letters_of_a_name_stay_together() -> None:
    told = "Senator Ida Brandt, R-S.C., asked for a U.S.-U.K. deal."
    assert list(split(told, "en")) == [told]


@pytest.mark.parametrize("language", ["en", "de", "ru"])
@pytest.mark.parametrize("piece", [" — ", ".", "--", "; ", "after ", ", and a", "on Monday "])
def test_a_text_of_nothing_but_marks_is_read_to_its_end_at_once(piece: str, language: str) -> None:
    assert kept(f"{LEAD}\n\n{piece * 8_000}x.", language) == [LEAD]


@pytest.mark.parametrize(
    "told",
    ["12.50 Crowns a litre is the new price of milk on Norrin.", "2.50 Euro kostet die Milch auf Norrin."],
)
def test_a_price_in_front_of_a_paragraph_is_no_clock(told: str) -> None:
    assert list(split(told, "en")) == list(split(told, "de")) == [told]


@pytest.mark.parametrize(
    "sentence",
    [
        "In a statement released Tuesday, the council called the pier sound.",
        "In a letter sent on Tuesday morning, the dockers asked for a new pier.",
    ],
)
def test_a_day_stays_where_a_participle_would_hang(sentence: str) -> None:
    assert strip(sentence, "en") == sentence


def test_it_goes_behind_a_verb_of_its_own() -> None:
    told = strip("The council released its letter on Tuesday, and the dockers read it.", "en")
    assert told == "The council released its letter, and the dockers read it."
