"""How many dead, hurt and missing a sentence counts in another language than English: numbers beside words for them.

English sentences are read by `states`, whose patterns know its grammar.
"""

import re
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache

from .vocabulary import WORDS_CACHED_MAX
from .words import word_set

BESIDE_MAX, NOUN_MAX = 5, 1
"""Words between a number and the word for what became of those it counts, and between if they are of no people that we
know."""

_VALUES: dict[str, Mapping[str, int]] = {
    language: {form: value for value, forms in enumerate(text.split(","), 2) for form in forms.split()}
    for language, text in {
        "ar": "شخصان اثنان اثنين,ثلاثة ثلاث,أربعة أربع,خمسة خمس,ستة ست,سبعة سبع,ثمانية ثماني,تسعة تسع,عشرة عشر",
        "da": "to,tre,fire,fem,seks,syv,otte,ni,ti,elleve,tolv",
        "de": "zwei,drei,vier,fünf,sechs,sieben,acht,neun,zehn,elf,zwölf",
        "es": "dos,tres,cuatro,cinco,seis,siete,ocho,nueve,diez,once,doce",
        "fr": "deux,trois,quatre,cinq,six,sept,huit,neuf,dix,onze,douze",
        "it": "due,tre,quattro,cinque,sei,sette,otto,nove,dieci,undici,dodici",
        "nl": "twee,drie,vier,vijf,zes,zeven,acht,negen,tien,elf,twaalf",
        "no": "to,tre,fire,fem,seks,sju syv,åtte,ni,ti,elleve,tolv",
        "pl": "dwie dwoje dwóch,trzy troje trzech,cztery czworo czterech,pięć pięcioro pięciu,sześć sześcioro sześciu,"
        "siedem siedmiu,osiem ośmiu,dziewięć dziewięciu,dziesięć dziesięciu",
        "pt": "dois duas,três,quatro,cinco,seis,sete,oito,nove,dez,onze,doze",
        "ru": "два две двое двух,три трое трёх трех,четыре четверо четырёх четырех,пять пятеро пяти,"
        "шесть шестеро шести,"
        "семь семеро семи,восемь восьми,девять девяти,десять десяти,одиннадцать одиннадцати,двенадцать двенадцати",
        "sv": "två,tre,fyra,fem,sex,sju,åtta,nio,tio,elva,tolv",
        "uk": "два дві двоє двох,три троє трьох,чотири четверо чотирьох,п'ять п'ятеро п'яти,шість шестеро шести,"
        "сім семеро семи,вісім восьми,дев'ять дев'яти,десять десяти",
    }.items()
}
_VALUES |= {"nb": _VALUES["no"], "nn": _VALUES["no"]}
_NONE: Mapping[str, int] = {}

