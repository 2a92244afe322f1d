"""The command line. `main` works in an install without extras: what needs the services then says how to get them."""

import sys

NEEDS_SERVICES = (
    "storyline: this install has the contracts only; for the command line: pip install 'storyline[services]'"
    " (with a broker and a Redis for `storyline demo`: 'storyline[services,embedded]')"
)


def main() -> None:
    """Run one command and exit: 0 done, 1 failed, 2 wrong use."""
    if sys.argv[1:] == ["--version"]:
        from .. import __version__

        print(f"storyline {__version__}")
        raise SystemExit(0)
    try:
        from .root import run
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("storyline"):
            raise
        print(NEEDS_SERVICES, file=sys.stderr)
        raise SystemExit(1) from None
    raise SystemExit(run())
