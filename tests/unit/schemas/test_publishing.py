"""The programs of schemas/publishing, run on Apache Kafka: each puts a whole article where its space lies."""

import os
import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer

from storyline_schemas import Article, partition_of
from tests.tools import INSTALL_SECONDS, missing

from ...servers import KAFKA_JARS, KafkaBroker
from .shared import SCHEMAS
from .test_readme import create

PUBLISHING = SCHEMAS / "publishing"
ARTICLE = SCHEMAS / "examples" / "article-smallest.json"
SPACE_NULL = SCHEMAS / "examples" / "article-correction.json"

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(INSTALL_SECONDS + 120)]


def kcat(tmp_path: Path) -> str:
    shown = re.search(r"`(kcat -P [^`]*)`", (PUBLISHING / "README.md").read_text())
    assert shown
    return f"cd {PUBLISHING} && {shown[1]}".replace("-t articles", '-t "$TOPIC"')


def python(tmp_path: Path) -> str:
    return f"{sys.executable} {PUBLISHING}/python/publish.py {ARTICLE} {SPACE_NULL}"


def java(tmp_path: Path) -> str:
    return f"java -cp '{KAFKA_JARS}/*' {PUBLISHING}/java/Publish.java {ARTICLE}"


def node(tmp_path: Path) -> str:
    shutil.copytree(PUBLISHING / "node", tmp_path, dirs_exist_ok=True)
    install(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], tmp_path)
    return f"cd {tmp_path} && node publish.mjs {ARTICLE} {SPACE_NULL}"


def go(tmp_path: Path) -> str:
    install(["go", "build", "-o", str(tmp_path / "publish"), "."], PUBLISHING / "go")
    return f"{tmp_path}/publish {ARTICLE} {SPACE_NULL}"


def install(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    if done.returncode:
        missing(f"{' '.join(command[:2])} can't get what the example needs: {done.stderr.strip()[-300:]}")


# Go's toolchain isn't a package of every system that this is tested on; where it is, its program is run too.
PROGRAMS = {"kcat": (kcat, "kcat"), "python": (python, sys.executable), "java": (java, "javac"), "node": (node, "npm")}
if shutil.which("go"):
    PROGRAMS["go"] = (go, "go")


@pytest.mark.parametrize("name", PROGRAMS)
async def test_a_program_publishes_one_whole_article_where_the_space_lies(
    kafka: KafkaBroker, tmp_path: Path, name: str
) -> None:
    program, tool = PROGRAMS[name]
    if not shutil.which(tool):
        missing(f"{tool} isn't on this machine; schemas/publishing shows a program for it")
    topic = f"articles-{uuid.uuid4().hex[:8]}"
    await create(kafka.address, topic, partitions=4)
    environment = {**os.environ, "STORYLINE_KAFKA_BOOTSTRAP_SERVERS": kafka.address, "TOPIC": topic}
    command = program(tmp_path)
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    async with AIOKafkaConsumer(topic, bootstrap_servers=kafka.address, auto_offset_reset="earliest") as consumer:
        record = await consumer.getone()
    assert (record.key, record.partition) == (b"world", partition_of("world", 4))
    assert record.value == ARTICLE.read_bytes()
    assert Article.model_validate_json(record.value).uri == "urn:invented:courier:ferry-9"
    if name != "kcat":
        assert f"partition {record.partition}, offset {record.offset}" in done.stdout
