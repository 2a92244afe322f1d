"""What the engines really emit for the sample wire fits the contract, as other readers see it."""

import json
from collections import defaultdict
from functools import cache
from importlib.resources import files

from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event

from storyline.domain.pipeline import Pipeline
from storyline.domain.placing import Arrival
from storyline_schemas import STORY_COMMAND, Article, StoryCommand, StoryUpdate, event_id, section_hash
from storyline_schemas.base import to_ms
from storyline_schemas.events import ARTICLE_PUBLISHED, update_headers

from .shared import SCHEMAS, validator


@cache
def emitted() -> tuple[tuple[StoryCommand, ...], tuple[StoryUpdate, ...]]:
    """Every command and every update of the sample wire, one article at a time."""
    pipeline = Pipeline()
    commands: list[StoryCommand] = []
    updates: list[StoryUpdate] = []
    for line in (files("storyline") / "demo" / "wire.jsonl").read_text(encoding="utf-8").splitlines():
        article = Article.model_validate_json(line)
        assert article.version_created
        cause = event_id(ARTICLE_PUBLISHED, f"{article.uri}\n{article.version}", 0)
        decided = pipeline.match([Arrival(article, "world", cause, to_ms(article.version_created))])
        commands += decided
        updates += pipeline.carry_out(decided)
    return tuple(commands), tuple(updates)


def test_every_update_fits_the_schema() -> None:
    schema = validator(SCHEMAS / "json", "story-update")
    _, updates = emitted()
    assert updates
    assert [error.message for update in updates for error in schema.iter_errors(json.loads(update.to_json()))] == []


def test_every_story_fits_the_schema() -> None:
    schema = validator(SCHEMAS / "json", "story")
    assert all(schema.is_valid(json.loads(update.story.to_json())) for update in emitted()[1])


def test_every_command_fits_the_schema_and_is_read_again() -> None:
    schema = validator(SCHEMAS / "json", "command")
    commands, _ = emitted()
    assert all(schema.is_valid(json.loads(command.to_json())) for command in commands)
    assert all(STORY_COMMAND.validate_json(command.to_json()) == command for command in commands)


def test_the_cloudevents_package_reads_every_update() -> None:
    for update in emitted()[1]:
        event = from_kafka_event(KafkaMessage(dict(update_headers(update)), update.subject, update.to_json()))
        assert (event.get_subject(), int(event.get_extension("sequence"))) == (update.story.id, update.story.version)


def test_every_event_has_an_id_of_its_own() -> None:
    ids = [dict(update_headers(update))["ce_id"] for update in emitted()[1]]
    assert len(set(ids)) == len(ids)


def test_the_versions_of_each_story_count_from_one_without_a_gap() -> None:
    versions = defaultdict(list)
    for update in emitted()[1]:
        versions[update.story.id].append(update.story.version)
    assert all(seen == list(range(1, len(seen) + 1)) for seen in versions.values())


def test_every_sentence_cites_a_source_that_the_story_lists() -> None:
    for update in emitted()[1]:
        numbers = {source.n for source in update.story.sources}
        cited = {n for section in update.story.sections for one in section.sentences for n in one.citations}
        assert cited <= numbers


def test_every_sections_hash_is_over_what_it_says() -> None:
    for update in emitted()[1]:
        for section in update.story.sections:
            said = [(one.text, one.citations) for one in section.sentences]
            assert section.hash == section_hash(section.id, section.heading, said)


def test_sections_that_a_change_does_not_name_are_untouched() -> None:
    before: dict[str, dict[str, str]] = {}
    for update in emitted()[1]:
        now = {section.id: section.hash for section in update.story.sections}
        named = {*update.change.sections.added, *update.change.sections.changed, *update.change.sections.removed}
        known = before.get(update.story.id, {})
        assert {name for name in {*now, *known} if now.get(name) != known.get(name)} == named
        before[update.story.id] = now


def test_the_article_count_is_the_number_of_distinct_articles() -> None:
    last = {update.story.id: update.story for update in emitted()[1]}
    for story in last.values():
        if story.redirect_to is None:
            assert story.article_count == len({source.article_uri for source in story.sources})
