"""Whether a sentence of another language than English leans on others: by its first words, and by what points back."""

import re
from collections.abc import Sequence
from typing import Literal

from .languages import PRONOUN
from .words import word_set

PRONOUN_WITHIN = 5
"""Among so many first words a third person has nobody before it in its own sentence, unless a name stands there."""

_OPENINGS = tuple('("“„«»「『–—―')
_NONE: frozenset[str] = frozenset()


def _joined(pattern: str) -> re.Pattern[str]:
    """A pattern written on several lines, without their breaks and indents."""
    return re.compile(f"(?:{_BREAK.sub('', pattern)})", re.I)


_BREAK = re.compile(r"\n\s*")

# First words: pronouns, possessives, demonstratives, conjunctions, "other", "also", "however", "then", "later".
FIRST_WORDS = {
    "ar": word_set(
        """هو هي هم هذا هذه وهذا وهذه ذلك وذلك تلك وتلك لذلك ولذلك كذلك وكذلك أيضا وأيضا بدوره وبدوره بدورها وبدورها
        لكن ولكن لكنه ولكنه لكنها ولكنها بينما فيما كما وكما حيث ثم وهو وهي وهم منها ومنها عنه هناك وهناك هنا وهنا
        بالتالي وبالتالي حينها وحينها عندها وعندها"""
    ),
    "da": word_set(
        """han hun hans hendes deres disse dette denne sådan også desuden derimod imidlertid men og samtidig derfor
        siden så der her dermed dog senere tidligere begge andre nu"""
    ),
    "de": word_set(
        """er sie es ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner dieser diese dieses diesen diesem dabei
        damit dafür dagegen daraufhin danach dort deshalb daher deswegen außerdem ausserdem zudem auch andere
        weitere beide beides jedoch allerdings dies demnach demzufolge stattdessen trotzdem dennoch dazu davon
        dadurch darüber darauf daran darin darunter daneben davor zuvor anschließend schließlich zunächst später
        ferner hierzu hierbei hierfür hinzu unterdessen inzwischen mittlerweile indes gleichzeitig zugleich ebenso
        ebenfalls aber doch und denn oder sondern nun jetzt dann so letztere ersterer jener jene solche derartige
        derweil andererseits folglich somit gleichwohl hingegen manche einige viele sonst nur selbst sogar vielmehr
        insgesamt"""
    ),
    "es": word_set(
        """él ella ello ellos ellas su sus este esta esto estos estas ese esa eso esos esas dicho dicha dichos dichas
        otro otra otros otras también además ambos ambas asimismo allí entonces aquel aquella aquello aquellos pero
        y o sino así luego ahora aquí ahí tampoco incluso solo sólo tal tales posteriormente finalmente igualmente
        le les ni todo algunos algunas"""
    ),
    "fi": word_set(
        """hän he hänen heidän hänelle heille se sen ne niiden tämä tämän nämä näiden tuo nuo myös lisäksi kuitenkin
        mutta ja siksi sitten samalla siellä täällä niin näin sitä niitä tätä siinä siitä siihen tällöin silloin
        toisaalta sen myöhemmin aiemmin muut toinen molemmat"""
    ),
    "fr": word_set(
        """il elle ils elles son sa ses leur leurs ce cet cette ces celui celle ceux celles cela autre autres aussi
        également ensuite alors ainsi toutefois cependant pourtant mais et or car donc puis enfin là ici néanmoins
        ailleurs parallèlement désormais auparavant c'est c'était ceci y tel telle tels telles certains certaines
        seul seule seuls seules seulement d'autres l'autre"""
    ),
    "hi": word_set(
        """वह वे उन्होंने उसने उनका उनके उनकी उसका उसके उसकी इस इसके इसका इसकी इससे इसमें इसे यह ये उस लेकिन मगर
        हालांकि वहीं इसलिए तब फिर जबकि साथ और तो"""
    ),
    "it": word_set(
        """egli ella lui lei essi esse suo sua suoi sue questo questa questi queste quello quella quelli quelle altro
        altra altri altre anche inoltre entrambi entrambe poi quindi tuttavia così ma e però infatti infine invece
        pertanto perciò dunque tale tali ora qui lì là successivamente intanto nemmeno neanche solo soltanto loro
        alcuni alcune"""
    ),
    "ko": word_set(
        """그 그는 그가 그의 그녀는 그녀가 그들은 이는 이에 이어 이어서 그러나 하지만 또한 또 한편 그리고 따라서
        이와 이로 이로써 이날 이들은 이들 이번 해당 같은 당시 다만 반면 아울러 그러면서 이후 이를 여기에 특히"""
    ),
    "nl": word_set(
        """hij zij ze hun zijn haar dit dat deze die ander andere anderen ook daarna daarbij daarmee daarom daarnaast
        bovendien beide beiden echter toch vervolgens verder maar en of want dus dan daar hierdoor hiermee hierbij
        hiervoor hierop hiervan sindsdien intussen ondertussen inmiddels tegelijkertijd zulke dergelijke dezelfde nu
        alleen zelfs eerder later zo daardoor daarvoor daartoe daarop daarvan daarin evenmin niettemin sommige
        sommigen slechts"""
    ),
    "no": word_set(
        """han hun hans hennes deres disse dette denne slik slike også dessuten derimot imidlertid men og samtidig
        derfor siden så der her dermed likevel senere tidligere begge andre nå"""
    ),
    "pl": word_set(
        """on ona ono oni one jego jej ich im mu ten ta to ci te tego tej tych temu taki taka takie tacy inny inna inne
        inni także też również oba obie obaj jednak natomiast potem dlatego tam tu tutaj wtedy wówczas teraz ale a i
        oraz lub albo zatem więc zaś ponadto dodatkowo wcześniej później następnie niektórzy nawet tylko jedynie
        tymczasem"""
    ),
    "pt": word_set(
        """ele ela eles elas seu sua seus suas este esta isto estes estas esse essa isso esses essas outro outra outros
        outras também além ambos ambas assim então mas e ou porém contudo entretanto todavia aliás agora aqui ali lá
        tal tais aquele aquela aqueles aquelas posteriormente alguns algumas apenas só"""
    ),
    "ru": word_set(
        """он она оно они его её ее их ему ей им этот эта это эти этого этой этим этих эту тот та те такой такая такое
        такие другой другая другое другие также тоже оба обе однако затем потом поэтому там здесь тут тогда теперь
        но а и или же зато причем причём притом например ранее позднее позже впоследствии сначала далее поэтому
        следовательно итак так данный данная данное напомним отметим остальные остальных последний последняя
        последние соответствующий указанный именно даже лишь только впрочем ведь некоторые отмечается уточняется
        подчеркивается подчёркивается сообщается издание"""
    ),
    "sv": word_set(
        """han hon hans hennes deras dess dessa detta denna sådan också även dessutom däremot dock men och samtidigt
        därför sedan så där här därmed ändå senare tidigare båda andra nu"""
    ),
    "uk": word_set(
        """він вона воно вони його її їх їхній їхня їхні йому їй їм цей ця це ці цього цієї цим цих цю той та те ті
        такий така таке такі інший інша інше інші також теж обидва обидві однак проте потім тому там тут тоді тепер
        але а і й або чи натомість зате причому наприклад раніше пізніше згодом спочатку далі отже решта навіть лише
        тільки втім адже деякі зазначається уточнюється повідомляється водночас нагадаємо зазначимо"""
    ),
}  # fmt: skip
FIRST_WORDS["nb"] = FIRST_WORDS["nn"] = FIRST_WORDS["no"]

