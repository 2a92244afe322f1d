"""One example of everything that goes over the wire, built with the models. People, places and outlets are invented.

`examples/<name>.json` is a record's value, `examples/<name>.headers.json` its headers as text, where it has any.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from ..article import Article, Concept, Correction, Dateline, Provider, PubStatus, Rights
from ..base import Contract, format_time, to_ms
from ..canonical import event_id, section_hash, story_id
from ..commands import (
    Add,
    Adopt,
    Close,
    Command,
    Expire,
    Hand,
    Lock,
    Merge,
    Open,
    Pin,
    Propose,
    ProposedSentence,
    Rename,
    Reopen,
    Retract,
    Split,
)
from ..edit import StoryEdit
from ..events import (
    ARTICLE_PUBLISHED,
    STORY_COMMAND,
    STORY_EDIT,
    STORY_PART,
    STORY_STATE,
    STRUCTURED,
    Headers,
    binary_headers,
    update_headers,
)
from ..part import Kept, Part
from ..story import Entity, Section, Sentence, Source, Story, StoryStatus, TimelineEntry
from ..topics import part_key
from ..update import (
    ArticleChange,
    Change,
    CountChange,
    Match,
    Notify,
    SectionChange,
    Significance,
    StoryUpdate,
    Velocity,
)
from .json_schemas import pretty

SPACE = "invented"  # so that every record says it
START = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
WIRE = Provider(id="example-wire", name="Example Wire (invented)", family="example-wire")
COURIER = Provider(id="courier", name="Port Lindow Courier (invented)", family="courier")
FIRST, SECOND = "urn:invented:example-wire:ferry-1", "urn:invented:courier:ferry-9"
STORY = story_id(SPACE, FIRST, 1)
OTHER = story_id(SPACE, SECOND, 2)

_HEADLINE = "Ferry crews in Port Lindow walk out over night shifts"
_LEAD = "Ferry crews in Port Lindow walked out at dawn on Monday, stopping all 14 crossings to the outer islands."
_TALKS = "Harbour director Ines Okaro said that talks with the crews would begin on Tuesday."
_ISLANDS = "Shops on Sorrel Island have bread and milk for two days, the island council said."


def example_articles() -> dict[str, Article]:
    """The articles among the examples: the smallest, a full one, a correction, a kill and one under embargo."""
    full = Article(
        uri=FIRST,
        version="1",
        headline=_HEADLINE,
        summary=_LEAD,
        body=f"{_LEAD}\n\n{_TALKS}",
        language="en",
        first_created=START,
        version_created=START,
        url="https://wire.example/ferry-1",
        provider=WIRE,
        urgency=3,
        slugline="INVENTED-Lindow-Ferries",
        subjects=(Concept(name="invented example"), Concept(name="strike", code="20000570", scheme="medtop")),
        people=(Concept(name="Ines Okaro"),),
        places=(Concept(name="Port Lindow"),),
        byline="By Tom Alder",
        dateline=Dateline(place="PORT LINDOW", date="Jan. 5"),
        credit="Invented Wire",
        rights=Rights(holder="Invented Wire", notice="© Invented Wire", terms="Not for use in print before 6 a.m."),
        take=1,
        editorial_note="A second take follows.",
        genres=(Concept(name="current"),),
        keywords=("ferries", "strike"),
    )
    return {
        "article-smallest": Article(
            uri=SECOND, headline=_ISLANDS, version_created=START + timedelta(hours=2), provider=COURIER, language="en"
        ),
        "article-full": full,
        "article-correction": full.model_copy(
            update={
                "version": "2",
                "version_created": START + timedelta(hours=1),
                "body": full.body.replace("14", "12"),
                "summary": full.summary.replace("14", "12"),
                "correction": Correction(note="Corrects number of crossings to 12, not 14."),
            }
        ),
        "article-kill": Article(
            uri=FIRST,
            version="3",
            pub_status=PubStatus.CANCELED,
            headline="",
            version_created=START + timedelta(hours=3),
            provider=WIRE,
            language="en",
            correction=Correction(severity="kill", note="Kill: the walkout did not take place."),
        ),
        "article-embargoed": Article(
            uri="urn:invented:example-wire:budget-1",
            headline="Port Lindow to spend more on its harbour, budget shows",
            version_created=START,
            embargoed_until=START + timedelta(hours=6),
            provider=WIRE,
            language="en",
        ),
    }


def example_part() -> Part:
    """What the story keeps of the second article."""
    return Part(
        article_uri=SECOND,
        placement=2,
        revision=(0, to_ms(START + timedelta(hours=2))),
        n=2,
        headline=_ISLANDS,
        language="en",
        provider=COURIER.name,
        family=COURIER.family_key,
        published_at=START + timedelta(hours=2),
        at_ms=to_ms(START + timedelta(hours=2)),
        sentences=(Kept(position=0, text=_ISLANDS),),
        profile={"terms": {"ferri": 0.61, "island": 0.52}},
        adds="Says how long the islands' shops can go on.",
        match=_match(),
    )


def example_commands() -> dict[str, Command]:
    """One command of each type."""
    common: dict[str, Any] = {"story_id": STORY, "space": SPACE, "at_ms": to_ms(START), "cause": _cause(FIRST)}
    articles = example_articles()
    first = {**common, "article_uri": FIRST, "placement": 1}
    second = {**common, "article_uri": SECOND, "placement": 2, "revision": example_part().revision}
    profile = {"terms": {"ferri": 0.7, "crew": 0.5}}
    opening = Match(article_uri=FIRST, score=0.0, method="opened")
    return {
        "open": Open(**first, revision=(0, 1), article=articles["article-full"], profile=profile, match=opening),
        "add": Add(**second, article=articles["article-smallest"], profile=profile, match=_match()),
        "retract": Retract(**first, revision=(0, 3), reason="canceled", note="The walkout did not take place."),
        "adopt": Adopt(**second, from_story_id=OTHER, part=example_part()),
        "merge": Merge(**common, into=OTHER, score=0.63, reason="the two stories' articles have grown alike"),
        "split": Split(
            **common,
            into=OTHER,
            articles=(Hand(article_uri=SECOND, placement=3),),
            reason="the shops on the island are another story",
            author="desk@wire.example",
        ),
        "close": Close(**common, status="dormant", reason="no news for three days"),
        "rename": Rename(
            **common,
            headline="Ferry crews walk out in Port Lindow",
            reason="names the port",
            author="desk@wire.example",
        ),
        "reopen": Reopen(**common, reason="crews have announced another walkout", author="desk@wire.example"),
        "expire": Expire(**common, reason="withdrawn, and no article for a while"),
        "pin": Pin(**common, pinned=True, reason="not the strike on the other island", author="desk@wire.example"),
        "lock": Lock(
            **common, section_id="s1", locked=True, reason="agreed with the lawyers", author="desk@wire.example"
        ),
        "propose": Propose(
            **common,
            section_id="s1",
            section_hash=_sections()[0].hash,
            sentences=(ProposedSentence(text=_LEAD, citations=(1,)),),
        ),
    }


def example_updates() -> dict[str, StoryUpdate]:
    """A story's first version, its second, and a version that only points to the story it became."""
    first, second = _story(1), _story(2)
    gone = second.model_copy(
        update={
            "version": 3,
            "headline": "This story is now part of another",
            "status": StoryStatus.MERGED,
            "redirect_to": OTHER,
            "sections": (),
            "sources": (),
            "timeline": (),
            "entities": (),
        }
    )
    return {
        "story-update-opened": StoryUpdate(
            story=first,
            change=Change(
                kind="opened",
                causes=(_cause(FIRST),),
                articles=(ArticleChange(uri=FIRST, action="added", n=1),),
                sections=SectionChange(added=("s1",)),
                counts=CountChange(articles=1, sources=1, independent_reports=1),
                summary=f"Opened by {WIRE.name}: {_LEAD}",
            ),
            significance=Significance(level="normal", reasons=("a new story", "a new independent report")),
            notify=Notify(mode="digest", dedupe_key=f"{STORY}:opened:705fc15fe13c3b57"),
            match=(Match(article_uri=FIRST, score=0.0, method="opened"),),
        ),
        "story-update": StoryUpdate(
            story=second,
            change=Change(
                kind="articles",
                causes=(_cause(SECOND),),
                articles=(ArticleChange(uri=SECOND, action="added", n=2),),
                sections=SectionChange(added=("s2",)),
                counts=CountChange(articles=1, sources=1, independent_reports=1),
                summary=f"{COURIER.name} adds: {_ISLANDS}",
            ),
            significance=Significance(level="normal", reasons=("a new independent report",)),
            notify=Notify(mode="digest", dedupe_key=f"{STORY}:articles:b4733ccbafa02dff"),
            match=(_match(),),
            velocity=Velocity(reports_per_hour=1.0, ratio=2.0),
        ),
        "story-update-merged": StoryUpdate(
            story=gone.model_copy(update={"article_count": 0, "source_count": 0, "independent_report_count": 0}),
            change=Change(
                kind="merge",
                causes=(_cause(FIRST),),
                articles=(
                    ArticleChange(uri=FIRST, action="moved", n=1),
                    ArticleChange(uri=SECOND, action="moved", n=2),
                ),
                sections=SectionChange(removed=("s1", "s2")),
                counts=CountChange(articles=-2, sources=-2, independent_reports=-2),
                headline_changed=True,
                summary="This story continues in another one.",
            ),
            significance=Significance(level="minor", reasons=("stories merged",)),
            notify=Notify(mode="silent", dedupe_key=f"{STORY}:merge:61f1c357a7f2edb6"),
        ),
    }


