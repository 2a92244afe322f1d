"""Values of the contracts for hypothesis: hostile text, odd times, every optional field now there, now not."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from storyline_schemas import (
    Article,
    ArticleChange,
    Change,
    Concept,
    Correction,
    CountChange,
    Dateline,
    Entity,
    Match,
    Notify,
    Provider,
    PubStatus,
    Rights,
    Section,
    SectionChange,
    Sentence,
    Significance,
    Source,
    Story,
    StoryStatus,
    StoryUpdate,
    TimelineEntry,
    Velocity,
    section_hash,
)

# No lone surrogates: they are no text and no UTF-8 says them.
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
words = text.map(lambda value: value.strip() or "x")
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
uris = st.from_regex(r"urn:invented:[a-z0-9:%é中-]{1,20}", fullmatch=True)
story_ids = st.from_regex(r"st-[0-9a-f]{20}", fullmatch=True)
languages = st.sampled_from(["en", "pt-BR", "zh-Hant", "ko", "ar"])
times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(
    lambda time: time.replace(microsecond=time.microsecond // 1000 * 1000)
)
shares = st.floats(0, 1)
numbers = st.integers(1, 50)
counts = st.integers(0, 10**6)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def several(strategy: st.SearchStrategy[Any], min_size: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, min_size=min_size, max_size=3).map(tuple)


concepts = st.builds(Concept, name=names, code=maybe(text), scheme=maybe(text))
articles = st.builds(
    Article,
    uri=uris,
    version=maybe(names),
    pub_status=st.sampled_from(PubStatus),
    headline=st.just("A headline"),
    summary=text,
    body=text,
    language=languages,
    first_created=maybe(times),
    version_created=maybe(times),
    embargoed_until=maybe(times),
    evolved_from=maybe(uris),
    url=maybe(st.just("https://wire.example/1")),
    provider=st.builds(Provider, id=maybe(names), name=names, family=maybe(names)),
    urgency=maybe(st.integers(1, 9)),
    slugline=maybe(text),
    space=maybe(st.just("desk-1")),
    correction=maybe(st.builds(Correction, note=maybe(text))),
    subjects=several(concepts),
    people=several(concepts),
    byline=maybe(text),
    dateline=maybe(st.builds(Dateline, place=maybe(text), date=maybe(text))),
    credit=maybe(text),
    rights=maybe(st.builds(Rights, holder=maybe(text), notice=maybe(text), terms=maybe(text))),
    take=maybe(st.integers(1, 999)),
    editorial_note=maybe(text),
    genres=several(concepts),
    keywords=several(names),
)
citations = several(numbers, 1)


@st.composite
def sections(draw: st.DrawFn) -> Section:
    name, heading = draw(st.from_regex(r"s[1-9]", fullmatch=True)), draw(text)
    sentences = draw(several(st.builds(Sentence, text=words, citations=citations)))
    return Section(
        id=name,
        heading=heading,
        sentences=sentences,
        hash=section_hash(name, heading, [(one.text, one.citations) for one in sentences]),
        locked=draw(st.booleans()),
    )


sources = st.builds(
    Source,
    n=numbers,
    article_uri=uris,
    version=maybe(text),
    provider=names,
    family=names,
    headline=text,
    language=languages,
    adds=text,
    relation=st.sampled_from(["original", "copy", "update", "rewrite", "translation", "advance"]),
    url=maybe(text),
    published_at=maybe(times),
)
stories = st.builds(
    Story,
    id=story_ids,
    version=st.integers(1, 10**9),
    space=st.just("world"),
    language=languages,
    headline=text,
    status=st.sampled_from(StoryStatus),
    article_count=counts,
    source_count=counts,
    independent_report_count=counts,
    sections=several(sections()),
    sources=several(sources),
    timeline=several(st.builds(TimelineEntry, at=times, text=text, citations=citations, story_version=numbers)),
    entities=several(st.builds(Entity, kind=st.sampled_from(["person", "place"]), name=names, article_count=counts)),
    first_seen=times,
    updated_at=times,
    redirect_to=maybe(story_ids),
)
changes = st.builds(
    Change,
    kind=st.sampled_from(["opened", "articles", "correction", "retraction", "merge", "split", "lifecycle", "edit"]),
    causes=several(text),
    articles=several(
        st.builds(ArticleChange, uri=uris, action=st.sampled_from(["added", "revised", "retracted"]), n=numbers)
    ),
    sections=st.builds(SectionChange, added=several(text), changed=several(text), removed=several(text)),
    counts=st.builds(CountChange, articles=st.integers(-9, 9)),
    headline_changed=st.booleans(),
    summary=text,
)
updates = st.builds(
    StoryUpdate,
    story=stories,
    change=changes,
    significance=st.builds(
        Significance, level=st.sampled_from(["minor", "normal", "major", "breaking"]), reasons=several(text)
    ),
    notify=st.builds(Notify, mode=st.sampled_from(["push", "digest", "silent"]), dedupe_key=text),
    match=several(
        st.builds(
            Match,
            article_uri=uris,
            score=shares,
            runner_up=maybe(story_ids),
            runner_up_score=maybe(shares),
            method=text,
        )
    ),
    velocity=maybe(
        st.builds(
            Velocity,
            reports_per_hour=st.floats(0, 1e6),
            ratio=maybe(st.floats(0, 1e6)),
            space_ratio=maybe(st.floats(0, 1e6)),
        )
    ),
)
