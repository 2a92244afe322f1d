"""A real Chromium without a window, and axe-core to look at pages with."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..tools import missing, npm

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

# WCAG 2.2 AA and what comes before it, and axe's own good practice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def chromium() -> str:
    """The browser's program. Skips, or fails where nothing may be skipped."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        missing("Chromium is not installed; pages are looked at in it")
    return str(found)


@asynccontextmanager
async def browser(program: str) -> AsyncIterator["Browser"]:
    """A browser that is closed at the end."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        # As root, as in containers, Chromium runs only without its sandbox; it sees our own pages alone.
        found = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield found
        finally:
            await found.close()


def axe_script() -> Path:
    """axe-core as npm's lock file says."""
    return npm("axe") / "node_modules" / "axe-core" / "axe.min.js"


async def violations(page: "Page", script: Path) -> list[str]:
    """What axe-core finds wrong, one line each."""
    # By way of the debugger: the page's own policy forbids scripts from elsewhere, and stays on.
    await page.evaluate(script.read_text())
    found: dict[str, Any] = await page.evaluate("rules => axe.run(document, {runOnly: rules})", list(RULES))
    return [
        f"{each['id']}: {each['help']}: {node['html'][:120]} | {node.get('failureSummary', '')[:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
