"""What just happened in the present, as headlines have it (English): "Marlow Says", "Board Rejects Plan".

The one change of a word that a heading makes, and only where it is sure: a finite verb of the table in the past, or
behind its "has", with a subject whose number can be told, and nothing else in the clause that leans on its past; the
"would" of who says what he is to do goes with it. `rests_on` knows it again.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from . import words as w
from .gate import is_deletion, is_subsequence
from .naming import TITLE_OF_PERSON
from .predicates import main_verb, second_verb, words_of
from .vocabulary import is_verb, plain

CLAUSES_CACHED_MAX = 10_000

# Verbs of what is said or done before the public: in news told of the day, wherever in an article.
_PUBLIC = w.word_set(
    """accuse acknowledge add admit announce apologise apologize appeal applaud argue assail back blame brand call
    caution cite claim condemn confirm congratulate criticise criticize declare decry defend demand denounce
    deny describe disclose dismiss dispute emphasize endorse explain express hail insist issue label laud mock
    mourn note offer pledge praise predict proclaim promise propose question rebuff rebuke recommend reiterate
    reject report request reveal say slam speak state stress suggest tell thank threaten tout tweet unveil urge
    voice vow warn welcome"""
)
_OTHER = w.word_set(
    """abandon abolish accept accompany address administer adopt advance agree aim allow annex appear appoint apprehend
    approach approve arrest arrive ask assert assume attack attempt attend attract authorise authorize avoid award
    ban beat become begin block boo boost boycott break bring broker build buy campaign cancel capture carry
    castigate cause celebrate certify challenge change charge chide choose circulate clarify clash clear climb close
    collapse collect collide come commend commit complete concede conclude conduct consider contend contest continue
    convict counter cover crash create cross cut damage debate decide decline deepen defeat defy delay deliberate
    deliver demonstrate deploy deport deride destroy detain detect detonate develop devote die discover discuss
    dispatch display document donate double down downplay draft draw drop earn ease echo edge elect eliminate
    embrace emerge enact encourage end endure enter erupt escalate escape establish evacuate evade exchange expand
    expel explode extend extradite face fail fall fight file fill find finish fire flee fly focus follow force free
    fume gain garner gather get give go grant greet grow halt hammer hand head hear help highlight hint hire hit
    hold honor honour host identify ignite ignore implicate impose improve inaugurate include increase indict
    initiate injure insert inspire install instruct intensify intervene interview introduce invade invest
    investigate invite invoke join jump keep kick kill land lash last launch lay lead leak learn leave legalise
    legalize lift liken link lobby lose make march mark meet mobilise mobilize mount move name narrow nix nominate
    obtain open oppose order oust outline overtake overturn owe pardon pass pave pay perform persuade place plan
    play plead plunge portray post postpone pound prepare present press pressure probe produce promote prompt
    protest prove provide publish pull push put raid raise rally ratify reach reaffirm receive reclaim recover
    recruit reduce refrain refuse register reinforce release relent remain remove renew reopen repeal repeat replace
    reroute rescue resign resist resort respond resume retain retire return reverse revise revoke ridicule rip rise
    roar rout rule run save score scrap seal secure see seek seize select sell send sentence serve set settle share
    shed shell shift shock show shut side sign skip skyrocket slow spark spend spill spread stage stand start stay
    step stoke stop storm strike submit subpoena sue suffer summon support surface surge surrender surround survive
    suspend sweep tackle take talk target taunt testify thaw throw tighten topple tour transfer travel trigger
    trounce try tumble turn uncover undergo underscore unleash uphold use verify veto visit vote waive walk want
    watch weather weigh whip win withdraw work wound wreck write"""
)
# Those of the table that double their last letter.
_DOUBLED = w.word_set("admit ban commit drop plan rip scrap skip step stop submit transfer whip")
# Base, past and, if it is another word, participle.
_IRREGULAR_FORMS = """
    beat beat beaten, become became become, begin began begun, break broke broken, bring brought, build built,
    buy bought, choose chose chosen, come came come, cut cut, draw drew drawn, fall fell fallen, fight fought,
    find found, flee fled, fly flew flown, get got, give gave given, go went gone, grow grew grown, hear heard,
    hit hit, hold held, keep kept, lay laid, lead led, leave left, lose lost, make made, meet met, overtake
    overtook overtaken, pay paid, put put, rise rose risen, run ran run, say said, see saw seen, seek sought,
    sell sold, send sent, set set, shed shed, show showed shown, shut shut, speak spoke spoken,
    spend spent, spread spread, stand stood, strike struck, sweep swept, take took taken, tell told, throw threw
    thrown, undergo underwent undergone, uphold upheld, win won, withdraw withdrew withdrawn, write wrote
    written
