"""Which articles must be found in a story once everything has come out: what was sent, seen from outside."""

from dataclasses import dataclass, field

from storyline_schemas import Article, Revision


@dataclass(slots=True)
class Expected:
    """Fed with every article in the order sent; knows which uris must be in a story, and which must not."""

    latest: dict[str, tuple[Revision, bool]] = field(default_factory=dict)
    """Uri → its highest revision and whether that one may be used and is free now."""
    replaced: set[str] = field(default_factory=set)

    def add(self, article: Article, now_ms: int) -> None:
        """`now_ms`: an article under embargo beyond it is expected nowhere yet."""
        until = article.embargoed_until
        held = until is not None and until.timestamp() * 1000 > now_ms
        usable = article.usable and not held
        known = self.latest.get(article.uri)
        if known is None or article.revision > known[0]:
            self.latest[article.uri] = (article.revision, usable)
        if article.evolved_from and article.evolved_from != article.uri and usable:
            self.replaced.add(article.evolved_from)

    @property
    def uris(self) -> set[str]:
        """The articles that must be in exactly one story each, or be dead letters."""
        return {uri for uri, (_, usable) in self.latest.items() if usable} - self.replaced
