"""Planning: which sentence leads, which blocks stand under it. Blocks are neighbours in one article, so they cohere.

The constants come from the recipe in thousandths; the comments there say what each was worth.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from storyline_schemas.base import DAY_MS, HOUR_MS

from . import words as w
from .confirming import confirmed
from .dependence import points_back, turns
from .echoing import does_again, opens_again
from .features import LONG_QUOTE_WORDS, Features
from .gate import is_subsequence
from .headings import age_penalty, is_headline, read_heading
from .headlining import dated_before
from .introducing import goes_on, introduced, is_known, names_introduced, points_only_above
from .languages import ARTICLE, DENSE
from .leaning import plainly_goes_on
from .passing import counting_from_today, is_unplaced, unplaced
from .pool import Candidate, Pool
from .spelling import words_as_written
from .states import leaves_open
from .telling import only_talks
from .text import OPENING_POSITION_MAX
from .vocabulary import is_verb, stem_word
from .worth import is_aside, is_of_before, tells_of_harm

BLOCK_SENTENCES_MAX = 3
BLOCK_WORDS_MAX = 85
PLAIN_BLOCK_SENTENCES_MAX, PLAIN_BLOCK_WORDS_MAX = 6, 120
SHORT_WORDS, DENSE_SHORT_WORDS = 11, 8
ANSWER_WORDS = 20
"""More of them for a sentence that says "But" to the one before it."""
GAP_MAX = 3
LINK_MIN = 160
THEME_LINK_MIN = 160
"""For a third sentence that could stand alone: without it, it is another subject, and may open a section of its own."""
STRAY_LINK_MAX, STRAY_CENTRAL_MAX, STRAY_POSITION_MIN = 60, 120, 5
KIN_MIN, KIN_AMONG_MIN = 20, 12
"""How much of a sentence that goes on below another the story's others must hold (`Pool.kinship`), if it has no figure
and tells of no harm: what none of them speaks of is colour, a remark or side matter. And of how many sentences a story
is asked that: of fewer each may well tell what no other does."""
LEAD_POSITION_MAX = 3
LEAD_INERTIA = 120
HAPPENED = 150
"""For a lead that has the verb which most titles have."""
TELLS_TITLE, TELLS_MATTER, TITLE_STEMS_MIN = 300, 150, 4
"""For a lead that tells all of its article's title, which is written last and tells its news, where an article may open
on a scene or on how it came about; the same without the title's verb, which a text may have another word for; and of
how many stems at least."""
CONFIRMED = 200
"""For a sentence that another publisher's article says as well: of two of nearly equal worth it is the better one."""
FORM_SHARE_MIN = 80
"""Of a sentence's content words, in hundredths, that the shorter form has which another article gives of it."""
OPEN_STILL = 150
"""Taken off a lead that leaves open how the matter ended."""
ONLY_TALKS = 300
"""Taken off a lead that says that something was answered, not what."""
SAME_EVENT_INERTIA = 100
"""More of it where the new lead would only tell the same event in other words."""
OF_BEFORE = 250
"""Taken off an anchor that tells of an earlier time: background, which may stand under news, but heads no section."""
AHEAD_MS = 12 * HOUR_MS
"""Of the story's newest article, within which what looks ahead is soon enough."""
OTHER_TODAY = 200
"""Taken off an anchor that says "tomorrow" or "last week" a day or more before the story's newest article."""
ANCHORS_TRIED = 18
ANCHOR_CENTRAL_MIN = 100
NEW_SOURCE = 250
ANSWERS = 200
"""For a sentence that fills a page in which somebody answers: the other side."""
ASIDE = 200
"""Taken off one that is colour or background."""
SWAP_MARGIN = 150
ANCHOR_SCORE_MIN = 350

_LOG2 = (0, 0, 1000, 1585, 2000, 2322, 2585, 2807, 3000)
_BEFORE = frozenset(("previously", "formerly", "born"))
_ANECDOTE = frozenset(["told", "says", "recalled", "recalls", "remembers"])


