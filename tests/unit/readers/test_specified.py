"""What the formats' own specifications allow and few senders use. Invented wires."""

import base64
import json
import re

import pytest

from storyline.edges.ingest.readers import Refusal, read
from storyline_schemas import Article, PubStatus

from .test_hostile import G2, NEWSML, NINJS, NITF, RSS

NEWSCODES = b"http://cv.iptc.org/newscodes"


def only(data: bytes) -> Article:
    (found,) = read(data)
    assert not isinstance(found, Refusal), found
    return found


def test_g2_is_canceled_by_a_status_that_is_a_whole_uri() -> None:
    usable, canceled = b'pubStatus qcode="stat:usable"', b'pubStatus uri="%s/pubstatusg2/canceled"' % NEWSCODES
    assert only(G2.replace(usable, canceled)).pub_status is PubStatus.CANCELED
    assert only(G2.replace(usable, canceled.replace(b"canceled", b"withheld"))).pub_status is PubStatus.WITHHELD


def test_g2_is_corrected_by_a_signal_that_is_a_whole_uri() -> None:
    article = only(G2.replace(b"</itemMeta>", b'<signal uri="%s/signal/correction"/></itemMeta>' % NEWSCODES))
    assert article.correction is not None and article.correction.severity == "correction"


def test_g2_names_its_predecessor_by_a_relation_that_is_a_whole_uri() -> None:
    link = b'<link reluri="%s/itemrelation/evolvedFrom" residref="urn:example:0"/></itemMeta>' % NEWSCODES
    assert only(G2.replace(b"</itemMeta>", link)).evolved_from == "urn:example:0"


@pytest.mark.parametrize(("first", "second"), ((b"1542761538", b"978556838"), (b"2", b"10")))
def test_the_later_of_reuters_versions_is_higher_though_its_wires_numbers_have_no_order(
    first: bytes, second: bytes
) -> None:
    wire = G2.replace(b"urn:example:1", b"tag:reuters.com,0000:newsml_A1")
    earlier = only(wire.replace(b'version="2"', b'version="%s"' % first))
    later = only(wire.replace(b'version="2"', b'version="%s"' % second).replace(b"T03:04", b"T03:55"))
    assert earlier.uri == later.uri and earlier.revision < later.revision


@pytest.mark.parametrize("status", ("canceled", "stat:canceled", "Canceled"))
def test_ninjs_is_canceled_with_or_without_the_vocabulary(status: str) -> None:
    data = json.dumps({**json.loads(NINJS), "pubstatus": status}).encode()
    assert only(data).pub_status is PubStatus.CANCELED


def test_nitf_names_its_predecessor_by_the_uri_under_which_that_was_read() -> None:
    first = NITF.replace(b"urn:example:2", b"A1")
    second = NITF.replace(b"urn:example:2", b"A2").replace(b"<docdata>", b'<docdata management-doc-idref="A1">')
    assert only(second).evolved_from == only(first).uri != only(second).uri
    assert only(second.replace(b'"A1"', b'"A2"')).evolved_from is None


@pytest.mark.parametrize("status", ("management-status", "management-idref-status"))
def test_nitf_cancels_the_document_that_it_names_whatever_its_own_version(status: str) -> None:
    first = only(NITF.replace(b"urn:example:2", b"A1").replace(b"</docdata>", b'<du-key version="7"/></docdata>'))
    told = b'<docdata management-doc-idref="A1" %s="canceled"><du-key version="1"/>' % status.encode()
    notice = NITF.replace(b"urn:example:2", b"A2").replace(b"<docdata>", told).replace(b"20260102T03", b"20260102T04")
    own, canceled = read(notice)
    assert isinstance(own, Article) and isinstance(canceled, Article)
    assert (canceled.uri, canceled.pub_status) == (first.uri, PubStatus.CANCELED)
    assert canceled.revision > first.revision and not canceled.body
    assert (own.pub_status is PubStatus.CANCELED) == (status == "management-status")


def test_nitf_that_is_canceled_and_names_itself_is_canceled_once() -> None:
    told = b'<docdata management-doc-idref="urn:example:2" management-status="canceled">'
    assert only(NITF.replace(b"<docdata>", told)).pub_status is PubStatus.CANCELED


