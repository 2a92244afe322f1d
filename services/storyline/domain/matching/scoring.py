"""From evidence to a probability: a linear model for each case, similarities never against, distance in time never for.

The weights were learned (logistic loss, sign-constrained, sets weighted by size^0.3) on the decisions of the stream
itself, over the labelled sets and variants of them: titles only, undated, bodies cut short, no titles, thinned out.
Joins are then made a little easier and merges harder (JOIN_EASE, MERGE_CAUTION, in log-odds): a merge can't be
taken back by the articles that follow, a story opened needlessly can still be merged.

`lull`, `title_single` and what they let go of the bias of a join were chosen on all labelled sets together, where each
set gained or stayed: most merges that were wrong put the next event of some people or firm into a story that had ended
days before, and bare titles that share one rare name are often of two events.

Three things weigh more than was learned, because the decisions that are nearly even need them: a missing date and,
between bare titles, the days apart; and two stories of bare titles are merged only if none is nearer by meaning.
Without the last, most of the merges in streams of mixed titles were wrong. A bare title that says the same in other
words joins by its meaning as well, so that fewer stories are opened needlessly and merges can be harder.

`latest_brevity` was chosen the same way, with bodies cut to forty or eighty words or to sixty from anywhere in them: of
what happened each short report tells another part, and many opened a story beside their own. More of it would find more
of them, but put more articles into foreign stories.

What many live stories carry counts for less (see `weighing`), so that a text may join with less in common: the bias of
its join was chosen with that, on the labelled sets, their variants and the invented reports together, and half of what
it gained was given back, for it put two earthquakes of a week into one story.

Two stories of texts are one by what their articles have in common one by one (`linkage`). It tells right merges from
wrong ones better than the cosine of their sums, also on sets it wasn't learned on: sums of some articles on one subject
are alike, whatever happened. With it a lead over the next story says nothing. The bias is what five of six sets choose
for the sixth.

The size of a story is a signal for bare titles only: where there are texts, it would only learn how large the
stories of the sets are. Between stories without a common language, of which the sets have none of more than four
articles, it did: what several had reported in each of two languages stayed apart. There a date and that no other story
is nearer by meaning count for more than was learned.

How stories of bare titles are merged was chosen on half of the stories of a stream of titles and on the other sets
without their texts, dated and undated; the other half, other orders and all of them mixed showed the same. That the
larger story knows the words of the smaller says more than what all their titles have in common: one name that fills the
news had made one story of all that is told of it. Single titles looked at again as the others grew were of no use: half
of those that would have been taken in belonged elsewhere.
"""

import math
from collections.abc import Mapping
from operator import attrgetter, mul

from .evidence import Candidates, Evidence, case_of

CANDIDATES_MAX = 12
"""Stories that are weighed for an article."""
JOIN_EASE = 0.5
MERGE_CAUTION = 0.5
CONTRADICTION = 10.0
"""Log-odds that each contradiction takes from a join: more than all signals can give. Of a merge one is enough."""
MERGE_SMALLER_MAX = 100
"""Of two stories that both have more articles than this neither is merged: it would move too much at once for a
machine to decide. A person still can."""
CERTAINTY = 0.73
"""What log-odds for joining count in a score; those against count whole. The weights alone are too sure of a join:
they were learned on all candidates, and the best of them is right less often than its like. It is learned by
`storyline.training.calibration` and changes no decision."""
MERGE_GAP_DAYS_MAX = 45
"""Stories that have nothing within so many days of each other are never one, whatever their words."""


JOIN: Mapping[str, Mapping[str, float]] = {
    "body": {
        "latest": 6.53, "margin": 3.03, "coverage": 2.13, "gap": -0.596, "lull": -1.0, "dated": 0.605,
        "latest_brevity": 7.0, "bias": -3.1,
    },
    "title": {
        "latest": 2.50, "nearest": 0.99, "cosine": 1.41, "title": 0.816, "margin": 0.971, "title_margin": 0.370,
        "meaning_margin": 2.5, "title_single": -1.5, "coverage": 2.60, "gap": -1.08, "lull": -1.0, "dated": 1.6,
        "log_size": -0.180, "bias": -2.4,
    },
    "language": {
        "cosine": 5.28, "nearest": 0.885, "margin": 3.0, "coverage": 2.75, "meaning": 9.9, "meaning_nearest": 1.3,
        "meaning_margin": 6.35, "gap": -0.558, "lull": -1.0, "dated": 0.7, "latest_brevity": 20.0, "bias": -10.0,
    },
}  # fmt: skip
MERGE: Mapping[str, Mapping[str, float]] = {
    "body": {"linkage": 15.7, "gap": -1.1, "lull": -0.5, "dated": 1.9, "bias": -5.5},
    "title": {
        "cosine": 4.65, "title": 5.0, "title_single": -2.0, "familiarity": 6.0, "margin": 1.14, "meaning": 3.0,
        "meaning_margin": 5.0, "gap": -1.28, "lull": -1.0, "dated": 2.5, "log_smaller": -0.943, "log_larger": 0.137,
        "cosine_log_smaller": 3.14, "bias": -7.7,
    },
    "language": {
        "cosine": 4.787, "title": 1.0, "margin": 2.801, "meaning": 15.5, "meaning_margin": 12.0,
        "gap": -0.778, "lull": -1.0, "dated": 3.0, "bias": -13.3,
    },
}  # fmt: skip