def can_open(pool: Pool, candidate: Candidate) -> bool:
    """Whether a sentence can open a block: it needs nothing before it, and isn't overtaken or a copy."""
    if candidate.opens is None:
        # What two houses open with needs no sentence before it.
        alone = candidate.support > 1 or _names_its_subject(pool, candidate.features)
        candidate.opens = _is_opening(pool, candidate) or (alone and _stands_alone(pool, candidate.features))
    return candidate.opens and not candidate.stale and not candidate.copies


def stands_below(pool: Pool, candidate: Candidate, section: Sequence[Features], above: Sequence[Candidate]) -> bool:
    """Whether a sentence can stand at the end of a section: alone, or with what that and the page above it say."""
    features = candidate.features
    if not goes_on(pool, features, section):
        return False
    if can_open(pool, candidate):
        return True
    noun = features.bare_noun
    if noun and noun not in pool.title_weights and not any(noun in each.stem_set for each in section):
        return False
    return _may_open(candidate) and not features.dependence and introduced(pool, features, above)


def _is_opening(pool: Pool, candidate: Candidate) -> bool:
    """Whether a sentence is the first of its article, written for readers who know no more than the headline.

    It may be "one of the two" and call an office or a body by its letters; who it names it must introduce all the same.
    """
    features = candidate.features
    if candidate.position or not features.usable or not names_introduced(pool, features, ()):
        return False
    if not pool.english:
        whole = features.sentence_like
        return whole and not plainly_goes_on(features.text, features.tokens, pool.language)
    return not points_back(features.lower, features.text)


def _may_open(candidate: Candidate) -> bool:
    """A cheap look before `can_open`."""
    features = candidate.features
    leans = features.dependence and candidate.position
    return features.usable and not (leans or candidate.stale or candidate.copies)


def _stands_alone(pool: Pool, features: Features) -> bool:
    if not features.usable or features.dependence:
        return False
    if features.bare_noun and features.bare_noun not in (pool.title_weights if pool.english else pool.title_stems):
        return False
    return introduced(pool, features, ())


def _names_its_subject(pool: Pool, features: Features) -> bool:
    """Whether "The ski area is …" opens on something that the titles name; people in office are known."""
    lower = features.lower
    behind = len(lower) > 5 and lower[0] in _BEHIND and lower[1] == "the" and lower[3] == ","
    if behind and features.tokens[2].islower():
        # "Despite the setback, Keira Holm …"
        return lower[2] in _TIME_OF_YEAR or stem_word(lower[2], "en") in pool.title_weights
    if lower[0] != "the" or len(lower) < 5 or not features.tokens[1].islower():
        return True
    if lower[2] == "," and lower[3] in ("a", "an", "who"):
        # "The governor, a farmer, said": of where?
        return stem_word(lower[1], "en") in pool.title_weights
    if lower[2] == "and" and is_verb(lower[4]):
        return any(stem_word(word, "en") in pool.title_weights for word in (lower[1], lower[3]))
    if not is_verb(lower[3]):
        return True
    pair = lower[1:3]
    if not features.tokens[2].islower() or any(not word.isalpha() or word in w.STOP or is_verb(word) for word in pair):
        return True
    return pair[1] in w.ROLE_SPEAKER or any(stem_word(word, "en") in pool.title_weights for word in pair)


_BEHIND = w.PREPOSITION | {"following", "because"}
_TIME_OF_YEAR = frozenset(
    ("past", "week", "month", "year", "winter", "spring", "summer", "autumn", "morning", "evening", "night", "moment")
)


def withholds(pool: Pool, anchor: Candidate, block: Sequence[Candidate]) -> bool:
    """Whether an anchor says that something was answered, and what comes right after it in its article isn't there to
    say what."""
    if not pool.english or not only_talks(anchor.features):
        return False
    return not any(c.n == anchor.n and c.position == anchor.position + 1 for c in block[1:2])


