"""What each service may do on Kafka and in Redis, and no more. Pure data; a test runs every service with just this.

`storyline rights` prints it as commands. Who lacks a right is told which; who has more than it needs can do more harm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from storyline_schemas import TOPICS
from storyline_schemas.topics import (
    ARTICLES,
    ARTICLES_DLQ,
    STORIES,
    STORY_COMMANDS,
    STORY_COMMANDS_DLQ,
    STORY_PARTS,
    STORY_UPDATES,
    STORY_UPDATES_DLQ,
)

EVERY_TOPIC = tuple(topic.name for topic in TOPICS)

_CONNECTION = ("ping", "info", "wait", "exists", "script|load", "evalsha", "cluster|slots", "asking")
_STRINGS = ("get", "set", "del")  # also the counter of messages that kill their process
_SPACE = (
    "hset", "hget", "hmget", "hdel", "hscan", "hkeys", "mget", "time", "zadd", "zrem", "zrangebyscore", *_STRINGS,
)  # fmt: skip
_STORY = ("hset", "hget", "hmget", "hgetall", "hexists", "hdel", *_STRINGS)
_NOTIFY = (
    "get", "set", "del", "incr", "sadd", "smembers", "hset", "hget", "hmget", "hdel", "hscan", "hgetall", "hlen",
    "pexpire", "xadd", "xrevrange",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Acl:
    """One right in Kafka's words. `prefixed`: the name is how names begin."""

    operation: str
    resource: str
    """Topic, Group, TransactionalId or Cluster."""
    name: str
    prefixed: bool = False

    def arguments(self) -> str:
        """As `kafka-acls --add` takes it."""
        option = {"TransactionalId": "--transactional-id"}.get(self.resource, f"--{self.resource.lower()}")
        where = option if self.resource == "Cluster" else f"{option} {self.name!r}"
        pattern = " --resource-pattern-type prefixed" if self.prefixed else ""
        return f"--operation {self.operation} {where}{pattern}"


@dataclass(frozen=True, slots=True)
class Rights:
    """One service's. Topics by their names."""

    about: str
    reads: Sequence[str] = ()
    writes: Sequence[str] = ()
    describes: Sequence[str] = ()
    """Topics whose settings are looked at."""
    group: str | None = None
    more: Sequence[Acl] = ()
    keys: Sequence[str] = ()
    """Patterns; those that are only read begin with `%R` (Redis 7; before, leave that out)."""
    commands: Sequence[str] = field(default=())

    def kafka(self) -> Iterator[Acl]:
        """Reading or writing a topic includes describing it."""
        for name in self.reads:
            yield Acl("Read", "Topic", name)
        for name in self.writes:
            yield Acl("Write", "Topic", name)
        for name in self.describes:
            if name not in (*self.reads, *self.writes):
                yield Acl("Describe", "Topic", name)
            yield Acl("DescribeConfigs", "Topic", name)
        if self.group is not None:
            yield Acl("Read", "Group", self.group)
        yield from self.more

    def redis(self) -> list[str]:
        """What stands after `ACL SETUSER NAME on >PASSWORD`; empty if the service uses no Redis."""
        if not self.commands:
            return []
        keys = [each.replace("%R", "%R~", 1) if each.startswith("%R") else f"~{each}" for each in self.keys]
        return ["resetkeys", "resetchannels", "-@all", *keys, *(f"+{name}" for name in (*_CONNECTION, *self.commands))]


RIGHTS = {
    "matcher": Rights(
        "storyline run matcher",
        reads=(ARTICLES.name, STORY_COMMANDS.name),
        writes=(STORY_COMMANDS.name, ARTICLES_DLQ.name, ARTICLES.name),
        describes=EVERY_TOPIC,
        group="storyline.matcher",
        keys=(
            "storyline:{space/*", "storyline:stage/matcher/*", "%Rstoryline:rebuilding",
            "storyline:{begun/storyline.matcher/*",
        ),
        commands=_SPACE,
    ),
    "updater": Rights(
        "storyline run updater",
        reads=(STORY_COMMANDS.name, STORIES.name, STORY_PARTS.name),
        writes=(STORY_UPDATES.name, STORIES.name, STORY_PARTS.name, STORY_COMMANDS.name, STORY_COMMANDS_DLQ.name),
        describes=EVERY_TOPIC,
        group="storyline.updater",
        more=(
            Acl("Write", "TransactionalId", "storyline.updater-", prefixed=True),
            Acl("Describe", "TransactionalId", "storyline.updater-", prefixed=True),
        ),
        keys=(
            "storyline:{story/*", "storyline:stage/updater/*", "%Rstoryline:rebuilding",
            "storyline:{begun/storyline.updater/*",
        ),
        commands=_STORY,
    ),
    "rewriter": Rights(
        "storyline run rewriter",
        reads=(STORY_UPDATES.name,),
        writes=(STORY_COMMANDS.name, STORY_UPDATES_DLQ.name),
        describes=EVERY_TOPIC,
        group="storyline.rewriter",
        keys=("storyline:{wording*", "storyline:{begun/storyline.rewriter/*", "%Rstoryline:{story/*"),
        commands=("hgetall", "hmget", "hset", "hdel", "incrby", "expire", *_STRINGS),
    ),
    "page": Rights(
        "storyline run page: reads alone",
        reads=(STORIES.name, STORY_UPDATES.name),
        more=(Acl("Describe", "Group", "storyline.page"),),
        keys=("%Rstoryline:{story/*",),
        commands=("hmget", "hgetall"),
    ),
    "notifier": Rights(
        "storyline run notifier, and storyline deliveries",
        reads=(STORY_UPDATES.name,),
        group="storyline.notifier",
        keys=("storyline:{notify/*", "storyline:notify/*"),
        commands=_NOTIFY,
    ),
    "ingest": Rights(
        "storyline ingest and storyline run ingest; with STORYLINE_INGEST_TOPICS also Read on those topics",
        writes=(ARTICLES.name, ARTICLES_DLQ.name),
        describes=(ARTICLES.name,),
        group="storyline.ingest",
    ),
    "lag": Rights(
        "storyline lag and storyline run lag: sees every group and topic, and reads the time of records",
        more=(
            Acl("Describe", "Cluster", "kafka-cluster"), Acl("Describe", "Group", "*"), Acl("Read", "Topic", "*"),
            Acl("DescribeConfigs", "Topic", "*"),
        ),
    ),
    "operator": Rights(
        "a person's commands: topics create, check, rebuild, dead-letters, edit, show, explain",
        reads=EVERY_TOPIC,
        writes=(ARTICLES.name, STORY_COMMANDS.name, STORY_UPDATES.name),
        describes=EVERY_TOPIC,
        more=(
            Acl("Create", "Cluster", "kafka-cluster"), Acl("Describe", "Cluster", "kafka-cluster"),
            Acl("Describe", "Group", "storyline.", prefixed=True),
        ),
        keys=("storyline:*",),
        commands=tuple(dict.fromkeys((*_SPACE, *_STORY, *_NOTIFY, "scan", "unlink"))),
    ),
}  # fmt: skip
"""By the service's name, which is also the user's unless you call it otherwise."""
