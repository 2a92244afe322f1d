"""The updater: the only writer of what a story says.

Topic in: `story-commands` (by story id). State: each story's slot — head, parts, outbox — and a bounded cache of
stories in memory. Topics out: `story-updates`, `stories`, `story-parts` (one transaction) and, where one story
hands articles to another, `story-commands`.

`decode` a record as a command · `outputs` a new version as final bytes · `cache` stories in memory · `updater` the
stage. The evolution itself is `domain/story`.
"""

from .updater import Updater

__all__ = ["Updater"]
