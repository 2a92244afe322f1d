"""The only place that wires: settings in, connections, stores, stages and services out. Nothing happens at import.

What only a service needs (Faust, the languages' word lists) is imported by the function that starts one, so that
`storyline lag` and the like answer at once.
"""

from .connecting import admin, publisher, reader, redis, space_store, story_store, watcher
from .doors import run_ingest
from .lag import lag_bounds, run_lag
from .notifier import notifier_ledger, rehearse_notifier, run_notifier
from .page import run_page
from .sending import checking_ingest, editing, ingest
from .stages import compare_rewriter, rehearse, run_matcher, run_rewriter, run_updater
from .state import committed_partitions, older_spaces, readings, rebuild_state, running

__all__ = [
    "admin",
    "checking_ingest",
    "committed_partitions",
    "compare_rewriter",
    "editing",
    "ingest",
    "lag_bounds",
    "notifier_ledger",
    "older_spaces",
    "publisher",
    "reader",
    "readings",
    "rebuild_state",
    "redis",
    "rehearse",
    "rehearse_notifier",
    "run_ingest",
    "run_lag",
    "run_matcher",
    "run_notifier",
    "run_page",
    "run_rewriter",
    "run_updater",
    "running",
    "space_store",
    "story_store",
    "watcher",
]  # fmt: skip