"""
_IRREGULAR = {base: tuple(forms) for base, *forms in map(str.split, _IRREGULAR_FORMS.split(","))}

# What is done to somebody or something, who is named right behind.
_OF_SOMEBODY = w.word_set(
    """abandon appoint apprehend arrest award ban capture charge convict damage deploy deport destroy detain elect
    evacuate expel extradite find hire hold identify implicate indict injure interview kill name nominate oust
    pardon publish recruit release remove rescue sentence suspend trigger unleash unveil wound"""
)
# What is done for long: "has led", "have supported".
_LASTING = w.word_set(
    """become develop encourage face focus follow get give grow help hold include inspire invest keep lead lose make
    oppose owe pass perform play produce promote prove provide receive refuse register remain run save see serve
    share show spend stand stay suffer support survive take target try turn use want win work write"""
)
# Who speaks of himself in the past of his words: "said he wanted", "said it was ready" tell what is so now.
_STATES = w.word_set(
    """wanted hoped believed thought knew needed planned expected felt supported opposed liked loved feared intended
    understood wished trusted doubted agreed disagreed owned lived deserved belonged preferred considered
    appeared seemed remained looked had stood meant tried want hope believe think know need plan expect feel
    support oppose like fear intend understand wish see have regret mean mind care exist agree"""
)
SUBORDINATE = frozenset(("that", "who", "which", "whose", "where", "how", "why", "what", "when", "as", "while"))
_EVENTS = frozenset(("killed", "injured", "wounded", "arrested", "detained", "shot", "found", "freed", "released"))
_REPORTING = w.word_set(
    """said added announced acknowledged admitted argued claimed confirmed declared denied insisted noted predicted
    reported revealed stated stressed suggested tweeted told vowed warned promised reiterated emphasized
    explained proclaimed pledged"""
)
_OF_PAST = frozenset(("had", "would", "hadn't", "wouldn't", "wasn't", "weren't"))
_LOOKS_AHEAD = frozenset(("warned", "predicted"))
_MAY_FAIL = _LOOKS_AHEAD | {"suggested"}
_LEANS_BACK = w.word_set("and but as while when where before until because once though although if whether or")
_REFUSED = w.word_set(
    """first last once originally initially previously formerly long already never ever often always repeatedly
    frequently usually typically still earlier later since briefly recently also days weeks months years"""
)
_NO_HEAD = (
    w.STOP
    | w.NUMBER_WORD.keys() - {"dozens", "hundreds", "thousands"}
    | w.word_set(
        """number majority group lot list pair couple handful percent cent total series range taliban poor rich injured
        wounded dead elderly disabled young old unemployed media data staff crew personnel clergy youth aircraft fish
        rest part quarter third many few"""
    )
)
_PLURAL = w.word_set(
    """police people men women children dozens hundreds thousands millions officials lawmakers leaders republicans
    democrats witnesses prosecutors soldiers troops protesters ministers critics researchers scientists
    militants rebels lawyers doctors residents authorities investigators senators voters students teachers
    workers israelis iraqis conservatives liberals activists fighters experts analysts supporters opponents
    families relatives firefighters members officers criteria phenomena bacteria alumni cattle jews saudis
    tories parents groups scots"""
)
_ENDS_IN_S = w.word_set("hamas texas paris wales kansas arkansas illinois honduras netherlands philippines")
_NO_PLURAL = w.word_set("news politics series economics athletics headquarters")
_MANY_END = ("ians", "icans", "crats", "eans", "men")
_NOT_MEN = w.word_set("specimen regimen omen abdomen acumen yemen bremen ramen tienanmen tiananmen")
_THE_FRENCH = ("ish", "ese", "nch", "tch", "swiss", "welsh")


def _s_form(base: str) -> str:
    if base[-1] == "y" and base[-2] not in "aeiou":
        return f"{base[:-1]}ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _past(base: str) -> str:
    if base in _DOUBLED:
        return f"{base}{base[-1]}ed"
    if base[-1] == "y" and base[-2] not in "aeiou":
        return f"{base[:-1]}ied"
    return f"{base}d" if base[-1] == "e" else f"{base}ed"


_PASTS = {base: _IRREGULAR.get(base) or (_past(base),) for base in _PUBLIC | _OTHER}
_BASE = {pasts[0]: base for base, pasts in _PASTS.items()}
_BASE_PERFECT = {pasts[-1]: base for base, pasts in _PASTS.items()}
_WAS = {form: pasts for base, pasts in _PASTS.items() for form in (base, _s_form(base))}


def pasts_of(base: str) -> tuple[str, ...]:
    """The past forms of a verb: "hold" → ("held",); by the rule for one that isn't known."""
    return _PASTS.get(base) or _IRREGULAR.get(base) or (_past(base),)


