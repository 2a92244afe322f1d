"""Every setting, once: its name, default and meaning. From the environment (`STORYLINE_*`) and from options.

`storyline settings` prints this as a table. Names that aren't here are refused, so that a misspelt bound is never
silently the default. Passwords are secrets: no table, error or log shows them. A secret may also stand in a file that
`STORYLINE_…_FILE` names, as Docker and Kubernetes mount them.
"""

import difflib
import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from storyline_schemas import PartitionCounts

PREFIX = "STORYLINE_"
TEST_PREFIX = "STORYLINE_TEST_"  # the test suite's own switches; no service reads them
IN_FILE = "_FILE"
"""After a secret's variable: the file that holds it."""
SECRET_BYTES_MAX = 64 * 1024

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Count = Annotated[int, Field(ge=1, le=10_000_000)]
PORT_MAX = 65_535
Port = Annotated[int, Field(ge=0, le=PORT_MAX)]
"""0 takes a free one."""
Host = Annotated[str, Field(pattern=r"^[^\s/.]+(\.[^\s/.]+)*\.?$")]
"""A name or an address to listen on."""


class WrongSetting(ValueError):
    """A setting is unknown or has a value it can't have; the text is one line that names it."""


def by_space(value: str, space: str) -> float:
    """The number that a value of the form NUMBER[,SPACE=NUMBER…] has for a space."""
    usual, *others = value.split(",")
    return float(dict(each.split("=") for each in others).get(space, usual))


