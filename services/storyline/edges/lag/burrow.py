"""The last look as Burrow's HTTP interface, version 3, gives it: for clients that were written for Burrow.

Source: Burrow's wiki, "HTTP Endpoint", and core/protocol of Burrow 1.x. There is one cluster. Reading only: deleting
a group from memory isn't there. Times in ms.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from ...domain.lag.rules import Commit
from ...domain.lag.status import Status
from .view import GroupView, PartitionView, View

Answer = tuple[int, dict[str, Any]]


def answer(path: Sequence[str], view: View | None, cluster: str, servers: Sequence[str]) -> Answer:
    """What Burrow would answer to /v3/kafka/`path`: HTTP status and body, without `request`."""
    match list(path):
        case []:
            return _ok("cluster list returned", clusters=[cluster])
        case [name, *_] if name != cluster:
            return _error("cluster not found")
        case [_]:
            return _ok("cluster module detail returned", module=_cluster(servers))
        case [_, "consumer", *rest]:
            return _of_consumers(rest, view, cluster)
        case [_, "topic", *rest]:
            return _of_topics(rest, view)
    return _error("endpoint not found")


def _of_consumers(path: Sequence[str], view: View | None, cluster: str) -> Answer:
    """A group's name may hold slashes."""
    match list(path):
        case []:
            return _ok("consumer list returned", consumers=sorted(view.groups) if view else [])
        case [*group, "lag"] if group:
            return _status("/".join(group), view, cluster, every=True)
        case [*group, "status"] if group:
            return _status("/".join(group), view, cluster, every=False)
    return _detail("/".join(path), view)


def _of_topics(path: Sequence[str], view: View | None) -> Answer:
    match list(path):
        case []:
            return _ok("topic list returned", topics=sorted(view.topics) if view else [])
        case [topic]:
            return _topic(topic, view)
        case [topic, "consumers"]:
            return _consumers(topic, view)
    return _error("endpoint not found")


def _ok(message: str, **more: Any) -> Answer:
    return HTTPStatus.OK, {"error": False, "message": message, **more}


def _error(message: str) -> Answer:
    return HTTPStatus.NOT_FOUND, {"error": True, "message": message}


def _cluster(servers: Sequence[str]) -> dict[str, Any]:
    return {"class-name": "kafka", "servers": list(servers), "client-profile": {"name": "storyline", "tls": None}}


def _topic(topic: str, view: View | None) -> Answer:
    ends = view.topics.get(topic) if view else None
    if not ends:
        return _error("cluster or topic not found")
    return _ok("topic offsets returned", offsets=[ends.get(number, -1) for number in range(max(ends) + 1)])


def _consumers(topic: str, view: View | None) -> Answer:
    if view is None or topic not in view.topics:
        return _error("cluster or topic not found")
    found = [name for name, group in view.groups.items() if any(row.topic == topic for row in group.partitions)]
    return _ok("consumers of topic returned", consumers=sorted(found))


def _detail(name: str, view: View | None) -> Answer:
    group = _group(name, view)
    if group is None:
        return _error("cluster or consumer not found")
    topics: dict[str, list[Any]] = {}
    for row in _known(group):
        partitions = topics.setdefault(row.topic, [])
        # Burrow's list has a place for each partition up to the last.
        partitions += [None] * (row.partition + 1 - len(partitions))
        partitions[row.partition] = {
            "offsets": [_offset(commit) for commit in row.commits],
            "owner": row.host, "client_id": row.client, "current-lag": row.lag or 0,
        }  # fmt: skip
    return _ok("consumer detail returned", topics=topics)


def _status(name: str, view: View | None, cluster: str, *, every: bool) -> Answer:
    group = _group(name, view)
    rows = list(_known(group)) if group is not None else []
    if not rows:
        status: dict[str, Any] = {
            "cluster": cluster, "group": name, "status": Status.NOT_FOUND.in_burrow, "complete": 1.0,
            "partitions": [], "partition_count": 0, "maxlag": None, "totallag": 0,
        }  # fmt: skip
        body = _ok("consumer status returned", status=status)[1]
        return HTTPStatus.NOT_FOUND, body
    assert group is not None
    status = {
        "cluster": cluster, "group": name, "status": group.status.in_burrow,
        "complete": round(sum(row.complete >= 1 for row in rows) / len(rows), 3),
        "partitions": [_partition(row) for row in rows if every or row.status > Status.OK],
        "partition_count": len(rows), "maxlag": _partition(max(rows, key=lambda row: row.lag or 0)),
        "totallag": sum(row.lag or 0 for row in rows),
    }  # fmt: skip
    return _ok("consumer status returned", status=status)


def _partition(row: PartitionView) -> dict[str, Any]:
    return {
        "topic": row.topic, "partition": row.partition, "owner": row.host, "client_id": row.client,
        "status": row.status.in_burrow, "start": _offset(row.commits[0]) if row.commits else None,
        "end": _offset(row.commits[-1]) if row.commits else None,
        "current_lag": row.lag or 0, "complete": round(row.complete, 3),
    }  # fmt: skip


def _offset(commit: Commit) -> dict[str, int]:
    at_ms = int(commit.at_seconds * 1000)
    return {"offset": commit.offset, "timestamp": at_ms, "observedAt": at_ms, "lag": commit.lag}


def _group(name: str, view: View | None) -> GroupView | None:
    return view.groups.get(name) if view is not None else None


def _known(group: GroupView) -> list[PartitionView]:
    """Partitions with a commit; Burrow knows no others."""
    return [row for row in group.partitions if row.committed is not None and row.end is not None]
