"""The page as it looks, written as PNG files: desktop light and dark, phone, right to left, CJK, print.

    python -m tests.e2e.screenshots --out DIR

Needs Chromium, and fonts for the scripts shown (Debian: fonts-noto-core, fonts-noto-cjk). The stories are invented.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..servers import EmbeddedKafka, EmbeddedRedis
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


async def take(address: str, out: Path) -> None:
    """Every shot into `out`."""
    async with browser(chromium()) as found:
        for shot in SHOTS:
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
            asyncio.run(take(service.address, out))


def prepare(environment: dict[str, str]) -> None:
    """The topics."""
    import subprocess

    subprocess.run(
        [sys.executable, "-m", "storyline", "topics", "create"], env=environment, check=True, capture_output=True
    )


if __name__ == "__main__":
    main()
