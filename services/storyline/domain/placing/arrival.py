"""An article as the matcher sees it: the version that arrived, and when."""

from dataclasses import dataclass, replace

from storyline_schemas import Article, Revision
from storyline_schemas.base import to_ms

from ..matching import Encoder, Habits, Profile, profile_of


@dataclass(frozen=True, slots=True)
class Arrival:
    """One version of one article. `cause` is the id of its event."""

    article: Article
    space: str
    cause: str
    at_ms: int
    """The article's time, never later than its record's (see `at_ms_of`)."""
    arrived_ms: int = 0
    """Its record's time, or when its embargo ended; 0 if nobody knows."""

    @property
    def uri(self) -> str:
        return self.article.uri

    @property
    def revision(self) -> Revision:
        return self.article.revision

    @property
    def usable(self) -> bool:
        return self.article.usable

    def profile(self, encoder: Encoder | None = None, habits: Habits | None = None) -> Profile:
        """What matching keeps of it (see `profile_of`). Its time is `at_ms`, or none if the article gives none.

        What its text or address alone dates is no later than `at_ms`, which is then when it came.
        """
        profile = profile_of(self.article, encoder, habits)
        if profile.time_ms is None:
            return profile
        told = self.article.version_created is not None
        return replace(profile, time_ms=self.at_ms if told else min(profile.time_ms, self.at_ms))


def at_ms_of(article: Article, arrived_ms: int) -> int:
    """When it was written, at most when its record was appended, in ms; the latter if the article doesn't say."""
    written = article.first_created or article.version_created
    return arrived_ms if written is None else min(to_ms(written), arrived_ms)
