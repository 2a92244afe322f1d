"""The port: four paths, bounded connections, one line if it is taken; a hung loop still gets its verdict out."""

import asyncio
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from storyline.errors import Fatal, Transient
from storyline.observe.facts import Standing
from storyline.observe.meter import Meter
from storyline.observe.probing import Found, Lag, Range, Watcher
from storyline.observe.server import CONNECTIONS_MAX, Answered, HealthServer, as_json
from storyline.observe.service import Listening, serving

try:
    socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    HAS_IPV6 = True
except OSError:
    HAS_IPV6 = False
WELL = Standing(True, False, 1, True, frozenset({0}), frozenset({0}))


class Redis:
    """A server that answers until it is told not to."""

    server = "redis"

    def __init__(self) -> None:
        self.away = False

    async def ask(self, assigned: Collection[int]) -> Found | None:
        if self.away:
            raise Transient("Redis at db:6379 doesn't answer")
        return None

    async def close(self) -> None: ...


def get(address: str, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def watcher(*probes: Redis, standing: Standing = WELL, waiting: list[tuple[str, float]] | None = None) -> Watcher:
    return Watcher(lambda: standing, lambda one, now: replace(one, waiting=waiting or ()), list(probes))


async def test_each_path_answers_and_another_names_them() -> None:
    redis = Redis()
    async with serving(Listening(), Meter("matcher"), watching := watcher(redis)) as server:
        await watching.probe(redis)
        await asyncio.sleep(0)
        answers = {
            path: await asyncio.to_thread(get, server.address, path)
            for path in ("/live", "/ready", "/progress", "/metrics", "/else")
        }
    assert [status for status, _ in answers.values()] == [200, 200, 200, 200, 404]
    assert json.loads(answers["/ready"][1])["service"] == "matcher"
    assert 'storyline_health_ok{check="ready"} 1.0' in answers["/metrics"][1]
    assert "/progress" in answers["/else"][1]


async def test_an_outage_is_logged_once_when_it_begins_and_once_with_its_seconds_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    redis, now = Redis(), [100.0]
    watching = Watcher(
        lambda: WELL, lambda one, at: one, [redis], lambda: now[0], {"redis": "nothing is sent until it is back"}
    )
    for redis.away, now[0] in ((False, 103.0), (True, 106.0), (True, 109.0), (False, 130.0), (False, 133.0)):
        await watching.probe(redis)
    assert [entry.getMessage() for entry in caplog.records] == [
        "redis does not answer: Redis at db:6379 doesn't answer; nothing is sent until it is back",
        "redis answers again, after 24 s",
    ]


async def test_a_lost_server_is_named_and_its_return_too() -> None:
    redis = Redis()
    async with serving(Listening(), Meter("matcher"), watching := watcher(redis)) as server:
        redis.away = True
        await watching.probe(redis)
        status, body = await asyncio.to_thread(get, server.address, "/ready")
        assert (status, json.loads(body)["problems"][0]["name"]) == (503, "redis")
        redis.away = False
        await watching.probe(redis)
        assert (await asyncio.to_thread(get, server.address, "/ready"))[0] == 200


async def test_a_server_that_a_service_has_nothing_to_do_with_is_not_said_to_be_away() -> None:
    redis = Redis()
    async with serving(Listening(), Meter("ingest"), watching := watcher(redis)) as server:
        await watching.probe(redis)
        _, body = await asyncio.to_thread(get, server.address, "/metrics")
    told = [line for line in body.splitlines() if line.startswith("storyline_server_reachable")]
    assert told == ['storyline_server_reachable{server="redis"} 1.0']


def test_a_loop_that_hangs_does_not_hold_the_answer() -> None:
    hung = watcher(waiting=[("matcher: handle on partition 3", 25.0)])

    async def main() -> tuple[int, str]:
        async with serving(Listening(), Meter("matcher"), hung) as server:
            await asyncio.sleep(0)
            return get(server.address, "/progress")  # called in the loop: as long as it waits, the loop hangs

    status, body = asyncio.run(main())
    assert status == 503
    assert [problem["name"] for problem in json.loads(body)["problems"]] == ["3"]


def test_a_port_that_is_taken_is_one_line_that_names_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Fatal, match=r"^can't listen on 127\.0\.0\.1:\d+: .*STORYLINE_METRICS_PORT"):
            HealthServer("127.0.0.1", taken.getsockname()[1], {})