def example_edit() -> StoryEdit:
    """A person's request."""
    return StoryEdit(
        action="split", story_id=STORY, space=SPACE, articles=(SECOND,), author="desk@wire.example",
        reason="the islands' supplies are a story of their own",
    )  # fmt: skip


def example_files() -> dict[str, bytes]:
    """`examples/<name>.json` and `examples/<name>.headers.json` → content."""
    records: dict[str, tuple[Any, Headers]] = {
        name: (_plain(article), _article_headers(article)) for name, article in example_articles().items()
    }
    smallest = records["article-smallest"][0]
    wanted = ("uri", "headline", "version_created", "provider", "language")
    records["article-smallest"] = ({name: smallest[name] for name in wanted}, ())
    records["article-structured"] = (
        _envelope(example_articles()["article-full"]),
        (("content-type", STRUCTURED.encode()),),
    )
    for name, command in example_commands().items():
        records[f"command-{name}"] = (_plain(command), _command_headers(command))
    records["edit-split"] = (_plain(example_edit()), _edit_headers(example_edit()))
    for name, update in example_updates().items():
        records[name] = (_plain(update), update_headers(update))
    records["story"] = (_plain(_story(2)), _state_headers(STORY_STATE, STORY))
    records["part"] = (_plain(example_part()), _state_headers(STORY_PART, part_key(STORY, SECOND)))
    found = {f"examples/{name}.json": pretty(value) for name, (value, _) in records.items()}
    for name, (_, headers) in records.items():
        if headers:
            found[f"examples/{name}.headers.json"] = pretty({key: content.decode() for key, content in headers})
    return found