# The beginnings of words for each kind.
_KINDS: dict[str, Mapping[str, tuple[str, ...]]] = {
    "ar": {
        "dead": ("قتل", "القتل", "مقتل", "وفا", "الوفيات", "مصرع", "ضحايا", "الضحايا"),
        "injured": ("إصاب", "أصيب", "وأصيب", "جرح", "الجرحى", "جريح", "المصابين", "مصاب"),
        "missing": ("مفقود", "المفقود", "فقدان"),
    },
    "da": {"dead": ("død", "dræbt", "omkom"), "injured": ("såre", "tilskadekom"), "missing": ("savne", "meldt savnet")},
    "de": {
        "dead": ("tote", "getötet", "gestorben", "starben", "todesopfer", "ums leben"),
        "injured": ("verletz",),
        "missing": ("vermisst",),
    },
    "es": {
        "dead": ("muert", "murieron", "fallec", "mortales"),
        "injured": ("herid", "lesionad"),
        "missing": ("desaparecid",),
    },
    "fr": {
        "dead": ("mort", "tué", "péri ", "décédé", "décès"),
        "injured": ("blessé",),
        "missing": ("disparu", "portées disparues"),
    },
    "it": {"dead": ("mort", "uccis", "deceduti", "vittime"), "injured": ("ferit",), "missing": ("dispers",)},
    "nl": {"dead": ("dode", "omgekomen", "gedood", "overleden"), "injured": ("gewond",), "missing": ("vermist",)},
    "no": {"dead": ("død", "drept", "omkom"), "injured": ("såre", "skadd", "skadet"), "missing": ("savn",)},
    "pl": {
        "dead": ("zginęł", "zabit", "ofiar", "nie żyje", "zmarł"),
        "injured": ("rann", "obrażeni"),
        "missing": ("zaginion", "zaginęł"),
    },
    "pt": {
        "dead": ("mort", "morreram", "mataram"),
        "injured": ("ferid",),
        "missing": ("desaparecid",),
    },
    "ru": {
        "dead": ("погиб", "жертв", "убит", "скончал", "умер"),
        "injured": ("ранен", "пострада", "травм"),
        "missing": ("пропа", "без вести"),
    },
    "sv": {
        "dead": ("död", "omkom"),
        "injured": ("skada",),
        "missing": ("sakna",),
    },
    "uk": {
        "dead": ("загин", "загиб", "жертв", "вбит", "помер"),
        "injured": ("поранен", "постражда", "травм"),
        "missing": ("зник", "безвісти"),
    },
}
_KINDS |= {"nb": _KINDS["no"], "nn": _KINDS["no"]}
# "Otras ocho personas": no toll.
_FURTHER = word_set(
    """أخرى آخرين yderligere weitere weiteren andere otros otras más autres altri altre andere nog ytterligere kolejne
    kolejnych outros outras mais ещё еще другие других ytterligare інші інших ще ytterligare"""
)
_LATE = word_set("menschen personen arbeiter kinder frauen männer mensen kinderen")
"""People of whom, in a language that ends its clauses with the verb, it may come late what became of them."""
_PEOPLE = _LATE | word_set(
    """شخصا شخص أشخاص مدنيين مدنيا عمال عاملا أطفال personer mennesker børn personas niños mujeres hombres civiles
    trabajadores mineros soldados pasajeros personnes enfants femmes hommes civils ouvriers soldats passagers persone
    bambini donne uomini civili operai soldati passeggeri osób osoby ludzi dzieci pessoas crianças mulheres homens civis
    trabalhadores passageiros человек человека людей детей женщин мужчин рабочих солдат военных военнослужащих
    пассажиров människor barn людей осіб людини дітей військових"""
)
_BEHIND = word_set(
    """y e et und en i og och и та й a los las les le gli die der de según selon secondo segundo laut nach gestiegen
    بحسب وفق"""
)
"""What may stand behind a number that counts nothing named behind it."""
_TIMES = word_set(
    """tage tagen wochen monate monaten jahre jahren stunden minuten jährige jähriger días semanas meses años horas
    minutos jours semaines mois ans années heures minutes giorni settimane mesi anni ore minuti dagen weken maanden
    jaar uur uren dni dniach tygodni miesięcy lat lata godzin minut dias anos дней дня недель месяцев лет года часов
    часа минут dagar veckor månader år timmar dage uger måneder timer uker днів тижнів місяців років годин"""
)
"""Behind a number that gives an age, or how long something has lasted: "de ocho años desaparecido"."""
_TOTAL = word_set(
    """zahl número nombre bilan balance numero bilancio antal antallet aantal liczba bilans число количество кількість
    عدد حصيلة"""
)
"""Behind which a number may stand at the clause's end: "the number of dead in … rose to five"."""
_AND = "و"
"""What begins another clause in Arabic is written in one word with its verb."""
TOTAL_WORDS_MAX = 5
_ENDS_CLAUSE = frozenset(',;:.–—-()»«"”“„')
_LARGE = re.compile(r"^\d{1,3}(?:[.,\u202f]\d{3})+$")
_NUMBER_IN_HAN = r"\d{1,3}(?:,\d{3})+|\d+"
_COUNTS_IN_HAN = tuple(
    (
        kind,
        re.compile(
            rf"(?:{words})(?:的)?(?:人[数數])?(?:已|共)?(?:[升增达達]至?|上升至|[为為])?({_NUMBER_IN_HAN})人?"
            rf"|(?<![\d,.])({_NUMBER_IN_HAN})(?:名[^\d，。；]{{0,4}}|人)?(?:{words})"
        ),
    )
    for kind, words in (("dead", "死亡|遇[难難]|身亡|[丧喪]生"), ("injured", "受[伤傷]"), ("missing", "失[踪蹤联聯]"))
)  # fmt: skip


@lru_cache(maxsize=WORDS_CACHED_MAX)
def tolls(text: str, lower: tuple[str, ...], language: str) -> tuple[tuple[str, int], ...]:
    """(kind, number) of each kind that a sentence counts, of which it gives one number."""
    if language in ("ja", "zh"):
        found = [(kind, a or b) for kind, pattern in _COUNTS_IN_HAN for a, b in pattern.findall(text)]
        counted = [(kind, int(number.replace(",", ""))) for kind, number in found]
    else:
        counted = _beside(lower, language)
    kinds = [kind for kind, _ in counted]
    return tuple(dict.fromkeys(each for each in counted if kinds.count(each[0]) == 1 or counted.count(each) > 1))


