"""Closed word classes of other languages than English, by primary subtag: pronouns, articles, auxiliaries.

All lower case. No open class (nouns, most verbs) is in any of these lists.
"""

import re

from .words import word_set

# Words that carry nothing of what a sentence is about.
STOP = {
    "ar": word_set(
        """في من إلى على عن مع بين بعد قبل خلال عند منذ حتى حول ضد دون لدى تحت فوق أمام وراء أن إن أنه أنها إنه إنها ما
        لا لم لن ليس ليست كان كانت كانوا يكون تكون قد لقد هذا هذه ذلك تلك هؤلاء هو هي هم الذي التي الذين اللذين كل
        بعض أي غير كما أو ثم لكن بل إذا لو حيث عندما بينما فيما إذ كما أيضا به بها له لها لهم فيه فيها منه منها عليه
        عليها إليه إليها عنه عنها وفي ومن وعلى وإن وأن وقد وكان وكانت وهو وهي وهم ولم ولا وما وكما وذلك وهذا وهذه
        والتي والذي بأن لأن كأن بما مما عما فقد نحو مثل أكثر أقل أول آخر يوم تم يتم سوف"""
    ),
    "da": word_set(
        """ad af alle alt at både da de dem den der deres det dette din disse dog du efter eller en end er et for fra
        få får før ham han hans har have havde hende hendes her hos hun hvad hvem hver hvis hvor hvordan i ikke ind
        ingen intet jeg kan kom kun kunne man mange med meget mellem men mere min mod ned nogen noget nogle nu når
        og også om op os over på sig sin sine sit skal skulle som sådan så til ud under var ved vi vil ville vor
        være været blev bliver blive mens siden samt både hvilket uden"""
    ),
    "de": word_set(
        """aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes auch auf aus
        außerdem bei beim bereits bis da dabei dadurch dafür damit danach dann daran darauf daraus darin darüber
        darum das dass davon dazu dem den denen denn der deren des deshalb dessen die dies diese diesem diesen
        dieser dieses doch dort du durch ein eine einem einen einer eines einige einigen er erst es etwa etwas für
        gegen gewesen habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres
        im in indem ins ist ja jede jedem jeden jeder jedes jedoch jetzt kann kein keine keinem keinen keiner können
        könnte konnte konnten machen man mehr mein mit müssen muss musste nach nicht nichts noch nun nur ob oder
        ohne sehr sein seine seinem seinen seiner seines seit selbst sich sie sind so sollen soll sollte sollten
        sondern sowie über um und uns unser unter viel viele vom von vor wann war waren warum was weil welche
        welchem welchen welcher welches wenn wer werde werden wie wieder will wir wird wo wolle wollen wollte worden
        wurde wurden während zu zum zur zwar zwischen"""
    ),
    "es": word_set(
        """a al algo algunas alguno algunos ante antes aquel aquella aquellas aquello aquellos así aunque aún bajo bien
        cada como con contra cual cuales cuando cuya cuyas cuyo cuyos de del desde donde dos durante e el él ella
        ellas ello ellos en entre era eran es esa esas ese eso esos esta está están estaba estaban estar estas este
        esto estos fue fueron ha había habían haber han hasta hay la las le les lo los luego mas más me mediante
        menos mi mientras mis mucho muchos muy nada ni no nos nosotros nuestra nuestras nuestro nuestros o os otra
        otras otro otros para pero poco por porque pues que qué quien quienes se sea según ser será si sí sido sin
        sino sobre son su sus también tan tanto te tener tenía tiene tienen toda todas todo todos tras tu tus un una
        unas uno unos y ya yo además puede pueden podría hacer hizo"""
    ),
    "fi": word_set(
        """ja tai sekä että mutta vaan eli jos kun koska vaikka kuin niin myös ei ole on oli olivat olla ollut olisi
        ovat en et emme eivät ettei hän hänen häntä hänelle he heidän heitä heille se sen sitä siitä siihen siinä ne
        niiden niitä niistä niihin tämä tämän tätä tästä tähän tässä nämä näiden näitä tuo tuon nuo joka jonka jota
        josta johon jossa jotka joiden joita joista joihin mikä minkä mitä mistä mihin missä kuka ketä mukaan kanssa
        jälkeen ennen aikana kautta lisäksi vielä enää jo vain noin yli alle ilman kohti vastaan välillä kesken asti
        saakka muun muassa kuitenkin nyt sitten siis siten näin niinpä hyvin paljon kaikki kaikkien jokainen moni
        muut muiden toinen toisen yksi saa sai saada voi voida voivat voisi pitää piti tulee tuli tulla aikoo"""
    ),
    "fr": word_set(
        """a à afin ai ainsi alors après as au aucun aucune aujourd'hui auprès aussi autre autres aux avaient avait
        avant avec avoir ayant c'est car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez
        comme comment contre dans de depuis des dès dont donc du déjà elle elles en encore entre est et étaient
        était étant été être eu eux fait faire fois font fut hors il ils j'ai je jusque la là le les leur leurs lors
        lorsque lui ma mais me même mêmes mes moins mon ne ni nos notre nous on ont or ou où par parce pas pendant
        peu peut peuvent plus plusieurs pour pourquoi pouvait près puis quand que quel quelle quelles quelque
        quelques quels qui quoi sa sans se selon sera seront ses si soit son sont sous sur ta te tel telle telles
        tels tes ton tous tout toute toutes tu très un une vers voici voilà vos votre vous y"""
    ),
    "it": word_set(
        """a abbiamo ad agli ai al alla alle allo anche ancora avere aveva avevano avrà c'è che chi ci ciò come con
        contro così cui da dagli dai dal dalla dalle dallo degli dei del della delle dello dentro di dopo dove due e
        è ed era erano essa esse essere essi fa fino fra fu già gli ha hanno ho i il in invece io l'ha la le lei li
        lo loro lui ma me mentre mi mia mie miei mio molti molto ne né negli nei nel nella nelle nello no noi non
        nostra nostre nostri nostro o ogni oltre ora ossia per perché però più poi poco possono prima proprio può
        qual quale quali qualche quando quanto quella quelle quelli quello quest'anno questa queste questi questo
        qui quindi sarà se secondo sempre senza si sia siano sono sopra sotto stata state stati stato su sua sue
        sugli sui sul sulla sulle sullo suo suoi tra tutta tutte tutti tutto un una uno verso vi voi"""
    ),
    "nl": word_set(
        """aan al alle alleen als altijd andere ben bij bijna binnen dan daar dat de deze die dit doch doen door dus
        echter een eens elk elke en er ga geen had hadden haar heb hebben heeft hem hen het hier hij hoe hun ik in
        indien is ja je jij kan kon konden kunnen maar me meer men met mij mijn moest moet moeten na naar naast
        nadat net niet niets nog nu of om omdat onder ons onze ook op over reeds sinds te tegen ten ter terwijl toch
        toen tot tussen u uit uw van vanaf vanuit veel via volgens voor vooral waar waarbij waarop waarvan wanneer
        want waren was wat we wel welke werd werden wie wij wil worden wordt zal zei zich zij zijn zo zoals zonder
        zou zouden ze"""
    ),
    "no": word_set(
        """alle alt at av bare ble bli blir blitt både da de deg dem den denne der deres det dette din disse du dere
        eller en er et etter flere for fordi fra før få får gjennom ha hadde han hans har hans hennes henne her hos
        hun hva hvem hver hvis hvor hvordan i ikke ingen inn jeg kan kom kunne man mange med meg mellom men mens mer
        min mot mye må ned noe noen nå når og også om opp oss over på seg selv si sin sine sitt skal skulle slik som
        så til under ut uten var ved vi vil ville vår være vært i løpet blant samt"""
    ),
    "pl": word_set(
        """a aby ale albo ani bez bo by być był była było były będą będzie chce ci co coraz czy dla do gdy gdzie go i
        ich im innych iż ja jak jako jego jej jednak jest jeszcze jeśli już każdy kiedy kto która które którego
        której którym których którzy który lub lecz ma mają mi może mogą można mu my na nad nas nie niej nich nim
        niż o ob od on ona one oni oraz po pod podczas poza przed przez przy są się sobie także tak tam te tego tej
        ten to tu tych tylko tym u w we więc wobec wszystkie wszystkich wy z za zaś ze został została zostało
        zostały że żeby również ponad m.in"""
    ),
    "pt": word_set(
        """a à ainda além algum alguma algumas alguns ao aos após apenas aquela aquelas aquele aqueles aquilo as às
        assim até através cada com como contra contudo cuja cujo da das de dela delas dele deles depois desde dessa
        desse desta deste do dos durante e é ela elas ele eles em embora enquanto entre era eram essa essas esse
        esses esta está estão estava estavam estas este estes eu foi foram há havia isso isto já la lhe lhes lo mais
        mas me mesma mesmo meu minha muito muitos na nas não nem nessa nesse nesta neste no nos nós nossa nossas
        nosso nossos num numa o os ou outra outras outro outros para pela pelas pelo pelos pode podem pois por
        porque qual quais quando que quem são se segundo seja sem ser será seu seus si sido sob sobre sua suas
        também tão te tem têm tendo ter tinha toda todas todo todos um uma umas uns você vocês"""
    ),
    "ru": word_set(
        """а без более больше будет будут бы был была были было быть в вам вас ведь весь во возле вот все всего всей
        всем всех всё всю вся вы где да даже для до его ее её ей ему если есть еще ещё ж же за здесь и из из-за изо
        или им ими их к как какой когда которая которого которое которой котором которому которую которые который
        которым которых ко кто ли либо лишь между меня мне много может могут можно мой мы на над надо нам нами нас
        наш не него нее неё ней нельзя нет ни них ними но ну о об обо один он она они оно от ото очень перед по под
        поэтому при про с сам сама сами само свое своего своей своем своему своих свой свою себе себя со собой так
        такая также такие такого такой там те тем теперь то того тоже той только том тому тот ту тут ты у уже хотя
        чего чем через что чтобы чуть эта эти этим этих это этого этой этом этому этот эту я около после однако пока"""
    ),
    "sv": word_set(
        """alla allt än andra att av bara bland blev bli blir blivit både de dem den denna deras dess dessa det detta
        dig din dock där då du efter eller en er ett flera från för före genom gör ha hade han hans har henne hennes
        hon hos hur här i icke in ingen inget inom inte jag kan kom kommer kunde man med mellan men mer mig min mot
        mycket må många måste ned nog nu någon något några när och också om oss på redan samt sedan sig sin sina
        sitt ska skall skulle som så till under upp ut utan vad var vara varit vem vi vid vilka vilken vilket vill
        vår våra är över"""
    ),
    "uk": word_set(
        """а або без би був була були було бути більше в вам вас весь від він вона воно вони все всі всіх вже ви де для
        до добре її їх їм його йому його є з за зі із й і ій ін інших коли кого ким між мене ми може можуть можна на
        над нам нас не нею них ній ним ні ніж но о об один під по при про під час проте та також так такий такі там
        те ти тим тих то того той тому тоді тут у хоча хто це цей ця ці цього цієї цих цим цю чи через щоб що щодо
        як яка який яке які якого якої якій яким яких якщо яку вона своє своєї свої своїх свій своїм однак після
        перед понад"""
    ),
}  # fmt: skip
STOP["nb"] = STOP["nn"] = STOP["no"]

