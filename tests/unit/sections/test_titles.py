"""Headlines as they are shown: without the name of their site, and never without a part of what they say."""

import pytest
from sections_making import article, pages_of, part, parts_of

from storyline.domain.sections.titles import bare_title, clean_title
from storyline.domain.sitenames import without_site
from storyline.domain.story.listed import source_of
from storyline_schemas import Part

ENDS = [
    # headline, what is cut of it, the sender's names, the article's url, language
    ("Storm closes pier in Solmar", " - Meridian", ["Meridian"], "", "en"),
    ("Storm closes pier in Solmar", " | Solmar News", ["solmar"], "", "en"),
    ("Storm closes pier in Solmar", " – SBC News", ["Solmar Broadcasting Corporation"], "", "en"),
    ("Storm closes pier in Solmar", " — Solmar Broadcasting Corporation", ["SBC"], "", "en"),
    ("Storm closes pier in Solmar", " : The Long Way : NPB", ["NPB"], "", "en"),
    ("Storm closes pier in Solmar", " : The Long Way : NPB", ["npb.example"], "https://www.npb.org/pier", "en"),
    ("Storm closes pier in Solmar", " - Harbour Blog - Meridian", ["Meridian"], "https://x.org/harbour-blog/3", "en"),
    ("Storm closes pier in Solmar", " - World - Meridian", ["Meridian"], "", "en"),
    ("Storm closes pier in Solmar", " | World news | The Tarnovan", ["The Tarnovan"], "", "en"),
    ("Storm closes pier in Solmar", " | Meridian | Business", ["Meridian"], "", "en"),
    ("Storm closes pier in Solmar", " « VOS Breaking News", [""], "https://blogs.vosnews.com/1", "en"),
    ("Storm closes pier in Solmar", " – KXY Harbour Ticker", ["KXY"], "", "en"),
    ("Storm closes pier in Solmar", " - KWXY - FOX Orun 21", ["KWXY Tarnova"], "https://foxorun.com/2", "en"),
    ("Storm closes pier in Solmar", " - KXYZ.com-Solmar, Orun", ["KXYZ"], "", "en"),
    ("Storm closes pier in Solmar", " - KXYZ-TV 16, Norhaven's  ...", ["KXYZ TV 16"], "", "en"),
    ("Storm closes pier in Solmar", " :: Solmar Voices", ["x"], "https://solmarvoices24.org/3", "en"),
    ("Storm closes pier in Solmar", " // The Solmar Tribune", ["Tribune"], "", "en"),
    ("Storm closes pier in Solmar", " | The Tarnovan (blog)", ["The Tarnovan (blog)"], "", "en"),
    ("Storm closes pier in Solmar", " - The Solmar Lake Times", ["sltimes.com"], "", "en"),
    ("Storm closes pier in Solmar", " - Tarnova", ["Tarnova News Agency"], "", "en"),
    ("Storm closes pier in Solmar", " | Meridian", ["Holm Meridian"], "", "en"),
    ("Storm closes pier in Solmar", " | SW | 09.12.2031", ["Solmarer Welle"], "", "en"),
    ("Storm closes pier in Solmar", " - Lantern.ie", ["Orun Lantern"], "", "en"),
    ("Storm closes pier in Solmar", " - The Express Lantern", ["lantern.com.xy"], "", "en"),
    ("Порт Солмар закрыт", " — Вестник Солмара, 29.03.2031", ["Вестник Солмара"], "", "ru"),
    ("إغلاق ميناء سولمار", " - SBC News سولمار", ["SBC"], "", "ar"),
    ("嵐のため港が閉鎖された", "：東港新聞デジタル", ["東港新聞"], "", "ja"),
    ("Hafen von Solmar nach Sturm gesperrt", " - Politik - Solmarer Bote", ["Solmarer Bote"], "", "de"),
    ("Le port de Solmar est fermé", " - Éco de Solmar", ["Eco de Solmar"], "", "fr"),
    ("Le port de Solmar est fermé", " : Écho", ["Echo"], "", "fr"),
    ("El puerto de Solmar sigue cerrado", " | Internacional | EL FARO", ["El Faro"], "", "es"),
    ("Il porto di Solmar resta chiuso", " - Il Molo.it", [""], "https://www.ilmolo.it/a", "it"),
    ("Порт Солмар закрыт из-за шторма", " - Политика - Вестник Солмара", ["Вестник Солмара"], "", "ru"),
    ("솔마르 항구 폭풍으로 폐쇄", " | 솔마르통신", ["솔마르통신"], "", "ko"),
    ("إغلاق ميناء سولمار بعد العاصفة", " | وكالة سولمار", ["وكالة سولمار"], "", "ar"),
    ("暴风雨后港口关闭", "_东港网", ["东港网"], "", "zh"),
    ("嵐のため港が閉鎖された", "｜東港新聞", ["東港新聞"], "", "ja"),
]  # fmt: skip


