"""What must be true before a stage starts: else one line that says what to do, instead of an endless retry."""

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError

from ..errors import Fatal, Transient
from .producers import client_options
from .settings import STORY_KEYED, ShellSettings

_NO_BROKER = "Unable to bootstrap"


async def partition_counts(settings: ShellSettings, client_id: str) -> Mapping[str, int]:
    """Every topic of the cluster and how many partitions it has. Raises Transient or Fatal."""
    try:
        async with asyncio.timeout(settings.connect_seconds):
            admin = AIOKafkaAdminClient(**client_options(settings, client_id))
            try:
                await admin.start()
                topics = await admin.describe_topics()
            finally:
                await admin.close()
    except IncompatibleBrokerVersion as error:
        raise Fatal(f"Kafka at {settings.kafka} is too old for this client: {error}") from error
    except (KafkaError, OSError) as error:
        raise Transient(f"Kafka does not answer at {settings.kafka} ({_short(error)})") from error
    except ValueError as error:
        raise Fatal(f"Kafka: {error}") from error
    return {topic["topic"]: len(topic["partitions"]) for topic in topics}


def complaints(
    counts: Mapping[str, int], needed: Sequence[str], groups_of_equals: Sequence[frozenset[str]]
) -> list[str]:
    """What is wrong with the topics, each in words that say what to do. Pure."""
    missing = sorted(topic for topic in needed if topic not in counts)
    if missing:
        names = ", ".join(missing)
        return [f"the topic {names} does not exist; run `storyline topics create` (or this user may not see it)"]
    wrong = []
    for group in groups_of_equals:
        present = {topic: counts[topic] for topic in sorted(group) if topic in counts}
        if len(set(present.values())) > 1:
            said = ", ".join(f"{topic} has {count}" for topic, count in present.items())
            wrong.append(f"partition counts must agree, but {said}; {_remedy(present)}")
    return wrong


def _remedy(present: Mapping[str, int]) -> str:
    most = max(present.values())
    short = [topic for topic, count in present.items() if count < most]
    if STORY_KEYED.isdisjoint(short):
        return "; ".join(f"`kafka-topics.sh --alter --topic {topic} --partitions {most}`" for topic in short)
    return (
        "stories lie where the count they began with puts them: put the topic that was changed back from a copy, or "
        "create all of these anew while there are no stories"
    )


async def check(settings: ShellSettings, stage: str, reads: str) -> Mapping[str, int]:
    """All of the above for one stage; returns the partition counts. Raises Transient, or Fatal with one line."""
    counts = await partition_counts(settings, f"storyline.{stage}")
    needed = sorted({reads, f"{reads}.dlq", *settings.writes_of(stage)})
    wrong = complaints(counts, needed, settings.groups_of_equals(reads))
    if wrong:
        raise Fatal(f"{settings.kafka}: {'; '.join(wrong)}")
    return counts


def _short(error: BaseException) -> str:
    if _NO_BROKER in str(error):  # the client goes on with its own objects for what it tried
        return "no broker there takes our connection"
    return type(error).__name__ if isinstance(error, TimeoutError) else " ".join(str(error).split())[:200]
