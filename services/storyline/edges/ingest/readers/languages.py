"""Languages: what a wire declares as BCP 47, and a careful guess where it declares nothing."""

import re

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,4}")
_THREE = {
    "eng": "en", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "spa": "es", "ita": "it", "dut": "nl", "nld": "nl",
    "por": "pt", "swe": "sv", "dan": "da", "nor": "no", "nob": "nb", "fin": "fi", "gre": "el", "ell": "el", "rus": "ru",
    "jpn": "ja", "zho": "zh", "chi": "zh", "kor": "ko", "ara": "ar",
}  # fmt: skip
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
)
# Words that carry no meaning and are frequent in one of these languages only, or in few.
_WORDS = {
    "en": "the of and to in that for is on with as was by at from has have said it be are an this which",
    "de": "der die und in den von das mit des auf für ist im dem nicht ein eine als auch es an werden hat sich",
    "fr": "le la les de des et en du un une que est pour dans qui sur par au plus pas avec ce son sont",
    "es": "el la los las de que y en un una por con del se para su es al como más fue este ha",
    "it": "il la di che e un una per del in della con è non dei si da al sono nel le gli anche alla",
    "nl": "de het een van en in op te dat is voor met zijn die aan niet door om ook bij naar heeft wordt",
    "pt": "o a os as de que e em um uma do da para com não por no na dos mais se foi ao pelo",
    "sv": "och att det i en på som är av för med den till har inte om ett de var från vid kan",
    "da": "og at det i en på som er af for med den til har ikke om et de var fra ved kan efter blev",
    "nb": "og at det i en på som er av for med den til har ikke om et de var fra ved kan etter ble",
    "fi": "ja on ei että se hän myös oli mukaan ovat kun joka sen kuin mutta tai ole vuoden tämä",
}
_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_TOKENS_MAX = 400
_TOKENS_MIN = 8


def bcp47(declared: str) -> str:
    """A declared language as BCP 47 (``EN`` → ``en``, ``nl-nl`` → ``nl-NL``); "" if it is none (``x-default``)."""
    declared = declared.strip()
    if not _TAG.fullmatch(declared):
        return ""
    first, *rest = declared.replace("_", "-").split("-")
    parts = [_THREE.get(first.lower(), first.lower())]
    for part in rest:
        parts.append(part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower())
    return "-".join(parts)


def guess(text: str) -> str:
    """The language of a text that declares none: by script, or by its small words if they are clear; else ``und``."""
    text = text[:4_000]
    letters = sum(map(str.isalpha, text)) or 1
    for language, script in _SCRIPTS:
        if len(script.findall(text)) / letters > 0.2:
            return language
    tokens = re.findall(r"[^\W\d_]+", text.lower())[:_TOKENS_MAX]
    if len(tokens) < _TOKENS_MIN:
        return "und"
    scores = sorted(((sum(t in words for t in tokens), language) for language, words in _SETS.items()), reverse=True)
    (best, language), (second, _) = scores[:2]
    clear = best / len(tokens) >= 0.2 and best >= second * 1.25
    return language if clear else "und"
