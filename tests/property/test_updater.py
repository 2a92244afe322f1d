"""The updater against a simple model: commands in any batching and repetition, merges with late arrivals."""

import asyncio
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from storyline.domain.pipeline import by_story
from storyline.domain.story import StoryState, evolve
from storyline.infra.memory import Backing, MemoryStoryStore
from storyline.stages.events import command_output
from storyline.stages.updater import Updater
from storyline_schemas import Add, Article, Match, Merge, Open, Retract, StoryCommand, StoryUpdate
from tests.wires import NOW_MS, article, as_record

URIS = [f"a:{n}" for n in range(5)]


def add(
    story: str, uri: str, revision: int = 1, placement: int | None = None, kind: type[Open | Add] = Add
) -> Open | Add:
    value = Article.model_validate(article(uri, number=URIS.index(uri) + 10, version=str(revision)))
    return kind(
        story_id=story, space="world", at_ms=NOW_MS + revision, cause=f"{uri}/{revision}", article_uri=uri,
        placement=URIS.index(uri) + 1 if placement is None else placement, revision=(0, revision), article=value,
        profile={}, match=Match(article_uri=uri, score=0.9, method="body"),
    )  # fmt: skip


def retract(story: str, uri: str, revision: int) -> Retract:
    return Retract(
        story_id=story, space="world", at_ms=NOW_MS + revision, cause=f"{uri}/{revision}/gone", article_uri=uri,
        placement=URIS.index(uri) + 1, revision=(0, revision), reason="canceled",
    )  # fmt: skip


def merge(loser: str, winner: str) -> Merge:
    return Merge(story_id=loser, space="world", at_ms=NOW_MS, cause="merge", into=winner, reason="one event")


def carry_out(commands: Sequence[StoryCommand], stories: dict[str, StoryState]) -> None:
    """Apply commands, and those that follow from them, to stories in memory."""
    for story_id, its in by_story(commands).items():
        evolution = evolve(story_id, stories.get(story_id), its)
        if evolution.state is not None:
            stories[story_id] = evolution.state
        carry_out(evolution.commands, stories)


def live(state: StoryState) -> dict[str, tuple[int, int | str]]:
    return {uri: part.revision for uri, part in state.parts.items() if not part.gone}


changes = st.lists(
    st.tuples(st.sampled_from(URIS[1:]), st.integers(1, 4), st.booleans()).map(
        lambda it: retract("w", it[0], it[1]) if it[2] else add("w", it[0], it[1])
    ),
    max_size=8,
    unique_by=lambda command: (command.article_uri, command.revision),
)


@given(changes, st.data())
@settings(max_examples=80, deadline=None)
def test_any_order_and_repetition_of_commands_gives_the_same_members_and_counts(commands, data):
    repeated = data.draw(st.permutations([*commands, *commands]))
    stories: dict[str, dict[str, StoryState]] = {"in order": {}, "shuffled": {}}
    for name, order in (("in order", commands), ("shuffled", repeated)):
        carry_out([add("w", URIS[0], kind=Open), *order], stories[name])
    one, two = stories["in order"]["w"], stories["shuffled"]["w"]
    assert live(one) == live(two)
    assert (one.story.article_count, one.story.source_count) == (two.story.article_count, two.story.source_count)


@given(changes, st.integers(0, 8), st.data())
@settings(max_examples=80, deadline=None)
def test_a_merge_with_early_and_late_changes_in_any_order_converges(commands, before, data):
    # Given a story and its commands, and another one that it is merged into at some point.
    to_loser = [command.model_copy(update={"story_id": "l"}) for command in commands]
    early, late = to_loser[:before], to_loser[before:]
    stories: dict[str, StoryState] = {}
    carry_out([add("w", URIS[0], kind=Open)], stories)
    carry_out([add("l", URIS[1], 0, kind=Open), *early], stories)
    # When late commands reach the loser, or the winner directly, before or after what the loser hands over.
    evolution = evolve("l", stories["l"], [merge("l", "w"), *late])
    stories["l"] = evolution.state
    direct = [command.model_copy(update={"story_id": "w"}) for command in late]
    arriving = data.draw(st.permutations([*evolution.commands, *direct]))
    carry_out(arriving, stories)
    # Then the winner has what it would have had without the detour.
    expected: dict[str, StoryState] = {}
    carry_out([add("w", URIS[0], kind=Open), add("w", URIS[1], 0), *commands], expected)
    assert live(stories["w"]) == live(expected["w"])
    assert not live(stories["l"])


class UpdaterAgainstModel(RuleBasedStateMachine):
    """One story's updater, with redelivery and lost memory, beside a dict of what it should hold."""

    @initialize()
    def begin(self) -> None:
        self.backing, self.model, self.log = Backing(), {}, []
        self.outputs: list[StoryUpdate] = []
        self.bytes: dict[int, bytes] = {}
        self.restart()
        self.deliver([add("w", URIS[0], kind=Open)])

    def restart(self) -> None:
        self.updater = Updater(MemoryStoryStore(self.backing))
        asyncio.run(self.updater.acquire(self.partition(), bool(self.log)))

    def partition(self) -> int:
        return command_output(add("w", URIS[0]), "test", 4).partition

    def deliver(self, commands: list[StoryCommand], confirm: bool = True) -> None:
        records = [as_record(command_output(each, "test", 4), 0) for each in commands]
        outputs = asyncio.run(self.updater.handle(self.partition(), [self.updater.decode(each) for each in records]))
        for output in outputs:
            if output.topic == "story-updates":
                update = StoryUpdate.model_validate_json(output.value or b"")
                assert self.bytes.setdefault(update.story.version, output.value) == output.value
        if confirm:
            asyncio.run(self.updater.confirmed(self.partition(), outputs))
        for command in commands:
            known = self.model.get(command.article_uri)
            if known is None or command.revision > known[0]:
                self.model[command.article_uri] = (command.revision, not isinstance(command, Retract))
        self.log += commands

    commands = st.tuples(st.sampled_from(URIS), st.integers(1, 5))

    @rule(these=st.lists(commands, min_size=1, max_size=4), confirm=st.booleans())
    def articles_come(self, these, confirm) -> None:
        # A revision is either an article or its cancellation, never both.
        self.deliver([self.command(uri, revision) for uri, revision in these], confirm)

    def command(self, uri: str, revision: int) -> StoryCommand:
        return retract("w", uri, revision) if (URIS.index(uri) + revision) % 3 == 0 else add("w", uri, revision)

    @rule(back=st.integers(1, 6))
    def the_last_come_again(self, back) -> None:
        self.deliver(self.log[-back:])

    @rule()
    def memory_is_lost(self) -> None:
        self.restart()

    @invariant()
    def the_story_is_the_model(self) -> None:
        if not getattr(self, "model", None):
            return
        state = self.backing.stories["w"]
        parts = StoryUpdate.model_validate_json(self.bytes[state.version]).story.sources
        assert {source.article_uri for source in parts} == {uri for uri, (_, here) in self.model.items() if here}

    @invariant()
    def versions_have_no_gap(self) -> None:
        if getattr(self, "bytes", None):
            assert sorted(self.bytes) == list(range(1, max(self.bytes) + 1))


UpdaterAgainstModel.TestCase.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
TestUpdaterAgainstModel = UpdaterAgainstModel.TestCase
