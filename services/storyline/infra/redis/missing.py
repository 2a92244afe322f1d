"""What Redis lacks of the state that the services' committed offsets say must exist. Only looks."""

from collections.abc import Collection, Mapping

from ..lost import REBUILD, rebuild_unfinished
from . import keys, space_store
from .client import Client, as_text
from .scripts import command


async def missing_state(client: Client, committed: Mapping[str, Collection[int]]) -> list[str]:
    """One line for each stage or space whose state is lost; empty if all is there.

    `committed`: stage (`matcher`, `updater`) → the partitions that its group has committed offsets for. Raises
    Transient or Fatal as the client does.
    """
    if await client.one("EXISTS", keys.REBUILDING):
        return [str(rebuild_unfinished())]
    findings = []
    for stage, partitions in sorted(committed.items()):
        if lost := await _unmarked(client, stage, sorted(partitions)):
            noun = "partition" if len(lost) == 1 else "partitions"
            numbers = ", ".join(map(str, lost))
            findings.append(f"the state of {stage} for {noun} {numbers} is missing in Redis: {REBUILD}")
    spaces = await _spaces(client, sorted(committed.get(space_store.STAGE, ())))
    there = await client.run([command("EXISTS", keys.space_meta(space)) for space in spaces])
    findings += [
        f"the state of the space {space} is missing in Redis: {REBUILD}"
        for space, exists in zip(spaces, there, strict=True)
        if not exists
    ]
    return findings


async def _unmarked(client: Client, stage: str, partitions: list[int]) -> list[int]:
    answers = await client.run([command("EXISTS", keys.marker(stage, number)) for number in partitions])
    return [number for number, exists in zip(partitions, answers, strict=True) if not exists]


async def _spaces(client: Client, partitions: list[int]) -> list[str]:
    answers = await client.run([command("HKEYS", keys.marker(space_store.STAGE, number)) for number in partitions])
    fields = (as_text(field) for answer in answers for field in answer)
    return sorted({name.removeprefix(keys.SPACE_FIELD) for name in fields if name.startswith(keys.SPACE_FIELD)})
