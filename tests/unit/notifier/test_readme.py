"""What the notifier's page says to its subscribers is so: rules, the body of a webhook, the receiver, the API."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from storyline.domain.notify import Owed
from storyline.edges.notifier import api
from storyline.edges.notifier.channels.base import DELIVERED, ChannelSettings
from storyline.edges.notifier.channels.webhook import Webhook, WebhookTarget, new_secret
from storyline.edges.notifier.message import Message
from storyline.edges.notifier.subscription import _known
from tests.e2e.notifier_world import update
from tests.servers import free_port

README = (Path(api.__file__).parent / "README.md").read_text()
MESSAGE = Message("desk", Owed.of(update("st-1", 3), "ce", from_version=2, due_ms=0, now_ms=0), "https://a.example/1")


def test_every_rule_and_channel_is_told_and_no_other() -> None:
    told = {name for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", README, re.MULTILINE) for name in row.split(", ")}
    assert {name.strip("`") for name in told} == set(_known())


def test_the_body_of_a_webhook_has_the_shape_that_is_shown() -> None:
    shown = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert shown
    assert _shape(json.loads(shown[1])) == _shape(json.loads(MESSAGE.body()))


def _shape(value: Any) -> Any:
    return {name: _shape(inner) for name, inner in value.items()} if isinstance(value, dict) else None


@contextmanager
def receiver(folder: Path, secret: str) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    program = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert program
    (folder / "receiver.py").write_text(program[1])
    port = free_port()
    environment = {**os.environ, "DESK_SECRET": secret, "PORT": str(port)}
    command = [sys.executable, str(folder / "receiver.py")]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield port, process
    finally:
        process.kill()
        process.wait()


async def test_the_receiver_takes_what_is_signed_and_tells_it_once(tmp_path: Path) -> None:
    secret = new_secret()
    with receiver(tmp_path, secret) as (port, process):
        channel = Webhook(ChannelSettings(networks_allowed=("127.0.0.0/8",)))
        url = f"http://127.0.0.1:{port}/"
        try:
            right = WebhookTarget.model_validate({"url": url, "secret": secret})
            for _ in range(100):
                if (found := await channel.send(right, [MESSAGE])) == DELIVERED:
                    break
                await asyncio.sleep(0.1)  # it is just starting
            assert found == DELIVERED
            assert await channel.send(right, [MESSAGE]) == DELIVERED
            wrong = WebhookTarget.model_validate({"url": url, "secret": new_secret()})
            assert (await channel.send(wrong, [MESSAGE])).why == "status 401"
        finally:
            await channel.close()
        process.kill()
        assert process.stdout
        assert process.stdout.read() == f"{MESSAGE.owed.headline} (version 3)\n"


@pytest.mark.parametrize("path", ["/v1/subscriptions", "/v1/subscriptions/ID", "/v1/deliveries", "/health"])
def test_every_resource_of_the_api_is_told(path: str) -> None:
    assert f"{path}`" in README
    assert path.replace("ID", "{id}") in Path(api.__file__).read_text() or path in Path(api.__file__).read_text()
