"""What wire copy and news sites look like in other languages than English: datelines, credits, notes, openings that can
be left out, and quotations behind a dash."""

import re

from .words import word_set

_MONTH_RU = (
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
    r"|січ|лют|бер|квіт|трав|черв|лип|серп|верес|жовт|листоп|груд)[а-яі]*\.?"
)
_DATE_RU = rf"\d{{1,2}} {_MONTH_RU}(?: \d{{4}}(?: (?:г|р)(?:ода|оку|\.))?)?"
_PLACE_RU = r"[А-ЯЁЄІЇҐ][А-ЯЁЄІЇҐа-яёєіїґ-]+(?: [А-ЯЁЄІЇҐ][А-ЯЁЄІЇҐа-яёєіїґ-]+){0,2}"
_AGENCY_RU = (
    r"(?:/?(?:ТАСС|РИА Новости|Интерфакс(?:-[А-Яа-я]+)?|INTERFAX(?:\.RU)?|Рейтер|Reuters|Росбалт|REGNUM|УНН|УНИАН"
    r"|Укринформ|БЕЛТА|БелТА|КАЗИНФОРМ)/?)"
)
_AGENCY = (
    r"(?:aap|adnkronos|afp|agi|anp|ansa|ap|apa|ats|belga|ctk|čtk|dpa(?:[/-]\w{2,6})?|efe|europa press|ips"
    r"|keystone-(?:ats|sda)|kna|epd|lusa|mti|ntb|pap|reuters|ritzau|sda|sid|sir|stt|tass|tt|xinhua|тасс|рейтер|интерфакс)"
)
_DAY = r"(?:,? \d{1,2}(?:\.|er|º)?(?: de)? ?[A-Za-zÀ-ÿ.]{3,10}\.?(?:(?: de)? \d{4})?)?"
_NEXT = r"(?=[A-ZÀ-ÞА-ЯЁЄІЇҐ0-9“\"'‘„«»–—])"
_ARABIC, _HAN = "\u0600-\u06ff", "\u3400-\u9fff"
_AGENCY_AR = (
    r"رويترز|أ ?ف ?ب|د ?ب ?أ|أ ?ش ?أ|أ ?ب|وام|واس|وفا|بترا|سانا|كونا|الأناضول|شينخوا|وكالات|فرانس برس|سي ?إن ?إن"
)
_AGENCY_ZH = (
    "新华社|新華社|新华网|中新社|中新网|中央社|人民网|央视|本报|本報|路透社?|法新社|美联社|美聯社|彭博社|共同社|中评社"
)
_REPORTER_ZH = r"[（(](?:记者|記者|通讯员|特派记者|实习生)[^（()）]{0,30}[）)]"
# Place, perhaps a date, an agency, then a dash or the like. Only at the start of a paragraph.
DATELINES = (
    re.compile(
        rf"^[A-ZÀ-Þ][^()\n.:;]{{2,40}}{_DAY},? ?\((?i:{_AGENCY}(?:[/, ]+{_AGENCY})*)\)(?:\.? ?[-–—=]+|[:.]) ?{_NEXT}"
    ),
    re.compile(rf"^\((?i:{_AGENCY})\)\s*[-–—=]\s*(?:[A-ZÀ-Þ' ]{{3,30}}, \d{{1,2}} [A-Z]{{3}}\s*[-–—]\s*)?{_NEXT}"),
    re.compile(rf"^[A-ZÀ-Þ][A-ZÀ-Þ' ]{{2,30}}, \d{{1,2}} [A-ZÀ-Þ]{{3,9}}\s*[-–—]\s*{_NEXT}"),
    re.compile(rf"^(?:{_PLACE_RU}[.,] )?{_DATE_RU}[.,]?\s*(?:[-–—]\s*)?\(?{_AGENCY_RU}\)?\s*[-–—.:]*\s*{_NEXT}"),
    re.compile(rf"^[А-ЯЁ-]{{3,}}(?: [А-ЯЁ-]{{2,}}){{0,2}}, {_DATE_RU}(?: \([^()]{{2,20}}\))?\s*[-–—.]\s+{_NEXT}"),
    re.compile(rf"^{_AGENCY_RU}(?:, {_DATE_RU}[.,]?\s*[-–—]?\s*|\s+[-–—]\s+){_NEXT}"),
    # "دمشق 5 مايو (رويترز) - ", "رويترز - "
    re.compile(rf"^[{_ARABIC}\d ،,/]{{2,40}}\((?:{_AGENCY_AR}|[A-Z]{{2,6}})\)\s*[-–—:.]+\s*"),
    re.compile(rf"^(?:{_AGENCY_AR})\s*[-–—:]+\s*"),
    # "新华社北京3月5日电（记者张三）", "（中央社台北5日電）", "(美国商业资讯)--"
    re.compile(
        rf"^据?(?:{_AGENCY_ZH})[{_HAN}·]{{0,12}}(?:\d{{1,2}}月)?\d{{1,2}}日(?:综合)?[电電讯訊]\s*(?:{_REPORTER_ZH})?\s*(?:题[:：])?\s*"
    ),
    re.compile(rf"^[（(](?:{_AGENCY_ZH})[^（()）]{{0,40}}[）)]\s*[-–—]*\s*"),
    re.compile(rf"^[（(][{_HAN}]{{2,8}}[）)]\s*--?\s*"),
    # "［東京 19日 ロイター］ - ", "【6月18日 AFP】"
    re.compile(r"^[［\[][^［\[\]］]{2,30}(?:ロイター|AFP|共同|時事)[^［\[\]］]{0,6}[］\]]\s*[-–—]*\s*"),
    # "(서울=연합뉴스) 홍길동 기자 = "
    re.compile(r"^[(\[][가-힣]{1,10}=[가-힣A-Za-z ]{2,12}[)\]]\s*(?:[가-힣 ·]{2,24}(?:기자|특파원)\s*)?=\s*"),
    # "नई दिल्ली, 5 मई (भाषा) "
    re.compile(r"^[\u0900-\u0963 ,\d]{2,40}\((?:भाषा|वार्ता|एएनआई|एजेंसी|आईएएनएस|[A-Z]{2,6})\)\s*[-–—।:]*\s*"),
)
AGENCY_NOTE = re.compile(
    rf"\s*[(/](?:(?:avec|mit|con|com|met|med|с|quelle|source|fuente|fonte|bron|источник):? )?{_AGENCY}"
    rf"(?:(?:/|, ?| y | e | et | und | en | och | og | и ){_AGENCY})*[)/]"
    rf"|\s*\((?:{_AGENCY_AR})\)|{_REPORTER_ZH}|[（(](?:共同|時事|ロイター|AFP時事|AFP)[）)]",
    re.I,
)
# "+++ 17:20 Uhr +++ ": what stands before an entry of a live blog.
TICKER = re.compile(r"^\+{2,4}\s*(?:\d{1,2}[.:]\d{2}(?: (?:Uhr|h))?\s*\+{0,4}\s*)?")
# What is about the report and not the news, at the beginning of a paragraph or sentence.
JUNK = re.compile(
    r"""^\W*(?:
      (?:fotos?|photo|bild|bilder|kuva|fot|фото|видео|відео|video|vidéo|źródło|quelle|fuente|fonte|bron|источник|källa|kilde)
      \s*[:.|/]
    | crédits?\s+photo | copyright\b | symbolbild\b | archivbild\b | riproduzione\s+riservata | ©
    | lesen\s+sie\s+(?:auch|mehr|hier) | mehr\s+zum\s+thema | wie\s+wir\s+berichte | zum\s+artikel
    | hier\s+geht(?:'s|\s+es)\s+z
    | lire\s+(?:aussi|également) | à\s+lire\s+(?:aussi|également) | (?:à\s+)?(?:lire|voir)\s*: | voir\s+aussi
    | abonnez-vous | inscrivez-vous | suivez-nous
    | le[ae]\s+también | te\s+puede\s+interesar | suscr[ií]b | haga?\s+clic | haz\s+clic | síguenos
    | leggi\s+anche | guarda\s+anche | clicca\s+qui | iscriviti | seguici
    | leia\s+(?:também|mais) | saiba\s+mais | veja\s+(?:também|mais) | clique\s+aqui | inscreva-se
    | lees\s+(?:ook|meer|verder) | bekijk\s+(?:ook|hier) | klik\s+hier | abonneer | schrijf\s+je\s+in
    | läs\s+(?:även|också|mer) | klicka\s+här | prenumerera | les\s+(?:også|mer|hele) | klikk\s+her
    | læs\s+(?:også|mere) | lue\s+(?:myös|lisää) | klikkaa | tilaa\s+uutiskirje
    | czytaj\s+(?:też|także|więcej) | zobacz\s+(?:też|także) | čtěte\s+(?:také|též)
    | читайте\b | подписывайтесь | подпишитесь | следите\s+за | смотрите\s+(?:также|видео) | підписуйтес
    | подробнее\b.{0,20}(?:читайте|в\s+материале) | источник\s*[,—–] | джерело\s*[:,—–] | дивіться\s+також
    | (?:责任编辑|責任編輯|责编|编辑|編輯|图片?来源|来源|來源|摄影|摄|作者|记者|記者|原标题|原標題|关键词|图)\s*[:：]
    | 延伸阅读 | 延伸閱讀 | 相关(?:阅读|报道|新闻) | 相關(?:閱讀|新聞) | 点击(?:查看|进入|下方|关注)
    | 更多(?:精彩|资讯|新闻)
    | 未经授权 | 未經授權 | 版权所有 | 版權所有 | 扫码 | 长按 | 本文(?:来源|转自|系)
    | 関連記事 | 【?関連 | あわせて読みたい | 続きを読む | (?:写真|画像|出典|文|取材|編集)\s*[:：＝=] | 無断転載 | ※
    | 관련\s?기사 | 사진\s*[=:] | 저작권자 | 무단\s?전재 | ▶ | ⓒ
    | اقرأ\s+(?:أيضا|أيضاً|أيضًا|المزيد) | شاهد\s+(?:أيضا|أيضاً|الفيديو) | تابعونا | للمزيد
    | (?:المصدر|صورة|الصورة|إعداد|تحرير)\s*[:–-] | إعداد\s+\S+\s+\S+\s+(?:للنشرة|وتحرير)
    | (?:ये|यह)\s+भी\s+पढ़ें | (?:फोटो|स्रोत|तस्वीर)\s*[:：] | (?:जागरण\s+)?संवाददाता,
    | \d{1,2}:\d{2},?\s+\d{1,2}\.\d{1,2}\.\d{4} | \d{1,2}\.\d{1,2}\.\d{4},?\s+\d{1,2}:\d{2}
    | полный\s+текст\b | в\s+новость\s+внесена | материал\s+дополняется | новость\s+дополняется
    )""",
    re.I | re.X,
)
# What a headline says its text is: somebody's opinion, a ticker, a gallery, a talk.
_OPINION = (
    r"kommentar(?:i|en)?|leitartikel|meinung|kolumne|gastbeitrag|glosse|essay|opini[óo]n|editorial|columna|tribuna|an[áà]lisis"
    r"|éditorial|édito|tribune|chronique|analyse|point de vue|opinione|editoriale|commento|analisi|l'analisi"
    r"|opinião|coluna|análise|artigo|opinie|commentaar|column|ledare|krönika|åsikt|debatt?|leder|kronikk?|meninger|mening"
    r"|pääkirjoitus|kolumni|mielipide|kommentti|komentarz|opinia|felieton|мнение|колонка|комментарий|точка зрения"
    r"|думка|погляд|رأي|مقال|افتتاحية|社论|社評|评论|評論|观点|觀點|时评|社説|コラム|論説|사설|칼럼"
)
OPINION_LABEL = re.compile(rf"^\W?(?:{_OPINION})\s*[:|：\]】»]|\s[|]\s*(?:{_OPINION})\s*$", re.I)
_OPINION_PLACE = re.compile(
    r"/(?:meinung|kommentare?|kolumnen?|opini[oó]n(?:es)?|columnas?|tribunas?|opinions?|editoriales?|editoriali|opinioni"
    r"|opiniao|colunas?|opinie|columns?|ledare?|kronikk|debatt|mnenija|mneniya|opinii)/",
    re.I,
)
NOT_HEADLINE = re.compile(
    rf"^\W?(?:{_OPINION}|live-?ticker|ticker|newsblog|newsticker|liveblog|live|en direct|en directo|en vivo|in diretta"
    r"|ao vivo|direct|diretta|directo|онлайн|фото|видео|фоторепортаж|видеорепортаж|інтерв'ю|интервью"
    r"|interview|entrevista|intervista|bildstrecke|fotostrecke|galer[ií]a|galleria|galerie|podcast|quiz"
    r"|مباشر|فيديو|صور|图集|视频|直播|写真|動画)\s*[:|：\]】]",
    re.I,
)


