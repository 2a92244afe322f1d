"""What wire copy looks like: the patterns that cleaning goes by. Line patterns match a whole paragraph or sentence."""

import re

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|S"
    r"ept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_AGENCY = r"[A-Z][\w.&/ -]{1,30}"

# A dateline: place, perhaps a date, perhaps an agency, then a dash. Only at the start of a paragraph.
DATELINES = (
    re.compile(r"^\([A-ZÀ-Þ][\w, .]{2,30}\)\s*[-–—]+\s*(?=[A-ZÀ-Þ])"),
    re.compile(r"^[A-ZÀ-Þ]{3,}(?: [A-ZÀ-Þ]{2,}){0,3}: (?=[A-ZÀ-Þ][a-zà-ÿ])"),
    re.compile(r"^【[^】]{1,12}】"),
    re.compile(r"^\d{1,2}(?: de [a-zç]{3,10} del? |\.? [a-zé]{3,10} |-[A-Za-z]{3}-)\d{2,4}[.,]?\s+(?=[A-ZÀ-Þ])"),
    re.compile(r"^[A-ZÀ-Þ][^()\n]{2,60} \([A-ZÀ-Þ][\w./& -]{1,30}\)\s*[-–—]+\s*(?=\S)"),
    re.compile(
        rf"^(?:[A-ZÀ-Þ][\w.'’À-ÿ-]*[,/ ]{{1,2}}){{0,6}}\(?(?:{_MONTH}\.? \d{{1,2}}(?:, \d{{4}})?)?\)?,? ?\("
        rf"(?:{_AGENCY}\)\s*(?:--?|—|–|―)|(?:CNN|Reuters|AP|AFP|dpa|UPI|Xinhua|Yonhap)\))\s*(?=[A-ZÀ-Þ0-9“\"'‘])"
    ),
    re.compile(
        rf"^[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{{2,40}}(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?)?(?:, {_MONTH}\.? \d{{1,2}}(?:, "
        rf"\d{{4}})?)?(?:\s+-\s+|\s*(?:--|—|–|―)\s*)(?=[A-ZÀ-Þ0-9“\"'‘])"
    ),
    re.compile(
        rf"^[A-ZÀ-Þ][\w'’ .-]{{2,30}}, {_MONTH}\.? \d{{1,2}}(?:, \d{{4}})?\s*(?:--?|—|–|―)\s+(?=[A-ZÀ-Þ0-9“\"'‘])"
    ),
    re.compile(r"^(?:[A-ZÀ-Þ][a-zà-ÿ]+(?: [A-ZÀ-Þ][a-zà-ÿ]+)?)(?:, [A-Z][\w.]+)?\s+(?:--|—|–)\s+(?=[A-ZÀ-Þ0-9“\"'‘])"),
    re.compile(rf"^{_MONTH} \d{{1,2}},? \d{{4}}\s+(?:[-–—]+\s+)?(?=[A-ZÀ-Þ“\"])"),
)
# The clock in front of a live blog's entry.
CLOCK = re.compile(
    r"^(?:\[?\d{1,2}[:.]\d{2}\]?\s*(?:[ap]\.?m\.?)?\s*(?:GMT|BST|UTC|CET|EST|EDT|ET|PT|JST|KST)?\s*[-–—:|]?\s+)(?=\S)",
    re.I,
)
BULLET = re.compile(r"^\s*(?:[•·▪●◦‣*]|[-–—](?=\s))\s*")

