"""English word lists by which sentences are read. All lower case; sets are only ever asked, never walked."""


def word_set(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


def is_number(word: str) -> bool:
    """Whether a word (lower case) is a number, in figures or written out."""
    return word[:1].isdigit() or word in NUMBER_WORD


STOP = word_set(
    """a about above after again against all almost along already also although always am among an and another
    any are around as at away back be because been before behind being below between both but by came can
    cannot come could did do does doing done down during each either else even ever every few for from
    further get gets getting go goes going got had has have having he her here hers herself him himself his
    how however i if in indeed instead into is it its itself just later least less like made make makes many
    may maybe me might mine more most mr mrs ms much must my myself neither never no nor not nothing now of
    off often on once one only onto or other others otherwise our ours out over own per perhaps quite rather
    re s said same say saying says shall she should since so some still such t take taken than that the
    their theirs them themselves then there these they this those though through thus to together told too
    took toward towards under until up upon us very via was way we well went were what when where whether
    which while who whom whose why will with within without would yet you your yours"""
)

AUXILIARY = word_set(
    """is are was were be been has have had do does did will would can could may might must shall should isn't
    aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't cannot couldn't"""
)

# Past forms that don't end in -ed, and those of one form that news uses as a past.
IRREGULAR = word_set(
    """arose ate awoke beat became began bent bet bit bled blew bore bought bound bred broke brought built
    burnt burst came cast caught chose clung cost crept cut dealt dealt did died dove drank drew drove dug
    fell felt fled flew flung forbade forgot forgave fought found froze gave got grew ground had heard held
    hid hit hung hurt kept knelt knew laid lay led left lent let lit lost made meant met mistook overcame
    overtook overthrew paid pled put quit ran rang read rode rose said sank sat saw sent set shed shook
    shone shot shrank shut slew slid slept sold sought spent spoke sprang spread stood stole stuck stung
    strode strove struck swam swept swore swung threw taught thought told took tore undertook underwent
    understood upheld was went were withdrew withstood woke won wore wound wrote"""
)

# Present forms in -s that are verbs far more often than plurals in news.
PRESENT = word_set(
    """accuses acknowledges adds admits affects agrees aims allows announces appears argues arrives asks
    becomes begins believes belongs blames brings calls carries causes claims comes concerns confirms
    considers contains continues covers creates cuts dates declares defends demands denies depends describes
    dies disagrees employs ends ensures exceeds exists expects explains faces fails falls feels fears finds
    follows gets gives goes grows happens heads helps holds hopes includes indicates insists intends
    involves joins keeps kills knows lacks lasts lays leads learns leaves lies lists lives looks loses
    maintains makes means meets moves needs notes occurs offers operates opens opposes owns passes pays
    plans plays points poses predicts prevents promises proposes provides publishes puts raises reaches
    receives recommends refers refuses rejects releases remains represents requires resigns responds returns
    reveals rises rules runs says seeks seems sees sells sends serves sets shows sits speaks spends stands
    starts states stays stems stops suffers suggests supports suspects takes targets tells tends thinks
    threatens tries turns urges uses visits wants warns wins works writes
    soars erupts retires capsizes confesses collapses surrenders explodes resumes reopens plunges tumbles survives"""
)

# Forms without an ending that are hardly ever nouns, and those that in a heading's place for a verb are one.
PLAIN = word_set(
    """accept accuse admit affirm agree allow appear argue arrive ask avoid become begin believe belong bring
    build choose come confirm consider continue create decide deny depend describe destroy discover discuss
    emerge enter exist expect explain extend follow happen hear include increase insist intend investigate
    join keep know lose maintain occur prepare prevent prove provide reach receive recommend refuse reject
    remain represent require resign respond say seek seem select send serve speak spend suggest tell
    threaten tend understand urge vow warn win withdraw"""
)
PLAIN_IN_HEADING = word_set(
    """aim approach attack back bid call claim clash close cut face fear fight head help hold hope lead march
    mark meet move need offer open order pay plan pledge promise push raise report return rise rule seize
    sell set sign stand start strike support talk target vote walk want"""
)

# -ed words that are no verbs.
NOT_VERB = word_set(
    """united red bed need hundred indeed speed seed feed breed shed exceed proceed succeed kindred sacred
    naked wicked armed unarmed alleged so-called embed bred fed-up wed greed weed biped
    ahmed mohammed mohamed muhammed saeed sayed rasheed khaled waleed hamed majed alfred wilfred mildred"""
)

SPEECH = word_set(
    """said says told tells added adds announced argued asked claimed confirmed declared denied described
    explained insisted noted recalled remarked replied reported reports stated stressed suggested tweeted
    urged warned warns wrote according called acknowledged admitted alleged accused believes believe thinks
    think expects predicted"""
)
# A claim stays with who makes it: these may not be cut off.
ATTRIBUTION = word_set(
    """said says told according claimed claims claim alleged alleges allegedly reportedly accused argued argues
    insisted insists believes believed denied denies suspects suspected apparently suggested suggests
    estimates estimated"""
)

NEGATION = word_set(
    """not no never none nobody nothing neither nor without n't cannot can't don't doesn't didn't won't
    wouldn't isn't aren't wasn't weren't hasn't haven't hadn't couldn't shouldn't unable deny denies denied
    denying refuse refuses refused refusing fail fails failed failing reject rejects rejected rejecting
    false untrue unlikely ruled"""
)
DENIAL = word_set("deny denies denied denying reject rejects rejected rejecting false untrue")
MODAL = word_set(
    """will would may might could should must shall can can't cannot couldn't wouldn't won't shouldn't plans
    planned expected expects likely possible possibly probably perhaps set due scheduled intends hopes hoped
    wants wanted proposed considering aims unless if"""
)
FUTURE = word_set("will shall won't")
FUTURE_PHRASE_HEADS = word_set(
    """expected scheduled due set yet planned plans slated poised going preparing prepares intends about is are"""
)

FIRST_SECOND = word_set("i i'm i've i'd i'll we we're we've we'll us our ours my me you you're your yours")
_HE = "he she his her him he's she's he'd she'd he'll she'll"
PRONOUN_START = word_set(f"{_HE} they it their its them both neither they're they've they'd they'll it's it'd it'll")
PERSON_PRONOUN = word_set(_HE)
DEMONSTRATIVE = word_set("this these that those such")
DEICTIC = word_set("here today yesterday tonight tomorrow")
WEEKDAY = word_set("monday tuesday wednesday thursday friday saturday sunday")

# Stems of words that two sentences may share without telling the same.
TIME_STEM = word_set(
    """last week month year day time now later earli next past first recent today hour monday tuesday wednesday thursday
    friday saturday sunday januari februari march april june juli august septemb octob novemb decemb"""
)

MONTH = {
    "January": 1, "February": 2, "March": 3, "April": 4, "June": 6, "July": 7, "August": 8, "September": 9,
    "October": 10, "November": 11, "December": 12, "Jan": 1, "Feb": 2, "Aug": 8, "Sept": 9, "Oct": 10, "Nov": 11,
    "Dec": 12,
}  # fmt: skip

NUMBER_WORD = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30",
    "forty": "40", "fifty": "50", "dozen": "dozen", "dozens": "dozens", "hundreds": "hundreds",
    "thousands": "thousands", "half": "half", "twice": "twice",
}  # fmt: skip

