"""The shell's small parts, each by itself."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.errors import Conflict, Invalid, Transient
from storyline.stream.batches import Claim
from storyline.stream.crash_points import CrashPoints
from storyline.stream.dead_letters import REASON_CHARS_MAX, Verdict, dead_letter
from storyline.stream.metrics import Metrics
from storyline.stream.ownership import Ownership
from storyline.stream.patience import Abandoned, Patience, pauses
from storyline.stream.poison import Suspicion, chunks
from storyline.stream.preflight import complaints
from storyline.stream.settings import ShellSettings
from storyline.stream.watchdog import Watchdog

from .fakes import record


def test_a_dead_letter_keeps_the_record_and_says_where_from_and_why() -> None:
    dead = dead_letter(record(7, b"\xff", None), "matcher", Verdict.of(Invalid("body", "is too\nlong"), tries=2))
    assert (dead.topic, dead.partition, dead.key, dead.value) == ("in.dlq", 0, None, b"\xff")
    assert dead.headers == (
        ("h", b"\xff"),
        ("storyline-dlq-topic", b"in"), ("storyline-dlq-partition", b"0"), ("storyline-dlq-offset", b"7"),
        ("storyline-dlq-timestamp", b"1007"), ("storyline-dlq-stage", b"matcher"), ("storyline-dlq-error", b"Invalid"),
        ("storyline-dlq-field", b"body"), ("storyline-dlq-reason", b"body: is too long"), ("storyline-dlq-tries", b"2"),
    )  # fmt: skip


@given(st.text(max_size=3_000))
def test_a_dead_letters_headers_are_bounded_and_one_line(reason: str) -> None:
    said = dict(dead_letter(record(0), "s", Verdict("E", reason, reason)).headers)["storyline-dlq-reason"].decode()
    assert len(said) <= REASON_CHARS_MAX
    assert "\n" not in said


@given(st.integers(1, 600), st.integers(0, 30), st.integers(0, 600), st.integers(1, 9), st.integers(0, 50))
def test_chunks_lose_and_repeat_nothing(count: int, base: int, size: int, tries: int, shift: int) -> None:
    records = [record(base + n) for n in range(count)]
    made = list(chunks(records, Suspicion(shift, shift + size, tries), kills_max=5))
    assert [one for chunk in made for one in chunk.records] == records


@given(st.integers(2, 500), st.integers(1, 20))
def test_a_suspected_range_is_tried_in_smaller_pieces_each_time(size: int, tries: int) -> None:
    made = list(chunks([record(n) for n in range(size)], Suspicion(0, size - 1, tries), kills_max=5))
    assert all(len(chunk.records) < size and chunk.tries == tries + 1 and not chunk.dead for chunk in made)


def test_only_a_single_record_is_ever_given_up() -> None:
    (chunk,) = chunks([record(3)], Suspicion(3, 3, 5), kills_max=5)
    assert (chunk.dead, chunk.tries) == (True, 5)
    (chunk,) = chunks([record(3)], Suspicion(3, 3, 4), kills_max=5)
    assert (chunk.dead, chunk.tries) == (False, 5)


def test_pauses_grow_to_their_bound_and_keep_a_random_half() -> None:
    whole = pauses(0.1, 10.0, lambda: 1.0)
    assert [round(whole(n), 3) for n in (1, 2, 3, 8, 500)] == [0.1, 0.2, 0.4, 10.0, 10.0]
    assert pauses(0.1, 10.0, lambda: 0.0)(1) == 0.05


async def test_an_outage_is_said_once_when_it_begins_and_once_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    async def sleep(seconds: float) -> None: ...

    left = [3]

    async def attempt() -> str:
        left[0] -= 1
        if left[0] > 0:
            raise Transient("Redis does not answer")
        return "done"

    with caplog.at_level(logging.WARNING):
        assert await Patience(sleep, Metrics(), lambda n: 0).keep_trying("handle", attempt, lambda: False) == "done"
    assert [entry.getMessage() for entry in caplog.records] == [
        "handle: Redis does not answer; trying again until it works",
        "handle: works again, after 0 s",
    ]


async def test_what_nobody_tries_any_more_is_not_away() -> None:
    """Else a process whose partitions went to others during an outage would say no to /progress long after it."""
    metrics, tries = Metrics(), [0]

    async def sleep(seconds: float) -> None: ...

    async def attempt() -> None:
        tries[0] += 1
        raise Transient("Redis does not answer")

    with pytest.raises(Abandoned):
        await Patience(sleep, metrics, lambda n: 0).keep_trying("handle", attempt, lambda: tries[0] == 2)
    assert metrics.away == {}


async def test_an_answer_of_any_kind_ends_an_outage() -> None:
    metrics, errors = Metrics(), iter([Transient("Redis does not answer"), Conflict("written by another")])

    async def sleep(seconds: float) -> None: ...

    async def attempt() -> None:
        raise next(errors)

    with pytest.raises(Conflict):
        await Patience(sleep, metrics, lambda n: 0).keep_trying("handle", attempt, lambda: False)
    assert metrics.away == {}


def test_the_watchdog_ends_the_process_with_one_line_when_something_is_overdue() -> None:
    said: list[str] = []
    watchdog = Watchdog(end=said.append)
    with watchdog.watching("matcher: handle on partition 3", 2.0):
        watchdog.look(0.0)
        assert said == []
        watchdog.look(float("inf"))
    watchdog.look(float("inf"))
    assert len(said) == 1
    assert said[0].startswith("storyline: matcher: handle on partition 3 has not come back for 2 s")


def test_an_unknown_crash_point_is_refused() -> None:
    with pytest.raises(ValueError, match="before-handle"):
        CrashPoints("somewhere")


def test_missing_topics_are_named_with_what_to_do() -> None:
    (said,) = complaints({"a": 1}, ["a", "b"], [])
    assert said.startswith("the topic b does not exist; run `storyline topics create`")


def test_topics_that_must_have_one_partition_count_are_compared() -> None:
    (said,) = complaints({"a": 1, "b": 2}, ["a"], [frozenset({"a", "b", "absent"})])
    assert "a has 1, b has 2" in said


def test_dead_letters_that_were_left_behind_when_articles_grew_are_grown_too_and_no_topic_is_made_anew() -> None:
    (said,) = complaints({"articles": 6, "articles.dlq": 4}, [], [frozenset({"articles", "articles.dlq"})])
    assert said.endswith("articles.dlq has 4; `kafka-topics.sh --alter --topic articles.dlq --partitions 6`")


def test_a_topic_keyed_by_story_is_never_grown_to_agree() -> None:
    (said,) = complaints({"stories": 4, "story-parts": 8}, [], [frozenset({"stories", "story-parts"})])
    assert "--alter" not in said and "put the topic that was changed back from a copy" in said


def test_the_topics_a_stage_writes_come_from_the_topic_file() -> None:
    assert ShellSettings(kafka="x:1").writes_of("updater") == {
        "story-commands", "story-updates", "stories", "story-parts", "story-commands.dlq",
    }  # fmt: skip


class Acquirer:
    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []

    async def acquire(self, claim: Claim) -> None:
        self.calls.append(("acquire", claim.partition))

    async def release(self, partition: int) -> None:
        self.calls.append(("release", partition))


async def test_a_partition_is_acquired_once_in_each_generation_and_released_when_gone() -> None:
    acquirer, generation = Acquirer(), [1]
    ownership = Ownership(acquirer, lambda: generation[0], lambda: False)
    for number in (1, 1, 2):
        generation[0] = number
        async with ownership.lock(4):
            claim = await ownership.claim(4, number)
    await ownership.release_all_but(frozenset({4}))
    assert not claim.abandoned()
    await ownership.release_all_but(frozenset())
    assert acquirer.calls == [("acquire", 4), ("acquire", 4), ("release", 4)]
    generation[0] = 3
    assert claim.abandoned()
