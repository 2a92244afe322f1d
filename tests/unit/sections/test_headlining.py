"""The form of a heading, and what it tells. All sentences are invented."""

import pytest

from storyline.domain.sections.features import annotate
from storyline.domain.sections.gate import is_deletion
from storyline.domain.sections.headlining import Told, headline, is_dated_before, told_when
from storyline.domain.sections.predicates import words_of
from storyline.domain.sections.telling import tells_little
from storyline.domain.sections.tense import in_present, rests_on

NOBODY = frozenset().__contains__


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("Mr. Brandt met Ms. Holm at pier", "Brandt met Holm at pier"),
        ("Police said that ferry would leave Solmar", "Police said ferry would leave Solmar"),
        ("number of towns in Orun closed their piers", "towns in Orun closed piers"),
        ("majority of towns in Orun closed their piers", "majority of towns in Orun closed their piers"),
        ("Holm was calling plan a mistake in written statement", "Holm was calling plan a mistake"),
        ("Holm attacked harbour plan at news conference in Solmar", "Holm attacked harbour plan"),
        ("Holm showed new pier to reporters at White House", "Holm showed new pier"),
        ("Mayor Ida Holm lied in radio interview", "Mayor Ida Holm lied in radio interview"),
        ("Ida Holm is opening pier in Solmar", "Ida Holm opening pier in Solmar"),
        ("Towns in Orun have been closing their piers", "Towns in Orun closing their piers"),
        ("Aim of board is closing pier in Solmar", "Aim of board is closing pier in Solmar"),
        ("Board is likely to close pier in Solmar", "Board likely to close pier in Solmar"),
        ("Overnight, storm closed pier", "Overnight, storm closed pier"),
        ("Consequently, boats stayed in harbour", "boats stayed in harbour"),
        ("Recently Solmar opened pier", "Solmar opened pier"),
        ("Formally, Solmar opened pier", "Solmar opened pier"),
        ("Reportedly, Solmar opened pier", "Reportedly, Solmar opened pier"),
        ("Overnight, Solmar closed its pier", "Solmar closed pier"),
        ("President Sena Marlow opened pier", "Marlow opened pier"),
        ("President Tomas Ardel opened pier", "President Tomas Ardel opened pier"),
        ("Harbour host Ida Brandt opened pier", "Brandt opened pier"),
        ("Harbour host Ida Holm opened pier", "Harbour host Ida Holm opened pier"),
        ("Harbour of Ida Brandt opened pier", "Harbour of Ida Brandt opened pier"),
        ("Holm has officially kept pier", "Holm has kept pier"),
        ("Board voted later to open pier", "Board voted to open pier"),
        ("Holm later opened pier", "Holm opened pier"),
        ("Holm opened pier two days later", "Holm opened pier two days later"),
        ("Pier is currently being closed", "Pier is being closed"),
        ("Orun move has been welcomed by board", "Orun move welcomed by board"),
        ("Holm left her post at harbour", "Holm left post at harbour"),
        ("Holm left her husband at harbour", "Holm left her husband at harbour"),
        ("Board wrote up its attacks on plan of Orun", "Board wrote up attacks on plan of Orun"),
        ("Holm has recently kept pier open", "Holm has kept pier open"),
        ("Brandt and Holm left her post at harbour", "Brandt and Holm left her post at harbour"),
        ("Holm kept officially closed pier", "Holm kept officially closed pier"),
        ("Four sailors were injured in storm", "Four sailors injured in storm"),
        ("Mayor of Solmar has been badly hurt by falling crane", "Mayor of Solmar badly hurt by falling crane"),
        ("Ferry was not damaged in storm", "Ferry was not damaged in storm"),
        ("Holm was married to Brandt", "Holm was married to Brandt"),
        ("Brandt was arrested in Orun and is held there", "Brandt was arrested in Orun and is held there"),
        ("Board decides how money is shared by towns", "Board decides how money is shared by towns"),
    ],
)
def test_a_clause_is_put_as_a_headline_by_leaving_words_out(clause: str, told: str) -> None:
    shown = headline(clause, {"marlow"}, {"brandt"}.__contains__)
    assert shown == told
    assert is_deletion(shown, clause)


