"""Bytes of every code come out as they were typed, whatever is declared of them."""

import base64

import pytest

from storyline.edges.ingest.readers import Refusal, read
from storyline.edges.ingest.readers.encoding import decode
from storyline_schemas import Article

from .test_hostile import G2, IPTC

GERMAN = "Der Minister sagte: „Das ist gut für die Brücke“ – und ging."
FRENCH = "Le pont est fermé, a annoncé la préfète. Les élèves ont été évacués."
SPANISH = "El puente está cerrado, según la alcaldía de la ciudad, que anunció más daños."
CZECH = "Most je uzavřen, oznámil úřad. Škody jsou podle něj velké a oprava potrvá dlouho."


def only(data: bytes) -> Article:
    (found,) = read(data)
    assert not isinstance(found, Refusal), found
    return found


@pytest.mark.parametrize("text", (GERMAN, FRENCH, SPANISH))
@pytest.mark.parametrize("declared", (None, "utf-8", "iso-8859-1", "no-such-code"))
def test_windows_1252_is_read_so_in_the_languages_written_in_it(text: str, declared: str | None) -> None:
    assert decode(text.encode("cp1252"), declared) == text


def test_other_languages_are_still_detected() -> None:
    assert decode(CZECH.encode("cp1250")) == CZECH


def test_one_byte_without_a_character_spoils_nothing_else() -> None:
    assert only(IPTC.replace(b"It is old.", b"Caf\xe9 \x96 na\xefve \x81 \x93here\x94")).body == "Café – naïve “here”"


@pytest.mark.parametrize("code", ("iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "utf-7", "utf-16-le", "utf-16-be"))
def test_codes_that_look_like_utf8_are_read_as_declared(code: str) -> None:
    text = {"iso-2022-kr": "bridge 다리", "hz-gb-2312": "bridge 桥"}.get(code, "bridge 橋")
    assert decode(text.encode(code), code) == text
    assert decode("café".encode(), code) == "café"  # … unless they are UTF-8 that no such code could be


def test_a_mail_in_iso_2022_jp_is_read() -> None:
    subject = base64.b64encode("橋が閉鎖".encode("iso-2022-jp")).decode()
    head = (
        f"From: a <a@example.com>\nSubject: =?ISO-2022-JP?B?{subject}?=\nMessage-ID: <1@example.com>\n"
        "Content-Type: text/plain; charset=iso-2022-jp\n\n"
    )
    article = only(head.encode() + "橋は閉鎖された。".encode("iso-2022-jp"))
    assert (article.headline, article.body) == ("橋が閉鎖", "橋は閉鎖された。")


@pytest.mark.parametrize(
    "meta",
    (
        '<meta charset="koi8-r">', "<META CHARSET=koi8-r>",
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">',
    ),
)  # fmt: skip
def test_a_page_is_read_in_the_code_it_declares(meta: str) -> None:
    page = (
        f'<html><head>{meta}</head><script type="application/ld+json">{{"@type":"NewsArticle","headline":"Мост закрыт",'
        '"url":"https://example.com/1"}</script></html>'
    )
    assert only(page.encode("koi8-r")).headline == "Мост закрыт"


def test_latin_1_that_calls_itself_utf8_is_read() -> None:
    assert only(G2.replace(b"Bridge closed", "Brücke zu".encode("latin-1"))).headline == "Brücke zu"


@pytest.mark.parametrize("before", (b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n ", b"\n\xef\xbb\xbf"))
def test_a_byte_order_mark_and_blank_lines_may_stand_before_xml(before: bytes) -> None:
    assert only(before + G2).headline == "Bridge closed"