@pytest.mark.parametrize(("headline", "tail", "names", "url", "language"), ENDS)
def test_what_names_the_site_at_the_end_goes(
    headline: str, tail: str, names: list[str], url: str, language: str
) -> None:
    assert without_site(headline + tail, names, url or None, language) == headline


WHOLE = [
    ("Brandt: wir schaffen das", ["Brandt"], "de"),
    ("Live – Marlow speaks", ["Live"], "en"),
    ("Velmara - Karsund talks resume", ["Karsund"], "en"),
    ("Storm closes pier in Solmar - officials", ["Meridian"], "en"),
    ("Storm closes pier in Solmar – Brandt", ["Meridian"], "en"),
    ("Bridge treaty to come into force next year – UN", ["un.org"], "en"),
    ("Most want the pier closed – Meridian poll", ["Meridian"], "en"),
    ("Most Want the Pier Closed - Meridian Poll", ["Meridian"], "en"),
    ("Sanctions are unjust – Karsund", ["Karsund Today"], "en"),
    ("Ferry firm wins - independents lose", ["Independent"], "en"),
    ("Harbour Guard : SHG Targets Smugglers' Boats", ["shg.example"], "en"),
    ("What the papers say – Herald, Sun, Lantern", ["The Sun"], "en"),
    ("What the papers say – Herald, Sun, Lantern", ["The Lantern"], "en"),
    ("Bridge closed for weeks - Lantern Makers Protest", ["The Lantern"], "en"),
    ("Peace talks in Solmar - Velmara", ["Velmara Today"], "en"),
    ("Rivals meet - Time for change?", ["Time"], "en"),
    ("Pier - Meridian", ["Meridian"], "en"),
    ("Meridian - what went wrong at the agency", ["Meridian"], "en"),
    ("Séisme à Solmar : le bilan", ["Le Phare"], "fr"),
    ("習氏：港は閉鎖しない", ["東港新聞"], "ja"),
    ("Storm closes pier, ferries stay in harbour", ["Meridian"], "en"),
    ("", ["Meridian"], "en"),
]  # fmt: skip


@pytest.mark.parametrize(("headline", "names", "language"), WHOLE)
def test_what_the_headline_says_stays(headline: str, names: list[str], language: str) -> None:
    assert without_site(headline, names, None, language) == headline


def test_a_speaker_before_the_sites_name_stays() -> None:
    assert without_site("Pier is unsafe – Brandt – SBC News", ["SBC"], None, "en") == "Pier is unsafe – Brandt"
    assert without_site("Séisme : le bilan est lourd : RSI", ["RSI"], None, "fr") == "Séisme : le bilan est lourd"


def headed(headline: str, house: str = "Meridian", language: str = "en") -> Part:
    return part(article(headline, "", house=house, language=language), 1)


