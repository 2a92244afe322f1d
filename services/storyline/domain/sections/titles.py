"""An article's headline as it is shown and compared: without its site's name, slugs and labels. Deletions only."""

import re
from functools import lru_cache

from storyline_schemas import Part

from ..sitenames import without_site
from .repairing import characters

TITLES_CACHED_MAX = 5_000
LINE_WORDS_MAX, FIRST_WORDS_MIN = 15, 4
OPENING_WORDS_MIN, OPENING_WORDS_MAX, OPENING_CHARS_MAX = 5, 15, 160

_BREAK = re.compile(r"\s*(?:\\n|[\r\n])\s*")
# The number of the version that an agency sent, as in "Strike at the post (2)"; no year or count is in brackets alone.
_TAKE = re.compile(r"(?<=\w) \([1-9]\)$")
_FULL_STOP = re.compile(r"(?:[a-z]{3}|\b\d{4}) ?['’\"”]?\.$")
# Of a line that others follow.
_SENTENCE_END = re.compile(r"[a-z](?<!\b(?:Inc|Ltd|etc))(?<!\b(?:Co|Jr|Sr|St|vs))['’\"”]?\.$")
# "PORT SOLMAR, Velmara —": what stood in front of the text.
_DATELINE = re.compile(r"[A-Z][A-Z .'’-]+(?:, [A-Z][\w.]+(?: [A-Z]\w+)?)?\s*(?:--|—|–|―)")
_SPACED_QUOTES = re.compile(r"(?<!\S)([\"“‘']) ((?:[^\"“”‘’']|(?<=\w)['’](?=\w))+) ([\"”’'])(?!\w)")
_SLUG = re.compile(
    r"^(?:\((?:\d\w\w )?(?:LEAD|LD|URGENT|UPDATE|CORRECTED|NEWS FOCUS)\)\s*"
    r"|(?:BREAKING|UPDATE(?: \d+)?|URGENT|CORRECTED|REFILE|RECAST|WRAPUP(?: \d+)?|EXCLUSIVE|FACTBOX|PREVIEW|ADVISORY)"
    r"\s*[-:–]\s*"
    r"|(?:VIDEO|PHOTOS?|PICTURES|AUDIO|WATCH|LISTEN|GALLERY|SLIDESHOW|NEWS|LIVE)\s*(?:::?|\|)\s+)+",
    re.I,
)
_LABEL = re.compile(
    r"\s*[\[(](?:\+ ?|with )?(?:UPDAT(?:ED?|ING)|VIDEOS?|PHOTOS?|AUDIO|PICTURES?|WATCH|LIVE|POLL|EXCLUSIVE|INFOGRAPHIC"
    r"|INTERACTIVE|SPOILERS?|TRAILER|ВИДЕО|ВІДЕО|ФОТО|V[IÍ]DÉ?OS?|FOTOS?|INFOGRAFÍA|GALER[IÍ]E?A?)\b"
    r"[^\])]{0,20}[\])]\s*$",
    re.I,
)
_LOOSE = re.compile(r" (?=n['’]t\b|['’](?:s|re|ve|ll|d|m)\b)")


def bare_title(part: Part) -> str:
    """An article's headline as it was sent, without the name of its site, further lines and what transport did."""
    names = (part.provider, part.family, *part.agencies)
    return without_site(_first_line(part.headline), names, part.url, part.language)


@lru_cache(maxsize=TITLES_CACHED_MAX)
def _first_line(headline: str) -> str:
    """A headline's first line with its marks at its words; "" if it's nothing but where a text was written."""
    line, *further = _BREAK.split(characters(headline).strip(), maxsplit=1)
    if _DATELINE.fullmatch(line):
        return ""
    line = _SPACED_QUOTES.sub(r"\1\2\3", _LOOSE.sub("", line))
    return line[:-1] if further and _SENTENCE_END.search(line) else line


def clean_title(part: Part) -> str:
    """An article's headline without its site's name, further lines, wire slugs and full stop: deletions only."""
    return _cleaned(bare_title(part))


@lru_cache(maxsize=TITLES_CACHED_MAX)
def _cleaned(headline: str) -> str:
    whole = _LABEL.sub("", headline).strip()
    title = _SLUG.sub("", whole).strip()
    if title != whole and title.split(" ", 1)[0].islower():
        title = title[:1].upper() + title[1:]
    title = _first_of(_TAKE.sub("", title))
    return title[:-1] if _FULL_STOP.search(title) or title.endswith("。") else title


def _first_of(title: str) -> str:
    """The first of two headlines in one, "Marlow to leave in May; Holm takes over as …", too long for a line."""
    first, mark, _ = title.partition("; ")
    return first if mark and title.count(" ") >= LINE_WORDS_MAX > first.count(" ") >= FIRST_WORDS_MIN else title


def told_title(part: Part) -> str:
    """An article's cleaned headline; of one that has none, its first sentence, cut at a clause."""
    if title := clean_title(part):
        return title
    return _opening_of(part.sentences[0].text) if part.sentences else part.headline.strip()


def _opening_of(sentence: str) -> str:
    words = sentence.rstrip(".。।۔ ").split()
    if len(words) <= OPENING_WORDS_MAX:
        text = " ".join(words)
        return text if len(text) <= OPENING_CHARS_MAX else text[:OPENING_CHARS_MAX].rstrip() + "…"
    ends = [i for i, word in enumerate(words[:OPENING_WORDS_MAX], 1) if word[-1] in ",;:" and i >= OPENING_WORDS_MIN]
    cut = ends[-1] if ends else OPENING_WORDS_MAX
    return " ".join(words[:cut]).rstrip(",;: ") + ("" if ends else " …")