def is_opinion(headline: str, url: str) -> bool:
    """Whether a column or an editorial is called so by its headline or its address."""
    return OPINION_LABEL.search(headline) is not None or _OPINION_PLACE.search(url) is not None


def is_junk(paragraph: str) -> bool:
    """Whether a paragraph is about the report; a long one may hold all of it behind such a sentence."""
    return len(paragraph) < JUNK_CHARS_MAX and JUNK.match(paragraph) is not None


JUNK_CHARS_MAX = 300
_NAME = r"(?:[«\"“„][^»\"”“]{2,40}[»\"”“]|(?-i:[A-ZÀ-ÞА-ЯЁ])[\w.-]+(?: (?-i:[A-ZÀ-ÞА-ЯЁ])[\w.-]+){0,2})"
# A site that tells what it told before, mostly of something else, by how a sentence begins; or of itself anywhere.
_SELF_REFERENCE = re.compile(
    rf"(?:напомним, )?ранее (?:мы|{_NAME}) (?:уже |также )?"
    r"(?:писал|сообщал|рассказывал|информировал|публиковал|отмечал)[аио]?\b"
    rf"|раніше (?:ми|{_NAME}) (?:писал|повідомлял|розповідал)[аио]?\b"
    rf"|как (?:ранее )?(?:писал|сообщал)[аи]? (?:мы\b|{_NAME})"
    r"|(?:wie|worüber) wir (?:bereits )?bericht|comme nous l'(?:avons|écrivions)"
    r"|como (?:ya )?(?:informamos|publicamos|contamos)|come (?:avevamo|abbiamo) (?:già )?(?:scritto|riferito)"
    r"|zoals (?:wij|we) (?:eerder )?(?:schreven|meldden)",
    re.I,
)
_OUR_SITE = re.compile(r"\bнаш(?:ему|его|ем) (?:изданию|издания|издании|сайту|сайте|корреспондент\w*)\b")