@pytest.mark.parametrize(
    "clause",
    [
        "Prison is run by state government",
        "Orun has third-longest pier in world",
        "Changes came amid backlash in Orun",
        "Harbour board initially rejected plan for pier",
        "Holm was in middle of lunch with Brandt",
        "Pier would be unusual choice for town",
        "Board had been focusing on Orun",
        "Sailors were heading to harbour of Orun",
    ],
)
def test_what_is_so_on_any_day_tells_little(clause: str) -> None:
    assert tells_little(words_of(clause), annotate(f"{clause}.", "en"), frozenset()) >= 12


@pytest.mark.parametrize(
    "clause",
    [
        "Harbour board rejected plan for pier",
        "Four sailors were injured in storm",
        "Towns have closed their piers",
        "Orun is closing its piers after storm",
        "Holm said she never opposed plan",
        "Prisoners are to be moved to Orun",
        "Chain has cut 40 jobs in Orun",
    ],
)
def test_what_happened_loses_nothing(clause: str) -> None:
    assert tells_little(words_of(clause), annotate(f"{clause}.", "en"), frozenset()) == 0


def test_a_man_whom_no_title_knows_is_nobody_in_particular() -> None:
    sentence = annotate("A man drowned near the pier of Solmar as the storm closed it.", "en")
    words = words_of("Man drowned near pier of Solmar")
    assert tells_little(words, sentence, frozenset())
    assert not tells_little(words, sentence, frozenset({"man"}))


@pytest.mark.parametrize(
    ("sentence", "of_old"),
    [
        ("Last month, Holm was accused by the board of hiding the bill.", True),
        ("Earlier this year Holm was accused by the board of hiding the bill.", True),
        ("In 2029, Holm was accused by the board of hiding the bill.", True),
        ("Three years ago, Holm was accused by the board of hiding the bill.", True),
        ("Holm was accused by the board of hiding the bill last year.", True),
        ("Holm was accused by the board of hiding the bill two months ago.", True),
        ("Last night, Holm was accused by the board of hiding the bill.", False),
        ("Holm was accused by the board of hiding last year's bill.", False),
        ("Holm was accused by the board of hiding the bill, but he had paid it a month ago.", False),
    ],
)
def test_what_was_a_month_ago_keeps_its_was(sentence: str, of_old: bool) -> None:
    clause = "Holm was accused by board of hiding bill"
    when = told_when(clause, annotate(sentence, "en"), 0)
    assert (when is Told.OF_OLD) is of_old
    told = headline(clause, frozenset(), NOBODY, when)
    assert told == (clause if of_old else "Holm accused by board of hiding bill")


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("Marlow said he didn't sign treaty", "Marlow says he didn't sign treaty"),
        ("Officials in Orun said 40 towns closed their piers", "Officials in Orun say 40 towns closed their piers"),
        ("Police said four sailors were injured", "Police say four sailors were injured"),
        ("Board said it had reached agreement with Orun", "Board says it reached agreement with Orun"),
        ("Marlow warned that talks with Orun may fail", "Marlow warns that talks with Orun may fail"),
        ("Harbour board has denied claims of fraud", "Harbour board denies claims of fraud"),
        ("City of Solmar has inaugurated restored pier", "City of Solmar inaugurates restored pier"),
        ("Solmar Rovers have announced plan for stadium", "Solmar Rovers announce plan for stadium"),
        ("Sen. Ida Fosters accused board of fraud", "Sen. Ida Fosters accuses board of fraud"),
        ("Board said it would close pier in Orun", "Board says it will close pier in Orun"),
        ("Officials vowed vote would go on in Orun", "Officials vow vote will go on in Orun"),
        ("Solmar cut jobs at its pier", "Solmar cuts jobs at its pier"),
        ("Fishermen in Orun sought help", "Fishermen in Orun seek help"),
        ("states of Velmara sought help", "states of Velmara seek help"),
        ("United States released about 40 prisoners", "United States releases about 40 prisoners"),
        ("More than 50 towns sought help from Orun", "More than 50 towns seek help from Orun"),
        ("Marlow blamed rebels and criticized Orun for raid", "Marlow blames rebels and criticizes Orun for raid"),
        ("Ministry rejected talks and said it would hold talks of its own",
         "Ministry rejects talks and says it will hold talks of its own"),
    ],
)  # fmt: skip
def test_news_is_told_in_the_present(clause: str, told: str) -> None:
    assert in_present(clause, fresh=True) == told
    assert rests_on(told.title(), f"On Monday {clause}, as before.")


