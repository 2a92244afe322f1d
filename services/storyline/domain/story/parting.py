"""Whether a story looks like two: looked at when it has grown, and told until a person has decided."""

from collections.abc import Sequence

from storyline_schemas import Part, SplitProposal

from ..matching import Profile
from ..matching.index import grows_past_check
from ..matching.parting import parting_of


def split_proposal(
    before: SplitProposal | None, articles_before: int, live: Sequence[Part], pinned: bool
) -> SplitProposal | None:
    """What is proposed now, given what was; nothing for a pinned story: somebody has looked and wants it whole."""
    if pinned:
        return None
    if any(grows_past_check(size) for size in range(articles_before + 1, len(live) + 1)):
        return _looked_at(live)
    numbers = {part.n for part in live}
    if before is None or not (numbers & set(before.first) and numbers & set(before.second)):
        return None
    return before


def _looked_at(live: Sequence[Part]) -> SplitProposal | None:
    told = [(part.n, part.profile) for part in sorted(live, key=lambda one: one.placement) if part.n and part.profile]
    try:
        parting = parting_of([Profile.from_json(profile) for _, profile in told])
    except ValueError:  # of another version's format: it comes back as the articles are made anew
        return None
    if parting is None:
        return None
    first, second = [tuple(sorted(told[at][0] for at in group)) for group in (parting.first, parting.second)]
    days = parting.days_apart
    return SplitProposal(
        first=first, second=second, across=round(parting.across, 3), within=round(parting.within, 3),
        days_apart=None if days is None else round(days, 1),
    )  # fmt: skip
