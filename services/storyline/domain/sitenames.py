"""The name of its site at the end of a headline: " - Xinhua", " | Fox News", " : The Two-Way : NPR".

Sites put their name, and often the desk's, behind the titles of their pages, and feeds and crawlers take them along. It
is no part of what the headline says. The stored article keeps it; what is shown and compared goes without.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from storyline_schemas import Article


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CACHED_MAX = 5_000
SEGMENTS_CUT_MAX = 4
NAME_WORDS_MAX, ADDRESS_WORDS_MAX = 6, 10
"""Of a segment that names the site among other words, and of one that has its address ("wxyz.com, Solmar, Tarnova")."""
DESK_WORDS_MAX = 3
LEFT_WORDS_MIN, FULL_WORDS_MIN = 2, 4
"""What must be left before the site's name, and before a desk's."""
UNSPACED_PER_WORD = 3
INITIALS_MIN, NAME_LETTERS_MIN = 3, 3

_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SEPARATOR = re.compile(
    r"\s+(?:--?|[–—|｜»«·•:›]|::|//|\.:\.)\s+|(?<=\S)\s*[|｜]\s*(?=\S)"
    rf"|(?<=[{_UNSPACED}])[-–—_：](?=[{_UNSPACED}A-Z])"
)
_ONE_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_WEAK = frozenset(("-", "--", "–", "—", "_", "："))
"""Separators that headlines have, too: "… – minister", "Live – …". So is a colon, where a space before it is usual."""
_SPACE_BEFORE_COLON = frozenset(("fr", "br"))
_WORD = re.compile(r"[^\W_]+")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CUT_SHORT = re.compile(r"\s*(?:\.\.\.|…)$")
_ADDRESS = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,4}\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\b")
_TOP_LEVEL = re.compile(r"(?<=\w)\.(?:com?|net|org|info|[a-z]{2})(?:\.[a-z]{2})?\b", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|der|die|das|le|la|les|el|il|de|het|a|o) ")
# What a site's name has beside what it is called by.
_AGENCY_END = "newsagency"
_GENERIC = _words("news breaking online english radio tv television channel network blog blogs live the world sport")
_GENERIC_END = ("newsonline", "newsagency", "news", "online", "net", "tv", "media", "digital")
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "gov", "gob", "gouv", "ac", "edu", "or", "ne", "go"))
# Behind a name, these say how it is known, and from whom: "… – Solmar Times poll".
_TELLS_HOW = _words(
    """report reports reporting poll polls survey source sources exclusive interview study analysis investigation data
    says said bericht umfrage rapport sondage encuesta informe sondaggio onderzoek peiling"""
)
# Bodies that publish, and are quoted: "… next year – UN".
_SPEAKERS = _words("un eu us usa uk who imf nato onu uno oms fmi otan vn ue")
_SMALL = _words("a an and at by de del der des di du e et for from in la le of on the und y")
# Desks that every site has, in the languages of most; no places, which may be who says it.
_DESKS = _words(
    """news breakingnews latestnews topnews topstories world worldnews politics business economy sport sports football
    culture entertainment technology tech science health opinion lifestyle markets finance local national international
    nachrichten politik wirtschaft kultur panorama wissen ausland inland gesellschaft actualites politique economie
    societe monde international culture noticias politica economia deportes cultura mundo internacional sociedad
    notizie cronaca mondo esteri nieuws binnenland buitenland nyheter esportes новости политика
    экономика общество спорт мир культура"""
)


def without_site(headline: str, names: Sequence[str], url: str | None, language: str) -> str:
    """A headline without the name of its site at its end, and without the desk's before that. Deletions only.

    `names` are the sender's: name, id, family, agencies it credits; `url` is the article's, `language` BCP 47.
    A segment goes if it has one of them or the host's, or the initials of one, and what is left is still a headline.
    """
    if not _is_of_segments(headline):
        return headline
    return _cut(headline, tuple(names), url or "", language.split("-", 1)[0].lower())


def headline_of(article: Article) -> str:
    """An article's headline without the name of its site."""
    provider = article.provider
    names = (provider.name, provider.id or "", provider.family or "")
    return without_site(article.headline, names, article.url, article.language)


@lru_cache(maxsize=CACHED_MAX)
def _is_of_segments(headline: str) -> bool:
    return _SEPARATOR.search(headline) is not None