@lru_cache(maxsize=CLAUSES_CACHED_MAX)
def in_present(clause: str, fresh: bool) -> str:
    """A clause with its main verb in the present, if that is sure; else as it is.

    What isn't `fresh` (told first, or with its day) may be of long ago: of that only what is said in public and what
    somebody "has" done change.
    """
    words = words_of(clause)
    at = main_verb(words)
    perfect = at is not None and words[at] in ("has", "have")
    if at is None or not (perfect or words[at] in _BASE):
        return clause
    verb_at = at + perfect
    pieces = clause.split(" ")
    if any(words_of(piece) != [word] for piece, word in zip(pieces[: verb_at + 1], words, strict=False)):
        return clause
    if verb_at + 1 >= len(words):
        return clause
    verb = words[verb_at]
    base = (_BASE_PERFECT if perfect else _BASE).get(verb)
    if base is None or pieces[verb_at] != verb or (not perfect and _hangs_on_subject(base, words[verb_at + 1 :])):
        return clause
    if perfect and (_counts(words[verb_at + 1 : verb_at + 4]) or _goes_on_for(base, words[verb_at + 1 :])):
        return clause
    # "Has pushed" is of these days, unless it goes on for years.
    if not fresh and base not in _PUBLIC and (not perfect or base in _LASTING):
        return clause
    many = words[at] == "have" if perfect else is_of_many(pieces[:at])
    if many is None or not all(map(_is_plain, pieces[:at])) or not _REFUSED.isdisjoint(words[1:at]):
        return clause
    rest, forms = pieces[verb_at + 1 :], _BASE_PERFECT if perfect else _BASE
    second = second_verb(words, at) or 0
    also = forms.get(words[second]) if second and pieces[second] == words[second] else None
    if also is None or _hangs_on_subject(also, words[second + 1 :]):
        told = _in_words_of(verb, rest)
    else:
        there = second - verb_at - 1
        beside, own = _in_words_of(verb, rest[:there]), _in_words_of(words[second], rest[there + 1 :])
        told = None if beside is None or own is None else [*beside, also if many else _s_form(also), *own]
    return clause if told is None else " ".join([*pieces[:at], base if many else _s_form(base), *told])


