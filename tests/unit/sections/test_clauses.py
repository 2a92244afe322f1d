"""What of a sentence may stand over a section. All sentences are invented."""

import pytest

from storyline.domain.sections.clauses import graded_clauses, stands_in
from storyline.domain.sections.features import annotate


def found(sentence: str) -> list[str]:
    """Its clauses that pass the gate, best first."""
    return [clause for _, clause in graded_clauses(annotate(sentence, "en"), "en") if stands_in(clause, sentence)]


@pytest.mark.parametrize(
    ("sentence", "headings"),
    [
        ("Two ferries collided off Port Solmar.", ["Two ferries collided off Port Solmar"]),
        ("Violence also erupted in the previously calm port of Solmar.",
         ["Violence erupted in previously calm port of Solmar"]),
        ("A poll put the party ahead of its rivals, while a second poll by the Courier put it behind.",
         ["poll put party ahead of its rivals"]),
        ("A leader of the party, known for his speeches, left the hall before the vote was counted.",
         ["leader of party left hall before vote was counted"]),
        ("The law prevents farmers in the valley from selling milk abroad.",
         ["law prevents farmers in valley from selling milk abroad"]),
        ("The army launched a ground operation in the northern valley late on Thursday.",
         ["army launched ground operation in northern valley", "army launched ground operation"]),
        ("A Courier poll released Monday shows Keira Holm leading Brandt, 49 percent to 44 percent, in Solmar.",
         ["Courier poll released Monday shows Keira Holm leading Brandt, 49 percent to 44 percent",
          "Courier poll released Monday shows Keira Holm leading Brandt"]),
        ("Deputies of Solmar are calling her evasive after the vote on the harbour.", []),
        ("Keira Holm said Tuesday Brandt's plan for the harbour was a waste of money.",
         ["Keira Holm said Brandt's plan for harbour was waste of money"]),
        ("Keira Holm called the strike of dockers in Solmar, Velmara, an outrage and a shame for the harbour.", []),
        ("Unlike the other deputies, Keira Holm said that she had never before taken a week off in the spring.", []),
        ("A dealer sold class A drugs in Port Solmar.",
         ["dealer sold class A drugs in Port Solmar", "dealer sold class A drugs"]),
        ("The talks touched both the harbour and the mines of Solmar.",
         ["talks touched both harbour and mines of Solmar"]),
        ("The bill pleases both the farmers in the northern valley of Port Solmar and those along the coast of Ishkar.",
         []),
        ("At one school in Solmar, the roof of the gym was torn off by the storm.", []),
        ("Engineers are digging a second channel for the river Alban in Orun, a senior official said, two days after "
         "the flood.",
         ["Engineers are digging second channel for river Alban in Orun, senior official said",
          "Engineers are digging second channel for river Alban, senior official said"]),
        ("Relatives of 16 men killed in the collapse of the pier in Solmar have criticised the inquiry.",
             ["Relatives of 16 men killed in collapse of pier in Solmar have criticised inquiry"]),
            ("Sena Marlow is taking heat from some of the most influential groups in Velmara over the deal.", []),
            ("Deputies of both parties offered support for the nomination of Keira Holm to the court of appeal.", []),
            ("The president of Velmara has accused the rebels in the east, where fighting went on, of hiding missiles.",
             []),
            ("Residents went so far as to say that the council of Port Solmar should step down over the flood.", []),
        ("Brandt issued the following statement through her lawyer, Jonas Weil.", []),
        ("Where 78% of people in the valley wanted the bridge, the vote was greeted with joy.", []),
        ("The stewards issued a second penalty in Port Solmar to him.", []),
        ("Director Ida Brandt and her predecessor Jon Hask have come under fire over the report.",
         ["Director Ida Brandt and her predecessor Jon Hask have come under fire over report",
          "Director Ida Brandt and her predecessor Jon Hask have come under fire"]),
        ("The law would allow for surprise, unannounced inspections of ships.", []),
        ("Last year more than 40 ferries sank in the storms.", ["more than 40 ferries sank in storms"]),
        # Who speaks is named: "it" and "they" are no others.
        ("The harbour board said it will close two piers in Orun.",
         ["harbour board said it will close two piers in Orun", "harbour board said it will close two piers"]),
        ("The harbour board said it was late for the pier in Orun.", []),
        ("Ida Brandt said that qualified her to run the harbour board.", []),
        # What a cut may not leave behind: the rest of a list, of an aside, of a verb.
        ("Marlow met with director Ida Brandt, former mayor Jon Hask and Tomas Ardel of the harbour board.", []),
        ("Deputy Jonas Weil took everyone -- Marlow, Brandt and Hask -- to task over the bridge in Port Solmar.", []),
        ("A meeting with the farmers of the valley will now determine where the money for the second bridge goes.",
         ["meeting with farmers of valley will now determine where money for second bridge goes"]),
        ("The ministry claimed that only three ships in the north — none of them Velmaran — had been searched.",
         []),
        ("Protests spread to ports of the valley, and offices of the harbour board in Orun were set on fire.",
         ["Protests spread to ports of valley"]),
        ("Critics of the harbour board have labelled them dangerous and useless for the valley.", []),
        ("The mayor of Orun was fighting for his life after a gunman shot him in the back.",
         ["mayor of Orun was fighting for his life after gunman shot him in back",
          "mayor of Orun was fighting for his life"]),
        ("Marlow discussed the bridge in an interview that was shown Monday, as Brandt came to the valley of Orun.",
         ["Marlow discussed bridge in interview"]),
        ("Marlow told the council that she wants to work on a second bridge over the wide river Alban.",
         ["Marlow told council that she wants to work on second bridge"]),
        ("The first time Ida Brandt saw the men at the pier, with helmets and ropes, she called the harbour police.",
         []),
        ("Nearly two weeks ago, the ministry waived the ban in a similar manner for Karsund.",
         ["ministry waived ban in similar manner for Karsund"]),
        ("A late addition to the short list, Keira Holm is the favourite for the post.",
         ["Keira Holm is favourite for post"]),
        # Nor what it is of, what it was after, how often it was.
        ("Fans have watched the song nine times a day.", ["Fans have watched song nine times a day"]),
        ("The comments of Keira Holm come at a time when the inquiry, which began in May, is looking at the pier.", []),
        ("The vote for the harbour board took place days after the long northern shore of the valley was ravaged by a "
         "storm.", []),
        # Whole sentences: nothing was cut that they may wait for.
        ("Ida Brandt was sworn in minutes before the new mayor by Judge Jonas Weil.",
         ["Ida Brandt was sworn in minutes before new mayor by Judge Jonas Weil"]),
        ("Marlow portrayed the bridge as a trade-off between cost and safety.",
         ["Marlow portrayed bridge as trade-off between cost and safety"]),
        ("When the storm reached Port Solmar, the harbour board closed three piers.",
         ["harbour board closed three piers"]),
        ("Yet Brandt, who is 43, criticised Marlow’s remarks, calling for long talks on every one of the old piers and "
         "boats of the harbour.",
         ["Brandt criticised Marlow’s remarks"]),
        ("Marlow called for the closure of the pier, saying that “the boards of the pier are too old to bear it”.",
         ["Marlow called for closure of pier"]),
        ("The mayor opened the second bridge Friday to lorries from the northern valley of Solmar.",
         ["mayor opened second bridge to lorries from northern valley of Solmar"]),
        ("Keira Holm sent an e-mail to members of the board with the subject line, \"come at once.\"",
         ["Keira Holm sent e-mail to members of board"]),
        ("The stewards came down hard on Keira Holm and issued the Velmaran driver with two further penalties.",
         ["stewards issued Velmaran driver with two further penalties", "stewards came down hard on Keira Holm"]),
        ("Ida Brandt met the board of Orun during the regatta and rejected its plan for the harbour of Solmar.",
         ["Ida Brandt met board of Orun and rejected its plan for harbour of Solmar", "Ida Brandt met board of Orun"]),
        ("The Reconciliation Ministry publicly objected to the talks in Orun and boycotted the summit of Solmar.",
         ["Reconciliation Ministry publicly objected to talks in Orun and boycotted summit of Solmar",
          "Reconciliation Ministry publicly objected to talks and boycotted summit of Solmar",
          "Reconciliation Ministry boycotted summit of Solmar",
          "Reconciliation Ministry publicly objected to talks in Orun",
          "Reconciliation Ministry publicly objected to talks"]),
        ("Holm opposed the northern pier of Port Solmar, while the board of Orun kept its plan for a bridge.",
         ["Holm opposed northern pier of Port Solmar", "board of Orun kept its plan for bridge"]),
        ("Storm Alba hit the southeastern coast of Velmara last week, killing at least 15 people in the port of Orun.",
         ["Storm Alba hit southeastern coast of Velmara",
          "Storm Alba hit southeastern coast of Velmara, killing at least 15 people"]),
        ("Solmar's approval of the pier fell to a record low earlier this year amid several scandals.",
         ["Solmar's approval of pier fell to record low amid several scandals",
          "Solmar's approval of pier fell to record low earlier this year amid several scandals",
          "Solmar's approval of pier fell to record low earlier this year"]),
        ("Brandt left school at 16 to work in the mine, and became a local union captain for the first time aged 20.",
         ["Brandt left school at 16 to work in mine"]),
        ("Harbour master Jonas Weil denied reports during the day of any halt to the closure of Orun.",
         ["Harbour master Jonas Weil denied reports of any halt to closure of Orun"]),
        ("Navy divers helped more than 2,000 people of the flooded valley, a harbour official said.",
         ["Navy divers helped more than 2,000 people of flooded valley, harbour official said"]),
        ("Islamist Orun said Ahmed Al-Karsund, who ran its armed wing for years, was dead.",
         ["Islamist Orun said Ahmed Al-Karsund was dead"]),
        ("Keira Holm apologized for the remarks in a written statement after the letter was released.",
         ["Keira Holm apologized for remarks after letter was released",
          "Keira Holm apologized for remarks in written statement after letter was released",
          "Keira Holm apologized for remarks", "Keira Holm apologized for remarks in written statement"]),
        ("Clubs linked to Orun, the league behind continued attacks on Solmar, were fined.", []),
        ("President Marlow attacked Mr Brandt as \"all over the map\" on the tax.",
         ["President Marlow attacked Mr Brandt as \"all over the map\" on tax", "President Marlow attacked Mr Brandt"]),
        ("Keira Holm urged that he read the secret report of the harbour board.", []),
        ("A day after a ferry off Port Solmar claimed the lives of 30 people, talk about who is to blame is loud.",
         []),
        ("Divers of the navy using a new sonar have discovered, for the first time, two wrecks that lie side by side.",
         []),
        ("Deputies pledged to find ways to improve the bridge during a long, icy winter.",
         ["Deputies pledged to find ways to improve bridge during long, icy winter",
          "Deputies pledged to find ways to improve bridge"]),
        ("Last week an issue of the Courier wrongly blamed Jonas Weil for the flood.",
         ["issue of Courier wrongly blamed Jonas Weil for flood"]),
        ("Marlow is from Port Solmar in the northern valley, N.V.",
         ["Marlow is from Port Solmar in northern valley, N.V.", "Marlow is from Port Solmar in northern valley"]),
    ],
)  # fmt: skip
def test_a_heading_is_a_whole_clause_without_articles_and_without_what_points_back(
    sentence: str, headings: list[str]
) -> None:
    assert found(sentence) == headings


