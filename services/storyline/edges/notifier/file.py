"""The file of subscriptions: TOML, one `[[subscription]]` each."""

import re
import tomllib
from pathlib import Path

from ...errors import Fatal
from .subscription import Subscription, WrongSubscription, check_unique, subscription_of

BYTES_MAX = 8_000_000
_HEADER = re.compile(r"^\s*\[\[\s*subscription\s*\]\]")


def read_file(path: Path) -> list[Subscription]:
    """Every subscription of the file. Raises Fatal with one line that names file, line and field, and the fix."""
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise Fatal(f"{path}: can't be read ({error.strerror}); mend STORYLINE_NOTIFIER_SUBSCRIPTIONS") from None
    if len(content) > BYTES_MAX:
        raise Fatal(f"{path}: is larger than {BYTES_MAX} bytes; make such subscriptions by the API")
    return parse(content, str(path))


def parse(content: bytes, name: str) -> list[Subscription]:
    """As `read_file`, from bytes; `name` is what errors call them."""
    try:
        text = content.decode()
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        raise Fatal(f"{name}: is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise Fatal(f"{name}: is not TOML: {error}") from None
    unknown = sorted(set(document) - {"subscription"})
    if unknown:
        raise Fatal(f"{name}: {unknown[0]}: is unknown; each subscription begins with [[subscription]]")
    rows = document.get("subscription", [])
    if not isinstance(rows, list):
        raise Fatal(f"{name}: subscription: is one table; write [[subscription]] with two brackets")
    return _subscriptions(rows, name, text)


def _subscriptions(rows: list[object], name: str, text: str) -> list[Subscription]:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEADER.match(line)]
    found: list[Subscription] = []
    for at, row in enumerate(rows):
        try:
            found.append(subscription_of(row))
            check_unique(found)
        except WrongSubscription as wrong:
            where = f", line {lines[at]}" if len(lines) == len(rows) else ""
            called = row.get("id", at + 1) if isinstance(row, dict) else at + 1
            raise Fatal(f"{name}{where}, subscription {called}: {wrong}") from None
    return found
