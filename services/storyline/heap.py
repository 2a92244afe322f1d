"""The collector of garbage that goes in circles, set for processes that keep much and make hardly any."""

import gc

YOUNG_MAX = 5_000
"""Objects made and not yet freed from which the young ones are looked at. One article makes Python's 700, which all are
kept of it, or freed without the collector."""


def settle() -> None:
    """To be called once what a process loads at its start is there: no collection looks at that again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_MAX, *gc.get_threshold()[1:])
