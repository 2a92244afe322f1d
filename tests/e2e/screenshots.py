"""`make screenshots`: the pages as they look, as PNG files and one page that shows them all.

    python -m tests.e2e.screenshots --out DIR

Desktop, tablet and phone, light and dark, right to left, CJK, print; and the pages of `storyline run lag`. Needs
Chromium, and fonts for the scripts shown (Debian: fonts-noto-core, fonts-noto-cjk). The stories are invented.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from ..servers import EmbeddedKafka, EmbeddedRedis, free_port
from .browser import browser, chromium
from .paper import PageService, publish, service_environment, whole_paper

SHEET = "body { margin: 18mm 16mm }"
"""On paper this is the page's own margin, which a picture of a window doesn't have."""
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Shot:
    name: str
    path: str
    viewport: dict[str, int]
    dark: bool = False
    printed: bool = False
    hover: str = ""


SHOTS = (
    Shot("index-desktop", "/", DESKTOP),
    Shot("index-dark", "/", DESKTOP, dark=True),
    Shot("index-phone", "/?limit=6", PHONE),
    Shot("index-tablet", "/?limit=9", {"width": 820, "height": 1180}),
    Shot("search", "/?q=port+lindow", DESKTOP),
    Shot("story-desktop", "/stories/st-ferry", DESKTOP),
    Shot("story-dark", "/stories/st-ferry", DESKTOP, dark=True),
    Shot("story-phone", "/stories/st-ferry", PHONE),
    Shot("story-phone-dark", "/stories/st-ferry", PHONE, dark=True),
    Shot("story-citation", "/stories/st-ferry", DESKTOP, hover="#section-s2 a.cite"),
    Shot("story-version", "/stories/st-ferry/versions/2", DESKTOP),
    Shot("story-arabic", "/stories/st-bridge-ar", DESKTOP),
    Shot("story-arabic-phone", "/stories/st-bridge-ar", PHONE, dark=True),
    Shot("story-hebrew", "/stories/st-library-he", DESKTOP),
    Shot("story-japanese", "/stories/st-lighthouse-ja", DESKTOP),
    Shot("story-chinese-phone", "/stories/st-rail-zh", PHONE),
    Shot("story-withdrawn", "/stories/st-mill", DESKTOP),
    Shot("not-found", "/stories/st-none", PHONE),
    Shot("story-print", "/stories/st-ferry", {"width": 720, "height": 1000}, printed=True),
)


LAG_SHOTS = (
    Shot("lag-groups", "/", DESKTOP),
    Shot("lag-groups-phone-dark", "/", PHONE, dark=True),
    Shot("lag-group", "/group?name=archive-export", DESKTOP),
)
LAG_LOOKS = 40
"""Enough for a whole window and a line to look at."""


async def take(address: str, out: Path, shots: Sequence[Shot]) -> None:
    """These shots into `out`."""
    async with browser(chromium()) as found:
        for shot in shots:
            settings: dict[str, Any] = {"viewport": shot.viewport, "color_scheme": "dark" if shot.dark else "light"}
            page = await found.new_page(**settings, bypass_csp=shot.printed)
            if shot.printed:
                await page.emulate_media(media="print")
            await page.goto(address + shot.path)
            if shot.printed:
                await page.add_style_tag(content=SHEET)
            if shot.hover:
                await page.hover(shot.hover)
                await page.wait_for_selector("#card")
            await page.screenshot(path=out / f"{shot.name}.png", full_page=True)
            await page.close()
            print(out / f"{shot.name}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the directory they are written to")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="storyline-shots-") as directory,
        EmbeddedKafka() as kafka,
        EmbeddedRedis() as redis,
    ):
        environment = service_environment(kafka.address, redis.url)
        prepare(environment)
        asyncio.run(publish(kafka.address, whole_paper()))
        with PageService(environment, Path(directory) / "page.log") as service:
            asyncio.run(take(service.address, out, SHOTS))
        asyncio.run(take_lag(kafka.address, environment, out))
    (out / "index.html").write_text(contact_sheet())
    print(out / "index.html")


async def take_lag(kafka: str, environment: dict[str, str], out: Path) -> None:
    """The pages of `storyline run lag`, with a group that has read all, one that reads on, and one that has stopped."""
    place, port = TopicPartition("story-updates", 0), free_port()
    await _commit(kafka, "archive-export", place, 1)
    settings = {
        "LAG_PORT": str(port),
        "LAG_INTERVAL_SECONDS": "0.5",
        "LAG_PATIENCE_SECONDS": "3",
        "LAG_HISTORY_HOURS": "0.1",
    }
    service = subprocess.Popen(
        [sys.executable, "-m", "storyline", "run", "lag"],
        env=environment | {f"STORYLINE_{name}": value for name, value in settings.items()},
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(90), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            looks = 0
            while looks < LAG_LOOKS:
                await _commit(kafka, "search-indexer", place, 2 + looks // 2)
                await _commit(kafka, "storyline.notifier", place, 1_000)
                await asyncio.sleep(0.5)
                with suppress(httpx.TransportError):
                    looks = (await client.get("/api/lag")).json().get("looks", 0)
        await take(f"http://127.0.0.1:{port}", out, LAG_SHOTS)
    finally:
        service.terminate()
        service.wait(30)


async def _commit(kafka: str, group: str, place: TopicPartition, offset: int) -> None:
    """The group has read up to here, or to the end."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    consumer.assign([place])
    end = (await consumer.end_offsets([place]))[place]
    await consumer.commit({place: OffsetAndMetadata(min(offset, end), "")})
    await consumer.stop()


def contact_sheet() -> str:
    """One page with all of them."""
    figures = "\n".join(
        f'<figure><a href="{shot.name}.png"><img src="{shot.name}.png" alt="" loading="lazy"></a>'
        f"<figcaption>{shot.name.replace('-', ' ')} <small>{shot.viewport['width']} px</small></figcaption></figure>"
        for shot in (*SHOTS, *LAG_SHOTS)
    )
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Storyline: how it looks</title>
<style>
body {{ margin: 2rem; font: 16px/1.5 system-ui, sans-serif; background: #eceae6; color: #1d1a16 }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 2rem }}
figure {{ margin: 0 }}
img {{ width: 100%; height: 24rem; object-fit: cover; object-position: top; border: 1px solid #c9c4ba }}
small {{ color: #5c554b }}
</style>
<h1>How it looks</h1>
<p>Invented stories. A picture opens whole.</p>
<main>
{figures}
</main>
</html>
"""


def prepare(environment: dict[str, str]) -> None:
    """The topics."""
    subprocess.run(
        [sys.executable, "-m", "storyline", "topics", "create"], env=environment, check=True, capture_output=True
    )


if __name__ == "__main__":
    main()
