"""Every metric of every service: name, type, unit, labels with their values, and one sentence. Plain values.

Dashboards, rules and tests read their names here (`names()`); `storyline metrics list` prints it. A metric that isn't
here can't be fed: `Meter` refuses it. No label has a value from outside (a story, an article, a host, an
error's text): each has a fixed set of values, or is a partition number. The lag service alone names the cluster's
groups and topics; it bounds them itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from storyline_schemas import Article

from ..domain.refusals import REFUSALS

Kind = Literal["counter", "gauge", "histogram"]

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds of one call or one batch: from a millisecond to the watchdog's doing."""
AGES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3_600.0, 21_600.0, 86_400.0, 604_800.0)
"""Seconds between an article's own time and its update: a wire is seconds late, a replay days."""
SIZES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0)

OTHER = "other"
"""What a label says where a value isn't among its own."""

STAGES = ("matcher", "updater", "rewriter")
SERVICES = ("matcher", "updater", "rewriter", "ingest", "notifier", "page", "lag")


@dataclass(frozen=True, slots=True)
class Label:
    """`values` None: a number whose bound `bound` says."""

    name: str
    values: tuple[str, ...] | None
    bound: str = ""

    def says(self, value: str) -> str:
        """`value` if the label may have it, else `other`."""
        if self.values is None:
            return value if value.isdecimal() and len(value) <= 4 else OTHER
        return value if value in self.values else OTHER


@dataclass(frozen=True, slots=True)
class Metric:
    """`when` is what makes the metric appear; empty: it is there from the start of the service."""

    name: str
    kind: Kind
    about: str
    services: tuple[str, ...]
    labels: tuple[Label, ...] = ()
    unit: str = ""
    when: str = ""
    buckets: tuple[float, ...] = ()


PARTITION = Label("partition", None, "0 to the topic's partition count less one")
STAGE = Label("stage", STAGES)
CALL = Label("call", ("begin", "handle", "send", "confirm", "acquire", "tick", "starting again", OTHER))
REASON = Label("reason", ("invalid", "failed", "killed"))
DECISION = Label(
    "outcome",
    (
        "opened", "joined", "revised", "evolved", "returned", "retracted", "remembered", "repeated", "older",
        "held", "released", "merged", OTHER,
    ),
)  # fmt: skip
MERGE_REFUSED = Label(
    "reason", ("size", "several", "words", "distance", "series", "figures", "period", "places", "names", OTHER)
)  # fmt: skip
FIELDS = tuple(Article.model_fields)
OUTCOME = Label("outcome", ("applied", "duplicate", "older", "forwarded", "refused", OTHER))
CHANGE = Label(
    "change",
    ("opened", "articles", "correction", "retraction", "merge", "split", "lifecycle", "prose", "edit", OTHER),
)
PROPOSAL = Label("outcome", ("applied", "duplicate", *REFUSALS, OTHER))
SECTION = Label("change", ("added", "changed", "removed", "kept"))
REDIS_CALL = Label(
    "call",
    (
        "claim", "space_acquire", "space_commit", "space_clear_outbox", "story_commit", "story_clear_outbox",
        "story_restore", "plain", OTHER,
    ),
)  # fmt: skip
KAFKA_CALL = Label("call", ("send", "commit", "fence", "probe", OTHER))
FAILURE = Label("kind", ("transient", "fatal"))
HEALTH = Label("check", ("live", "ready", "progress"))
SERVER = Label("server", ("kafka", "redis"))

DOORS = ("http", "folder", "topics", "feeds")
FORMATS = (
    "newsml-g2", "newsml-1", "nitf", "rss", "atom", "ritzau", "ap-media", "article", "ninjs", "labelled", "html",
    "email", "iptc7901", "anpa", OTHER,
)  # fmt: skip
HTTP_KINDS = ("page", "api", "stream", "feed", "static", "probe")
WATCHED = ("matcher", "updater", "rewriter", "page", "notifier", "ingest")
"""Services with a port of `observe`; the lag service has one of its own."""
USING_REDIS = ("matcher", "updater", "rewriter", "page", "notifier")

