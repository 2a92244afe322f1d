"""A real Chromium without a window, and axe-core to look at pages with."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ..conftest import NOTHING_SKIPPED

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

AXE = Path(__file__).parents[1] / "axe"
INSTALL_SECONDS = 240
# WCAG 2.2 AA and what comes before it, and axe's own good practice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def _missing(reason: str) -> None:
    if os.environ.get(NOTHING_SKIPPED) == "1":
        pytest.fail(f"{NOTHING_SKIPPED}=1, but {reason}")
    pytest.skip(reason)


def chromium() -> str:
    """The browser's program. Skips, or fails where nothing may be skipped."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        _missing("Chromium is not installed; pages are looked at in it")
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
    """axe-core as npm's lock file says, installed once for each lock file."""
    if not shutil.which("npm"):
        _missing("npm is not on this machine; it brings axe-core")
    digest = hashlib.sha256((AXE / "package-lock.json").read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "storyline" / f"axe-{digest}"
    script = cache / "node_modules" / "axe-core" / "axe.min.js"
    if not (cache / "installed").exists():
        cache.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(AXE / name, cache / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=cache, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
        if done.returncode:
            _missing(f"npm can't install axe-core: {done.stderr.strip()[-300:]}")
        (cache / "installed").touch()
    return script


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
