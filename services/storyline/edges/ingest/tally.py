"""What became of everything that was read: counts by format, reasons, and what was seen before."""

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from storyline_schemas import Article

from .readers.base import Ignored
from .reading import Refused

REASONS_MAX = 1_000
"""Most different reasons that are counted apart; the rest is counted together."""
SEEN_MAX = 500_000
"""Most article versions remembered for `repeated`; the oldest are forgotten first. About 60 MB when full."""


@dataclass(slots=True)
class Counts:
    """read = published + repeated + refused."""

    read: int = 0
    published: int = 0
    repeated: int = 0
    refused: int = 0


class Seen:
    """The article versions that went out in this run, as digests."""

    def __init__(self, size_max: int = SEEN_MAX) -> None:
        self._size_max = size_max
        self._versions: OrderedDict[bytes, None] = OrderedDict()

    @staticmethod
    def digest(article: Article) -> bytes:
        """What stands for this version of this article."""
        kind, number = article.revision
        key = f"{article.space or ''}\n{article.uri}\n{kind}:{number}"
        return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def add(self, digest: bytes) -> bool:
        """Remember it; False if it was there already."""
        if digest in self._versions:
            return False
        self._versions[digest] = None
        if len(self._versions) > self._size_max:
            self._versions.popitem(last=False)
        return True

    def forget(self, *digests: bytes) -> None:
        """They did not go out after all."""
        for digest in digests:
            self._versions.pop(digest, None)


@dataclass(slots=True)
class Tally:
    """What became of it so far."""

    formats: dict[str, Counts] = field(default_factory=dict)
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(format, field, reason) → how often."""
    files: int = 0
    ignored: Ignored = field(default_factory=Ignored)
    """Fields of our contract's articles that it doesn't know."""

    def of(self, format: str) -> Counts:
        return self.formats.setdefault(format, Counts())

    def refuse(self, refused: Refused) -> None:
        counts = self.of(refused.format)
        counts.read += 1
        counts.refused += 1
        reason = (refused.format, refused.field, refused.reason)
        if reason not in self.reasons and len(self.reasons) >= REASONS_MAX:
            reason = (refused.format, "…", "other reasons")
        self.reasons[reason] += 1

    @property
    def read(self) -> int:
        return sum(counts.read for counts in self.formats.values())

    @property
    def published(self) -> int:
        return sum(counts.published for counts in self.formats.values())

    @property
    def repeated(self) -> int:
        return sum(counts.repeated for counts in self.formats.values())

    @property
    def refused(self) -> int:
        return sum(counts.refused for counts in self.formats.values())

    def report(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "files": self.files, "read": self.read, "published": self.published, "repeated": self.repeated,
            "refused": self.refused,
            "formats": {
                name: {"read": one.read, "published": one.published, "repeated": one.repeated, "refused": one.refused}
                for name, one in sorted(self.formats.items())
            },
            "reasons": [
                {"format": format, "field": where, "reason": reason, "count": count}
                for (format, where, reason), count in self.reasons.most_common()
            ],
            "ignored_fields": dict(self.ignored.counts.most_common()),
        }  # fmt: skip

    def table(self, reasons_max: int = 30, *, checked_only: bool = False) -> Iterator[str]:
        """For a person: a line a format, then why things were refused. `checked_only`: nothing was published."""
        rows = [
            (name, one.read, one.published, one.repeated, one.refused) for name, one in sorted(self.formats.items())
        ]
        if len(rows) != 1:
            rows.append(("all", self.read, self.published, self.repeated, self.refused))
        yield f"{'format':<12}{'read':>9}{'usable' if checked_only else 'published':>11}{'repeated':>10}{'refused':>9}"
        for name, *numbers in rows:
            yield f"{name:<12}" + "".join(f"{n:>{w},}" for n, w in zip(numbers, (9, 11, 10, 9), strict=True))
        if self.reasons:
            yield ""
            yield "refused, and why"
        for (format, where, reason), count in self.reasons.most_common(reasons_max):
            yield f"{count:>9,}  {format}: {where}: {reason}"
        if len(self.reasons) > reasons_max:
            yield f"{'':>11}and {len(self.reasons) - reasons_max} more; --json or --refused DIR has them all"
        if self.ignored.counts:
            yield ""
            yield "unknown fields, ignored"
        for name, count in self.ignored.counts.most_common(reasons_max):
            yield f"{count:>9,}  {name!r}"
