"""Whose text it is: the news agencies that an article credits, in a field or where newspapers set it by hand."""

import re

from storyline_schemas import Article

# Names as they stand in datelines, credit lines and provider fields → the agency. Only agencies that sell text to
# others; a broadcaster's or a paper's own name says nothing about who wrote it.
_NAMES = {
    "aap": "aap", "australian associated press": "aap",
    "adnkronos": "adnkronos",
    "afp": "afp", "agence france-presse": "afp", "agence france presse": "afp",
    "ani": "ani", "asian news international": "ani",
    "anp": "anp",
    "ansa": "ansa",
    "anadolu": "anadolu", "anadolu agency": "anadolu", "anadolu ajansı": "anadolu",
    "ap": "ap", "associated press": "ap", "the associated press": "ap",
    "apa": "apa", "austria presse agentur": "apa",
    "ats": "ats", "keystone-ats": "ats", "keystone-sda": "ats", "sda": "ats",
    "belga": "belga",
    "bloomberg": "bloomberg", "bloomberg news": "bloomberg",
    "canadian press": "cp", "the canadian press": "cp", "cp": "cp",
    "dpa": "dpa", "deutsche presse-agentur": "dpa",
    "dow jones": "dow jones", "dow jones newswires": "dow jones",
    "efe": "efe", "agencia efe": "efe", "agência efe": "efe",
    "europa press": "europa press",
    "ians": "ians", "indo-asian news service": "ians",
    "interfax": "interfax",
    "itar-tass": "tass", "tass": "tass",
    "jiji press": "jiji", "jiji": "jiji",
    "kyodo": "kyodo", "kyodo news": "kyodo",
    "lusa": "lusa",
    "mti": "mti",
    "notimex": "notimex",
    "ntb": "ntb",
    "pa": "pa", "pa media": "pa", "press association": "pa", "the press association": "pa",
    "pap": "pap",
    "pti": "pti", "press trust of india": "pti",
    "reuters": "reuters", "thomson reuters": "reuters",
    "ria novosti": "ria",
    "ritzau": "ritzau",
    "sid": "sid", "sport-informations-dienst": "sid",
    "stt": "stt",
    "tt": "tt",
    "upi": "upi", "united press international": "upi",
    "xinhua": "xinhua", "xinhua news agency": "xinhua",
    "yonhap": "yonhap", "yonhap news agency": "yonhap",
}  # fmt: skip
HEAD_CHARS, TAIL_CHARS = 200, 60

_SEPARATOR = re.compile(r"\s*(?:[/,;|+&]|\band\b|\bund\b|\bet\b|\by\b)\s*")
# "PORT HALLOW, Jan 5 (Reuters) - The ferry", "(AP) — The ferry", and "(Reuters) The ferry" at the very beginning.
_DATELINE = re.compile(r"^[^().\n]{0,80}\(([^()\n]{2,60})\)\s*[-–—:]|^\(([^()\n]{2,60})\)\s")
_LAST_LINE = re.compile(r"(?:^|\n)\s*[-–—©(]*\s*(?:\d{4}\s+)?([^\n()]{2,50}?)\)?\s*$")


def agency(name: str) -> str | None:
    """The agency of that name, in one spelling; None if it is none that is known."""
    return _NAMES.get(name.strip(" .").casefold())


def credited(article: Article) -> tuple[str, ...]:
    """The agencies whose text the article says it has, sorted: its provider, its credit line, its dateline, its end.

    "AFP contributed to this report" is no such credit: the text is the publisher's own.
    """
    named = [article.provider.name, *_listed(article.credit or "")]
    body = article.body.strip()
    if found := _DATELINE.match(body[:HEAD_CHARS]):
        named += _listed(found[1] or found[2])
    if found := _LAST_LINE.search(body[-TAIL_CHARS:] if len(body) > TAIL_CHARS else ""):
        named += _listed(found[1])
    return tuple(sorted({known for name in named if (known := agency(name))}))


def _listed(text: str) -> list[str]:
    return _SEPARATOR.split(text)
