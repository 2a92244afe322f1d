"""Invented stories in several languages and states, as updates on the topics: what the page is shown with.

All names, places and events in it are made up.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from aiokafka import AIOKafkaProducer

from storyline_schemas import Story, StoryUpdate, partition_of
from storyline_schemas.base import format_time
from storyline_schemas.topics import STORIES, STORY_UPDATES

START_SECONDS = 60.0
MORNING = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)

Sections = Sequence[tuple[str, Sequence[tuple[str, Sequence[int]]]]]


def source(n: int, provider: str, headline: str, adds: str, language: str = "en", **more: Any) -> dict[str, Any]:
    return {
        "n": n,
        "article_uri": f"urn:invented:{provider.split()[0].lower()}:{n}",
        "provider": provider,
        "family": provider.lower(),
        "headline": headline,
        "language": language,
        "adds": adds,
        "url": f"https://wire.example/{n}",
        "published_at": format_time(MORNING + timedelta(minutes=40 * n)),
        **more,
    }


def update(
    id: str,
    version: int,
    headline: str,
    sections: Sections,
    sources: Sequence[dict[str, Any]],
    *,
    language: str = "en",
    summary: str = "",
    kind: str = "articles",
    level: str = "normal",
    status: str = "open",
    hours: float = 0.0,
    redirect_to: str | None = None,
    actions: Sequence[tuple[str, int]] = (),
) -> StoryUpdate:
    """An update as the updater sends it; `hours` after the first morning."""
    at = format_time(MORNING + timedelta(hours=hours))
    uris = {each["n"]: each["article_uri"] for each in sources}
    story = {
        "id": id,
        "version": version,
        "space": "world",
        "language": language,
        "headline": headline,
        "status": status,
        "article_count": len(sources),
        "source_count": len({each["family"] for each in sources}),
        "independent_report_count": len(sources),
        "sources": list(sources),
        "first_seen": format_time(MORNING),
        "updated_at": at,
        "redirect_to": redirect_to,
        "sections": [
            {
                "id": f"s{number}",
                "heading": heading,
                "hash": f"{number:032x}",
                "sentences": [{"text": text, "citations": list(cited)} for text, cited in sentences],
            }
            for number, (heading, sentences) in enumerate(sections, 1)
        ],
    }
    articles = [{"uri": uris.get(n, f"urn:invented:gone:{n}"), "action": action, "n": n} for action, n in actions]
    return StoryUpdate.model_validate(
        {
            "story": story,
            "change": {"kind": kind, "causes": [], "articles": articles, "summary": summary},
            "significance": {"level": level, "reasons": ["a new independent report"] if kind == "articles" else []},
            "notify": {"mode": "digest", "dedupe_key": f"{id}:{version}"},
        }
    )


def ferry(version: int) -> StoryUpdate:
    """A story that grows: the second version adds a section and rewords a figure, the third adds a sentence."""
    sources = [
        source(
            1,
            "Meridian Press (invented)",
            "Ferry crews in Port Lindow walk out over night shifts",
            "Reports the walkout at dawn and the 14 crossings it stops.",
        ),
        source(
            2,
            "Port Lindow Courier (invented)",
            "Sorrel Island has bread for two days",
            "Says how long the islands’ shops can go on, and who is hit first.",
            relation="original",
        ),
        source(
            3,
            "Northlight News (invented)",
            "Port Lindow ferry talks to open on Tuesday",
            "Announces the talks and names the mediator.",
            relation="advance",
        ),
    ][:version]
    crossings = "14 crossings" if version == 1 else "all 16 crossings"
    walkout = [
        (f"Ferry crews in Port Lindow walked out at dawn on Monday, stopping {crossings} to the outer islands.", [1]),
        ("The crews object to a new rota that puts one deckhand instead of two on each night sailing.", [1]),
        ("Harbour director Ines Okaro called the rota “safe and lawful” and said that it would stay.", [1]),
    ]
    sections: list[tuple[str, Any]] = [("Crews Walk Out at Dawn over a Thinner Night Watch", walkout)]
    if version > 1:
        islands = [
            ("Shops on Sorrel Island have bread and milk for two days, the island council said.", [2]),
            ("The clinic on Little Hale has asked the coastguard to bring insulin for eleven patients.", [2]),
        ]
        sections.append(("Islands Count Their Bread and Insulin", islands))
    if version > 2:
        talks = [
            ("Talks between the crews and the harbour will open on Tuesday under the mediator Tomas Wrenfield.", [3])
        ]
        sections.append(("Talks Open on Tuesday", talks))
    summaries = [
        "Opened by Meridian Press: Ferry crews in Port Lindow walked out at dawn on Monday.",
        "The Courier adds: Shops on Sorrel Island have bread and milk for two days.",
        "Northlight News adds: Talks will open on Tuesday under the mediator Tomas Wrenfield.",
    ]
    return update(
        "st-ferry",
        version,
        "Ferry crews in Port Lindow walk out over night shifts",
        sections,
        sources,
        summary=summaries[version - 1],
        kind="opened" if version == 1 else "articles",
        level="major" if version == 3 else "normal",
        hours=version * 1.5,
        actions=[("added", version)],
    )


def arabic() -> StoryUpdate:
    sources = [
        source(
            1,
            "وكالة السهل (invented)",
            "افتتاح جسر نهر الوردية بعد عامين من العمل",
            "تنقل موعد الافتتاح وطول الجسر.",
            "ar",
        ),
        source(
            2,
            "Meridian Press (invented)",
            "New bridge opens across the Wardiya",
            "Gives the cost and the builder.",
            relation="translation",
        ),
    ]
    first = [
        ("افتتحت مدينة نورسان يوم الاثنين جسرها الجديد فوق نهر الوردية، وهو أول جسر يربط ضفتي المدينة منذ 1974.", [1]),
        ("وقالت رئيسة البلدية ليلى مروان إن الجسر يبلغ طوله 612 متراً.", [1, 2]),
    ]
    second = [("وأعلنت البلدية أن العبور سيكون مجانياً حتى نهاية الشهر.", [1])]
    return update(
        "st-bridge-ar",
        1,
        "نورسان تفتتح جسرها الجديد فوق نهر الوردية",
        [("أول جسر منذ نصف قرن", first), ("عبور مجاني حتى نهاية الشهر", second)],
        sources,
        language="ar",
        summary="أضافت وكالة السهل موعد الافتتاح وطول الجسر.",
        kind="opened",
        hours=3.5,
        actions=[("added", 1)],
    )


def japanese() -> StoryUpdate:
    sources = [
        source(1, "白波通信 (invented)", "瀬野島の灯台、百年ぶりに灯る", "点灯の時刻と修復の費用を伝える。", "ja"),
        source(2, "島日報 (invented)", "灯台修復に島民二百人", "作業に加わった島民の数を加える。", "ja"),
    ]
    first = [
        ("瀬野島の旧灯台が二日夜、およそ百年ぶりに灯った。", [1, 2]),
        ("修復には島民およそ二百人が加わり、費用は三千二百万円に上った。", [1, 2]),
    ]
    return update(
        "st-lighthouse-ja",
        1,
        "瀬野島の旧灯台、百年ぶりに灯る　島民二百人が修復",
        [("二日夜、海を照らす", first)],
        sources,
        language="ja",
        summary="白波通信が点灯の時刻を伝えた。",
        kind="opened",
        hours=4,
        actions=[("added", 1)],
    )


def chinese() -> StoryUpdate:
    sources = [source(1, "云岭社 (invented)", "云岭至青渡铁路提前通车", "报道通车日期与全程时间。", "zh-Hans")]
    first = [("云岭至青渡的铁路周一提前三个月通车，全程只需四十七分钟。", [1]), ("首日共有九千余名旅客乘坐。", [1])]
    return update(
        "st-rail-zh",
        1,
        "云岭至青渡铁路提前三个月通车",
        [("全程四十七分钟", first)],
        sources,
        language="zh-Hans",
        summary="云岭社报道通车日期。",
        kind="opened",
        hours=4.2,
        actions=[("added", 1)],
    )


def hebrew() -> StoryUpdate:
    sources = [source(1, "כותרת הגליל (invented)", "ספריית נוף-ארז נפתחה מחדש", "מוסרת את מועד הפתיחה.", "he")]
    first = [("הספרייה העירונית בנוף-ארז נפתחה ביום שני מחדש אחרי שיפוץ של 3 שנים.", [1])]
    return update(
        "st-library-he",
        1,
        "ספריית נוף-ארז נפתחה מחדש אחרי שלוש שנים",
        [("שלוש שנות שיפוץ", first)],
        sources,
        language="he",
        summary="",
        kind="opened",
        level="minor",
        hours=2.2,
        actions=[("added", 1)],
    )


def withdrawn(version: int) -> StoryUpdate:
    """A story whose only article is taken back."""
    sources = [source(1, "Meridian Press (invented)", "Quellin mill said to close", "Says that the mill closes.")]
    if version == 1:
        return update(
            "st-mill",
            1,
            "Quellin mill said to close",
            [("Mill to Close", [("The mill in Quellin closes.", [1])])],
            sources,
            kind="opened",
            hours=0.5,
            actions=[("added", 1)],
        )
    return update(
        "st-mill",
        2,
        "Story withdrawn",
        [],
        [],
        status="retracted",
        kind="retraction",
        level="major",
        hours=5,
        summary="The last article of this story was withdrawn.",
        actions=[("retracted", 1)],
    )


def merged(version: int) -> StoryUpdate:
    """A story that becomes the ferry's."""
    sources = [source(1, "Tarn Radio (invented)", "No boats from Port Lindow", "Says that no boat sails.")]
    sections = [("No Boats", [("No boat left Port Lindow on Monday morning.", [1])])]
    if version == 1:
        return update(
            "st-boats",
            1,
            "No boats from Port Lindow",
            sections,
            sources,
            kind="opened",
            hours=1,
            actions=[("added", 1)],
        )
    return update(
        "st-boats",
        2,
        "No boats from Port Lindow",
        [],
        [],
        status="merged",
        kind="merge",
        level="minor",
        hours=2,
        redirect_to="st-ferry",
        summary="This story continues in another one.",
    )