def past_subject(clause: str) -> str:
    """The last word of who did what a clause tells in the past; empty if it tells of now, what was, or what somebody
    said."""
    words = words_of(clause)
    at = main_verb(words)
    if not at or words[at] not in _BASE or words[at] in w.SPEECH:
        return ""
    pieces = clause.split(" ")
    before = at - 1
    while before and words[before].endswith("ly"):
        before -= 1
    return pieces[before] if before < len(pieces) and words_of(pieces[before]) == [words[before]] else ""


def _in_words_of(verb: str, rest: Sequence[str]) -> list[str] | None:
    """What follows a verb as it reads on behind its present; None if it doesn't."""
    told = _with_will(verb, _without_had(verb, rest))
    return told if _goes_on_alike(verb, words_of(" ".join(told))) else None


def _hangs_on_subject(base: str, rest: Sequence[str]) -> bool:
    """Whether what follows shows that the verb is a participle: "poll released Monday shows Holm ahead". "Denied claims
    of fraud" has a noun there, and a "cut of prices" is none. "Forty injured in crash" has nobody."""
    dated = 1 + next((i for i, word in enumerate(rest[:2]) if word in w.WEEKDAY), -1)
    rest = rest[dated:]
    if not rest or rest[0] in ("by", "of"):
        return bool(rest)
    if base in _OF_SOMEBODY and (rest[0] in w.PREPOSITION or rest[0] in _LEANS_BACK):
        return not rest[1:2] or not rest[1][0].isdigit()  # "released about 3,000 letters"
    noun = rest[0].endswith("s") and rest[1:2] and rest[1] in w.PREPOSITION
    return is_verb(rest[0]) and not noun


def _counts(objects: Sequence[str]) -> bool:
    """Whether "has killed 150 …" follows: the sum of a long time."""
    return objects[0] != "to" and any(map(w.is_number, objects))


def _goes_on_for(base: str, rest: Sequence[str]) -> bool:
    """Whether "has worked for half a century" follows, or "has risen since"."""
    return (base in _LASTING and rest[0] == "for") or "since" in rest


def _is_plain(word: str) -> bool:
    """Whether a word of a subject is no more than that: no mark at its end, nor "they've"."""
    bare = plain(word)
    return bare.translate(_INSIDE_WORDS).isalnum() and not bare.endswith(_CONTRACTED)


_INSIDE_WORDS = str.maketrans("", "", "-'.")
_CONTRACTED = ("'ve", "'d", "'ll", "'re", "'m")


def is_of_many(subject: Sequence[str]) -> bool | None:
    """Whether a subject is of many; None where that can't be told by its words."""
    lower = [word.lower() for word in subject]
    if not subject or not all(map(_is_plain, subject)) or not _REFUSED.isdisjoint(lower[1:]):
        return None
    if not SUBORDINATE.isdisjoint(lower) or any(word != "states" and is_verb(word) for word in lower[1:]):
        return None
    start = 2 if lower[:2] in (["more", "than"], ["at", "least"], ["up", "to"]) else 0
    end = next((i for i, word in enumerate(lower) if i > start and word in w.PREPOSITION), len(lower))
    head, token = lower[end - 1], subject[end - 1]
    if head in _PLURAL or (head.endswith(_MANY_END) and head not in _NOT_MEN):
        return True
    if (
        head.endswith(_THE_FRENCH)
        or head in _NO_HEAD
        or head[0].isdigit()
        or head.endswith("ly")
        or "or" in lower[:end]
    ):
        return None
    united = lower[end - 2 : end - 1] == ["united"]
    ends_in_s = head.endswith("s") and not head.endswith(("ss", "us", "is", "'s", "’s"))
    if "and" in lower[:end]:
        named = not TITLE_OF_PERSON.isdisjoint(word.rstrip(".") for word in lower[lower.index("and") : end])
        return True if named or (ends_in_s and token[0].islower()) else None
    if not ends_in_s or united or head in _ENDS_IN_S or head in _NO_PLURAL:
        return None if head in _NO_PLURAL else False
    if token[0].islower():
        return True
    return False if not TITLE_OF_PERSON.isdisjoint(word.rstrip(".") for word in lower[: end - 1]) else None