@pytest.mark.parametrize(
    "data",
    (
        NINJS.replace(b'"type"', b'"evolvedfrom": "urn:example:4", "type"'),
        b"<RBNews><NewsID>5</NewsID><headline>Bro lukket</headline><replacedID>5</replacedID></RBNews>",
    ),
    ids=("ninjs", "ritzau"),
)
def test_nothing_is_its_own_predecessor(data: bytes) -> None:
    assert only(data).evolved_from is None


def test_what_media_rss_says_of_a_picture_is_no_word_of_the_item() -> None:
    picture = b"<m:%s xmlns:m='http://search.yahoo.com/mrss/'>The bridge, from above</m:%s>"
    item = RSS
    for tag in (b"title", b"description", b"credit", b"category"):
        item = item.replace(b"<item>", b"<item>" + picture % (tag, tag))
    assert only(item) == only(RSS)
    entry = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id>%s<content>It is old.</content></entry></feed>"
    assert only(entry % picture % (b"content", b"content")).body == only(entry % b"").body == "It is old."


def test_newsml_names_its_predecessor_by_the_uri_under_which_that_was_read() -> None:
    derived = b'<DerivedFrom NewsItem="urn:newsml:example.com:20260102:1:1"/></NewsManagement>'
    second = NEWSML.replace(b"20260102:1:1", b"20260102:2:1").replace(b"</NewsManagement>", derived)
    assert only(second).evolved_from == only(NEWSML).uri != only(second).uri
    assert only(NEWSML.replace(b"</NewsManagement>", derived)).evolved_from is None


def test_nitf_may_have_several_contents() -> None:
    more = b"</body.content><body.content><p>It was closed.</p></body.content>"
    assert only(NITF.replace(b"</body.content>", more)).body == "It is old.\n\nIt was closed."


@pytest.mark.parametrize("data", (NITF, NEWSML))
def test_the_lines_of_a_headline_are_words_apart(data: bytes) -> None:
    assert only(data.replace(b"Bridge closed", b"Bridge<br/>closed")).headline == "Bridge closed"


def test_the_parts_of_a_dateline_are_words_apart() -> None:
    place = b"<dateline><location><city>Exampleton</city><country>Vardania</country></location></dateline></body.head>"
    dateline = only(NITF.replace(b"</body.head>", place)).dateline
    assert dateline is not None and dateline.place == "Exampleton Vardania"


def test_an_atom_link_does_not_hide_the_link_of_an_rss_item() -> None:
    links = b'<item><a:link xmlns:a="http://www.w3.org/2005/Atom" href="https://example.com/feed"/><link>%s</link>'
    item = RSS.replace(b"<item>", links % b"https://example.com/bridge")
    assert only(item).url == "https://example.com/bridge"
    assert only(item.replace(b"<guid>urn:example:3</guid>", b"")).uri == "https://example.com/bridge"


def test_elements_in_an_rss_description_are_paragraphs() -> None:
    xhtml = b'<div xmlns="http://www.w3.org/1999/xhtml"><p>It is old.</p><p>It was closed.</p></div>'
    assert only(RSS.replace(b"&lt;p&gt;It is old.&lt;/p&gt;", xhtml)).body == "It is old.\n\nIt was closed."


def test_an_rss_item_may_say_its_own_language() -> None:
    assert only(RSS.replace(b"<item>", b'<item xml:lang="de">')).language == "de"


@pytest.mark.parametrize("yes", ("true", "True", "1"))
def test_ritzau_withdraws_by_any_true(yes: str) -> None:
    news = f"<RBNews><NewsID>5</NewsID><headline>Bro lukket</headline><Annuleret>{yes}</Annuleret></RBNews>"
    assert only(news.encode()).pub_status is PubStatus.CANCELED
    assert only(news.replace(yes, "false").encode()).pub_status is PubStatus.USABLE


@pytest.mark.parametrize("mark", ("&amp;quot;", "&amp;amp;quot;"))
def test_ritzau_may_escape_a_text_once_more(mark: str) -> None:
    content = f"&lt;P&gt;{mark}Broen er lukket,{mark} siger Ida Brandt.&lt;/P&gt;"
    news = f"<RBNews><NewsID>5</NewsID><headline>Bro lukket</headline><content>{content}</content></RBNews>"
    assert only(news.encode()).body == '"Broen er lukket," siger Ida Brandt.'