# Openings of more words than one.
_OPENS = {
    "ar": r"""و?(?:قال|أضاف|أكد|أوضح|أشار|ذكر|تابع|لفت|شدد|اعتبر|صرح|رأى|كشف|نوه|بين)(?:ت|وا)? (?:إن|أن|إلى أن|على أن
        |بأن|أنه|أنها|إنه|إنها|أنهم|إنهم)\b|و?(?:أضاف|تابع)ت?\b|و?من (?:جهته|جهتها|جهتهم|جانبه|جانبها|جانبهم|ناحيته
        |جهة أخرى|ناحية أخرى)\b|و?في (?:المقابل|غضون ذلك|هذا|هذه|الوقت نفسه|السياق نفسه)\b
        |و?(?:إلى|مع|بعد|قبل|رغم) ذلك\b|(?:غير|إلا) أن\b|و?على (?:صعيد آخر|إثر ذلك)\b|و?(?:بحسب|وفق) المصدر\b""",
    "da": r"de[tn]? (?:er|var|har|havde|bliver|blev|skal|vil)\b|ifølge (?:ham|hende|dem)\b|på (?:den|det) måde",
    "de": r"""aus diesem\b|in diese[mr]\b|nach (?:seinen|ihren) angaben|(?:kurz|wenig|bald) (?:darauf|danach
        |später)|zum beispiel|unter anderem|darüber hinaus|des weiteren|am (?:gleichen|selben|nächsten
        |folgenden) tag\b|ein(?:e[nr]?)? (?:tag|woche|jahr|monat|stunde)s? (?:später|zuvor|danach|darauf)\b
        |im gegen(?:teil|zug)|d(?:as|ie|er) (?:ist|war|sei|wäre|wird|hat|hatte|sind|waren|sagte|teilte|gab|geht
        |gilt|zeigt|soll|kann|könnte|würde)\b|die(?:se)? (?:beiden|zwei|drei|vier)\b|(?:als|wenn|nachdem|weil|da
        |obwohl) (?:er|sie|es)\b|(?:eine[rs]?|keine[rs]?) (?:von ihnen|davon)\b|laut (?:ihm|ihr|ihnen)\b|(?:seit
        |vor|bis) (?:dem|dahin|damals)\b,?(?=ist|sind|hat|haben|war|waren)|dem(?:nach|zufolge|gegenüber)\b
        |an(?:sonsten|dernfalls)\b""",
    "es": r"""(?:es|son|fue|fueron|era|eran|será|serán|tiene|tienen|tenía|tenían|podría|podrían)\b
        |(?:ha|han|había|habían|añadió|dijo|explicó|señaló|afirmó|indicó|agregó)\b|por (?:otra parte|otro lado
        |su parte|su lado|ello|eso|esto|tanto|lo tanto|ejemplo|ahora)\b|sin embargo|no obstante|en cambio
        |al mismo tiempo|según (?:él|ella|ellos|dijo|explicó|añadió|ha)\b|en (?:es[ets]?[eao]?|est[eao]s?
        |dich[oa]s?|tal)\b|entre (?:ellos|ellas|otr[oa]s)\b|(?:tras|después de|antes de) (?:ello|esto|eso)\b
        |desde entonces|a su vez|de hecho|es decir|lo mismo|lo que\b|un[oa] de (?:ellos|ellas)\b|(?:los|las) (?:dos
        |tres)\b|(?:el|ese) mismo día|al día siguiente|(?:un|una|dos|tres|poco|días|horas|semanas|meses
        |años)(?: día| hora| semana| mes| año)?s? (?:después|antes|más tarde)\b(?! del?\b| que\b)|más (?:tarde
        |adelante)\b|de (?:esta|este|esa|ese) |a(?:l| la) misma?\b|lo (?:hizo|dijo|ha|han)\b""",
    "fi": r"(?:sen|tämän|niiden) (?:mukaan|jälkeen|lisäksi)|toisaalta|esimerkiksi",
    "fr": r"""en (?:effet|outre|revanche|conséquence|fait|particulier|même temps|ce)\b|de plus\b|par (?:ailleurs
        |exemple|conséquent|la suite)\b|d'(?:autre part|ailleurs|autres)\b|au contraire|de son côté|pour (?:sa
        |leur) part|à son tour|selon (?:lui|elle|eux|elles)\b|(?:c'est|ce sont|c'était|il s'agit)\b|dans (?:ce
        |cette|ces|la foulée)\b|à c(?:e|ette|et)\b|après (?:cela|quoi)\b|depuis(?:,| lors\b)|parmi (?:eux|elles
        |les)\b|l'une? d(?:'eux|'elles|es deux)|l'un et l'autre|les (?:deux|trois)\b|tou(?:s|tes) (?:deux|les deux
        |trois)\b|plus tard|le (?:lendemain|même jour)|la veille\b|peu (?:après|avant)\b|(?:quelques|deux
        |trois) (?:jours|heures|mois|minutes) (?:plus tard|après)|dès lors|à l'(?:inverse|époque|issue\b,)
        |notamment\b|autrement dit|quant à (?:lui|elle|eux)\b|d'où\b|(?:lorsqu|quand|si|bien qu|alors qu)'(?:il
        |elle)s?\b|contactée?s?\b|interrogée?s?\b""",
    "it": r"""(?:ha|hanno|aveva|avevano)\b|per (?:questo|quest'|ciò|esempio|ora)\b|d'altra parte|da parte sua
        |nel frattempo|secondo (?:lui|lei|loro)\b|in (?:quest[oa']|tale|particolare|effetti|seguito)\b|a (?:tale
        |quel|sua volta|questo)\b|al contempo|(?:tra|fra) (?:questi|queste|loro|essi|esse)\b|dopo di che|da allora
        |di conseguenza|ad esempio|un[ao] di (?:loro|essi|esse)\b|(?:i|le) (?:due|tre)\b|lo stesso giorno
        |il giorno (?:dopo|seguente)|poco dopo|più tardi|(?:al|dal|nel)lo stesso|nonostante (?:ciò|questo)
        |si tratta\b|lo (?:ha|hanno|rende|riferisce|riporta)\b|(?:due|tre|alcuni) (?:giorni|mesi|anni|ore
        |settimane) dopo""",
    "nl": r"""volgens (?:hem|haar|hen)\b|in (?:dat|dit|die|deze)\b|op (?:dat|die|deze|dit)\b|bij (?:die|deze|dat)\b
        |na(?:dien| afloop)\b|bijvoorbeeld|een van (?:hen|hun|de)\b|de (?:twee|drie|beide)\b|dezelfde dag
        |een (?:dag|week|maand|jaar|uur) (?:later|eerder)|(?:even|kort|niet lang) (?:later|daarna)|om die reden
        |aan de andere kant|(?:toen|als|omdat|nadat|hoewel) (?:hij|zij|ze|het)\b|met (?:deze|die|dit)\b
        |zo'n\b(?! \d)|van (?:hen|die|deze)\b|onder hen\b|voor (?:deze|die|dit)\b""",
    "ja": r"""これ|この|それ|その|ここ|そこ|そう|同(?=[氏社国県市省庁日月年紙局署])|彼|また|しかし
        |だが|一方|さらに|そして|ただ|なお|ちなみに|こうした|このため|両(?=[者国社氏])|双方|前者|後者|当時|いずれも|つまり|例えば|たとえば|ほかに|このほか""",
    "no": r"de[tn]? (?:er|var|har|hadde|blir|ble|skal|vil)\b|ifølge (?:ham|henne|dem)\b|på (?:den|det) måten",
    "pl": r"""poza tym\b|oprócz tego\b|w (?:tym (?:samym )?czasie|związku z tym|nim|niej|nich)\b|po tym\b|przy tym\b
        |tym samym\b|z kolei\b|między innymi\b|na przykład\b|według (?:niego|niej|nich)\b|je(?:go|j) zdaniem\b
        |jak (?:dodał|zaznaczył|podkreślił)a?\b|z (?:jednej|drugiej) strony\b|(?:dodał|podkreślił|zaznaczył)a?\b
        |do (?:niego|niej|nich)\b|od tego czasu\b""",
    "pt": r"""(?:é|são|era|eram|será|serão|tem|têm|tinha|tinham|poderia|poderiam)\b
        |(?:disse|afirmou|explicou|acrescentou|declarou)\b|além disso|por (?:outro lado|sua vez|isso|exemplo
        |enquanto|ora)\b|no entanto|ao mesmo tempo|segundo (?:ele|ela|eles|elas)\b|de acordo com (?:ele|ela|eles
        |elas)\b|n(?:esse|este|essa|esta|aquele|aquela)s?\b|entre (?:eles|elas|os quais)\b|(?:após
        |depois de) (?:isso|isto)|depois disso|desde então|um[a]? d(?:eles|elas)\b|(?:os|as) (?:dois|duas|três)\b
        |no mesmo dia|no dia seguinte|um dia (?:depois|antes)|pouco depois|mais tarde|mesmo assim|d(?:esse|este
        |essa|esta)s?\b|o mesmo\b|a mesma\b""",
    "ru": r"""(?:поскольку|если|когда|хотя|чтобы|пока) (?:\w+ )?(?:его|её|ее|их|им|ему|ей|он|она|они)\b
        |кроме (?:того|этого|него|неё|нее|них)\b|помимо (?:того|этого)\b|при (?:этом|том)\b|вместе с (?:тем
        |этим)\b|тем (?:не менее|временем|самым)\b|в (?:то|это) же время|в свою очередь|между тем|в частности
        |к (?:тому|этому)\b|(?:после|до|из-за|вследствие|вместо|для|ради|насчёт|без) (?:этого|того|чего|него|неё
        |нее|них)\b|в связи с (?:этим|чем)|в (?:этой связи|результате)\b,?|таким образом|по (?:его|её|ее|их|этому
        |этим)\b|(?:у|для|от|с|к|о|об|обо|в|на|за|над|среди|про|против|из|без) (?:него|неё|нее|них|нему|ней|ним
        |ними|нём|нем|этого|этом|этой|этих|этим|этому|этими|эту|это|том)\b|речь (?:идет|идёт|шла)\b|во-(?:первых
        |вторых|третьих)|с (?:одной|другой) стороны|одн(?:им|ой|ого) из (?:них|этих)|один из них|все (?:они|это)\b
        |всё это\b|то есть\b|как (?:отмечается|отметил[аи]?|уточняется|сообщается|пишет издание|пояснил[аи]?
        |добавил[аи]?)\b(?! [«"„]| (?-i:[А-ЯЁ])| в\b)|по (?:информации|данным|сообщению|словам|версии
        |мнению) (?:издания|ведомства|агентства|собеседника|последнего|политика|эксперта|чиновника|министра|автора
        |авторов)\b(?! [«"„]| (?-i:[А-ЯЁ]))|как бы то ни было|тем более|тем же""",
    "uk": r"""о?крім (?:того|цього|нього|неї|них)\b|при цьому\b|разом (?:з|із) тим\b|тим (?:не менш|часом|самим)\b
        |[ву] (?:той|цей) же час\b|[ув] свою чергу\b|між тим\b|зокрема\b|до (?:того ж|цього)\b|після (?:цього|того)\b
        |через (?:це|те)\b|у зв'язку (?:з|із) (?:цим|чим)\b|таким чином\b|за (?:його|її|їхніми|їх|цим|цими)\b
        |про це\b|на (?:це|ньому|ній|них)\b|[ву] (?:ньому|ній|них|цьому|цій)\b|мова йде\b|йдеться\b
        |по-(?:перше|друге|третє)\b|з (?:одного|іншого) боку\b|один із них\b
        |як (?:зазначається|повідомляється|уточнюється)\b""",
    "zh": r"""他|她|它|其(?!他)|[该該此](?![外时])|此[外时時]|[这這]|那(?=[么些个天时])|同[时時](?=[，,])|另外
        |不[过過]|但(?!愿)
        |然而|因此|所以|而且|而(?=[，,是在对該该])|并(?=[且不在将])|也(?=[是有在将])|[还還](?=[有将是表称])|[对對據据]此
        |[随隨]后|[随隨]後|之[后後]|其中|相[较較比]之下|[与與]此同[时時]|例如|比如|于是|於是|接[着著]|至此|[届屆][时時]|[前后後]者|[双雙两兩]方|[两兩]人
        |上述|除此之外|[总總]之|另一方面|反之|否[则則]|[尽儘]管如此|[为為]此|由此|[当當][时時天日](?=[，,的])|[报報][导導道]|文章|声明""",
    "sv": r"de[tn]? (?:är|var|har|hade|blir|blev|ska|kommer)\b|enligt (?:honom|henne|dem)\b|på så sätt",
}  # fmt: skip
_OPENS["nb"] = _OPENS["nn"] = _OPENS["no"]
_OPENS_BY = {language: _joined(text) for language, text in _OPENS.items()}