DENSE = word_set(
    """ar az be bg bn cs da de et eu fi he hr hu hy is ka kk ko lt lv mk ml nb nn no pl ro ru sk sl sr sv ta te tr uk"""
)
"""Languages that say in five words what English says in seven: compounds, endings, no articles."""

# Who speaks of himself, or to the reader.
FIRST_SECOND = {
    "ar": word_set("أنا نحن إننا إنني أنتم لدينا عندنا"),
    "hi": word_set("मैं मैंने हम हमने हमारे हमारा हमारी हमें मेरा मेरे मेरी मुझे"),
    "ko": word_set("우리 우리는 우리가 우리의 저희 저희는 저희가 나는 저는 내가 제가"),
    "da": word_set("jeg vi os vores min mit mine mig du dig"),
    "de": word_set(
        """ich wir uns mich mir unser unsere unserem unseren unserer mein meine meinem meinen meiner du dich dir"""
    ),
    "es": word_set("yo nosotros nosotras nos me mi mis nuestro nuestra nuestros nuestras usted ustedes tú"),
    "fi": word_set("minä minun minua minulle minulla me meidän meitä meille meillä te teidän teille sinä sinun"),
    "fr": word_set("je j'ai moi mon mes nous notre nos vous votre vos"),
    "it": word_set("io noi mio mia miei mie nostro nostra nostri nostre voi vostro vostra"),
    "nl": word_set("ik wij we ons onze mijn mij je jij jou jouw jullie uw"),
    "no": word_set("jeg vi oss vår vårt våre min mitt mine meg du deg dere"),
    "pl": word_set(
        "ja my mnie mi nas nam nami mój moja moje moi nasz nasza nasze nasi naszego naszej naszych ty wy was wam wasz"
    ),
    "pt": word_set("eu nós meu minha meus minhas nosso nossa nossos nossas você vocês me"),
    "ru": word_set(
        """я мы нас нам нами меня мне мной мой моя моё мое мои моего моей моих наш наша наше наши нашего нашей наших
        нашему нашим нашими нашем моём моем моей вы вас вам вами ваш ваша ваше ваши вашего вашей ваших"""
    ),
    "sv": word_set("jag vi oss vår vårt våra min mitt mina mig du dig"),
    "uk": word_set(
        """я ми нас нам нами мене мені мною мій моя моє мої мого моєї моїх наш наша наше наші нашого нашої наших нашому
        нашим ви вас вам вами ваш ваша ваше ваші"""
    ),
}  # fmt: skip
FIRST_SECOND["nb"] = FIRST_SECOND["nn"] = FIRST_SECOND["no"]

