"""What is read of sentences in other languages than English; all of their news is invented."""

import pytest
from sections_making import article, pages_of, part

from storyline.domain.sections import extract
from storyline.domain.sections.features import annotate
from storyline.domain.sections.stripping import strip, strip_dateline
from storyline.domain.sections.vocabulary import stem_word
from storyline_schemas import Part


def kept(body: str, language: str) -> list[str]:
    return [sentence.text for sentence in extract(article("Solmar", body, language=language))]


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        ("de", "Außerdem wurde der Hafen von Solmar für zwei Wochen gesperrt."),
        ("de", "Das sagte die Bürgermeisterin von Solmar nach der Sitzung im Rathaus."),
        ("de", "Nachdem er in Solmar gewählt war, sperrte der Rat den Hafen."),
        ("de", "Der Rat von Solmar hat diese Entscheidung am Abend im Hafen verkündet."),
        ("fr", "Selon lui, le port de Solmar restera fermé jusqu'à vendredi soir."),
        ("fr", "Le conseil de Solmar a pris cette décision après le passage de la tempête."),
        ("es", "Por su parte el consejo de Solmar cerró el puerto hasta el viernes."),
        ("es", "El consejo de Solmar tomó esa decisión tras el paso de la tormenta."),
        ("es", "Es el mayor puerto de la costa y emplea a cuatrocientas personas."),
        ("pt", "É o maior porto da costa e emprega quatrocentas pessoas."),
        ("it", "Ha aggiunto che il porto di Solmar resterà chiuso fino a venerdì."),
        ("es", "Añadió que el puerto de Solmar seguirá cerrado hasta el viernes."),
        ("it", "Secondo lui il porto di Solmar resterà chiuso fino a venerdì sera."),
        ("it", "Il completamento di tale processo a Solmar richiede un anno o più."),
        ("pt", "Segundo ele, o porto de Solmar ficará fechado até sexta-feira."),
        ("pt", "O conselho de Solmar tomou essa decisão depois da passagem da tempestade."),
        ("nl", "Volgens hem blijft de haven van Solmar tot vrijdag gesloten."),
        ("nl", "De raad van Solmar nam deze beslissing na de storm van woensdag."),
        ("ru", "По его словам, порт Солмара закрыт до пятницы из-за шторма."),
        ("ru", "У нее 32 лодки, которые стоят в северном порту Солмара."),
        ("ru", "Поскольку для его ремонта нет денег, порт Солмара закрыли до пятницы."),
        ("ru", "Семья прожила в нем меньше 6 месяцев, после чего уехала в Солмар."),
        ("ru", "Совет Солмара принял это решение, и таких решений будет ещё два."),
        ("sv", "Det är hamnen i Solmar som har stängts till på fredag kväll."),
        ("nb", "Ifølge ham blir havnen i Solmar stengt helt til fredag kveld."),
        ("da", "Senere blev havnen i Solmar lukket helt indtil fredag aften."),
        ("fi", "Hänen mukaansa Solmarin satama pysyy kiinni perjantaihin asti myrskyn takia."),
        ("ar", "وأضاف أن ميناء سولمار سيبقى مغلقا حتى يوم الجمعة بسبب العاصفة."),
        ("ar", "قرر مجلس مدينة سولمار هذه الخطوة بعد مرور العاصفة ليلا."),
        ("hi", "उन्होंने कहा कि सोलमार का बंदरगाह शुक्रवार तक बंद रहेगा।"),
        ("ja", "同市は金曜日まで港を閉鎖すると発表した。"),
        ("ko", "그는 솔마르 항구가 금요일까지 폐쇄된다고 말했다."),
        ("pl", "Według niego port w Solmarze pozostanie zamknięty do piątku."),
        ("uk", "За його словами, порт Солмара закритий до п'ятниці через шторм."),
        ("uk", "Рада Солмара ухвалила це рішення після шторму, що стався вночі."),
        ("zh", "他表示，索尔马港将关闭到星期五。"),
        ("zh", "该港口将关闭到星期五，所有渡轮停航。"),
    ],
)
def test_what_points_back_opens_nothing(language: str, opening: str) -> None:
    assert annotate(opening, language).dependence == 1


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        ("de", "Das Schiff liegt seit Mittwoch im Hafen von Solmar fest."),
        ("de", "Der Rat von Solmar will den Hafen noch dieses Jahr wieder öffnen."),
        ("fr", "Le conseil de Solmar a fermé le port cette semaine après la tempête."),
        ("es", "Tres años después de la tormenta, el consejo de Solmar abrió el puerto."),
        ("es", "En el este de Solmar el consejo cerró el puerto hasta el viernes."),
        ("it", "Il consiglio di Solmar riaprirà il porto entro la fine di quest'anno."),
        ("nl", "De raad van Solmar opent de haven dit jaar nog een keer."),
        ("pt", "O conselho de Solmar reabrirá o porto ainda este ano."),
        ("ru", "Совет Солмара откроет порт в этом году, сообщила мэр Ида Орлина."),
        ("ru", "Учёные из Солмара выяснили, что они нашли новый вид рыб."),
        ("sv", "Den 1 maj öppnar hamnen i Solmar igen efter stormen."),
        ("ar", "قال مجلس مدينة سولمار إن الميناء سيبقى مغلقا حتى يوم الجمعة."),
        ("ar", "هذا الأسبوع يعيد مجلس مدينة سولمار فتح الميناء الشمالي."),
        ("de", "In diesem Jahr öffnet der Rat von Solmar den Hafen wieder."),
        ("es", "En esta semana el consejo de Solmar reabre el puerto del norte."),
        ("de", "Diese Woche öffnet der Rat von Solmar den Hafen wieder."),
        ("es", "Esta semana el consejo de Solmar reabre el puerto del norte."),
        ("fr", "Cette année, le conseil de Solmar rouvrira le port du nord."),
        ("it", "Quest'anno il consiglio di Solmar riaprirà il porto del nord."),
        ("nl", "Dit jaar opent de raad van Solmar de haven weer."),
        ("ru", "Этим летом совет Солмара откроет северный порт, сообщила мэр."),
        ("uk", "Цього року рада Солмара відкриє північний порт."),
        ("ar", "أعلن مجلس مدينة سولمار إعادة فتح الميناء هذا الأسبوع."),
        ("hi", "सोलमार की परिषद ने बंदरगाह को शुक्रवार तक बंद कर दिया है।"),
        ("ja", "ソルマル市は金曜日まで港を閉鎖すると発表した。"),
        ("ko", "솔마르 시의회는 금요일까지 항구를 폐쇄하기로 했다."),
        ("pl", "Rada miasta Solmar zamknęła port do piątku z powodu sztormu."),
        ("uk", "Рада Солмара відкриє порт цього року, повідомила мер Іда Орліна."),
        ("zh", "索尔马市议会决定将港口关闭到星期五。"),
    ],
)
def test_what_only_looks_so_may_open_a_section(language: str, opening: str) -> None:
    features = annotate(opening, language)
    assert features.usable and not features.dependence


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wir haben den Hafen von Solmar bis zum Freitag gesperrt."),
        ("fr", "Notre rédaction a vu le port de Solmar fermé jusqu'à vendredi."),
        ("ru", "Источник рассказал нашему изданию, что порт Солмара закрыт до пятницы."),
        ("es", "«El puerto de Solmar estará cerrado hasta el viernes por la tormenta»."),
        ("it", "Con la nuova versione arrivano tre novità: * il porto * il molo * la torre di Solmar."),
        ("ar", "هل سيبقى ميناء سولمار مغلقا حتى يوم الجمعة المقبل؟"),
        ("ja", "私たちは金曜日まで港を閉鎖することを決めました。"),
        ("ru", "Началось голосование в нашем конкурсе на лучший снимок порта Солмара."),
        ("uk", "Наш порт у Солмарі закритий до п'ятниці через шторм."),
        ("zh", "我们将把索尔马港关闭到星期五，请市民注意安全。"),
        ("zh", "索尔马港真的会一直关闭到星期五吗？专家这样问。"),
    ],
)
def test_who_speaks_of_himself_or_through_nobody_says_nothing_on_a_page(language: str, text: str) -> None:
    assert not annotate(text, language).usable