def test_a_title_is_told_without_its_site_its_full_stop_and_the_spaces_in_its_quotation_marks() -> None:
    assert clean_title(headed("Pier that Marlow calls ' unsafe '.")) == "Pier that Marlow calls 'unsafe'"
    assert clean_title(headed("Storm closes pier - KXYZ.com-Solmar, Orun", "KXYZ")) == "Storm closes pier"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("REFILE-UPDATE 8-Storm closes pier", "Storm closes pier"),
        ("Video: a storm closes pier", "A storm closes pier"),
        ("News :: Storm closes pier", "Storm closes pier"),
        ("Live music returns to pier", "Live music returns to pier"),
        ("Storm closes pier (+video)", "Storm closes pier"),
        ("Pier lowest in water since 1982.", "Pier lowest in water since 1982"),
        ("Marlow: ' They 're wrong '", "Marlow: 'They're wrong'"),
        ("Council does n't close pier", "Council doesn't close pier"),
        ("Foot\u00adball on Solmar\u2019s\u00a0pier", "Football on Solmar’s pier"),
    ],
)
def test_a_title_goes_without_labels_and_what_transport_did(sent: str, shown: str) -> None:
    assert clean_title(headed(sent)) == shown


def test_a_headlines_further_lines_are_listed_nowhere() -> None:
    kept = headed("Storm closes pier. \\n The council had known of it.")
    assert bare_title(kept) == source_of(kept).headline == "Storm closes pier"
    assert bare_title(headed("Pier bought by Marlow Inc. \\n The council had known of it.")).endswith(" Inc.")


def test_where_a_text_was_written_is_no_headline() -> None:
    kept = part(article("PORT SOLMAR, Velmara —", "The council closed the northern pier of the port."), 1)
    assert source_of(kept).headline == "The council closed the northern pier of the port"


def test_a_version_number_is_no_part_of_a_title() -> None:
    assert clean_title(headed("Haven van Solmar gesloten (2)", language="nl")) == "Haven van Solmar gesloten"
    assert clean_title(headed("Ida Brandt (28)")) == "Ida Brandt (28)"


@pytest.mark.parametrize(
    ("language", "sent", "shown"),
    [
        ("es", "Cierra el puerto de Solmar (+FOTOS)", "Cierra el puerto de Solmar"),
        ("ru", "Шторм закрыл порт Солмара [ВИДЕО]", "Шторм закрыл порт Солмара"),
        ("zh", "索尔马港因风暴关闭。", "索尔马港因风暴关闭"),
    ],
)
def test_a_label_or_a_full_stop_in_another_language_is_no_part_of_a_title(language: str, sent: str, shown: str) -> None:
    assert clean_title(headed(sent, language=language)) == shown


def test_the_stored_headline_stays_and_the_listed_one_goes_without_the_site() -> None:
    kept = headed("Storm closes pier in Solmar | Meridian")
    assert kept.headline == "Storm closes pier in Solmar | Meridian"
    assert bare_title(kept) == source_of(kept).headline == "Storm closes pier in Solmar"


def test_an_agency_that_is_credited_names_the_site_too() -> None:
    kept = headed("Storm closes pier in Solmar - Reuters", "Solmar Post").model_copy(update={"agencies": ("reuters",)})
    assert bare_title(kept) == "Storm closes pier in Solmar"


def test_neither_the_page_nor_a_heading_has_the_sites_name() -> None:
    body = (
        "A storm closed the pier in Solmar on Monday, Mayor Ida Brandt said.\n\n"
        "Workers will mend the pier in Solmar before the ferries return."
    )
    parts = parts_of([("Storm closes the pier in Solmar : The Long Way : Meridian", body)])
    page = pages_of(parts)[-1]
    told = [page.headline, *(section.heading for section in page.sections)]
    assert page.headline == "Storm closes the pier in Solmar"
    assert not any("Meridian" in text or "Long Way" in text for text in told)
    assert parts[0].headline.endswith("Meridian")


def test_of_two_headlines_in_one_that_is_too_long_the_first_is_told() -> None:
    long = "Marlow to leave harbour board in May; Keira Holm takes over as its acting chair from the first of June on"
    assert clean_title(headed(long)) == "Marlow to leave harbour board in May"
    assert clean_title(headed("Marlow leaves board; Holm takes over")) == "Marlow leaves board; Holm takes over"
