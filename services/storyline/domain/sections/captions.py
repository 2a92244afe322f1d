"""What stands around a story without being it: captions, video blurbs and standfirsts above it (English).

Text taken from a page has no marks of these. Four signs give them away: a credit at a paragraph's end, the same words
once more in the next paragraph, the story's own dateline further down, and a day at the end of what tells nothing.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from .credits import agency
from .words import IRREGULAR, PREPOSITION

ABOVE_MAX = 12
"""So many paragraphs may stand above the story."""
CAPTION_WORDS_MAX = 75
ADDED_WORDS_MAX = 12
"""What a caption has more of when it is repeated: a day, a credit."""
STORY_WORDS_MIN = 8
BELOW_SHARE = 2
"""What begins with a dateline is so many times longer than what stands above it."""

# "TANSY VALE, Velmara (Reuters) - ", "TANSY VALE — "; the place may have been lost on the way: "— The ferry".
_DATELINE = re.compile(
    r"^(?:(?!(?:UPDATE|FILE|WATCH|VIDEO|PHOTOS?|LIVE|NEW|BREAKING|READ|MORE|NOTE)\b)[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{2,40}"
    r"(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?)?(?:, [A-Z]\w+\.? \d{1,2}(?:, \d{4})?)?"
    r"\s*(?:\([A-Z][\w.&/ -]{1,30}\)\s*)?(?:\s-\s|--|—|–|―)\s*"
    r"|[A-ZÀ-Þ][\w'’ .-]{2,30}(?:, [\w. ]{2,30})?\s*\((?:CNN|Reuters|AP|AFP|dpa|UPI|Xinhua|Yonhap)\)\s*(?:--?|—|–|―)\s*"
    r"|Reporting from [A-ZÀ-Þ][\w'’ .,-]{2,40}\s(?:--|—|–|―)\s*"
    r"|[—–―]\s+)(?=[A-ZÀ-Þ0-9“\"'‘])"
)
_DATELINE_SIGNS = ("(", " - ", "--", "—", "–", "―")
_ENDED = re.compile(r"[.!?][\"'”’)]*$")
_PICTURE = r"(?:photo|photograph|image|picture|still)s?\b"
# "In this March 5, 2031, file photo", "This undated image": nothing but a day and what kind of picture between.
_KIND = r"(?:[A-Z][a-z]+\.? \d{1,2},? (?:\d{4},? )?)?(?:(?:undated|file|handout|still|aerial|[A-Z][\w-]+) ){0,3}"
_CAPTION_START = re.compile(
    rf"^(?:FILE\b|(?:In th(?:is|ese)|This|These|In an?) {_KIND}{_PICTURE}"
    rf"|An? (?:{_PICTURE}|view|combination) (?:of|from|released|provided|taken|showing|shows)\b|(?:Pictured|Undated)\b)"
)
_BY = re.compile(
    r"(?:\b(?:Photo(?:graph)?s?|Picture|Image|Illustration|Source)\s*(?:by\b|:|[Cc]ourtesy\b)\s*(?:[^.!?]|(?<=\b[A-Z])\.){0,60}"
    r"|[Pp]hoto credit\b.{0,80}|(?<=[.!?] )[^.!?]{2,40}/ ?(?:AP|AFP|Getty|Reuters)\b.{0,30}"
    r"|\b[Cc]redit(?::\s?|(?=[A-Z][a-z]))[^.!?]{2,60}|[(–—-]\s*[Ff]ile(?: photo\b[^.!?]{0,40})?)\W*$"
)
_BY_SIGNS = ("Photo", "hoto credit", "Picture", "Image", "Illustration", "Source", "redit", "/", "File", "file")
# What no prose ends in, however long it is: "(AP Photo/Ida Brandt, File)", "(Photo by Ida Brandt/Getty Images)".
_PICTURE_CREDIT = re.compile(
    r"(?:\((?:(?:AP|AFP|EPA|Reuters|REUTERS)(?: (?:Photo|PHOTO))?/|Photo(?:s|graph)? (?:by|courtesy)\b)[^()]{2,80}\)"
    r"|\bAP Photo/[^.!?()]{2,50})\W*$"
)
_FILE_PICTURE = re.compile(rf"^(?:FILE [-–—] |In this {_KIND}{_PICTURE},)")
# Not "to Mr. Bloomberg.": what is signed so has no full stop behind it.
_SIGNED = re.compile(r"(?:(?<!Mr)(?<!Mrs)[.!?…][\"'”’]?\s+[(–—-]?\s*|[(–—]\s*|\s-\s)([\w./ &-]{2,60}?)\s*\)?\s*$")
_SIGNED_SIGNS = (". ", "! ", "? ", "… ", '" ', "' ", "” ", "’ ", "(", "–", "—", " - ")
CREDIT_CHARS_MAX = 110
"""At a paragraph's end: a picture's credit in brackets."""
SIGNED_CHARS_MAX = 72
"""At a paragraph's end: a name of up to 60, with the marks around it and the end of the sentence before."""
_PICTURE_HOUSES = frozenset(("getty", "getty images", "epa", "corbis", "shutterstock", "alamy", "rex", "pool", "zuma"))
# "(July 18)", "Ida Brandt reports.", "(Rough Cut)": what a video's text ends in.
_BLURB_DATE = re.compile(
    r"(?:\((?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\.? \d{1,2}\)|\([Rr]ough [Cc]ut[^)]*\)\.?)$"
)
_REPORTS = re.compile(r"[.!?]\s*[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){1,3} (?:reports|has (?:that|the) story)\.$")
_REPORTS_END = (" reports.", " story.")
# "BRANDT: I was there.", "Ida Brandt: I was there."
_SPEAKER = re.compile(r"([A-Z][\w.'’-]*(?:,? [A-Z][\w.'’-]*){0,5}): (?=[A-Z“\"'‘\d(])")
SPOKEN_MIN = 3
# "…, in Port Solmar, April 25, 2031.": a day with its year at the end. Prose has one, too.
_DATED = re.compile(r"\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\.?\s*(?:\([^)]*\))?\s*$")
DATED_CHARS_MAX = 60
_SUBORDINATE = re.compile(
    r",? (?:who|which|that|what|where|after|when|while|as|before|because|since|whom|whose)\b[^,]*(?:,|$)"
)
# A caption tells what is to be seen, in the present; what was, has been or will be is told.
_TOLD = re.compile(
    r"\b(?:was|were|had|has|have|will|would|could|did|said|says|told|(?:is|are) to)\b"
    r"|\b[a-z]+ed (?:the|an?|its|his|her|their|that|\d)\b"
)
_NO_OBJECT = PREPOSITION | {"and", "or", "but"}