def test_a_quotation_may_speak_of_itself_if_somebody_says_it() -> None:
    assert annotate("«Мы закрыли порт Солмара до самой пятницы», — сказала мэр Ида Орлина.", "ru").usable
    assert annotate("„Wir haben den Hafen von Solmar gesperrt“, sagte die Bürgermeisterin Ida Brandt.", "de").usable
    assert annotate("市长伊达·布兰特说：“我们将把索尔马港关闭到星期五。”", "zh").usable
    assert annotate("ソルマルの市長は「私たちは金曜日まで港を閉鎖する」と述べた。", "ja").usable


def test_words_of_one_stem_are_one() -> None:
    assert stem_word("учёные", "ru") == stem_word("ученых", "ru")
    assert stem_word("l'opération", "fr") == stem_word("opérations", "fr")
    assert stem_word("havnene", "nb") == stem_word("havner", "nn")
    assert "der" not in annotate("Der Hafen der Stadt ist zu.", "de").stem_set


@pytest.mark.parametrize(
    ("language", "raw", "clean"),
    [
        ("es", "Además, el consejo cerró el puerto.", "El consejo cerró el puerto."),
        ("es", "Además de Solmar cerró Orún.", "Además de Solmar cerró Orún."),
        ("fr", "Cependant, le port reste fermé (AFP).", "Le port reste fermé."),
        ("it", "Inoltre, il porto è chiuso.", "Il porto è chiuso."),
        ("pt", "No entanto, o porto está fechado.", "O porto está fechado."),
        ("nl", "Maar de haven is dicht.", "De haven is dicht."),
        ("de", "Aber der Hafen ist zu (dpa/AFP).", "Der Hafen ist zu."),
        ("ru", "Напомним, что порт закрыт.", "Порт закрыт."),
        ("ru", "Также порт закрыт до пятницы.", "Порт закрыт до пятницы."),
        ("sv", "Men hamnen är stängd.", "Hamnen är stängd."),
        ("ar", "لكن الميناء سيبقى مغلقا (رويترز).", "الميناء سيبقى مغلقا."),
        ("ja", "また、港は金曜日まで閉鎖される（共同）。", "港は金曜日まで閉鎖される。"),
        ("pl", "Ponadto port jest zamknięty.", "Port jest zamknięty."),
        ("uk", "Також порт закритий до п'ятниці.", "Порт закритий до п'ятниці."),
        ("zh", "此外，港口将关闭到星期五（记者张三）。", "港口将关闭到星期五。"),
        ("zh", "但港口仍然关闭。", "港口仍然关闭。"),
    ],
)
def test_an_opening_that_says_nothing_itself_is_left_out(language: str, raw: str, clean: str) -> None:
    assert strip(raw, language) == clean