# What stands behind "this" where that is the time that is now, and nothing that was told before.
_TIMES = {
    "ar": r"""العام|الأسبوع|الشهر|اليوم|الصيف|الشتاء|الموسم|المساء|الصباح|السنة|الليلة|المرة|الأيام""",
    "de": r"""Jahr|Woche|Monat|Tage|Sommer|Winter|Herbst|Früh|Saison|Mal|Montag|Dienstag|Mittwoch
        |Donnerstag|Freitag|Samstag|Sonn|Morgen|Abend|Nacht|Wochenende|Jahrhundert|Sitzung""",
    "es": r"""año|semana|mes|lunes|martes|miércoles|jueves|viernes|sábado|domingo|mañana|tarde|noche
        |fin|temporada|verano|invierno|otoño|primavera|siglo|vez|momento|jornada|madrugada|día""",
    "fr": r"""année|semaine|nuit|saison|fois|fin|été|hiver|automne|après|jours|derniers jours
        |dernières|prochain""",
    "it": r"""anno|settimana|mese|mattina|sera|notte|pomeriggio|estate|inverno|autunno|primavera
        |stagione|volta|momento|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica""",
    "nl": r"""jaar|week|maand|ochtend|middag|avond|nacht|zomer|winter|herfst|lente|weekend|seizoen
        |keer|moment|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|eeuw""",
    "pt": r"""ano|semana|mês|segunda|terça|quarta|quinta|sexta|sábado|domingo|manhã|tarde|noite
        |temporada|verão|inverno|século|vez|momento|madrugada""",
    "ru": r"""год|недел|месяц|раз|день|дня|дни|утр|вечер|ноч|сезон|лет|весн|зим|осен|момент|врем
        |выходн|понедельник|вторник|сред|четверг|пятниц|суббот|воскресень|столет|век""",
    "uk": r"""рік|року|тиж|місяц|раз|день|дня|дні|ран|веч|ноч|ніч|сезон|літ|вес|зим|осін|осен
        |момент|час|понеділ|вівт|серед|четвер|п'ятн|субот|неділ|століт|вихідн""",
}  # fmt: skip
_TIMES_BY = {language: _BREAK.sub("", text) for language, text in _TIMES.items()}
# What points at something said before, wherever it stands; not the time that is now.
_INSIDE = {
    "ar": r"""(?:هذا|هذه|ذلك|تلك)\b(?! (?:TIMES))""",
    "de": r"""(?:dies(?:e[rsmn]?)|solche[rsmn]?|letztere[rsn]?|derartige[rsn]?|demselben|derselben)\b(?! (?:TIMES))""",
    "es": r"""(?<!el )(?<!al )(?<!del )(?<!or )(?:est[eao]s?|es[eao]s?|dich[oa]s?)\b(?! (?:TIMES))""",
    "fr": r"""(?:cet(?:te)?|ces|celui-ci|celle-ci|ce(?:ux|lles)-ci|ce dernier|cette dernière|ces derni\w+
        |ce(?= (?!que|qui|dont|sont|n'|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|mois|matin|soir|week
        |jour|fut|sera|serait)(?-i:[a-zéè])))\b(?! (?:TIMES))""",
    "it": r"""(?:quest[oaie]|quest'\w+|tal[ei]|suddett[oaie])\b(?<!quest'anno)(?<!quest'oggi)(?! (?:TIMES|che
        |da|per))""",
    "nl": r"""(?:deze|dit|zulke|dergelijke|dezelfde|laatstgenoemde)\b(?! (?:TIMES))""",
    "pt": r"""(?:[nd]?(?:est[ea]s?|ess[ea]s?|aquel[ea]s?)|[nd]?iss?t?o)\b(?! (?:TIMES))""",
    "ru": r"""(?<!— )(?<!– )(?:эт(?:от|а|и|ого|ой|их|ому|им|ими|ом|у)|так(?:ой|ая|ое|ие|ого|их|ому|им|ими|ую)
        |данн(?:ый|ая|ое|ого|ой|ому|ую)|вышеупомянут\w+|вышеуказанн\w+|(?:отмеча|сообща|добавля|уточня|подчёркива
        |подчеркива|поясня)ет (?:издание|агентство|ведомство|источник|он|она)(?=[.,])|пишет (?:издание
        |агентство)(?=[.,]))\b(?!,| (?:TIMES|же|как|что|стал|сообщ|заяв|говор|рассказ|написа|пис|поводу|образом
        |случа|рода))""",
    "uk": r"""(?<!— )(?<!– )(?:ц(?:ей|е|ього|ьому|им|я|ієї|ій|ю|ією|і|их|ими)|так(?:ий|а|е|і|ого|ої|их|ому|им|у))\b(?!,
        | (?:TIMES|же|як|що|чином|роду))""",
}  # fmt: skip
_INSIDE_BY = {
    language: _joined(rf"\b(?:{text.replace('TIMES', _TIMES_BY[language])})") for language, text in _INSIDE.items()
}
_NOW_BY = {language: re.compile(rf"\w* (?:{times})", re.I) for language, times in _TIMES_BY.items()}


