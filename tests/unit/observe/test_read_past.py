"""A group that commits behind its last record isn't behind for a transaction's marker, and is for what nobody reads."""

from collections.abc import Collection

from storyline.observe.probing import Found, ReadPast


class Kafka:
    """Both partitions end in a marker, and are committed up to it."""

    server = "kafka"

    async def ask(self, assigned: Collection[int]) -> Found:
        return dict.fromkeys(assigned, (9, 10))

    async def close(self) -> None: ...


async def test_a_marker_that_was_read_past_is_finished_only_where_the_partition_is_owned() -> None:
    async def position(partition: int) -> int | None:
        return 10 if partition == 0 else None

    assert await ReadPast(Kafka(), position).ask([0, 1]) == {0: (10, 10), 1: (9, 10)}


async def test_what_was_read_and_neither_finished_nor_handed_on_stays_unfinished() -> None:
    """Record 9 was lost on the way to the stage: it and the marker behind it were read all the same."""

    class OneMore(Kafka):
        async def ask(self, assigned: Collection[int]) -> Found:
            return dict.fromkeys(assigned, (9, 11))

    async def position(partition: int) -> int | None:
        return 11

    assert await ReadPast(OneMore(), position).ask([0]) == {0: (9, 11)}