# One thing in several words: a stem of the left is read as that on the right.
CANON = {
    "kill": "dead", "die": "dead", "death": "dead", "dead": "dead", "fatal": "dead", "deadli": "dead", "toll": "dead",
    "arrest": "held", "detain": "held", "custodi": "held", "injur": "hurt", "wound": "hurt", "hurt": "hurt",
    "earthquak": "quake", "temblor": "quake", "quak": "quake", "resign": "quit", "quit": "quit", "polic": "polic",
    "offici": "offici", "talk": "talk", "discuss": "talk", "negoti": "talk", "meet": "meet", "met": "meet",
    "won": "win", "winner": "win", "victori": "win", "held": "hold", "told": "tell", "shot": "shoot", "found": "find",
    "began": "begin", "led": "lead", "struck": "strike", "rose": "rise", "fell": "fall", "gave": "give",
    "manoeuvr": "maneuv", "programm": "program", "sceptic": "skeptic", "grey": "gray",
    "american": "us", "u.s": "us", "us": "us", "british": "uk", "u.k": "uk", "britain": "uk",
}  # fmt: skip

TITLE_SMALL = word_set(
    """a an the and but or nor as at by for from in into of on onto over per than to up via vs with"""
)
PREPOSITION = word_set(
    """about above across after against along among around as at before behind between by despite during for
    from in inside into near of off on onto out outside over since than through to toward towards under
    until up upon via with within without amid"""
)
DETERMINER = word_set("a an the this that these those his her its their our my your some any each every no")
POSSESSIVE = frozenset(("his", "her", "its", "their"))
ROLE_SPEAKER = word_set(
    """police officials official spokesman spokeswoman spokesperson minister ministry president prosecutors
    prosecutor judge statement report witnesses company agency government court lawyer lawyers doctors
    researchers scientists army military authorities department chief leader leaders mayor governor senator
    director officer analysts study"""
)

