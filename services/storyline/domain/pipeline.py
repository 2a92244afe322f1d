"""The engines alone: articles in, story updates out, all in memory. For measuring, evaluating and property tests.

What the matcher and the updater do, without what makes them safe: no store, no topic, no embargo.
"""

from collections import deque
from collections.abc import Iterable, Sequence

from storyline_schemas import DEFAULT_SPACE, Article, Match, Open, StoryCommand, StoryUpdate
from storyline_schemas.base import to_ms
from storyline_schemas.canonical import story_id as id_of

from .placing import Arrival, Space, decide
from .ports import Assignment
from .story import StoryState, evolve


class Pipeline:
    """One space and its stories. `assignments` maps uri → where it is, `stories` story id → the story as it stands."""

    def __init__(self, space: str = DEFAULT_SPACE) -> None:
        self.space = Space(space)
        self.assignments: dict[str, Assignment] = {}
        self.stories: dict[str, StoryState] = {}

    def feed(self, arrivals: Iterable[Arrival]) -> list[StoryUpdate]:
        """Take one batch all the way. Its updates, in the order in which they would be published."""
        return self.carry_out(self.match(arrivals))

    def match(self, arrivals: Iterable[Arrival]) -> list[StoryCommand]:
        """The matcher's part: decide on each article in turn."""
        self.space.begin()
        commands: list[StoryCommand] = []
        for arrival in arrivals:
            verdict = decide(arrival, self.assignments, self.space)
            self.assignments |= {each.uri: each for each in verdict.assignments}
            merges = self.space.apply(verdict, self.assignments, arrival)
            commands += (*verdict.commands, *merges)
        self.space.finish()
        return commands

    def carry_out(self, commands: Sequence[StoryCommand]) -> list[StoryUpdate]:
        """The updater's part: one version a story and round; what stories send each other makes the next round."""
        updates: list[StoryUpdate] = []
        waiting = deque([commands])
        while waiting:
            for story_id, its in by_story(waiting.popleft()).items():
                evolution = evolve(story_id, self.stories.get(story_id), its)
                if evolution.state is not None:
                    self.stories[story_id] = evolution.state
                if evolution.update is not None:
                    updates.append(evolution.update)
                if evolution.commands:
                    waiting.append(evolution.commands)
        return updates

    def members(self) -> dict[str, tuple[str, ...]]:
        """Story id → the uris of its live articles, by source number; only stories that have any."""
        return {
            story_id: tuple(source.article_uri for source in state.story.sources)
            for story_id, state in self.stories.items()
            if state.story.sources
        }


def one_story(articles: Sequence[Article]) -> list[StoryCommand]:
    """The commands that make one story of these, whatever they tell."""
    first = id_of(DEFAULT_SPACE, articles[0].uri, 1)
    return [
        Open(
            story_id=first, space=DEFAULT_SPACE, at_ms=to_ms(each.version_created) if each.version_created else 0,
            cause=each.uri, article_uri=each.uri, placement=n, revision=each.revision, article=each, profile={},
            match=Match(article_uri=each.uri, score=1, method="given"),
        )
        for n, each in enumerate(articles, 1)
    ]  # fmt: skip


def by_story(commands: Iterable[StoryCommand]) -> dict[str, list[StoryCommand]]:
    """The commands of each story, both in order of arrival."""
    grouped: dict[str, list[StoryCommand]] = {}
    for command in commands:
        grouped.setdefault(command.story_id, []).append(command)
    return grouped
