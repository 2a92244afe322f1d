"""Real wire files with bytes flipped, cut, repeated and tags dropped: nothing may crash, and nothing take a second.

``python -m tests.bench.mutated_wires --files 5000 --seed 1`` mutates the files of ../shared/data/wire, or what
``--folder`` names; exit code 1 if one crashes or hangs. Seconds are CPU seconds of one document.
"""

import argparse
import json
import random
import statistics
import time
from collections import Counter
from pathlib import Path

from storyline.edges.ingest.readers import Refusal, read

from ..unit.readers.facts import RECEIVED_AT, WIRE, files

HANG_SECONDS = 1.0
BYTES_MAX = 2_000_000


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The document with one to eight faults, as lines and disks make them."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(out) + 1)
        match chance.choice(("flip", "cut", "half", "insert", "repeat", "tag", "control")):
            case "flip" if at < len(out):
                out[at] = chance.randrange(256)
            case "cut":
                del out[at : at + chance.randint(1, 400)]
            case "half" if chance.random() < 0.2:
                del out[at:]
            case "insert":
                out[at:at] = chance.choice((b"<", b"&", b"]]>", b"<![CDATA[", b'"', b"\\", b"{", b"[" * 500, b"&#0;"))
            case "repeat":
                out[at:at] = out[at : at + chance.randint(1, 5_000)] * chance.randint(1, 20)
            case "tag":
                start = out.find(b"<", at)
                end = out.find(b">", start)
                if 0 <= start < end:
                    del out[start : end + 1]
            case _:
                out[at:at] = bytes((chance.randrange(32),)) * chance.randint(1, 50)
        del out[BYTES_MAX:]
    return bytes(out)


def run(originals: list[Path], count: int, seed: int) -> dict[str, object]:
    """Read `count` mutations; what became of them. A crash names the file and the seed that makes it again."""
    results: Counter[str] = Counter()
    seconds, wrong = [], []
    for number in range(count):
        file = originals[number % len(originals)]
        data = mutated(file.read_bytes(), random.Random(f"{seed}/{number}"))
        begun = time.process_time()
        try:
            for one in read(data, received_at=RECEIVED_AT):
                results["refused" if isinstance(one, Refusal) else "articles"] += 1
        except Exception as error:  # noqa: BLE001 – counting exactly this is what the command is for
            wrong.append(f"{file.name}, {seed}/{number}: {type(error).__name__}: {error}"[:300])
        seconds.append(time.process_time() - begun)
        if seconds[-1] > HANG_SECONDS:
            wrong.append(f"{file.name}, {seed}/{number}: {seconds[-1]:.1f} s")
    return {
        "files": count, "articles": results["articles"], "refused": results["refused"], "wrong": wrong,
        "median_ms": round(statistics.median(seconds) * 1000, 2), "longest_ms": round(max(seconds) * 1000, 1),
    }  # fmt: skip


def main() -> int:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=5_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    named = sorted(one for one in asked.folder.rglob("*") if one.is_file()) if asked.folder else []
    originals = named or files()
    if not originals:
        print(f"no wire files: {WIRE} isn't there; name a folder with --folder")
        return 2
    report = run(originals, asked.files, asked.seed)
    print(json.dumps(report, indent=1, ensure_ascii=False))
    return 1 if report["wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
