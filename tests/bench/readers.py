"""How many documents a second each reader turns into articles, on one core.

    python -m tests.bench.readers [--seconds 2] [--json]

Reads the real files of ../shared/data/wire again and again, format by format, those that give at least one article.
Seconds are CPU seconds of this process. It measures and judges nothing.
"""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from storyline.edges.ingest.readers import Refusal, read, recognise

from ..unit.readers.facts import RECEIVED_AT, WIRE, files

ROUNDS = 5


def by_format(paths: list[Path]) -> dict[str, list[bytes]]:
    """Format → documents that hold an article."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in paths:
        data = path.read_bytes()
        if any(not isinstance(one, Refusal) for one in read(data, received_at=RECEIVED_AT)):
            found[recognise(data) or "unknown"].append(data)
    return found


def documents_per_second(documents: list[bytes], seconds: float) -> float:
    """Median of the rounds; each reads all documents until its share of `seconds` is over."""
    rates = []
    for _ in range(ROUNDS):
        began, n = process_time(), 0
        while process_time() - began < seconds / ROUNDS:
            for data in documents:
                n += 1
                for _ in read(data, received_at=RECEIVED_AT):
                    pass
        rates.append(n / (process_time() - began))
    return median(rates)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each format")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report: dict[str, Any] = {}
    for format, documents in sorted(by_format(files()).items()):
        size = sum(map(len, documents)) / len(documents)
        rate = documents_per_second(documents, options.seconds)
        report[format] = {"documents": len(documents), "mean_bytes": size, "per_second": rate}
        print(f"{format:10} {len(documents):4} documents  {size:8.0f} bytes  {rate:8.0f} a second", file=sys.stderr)
    if not report:
        raise SystemExit(f"no wire files in {WIRE}")
    if options.json:
        print(json.dumps(report))


if __name__ == "__main__":
    main()