def is_dated(sentence: str) -> bool:
    """Whether a sentence is a caption with its day at the end: in its main clause nothing is told."""
    return _DATED.search(sentence, max(0, len(sentence) - DATED_CHARS_MAX)) is not None and not is_told(sentence)


def is_told(sentence: str) -> bool:
    """Whether a sentence's main clause tells what was, has been or will be."""
    main = _SUBORDINATE.sub(" ", sentence)
    if _TOLD.search(main):
        return True
    words = main.split()
    return any(word in IRREGULAR and after not in _NO_OBJECT for word, after in pairwise(words))


def around_the_story(paragraphs: Sequence[str]) -> Callable[[int], bool]:
    """Of each paragraph, by its place, whether it isn't the story; told when it is asked, for most texts are read no
    further than half-way."""
    aside, last = _repeated(paragraphs) | _spoken(paragraphs), len(paragraphs) - 1
    above = max(_above_dateline(paragraphs), _above_blurbs(paragraphs))
    return lambda place: place < above or place in aside or _is_caption(paragraphs[place], place == last)


def _is_caption(paragraph: str, last: bool) -> bool:
    if _is_credited_picture(paragraph):
        return True
    if paragraph.count(" ") >= CAPTION_WORDS_MAX:
        return False
    if _CAPTION_START.match(paragraph) or _ends_as_blurb(paragraph):
        return True
    # A text's last paragraph may end in whose it is.
    return not last and (_says_by_whom(paragraph) or _is_signed(paragraph))


