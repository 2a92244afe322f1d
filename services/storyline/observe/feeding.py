"""What the shell and the stages count, put into a meter when it is read. Costs nothing while nobody reads."""

import time
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import Transient
from . import health
from .catalogue import FIELDS, OTHER
from .meter import Meter
from .probing import Watcher

if TYPE_CHECKING:
    from ..edges.ingest.foreign import Foreign
    from ..edges.ingest.tally import Tally
    from ..edges.notifier.service import Notifier
    from ..edges.page.application import Pages
    from ..edges.page.streams import Streams
    from ..edges.page.view import View
    from ..stages.matcher import Matcher
    from ..stages.rewriter import Rewriter
    from ..stages.updater import Updater
    from ..stream.shell import Shell

COUNTERS = {
    "records_received": "received",
    "records_handled": "handled",
    "records_acknowledged": "acked",
    "outputs": "outputs",
    "transactions": "transactions",
    "conflicts": "conflicts",
    "taken_alone": "taken_alone",
    "abandoned": "abandoned",
    "stale_records": "stale",
    "astray": "astray",
    "acquisitions": "acquisitions",
    "releases": "releases",
}
"""Part of a metric's name → field of the shell's metrics."""
HISTOGRAMS = ("batch_records", "batch_seconds", "handle_seconds", "confirm_seconds", "acquire_seconds")


def feed_service(meter: Meter, watcher: Watcher, progress_seconds: float) -> None:
    """What every service has: health, its servers, its event loop."""
    meter.put("storyline_build_info", 1.0, __version__)
    meter.drop("storyline_server_reachable")  # of servers that this service has nothing to do with

    def source() -> None:
        facts = watcher.facts()
        for answer in (health.live(facts), health.ready(facts), health.progress(facts, progress_seconds)):
            meter.put("storyline_health_ok", float(answer.ok), answer.check)
        for server in watcher.servers:
            meter.put("storyline_server_reachable", float(watcher.history.reachable(server)), server)
        meter.put("storyline_event_loop_delay_seconds", watcher.delay)

    meter.sources.append(source)


def feed_shell(meter: Meter, shell: "Shell[Any]", watcher: Watcher) -> None:
    """What the shell counts, under the name of its stage."""
    stage, metrics = shell.stage.name, shell.metrics

    def source() -> None:
        for part, field in COUNTERS.items():
            meter.put(f"storyline_stage_{part}_total", getattr(metrics, field), stage)
        for part in HISTOGRAMS:
            meter.put(f"storyline_stage_{part}", getattr(metrics, part), stage)
        for call, tries in list(metrics.retries.items()):
            meter.put("storyline_stage_retries_total", tries, stage, call)
        for reason, count in list(metrics.dead_letters.items()):
            meter.put("storyline_stage_dead_letters_total", count, stage, reason)
        for call, seconds in metrics.kafka_seconds.items():
            meter.put("storyline_kafka_call_seconds", seconds, call)
        _feed_gauges(meter, shell, watcher)

    meter.sources.append(source)


def _feed_gauges(meter: Meter, shell: "Shell[Any]", watcher: Watcher) -> None:
    stage, metrics = shell.stage.name, shell.metrics
    since = metrics.in_flight_since
    gauges: dict[str, float] = {
        "rebalances_total": watcher.history.rebalances,
        "owned_partitions": len(watcher.facts().standing.owned),
        "in_flight_records": metrics.in_flight,
        "in_flight_seconds": 0.0 if since is None else time.monotonic() - since,
        "buffer_records": shell.buffered,
        "buffer_bytes": shell.buffered_bytes,
        "buffer_max_records": shell.settings.buffer_max,
        "last_finished_timestamp_seconds": metrics.finished_at,
    }
    for part, value in gauges.items():
        meter.put(f"storyline_stage_{part}", value, stage)
    meter.drop("storyline_stage_lag_records")  # of partitions that are no longer ours
    for partition, lag in watcher.history.lag.items():
        meter.put("storyline_stage_lag_records", lag, stage, str(partition))


def feed_matcher(meter: Meter, matcher: "Matcher") -> None:
    """What the matcher decided and holds."""

    def source() -> None:
        for outcome, count in list(matcher.counts.items()):
            meter.put("storyline_matcher_decisions_total", count, outcome)
        for known in FIELDS:
            meter.put("storyline_matcher_doubtful_fields_total", matcher.doubtful.get(known, 0), known)
        meter.put("storyline_matcher_live_stories", matcher.live_stories)
        meter.put("storyline_matcher_live_stories_max", matcher.live_max)
        meter.put("storyline_matcher_known_stories", matcher.lives)
        meter.put("storyline_matcher_stories_left_total", matcher.stories_left)
        for reason, count in matcher.merges_refused.items():
            meter.put("storyline_matcher_merges_refused_total", count, reason)
        meter.put("storyline_matcher_held_articles", matcher.held_articles)

    meter.sources.append(source)