def hostile(id: str = "st-hostile") -> StoryUpdate:
    """What a stranger may send: script, markup, an address that runs, overrides of direction, endless words."""
    evil = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">'
    sources = [
        source(1, f"Wire {evil}", f"Title {evil}", f"Adds \u202e{evil}", url="javascript:window.hacked=1"),
        source(
            2,
            "\u202eeriW desreveR",
            "]]></title></script>",
            "{{ 7 * 7 }} \x1b[2J",
            url='https://wire.example/"onmouseover="window.hacked=1',
        ),
    ]
    sentences = [
        (f"A sentence {evil} with \u202ea turn.", [1]),
        ("Long" * 120, [2]),
        ("a\u0301\u0301\u0301\u0301 b", [1, 2]),
    ]
    return update(
        id,
        1,
        f"Headline {evil} \u202e\u2066turned",
        [(f"Heading {evil}", sentences)],
        sources,
        summary=f"Summary {evil}",
        kind="opened",
        hours=0.2,
        actions=[("added", 1)],
    )


def short(number: int) -> StoryUpdate:
    """One of many small stories, to fill a list."""
    towns = ("Tamrin", "Quellin", "Orrin Vale", "Little Hale", "Karsund", "Linden City")
    subjects = (
        "votes on a new tram line",
        "opens a school for pilots",
        "counts its winter storks",
        "bans leaf blowers",
    )
    town, subject = towns[number % len(towns)], subjects[number // len(towns) % len(subjects)]
    sources = [source(1, "Northlight News (invented)", f"{town} {subject}", "Reports the decision.")]
    text = f"The council of {town} {subject}, the town clerk said on Monday, after a debate of four hours."
    return update(
        f"st-short-{number}",
        1,
        f"{town} {subject}",
        [("Council Decides", [(text, [1])])],
        sources,
        kind="opened",
        level="minor",
        hours=-0.1 * number,
        actions=[("added", 1)],
    )


def whole_paper() -> list[StoryUpdate]:
    """Everything that the screenshots show, in the order of its versions."""
    return [
        *(short(number) for number in range(40)),
        hebrew(),
        withdrawn(1),
        merged(1),
        ferry(1),
        ferry(2),
        merged(2),
        arabic(),
        japanese(),
        chinese(),
        withdrawn(2),
        ferry(3),
    ]


async def publish(kafka: str, updates: Iterable[StoryUpdate], partitions: int = 4) -> None:
    """Put them on both topics as the updater does, confirmed."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        for each in updates:
            key, at = each.story.id.encode(), partition_of(each.story.id, partitions)
            await producer.send_and_wait(STORY_UPDATES.name, each.to_json(), key, at)
            await producer.send_and_wait(STORIES.name, each.story.to_json(), key, at)
    finally:
        await producer.stop()


async def remove(kafka: str, id: str, partitions: int = 4) -> None:
    """The end of a story: a record without a value."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(STORIES.name, None, id.encode(), partition_of(id, partitions))
    finally:
        await producer.stop()


class PageService:
    """`storyline run page` on a free port; `address` once it is ready. Can be started again on the same port."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = {**environment, "STORYLINE_PAGE_PORT": "0"}
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.address = ""

    def start(self) -> Self:
        self._log.write_bytes(b"")
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "storyline", "run", "page"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while "ready: " not in self.said():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the page service is not ready:\n{self.said()}")
            time.sleep(0.05)
        found = re.search(r"page on (http://\S+?)/", self.said())
        assert found is not None, self.said()
        self.address = found[1]
        self._environment["STORYLINE_PAGE_PORT"] = self.address.rpartition(":")[2]
        return self

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it with this signal, and wait; its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)

    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def service_environment(kafka: str, redis: str, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYLINE_")}
    ours = {"KAFKA_BOOTSTRAP_SERVERS": kafka, "REDIS_URL": redis, **{k.upper(): v for k, v in settings.items()}}
    return kept | {f"STORYLINE_{name}": value for name, value in ours.items()}


def story_of(text: bytes | str) -> Story:
    return Story.model_validate_json(text)


def publish_now(kafka: str, updates: Iterable[StoryUpdate]) -> None:
    """`publish` from code that is not asynchronous."""
    asyncio.run(publish(kafka, list(updates)))
