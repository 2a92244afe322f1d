"""The invented wire of the demo has two earthquakes in a week, which an editor must never find in one story."""

from importlib.resources import files

from storyline.domain.pipeline import Pipeline
from storyline.domain.placing import Arrival
from storyline.domain.placing.arrival import at_ms_of
from storyline_schemas import Article

LATER_MS = 1 << 42


def test_the_two_earthquakes_of_a_week_are_two_stories() -> None:
    wire = (files("storyline") / "demo" / "wire.jsonl").read_bytes().splitlines()
    articles = [Article.model_validate_json(line) for line in wire]
    pipeline = Pipeline()
    pipeline.feed(Arrival(each, "world", each.uri, at_ms_of(each, LATER_MS)) for each in articles)
    headlines = {each.uri: each.headline for each in articles}
    stories = [" | ".join(headlines[uri] for uri in uris) for uris in pipeline.members().values()]
    assert len([story for story in stories if "tsunami" in story]) == 1
    assert len([story for story in stories if "Tamrin" in story]) == 1
    assert not [story for story in stories if "tsunami" in story and "Tamrin" in story]
