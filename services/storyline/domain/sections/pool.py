"""The pool: the sentences a page may be made of, with what the story as a whole says about each.

All weights are whole thousandths, so that sums are the same in any order on any machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from storyline_schemas import Part
from storyline_schemas.base import DAY_MS, HOUR_MS

from . import words as w
from .features import Features, content_of, quotations
from .languages import DENIAL, STOP
from .naming import TITLE_OF_PERSON
from .reading import Reading
from .vocabulary import time_stems
from .worth import answers

ONE_EVENT = 160
SAME_PEOPLE = 300
OPENINGS = 190
EVENT_POSITION_MAX = 2
"""Of one of two leads of an event."""
CORE_OF_EVENT = 120
LEAD_SHARE, SAME_DAY_MS = 550, 20 * HOUR_MS
LEADS_ADD_LITTLE = 360
"""Of the titles' weight, that two leads of a day share of which one is no addition to the other."""
LEAD_SHARE_LESS, LEADS_ALIKE, CORE_OF_LEADS = 460, 100, 50
"""Of the titles' weight, that two leads of a day share who tell the same; with less, how much beside."""
SAME_COUNT, SAME_LARGE_COUNT = 120, 180
SAME_FACT = 460
REPEATS = 350
"""Redundancy (thousandths) from which two sentences say the same, and from which one may not stand beside the other."""
CLOSE = 240
"""From which one may not stand beside the other if they also share what is told, see `Pool.same`."""
TOLD_WEIGHT, RARE_WEIGHT, SPECIFIC = 250, 600, 500
NEW_ALONE, NEW_ALONE_ELSEWHERE, NEW_TOGETHER = 240, 215, 375
"""Redundancy with any sentence (in English, where `echoing` asks more; elsewhere), and the share of its weight that all
of them hold (thousandths), from which a sentence brings too little to fill a page."""
IN_PARTS, PART = 600, 180
"""Of what a sentence weighs (thousandths), what two others must say of it together, and each at least."""
ELSEWHERE, COUNTED_ELSEWHERE = 310, 170
"""Redundancy from which a sentence of another article may not stand beside one, and if they also count the same."""
QUOTED_WORDS_MIN, QUOTED, QUOTED_CORE = 4, 130, 120
"""Of a quotation that is told in other words beside it: its length, how much the two sentences share, and of what they
say beside names."""
OPEN_ALIKE, CORE_OF_OPENINGS = 170, 100
EARLY_POSITION_MAX, EARLY_CENTRAL_MIN, EARLY_ALIKE = 3, 300, 200


_SHORT_OF_BODY = frozenset(("news", "post", "times", "university", "college", "state", "city", "county", "house"))
"""Behind a name that alone may stand for the whole: "Fox" of "Fox News"."""


@dataclass(slots=True)
class Candidate:
    """One sentence of one live article. `central` is the share of the story's title weight it carries (thousandths)."""

    n: int
    position: int
    rank: int
    """0 for the first sentence kept of its article, 1 for the second, …"""
    features: Features
    at_ms: int
    publisher: str
    copies: bool
    central: int = 0
    publishers: set[str] | None = None
    """Those that report it, if more than its own do."""
    confirmed: bool = False
    """Whether another publisher's article says it as well, in the gate's sense."""
    stale: bool = False
    opens: bool | None = None
    """Whether it stands alone; kept by `blocks.can_open`."""
    worth: int | None = None
    """As the first of a block; kept by `blocks.anchor_score`."""

    @property
    def text(self) -> str:
        return self.features.text

    @property
    def support(self) -> int:
        """How many publishers report it."""
        return len(self.publishers) if self.publishers else 1

    @property
    def key(self) -> tuple[int, int]:
        return (self.n, self.position)