@pytest.mark.parametrize(
    ("language", "dateline"),
    [
        ("ru", "Москва. 13 ноября. INTERFAX.RU - "),
        ("ru", "МОСКВА, 5 мая (Рейтер) - "),
        ("ru", "СОЛМАР, 5 мая. /ТАСС/. "),
        ("ru", "ТАСС, 17 мая. "),
        ("es", "Solmar, 12 may (EFE).- "),
        ("fr", "Solmar (ats) - "),
        ("it", "(ANSA) - SOLMAR, 10 OTT - "),
        ("nl", "SOLMAR (BELGA) = "),
        ("uk", "СОЛМАР. 5 травня. УНН. "),
        ("ar", "سولمار 5 مايو (رويترز) - "),
        ("hi", "सोलमार, 5 मई (भाषा) "),
        ("ja", "［ソルマル ５日 ロイター］ - "),
        ("ko", "(솔마르=연합뉴스) 홍길동 기자 = "),
        ("zh", "新华社索尔马3月5日电（记者张三）"),
        ("zh", "（中央社索尔马5日电）"),
    ],
)
def test_a_dateline_is_cut_off(language: str, dateline: str) -> None:
    assert strip_dateline(f"{dateline}Порт закрыт.", language) == "Порт закрыт."


def test_a_bracket_in_the_middle_is_no_dateline() -> None:
    text = "Le patron de l'agence (AFP) a quitté Solmar."
    assert strip_dateline(text, "fr") == text


LEAD = "Порт Солмара закрыт до пятницы из-за шторма, сообщила мэр Ида Орлина."


