"""Real articles, round after round: each round has uris and spaces of its own; what it sends is remembered."""

import asyncio
import itertools
import random
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from storyline.edges.demo.expecting import Expected
from storyline.edges.ingest.outgoing import outgoing
from storyline.record import Output
from storyline_schemas import Article, PartitionCounts, PubStatus, partition_of

from .world import PARTITIONS

SPACES_A_ROUND = 2
ROUNDS_A_SPACE = 60
"""Rounds after which a space comes again: a partition holds a bounded number of them."""
COUNTS = PartitionCounts(PARTITIONS, PARTITIONS)
EMBARGOED = 12
"""Of so many articles one comes some seconds before it may be shown."""
RETELL = 10
"""Of so many articles one is corrected a little later, and one withdrawn."""


class Feed:
    """Sends at a steady pace, past the broken lines, each article until it is confirmed."""

    def __init__(self, kafka: str, articles: Sequence[Article], per_second: float) -> None:
        self._kafka, self._articles, self._pause = kafka, articles, 1 / per_second
        versions = Counter(article.uri for article in articles)
        self._once = [versions[article.uri] == 1 for article in articles]
        """Of which there are several versions, another may be shown while one is under embargo."""
        self._producer: AIOKafkaProducer | None = None
        self._next = itertools.count()
        self.space = "world"
        """A space of the round that is on."""
        self.expected = Expected()
        self.sent = 0
        self.poison: list[Output] = []
        """What was sent to do harm, as it was sent."""
        self.followers: set[str] = set()
        """Articles that a poisoned one may take along: they belong to the same story."""
        self.retold: dict[str, str | None] = {}
        """Uri → the version it was corrected to; None: it was withdrawn."""
        self.embargoes: dict[str, int] = {}
        """Uri → when its embargo ends (epoch, ms)."""

    @property
    def uris(self) -> Set[str]:
        """Of the articles that must be in a story."""
        return self.expected.uris

    async def run(self, round_number: int) -> None:
        """The articles of a round, until cancelled."""
        spaces = spaces_of(round_number)
        self.space = spaces[0]
        told: deque[Article] = deque(maxlen=RETELL)
        while True:
            number = next(self._next)
            article = _of_round(self._articles, number, round_number, spaces)
            if number % EMBARGOED == 0 and self._once[number % len(self._articles)]:
                article = self._embargoed(article, number)
            await self.send(article)
            self.expected.add(article, now_ms=1 << 53)
            told.append(article)
            if (again := _again(number, told)) is not None:
                await self._retell(again)
            await asyncio.sleep(self._pause)

    def _embargoed(self, article: Article, number: int) -> Article:
        """Not to be shown for some seconds, which a fault may outlast."""
        until = datetime.now(UTC) + timedelta(seconds=2 + number % 7)
        self.embargoes[article.uri] = int(until.timestamp() * 1000)
        return article.model_copy(update={"embargoed_until": until})

    async def embargoes_over(self) -> None:
        """Wait until the last one has ended."""
        await asyncio.sleep(max(0.0, max(self.embargoes.values(), default=0) / 1000 - time.time()))

    async def _retell(self, article: Article) -> None:
        # Who is cancelled in the middle doesn't know whether it was sent: then neither is expected.
        self.expected.latest.pop(article.uri, None)
        self.retold.pop(article.uri, None)
        await self.send(article)
        self.expected.add(article, now_ms=1 << 53)
        self.retold[article.uri] = article.version if article.pub_status is PubStatus.USABLE else None

    async def send(self, article: Article) -> Output:
        output = outgoing(article, COUNTS)
        await self.put(output)
        self.sent += 1
        return output

    async def spoiled(self, article: Article, dice: random.Random) -> Output:
        """Sent as a record that can't be read: cut short, without its uri, or no JSON at all."""
        whole = outgoing(article, COUNTS)
        value = whole.value or b""
        bad = dice.choice((value[: len(value) // 2], value.replace(b'"uri"', b'"uir"', 1), b"\xff\x00" + value))
        output = Output(whole.topic, whole.partition, whole.key, bad, whole.headers)
        await self.put(output)
        return output

    async def put(self, output: Output) -> None:
        """Until it is confirmed: a repeat changes nothing."""
        while True:
            try:
                producer = await self._ready()
                await producer.send_and_wait(
                    output.topic, output.value, output.key, output.partition, headers=list(output.headers)
                )
                return
            except KafkaError:
                await self.close()
                await asyncio.sleep(0.3)

    async def _ready(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._kafka, acks="all", enable_idempotence=True, request_timeout_ms=10_000
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(producer.stop(), 5)


def spaces_of(round_number: int) -> list[str]:
    """The spaces of a round, on different partitions."""
    wanted = [(round_number + n * PARTITIONS // SPACES_A_ROUND) % PARTITIONS for n in range(SPACES_A_ROUND)]
    return [next(_spaces_on(partition, f"chaos-{round_number % ROUNDS_A_SPACE}")) for partition in wanted]


def _spaces_on(partition: int, prefix: str) -> Iterator[str]:
    names = (f"{prefix}-{n}" for n in itertools.count())
    return (name for name in names if partition_of(name, PARTITIONS) == partition)


def _of_round(articles: Sequence[Article], number: int, round_number: int, spaces: Sequence[str]) -> Article:
    """The source's articles in turn, a block of it in each space, so that what belongs together stays together."""
    turn, at = divmod(number, len(articles))
    article = articles[at]
    suffix = f"{round_number}:{turn}"
    evolved = article.evolved_from and f"{article.evolved_from}:{suffix}"
    space = spaces[at * len(spaces) // len(articles) if len(articles) < 200 else at // 10 % len(spaces)]
    return article.model_copy(update={"uri": f"{article.uri}:{suffix}", "space": space, "evolved_from": evolved})


def _again(number: int, told: Sequence[Article]) -> Article | None:
    """A later version of one of the last articles, if it is time for one: corrected, or withdrawn."""
    first = told[0]
    kind, revision = first.revision
    if len(told) < RETELL or number % (RETELL // 2) or kind:
        return None
    newer = {"version": str(int(revision) + 1), "evolved_from": None}
    if number % RETELL:
        return first.model_copy(update={**newer, "pub_status": PubStatus.CANCELED})
    return first.model_copy(update={**newer, "headline": f"{first.headline} (corrected)"})


def source(path: Path | None, root: Path) -> Path:
    """The file named, else real articles where they are, else the sample wire, which is invented."""
    real = root.parent / "shared/data/stories/wikinews_cited.jsonl"
    return path or (real if real.exists() else root / "services/storyline/demo/wire.jsonl")