def logistic(log_odds: float) -> float:
    """1 / (1 + e⁻ˣ); arguments beyond ±40 count as ±40."""
    if -40.0 <= log_odds <= 40.0:
        return 1 / (1 + math.exp(-log_odds))
    return 1 / (1 + math.exp(math.copysign(40.0, -log_odds)))


def merge_refused_for(one: Evidence) -> tuple[str, ...]:
    """Why two stories aren't merged however likely they are one; empty if nothing forbids it."""
    size = ("size",) if min(one.size, one.query_size) > MERGE_SMALLER_MAX else ()
    return (*size, *one.contradicting, *one.contradicting_merge)


class Model:
    """A linear model: weights by the name of the signal (an attribute of Evidence), and a bias."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.bias = weights["bias"]
        self.names = tuple(name for name in weights if name != "bias")
        self._weights = tuple(weights[name] for name in self.names)
        self._signals = attrgetter(*self.names)

    def contributions(self, one: Evidence) -> dict[str, float]:
        """What each signal adds to the log-odds."""
        return dict(zip(self.names, map(mul, self._weights, self._signals(one)), strict=True))

    def log_odds(self, one: Evidence) -> float:
        """All of it together, added up in the order of the weights: every machine rounds alike."""
        total = 0.0
        for weight, signal in zip(self._weights, self._signals(one), strict=True):
            total += weight * signal
        return self.bias + total


class Scorer:
    """Judges evidence; the weights can be others (for evaluation)."""

    def __init__(
        self,
        join: Mapping[str, Mapping[str, float]] = JOIN,
        merge: Mapping[str, Mapping[str, float]] = MERGE,
        certainty: float = CERTAINTY,
    ) -> None:
        self._certainty = certainty
        self.models = {case: {**weights, "distance": -CONTRADICTION} for case, weights in join.items()}, merge
        """As `Comparing` takes them."""
        self._join = {case: Model(weights) for case, weights in join.items()}
        self._merge = {case: Model(weights) for case, weights in merge.items()}

    def join(self, one: Evidence) -> tuple[float, str]:
        """(probability that the article belongs to the story, which of the cases it was)."""
        case = case_of(one)
        return self._probability(self._join_log_odds(one, case)), case

    def joins(self, candidates: Candidates) -> list[tuple[float, str, Evidence]]:
        """(probability, case, evidence) of candidates, the likeliest first, of equals the older story.

        The likeliest two are certainly among them. Others are left out if they can't be, whatever speaks for them.
        """
        bounds = [candidates.at_most(at) for at in range(len(candidates))]
        found: list[tuple[float, str, Evidence]] = []
        for at in sorted(range(len(bounds)), key=bounds.__getitem__, reverse=True):
            if len(found) > 1 and self._probability(bounds[at] + JOIN_EASE) < found[1][0]:
                break
            one = candidates.evidence(at)
            found.append((*self.join(one), one))
            found.sort(key=lambda it: (-it[0], it[2].opening))
        return found

    def merges(self, candidates: Candidates) -> list[tuple[float, int, Evidence]]:
        """(probability, number, evidence) of the candidates that are rather one with the story than not."""
        may_be = [at for at in range(len(candidates)) if candidates.at_most(at) >= MERGE_CAUTION]
        judged = [(self.merge(one), at, one) for at in may_be for one in [candidates.evidence(at)]]
        return [each for each in judged if each[0] >= 0.5]

    def why_join(self, one: Evidence) -> dict[str, float]:
        """What each signal adds to the log-odds of `join`; `base` is what they are without any."""
        case = case_of(one)
        model = self._join[case]
        against = {"contradictions": -CONTRADICTION * one.contradictions} if one.contradicting else {}
        gave = {**model.contributions(one), **against, "base": model.bias + JOIN_EASE}
        counts = self._counts(self._join_log_odds(one, case))
        return {name: added * counts for name, added in gave.items()}

    def _join_log_odds(self, one: Evidence, case: str) -> float:
        return self._join[case].log_odds(one) + JOIN_EASE - CONTRADICTION * one.contradictions

    def _probability(self, log_odds: float) -> float:
        return logistic(log_odds * self._counts(log_odds))

    def _counts(self, log_odds: float) -> float:
        return self._certainty if log_odds > 0 else 1.0

    def merge(self, one: Evidence) -> float:
        """Probability that two stories are one, as their words have it; `merge_refused_for` may still forbid it."""
        if one.dated and one.gap_days > MERGE_GAP_DAYS_MAX:
            return 0.0
        return logistic(self._merge[case_of(one)].log_odds(one) - MERGE_CAUTION)