# What ends a course of things. In a lead's main clause it tells how the story stands now.
OUTCOME = word_set(
    """won wins win elected defeated beat conceded concedes convicted acquitted sentenced resigned resigns quits
    approved approves rejected rejects passed accepted accepts agreed agrees signed ended ends ruled rules freed
    released found rescued captured arrested charged died killed contained extinguished reopened resumed landed
    launched lowered raised cut cancelled canceled abandoned withdrew settled sank crashed vetoed overturned"""
)

# Places and bodies that speak for themselves: "Israel said" needs no introduction.
KNOWN_PLACE = word_set(
    """afghanistan argentina australia austria bangladesh belarus belgium bolivia brazil britain bulgaria canada
    chile china colombia croatia cuba cyprus denmark ecuador egypt england ethiopia europe finland france
    georgia germany greece guinea haiti hungary iceland india indonesia iran iraq ireland israel italy
    jamaica japan jordan kenya kosovo kuwait latvia lebanon liberia libya lithuania malaysia mali malta
    mexico moldova mongolia morocco myanmar nepal netherlands nigeria norway pakistan palestine panama peru
    philippines poland portugal qatar romania russia rwanda scotland serbia singapore slovakia slovenia
    somalia spain sudan sweden switzerland syria taiwan thailand tunisia turkey uganda ukraine venezuela
    vietnam wales yemen zambia zimbabwe america africa asia washington moscow beijing london paris berlin
    tokyo seoul pyongyang brussels tehran kabul baghdad cairo jerusalem ankara kiev kyiv delhi congress
    parliament pentagon kremlin senate republicans democrats tories labour liberals conservatives nato
    google facebook microsoft apple amazon twitter reuters hamas hezbollah christians muslims jews americans
    russians israelis palestinians"""
)
# Abbreviations that news uses without saying what they stand for.
KNOWN_SHORT = word_set(
    """us uk un eu usa uae ussr nato bbc cnn nbc abc cbs msnbc pbs itv npr nba nfl nhl mlb nascar ncaa fifa uefa
    fbi cia nasa gop tv dna aids hiv imf who wto opec nsa irs id ceo cfo mp mps pm am gdp ibm isis isil is
    nyc la dc pc ap afp upi pr it ac ii iii iv vi vii viii ix xi xii xiv xvi fc cctv gps sms dvd cd ufo vip
    usaid unesco unicef opcw iaea mi5 mi6 rspca nhs hbo mtv bmw kfc ikea aol att ufc wwe nypd lapd swat suv
    atm phd mba jr sr md ok va fda epa sec dea ice tsa"""
)

