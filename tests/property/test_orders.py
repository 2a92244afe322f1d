"""Every order of arrival, with repeats, in any batching, gives the same articles, versions and counts."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.wires import Wire, article

URIS = ["a:0", "a:1", "a:2"]


def version(uri: str, number: int, killed: bool) -> dict[str, Any]:
    family = {"name": f"Wire {uri}", "family": "north" if uri == "a:2" else uri}
    value = article(uri, number=11 * (URIS.index(uri) + 1) + number, version=str(number), provider=family)
    return {**value, "pub_status": "canceled"} if killed else value


versions = st.lists(
    st.tuples(st.sampled_from(URIS), st.sampled_from([1, 2, 9, 10]), st.integers(0, 3).map(lambda n: n == 0)),
    min_size=2, max_size=7, unique_by=lambda each: each[:2],
)  # fmt: skip


@given(versions, st.data())
@settings(max_examples=examples(150))
def test_any_order_and_repetition_of_articles_gives_the_same_articles_and_counts(
    given_: list[tuple[str, int, bool]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*given_, *given_[:2]]))
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=len(shuffled), max_size=len(shuffled)))
    restarts = data.draw(st.sets(st.integers(0, len(shuffled)), max_size=2))
    one = asyncio.run(_taken(given_, [len(given_)], set()))
    other = asyncio.run(_taken(shuffled, sizes, restarts))
    assert one == other
    newest = {uri: max(number for u, number, _ in given_ if u == uri) for uri, _, _ in given_}
    live = {(uri, str(number)) for uri, number, killed in given_ if newest[uri] == number and not killed}
    assert one[0] == live


async def _taken(
    order: list[tuple[str, int, bool]], sizes: list[int], restarts: set[int]
) -> tuple[set[tuple[str, str | None]], set[frozenset[str]], list[tuple[int, int]]]:
    """(live articles with their versions, the stories' sets of articles, counts of articles and sources)."""
    wire = Wire()
    await wire.start()
    rest, batch = list(order), 0
    while rest:
        size = sizes[batch] if batch < len(sizes) else 1
        wire.feed([version(*each) for each in rest[:size]])
        await wire.run()
        if batch in restarts:
            await wire.start()
        rest, batch = rest[size:], batch + 1
    wire.versions()  # raises if a version was repeated with other bytes
    stories = [update.story for update in wire.stories().values()]
    live = {(source.article_uri, source.version) for story in stories for source in story.sources}
    counts = sorted((story.article_count, story.source_count) for story in stories if story.article_count)
    return live, wire.members(), counts


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.sampled_from([1, 9]), st.data())
@settings(max_examples=examples(50))
def test_a_cancellation_with_a_number_takes_out_what_has_times_only_in_any_order(
    minutes: list[int], number: int, data: st.DataObject
) -> None:
    texts = [
        article("a:0", number=10 + minute, version=None, version_created=f"2026-01-01T11:{minute:02}:00Z")
        for minute in minutes
    ]
    order = data.draw(st.permutations([*texts, version("a:0", number, True), *texts[:1]]))
    members = asyncio.run(_members(order, data.draw(st.integers(1, 4))))
    assert members == set()


async def _members(order: list[dict[str, Any]], size: int) -> set[frozenset[str]]:
    wire = Wire()
    await wire.start()
    for at in range(0, len(order), size):
        wire.feed(order[at : at + size])
        await wire.run()
    wire.versions()
    return {members for members in wire.members() if members}
