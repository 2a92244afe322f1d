"""The collector of garbage that goes in circles, set for processes that keep much and make hardly any."""

import gc

YOUNG_MAX = 2_500
"""Objects made and not yet freed from which the young ones are looked at. One article makes Python's 700, which all are
kept of it, or freed without the collector."""
AGAIN_AFTER, ALL_AFTER = 0, 120
"""After more than so many looks at young objects the next one is at those of the last, too: at once, so that an article
never waits while tens of thousands are looked at. After more than so many of these the next is at all objects, if
enough of them are new: after about as many articles as by Python's own numbers."""


def settle() -> None:
    """To be called once what a process loads at its start is there: no collection looks at that again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_MAX, AGAIN_AFTER, ALL_AFTER)
