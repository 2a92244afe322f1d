"""Which story an article belongs to, over all its versions: pure rules on top of matching.

`arrival` an article as the matcher sees it · `decide` what is done with one arrival, without doing it · `space` the
stories of one space in memory: carries out what was decided, and takes it back if the batch fails · `edits` what
is done with a person's request · `lives` where each story is in its life · `pace` what is usual in the space.
"""

from .arrival import Arrival, at_ms_of
from .decide import Verdict, decide, is_older
from .edits import Request, Ruling, rule
from .lives import Life, Patience
from .space import Space

__all__ = [
    "Arrival", "Life", "Patience", "Request", "Ruling", "Space", "Verdict", "at_ms_of", "decide", "is_older", "rule",
]  # fmt: skip