ENDLESS = word_set("lo th")
"""Languages that end no sentence with a mark: what ends with a full stop there is an abbreviation."""
OWN_VOICE = {
    "ja": re.compile("私|我々|われわれ|わたし|僕|筆者"),
    "zh": re.compile("我(?![国國市省县縣区區军軍院校党黨方])|咱|您|本台记者"),
}
"""The same where no space tells a word."""

# Third persons that a sentence needs somebody before it for, if they stand among its first words; one alone, since of
# several the sentence itself mostly tells ("The scientists found that they …").
PRONOUN = {
    "da": word_set("han hun ham hende"),
    "de": word_set("er ihm ihn"),
    "es": word_set("él ella"),
    "fi": word_set("hän hänet häntä hänelle"),
    "fr": word_set("elle lui"),
    "it": word_set("lui lei egli"),
    "nl": word_set("hij hem zij"),
    "no": word_set("han hun ham henne"),
    "pl": word_set("on ona"),
    "pt": word_set("ele ela"),
    "ru": word_set("он она ему ей него неё нее нему ней ним нем нём"),
    "sv": word_set("han hon honom henne"),
    "uk": word_set("він вона йому їй нього неї ньому ній ним"),
}
PRONOUN["nb"] = PRONOUN["nn"] = PRONOUN["no"]

