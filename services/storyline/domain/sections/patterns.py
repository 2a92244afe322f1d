"""What wire copy looks like: the patterns that cleaning goes by. Line patterns match a whole paragraph or sentence."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from .words import IRREGULAR, word_set

WORDS_OF_JUNK_MAX = 2_000

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|S"
    r"ept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PLACE = r"[A-ZÀ-Þ][a-zà-ÿ]+(?: [A-ZÀ-Þ][a-zà-ÿ]+)?"
_AGENCY = r"[A-Z][\w.&/ -]{1,30}"


def any_of(words: Iterable[str]) -> str:
    """A pattern that finds any of some words: those that begin alike stand together, so that at most places one look
    tells, and none in which another one is found anyway."""
    found = sorted(set(words))
    needed = [word for word in found if not any(other != word and other in word for other in found)]
    by_first = groupby(needed, key=lambda word: word[0])
    return "|".join(f"{first}(?:{'|'.join(word[1:] for word in group)})" for first, group in by_first)


# A dateline: place, perhaps a date, perhaps an agency, then a dash. Only at the start of a paragraph.
DATELINES = (
    re.compile(r"^\((?:CBS|NBC|ABC|Fox|FOX|Sky|BBC|[A-Z]{3,5})(?: News)?\)\s+(?=[A-ZÀ-Þ])"),
    re.compile(rf"^[A-ZÀ-Þ][\w'’ .-]{{2,30}}, {_MONTH} \d{{1,2}}: (?=[A-ZÀ-Þ])"),
    re.compile(r"^\([A-ZÀ-Þ][\w, .]{2,30}\)\s*[-–—]+\s*(?=[A-ZÀ-Þ])"),
    re.compile(r"^[A-ZÀ-Þ]{3,}(?: [A-ZÀ-Þ]{2,}){0,3}: (?=[A-ZÀ-Þ][a-zà-ÿ])"),
    re.compile(r"^【[^】]{1,12}】"),
    re.compile(rf"^{_PLACE}, {_PLACE} - (?=[A-ZÀ-Þ][a-zà-ÿ ])"),
    # The dash was lost: "SOLMAR, Velmara Velmara's army has …".
    re.compile(
        r"^[A-ZÀ-Þ]{3,}(?: [A-ZÀ-Þ]{2,}){0,2}, (?P<land>[A-ZÀ-Þ][a-zà-ÿ]{2,}) (?=(?P=land)(?:['’]s|n|an|ian)?\b)"
    ),
    re.compile(rf"^[A-ZÀ-Þ][\w'’ .-]{{2,30}}, {_MONTH}\.? \d{{1,2}} \([A-Z][\w/ ]{{1,20}}\): (?=[A-ZÀ-Þ“\"])"),
    re.compile(r"^\d{1,2}(?: de [a-zç]{3,10} del? |\.? [a-zé]{3,10} |-[A-Za-z]{3}-)\d{2,4}[.,]?\s+(?=[A-ZÀ-Þ])"),
    re.compile(r"^[A-ZÀ-Þ][^()\n]{2,60} \([A-ZÀ-Þ][\w./& -]{1,30}\)\s*[-–—]+\s*(?=\S)"),
    re.compile(
        rf"^(?:[A-ZÀ-Þ][\w.'’À-ÿ-]*[,/ ]{{1,2}}){{0,6}}\(?(?:{_MONTH}\.? \d{{1,2}}(?:, \d{{4}})?)?\)?,? ?\("
        rf"(?:{_AGENCY}\)\s*(?:--?|—|–|―)|(?:CNN|Reuters|AP|AFP|dpa|UPI|Xinhua|Yonhap)\))\s*(?=[A-ZÀ-Þ0-9“\"'‘])"
    ),
    re.compile(
        rf"^[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{{2,40}}(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?)?(?:, {_MONTH}\.? \d{{1,2}}(?:, "
        rf"\d{{4}})?)?(?:\s+-\s+|\s*(?:--|[—–―]-?)\s*)(?=[A-ZÀ-Þ0-9“\"'‘])"
    ),
    re.compile(
        rf"^[A-ZÀ-Þ][\w'’ .-]{{2,30}}, {_MONTH}\.? \d{{1,2}}(?:, \d{{4}})?\s*(?:--?|—|–|―)\s+(?=[A-ZÀ-Þ0-9“\"'‘])"
    ),
    # "Solmar — ", "Reporting from Solmar and Orun — ".
    re.compile(
        r"^(?:Reporting from )?(?:[A-ZÀ-Þ][a-zà-ÿ]+(?: (?:and )?[A-ZÀ-Þ][a-zà-ÿ]+)?)(?:, [A-Z][\w.]+)?\s+"
        r"(?:(?:--|[—–]-?)\s+(?=[A-ZÀ-Þ0-9“\"'‘])|-\s+(?=(?:An?|The) ))"
    ),
    re.compile(rf"^{_MONTH} \d{{1,2}},? \d{{4}}\s+(?:[-–—]+\s+)?(?=[A-ZÀ-Þ“\"])"),
    # "3 May 2031 – The board", "SOLMAR, 3rd May 2031: The board".
    re.compile(
        rf"^(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{{2,30}}, )?\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}(?:\s+[-–—]+|:)\s+"
        r"(?=[A-ZÀ-Þ“\"])"
    ),
)
# Whether any of them matches: most paragraphs have none.
DATELINE = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in DATELINES))
# The clock in front of a live blog's entry, perhaps twice: "22.00 (18.00) The bridge", "7:19 p.m. -- The bridge". Not
# what something costs or measures: "12.50 Euro".
_COUNTED = (
    r"Euros?|Dollars?|Pfund|Pounds?|Franken|Francs?|Kronen|Kronor|Crowns?|Rubel|Roubles?|Yen|Yuan|Prozent|Percent|"
    r"Mio|Millionen|Mrd|Milliarden|Million|Billion|Meter|Metres?|Kilometer|Liter|Litres?|Kilo|Gramm|Grad|Punkte|EUR|USD|GBP"
)
CLOCK = re.compile(
    r"^(?i:[\[(]?\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:GMT|BST|UTC|CET|EST|EDT|ET|PT|JST|KST|Uhr(?=\s*[-–—:|]))?[\])]?"
    r"\s*(?:--|[-–—:|])?\s+){1,2}"
    rf"(?!(?:Uhr|{_COUNTED})\b)"
    r"(?=[^\Wa-zà-ÿ\d_]|[“\"'‘«„(])"
)
BULLET = re.compile(r"^\s*(?:[•·▪●◦‣■►▶*]|[-–—](?=\s))\s*")

# Paragraphs (in small letters) that are no text of the story, up to 40 words long. So few marks before it, for each is
# tried in turn.
JUNK_PARAGRAPH = re.compile(
    r"""^\W{0,20}(?:
      \d+\s+of\s+\d+\b | (?:file\s+)?(?:photos?|pictures?|images?|videos?|audio|watch|listen|gallery|graphic
    |map|slideshow)\s*(?:[:|(/-]|$|by\b|credit|caption)
    | related(?:\s+\w+){0,3}\s*[:|]? | (?:last\s+)?(?:updated|published|posted|modified|created)\b.{0,12}(?:\d
    |:|on\b|at\b|by\b)
    | by\s+[a-z][\w.'-]+(?:\s+[a-z][\w.'-]+){0,4}(?:\s*[,|].*)?$ | send\s+(?:us|your)\b | have\s+you\s+been\b
     | story\s+highlights\b
    | (?:continue|keep)\s+reading\b | read\s+(?:more|also|next|the\s+full)\b | see\s+also\b
     | click\s+(?:here|on|to)\b | tap\s+here\b
    | share\s+(?:this|on|via|with)\b | like\s+us\s+on\b | follow\s+(?:us|@|\w+\s+on)\b | sign\s+up\b
     | subscribe\b | advertis | sponsored\b
    | copyright\b | ©| \(c\)\s | all\s+rights\s+reserved | most\s+(?:read|popular|viewed)\b
     | more\s+(?:on|from|stories)\b | recommended\b
    | comments?\b\s*(?:\(|\d|$) | skip\s+to\b | loading\b
     | (?:enlarge|close|next|previous|print|e-?mail|toggle)\b.{0,25}$ | caption\b | media\s+(?:caption|playback)
    | newsletter | more\s+to\s+come | ends?\s*[.#*-]*$ | [-*_=#~.\s]+$ | (?:the\s+)?associated\s+press\s*$
     | reuters\s*$ | afp\s*$ | (?:notes?|editor['’]s\s+notes?)\s*:
    | this\s+(?:article|story|page)\s+(?:was|is|has\s+been|originally)\b
     | (?:key\s+points|highlights|timeline|in\s+pictures|live)\s*:?\s*$
    | (?:not\s+for|for\s+immediate)\s+(?:publication|release) | contact\s*: | tags?\s*: | topics?\s*:
     | source\s*: | \(?adds\b | \(?updates?\b.{0,20}with\b )""",
    re.X,
)  # fmt: skip
JUNK_PARAGRAPH_WORDS_MAX = 40

# Whoever tells what he is about to tell.
_HOUSE = r"(?:BBC(?: News)?|CNN|NPR|Guardian|Reuters|AFP|Telegraph|Al Jazeera|Independent|Yahoo)(?:['’]s(?: \w+){1,3})?"

# What stands beside a text on its page.
_SHOWN = r"(?:tables?|charts?|graphics?|maps?|video|clip|transcript|photos?|pictures?|pictured|gallery)"

# Sentences that are no text of the story wherever they stand: a sign in lower case, and what to look for where it
# is there. Most sentences have none, and one pattern of all is slow.
JUNK_SENTENCES = tuple(
    (sign, re.compile(pattern, re.I))
    for sign, pattern in (
        ("anyone with", r"anyone\s+with\s+(?:any\s+)?information"),
        ("crimestoppers", r"crimestoppers"),
        ("please ", r"please\s+(?:call|contact|e-?mail)\b"),
        (
            "comment",
            r"\b(?:messages?|calls?|e-?mails?|requests?|inquir\w+)\b.{0,60}\b(?:for|seeking) (?:\w+ )?comment"
            r"|\brequesting (?:\w+ )?comment\b|\bhad no (?:immediate )?comment\b"
            r"|\b(?:not|n['’]t) immediately (?:comment|available)"
            r"|\b(?:declined|refused) (?:to|further) comment\W*$"
            r"|\brespond\w* to .{0,40}\brequests? for (?:\w+ )?comment|\b(?:hadn['’]t|had not) been returned",
        ),
        ("contributed to this", r"contributed\s+to\s+this\s+(?:report|story|article)"),
        *(
            (f"{done} by", rf"^\W*(?:additional\s+)?{done}\s+by\b")
            for done in ("reporting", "writing", "editing", "edited", "compiled")
        ),
        ("getty", r"getty\s+images"),
        (
            "photo",
            r"file\s+photo|(?:ap|afp|reuters|epa)\s+photo|\bphoto(?:graph)?\s*(?:by|:|credit)"
            r"|\bin th(?:is|ese) (?:[\w-]+ ){0,4}photo(?:graph)?s?\b",
        ),
        ("image", r"\bin th(?:is|ese) (?:[\w-]+ ){0,4}images? (?:taken|made|released|provided|obtained|from)\b"),
        ("is seen ", r"\bis\s+seen\s+(?:in|at|on|here)\b"),
        ("photo/", r"\bphoto/"),
        ("file -", r"^\W*file\s+-"),
        (", left,", r"^(?!.*\b(?:said|says|told)\b)[^.]*, (?:left|right|centre|center), (?:and|with)\b"),
        ("is pictured", r"\bis\s+pictured\s+(?:in|at|on|here)\b"),
        ("is shown ", r"\bis\s+shown\s+(?:in|at|on|here)\b"),
        ("looks on", r"\blooks\s+on\b"),
        ("http", r"https?://"),
        ("www.", r"\bwww\.\S"),
        (".com/", r"\b\w+\.com/\w"),
        (".org/", r"\b\w+\.org/\w"),
        (".net/", r"\b\w+\.net/\w"),
        ("@", r"(?:^|\s)@\w{2,}"),
        ("pic.twitter", r"\bpic\.twitter"),
        ("# ", r"(?:^|\s)#\s[A-Za-z]\w+"),
        ("newsletter", r"newsletter"),
        ("click here", r"\bclick\s+here"),
        ("(read ", r"^\W*\(read\b"),
        ("can be ", r"can\s+be\s+(?:seen|found|read|viewed|heard)\s+(?:here|below|above|online)\b"),
        ("read more", r"\bread\s+more\b"),
        (" here", r"\b(?:(?:as )?seen|pictured|shown|watch it|read it) here[,.]"),
        ("cookie", r"cookies?\s+policy"),
        ("privacy policy", r"privacy\s+policy"),
        ("terms of", r"terms\s+of\s+(?:use|service)"),
        ("creative commons", r"\bcreative\s+commons\s+attribution\b"),
        ("rights reserved", r"all\s+rights\s+reserved"),
        ("may not be", r"may\s+not\s+be\s+(?:published|reproduced|broadcast)"),
        ("follow ", r"follow\s+\w+(?:\s\w+)?\s+on\s+(?:twitter|facebook|instagram)"),
        (" down", r"(?:scroll|see|story|more|continues|video|watch)\s+down\s*(?:for|:|\.|$)"),
        (" below", rf"(?:scroll|see|story|more|continues|video|watch)\s+below\s*(?:for|:|\.|$)|\b{_SHOWN} below\b"),
        (" above", rf"(?:scroll|see|story|more|continues|video|watch)\s+above\s*(?:for|:|\.|$)|\b{_SHOWN} above\b"),
        ("correspondent", r"\bcorrespondent\s+\w+\s+\w+\s+reports?\b"),
        ("for more", r"^\W*for\s+more\b"),
        ("to read", r"^\W*to\s+read\b"),
        ("to subscribe", r"^\W*to\s+subscribe\b"),
        ("reuters/", r"\breuters/"),
        ("transcript", r"\bthis\s+transcript\b"),
        ("anonym", r"^\W*(?:the|both|all|they|he|she)\b.{0,40}\b(?:insisted|spoke|asked|requested)\b.{0,40}\banonym"),
        ("this article", r"\bthis\s+article\s+(?:originally|previously|incorrectly|has\s+been|was)\b"),
        ("this story", r"\bthis\s+story\s+(?:originally|previously|incorrectly|has\s+been|was)\b"),
        ("version of this", r"\b(?:previous|earlier)\s+versions?\s+of\s+this\b"),
        ("correction:", r"^\W*correction\s*:"),
        ("clarification:", r"^\W*clarification\s*:"),
        ("send ", r"^\W*(?:please\s+)?send\s+(?:(?:us|me|your|any|in)\b|(?:comments|ideas|tips|questions|photos)\b)"),
        ("don't ", r"^\W*don['’]t\b"),
        ("don’t ", r"^\W*don['’]t\b"),
        ("tweeted", r"\btweeted\s*:\s*$"),
        ("this post", r"\bthis\s+post\s+(?:originally|previously|incorrectly|has\s+been|was)\b"),
        ("at the time of", r"\bat the time of (?:this )?(?:reporting|writing|publication|publishing|going to press)\b"),
        ("press time", r"\b(?:as of|at|by) press time\b"),
        (" story", r"\b(?:this is|it['’]s) an? (?:developing|breaking)(?: news)? story\b"),
        ("check back", r"^\W*(?:please )?check back\b"),
        ("feedback:", r"^\W*feedback:"),
        (" full ", r"^\W*(?:below|here) (?:is|are) (?:the|a) full\b"),
        ("following is", r"^\W*the following is\b"),
        ("direct", r"\byou (?:have been|are being) re-?directed\b"),
        ("profiles ", rf"\b{_HOUSE} profiles\b"),
        ("explains ", rf"\b{_HOUSE} explains (?:how|why|what|the)\b"),
        ("examines ", rf"\b{_HOUSE} examines\b"),
        ("look", rf"\b{_HOUSE} (?:looks (?:at|back)|takes a look)\b"),
    )
)


def _longest_word(sign: str) -> tuple[bool, str, bool]:
    """A sign's mark, else its longest word, between whether it begins and whether it ends a word of the sentence."""
    if mark := next((mark for mark in "@#/" if mark in sign), None):
        return False, mark, False
    word = max(reversed([*re.finditer(r"\w+", sign)]), key=lambda found: len(found.group()))
    return sign[: word.start()].endswith(" "), word.group(), sign[word.end() :].startswith(" ")


_WORD_OF_SIGN = [_longest_word(sign) for sign, _ in JUNK_SENTENCES]
_JUNK_WORDS = set(_WORD_OF_SIGN)
_JUNK_STARTS = tuple(sorted({word for begins, word, _ in _JUNK_WORDS if begins}))
_JUNK_ENDS = tuple(sorted({word for begins, word, ends in _JUNK_WORDS if ends and not begins}))
_JUNK_INSIDE = re.compile(any_of(word for begins, word, ends in _JUNK_WORDS if not begins and not ends))


def is_of_junk(word: str) -> bool:
    """Whether a word (lower case) is one that a sentence with one of these signs has. Most sentences have none."""
    return word.startswith(_JUNK_STARTS) or word.endswith(_JUNK_ENDS) or _JUNK_INSIDE.search(word) is not None


@lru_cache(maxsize=WORDS_OF_JUNK_MAX)
def junk_with(word: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Those of `JUNK_SENTENCES` whose sign such a word may be of."""
    pairs = zip(JUNK_SENTENCES, _WORD_OF_SIGN, strict=True)
    return tuple([junk for junk, (begins, part, ends) in pairs if _has(word, begins, part, ends)])


def _has(word: str, begins: bool, part: str, ends: bool) -> bool:
    if begins:
        return word.startswith(part)
    return word.endswith(part) if ends else part in word


# A clause of a law or treaty: "(b) the act is done …".
LEGAL_ITEM = re.compile(r"\((?:[a-z]|[ivx]{1,4})\) [a-z]")
# What tells of something else than the story: "More: …", "Note #2: …", "Read about …".
LABELLED = re.compile(
    r"(?:More|Read|See|Listen|Citation|Download|Note(?: ?#?\d+)?|More information|Coming (?:up|attractions)|Twitter"
    r"|Facebook|Source|Reference|Journal|Related|Elsewhere): |Read (?:about|also|more|our|the full|[“\"])"
)

# Slips and what was lost on the way: a small word twice, "to" before a past form, two finite verbs, two marks.
_SMALL = "the|a|an|of|to|and|is|was|were|are|be|been|has|its|their|his|her|with|from|for|by|he|she|they|it|at"
# Past forms that are plain forms, too.
_ALSO_PLAIN = word_set(
    """beat bet bit bore bound bred broke burst cast cost cut fell found ground hit hurt laid lay led let put quit read
    saw set shed shut split spread wound"""
)
_TWICE = [rf"{word}(?<=\b{word} {word})(?!-)" for word in _SMALL.split("|")]
_TWO_FINITE = [
    rf"{second}(?<=\b{first} {second})"
    for first, seconds in (("be", "have"), *((form, "is are have has") for form in ("is", "are", "was", "were")))
    for second in seconds.split()
]
# By their first letters, so that at most words one look tells.
_SLIPS = "|".join(
    f"{first}(?:{'|'.join(slip[1:] for slip in slips)})"
    for first, slips in groupby(sorted(_TWICE + _TWO_FINITE), key=lambda slip: slip[0])
)
_TOLD = [rf"(?<=\b{verb}:{space})" for verb in ("tweeted", "wrote", "said") for space in ("", " ")]
# Each begins with a mark or word that is quickly found, and what is looked for before it; one pattern of all would be
# tried at every word.
GARBLED = (
    (" ", re.compile(rf" (?:{_SLIPS})\b")),
    (
        " to ",
        re.compile(
            rf"to (?<!\wto )(?!embed|shred)(?:[a-z]{{3,}}(?<!e)ed|{'|'.join(sorted(IRREGULAR - _ALSO_PLAIN))})"
            r" (?:that|the|a|an|his|her|its|their)\b"
        ),
    ),
    (",", re.compile(r",[\"”'’]?,")),
    # Whose words those before it were, and who quotes this one, was lost: "Board member Ida Brandt as saying that …".
    (
        " as saying ",
        re.compile(
            r"^(?:(?!\b(?:is|are|was|were|has|had|have|be|been|heard|\w+(?:ed|es|cite|quote)s?)\b).)*as saying "
        ),
    ),
    # What somebody asks tells nothing.
    ("?", re.compile(r"^[\"“][^\"“”]*\?[\"”] ")),
    # A name with what it is, set apart for a quotation, ran into the next sentence.
    (
        ", ",
        re.compile(
            r"^[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+){1,3}, [a-z][^,.;:“\"]{2,80} [A-Z][\w'’-]+ "
            r"(?:The|An?|In|On|At|It|But|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|More|Some|Many|Most|This"
            r"|That|These|When|After) [a-z]+ "
        ),
    ),
    (":", re.compile(rf": ?(?:{'|'.join(_TOLD)})[\"“][^\"”]*[\"”] (?:[A-Z][\w.]+ ){{1,3}}(?:said|added|wrote)\b")),
)

# An opening that leans on the sentence before and can be left out without changing what is said. Some can only before
# a comma: "However the vote ends, …", "Besides the mayor, …", "Still the champion, …" say something of their own.
LEADING_CONNECTOR = re.compile(
    r"^(?:(?:And|Meanwhile|Also|Moreover|Furthermore|In addition|Additionally"
    r"|In the meantime|Eventually|Indeed)(?:,\s+|\s+(?=(?:the|a|an|[A-Z])\b))"
    r"|(?:Still|Separately|Besides|Plus|On the other hand|In turn),\s+"
    r"|(?:Also|Meanwhile) (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,\s+)"
)
CONNECTORS = (
    "And", "Meanwhile", "Also", "Still", "Moreover", "Furthermore", "In ", "Additionally", "Separately", "Besides",
    "Plus", "On the other ", "Eventually", "Indeed",
)  # fmt: skip
INNER_SIGNS = (", mean", ", more", ", though", ", too,", ", in addition", ", for ", ", in turn")
INNER_CONNECTOR = re.compile(
    r", (?:meanwhile|moreover|though|too|in addition|for his part|for her part|for its part|in turn),(?= )"
)
# What a dateline that isn't shown said: "in his office here".
HERE = re.compile(r"\b(?P<noun>[a-z]{3,}) here(?= (?:in|on|at|with|by|for|last|this|after|as|and)\b|[,.;])")
PLACE_NAMED = re.compile(r"\b(?:in|at|to|from|near|of) [A-Z]")
HERE_NEEDED_AFTER = word_set(
    """right still also not only even them him her that over born seen shown known grown gone done written web page link
    list"""
)
# "Also" leans on what was said before. It stays where it belongs to another word: "but also", "also known as".
ALSO = re.compile(
    r" also(?<!but also)(?<!only also)(?<!, also)(?= (?!known|called|referred|named|include|a\b|an\b|the\b)[a-z]+)"
)
PARENTHESIS = re.compile(
    r"\s*\((?:Reuters|AP|AFP|CNN|Yonhap|Xinhua|left|right|centre|center|above|below|file|photo"
    r"|pictured(?: (?:left|right|above|below|top|bottom|centre|center|here))?"
    r"|[A-Z]{1,5}\.[A-Z]{1,2}|see (?:map|below|above))\)",
    re.I,
)
SLUG_PREFIX = re.compile(
    r"^(?:Continue reading the main story\s+"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{1,2}(?::\d\d)? ?[ap]\.?m\.?\s*[:–—-]\s+"
    r"|[\[(](?:UPDATED?|[Uu]pdated?)\b[^\])]{0,40}[\])][:.]?\s*"
    r"|(?:This (?:post|story|article) was )?[Uu]pdated (?:at )?\d[\d:.]* ?[ap]\.?m\.?(?: [A-Z]{2,4})?:\s+"
    r"|(?:(?:Update|UPDATE)(?: #?\d+)?|NEW|BREAKING|URGENT|FLASH|LIVE|EXCLUSIVE|WATCH|JUST IN)\s*[:|-]+\s+"
    r"|\d{1,2}[:.]\d{2} ?[ap]\.?m\.?(?: [A-Z]{2,4})?\s*(?:--?|[–—:])\s+(?=[A-Z“\"]))+"
)
# Days that are stale within the week; the page says what is, its timeline says when.
ON_DAY = re.compile(rf" on {_DAY}")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS = (*WEEKDAYS, "today", "yesterday", "night")
_PART = r"(?: (?:morning|afternoon|evening|night))?"
_AFTER = (
    r"(?=[,.;:]|\s+(?:that|in|at|to|after|as|when|where|by|on|for|from|with|over|because|during"
    r"|following|amid|and|but|before|against|near|inside|outside|who|which|while|despite|if|of|it|he"
    r"|she|they|under|without|about|ahead|into|between|toward|towards"
    r"|the|a|an|there|(?!(?:meet|hear|brief|gather|morn|even|open|shoot|rul|offer|sitt|train)ing\b)[a-z]+ing)\b)"
)
DAY_AFTER_ON = re.compile(
    rf"(?:,(?<=[a-z0-9)”\"],) | (?<=[a-z0-9)”\"] ))(?:earl(?:y|ier) |later? )?on {_DAY}{_PART}"
    rf"(?!\s*(?:(?:and|or|to|through|,) {_DAY}|, {_MONTH} \d|-|–|'|’|\d|\()"
    r"| (?:morning|afternoon|evening|night)\b)(?=[,.;: ]|$)"
)
DAY_BARE = re.compile(
    rf"(?P<before>\b[\w'’]+[\"”%)]?) (?:late |early )?(?:{_DAY}{_PART}|today|yesterday|tonight|last night)"
    rf"(?!, {_MONTH}){_AFTER}"
)
# After these a day is part of a name, or of what it stands before.
DAY_OF_NAME = frozenset(
    ("black", "super", "good", "ash", "cyber", "palm", "easter", "bloody", "holy", "maundy", "news", "giving", "red")
)
SUNDAY_PAPERS = ("Mail", "Independent")
"""The Mail on Sunday."""
# A day that "on" isn't right before: of the two patterns around it none finds one in a sentence without.
DAY_ALONE = re.compile(rf" (?<!\b[Oo]n )(?:{_DAY}|today|yesterday|tonight|last night)")
# "The council Tuesday evening began", "his lawyer yesterday called": the day between subject and verb.
DAY_BEFORE_VERB = re.compile(
    rf"(?P<before>\b[\w'’]+) (?:{_DAY}{_PART}|today|yesterday) "
    r"(?P<verb>(?:[a-z]+ed|began|said|told|met|won|made|gave|took|sent|put|ruled)\b)"
)
# "On Monday, the board met", "Late Friday night the board met": the day that a sentence opens with.
DAY_FIRST = re.compile(
    rf"(?:(?:(?:Early|Late|Earlier|Later) )?[Oo]n |Early |Late |As of )(?P<day>{_DAY})"
    r"(?:,? (?:morning|afternoon|evening|night))?"
    r"(?:, | (?!(?:and|or|to|through|in|at|when|after|before|of|last|this|next|alone)\b))"
    rf"(?P<rest>(?!(?:and|but|when|which|{_DAY})\b|morning|afternoon|evening|night|{_MONTH}"
    rf"|\d{{1,2}}(?:(?:st|nd|rd|th)\b|(?: of)? {_MONTH})|[(–—-])\S)"
)
# What it may not be taken from: what was before it or is to come, what names another day, and what says of the day
# which it is.
DAY_FIRST_NEEDED = re.compile(
    r"^[^,;:]{0,100}?\b(?:will|would|won['’]t|had|could|may|might"
    r"|(?:is|are|was|were) (?:due|expected|scheduled|set|to))\b"
    rf"|\b(?:{_DAY}|today|yesterday|tomorrow|tonight|(?:next|following|same|previous) day|day (?:before|after)|later)\b"
    r"|^(?:the|an?|his|her|its|their) (?:[\w’'-]+ ){0,3}"
    r"(?:day|date|deadline|anniversary|eve|night|morning|hours?|time)\b"
)
# What only an article's date would place, at the end of a clause.
DAY_UNKNOWN_SIGNS = (" since ", " this ", " last ")
DAY_UNKNOWN = re.compile(
    rf"(?P<before>\b[\w'’]+[\"”%)]?) (?:since (?:early |late )?{_DAY}{_PART}"
    rf"|(?:earlier |later )?this (?:week|weekend|month)|last (?:week|weekend|{_DAY}{_PART}))"
    r"(?=[.;]|,(?! (?:when|as|the|an?)\b)|$)"
)
# What says how often, how long or which by such a time is something else without it: "the first storm this month".
DAY_UNKNOWN_COUNTED = re.compile(
    r"\b(?:(?:first|second|third|fourth|fifth|last|only|most|least|once|twice|times|record"
    r"|(?:the|its|their|his|her) (?!latest)\w{3,12}est)(?: [\w'’-]+){0,4}"
    r"|ever|just|even|not|(?:hour|day|week|month|year)s?)$"
)
# "At 7.40am on Monday": a time of day is nothing without its day.
_CLOCK_TIME = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b|\b\d{1,2}:\d\d\b|\b(?:at|around|about|before|after) [0-2]\d\.[0-5]\d\b"
    r"|\bnoon\b|\bmidnight\b|\b[o0]['’]clock\b"
)
# One of these is in what it finds: looked at before it.
_DIGIT = re.compile(r"\d")
_WORDS_OF_CLOCK = ("noon", "midnight", "clock")


def has_clock_time(text: str) -> bool:
    """Whether a sentence gives a time of day."""
    may = _DIGIT.search(text) is not None or [word for word in _WORDS_OF_CLOCK if word in text] != []
    return may and _CLOCK_TIME.search(text) is not None


# What is left says only that something happened: "the drill began Friday, involving …", "one was killed on Sunday."
DAY_OF_EVENT = re.compile(
    r"(?:\b(?:beg[au]n|begins|started|ended|concluded|resumed|occurred|happened|erupted|collapsed|died|resigned"
    r"|arrived|returned|landed|launches|hit|issued|released|published|posted|aired)"
    r"|\b(?:was|were|be|been) [a-z]+(?:ed|en|wn|hit|held|shot|shut|found|made|sent))"
    r"(?: early| late)?$"
)
# "In a speech on Saturday in Solmar, Holm had dismissed …": without its day nothing says what it was before.
BEFORE_THAT = re.compile(
    r"(?: [^.;:\"“”]{1,40})?, (?:the [a-z]+ |(?:[A-Z][\w.'’-]+ ){1,3})had (?:\w+ly )?\w+(?:ed|en|n)\b"
)
# "In a statement released Tuesday, …": without its day the participle hangs.
DAY_OF_SAYING = re.compile(
    r"^(?:In|At|With|According to) (?:an?|the|his|her|its|their) (?:[\w'’-]+ ){1,4}(?:[a-z]+ed|sent|held|made)$"
)
# "Will meet in Solmar on Tuesday": when it is to be. Not "will meet in Solmar, she said on Tuesday".
DAY_AHEAD = re.compile(
    r"\b(?:will|won['’]t|would|(?:is|are|was|were|due|expected|scheduled|set|plan|plans|planned|planning|slated) to"
    r"|planned|(?:scheduled|set|slated|due) for) (?:(?!\b(?:said|says|told|announced|reported|confirmed|warned|tweeted"
    r"|wrote|according|after|following|since|had|was|were)\b)[^.;:\"“”‘])*$"
)
# After these the day is the point of the sentence, and without it a verb is left hanging.
DAY_NEEDED_AFTER = frozenset(
    (
        "come",
        "comes",
        "came",
        "set",
        "due",
        "scheduled",
        "expected",
        "planned",
        "slated",
        "held",
        "start",
        "starts",
        "begin",
        "begins",
        "place",
        "effect",
        "posted",
        "dawn",
        "dusk",
        "sunrise",
        "sunset",
        "resume",
        "resumes",
        "late",
        "early",
        "earlier",
        "later",
        "expire",
        "expires",
        "until",
        "open",
        "opens",
        "close",
        "closes",
        "was",
        "were",
        "is",
        "be",
        "or",
        "and",
        "either",
    )
)

# Mojibake: UTF-8 read as Windows-1252 or Latin-1, which have signs of their own for some of its bytes.
_SIGNS_OF_WINDOWS = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
MOJIBAKE = re.compile(
    rf"(?:[\u00c2-\u00df][\u0080-\u00bf]|Ã[{_SIGNS_OF_WINDOWS}](?=[^\W\d_])|[\u00e2]\u20ac."
    r"|[\u00e0-\u00ef][\u0080-\u00bf]{2})"
)
# What is left of it where a byte was lost on the way: of a closing quotation mark, of a space that doesn't break.
MOJIBAKE_SIGN = re.compile("â€|[Ââ](?=\\s|$)")
MOJIBAKE_QUOTE = re.compile("â€(?:\u009d|(?=[\\s.,;:!?)]|$))")
MOJIBAKE_LEFT = re.compile(r"Â(?=\s|$)|(?:(?<=\s)|^)â\s")
# Control characters of Latin-1, which are what Windows-1252 has there.
CONTROL = re.compile("[\u0080-\u009f]")
# The number of a paragraph in its document, before the text. In many languages a number with a full stop is an
# ordinal ("3. Oktober", "1. FC"); in English it isn't.
PARAGRAPH_NUMBER = re.compile(r"^(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}\))\s+(?=[A-ZÀ-Þ“\"'‘])")
_SENTENCE_START = "An?|At|He|If|In|It|On|She|The|These|They|This|When"
PARAGRAPH_NUMBER_ENGLISH = re.compile(
    rf"{PARAGRAPH_NUMBER.pattern}|^\d{{1,3}}(?:\.\s+(?=[A-ZÀ-Þ“\"'‘])|\s(?=(?:{_SENTENCE_START})\s))"
)
# A first word in capitals, as papers set it: "DETECTIVES in Clydebank have …", "GERRY Holm, who …", "A PRISONER was …".
DROP_CAPITALS = re.compile(r"^(?:A )?[A-Z]{3,}(?= (?:[a-z]+ |[A-Z][a-z]|[A-Z]-[A-Z][a-z]))")
# Short ones that are no abbreviations: "WHO" and "AIDS" may be.
SHORT_WORDS = frozenset(
    ("the", "two", "six", "ten", "four", "five", "nine", "this", "that", "they", "with", "when", "from", "more")
)
QUOTATION_MARK = re.compile("[\"“‘«']")
# Plurals of people and things, and adjectives, that no abbreviation of that length ends like.
NO_ABBREVIATION = re.compile(
    r"[a-z]{3,}(?:ers|ors|ives|ists|ions|ents|ants|ies|ional|ical|ious|eous|iful|less|able|ible)"
)
# A single mark that opens a quotation: not within or after a word.
SINGLE_QUOTE = re.compile(r"(?<!\w)[‘'](?=\w)")
# A word that lost its vowel stands close to the next one: "l' acqua", "zo' n" are "l'acqua", "zo'n".
_FRENCH_ELIDED = re.compile(r"\b((?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu)['’]) (?=[^\W\d_])", re.I)
ELIDED = {
    "fr": _FRENCH_ELIDED,
    "ca": re.compile(r"\b([dlmnst]['’]) (?=[^\W\d_])", re.I),
    "it": re.compile(
        r"\b((?:[cdlmnstv]|gl|un|(?:a|da|de|ne|su|co)ll|que(?:st|ll)|bell|sant|nessun|ciascun|tutt|mezz|anch|dov|com|cos)"
        r"['’]) (?=[^\W\d_])",
        re.I,
    ),
    "nl": re.compile(r"(\bzo['’]) (?=n\b)", re.I),
}
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
TAG_BREAK = re.compile(
    r"<\s*+/?\s*+(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article)\b[^<>]{0,300}>", re.I
)
TAG_DROP = re.compile(r"<\s*(script|style|noscript|template|iframe)\b.*?(?:<\s*/\s*\1\s*>|$)", re.I | re.S)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
COMMENT = re.compile(r"<!--.*?-->", re.S)