_SHELL: tuple[Metric, ...] = (
    Metric("storyline_stage_records_received_total", "counter", "Records taken from Kafka.", STAGES, (STAGE,)),
    Metric("storyline_stage_records_handled_total", "counter", "Records whose state is committed.", STAGES, (STAGE,)),
    Metric(
        "storyline_stage_records_acknowledged_total", "counter",
        "Records finished: state committed, outputs confirmed, or dead letter confirmed.", STAGES, (STAGE,),
    ),
    Metric("storyline_stage_outputs_total", "counter", "Records written and confirmed by Kafka.", STAGES, (STAGE,)),
    Metric("storyline_stage_transactions_total", "counter", "Kafka transactions committed.", STAGES, (STAGE,)),
    Metric(
        "storyline_stage_dead_letters_total", "counter",
        "Records that became dead letters: invalid in themselves, failed again and again, or killed their process.",
        STAGES, (STAGE, REASON),
    ),
    Metric(
        "storyline_stage_retries_total", "counter", "Tries repeated because a server was away, by what was tried.",
        STAGES, (STAGE, CALL),
    ),
    Metric(
        "storyline_stage_conflicts_total", "counter", "Batches decided anew because somebody else wrote first.",
        STAGES, (STAGE,),
    ),
    Metric(
        "storyline_stage_taken_alone_total", "counter", "Records handled one by one after their batch had failed.",
        STAGES, (STAGE,),
    ),
    Metric(
        "storyline_stage_abandoned_total", "counter",
        "Batches given up unacknowledged (leaving, or the partition has gone); somebody handles them again.",
        STAGES, (STAGE,),
    ),
    Metric(
        "storyline_stage_stale_records_total", "counter", "Records of an earlier assignment, dropped unacknowledged.",
        STAGES, (STAGE,),
    ),
    Metric(
        "storyline_stage_astray_total", "counter",
        "Times that records which had been read reached nobody, as after two rebalances at once; they were read again.",
        STAGES, (STAGE,),
    ),
    Metric("storyline_stage_rebalances_total", "counter", "New assignments of the group seen.", STAGES, (STAGE,)),
    Metric("storyline_stage_acquisitions_total", "counter", "Partitions acquired.", STAGES, (STAGE,)),
    Metric("storyline_stage_releases_total", "counter", "Partitions given up to somebody else.", STAGES, (STAGE,)),
    Metric("storyline_stage_owned_partitions", "gauge", "Partitions owned now.", STAGES, (STAGE,)),
    Metric("storyline_stage_in_flight_records", "gauge", "Records in hand, not yet finished.", STAGES, (STAGE,)),
    Metric(
        "storyline_stage_in_flight_seconds", "gauge", "How long the oldest batch in hand has been worked on.",
        STAGES, (STAGE,), "seconds",
    ),
    Metric(
        "storyline_stage_buffer_bytes", "gauge", "Bytes of the records read ahead, waiting for the stage.", STAGES,
        (STAGE,), "bytes",
    ),
    Metric(
        "storyline_stage_buffer_records", "gauge", "Records read ahead, waiting for the stage.", STAGES, (STAGE,),
    ),
    Metric("storyline_stage_buffer_max_records", "gauge", "Most records read ahead.", STAGES, (STAGE,)),
    Metric(
        "storyline_stage_batch_records", "histogram", "Records in one batch.", STAGES, (STAGE,), buckets=SIZES,
    ),
    Metric(
        "storyline_stage_batch_seconds", "histogram", "One batch from its arrival to its acknowledgement.",
        STAGES, (STAGE,), "seconds", buckets=FAST,
    ),
    Metric(
        "storyline_stage_handle_seconds", "histogram",
        "Deciding on one partition's batch and committing its state, one try.", STAGES, (STAGE,), "seconds",
        buckets=FAST,
    ),
    Metric(
        "storyline_stage_confirm_seconds", "histogram",
        "Outputs of one partition's batch from sending to Kafka's confirmation, retries included.", STAGES, (STAGE,),
        "seconds", buckets=FAST,
    ),
    Metric(
        "storyline_stage_acquire_seconds", "histogram", "Loading and repairing the state of one partition.",
        STAGES, (STAGE,), "seconds", buckets=FAST,
    ),
    Metric(
        "storyline_stage_last_finished_timestamp_seconds", "gauge",
        "When the last batch was finished (Unix time; 0: none yet).", STAGES, (STAGE,), "seconds",
    ),
    Metric(
        "storyline_stage_lag_records", "gauge", "Records behind the end of an owned partition, as last asked.",
        STAGES, (STAGE, PARTITION), when="metrics_port is set and a partition is owned",
    ),
)  # fmt: skip