# What nobody had to say. A sign in small letters, without which it isn't looked for.
_NO_COMMENT = (
    (
        "коммент",
        r"не ответил\w* на запрос|отказал\w* от комментари|не стал\w* комментировать|комментари\w+ (?:пока )?нет",
    ),
    ("комент", r"відмовил\w* від коментар|не відпові\w+ на запит|не став\w* коментувати"),
    (
        "kommentar",
        r"lehnte\w* (?:einen|jeden|jeglichen) kommentar|(?:ingen|ikke) (?:har )?kommentar\w*|vill\w* inte kommentera",
    ),
    ("stellungnahme", r"(?:nicht|zunächst keine) .{0,30}stellungnahme|stellungnahme (?:nicht|lehnte|wollte)"),
    ("äußern", r"wollt\w+ sich (?:\w+ ){0,3}nicht (?:\w+ )?äußern"),
    (
        "coment",
        r"no (?:quis|respond)\w+ .{0,40}coment|declin\w+ (?:hacer )?coment|não (?:quis|respond)\w+ .{0,40}coment",
    ),
    ("comment", r"n'(?:a|ont) pas .{0,40}comment|refus\w+ .{0,20}comment|non (?:ha|hanno) .{0,40}comment"),
    ("reageren", r"(?:wilde?n?|kon|konden) (?:\w+ ){0,3}niet reageren"),
    ("评论", r"(?:拒绝|未|没有).{0,10}(?:置评|评论)"),
    ("置评", r"(?:拒绝|未|没有|暂不).{0,12}置评"),
    ("تعليق", r"(?:رفض|امتنع)\S* .{0,20}التعليق|لم (?:يرد|ترد)\S* .{0,30}تعليق"),
)
_NO_COMMENT_BY = tuple((sign, re.compile(pattern)) for sign, pattern in _NO_COMMENT)


