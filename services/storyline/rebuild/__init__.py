"""Redis from the topics: all of it (`rebuild`, services stopped) or what a failover lost (`TopicRecovery`, at acquire).

`records` what a key last said · `decisions` the matcher's decisions from parts and commands · `whole` the rebuild ·
`recovery` the tail.
"""

from .decisions import Remembered
from .recovery import TopicRecovery
from .whole import Totals, rebuild

__all__ = ["Remembered", "TopicRecovery", "Totals", "rebuild"]