@dataclass(slots=True)
class Pool:
    """The candidates by article, and the story's weights."""

    language: str
    parts: dict[int, Part]
    candidates: list[Candidate]
    by_part: dict[int, list[Candidate]]
    titles: dict[int, Features]
    cleaned: dict[int, str]
    """The headlines as they may be shown, see `titles.clean_title`."""
    weights: dict[str, int]
    title_weights: dict[str, int]
    newest_ms: int
    common_names: frozenset[str]
    """Lower-case last words of names in at least half the articles, of which a bare surname needs no introduction."""
    surnames: frozenset[str]
    persons: frozenset[str] = frozenset()
    """Those of `surnames` that may be people's."""
    titled: frozenset[str] = frozenset()
    """Lower-case words of titles: whom they name so needs no introduction."""
    title_people: frozenset[str] = frozenset()
    """Lower-case last words of the names of people whom half of the titles, and of the articles, name."""
    event_stems: frozenset[str] = frozenset()
    """Stems of the verbs that half of the titles (and two) have: what happened."""
    readings: Sequence[Reading] = ()
    """Those of `parts`."""
    apart: frozenset[int] = frozenset()
    """The articles that share hardly a word with what the others are about: background, or put here by mistake."""
    opinions: frozenset[int] = frozenset()
    """The columns and editorials, where another article tells the news."""
    openers: list[tuple[int, Candidate]] | None = None
    """(score, candidate) of those that may open a block; made by `blocks.ranked_anchors` once stale ones are marked."""
    common_words: frozenset[str] | None = None
    """Lower-case words of names in at least half of the articles; made by `states` once."""
    title_total: int = 0
    title_stems: frozenset[str] = frozenset()
    """Those of all titles."""
    states: dict[int, frozenset[int]] | None = None
    """For each article the places (`rank`) of its sentences that hold a state or look ahead; made by `states` once."""
    confirms: bool = False
    """Whether any candidate is `confirmed`."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """In how many sentences each stem is."""
    english: bool = field(init=False)
    _alone: dict[str, bool] = field(default_factory=dict)
    _readings: dict[int, Reading] = field(default_factory=dict)
    _title_central: dict[int, int] = field(default_factory=dict)
    _heavy: dict[str, int] = field(default_factory=dict)
    _core_heavy: dict[str, int] = field(default_factory=dict)
    _redundant: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.english = self.language in ("en", "und")

    @property
    def telling(self) -> bool:
        """Whether it is known which words of the language tell something, so that repeats in other words are found."""
        return self.english or self.language in STOP

    def find(self, text: str, n: int) -> Candidate | None:
        """The candidate of article `n` that reads `text`."""
        return next((candidate for candidate in self.by_part.get(n, ()) if candidate.text == text), None)

    def reading_of(self, n: int) -> Reading:
        """That of an article."""
        if not self._readings:
            self._readings.update(zip(self.parts, self.readings, strict=True))
        return self._readings[n]

    def shared(self, a: Features, b: Features) -> int:
        """Weight of the stems both have."""
        return self.sum_of(a.stem_set & b.stem_set)

    def weight(self, features: Features) -> int:
        known = self._heavy.get(features.text)
        if known is None:
            known = self._heavy[features.text] = self.sum_of(features.stems)
        return known

    def _core_weight(self, features: Features) -> int:
        known = self._core_heavy.get(features.text)
        if known is None:
            known = self._core_heavy[features.text] = self.sum_of(features.core)
        return known

    def kinship(self, features: Features) -> int:
        """How much of what a sentence weighs the story's other sentences hold, on average, in thousandths."""
        held = sum([self.weights[stem] * (self.counts.get(stem, 1) - 1) for stem in features.stems])
        return 1000 * held // max(1, self.weight(features) * len(self.candidates))

    def sum_of(self, stems: Iterable[str]) -> int:
        """The weight of some stems together."""
        return sum(map(self.weights.__getitem__, stems))

    def redundancy(self, a: Features, b: Features) -> int:
        """How much two sentences say the same, in thousandths: 60 % weighted containment, 40 % weighted Dice.

        The same number of the same thing adds 120, one of two digits or more 180 whatever it counts; numbers that
        differ altogether take 50 off.
        """
        # Of two sentences of a story most share nothing, and the masks tell.
        if not a.mask & b.mask and a.text != b.text:
            return 0
        key = (a.text, b.text) if a.text < b.text else (b.text, a.text)
        known = self._redundant.get(key)
        if known is None:
            known = self._redundant[key] = self._redundancy(a, b)
        return known

    def _redundancy(self, a: Features, b: Features) -> int:
        if a.text == b.text:
            return 1000
        shared = self.shared(a, b)
        if not shared:
            return 0
        left, right = self.weight(a), self.weight(b)
        value = 600 * shared // max(1, min(left, right)) + 800 * shared // (left + right)
        if a.numbers and b.numbers:
            value += _same_count(a.numbers, b.numbers)
        if value > SAME_PEOPLE and not self._same_core(a, b):
            return SAME_PEOPLE
        return max(0, value)

    def alike(self, a: Features, b: Features, redundancy: int, core: int) -> bool:
        """Whether two sentences share so much of all they say, and of what they say beside names."""
        return self.redundancy(a, b) >= redundancy and self._same_core(a, b, core)

    def _same_core(self, a: Features, b: Features, share: int = 150) -> bool:
        """Whether that share (thousandths) of what they say beside names is shared: two on the same people needn't be
        one fact."""
        least = min(self._core_weight(a), self._core_weight(b))
        return 1000 * self.sum_of(a.core & b.core) >= share * least > 0

    def link(self, a: Features, b: Features) -> int:
        """How far two sentences are about the same, in thousandths of the lighter one."""
        return 1000 * self.shared(a, b) // max(1, min(self.weight(a), self.weight(b)))

    def specific_link(self, a: Features, b: Features) -> int:
        """The link if at least three telling stems outside the topic are shared (or two and a full name), else 0."""
        shared = a.stem_set & b.stem_set
        if len(shared) < 2:
            return 0
        telling = len([stem for stem in shared if stem not in self.title_weights and self.weights[stem] >= SPECIFIC])
        if telling < 2:
            return 0
        full = telling > 2 or {name for name in a.names if len(name) > 1} & {name for name in b.names if len(name) > 1}
        return self.link(a, b) if full else 0

    def near(self, a: Candidate, b: Candidate) -> bool:
        """A cheap look before `redundancy`: at least a third of the shorter one's stems are shared."""
        return near(a.features, b.features)

    def repeats(self, candidate: Features, shown: Iterable[Features]) -> bool:
        """Whether something shown already says it."""
        return any(self.same(candidate, other) for other in shown)

    def told_in_parts(self, candidate: Features, shown: Iterable[Features]) -> bool:
        """Whether two sentences that are shown say together most of what a third would say."""
        if not self.telling:
            return False
        others = [other for other in shown if near(candidate, other)]
        if len(others) < 2:
            return False
        held = [candidate.stem_set & other.stem_set for other in others]
        most = max(held, key=self.sum_of)
        rest = max((self.sum_of(each - most) for each in held), default=0)
        both = self.sum_of(most) + rest
        least = min(self.sum_of(most), rest)
        return 1000 * both >= IN_PARTS * self.weight(candidate) and 1000 * least >= PART * self.weight(candidate)

    def is_new(self, candidate: Features, shown: Sequence[Features]) -> bool:
        """Whether what is shown holds little of what a sentence says, each alone and all together: for one that nobody
        misses, where `repeats` asks whether one may stand."""
        most = NEW_ALONE if self.english else NEW_ALONE_ELSEWHERE
        if any(self.redundancy(candidate, other) >= most for other in shown):
            return False
        held = candidate.stem_set & frozenset().union(*(other.stem_set for other in shown))
        return 1000 * self.sum_of(held) < NEW_TOGETHER * self.weight(candidate)

    def same(self, a: Features, b: Features) -> bool:
        """Whether two sentences may not stand on one page, for one says what the other does."""
        if (not a.negations) != (not b.negations) and (denies(a) or denies(b)):
            return False
        value = self.redundancy(a, b)
        if value >= REPEATS or (value >= CLOSE and self.telling and self._tell_alike(a, b)):
            return True
        return self.english and value >= QUOTED and self._quotes(a, b)

    def _quotes(self, a: Features, b: Features) -> bool:
        """Whether one quotes what the other tells: more than half of the quotation's words beside names."""
        pairs = [(one, other) for one, other in ((a, b), (b, a)) if one.quote_words >= QUOTED_WORDS_MIN]
        if not pairs or bool(a.negations) != bool(b.negations) or not self._same_core(a, b, QUOTED_CORE):
            return False
        for one, other in pairs:
            stems = {stem for quotation in quotations(one.text) for stem in content_of(quotation, self.language)}
            said = stems & one.core
            told = said & other.core
            if len(told) > 1 and 2 * len(told) > len(said):
                return True
        return False

    def _tell_alike(self, a: Features, b: Features) -> bool:
        """Whether they share three telling words beside names; or two, and a name; or a rare one, and three names."""
        shared = a.stem_set & b.stem_set
        named = shared & (a.name_stems | b.name_stems)
        weights = [
            self.weights[stem] for stem in shared - named - time_stems(self.language) - self.title_weights.keys()
        ]
        telling = len([weight for weight in weights if weight >= TOLD_WEIGHT])
        if telling > 2 or (telling == 2 and named):
            return True
        return len(named) > 2 and max(weights, default=0) >= RARE_WEIGHT

    def opens_alike(self, a: Candidate, shown: Iterable[Candidate]) -> bool:
        """Whether an article of the same day opens with much the same: words differ more there than elsewhere."""
        return self.telling and a.position <= EARLY_POSITION_MAX and any(self._opens_alike(a, b) for b in shown)

    def _opens_alike(self, a: Candidate, b: Candidate) -> bool:
        later = max(a.position, b.position)
        if later > EARLY_POSITION_MAX or a.n == b.n or abs(a.at_ms - b.at_ms) > DAY_MS:
            return False
        if later > 1 and min(a.central, b.central) < EARLY_CENTRAL_MIN:
            return False
        alike = self.redundancy(a.features, b.features) >= (OPEN_ALIKE if later <= 1 else EARLY_ALIKE)
        return alike and self._same_core(a.features, b.features, CORE_OF_OPENINGS)

    def known_alone(self, surname: str) -> bool:
        """Whether a person of that surname (lower case) needs no first name: titles and half of the articles know him
        so, and the story has no other of that name, nor a body ("Fox News")."""
        known = self._alone.get(surname)
        if known is None:
            known = self._alone[surname] = (
                surname in self.titled & self.persons
                and (len(self.parts) == 1 or surname in self.common_names)
                and self._one_of_that_name(surname)
            )
        return known

    def _one_of_that_name(self, surname: str) -> bool:
        pairs = frozenset().union(*(reading.full_names for reading in self.readings))
        first = {before for before, last in pairs if last == surname and len(before) > 2}
        return len(first - TITLE_OF_PERSON) < 2 and not any(
            before == surname and after in _SHORT_OF_BODY for before, after in pairs
        )

    def same_event(self, a: Candidate, b: Candidate) -> bool:
        """Whether two sentences are leads of one event: early in their articles, both on the story's subject and on
        the same side of it, at most a day apart. Their words may differ more than those of other repeats."""
        if (
            min(a.position, b.position) > EVENT_POSITION_MAX
            or abs(a.at_ms - b.at_ms) > DAY_MS
            or min(a.central, b.central) < 200
        ):
            return False
        shared = a.features.stem_set & b.features.stem_set
        both = sum(weight for stem, weight in self.title_weights.items() if stem in shared)
        both = 1000 * both // max(1, self.title_total)
        if min(a.central, b.central) >= 400 and 10 * both >= 6 * max(a.central, b.central):
            return True
        openings = max(a.position, b.position) <= 1 and self.redundancy(a.features, b.features) >= OPENINGS
        return openings and 10 * both >= 6 * min(a.central, b.central) and 4 * both >= max(a.central, b.central)

    def _same_lead(self, a: Candidate, b: Candidate) -> bool:
        """Whether two articles of a day open with much of what the story is about, in whatever words; with less
        of it, if they share a little beside."""
        share = self._shared_of_titles(a, b)
        return share >= LEAD_SHARE or (
            share >= LEAD_SHARE_LESS
            and not self._answers_alone(a, b)
            and self.redundancy(a.features, b.features) >= LEADS_ALIKE
            and self._same_core(a.features, b.features, CORE_OF_LEADS)
        )

    def leads_alike(self, a: Candidate, b: Candidate) -> bool:
        """Whether two articles of a day open on the same matter, so that one's opening hardly adds to the other's."""
        return self._shared_of_titles(a, b) >= LEADS_ADD_LITTLE and not self._answers_alone(a, b)

    def _answers_alone(self, a: Candidate, b: Candidate) -> bool:
        """Whether one of two openings tells the other side: it does so in the words of what it answers."""
        return self.is_answer(a.features) != self.is_answer(b.features)

    def is_answer(self, features: Features) -> bool:
        """Whether a sentence tells the other side (English)."""
        return self.english and answers(features)

    def _shared_of_titles(self, a: Candidate, b: Candidate) -> int:
        """The share of the titles' weight (thousandths) that the openings of two articles of a day have both; 0 for any
        other two sentences."""
        if max(a.position, b.position) > 1 or abs(a.at_ms - b.at_ms) >= SAME_DAY_MS or a.n == b.n:
            return 0
        shared = a.features.stem_set & b.features.stem_set
        both = sum(weight for stem, weight in self.title_weights.items() if stem in shared)
        return 1000 * both // max(1, self.title_total)

    def tells_again(self, candidate: Candidate, shown: Iterable[Candidate]) -> bool:
        """Whether an anchor is another lead of an event that is already told."""
        shown = [c for c in shown if self.english or not _counts_anew(candidate.features, c.features)]
        # Both are asked only of what opens an article: of `candidate`, or else of those it is compared with.
        opens = (
            shown
            if candidate.position <= EVENT_POSITION_MAX
            else [c for c in shown if c.position <= EVENT_POSITION_MAX]
        )
        again = any(self._same_lead(candidate, other) or self._tells(candidate, other) for other in opens)
        return again or self.opens_alike(candidate, shown) or self._told_elsewhere(candidate, shown)

    def _told_elsewhere(self, candidate: Candidate, shown: Iterable[Candidate]) -> bool:
        """Whether another article says much the same; two sentences of one may go on from each other (English)."""
        if not self.english:
            return False
        features = candidate.features
        for other in shown:
            if other.n != candidate.n and near(features, other.features) and self._alike(features, other.features):
                return True
        return False

    def _alike(self, a: Features, b: Features) -> bool:
        if denies(a) != denies(b):
            return False
        value = self.redundancy(a, b)
        return value >= ELSEWHERE or (value >= COUNTED_ELSEWHERE and self._count_alike(a, b))

    def _count_alike(self, a: Features, b: Features) -> bool:
        """Whether they have the same count of what both name, no small one nor of days, and another rare word."""
        times = time_stems(self.language)
        if not any(
            value == other
            and value not in _SMALL_COUNTS
            and not {noun, its} & times
            and (noun in b.core or its in a.core)
            for value, noun in a.numbers
            for other, its in b.numbers
        ):
            return False
        shared = (a.core & b.core) - times - self.title_weights.keys()
        return any(self.weights[stem] >= RARE_WEIGHT and not stem[0].isdigit() for stem in shared)

    def _tells(self, a: Candidate, b: Candidate) -> bool:
        if not self.same_event(a, b) or self.redundancy(a.features, b.features) < ONE_EVENT:
            return False
        return self._same_core(a.features, b.features, CORE_OF_EVENT)

    def title_centrality(self, n: int) -> int:
        """That of an article's title."""
        known = self._title_central.get(n)
        if known is None:
            known = self._title_central[n] = self.centrality(self.titles[n])
        return known

    def centrality(self, features: Features) -> int:
        """The share of the weight of the story's titles that a sentence carries, in thousandths."""
        held = features.stem_set
        found = sum([weight for stem, weight in self.title_weights.items() if stem in held])
        return 1000 * found // self.title_total if self.title_total else 0


