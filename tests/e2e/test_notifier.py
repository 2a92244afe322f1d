"""`storyline run notifier` as a subscriber sees it: Apache Kafka, redis-server, an HTTP server and a mail server."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from aiosmtpd.controller import Controller

from ..conftest import running
from ..contract.test_notifier_channels import Mailbox
from ..servers import KafkaBroker, RedisServer, free_port
from .harness import Cluster, Service
from .notifier_world import LOOPBACK, SECRET, Receiver, sent, update, way_of, webhook

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]

SETTINGS = {
    "notifier_networks_allowed": LOOPBACK, "notifier_start": "earliest", "notifier_retry_seconds": "0.05",
    "session_seconds": "6",
}  # fmt: skip
TOKEN = "a-token-for-this-test"


@pytest.fixture(scope="module")
def small() -> Iterator[Cluster]:
    """Servers with all topics, for the whole file: each test has stories and subscriptions of its own."""
    for broker in running(KafkaBroker()):
        for store in running(RedisServer()):
            with Cluster(broker.address, store.url) as cluster:
                cluster.ok("topics", "create")
                yield cluster


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "subscriptions.toml"


@pytest.fixture
async def start(small: Cluster, file: Path) -> "AsyncIterator[Start]":
    start = Start(small, file)
    yield start
    for service in start.services:
        if service.running:
            # In a thread: a notifier that leaves waits for its answers, and the receiver gives them in this loop.
            assert await asyncio.to_thread(service.stop) == 0, service.said()


class Start:
    """Starts notifiers with the file's subscriptions; they are stopped after the test, which must go well."""

    def __init__(self, cluster: Cluster, file: Path) -> None:
        self.cluster, self.file = cluster, file
        self.services: list[Service] = []

    async def __call__(self, subscriptions: str = "", **settings: str) -> Service:
        self.file.write_text(subscriptions)
        settings = {**SETTINGS, "notifier_subscriptions": str(self.file), **settings}
        service = self.cluster.start("notifier", **settings)
        self.services.append(service)
        await self.cluster.owned(service, partitions=4)
        return service


async def test_a_webhook_brings_what_is_wanted_signed_and_in_order(
    small: Cluster, receiver: Receiver, start: Start
) -> None:
    await start(webhook("ordered", receiver.url(), 'stories = ["st-ordered"]\npace = "every"'))
    await small.send([sent(update("st-ordered", n)) for n in range(1, 6)], "story-updates")
    await small.send([sent(update("st-other", 1))], "story-updates")
    await receiver.until(lambda: receiver.told().get("st-ordered") == 5, "version 5 is told")
    way = way_of(receiver.got)
    assert way.clean and not way.repeats and not way.retold
    assert {each.story for each in receiver.got} == {"st-ordered"}
    assert receiver.unsigned == []


async def test_a_crash_between_sending_and_recording_repeats_a_webhook_by_its_id_and_skips_nothing(
    small: Cluster, receiver: Receiver, start: Start
) -> None:
    file = webhook("crashed", receiver.url(), 'stories = ["st-crashed"]\npace = "every"')
    doomed = await start(file, instance="crashing", test_crash_at="after-send:2")
    await small.send([sent(update("st-crashed", 1))], "story-updates")
    await receiver.until(lambda: receiver.told().get("st-crashed") == 1, "version 1 is told")
    await small.send([sent(update("st-crashed", n)) for n in range(2, 6)], "story-updates")
    await small.until(lambda: not doomed.running, "it is killed")
    await start(file, instance="crashing")
    # What was killed may have sent version 5 already, if it took all that came as one.
    told = lambda: receiver.told().get("st-crashed") == 5 and way_of(receiver.got).repeats > 0  # noqa: E731
    await receiver.until(told, "version 5 is told, and what was on its way again")
    way = way_of(receiver.got)
    assert way.clean
    assert way.repeats == 1


async def test_endpoints_that_fail_redirect_or_never_answer_hold_up_nobody(
    small: Cluster, receiver: Receiver, start: Start
) -> None:
    async def broken(request: web.Request) -> web.Response:
        return web.Response(status=500 if receiver.asked["/broken"] <= 3 else 204)

    async def elsewhere(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"location": "/stolen"})

    async def silent(request: web.Request) -> web.Response:
        await stuck.wait()
        return web.Response(status=204)

    stuck = asyncio.Event()
    receiver.answers = {"/broken": broken, "/elsewhere": elsewhere, "/silent": silent}
    names = ("broken", "elsewhere", "silent", "fine")
    rules = 'stories = ["st-held"]\npace = "every"'
    files = [webhook(name, receiver.url(f"/{name}"), rules) for name in names]
    await start("".join(files), notifier_timeout_seconds="30")
    await small.send([sent(update("st-held", n)) for n in range(1, 4)], "story-updates")
    await receiver.until(lambda: receiver.told("/fine").get("st-held") == 3, "the good endpoint has all")
    await receiver.until(lambda: receiver.told("/broken").get("st-held") == 3, "the broken one has all in the end")
    assert receiver.told("/silent") == receiver.told("/elsewhere") == {}
    assert receiver.asked["/stolen"] == 0
    log = json.loads(small.ok("deliveries", "list", "--story", "st-held", "--json"))["deliveries"]
    outcomes = {name: {line["outcome"] for line in log if line["subscription"] == name} for name in names}
    assert outcomes["fine"] == {"delivered"}
    assert outcomes["broken"] == {"failed", "delivered"}
    assert outcomes["elsewhere"] == {"failed"}
    assert any("302" in line["why"] for line in log if line["subscription"] == "elsewhere")
    stuck.set()