# Those of the first words that single out or count: at the beginning of an article there is nothing that they go on
# from ("Only the eastern pier of Solmar …").
_SINGLING_OUT = {
    "de": word_set("manche einige viele nur selbst sogar insgesamt zunächst"),
    "es": word_set("algunos algunas incluso solo sólo todo"),
    "fr": word_set("certains certaines seul seule seuls seules seulement"),
    "it": word_set("alcuni alcune solo soltanto"),
    "nl": word_set("sommige sommigen slechts alleen zelfs"),
    "pt": word_set("alguns algumas apenas só"),
    "pl": word_set("niektórzy nawet tylko jedynie"),
    "ru": word_set("некоторые лишь только даже именно"),
    "uk": word_set("деякі лише тільки навіть"),
}


def plain_dependence(text: str, outside: str, tokens: Sequence[str], language: str) -> Literal[0, 1]:
    """1 if a sentence leans on the one before it: an opening quotation, bracket or dash, a first word or phrase that
    points back, a third person before anybody, a demonstrative outside of quotations (`outside`)."""
    if text.startswith(_OPENINGS) or not tokens or tokens[0].lower() in _SINGLING_OUT.get(language, _NONE):
        return 1
    inside = _INSIDE_BY.get(language)
    if inside is not None and inside.search(outside):
        return 1
    return 1 if plainly_goes_on(text, tokens, language) else 0