def had_no_comment(sentence: str) -> bool:
    """Whether a sentence tells that somebody said nothing."""
    lower = sentence.lower()
    return any(sign in lower and pattern.search(lower) is not None for sign, pattern in _NO_COMMENT_BY)


def refers_to_itself(sentence: str) -> bool:
    """Whether a site tells of its own reports."""
    if _SELF_REFERENCE.match(sentence):
        return True
    lower = sentence.lower()
    return "наш" in lower and _OUR_SITE.search(lower) is not None


# An opening that leans on the sentence before and can be left out: a conjunction before a whole clause, an adverb
# before a comma, in Russian, where the verb may stand anywhere, an adverb alone.
_CONJUNCTION = {
    "da": "Men|Og",
    "de": "Aber|Und|Denn",
    "es": "Pero|Y",
    "fi": "Mutta|Ja",
    "fr": "Mais|Et|Car",
    "it": "Ma|E",
    "nb": "Men|Og",
    "nl": "Maar|En|Want",
    "nn": "Men|Og",
    "no": "Men|Og",
    "pt": "Mas|E",
    "ru": "Но|И|Однако",
    "sv": "Men|Och",
}
_BEFORE_COMMA = {
    "es": "Además|Asimismo|Sin embargo|No obstante|Por otra parte|Por otro lado|Mientras tanto|En tanto|También"
    "|Igualmente|Finalmente|Por último|De hecho|En cambio|Entretanto|Al mismo tiempo|Por su parte",
    "fr": "En outre|De plus|Par ailleurs|Cependant|Toutefois|Néanmoins|Pourtant|En effet|De son côté|En revanche"
    "|Enfin|Or|Parallèlement|Dans le même temps|D'autre part|Pour sa part|Ainsi|Également",
    "it": "Inoltre|Tuttavia|Infatti|Infine|Peraltro|Però|D'altra parte|Nel frattempo|Intanto|Comunque"
    "|Allo stesso tempo",
    "pt": "Além disso|No entanto|Contudo|Entretanto|Porém|Todavia|Por outro lado|Também|Por fim|Aliás|Enquanto isso"
    "|Ainda|Por sua vez|Ao mesmo tempo",
    "ru": "Напомним, что|Отметим, что|Стоит отметить, что|Следует отметить, что|Напомним|Отметим|Кроме того|Также"
    "|Вместе с тем|Тем не менее|При этом|Между тем|Тем временем|Впрочем|Наконец|Кстати|К слову|Таким образом"
    "|В свою очередь|Помимо этого|Более того|В то же время|Как известно",
}  # fmt: skip