async def test_a_dead_endpoint_is_parked_and_told_all_as_one_when_it_is_back(small: Cluster, start: Start) -> None:
    async with Receiver() as gone:
        port = gone.port
    file = webhook("parked", f"http://127.0.0.1:{port}/hook", 'stories = ["st-parked"]')
    service = await start(file, notifier_failures_max="2", notifier_probe_seconds="0.3", notifier_tries_max="50")
    await small.send([sent(update("st-parked", 1))], "story-updates")
    await small.until(lambda: "is parked" in service.said(), "it is parked")
    await small.send([sent(update("st-parked", n)) for n in range(2, 5)], "story-updates")
    assert "failed" in small.ok("deliveries", "list", "--subscription", "parked")
    async with Receiver(port=port) as back:
        await back.until(lambda: back.told().get("st-parked") == 4, "version 4 is told")
        await small.until(lambda: "works again" in service.said(), "it says so")
        assert way_of(back.got).clean


async def test_a_mail_server_that_is_away_is_waited_for_and_the_digest_comes_once(small: Cluster, start: Start) -> None:
    port, mailbox = free_port(), Mailbox()
    rules = 'id = "mailed"\nstories = ["st-mailed"]\npace = "every"'
    file = f'[[subscription]]\n{rules}\n[subscription.email]\nto = "r@example.org"\n'
    await start(file, notifier_smtp_url=f"smtp://127.0.0.1:{port}", notifier_probe_seconds="0.3")
    await small.send([sent(update("st-mailed", n)) for n in range(1, 4)], "story-updates")
    await small.until(lambda: "failed" in small.ok("deliveries", "list", "--subscription", "mailed"), "it has failed")
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        await small.until(lambda: any("as of 3" in mail for mail in mailbox.mails), "the mail is there")
    finally:
        server.stop()
    assert sum("as of 3" in mail for mail in mailbox.mails) == 1


async def test_subscriptions_are_made_and_taken_back_by_the_api(
    small: Cluster, receiver: Receiver, start: Start
) -> None:
    port = free_port()
    service = await start(notifier_api_port=str(port), notifier_api_token=TOKEN)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/v1", timeout=20) as client:
        wrong = await client.get("/subscriptions", headers={"authorization": "Bearer guessed"})
        assert (wrong.status_code, wrong.headers["content-type"]) == (401, "application/problem+json")
        client.headers["authorization"] = f"Bearer {TOKEN}"
        rules = {"stories": ["st-by-api"], "pace": "every", "webhook": {"url": receiver.url(), "secret": SECRET}}
        bad = await client.put("/subscriptions/desk", json=rules | {"level": "huge"})
        assert bad.status_code == 422
        assert bad.json()["detail"].startswith("level: ")
        assert (await client.put("/subscriptions/desk", json=rules)).status_code == 201
        shown = await client.get("/subscriptions/desk")
        assert SECRET not in shown.text
        await small.send([sent(update("st-by-api", 1))], "story-updates")
        await receiver.until(lambda: receiver.told().get("st-by-api") == 1, "it is told")
        found = await client.get("/deliveries", params={"subscription": "desk", "outcome": "delivered"})
        assert [line["story_id"] for line in found.json()["deliveries"]] == ["st-by-api"]
        assert (await client.delete("/subscriptions/desk")).status_code == 204
        assert (await client.get("/subscriptions/desk")).status_code == 404
    assert TOKEN not in service.said()


async def test_a_rehearsal_says_what_would_go_out_and_sends_and_keeps_nothing(
    small: Cluster, receiver: Receiver, start: Start, file: Path
) -> None:
    file.write_text(webhook("rehearsed", receiver.url(), 'stories = ["st-rehearsed"]\npace = "every"'))
    await small.send([sent(update("st-rehearsed", n)) for n in range(1, 3)], "story-updates")
    asked = {**SETTINGS, "notifier_subscriptions": str(file)}
    report = json.loads(small.ok("run", "notifier", "--dry-run", "--json", **asked).splitlines()[-1])
    mine = [each for each in report["would_send"] if each["subscription"] == "rehearsed"]
    assert [(each["story"], each["version"]) for each in mine] == [("st-rehearsed", 2)]
    assert receiver.asked["/hook"] == 0
    await start(file.read_text())
    await receiver.until(lambda: receiver.told().get("st-rehearsed") == 2, "then it is told")
    assert way_of(receiver.got).clean
