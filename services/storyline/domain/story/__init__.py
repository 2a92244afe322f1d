"""What a story is and how commands change it: pure, deterministic, whole versions only.

`state` the story in memory and as bytes · `parts` what is kept of an article · `draft` who is in it (membership) ·
`applying` one rule for each command · `evolve` a batch of commands becomes one new version · `listed` which sources it
lists · `changes` what that version says it did · `wording` a model's words over the page · `edited` who asked for it ·
`significance` how much it matters · `velocity` how fast it grows.
"""

from .applying import may_come_first
from .draft import Outcome
from .evolve import Evolution, evolve
from .listed import source_of
from .parts import live_parts, part_of
from .state import Head, StoryState, state_of, stored_bytes

__all__ = [
    "Evolution", "Head", "Outcome", "StoryState", "evolve", "live_parts", "may_come_first", "part_of", "source_of",
    "state_of",
    "stored_bytes",
]  # fmt: skip