STOPLESS = frozenset(("ar", "fa", "ur"))
"""Languages whose paragraphs often end without a mark."""
# Where no space or no capital tells a word.
_OPENING_ELSEWHERE = {
    "ar": r"(?:كما |و?لكن |(?:غير|إلا) أن |و?مع ذلك،? |و?في المقابل،? |و?من (?:جهة|ناحية) أخرى،? )(?=\S)",
    "ja": r"(?:また|さらに|一方(?:で)?|なお|ただし?|しかし|だが|そして|このほか)、(?=\S)",
    "pl": r"(?:Ponadto|Natomiast|Tymczasem|Jednak|Dodatkowo|Ale|Poza tym),? (?=\S)",
    "uk": r"(?:Нагадаємо, що|Зазначимо, що|Нагадаємо|Зазначимо|Крім того|Окрім того|Також|Водночас|Тим часом|При цьому"
    r"|Проте|Однак|Але|Втім|До слова),? (?=\S)",
    "zh": r"(?:[据據](?:了解|悉|介[绍紹]|[报報][道導])|此外|另外|同[时時]|不[过過]|然而|与此同时|值得(?:注意|一提)的是)"
    r"[，,](?=\S)|但是?(?![愿凡])[，,]?(?=\S)",
}  # fmt: skip