def plainly_goes_on(text: str, tokens: Sequence[str], language: str) -> bool:
    """Whether a sentence can't be an article's first one: its first words point back, or a third person stands in it
    before anybody."""
    first = tokens[0].lower() if tokens else ""
    if first in FIRST_WORDS.get(language, _NONE) and first not in _SINGLING_OUT.get(language, _NONE):
        return not _is_now(text, first, language)
    opens, now = _OPENS_BY.get(language), _NOW_BY.get(language)
    found = opens.match(text) if opens is not None else None
    # "In this year", "for this night"
    if found is not None and (now is None or now.match(text, found.end()) is None):
        return True
    return _pronoun_first(tokens, PRONOUN.get(language, _NONE))


def _is_now(text: str, first: str, language: str) -> bool:
    """Whether a sentence opens with a demonstrative and a time: "This year", "this night"."""
    inside = _INSIDE_BY.get(language)
    return inside is not None and inside.match(f"{first} x") is not None and _NOW_BY[language].match(text) is not None


def _pronoun_first(tokens: Sequence[str], pronouns: frozenset[str]) -> bool:
    for i, token in enumerate(tokens[:PRONOUN_WITHIN]):
        if token.lower() in pronouns:
            return True
        if i and token[0].isupper():
            return False
    return False
