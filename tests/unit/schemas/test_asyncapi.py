"""The AsyncAPI project's own parser reads asyncapi.yaml without a complaint."""

import json
import subprocess
from typing import Any

import pytest

from storyline_schemas import TOPICS
from tests.tools import INSTALL_SECONDS, npm

from .shared import SCHEMAS


@pytest.fixture(scope="module")
def parsed() -> Any:
    command = ["node", "check.mjs", str(SCHEMAS / "asyncapi.yaml")]
    done = subprocess.run(
        command, cwd=npm("asyncapi", "check.mjs"), capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.timeout(INSTALL_SECONDS + 120)
def test_the_parser_has_no_complaint(parsed: Any) -> None:
    assert parsed["problems"] == []


def test_the_parser_sees_every_topic_with_its_messages(parsed: Any) -> None:
    assert set(parsed["channels"]) == {topic.name for topic in TOPICS}
    assert all(parsed["channels"].values())


def test_the_parser_sees_who_writes_and_reads_each_topic(parsed: Any) -> None:
    expected = {
        f"{who}-{does}-{topic.name.replace('.', '-')}"
        for topic in TOPICS
        for does, people in (("writes", topic.writers), ("reads", topic.readers))
        for who in people
    }
    assert set(parsed["operations"]) == expected