# Words in the names of places, bodies, days and works. Those below are in people's names as well, and show a body only
# elsewhere than at the beginning or end: "April Ives", "Theresa May", but "West Lake", "May Day".
NAME_OF_BODY = word_set(
    """party committee house department council ministry court street city university senate congress agency office
    bureau commission union association federation institute foundation company corporation group bank board service
    services force forces army navy guard police church school college hospital hotel airport station road avenue
    square park river lake sea bay island islands strip valley mountain mount north south east west northern southern
    eastern western central new old united states state republic kingdom county province district region territory
    coast territories gulf cape port fort saint league cup prix games olympics championship series club team times
    post news journal press network television radio magazine gazette herald tribune media act bill law treaty
    agreement accord january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday day week world international national federal american british
    european russian ukrainian israeli palestinian syrian iranian chinese korean french german islamic muslim
    christian jewish catholic baptist democratic republican tea labour conservative liberal democrats republicans
    security state's supreme high justice homeland human rights health education treasury defense defence foreign
    affairs management disaster nations center centre hall tower building bridge wall first second third white"""
)
ALSO_GIVEN_NAME = word_set("april august bill june may")
ALSO_SURNAME = word_set("bridge church day hall lake law march may north park wall west white")

# With what the patterns of `dependence` begin.
NEVER_ALONE_START = word_set(
    """for as asked the one some other others another many most instead thus therefore so nor or here even too once it
    that now either again similarly likewise otherwise none not in by among yes no perhaps of to only rather just
    whether part if after and because which while"""
)
LEANING_START = word_set(
    """the one this these those that such there then both neither all in at since after afterward afterwards before on
    under earlier later known built seen born held when if additional further by from among within along with to
    until around about over during but yet however soon ultimately eventually subsequently called named dubbed
    nicknamed titled entitled shortly immediately moments minutes hours days weeks ever each
    every despite besides for first second third finally lastly more back"""
)
# One of which is in a sentence that answers what was said before, adds to it or goes on from it.
ANSWERING, ADDING = (
    frozenset(("did", "does", "such")),
    frozenset(("added", "continued", "further", "just", "referring", "went")),
)
GOING_ON = frozenset(("then", "nonetheless", "nevertheless", "instead", "too", "either"))
# One of which is in a sentence whose other half was told before it, see `halves`.
OF_HALVES = word_set(
    """later since similarly likewise subsequently thereafter afterwards afterward different them it he she
    there both"""
)

# What a name is called by, in whatever language.
COURTESY = word_set("mr mrs ms miss mx")

# What somebody does who is on another side than the one that is told, and who they are.
ANSWERS = word_set(
    """deny denies denied denying reject rejects rejected rejecting dispute disputes disputed refute refutes refuted
    dismiss dismisses dismissed criticise criticises criticised criticize criticizes criticized condemn condemns
    condemned denounce denounces denounced blasted slammed lambasted decried deplored oppose opposes opposed object
    objects objected protested accuse accuses accused countered rebutted retorted disagreed disagrees disagree
    apologise apologised apologize apologized apologises apologizes defend defends defended disavowed refuse refuses
    refused rebuked faulted questioned complained complain complains lamented contradicted"""
)
SIDES = word_set("critics opponents detractors")
OTHER_SIDE = ANSWERS | SIDES | {"guilty"}

# What a sentence must hold for the patterns of `hunts`, `passing` and `headlining` to find anything; of each list a
# word's flags tell whether it is in it, for it is asked of every sentence.
HUNTING = frozenset(
    ("large", "run", "manhunt", "search", "searched", "searching", "hunt", "hunted", "hunting", "look", "looking",
     "looked", "identify", "trace", "catch", "track", "appeal", "appeals", "appealed", "appealing", "call", "called",
     "calling", "ask", "asked", "asking", "urged", "urging", "forward", "anyone", "anybody", "ongoing", "continuing",
     "underway", "way", "cctv", "footage", "images", "image", "arrested", "charged")
)  # fmt: skip
LOOKS = frozenset(
    ("hair", "haired", "clothing", "clothes", "jacket", "hoodie", "jeans", "trousers", "shirt", "cap", "build", "tall",
     "accent", "beard", "old")
)  # fmt: skip
ASKING = frozenset(
    f"{word}{ending}"
    for word in ("call", "press", "push", "ask", "want", "demand")
    for ending in ("", "s", "es", "ed", "ing")
) | word_set(
    """urge urges urged urging pressure pressured pressures speculation expectation expectations expected likely poised
    set due whether"""
)
OF_TIME = frozenset(month.lower() for month in MONTH) | word_set(
    """ago once last past previous recent those over century earlier before time back president original when after if
    unless"""
)

