"""Headings in fewer words. All sentences are invented."""

import pytest

from storyline.domain.sections.brevity import in_few_words, shorter_cut
from storyline.domain.sections.features import annotate
from storyline.domain.sections.gate import is_deletion


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        # Who speaks stands before a colon, unless he speaks of himself.
        ("Ministry said Brandt agreed with board", "Ministry: Brandt agreed with board"),
        ("Brandt said he agreed with board of Orun", "Brandt said he agreed with board of Orun"),
        ("Board said last week it would close pier", "Board said last week it would close pier"),
        ("Ministry said Brandt agreed he was wrong", "Ministry: Brandt agreed he was wrong"),
        ("Local police said that 67 sailors were set free", "Local police: 67 sailors were set free"),
        ("Brandt said in Orun that pier was closed", "Brandt said in Orun that pier was closed"),
        ("Brandt said, “the pier of Orun is unsafe”", "Brandt: “the pier of Orun is unsafe”"),
        # A long one tells the office, which says who it is, rather than a name that says nothing.
        ("Port Solmar Mayor Jonas Weil offers doubts about merits of bridge",
         "Port Solmar Mayor offers doubts about merits of bridge"),
        ("Port Solmar Mayor Ida Brandt offers doubts about merits of bridge",
         "Port Solmar Mayor Ida Brandt offers doubts about merits of bridge"),
        ("Port Solmar Mayor Ida Brandt Jr. offers doubts about merits of bridge",
         "Port Solmar Mayor Ida Brandt Jr. offers doubts about merits of bridge"),
        ("Port Solmar Mayor Jonas Weil closes pier", "Port Solmar Mayor Jonas Weil closes pier"),
        ("Mayor Jonas Weil offers doubts about merits of new bridge",
         "Mayor Jonas Weil offers doubts about merits of new bridge"),
        ("Sen. Jonas Weil offers doubts about merits of new bridge",
         "Sen. Weil offers doubts about merits of new bridge"),
    ],
)  # fmt: skip
def test_a_heading_leaves_out_who_says_it_nothing(heading: str, told: str) -> None:
    assert in_few_words(heading, {"brandt"}) == told
    assert is_deletion(told, heading)


@pytest.mark.parametrize(
    ("sentence", "clause", "told"),
    [
        ("The speaker of the parliament of Orun announced the election date in a speech in the capital.",
         "speaker of parliament of Orun announced election date in speech in capital",
         "speaker of parliament of Orun announced election date"),
        ("The speaker of the parliament of Orun announced the date in the capital.",
         "speaker of parliament of Orun announced date in capital",
         "speaker of parliament of Orun announced date in capital"),
        ("The board of Orun and its mayor closed the old pier in 12 of the towns.",
         "board of Orun and its mayor closed old pier in 12 of towns",
         "board of Orun and its mayor closed old pier in 12 of towns"),
        ("The supporters of the president of Velmara marched to the palace in Orun and tore down the tents.",
         "supporters of president of Velmara marched to palace and tore down tents",
         "supporters of president of Velmara marched to palace and tore down tents"),
    ],
)  # fmt: skip
def test_a_long_clause_loses_where_and_how_but_no_figure_and_no_deed(sentence: str, clause: str, told: str) -> None:
    assert shorter_cut(clause, annotate(sentence, "en"), lead=False) == told
    assert shorter_cut(clause, annotate(sentence, "en"), lead=True) == clause
