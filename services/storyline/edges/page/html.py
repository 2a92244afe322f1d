"""Stories as HTML and Atom, from the templates beside this file. Every text is escaped, and cleaned of what could
make it look like something else; nothing is loaded from outside."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from storyline_schemas import Section, Source, Story, StoryStatus
from storyline_schemas.base import format_time, from_ms
from storyline_schemas.update import LEVELS

from ...terminal import titled
from .asking import STATUSES, Filters, cursor
from .citing import (
    Days,
    articles,
    day_name,
    days_shown,
    heading_shown,
    omitted_line,
    sources_heading,
    split_end,
    status_line,
)
from .comparing import compared
from .history import Difference, Marks, live_numbers
from .languages import direction, language_name
from .reading import Shown
from .view import Row, Version

HERE = Path(__file__).parent
VERSIONS_SHOWN = 20
ACTIONS_SHOWN = 12
HEADLINE_LONG = 160
"""Letters from which a headline is set smaller, and cut in the list: a court's or a decree's title, say."""

# C0 and C1 controls (also forbidden in XML), and characters that turn the direction of what follows.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_KINDS = {
    "opened": "The story was opened", "articles": "New reports came in", "correction": "A source was corrected",
    "retraction": "A source was withdrawn", "merge": "Another story was merged into this one",
    "moved": "Articles of another story were moved here",
    "split": "The story was split", "lifecycle": "The status changed", "prose": "The wording was improved",
    "edit": "An editor changed it",
}  # fmt: skip
_ACTIONS = {"added": "new", "adopted": "new", "moved": "moved", "revised": "revised", "retracted": "withdrawn"}
_RELATIONS = {
    "original": "", "copy": "copy", "update": "update", "rewrite": "rewrite", "translation": "translation",
    "advance": "advance notice",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service is reached from outside, without a slash at the end; empty: addresses stay relative."""

    base: str = ""
    name: str = "Storyline"


def story_html(story: Story) -> str:
    """A story as one document of its own: styles inside, no script, nothing from a server."""
    return _rendered("single.html", page=_story_page(Shown(story, Difference()), (), story.updated_at), style=_style())


def story_page(shown: Shown, now: Story, versions: list[Version], address: Address) -> str:
    """The page of a version; `now` is the present one, `versions` those that are remembered, oldest first."""
    page = _story_page(shown, _listed_versions(versions, now), now.updated_at)
    return _rendered(
        "story.html",
        page=page,
        present=shown.story.version == now.version,
        now=now,
        site=address,
        canonical=f"/stories/{now.id}",
        first_known=versions[0].number if versions else None,
    )


def comparison_page(before: Story, after: Story, now: Story, address: Address) -> str:
    """Two versions sentence by sentence; `now` is the present one."""
    return _rendered(
        "comparison.html",
        before=before,
        after=after,
        lines=compared(before, after),
        now=now,
        site=address,
        canonical=f"/stories/{now.id}",
    )


def index_page(
    rows: list[Row],
    wanted: Filters,
    after: Any,
    languages: dict[str, int],
    position: str,
    site: Address,
    first: bool,
    newest_ms: int,
) -> str:
    """The list of stories; `after` is where it goes on, `position` where its event stream begins.

    `newest_ms`: the newest change of any story, whose year needn't be told.
    """
    return _rendered(
        "index.html",
        rows=rows,
        newest_ms=newest_ms,
        wanted=wanted,
        site=site,
        position=position,
        first=first,
        statuses=STATUSES,
        levels=LEVELS,
        next=wanted.query(cursor=cursor(after)) if after else None,
        languages=sorted(languages.items(), key=lambda each: language_name(each[0])),
        feed=wanted.query(),
    )


def problem_page(status: int, title: str, detail: str, site: Address) -> str:
    """What a reader is told when there is no page."""
    return _rendered("problem.html", status=status, title=title, detail=detail, site=site)


def index_feed(rows: list[Row], wanted: Filters, site: Address) -> str:
    """Atom (RFC 4287): one entry a story, changed with it."""
    return _rendered("index.atom", rows=rows, wanted=wanted, site=site)


def story_feed(story: Story, row: Row | None, versions: list[Version], site: Address) -> str:
    """Atom: one entry a version, newest first."""
    live = live_numbers(story)
    return _rendered("story.atom", story=story, row=row, versions=versions[::-1], live=live, site=site)


def prepare() -> None:
    """Compile the templates and read the files now, and not while the first reader waits."""
    for name in _environment().list_templates():
        _environment().get_template(name)
    for name in _static():
        static_hash(name)


def static_file(name: str) -> tuple[bytes, str]:
    """A file of `static/` and the hash in its address. Raises KeyError."""
    files = _static()
    return files[name], static_hash(name)


