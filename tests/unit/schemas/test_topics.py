"""The topic file: what must hold for the guarantees to hold, and Kafka's own placement of keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline_schemas import BY_NAME, TOPICS, PartitionCounts, Topic, dead_letter_topic, part_key, partition_of
from storyline_schemas.base import DAY_MS, HOUR_MS
from storyline_schemas.topics import DEAD_LETTER_HEADER_BYTES, murmur2

EACH = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


# From Apache Kafka's own test of its hash (UtilsTest.testMurmur2), there as signed 32-bit numbers.
@pytest.mark.parametrize(
    ("key", "signed"),
    [
        ("21", -973932308),
        ("foobar", -790332482),
        ("a-little-bit-long-string", -985981536),
        ("a-little-bit-longer-string", -1486304829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        ("abc", 479470107),
    ],
)
def test_keys_are_hashed_as_kafkas_own_client_hashes_them(key: str, signed: int) -> None:
    assert murmur2(key.encode()) == signed % 2**32


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 1000))
def test_a_key_has_a_partition(key: str, partitions: int) -> None:
    assert 0 <= partition_of(key, partitions) < partitions


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 64))
def test_aiokafka_places_a_key_where_we_do(key: str, partitions: int) -> None:
    partitioner = pytest.importorskip("aiokafka.partitioner", reason="aiokafka isn't installed").DefaultPartitioner()
    everywhere = list(range(partitions))
    assert partitioner(key.encode(), everywhere, everywhere) == partition_of(key, partitions)


def test_the_story_keyed_topics_are_these() -> None:
    keyed = {topic.name for topic in TOPICS if topic.story_keyed}
    assert {"story-commands", "story-updates", "stories", "story-parts"} <= keyed
    assert not {"articles", "articles.dlq"} & keyed


def test_the_story_keyed_topics_share_one_partition_count() -> None:
    counts = PartitionCounts(articles=3, stories=7)
    assert {topic.partitions(counts) for topic in TOPICS if topic.story_keyed} == {7}


def test_exactly_the_updaters_outputs_are_written_in_transactions() -> None:
    assert {topic.name for topic in TOPICS if topic.transactional} == {"story-updates", "stories", "story-parts"}


def test_only_the_updater_writes_what_a_story_says() -> None:
    assert {topic.writers for topic in TOPICS if topic.transactional} == {("updater",)}


@EACH
def test_a_compacted_topic_lets_go_of_a_killed_text_within_an_hour(topic: Topic) -> None:
    limits = {topic.config.get("segment.ms"), topic.config.get("max.compaction.lag.ms")}
    assert limits == ({str(HOUR_MS)} if topic.compacted else {None})


@EACH
def test_a_topic_that_is_not_compacted_ends_its_records_by_age(topic: Topic) -> None:
    assert topic.compacted != ("retention.ms" in topic.config)


@pytest.mark.parametrize(("name", "days"), [("articles", 7), ("story-commands", 7), ("story-updates", 30)])
def test_retention_is_what_the_contract_says(name: str, days: int) -> None:
    assert BY_NAME[name].config["retention.ms"] == str(days * DAY_MS)


@pytest.mark.parametrize("name", ["articles", "story-commands", "story-updates"])
def test_every_topic_that_is_read_by_a_stage_has_a_dead_letter_topic_of_the_same_shape(name: str) -> None:
    counts = PartitionCounts(articles=3, stories=7)
    assert dead_letter_topic(name).partitions(counts) == BY_NAME[name].partitions(counts)


@pytest.mark.parametrize("name", ["articles", "story-commands", "story-updates"])
def test_a_dead_letter_has_room_for_the_largest_record_and_its_own_headers(name: str) -> None:
    assert dead_letter_topic(name).bytes_max >= BY_NAME[name].bytes_max + DEAD_LETTER_HEADER_BYTES


@pytest.mark.parametrize("name", ["articles", "story-commands"])
def test_the_raw_zone_keeps_its_dead_letters_no_longer_than_itself(name: str) -> None:
    assert dead_letter_topic(name).config["retention.ms"] == BY_NAME[name].config["retention.ms"]


@EACH
def test_every_record_is_stamped_by_the_broker(topic: Topic) -> None:
    assert topic.config["message.timestamp.type"] == "LogAppendTime"


def test_a_compacted_topic_has_no_dead_letters() -> None:
    with pytest.raises(KeyError):
        dead_letter_topic("stories")


def test_a_part_is_keyed_by_story_and_article_and_a_story_by_itself() -> None:
    assert (part_key("st-1", "urn:x:1"), part_key("st-1")) == ("st-1/urn:x:1", "st-1/")
