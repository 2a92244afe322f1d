"""What every store says when its state is missing, belongs to somebody else, or has gone back in time."""

from collections.abc import Iterable

from ..errors import Conflict, Fatal, Fenced, StateLost

REBUILD = "stop the services and run `storyline rebuild`"


def marker_lost(stage: str, partition: int) -> StateLost:
    """The group has committed offsets for a partition that the store knows nothing of."""
    return StateLost(f"the state of {stage} for partition {partition} is missing in Redis: {REBUILD}")


def space_lost(space: str) -> StateLost:
    return StateLost(f"the state of the space {space} is missing in Redis: {REBUILD}")


def other_encoder(space: str, stored: str, own: str) -> Fatal:
    """What articles of the space are about was said by another model; the two can't be compared."""
    before, now = (f"the model {name!r}" if name else "the package's word vectors" for name in (stored, own))
    return Fatal(
        f"STORYLINE_MATCHER_ENCODER: the space {space} was matched with {before}, this service has {now}: "
        f"put the setting back, or {REBUILD} with the new one"
    )


def story_lost(story_id: str, version: int) -> StateLost:
    return StateLost(f"story {story_id} (version {version}) is missing in Redis: {REBUILD}")


def rebuild_unfinished() -> StateLost:
    return StateLost("a rebuild of Redis is under way or was broken off: let it end, or run `storyline rebuild` again")


def taken_over(what: str) -> Fenced:
    return Fenced(f"{what} has a new owner; joining the group again")


def went_back(what: str) -> Fenced:
    """A failover or restart lost the last writes. Whoever joins again compares with the topics first."""
    return Fenced(
        f"Redis has lost its last writes for {what} (restart or failover); joining again to repair from Kafka"
    )


def went_far_back(partition: int) -> StateLost:
    """It is not the last seconds that are missing."""
    return _far_back(f"the stories of partition {partition}")


def space_far_back(space: str) -> StateLost:
    """The same, noticed by the matcher."""
    return _far_back(f"the decisions of the space {space}")


def _far_back(what: str) -> StateLost:
    return StateLost(f"Redis is more than a minute behind {what} (an older copy was put back?): {REBUILD}")


def commit_refused(story_id: str, expected: int, stored: int) -> Exception:
    """Why a story at version `stored` (0: none) doesn't take a change made for version `expected`."""
    if stored > expected:
        return Conflict(f"story {story_id} is at version {stored}, not {expected}")
    return story_lost(story_id, expected) if stored == 0 else went_back(f"story {story_id}")


def raise_worst(failures: Iterable[Exception]) -> None:
    """Raise the failure that says most, if there is one: lost state before lost ownership before a conflict."""
    order = (StateLost, Fenced, Conflict)
    for failure in sorted(failures, key=lambda each: order.index(type(each))):
        raise failure
