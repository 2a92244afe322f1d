"""Hours at a steady rate: `python -m tests.chaos.soak --seconds 3600 --per-second 10 --plot soak.png`.

The services on real servers, real articles without end; memory (RSS) and open files of each process every few seconds,
as a picture and as numbers. A space costs the matcher that owns it about 31 MB at once, whatever is in it, so the same
few spaces come again and again. What grows then is the stories in memory, up to their bounds, which
`--set updater_articles_max=2000 --set matcher_stories_max=500` reaches in minutes. Prints one JSON object and judges
nothing: `slope_mb_per_hour` of the second half, and files at the middle and the end.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from ..e2e.harness import articles_of
from .feed import Feed, source
from .recovery import Recovery
from .workers import ROOT
from .world import World, leave_when_told

ROUND_SECONDS = 30.0
HANG_SECONDS = "120"
"""As it is by default: on a machine with a load of 36, a batch of what had piled up took more than chaos's 20 s."""
TURNS = 2
"""Every so many seconds the spaces change, and after so many turns they come again: four, one on each partition."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at one moment."""

    seconds: float
    megabytes: float
    files: int


def sample(pid: int, began: float) -> Sample | None:
    """None if it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except (OSError, IndexError):
        return None
    return Sample(time.monotonic() - began, pages * 4096 / 1e6, files)


async def soak(world: World, seconds: float, per_second: float, every: float) -> tuple[dict[str, list[Sample]], Feed]:
    """Samples by process."""
    feed = Feed(world.broker.address, articles_of(source(None, ROOT)), per_second)
    found: defaultdict[str, list[Sample]] = defaultdict(list)
    async with world:
        await world.ready()
        began = time.monotonic()
        number, feeding = 0, asyncio.create_task(feed.run(0))
        while (passed := time.monotonic() - began) < seconds:
            if passed > (number + 1) * ROUND_SECONDS:
                number += 1
                feeding.cancel()
                await asyncio.wait([feeding])
                feeding = asyncio.create_task(feed.run(number % TURNS))
            for name, pid in _pids(world).items():
                if (seen := sample(pid, began)) is not None:
                    found[name].append(seen)
            await asyncio.sleep(every)
        feeding.cancel()
        await asyncio.wait([feeding])
        await Recovery(world.broker.address).caught_up()
    await feed.close()
    return dict(found), feed


def _pids(world: World) -> dict[str, int]:
    workers = {worker.name: worker.process.pid for worker in world.workers if worker.process is not None}
    return {**workers, "redis-server": world.store.pid}


def summary(samples: list[Sample]) -> dict[str, float]:
    """How it grew in the second half, where everything is warm."""
    later = samples[len(samples) // 2 :]
    slope = statistics.linear_regression([s.seconds for s in later], [s.megabytes for s in later]).slope
    return {
        "mb_middle": round(later[0].megabytes, 1), "mb_end": round(later[-1].megabytes, 1),
        "slope_mb_per_hour": round(slope * 3600, 1), "files_middle": later[0].files, "files_end": later[-1].files,
        "files_max": max(s.files for s in later),
    }  # fmt: skip


def plot(found: dict[str, list[Sample]], file: Path, title: str) -> None:
    """Memory above, open files below, a line a process."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (memory, files) = pyplot.subplots(2, 1, figsize=(10, 8), sharex=True)
    for name, samples in sorted(found.items()):
        minutes = [each.seconds / 60 for each in samples]
        memory.plot(minutes, [each.megabytes for each in samples], label=name)
        files.plot(minutes, [each.files for each in samples], label=name)
    memory.set_ylabel("resident memory, MB")
    files.set_ylabel("open files")
    files.set_xlabel("minutes")
    for axes in (memory, files):
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
    memory.legend(ncol=3, fontsize="small")
    figure.suptitle(title)
    figure.savefig(file, dpi=100, bbox_inches="tight")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3_600.0)
    parser.add_argument("--per-second", type=float, default=10.0)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two looks")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the services")
    parser.add_argument("--plot", type=Path, default=None, help="a PNG file")
    asked = parser.parse_args()
    leave_when_told()
    settings = {"hang_seconds": HANG_SECONDS, **dict(each.split("=", 1) for each in asked.set)}
    with World(settings=settings) as world:
        found, feed = asyncio.run(soak(world, asked.seconds, asked.per_second, asked.every))
        restarts = sum(worker.starts - 1 for worker in world.workers)
    title = " ".join((f"{feed.sent:,} articles in {asked.seconds / 60:.0f} minutes", *asked.set))
    if asked.plot is not None:
        plot(found, asked.plot, title)
    print(title, file=sys.stderr)
    print(json.dumps({
        "seconds": asked.seconds, "articles": feed.sent, "restarts": restarts,
        "processes": {name: summary(samples) for name, samples in sorted(found.items())},
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