@pytest.mark.parametrize(
    "junk",
    [
        "Ранее «Солмар Сегодня» писал, что число пострадавших в Оруне достигло 11 человек.",
        "Читайте также: десять штормов, которые изменили берег Солмара навсегда.",
        "Фото: Ида Орлина, пресс-служба порта Солмара, северный мол, среда.",
        "13:00 12.11.2031 Ида Орлина, пресс-служба порта Солмара, северный мол.",
        "В новость внесена правка: передаётся с уточнением названия порта Солмара.",
    ],
)
def test_what_is_about_the_report_is_dropped(junk: str) -> None:
    assert kept(f"{LEAD}\n\n{junk}", "ru") == [LEAD]


@pytest.mark.parametrize(
    ("language", "lead", "junk"),
    [
        (
            "ar",
            "قال مجلس مدينة سولمار إن الميناء سيبقى مغلقا حتى يوم الجمعة.",
            "اقرأ أيضا: عشر عواصف غيرت ساحل سولمار.",
        ),
        ("ja", "ソルマル市は金曜日まで港を閉鎖すると発表した。", "写真：ソルマル港の北の桟橋、水曜日に撮影。"),
        ("ko", "솔마르 시의회는 금요일까지 항구를 폐쇄하기로 했다.", "사진=솔마르 항구 북쪽 부두의 수요일 모습이다."),
        ("zh", "索尔马市议会决定将港口关闭到星期五。", "责任编辑：张三，实习生李四参与了本文采写。"),
    ],
)
def test_what_is_about_the_report_is_dropped_in_any_script(language: str, lead: str, junk: str) -> None:
    assert kept(f"{lead}\n\n{junk}", language) == [lead]


def test_a_sentence_ends_behind_no_abbreviation_of_an_article_of_law() -> None:
    text = "Суд Солмара арестовал его по ст. 158 УК, которая говорит о кражах в порту."
    assert kept(f"{LEAD} {text}", "ru") == [LEAD, text]


def test_where_no_mark_ends_a_sentence_there_is_none() -> None:
    assert kept("วันที่ 5 มี.ค. เวลา 12.00 น. เมืองโซลมาร์ปิดท่าเรือถึงวันศุกร์เพราะพายุ", "th") == []


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("it", "Il porto di Solmar è stato chiuso una settimana fa.", "Il consiglio lo riaprirà venerdì mattina."),
        ("da", "Skibet fra Solmar kom ind på en plads som nummer to.", "Ifølge rådet åbner havnen igen på fredag."),
        ("ru", "Ремонт порта в Солмаре обойдётся городу в 500 тыс. руб.", "Совет откроет порт в пятницу утром."),
    ],
)
def test_what_is_an_abbreviation_elsewhere_ends_a_sentence(language: str, first: str, second: str) -> None:
    assert kept(f"{first} {second}", language) == [first, second]


@pytest.mark.parametrize(
    ("language", "news", "silence"),
    [
        ("ru", LEAD, "Мэрия Солмара пока не ответила на запрос газеты о комментарии."),
        ("de", "Der Rat von Solmar hat den Hafen gesperrt.", "Die Reederei lehnte einen Kommentar dazu am Montag ab."),
        ("de", "Der Rat von Solmar hat den Hafen gesperrt.", "Die Reederei wollte sich dazu zunächst nicht äußern."),
        (
            "es",
            "El consejo de Solmar cerró el puerto el lunes.",
            "La naviera no quiso hacer comentarios sobre el cierre.",
        ),
        (
            "fr",
            "Le conseil de Solmar a fermé le port lundi.",
            "L'armateur n'a pas souhaité faire de commentaire lundi.",
        ),
        ("zh", "索尔马市议会决定将港口关闭到星期五。", "航运公司拒绝对关闭港口一事置评。"),
    ],
)
def test_what_nobody_had_to_say_is_no_news(language: str, news: str, silence: str) -> None:
    assert kept(f"{news} {silence}", language) == [news]


def test_a_name_in_another_case_than_the_titles_is_known() -> None:
    headline = "Карсунд вернёт Солмару корабли"
    body = "Карсунд вернёт корабли, сообщила мэр. Дату согласуют власти Солмара. Суда Берега Солмара стоят в порту."
    page = pages_of([part(article(headline, body, language="ru"), 1)], "ru")[-1]
    assert [sentence.text for sentence in page.sections[0].sentences][1] == "Дату согласуют власти Солмара."


