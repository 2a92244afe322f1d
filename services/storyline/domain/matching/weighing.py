"""What many live stories carry says less of an article: "Airbus" in a month of Airbus, the name of an invented country.

The prior of `words` knows what is rare in general writing of a language; here the live stories count as documents
beside it (the idf of an incremental TF-IDF; Yang, Pierce and Carbonell 1998). Weights only ever sink:

    idf' = ln((N + 1 + L·n) / (df₀ + .5 + L·max(0, df − 1))),   L = LIVE_DOCUMENTS

of n live stories, df of which carry the term: one of them may be the article's own. An article is weighed once, when it
is placed, and its story keeps it so: what is told of a decision later is what decided.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import replace

from .profile import Profile
from .reading import RARITY_SCALE, SCALE
from .words import DOCUMENTS

LIVE_DOCUMENTS = 10
"""Documents that a live story counts as: several articles, of one stream, in which words are rarer or more common than
in general writing."""
_EXPECTED = [(DOCUMENTS + 1) / math.exp(rarity / RARITY_SCALE) for rarity in range(256)]
"""Documents that carry a term, and .5, by its idf."""


def weighed(profile: Profile, carried: Sequence[int], stories: int) -> Profile:
    """The profile, its terms weighed among so many live stories, of which `carried` says how many have each."""
    if max(carried, default=0) < 2:
        return replace(profile, rarities=b"")
    documents = math.log(DOCUMENTS + 1 + LIVE_DOCUMENTS * stories)
    weights, square = [], 0.0
    for weight, rarity, count in zip(
        struct.unpack(f"<{len(carried)}H", profile.weights), profile.rarities, carried, strict=True
    ):
        if count > 1:
            share = (documents - math.log(_EXPECTED[rarity] + LIVE_DOCUMENTS * (count - 1))) * RARITY_SCALE / rarity
            weight *= min(1.0, share)
        weights.append(weight)
        square += weight * weight
    unit = SCALE / math.sqrt(square)
    scaled = [round(weight * unit) or 1 for weight in weights]
    return replace(profile, weights=struct.pack(f"<{len(scaled)}H", *scaled), rarities=b"")
