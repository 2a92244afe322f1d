"""An article as the record that goes onto the topic `articles`."""

from storyline_schemas import DEFAULT_SPACE, Article, PartitionCounts, event_id, partition_of
from storyline_schemas.events import ARTICLE_PUBLISHED, binary_headers
from storyline_schemas.topics import ARTICLES, RAW_BYTES_MAX

from ...observe import traceparent
from ...record import Output


def outgoing(article: Article, counts: PartitionCounts, trace: bytes | None = None) -> Output:
    """A binary CloudEvent, keyed and placed by the article's space. The same version gives the same bytes.

    `trace` is the `traceparent` it came with, if it did: else it begins a trace, which follows from its id.
    """
    space = article.space or DEFAULT_SPACE
    kind, number = article.revision
    # The id the matcher gives a bare article: the same version has one id, however it comes.
    id = event_id(ARTICLE_PUBLISHED, f"{article.uri}\n{kind}:{number}", 0)
    headers = binary_headers(ARTICLE_PUBLISHED, id, article.uri, article.version_created, "/storyline/ingest")
    partition = partition_of(space, ARTICLES.partitions(counts))
    known = traceparent.parse(trace) or traceparent.begin(id)
    headers = (*headers, (traceparent.HEADER, known.header()))
    return Output(ARTICLES.name, partition, space.encode(), article.to_json(), headers)


def too_large(output: Output) -> str:
    """Why the topic wouldn't take the record; "" if it would."""
    fits = len(output.value or b"") <= RAW_BYTES_MAX
    return "" if fits else f"is larger than {RAW_BYTES_MAX:,} bytes as a record of Kafka"