def test_a_cut_before_but_or_in_a_relative_clause_is_worth_less() -> None:
    grades = {
        text: grade
        for sentence in (
            "Orun closed two of its piers, but the board of Solmar opened them again before the storm came in.",
            "Orun closed two of its harbours, as the board of Solmar opened its own before the storm came in.",
            "Orun bought three ferries that threaten boats in the region of the lakes, and Solmar wants to buy four.",
        )
        for grade, text in graded_clauses(annotate(sentence, "en"), "en")
    }
    assert grades["Orun closed two of its piers"] == 2
    assert grades["Orun closed two of its harbours"] == 0
    assert grades["Orun bought three ferries that threaten boats"] == 3


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        # Which plan, and in which incident, is said behind the cut; so is what else he did.
        ("Orun says that Brandt backed a plan, drawn up by Holm, to close the old pier of Port Solmar for good.",
         "Orun says that Brandt backed plan"),
        ("Leaders of the harbour have recalled an incident in March when rowers threw stones at the ferries.",
         "Leaders of harbour have recalled incident"),
        ("President Marlow held Brandt's hands, showered the envoy with compliments and even brushed off his coat.",
         "President Marlow held Brandt's hands"),
    ],
)  # fmt: skip
def test_a_clause_whose_rest_says_what_it_is_about_comes_late(sentence: str, clause: str) -> None:
    grades = {text: grade for grade, text in graded_clauses(annotate(sentence, "en"), "en")}
    assert grades[clause] == 3


def test_what_follows_a_but_is_the_news() -> None:
    sentence = "Ida Brandt survived two scandals of Solmar, but the court of Orun fined the mayor for fraud."
    grades = {text: grade for grade, text in graded_clauses(annotate(sentence, "en"), "en")}
    assert grades["court of Orun fined mayor for fraud"] < grades["Ida Brandt survived two scandals of Solmar"]