ARTICLE = {
    "de": word_set("der die das"),
    "es": word_set("el la los las"),
    "fr": word_set("le la les"),
    "it": word_set("il lo la i gli le"),
    "nl": word_set("de het"),
    "pt": word_set("o a os as"),
}
"""The definite ones before a noun in the nominative."""
AUXILIARY = {
    "de": word_set(
        """ist sind war waren sei seien hat haben hatte hatten habe wird werden wurde wurden würde würden soll sollen
        sollte sollten kann können konnte konnten könnte muss müssen musste will wollen wollte darf dürfen bleibt
        blieb"""
    ),
    "es": word_set(
        """es son era eran fue fueron será serán sería está están estaba estaban ha han había habían habrá tiene tienen
        tenía tendrá puede pueden podrá podría debe deben deberá se no"""
    ),
    "fr": word_set(
        """est sont était étaient fut furent sera seront serait a ont avait avaient aura auront aurait va vont peut
        peuvent pourra pourrait doit doivent devrait devra n'est n'a n'ont s'est se ne"""
    ),
    "it": word_set(
        """è sono era erano fu furono sarà saranno sarebbe ha hanno aveva avevano avrà viene vengono può possono potrà
        potrebbe deve devono dovrà dovrebbe si non"""
    ),
    "nl": word_set(
        """is zijn was waren heeft hebben had hadden wordt worden werd werden zal zullen zou zouden kan kunnen kon
        konden moet moeten moest mag mogen wil willen blijft bleef"""
    ),
    "pt": word_set(
        """é são era eram foi foram será serão seria está estão estava estavam tem têm tinha tinham terá pode podem
        poderá poderia deve devem deverá se não"""
    ),
}  # fmt: skip