def lead_score(pool: Pool, candidate: Candidate) -> int:
    """How well a sentence says what the story is now, in thousandths."""
    features = candidate.features
    score = 7000 // (10 + 3 * candidate.position) + 9 * candidate.central // 10
    score += 22 * _log2(candidate.support) // 100 - age_penalty(pool.newest_ms - candidate.at_ms)
    score += CONFIRMED if candidate.confirmed else 0
    score += (50 if features.numbers else 0) + (HAPPENED if features.stem_set & pool.event_stems else 0)
    score -= 20 * max(0, features.length - 34) + (250 if _is_short(pool, features) else 0)
    score += own_title(pool, candidate)
    score -= OPEN_STILL if pool.english and leaves_open(candidate) else 0
    score -= ONLY_TALKS if pool.english and only_talks(features) else 0
    # "Jordan had requested the meeting" tells what was before.
    score -= 200 if "had" in features.lower[1:4] or (pool.english and _opens_in_the_past(features.lower)) else 0
    score -= 300 if not _ANECDOTE.isdisjoint(features.tokens) else 0
    score -= (150 if features.background else 0) + (0 if _BEFORE.isdisjoint(features.lower) else 300)
    return score - (100 if features.future else 0) - (200 if features.quote_words >= LONG_QUOTE_WORDS else 0)


def own_title(pool: Pool, candidate: Candidate) -> int:
    """What it is worth in a lead that it tells its article's title (English)."""
    title = pool.cleaned[candidate.n]
    if not pool.english or not is_headline(title, pool.language):
        return 0
    read, held = read_heading(title, pool.language), candidate.features.stem_set
    worth = TELLS_MATTER if read.verbs and read.verbs.isdisjoint(held) else TELLS_TITLE
    return worth * len(read.stem_set & held) // max(TITLE_STEMS_MIN, len(read.stem_set))


def _opens_in_the_past(lower: Sequence[str]) -> bool:
    """Whether what opens on a phrase goes on with what had been: "In a speech in Solmar, Holm had dismissed …"."""
    if lower[0] not in w.PREPOSITION or "had" not in lower or "," not in lower:
        return False
    had = lower.index("had")
    return "," in lower[max(1, had - 4) : had] and not any(is_verb(word) for word in lower[1:had])


def is_of_today(candidate: Candidate) -> bool:
    """Whether a sentence opens its article and tells what happened, not what had happened or has for years."""
    lower = candidate.features.lower
    of_old = "had" in lower[:6] or lower[:2] in _OF_OLD or lower[0] in ("as", "while", "when", "since")
    return candidate.position <= 1 and not of_old and not candidate.features.background


_OF_OLD = frozenset((("in", "recent"), ("for", "years"), ("over", "the"), ("in", "the"), ("for", "decades")))


def can_lead(pool: Pool, candidate: Candidate) -> bool:
    """Whether a sentence may lead: early in its article, standing alone."""
    if candidate.position > LEAD_POSITION_MAX or (candidate.features.bare_noun and candidate.position):
        return False
    if candidate.n in pool.apart or candidate.n in pool.opinions:
        return False
    return can_open(pool, candidate) and points_only_above(pool, candidate, ())


def best_lead(pool: Pool, candidates: Iterable[Candidate]) -> Candidate | None:
    """The best lead among these, if one qualifies."""
    return _best(pool, [candidate for candidate in candidates if can_lead(pool, candidate)])


def best_opening(pool: Pool, candidates: Iterable[Candidate]) -> Candidate | None:
    """The best sentence that can open a block, for a story in which none qualifies to lead."""
    return _best(pool, [candidate for candidate in candidates if can_open(pool, candidate)])


def _best(pool: Pool, able: Sequence[Candidate]) -> Candidate | None:
    return max(able, key=lambda c: (lead_score(pool, c), -c.n, -c.position), default=None)


def anchor_score(pool: Pool, candidate: Candidate) -> int:
    """How much a sentence is worth as the first of a block, in thousandths."""
    if candidate.worth is None:
        candidate.worth = _anchor_score(pool, candidate)
    return candidate.worth