def test_a_note_takes_no_report_with_it_that_follows_on_its_line() -> None:
    note = "Фото: Ида Орлина, пресс-служба порта Солмара."
    more = "Лодки стоят у северного мола, который не пострадал, и ждут, когда стихнет ветер над проливом Карсунд."
    assert kept(f"{note} {LEAD} {more} {more.replace('Лодки', 'Паромы')}", "ru")[0] == LEAD


def test_an_arabic_paragraph_needs_no_full_stop_to_be_a_sentence() -> None:
    said = "قال مجلس مدينة سولمار إن الميناء سيبقى مغلقا حتى يوم الجمعة بسبب الأضرار الكبيرة التي خلفتها العاصفة"
    assert kept(f"{said}\n\nصورة من الميناء بعد العاصفة", "ar") == [f"{said}."]


def test_the_clock_between_crosses_is_no_part_of_an_entry() -> None:
    entry = "Das Feuer ist in der Halle der Werft von Solmar ausgebrochen."
    assert kept(f"+++ 17:20 Uhr +++ {entry}", "de") == [entry]


def test_a_word_is_one_whatever_signs_its_letters_have() -> None:
    assert annotate("सोलमार की परिषद ने बंदरगाह को शुक्रवार तक बंद कर दिया है।", "hi").length == 12
    assert "جسرًا" in annotate("بنى الجيش جسرًا مؤقتًا إلى ميناء سولمار بعد العاصفة.", "ar").tokens


def test_a_quotation_behind_a_dash_stays_with_who_says_it() -> None:
    lead = "Solmarin satama suljettiin keskiviikkona myrskyn takia perjantaihin saakka."
    said = "– Emme tiedä vielä mitään vahingoista satamassa, pormestari Ida Brandt sanoo."
    more = "Olemme pahoillamme kaikkien satamassa asuvien ihmisten puolesta."
    assert kept(f"{lead}\n\n{said} {more}", "fi") == [lead, said]
    nobody = f"– {more}"
    assert kept(f"{lead}\n\n{nobody}", "fi") == [lead]


def test_a_list_behind_dashes_is_none() -> None:
    item = "Der Hafen von Solmar bleibt bis zum Freitag geschlossen."
    assert kept(f"– {item}", "de") == [item]


def report(n: int, body: str, earlier: list[Part]) -> Part:
    return part(article("Порт закрыт", body, uri=f"urn:test:{n}", language="ru", house=f"Дом {n}"), n, earlier)


def test_names_are_told_though_nothing_says_what_they_are() -> None:
    first = report(1, f"{LEAD} По данным порта, пострадали 12 лодок у северного мола.", [])
    second = report(2, "Жители Солмара ждут, что скажет Ида Орлина о северном моле и лодках порта.", [first])
    page = pages_of([first, second], "ru")[-1]
    assert [(each.kind, each.name, each.article_count) for each in page.entities] == [("other", "Ида Орлина", 2)]


def test_a_repeat_in_other_forms_of_its_words_isnt_told_twice() -> None:
    first = report(1, f"{LEAD} Учёные Солмара предупредили об опасности волн для лодок у северного мола.", [])
    second = report(
        2,
        "До пятницы порт в Солмаре закрыли из-за штормов, сообщает мэрия и мэр Ида Орлина. Об опасности волн для лодок "
        "у северных молов предупреждали ученые из Солмара.",
        [first],
    )
    page = pages_of([first, second], "ru")[-1]
    assert {n for section in page.sections for sentence in section.sentences for n in sentence.citations} == {1}


def test_quotation_marks_typed_as_commas_are_marks() -> None:
    body = "De haven is dicht, zegt de raad van Solmar. ,,Het is te gevaarlijk om uit te varen'', zei Ida Brandt."
    assert kept(body, "nl")[-1] == "„Het is te gevaarlijk om uit te varen”, zei Ida Brandt."


def test_other_languages_need_more_words() -> None:
    long = "Le conseil de Solmar, " + "réuni hier soir au port, " * 9 + "a fermé le port jusqu'à vendredi."
    assert annotate(long, "fr").usable and not annotate(long, "en").usable