def _without_had(verb: str, rest: Sequence[str]) -> list[str]:
    """What follows "said" without the "had" of a verb whose form stays the same: "said it had reached" is "says it
    reached"."""
    if verb not in _REPORTING:
        return list(rest)
    return [
        text
        for i, text in enumerate(rest)
        if not (text == "had" and i + 1 < len(rest) and rest[i + 1] in _BASE and rest[i + 1] in _BASE_PERFECT)
    ]


def _with_will(verb: str, rest: list[str]) -> list[str]:
    """What follows "said" with the "will" of who says what he is to do: "said it would close" is "says it will close".

    Not what would be so in some case, nor, but of an announcement or a vow, what somebody else would do.
    """
    at = rest.index("would") if verb in _REPORTING and rest.count("would") == 1 else 0
    done = next((word for word in rest[at + 1 :] if word != "not"), None)
    if not at or done is None or done in _IN_SOME_CASE:
        return rest
    who = rest[rest[0] == "that" : at]
    own = len(who) == 1 and who[0] in ("he", "she", "it", "they")
    announced = verb in _ANNOUNCES and not any(is_verb(word) for word in who)
    return [*rest[:at], "will", *rest[at + 1 :]] if own or announced else rest


_ANNOUNCES = frozenset(("announced", "vowed", "promised", "pledged"))
_IN_SOME_CASE = w.word_set("have be like love prefer rather need want hope welcome mean seem make never")


def _goes_on_alike(verb: str, rest: Sequence[str]) -> bool:
    """Whether what follows a verb reads on behind its present: no further verb of the same past, nor of words that
    somebody said of what is so now."""
    leans_at = next((i for i, word in enumerate(rest) if word in _LEANS_BACK), len(rest))
    if not _REFUSED.isdisjoint(rest[:1]):
        return False
    return not any(
        _leans_on_past(verb, word, rest[i + 1 : i + 3], leans=i > leans_at, first=i == 0) for i, word in enumerate(rest)
    )


def _leans_on_past(verb: str, word: str, after: Sequence[str], *, leans: bool, first: bool) -> bool:
    """Whether a word behind the verb must stay in the past with it; it `leans` behind an "and" or "while"."""
    if word in _OF_PAST:
        return True
    if word in ("could", "couldn't"):
        return verb not in _MAY_FAIL
    if word in ("was", "were"):
        return leans or _EVENTS.isdisjoint(after[:1])
    if word in ("did", "didn't"):
        carried = [each for each in after if each != "not"]
        return leans or (bool(carried) and carried[0] in _STATES)
    past = word in _BASE or (is_verb(word) and (word.endswith("ed") or word in w.IRREGULAR))
    return past and not first and (leans or verb in _LOOKS_AHEAD or (verb in _REPORTING and word in _STATES))


def rests_on(heading: str, source: str) -> bool:
    """Whether a heading is a deletion of a title or sentence, but for a main verb that it may have in the present."""
    if is_deletion(heading, source):
        return True
    words, there = words_of(heading), words_of(source)
    return any(is_subsequence(was, there) for was in _in_past(words))


def _in_past(words: Sequence[str]) -> Iterator[list[str]]:
    """Words with their main verb in each of its past forms; with its "will", too, as it was."""
    for i, word in enumerate(words):
        if i and word in _WAS and main_verb([*words[:i], "has", *words[i + 1 :]]) == i:
            rest = list(words[i + 1 :])
            second = 1 + next((j for j, each in enumerate(rest) if j and each == "and"), -1)
            also = _WAS.get(rest[second], ()) if 0 < second < len(rest) else ()
            would = ["would" if word == "will" else word for word in rest]
            for past in _WAS[word]:
                yield [*words[:i], past, *rest]
                for kept in (rest, would) if also else ():
                    yield from ([*words[:i], past, *kept[:second], other, *kept[second + 1 :]] for other in also)
                if would != rest and past in _REPORTING:
                    yield [*words[:i], past, *would]