@cache
def _static() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (HERE / "static").iterdir() if file.is_file()}


@cache
def static_hash(name: str) -> str:
    """Short hash of a static file: its address changes with its content, so it may be kept for ever."""
    return hashlib.blake2b(_static()[name], digest_size=6).hexdigest()


def _static_url(name: str) -> str:
    return f"/static/{static_hash(name)}/{name}"


def _style() -> Markup:
    # Our own file; a style element has no escapes, and the file must not end it.
    return Markup(_static()["page.css"].decode().replace("</", "<\\/"))  # noqa: S704


def _kind(version: Version) -> str:
    return _KINDS.get("moved" if version.moved else version.kind, version.kind)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False, finalize=lambda value: clean(value) if type(value) is str else value,
    )  # fmt: skip
    environment.filters.update(
        when=when, day=day, day_name=day_name, iso=_iso, dir=direction, language=language_name, articles=articles,
        relation=lambda name: _RELATIONS.get(name, name), kind=_kind,
        action=lambda name: _ACTIONS.get(name, name), titled=titled, url=http_url, static=_static_url, urn=urn,
    )  # fmt: skip
    environment.tests["long"] = lambda headline: len(headline) > HEADLINE_LONG
    return environment


def _rendered(name: str, **values: Any) -> str:
    return _environment().get_template(name).render(**values)


def clean(text: str) -> str:
    """Text that shows as what it is: no control characters, no directional overrides."""
    return _UNSAFE.sub("", text)


def http_url(url: str | None) -> str | None:
    """The address, if it is one a reader may be sent to."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def when(time: datetime | int) -> str:
    """A moment for people, in UTC: `16 December 2025, 09:12 UTC`."""
    moment = from_ms(time) if isinstance(time, int) else time
    return f"{moment.day} {moment:%B} {moment.year}, {moment:%H:%M} UTC"


def day(time: datetime | int, beside: datetime | int) -> str:
    """The same, shorter: `16 Dec, 09:12 UTC`, with the year only where it isn't that of `beside`, the newest shown."""
    moment, newest = (from_ms(each) if isinstance(each, int) else each for each in (time, beside))
    return f"{day_name(moment, newest)}, {moment:%H:%M} UTC"


def urn(*names: str | int) -> str:
    """A lasting id for a feed: the same names give the same one (UUID version 5 of `storyline:a:b`)."""
    return uuid5(NAMESPACE_URL, ":".join(("storyline", *map(str, names)))).urn


def _iso(time: datetime | int) -> str:
    return format_time(from_ms(time) if isinstance(time, int) else time)


def _listed_versions(versions: list[Version], now: Story) -> tuple[tuple[Version, str], ...]:
    live = live_numbers(now)
    return tuple((version, version.summary_shown(live)) for version in versions[::-1][:VERSIONS_SHOWN])


def _story_page(shown: Shown, versions: tuple[tuple[Version, str], ...], newest: datetime) -> dict[str, Any]:
    """What the templates of a story are filled with; `newest` is the time of its newest update."""
    story, version = shown.story, shown.version
    cited = {source.n: source for source in story.sources}
    days = days_shown(story.sections, {n: source.published_at for n, source in cited.items()})
    unspaced = story.language.partition("-")[0].casefold() in ("zh", "ja")
    return {
        "story": story,
        "badge": status_line(story),
        "retracted": story.status is StoryStatus.RETRACTED,
        "sections": [
            _section(story, section, shown.difference.marks, cited, its)
            for section, its in zip(story.sections, days, strict=True)
        ],
        "sources_heading": sources_heading(story),
        "omitted": omitted_line(story),
        # Chinese and Japanese put no space between sentences. A citation never begins a line.
        "gap": "" if unspaced else " ",
        "cite_gap": "" if unspaced else "\N{NO-BREAK SPACE}",
        "difference": shown.difference,
        "actions": [(n, action, n in cited) for action, n in version.articles[:ACTIONS_SHOWN]] if version else [],
        "withdrawn": shown.withdrawn,
        "version": version,
        "summary": version.summary_shown(frozenset(cited)) if version else "",
        "versions": versions,
        "newest": newest,
    }


def _section(story: Story, section: Section, marks: Marks, cited: dict[int, Source], days: Days) -> dict[str, Any]:
    sentences: list[dict[str, Any]] = []
    for at, sentence in enumerate(section.sentences):
        text, end = split_end(sentence)
        numbers = [(n, cited[n]) for n in sentence.citations if n in cited]
        new = (section.id, at) in marks
        sentences.append({"text": text, "end": end, "cited": numbers, "new": new, "day": days.each[at]})
    return {
        "id": section.id,
        "heading": heading_shown(story, section),
        "day": days.whole,
        "sentences": sentences,
        "changed": any(each["new"] for each in sentences),
    }
