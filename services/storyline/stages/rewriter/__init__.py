"""The rewriter: asks a language model for better wording of the sections that have just changed. Optional.

Topic in: `story-updates` (by story id). State: the stories that wait, by partition, and what was spent. Topic out:
`story-commands` (`propose`). It decides nothing: the updater judges each proposal again and writes, or doesn't. Nothing
waits for it, and an update is acknowledged when its story is in the list of those that wait.

`decode` an update as an offer · `waiting` the list · `asking` the question and the answer's sentences · `bounds` what
it may take and cost, and when the model is left alone · `rewriter` the stage.
"""

from .bounds import Bounds
from .rewriter import Rewriter

__all__ = ["Bounds", "Rewriter"]
