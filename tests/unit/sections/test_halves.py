"""What a sentence says second stands only behind what said the first. All sentences are invented."""

import pytest

from storyline.domain.sections.features import annotate


@pytest.mark.parametrize(
    "sentence",
    [
        "An aide later made clear that the pier of Port Solmar stays open.",
        "The council voted later to override the veto of Mayor Ida Brandt.",
        "Ferrymen have been blamed for fires on the pier several times since, but Holm denied that.",
        "The harbour union of Port Solmar similarly panned the agreement on nine pillars.",
        "Solmar Watch, one of the oldest clubs on the harbour, similarly panned the agreement.",
        "The length of a visit by the council would leave hardly any time for a stop at the old pier, for example.",
        "Brandt subsequently joined the council of Port Solmar, but left it in May.",
        "Ferrymen on the council of Port Solmar took a different tack.",
        "Holm did not mention them during a speech of an hour on the pier.",
        "The West suspects it may be aimed at closing the strait of Solmar.",
        "Officials feared that it would reach the pier of Port Solmar by night.",
        "Analysts say he was prompted to rebuild the pier of Port Solmar.",
        "The fighting there also cost the life of a ferryman of Port Solmar.",
        "Prosecutors say the defendants in both cases are ferrymen of Port Solmar.",
        "Ultimately, Holm rowed 24 seconds ahead of the ferryman of Norrin.",
        "In total, 16 of 19 mayors have used the fund to rebuild piers in Ishkar.",
        "In response, the ferrymen of Port Solmar have closed the strait for a day.",
        "Called the Heron Scheme, the system gives early warning of storms over Solmar.",
        "The 44-year-old ferryman was pulled out of the harbour of Port Solmar.",
        "The Republican has criticised Mayor Ida Brandt for the state of the pier.",
        "The Solmar Democrat said Brandt should pay for nine pillars.",
    ],
)
def test_a_second_half_leans(sentence: str) -> None:
    assert annotate(sentence, "en").dependence == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Jonas Weil was pulled out of the harbour and later died in Norrin.",
        "The pier of Port Solmar reopened nine days later than the council had planned.",
        "The pier was closed in 2031 and nobody has fished from it since.",
        "Officials of Port Solmar took a different approach from Norrin.",
        "Ida Brandt told ferrymen that nobody would pay them for the lost day.",
        "Twitter said it would open an office on the pier of Port Solmar.",
        "Officials said it was too early to tell how the pier of Port Solmar burned.",
        "Brandt and Holm, once both members of the council, fell out over the pier.",
        "Ida Brandt said that both sides had agreed on nine pillars for the pier.",
        "Officials in Port Solmar say there is room for nine ferries at the quay.",
        "In response to the fire, the council of Port Solmar has closed the pier.",
        "The 44-year-old ferryman who burned the pier of Port Solmar is in custody.",
    ],
)
def test_a_whole_does_not_lean(sentence: str) -> None:
    assert annotate(sentence, "en").dependence == 0