@pytest.mark.parametrize(
    "clause",
    [
        "Marlow said he wanted to sign treaty",  # wants, or wanted?
        "Marlow said he would have to sign treaty",
        "Marlow said Holm would sign treaty",
        "Marlow said he would not",
        "Police said suspect was in Solmar",
        "Marlow warned that delay risked talks",
        "Board once denied claims of fraud",
        "Board denied claims and repainted pier",
        "Rebels attacked towns and occupied areas",
        "Board denied claims of mayor who lied and closed pier",
        "Board denied claims as pier closed",
        "Rovers announced plan for stadium",  # one man, or a club?
        "Board or mayor announced plan for stadium",
        "French announced plan for stadium",
        "Storm has killed 150 sailors in Orun",
        "Price cut of ten percent closes gap",
        "More than 200 people injured in crash",
        "Solmar for days has faced criticism",
        "Holm has worked for half a century",
        "Rent in Solmar has risen since May",
        "Solmar, Holm has denied claims",
        "They've denied claims of fraud",
        "Letter released shows Marlow signed treaty",
        "Letter released Monday shows Marlow signed treaty",
        "Marlow repainted pier of Solmar",  # no verb of the table
        "Plan denounced by mayor of Orun",
    ],
)
def test_a_verb_stays_in_the_past_where_its_present_isnt_sure(clause: str) -> None:
    assert in_present(clause, fresh=True) == clause


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("Holm has closed pier of Solmar", "Holm closes pier of Solmar"),
        ("Holm closed pier of Solmar", "Holm closed pier of Solmar"),
        ("Holm has led board of Solmar", "Holm has led board of Solmar"),
    ],
)
def test_what_somebody_has_done_is_of_these_days(clause: str, told: str) -> None:
    assert in_present(clause, fresh=False) == told


@pytest.mark.parametrize(
    ("sentence", "position", "told"),
    [
        ("Holm closed the pier.", 1, "Holm closes pier"),
        ("Holm closed the pier.", 9, "Holm closed pier"),
        ("Holm closed the pier on Tuesday.", 9, "Holm closes pier"),
        ("Holm denounced the pier.", 9, "Holm denounces pier"),
        ("Holm denounced the pier in March.", 1, "Holm denounced pier"),
        ("In his first term as president in 2031, Holm closed the pier.", 1, "Holm closed pier"),
        ("On the day of the 2031 vote, Holm closed the pier.", 1, "Holm closes pier"),
        ("Holm closed the pier, which was built in 1931.", 1, "Holm closes pier"),
        ("If it rained, Holm closed the pier.", 1, "Holm closed pier"),
        ("Holm closed the pier as the law signed Friday protects rowers.", 1, "Holm closed pier"),
    ],
)
def test_only_what_is_news_is_told_in_the_present(sentence: str, position: int, told: str) -> None:
    read = annotate(sentence.replace("pier", "pier of Solmar"), "en")
    verb = "denounced" if "denounced" in sentence else "closed"
    clause = f"Holm {verb} pier of Solmar"
    assert headline(clause, frozenset(), NOBODY, told_when(clause, read, position)) == f"{told} of Solmar"


@pytest.mark.parametrize(
    ("heading", "source"),
    [
        ("Board Denies Claims of Fraud", "The board denied the claims of arson."),
        ("Board Denies Claims of Fraud", "The board confirmed the claims of fraud."),
        ("Board Says Pier Closes Today", "The board said the pier closed today."),  # two changes
        ("Board Said It Will Close Pier", "The board said it would close the pier."),
        ("Board Denies Claims and Closes Pier", "The board denied the claims. Orun closed the pier."),
        ("Board Closes Pier That Will Open", "The board closed the pier that would open."),
        ("Board Denied That Pier Closes", "The board denied that the pier closed."),  # not the main verb
        ("Claims of Fraud Board Denies Now", "The board denied the claims of fraud now."),
    ],
)
def test_a_heading_changes_nothing_else(heading: str, source: str) -> None:
    assert not rests_on(heading, source)


@pytest.mark.parametrize(
    ("sentence", "dated"),
    [
        ("Brandt left the harbour office of Port Solmar in February.", True),
        ("Brandt left the harbour office of Port Solmar on March 22.", True),
        ("Last year, Brandt left the harbour office of Port Solmar.", True),
        ("In 2019, Brandt left the harbour office of Port Solmar.", True),
        ("Brandt left the harbour office of Port Solmar on Monday.", False),
        ("Brandt may march to the harbour office of Port Solmar.", False),
    ],
)
def test_what_happened_in_another_month_or_year_is_told_by_its_date(sentence: str, dated: bool) -> None:
    assert is_dated_before(annotate(sentence, "en")) is dated
