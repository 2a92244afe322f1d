"""Where sentences end in other languages than English."""

import pytest
from sections_making import article

from storyline.domain.sections import extract
from storyline.domain.sections.features import may_be_sentence
from storyline.domain.sections.repairing import repair
from storyline.domain.sections.text import split


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ("Orn traf in der 18. Minute zum Ausgleich.", "Danach kippte die Partie.")),
        ("de", ("Die 2. Liga spielt ab dem 15. Juni wieder.", "Der 1. FC Solmar fehlt.")),
        ("de", ("Er kam auf Platz 3.", "Das reichte nicht.")),
        ("es", ("La Comisión ha obligado a Solmar Inc. a bajar los precios.", "La Sra. Díaz no respondió.")),
        ("it", ("Il gruppo Solmar Inc. ha presentato il piano.", "L'on. Brandi ha votato contro.")),
        ("fr", ("M. Lind et Mme. Orne de la société Solmar Inc. sont venus.", "J.-P. Ardel était absent.")),
        ("nl", ("Hij werkt bij Solmar Inc. in de haven.", "Dhr. De Orn, o.a. wethouder, kwam later.")),
        ("pt", ("A Solmar Inc. fechou o porto.", "O Sr. Brandão não quis falar.")),
        ("ru", ("Водолазы искали тело Анны Е. в реке.", "Об этом сообщил г. Орлин из им. Лемова.")),
        ("ru", ("Закон, т.е. документ, вступил в силу в 2019 г. в порту.", "Его подписал Ю.М. Орлин.")),
        ("ru", ("Порт закрыт, сообщает SOLMAR.RU в среду.", "В порту 12 судов.")),
        ("nb", ("Havnen åpner 1. mai igjen.", "Bl.a. kommer hr. Orn kl. 12 med båt.")),
        ("da", ("Havnen åbner den 1. maj.", "Det er den 2. åbning.")),
        ("sv", ("Hamnen öppnar kl. 12 på onsdag.", "T.ex. kommer dr. Orn.")),
        ("fi", ("Satama avataan 1. toukokuuta.", "Mukana on mm. Solmarin kaupunki.")),
        ("cs", ("Přístav otevře 1. května.", "Byl to 3. den.")),
        ("pl", ("Port otwarto 1. maja o godz. 12 w Solmarze.", "W 2010 r. wygrał prof. Orn.")),
    ],
)
def test_what_ends_no_sentence_parts_none(language: str, sentences: tuple[str, ...]) -> None:
    assert tuple(split(" ".join(sentences), language)) == sentences


def test_a_sentence_ends_though_no_space_follows() -> None:
    assert list(split("Команда прибыла в Солмар.В составе 24 игрока.", "ru")) == [
        "Команда прибыла в Солмар.",
        "В составе 24 игрока.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Orn sagte, der Hafen sei „nicht zu halten“, und ging.",
        "Orn sade att hamnen är ”stängd” hela veckan.",
        "Orn powiedział, że port jest „zamknięty” do piątku.",
        "Orn a dit que le port est « fermé » jusqu'à vendredi.",
        "Orn said the port is “shut” until Friday.",
    ],
)
def test_quotation_marks_pair_as_their_language_has_them(text: str) -> None:
    assert may_be_sentence(text)


@pytest.mark.parametrize("text", ["Orn sagte, „der Hafen sei zu.", "Orn said the port is shut” until Friday."])
def test_a_mark_without_its_pair_shows_that_something_was_lost(text: str) -> None:
    assert not may_be_sentence(text)


WRAPPED = (
    "Порт Солмара закрыт до пятницы из-за шторма, сообщила мэр Ида Орлина. Шторм сорвал с якорей 12 лодок и "
    "повредил северный мол, ущерб ещё не подсчитан. Совет приказал 300 жителям покинуть дома у реки и "
    "выделил для них школу. Работы начнутся, когда ветер стихнет, сказали в порту, и продлятся две недели."
)


def test_a_body_in_quotation_marks_as_a_whole_is_read() -> None:
    for body in (f'"{WRAPPED}"', f"«{WRAPPED}»"):
        assert len(extract(article("Порт закрыт", body, language="ru"))) == 4
    said = WRAPPED.replace("Порт Солмара", '""Порт Солмара""')
    assert repair(f'"{said}"').startswith('"Порт Солмара" закрыт')


def test_quotations_at_both_ends_of_a_body_stay() -> None:
    text = f'"Порт закрыт", сказала мэр. {WRAPPED} "Мы ждём", сказала она и уехала "домой"'
    assert repair(text) == text
    assert repair('"We wait."') == '"We wait."'


def test_marks_and_apostrophes_that_were_set_apart_stand_close_again() -> None:
    assert repair("De haven is ` ` dicht' ', zei Orn & amp; Lind") == 'De haven is "dicht", zei Orn & Lind'
    body = "L' acqua ha invaso un' area del porto di Solmar e ha colpito 12 barche nell' isola di Orn."
    assert [s.text for s in extract(article("Acqua", body, language="it"))] == [
        "L'acqua ha invaso un'area del porto di Solmar e ha colpito 12 barche nell'isola di Orn."
    ]


@pytest.mark.parametrize("language", ["de", "ja", "ru", "en", "fr"])
@pytest.mark.parametrize("text", [". 12", ".", "..", ". A", ".A", "12. ", ".-"])
def test_a_full_stop_with_nothing_before_it_is_no_end_of_ours(text: str, language: str) -> None:
    assert "".join(split(text, language)).replace(" ", "") in (text.replace(" ", ""), "")