@lru_cache(maxsize=CACHED_MAX)
def _cut(headline: str, names: tuple[str, ...], url: str, language: str) -> str:
    found = list(_SEPARATOR.finditer(headline))
    ends = [*(mark.start() for mark in found[1:]), len(headline)]
    tails = [_Tail(headline, mark, end, language) for mark, end in zip(found, ends, strict=True)]
    known, path = _Names(names, url), _letters(unquote(urlsplit(url).path)) if url else ""
    first = _first_of_site(tails, known)
    while first > 0 and _may_go_too(tails[first - 1], known, path):
        if tails[first - 1].words_before < FULL_WORDS_MIN:
            break
        first -= 1
    if first < 0 or tails[first].words_before < LEFT_WORDS_MIN:
        return headline
    return headline[: found[first].start()].rstrip()


class _Tail:
    """A segment behind a separator."""

    def __init__(self, headline: str, mark: re.Match[str], end: int, language: str) -> None:
        separator, text = mark.group().strip(), headline[mark.end() : end]
        self.words_before = _words_in(headline[: mark.start()])
        whole = _CUT_SHORT.sub("", text).strip()
        self.cut_short = whole != text.strip()
        self.text = _ASIDE.sub(" ", whole).strip()
        self.words = _WORD.findall(_plain(_TOP_LEVEL.sub("", _POSSESSIVE.sub("", self.text))))
        self.colon = separator == ":"
        self.strong = separator not in _WEAK and not (self.colon and language in _SPACE_BEFORE_COLON)

    @property
    def capital(self) -> bool:
        """Whether no word but a small one is in lower case; scripts without capitals have none such."""
        return not any(word[0].islower() and word not in _SMALL for word in self.words)


def _first_of_site(tails: Sequence[_Tail], known: "_Names") -> int:
    """The place of the last tail that names the site, with nothing but a desk or date behind it; else -1."""
    for place in range(len(tails) - 1, max(-1, len(tails) - 1 - SEGMENTS_CUT_MAX), -1):
        tail = tails[place]
        if known.named_in(tail):
            return place
        short = len(tail.words) <= DESK_WORDS_MAX
        if not (short and (tail.strong or tail.cut_short or "".join(tail.words).isdigit())):
            return -1
    return -1


def _may_go_too(tail: _Tail, known: "_Names", path: str) -> bool:
    """Whether a segment before the site's name is its desk, or names the site as well."""
    if known.named_in(tail):
        return True
    desk = _letters(tail.text)
    if not 1 <= len(tail.words) <= DESK_WORDS_MAX or desk.isdigit():
        return False
    if desk in _DESKS or (len(desk) > 3 and desk in path):
        return True
    return tail.strong and (tail.capital or not tail.colon)