def _same_count(a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]]) -> int:
    values = {value for value, _ in b}
    if any(value in values and len(value) > 1 and value[0].isdigit() for value, _ in a):
        return SAME_LARGE_COUNT
    return SAME_COUNT if any(number in b for number in a) else -50


def _counts_anew(a: Features, b: Features) -> bool:
    """Whether a sentence counts something and the other one nothing at all: that is its news."""
    return bool(a.numbers) and not b.numbers


_SMALL_COUNTS = frozenset(("1", "2", "3", "half", "dozens", "hundreds", "thousands"))


class Weights(dict[str, int]):
    """Stem → weight in thousandths; a stem that no candidate has is rare."""

    def __missing__(self, stem: str) -> int:
        return 1000


def denies(features: Features) -> bool:
    """Whether a sentence says that something isn't so."""
    return not _DENIALS.isdisjoint(features.negations)


_DENIALS = w.DENIAL.union(*DENIAL.values())


def near(a: Features, b: Features) -> bool:
    """A cheap look before `redundancy`: at least a third of the shorter one's stems are shared."""
    least = min(len(a.stems), len(b.stems))
    # What the masks share bounds what the sentences can.
    if ((a.mask & b.mask).bit_count() + a.doubles) * 3 < least:
        return False
    return len(a.stem_set & b.stem_set) * 3 >= least