def _anchor_score(pool: Pool, candidate: Candidate) -> int:
    features = candidate.features
    score = 55_000 // (100 + 14 * candidate.position) + 3 * _log2(candidate.support) // 10
    score += 9 * candidate.central // 10 + 50 * min(2, len(features.numbers)) + 30 * min(3, len(features.names))
    score += CONFIRMED if candidate.confirmed else 0
    score -= age_penalty(pool.newest_ms - candidate.at_ms) // 2
    score -= 120 * ((features.quote_words >= LONG_QUOTE_WORDS) + features.background + features.deictic)
    score -= 150 if _is_short(pool, features) else 0
    of_old = pool.english and pool.newest_ms - candidate.at_ms >= DAY_MS
    if is_unplaced(pool, candidate) or (of_old and candidate.rank in counting_from_today(pool.reading_of(candidate.n))):
        score -= OTHER_TODAY
    if features.future:
        score -= 100 if pool.newest_ms - candidate.at_ms < AHEAD_MS else 300
    return score - 25 * max(0, features.length - 32)


def _is_background(pool: Pool, candidate: Candidate) -> bool:
    """Whether a sentence from further down its article tells of a month or a time long before."""
    if not pool.english or candidate.position <= OPENING_POSITION_MAX:
        return False
    return candidate.rank in dated_before(pool.reading_of(candidate.n))