class _Names:
    """What a site is called: its names in letters only, as they are and without what every site's name has."""

    def __init__(self, names: Sequence[str], url: str) -> None:
        self.full: set[str] = set()
        self.core: set[str] = set()
        self.initials: set[str] = set()
        self.words: list[list[str]] = []
        for name in [*names, *([urlsplit(url).netloc] if url else [])]:
            self._add(_ASIDE.sub(" ", name).strip())

    def _add(self, name: str) -> None:
        host = name.casefold() if " " not in name and "." in name.strip(".") else ""
        called = _site_of(host) if host else name
        plain = _plain(called).casefold()
        bare = _ARTICLE.sub("", plain, count=1)
        for letters in {_letters(plain), _letters(bare)}:
            if len(letters) > 1:
                self.full.add(letters)
                self.core |= set(_cores(letters))
                if letters.endswith(_AGENCY_END):
                    self.full.add(letters.removesuffix(_AGENCY_END))
        # A call sign or abbreviation is a name by itself: "KWXY Solmar".
        capitals = (word for word in _WORD.findall(called) if word.isupper() and not host)
        self.initials |= {word.casefold() for word in capitals if len(word) >= INITIALS_MIN}
        words = _WORD.findall(bare)
        self.words.append(words)
        for run in (words, [word for word in words if word not in _SMALL]):
            if len(run) > 1:
                self.initials.add("".join(word[0] for word in run))

    def named_in(self, tail: _Tail) -> bool:
        """Whether a tail is the site's name, or has it among words of a name: no more than stand before it."""
        letters = _letters(_ARTICLE.sub("", _plain(tail.text).casefold(), count=1))
        if not letters or (letters in _SPEAKERS and not tail.strong):
            return False
        return letters in self.full or self._is_other_name(tail, letters) or self._is_among(tail)

    def _is_other_name(self, tail: _Tail, letters: str) -> bool:
        """Whether it is a short name, initials, an address or most of a name."""
        short = tail.text.isupper() and letters in self.initials | self.core
        if short and (tail.strong or len(letters) >= INITIALS_MIN):
            return True
        address = _ADDRESS.fullmatch(tail.text)
        if address and self._is_part(_letters(_site_of(tail.text))):
            return True
        folded = [word.casefold() for word in tail.words]
        if tail.strong and len(letters) > NAME_LETTERS_MIN and any(set(folded) <= set(words) for words in self.words):
            return True
        return self._is_spelt_out(folded) or self._is_most_of_a_name(letters)

    def _is_part(self, site: str) -> bool:
        """Whether a name has what an address is called at its beginning or end, or the other way round."""
        both = ((site, name) for name in self.full if min(len(site), len(name)) >= NAME_LETTERS_MIN)
        return any(site.startswith(name) or name.startswith(site) or name.endswith(site) for site, name in both)

    def _is_spelt_out(self, words: Sequence[str]) -> bool:
        """Whether a name is the words' initials, or those of the first and the others: "nytimes", "NYT"."""
        words = [word for word in words if word not in _SMALL]
        if len(words) < INITIALS_MIN:
            return False
        first = ("".join(word[0] for word in words[:n]) + "".join(words[n:]) for n in range(2, len(words) + 1))
        return not self.full.isdisjoint(first)

    def _is_most_of_a_name(self, letters: str) -> bool:
        """Whether a name begins or ends with it, and has hardly anything else: "Solmar Voices" of solmarvoices24."""
        return len(letters) > NAME_LETTERS_MIN and any(
            3 * len(letters) >= 2 * len(name) and (name.startswith(letters) or name.endswith(letters))
            for name in self.full
        )

    def _is_among(self, tail: _Tail) -> bool:
        address = _ADDRESS.search(tail.text)
        most = ADDRESS_WORDS_MAX if address and _letters(_site_of(address.group())) in self.full else NAME_WORDS_MAX
        length = len([word for word in tail.words if not word.isdigit()])
        if length > min(most, tail.words_before) or not tail.capital:
            return False
        if not _TELLS_HOW.isdisjoint(map(str.casefold, tail.words)):
            return False
        if len(tail.words) == 1 and _ONE_UNSPACED.search(tail.text):
            # Without spaces a name has what is added to it right behind.
            return any(tail.words[0].casefold().startswith(name) for name in self.full)
        return any(self._has(run) and self._may_stand(run, tail, start, end) for run, start, end in _runs(tail.words))

    def _has(self, run: Sequence[str]) -> bool:
        letters = "".join(run).casefold()
        if len(letters) < NAME_LETTERS_MIN:
            return run[0].isupper() and letters in self.full
        return letters in self.full or (run[0].isupper() and letters in self.core | self.initials)

    def _may_stand(self, run: Sequence[str], tail: _Tail, start: int, end: int) -> bool:
        """Whether a name among other words is one: an abbreviation wherever it stands, a word of everyday at the end,
        or before what sites add to their names; of a script without capitals, if it is half of all."""
        others = [*tail.words[:start], *tail.words[end:]]
        if not run[0].isupper() and not run[0].isdigit() and run[0] == run[0].lower() and not run[0].isascii():
            return 2 * len("".join(run)) >= len("".join(tail.words))
        if tail.strong or any(word[1:] != word[1:].lower() or not word.isalpha() for word in run):
            return True
        if all(word.casefold() in _GENERIC or word.isdigit() for word in others):
            return True
        return end == len(tail.words) and not (len(run) == 1 and "," in tail.text)


def _runs(words: Sequence[str]) -> Iterator[tuple[Sequence[str], int, int]]:
    return ((words[i:j], i, j) for i in range(len(words)) for j in range(i + 1, len(words) + 1))


def _cores(letters: str) -> Iterator[str]:
    for end in _GENERIC_END:
        core = letters.removesuffix(end)
        if core != letters and len(core) >= NAME_LETTERS_MIN:
            yield core


def _site_of(host: str) -> str:
    """What a host is called: ``news.example.co.uk`` → ``example``."""
    labels = host.casefold().split(":", 1)[0].strip(".").split(".")
    rest = labels[:-1] or labels
    while len(rest) > 1 and rest[-1] in _SECOND_LEVEL:
        rest = rest[:-1]
    return rest[-1]


def _words_in(text: str) -> int:
    """How many words a text has; of a script without spaces, about."""
    return len(_WORD.findall(text)) + len(_ONE_UNSPACED.findall(text)) // UNSPACED_PER_WORD


def _letters(text: str) -> str:
    return "".join(_WORD.findall(_plain(text))).casefold()


def _plain(text: str) -> str:
    """The text without accents."""
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
