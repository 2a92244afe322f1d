"""Each service has its rights, and they are those that the topics and the scripts ask for."""

import re
from importlib.resources import files

import pytest

from storyline.cli.run import run
from storyline.rights import RIGHTS
from storyline.stages.matcher.decode import Forward, decode
from storyline_schemas import TOPICS, partition_of
from tests.wires import article, record

SCRIPTS = {"space": "matcher", "story": "updater", "notify": "notifier"}
"""How a script's name begins → who runs it."""


def test_every_service_that_can_be_run_has_its_rights() -> None:
    assert set(run.commands) <= set(RIGHTS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_who_writes_a_topic_may_and_nobody_else_but_the_operator(topic: object) -> None:
    name, writers = topic.name, set(topic.writers) & set(RIGHTS)  # type: ignore[attr-defined]
    may = {service for service, rights in RIGHTS.items() if name in rights.writes}
    # A foreign topic's letters are ingest's; the notifier tells its own in Redis.
    assert writers - {"notifier"} <= may <= writers | {"operator", "ingest"}


def test_the_matcher_may_forward_what_lies_on_the_wrong_partition() -> None:
    right = partition_of("world", 4)
    forwarded = decode(record(article("a:1"), partition=(right + 1) % 4), 4)
    assert isinstance(forwarded, Forward)
    assert forwarded.output.topic in RIGHTS["matcher"].writes


def test_what_a_script_calls_its_service_may_call() -> None:
    folder = files("storyline.infra.redis.scripts")
    looked_at = 0
    for path in folder.iterdir():
        service = SCRIPTS.get(path.name.partition("_")[0])
        if path.name.endswith(".lua") and service:
            called = {name.lower() for name in re.findall(r"redis\.call\('([A-Z]+)'", path.read_text())}
            assert called - {"exists"} <= set(RIGHTS[service].commands), path.name
            looked_at += 1
    assert looked_at > 5


def test_no_service_has_a_right_to_everything_or_to_dangerous_commands() -> None:
    dangerous = {"flushall", "flushdb", "keys", "config", "acl", "shutdown", "eval", "script", "debug", "replicaof"}
    for name, rights in RIGHTS.items():
        words = rights.redis()
        assert not ({f"+{each}" for each in dangerous} | {"~*", "allkeys", "+@all"}) & set(words), name
        assert not words or "-@all" in words
        assert all(acl.operation not in ("All", "ClusterAction", "AlterConfigs", "Delete") for acl in rights.kafka())