def best_first(pool: Pool, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that are worth a place on a page, the best first; of equal ones that of the earlier article and place."""
    # What wouldn't be worth it even as an answer isn't looked at further.
    able = [c for c in candidates if anchor_score(pool, c) + ANSWERS >= ANCHOR_SCORE_MIN]
    scored = [(anchor_score(pool, c) + beside_place(pool, c), -c.n, -c.position, c) for c in able]
    scored.sort(key=lambda each: each[:3], reverse=True)
    return [candidate for score, _, _, candidate in scored if score >= ANCHOR_SCORE_MIN]


def beside_place(pool: Pool, candidate: Candidate) -> int:
    """What a sentence that fills a page is worth beside place and words."""
    if not pool.english:
        return 0
    if candidate.position > OPENING_POSITION_MAX and is_aside(candidate.features):
        return -ASIDE
    return ANSWERS if pool.is_answer(candidate.features) and not is_of_before(candidate.features) else 0


def on_topic(pool: Pool, candidate: Candidate) -> bool:
    """Whether a sentence, or its article's title, is about what the story's titles are about."""
    if candidate.n in pool.apart:
        return False
    return candidate.central >= ANCHOR_CENTRAL_MIN or pool.title_centrality(candidate.n) >= 300


def extend(
    pool: Pool,
    anchor: Candidate,
    shown: Sequence[Features],
    told: Sequence[Candidate] = (),
    headline: AbstractSet[str] = frozenset(),
) -> list[Candidate]:
    """The block an anchor opens: it and up to two later sentences of its article that go on from there, or three if
    another publisher says the last one, too; each in the form in which another article has it as well. What has no
    place in time goes on only where nothing else does.

    `shown` are the page's sentences, `told` their candidates, `headline` its words in lower case and their stems.
    """
    others = [other for other in told if other.n != anchor.n]
    after = pool.by_part[anchor.n][anchor.rank + 1 :]
    apart = unplaced(pool, anchor.n)
    placed = [candidate for candidate in after if candidate.rank not in apart] if apart else after
    block = _extend(pool, anchor, placed, shown, others, headline)
    if len(block) == 1 and len(placed) < len(after):
        block = _extend(pool, anchor, after, shown, others, headline)
    return [told_by_both(pool, each) for each in block]


def _extend(
    pool: Pool,
    anchor: Candidate,
    after: Sequence[Candidate],
    shown: Sequence[Features],
    others: Sequence[Candidate],
    headline: AbstractSet[str],
) -> list[Candidate]:
    """An anchor with those of the sentences `after` it that go on from there."""
    block = [anchor]
    for candidate in after:
        if candidate.position - block[-1].position > GAP_MAX:
            break
        if not _goes_under(pool, block, candidate, shown, others, headline):
            continue
        # Half of what is said is better than no section, but than a shorter one it isn't.
        answer = answered_by(pool, candidate) if len(block) > 1 else None
        if answer is None or _goes_under(pool, [*block, candidate], answer, shown, others, headline):
            block.append(candidate)
    return block


def told_by_both(pool: Pool, candidate: Candidate) -> Candidate:
    """The shorter form that another article has of a sentence, if it says nearly as much: both then say it.

    The sentence itself where another article says it as it is, or none has such a form.
    """
    if not (pool.confirms and pool.english):
        return candidate
    mine = pool.reading_of(candidate.n)
    forms = []
    for n in pool.parts:
        if n == candidate.n:
            continue
        its = pool.reading_of(n)
        if candidate.rank in confirmed(mine, its, pool.language):
            return candidate
        forms += [pool.by_part[n][rank] for rank in confirmed(its, mine, pool.language)]
    return next((form for form in forms if _is_short_form(form, candidate)), candidate)


def _is_short_form(form: Candidate, whole: Candidate) -> bool:
    short, long = form.features, whole.features
    if form.stale or form.copies or not short.usable or short.dependence > long.dependence:
        return False
    if len(short.content) * 100 < FORM_SHARE_MIN * len(long.content):
        return False
    # "Brandt said" for "Mayor Ida Brandt said" leaves the reader to guess who that is.
    if not set(short.names) <= set(long.names) or not set(short.lone_names) <= set(long.lone_names):
        return False
    return is_subsequence(words_as_written(short.lower), words_as_written(long.lower))


def _goes_under(
    pool: Pool,
    block: Sequence[Candidate],
    candidate: Candidate,
    shown: Sequence[Features],
    others: Sequence[Candidate],
    headline: AbstractSet[str],
) -> bool:
    """Whether a block has room for a later sentence of its article, which goes on from it and says something new."""
    gap = candidate.position - block[-1].position
    limit = BLOCK_SENTENCES_MAX if pool.english else PLAIN_BLOCK_SENTENCES_MAX
    if gap <= 0 or gap > GAP_MAX or len(block) >= limit + candidate.confirmed:
        return False
    features = candidate.features
    more = ANSWER_WORDS if gap == 1 and turns(features.lower) else 0
    longest = BLOCK_WORDS_MAX + more if pool.english else PLAIN_BLOCK_WORDS_MAX
    if sum([c.features.length for c in block]) + features.length > longest:
        return False
    if features.quote_words >= LONG_QUOTE_WORDS and any(c.features.quote_words >= LONG_QUOTE_WORDS for c in block):
        return False
    if _is_beside(pool, features):
        return False
    # What takes longest is asked last.
    if not follows(pool, block, candidate, gap) or pool.tells_again(candidate, others):
        return False
    if does_again(pool, candidate, others) or opens_again(pool, candidate, others):
        return False
    above = (*shown, *(c.features for c in block))
    # What says who it was says again that it was so.
    told = shown if gap == 1 and _says_who(pool, block, features) else above
    return not pool.repeats(features, told) and is_known(pool, candidate, above, headline)


def _is_beside(pool: Pool, features: Features) -> bool:
    """Whether a sentence that stands alone tells of what hardly any other of the story does, without a figure or that
    anybody came to harm (English)."""
    if not pool.english or features.dependence or features.numbers or tells_of_harm(features):
        return False
    return len(pool.candidates) >= KIN_AMONG_MIN and pool.kinship(features) < KIN_MIN


def _says_who(pool: Pool, block: Sequence[Candidate], features: Features) -> bool:
    """Whether a sentence names somebody in full after a block that names nobody: "An officer who died in the fire has
    been named" (English)."""
    return pool.english and _names_person(pool, features) and not any(_names_person(pool, c.features) for c in block)


def _names_person(pool: Pool, features: Features) -> bool:
    return any(len(name) > 1 and name[-1].lower() in pool.persons for name in features.names)


def answered_by(pool: Pool, candidate: Candidate) -> Candidate | None:
    """The sentence right after one in its article that opens with "But", without which it is half of what is said.

    What opens an article is whole without.
    """
    after = pool.by_part[candidate.n][candidate.rank + 1 : candidate.rank + 2]
    if not after or not candidate.position or not pool.english:
        return None
    next_one = after[0].position == candidate.position + 1 and after[0].features.usable and not after[0].stale
    return after[0] if next_one and turns(after[0].features.lower) else None


def follows(pool: Pool, block: Sequence[Candidate], candidate: Candidate, gap: int) -> bool:
    """Whether a later sentence of the same article can stand after the block."""
    features = candidate.features
    if not features.usable or candidate.stale or (features.dependence and gap != 1):
        return False
    if gap > 1 and pool.link(block[-1].features, features) < LINK_MIN:
        return False
    # "The closed session lasted three hours" goes on with what it names. Early in an article neighbours stand together;
    # what that is worth was measured in English alone, where a third sentence must share a theme all the same.
    early = not pool.english and candidate.position <= STRAY_POSITION_MIN
    alone = not features.dependence and not (gap == 1 and (early or _opens_definite(pool, features)))
    if len(block) > 1 and alone and all(pool.link(c.features, features) < THEME_LINK_MIN for c in block):
        return False
    # A neighbour that shares nothing with the block is the next item of a digest, or another subject.
    late = candidate.position > STRAY_POSITION_MIN
    stray = late and not features.dependence and candidate.central < STRAY_CENTRAL_MAX and pool.english
    if stray and all(pool.link(earlier.features, features) < STRAY_LINK_MAX for earlier in block):
        return False
    if features.bare_noun and gap > 1:
        held = any(features.bare_noun in earlier.features.stem_set for earlier in block)
        if not held and features.bare_noun not in pool.title_weights:
            return False
    return introduced(pool, features, block)


def _opens_definite(pool: Pool, features: Features) -> bool:
    articles = _THE if pool.english else ARTICLE.get(pool.language, _THE)
    return features.lower[0] in articles and not features.tokens[1][:1].isupper()


_THE = frozenset(("the",))


def openers(pool: Pool, candidates: Iterable[Candidate]) -> list[tuple[int, Candidate]]:
    """Those that may open a section, with what each is worth."""
    # What takes longest is asked last.
    able = [c for c in candidates if _may_open(c) and on_topic(pool, c) and c.n not in pool.opinions]
    scored = [(anchor_score(pool, c) - (OF_BEFORE if _is_background(pool, c) else 0), c) for c in able]
    enough = ((score, c) for score, c in scored if score >= ANCHOR_SCORE_MIN)
    return [(score, c) for score, c in enough if not is_unplaced(pool, c) and can_open(pool, c)]


def ranked_anchors(pool: Pool, shown: Sequence[Candidate], cited: set[int]) -> list[Candidate]:
    """The best anchors that aren't on the page, those of sources not yet cited helped along."""
    there = {candidate.key for candidate in shown}
    if pool.openers is None:
        pool.openers = openers(pool, pool.candidates)
    ranked = [
        (-score - (NEW_SOURCE if c.n not in cited else 0), c.n, c.position, c)
        for score, c in pool.openers
        if c.key not in there
    ]
    ranked.sort(key=lambda entry: entry[:3])
    return [entry[3] for entry in ranked[:ANCHORS_TRIED]]


def _log2(support: int) -> int:
    return _LOG2[min(support, len(_LOG2) - 1)]


def _is_short(pool: Pool, features: Features) -> bool:
    """Whether a sentence has room for little news; a dense language says as much in fewer words."""
    return features.length < (DENSE_SHORT_WORDS if pool.language in DENSE else SHORT_WORDS) and not _unspaced(pool)


def _unspaced(pool: Pool) -> bool:
    return pool.language in ("zh", "ja", "th", "km", "lo", "my")
