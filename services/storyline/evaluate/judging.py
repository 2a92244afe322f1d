"""Our own engine with a judge beside it, who knows the labels: was the best story found the right one?"""

from collections import Counter
from collections.abc import Sequence

from storyline_schemas import Article

from ..domain.matching import Decision, Index, MergeDecision
from ..labelled import uri_of
from .calibration import Judged
from .protocol import Row, StreamEngine


class JudgingEngine(StreamEngine):
    """`judged` grows with the decisions that had a candidate. A story is that of the label most of its articles have.

    The labels decide nothing.
    """

    def __init__(self, rows: Sequence[Row], index: Index | None = None) -> None:
        super().__init__(index)
        self.judged: list[Judged] = []
        self._labels = {uri_of(row["id"]): str(row.get("story")) for row in rows}
        self._held: dict[str, Counter[str]] = {}

    def joined(self, article: Article, decision: Decision, story: str) -> None:
        label = self._labels.get(article.uri)
        if label is None:
            return
        best = decision.story_id or decision.runner_up
        if best is not None:
            probability = decision.score if decision.story_id else 1 - decision.score
            [(usual, _)] = self._held[best].most_common(1)
            self.judged.append(Judged(probability, usual == label))
        self._held.setdefault(story, Counter())[label] += 1

    def merged(self, merge: MergeDecision) -> None:
        if merge.loser in self._held:
            self._held[merge.winner] += self._held.pop(merge.loser)