def _beside(lower: Sequence[str], language: str) -> list[tuple[str, int]]:
    """The numbers with the kinds of the words that they are nearest to, each word and number once."""
    kinds = _KINDS.get(language)
    if kinds is None:
        return []
    # With the word behind it, as some are of two: "ums Leben".
    pairs = map(" ".join, zip(lower, [*lower[1:], ""], strict=True))
    words = {i: kind for i, pair in enumerate(pairs) for kind, stems in kinds.items() if pair.startswith(stems)}
    if not words:
        return []
    numbers = {i: value for i, word in enumerate(lower) if (value := _value(word, language)) is not None}
    near = [(abs(i - j), i, j) for i in numbers for j in words if _counts(lower, i, j, numbers)]
    found, used = [], set()
    for _, i, j in sorted(near):
        if i not in used and j not in used:
            used |= {i, j}
            further = _FURTHER.intersection(lower[max(0, i - 1) : i + 2])
            found += [] if further else [(words[j], numbers[i])]
    return found


def _counts(lower: Sequence[str], number: int, word: int, numbers: Container[int]) -> bool:
    """Whether a number counts what a word is about: in its clause, with no other number and nothing else that may be
    counted between or behind it: "los heridos están en dos hospitales"."""
    first, last = sorted((number, word))
    if any(lower[i] in _ENDS_CLAUSE or i in numbers for i in range(first + 1, last)):
        return False
    after = lower[number + 1] if number + 1 < len(lower) else "."
    if after in _TIMES:
        return False
    people = after in _PEOPLE
    if number < word:
        # "Corrigió a ocho el número de muertos".
        counted = not _TOTAL.isdisjoint(lower[number + 2 : number + 3]) and last - first <= TOTAL_WORDS_MAX
        near = BESIDE_MAX if people or counted else NOUN_MAX
        return (last - first - 1 <= near or after in _LATE) and not lower[word].startswith(_AND)
    total = not _TOTAL.isdisjoint(lower[max(0, word - 2) : word])
    alone = people or after in _ENDS_CLAUSE or after in _BEHIND or after.startswith(_AND)
    return alone and (total or last - first - 1 <= BESIDE_MAX)


def _value(word: str, language: str) -> int | None:
    if not word[0].isdigit():
        return _VALUES.get(language, _NONE).get(word)
    if _LARGE.match(word):
        return int(re.sub(r"\D", "", word))
    return int(word) if word.isdecimal() and len(word) < YEAR_DIGITS else None


def corrects(lower: Sequence[str], number: int, language: str) -> bool:
    """Whether a sentence takes back a number: by a word for that, or by denying it ("six, not seven")."""
    if language not in _CORRECTS:
        return False
    takes_back, instead = _CORRECTS[language]
    if any(word.startswith(takes_back) for word in lower):
        return True
    places = [i for i, word in enumerate(lower) if _value(word, language) == number]
    return any(not instead.isdisjoint(lower[max(0, i - DENIED_WORDS) : i]) for i in places)


DENIED_WORDS = 3
"""Before a number, among which the word is that denies it."""
# The beginnings of words that take a number back, and the words before one that isn't so.
_CORRECTS = {
    language: (tuple(verbs.split()), word_set(denials))
    for language, verbs, denials in (
        ("da", "korriger nedjuster", "ikke"),
        ("de", "korrigier berichtig", "nicht statt anstatt"),
        ("es", "rectific corrigi correg", "no lugar vez"),
        ("fr", "rectifi corrig", "non pas lieu contre"),
        ("it", "rettific corrett corregg", "non invece anziché"),
        ("nb", "korriger nedjuster", "ikke"),
        ("nl", "gecorrigeerd corrigeer bijgesteld", "niet plaats"),
        ("nn", "korriger nedjuster", "ikkje"),
        ("no", "korriger nedjuster", "ikke"),
        ("pl", "skoryg sprostow", "nie zamiast"),
        ("pt", "corrig retific", "não vez"),
        ("ru", "скорректир исправил", "не вместо"),
        ("sv", "korriger rätta", "inte"),
        ("uk", "виправил скоригу", "не замість"),
    )
}
YEAR_DIGITS = 4
"""A number of so many digits without a mark may be a year."""
