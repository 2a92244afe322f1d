"""Replay: the order and the distances of the articles' own times, divided by the speed."""

import io

import pytest

from storyline.edges.ingest.reading import Read, Refused, read_file
from storyline.edges.ingest.replaying import in_order, replay

from .senders import Collecting, article, publishing


def lines(*times: str | None) -> list[Read | Refused]:
    content = b"".join(article(n, version_created=time) for n, time in enumerate(times))
    return list(read_file(io.BytesIO(content), "auto", 10_000))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class Timed(Collecting):
    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock, self.at = clock, list[float]()

    async def send(self, outputs: object) -> None:
        self.at.append(self.clock.now - 100.0)
        await super().send(outputs)  # type: ignore[arg-type]


@pytest.mark.parametrize(("speed", "expected"), [(1.0, [0.0, 60.0, 3600.0]), (60.0, [0.0, 1.0, 60.0])])
async def test_articles_come_at_their_distances(speed: float, expected: list[float]) -> None:
    clock = Clock()
    sender = Timed(clock)
    found = lines("2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z", "2026-01-01T10:01:00Z", "2026-01-01T10:01:00Z")
    articles = in_order(found, lambda refused: None)
    await replay(articles, publishing(sender), speed, clock=clock, sleep=clock.sleep)
    assert sender.uris == [f"urn:example:{n}" for n in (0, 2, 3, 1)]
    assert sender.at == pytest.approx(expected, abs=0.02) and sender.batches == [1, 2, 1]


async def test_an_article_without_a_time_stays_behind_the_one_before_it() -> None:
    found = lines(None, "2026-01-01T10:00:00Z", None, "2026-01-01T09:00:00Z")
    order = [read.article.uri[-1] for _, read in in_order(found, lambda refused: None)]
    assert order == ["0", "3", "1", "2"]


async def test_what_is_late_is_sent_at_once_and_not_left_out() -> None:
    clock = Clock()

    class Slow(Timed):
        async def send(self, outputs: object) -> None:
            await super().send(outputs)
            clock.now += 1_000

    sender = Slow(clock)
    articles = in_order(lines(*(f"2026-01-01T10:0{n}:00Z" for n in range(5))), lambda refused: None)
    await replay(articles, publishing(sender), 1.0, clock=clock, sleep=clock.sleep)
    assert len(sender.uris) == 5 and sender.batches == [1, 4]


async def test_refused_lines_are_said_before_anything_is_sent() -> None:
    refused: list[Refused] = []
    found = list(read_file(io.BytesIO(article(1) + b"{bad\n"), "auto", 10_000))
    assert len(in_order(found, refused.append)) == 1 and refused[0].line == 2