_MATCHER: tuple[Metric, ...] = (
    Metric(
        "storyline_matcher_decisions_total", "counter",
        "Decisions on articles: opened, joined, revised, retracted, held, released …, and stories merged.",
        ("matcher",), (DECISION,),
    ),
    Metric(
        "storyline_matcher_doubtful_fields_total", "counter",
        "Fields of articles that are unknown and look like one that is missing, by the one that was probably meant.",
        ("matcher",), (Label("field", FIELDS),),
    ),
    Metric("storyline_matcher_live_stories", "gauge", "Stories of the owned spaces in memory.", ("matcher",)),
    Metric(
        "storyline_matcher_known_stories", "gauge",
        "Stories of the owned spaces that run, rest, or were closed or merged of late.", ("matcher",),
    ),
    Metric("storyline_matcher_live_stories_max", "gauge", "How many each space may have in memory.", ("matcher",)),
    Metric(
        "storyline_matcher_stories_left_total", "counter",
        "Stories that left memory before they were closed, because their space had too many.", ("matcher",),
    ),
    Metric(
        "storyline_matcher_merges_refused_total", "counter",
        "Stories alike enough to be merged that weren't, by what forbade it.", ("matcher",), (MERGE_REFUSED,),
    ),
    Metric("storyline_matcher_held_articles", "gauge", "Articles that wait for their embargo.", ("matcher",)),
)  # fmt: skip

_UPDATER: tuple[Metric, ...] = (
    Metric(
        "storyline_updater_commands_total", "counter", "Commands to stories, by what became of them.",
        ("updater",), (OUTCOME,),
    ),
    Metric(
        "storyline_updater_versions_total", "counter", "Versions of stories made, by the kind of change.",
        ("updater",), (CHANGE,),
    ),
    Metric(
        "storyline_updater_sections_total", "counter",
        "Sections in new versions: added, changed or removed, and those kept byte for byte.",
        ("updater",), (SECTION,),
    ),
    Metric(
        "storyline_updater_update_age_seconds", "histogram",
        "From the newest article's first_created, else version_created (its arrival if that is earlier or it has"
        " neither) to the update's confirmation by Kafka: also what its wire or an embargo held back.",
        ("updater",), (), "seconds", buckets=AGES,
    ),
    Metric(
        "storyline_updater_evolve_seconds", "histogram", "Computing one version of one story.",
        ("updater",), (), "seconds", buckets=FAST,
    ),
    Metric(
        "storyline_updater_proposals_total", "counter",
        "Proposed wordings: applied, repeated, or refused and why.", ("updater",), (PROPOSAL,),
    ),
    Metric("storyline_updater_cached_stories", "gauge", "Stories held in memory.", ("updater",)),
    Metric("storyline_updater_cached_articles", "gauge", "Articles of the stories held in memory.", ("updater",)),
)  # fmt: skip

_REWRITER: tuple[Metric, ...] = (
    Metric(
        "storyline_rewriter_calls_total", "counter",
        "Questions to the model: answered, answered with something else than asked for, or failed.",
        ("rewriter",), (Label("outcome", ("answered", "unusable", "failed")),),
    ),
    Metric(
        "storyline_rewriter_sections_total", "counter", "Sections taken up, by what became of them.", ("rewriter",),
        (Label("outcome", ("proposed", "unchanged", "refused", "skipped", "too long", "given up", "dropped")),),
    ),
    Metric(
        "storyline_rewriter_sentences_total", "counter", "Sentences of answers, by what the gate says of them.",
        ("rewriter",), (Label("outcome", ("grounded", "refused")),),
    ),
    Metric(
        "storyline_rewriter_tokens_total", "counter", "Tokens of questions and answers.", ("rewriter",),
        (Label("direction", ("in", "out")),),
    ),
    Metric(
        "storyline_rewriter_call_seconds", "histogram", "One question to its answer or failure.", ("rewriter",), (),
        "seconds", buckets=FAST,
    ),
    Metric("storyline_rewriter_waiting_stories", "gauge", "Stories that wait to be asked about.", ("rewriter",)),
    Metric("storyline_rewriter_in_flight_stories", "gauge", "Stories being asked about now.", ("rewriter",)),
    Metric(
        "storyline_rewriter_pausing", "gauge", "1 while the model fails and is asked only now and then.",
        ("rewriter",),
    ),
    Metric(
        "storyline_rewriter_spent", "gauge", "What all rewriters have cost, when last asked, in the prices' currency.",
        ("rewriter",), (Label("span", ("hour", "day")),),
    ),
)  # fmt: skip

