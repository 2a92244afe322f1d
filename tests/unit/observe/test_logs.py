"""A log line says where and which, parses as JSON, and never has an article's text in it."""

import io
import json
import logging
import subprocess
import sys

import pytest
from pydantic import ValidationError

from storyline.errors import Transient
from storyline.logs import JsonLines, Text, about
from storyline_schemas import Article

SECRET = "the embargoed merger"


@pytest.fixture(params=[JsonLines, Text])
def form(request: pytest.FixtureRequest) -> logging.Formatter:
    made: logging.Formatter = request.param()
    return made


def written(form: logging.Formatter, say) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(form)
    logger = logging.Logger("storyline.test")
    logger.addHandler(handler)
    say(logger)
    return stream.getvalue()


def a_validator_trips(logger: logging.Logger) -> None:
    try:
        Article.model_validate({"uri": "a:1", "headline": "x", "version_created": SECRET})
    except ValidationError:
        logger.exception("the shell itself failed")


def test_a_json_line_says_what_is_known_and_parses() -> None:
    known = about(stage="updater", topic="story-commands", partition=3, offset=7, story="st-1", trace_id="ab" * 16)
    line = json.loads(written(JsonLines(), lambda log: log.warning("%s failed\ntwice", "it", extra=known)))
    assert line["message"] == "it failed\ntwice"
    assert {name: line[name] for name in known} == known
    assert (line["level"], line["logger"]) == ("warning", "storyline.test")


def test_what_is_not_known_is_left_out_and_a_new_name_is_refused() -> None:
    assert about(stage="updater", story=None) == {"stage": "updater"}
    with pytest.raises(KeyError, match="headline"):
        about(headline=SECRET)


def test_an_error_that_quotes_what_it_tripped_over_is_written_without_its_words(form: logging.Formatter) -> None:
    text = written(form, a_validator_trips)
    assert "ValidationError" in text
    assert "a_validator_trips" in text
    assert SECRET not in text


def test_the_words_of_our_own_errors_are_kept(form: logging.Formatter) -> None:
    def say(logger: logging.Logger) -> None:
        try:
            raise Transient("Redis at db:6379 doesn't answer")
        except Transient:
            logger.exception("trying again")

    assert "Redis at db:6379 doesn't answer" in written(form, say)


def test_every_line_of_json_parses_also_with_an_exception_and_odd_characters() -> None:
    def say(logger: logging.Logger) -> None:
        a_validator_trips(logger)
        logger.warning("odd \u2028 \x00 \U0001f4f0 %s", '"quotes"\n')

    lines = written(JsonLines(), say).rstrip("\n").split("\n")
    assert [json.loads(line)["logger"] for line in lines] == ["storyline.test"] * 2


def test_nothing_of_traces_or_metrics_is_imported_unless_it_is_on() -> None:
    code = (
        "import sys; from storyline import app; from storyline.stages import matcher, updater; from storyline.stream "
        "import shell; print([m for m in sys.modules "
        "if m.startswith(('opentelemetry.exporter', 'prometheus_client', 'storyline.observe.tracing'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "[]\n", done.stderr


def test_a_line_for_people_is_one_line_and_gives_the_terminal_no_orders() -> None:
    """Names of topics, headers and files are chosen by others."""
    said = written(Text(), lambda log: log.info("%s is unknown", "\x1b[2Jtopic\n2031-01-01 INFO storyline all is well"))
    assert said.count("\n") == 1 and "\x1b" not in said


def test_a_traceback_for_people_keeps_its_lines() -> None:
    assert written(Text(), a_validator_trips).count("\n") > 3