def _connector(language: str) -> re.Pattern[str]:
    conjunctions = rf"(?:{_CONJUNCTION[language]}) (?=[^\W\d_])"
    if language not in _BEFORE_COMMA:
        return re.compile(f"^{conjunctions}")
    comma = ",?" if language == "ru" else ","
    return re.compile(rf"^(?:(?:{_BEFORE_COMMA[language]}){comma} (?=\S)|{conjunctions})")


CONNECTOR = {language: _connector(language) for language in _CONJUNCTION}
CONNECTOR |= {language: re.compile(f"^(?:{opening})") for language, opening in _OPENING_ELSEWHERE.items()}

# Languages that put a dash before what somebody says, and their words of saying.
DASH_QUOTES = frozenset(("da", "fi", "nb", "nn", "no", "pl", "sv"))
"""Where a paragraph behind a dash is always said by somebody; elsewhere it may be an item of a list."""
SAYS = {
    "da": word_set("siger sagde sige fortæller fortalte forklarer udtaler oplyser skriver mener lyder tilføjer"),
    "es": word_set(
        """dijo dice afirmó afirma señaló señala explicó explica añadió añade aseguró asegura indicó indica declaró
        apuntó sostuvo manifestó comentó subrayó relató contó expresó agregó"""
    ),
    "fi": word_set(
        """sanoo sanoi kertoo kertoi toteaa totesi arvioi muistuttaa muistutti lisää lisäsi selittää selitti huomauttaa
        huomautti korostaa korosti vakuuttaa vakuutti kuittaa pohtii kommentoi ihmettelee jatkaa sanoivat kertovat
        kertoivat mukaan kirjoittaa linjaa painottaa vastaa kuvailee summaa"""
    ),
    "fr": word_set(
        """dit déclaré affirmé expliqué ajouté assuré souligné précisé estimé indiqué raconté confié lancé déclare
        affirme explique ajoute assure souligne précise estime indique raconte poursuit témoigne"""
    ),
    "no": word_set(
        """sier sa forteller fortalte forklarer uttaler opplyser skriver mener lyder tilføyer understreker svarer"""
    ),
    "pl": word_set(
        """mówi powiedział powiedziała dodał dodała podkreślił podkreśla wyjaśnił wyjaśnia stwierdził zaznaczył"""
    ),
    "pt": word_set(
        """disse diz afirmou afirma explicou explica acrescentou contou destacou declarou ressaltou relatou avaliou
        completou lembrou comentou"""
    ),
    "ru": word_set(
        """сказал сказала сказали говорит говорят заявил заявила заявили сообщил сообщила сообщили сообщает отметил
        отметила отметили отмечает рассказал рассказала рассказали рассказывает добавил добавила добавили пояснил
        пояснила пояснили подчеркнул подчеркнула считает уточнил уточнила приводит цитирует резюмировал объяснил
        объяснила написал написала"""
    ),
    "sv": word_set(
        "säger sade sa berättar berättade förklarar uppger skriver menar tillägger fortsätter konstaterar kommenterar"
    ),
}  # fmt: skip
SAYS["nb"] = SAYS["nn"] = SAYS["no"]
DASH = re.compile(r"^\s*[–—―]\s+(?=\S)")
_WORD = re.compile(r"[^\W\d_]+")


def has_speaker(sentence: str, language: str) -> bool:
    """Whether a sentence has a word of saying of its language."""
    says = SAYS.get(language)
    return says is not None and not says.isdisjoint(word.lower() for word in _WORD.findall(sentence))