# What a heading in other languages points back with, wherever it stands; see `leaning` for sentences: pronouns,
# possessives, demonstratives, "other", "also", "however".
LEANING_OPENING = {
    "de": word_set(
        """er sie es ihr ihre ihren ihrem sein seine seinen seinem dieser diese dieses diesen diesem dabei damit dafür
        dagegen daraufhin danach dort deshalb daher außerdem zudem auch andere weitere beide jedoch allerdings dies
        demnach stattdessen trotzdem dennoch"""
    ),
    "es": word_set(
        """él ella ello ellos ellas su sus este esta esto estos estas ese esa eso esos esas dicho dicha dichos dichas
        otro otra otros otras también además ambos ambas asimismo allí entonces aquel aquella"""
    ),
    "fr": word_set(
        """il elle ils elles son sa ses leur leurs ce cet cette ces celui celle ceux celles cela autre autres aussi
        également ensuite alors ainsi toutefois cependant pourtant"""
    ),
    "it": word_set(
        """egli ella lui lei essi esse suo sua suoi sue questo questa questi queste quello quella quelli quelle altro
        altra altri altre anche inoltre entrambi entrambe poi quindi tuttavia così"""
    ),
    "nl": word_set(
        """hij zij ze hun zijn haar dit dat deze die ander andere anderen ook daarna daarbij daarmee daarom
        daarnaast bovendien beide echter toch vervolgens"""
    ),
    "pt": word_set(
        """ele ela eles elas seu sua seus suas este esta isto estes estas esse essa isso esses essas outro outra outros
        outras também além ambos ambas assim então"""
    ),
    "ru": word_set(
        """он она оно они его её ее их этот эта это эти тот та те такой такая такие другой другая другие также
        оба обе однако затем потом поэтому там"""
    ),
}

# What opens a clause that a sentence is whole without: conjunctions of time, place and reason, never of a condition,
# and no relatives, which may say which one is meant.
CLAUSE_OPENING = {
    "de": word_set("während nachdem weil obwohl wobei wodurch sodass"),
    "es": word_set("mientras aunque porque pues"),
    "fr": word_set("alors tandis"),
    "it": word_set("mentre sebbene poiché"),
    "nl": word_set("waarbij waardoor waarna terwijl nadat omdat hoewel zodat"),
    "pt": word_set("enquanto embora porque"),
    "ru": word_set("хотя поскольку причем причём чтобы когда"),
}
# More of what points back, wherever it stands: other cases of it, and what stands there for "that".
POINTING = {
    "de": word_set("diesem dieser dieses diesen dessen deren jener jene jenes derselbe dieselbe dasselbe"),
    "es": word_set("dicho dicha dichos dichas mismo misma mismos mismas"),
    "fr": word_set("celui-ci celle-ci ceux-ci dernier dernière même"),
    "it": word_set("tale tali stesso stessa stessi stesse suddetto"),
    "nl": word_set("dezelfde hetzelfde diens"),
    "pt": word_set("desse dessa deste desta nesse nessa neste nesta mesmo mesma"),
    "ru": word_set(
        "этом этого этому этим этой этих этими том того тому тем данных данного данной данном ним ней них нем"
    ),
}
# Articles that say that the reader knows which one is meant.
DEFINITE = {
    "de": word_set("der die das den dem des"),
    "es": word_set("el la los las del al"),
    "fr": word_set("le la les du au aux"),
    "it": word_set("il lo la i gli le del dello della dei degli delle al allo alla ai agli alle dal dalla nel nella"),
    "nl": word_set("de het"),
    "pt": word_set("o a os as do da dos das ao no na"),
}
# Conjunctions that tie a sentence to the one before, or to a condition.
TIE_OPENING = {
    "de": word_set("aber und doch denn sondern wenn falls"),
    "es": word_set("pero y sino pues si"),
    "fr": word_set("mais et or car donc si"),
    "it": word_set("ma e però infatti se"),
    "nl": word_set("maar en want dus als indien"),
    "pt": word_set("mas e porém pois se"),
    "ru": word_set("но а и да зато ведь если данный данная данное данные"),
}
