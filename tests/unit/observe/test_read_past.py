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
