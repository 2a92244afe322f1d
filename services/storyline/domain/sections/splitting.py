"""Where the splitter took an abbreviation, an ordinal or a name for a sentence's end (other languages than English)."""

import re
from itertools import pairwise

from .words import word_set

# Abbreviations that a name, a number or more of the sentence follows, without their last full stop. What ends in one
# letter is none of these: an initial never ends a sentence here.
_ABBREVIATIONS = {
    "cs": word_set("prof dr ing mgr bc mudr judr phdr doc gen plk sv st č čp ul nám např tzv tj cca hod"),
    "da": word_set("hr fr dr prof st kl nr ca bl.a f.eks dvs m.fl mio mia tlf adv"),
    "de": word_set(
        """dr prof hr fr st nr ca bzw evtl geb gest ggf inkl sog vgl abs dipl ing str tel u.a z.b d.h i.d.r kap mio mrd
        jh hrsg jun sen rd zzgl"""
    ),
    "es": word_set(
        """sr sra srta sres sras dr dra dres prof gral cnel cap tte ing lic arq d dña mons sto sta fr pág núm art av
        avda ee gob ud uds"""
    ),
    "fi": word_set("prof dos toim esim mm ns klo nro kpl ko em ts mrd milj n"),
    "fr": word_set("mm mme mmes mlle me mgr dr pr st ste env av bd boul cf"),
    "it": word_set(
        """sig sigg sig.ra dott dott.ssa prof prof.ssa avv ing geom rag arch on sen gen col cap ten mar mons art nr pag
        f.lli cav"""
    ),
    "nl": word_set("dhr mevr mw mr mrs dr drs ir ing prof ds st nr ca bijv resp jl blz o.a m.n gen kol"),
    "no": word_set("hr fr dr prof st kl nr ca bl.a f.eks dvs m.fl tlf adv"),
    "pl": word_set(
        """prof dr hab inż mgr lek ks św gen płk ppłk mjr kpt por sierż insp asp red ul al pl os nr art ust ok tzw tzn
        m.in np godz tel im woj pow"""
    ),
    "pt": word_set("sr sra srs sras dr dra drs prof profa eng gen cel cap ten sgt d sto sta av art núm pág tel exmo"),
    "ru": word_set(
        """г гг ст ч п пп им ул пл пр просп пер корп кв стр св проф акад доц ген гр тов гл ред пос дер адм напр т.е т.н
        т.к"""
    ),
    "sv": word_set("hr fr dr prof st kl nr ca bl.a t.ex dvs m.fl s.k tel adv"),
    "uk": word_set("р рр ч п пп ім вул пл пр просп пров корп кв св проф акад доц ген гр ст напр т.зв"),
}
_ABBREVIATIONS |= {"nb": _ABBREVIATIONS["no"], "nn": _ABBREVIATIONS["no"]}

# What the splitter takes for an abbreviation though it ends a sentence before a capital: "una settimana fa. Il porto".
_ENDS_ALL_THE_SAME = {
    language: re.compile(rf"(?<![\w.])(?:{words})\. (?=[«„“\"]?[A-ZÀ-ÞА-ЯЁЄІЇҐ])")
    for language, words in {"da": "to", "it": "fa|via", "ru": "руб|тыс|млн|млрд", "uk": "грн|тис|млн|млрд"}.items()
}
_LAST_WORD = re.compile(r"(?<![\w.])([^\W\d_][\w.]*)\.$")
# One letter with its full stop, but not the last of several ("U.S."), after which a sentence may end.
_INITIAL = re.compile(r"(?<![\w.])[^\W\d_]\.$")
_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_NUMBER_ALONE = re.compile(r"^\W*\d{1,3}\.$")
# "der 18. | Minute": in German a noun in capitals follows, so that it takes the article to tell.
_GERMAN_ORDINAL = re.compile(
    r"(?:\b(?:de[rmns]|die|das|am|[ibvz](?:ei|o)?m|zu[mr]|ein(?:e[mnrs]?)?|ihre?[mnrs]?|seine?[mnrs]?|und|oder|bis|seit|ab"
    r"|jede[mnrs]?) \d{1,2}\.)$",
    re.I,
)
_MONTH_GERMAN = re.compile(r"(?:Jän|Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sept|Okt|Nov|Dez)[a-zä]*\b")
# "— Да, — | — сказал он", "– Ja. | – sier han".
_SPEAKER = re.compile(r"^[–—―-]\s*[^\W\d_A-ZÀ-Þ]")
# After a real end without a space: "Квебека.В составе".
_GLUED_END, _GLUED_START = re.compile(r"[^\W\d_]{2}[.!?]$"), re.compile(r"([^\W\d_])([^\W\d_]*)")
_SITES = frozenset(("ru", "com", "net", "org", "info", "su", "ua", "by", "kz", "tv"))


def parted(piece: str, language: str) -> list[str]:
    """A piece at the ends that the splitter took for abbreviations, but not within quotation marks."""
    ends = _ENDS_ALL_THE_SAME.get(language)
    found = [match.end() for match in ends.finditer(piece)] if ends is not None else []
    cuts = [
        at for at in found if piece.count("«", 0, at) == piece.count("»", 0, at) and not piece.count('"', 0, at) % 2
    ]
    return [piece[start:end] for start, end in pairwise([0, *cuts, len(piece)])]


def goes_on(before: str, piece: str, language: str) -> bool:
    """Whether two pieces are one sentence: the first ends in what ends none, or the second begins as no sentence does.

    `before` has its space, if there is one; `language` is a primary subtag.
    """
    ended = before.rstrip()
    if ended == before and _inside_word(before, piece):
        return True
    piece = piece.lstrip()
    if not piece or not _END.search(ended):
        return False
    if _begins_small(piece) or _NUMBER_ALONE.match(ended):
        return True
    return ended.endswith(".") and piece[0].isalnum() and _waits(ended, piece, language)


def _begins_small(piece: str) -> bool:
    """Whether a piece begins with a small letter, or a dash and one: no name like "iPhone"."""
    if piece[0].islower():
        return not piece[1:2].isupper()
    speaker = _SPEAKER.match(piece)
    return speaker is not None and speaker.group()[-1].islower()


def _waits(ended: str, piece: str, language: str) -> bool:
    if language == "de" and (_GERMAN_ORDINAL.search(ended) or (ended[-2:-1].isdigit() and _MONTH_GERMAN.match(piece))):
        return True
    if ended[-2:-1].isupper() and _INITIAL.search(ended):
        return True
    last = _LAST_WORD.search(ended, ended.rfind(" ") + 1)
    return last is not None and last[1].lower() in _ABBREVIATIONS.get(language, ())


def _inside_word(before: str, piece: str) -> bool:
    """Whether nothing but a full stop stands between two pieces, as in "INTERFAX.RU" or "J.-P. Lind"."""
    if not before.endswith("."):
        return False
    start = _GLUED_START.match(piece)
    if start is None:
        return piece.startswith(("-", "‑"))
    opens = start[1].isupper() and (not start[2] or start[2].islower()) and start.group().lower() not in _SITES
    return not (opens and _GLUED_END.search(before) and before[-2:-1].islower())