# Stems of these two sentences may share without telling the same.
TIME = {
    "de": word_set(
        """tag tage woche wochen monat monate jahr jahre jahren uhr montag dienstag mittwoch donnerstag freitag samstag
        sonntag januar februar märz april mai juni juli august september oktober november dezember"""
    ),
    "es": word_set(
        """día días semana semanas mes meses año años hora horas hoy ayer lunes martes miércoles jueves viernes sábado
        domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"""
    ),
    "fr": word_set(
        """jour jours semaine semaines mois an ans année années heure heures hier lundi mardi mercredi jeudi vendredi
        samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre décembre"""
    ),
    "it": word_set(
        """giorno giorni settimana settimane mese mesi anno anni ora ore oggi ieri lunedì martedì mercoledì giovedì
        venerdì sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre
        dicembre"""
    ),
    "nl": word_set(
        """dag dagen week weken maand maanden jaar jaren uur vandaag gisteren maandag dinsdag woensdag donderdag
        vrijdag zaterdag zondag januari februari maart april mei juni juli augustus september oktober november
        december"""
    ),
    "pt": word_set(
        """dia dias semana semanas mês meses ano anos hora horas hoje ontem segunda terça quarta quinta sexta sábado
        domingo feira janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"""
    ),
    "ru": word_set(
        """день дня дней неделя недели недель месяц месяца месяцев год года году лет час часа часов сегодня вчера
        понедельник вторник среду четверг пятницу субботу воскресенье января февраля марта апреля мая июня июля
        августа сентября октября ноября декабря"""
    ),
}  # fmt: skip

# Words that say something isn't so.
DENIAL = {
    "de": word_set("bestreitet bestritt bestreiten dementiert dementierte dementieren dementi falsch unwahr"),
    "es": word_set("niega negó niegan negaron desmiente desmintió desmienten desmintieron falso falsa rechaza rechazó"),
    "fr": word_set("dément démentent démenti démentie nie nient nié faux fausse rejette rejeté"),
    "it": word_set("nega negano negato smentisce smentito smentiscono falso falsa respinge respinto"),
    "nl": word_set("ontkent ontkende ontkennen ontkend onjuist verwerpt verwierp weerspreekt"),
    "pt": word_set("nega negou negam negaram desmente desmentiu falso falsa rejeita rejeitou"),
    "ru": word_set(
        """опроверг опровергла опровергли опровергает опровергают отрицает отрицают отрицал отрицала отверг отвергла
        отвергли ложь неправда ложные"""
    ),
}  # fmt: skip
