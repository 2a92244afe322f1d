"""Hostile and broken input: always articles or refusals, never a crash, nothing fetched, bounded. Invented wires."""

import json
import string

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storyline.edges.ingest.readers import FORMATS, Refusal, read, recognise
from storyline.edges.ingest.readers.base import DOCUMENT_BYTES_MAX
from storyline_schemas import Article

G2 = b"""<?xml version="1.0" encoding="UTF-8"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"
 guid="urn:example:1" version="2" xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/><provider literal="Example"/>
 <versionCreated>2026-01-02T03:04:05Z</versionCreated><pubStatus qcode="stat:usable"/></itemMeta>
 <contentMeta><urgency>3</urgency>
 <headline>Bridge closed</headline><subject qcode="medtop:16000000"/></contentMeta>
 <contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>
 <p>EXAMPLETON (AP) - The bridge is closed.</p><p>It is old.<br/>Very old.</p></body></html>
 </inlineXML></contentSet></newsItem>"""
NITF = b"""<nitf><head><docdata><doc-id id-string="urn:example:2"/>
 <date.issue norm="20260102T030405Z"/></docdata></head>
 <body><body.head><hedline><hl1>Bridge closed</hl1></hedline></body.head><body.content><p>It is old.</p>
 </body.content></body></nitf>"""
NEWSML = b"""<NewsML><NewsItem><Identification><NewsIdentifier>
 <ProviderId>example.com</ProviderId><DateId>20260102</DateId>
 <NewsItemId>1</NewsItemId><RevisionId>1</RevisionId>
 <PublicIdentifier>urn:newsml:example.com:20260102:1:1</PublicIdentifier>
 </NewsIdentifier></Identification><NewsManagement>
 <ThisRevisionCreated>20260102T030405Z</ThisRevisionCreated>
 <Status FormalName="Usable"/></NewsManagement><NewsComponent>
 <NewsLines><HeadLine>Bridge closed</HeadLine></NewsLines>
 <ContentItem><DataContent>&lt;p&gt;It is old.&lt;/p&gt;</DataContent></ContentItem></NewsComponent>
 </NewsItem></NewsML>"""
RSS = b"""<rss version="2.0"><channel><title>Example</title>
 <item><guid>urn:example:3</guid><title>Bridge closed</title>
 <description>&lt;p&gt;It is old.&lt;/p&gt;</description><pubDate>Fri, 02 Jan 2026 03:04:05 GMT</pubDate>
 </item></channel></rss>"""
NINJS = json.dumps(
    {"guid": "urn:example:4", "type": "text", "headline": "Bridge closed", "body_html": "<p>It is old.</p>",
     "versioncreated": "2026-01-02T03:04:05Z",
     "subject": [{"name": "bridges", "code": "1"}], "urgency": 3, "language": "en"}
).encode()  # fmt: skip
MAIL = b"From: a <a@example.com>\nSubject: =?utf-8?B?QnJpZGdl?=\nMessage-ID: <1@example.com>\n\nThe bridge is closed.\n"
ANPA = b"\x01W2870\x1fasian\nr i\x13\x11 BC-EX--Bridge   01-02 0100\n\x02^BC-EX--Bridge,1<\n" + (
    b"^Bridge closed<\n\t   It is old.\n\x03"
)
IPTC = b"\x01eca0045 3 i 380  dpa 0045\n\nExample/bridge/\n\x02Bridge closed =\n\n" + (
    b"Exampleton (dpa) - It is old.\n\x03020900 GMT Jan 26"
)
PAGE = b"""<html><script type="application/ld+json">{"@type":"NewsArticle","headline":"Bridge",
 "url":"https://example.com/1",
 "articleBody":"It is old."}</script></html>"""
ALL = (G2, NITF, NEWSML, RSS, NINJS, MAIL, ANPA, IPTC, PAGE)


