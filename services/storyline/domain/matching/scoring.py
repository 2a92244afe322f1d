"""From evidence to a probability: hand-set."""

import math

from .evidence import Evidence

CANDIDATES_MAX = 12


def logistic(x: float) -> float:
    """1 / (1 + e⁻ˣ), without overflow."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))


class Scorer:
    def join(self, one: Evidence) -> tuple[float, str]:
        """(probability that the article belongs to the story, which of the cases it was)."""
        score = 0.5 * one.cosine + 0.5 * one.nearest + 0.1 * one.title - 0.03 * math.log1p(max(0.0, one.gap_days - 3))
        if one.with_body:
            return logistic(20 * (score - 0.31)), "body"
        return logistic(20 * (score - 0.20)), "title"

    def merge(self, one: Evidence) -> float:
        """Probability that two stories are one."""
        return logistic(20 * (one.cosine - 0.5))
