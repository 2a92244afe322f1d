"""Who is told what, and when: subscriptions against updates. Pure; the notifier around it sends and remembers.

`wanted.py` says whether an update is for a subscription, `timing.py` when it is told, `owed.py` what becomes of it
while the reader hasn't got it yet.
"""

from .owed import Entry, Owed, Told, take
from .timing import Budget, Pace, Timing
from .wanted import Wanted, is_wanted

__all__ = ["Budget", "Entry", "Owed", "Pace", "Timing", "Told", "Wanted", "is_wanted", "take"]