def results_of(data: bytes, format: str = "auto") -> list[Article | Refusal]:
    results = list(read(data, format=format))
    assert results and all(isinstance(result, Article | Refusal) for result in results)
    for result in results:
        assert isinstance(result, Refusal) or result.to_json()  # what comes out can be sent
    return results


def refused(data: bytes) -> Refusal:
    (result,) = results_of(data)
    assert isinstance(result, Refusal), result
    return result


@pytest.mark.parametrize("data", ALL, ids=lambda data: recognise(data))
def test_the_whole_samples_are_articles(data: bytes) -> None:
    (result,) = results_of(data)
    assert isinstance(result, Article), result


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE nitf [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + NITF.replace(b"It is old.", b"&b;&b;")
    assert "entities" in refused(bomb).reason


def test_external_entities_are_not_fetched() -> None:
    external = b'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + NITF.replace(b"It is old.", b"&x;")
    assert "entities" in refused(external).reason


def test_entities_in_utf16_are_not_expanded_either() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE nitf [<!ENTITY a "ha">]><nitf><body>&a;</body></nitf>'
    assert "entities" in refused(text.encode("utf-16")).reason


def test_a_parameter_entity_that_names_a_dtd_is_passed_over_unread() -> None:
    (result,) = results_of(b'<!DOCTYPE nitf [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x; ]>' + NITF)
    assert isinstance(result, Article)


def test_names_of_html_characters_are_understood_without_a_declaration() -> None:
    (result,) = results_of(NITF.replace(b"It is old.", b"Caf&eacute; &unknown; closed."))
    assert isinstance(result, Article) and result.body == "Café &unknown; closed."


@pytest.mark.parametrize("data", [G2, NITF, NEWSML, RSS, NINJS], ids=lambda data: recognise(data))
def test_half_a_document_is_refused_not_half_read(data: bytes) -> None:
    assert isinstance(results_of(data[: len(data) * 2 // 3])[0], Refusal)


def test_deep_nesting_is_refused() -> None:
    assert refused(b"<nitf>" + b"<p>" * 100_000).field == "xml"
    assert "nested" in refused(b"[" * 200_000).reason


def test_deep_nesting_inside_a_body_is_read_flat() -> None:
    value = json.loads(NINJS) | {"body_html": "<div>" * 50_000 + "It is old."}
    assert results_of(json.dumps(value).encode())


def test_a_document_over_the_limit_is_refused_without_being_parsed() -> None:
    assert "larger" in refused(b"<nitf>" + b" " * DOCUMENT_BYTES_MAX).reason


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"\x00" * 1000,
      b"\xff\xfe" * 500, b"\r\n" * 200_000, b"<" * 100_000, b"{}", b"[]", b"null", b"\xef\xbb\xbf"],
    ids=range(10),
)  # fmt: skip
def test_what_is_nothing_is_refused(data: bytes) -> None:
    assert isinstance(results_of(data)[0], Refusal)


def test_an_object_with_nothing_in_it_is_told_what_an_article_has() -> None:
    assert refused(b"{}").reason == (
        "is a JSON object with nothing in it; an article of Storyline's own has uri, headline, version_created,"
        " provider and language"
    )


def test_long_runs_of_white_space_take_no_long_time() -> None:
    for filler in (b" ", b"\n", b"\t \n", b"(", b"<a ", b"&", b"=?a?q?"):
        assert results_of(IPTC.replace(b"It is old.", filler * 100_000))
        assert results_of(MAIL.replace(b"Subject: ", b"Subject: " + filler.replace(b"\n", b" ") * 20_000))


def test_control_characters_and_crlf_do_not_reach_an_article() -> None:
    value = json.loads(NINJS) | {
        "headline": "Bridge\x00 \x1bclosed\r\nnow",
        "body_html": "<p>It\x07 is\r\nold.</p>",
    }
    (result,) = results_of(json.dumps(value).encode())
    assert isinstance(result, Article)
    assert result.headline == "Bridge closed now" and result.body == "It is old."


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig", "iso8859-15"])
def test_encodings_are_read_as_declared_or_detected(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' + NITF.decode().replace(
        "old", "très agée"
    )
    (result,) = results_of(text.encode(encoding))
    assert isinstance(result, Article) and result.body == "It is très agée."


def test_utf8_that_calls_itself_latin_1_is_utf8() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + NITF.decode().replace("old", "très agée")
    (result,) = results_of(text.encode())
    assert isinstance(result, Article) and result.body == "It is très agée."


def test_a_body_of_scripts_leaves_no_script() -> None:
    value = json.loads(NINJS) | {"body_html": "<script>alert(1)</script><p onclick=x>It is old.</p><style>p{}</style>"}
    (result,) = results_of(json.dumps(value).encode())
    assert isinstance(result, Article) and result.body == "It is old."


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "value", "code", "role"]), inner)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from([*sorted(json.loads(NINJS)), "bodies", "headlines", "place", "embargoed"]), JSON_VALUES
    )
)
def test_ninjs_with_any_types_is_read_or_refused(changed: dict[str, object]) -> None:
    results_of(json.dumps(json.loads(NINJS) | changed).encode(), "ninjs")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sample with bytes flipped, cut, repeated, or tags dropped."""
    data = bytearray(draw(st.sampled_from(ALL)))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(["flip", "cut", "insert", "repeat", "tag"])):
            case "flip" if place < len(data):
                data[place] = draw(st.integers(0, 255))
            case "cut":
                del data[place : place + draw(st.integers(1, 60))]
            case "insert":
                data[place:place] = draw(
                    st.binary(max_size=6) | st.sampled_from([b"<", b">", b"&", b"\x00", b'"', b"]]>", b"<![CDATA["])
                )
            case "repeat":
                data[place:place] = data[place : place + 40]
            case _:
                start = data.find(b"<", place)
                end = data.find(b">", start)
                if 0 <= start < end:
                    del data[start : end + 1]
    return bytes(data)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(mutated())
@example(b"\x01W2870\x1f")
def test_mutated_wires_are_read_or_refused(data: bytes) -> None:
    results_of(data)
    for format in FORMATS:
        results_of(data, format)


@settings(max_examples=100)
@given(st.text(string.printable, max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    results_of(text.encode())


def test_half_a_surrogate_pair_never_reaches_an_article() -> None:
    value = json.loads(NINJS) | {
        "subject": [{"name": "brid\ud800ge", "code": "\udfff"}],
        "source": "\ud83d",
        "ednote": "\ud800",
    }
    (result,) = results_of(json.dumps(value).encode())
    assert isinstance(result, Article) and "brid?ge" in result.subjects[0].name


@pytest.mark.parametrize("charset", ["hex", "zlib", "rot13", "unicode_escape", "raw_unicode_escape", "idna"])
def test_a_mail_in_what_only_python_calls_a_charset_is_read_as_text(charset: str) -> None:
    """Some are no text, and some make halves of surrogate pairs of ASCII."""
    word = f"=?{charset}?q?Caf=E9_\\ud800?="
    head = f"From: a@example.com\nSubject: {word}\nMessage-ID: <1 {word}>\nContent-Type: text/plain; charset={charset}"
    (article,) = results_of(head.encode() + b"\n\nThe caf\xe9 is \\ud800 closed.\n")
    assert isinstance(article, Article)
    assert article.headline.endswith(" \\ud800")
    assert article.body.endswith(" is \\ud800 closed.")
    article.to_json()


@pytest.mark.parametrize("depth", [300, 5_000])
def test_a_mail_of_parts_within_parts_is_refused(depth: int) -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    (refusal,) = results_of(f"From: a@example.com\nSubject: x\n{nested}\nIt is old.\n".encode())
    assert refusal == Refusal("email", "body", "has more than 200 parts")