_SERVERS: tuple[Metric, ...] = (
    Metric(
        "storyline_redis_call_seconds", "histogram", "One round trip to Redis, by its first call.", USING_REDIS,
        (REDIS_CALL,), "seconds", buckets=FAST,
    ),
    Metric(
        "storyline_redis_failures_total", "counter", "Round trips to Redis that failed.", USING_REDIS, (FAILURE,),
    ),
    Metric(
        "storyline_kafka_call_seconds", "histogram",
        "One call to Kafka until its answer: a send confirmed, a transaction, a fencing, a probe.", WATCHED,
        (KAFKA_CALL,), "seconds", buckets=FAST,
    ),
)  # fmt: skip

_HTTP: tuple[Metric, ...] = (
    Metric(
        "storyline_http_requests_total", "counter", "Requests answered, by sort of address and class of status.",
        ("page",), (Label("kind", HTTP_KINDS), Label("status", ("1xx", "2xx", "3xx", "4xx", "5xx"))),
    ),
    Metric(
        "storyline_http_request_seconds", "histogram", "From a request to the first byte of its answer.", ("page",),
        (Label("kind", HTTP_KINDS),), "seconds", buckets=FAST,
    ),
    Metric("storyline_page_open_streams", "gauge", "Readers who follow by server-sent events now.", ("page",)),
    Metric(
        "storyline_page_dropped_streams_total", "counter", "Streams ended because their reader didn't keep up.",
        ("page",),
    ),
    Metric("storyline_page_listed_stories", "gauge", "Stories the page service knows.", ("page",)),
    Metric("storyline_page_known_versions", "gauge", "Versions of stories that can be shown.", ("page",)),
    Metric("storyline_page_text_bytes", "gauge", "Text of stories held in memory.", ("page",), (), "bytes"),
    Metric("storyline_page_cached_bytes", "gauge", "Finished pages held in memory.", ("page",), (), "bytes"),
)  # fmt: skip

_NOTIFIER: tuple[Metric, ...] = (
    Metric(
        "storyline_notifier_stories_taken_total", "counter", "Stories taken up for a newer version, once recorded.",
        ("notifier",),
    ),
    Metric(
        "storyline_notifier_deliveries_total", "counter",
        "Lines of the delivery log: what became of a message to a subscriber.", ("notifier",),
        (
            Label("channel", ("console", "webhook", "email", OTHER)),
            Label(
                "outcome",
                ("delivered", "failed", "refused", "given-up", "gone", "expired", "dropped", "in-doubt", OTHER),
            ),
        ),
    ),
    Metric(
        "storyline_notifier_repeated_updates_total", "counter", "Updates that came again and were known.",
        ("notifier",),
    ),
    Metric(
        "storyline_notifier_waiting_notifications", "gauge", "Notifications that wait, over all endpoints.",
        ("notifier",),
    ),
)  # fmt: skip

_INGEST: tuple[Metric, ...] = (
    Metric(
        "storyline_ingest_articles_total", "counter",
        "Articles that came in, by door and format: published and confirmed, repeated, or refused.", ("ingest",),
        (Label("door", DOORS), Label("format", FORMATS), Label("outcome", ("published", "repeated", "refused"))),
        when="a door takes in something of that format",
    ),
)  # fmt: skip

