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
        ("The boats lie in the old harbour, as opposed to the ferries of the line.", False),
        ("Divers found one object of iron below the northern pier of Port Solmar.", False),
        ("Fishermen object to the toll that the harbour board wants for small boats.", True),
        ("Opponents of the dam have climbed on trees in the valley of Marlow.", False),
        ("Opponents of the dam argue that it would drown the valley of Marlow.", True),
        ("Of 900 people questioned for a survey, half had never seen the harbour.", False),
        ("A spokeswoman for the harbour board refused to comment on the fire.", False),
        ("The captain refused to leave the pier, which the board had closed.", True),
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
        ("The harbour board declined to comment on the fire at the northern pier.", True),
        ("The board declined to comment on the fire but said that it would pay.", False),
        ("Norrin has previously criticised the toll for small boats.", True),
    ],
)
def test_a_life_a_look_what_is_so_on_any_day_and_who_says_nothing_are_asides(sentence: str, aside: bool) -> None:
    assert is_aside(annotate(sentence, "en")) is aside
