"""`python -m storyline_schemas.export`: the exporter for an installation without the services."""

import argparse
import sys
from pathlib import Path

from . import stale, write


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or with `--check` only say which are out of date (exit 1)."""
    parser = argparse.ArgumentParser(prog="python -m storyline_schemas.export", description=__doc__)
    parser.add_argument("--dir", type=Path, default=Path("schemas"), help="folder to write to (default: schemas)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is out of date")
    options = parser.parse_args(arguments)
    names = stale(options.dir) if options.check else write(options.dir)
    for name in names:
        sys.stdout.write(f"{'out of date' if options.check else 'written'}: {options.dir / name}\n")
    return 1 if options.check and names else 0


if __name__ == "__main__":
    raise SystemExit(main())
