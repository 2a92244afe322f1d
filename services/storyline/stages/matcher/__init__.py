"""The matcher: decides which story an article belongs to.

Topic in: `articles` (by space). State: the space's slot — assignments, index values, redirects, holds, outbox — and
the live stories of the owned spaces in memory. Topic out: `story-commands` (by story id).

`decode` a record as an arrival · `holding` what waits for its embargo · `owned` one space while it is owned ·
`matcher` the stage. The decisions themselves are `domain/placing`.
"""

from .matcher import Matcher

__all__ = ["Matcher"]
