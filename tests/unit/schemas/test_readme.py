"""What the README shows is true: its subscriber runs, its commands and files exist."""

import asyncio
import os
import re
import shutil
import sys
import uuid
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from click import Context, Group

from storyline.cli.root import cli
from storyline_schemas import Article, StoryUpdate, partition_of
from storyline_schemas.events import update_headers
from storyline_schemas.export.examples import example_updates
from tests.tools import missing

from ...servers import KafkaBroker
from .shared import ROOT

README = (ROOT / "README.md").read_text()
COMMANDS = sorted(set(re.findall(r"^ {4}(?:\.venv/bin/)?storyline ([a-z-]+(?: [a-z]+)?)", README, re.MULTILINE)))
LINKED = set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
FILES = sorted(LINKED | set(re.findall(r"(?:schemas|services)/[a-z/_-]+\.jsonl?", README)))


@pytest.mark.parametrize("name", FILES)
def test_every_file_it_names_is_there(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_it_shows_exists(words: str) -> None:
    command, context = cli, Context(cli)
    for word in words.split():
        if not isinstance(command, Group):
            break
        found = command.get_command(context, word)
        assert found, f"there is no `storyline {words}`"
        command = found


def test_it_shows_commands_at_all() -> None:
    assert len(COMMANDS) >= 5


def test_its_install_leaves_the_environment_of_make_alone() -> None:
    folders = re.findall(r"^ {4}python3 -m venv (\S+)", README, re.MULTILINE)
    made_by_make = re.search(r"^VENV := (\S+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert folders and made_by_make
    assert made_by_make[1] not in folders


@pytest.mark.kafka
async def test_its_subscriber_prints_each_version_once(kafka: KafkaBroker, tmp_path: Path) -> None:
    program = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert program
    topic = f"updates-{uuid.uuid4().hex[:8]}"
    (tmp_path / "subscriber.py").write_text(
        program[1].replace('"story-updates"', repr(topic)).replace('"my-notifier"', repr(f"group-{topic}"))
    )
    updates = list(example_updates().values())
    await publish_twice(kafka.address, topic, updates)
    environment = {**os.environ, "STORYLINE_KAFKA_BOOTSTRAP_SERVERS": kafka.address}
    subscriber = await asyncio.create_subprocess_exec(
        sys.executable, "subscriber.py", cwd=tmp_path, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert subscriber.stdout
    try:
        async with asyncio.timeout(60):
            printed = [(await subscriber.stdout.readline()).decode() for _ in updates]
    finally:
        subscriber.kill()
        await subscriber.wait()
    assert [line.partition("): ")[2].strip() for line in printed] == [update.change.summary for update in updates]
    assert all(
        f"(articles: {update.story.article_count})" in line for line, update in zip(printed, updates, strict=True)
    )


@pytest.mark.kafka
async def test_its_kcat_command_puts_one_whole_article_where_the_space_lies(kafka: KafkaBroker) -> None:
    if not shutil.which("kcat"):
        missing("kcat isn't on this machine; the README shows a command for it")
    shown = re.search(r"^ {4}(kcat -P .*)$", README, re.MULTILINE)
    assert shown
    topic = f"articles-{uuid.uuid4().hex[:8]}"
    await create(kafka.address, topic, partitions=4)
    environment = {**os.environ, "STORYLINE_KAFKA_BOOTSTRAP_SERVERS": kafka.address}
    command = shown[1].replace("-t articles", f"-t {topic}")
    kcat = await asyncio.create_subprocess_shell(command, cwd=ROOT, env=environment)
    assert await kcat.wait() == 0
    async with AIOKafkaConsumer(topic, bootstrap_servers=kafka.address, auto_offset_reset="earliest") as consumer:
        async with asyncio.timeout(30):
            record = await consumer.getone()
    assert record.partition == partition_of("world", 4)
    assert Article.model_validate_json(record.value).uri == "urn:invented:courier:ferry-9"


async def create(servers: str, topic: str, partitions: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, partitions, 1)])
    await admin.close()


async def publish_twice(servers: str, topic: str, updates: list[StoryUpdate]) -> None:
    """Each update and a repeat of it, on a topic of its own."""
    await create(servers, topic, partitions=1)
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer:
        for update in updates:
            for _ in range(2):
                headers = list(update_headers(update))
                await producer.send_and_wait(topic, update.to_json(), key=b"one story", headers=headers)