def _is_credited_picture(paragraph: str) -> bool:
    """Whether a paragraph is a picture's text beyond doubt, of whatever length and at whatever place."""
    if paragraph.startswith(("FILE", "In this ")) and _FILE_PICTURE.match(paragraph):
        return True
    end = paragraph[-CREDIT_CHARS_MAX:]
    return ("Photo" in end or "PHOTO" in end or "/" in end) and _PICTURE_CREDIT.search(end) is not None


# Each pattern's signs are looked for before it: most paragraphs have none of them, and it would try every place.
def _says_by_whom(paragraph: str) -> bool:
    return [sign for sign in _BY_SIGNS if sign in paragraph] != [] and _BY.search(paragraph) is not None


def _ends_as_blurb(paragraph: str) -> bool:
    return paragraph.endswith((")", ").")) and _BLURB_DATE.search(paragraph) is not None


def _has_dateline(paragraph: str) -> bool:
    return [sign for sign in _DATELINE_SIGNS if sign in paragraph] != [] and _DATELINE.match(paragraph) is not None


def _is_signed(paragraph: str) -> bool:
    """Whether a paragraph ends in an agency's name behind its last sentence, as pictures' texts do."""
    end = paragraph[-SIGNED_CHARS_MAX:]
    if [sign for sign in _SIGNED_SIGNS if sign in end] == []:
        return False
    if (found := _SIGNED.search(paragraph, max(0, len(paragraph) - SIGNED_CHARS_MAX))) is None:
        return False
    names = [name.strip(" .").casefold() for name in re.split(r"[/,]|\bvia\b", found[1])]
    return len(found[1].split()) <= 6 and any(agency(name) or name in _PICTURE_HOUSES for name in names)


def _repeated(paragraphs: Sequence[str]) -> set[int]:
    """Captions that stand twice, the second time with a day or a credit."""
    found: set[int] = set()
    words = [paragraph.count(" ") for paragraph in paragraphs[: ABOVE_MAX + 2]]
    for i, paragraph in enumerate(paragraphs[:ABOVE_MAX]):
        if words[i] < STORY_WORDS_MIN:
            continue
        for j in range(i + 1, min(i + 3, len(paragraphs))):
            if 0 < words[j] - words[i] <= ADDED_WORDS_MAX and paragraph in paragraphs[j]:
                found |= {i, j}
    return found


def _spoken(paragraphs: Sequence[str]) -> set[int]:
    """The lines of an interview or a transcript: each begins with who speaks, and somebody speaks again."""
    found = {i: match[1] for i, each in enumerate(paragraphs) if ": " in each and (match := _SPEAKER.match(each))}
    return set(found) if len(found) >= SPOKEN_MIN and len(set(found.values())) < len(found) else set()


def _above_dateline(paragraphs: Sequence[str]) -> int:
    """How many paragraphs stand above the first one with a dateline, if that begins most of the text."""
    for i, paragraph in enumerate(paragraphs[: ABOVE_MAX + 1]):
        if not _has_dateline(paragraph):
            continue
        if paragraph.count(" ") < STORY_WORDS_MIN or not _ENDED.search(paragraph):
            continue
        above = sum(len(each) for each in paragraphs[:i])
        return i if sum(len(each) for each in paragraphs[i:]) >= BELOW_SHARE * above else 0
    return 0


def _above_blurbs(paragraphs: Sequence[str]) -> int:
    """Where several videos' texts are stacked above the story, how many paragraphs they are."""
    above = enumerate(paragraphs[:ABOVE_MAX])
    signed = [i for i, each in above if _ends_as_blurb(each) or (each.endswith(_REPORTS_END) and _REPORTS.search(each))]
    return signed[-1] + 1 if len(signed) > 1 else 0