@pytest.mark.parametrize("way", ("Q", "B"))
def test_a_letter_may_be_broken_between_two_words_of_a_header(way: str) -> None:
    first, second = "Brücke".encode()[:3], "Brücke".encode()[3:]
    encode = (lambda data: base64.b64encode(data).decode()) if way == "B" else quoted
    subject = f"=?utf-8?{way}?{encode(first)}?=\n =?UTF-8?{way}?{encode(second)}?= =?iso-8859-1?Q?_f=FCr_alle?="
    assert (
        only(
            f"From: a <a@example.com>\nSubject: {subject}\nMessage-ID: <1@example.com>\n\nIt is old.".encode()
        ).headline
        == "Brücke für alle"
    )


def quoted(data: bytes) -> str:
    return "".join(f"={byte:02X}" for byte in data)


def test_a_comment_behind_a_message_id_is_no_part_of_it() -> None:
    mail = (
        b"From: a <a@example.com>\nSubject: Bridge closed\nMessage-ID: <1@example.com> (added by a relay)\n\nIt is old."
    )
    assert only(mail).uri == "mid:1@example.com"


STATED = {
    "@type": "NewsArticle",
    "headline": "Bridge closed",
    "url": "https://example.com/1",
    "publisher": "Example Post",
}


def page_of(script: str) -> bytes:
    return f'<html><script type="application/ld+json">{script}</script></html>'.encode()


@pytest.mark.parametrize("type", ("https://schema.org/NewsArticle", "schema:NewsArticle", ["WebPage", "NewsArticle"]))
def test_a_page_may_write_the_type_in_full(type: str | list[str]) -> None:
    assert only(page_of(json.dumps({**STATED, "@type": type}))).headline == "Bridge closed"


@pytest.mark.parametrize(
    ("before", "after"),
    (
        ("<!--\n", "\n-->"),
        ("//<![CDATA[\n", "\n//]]>"),
        ("/*<![CDATA[*/", "/*]]>*/"),
        ("<![CDATA[", "]]>"),
        ("", ";\n"),
    ),
)
def test_a_pages_data_may_be_hidden_from_old_browsers(before: str, after: str) -> None:
    assert only(page_of(before + json.dumps(STATED) + after)).headline == "Bridge closed"


def test_a_publisher_may_be_a_name_alone() -> None:
    assert only(page_of(json.dumps(STATED))).provider.name == "Example Post"


@pytest.mark.parametrize(
    "data",
    (
        re.sub(rb"<contentMeta>.*</contentSet>", b"", G2.replace(b"stat:usable", b"stat:canceled"), flags=re.S),
        re.sub(rb"<NewsComponent>.*</NewsComponent>", b"", NEWSML.replace(b'"Usable"', b'"Canceled"'), flags=re.S),
        re.sub(
            rb"<body>.*</body>", b"", NITF.replace(b"<docdata>", b'<docdata management-status="canceled">'), flags=re.S
        ),
        b'{"guid": "urn:example:4", "type": "text", "pubstatus": "canceled", "versioncreated": "2026-01-02T03:04:05Z"}',
        NINJS.replace(b'"type"', b'"state": "Killed", "type"'),
    ),
    ids=("newsml-g2", "newsml-1", "nitf", "ninjs", "superdesk"),
)
def test_a_cancellation_needs_no_text(data: bytes) -> None:
    article = only(data)
    assert article.pub_status is PubStatus.CANCELED
    assert article.uri in {only(each).uri for each in (G2, NEWSML, NITF, NINJS)}


@pytest.mark.parametrize("number", (2, 2.0, "2"))
def test_a_version_is_the_same_as_any_kind_of_number(number: float | str) -> None:
    assert only(json.dumps({**json.loads(NINJS), "version": number}).encode()).version == "2"


@pytest.mark.parametrize("end", ("\n", "\r\n"))
def test_blank_lines_in_a_pre_are_paragraphs(end: str) -> None:
    typed = f"<pre>It is old.{end}Very old.{end} {end}It was closed.</pre>"
    assert only(NITF.replace(b"<p>It is old.</p>", typed.encode())).body == "It is old. Very old.\n\nIt was closed."
    page = json.dumps({**json.loads(NINJS), "body_html": typed}).encode()
    assert only(page).body == "It is old. Very old.\n\nIt was closed."


def test_soft_hyphens_break_no_word() -> None:
    article = only(NITF.replace(b"Bridge", "Br\xadidge".encode()).replace(b"It is old", b"It is out&shy;dated"))
    assert (article.headline, article.body) == ("Bridge closed", "It is outdated.")
