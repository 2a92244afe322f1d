"""Whatever an article says, it becomes part of a story: no text makes the engines fail."""

from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.domain.pipeline import Pipeline
from storyline.domain.story import state_of, stored_bytes
from tests.wires import arrival, article

PIECES = (
    "12 killed in Port Hallow, police said . ? ! … 地震 で 3人 死亡 。 زلزال ، قتل 5 «да» убит “quoted” it 's not "
    "1,000.5 % "
    "$3m Dr. U.S. z.B. 18. г. А. ,, '' „ ‟ « » . .. l' d'abord Außerdem También "
    "(AP) — - / & <b> http://x.y/z \u200f \u202e é ß ก ข 🙂 Monday Jan 2 3rd-party he the"
)
words = st.sampled_from([*PIECES.split(" "), "\n\n", "\t"])
texts = st.lists(words, max_size=60).map(" ".join) | st.text(max_size=200)
languages = st.sampled_from(
    ["en", "de", "ja", "zh-Hant", "ar", "ru", "th", "xx", "pt-BR", "ko", "fa", "es", "fr", "it", "nl", "fi", "sv", "nb"]
)
headlines = st.text(max_size=60).filter(lambda text: "<" not in text).map(lambda text: f"Port Hallow {text}")
times = st.sampled_from(["2026-01-01T12:00:00Z", "2025-12-31T23:00:00Z", "0001-01-01T00:00:00Z", None])
values = st.builds(
    lambda uri, version, headline, body, language, status, time: article(
        uri, headline=headline, body=body, language=language, version=version, pub_status=status, version_created=time
    ),
    st.sampled_from(["a:1", "a:2", "a:3"]), st.sampled_from("1234"), headlines,
    texts, languages, st.sampled_from(["usable", "usable", "usable", "withheld"]), times,
)  # fmt: skip


@given(st.lists(st.lists(values, min_size=1, max_size=3), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_text_goes_all_the_way_and_every_sentence_cites_a_live_source(batches):
    pipeline = Pipeline()
    for batch in batches:
        pipeline.feed([arrival(value) for value in batch])
    for state in pipeline.stories.values():
        numbers = {source.n for source in state.story.sources}
        cited = {n for section in state.story.sections for each in section.sentences for n in each.citations}
        assert cited <= numbers
        assert state_of(stored_bytes(state)) == state


def has_text(text: str) -> bool:
    """Whether anything is left of a text without control characters, which the contract takes out."""
    return any(character.isprintable() and not character.isspace() for character in text)


@given(texts.filter(has_text), languages)
@settings(max_examples=50, deadline=None)
def test_an_article_without_a_headline_goes_all_the_way(body, language):
    pipeline = Pipeline()
    updates = pipeline.feed([arrival(article("a:1", headline="", body=body, language=language))])
    assert [update.story.article_count for update in updates] == [1]
