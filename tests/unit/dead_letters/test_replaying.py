"""Letters are put back as they come: none twice, none that can't be read, and never more than a batch in memory."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

import pytest

from storyline.edges.dead_letters.letters import Filter, Letter, letter_of
from storyline.edges.dead_letters.replaying import AT_ONCE, NAMED_MAX, Check, Replay, replayed_before
from storyline.errors import Fatal, Invalid
from storyline.record import Output, Record
from storyline_schemas.events import STORY_EDIT

LETTERS = "articles.dlq"
Place = tuple[str, int]
FIRST = 1_000_000
"""The offset of the first letter that is still there: those before were deleted."""


class Topics:
    """A topic of letters and the one they came from, each of one partition; takes what is sent."""

    def __init__(self, letters: Iterable[Record]) -> None:
        self.logs: dict[str, list[Record]] = {LETTERS: list(letters), "articles": []}
        self.batches: list[int] = []

    async def partitions(self, topic: str) -> list[Place]:
        return [(topic, 0)]

    async def begin_offsets(self, partitions: Iterable[Place]) -> Mapping[Place, int]:
        return {place: FIRST if place[0] == LETTERS else 0 for place in partitions}

    async def end_offsets(self, partitions: Iterable[Place]) -> Mapping[Place, int]:
        begins = await self.begin_offsets(partitions)
        return {place: begin + len(self.logs[place[0]]) for place, begin in begins.items()}

    async def offsets_since(self, partitions: Mapping[Place, int]) -> Mapping[Place, int]:
        return await self.begin_offsets(partitions)

    async def read(self, begin: Mapping[Place, int], end: Mapping[Place, int] | None = None) -> AsyncIterator[Record]:
        for (topic, _), offset in begin.items():
            for record in self.logs[topic]:
                if record.offset >= offset and (end is None or record.offset < end[topic, 0]):
                    yield record

    async def send(self, outputs: Sequence[Output]) -> None:
        self.batches.append(len(outputs))
        for each in outputs:
            at = len(self.logs[each.topic])
            self.logs[each.topic].append(Record(each.topic, 0, at, 0, each.key, each.value, each.headers))


def letter(number: int, value: bytes = b"{}", *headers: tuple[str, bytes]) -> Record:
    return Record(LETTERS, 0, FIRST + number, 5, b"world", value, (("storyline-dlq-topic", b"articles"), *headers))


def must_be_read(record: Record) -> None:
    if record.value == b"bad":
        raise Invalid("value", "is bad")


async def run(topics: Topics, again: bool = False, check: Check | None = must_be_read) -> Replay:
    replay = Replay(topics, topics, {"articles": check}, again, 0)
    await replay.every(LETTERS, Filter())
    return replay


async def test_all_are_put_back_in_batches_and_a_second_time_none() -> None:
    topics = Topics(letter(n, b"%d" % n) for n in range(AT_ONCE + NAMED_MAX))
    found = (await run(topics)).found
    assert [each.value for each in topics.logs["articles"]] == [b"%d" % n for n in range(AT_ONCE + NAMED_MAX)]
    assert max(topics.batches) == AT_ONCE
    assert (found.sent.count, len(found.sent.ids), found.sent.ids[0]) == (1_500, NAMED_MAX, f"{LETTERS}/0/{FIRST}")
    found = (await run(topics)).found
    assert (found.sent.count, found.skipped.count, len(topics.logs["articles"])) == (0, 1_500, 1_500)
    assert (await run(topics, again=True)).found.sent.count == 1_500


async def test_one_that_was_sent_before_a_crash_is_not_sent_again() -> None:
    topics = Topics(letter(n) for n in range(3))
    one = Replay(topics, topics, {"articles": None}, False, 0)
    await one.some([each async for each in letters_of(topics)][1:2])
    assert (await run(topics)).found.skipped.ids == [f"{LETTERS}/0/{FIRST + 1}"]
    ids = {f"{LETTERS}/0/{FIRST + n}" for n in range(3)}
    assert await replayed_before(topics, [each async for each in letters_of(topics)], ["articles"]) == ids


async def letters_of(topics: Topics) -> AsyncIterator[Letter]:
    for record in topics.logs[LETTERS]:
        yield letter_of(record)


async def test_what_its_stage_cannot_read_stays_with_the_reason() -> None:
    topics = Topics([letter(0), letter(1, b"bad"), letter(2, b"bad")])
    report = (await run(topics)).found.report()
    assert (report["replayed_count"], report["refused_count"]) == (1, 2)
    assert report["reasons"] == {"value: is bad": 2}
    assert (await run(topics, check=None)).found.sent.count == 2


async def test_what_came_back_is_sent_by_name_only() -> None:
    topics = Topics([letter(0, b"{}", ("storyline-replay-of", b"articles.dlq/0/7"))])
    assert (await run(topics)).found.skipped.count == 1
    by_name = Replay(topics, topics, {"articles": None}, False, 0)
    await by_name.some([each async for each in letters_of(topics)])
    assert by_name.found.sent.count == 1


@pytest.mark.parametrize("of", [b"articles.dlq/0/1", b"articles.dlq/9/1000000", b"articles.dlq/0/99999999999999", b"?"])
async def test_a_mark_that_names_no_letter_is_passed_over(of: bytes) -> None:
    topics = Topics([letter(0)])
    topics.logs["articles"].append(Record("articles", 0, 0, 0, b"world", b"{}", (("storyline-replay-of", of),)))
    assert (await run(topics)).found.sent.count == 1


async def test_a_letter_of_a_topic_that_is_not_ours_stays_and_holds_up_no_other() -> None:
    foreign = Record(LETTERS, 0, FIRST, 5, None, b"", (("storyline-dlq-topic", b"payments"),))
    topics = Topics([foreign, letter(1)])
    report = (await run(topics, check=None)).found.report()
    assert (report["replayed_count"], report["refused_count"]) == (1, 1)
    assert list(report["reasons"]) == ["topic: is payments, none of ours: send the record there again"]
    by_name = Replay(topics, topics, {"articles": None}, False, 0)
    with pytest.raises(Fatal, match=rf"payments is not a topic of ours; {LETTERS}/0/{FIRST}"):
        await by_name.some([letter_of(foreign)])


def rewound(number: int, offset: int, value: bytes = b"{}") -> Record:
    """A letter that says where its record lay."""
    places = (("storyline-dlq-partition", b"0"), ("storyline-dlq-offset", b"%d" % offset))
    return letter(number, value, *places)


async def test_of_the_letters_that_a_rewind_makes_of_one_record_one_is_put_back() -> None:
    topics = Topics([rewound(0, 7, b"a"), rewound(1, 8, b"b"), rewound(2, 7, b"a"), rewound(3, 8, b"b")])
    found = (await run(topics)).found
    assert [each.value for each in topics.logs["articles"]] == [b"a", b"b"]
    assert found.skipped.ids == [f"{LETTERS}/0/{FIRST + 2}", f"{LETTERS}/0/{FIRST + 3}"]
    assert (await run(topics, again=True)).found.sent.count == 4


async def test_what_was_put_back_before_the_rewind_is_not_put_back_after_it() -> None:
    topics = Topics([rewound(0, 7, b"a"), rewound(1, 8, b"bad")])
    await run(topics)
    topics.logs[LETTERS] += [rewound(2, 7, b"a"), rewound(3, 8, b"bad"), rewound(4, 9, b"c")]
    since = Replay(topics, topics, {"articles": must_be_read}, False, 0)
    await since.every(LETTERS, Filter(since_ms=5))
    assert [each.value for each in topics.logs["articles"]] == [b"a", b"c"]
    # What couldn't be read is kept, both times, and goes once it can be.
    assert (await run(topics, check=None)).found.sent.count == 1


async def test_letters_are_of_one_record_only_if_all_of_it_is_the_same() -> None:
    others = Record(LETTERS, 0, FIRST + 2, 5, b"sport", b"a", rewound(2, 7).headers)
    topics = Topics([rewound(0, 7, b"a"), rewound(1, 7, b"another, in a topic made anew"), others, letter(3, b"a")])
    assert (await run(topics)).found.sent.count == 4


async def test_one_that_is_not_meant_and_was_never_put_back_stands_in_nobodys_way() -> None:
    topics = Topics([rewound(0, 7), Record(LETTERS, 0, FIRST + 1, 50, b"world", b"{}", rewound(1, 7).headers)])
    replay = Replay(topics, topics, {"articles": None}, False, 0)
    await replay.every(LETTERS, Filter(since_ms=50))
    assert replay.found.sent.ids == [f"{LETTERS}/0/{FIRST + 1}"]


async def test_a_request_that_was_refused_is_carried_out_by_name_only() -> None:
    asked = letter(0, b"{}", ("ce_type", STORY_EDIT.encode()))
    topics = Topics([asked, letter(1)])
    found = (await run(topics)).found
    assert (found.asked.count, found.sent.count) == (1, 1)
    named = Replay(topics, topics, {"articles": must_be_read}, False, 0)
    await named.some([letter_of(asked)])
    assert named.found.sent.count == 1