_GROUP = (Label("group", None, "STORYLINE_LAG_GROUPS_MAX groups"),)
_PLACE = (*_GROUP, Label("topic", None, "topics of these groups"), PARTITION)
_ONCE, _LOOKED = "a group is there", "it has looked"
_LAG: tuple[Metric, ...] = (
    *(
        Metric(f"storyline_lag_group_{part}", "gauge", about, ("lag",), _GROUP, unit, _ONCE)
        for part, unit, about in (
            ("status", "", "The group's verdict: 0 not found, 1 OK, 2 warning, 3 error."),
            ("messages", "", "Messages between committed and end offsets, all partitions."),
            ("seconds", "seconds", "Age of the oldest first unread record; 0 if all is read."),
            ("lost_messages", "", "Messages deleted before the group read them."),
            ("loss_seconds", "seconds", "Until retention reaches a committed offset; absent if not in sight."),
            ("in_per_second", "", "Messages written to what the group reads, a second."),
            ("out_per_second", "", "Messages the group reads, a second."),
            ("catch_up_seconds", "seconds", "Until the lag is gone at these rates; absent if it isn't shrinking."),
            ("members", "", "Live members of the group."),
        )
    ),
    Metric("storyline_lag_group_rebalances_total", "counter", "Rebalances seen.", ("lag",), _GROUP, when=_ONCE),
    *(
        Metric(f"storyline_lag_partition_{part}", "gauge", about, ("lag",), _PLACE, unit, _ONCE)
        for part, unit, about in (
            ("status", "", "The verdict: 0 not found, 1 OK, 2 warning, 3 error, 4 stop, 5 stall, 6 rewind."),
            ("messages", "", "Messages between committed and end offset."),
            ("seconds", "seconds", "Age of the first unread record; 0 if all is read."),
        )
    ),
    Metric("storyline_lag_groups", "gauge", "Groups at the last look.", ("lag",), when=_LOOKED),
    Metric("storyline_lag_look_seconds", "gauge", "How long the last look took.", ("lag",), (), "seconds", _LOOKED),
    Metric(
        "storyline_lag_look_timestamp_seconds", "gauge",
        "When the last look was (Unix time); old: the broker is away.", ("lag",), (), "seconds", _LOOKED,
    ),
    Metric("storyline_lag_look_reads", "gauge", "Records the last look read for times.", ("lag",), when=_LOOKED),
    Metric("storyline_lag_looks_total", "counter", "Looks taken.", ("lag",)),
    Metric("storyline_lag_look_failures_total", "counter", "Looks that the cluster didn't answer.", ("lag",)),
)  # fmt: skip

_EVERY: tuple[Metric, ...] = (
    Metric(
        "storyline_health_ok", "gauge", "1 if the check says yes: live, ready, progress.", WATCHED, (HEALTH,),
    ),
    Metric(
        "storyline_server_reachable", "gauge", "1 if the server answered the last probe.", WATCHED, (SERVER,),
    ),
    Metric(
        "storyline_event_loop_delay_seconds", "gauge", "How late the event loop was at its last beat.",
        WATCHED, (), "seconds",
    ),
    Metric("storyline_build_info", "gauge", "1; the version as a label.", WATCHED, (Label("version", None, "one"),)),
)  # fmt: skip

_PROCESS: tuple[Metric, ...] = (
    Metric("process_cpu_seconds_total", "counter", "CPU time used.", SERVICES, (), "seconds"),
    Metric("process_resident_memory_bytes", "gauge", "Resident memory.", SERVICES, (), "bytes"),
    Metric("process_virtual_memory_bytes", "gauge", "Virtual memory.", SERVICES, (), "bytes"),
    Metric("process_start_time_seconds", "gauge", "Start of the process (Unix time).", SERVICES, (), "seconds"),
    Metric("process_open_fds", "gauge", "Open file descriptors.", SERVICES),
    Metric("process_max_fds", "gauge", "Most open file descriptors.", SERVICES),
)

METRICS: tuple[Metric, ...] = (
    *_SHELL, *_MATCHER, *_UPDATER, *_REWRITER, *_INGEST, *_HTTP, *_NOTIFIER, *_LAG, *_SERVERS, *_EVERY, *_PROCESS,
)  # fmt: skip
OF_THE_PROCESS = frozenset(metric.name for metric in _PROCESS)
"""Read from the operating system when they are asked for; nobody feeds them."""
BY_NAME: Mapping[str, Metric] = {metric.name: metric for metric in METRICS}


def names() -> frozenset[str]:
    """Every name as a query may use it: of a histogram also `_bucket`, `_sum` and `_count`."""
    return frozenset(name for metric in METRICS for name in series_of(metric))


def series_of(metric: Metric) -> Iterable[str]:
    """The names under which Prometheus stores a metric."""
    if metric.kind != "histogram":
        return (metric.name,)
    return (metric.name, *(f"{metric.name}_{part}" for part in ("bucket", "sum", "count")))


def rows() -> list[dict[str, Any]]:
    """The catalogue as `{"name", "type", "unit", "labels", "services", "about", "when"}`."""
    return [
        {
            "name": metric.name, "type": metric.kind, "unit": metric.unit, "services": list(metric.services),
            "labels": {each.name: list(each.values) if each.values else each.bound for each in metric.labels},
            "about": metric.about, "when": metric.when,
        }
        for metric in METRICS
    ]  # fmt: skip
