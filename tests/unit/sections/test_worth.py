"""What a sentence is worth on a page beside its place and its words."""

import pytest

from storyline.domain.sections.features import annotate
from storyline.domain.sections.worth import answers, is_aside


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("A lawyer for Keira Holm rejected the harbour board's account of the fire.", True),
        ("Critics say that the new toll drives the small boats out of Port Solmar.", True),
        ("The captain pleaded not guilty to all three counts in the district court.", True),
        ("Two sailors were denied entry to the northern pier on Monday morning.", False),
        ("The bill allows pilots to refuse service to ships without a permit.", False),
        ("The harbour board raised the toll for small boats by a third on Monday.", False),
        ("Fishermen complained of a lack of ice on the northern pier of Port Solmar.", True),
        ("Jonas Weil had been stopped and accused of speeding twice in the harbour.", False),
        ("A ferry without lights slammed into the northern pier of Port Solmar.", False),
        ("The harbour board could not confirm, deny or comment on the fire.", False),
    ],
)
def test_somebody_answers_who_denies_or_criticises(sentence: str, told: bool) -> None:
    assert answers(annotate(sentence, "en")) is told


@pytest.mark.parametrize(
    ("sentence", "aside"),
    [
        ("Holm was born in Port Solmar and grew up on her father's boat.", True),
        ("The mayor, wearing a yellow raincoat, smiled as she walked along the pier.", True),
        ("Norrin is home to the second largest fish market of the coast.", True),
        ("A man wearing a yellow raincoat killed two guards on the northern pier.", False),
        ("Marlow said that the fish market is home to two hundred traders.", False),
        ("The harbour board closed the northern pier after a boiler exploded.", False),
    ],
)
def test_a_life_a_look_and_what_is_so_on_any_day_are_asides(sentence: str, aside: bool) -> None:
    assert is_aside(annotate(sentence, "en")) is aside