def _plain(value: Contract) -> Any:
    return json.loads(value.to_json())


def _cause(uri: str) -> str:
    return event_id(ARTICLE_PUBLISHED, f"{uri}\n1", 0)


def _match() -> Match:
    return Match(article_uri=SECOND, score=0.58, runner_up=OTHER, runner_up_score=0.12, method="score")


def _article_headers(article: Article) -> Headers:
    time = article.version_created or START
    return binary_headers(ARTICLE_PUBLISHED, _cause(article.uri), article.uri, time, "/example-wire")


def _edit_headers(edit: StoryEdit) -> Headers:
    id = event_id(STORY_EDIT, f"{edit.story_id}\n{edit.action}", 0)
    return binary_headers(STORY_EDIT, id, edit.story_id, START, "/desk")


def _envelope(article: Article) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": _cause(article.uri),
        "source": "/example-wire",
        "type": ARTICLE_PUBLISHED,
        "subject": article.uri,
        "time": format_time(START),
        "datacontenttype": "application/json",
        "data": _plain(article),
    }


def _command_headers(command: Command) -> Headers:
    id = event_id(STORY_COMMAND, f"{command.story_id}\n{command.cause}", 0)
    return binary_headers(STORY_COMMAND, id, command.story_id, START, "/storyline/matcher")


def _state_headers(event_type: str, subject: str) -> Headers:
    id, time = event_id(event_type, subject, 2), _story(2).updated_at
    return binary_headers(event_type, id, subject, time, "/storyline/updater", sequence=f"{2:010d}")


def _section(name: str, heading: str, *sentences: tuple[str, tuple[int, ...]]) -> Section:
    return Section(
        id=name,
        heading=heading,
        sentences=tuple(Sentence(text=text, citations=cited) for text, cited in sentences),
        hash=section_hash(name, heading, sentences),
    )


def _sections() -> tuple[Section, Section]:
    return (
        _section("s1", "Crews Walk Out at Dawn", (_LEAD, (1,)), (_TALKS, (1,))),
        _section("s2", "Islands Have Supplies for Two Days", (_ISLANDS, (2,))),
    )


def _story(version: int) -> Story:
    articles = example_articles()
    sources = (
        _source(1, articles["article-full"], "Reports the walkout and when talks begin."),
        _source(2, articles["article-smallest"], "Says how long the islands' shops can go on."),
    )
    return Story(
        id=STORY,
        version=version,
        space=SPACE,
        language="en",
        headline=_HEADLINE,
        article_count=version,
        source_count=version,
        independent_report_count=version,
        sections=_sections()[:version],
        sources=sources[:version],
        timeline=(TimelineEntry(at=START, text=_LEAD, citations=(1,), story_version=1),),
        entities=(Entity(kind="person", name="Ines Okaro", article_count=1),),
        first_seen=START,
        updated_at=START + timedelta(hours=2 * (version - 1)),
    )


def _source(n: int, article: Article, adds: str) -> Source:
    return Source(
        n=n,
        article_uri=article.uri,
        version=article.version,
        provider=article.provider.name,
        family=article.provider.family_key,
        headline=article.headline,
        language=article.language,
        adds=adds,
        url=article.url,
        published_at=article.version_created,
    )