def networks(value: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks with commas between. Raises ValueError, naming the first that is none."""
    found = []
    for each in filter(None, (each.strip() for each in value.split(","))):
        try:
            found.append(ipaddress.ip_network(each, strict=False))
        except ValueError:
            raise ValueError(f"{each!r} is no network; write it like 10.0.0.0/8") from None
    return found


def _setting(default: Any, about: str) -> Any:
    return Field(default=default, description=about)


class Settings(BaseModel):
    """What a service or a command is told from outside. Frozen; nothing connects when it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kafka_bootstrap_servers: str = _setting("localhost:9092", "Kafka brokers, host:port with commas between")
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = _setting(
        "PLAINTEXT", "how to talk to Kafka: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = _setting(
        "SCRAM-SHA-512", "with SASL: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"
    )
    kafka_sasl_username: str | None = _setting(None, "with SASL: the user")
    kafka_sasl_password: SecretStr | None = _setting(None, "with SASL: the password (never shown)")
    kafka_ssl_ca_file: str | None = _setting(None, "with SSL: the file of certificates to trust; none: the system's")
    kafka_ssl_cert_file: str | None = _setting(None, "with SSL: our own certificate (mutual TLS), PEM")
    kafka_ssl_key_file: str | None = _setting(None, "with SSL: its private key, PEM; none: it is in the same file")
    kafka_ssl_key_password: SecretStr | None = _setting(None, "with SSL: the key's password, if any (never shown)")
    redis_url: SecretStr = _setting(
        SecretStr("redis://localhost:6379/0"),
        "Redis, redis[s]://[[user]:password@]host:port/database; a cluster, redis[s]+cluster://…@host:port,host:port;"
        " with Sentinel, redis[s]+sentinel://…@sentinel:port,sentinel:port/name/database",
    )
    redis_sentinel_password: SecretStr | None = _setting(
        None, "the password of the Sentinels themselves, if they ask for one (never shown)"
    )
    redis_ssl_ca_file: str | None = _setting(None, "with rediss: the file of certificates to trust; none: the system's")
    redis_ssl_cert_file: str | None = _setting(None, "with rediss: our own certificate (mutual TLS), PEM")
    redis_ssl_key_file: str | None = _setting(None, "with rediss: its private key, PEM")
    redis_min_replicas: Annotated[int, Field(ge=0, le=16)] = _setting(
        0, "replicas that must have a change before anything is sent (Redis WAIT)"
    )
    connect_timeout_seconds: Seconds = _setting(15.0, "how long a command or a starting service waits for a server")

    articles_partitions: Annotated[int, Field(ge=1, le=1_000)] = _setting(
        4, "partitions of articles and articles.dlq, when topics are created"
    )
    stories_partitions: Annotated[int, Field(ge=1, le=1_000)] = _setting(
        4, "partitions of the topics keyed by story; fixed once created"
    )
    replication_factor: Annotated[int, Field(ge=1, le=16)] | None = _setting(
        None, "copies of each partition, when created; none: three, or as many as there are brokers"
    )

    instance: str | None = _setting(
        None, "static membership: a name of its own for each process; a restart then keeps its partitions"
    )
    batch_max: Count = _setting(
        64, "most messages in one batch of a service; the next stage sees nothing of a batch before all of it is done"
    )
    batch_within_seconds: Annotated[float, Field(ge=0, le=60)] = _setting(
        0.0, "how long a batch waits for more messages, beyond those that came while the last one was handled"
    )
    batch_bytes_max: Annotated[int, Field(ge=1_000, le=256_000_000)] = _setting(
        16_000_000, "bytes in one batch of a service, or one message more"
    )
    buffer_max: Count = _setting(500, "messages read ahead of a service")
    buffer_bytes_max: Annotated[int, Field(ge=1_000, le=4_000_000_000)] = _setting(
        32_000_000, "bytes of these, or one message more"
    )
    retry_seconds_max: Seconds = _setting(10.0, "longest pause between tries while a server is away")
    tries_alone: Count = _setting(3, "tries of a message that fails for an unknown reason, before its dead letter")
    kills_max: Count = _setting(5, "times a message may end the process, before its dead letter")
    hang_seconds: Seconds = _setting(120.0, "a batch that takes so long is taken for hung, and the process ends")
    acquire_seconds: Seconds = _setting(600.0, "the same bound for loading a partition's state")
    commit_seconds: Seconds = _setting(0.5, "how often a service commits its offsets")
    session_seconds: Seconds = _setting(10.0, "silence after which Kafka gives a service's partitions to others")
    rebalance_seconds: Seconds = _setting(30.0, "how long Kafka waits for all members in a rebalance")

    assignment_lifetime_days: Count = _setting(30, "matcher: how long it remembers where an article went")
    matcher_stories_max: Annotated[int, Field(ge=100, le=2_000_000)] = _setting(
        300_000, "matcher: stories of a space in memory, about 2½ KB each; beyond, the longest without news leave"
    )
    matcher_lives_max: Annotated[int, Field(ge=1_000, le=100_000_000)] = _setting(
        1_000_000, "matcher: stories of a space it knows of, 0.4 KB each; beyond, the longest without news are closed"
    )
    updater_stories_max: Count = _setting(5_000, "updater: stories in memory; the others are read from Redis")
    updater_articles_max: Annotated[int, Field(ge=100, le=10_000_000)] = _setting(
        30_000, "updater: articles of stories in memory, about 15 KB each; beyond, stories longest unused leave"
    )
    matcher_encoder: str = _setting(
        "", "matcher: folder of a sentence-transformers model that says what articles are about (extra `encoder`); "
        "empty: the word vectors of the package. A change takes `storyline rebuild`",
    )  # fmt: skip
    story_dormant_hours: str = _setting(
        "72", "matcher: hours without news after which a story rests, by space: HOURS[,SPACE=HOURS…]"
    )
    story_closed_days: str = _setting(
        "30", "matcher: days without news after which it is closed, for new stories only then; in the same form"
    )

    story_expired_days: str = _setting(
        "30", "matcher: days after which the records of a withdrawn story go; in the same form, and longer than 8"
    )

    notifier_subscriptions: str | None = _setting(None, "notifier: the TOML file of subscriptions")
    notifier_start: Literal["latest", "earliest"] = _setting(
        "latest", "notifier: where a new group begins: latest (only what comes) or earliest (all that is kept)"
    )
    notifier_page_url: str | None = _setting(None, "notifier: where readers find pages; a story's id is put after it")
    notifier_smtp_url: SecretStr | None = _setting(
        None, "notifier: the mail server, smtp[s]://[user:password@]host[:port]; none: no e-mail"
    )
    notifier_mail_from: str = _setting("storyline@localhost", "notifier: the sender of its e-mails")
    notifier_networks_allowed: str = _setting(
        "", "notifier: networks webhooks may reach though they aren't public, and without TLS; CIDR, commas between"
    )
    notifier_timeout_seconds: Seconds = _setting(10.0, "notifier: longest attempt at a delivery")
    notifier_retry_seconds: Seconds = _setting(
        1.0, "notifier: first pause after a failure; doubled each time, then anything up to that"
    )
    notifier_retry_seconds_max: Seconds = _setting(300.0, "notifier: the longest such pause")
    notifier_failures_max: Count = _setting(6, "notifier: failures in a row after which an endpoint is parked")
    notifier_probe_seconds: Seconds = _setting(600.0, "notifier: how often a parked endpoint is tried")
    notifier_tries_max: Count = _setting(5, "notifier: tries of a message that alone fails, before it is given up")
    notifier_keep_hours: Count = _setting(24, "notifier: age at which an undelivered notification is given up")
    notifier_queue_max: Count = _setting(10_000, "notifier: notifications that may wait for one endpoint")
    notifier_sends_max: Count = _setting(256, "notifier: attempts at a time, over all endpoints")
    notifier_memory_days: Count = _setting(31, "notifier: how long it remembers what was told of a quiet story")
    notifier_log_max: Count = _setting(10_000, "notifier: lines the delivery log keeps for each partition")
    notifier_api_port: Port | None = _setting(
        None, "notifier: port of the API for subscriptions; 0: any free one; none: no API"
    )
    notifier_api_host: Host = _setting("127.0.0.1", "notifier: address that the API listens on")
    notifier_api_token: SecretStr | None = _setting(None, "notifier: the token that the API asks for (never shown)")
    notifier_subscriptions_max: Count = _setting(10_000, "notifier: subscriptions the API takes")

    rewriter_url: str | None = _setting(
        None, "rewriter: an OpenAI-compatible endpoint, http://HOST:PORT/v1; text of stories is sent there"
    )
    rewriter_model: Annotated[str, Field(min_length=1, max_length=200)] = _setting("default", "rewriter: its model")
    rewriter_api_key: SecretStr | None = _setting(None, "rewriter: its key, from the environment only (never shown)")
    rewriter_tries_max: Annotated[int, Field(ge=1, le=10)] = _setting(
        2, "rewriter: questions about one section, before its sources' words stay for good"
    )
    rewriter_timeout_seconds: Seconds = _setting(30.0, "rewriter: longest wait for one answer")
    rewriter_calls_max: Annotated[int, Field(ge=1, le=256)] = _setting(2, "rewriter: stories asked about at once")
    rewriter_waiting_max: Count = _setting(
        1_000, "rewriter: stories of one partition that wait; the one that waits longest makes room"
    )
    rewriter_settle_seconds: Annotated[float, Field(ge=0, le=3_600)] = _setting(
        5.0, "rewriter: how long a changed story waits, so that what comes meanwhile is one question"
    )
    rewriter_tokens_in_max: Count = _setting(2_000, "rewriter: tokens of a question; a longer section is left as it is")
    rewriter_tokens_out_max: Count = _setting(800, "rewriter: tokens of an answer")
    rewriter_answer_bytes_max: Count = _setting(200_000, "rewriter: bytes of an answer; a longer one is cut off")
    rewriter_price_in: Annotated[float, Field(ge=0, le=100_000)] = _setting(
        1.0, "rewriter: price of a million tokens in, in the currency of the two maxima"
    )
    rewriter_price_out: Annotated[float, Field(ge=0, le=100_000)] = _setting(1.0, "rewriter: the same for tokens out")
    rewriter_cost_hour_max: Annotated[float, Field(gt=0, le=1_000_000)] = _setting(
        1.0, "rewriter: most that all its processes may cost in an hour"
    )
    rewriter_cost_day_max: Annotated[float, Field(gt=0, le=1_000_000)] = _setting(10.0, "rewriter: the same for a day")
    rewriter_failures_max: Count = _setting(3, "rewriter: failures in a row after which the model is left alone")
    rewriter_pause_seconds: Seconds = _setting(
        30.0, "rewriter: for so long; doubled as long as it fails, up to rewriter_pause_seconds_max"
    )
    rewriter_pause_seconds_max: Seconds = _setting(600.0, "rewriter: the longest such pause")

    log_format: Literal["text", "json"] = _setting("text", "logs on standard error: text or json")
    log_level: Literal["debug", "info", "warning", "error"] = _setting("info", "least level that is logged")
    metrics_port: Port | None = _setting(
        None, "port of /metrics, /live, /ready, /progress; 0: a free one, which the log names; none: not served"
    )
    metrics_host: Host = _setting("127.0.0.1", "address they listen on; in a container 0.0.0.0")
    progress_seconds: Annotated[float, Field(ge=1, le=86_400)] = _setting(
        20.0, "work that stands still for so long makes /progress say no"
    )
    tracing_endpoint: str | None = _setting(
        None, "where traces go by OTLP over HTTP, http://HOST:4318 (needs storyline[tracing]); none: no traces"
    )

    redis_timeout_seconds: Seconds = _setting(5.0, "longest wait for one answer of Redis")
    redis_connections_max: Count = _setting(16, "connections a process holds to Redis, to each server of a cluster")

    ingest_in_flight_max: Count = _setting(2_000, "ingest: articles sent and not yet confirmed by Kafka")
    ingest_line_bytes_max: Count = _setting(8_000_000, "ingest: longest line of a file; a longer one is refused")
    ingest_archive_bytes_max: Annotated[int, Field(ge=1)] = _setting(
        4_000_000_000, "ingest: most bytes taken out of one archive; the rest is refused"
    )
    ingest_token: SecretStr | None = _setting(
        None, "ingest: the bearer token that pushes over HTTP must carry (never shown); none: no HTTP"
    )
    ingest_host: Host = _setting("127.0.0.1", "ingest: address the HTTP door listens on")
    ingest_port: Port = _setting(8_105, "ingest: its port; 0 takes a free one")
    ingest_body_bytes_max: Count = _setting(8_000_000, "ingest: largest body of a push; a larger one is answered 413")
    ingest_body_seconds: Seconds = _setting(30.0, "ingest: longest a push may take to send its body (408)")
    ingest_pushes_max: Count = _setting(16, "ingest: pushes in work at once; more are answered 429")
    ingest_connections_max: Count = _setting(512, "ingest: open connections of the HTTP door; more are answered 503")
    ingest_folder: str | None = _setting(None, "ingest: a folder that files are dropped into")
    ingest_folder_settle_seconds: Annotated[float, Field(ge=0, le=3_600)] = _setting(
        2.0, "ingest: a dropped file is whole when it hasn't changed for so long"
    )
    ingest_topics: str | None = _setting(
        None, "ingest: topics of other shapes to read, TOPIC[=FORMAT] with commas between; without a format: auto"
    )
    ingest_feeds: str | None = _setting(None, "ingest: feeds to poll, a file of OPML or with an address a line")
    ingest_feeds_state: str | None = _setting(
        None, "ingest: the file that remembers what was seen of the feeds; none: the list's name and .state"
    )
    ingest_feeds_interval_seconds: Seconds = _setting(300.0, "ingest: how often each feed is asked")
    ingest_feeds_fetches_max: Count = _setting(64, "ingest: feeds asked at once")
    ingest_feeds_host_fetches_max: Count = _setting(2, "ingest: of these, most of one host")
    ingest_feeds_host_gap_seconds: Annotated[float, Field(ge=0, le=3_600)] = _setting(
        0.5, "ingest: least time between two requests to one host"
    )
    ingest_feed_seconds: Seconds = _setting(30.0, "ingest: longest that one feed may take to come")
    ingest_feed_bytes_max: Count = _setting(8_000_000, "ingest: largest feed, after decompression")
    ingest_feeds_agent: Annotated[str, Field(pattern=r"^[\x20-\x7e]{1,200}$")] = _setting(
        "storyline", "ingest: who asks (User-Agent); add an address where you can be reached"
    )

    lag_groups: str = _setting(".*", "lag: regular expression; only groups whose whole name matches are looked at")
    lag_groups_max: Count = _setting(2_000, "lag: most groups looked at")
    lag_interval_seconds: Seconds = _setting(10.0, "lag: between two looks of the service")
    lag_window: Annotated[int, Field(ge=2, le=1_000)] = _setting(
        12, "lag: commits in the sliding window that Burrow's rules judge; with the interval, how soon a fault is said"
    )
    lag_patience_seconds: Seconds = _setting(
        30.0, "lag: until there is a whole window, a record that waits less is no fault"
    )
    lag_reads_max: Count = _setting(30_000, "lag: most partitions read in one look for the age of a record")
    lag_loss_horizon_hours: Annotated[float, Field(gt=0, le=10_000)] = _setting(
        24.0, "lag: warn if retention reaches a group's next record within so many hours, and the group doesn't before"
    )
    lag_history_hours: Annotated[float, Field(gt=0, le=168)] = _setting(6.0, "lag: what the page's charts show")
    lag_cluster: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")] = _setting(
        "local", "lag: the cluster's name in Burrow's addresses, /v3/kafka/NAME/…"
    )
    lag_host: Host = _setting("127.0.0.1", "lag: the address its page, /metrics and /v3 listen on")
    lag_port: Port = _setting(8_104, "lag: its port; 0 takes a free one")

    page_host: Host = _setting("127.0.0.1", "page: the address it listens on")
    page_port: Port = _setting(8_080, "page: its port; 0 takes a free one")
    page_base_url: Annotated[str, Field(pattern=r"^(https?://[^\s/?#]+)?$")] = _setting(
        "", "page: what permanent addresses begin with, like https://news.example; none: they stay relative"
    )
    page_title: Annotated[str, Field(min_length=1, max_length=60)] = _setting("Storyline", "page: the paper's name")
    page_streams_max: Annotated[int, Field(ge=1, le=60_000)] = _setting(
        2_500, "page: most open streams of live updates; one file each"
    )
    page_connections_max: Annotated[int, Field(ge=1, le=60_000)] = _setting(
        5_000, "page: most connections, streams too; more are answered 503"
    )
    page_rate_max: Annotated[float, Field(ge=0, le=100_000)] = _setting(
        20.0, "page: requests a second of one address, with bursts of ten seconds' worth; more are answered 429; 0: any"
    )
    page_proxies: str = _setting(
        "127.0.0.0/8,::1/128", "page: proxies whose X-Forwarded-For says who asks; CIDR, commas between"
    )
    page_pending_max: Count = _setting(200, "page: events that wait for a slow reader, before it is let go")
    page_heartbeat_seconds: Seconds = _setting(15.0, "page: a sign of life on a stream where nothing happens")
    page_slow_seconds: Seconds = _setting(30.0, "page: a reader that takes nothing for so long is let go")
    page_stories_max: Count = _setting(100_000, "page: stories it lists, the newest; the others by their address")
    page_versions_max: Count = _setting(200_000, "page: earlier versions it knows, of all stories together")
    page_updates_max: Count = _setting(100_000, "page: updates it reads back when it starts")
    page_text_bytes_max: Annotated[int, Field(ge=1_000_000)] = _setting(
        128 * 1024 * 1024, "page: text of stories held in memory; the rest comes from Redis"
    )
    page_cache_bytes_max: Annotated[int, Field(ge=1_000_000)] = _setting(
        64 * 1024 * 1024, "page: finished pages held in memory"
    )

    @field_validator("lag_groups")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"is not a regular expression: {error}") from None
        return value

    @field_validator("kafka_bootstrap_servers")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        servers = [server.strip() for server in value.split(",") if server.strip()]
        for server in servers:
            found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\s/.]+(\.[^:\s/.]+)*\.?):(\d{1,5})", server)
            if not found or not 0 < int(found[3]) <= PORT_MAX:
                raise ValueError(f"{server!r} is not host:port")
        if not servers:
            raise ValueError("names no broker; give host:port")
        return ",".join(servers)

    @field_validator("rewriter_url")
    @classmethod
    def _endpoint(cls, value: str | None) -> str | None:
        # Nothing of it is quoted: a key may have been put there.
        if value is not None and not re.fullmatch(r"https?://[^/\s@?#]+(/[^\s@?#]*)?", value):
            raise ValueError("is not http[s]://HOST[:PORT][/PATH]; a key goes into STORYLINE_REWRITER_API_KEY")
        return value

    @field_validator("tracing_endpoint")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://[^/\s@]+", value):
            raise ValueError("does not start with http://HOST or https://HOST")
        return value

    @field_validator("ingest_topics")
    @classmethod
    def _topics_and_formats(cls, value: str | None) -> str | None:
        for each in value.split(",") if value else ():
            if not re.fullmatch(r"\s*[A-Za-z0-9._-]{1,249}(=[a-z0-9-]+)?\s*", each):
                raise ValueError(f"{each!r} is not TOPIC or TOPIC=FORMAT")
        return value

    @field_validator("story_dormant_hours", "story_closed_days", "story_expired_days")
    @classmethod
    def _spans_by_space(cls, value: str) -> str:
        number, space = r"\d{1,6}(\.\d{1,6})?", r"[A-Za-z0-9_.-]{1,64}"
        if not re.fullmatch(rf"{number}(,{space}={number})*", value):
            raise ValueError(f"{value[:100]!r} is not NUMBER[,SPACE=NUMBER…]")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, value: SecretStr) -> SecretStr:
        if not re.match(r"(rediss?(\+cluster|\+sentinel)?|unix)://.", value.get_secret_value()):
            raise ValueError(
                "does not start with redis://, rediss:// or unix:// (or redis+cluster://, redis+sentinel://)"
            )
        return value

    @field_validator("notifier_networks_allowed", "page_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        networks(value)
        return value

    @field_validator("notifier_smtp_url")
    @classmethod
    def _smtp_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        # Nothing of it is quoted: it may hold a password.
        if value is not None and not re.fullmatch(
            r"smtps?://([^@/\s]+@)?(\[[0-9A-Fa-f:]+\]|[^:/@\s]+)(:\d{1,5})?/?", value.get_secret_value()
        ):
            raise ValueError("is not smtp[s]://[user:password@]host[:port]")
        return value

    @field_validator("notifier_page_url")
    @classmethod
    def _page_scheme(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://.", value):
            raise ValueError("does not start with http:// or https://")
        return value

    @model_validator(mode="after")
    def _api_has_a_token(self) -> Self:
        if self.notifier_api_port is not None and not self.notifier_api_token:
            raise ValueError("the notifier's API needs STORYLINE_NOTIFIER_API_TOKEN; without a port there is no API")
        return self

    @model_validator(mode="after")
    def _sasl_is_whole(self) -> Self:
        wanted = self.kafka_security_protocol.startswith("SASL")
        if wanted and not (self.kafka_sasl_username and self.kafka_sasl_password):
            raise ValueError("SASL needs STORYLINE_KAFKA_SASL_USERNAME and STORYLINE_KAFKA_SASL_PASSWORD")
        return self

    @model_validator(mode="after")
    def _tls_is_on_where_it_is_set_up(self) -> Self:
        # A certificate that nobody uses means that somebody believes to be encrypted who isn't.
        kafka = (self.kafka_ssl_ca_file, self.kafka_ssl_cert_file, self.kafka_ssl_key_file)
        if any(kafka) and not self.kafka_security_protocol.endswith("SSL"):
            raise ValueError("STORYLINE_KAFKA_SSL_* is set, but STORYLINE_KAFKA_SECURITY_PROTOCOL is without SSL")
        redis = (self.redis_ssl_ca_file, self.redis_ssl_cert_file, self.redis_ssl_key_file)
        if any(redis) and not self.redis_url.get_secret_value().startswith("rediss"):
            raise ValueError("STORYLINE_REDIS_SSL_* is set, but STORYLINE_REDIS_URL does not start with rediss")
        return self

    @property
    def partition_counts(self) -> PartitionCounts:
        return PartitionCounts(articles=self.articles_partitions, stories=self.stories_partitions)

    @property
    def redis_shown(self) -> str:
        """The Redis address without user and password, for messages."""
        return re.sub(r"//.*@", "//", self.redis_url.get_secret_value())

    @classmethod
    def load(cls, environ: Mapping[str, str], options: Mapping[str, Any] | None = None) -> Self:
        """The environment's settings, overridden by options that aren't None. Raises WrongSetting."""
        given: dict[str, Any] = {}
        for variable, value in sorted(environ.items()):
            if variable.startswith(PREFIX) and not variable.startswith(TEST_PREFIX):
                name, in_file = _name_of(variable, cls.model_fields)
                if value and name in given:
                    raise WrongSetting(f"{variable_of(name)} and {variable_of(name)}{IN_FILE} are both set; keep one")
                if value:  # set and empty, as compose files leave it, is not set
                    given[name] = _secret_in(variable, value) if in_file else value
        given |= {name: value for name, value in (options or {}).items() if value is not None}
        try:
            return cls(**given)
        except ValidationError as error:
            raise WrongSetting(_explain(error)) from None

    def environment(self) -> dict[str, str]:
        """The variables that give a child process these settings (secrets included: for `env`, never for a log)."""
        return {variable_of(name): _plain(value) for name, value in self if value is not None}


def variable_of(name: str) -> str:
    """The environment variable of a setting: `redis_url` → `STORYLINE_REDIS_URL`."""
    return PREFIX + name.upper()


def describe() -> list[dict[str, str]]:
    """Every setting as `{"name", "default", "about"}`, in the order of the class."""
    return [
        {"name": variable_of(name), "default": _plain(info.default), "about": info.description or ""}
        for name, info in Settings.model_fields.items()
    ]


def _plain(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if value is None:
        return ""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def secrets() -> frozenset[str]:
    """The settings that no output may show; each can be given in a file."""
    return frozenset(name for name, info in Settings.model_fields.items() if "SecretStr" in str(info.annotation))


def _secret_in(variable: str, path: str) -> str:
    """What the file holds, without the line's end that editors add."""
    try:
        with Path(path).open("rb") as file:
            held = file.read(SECRET_BYTES_MAX + 1)
        text = held.decode().rstrip("\r\n")
    except OSError as error:
        raise WrongSetting(f"{variable}: {path} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongSetting(f"{variable}: {path} is no UTF-8 text") from None
    if not text or len(held) > SECRET_BYTES_MAX:
        raise WrongSetting(f"{variable}: {path} is empty or larger than {SECRET_BYTES_MAX} bytes")
    return text


def _name_of(variable: str, known: Mapping[str, Any]) -> tuple[str, bool]:
    """The setting's name, and whether the variable names a file that holds it."""
    name = variable[len(PREFIX) :].lower()
    if name in known and variable == variable_of(name):
        return name, False
    held = name.removesuffix(IN_FILE.lower())
    if held in secrets() and variable == variable_of(held) + IN_FILE:
        return held, True
    nearest = difflib.get_close_matches(variable.upper(), [variable_of(each) for each in known], n=1, cutoff=0.0)
    raise WrongSetting(f"unknown setting {variable}; the nearest is {nearest[0]} (`storyline settings` lists all)")


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    where = first["loc"]
    if not where:
        return message
    return f"{variable_of(str(where[0]))}: {message[0].lower()}{message[1:]} (`storyline settings` says what it takes)"