@pytest.mark.skipif(not HAS_IPV6, reason="no IPv6 on this machine")
def test_a_host_may_be_an_address_of_ipv6() -> None:
    server = HealthServer("::1", 0, {"/": lambda accept: as_json(200, {})})
    try:
        assert server.address.startswith("[::1]:") and get(server.address, "/")[0] == 200
    finally:
        server.close()


def test_connections_over_the_bound_are_closed_and_the_others_served() -> None:
    server = HealthServer("127.0.0.1", 0, {"/": lambda accept: as_json(200, {})})
    host, port = server.address.split(":")
    try:
        idle = [socket.create_connection((host, int(port)), 5) for _ in range(CONNECTIONS_MAX)]
        deadline = time.monotonic() + 30
        refused = False
        while not refused and time.monotonic() < deadline:
            with socket.create_connection((host, int(port)), 5) as one_more:
                one_more.settimeout(1)
                try:
                    refused = one_more.recv(1) == b""
                except (TimeoutError, ConnectionError):
                    refused = True
        assert refused
        for each in idle:
            each.close()
        served = False
        while not served and time.monotonic() < deadline:
            try:
                served = get(server.address, "/")[0] == 200
            except (urllib.error.URLError, OSError):
                served = False
        assert served
    finally:
        server.close()


def test_a_thread_that_cant_be_started_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    server = HealthServer("127.0.0.1", 0, {"/": lambda accept: as_json(200, {})})
    start = threading.Thread.start
    failed = 0

    def failing(thread: threading.Thread) -> None:
        nonlocal failed
        if failed < CONNECTIONS_MAX:
            failed += 1
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", failing)
    try:
        for _ in range(CONNECTIONS_MAX):
            with pytest.raises((urllib.error.URLError, ConnectionError)):
                get(server.address, "/")
        assert get(server.address, "/")[0] == 200
    finally:
        server.close()


def test_a_fault_of_ours_is_an_answer_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def faulty(accept: str) -> Answered:
        raise KeyError("ours")

    server = HealthServer("127.0.0.1", 0, {"/metrics": faulty})
    try:
        assert get(server.address, "/metrics") == (500, "a fault of ours; the log has it\n")
    finally:
        server.close()
    assert "/metrics can't be answered" in caplog.text


async def test_a_probe_with_a_fault_of_ours_does_not_leave_the_server_well_for_ever() -> None:
    class Faulty(Redis):
        async def ask(self, assigned: Collection[int]) -> Found | None:
            raise KeyError("ours")

    redis = Faulty()
    watching = watcher(redis)
    await watching.probe(redis)
    assert not watching.history.reachable("redis")


async def test_a_probe_whose_client_breaks_it_off_is_a_server_away() -> None:
    class BrokenOff(Redis):
        async def ask(self, assigned: Collection[int]) -> None:
            broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            broken.cancel()  # as aiokafka does with what it stops
            await broken

    redis = BrokenOff()
    watching = watcher(redis)
    await watching.probe(redis)
    assert not watching.history.reachable("redis")


class Positions:
    """What a connection to Kafka is to the probe; `fails` raises the first time."""

    def __init__(self, fails: bool) -> None:
        self.fails = fails
        self.closed = False

    async def __aenter__(self) -> "Positions":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closed = True

    async def read(self, partitions: Collection[int]) -> Found:
        if self.fails:
            raise Transient("Kafka doesn't answer")
        return dict.fromkeys(partitions, (0, 5))

    async def with_records(self, ranges: Mapping[int, Range]) -> Collection[int]:
        return ranges


async def test_a_probe_that_failed_opens_its_connection_anew() -> None:
    opened: list[Positions] = []

    def open_next() -> Positions:
        opened.append(Positions(fails=not opened))
        return opened[-1]

    took: list[float] = []
    probe = Lag(open_next, took.append)
    watching = Watcher(lambda: WELL, lambda one, now: one, [probe], clock=lambda: 7.0)
    await watching.probe(probe)
    assert (watching.history.reachable("kafka"), opened[0].closed) == (False, True)
    await watching.probe(probe)
    assert (watching.history.reachable("kafka"), len(opened), len(took)) == (True, 2, 1)