# Paragraphs that are no text of the story, up to 40 words long.
JUNK_PARAGRAPH = re.compile(
    r"""^\W*(?:
      \d+\s+of\s+\d+\b | (?:file\s+)?(?:photos?|pictures?|images?|videos?|audio|watch|listen|gallery|graphic
    |map|slideshow)\s*(?:[:|(/-]|$|by\b|credit|caption)
    | related(?:\s+\w+){0,3}\s*[:|]? | (?:last\s+)?(?:updated|published|posted|modified|created)\b.{0,12}(?:\d
    |:|on\b|at\b|by\b)
    | by\s+[A-Z][\w.'-]+(?:\s+[A-Z][\w.'-]+){0,4}(?:\s*[,|].*)?$ | send\s+(?:us|your)\b | have\s+you\s+been\b
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
    re.I | re.X,
)  # fmt: skip
JUNK_PARAGRAPH_WORDS_MAX = 40

# Sentences that are no text of the story wherever they stand.
JUNK_SENTENCE = re.compile(
    r"""anyone\s+with\s+(?:any\s+)?information | crimestoppers | please\s+(?:call|contact|e-?mail)\b
    | contributed\s+to\s+this\s+(?:report|story|article)
    | ^\W*(?:additional\s+)?(?:reporting|writing|editing|edited|compiled)\s+by\b
    | getty\s+images | file\s+photo | (?:ap|afp|reuters|epa)\s+photo | \bphoto(?:graph)?\s*(?:by|:|credit)
     | \bis\s+(?:seen|pictured|shown)\s+(?:in|at|on|here)\b | \blooks\s+on\b
    | https?:// | \bwww\.\S | \b\w+\.(?:com|org|net)/\w | (?:^|\s)@\w{2,} | \bpic\.twitter | newsletter
     | \bclick\s+here | \bread\s+more\b | cookies?\s+policy | privacy\s+policy | terms\s+of\s+(?:use|service)
    | all\s+rights\s+reserved | may\s+not\s+be\s+(?:published|reproduced|broadcast)
     | follow\s+\w+(?:\s\w+)?\s+on\s+(?:twitter|facebook|instagram)
    | (?:scroll|see|story|more|continues|video|watch)\s+(?:down|below|above)\s*(?:for|:|\.|$)
     | \bcorrespondent\s+\w+\s+\w+\s+reports?\b | ^\W*(?:for\s+more|to\s+read|to\s+subscribe)\b
    | (?:[A-Z][a-z]+\s\d{1,2},\s\d{4}\.?\s*(?:\([^)]*\))?\s*)$ | \bREUTERS/ | \bAP\s+Photo\b
     | \bthis\s+transcript\b | \btweeted\s*:\s*$ """,
    re.I | re.X,
)  # fmt: skip

# A sentence with none of these (lower case) can't match it, and most have none: the long pattern is slow.
JUNK_SENTENCE_SIGNS = (
    "anyone with", "crimestoppers", "please ", "contributed to this", "reporting by", "writing by", "editing by",
    "edited by", "compiled by", "getty", "photo", "is pictured", "is shown ", "is seen ", "looks on", "http", "www.",
    ".com/", ".org/", ".net/", "@", "twitter", "newsletter", "click here", "read more", "cookie", "privacy policy",
    "terms of", "rights reserved", "may not be", "follow ", " below", " above", "correspondent", "for more", "to read",
    "to subscribe", "reuters/", "transcript", "tweeted",
)  # fmt: skip

# An opening that leans on the sentence before and can be left out without changing what is said.
LEADING_CONNECTOR = re.compile(
    r"^(?:But|And|However|Meanwhile|Also|Still|Moreover|Furthermore|In addition|Additionally"
    r"|Nevertheless|Nonetheless|Separately|Besides|Yet|Plus|In the meantime|On the other hand)(?:,\s+"
    r"|\s+(?=(?:the|a|an|[A-Z])\b))"
)
INNER_CONNECTOR = re.compile(
    r", (?:however|meanwhile|moreover|though|too|in addition|for his part|for her part|for its part),(?= )"
)
PARENTHESIS = re.compile(
    r"\s*\((?:Reuters|AP|AFP|CNN|Yonhap|Xinhua|left|right|centre|center|pictured|above|below|file|photo"
    r"|[A-Z]{1,5}\.[A-Z]{1,2}|see (?:map|below|above))\)",
    re.I,
)
SLUG_PREFIX = re.compile(
    r"^(?:Continue reading the main story\s+"
    r"|(?:Update|BREAKING|UPDATE(?: \d+)?|URGENT|FLASH|LIVE|EXCLUSIVE|WATCH|JUST IN)\s*[:|-]+\s*)"
)

# Days that are stale within the week; the page says what is, its timeline says when.
_PART = r"(?: (?:morning|afternoon|evening|night))?"
_AFTER = (
    r"(?=[,.;:]|\s+(?:that|in|at|to|after|as|when|where|by|on|for|from|with|over|because|during"
    r"|following|amid|and|but|before|against|near|inside|outside|who|which|while|despite|if|of|it|he"
    r"|she|they"
    r"|the|a|an|there)\b)"
)
DAY_AFTER_ON = re.compile(
    rf"(?<=[a-z0-9)”\"])(?P<before>,?) (?:early |late )?on {_DAY}{_PART}(?!\s*(?:(?:and|or|to|through|,"
    rf") {_DAY}|-|–|'|’|\d|\())(?=[,.; ]|$)"
)
DAY_BARE = re.compile(
    r"(?P<verb>\b(?:said|told|announced|ruled|voted|approved|reported|confirmed|agreed|died|launched|resigned|released"
    r"|warned|killed|arrested|signed|urged|rejected|opened|closed|began|declared|called|accused|charged|met|arrived|won"
    rf"|struck|hit|reporters|statement)) (?:late |early )?(?:{_DAY}{_PART}|today|yesterday|tonight){_AFTER}"
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
        "resume",
        "resumes",
        "late",
        "early",
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

# Mojibake: UTF-8 read as Windows-1252 or Latin-1.
MOJIBAKE = re.compile(r"(?:[\u00c2-\u00df][\u0080-\u00bf]|[\u00e2]\u20ac.|[\u00e0-\u00ef][\u0080-\u00bf]{2})")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
TAG_BREAK = re.compile(
    r"<\s*/?\s*(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article)\b[^<>]{0,300}>", re.I
)
TAG_DROP = re.compile(r"<\s*(script|style|noscript|template|iframe)\b.*?(?:<\s*/\s*\1\s*>|$)", re.I | re.S)
TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]{0,300}>", re.S)
