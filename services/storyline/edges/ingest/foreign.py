"""Kafka topics of other shapes, such as Superdesk's ninjs on a topic, through a reader onto `articles`.

In: records of the topics named in the settings, group `storyline.ingest`. Out: `articles`, `articles.dlq`. State: the
group's offsets, committed only when everything made of a record is confirmed: at least once, and a repeat is a no-op.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from storyline_schemas import Article, PartitionCounts
from storyline_schemas.topics import ARTICLES_DLQ, RAW_BYTES_MAX, TOPICS

from ...errors import Fatal, Transient
from ...record import Output, Record
from ...stream.dead_letters import Verdict, dead_letter
from .outgoing import outgoing, too_large
from .readers import FORMATS, Refusal, document
from .readers.base import Context, Ignored
from .sending import Sender

logger = logging.getLogger("storyline.ingest.topics")

GROUP = "storyline.ingest"
STAGE = "ingest"
_OWN = frozenset(topic.name for topic in TOPICS)
RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)


def formats_of(setting: str) -> dict[str, str]:
    """`TOPIC[=FORMAT],…` as topic → format. Raises Fatal for an unknown format, and for topics of Storyline's own."""
    formats: dict[str, str] = {}
    for each in setting.split(","):
        topic, _, format = each.strip().partition("=")
        if not topic:
            continue
        if topic in _OWN:
            raise Fatal(f"STORYLINE_INGEST_TOPICS: {topic} is a topic of Storyline's own; reading it here is a loop")
        if format and format not in FORMATS:
            raise Fatal(f"STORYLINE_INGEST_TOPICS: {format!r} is no format; one of {', '.join(FORMATS)}")
        formats[topic] = format or "auto"
    return formats


class Records(Protocol):
    """Records of foreign topics, read in a group."""

    async def some(self) -> Sequence[Record]:
        """The next records, in order within a partition; none after a while without any. Raises Transient."""
        ...

    async def commit(self, records: Sequence[Record]) -> None:
        """What was read up to these records is done. Raises Transient."""
        ...


@dataclass(slots=True)
class Foreign:
    """One service's work on foreign topics. `formats`: topic → format of its records, "auto" to recognise each."""

    records: Records
    sender: Sender
    counts: PartitionCounts
    formats: Mapping[str, str]
    published: int = 0
    refused: int = 0
    ignored: Ignored = field(default_factory=Ignored)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. What Kafka can't take just now is tried again. Raises Fatal."""
        while not stop.is_set():
            try:
                records = await self.records.some()
            except Transient as away:
                logger.warning("waiting: %s", away)
                await asyncio.sleep(RETRY_SECONDS[-1])
                continue
            if records:
                await self._handle(records, stop)

    async def _handle(self, records: Sequence[Record], stop: asyncio.Event) -> None:
        outputs = [output for record in records for output in self.outputs(record)]
        tries = 0
        while not stop.is_set():
            try:
                await self.sender.send(outputs)
                await self.records.commit(records)
                self.published += sum(output.topic != ARTICLES_DLQ.name for output in outputs)
                self.refused += sum(output.topic == ARTICLES_DLQ.name for output in outputs)
                return
            except Transient as away:
                if tries == 0:
                    logger.warning("trying again: %s", away)
                await asyncio.sleep(RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)])
                tries += 1

    def outputs(self, record: Record) -> list[Output]:
        """The articles of a record; if something of it can't be used, its dead letter too, byte for byte."""
        if record.value is None:
            return [self._dead(record, "value", "is missing; a foreign topic's tombstone says nothing here")]
        context = Context(record.topic, record.written_at, self.ignored)
        _, results = document(record.value, self.formats[record.topic], context)
        made = [self._made(each, record.header("traceparent")) for each in results]
        outputs = [each for each in made if isinstance(each, Output)]
        refused = [each for each in made if isinstance(each, Refusal)]
        if refused:
            more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
            outputs.append(self._dead(record, refused[0].field, f"{refused[0].reason}{more}"))
        return outputs

    def _made(self, result: Article | Refusal, trace: bytes | None) -> Output | Refusal:
        if isinstance(result, Refusal):
            return result
        made = outgoing(result, self.counts, trace)
        reason = too_large(made)
        return Refusal("article", "article", reason) if reason else made

    def _dead(self, record: Record, field: str, reason: str) -> Output:
        if len(record.value or b"") > RAW_BYTES_MAX:  # nor would a letter with it be taken
            reason = f"{reason}; the record is too large for a letter, and lies where the headers say"
            record = replace(record, value=None)
        letter = dead_letter(record, STAGE, Verdict("Invalid", field, f"{field}: {reason}"))
        # A foreign topic has no dead letter topic of ours; its headers say where it came from.
        return replace(letter, topic=ARTICLES_DLQ.name, partition=record.partition % self.counts.articles)