def feed_updater(meter: Meter, updater: "Updater", shell: "Shell[Any]") -> None:
    """What the updater wrote."""

    def source() -> None:
        outcomes: dict[str, int] = {}
        for said, count in list(updater.counts.items()):
            kind = said.partition(":")[0]
            outcomes[kind] = outcomes.get(kind, 0) + count
        for outcome, count in outcomes.items():
            meter.put("storyline_updater_commands_total", count, outcome)
        for change, count in list(updater.versions.items()):
            meter.put("storyline_updater_versions_total", count, change)
        for change, count in list(updater.sections.items()):
            meter.put("storyline_updater_sections_total", count, change)
        for outcome, count in list(updater.proposals.items()):
            meter.put("storyline_updater_proposals_total", count, outcome)
        meter.put("storyline_updater_evolve_seconds", updater.evolve_seconds)
        meter.put("storyline_updater_cached_stories", updater.cached_stories)
        meter.put("storyline_updater_cached_articles", updater.cached_articles)
        meter.put("storyline_updater_update_age_seconds", shell.metrics.update_age_seconds)

    meter.sources.append(source)


def feed_rewriter(meter: Meter, rewriter: "Rewriter") -> None:
    """What the rewriter asked, got and spent."""
    counted = {
        "calls": rewriter.calls, "sections": rewriter.sections, "sentences": rewriter.sentences,
        "tokens": rewriter.tokens,
    }  # fmt: skip

    def source() -> None:
        for part, counts in counted.items():
            for what, count in list(counts.items()):
                meter.put(f"storyline_rewriter_{part}_total", count, what)
        meter.put("storyline_rewriter_call_seconds", rewriter.call_seconds)
        meter.put("storyline_rewriter_waiting_stories", rewriter.waiting_stories)
        meter.put("storyline_rewriter_in_flight_stories", rewriter.calls_in_flight)
        meter.put("storyline_rewriter_pausing", float(rewriter.pausing))
        for span in ("hour", "day"):
            meter.put("storyline_rewriter_spent", getattr(rewriter.budget.spent, span) / 1_000_000, span)

    meter.sources.append(source)


def feed_page(meter: Meter, pages: "Pages", streams: "Streams", view: "View") -> None:
    """Open streams, and what is held of stories."""

    def source() -> None:
        meter.put("storyline_page_open_streams", streams.count)
        meter.put("storyline_page_dropped_streams_total", streams.dropped)
        meter.put("storyline_page_listed_stories", view.listed)
        meter.put("storyline_page_known_versions", view.known_versions)
        meter.put("storyline_page_text_bytes", view.text_bytes)
        meter.put("storyline_page_cached_bytes", pages.cached_bytes)

    meter.sources.append(source)


def feed_door(meter: Meter, door: str, tally: "Tally") -> None:
    """What one door of ingest took in."""

    def source() -> None:
        for format, counts in list(tally.formats.items()):
            for outcome in ("published", "repeated", "refused"):
                meter.put("storyline_ingest_articles_total", getattr(counts, outcome), door, format, outcome)

    meter.sources.append(source)


def feed_foreign(meter: Meter, foreign: "Foreign") -> None:
    """What the door for topics of other shapes took in; it doesn't tell by format."""

    def source() -> None:
        meter.put("storyline_ingest_articles_total", foreign.published, "topics", OTHER, "published")
        meter.put("storyline_ingest_articles_total", foreign.refused, "topics", OTHER, "refused")

    meter.sources.append(source)


def feed_notifier(meter: Meter, notifier: "Notifier") -> None:
    """Updates that came again, and what waits; deliveries are counted where they are written."""

    def source() -> None:
        meter.put("storyline_notifier_repeated_updates_total", notifier.repeats)
        meter.put("storyline_notifier_waiting_notifications", notifier.waiting)

    meter.sources.append(source)


class RedisCalls:
    """Is told of each round trip to Redis (`infra.redis.client.Watched`)."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def answered(self, call: str, seconds: float) -> None:
        self._meter.observe("storyline_redis_call_seconds", seconds, call)

    def failed(self, error: Exception) -> None:
        kind = "transient" if isinstance(error, Transient) else "fatal"
        self._meter.count("storyline_redis_failures_total", kind)
