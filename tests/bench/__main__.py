"""`make bench`: the shell beside bare aiokafka and Faust, then the whole way beside its engines alone.

    python -m tests.bench [--input FILE.jsonl] [--rounds 3] [--json]

Needs Java 17 and Maven (Apache Kafka) and redis-server. About six minutes. It measures and judges nothing.
"""

import argparse
import json
import sys
from importlib.resources import as_file, files
from pathlib import Path

from . import stream, whole_way


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, help="articles for the whole way; without it, the sample wire")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    shell = stream.bench(rounds=options.rounds)
    print(stream.table(shell), file=sys.stderr)
    with as_file(files("storyline") / "demo" / "wire.jsonl") as sample:
        whole = whole_way.measure(options.input or sample, sample, options.rounds, rate=50.0, warm_seconds=15.0)
    print(whole_way.table(whole), file=sys.stderr)
    if options.json:
        print(json.dumps({"stream": shell, "whole_way": whole}))


if __name__ == "__main__":
    main()
