"""`storyline dead-letters list`: what strangers wrote onto the topic neither ends it nor gives the terminal orders."""

import pytest
from click.testing import CliRunner

from storyline.cli import dead_letters as command
from storyline.edges.dead_letters.letters import letter_of
from storyline.record import Record


@pytest.mark.parametrize("timestamp_ms", [2**62, 253_402_300_800_000])
def test_a_letter_with_a_time_that_no_calendar_has_is_listed(
    timestamp_ms: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = (("storyline-dlq-stage", b"\x1b[2Jmatcher"), ("storyline-dlq-topic", b"\x1b]0;x\x07articles"))
    found = command._Found([letter_of(Record("articles.dlq", 0, 7, timestamp_ms, b"k", b"v", headers))])

    async def collected(*asked: object) -> command._Found:
        return found

    monkeypatch.setattr(command, "_collect", collected)
    result = CliRunner().invoke(command.list_letters, [], color=True)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("articles.dlq/0/7  -  ")
    assert not {"\x1b", "\x07"} & set(result.output)
